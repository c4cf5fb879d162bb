"""Frames of movies as MotionCorr wrote them, which the tables of RELION's tilt images name."""

import math
import shutil
from pathlib import Path

import pytest

from cetsgraph.archive import get, load
from cetsgraph.documents import Document
from cetsgraph.importers import Options, claims, import_from, read
from cetsgraph.model import GainFile, MovieFrame, MovieStack
from cetsgraph.store import LocalStore
from cetsgraph.validation import validate

EMP = "import/relion/emp10164"
SERIES = "CtfRefine/job027/tilt_series/TS_01.star"
MOVIE = "frames/TS_01_000_0.0.mrc"
FILE = "MotionCorr/job002/frames/TS_01_000_0_0.star"
ASKED = Options(frames=True)

ANOTHER = """data_general
_rlnImageSizeX 4096
_rlnImageSizeY 4000
_rlnImageSizeZ 3
_rlnMicrographMovieName frames/TS_02.eer
_rlnMicrographGainName gain.mrc
_rlnMicrographDefectFile defects.txt
_rlnMicrographBinning 1
_rlnMicrographOriginalPixelSize 2.0
_rlnMicrographDoseRate 0.5
_rlnMicrographPreExposure 6
_rlnVoltage 300
_rlnMicrographStartFrame 2
_rlnEERUpsampling 1
_rlnEERGrouping 30
_rlnMotionModelVersion 1

data_global_shift
loop_
_rlnMicrographFrameNumber #1
_rlnMicrographShiftX #2
_rlnMicrographShiftY #3
3 1.5 -2.0
1 -9999 -9999
2 0.0 0.0

data_local_motion_model
loop_
_rlnMotionModelCoeffsIdx #1
_rlnMotionModelCoeff #2
0 0.25

data_local_shift
loop_
_rlnMicrographFrameNumber #1
_rlnCoordinateX #2
_rlnCoordinateY #3
_rlnMicrographShiftX #4
_rlnMicrographShiftY #5
1 10 20 0.1 0.2

data_hot_pixels
loop_
_rlnCoordinateX #1
_rlnCoordinateY #2
7 8
"""
"""Of an EER movie whose first frame was left out; made by hand."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A series of one tilt image, and the file of its movie."""
    (tmp_path / "TS_02.star").write_text(
        "data_TS_02\nloop_\n_rlnMicrographMovieName #1\n_rlnTomoYTilt #2\n_rlnMicrographMetadata #3\n"
        "frames/TS_02.eer 3.0 motion/TS_02.star\n"
    )
    (tmp_path / "motion").mkdir()
    (tmp_path / "motion" / "TS_02.star").write_text(ANOTHER)
    return tmp_path


def imported(path: Path, options: Options | None = ASKED) -> Document:
    (claim,) = claims([path], options=options).claims
    return read(claim, options)


def movies(document: Document) -> dict[str | None, MovieStack]:
    return {one.path: one for one in document.dataset.walk() if isinstance(one, MovieStack)}


def shifts(movie: MovieStack) -> list[list[float]]:
    return [
        list(one.translation or [])
        for frame in movie.frames
        for one in frame.motion_correction_transformations
    ]


def test_frames_of_a_real_movie(shared_data: Path) -> None:
    document = imported(shared_data / EMP)
    movie = movies(document)[MOVIE]
    assert (movie.width, movie.height, movie.raw_frame_count, movie.pixel_size) == (7420, 7676, 8, 0.675)
    assert [frame.source_start_index for frame in movie.frames] == list(range(8))
    assert shifts(movie)[1] == pytest.approx([-0.55116 * 0.675, 0.315925 * 0.675], abs=1e-6)
    assert validate(document, profile="core").conforms
    # rlnAccumMotionTotal of the table of tilt images is the way of the frames, in pixels of the movie.
    way = sum(math.dist(*pair) for pair in zip(shifts(movie), shifts(movie)[1:], strict=False))
    assert way / 0.675 == pytest.approx(2.297631, abs=1e-5)


def test_without_being_asked_for_the_files_are_none_of_the_project(shared_data: Path) -> None:
    found = claims([shared_data / EMP])
    assert shared_data / EMP / FILE in found.others
    document = read(found.claims[0])
    assert not any(isinstance(one, MovieFrame) for one in document.dataset.walk())
    assert "rlnMicrographMetadata: 80 values have no field" in [one.message for one in document.findings]


def test_frames_that_were_left_out_and_frames_of_eer(project: Path) -> None:
    document = imported(project)
    (movie,) = movies(document).values()
    assert [frame.source_start_index for frame in movie.frames] == [0, 30, 60]
    assert [frame.source_frame_count for frame in movie.frames] == [30, 30, 30]
    assert [frame.excluded for frame in movie.frames] == [True, None, None]
    assert shifts(movie) == [[0.0, 0.0], [3.0, -4.0]]
    assert (movie.width, movie.height, movie.pixel_size, movie.raw_frame_count) == (4096, 4000, 2.0, None)
    assert [one.path for one in document.dataset.walk() if isinstance(one, GainFile)] == ["gain.mrc"]
    assert validate(document, profile="core").conforms


