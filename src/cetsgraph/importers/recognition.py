"""Which importer reads which of some files: by what stands in the first 64 kB of each."""

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

from cetsgraph.documents import files_below
from cetsgraph.documents.folders import given_path
from cetsgraph.errors import DocumentError, StrPath
from cetsgraph.importers.claim import Claim, Claims, Recognised, RecognisedFile, Sample, sample_of
from cetsgraph.importers.importer import Importer
from cetsgraph.importers.json_kinds import JSON_IMPORTERS, importers_of_json
from cetsgraph.importers.registry import importer_called, importers
from cetsgraph.importers.session import Options
from cetsgraph.texts import shown_path

__all__ = ["claims", "guesses", "recognised"]


def claims(
    paths: Iterable[StrPath],
    *,
    importer: str | None = None,
    named: Collection[Path] | None = None,
    options: Options | None = None,
) -> Claims:
    """The claims of importers on files and on those of folders.

    Args:
        paths: files and folders.
        importer: the only one that is asked, with its partners; then weak evidence is enough for it.
        named: the paths that were named, where `paths` are the files of folders; all of them if not given.
        options: what is asked for: with some, claims have further files.

    Raises:
        UnreadableFile: a path is empty.
        UnknownName: there is no such importer.
    """
    chosen = [] if importer is None else _with_partners(importer_called(importer))
    given = [given_path(path) for path in paths]
    found: dict[str, list[RecognisedFile]] = defaultdict(list)
    files: list[Path] = []
    refused: list[DocumentError] = []
    for path in _files(given):
        try:
            known = _known(path, chosen, importer)
        except DocumentError as error:
            refused.append(error)
            continue
        files.append(path)
        for one, recognised in known:
            found[one.family or one.name].append(recognised)
    asked = chosen[:1] or (importers() if found else [])
    made = list(_named_apart(_gathered(found, asked, given if named is None else named)))
    apart, doubly = _without_overlap(made)
    kept = list(_with_companions([_with_asked(claim, options or Options()) for claim in apart]))
    claimed = {file for claim in (*made, *kept) for file in claim.files}
    shown = set(map(shown_path, claimed))  # what is wrong with these is said when they are read
    unread = [error for error in refused if error.path not in shown]
    return Claims(tuple(kept), tuple(sorted(set(files) - claimed)), (*unread, *doubly))


