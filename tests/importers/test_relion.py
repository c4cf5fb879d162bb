"""RELION's STAR files: the facts of real projects, written in shared/data/import/README.md."""

import shutil
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from imported_series import points, said, series

from cetsgraph.documents import Document
from cetsgraph.importers import Options, claims, read
from cetsgraph.model import Region, Tomogram
from cetsgraph.validation import validate

EMP = "import/relion/emp10164"
CYLINDRA = "import/relion/cylindra"


def imported(*paths: Path, **options: Any) -> Document:
    (claim,) = claims(paths).claims
    assert claim.importer == "relion"
    return read(claim, options=Options(**options))


def regions(document: Document) -> dict[str | None, Region]:
    return {region.id: region for region in document.dataset.regions}


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


SAMPLES = [
    EMP,
    f"{EMP}/AlignTiltSeries",
    f"{EMP}/Import/job001/tilt_series.star",
    f"{EMP}/ExcludeTiltImages/job004",
    f"{EMP}/MotionCorr/job002/corrected_tilt_series.star",
    f"{EMP}/Extract/job020/particles.star",
    f"{CYLINDRA}/Tomograms",
    f"{CYLINDRA}/Picks/job_picks/particles.star",
    f"{CYLINDRA}/Refine3D/job_refine/run_it050_data.star",
    f"{CYLINDRA}/Class3D/job_class3d/run_it025_data.star",
    "import/warp/matching_tomograms.star",
    "import/picks/relion_3_star.star",
    "import/picks/tomoman_relion_star.star",
]


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_is_imported_conforms(sample: str, shared_data: Path) -> None:
    document = imported(shared_data / sample)
    assert document.representable
    assert validate(document, profile="core").conforms


def test_a_project_is_its_newest_job_with_what_the_first_had_besides(shared_data: Path) -> None:
    document = imported(shared_data / EMP)
    found = regions(document)
    first = found["TS_01"].tomo_image_sets[0]
    stack = series(found["TS_01"])
    assert document.dataset.name == "emp10164"
    assert list(found) == ["TS_01", "TS_03", "TS_43", "TS_45", "TS_54"]
    assert (stack.accelerating_voltage, stack.spherical_aberration, stack.amplitude_contrast) == (
        300,
        2.7,
        0.1,
    )
    assert (stack.tilt_axis_angle, stack.defocus_handedness) == (85, -1)
    excluded = [image for image in stack.micrographs if image.excluded]
    assert (len(stack.micrographs), len(excluded), len(first.alignments[0].projection_alignments)) == (
        41,
        1,
        40,
    )
    assert excluded[0].nominal_tilt_angle == pytest.approx(-59.9986, abs=1e-3)
    assert sorted(image.acquisition_order or 0 for image in stack.micrographs) == list(range(41))
    image = stack.micrographs[0]
    assert (image.pixel_size, image.nominal_tilt_angle, image.accumulated_dose) == (1.35, -56.9985, 114)
    assert (image.dose_convention, image.path) == ("before", "MotionCorr/job002/frames/TS_01_038_-57_0.mrc")
    ctf = image.ctf_metadata
    assert ctf is not None and (ctf.defocus_u, ctf.defocus_v) == (39616.004993, 39242.406055)
    assert ctf.defocus_angle == pytest.approx(107.005741 - 90)
    aligned = first.alignments[0].projection_alignments[0]
    assert (aligned.x_tilt, aligned.y_tilt, aligned.z_rotation) == (0, -57, 85.032958)
    assert aligned.shift is not None and aligned.shift.translation == [34.845611, 108.499417]
    assert first.imaging is not None and first.imaging.nominal_defocus_max == 4000
    tomogram, denoised = first.tomogram_sets[0].tomograms
    assert (tomogram.width, tomogram.height, tomogram.depth, tomogram.voxel_size) == (540, 540, 270, 10)
    assert tomogram.even_path == "Tomograms/job006/tomograms/rec_TS_01_half1.mrc"
    assert (denoised.path, denoised.derived_from) == ("Denoise/job008/tomograms/rec_TS_01.mrc", [tomogram.id])
    assert len(first.movie_stack_collections[0].movie_stack_series[0].movie_stacks) == 41
    missing = said(document, "import-part-missing")
    assert len([one for one in missing if one.startswith("CtfRefine")]) == 3


