"""Which importer reads which of some files: by what stands in the first 64 kB of each."""

import gzip
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from cetsgraph.documents import files_below
from cetsgraph.errors import DocumentError, StrPath
from cetsgraph.importers.claims import HEAD, Claim, Claims, Found, Recognised, Sample
from cetsgraph.importers.importer import Importer
from cetsgraph.importers.registry import importer_called, importers

__all__ = ["claims", "sample_of"]


def claims(paths: Iterable[StrPath], *, importer: str | None = None) -> Claims:
    """The claims of importers on files and on those of folders.

    Args:
        paths: files and folders.
        importer: the only one that is asked; then weak evidence is enough.

    Raises:
        CetsGraphError: there is no such importer.
    """
    known = importers() if importer is None else [importer_called(importer)]
    found: dict[str, list[Found]] = defaultdict(list)
    others: list[Path] = []
    refused: list[DocumentError] = []
    for path in _files(paths):
        try:
            chosen = _recognised(sample_of(path), known, named=importer is not None)
        except DocumentError as error:
            refused.append(error)
            continue
        if chosen is None:
            others.append(path)
        else:
            found[chosen[0].name].append(chosen[1])
    made = [claim for one in known if one.name in found for claim in one.gather(one.name, found[one.name])]
    kept, doubly = _without_overlap(made)
    claimed = {file for claim in made for file in claim.files}
    others += [one.path for several in found.values() for one in several if one.path not in claimed]
    return Claims(tuple(kept), tuple(sorted(set(others) - claimed)), (*refused, *doubly))


def sample_of(path: Path) -> Sample:
    """The beginning of a file.

    Raises:
        DocumentError: it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            if file.read(2) != b"\x1f\x8b":
                file.seek(0)
                return Sample(path, file.read(HEAD))
        with gzip.open(path) as unpacked:
            return Sample(path, unpacked.read(HEAD))
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DocumentError(f"the compressed file is broken: {error}", path=path) from error
    except OSError as error:
        raise DocumentError(
            f"the file cannot be read: {(error.strerror or 'failure').lower()}", path=path
        ) from error


def _files(paths: Iterable[StrPath]) -> Iterator[Path]:
    """Every file once, those below folders in order of their paths."""
    seen: dict[Path, None] = {}
    for path in paths:
        others: list[Path] = []
        below = list(files_below(Path(path), others.append))
        seen.update(dict.fromkeys(sorted([*below, *others])))
    return iter(seen)


def _recognised(sample: Sample, known: Iterable[Importer], *, named: bool) -> tuple[Importer, Found] | None:
    said = [(one, recognised) for one in known if (recognised := one.recognise(sample)) is not None]
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
    return importer, Found(sample.path, Recognised(recognised.kind) if named else recognised)


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
