"""Questions about tilt images: what is known of each, and what it takes to process them again.

`dataset` and the objects in a row are IRIs, as they stand in the graph; a field is None where the documents
do not say. `name` is the name of the object, or else its id. `limit` and `offset` give some of the rows. In
the examples, `store` holds the documents of `examples/`.

Derived from queries/ by `make derive`; edit those instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

from cetsgraph.queries.rows import Rows, run_typed
from cetsgraph.queries.scope import ScopedPage
from cetsgraph.store import Store

__all__ = [
    "ExcludedTilt",
    "ExposurePerTilt",
    "ReprocessingReady",
    "TiltSeriesByOptics",
    "TiltSeriesImage",
    "excluded_tilts",
    "exposure_per_tilt",
    "reprocessing_ready",
    "tilt_images",
    "tilt_series_by_optics",
]


@dataclass(frozen=True, slots=True)
class ExcludedTilt:
    """A tilt image that was left out.

    Attributes:
        dataset: data set.
        tilt_series: tilt series.
        tilt_series_name: name or else id of the tilt series.
        image: tilt image.
        position: place of the image in its series, counted from 0.
        name: name or else id of the image.
        nominal_tilt_angle: tilt of the stage, in °.
        alignment: alignment that leaves the image out; none where its series does.
        reason: why the image was left out.
    """

    dataset: str
    tilt_series: str
    tilt_series_name: str | None
    image: str
    position: int | None
    name: str | None
    nominal_tilt_angle: float | None
    alignment: str | None
    reason: str | None


def excluded_tilts(store: Store, **page: Unpack[ScopedPage]) -> Rows[ExcludedTilt]:
    """Tilt images that were left out, of all processing or by an alignment, and why.

    >>> excluded_tilts(store)
    <Rows: ... × (dataset, tilt_series, tilt_series_name, image, position, name, nominal_tilt_angle in °,
    alignment, reason)>
    """
    return run_typed(store, "excluded_tilts", ExcludedTilt, page)


@dataclass(frozen=True, slots=True)
class ExposurePerTilt:
    """A tilt image and how it was exposed.

    Attributes:
        dataset: data set.
        tilt_series: tilt series.
        image: tilt image.
        position: place of the image in its series, counted from 0.
        name: name or else id of the image.
        nominal_tilt_angle: tilt of the stage, in °.
        exposure_dose: dose of this exposure alone, in e⁻/Å².
        exposure_time: duration of the exposure, in s.
        frames: number of frames of its movie.
        dose_per_frame: dose of a frame, in e⁻/Å².
    """

    dataset: str
    tilt_series: str
    image: str
    position: int | None
    name: str | None
    nominal_tilt_angle: float | None
    exposure_dose: float | None
    exposure_time: float | None
    frames: int | None
    dose_per_frame: float | None


def exposure_per_tilt(store: Store, **page: Unpack[ScopedPage]) -> Rows[ExposurePerTilt]:
    """Dose, duration and number of frames of tilt images, and the dose of a frame, where any is known.

    Frames are the raw frames that the movie states, or those that went into its frames, or else the frames
    that are listed.

    >>> exposure_per_tilt(store)
    <Rows: ... × (dataset, tilt_series, image, position, name, nominal_tilt_angle in °, exposure_dose in
    e⁻/Å², exposure_time in s, frames, dose_per_frame in e⁻/Å²)>
    """
    return run_typed(store, "exposure_per_tilt", ExposurePerTilt, page)


@dataclass(frozen=True, slots=True)
class ReprocessingReady:
    """A tilt series, what is known of how it was taken, and what is lacking.

    Attributes:
        dataset: data set.
        tilt_series: tilt series.
        name: name or else id of the tilt series.
        path: file of the tilt series.
        ready: whether nothing is lacking.
        lacks: what is lacking, with commas between.
        accelerating_voltage: accelerating voltage, in kV.
        spherical_aberration: spherical aberration, in mm.
        amplitude_contrast: amplitude contrast, from 0 to 1.
        pixel_size: size of a pixel of the tilt images, in Å.
        tilt_axis_angle: angle of the tilt axis, in °.
        dose_per_tilt: mean dose of an image, in e⁻/Å².
        handedness: right_handed or left_handed.
        gain: file of the gain reference; corrected where movies need none.
        movies: number of movies with a file.
    """

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    ready: bool
    lacks: str | None
    accelerating_voltage: float | None
    spherical_aberration: float | None
    amplitude_contrast: float | None
    pixel_size: float | None
    tilt_axis_angle: float | None
    dose_per_tilt: float | None
    handedness: str | None
    gain: str | None
    movies: int


def reprocessing_ready(store: Store, **page: Unpack[ScopedPage]) -> Rows[ReprocessingReady]:
    """What every tilt series states that a program needs to process it from its movies, and what it lacks -
    voltage, spherical aberration, amplitude contrast, pixel size, tilt axis, dose per tilt, handedness, gain
    reference and movies.

    What a series does not say itself is taken from its session, or from the imaging of its set. The dose per
    tilt is the mean of the exposures, or else the largest accumulated dose by number of images.

    >>> reprocessing_ready(store)
    <Rows: ... × (dataset, tilt_series, name, path, ready, lacks, accelerating_voltage in kV,
    spherical_aberration in mm, amplitude_contrast, pixel_size in Å, tilt_axis_angle in °, dose_per_tilt in
    e⁻/Å², handedness, gain, movies)>
    """
    return run_typed(store, "reprocessing_ready", ReprocessingReady, page)


@dataclass(frozen=True, slots=True)
class TiltSeriesImage:
    """A tilt image, and how it was taken.

    Attributes:
        dataset: data set.
        tilt_series: tilt series.
        image: tilt image.
        position: place of the image in its series, counted from 0.
        name: name or else id of the image.
        path: file of the image.
        section: place in the image stack file, counted from 0.
        nominal_tilt_angle: tilt of the stage, in °.
        refined_tilt_angle: tilt angle after refinement, in °.
        acquisition_order: place in the order in which the images were taken, counted from 0.
        dose: dose that the specimen had received when the image was finished, in e⁻/Å².
        exposure_dose: dose of this exposure alone, in e⁻/Å².
        exposure_time: duration of the exposure, in s.
        defocus_u: larger of the two defoci; underfocus is positive, in Å.
        defocus_v: smaller of the two defoci; underfocus is positive, in Å.
        defocus_angle: angle of the axis of defocus U to the X axis, in °.
        excluded: whether the image was left out of processing.
        exclusion_reason: why the image was left out.
        movie: movie that the image was merged from.
        movie_path: file of the movie.
    """

    dataset: str
    tilt_series: str
    image: str
    position: int | None
    name: str | None
    path: str | None
    section: int | None
    nominal_tilt_angle: float | None
    refined_tilt_angle: float | None
    acquisition_order: int | None
    dose: float | None
    exposure_dose: float | None
    exposure_time: float | None
    defocus_u: float | None
    defocus_v: float | None
    defocus_angle: float | None
    excluded: bool | None
    exclusion_reason: str | None
    movie: str | None
    movie_path: str | None


def tilt_images(
    store: Store, *, tilt_series: str | Sequence[str] | None = None, **page: Unpack[ScopedPage]
) -> Rows[TiltSeriesImage]:
    """The images of tilt series with all that plots and importers need - place in the stack, angles, order,
    dose, exposure, defocus, exclusion, movie and file.

    The dose is what the specimen had received when the image was finished.

    >>> tilt_images(store)
    <Rows: ... × (dataset, tilt_series, ...)>

    Args:
        store: the store to query.
        tilt_series: tilt series.
    """
    return run_typed(store, "tilt_images", TiltSeriesImage, page, tilt_series=tilt_series)


@dataclass(frozen=True, slots=True)
class TiltSeriesByOptics:
    """A tilt series and how it was taken.

    Attributes:
        dataset: data set.
        tilt_series: tilt series.
        name: name or else id of the tilt series.
        path: file of the tilt series.
        pixel_size: size of a pixel of the tilt images, in Å.
        accelerating_voltage: accelerating voltage, in kV.
        microscope_model: maker and model of the microscope.
        detector_model: maker and model of the detector.
        detector_mode: mode of the detector.
        energy_filter_used: energy filter that was used.
        phase_plate_used: phase plate that was used.
    """

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    pixel_size: float | None
    accelerating_voltage: float | None
    microscope_model: str | None
    detector_model: str | None
    detector_mode: str | None
    energy_filter_used: str | None
    phase_plate_used: str | None


def tilt_series_by_optics(
    store: Store,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    voltage: float | None = None,
    detector: str | None = None,
    energy_filter: str | None = None,
    phase_plate: str | None = None,
    **page: Unpack[ScopedPage],
) -> Rows[TiltSeriesByOptics]:
    """Tilt series by how they were taken - pixel size, voltage, detector, energy filter and phase plate.

    What a series does not say itself is taken from its session, or from the imaging of its set. Texts are
    found by a part of them, in upper or lower case; ranges have both ends, within a relative tolerance of
    1e-6.

    >>> tilt_series_by_optics(store)
    <Rows: ... × (dataset, tilt_series, name, path, pixel_size in Å, accelerating_voltage in kV,
    microscope_model, detector_model, detector_mode, energy_filter_used, phase_plate_used)>

    Args:
        store: the store to query.
        minimum: smallest pixel size, in Å.
        maximum: largest pixel size, in Å.
        voltage: accelerating voltage, in kV.
        detector: part of the detector's model or mode.
        energy_filter: part of the energy filter.
        phase_plate: part of the phase plate.
    """
    return run_typed(
        store,
        "tilt_series_by_optics",
        TiltSeriesByOptics,
        page,
        minimum=minimum,
        maximum=maximum,
        voltage=voltage,
        detector=detector,
        energy_filter=energy_filter,
        phase_plate=phase_plate,
    )
