"""Tilt series of a run: the stack, its images with dose and defocus, the movies, and the microscope."""

from math import degrees

from cetsgraph.importers.ctf import ctf_metadata
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.portal.rows import data_files, mirrored, same
from cetsgraph.importers.portal.tables import Tables, identifier
from cetsgraph.importers.portal_entries import joined, kilovolts, software, stated
from cetsgraph.importers.tally import Tally
from cetsgraph.model import (
    CTFMetadata,
    DataFile,
    Detector,
    GainFile,
    ImagingParameters,
    MovieStack,
    MovieStackCollection,
    MovieStackSeries,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
)

__all__ = ["collection_metadata", "ctf", "microscope", "movies", "tilt_images", "tilt_series"]

_ROUNDING = 0.01  # degrees by which a stated range may differ from its ends


def tilt_series(row: Fields, name: str | None) -> TiltSeriesMicrographStack:
    """A tilt series as a whole, without its images."""
    number = row.integer("id")
    files = data_files(row)
    angles = mirrored(row, "https_angle_list", "s3_angle_list")
    found = TiltSeriesMicrographStack(
        id=None if number is None else str(number),
        name=name,
        path=files[0].path if files else None,
        accelerating_voltage=kilovolts(row.number("acceleration_voltage")),
        spherical_aberration=row.number("spherical_aberration_constant"),
        pixel_size=row.number("pixel_spacing") or None,
        width=row.integer("size_x") or None,
        height=row.integer("size_y") or None,
        tilt_count=row.integer("size_z"),
        tilt_axis_angle=row.number("tilt_axis"),
        tilt_range_min=row.number("tilt_min"),
        tilt_range_max=row.number("tilt_max"),
        tilt_step=row.number("tilt_step"),
        tilt_scheme=row.text("tilting_scheme"),
        total_dose=row.number("total_flux"),
        is_aligned=row.truth("is_aligned"),
        binning_from_frames=row.number("binning_from_frames") or None,
        software=software(row.text("data_acquisition_software")),
    )
    found.quality = _quality(row)
    _take_range(row, found)
    if angles is not None:
        files.append(DataFile(path=angles, role="tilt angles"))
    found.files = files if len(files) > 1 or any(one.file_size for one in files) else []
    return found


def _quality(row: Fields) -> int | None:
    """The portal's rating, which goes from 1 to 5."""
    quality = row.integer("tilt_series_quality")
    if quality is None or 1 <= quality <= 5:
        return quality
    row.leave("tilt_series_quality")
    return None


def _take_range(row: Fields, series: TiltSeriesMicrographStack) -> None:
    """Take the range of angles where the ends say the same."""
    low, high, said = series.tilt_range_min, series.tilt_range_max, row.peek("tilt_range")
    known = low is not None and high is not None and isinstance(said, int | float)
    if known and abs(said - (high or 0) + (low or 0)) <= _ROUNDING:
        row.take("tilt_range")


def microscope(row: Fields) -> ImagingParameters | None:
    """The microscope of a tilt series and its camera; None if nothing is known."""
    found = ImagingParameters(
        microscope_model=joined(row, "microscope_manufacturer", "microscope_model"),
        energy_filter=stated(row.text("microscope_energy_filter")),
        phase_plate=stated(row.text("microscope_phase_plate")),
    )
    camera = joined(row, "camera_manufacturer", "camera_model")
    found.detector = Detector(detector_model=camera) if camera else None
    return found if found != ImagingParameters() else None


def tilt_images(
    tables: Tables, series: TiltSeriesMicrographStack, number: int | None, tally: Tally
) -> list[TiltSeriesMicrograph]:
    """The images of a tilt series in the order of the stack, each with the dose of its movie."""
    images: dict[str, TiltSeriesMicrograph] = {}
    for row in sorted(tables.of("perSectionParameters", number), key=_section):
        image = _tilt_image(tables, row, tally)
        name = f"{number}-{image.section}"
        image.id = (
            name if image.section is not None and name not in images else f"{number}-row{identifier(row)}"
        )
        images[image.id] = image
    same_count = series.tilt_count is None or series.tilt_count == len(images)
    if images and same_count:
        series.tilt_count = None  # the images are listed
    return list(images.values())


def _section(row: Fields) -> tuple[bool, int, int]:
    section = identifier(row, "z_index")
    return section is None, section or 0, identifier(row) or 0


def _tilt_image(tables: Tables, row: Fields, tally: Tally) -> TiltSeriesMicrograph:
    image = TiltSeriesMicrograph(
        section=row.integer("z_index"),
        nominal_tilt_angle=row.number("raw_angle"),
        ctf_metadata=ctf(row, tally),
    )
    frame = tables.find("frames", identifier(row, "frame_id"))
    if frame is not None:
        same(row, "run_id", frame.peek("run_id"))
        image.movie_stack_id = f"frame-{row.integer('frame_id')}"
        image.accumulated_dose = frame.number("accumulated_dose")
        image.dose_convention = None if image.accumulated_dose is None else "before"
        image.exposure_dose = frame.number("exposure_dose")
        image.acquisition_order = frame.integer("acquisition_order")
    return image


def ctf(row: Fields, tally: Tally) -> CTFMetadata | None:
    """The contrast transfer function of an image; None where no defocus is stated."""
    phase = row.number("phase_shift")
    found = ctf_metadata(
        (row.number("major_defocus"), row.number("minor_defocus")),
        row.number("astigmatic_angle"),
        tally=tally,
        place=row.place("major_defocus"),
        phase_shift=None if phase is None else degrees(phase) % 360,
        resolution=row.number("max_resolution"),
    )
    if found is None:
        row.leave("minor_defocus", "astigmatic_angle", "phase_shift", "max_resolution")
    return found


def collection_metadata(tables: Tables, run: int | None) -> str | None:
    """The file that the microscope wrote for a run, where there is one."""
    files = tables.of("frameAcquisitionFiles", run)
    return mirrored(files[0], "https_mdoc_path", "s3_mdoc_path") if len(files) == 1 else None


def movies(tables: Tables, run: int | None) -> list[MovieStackCollection]:
    """The movies of a run, with its gain reference."""
    rows, gains = tables.of("frames", run), tables.of("gainFiles", run)
    if not rows:
        return []
    stacks = [
        MovieStack(id=f"frame-{row.integer('id')}", path=mirrored(row, "https_frame_path", "s3_frame_path"))
        for row in rows
    ]
    corrected = {str(row.peek("is_gain_corrected")) for row in rows}
    known = [row.truth("is_gain_corrected") for row in rows] if len(corrected) == 1 else [None]
    gain = [mirrored(row, "https_file_path", "s3_file_path") for row in gains[:1]]
    return [
        MovieStackCollection(
            movie_stack_series=[MovieStackSeries(id=f"frames-{run}", movie_stacks=stacks)],
            gain_file=GainFile(path=gain[0]) if gain and gain[0] else None,
            gain_corrected=known[0],
        )
    ]