def test_particles_of_relion_5(shared_data: Path) -> None:
    document = imported(shared_data / EMP / "Extract/job020/particles.star")
    (found,) = points(document)
    assert (found.unit, found.origin, len(found.coordinates or [])) == ("angstrom", "centre", 60)
    assert found.coordinates is not None and found.coordinates[0] == [1776.506664, -950.69325, 1135.301351]
    assert found.point_ids is not None and found.point_ids[0] == "TS_01/12"
    expected = _euler(167.689240, 98.103985, -164.55358) @ _euler(-1.00085, 97.383685, 6.558202)
    np.testing.assert_allclose(np.array(found.rotations)[0], expected, atol=1e-8)
    attributes = {one.name: one.values for one in found.point_attributes}
    first = {name: (values or [None])[0] for name, values in attributes.items()}
    assert (first["rlnClassNumber"], first["rlnRandomSubset"]) == (5, 2)
    assert first["rlnLogLikeliContribution"] == 338022.0


def _euler(rot: float, tilt: float, psi: float) -> np.ndarray:
    def turn(axis: str, angle: float) -> np.ndarray:
        c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        return np.array(
            [[c, -s, 0], [s, c, 0], [0, 0, 1]] if axis == "z" else [[c, 0, s], [0, 1, 0], [-s, 0, c]]
        )

    return (turn("z", rot) @ turn("y", tilt) @ turn("z", psi)).T


def test_origins_of_particles_turn_with_their_boxes(shared_data: Path) -> None:
    document = imported(shared_data / CYLINDRA / "Class3D/job_class3d/run_it025_data.star")
    found = points(document)[0]
    box = _euler(174.931305, 90.261512, -129.54646)
    expected = np.array([754.828605, -879.58025, 138.065739]) - box @ (-3.75772, 4.342283, -3.75772)
    np.testing.assert_allclose((found.coordinates or [])[0], expected, atol=1e-5)


def test_picks_of_two_tomograms(shared_data: Path) -> None:
    document = imported(shared_data / CYLINDRA / "Picks/job_picks/particles.star")
    first, second = points(document)
    assert [len(one.coordinates or []) for one in (first, second)] == [3, 2]
    assert first.coordinates is not None and first.coordinates[0] == [-176.94, 765.48005, 11.16]
    assert (first.rotations, first.point_ids) == (None, None)


@pytest.mark.parametrize("name", ["relion_3_star", "tomoman_relion_star"])
def test_picks_of_relion_3_stay_where_they_are_if_the_tomogram_is_not_known(
    name: str, shared_data: Path
) -> None:
    document = imported(shared_data / "import/picks" / f"{name}.star")
    first, second, third = points(document)
    assert [len(one.coordinates or []) for one in (first, second, third)] == [2, 3, 1]
    assert (first.unit, first.origin) == ("pixel", "corner")
    assert first.coordinates is not None and first.coordinates[0] == [4 + 1.2, 8 + 2.4, 12 + 3.2]
    np.testing.assert_allclose(np.array(first.rotations)[0], _euler(90, 45, 180), atol=1e-9)
    assert len(said(document, "import-assumed")) == 3


RELION_4 = """
data_global
loop_
_rlnTomoName #1
_rlnTomoTiltSeriesName #2
_rlnTomoSizeX #3
_rlnTomoSizeY #4
_rlnTomoSizeZ #5
_rlnTomoTiltSeriesPixelSize #6
TS_01 TS_01.st 100 80 41 2.0
data_TS_01
loop_
_rlnTomoProjX #1
_rlnTomoProjY #2
_rlnTomoProjZ #3
_rlnTomoProjW #4
[1,0,0,0] [0,1,0,0] [0,0,1,0] [0,0,0,1]
"""
RELION_4_PICKS = """
data_optics
loop_
_rlnOpticsGroup #1
_rlnTomoTiltSeriesPixelSize #2
1 2.0
data_particles
loop_
_rlnTomoName #1
_rlnCoordinateX #2
_rlnCoordinateY #3
_rlnCoordinateZ #4
_rlnOriginXAngst #5
_rlnOriginYAngst #6
_rlnOriginZAngst #7
_rlnOpticsGroup #8
TS_01 60 40 20 4 0 0 1
"""


