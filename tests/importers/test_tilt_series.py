"""IMOD, AreTomo and Warp: facts of real files (shared/data/import/README.md), alone and merged."""

import re
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cetsgraph.documents import Document
from cetsgraph.errors import DocumentError
from cetsgraph.geometry import Projection
from cetsgraph.importers import Options, claims, read
from cetsgraph.importers.formats import star
from cetsgraph.model import Alignment, MovieStack, Region, TiltSeriesMicrograph, TiltSeriesMicrographStack
from cetsgraph.validation import validate


def imported(*paths: Path, importer: str | None = None, **options: Any) -> Document:
    (claim,) = claims(paths, importer=importer).claims
    return read(claim, Options(**options))


def series(region: Region) -> TiltSeriesMicrographStack:
    return region.tomo_image_sets[0].tilt_series_sets[0].tilt_series[0]


def images(document: Document) -> list[TiltSeriesMicrograph]:
    return series(document.dataset.regions[0]).micrographs


def movies(document: Document) -> list[MovieStack]:
    collections = document.dataset.regions[0].tomo_image_sets[0].movie_stack_collections
    return [movie for one in collections for some in one.movie_stack_series for movie in some.movie_stacks]


def alignments(document: Document) -> list[Alignment]:
    return [one for region in document.dataset.regions for one in region.tomo_image_sets[0].alignments]


def said(document: Document, rule: str) -> list[str]:
    return [one.message for one in document.findings if one.rule == rule]


@pytest.fixture
def some(shared_data: Path, tmp_path: Path) -> Callable[..., Path]:
    """A folder with copies of samples, by the names that they are to have."""

    def copied(**names: str) -> Path:
        folder = tmp_path / "session"
        folder.mkdir(exist_ok=True)
        for target, source in names.items():
            shutil.copy(shared_data / "import" / source, folder / target.replace("__", "."))
        return folder

    return copied


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


@pytest.mark.parametrize(("asked", "sign"), [("imod", 1), ("warp", -1)])
def test_the_alignment_that_is_asked_for_comes_first(
    asked: str, sign: int, some: Callable[..., Path]
) -> None:
    names = {f"00254__{ending}": f"warp/00254.{ending}" for ending in ("xf", "tlt", "xml")}
    document = imported(some(**names), pixel_size=10, alignment=asked)
    first, _ = alignments(document)
    assert first.id == f"00254-{asked}-alignment"
    refined = [image.refined_tilt_angle for image in images(document)]
    assert refined == [one.y_tilt for one in first.projection_alignments]
    assert (refined[0] or 0) * sign < 0


def test_a_tomostar_and_the_order_of_aretomo(some: Callable[..., Path]) -> None:
    """Joined by the angle of the stage: each has what the other lacks."""
    name = "24jul16a_Position_16_3"
    folder = some(
        **{f"{name}__tomostar": f"warp/{name}.tomostar", f"{name}_TLT__txt": f"aretomo/{name}_TLT.txt"}
    )
    found = images(imported(folder))
    assert len(found) == 31
    assert [found[0].acquisition_order, found[0].accumulated_dose, found[0].section] == [30, 116.1, 0]
    doses = sorted((image.acquisition_order, image.accumulated_dose) for image in found)
    assert [dose for _, dose in doses] == sorted(dose for _, dose in doses)


def test_mdoc_and_relion_of_one_series(shared_data: Path) -> None:
    """The same angles, movies and order."""
    samples = ("mdoc/tilt_series.mdoc", "relion/emp10164/Import/job001/tilt_series/TS_01.star")
    mdoc, relion = (imported(shared_data / "import" / sample) for sample in samples)
    angles = [[image.nominal_tilt_angle for image in images(one)] for one in (mdoc, relion)]
    assert angles[0] == pytest.approx(angles[1], abs=1e-5)
    for document in (mdoc, relion):
        assert [image.acquisition_order for image in images(document)] == list(range(41))
    names = [[Path(movie.path or "").name for movie in movies(one)] for one in (mdoc, relion)]
    assert names[0] == names[1]


