"""Files of several programs that are about the same tilt series."""

import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from imported_series import alignments, images, imported, movies, said, series

from cetsgraph.importers import claims


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
