"""Questions about tilt series: how their images were taken, and how they were aligned.

`dataset` and the objects in a row are IRIs, as they stand in the graph; a field is None where the documents
do not say. `name` is the name of the object, or else its id. `limit` and `offset` give some of the rows. In
the examples, `store` holds the documents of `examples/`.

Derived from queries/ by `make derive`; edit those instead.
"""

from dataclasses import dataclass
from typing import Unpack

from cetsgraph.queries.rows import Rows, run_typed
from cetsgraph.queries.scope import ScopedPage
from cetsgraph.store import Store

__all__ = [
    "Acquisition",
    "AlignmentOfSeries",
    "DefocusRange",
    "DoseSymmetricSeries",
    "PhasePlateImage",
    "TiltScheme",
    "TiltSeriesByDose",
    "TiltSeriesWithMovies",
    "acquisitions_by_instrument",
    "defocus_ranges",
    "dose_symmetric_series",
    "phase_plate_data",
    "series_with_several_alignments",
    "tilt_schemes",
    "tilt_series_by_dose",
    "tilt_series_with_movies",
]


@dataclass(frozen=True, slots=True)
class Acquisition:
    """An acquisition session, or imaging parameters, and the instruments.

    Attributes:
        dataset: data set.
        acquisition: acquisition session or imaging parameters.
        kind: class of the acquisition.
        region: region that it belongs to.
        microscope_model: maker and model of the microscope.
        accelerating_voltage: accelerating voltage, in kV.
        detector_model: maker and model of the detector.
        detector_mode: mode of the detector.
        tilt_series: number of tilt series.
    """

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
    store: Store, *, microscope: str, voltage: float, detector: str, **page: Unpack[ScopedPage]
) -> Rows[Acquisition]:
    """Sessions and imaging parameters with a given microscope, accelerating voltage and detector.

    Microscope and detector are found by a part of their names, in upper or lower case; an empty text, or a
    voltage of 0, finds any, and what is not stated.

    >>> acquisitions_by_instrument(store, microscope="krios", voltage=300, detector="")
    <Rows: ... × (dataset, acquisition, kind, region, microscope_model, accelerating_voltage in kV,
    detector_model, detector_mode, tilt_series)>

    Args:
        store: the store to query.
        microscope: part of the microscope's model, or nothing for any.
        voltage: accelerating voltage, or 0 for any, in kV.
        detector: part of the detector's model or mode, or nothing for any.
    """
    return run_typed(
        store,
        "acquisitions_by_instrument",
        Acquisition,
        page,
        microscope=microscope,
        voltage=voltage,
        detector=detector,
    )


@dataclass(frozen=True, slots=True)
class DefocusRange:
    """Defocus of a tilt series; underfocus is positive.

    Attributes:
        dataset: data set.
        tilt_series: tilt series.
        name: name or else id of the tilt series.
        path: file of the tilt series.
        images: number of tilt images.
        images_with_ctf: number of tilt images whose defocus is known.
        minimum: smallest defocus, in Å.
        maximum: largest defocus, in Å.
    """

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    images: int
    images_with_ctf: int
    minimum: float | None
    maximum: float | None


def defocus_ranges(store: Store, **page: Unpack[ScopedPage]) -> Rows[DefocusRange]:
    """Smallest and largest defocus of every tilt series, over both defoci of its images that are not
    excluded; underfocus is positive.

    >>> defocus_ranges(store)
    <Rows: ... × (dataset, tilt_series, name, path, images, images_with_ctf, minimum in Å, maximum in Å)>
    """
    return run_typed(store, "defocus_ranges", DefocusRange, page)


@dataclass(frozen=True, slots=True)
class DoseSymmetricSeries:
    """A tilt series that was acquired dose-symmetrically.

    Attributes:
        dataset: data set.
        tilt_series: tilt series.
        name: name or else id of the tilt series.
        path: file of the tilt series.
        tilts: number of tilt images with a tilt angle.
        minimum: smallest tilt angle, in °.
        maximum: largest tilt angle, in °.
    """

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    tilts: int
    minimum: float | None
    maximum: float | None


def dose_symmetric_series(store: Store, **page: Unpack[ScopedPage]) -> Rows[DoseSymmetricSeries]:
    """Tilt series acquired dose-symmetrically.

    The tilt angle, counted from that of the first image (the pre-tilt of a lamella), grows with the order of
    acquisition, or with the dose, in steps of 5°, while its sign alternates in groups; a group spans at most
    15°. Images within 0.5° of the first do not matter, and of several exposures at one angle the first
    counts. Series whose images are not listed are found by the scheme that they state.

    >>> dose_symmetric_series(store)
    <Rows: ... × (dataset, tilt_series, name, path, tilts, minimum in °, maximum in °)>
    """
    return run_typed(store, "dose_symmetric_series", DoseSymmetricSeries, page)