def guesses(path: Path) -> Iterator[tuple[str, str]]:
    """The importers that know a file by weak evidence, and as what: they read it if they are named."""
    return ((one.name, what.kind) for one, what in recognised(sample_of(path)) if what.weak)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file once, those below folders in order of their paths."""
    seen: dict[Path, None] = {}
    for path in paths:
        others: list[Path] = []
        below = list(files_below(path, others.append))
        seen.update(dict.fromkeys(sorted([*below, *others])))
    return iter(seen)


def _known(
    path: Path, named: Sequence[Importer], importer: str | None
) -> list[tuple[Importer, RecognisedFile]]:
    """Whose file this is: of one importer, and of those that have what others leave.

    Raises:
        DocumentError: it cannot be read, or several importers know it.
    """
    if os.path.exists(path) and not os.path.isfile(path):  # a pipe would keep us waiting
        return []
    sample = sample_of(path)
    said = recognised(sample, named)
    first = [pair for pair in said if not pair[0].last]
    strong = [pair for pair in first if not pair[1].weak] or first
    if len(strong) > 1:
        raise _of_several(sample, [one.name for one, _ in strong])
    chosen = strong + [pair for pair in said if pair[0].last]
    return [
        (one, RecognisedFile(path, replace(what, weak=what.weak and one.name != importer), one.name))
        for one, what in chosen
    ]


def recognised(sample: Sample, named: Sequence[Importer] = ()) -> list[tuple[Importer, Recognised]]:
    """The importers that know a file by its beginning, of those `named` or else of all, and as what."""
    asked = [one for one in named if _may_know(one, sample)] if named else _of(sample)
    return [(one, what) for one in asked if (what := one.recognise(sample)) is not None]


def _of(sample: Sample) -> list[Importer]:
    """The importers that a file can belong to."""
    if sample.is_cets:
        return []
    return list(map(importer_called, importers_of_json(sample.text))) if sample.is_json else importers()


def _may_know(importer: Importer, sample: Sample) -> bool:
    return not sample.is_json or importer.name in JSON_IMPORTERS


def _of_several(sample: Sample, names: Sequence[str]) -> DocumentError:
    return DocumentError(
        "several importers know this file",
        path=sample.path,
        found=" and ".join(names),
        hint=f"Name the one: `cetsgraph import {names[0]} {sample.path.name}`.",
    )


def _with_partners(importer: Importer) -> list[Importer]:
    return [importer, *map(importer_called, importer.partners)]


def _gathered(
    found: Mapping[str, list[RecognisedFile]], asked: Sequence[Importer], given: Collection[Path]
) -> Iterator[Claim]:
    """All claims; those of importers that are last only where no other one claims a file of the folder."""
    families = {one.family or one.name: one for one in asked if one.family or one.name in found}
    made: dict[str, list[Claim]] = {}
    claimed: set[Path] = set()
    for name, one in sorted(families.items(), key=_turn):
        folders = {file.parent for file in claimed} if one.last else set()
        others = [file for several in found.values() for file in several if file.importer in one.completed_by]
        files = [file for file in (*found.get(name, ()), *others) if file.path not in claimed]
        made[name] = [
            claim
            for claim in one.gather(one.name, files)
            if claim.folder not in folders or _is_given(claim, given)
        ]
        claimed.update(file for claim in made[name] for file in (*claim.files, *claim.companions))
    for name in families:
        yield from made[name]


def _turn(family: tuple[str, Importer]) -> tuple[bool, bool]:
    """Importers that may take files of others come first, those that have what is left last."""
    return family[1].last, not family[1].completed_by


def _is_given(claim: Claim, given: Collection[Path]) -> bool:
    """Whether a file of a claim, or the array store that it describes, is named rather than its folder."""
    return any(
        file in given or (file.parent in given and file.parent != claim.folder) for file in claim.files
    )


def _named_apart(made: Iterable[Claim]) -> Iterator[Claim]:
    """The claims; where two are called the same, names say also the folders above, else the importer."""
    claims = list(made)
    places = [_place(claim) for claim in claims]
    depths = [1] * len(claims)
    while deeper := _alike(places, depths):
        for number in deeper:
            depths[number] += 1
    taken: set[str] = set()
    for claim, place, depth in zip(claims, places, depths, strict=True):
        name = "-".join(place[-depth:])
        names = chain((name, f"{name}-{claim.importer}"), (f"{name}-{number}" for number in count(2)))
        name = next(name for name in names if name not in taken)
        taken.add(name)
        yield replace(claim, name=name)


def _place(claim: Claim) -> tuple[str, ...]:
    """The folders that lead to a claim, and its name."""
    folder = claim.folder.resolve()
    return (*(folder.parent if folder.name == claim.name else folder).parts[1:], claim.name)


def _alike(places: Sequence[tuple[str, ...]], depths: Sequence[int]) -> list[int]:
    """Which claims have the name of one elsewhere, and folders left to tell them apart."""
    by_name: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    for place, depth in zip(places, depths, strict=True):
        by_name[place[-depth:]].add(place)
    return [
        number
        for number, (place, depth) in enumerate(zip(places, depths, strict=True))
        if len(by_name[place[-depth:]]) > 1 and depth < len(place)
    ]


def _with_asked(claim: Claim, options: Options) -> Claim:
    """A claim with the files that options ask for among its companions."""
    asked_for = importer_called(claim.importer).asked_for
    more = () if asked_for is None else asked_for(claim, options)
    return replace(claim, companions=(*claim.companions, *more))


def _with_companions(made: Sequence[Claim]) -> Iterator[Claim]:
    """The claims, with those of their companions that no other importer has."""
    owners = {file: claim.importer for claim in made for file in claim.files}
    for claim in made:
        free = (file for file in claim.companions if owners.get(file, claim.importer) == claim.importer)
        yield replace(claim, files=tuple(dict.fromkeys((*claim.files, *free))), companions=())


def _without_overlap(made: Iterable[Claim]) -> tuple[list[Claim], list[DocumentError]]:
    """The claims, without those on a file that an earlier one has; and what is to be said about these."""
    owners: dict[Path, Claim] = {}
    kept: list[Claim] = []
    doubly: list[DocumentError] = []
    for claim in made:
        both = next((file for file in claim.files if file in owners), None)
        if both is None:
            kept.append(claim)
            owners.update(dict.fromkeys(claim.files, claim))
        else:
            doubly.append(
                DocumentError(
                    f"both {owners[both].name!r} and {claim.name!r} claim this file",
                    path=both,
                    found=f"{owners[both].files[0]} and {claim.files[0]}",
                    hint="Import them one at a time.",
                )
            )
    return kept, doubly
