"""Alignments as STAR files of RELION 5: a table of tomograms, and one of images for each series."""

from collections.abc import Iterator, Sequence

from cetsgraph.exporters.aligned import AlignedImage, AlignedSeries
from cetsgraph.exporters.losses import Losses
from cetsgraph.exporters.texts import RELION_5, Value, star_block
from cetsgraph.geometry.projections import Projection
from cetsgraph.model import TiltSeriesMicrograph

__all__ = ["files"]


def files(given: Sequence[AlignedSeries], losses: Losses) -> Iterator[tuple[str, str]]:
    """Paths and texts of the files; images without a projection are absent, as RELION has it."""
    for one in given:
        rows = [_image_row(one, image, projection) for image, projection in one.aligned]
        yield f"tilt_series/{one.name}.star", _block(one.name, rows, one.pointer, losses)
    if given:
        yield "tomograms.star", _block("global", [_table_row(one) for one in given], "", losses)


def _block(name: str, rows: Sequence[dict[str, Value]], pointer: str, losses: Losses) -> str:
    text, partial = star_block(name, rows)
    if partial:
        losses.add(pointer, "values that only some have are left out", found=", ".join(partial))
    return RELION_5 + text


def _image_row(one: AlignedSeries, aligned: AlignedImage, projection: Projection) -> dict[str, Value]:
    image, ctf = aligned.image, aligned.image.ctf_metadata
    x, y = projection.shift or (None, None)
    return {
        "rlnMicrographMovieName": aligned.movie,
        "rlnTomoNominalStageTiltAngle": image.nominal_tilt_angle,
        "rlnTomoNominalTiltAxisAngle": one.series.tilt_axis_angle,
        "rlnMicrographPreExposure": _dose_before(image),
        "rlnMicrographName": _image_name(one, image),
        "rlnMicrographNameEven": image.even_path,
        "rlnMicrographNameOdd": image.odd_path,
        "rlnDefocusU": None if ctf is None else ctf.defocus_u,
        "rlnDefocusV": None if ctf is None else ctf.defocus_v,
        "rlnDefocusAngle": None if ctf is None else ctf.defocus_angle,
        "rlnPhaseShift": None if ctf is None else ctf.phase_shift,
        "rlnCtfFigureOfMerit": None if ctf is None else ctf.fit_score,
        "rlnCtfMaxResolution": None if ctf is None else ctf.fit_resolution,
        "rlnTomoXTilt": projection.x_tilt,
        "rlnTomoYTilt": projection.y_tilt,
        "rlnTomoZRot": projection.z_rotation,
        "rlnTomoXShiftAngst": x,
        "rlnTomoYShiftAngst": y,
    }


def _dose_before(image: TiltSeriesMicrograph) -> float | None:
    """The dose before the image; None where that is not stated."""
    dose = image.accumulated_dose
    if image.dose_convention == "including" and dose is not None and image.exposure_dose is not None:
        return dose - image.exposure_dose
    return dose if image.dose_convention == "before" else None


def _image_name(one: AlignedSeries, image: TiltSeriesMicrograph) -> str | None:
    path = image.path or one.series.path
    if path is None or image.section is None:
        return path
    return f"{image.section + 1:06d}@{path}"


def _table_row(one: AlignedSeries) -> dict[str, Value]:
    series, tomogram, pixel = one.series, one.tomogram, one.pixel_size
    row: dict[str, Value] = {
        "rlnTomoName": one.name,
        "rlnVoltage": series.accelerating_voltage,
        "rlnSphericalAberration": series.spherical_aberration,
        "rlnAmplitudeContrast": series.amplitude_contrast,
        "rlnTomoHand": None if series.defocus_handedness is None else float(series.defocus_handedness),
        "rlnOpticsGroupName": "optics1",
        "rlnTomoTiltSeriesPixelSize": pixel,
        "rlnTomoTiltSeriesStarFile": f"tilt_series/{one.name}.star",
    }
    if tomogram is None or pixel is None or tomogram.voxel_size is None:
        return row
    binning = tomogram.voxel_size / pixel
    for axis, voxels in zip("XYZ", (tomogram.width, tomogram.height, tomogram.depth), strict=True):
        row[f"rlnTomoSize{axis}"] = None if voxels is None else round(voxels * binning)
    return {
        **row,
        "rlnTomoTomogramBinning": binning,
        "rlnTomoReconstructedTomogram": tomogram.path,
        "rlnTomoReconstructedTomogramHalf1": tomogram.even_path,
        "rlnTomoReconstructedTomogramHalf2": tomogram.odd_path,
    }