@dataclass(frozen=True, slots=True)
class PhasePlateImage:
    """A tilt image or movie that was taken with a phase plate.

    Attributes:
        dataset: data set.
        image: tilt image or movie.
        kind: class of the image.
        name: name or else id of the image.
        path: file of the image.
        phase_plate: phase plate that its imaging names.
        phase_shift: phase shift of its contrast transfer function, the largest of a movie, in °.
    """

    dataset: str
    image: str
    kind: str
    name: str | None
    path: str | None
    phase_plate: str | None
    phase_shift: float | None


def phase_plate_data(store: Store, **page: Unpack[ScopedPage]) -> Rows[PhasePlateImage]:
    """Tilt images and movies that were taken with a phase plate.

    Their imaging names one, or their contrast transfer function, or that of a frame, has a phase shift above
    0.

    >>> phase_plate_data(store)
    <Rows: ... × (dataset, image, kind, name, path, phase_plate, phase_shift in °)>
    """
    return run_typed(store, "phase_plate_data", PhasePlateImage, page)


@dataclass(frozen=True, slots=True)
class AlignmentOfSeries:
    """One of several alignments of a tilt series.

    Attributes:
        dataset: data set.
        tilt_series: tilt series.
        name: name or else id of the tilt series.
        alignments: number of alignments of the tilt series.
        alignment: one of them.
        alignment_type: kind of alignment, such as global or local.
        alignment_method: method of alignment.
        path: file of the alignment.
        images: number of tilt images that the alignment lists.
    """

    dataset: str
    tilt_series: str
    name: str | None
    alignments: int
    alignment: str
    alignment_type: str | None
    alignment_method: str | None
    path: str | None
    images: int


def series_with_several_alignments(store: Store, **page: Unpack[ScopedPage]) -> Rows[AlignmentOfSeries]:
    """Tilt series with several alignments, each with the number of images that it lists.

    >>> series_with_several_alignments(store)
    <Rows: ... × (dataset, tilt_series, name, alignments, alignment, alignment_type, alignment_method, path,
    images)>
    """
    return run_typed(store, "series_with_several_alignments", AlignmentOfSeries, page)


@dataclass(frozen=True, slots=True)
class TiltScheme:
    """How a tilt series was tilted.

    Attributes:
        dataset: data set.
        tilt_series: tilt series.
        name: name or else id of the tilt series.
        path: file of the tilt series.
        tilts: number of tilt images.
        minimum: smallest tilt angle, in °.
        maximum: largest tilt angle, in °.
        step: median difference of the sorted tilt angles, in °.
    """

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    tilts: int
    minimum: float | None
    maximum: float | None
    step: float | None


def tilt_schemes(store: Store, **page: Unpack[ScopedPage]) -> Rows[TiltScheme]:
    """Number of tilts, range and step of every tilt series, by nominal tilt angle.

    The step is the median difference of the sorted angles; tilts within 0.1° of each other are one tilt with
    several exposures. Where images or angles are not listed, as the series itself states.

    >>> tilt_schemes(store)
    <Rows: ... × (dataset, tilt_series, name, path, tilts, minimum in °, maximum in °, step in °)>
    """
    return run_typed(store, "tilt_schemes", TiltScheme, page)


@dataclass(frozen=True, slots=True)
class TiltSeriesByDose:
    """A tilt series and its total dose.

    Attributes:
        dataset: data set.
        tilt_series: tilt series.
        name: name or else id of the tilt series.
        path: file of the tilt series.
        dose: total dose of the series, in e⁻/Å².
    """

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    dose: float


def tilt_series_by_dose(
    store: Store, *, maximum: float, **page: Unpack[ScopedPage]
) -> Rows[TiltSeriesByDose]:
    """Tilt series with a total dose of at most so much.

    The total is the largest accumulated dose of an image, with the image's own exposure where the accumulated
    dose is that before it; or else the sum of the exposures; or, where images state neither, what the series
    itself states. Excluded images count - the beam was on them too.

    >>> tilt_series_by_dose(store, maximum=120)
    <Rows: ... × (dataset, tilt_series, name, path, dose in e⁻/Å²)>

    Args:
        store: the store to query.
        maximum: largest total dose, in e⁻/Å².
    """
    return run_typed(store, "tilt_series_by_dose", TiltSeriesByDose, page, maximum=maximum)


@dataclass(frozen=True, slots=True)
class TiltSeriesWithMovies:
    """A tilt series and the movies that are there.

    Attributes:
        dataset: data set.
        tilt_series: tilt series.
        name: name or else id of the tilt series.
        path: file of the tilt series.
        images: number of tilt images.
        images_with_movie: number of tilt images that name a movie with a file.
        movies: number of movies with a file.
    """

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    images: int
    images_with_movie: int
    movies: int


def tilt_series_with_movies(store: Store, **page: Unpack[ScopedPage]) -> Rows[TiltSeriesWithMovies]:
    """Tilt series whose raw frames are there - movies with a file, named by the tilt images or by the series
    - with how many of the tilt images name theirs.

    >>> tilt_series_with_movies(store)
    <Rows: ... × (dataset, tilt_series, name, path, images, images_with_movie, movies)>
    """
    return run_typed(store, "tilt_series_with_movies", TiltSeriesWithMovies, page)