def test_an_alignment_beside_an_mdoc_is_joined_with_its_sections(tmp_path: Path) -> None:
    """Sections in the order of time, lines in that of the angle: the angles tell."""
    angles = [0.0, 3.01, -2.98, -6.02, 6.0]
    sections = "".join(f"[ZValue = {n}]\nTiltAngle = {angle}\n" for n, angle in enumerate(angles))
    (tmp_path / "TS_01.mrc.mdoc").write_text(f"PixelSpacing = 2.0\n{sections}")
    (tmp_path / "TS_01.rawtlt").write_text("\n".join(map(str, sorted(angles))))
    (tmp_path / "TS_01.tlt").write_text("\n".join(str(angle + 1) for angle in sorted(angles)))
    (tmp_path / "TS_01.xf").write_text("1 0 0 1 3 4\n" * 5)
    document = imported(tmp_path)
    by_image = {one.tilt_image_id: one for one in alignments(document)[0].projection_alignments}
    for number, image in enumerate(images(document)):
        assert (image.section, image.nominal_tilt_angle, image.pixel_size) == (number, angles[number], 2)
        aligned = by_image[image.id]
        assert aligned.y_tilt == pytest.approx(angles[number] + 1)
        assert aligned.shift is not None and aligned.shift.translation == [-6, -8]
    assert said(document, "import-conflict") == []


@pytest.mark.parametrize(("length", "expected"), [(8.0, 5.4), (16.0, 2.0), (0.0, 5.4)])
def test_the_header_of_the_stack_states_the_pixel_size_unless_it_is_the_default(
    length: float, expected: float, tmp_path: Path
) -> None:
    header = bytearray(1024)
    struct.pack_into("<10i3f", header, 0, 8, 8, 2, 2, 0, 0, 0, 8, 8, 2, length, length, 2.0)
    header[208:214] = b"MAP DD"
    (tmp_path / "TS_01.st").write_bytes(header)
    (tmp_path / "TS_01.st.mdoc").write_text(
        "PixelSpacing = 5.4\n[ZValue = 0]\nTiltAngle = 0\n[ZValue = 1]\nTiltAngle = 3\n"
    )
    (tmp_path / "TS_01.xf").write_text("1 0 0 1 1 0\n" * 2)
    (tmp_path / "TS_01.tlt").write_text("0\n3\n")
    document = imported(tmp_path)
    assert [image.pixel_size for image in images(document)] == [expected] * 2
    shift = alignments(document)[0].projection_alignments[0].shift
    assert shift is not None and shift.translation == [-expected, 0]
    assert (series(document.dataset.regions[0]).width, len(said(document, "import-conflict"))) == (
        8,
        int(expected == 2),
    )


def test_values_that_differ_are_said_with_both(tmp_path: Path) -> None:
    (tmp_path / "TS_01.mdoc").write_text("[ZValue = 0]\nTiltAngle = 0\n[ZValue = 1]\nTiltAngle = 3\n")
    (tmp_path / "TS_01.rawtlt").write_text("0.0\n3.3\n")
    document = imported(tmp_path)
    conflicts = [one for one in document.findings if one.rule == "import-conflict"]
    assert [(one.found, one.file, one.line) for one in conflicts] == [
        ("3.0 of mdoc (kept) and 3.3 of imod", "TS_01.rawtlt", 2)
    ]


def test_series_that_are_not_the_same_stay_apart(tmp_path: Path) -> None:
    (tmp_path / "TS_01.mdoc").write_text("[ZValue = 0]\nTiltAngle = 0\n[ZValue = 1]\nTiltAngle = 3\n")
    (tmp_path / "TS_01.rawtlt").write_text("40\n50\n")
    document = imported(tmp_path)
    assert [region.id for region in document.dataset.regions] == ["TS_01", "TS_01-imod"]
    assert len(said(document, "import-conflict")) == 1


def test_weak_evidence_needs_a_partner_or_a_name(tmp_path: Path) -> None:
    (tmp_path / "TS_01.xf").write_text("1 0 0 1 3 4\n")
    (tmp_path / "numbers.tlt").write_text("1 2 3 4 5\n")
    found = claims([tmp_path])
    assert (found.claims, len(found.others)) == ((), 2)
    (claim,) = claims([tmp_path], importer="imod").claims
    assert [path.name for path in claim.files] == ["TS_01.xf"]


def test_folders_that_complete_each_other_are_one_data_set(some: Callable[..., Path], tmp_path: Path) -> None:
    folder = some(TS_1__xml="warp/TS_1.xml")
    for name in ("warp_tiltseries", "warp_tiltseries_2"):
        (tmp_path / "project" / name).mkdir(parents=True)
        shutil.copy(folder / "TS_1.xml", tmp_path / "project" / name)
    mdoc = tmp_path / "project" / "warp_mdoc"
    mdoc.mkdir()
    (mdoc / "TS_1.mdoc").write_text("[ZValue = 0]\nTiltAngle = 0.02\n")
    made = claims([tmp_path / "project"]).claims
    assert sorted((claim.name, len(claim.files)) for claim in made) == [("TS_1", 1), ("project", 2)]
    assert {claim.importer for claim in made} == {"warp"}


