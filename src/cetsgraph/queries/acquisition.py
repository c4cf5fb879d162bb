"""Questions about tilt series: how their images were taken, and how they were aligned.

`dataset` and the objects in a row are IRIs, as they stand in the graph; a field is None where the documents
do not say. `name` is the name of the object, or else its id.
"""

from dataclasses import dataclass
from typing import Unpack

from cetsgraph.queries.rows import RowPage, Rows, ask
from cetsgraph.store import Store

__all__ = [
    "Acquisition",
    "AlignmentOfSeries",
    "DefocusRange",
    "DoseSymmetricSeries",
    "HandednessOfSeries",
    "PhasePlateImage",
    "TiltImage",
    "TiltScheme",
    "TiltSeriesByDose",
    "TiltSeriesWithMovies",
    "acquisitions_by_instrument",
    "defocus_ranges",
    "dose_symmetric_series",
    "images_without_ctf",
    "phase_plate_data",
    "series_with_several_alignments",
    "tilt_schemes",
    "tilt_series_by_dose",
    "tilt_series_with_movies",
    "unaligned_tilt_images",
    "unknown_handedness",
]


@dataclass(frozen=True, slots=True)
class TiltScheme:
    """How a series was tilted: `minimum`, `maximum` and `step` in degrees."""

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    tilts: int
    minimum: float | None
    maximum: float | None
    step: float | None


def tilt_schemes(store: Store, **page: Unpack[RowPage]) -> Rows[TiltScheme]:
    """Number of tilts, range and step (degrees) of every tilt series, by nominal tilt angle.

    The step is the median difference of the sorted angles.
    """
    return ask(store, "tilt_schemes", TiltScheme, page)


@dataclass(frozen=True, slots=True)
class TiltSeriesByDose:
    """A tilt series and its total `dose` in e⁻/Å²."""

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    dose: float


def tilt_series_by_dose(store: Store, *, maximum: float, **page: Unpack[RowPage]) -> Rows[TiltSeriesByDose]:
    """Tilt series with a total dose of at most `maximum` e⁻/Å², lowest dose first.

    The total is the largest dose that an image of the series states, before or including it, as written.
    `maximum` itself belongs to the range, within a relative tolerance of 1e-6.
    """
    return ask(store, "tilt_series_by_dose", TiltSeriesByDose, page, maximum=maximum)


@dataclass(frozen=True, slots=True)
class DoseSymmetricSeries:
    """A row of `dose_symmetric_series`: `minimum`, `maximum` in °."""

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    tilts: int
    minimum: float
    maximum: float


def dose_symmetric_series(store: Store, **page: Unpack[RowPage]) -> Rows[DoseSymmetricSeries]:
    """Tilt series acquired dose-symmetrically.

    The tilt angle, counted from 0, grows with the dose, or with the order of acquisition, in steps of 5°,
    while the sign alternates in groups; a group spans at most 15°. Images within 0.5° of 0 do not matter.
    Series around the pre-tilt of a lamella are not found.
    """
    return ask(store, "dose_symmetric_series", DoseSymmetricSeries, page)


@dataclass(frozen=True, slots=True)
class DefocusRange:
    """Defocus of a tilt series: `minimum` and `maximum` in Å, underfocus positive."""

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    images: int
    images_with_ctf: int
    minimum: float | None
    maximum: float | None


def defocus_ranges(store: Store, **page: Unpack[RowPage]) -> Rows[DefocusRange]:
    """Smallest and largest defocus (Å) of every tilt series, over both defoci of its images."""
    return ask(store, "defocus_ranges", DefocusRange, page)


@dataclass(frozen=True, slots=True)
class TiltImage:
    """A tilt image and its place in its series, counted from 0: `nominal_tilt_angle` in °."""

    dataset: str
    tilt_series: str
    tilt_series_name: str | None
    image: str
    position: int | None
    name: str | None
    path: str | None
    nominal_tilt_angle: float | None
    excluded: bool | None


