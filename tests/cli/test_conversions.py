"""Documents that commands write."""

import json
from pathlib import Path

import pytest
from commands import EMPIAR, EXAMPLES, IRI, ok, run


def test_export_gives_the_document_back(store: Path, tmp_path: Path) -> None:
    assert json.loads(
        ok("export", "--store", store, "EMPIAR-12104", "--to", "cets-data-model")
    ) == json.loads(EMPIAR.read_text())
    out = tmp_path / "out.ttl"
    assert ok("export", "--store", store, IRI, "--to", "turtle", "-o", out) == ""
    assert "cets:DataSet" in out.read_text()


@pytest.mark.parametrize(("form", "suffix"), [("nquads", "nq"), ("turtle", "ttl")])
def test_rdf_that_was_written_loads_again_as_the_same_data_set(
    store: Path, tmp_path: Path, form: str, suffix: str
) -> None:
    ok("export", "--store", store, "EMPIAR-10164", "--to", form, "-o", tmp_path / f"a.{suffix}")
    ok("load", "--store", tmp_path / "again", tmp_path / f"a.{suffix}")
    quads = [
        sorted(ok("export", "--store", where, "EMPIAR-10164", "--to", "nquads").splitlines())
        for where in (store, tmp_path / "again")
    ]
    assert quads[0] == quads[1]


@pytest.mark.parametrize("target", ["cetsgraph", "tomobabel", "cets-data-model", "turtle", "nquads"])
def test_convert_writes_to_standard_output(target: str) -> None:
    done = run("convert", EMPIAR, "--to", target)
    assert done.returncode == 0
    assert done.stdout
    if target == "tomobabel":
        assert "not-representable" in done.stderr
    assert run("convert", "-", "--to", target, stdin=EMPIAR.read_bytes()).stdout


def test_a_folder_that_is_one_document_goes_to_standard_output(tmp_path: Path) -> None:
    """That of a deposition, and an array store."""
    deposition, image = tmp_path / "deposit", tmp_path / "TS_01.zarr"
    deposition.mkdir()
    (deposition / "EMPIAR-12104.cets.json").write_bytes(EMPIAR.read_bytes())
    (image / "0").mkdir(parents=True)
    axes = [{"name": name, "type": "space", "unit": "angstrom"} for name in "zyx"]
    scale = [{"type": "scale", "scale": [10, 10, 10]}]
    levels = {"version": "0.4", "axes": axes, "datasets": [{"path": "0", "coordinateTransformations": scale}]}
    (image / ".zattrs").write_text(json.dumps({"multiscales": [levels]}))
    (image / "0/.zarray").write_text('{"zarr_format": 2, "shape": [4, 5, 6], "chunks": [4, 5, 6]}')
    for folder, name in ((deposition, "EMPIAR-12104"), (image, "TS_01")):
        assert json.loads(ok("convert", "--to", "cetsgraph", folder))["name"] == name
    several = run("convert", "--to", "cetsgraph", EXAMPLES, EMPIAR)
    assert (several.returncode, several.stdout) == (2, "") and "-o OUT/" in several.stderr


def test_what_a_dialect_leaves_out_of_many_images_is_one_line_with_a_count(tmp_path: Path) -> None:
    images = [{"id": f"i{number}", "section": number} for number in range(41)]
    series = {"id": "s", "path": "s.mrc", "tilt_axis_angle": 85.0, "micrographs": images}
    tilt_series_sets = {"tilt_series_sets": [{"tilt_series": [series]}]}
    file = tmp_path / "a.json"
    file.write_text(
        json.dumps({"name": "a", "regions": [{"id": "r", "tomo_image_sets": [tilt_series_sets]}]})
    )
    said = run("convert", file, "--to", "tomobabel").stderr
    (sections,) = [line for line in said.splitlines() if "TiltSeriesMicrograph.section" in line]
    assert "/micrographs/0/section" in sections and sections.endswith("(and 40 more like this)")
    (angle,) = [line for line in said.splitlines() if "tilt_axis_angle" in line]
    assert "more like this" not in angle


def test_points_that_a_program_cannot_hold_are_not_called_absent(tmp_path: Path) -> None:
    (tmp_path / "TS_01.csv").write_text("x,y,z\n1,2,3\n")
    ok("import", "picks", tmp_path / "TS_01.csv", "--store", tmp_path / "s", "--as", "picked")
    said = run("export", "picked", "--store", tmp_path / "s", "--to", "relion", "-o", tmp_path / "out")
    assert said.returncode == 1
    assert "--size X Y Z" in said.stderr
    assert "nothing is left to write for relion; the warnings say why" in said.stderr
