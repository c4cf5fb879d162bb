"""mdoc files: the facts of the samples, and the conventions of the programs."""

import re
from pathlib import Path
from typing import Any

import pytest

from cetsgraph.documents import Document
from cetsgraph.errors import DocumentError
from cetsgraph.importers import Options, claims, import_from, read
from cetsgraph.model import ImagingParameters, MovieStack, TiltSeriesMicrographStack
from cetsgraph.validation import Validator

REFUSED = "montage_section.mdoc"


@pytest.fixture
def folder(shared_data: Path) -> Path:
    return shared_data / "import" / "mdoc"


def only(path: Path, **options: Any) -> Document:
    (claim,) = claims([path]).claims
    return read(claim, Options(**options))


def series_of(document: Document) -> TiltSeriesMicrographStack:
    return document.dataset.regions[0].tomo_image_sets[0].tilt_series_sets[0].tilt_series[0]


def imaging_of(document: Document) -> ImagingParameters:
    imaging = document.dataset.regions[0].tomo_image_sets[0].imaging
    assert imaging is not None
    return imaging


def rules(document: Document) -> set[str]:
    return {finding.rule for finding in document.findings}


# File → sections, angles of first and last, pixel size, axis, voltage, dose before first and last, first dose
FACTS: dict[str, tuple[Any, ...]] = {
    "tilt_series.mdoc": (41, 0.000999877, 60.0006, 5.4, 85.3, None, None, None, None),
    "TS_001.mdoc": (3, 0.0, -2.0, 2.15, 85.0, None, 0.0, 5.0, 2.5),
    "TS_minimal.mdoc": (2, 0.0, 2.0, None, None, None, None, None, None),
    "TS_snake_case.mdoc": (1, 0.0, 0.0, 2.5, None, None, 5.0, 5.0, 5.0),
    "TS_t_section_space.mdoc": (1, 0.0, 0.0, None, 85.7, None, None, None, None),
    "TS_t_section_text.mdoc": (1, 0.0, 0.0, None, None, None, None, None, None),
    "TS_value_types.mdoc": (1, 0.0, 0.0, None, None, None, None, None, 7.6),
    "tomo5_constructed.mdoc": (5, -0.14, 3.89, 3.3, 86.2, 300.0, 0.0, 6.9, 1.73),
    "traps_constructed.mdoc": (2, 0.01, 3.02, 2.0, -3.2, 200.0, 0.0, 3.0, 3.0),
    "frame_set_multiple.mdoc": (20, 33.0, 33.0, 1.2827, None, 300.0, 0.0, 145.817, 7.66184),
}


@pytest.mark.parametrize("name", FACTS)
def test_facts_of_the_samples(name: str, folder: Path) -> None:
    document = only(folder / name)
    series = series_of(document)
    first, last = series.micrographs[0], series.micrographs[-1]
    assert (
        len(series.micrographs), first.nominal_tilt_angle, last.nominal_tilt_angle, first.pixel_size,
        series.tilt_axis_angle, series.accelerating_voltage,
        first.accumulated_dose, last.accumulated_dose, first.exposure_dose,
    ) == FACTS[name]  # fmt: skip
    assert Validator().document(document).conforms
    assert not document.skipped


def test_a_series_of_serialem(folder: Path) -> None:
    document = only(folder / "tilt_series.mdoc")
    series, imaging = series_of(document), imaging_of(document)
    images = series.micrographs
    assert (images[0].width, images[0].height) == (924, 958)
    assert min(image.nominal_tilt_angle or 0 for image in images) == -59.9986
    assert [image.acquisition_order for image in images] == list(range(41))
    times = [str(image.acquisition_time) for image in images]
    assert (times[0], times[-1]) == ("2015-11-30 15:21:38", "2015-11-30 16:06:45")
    assert (imaging.nominal_defocus_min, imaging.nominal_defocus_max) == (4000.0, 4000.0)
    assert (series.path, series.collection_metadata_path) == ("TS_01.mrc", "tilt_series.mdoc")
    assert images[0].stage_position == [20.7936, 155.287, 163.803]
    (zero,) = [one for one in document.findings if one.rule == "import-assumed"]
    assert zero.hint is not None and "--dose-per-tilt" in zero.hint and zero.line == 16
    told = series_of(only(folder / "tilt_series.mdoc", dose_per_tilt=3.0)).micrographs
    assert (told[0].accumulated_dose, told[40].accumulated_dose, told[0].exposure_dose) == (0.0, 120.0, 3.0)