CTFFIND = """\
# Output from CTFFind version 4.1.14, run on 2021-03-03 11:23:45
# Input file: /home/ada/TS_01.mrc ; Number of micrographs: 2
# Pixel size: 1.350 Angstroms ; acceleration voltage: 300.0 keV ; spherical aberration: 2.70 mm ; \
amplitude contrast: 0.07
# Box size: 512 pixels ; min. res.: 30.0 Angstroms ; max. res.: 5.0 Angstroms
# Columns: #1 - micrograph number; #2 - defocus 1 [Angstroms]; #3 - defocus 2; #4 - azimuth of astigmatism
2.000000 31000.5 29000.25 12.5 0.5 0.12 inf
1.000000 30000.5 29000.25 -7.5 0.0 0.15 5.1
"""


def test_defocus_of_ctffind_belongs_to_the_images_by_their_numbers(tmp_path: Path) -> None:
    (tmp_path / "TS_01_ctffind.txt").write_text(CTFFIND)
    (tmp_path / "TS_01.mdoc").write_text("[ZValue = 0]\nTiltAngle = 3\n[ZValue = 1]\nTiltAngle = 0\n")
    document = imported(tmp_path)
    (region,) = document.dataset.regions
    stack = series(region)
    assert (stack.accelerating_voltage, stack.spherical_aberration, stack.amplitude_contrast) == (
        300,
        2.7,
        0.07,
    )
    assert {one.pixel_size for one in stack.micrographs} == {1.35}
    first, second = (one.ctf_metadata for one in stack.micrographs)
    assert (first.defocus_u, first.defocus_v, first.defocus_angle) == (30000.5, 29000.25, -7.5)
    assert (first.fit_score, first.fit_resolution, second.fit_resolution) == (0.15, 5.1, None)
    assert second.phase_shift == pytest.approx(28.64789)
    dropped = said(document, "import-dropped")
    assert any(one.startswith("spacing: 1 value") for one in dropped), "inf is no resolution"
    assert any(one.startswith("version") for one in dropped) and "ada" not in str(document.findings)


def test_folders_of_several_programs_are_joined_by_what_they_are_about(tmp_path: Path) -> None:
    """Alignments of different programs share no series: the mdoc files are about those of both."""
    for name, text in {
        "alignment/TS_03.xf": "1 0 0 1 0 0\n",
        "alignment/TS_03.tlt": "3.0\n",
        "aretomo/TS_01.aln": "# AreTomo Alignment\n# RawSize = 4 4 1\n0 85 1 3 2 1 1 1 0 3\n",
        "frames/TS_01.mdoc": "[ZValue = 0]\nTiltAngle = 3.01\n",
        "frames/TS_03.mdoc": "[ZValue = 0]\nTiltAngle = 3.02\n",
    }.items():
        (tmp_path / "session" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "session" / name).write_text(text)
    document = imported(tmp_path / "session")
    assert document.dataset.name == "session"
    assert [one.id for one in alignments(document)] == ["TS_01-alignment", "TS_03-alignment"]
    angles = [series(region).micrographs[0].nominal_tilt_angle for region in document.dataset.regions]
    assert angles == [3.01, 3.02]


def test_a_folder_of_etomo_is_one_series_for_each_axis(tmp_path: Path) -> None:
    """Copies with fiducials, and commands for finding gold, are about no further series."""
    for name in ("a", "a_fid", "b"):
        (tmp_path / f"TS{name}.xf").write_text("1 0 0 1 0 0\n1 0 0 1 2 0\n")
        (tmp_path / f"TS{name}.tlt").write_text("3.0\n6.0\n")
    setup = "Setup.DatasetName=TS\nSetup.PixelSize=0.2\nSetup.ImageRotationA=85\nSetup.ImageRotationB=-5\n"
    (tmp_path / "TS.edf").write_text(f"{setup}Setup.AxisB.ExcludeProjections=1\n")
    for name, tilt in (("tilta.com", 1), ("tilta_3dfind.com", 9)):
        text = f"$tilt -StandardInput\nInputProjections TSa_ali.mrc\nXAXISTILT {tilt}\nADJUSTORIGIN\n"
        (tmp_path / name).write_text(text)
    document = imported(tmp_path)
    first, second = (series(region) for region in document.dataset.regions)
    assert [(one.id, one.tilt_axis_angle) for one in (first, second)] == [("TSa", 85), ("TSb", -5)]
    assert [image.excluded for image in second.micrographs] == [True, None]
    assert {image.pixel_size for image in (*first.micrographs, *second.micrographs)} == {2}
    assert [one.projection_alignments[0].x_tilt for one in alignments(document)] == [1, 0]
    assert any(one.startswith("ADJUSTORIGIN") for one in said(document, "import-dropped"))


