"""Rows of RELION's tables of tilt series and tomograms as regions."""

from collections.abc import Iterable
from math import floor

from cetsgraph.importers.assembly import SeriesParts
from cetsgraph.importers.formats import mrc
from cetsgraph.importers.numbers import positive, rounded
from cetsgraph.importers.relion.tables import StarRow, only, rows, series_name
from cetsgraph.importers.relion.tilt_images import RelionSeries, TiltImages, excluded_rows, tilt_images
from cetsgraph.importers.relion.volume import VolumeGrid
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tables import SourceTable
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.model import (
    Alignment,
    Coordinates,
    GainFile,
    ImagingParameters,
    TiltSeriesMicrographStack,
    Tomogram,
)

__all__ = ["bare_row", "described", "series_parts", "volume"]

_SIZES = ("rlnTomoSizeX", "rlnTomoSizeY", "rlnTomoSizeZ")
_LARGEST_SIDE = 1e9  # voxels
_RECONSTRUCTED = "rlnTomoReconstructedTomogram"
_HALVES = ("rlnTomoReconstructedTomogramHalf1", "rlnTomoReconstructedTomogramHalf2")
_DENOISED = "rlnTomoReconstructedTomogramDenoised"
_TEXTS = (
    "rlnTomoName",
    "rlnTomoTiltSeriesStarFile",
    "rlnTomoTiltSeriesName",
    _RECONSTRUCTED,
    *_HALVES,
    _DENOISED,
)
_NUMBERS = (
    "rlnVoltage",
    "rlnSphericalAberration",
    "rlnAmplitudeContrast",
    "rlnMicrographOriginalPixelSize",
    "rlnTomoTiltSeriesPixelSize",
    "rlnTomoHand",
    "rlnTomoTomogramBinning",
    "rlnTomoFrameCount",
    "rlnTomoImportFractionalDose",
    *_SIZES,
)


def bare_row(place: SourcePlace) -> StarRow:
    """The row of a series that no table describes."""
    return StarRow(place, dict.fromkeys(_TEXTS), dict.fromkeys(_NUMBERS))


def volume(row: StarRow) -> VolumeGrid | None:
    """The tomogram of a row; None where the row does not say its size.

    Without a binning the tomogram is as fine as the tilt images.
    """
    sizes, pixel = row.all(*_SIZES), row.numbers["rlnTomoTiltSeriesPixelSize"]
    binning = row.numbers["rlnTomoTomogramBinning"] or 1.0
    if sizes is None or pixel is None or pixel <= 0 or not max(sizes) / _LARGEST_SIDE < binning <= min(sizes):
        return None
    x, y, z = (floor(size / binning + 1e-4) for size in sizes)
    return VolumeGrid((x, y, z), rounded(pixel * binning, 5))  # as precise as the binning is written


def series_parts(
    session: ImportSession, row: StarRow, name: str, kept: list[StarRow] | None, earlier: list[StarRow]
) -> SeriesParts:
    """The series of a row, with the rows of its images.

    Args:
        session: the import.
        row: the row of the table.
        name: of the series.
        kept: rows of the images; None where their file is not there.
        earlier: rows of the images before some were left out.
    """
    facts = _facts(session, row, name)
    excluded = excluded_rows(earlier, kept) if kept else []
    images = tilt_images(session, facts, kept or [], excluded)
    parts = SeriesParts(_series(session, facts, row, images, kept or []), images.movies)
    parts.imaging = _imaging(kept or [])
    parts.gain = None if images.gain is None else GainFile(path=images.gain)
    if images.projections:
        parts.alignments = [_alignment(facts, row, images)]
    parts.tomograms = list(_tomograms(row, name, parts.alignments))
    return parts


def described(session: ImportSession, table: SourceTable) -> dict[str, StarRow]:
    """The rows of a table by the names of their series; a row without a name of its own is a finding."""
    found: dict[str, StarRow] = {}
    for row in rows(table, texts=_TEXTS, numbers=_NUMBERS):
        written = row.texts["rlnTomoName"]
        if not written or series_name(written) in found:
            expected = "a name that no other row has"
            session.tally.wrong("rlnTomoName", row.place, found=written or "no name", expected=expected)
        else:
            found[series_name(written)] = row
    return found