def test_movies_lose_the_folders_of_the_microscope(folder: Path) -> None:
    document = only(folder / "tilt_series.mdoc")
    movies = movies_of(document)
    assert len(movies) == 41 and (movies[0].path, movies[0].raw_frame_count) == ("TS_01_000_0.0.mrc", 8)
    assert series_of(document).micrographs[0].movie_stack_id == movies[0].id
    assert not re.search(r"session_20151130|\\\\", document.dataset.model_dump_json())


def movies_of(document: Document) -> list[MovieStack]:
    collection = document.dataset.regions[0].tomo_image_sets[0].movie_stack_collections[0]
    return collection.movie_stack_series[0].movie_stacks


def test_one_movie_is_no_tilt_series(folder: Path) -> None:
    document = only(folder / "frame_set_single.mdoc")
    images = document.dataset.regions[0].tomo_image_sets[0]
    assert images.tilt_series_sets == []
    (movie,) = movies_of(document)
    (whole,) = movie.frames
    imaging, gain = images.movie_stack_collections[0].imaging, images.movie_stack_collections[0].gain_file
    assert imaging is not None and gain is not None and gain.path is not None and gain.path.endswith(".dm4")
    assert (imaging.accelerating_voltage, imaging.tilt_axis_angle) == (300.0, 88.414)
    assert (whole.nominal_tilt_angle, whole.pixel_size, whole.exposure_dose) == (32.984, 1.2827, 7.65892)
    assert (movie.raw_frame_count, whole.source_frame_count) == (12, 12)
    assert imaging.energy_filter == "20 eV slit"


def test_a_continuous_movie_states_its_whole_exposure_and_that_the_frames_differ(folder: Path) -> None:
    document = only(folder / "frame_set_multiple.mdoc")
    assert series_of(document).total_dose == 291.302
    assert [(movie.raw_frame_count) for movie in movies_of(document)] == [243]
    assert "import-assumed" in rules(document), "all images are at one tilt"
    (conflict,) = [one for one in document.findings if one.rule == "import-conflict"]
    assert "291.302" in str(conflict.found) and "155.233" in str(conflict.found)


def test_a_montage_is_refused_with_its_reason_and_nothing_else(folder: Path) -> None:
    imported = import_from(folder)
    (document,), (failure,) = imported.documents, imported.failures
    assert "montage" in str(failure) and failure.found == "63 pieces"
    assert len(document.dataset.regions) == 11 and document.dataset.name == "mdoc"


def test_a_section_that_stands_twice_is_said_with_both_places(folder: Path) -> None:
    (conflict,) = [
        one for one in only(folder / "traps_constructed.mdoc").findings if one.rule == "import-conflict"
    ]
    assert (conflict.line, conflict.found) == (13, "that of line 18 (kept) and that of line 13")


def written(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text)
    return path


AXES = {
    "stated": ("[T = SerialEM: x]\n[T = Tilt axis angle = 85.3, binning = 1]", 175.3, 85.3, set()),
    "conflict": (
        "[T = SerialEM: x]\n[T = Tilt axis angle = 85.3, binning = 1]",
        90,
        85.3,
        {"import-conflict"},
    ),
    "opposite": ("[T = SerialEM: x]\n[T = Tilt axis angle = 85.3]", -4.7, 85.3, set()),
    "serialem": ("[T = SerialEM: x]", 3.35, -86.65, {"import-derived"}),
    "tomography": ("[T = Tomography: x]\n[T = TiltAxisAngle = 12]", -86.2, 86.2, {"import-derived"}),
    "neither": ("[T = Tomography: x]\n[T = TiltAxisAngle = 12]", None, None, set()),
}