def test_every_value_of_the_file_is_in_the_data_set_or_in_a_finding(project: Path) -> None:
    said = {one.message.split(":")[0] for one in imported(project).findings if one.rule == "import-dropped"}
    taken = {
        *(
            "rlnImageSizeX",
            "rlnImageSizeY",
            "rlnImageSizeZ",
            "rlnMicrographMovieName",
            "rlnMicrographGainName",
        ),
        *("rlnMicrographOriginalPixelSize", "rlnMicrographPreExposure", "rlnMicrographStartFrame"),
        "rlnEERGrouping",
    }
    blocks = {block.split("\n")[0]: block for block in ANOTHER.split("data_")[1:]}
    names = {
        f"{block}/{word[1:]}"
        for block, text in blocks.items()
        for word in text.split()
        if word.startswith("_")
    }
    assert said == {
        name
        for name in names
        if name.removeprefix("general/") not in taken and not name.startswith("global_shift/")
    }


ODD = {
    "another movie": ("frames/TS_02.eer", "frames/TS_03.eer", "import-conflict", 2),
    "no number": ("1.5 -2.0", "1.5 nan", "value-type", 23),
    "a size that is none": ("SizeX 4096", "SizeX 0.5", "value-type", 2),
    "no shifts": ("data_global_shift", "data_other", "value-type", 1),
    "a value too few": ("1.5 -2.0", "1.5", "value-type", 23),
}


@pytest.mark.parametrize("case", ODD)
def test_what_is_odd_in_the_file_is_a_finding_with_its_line(case: str, project: Path) -> None:
    old, new, rule, line = ODD[case]
    (project / "motion" / "TS_02.star").write_text(ANOTHER.replace(old, new, 1))
    found = [(one.rule, one.file, one.line) for one in imported(project).findings]
    assert (rule, "motion/TS_02.star", line) in found


BROKEN = {"missing": None, "no text": b"data_general\0\0", "above the project": b""}


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_is_missing_or_broken_takes_nothing_else_with_it(case: str, project: Path) -> None:
    path = project / "motion" / "TS_02.star"
    path.unlink()
    if content := BROKEN[case]:
        path.write_bytes(content)
    if case == "above the project":
        table = project / "TS_02.star"
        table.write_text(table.read_text().replace("motion/", "../motion/"))
    found = import_from(project, options=ASKED)
    (document,) = found.documents
    (missing,) = (one for one in document.findings if one.rule == "import-part-missing")
    assert (missing.file, missing.line) == ("TS_02.star", 6)
    assert len(found.failures) == (case == "no text")
    assert list(movies(document)) == ["frames/TS_02.eer"]


def test_a_table_that_is_named_as_frames_stays_a_table(project: Path) -> None:
    table = project / "TS_02.star"
    table.write_text(table.read_text().replace("motion/TS_02.star", "TS_02.star"))
    document = imported(project)
    assert [one.path for one in movies(document).values()] == ["frames/TS_02.eer"]
    assert [one.file for one in document.skipped] == ["TS_02.star"]


def test_a_table_that_cannot_be_read_is_refused_alone(project: Path) -> None:
    (project / "tomograms.star").write_text(
        "data_global\nloop_\n_rlnTomoName\n_rlnTomoTiltSeriesStarFile\nTS_02 TS_02.star\nTS_03 TS_03.star\n"
    )
    (project / "TS_03.star").write_bytes(b"\x1f\x8b cut off")
    found = import_from(project, options=ASKED)
    assert len(found.failures) == 1 and "TS_03.star" in str(found.failures[0])
    assert [len(movie.frames) for movie in movies(found.documents[0]).values()] == [3]


def test_files_that_are_not_there_are_one_finding(shared_data: Path) -> None:
    said = [one.message for one in imported(shared_data / EMP).findings if "Metadata" in one.message]
    assert said == ["a file of rlnMicrographMetadata is named here and is not there (79 times)"]


def test_frames_come_back_from_a_store_and_are_read_again_when_they_change(
    shared_data: Path, tmp_path: Path
) -> None:
    shutil.copytree(shared_data / EMP, tmp_path / "emp10164")
    store = LocalStore.memory()

    def change(options: Options | None = ASKED) -> str:
        (put,) = load(store, tmp_path / "emp10164", options=options).data_sets
        return str(put.change)

    assert (change(), change()) == ("added", "unchanged")
    again = get(store, "emp10164")
    assert shifts(movies(again)[MOVIE]) == shifts(movies(imported(tmp_path / "emp10164"))[MOVIE])
    path = tmp_path / "emp10164" / FILE
    path.write_text(path.read_text().replace("-0.55116", "-0.55117"))
    assert (change(), change(), change(None)) == ("replaced", "unchanged", "replaced")


def test_options_are_said_as_on_a_command_line() -> None:
    assert (
        str(Options(frames=True, pixel_size=1.5, size=(2, 3, 4))) == " --pixel-size 1.5 --size 2 3 4 --frames"
    )
    assert str(Options()) == ""