def test_picks_of_relion_4_are_counted_from_the_centre_that_the_user_states(tmp_path: Path) -> None:
    particles = written(tmp_path / "particles.star", RELION_4_PICKS)
    document = imported(particles, size=(25, 20, 10), voxel_size=8.0)
    (found,) = points(document)
    assert (found.coordinates, found.unit, found.origin) == ([[20.0, 0.0, 0.0]], "angstrom", "centre")
    (tomogram,) = [one for one in document.dataset.walk() if isinstance(one, Tomogram)]
    assert (tomogram.width, tomogram.height, tomogram.depth, tomogram.voxel_size) == (25, 20, 10, 8.0)
    assert not said(document, "import-assumed")


def test_picks_of_relion_4_are_counted_from_the_centre(tmp_path: Path) -> None:
    written(tmp_path / "tomograms.star", RELION_4)
    written(tmp_path / "particles.star", RELION_4_PICKS)
    document = imported(tmp_path)
    (found,) = points(document)
    assert (found.coordinates, found.unit, found.origin) == ([[16.0, 0.0, 0.0]], "angstrom", "centre")
    assert series(document.dataset.regions[0]).path == "TS_01.st"


def test_matrices_of_relion_4_have_a_shift_if_the_stack_is_there(tmp_path: Path) -> None:
    """Corner to corner: the centre of the volume, 50 pixels, is seen at 64, ten from that of the image."""
    table = RELION_4.replace("[1,0,0,0] [0,1,0,0]", "[1,0,0,14] [0,1,0,0]")
    written(tmp_path / "tomograms.star", table)
    header = bytearray(1024)
    struct.pack_into("<4i", header, 0, 108, 80, 41, 2)
    header[208:214] = b"MAP DD"
    for there in (False, True):
        if there:
            (tmp_path / "TS_01.st").write_bytes(header)
        document = imported(tmp_path / "tomograms.star")
        aligned = document.dataset.regions[0].tomo_image_sets[0].alignments[0].projection_alignments[0]
        moved = None if aligned.shift is None else aligned.shift.translation
        assert moved == ([20, 0] if there else None)
        assert bool(said(document, "import-dropped")) is not there


def test_matrices_of_warptools(shared_data: Path) -> None:
    document = imported(shared_data / "import/warp/matching_tomograms.star")
    assert [region.id for region in document.dataset.regions] == [
        "24jul16a_Position_27_1",
        "24jul16a_Position_18_1",
        "24jul16a_Position_16_3",
    ]
    region = document.dataset.regions[2]
    tomogram = region.tomo_image_sets[0].tomogram_sets[0].tomograms[0]
    assert (tomogram.width, tomogram.depth, tomogram.voxel_size) == (4096, 2000, 1.54)
    images = series(region).micrographs
    assert [images[0].accumulated_dose, images[0].exposure_dose] == [116.1, 3.87]
    first = region.tomo_image_sets[0].alignments[0].projection_alignments[0]
    assert first.shift is None
    assert (first.y_tilt, first.z_rotation) == pytest.approx((-45.01, 83.94), abs=2e-2)


ODD = {
    "a row with a value too few": ("1 2 3\n4 5", 9),
    "no number": ("1 2 nan", 8),
}


@pytest.mark.parametrize("case", ODD)
def test_what_is_no_row_or_number_is_a_violation_with_its_place(case: str, tmp_path: Path) -> None:
    rows, line = ODD[case]
    names = "".join(f"_rlnCenteredCoordinate{axis}Angst\n" for axis in "XYZ")
    path = written(tmp_path / "particles.star", f"# version 50001\n\ndata_particles\nloop_\n{names}{rows}\n")
    document = imported(path)
    assert [(one.rule, one.file, one.line) for one in document.skipped] == [("value-type", path.name, line)]


