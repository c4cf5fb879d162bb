"""Points there and back, as particles of RELION."""

from pathlib import Path

import numpy as np
import pytest
import starfile

from cetsgraph.exporters import export
from cetsgraph.importers import claims, read
from cetsgraph.model import DataSet, PointSet, Region, Tomogram, TomogramSet, TomoImageSet

SAMPLES = (
    "relion/emp10164/Extract/job020/particles.star",
    "relion/cylindra/Class3D/job_class3d/run_it025_data.star",
    "relion/cylindra/Picks/job_picks/particles.star",
    "relion/cylindra/Refine3D/job_refine/run_it050_data.star",
)


def imported(path: Path) -> DataSet:
    (claim,) = claims([path]).claims
    return read(claim).dataset


def points(dataset: DataSet) -> list[PointSet]:
    return [one for one in dataset.walk() if isinstance(one, PointSet)]


@pytest.mark.parametrize("sample", SAMPLES)
def test_particles_come_back(sample: str, shared_data: Path, tmp_path: Path) -> None:
    first = imported(shared_data / "import" / sample)
    export(first, "relion").save(tmp_path)
    for before, after in zip(points(first), points(imported(tmp_path / "particles.star")), strict=True):
        np.testing.assert_allclose(after.coordinates, before.coordinates, atol=1e-6)
        np.testing.assert_allclose(after.rotations or [], before.rotations or [], atol=1e-6)
        assert after.point_ids == before.point_ids
        assert after.point_attributes == before.point_attributes
    assert "rlnCenteredCoordinateXAngst" in starfile.read(tmp_path / "particles.star")


def of_tomogram(tomogram: Tomogram, found: PointSet) -> DataSet:
    tomogram.annotations.append(found)
    images = TomoImageSet(tomogram_sets=[TomogramSet(tomograms=[tomogram])])
    return DataSet(regions=[Region(id="r", tomo_image_sets=[images])])


PLACES = {
    ("pixel", "corner"): [[12.0, 10.0, 5.0]],
    ("angstrom", "corner"): [[24.0, 20.0, 10.0]],
    ("angstrom", "centre"): [[4.0, 0.0, 0.0]],
}


@pytest.mark.parametrize("frame", PLACES)
def test_positions_are_counted_from_the_centre(frame: tuple, tmp_path: Path) -> None:
    tomogram = Tomogram(id="t", width=20, height=20, depth=10, voxel_size=2.0)
    unit, origin = frame
    given = of_tomogram(tomogram, PointSet(unit=unit, origin=origin, coordinates=PLACES[frame]))
    export(given, "relion").save(tmp_path)
    (found,) = points(imported(tmp_path / "particles.star"))
    assert found.coordinates == [[4.0, 0.0, 0.0]]


def test_positions_that_cannot_be_counted_from_the_centre_are_said() -> None:
    found = PointSet(unit="pixel", origin="corner", coordinates=[[1.0, 2.0, 3.0]])
    exported = export(of_tomogram(Tomogram(id="t"), found), "relion")
    (finding,) = exported.findings
    assert (exported.files, finding.rule) == ({}, "not-representable")
    assert finding.pointer.endswith("/tomograms/0/annotations/0")


def test_matrices_that_are_no_rotations_are_said_and_left_out() -> None:
    mirror = [[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, -1.0]]]
    found = PointSet(unit="angstrom", origin="centre", coordinates=[[1.0, 2.0, 3.0]], rotations=mirror)
    exported = export(of_tomogram(Tomogram(id="t"), found), "relion")
    assert "rlnAngleRot" not in exported.files["particles.star"]
    assert len(exported.findings) == 1