def _facts(session: ImportSession, row: StarRow, name: str) -> RelionSeries:
    sizes = row.all(*_SIZES)
    hand = row.numbers["rlnTomoHand"]
    if hand not in (1, -1, None):
        session.tally.dropped("rlnTomoHand", row.place, found=hand)
    return RelionSeries(
        name=name,
        pixel_size=positive(row.numbers["rlnTomoTiltSeriesPixelSize"]),
        movie_pixel_size=positive(row.numbers["rlnMicrographOriginalPixelSize"]),
        exposure_dose=row.numbers["rlnTomoImportFractionalDose"],
        handedness=int(hand) if hand in (1, -1) else None,
        volume=None if sizes is None else (sizes[0], sizes[1], sizes[2]),
        image=_image_size(session, row),
    )


def _image_size(session: ImportSession, row: StarRow) -> tuple[int, int] | None:
    """Width and height of the images in the stack of a row; None if it is not there."""
    name = row.texts["rlnTomoTiltSeriesName"]
    path = session.claim.base / (name or "")
    if name is None or not session.has(path):
        return None
    header = mrc.parse(session.head(path, mrc.LENGTH))
    return None if header is None else header.size[:2]


def _series(
    session: ImportSession, facts: RelionSeries, row: StarRow, images: TiltImages, kept: Iterable[StarRow]
) -> TiltSeriesMicrographStack:
    axes = [found.numbers["rlnTomoNominalTiltAxisAngle"] for found in kept]
    axis = only([None if one is None else repr(one) for one in axes])
    count = row.numbers["rlnTomoFrameCount"]
    if count is not None and images.images and count != len(images.images):
        session.tally.conflict("rlnTomoFrameCount", row.place, kept=len(images.images), other=int(count))
    path = row.texts["rlnTomoTiltSeriesName"]
    if path is not None and path.startswith("dummy"):  # WarpTools writes no stack
        session.tally.dropped("rlnTomoTiltSeriesName", row.place, found=path)
        path = None
    return TiltSeriesMicrographStack(
        id=facts.name,
        name=facts.name,
        path=path,
        micrographs=images.images,
        accelerating_voltage=row.numbers["rlnVoltage"],
        spherical_aberration=row.numbers["rlnSphericalAberration"],
        amplitude_contrast=row.numbers["rlnAmplitudeContrast"],
        tilt_axis_angle=None if axis is None else float(axis),
        defocus_handedness=facts.handedness,
        tilt_count=None if count is None or images.images else int(count),
    )


def _imaging(kept: Iterable[StarRow]) -> ImagingParameters | None:
    """The defocus that was aimed at: µm, underfocus negative, becomes nm, underfocus positive."""
    aimed = [-1000 * found for row in kept if (found := row.numbers["rlnTomoNominalDefocus"]) is not None]
    if not aimed:
        return None
    least, most = rounded(min(aimed)), rounded(max(aimed))
    return ImagingParameters(nominal_defocus_min=least, nominal_defocus_max=most)


def _alignment(facts: RelionSeries, row: StarRow, images: TiltImages) -> Alignment:
    dimensions = None
    if facts.volume is not None and facts.pixel_size is not None:
        x, y, z = (rounded(size * facts.pixel_size) for size in facts.volume)
        dimensions = Coordinates(x=x, y=y, z=z)
    return Alignment(
        id=f"{facts.name}-alignment",
        tilt_series_id=facts.name,
        projection_alignments=images.projections,
        volume_dimensions=dimensions,
        path=row.texts["rlnTomoTiltSeriesStarFile"],
    )


def _tomograms(row: StarRow, name: str, alignments: list[Alignment]) -> Iterable[Tomogram]:
    """The tomogram of a row, and the denoised one."""
    even, odd = (row.texts[half] for half in _HALVES)
    path, denoised = row.texts[_RECONSTRUCTED], row.texts[_DENOISED]
    if volume(row) is None and not any((path, even, odd, denoised)):
        return
    first = _tomogram(row, f"{name}-tomogram", name, alignments)
    first.path, first.even_path, first.odd_path = path, even, odd
    yield first
    if denoised is not None:
        second = _tomogram(row, f"{name}-tomogram-denoised", name, alignments)
        second.path, second.processing, second.derived_from = denoised, "denoised", [f"{name}-tomogram"]
        yield second


def _tomogram(row: StarRow, identifier: str, name: str, alignments: list[Alignment]) -> Tomogram:
    found = Tomogram(id=identifier, tilt_series_id=[name])
    if alignments:
        found.alignment_id = [f"{name}-alignment"]
    if (grid := volume(row)) is not None:
        (found.width, found.height, found.depth), found.voxel_size = grid.size, grid.voxel_size
    return found