@pytest.mark.parametrize("case", AXES)
def test_the_tilt_axis_of_each_program(case: str, tmp_path: Path) -> None:
    title, rotation, axis, said = AXES[case]
    line = "" if rotation is None else f"RotationAngle = {rotation}\n"
    document = only(written(tmp_path, "a.mdoc", f"{title}\n[ZValue = 0]\nTiltAngle = 0\n{line}"))
    assert series_of(document).tilt_axis_angle == axis
    assert rules(document) == said


ORDERS = {
    "time": ("DateTime = 01-Feb-24  10:0{}:00", (2, 0, 1), [2, 0, 1]),
    "movies": ("SubFramePath = C:\\x\\TS_00{}_3.0.tif", (2, 0, 1), [2, 0, 1]),
    "dose": ("PriorRecordDose = {}", (6, 0, 3), [2, 0, 1]),
    "ties": ("DateTime = 01-Feb-24  10:0{}:00", (1, 1, 0), [0, 1, 2]),
}


@pytest.mark.parametrize("case", ORDERS)
def test_the_order_of_acquisition(case: str, tmp_path: Path) -> None:
    line, values, order = ORDERS[case]
    sections = [f"[ZValue = {n}]\nTiltAngle = {n}\n{line.format(value)}\n" for n, value in enumerate(values)]
    document = only(written(tmp_path, "a.mdoc", "\n".join(sections)))
    assert [image.acquisition_order for image in series_of(document).micrographs] == order
    assert ("import-assumed" in rules(document)) is (case == "ties")


def test_mdocs_of_single_movies_become_one_series_in_order_of_time(tmp_path: Path) -> None:
    for number, angle in ((1, 0.0), (2, 3.0), (3, -3.0)):
        written(
            tmp_path / "frames",
            f"TS_07_00{number}_{angle}_Oct08_07.39.0{number}.tif.mdoc",
            f"[FrameSet = 0]\nTiltAngle = {angle}\nDateTime = 08-Oct-21  07:39:0{number}\n"
            f"SubFramePath = X:\\TS_07_00{number}_{angle}.tif\nExposureDose = 2\n",
        )
    (document,) = import_from(tmp_path / "frames").documents
    (region,) = document.dataset.regions
    assert region.id == "TS_07"
    images = series_of(document).micrographs
    said = {one.acquisition_order: (one.nominal_tilt_angle, one.accumulated_dose) for one in images}
    assert said == {0: (0.0, 0.0), 1: (3.0, 2.0), 2: (-3.0, 4.0)}


HOSTILE = {
    "no section": ("PixelSpacing = 1\n[ZValue = 0", "no importer"),
    "too many": ("[ZValue = 0]\n" * 10_001, "10,001"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_what_no_microscope_writes(case: str, tmp_path: Path) -> None:
    text, message = HOSTILE[case]
    (failure,) = import_from(written(tmp_path, "a.mdoc", text)).failures
    assert isinstance(failure, DocumentError) and message in str(failure)


def test_doses_of_zero_are_not_known(tmp_path: Path) -> None:
    sections = "".join(f"[ZValue = {n}]\nTiltAngle = {n}\nPriorRecordDose = 0\n" for n in range(3))
    path = written(tmp_path, "a.mdoc", sections)
    images = series_of(only(path)).micrographs
    assert [image.accumulated_dose for image in images] == [None] * 3
    told = series_of(only(path, dose_per_tilt=2.0)).micrographs
    assert [image.accumulated_dose for image in told] == [0.0, 2.0, 4.0]


def test_the_program_and_its_version(tmp_path: Path) -> None:
    head = (
        "Version = SerialEM Version 4.1.8 64-bit, built Nov 30 2023\n[T = SerialEM: Krios 15-Jan-24 10:00:00]"
    )
    document = only(written(tmp_path, "a.mdoc", f"{head}\n[ZValue = 0]\nTiltAngle = 0\n"))
    (program,) = series_of(document).software
    assert (program.name, program.version) == ("SerialEM", "4.1.8")
    assert imaging_of(document).microscope_model == "Krios"