def test_a_series_without_a_name_of_its_own_is_a_violation_with_its_place(tmp_path: Path) -> None:
    names = "data_global\nloop_\n_rlnTomoName #1\n_rlnTomoTiltSeriesStarFile #2\n"
    rows = 'TS_01 a.star\n"" b.star\nTS_02 c.star\nTS_01 d.star\n'
    document = imported(written(tmp_path / "tilt_series.star", names + rows))
    assert list(regions(document)) == ["TS_01", "TS_02"]
    assert [(one.line, one.found) for one in document.skipped] == [(6, "no name")]
    assert document.skipped[0].message.endswith("(2 times)")


def test_names_in_files_lead_to_nothing_but_tables_of_the_project(tmp_path: Path) -> None:
    written(tmp_path / "TS_01.star", "data_TS_01\nloop_\n_rlnTomoYTilt #1\n3.0\n")
    written(tmp_path / "secret.txt", "data_TS_01\nloop_\n_rlnTomoYTilt #1\n3.0\n")
    table = "data_global\nloop_\n_rlnTomoName #1\n_rlnTomoTiltSeriesStarFile #2\n"
    names = ("../TS_01.star", str(tmp_path / "TS_01.star"), "secret.txt")
    rows = "".join(f"TS_{number} {name}\n" for number, name in enumerate(names))
    document = imported(written(tmp_path / "project" / "tomograms.star", table + rows))
    assert len(said(document, "import-part-missing")) == 3
    assert [series(region).micrographs for region in document.dataset.regions] == [[], [], []]


def test_every_column_is_in_the_data_set_or_in_a_finding(shared_data: Path) -> None:
    """What is taken of a row of images is exactly what is not reported."""
    path = shared_data / EMP / "CtfRefine/job027/tilt_series/TS_01.star"
    document = imported(path)
    dropped = {one.split(":")[0] for one in said(document, "import-dropped")}
    columns = {line.split()[0][1:] for line in path.read_text().splitlines() if line.startswith("_")}
    taken = columns - dropped
    assert dropped <= columns
    assert taken == {
        *("rlnMicrographMovieName", "rlnMicrographName", "rlnMicrographNameEven", "rlnMicrographNameOdd"),
        *("rlnTomoTiltMovieFrameCount", "rlnTomoNominalStageTiltAngle", "rlnTomoNominalTiltAxisAngle"),
        *(
            "rlnMicrographPreExposure",
            "rlnTomoNominalDefocus",
            "rlnDefocusU",
            "rlnDefocusV",
            "rlnDefocusAngle",
        ),
        *("rlnCtfFigureOfMerit", "rlnCtfMaxResolution", "rlnTomoXTilt", "rlnTomoYTilt", "rlnTomoZRot"),
        *("rlnTomoXShiftAngst", "rlnTomoYShiftAngst"),
    }


def test_an_mdoc_file_of_the_project_completes_its_series(shared_data: Path, tmp_path: Path) -> None:
    project = tmp_path / "emp10164"
    shutil.copytree(shared_data / "import" / "relion" / "emp10164", project)
    (project / "mdocs").mkdir()
    shutil.copy(shared_data / "import" / "mdoc" / "tilt_series.mdoc", project / "mdocs" / "TS_01.mdoc")
    (claim,) = claims([project]).claims
    document = read(claim)
    images = next(one for one in document.dataset.regions if one.id == "TS_01").tomo_image_sets[0]
    (series,) = images.tilt_series_sets[0].tilt_series
    assert (series.tilt_axis_angle, series.accelerating_voltage, len(series.micrographs)) == (85.3, 300, 41)
    first = series.micrographs[0]
    # The stage and the time are the mdoc's, the file and its pixels RELION's.
    assert (first.stage_position or [])[2] == 163.81 and first.acquisition_time is not None
    assert (first.pixel_size, first.acquisition_order, first.refined_tilt_angle) == (1.35, 38, -57)
    assert {one.tilt_image_id for one in images.alignments[0].projection_alignments} < {
        image.id for image in series.micrographs
    }
    (conflict,) = [one for one in document.findings if one.rule == "import-conflict"]
    assert conflict.found == "1.35 of relion (kept) and 5.4 of mdoc"
    assert validate(document).conforms


