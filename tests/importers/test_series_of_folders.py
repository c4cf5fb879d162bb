"""Folders of tilt series, and files that are none."""

from collections.abc import Callable
from pathlib import Path

import pytest
from imported_series import alignments, images, imported, said, series

from cetsgraph.errors import DocumentError
from cetsgraph.importers import claims


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
