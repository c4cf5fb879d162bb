"""Alignments there and back: what is imported, exported and imported again is the same."""

from pathlib import Path

import numpy as np
import pytest
import starfile
from commands import run

from cetsgraph.cli.options import PROGRAMS
from cetsgraph.errors import CetsGraphError
from cetsgraph.exporters import EXPORTERS, export
from cetsgraph.importers import Options, claims, read
from cetsgraph.model import (
    Alignment,
    DataSet,
    ProjectionAlignment,
    Region,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    TomoImageSet,
)

SAMPLES = {
    "relion/emp10164/CtfRefine": None,
    "relion/emp10164/AlignTiltSeries": None,
    "imod/etomo": None,
    "imod/mka": 2.5,
    "imod/ts03": 1.35,
    "aretomo/global_and_local.aln": 1.7,
    "../cryoet-data-portal/10445_TS_105_5.global_only.aln": 1.54,
    "warp/00254.xml": 10.0,
    "warp/TS_1.xml": None,
    "warp/24jul16a_Position_16_3.tomostar": 1.54,
}
ALIGNING = ("relion", "imod", "aretomo", "warp")
TILTED_ABOUT_X = ("imod/etomo", "warp/TS_1.xml")


def imported(path: Path, pixel_size: float | None) -> DataSet:
    (claim,) = claims([path]).claims
    return read(claim, Options(pixel_size=pixel_size)).dataset


def projections(dataset: DataSet) -> np.ndarray:
    """Angles and shift of all projections, in the order of the images, series by series."""
    found = [
        (one.x_tilt, one.y_tilt, one.z_rotation, *(one.shift.translation if one.shift else ()))
        for region in sorted(dataset.regions, key=lambda region: region.id or "")
        for alignment in region.tomo_image_sets[0].alignments
        for one in alignment.projection_alignments
    ]
    return np.array(found, float)


@pytest.mark.parametrize("program", ALIGNING)
@pytest.mark.parametrize("sample", SAMPLES)
def test_an_alignment_comes_back(sample: str, program: str, shared_data: Path, tmp_path: Path) -> None:
    pixel_size = SAMPLES[sample]
    first = imported(shared_data / "import" / sample, pixel_size)
    exported = export(first, program)
    exported.save(tmp_path / "out")
    pixel = next(one.pixel_size for one in first.walk() if isinstance(one, TiltSeriesMicrograph))
    again = imported(tmp_path / "out", pixel)
    before, after = projections(first), projections(again)
    assert before.shape == after.shape and len(before) > 30
    if sample in TILTED_ABOUT_X and program in ("aretomo", "warp"):
        assert program == "warp" or any("X axis" in one.message for one in exported.findings)
        before, after = before[:, 1:], after[:, 1:]
    np.testing.assert_allclose(after, before, atol=1e-6)


@pytest.mark.parametrize("program", ALIGNING)
def test_what_was_left_out_of_an_alignment_is_left_out_again(
    program: str, shared_data: Path, tmp_path: Path
) -> None:
    first = imported(shared_data / "import/aretomo/global_and_local.aln", 1.7)
    exported = export(first, program)
    exported.save(tmp_path / "out")
    again = imported(tmp_path / "out", 1.7)
    images = again.regions[0].tomo_image_sets[0].tilt_series_sets[0].tilt_series[0].micrographs
    excluded = [image.nominal_tilt_angle for image in images if image.excluded]
    assert (len(images), len(excluded)) == {"imod": (51, 14), "aretomo": (51, 14)}.get(program, (37, 0))
    assert excluded[:1] in ([-68.0], [])


def test_the_star_files_are_read_by_starfile(shared_data: Path, tmp_path: Path) -> None:
    first = imported(shared_data / "import/relion/emp10164/CtfRefine", None)
    export(first, "relion").save(tmp_path)
    table = starfile.read(tmp_path / "tomograms.star")
    assert list(table["rlnTomoName"]) == ["TS_01", "TS_03"]
    assert list(table["rlnTomoSizeX"]) == [4000, 4000]
    rows = starfile.read(tmp_path / "tilt_series/TS_01.star")
    written = starfile.read(shared_data / "import/relion/emp10164/CtfRefine/job027/tilt_series/TS_01.star")
    for column in ("rlnTomoYTilt", "rlnTomoZRot", "rlnTomoXShiftAngst", "rlnMicrographPreExposure"):
        np.testing.assert_allclose(rows[column], written[column], atol=1e-6)
    assert list(rows["rlnMicrographName"]) == list(written["rlnMicrographName"])


def test_an_alignment_that_is_no_projection_is_said_and_left_out() -> None:
    series = TiltSeriesMicrographStack(id="TS_01")
    other = ProjectionAlignment(tilt_image_id="1", input="image", output="tomogram", y_tilt=3.0)
    alignments = [
        Alignment(tilt_series_id="TS_01", projection_alignments=[other]),
        Alignment(tilt_series_id="absent"),
    ]
    images = TomoImageSet(tilt_series_sets=[TiltSeriesSet(tilt_series=[series])], alignments=alignments)
    exported = export(DataSet(regions=[Region(tomo_image_sets=[images])]), "imod")
    pointers = [one.pointer for one in exported.findings]
    assert exported.files == {}
    assert pointers == [f"/regions/0/tomo_image_sets/0/alignments/{number}" for number in (0, 1)]
    assert {one.rule for one in exported.findings} == {"not-representable"}


def test_a_program_that_is_not_known() -> None:
    with pytest.raises(CetsGraphError, match="warb"):
        export(DataSet(), "warb")


def test_the_command_writes_into_a_folder(shared_data: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    sample = shared_data / "import/imod/ts03"
    assert run("import", "imod", sample, "--pixel-size", "1.35", "--store", store).returncode == 0
    assert run("export", "--store", store, "--to", "aretomo", "ts03").returncode == 2
    done = run("export", "--store", store, "--to", "aretomo", "-o", tmp_path / "out", "ts03")
    assert done.returncode == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "TS_03.aln",
        "TiltSeries_Metrics.csv",
    ]


def test_the_command_says_that_nothing_is_aligned(tmp_path: Path) -> None:
    (tmp_path / "A.json").write_text('{"name": "A", "regions": [{"id": "r", "tilt_series": []}]}')
    assert run("load", "--store", tmp_path / "store", tmp_path / "A.json").returncode == 0
    done = run("export", "--store", tmp_path / "store", "--to", "warp", "-o", tmp_path / "out", "A")
    assert done.returncode == 1 and "no alignment" in done.stderr


def test_the_command_knows_the_programs() -> None:
    assert PROGRAMS == EXPORTERS
