"""Files about tilt series as regions: sources are read, and merged, one series after the other."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from cetsgraph.errors import DocumentError
from cetsgraph.importers.assembly import region
from cetsgraph.importers.claim import sample_of
from cetsgraph.importers.limits import check_series
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tilt_series.aretomo import ARETOMO
from cetsgraph.importers.tilt_series.ctffind import CTFFIND
from cetsgraph.importers.tilt_series.drafts import drafts_of
from cetsgraph.importers.tilt_series.imod import IMOD
from cetsgraph.importers.tilt_series.mdoc import MDOC
from cetsgraph.importers.tilt_series.sources import Reader, SourceReading
from cetsgraph.importers.tilt_series.statements import SeriesFacts
from cetsgraph.importers.tilt_series.warp import WARP
from cetsgraph.model import Region

__all__ = ["readers_by_series", "regions"]

_SOURCES = (IMOD, MDOC, ARETOMO, WARP, CTFFIND)
"""The first that states a pixel size is believed: IMOD reads the header of the stack."""


def regions(session: ImportSession) -> Iterator[Region]:
    """A region for each tilt series of a claim, in order of their names; then movies that belong to none.

    Raises:
        DocumentError: a file cannot be read, or is not what it was recognised as.
    """
    files = _by_source(session, session.claim.files)
    found = _readers(session, files)
    alone = [one for source, of_one in files.items() for one in _SOURCES[source].regions(session, of_one)]
    if not (found or alone):
        raise DocumentError(
            "these files are about no tilt series",
            path=session.claim.path,
            hint="Import them together with the files of a series, such as .xf, .aln or .mdoc.",
        )
    check_series(len(found), session.claim.path)
    for name in sorted(found):
        made: list[Region] = []
        with session.part():
            made += _regions(session, name, [reader() for reader in found[name]])
        yield from made
    yield from alone


def readers_by_series(session: ImportSession, paths: Iterable[Path]) -> dict[str, list[Reader]]:
    """What reads files of a claim that are about tilt series, by the names of these.

    Raises:
        DocumentError: a file is not what it was recognised as.
    """
    return _readers(session, _by_source(session, paths))


def _readers(session: ImportSession, files: Mapping[int, dict[str, list[Path]]]) -> dict[str, list[Reader]]:
    found: dict[str, list[Reader]] = defaultdict(list)
    for source, of_source in files.items():
        for name, reader in _SOURCES[source].readers(session, of_source).items():
            found[name].append(reader)
    return found


def _by_source(session: ImportSession, paths: Iterable[Path]) -> Mapping[int, dict[str, list[Path]]]:
    """Files of a claim by the source that knows them, in order, and by their kinds."""
    files: dict[int, dict[str, list[Path]]] = {}
    for path in paths:
        number, kind = _recognised(session, path)
        files.setdefault(number, defaultdict(list))[kind].append(path)
    return dict(sorted(files.items()))


def _recognised(session: ImportSession, path: Path) -> tuple[int, str]:
    sample = sample_of(path)
    for number, source in enumerate(_SOURCES):
        if (recognised := source.recognise(sample)) is not None:
            return number, recognised.kind
    session.text(path)  # which says if it is no text any more
    raise DocumentError("the file is not what it was recognised as", path=path, line=1)


def _regions(session: ImportSession, name: str, readings: list[SourceReading]) -> Iterator[Region]:
    stated = next((size for one in readings if (size := one.pixel_size) is not None), None)
    pixel_size = stated if stated is not None else session.options.pixel_size
    sources = [_facts(reading, pixel_size) for reading in readings]
    if stated is None and pixel_size is not None:
        for image in sources[0].images:
            image.values["pixel_size"] = pixel_size
    for draft in drafts_of(name, sources, session.tally, session.options.alignment):
        yield region(draft.name, draft.parts())


def _facts(reading: SourceReading, pixel_size: float | None) -> SeriesFacts:
    facts = reading.facts(pixel_size)
    if reading.pixel_size is not None:
        for image in facts.images:
            image.values.setdefault("pixel_size", reading.pixel_size)
    return facts
