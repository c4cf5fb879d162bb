"""A claim on files about tilt series as a data set: sources are read, and merged series by series."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from cetsgraph.errors import DocumentError
from cetsgraph.importers.assembly import region
from cetsgraph.importers.claims import sample_of
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tilt_series.aretomo import ARETOMO
from cetsgraph.importers.tilt_series.drafts import drafts_of
from cetsgraph.importers.tilt_series.imod import IMOD
from cetsgraph.importers.tilt_series.mdoc import MDOC
from cetsgraph.importers.tilt_series.sources import SourceReading
from cetsgraph.importers.tilt_series.statements import SeriesFacts
from cetsgraph.importers.tilt_series.warp import WARP
from cetsgraph.model import DataSet, Region

__all__ = ["dataset"]

_SOURCES = (IMOD, MDOC, ARETOMO, WARP)
"""The first that states a pixel size is believed: IMOD reads the header of the stack."""


def dataset(session: ImportSession) -> DataSet:
    """The data set of a claim: a region for each tilt series.

    Raises:
        DocumentError: a file cannot be read, or is not what it was recognised as.
    """
    found: dict[str, list[SourceReading]] = defaultdict(list)
    others: list[Region] = []
    for source, files in _by_source(session).items():
        for name, reading in _SOURCES[source].read(session, files).items():
            found[name].append(reading)
        others += _SOURCES[source].regions(session, files)
    if not (found or others):
        raise DocumentError(
            "these files are about no tilt series",
            path=session.claim.path,
            hint="Import them together with the files of a series, such as .xf, .aln or .mdoc.",
        )
    regions = [one for name in sorted(found) for one in _regions(session, name, found[name])]
    return DataSet(regions=[*regions, *others])


def _by_source(session: ImportSession) -> Mapping[int, dict[str, list[Path]]]:
    """The files of a claim by the source that knows them, in order, and by their kinds."""
    files: dict[int, dict[str, list[Path]]] = {}
    for path in session.claim.files:
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
    for draft in drafts_of(name, sources, session.tally):
        yield region(draft.name, draft.parts())


def _facts(reading: SourceReading, pixel_size: float | None) -> SeriesFacts:
    facts = reading.facts(pixel_size)
    if reading.pixel_size is not None:
        for image in facts.images:
            image.values.setdefault("pixel_size", reading.pixel_size)
    return facts