def test_folders_beside_a_project_complete_its_series(shared_data: Path, tmp_path: Path) -> None:
    project = tmp_path / "session" / "relion"
    shutil.copytree(shared_data / EMP, project)
    for folder in ("frames", "aretomo"):
        (tmp_path / "session" / folder).mkdir()
    mdoc = shared_data / "import" / "mdoc" / "tilt_series.mdoc"
    shutil.copy(mdoc, tmp_path / "session" / "frames" / "TS_01.mdoc")
    rows = "".join(f"{row} 85.1 1 1.5 -2 1 1 1 0 {3 * row - 60}\n" for row in range(41))
    aln = f"# AreTomo Alignment\n# RawSize = 924 958 41\n{rows}"
    (tmp_path / "session" / "aretomo" / "TS_01.aln").write_text(aln)
    document = imported(tmp_path / "session")
    assert document.dataset.name == "session" and validate(document, profile="core").conforms
    (images,) = regions(document)["TS_01"].tomo_image_sets
    micrographs = series(regions(document)["TS_01"]).micrographs
    assert micrographs[0].acquisition_time is not None, "as the mdoc file says"
    assert [one.id for one in images.alignments] == ["TS_01-alignment", "TS_01-aretomo-alignment"]
    first, other = (one.projection_alignments for one in images.alignments)
    assert (len(first), len(other)) == (40, 41)
    angles = {one.id: one.nominal_tilt_angle for one in micrographs}
    assert all(abs(angles[one.tilt_image_id] - one.y_tilt) < 0.1 for one in other)
    assert other[0].shift.translation == [8.1, -10.8], "pixels of 5.4 Å, as the mdoc file states"


def test_an_mdoc_file_of_another_series_stays_apart(shared_data: Path, tmp_path: Path) -> None:
    project = tmp_path / "emp10164"
    shutil.copytree(shared_data / "import" / "relion" / "emp10164", project)
    (project / "TS_99.mdoc").write_text("[ZValue = 0]\nTiltAngle = 0\n")
    assert sorted(claim.importer for claim in claims([project]).claims) == ["mdoc", "relion"]


def test_names_that_copies_of_a_particle_share_are_an_attribute(tmp_path: Path) -> None:
    """As relion_particle_symmetry_expand writes them."""
    names = "".join(f"_rlnCenteredCoordinate{axis}Angst\n" for axis in "XYZ")
    head = f"data_particles\nloop_\n_rlnTomoName\n_rlnTomoParticleName\n{names}"
    rows = "TS_01 TS_01/1 1 2 3\nTS_01 TS_01/1 1 2 3\nTS_02 TS_02/1 1 2 3\n"
    document = imported(written(tmp_path / "particles.star", head + rows))
    first, other = points(document)
    assert (first.point_ids, other.point_ids) == (None, ["TS_02/1"])
    assert [(one.name, one.values) for one in first.point_attributes] == [
        ("rlnTomoParticleName", ["TS_01/1", "TS_01/1"])
    ]
    assert validate(document, profile="core").conforms


def test_names_with_the_slash_of_windows_lead_to_tables_of_the_project(tmp_path: Path) -> None:
    table = "data_global\nloop_\n_rlnTomoName\n_rlnTomoTiltSeriesStarFile\nTS_01 tilt_series\\TS_01.star\n"
    path = written(tmp_path / "tomograms.star", table)
    written(tmp_path / "tilt_series" / "TS_01.star", "data_TS_01\nloop_\n_rlnTomoYTilt\n3.0\n")
    document = imported(path)
    assert len(series(document.dataset.regions[0]).micrographs) == 1
    assert not said(document, "import-part-missing")


def test_particles_that_name_no_tomogram_are_of_that_of_their_file(tmp_path: Path) -> None:
    head = "data_\nloop_\n_rlnCoordinateX\n_rlnCoordinateY\n_rlnCoordinateZ\n"
    assert list(regions(imported(written(tmp_path / "TS_05.star", f"{head}1 2 3\n")))) == ["TS_05"]
