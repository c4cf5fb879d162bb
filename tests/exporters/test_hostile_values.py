"""Names and numbers that no file or program takes: nothing lies elsewhere, is lost or ends in a fault."""

from pathlib import Path
from typing import Any

import pytest

from cetsgraph.errors import CetsGraphError
from cetsgraph.exporters import EXPORTERS, Exported, export
from cetsgraph.exporters.points import numbered
from cetsgraph.model import (
    Alignment,
    DataSet,
    PointAttribute,
    PointSet,
    ProjectionAlignment,
    Region,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
)


def dataset(
    *names: str, size: int = 10, voxel: float = 10.0, position: float = 1.0, **fields: Any
) -> DataSet:
    """Two points in each of some tomograms."""
    regions = []
    for name in names:
        points = PointSet(
            coordinates=[[position] * 3] * 2,
            unit="angstrom",
            origin="corner",
            annotated_object_name="a",
            **fields,
        )
        tomogram = Tomogram(
            id=name, width=size, height=size, depth=size, voxel_size=voxel, annotations=[points]
        )
        images = TomoImageSet(tomogram_sets=[TomogramSet(tomograms=[tomogram])])
        regions.append(Region(id=name, tomo_image_sets=[images]))
    return DataSet(name="a", regions=regions)


SAID = (
    "user ../../../../a, session b",
    "user ..\\..\\a, session b",
    "user C:a, session ..",
    "user /a, session /b",
)


@pytest.mark.parametrize("said", SAID)
def test_what_a_data_set_says_leads_no_file_out_of_its_folder(said: str, tmp_path: Path) -> None:
    hostile = dataset("../../b", "/c", method_description=f"copick, {said}")
    folder = tmp_path / "inner" / "folder"
    for program in EXPORTERS:
        files = export(hostile, program)
        files.save(folder)
        written = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert all(path.is_relative_to(folder) for path in written)
        assert not any({"\\", ":"} & set(name) for name in files.files)


@pytest.mark.parametrize("name", ["../a", "/a", "a/../../b", "a//b", "C:a", "..\\a", "a\0", "."])
def test_a_file_that_would_lie_elsewhere_is_refused_and_none_is_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(CetsGraphError, match="would not lie in the folder"):
        Exported({"good": "", name: ""}).save(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


NUMBERS: dict[str, dict[str, Any]] = {
    "a size": {"size": 2**40},
    "a large voxel": {"voxel": 1e300},
    "a small voxel": {"voxel": 1e-300},
    "a position": {"position": 1e300},
    "a radius": {"point_attributes": [PointAttribute(name="sphere_radius", values=[1e300, 1e300])]},
    "radii": {"point_attributes": [PointAttribute(name="sphere_radius", values=[1e300, 1])]},
    "an identifier": {"point_ids": ["9" * 5000, "1"]},
    "a name": {"name": "\ud800"},
}


@pytest.mark.parametrize("case", NUMBERS)
@pytest.mark.parametrize("program", EXPORTERS)
def test_numbers_beyond_those_of_a_program_are_said(program: str, case: str) -> None:
    found = export(dataset("a", **NUMBERS[case]), program)
    assert found.files or found.findings or program == "aretomo"


def test_tomograms_whose_names_differ_little_are_told_apart() -> None:
    names = ["7", "tomo_7", "tomo_07"]
    assert sorted(numbered(names).values()) == [1, 2, 3]
    files = export(dataset("TS", "ts", "TS_2"), "imod").files
    assert len({name.casefold() for name in files}) == 3


def test_alignments_whose_names_differ_little_have_files_of_their_own() -> None:
    names = ("a b", "a-b", "A-b", "…")
    series = [
        TiltSeriesMicrographStack(
            id=name, pixel_size=10.0, micrographs=[TiltSeriesMicrograph(id=f"{name}-0", width=4, height=4)]
        )
        for name in names
    ]
    alignments = [
        Alignment(
            id=f"{name}-alignment",
            tilt_series_id=name,
            projection_alignments=[
                ProjectionAlignment(tilt_image_id=f"{name}-0", y_tilt=0.0, input="tomogram", output="image")
            ],
        )
        for name in names
    ]
    images = TomoImageSet(tilt_series_sets=[TiltSeriesSet(tilt_series=series)], alignments=alignments)
    found = export(DataSet(name="a", regions=[Region(id="a", tomo_image_sets=[images])]), "aretomo").files
    assert len({name.casefold() for name in found if name.endswith(".aln")}) == len(names)