def test_what_aretomo_copies_for_imod_is_passed_over(some: Callable[..., Path]) -> None:
    folder = some(TS__aln="aretomo/global_and_local.aln")
    copy = folder / "TS_Imod"
    copy.mkdir()
    (copy / "TS_st.xf").write_text("1 0 0 1 0 0\n")
    (copy / "TS_st.tlt").write_text("3.0\n")
    found = claims([folder])
    assert [path.name for claim in found.claims for path in claim.files] == ["TS.aln"]
    assert sorted(path.name for path in found.others) == ["TS_st.tlt", "TS_st.xf"]


def test_two_files_of_one_kind_are_said(some: Callable[..., Path]) -> None:
    folder = some(TS__aln="aretomo/global_and_local.aln", TS_st__aln="aretomo/test.aln")
    document = imported(folder)
    assert "sources differ in the file of alignment" in said(document, "import-conflict")
    assert len(images(document)) == 51


def test_a_series_of_too_many_images_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.rawtlt").write_text("1\n" * 10_001)
    (tmp_path / "a.tlt").write_text("1\n" * 10_001)
    with pytest.raises(DocumentError, match="more images"):
        imported(tmp_path)


def test_folders_that_are_named_as_their_series_are_one_data_set(tmp_path: Path) -> None:
    for name in ("TS_01", "TS_02"):
        folder = tmp_path / "session" / name
        folder.mkdir(parents=True)
        (folder / f"{name}.xf").write_text("1 0 0 1 0 0\n")
        (folder / f"{name}.tlt").write_text("3.0\n")
        text = f"$tilt -StandardInput\nInputProjections {name}_ali.mrc\nXAXISTILT {name[-1]}\n"
        (folder / "tilt.com").write_text(text)
    document = imported(tmp_path / "session", pixel_size=2)
    assert document.dataset.name == "session"
    assert [region.id for region in document.dataset.regions] == ["TS_01", "TS_02"]
    assert [one.projection_alignments[0].x_tilt for one in alignments(document)] == [1, 2]


HOSTILE = {
    "an entity bomb": (
        "TS_1.xml",
        '<!DOCTYPE a [<!ENTITY b "c">]>\n<TiltSeries><Angles>1</Angles></TiltSeries>',
        1,
    ),
    "broken XML": ("TS_1.xml", "<TiltSeries>\n<Angles>1\n</TiltSeries>", 3),
    "a line without end": ("TS_1.aln", "# AreTomo Alignment\n" + "1 " * 2**20, 2),
    "no text": ("TS_1.aln", "# AreTomo Alignment\n\x00", 2),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_refused_with_their_line(case: str, tmp_path: Path) -> None:
    name, text, line = HOSTILE[case]
    (tmp_path / name).write_text(text)
    with pytest.raises(DocumentError) as refused:
        imported(tmp_path)
    assert (Path(refused.value.path or "").name, refused.value.line) == (name, line)


NO_NUMBERS = {
    "a.xf": ("1 0 0 1 nan 4\n1 0 0 1 3 4\n", 1),
    "a.tlt": ("nan\n3\n", 1),
    "TS.aln": ("# AreTomo Alignment\n# RawSize = 4 4 1\n# SEC\n1 85 1 nan 2 1 1 1 0 3\n", 4),
    "TS.xml": ("<TiltSeries>\n<Angles>nan\n3</Angles></TiltSeries>", 2),
    "TS.tomostar": ("data_\nloop_\n_wrpMovieName #1\n_wrpAngleTilt #2\na.eer inf\n", 5),
    "b.defocus": ("1 1 -57 -57 nan 2\n", 1),
}


@pytest.mark.parametrize("name", NO_NUMBERS)
def test_what_is_no_finite_number_is_a_violation_with_its_place(name: str, tmp_path: Path) -> None:
    text, line = NO_NUMBERS[name]
    (tmp_path / name).write_text(text)
    (tmp_path / f"{name.split('.')[0]}.rawtlt").write_text("0\n3\n")
    document = imported(tmp_path)
    assert [(one.rule, one.file, one.line) for one in document.skipped] == [("value-type", name, line)]


def test_the_order_of_files_changes_nothing(shared_data: Path) -> None:
    files = sorted((shared_data / "import/imod/etomo").iterdir())
    assert imported(*files).dataset == imported(*reversed(files)).dataset