def images_without_ctf(store: Store, **page: Unpack[RowPage]) -> Rows[TiltImage]:
    """Tilt images, series by series, whose contrast transfer function is not known - they have no defocus."""
    return ask(store, "images_without_ctf", TiltImage, page)


@dataclass(frozen=True, slots=True)
class PhasePlateImage:
    """A row of `phase_plate_data`: `phase_shift` in °."""

    dataset: str
    image: str
    kind: str
    name: str | None
    path: str | None
    phase_plate: str | None
    phase_shift: float | None


def phase_plate_data(store: Store, **page: Unpack[RowPage]) -> Rows[PhasePlateImage]:
    """Tilt images and movies that were taken with a phase plate.

    Their imaging names one, or their contrast transfer function, or that of a frame, has a phase shift
    above 0.
    """
    return ask(store, "phase_plate_data", PhasePlateImage, page)


@dataclass(frozen=True, slots=True)
class HandednessOfSeries:
    """A row of `unknown_handedness`."""

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    state: str
    handedness: str | None
    images: int
    images_positive: int
    images_negative: int


def unknown_handedness(store: Store, **page: Unpack[RowPage]) -> Rows[HandednessOfSeries]:
    """Tilt series whose handedness is unknown, stated neither by their session nor with the defocus of any
    image, or conflicting, where images of the series, or of its session, have both signs.
    """
    return ask(store, "unknown_handedness", HandednessOfSeries, page)


@dataclass(frozen=True, slots=True)
class Acquisition:
    """A row of `acquisitions_by_instrument`: `accelerating_voltage` in kV."""

    dataset: str
    acquisition: str
    kind: str
    region: str | None
    microscope_model: str | None
    accelerating_voltage: float | None
    detector_model: str | None
    detector_mode: str | None
    tilt_series: int


def acquisitions_by_instrument(
    store: Store, *, microscope: str, voltage: float, detector: str, **page: Unpack[RowPage]
) -> Rows[Acquisition]:
    """Sessions and imaging parameters with a given microscope, accelerating voltage and detector.

    Microscope and detector are found by a part of their names, whatever the case; an empty text, or a voltage
    of 0, finds any, and what is not stated.

    Args:
        store: what to ask.
        microscope: part of the microscope's model, or nothing for any.
        voltage: accelerating voltage, or 0 for any, in kV.
        detector: part of the detector's model or mode, or nothing for any.
    """
    return ask(
        store,
        "acquisitions_by_instrument",
        Acquisition,
        page,
        microscope=microscope,
        voltage=voltage,
        detector=detector,
    )


@dataclass(frozen=True, slots=True)
class TiltSeriesWithMovies:
    """A row of `tilt_series_with_movies`."""

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    images: int
    images_with_movie: int
    movies: int


def tilt_series_with_movies(store: Store, **page: Unpack[RowPage]) -> Rows[TiltSeriesWithMovies]:
    """Tilt series whose raw frames are there - movies with a file, named by the tilt images or by the series
    - with how many of the tilt images name theirs.
    """
    return ask(store, "tilt_series_with_movies", TiltSeriesWithMovies, page)


@dataclass(frozen=True, slots=True)
class AlignmentOfSeries:
    """A row of `series_with_several_alignments`."""

    dataset: str
    tilt_series: str
    name: str | None
    alignments: int
    alignment: str
    alignment_type: str | None
    alignment_method: str | None
    path: str | None
    images: int


def series_with_several_alignments(store: Store, **page: Unpack[RowPage]) -> Rows[AlignmentOfSeries]:
    """Tilt series with several alignments, each with the number of images that it lists."""
    return ask(store, "series_with_several_alignments", AlignmentOfSeries, page)


def unaligned_tilt_images(store: Store, **page: Unpack[RowPage]) -> Rows[TiltImage]:
    """Tilt images without an alignment, neither one of their own nor one in an alignment of their series.

    An alignment that lists no images at all is taken to cover its whole series.
    """
    return ask(store, "unaligned_tilt_images", TiltImage, page)
