"""Which importer reads which of some files: by what stands in the first 64 kB of each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from cetsgraph.documents import files_below
from cetsgraph.errors import DocumentError, StrPath
from cetsgraph.importers.claims import Claim, Claims, RecognisedFile, Sample, sample_of
from cetsgraph.importers.importer import Importer
from cetsgraph.importers.registry import OF_JSON, importer_called, importers, importers_of_json

__all__ = ["claims"]


def claims(paths: Iterable[StrPath], *, importer: str | None = None) -> Claims:
    """The claims of importers on files and on those of folders.

    Args:
        paths: files and folders.
        importer: the only one that is asked, with its partners; then weak evidence is enough for it.

    Raises:
        CetsGraphError: there is no such importer.
    """
    named = [] if importer is None else _with_partners(importer_called(importer))
    found: dict[str, list[RecognisedFile]] = defaultdict(list)
    others: list[Path] = []
    refused: list[DocumentError] = []
    for path in _files(paths):
        if path.exists() and not path.is_file():  # a pipe would keep us waiting
            others.append(path)
            continue
        try:
            sample = sample_of(path)
            asked = named or (importers_of_json(sample.text) if sample.is_json else importers())
            chosen = _recognised(sample, asked, named=importer)
        except DocumentError as error:
            refused.append(error)
            continue
        if chosen is None:
            others.append(path)
        else:
            found[chosen[0].family or chosen[0].name].append(chosen[1])
    families = {one.family or one.name: one for one in named or (importers() if found else ())}
    gathered = [(one, found[name]) for name, one in families.items() if name in found]
    made = list(_named_apart(claim for one, files in gathered for claim in one.gather(one.name, files)))
    kept, doubly = _without_overlap(made)
    claimed = {file for claim in made for file in claim.files}
    others += [one.path for several in found.values() for one in several if one.path not in claimed]
    return Claims(tuple(kept), tuple(sorted(set(others) - claimed)), (*refused, *doubly))


def _files(paths: Iterable[StrPath]) -> Iterator[Path]:
    """Every file once, those below folders in order of their paths."""
    seen: dict[Path, None] = {}
    for path in paths:
        others: list[Path] = []
        below = list(files_below(Path(path), others.append))
        seen.update(dict.fromkeys(sorted([*below, *others])))
    return iter(seen)


def _recognised(
    sample: Sample, known: Iterable[Importer], *, named: str | None
) -> tuple[Importer, RecognisedFile] | None:
    asked = (one for one in known if not sample.is_json or one.name in OF_JSON)
    said = [(one, recognised) for one in asked if (recognised := one.recognise(sample)) is not None]
    strong = [pair for pair in said if not pair[1].weak] or said
    if not strong:
        return None
    if len(strong) > 1:
        names = " and ".join(one.name for one, _ in strong)
        raise DocumentError(
            "several importers know this file",
            path=sample.path,
            found=names,
            hint=f"Name the one: `cetsgraph import {strong[0][0].name} {sample.path.name}`.",
        )
    importer, recognised = strong[0]
    enough = importer.name == named
    return importer, RecognisedFile(
        sample.path, replace(recognised, weak=False) if enough else recognised, importer.name
    )


def _with_partners(importer: Importer) -> list[Importer]:
    return [importer, *map(importer_called, importer.partners)]


def _named_apart(made: Iterable[Claim]) -> Iterator[Claim]:
    """The claims; where two are called the same, the name says also the folder above, or the importer."""
    taken: dict[str, Path] = {}
    for claim in made:
        folder = claim.folder.resolve()
        above = f"{folder.parent.name}-{claim.name}"
        beside = taken.get(claim.name) == folder
        names = [claim.name, f"{claim.name}-{claim.importer}" if beside else above]
        names.append(f"{above}-{claim.importer}")
        name = next((name for name in names if name not in taken), claim.name)
        taken[name] = folder
        yield replace(claim, name=name)


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
