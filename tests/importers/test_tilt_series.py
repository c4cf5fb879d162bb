"""IMOD, AreTomo and Warp: facts of real files (shared/data/import/README.md)."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from imported_series import alignments, images, imported, movies, said, series

from cetsgraph.geometry import Projection
from cetsgraph.importers import claims, read
from cetsgraph.importers.formats import star
from cetsgraph.validation import validate

SAMPLES = {
    "imod/mka": ("imod", "mka", 1),
    "imod/etomo": ("imod", "etomo", 1),
    "imod/ts03": ("imod", "ts03", 1),
    "aretomo": ("aretomo", "aretomo", 5),
    "aretomo/global_and_local.aln": ("aretomo", "global_and_local", 1),
    "aretomo/test_8col_CTF.txt": ("aretomo", "test_8col", 1),
    "warp/00254.xml": ("warp", "00254", 1),
    "warp/TS_1.xml": ("warp", "TS_1", 1),
    "warp/24jul16a_Position_16_3.tomostar": ("warp", "24jul16a_Position_16_3", 1),
}


@pytest.mark.parametrize("sample", SAMPLES)
def test_what_is_imported_conforms(sample: str, shared_data: Path) -> None:
    (claim,) = claims([shared_data / "import" / sample]).claims
    document = read(claim)
    assert (claim.importer, document.dataset.name, len(document.dataset.regions)) == SAMPLES[sample]
    assert document.representable
    assert validate(document, profile="core").conforms


def test_etomo(shared_data: Path) -> None:
    document = imported(shared_data / "import/imod/etomo")
    found = images(document)
    (alignment,) = alignments(document)
    assert [image.nominal_tilt_angle for image in (found[0], found[-1])] == [
        -60,
        pytest.approx(56.99, abs=0.01),
    ]
    assert [image.refined_tilt_angle for image in (found[0], found[-1])] == [-57.12, 59.84]
    assert {image.pixel_size for image in found} == {6.192}
    assert [image.section for image in found if image.excluded] == [39]
    assert series(document.dataset.regions[0]).tilt_axis_angle == 83.9
    assert (alignment.software[0].name, alignment.alignment_method) == ("IMOD", "fiducial_based")
    first, last = alignment.projection_alignments[0], alignment.projection_alignments[-1]
    assert (first.z_rotation, last.z_rotation) == pytest.approx((84.1406, 84.2367), abs=1e-4)
    assert first.shift is not None
    assert first.shift.translation == pytest.approx([-4.095 * 6.192, -1.987 * 6.192], abs=0.01)


def test_tilt_com(shared_data: Path) -> None:
    document = imported(shared_data / "import/imod/mka", pixel_size=2.5)
    (tomogram,) = document.dataset.regions[0].tomo_image_sets[0].tomogram_sets[0].tomograms
    assert (tomogram.width, tomogram.height, tomogram.depth, tomogram.voxel_size) == (927, 958, 500, 10)
    first = alignments(document)[0].projection_alignments[0]
    assert first.z_rotation == pytest.approx(-100.4477, abs=1e-4)
    assert first.shift is not None
    assert first.shift.translation == pytest.approx([-79.207 * 2.5, -44.545 * 2.5], abs=0.01)
    assert (len(images(document)), images(document)[0].refined_tilt_angle) == (59, -52.24)


VARIATIONS: dict[str, tuple[str, str, Callable[[str], bytes]]] = {
    "commas between numbers": (
        "imod/mka", "tilt.com", lambda text: re.sub("(3708|0.0) +(3832|0.0)", r"\1,\2", text).encode()
    ),
    "the Unicode of Windows": (
        "mdoc/tilt_series.mdoc", "tilt_series.mdoc", lambda text: text.encode("utf-16")
    ),
    "XML in the Unicode of Windows": (
        "warp/00254.xml", "00254.xml", lambda text: text.replace("utf-8", "utf-16").encode("utf-16")
    ),
    "a column that is new": (
        "aretomo/test_8col_CTF.txt",
        "test_8col_CTF.txt",
        lambda text: re.sub(r"(?m)^( *\d.*)$", r"\1 0.5", text).encode(),
    ),
    "a dose beside the angle of the stage": (
        "imod/etomo", "TS_001.rawtlt", lambda text: re.sub(r"(?m)(\S)[ \r]*$", r"\1 3.0", text).encode()
    ),
}  # fmt: skip
"""What says the same in other ways: samples, a file of each, and the file as another program writes it."""


@pytest.mark.parametrize("variation", VARIATIONS)
def test_what_is_written_in_another_way_is_the_same(
    variation: str, shared_data: Path, tmp_path: Path
) -> None:
    sample, name, change = VARIATIONS[variation]
    source, importer = shared_data / "import" / sample, sample.partition("/")[0]
    as_it_was = imported(source, importer=importer, pixel_size=2.5).dataset
    if source.is_dir():
        shutil.copytree(source, copy := tmp_path / source.name)
    else:
        shutil.copy(source, copy := tmp_path / source.name)
    file = copy / name if copy.is_dir() else copy
    text = file.read_text(encoding="utf-8-sig")
    assert change(text) != text.encode()
    file.write_bytes(change(text))
    assert imported(copy, importer=importer, pixel_size=2.5).dataset == as_it_was


DEFOCUS = {
    "astigmatism_and_phase_shift": (14839, 10687, 32.44, 26.49),
    "astigmatism_phase_shift_and_cutoff_freq": (13314, 9175, 32.43, 29.08),
    "only_astigmatism": (16516, 12067, 31.76, None),
    "plain_estimation": (13600, 13600, None, None),
}


@pytest.mark.parametrize("variant", DEFOCUS)
def test_defocus_files_of_imod(variant: str, some: Callable[..., Path]) -> None:
    folder = "imod/ts03/"
    document = imported(
        some(TS_03__defocus=f"{folder}TS_03_{variant}.defocus", TS_03__tlt=f"{folder}TS_03.tlt")
    )
    found = images(document)
    first = found[0].ctf_metadata
    assert len(found) == 40 and first is not None
    values = (first.defocus_u, first.defocus_v, first.defocus_angle, first.phase_shift)
    assert values == tuple(None if one is None else pytest.approx(one) for one in DEFOCUS[variant])
    assert all(image.ctf_metadata is not None for image in found)
    assert (found[0].accumulated_dose, found[0].dose_convention) == (117, "unknown")


EXPANSION = {
    "a line for every view": (4, [1], [0, 1, 2, 3], 0),
    "a line for every kept view": (3, [1], [0, 2, 3], 0),
    "another number of lines": (3, [1, 2], [], 1),
}


@pytest.mark.parametrize("case", EXPANSION)
def test_lines_of_kept_views_find_their_view(case: str, tmp_path: Path) -> None:
    lines, left_out, expected, conflicts = EXPANSION[case]
    for ending in ("rawtlt", "tlt"):
        (tmp_path / f"a.{ending}").write_text("-3\n0\n3\n6\n")
    (tmp_path / "a.xf").write_text("1 0 0 1 3 4\n" * lines)
    excluded = ",".join(str(view + 1) for view in left_out)
    text = f"$tilt -StandardInput\nInputProjections a_ali.mrc\nEXCLUDELIST {excluded}\n"
    (tmp_path / "tilt.com").write_text(text)
    document = imported(tmp_path, pixel_size=2)
    sections = {image.id: image.section for image in images(document)}
    aligned = [one for alignment in alignments(document) for one in alignment.projection_alignments]
    assert [sections[one.tilt_image_id] for one in aligned] == expected
    assert [section for section in range(4) if images(document)[section].excluded] == left_out
    assert len(said(document, "import-conflict")) == conflicts


def test_dark_images_of_aretomo_are_excluded_and_sections_are_those_of_the_stack(shared_data: Path) -> None:
    document = imported(shared_data / "import/aretomo/global_and_local.aln", pixel_size=2)
    found = images(document)
    assert [image.section for image in found] == list(range(51))
    assert [image.section for image in found if image.excluded] == list(range(14))
    assert (found[0].nominal_tilt_angle, found[13].nominal_tilt_angle) == (-68, -42)
    assert found[14].refined_tilt_angle == -27.71
    assert found[14].nominal_tilt_angle == pytest.approx(-40.01)
    (alignment,) = alignments(document)
    assert (alignment.alignment_type, alignment.alignment_method) == ("local", "projection_matching")
    assert (alignment.tilt_offset, alignment.specimen_thickness) == (12.3, 3820)
    first = alignment.projection_alignments[0]
    assert (first.tilt_image_id, first.z_rotation) == ("global_and_local-14", 84.4445)
    assert first.shift is not None and first.shift.translation == [26.764, 43.604]
    assert any(one.startswith("local alignment: 592 values") for one in said(document, "import-dropped"))


def test_a_cut_file_of_aretomo_is_read_without_sections(shared_data: Path) -> None:
    document = imported(shared_data / "import/aretomo/test.aln", pixel_size=2)
    assert [image.section for image in images(document)] == [None] * 8
    assert len(said(document, "import-conflict")) == 1
    assert [one.z_rotation for one in alignments(document)[0].projection_alignments] == [-12.6611] * 4


def test_a_run_of_aretomo(some: Callable[..., Path], shared_data: Path) -> None:
    """Alignment, order, CTF, session and metrics of one series of 31 images."""
    folder = some(
        TS__aln="../cryoet-data-portal/10445_TS_105_5.global_only.aln",
        TS_TLT__txt="aretomo/24jul16a_Position_16_3_TLT.txt",
        TS_CTF__txt="aretomo/test_8col_CTF.txt",
        AreTomo3_Session__json="aretomo/AreTomo3_Session_constructed.json",
    )
    document = imported(folder)
    found = images(document)
    assert [image.nominal_tilt_angle for image in (found[0], found[-1])] == [-45.01, 44.99]
    assert found[0].acquisition_order == 30
    assert {image.pixel_size for image in found} == {1.54}
    ctf = found[0].ctf_metadata
    assert ctf is not None and (ctf.defocus_u, ctf.defocus_v, ctf.defocus_angle) == (21717.31, 20740.78, 52)
    assert (ctf.defocus_handedness, ctf.phase_shift, ctf.fit_score) == (-1, 0, 0.1125)
    (alignment,) = alignments(document)
    assert (alignment.software[0].name, alignment.software[0].version) == ("AreTomo3", "2.0.10")
    shift = alignment.projection_alignments[0].shift
    assert shift is not None and shift.translation == pytest.approx([-25.8874, -122.14664])
    stack = series(document.dataset.regions[0])
    assert (stack.accelerating_voltage, stack.spherical_aberration, stack.width) == (300, 2.7, 4096)


def test_metrics_state_the_pixel_size(some: Callable[..., Path]) -> None:
    folder = some(TS__aln="aretomo/global_and_local.aln")
    names = "Tilt_Series,Thickness(Pix),Tilt_Axis,Global_Shift(Pix),Pix_Size(A)"
    (folder / "TiltSeries_Metrics.csv").write_text(f"{names}\nTS.mrc, 2240, 90.59, 70.16, 1.69\n")
    assert {image.pixel_size for image in images(imported(folder))} == {1.69}


def test_warp(shared_data: Path) -> None:
    document = imported(shared_data / "import/warp/TS_1.xml")
    stack = series(document.dataset.regions[0])
    found = stack.micrographs
    assert (len(found), found[0].accumulated_dose, found[0].dose_convention) == (41, 120, "before")
    assert (stack.accelerating_voltage, stack.amplitude_contrast, stack.ctf_pixel_size) == (300, 0.1, 0.834)
    assert (stack.defocus_handedness, stack.angles_inverted) == (1, False)
    ctf = found[0].ctf_metadata
    half = 0.02141254 / 2
    assert ctf is not None and ctf.defocus_u == pytest.approx((2.8969412 + half) * 1e4)
    assert ctf.defocus_v == pytest.approx((2.8969412 - half) * 1e4)
    assert ctf.defocus_angle == pytest.approx(26.262018)
    first = alignments(document)[0].projection_alignments[0]
    assert first.x_tilt == 1.457031
    assert first.y_tilt == pytest.approx(-(40.01 - 5.920115))
    assert first.shift is not None and first.shift.translation == [12.05431, -51.868156]
    assert "GridMovementX: 984 values have no field" in said(document, "import-dropped")


def test_defocus_grows_along_the_beam_as_warp_computed_it(shared_data: Path) -> None:
    """Handedness +1 of a file whose angles are not inverted, by 1,107 defoci of points in the tomogram."""
    document = imported(shared_data / "import/warp/TS_1.xml")
    blocks = star.parse(
        enumerate((shared_data / "import/warp/TS_1.star").read_text().split("\n"), 1)
    ).tables()
    points, mappings = (np.array(table.rows, float) for _, table in (blocks[0], blocks[2]))
    depths, differences = [], []
    for point, tilt, *_, u, v, _ in mappings.tolist():
        ctf = images(document)[int(tilt) - 1].ctf_metadata
        aligned = alignments(document)[0].projection_alignments[int(tilt) - 1]
        turned = Projection(aligned.x_tilt or 0, aligned.y_tilt or 0, aligned.z_rotation or 0)
        depths.append(np.dot(turned.matrix[2], points[int(point) - 1]))
        assert ctf is not None and ctf.defocus_u is not None and ctf.defocus_v is not None
        differences.append((u + v - ctf.defocus_u - ctf.defocus_v) / 2)
    slope, offset = np.polyfit(depths, differences, 1)
    assert (slope, offset) == pytest.approx((1, 0), abs=0.01)
    assert series(document.dataset.regions[0]).defocus_handedness == 1


def test_a_tomostar(shared_data: Path) -> None:
    document = imported(shared_data / "import/warp/24jul16a_Position_16_3.tomostar")
    found = images(document)
    assert [len(found), found[0].nominal_tilt_angle, found[-1].nominal_tilt_angle] == [31, -45.01, 44.99]
    assert (found[0].accumulated_dose, series(document.dataset.regions[0]).tilt_axis_angle) == (116.1, 83.94)
    name = "../warp_frameseries/24jul16a_Position_16_3_031_-45.00_20240716_210415_EER.eer"
    assert movies(document)[0].path == name
    assert alignments(document)[0].projection_alignments[0].y_tilt == -45.01


def test_imod_and_the_warp_file_that_was_made_of_it(some: Callable[..., Path]) -> None:
    """Two alignments of one series: the same shifts and axes, tilts of the other sign."""
    names = {f"00254__{ending}": f"warp/00254.{ending}" for ending in ("xf", "tlt", "xml")}
    document = imported(some(**names), pixel_size=10)
    imod, warp = alignments(document)
    assert [one.id for one in (imod, warp)] == ["00254-imod-alignment", "00254-warp-alignment"]
    pairs = list(zip(imod.projection_alignments, warp.projection_alignments, strict=True))
    assert len(pairs) == len(images(document)) == 41
    for one, other in pairs:
        assert one.tilt_image_id == other.tilt_image_id
        assert one.z_rotation == pytest.approx(other.z_rotation, abs=5e-6)
        assert one.y_tilt == pytest.approx(-(other.y_tilt or 0))
        assert one.shift is not None and other.shift is not None
        assert one.shift.translation == pytest.approx(other.shift.translation, abs=2e-4)
    assert said(document, "import-conflict") == []
    assert [one for one in said(document, "import-derived") if "other way" in one]
