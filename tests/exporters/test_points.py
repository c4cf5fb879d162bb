"""Points there and back, in the files of each program, and read by the field's own readers."""

import json
from pathlib import Path

import dynamotable
import imodmodel
import numpy as np
import pytest
import starfile
from commands import run
from hypothesis import given
from hypothesis import strategies as st

from cetsgraph.errors import CetsGraphError
from cetsgraph.exporters import EXPORTERS, PointOptions, export
from cetsgraph.importers import Options, import_from
from cetsgraph.model import (
    Annotation,
    Axis,
    Coordinates,
    CoordinateSystem,
    DataSet,
    Particle,
    ParticleSet,
    Point,
    PointAttribute,
    PointSet,
    Region,
    SegmentationMask,
    Surface,
    Tomogram,
    TomogramSet,
    TomoImageSet,
    Transformation,
)

SAMPLES = {
    # what comes back the same: the file, the program, and what the program has no place for
    "picks/t_complex.tbl": ("dynamo", ()),
    "picks/portal_point_constructed.ndjson": ("ndjson", ()),
    "../cryoet-data-portal/annotations/69546_Point.ndjson": ("ndjson", ()),
    "../cryoet-data-portal/annotations/175505_OrientedPoint.first4.ndjson": ("ndjson", ()),
    "picks/copick.json": ("copick", ()),
    "picks/copick_instance.json": ("copick", ()),
    "picks/stopgap_star.star": ("stopgap", ()),
    "picks/points.mod": ("imod", ()),
    "imod/models/two_contour_example.mod": ("imod", ()),
    "imod/models/slicer_angle_example.mod": ("imod", ()),
    "imod/models/multiple_objects_example.mod": ("imod", ()),
}


def imported(path: Path, options: Options | None = None) -> DataSet:
    found = import_from(path, options=options)
    assert not found.failures
    (document,) = found.documents
    return document.dataset


def points(dataset: DataSet) -> list[PointSet]:
    return [one for one in dataset.walk() if isinstance(one, PointSet)]


def check_same(before: list[PointSet], after: list[PointSet]) -> None:
    for first, second in zip(before, after, strict=True):
        assert (first.unit, first.origin) == (second.unit, second.origin)
        np.testing.assert_allclose(second.coordinates, first.coordinates, atol=1e-6)
        np.testing.assert_allclose(second.rotations or [], first.rotations or [], atol=1e-6)
        assert second.point_ids == first.point_ids
        assert second.point_attributes == first.point_attributes
        assert second.annotated_object_name == first.annotated_object_name


@pytest.mark.parametrize("sample", SAMPLES)
def test_points_come_back(sample: str, shared_data: Path, tmp_path: Path) -> None:
    program, lost = SAMPLES[sample]
    first = imported(shared_data / "import" / sample)
    exported = export(first, program)
    exported.save(tmp_path)
    again = imported(tmp_path)
    check_same(points(first), points(again))
    assert tuple(one.pointer for one in exported.findings if one.pointer) == lost
    assert [one.name for one in again.regions] == [one.name for one in first.regions]


def turn(axis: int, degrees: float) -> np.ndarray:
    """A right-handed turn about an axis."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    first, second = (axis + 1) % 3, (axis + 2) % 3
    matrix = np.eye(3)
    matrix[[first, first, second, second], [first, second, first, second]] = c, -s, s, c
    return matrix


def euler(axes: str, *degrees: float) -> np.ndarray:
    """Turns that follow each other, the last one first: `zxz` is Rz·Rx·Rz."""
    product = np.eye(3)
    for axis, angle in zip(axes, degrees, strict=True):
        product = product @ turn("xyz".index(axis), angle)
    return product


TURNED = euler("zyz", 20, 50, -70)
SIZE, VOXEL = (100, 80, 40), 10.0
CENTRED = [[10.0, -20.0, 30.0], [0.0, 0.0, 0.0]]
VOXELS = [[51.0, 38.0, 23.0], [50.0, 40.0, 20.0]]  # by hand: the centre is voxel (50, 40, 20), counted from 0


def dataset(found: Annotation | None = None, **tomogram: object) -> DataSet:
    known = {"width": SIZE[0], "height": SIZE[1], "depth": SIZE[2], "voxel_size": VOXEL}
    names = {"id": "t", "name": "TS_01", "path": "rec/TS_01_10.00Apx.mrc"}
    volume = Tomogram(**{**names, **known, **tomogram})
    ribosomes = PointSet(
        unit="angstrom",
        origin="centre",
        coordinates=CENTRED,
        rotations=[TURNED.tolist(), np.eye(3).tolist()],
        point_ids=["12", "7"],
        point_attributes=[
            PointAttribute(name="score", values=[0.5, 0.25]),
            PointAttribute(name="colour", values=["red", "blue"]),
        ],
        annotated_object_name="ribosome",
        annotated_object="GO:0022626",
        method="automated",
    )
    volume.annotations.append(found or ribosomes)
    images = TomoImageSet(tomogram_sets=[TomogramSet(tomograms=[volume])])
    return DataSet(name="A", regions=[Region(id="r", tomo_image_sets=[images])])


def test_dynamo_is_read_by_dynamotable(tmp_path: Path) -> None:
    exported = export(dataset(), "dynamo")
    exported.save(tmp_path)
    found = dynamotable.read(tmp_path / "ribosome.tbl", tmp_path / "ribosome.doc")
    np.testing.assert_allclose(found[["x", "y", "z"]], np.add(VOXELS, 1), atol=1e-6)
    angles = found[["tdrot", "tilt", "narot"]].to_numpy()[0]
    np.testing.assert_allclose(euler("zxz", *-angles), TURNED, atol=1e-6)
    assert found["tag"].tolist() == [12, 7] and found["apix"].tolist() == [10, 10]
    assert set(found["tomo_file"]) == {"rec/TS_01_10.00Apx.mrc"}
    assert [one.found for one in exported.findings] == ["score, colour of 2 points"]


def test_stopgap_is_read_by_starfile(tmp_path: Path) -> None:
    exported = export(dataset(), "stopgap")
    exported.save(tmp_path)
    found = starfile.read(tmp_path / "motivelist.star")
    np.testing.assert_allclose(found[["orig_x", "orig_y", "orig_z"]], VOXELS, atol=1e-6)
    phi, psi, the = found[["phi", "psi", "the"]].to_numpy()[0]
    np.testing.assert_allclose(euler("zxz", psi, the, phi), TURNED, atol=1e-6)
    assert (found["motl_idx"].tolist(), found["score"].tolist()) == ([12, 7], [0.5, 0.25])
    assert [one.found for one in exported.findings] == ["colour of 2 points", "1 TS_01"]


STARS = {
    # program, options: columns of positions, their values, column and value of the tomogram
    ("relion", None): ("rlnCenteredCoordinate{}Angst", CENTRED, "rlnTomoName", "TS_01"),
    ("warp", None): ("rlnCoordinate{}", VOXELS, "rlnMicrographName", "TS_01.tomostar"),
    ("warp", 2.5): ("rlnCoordinate{}", np.multiply(VOXELS, 4), "rlnMicrographName", "TS_01.tomostar"),
}


@pytest.mark.parametrize(("program", "pixel"), STARS)
def test_particles_are_read_by_starfile(program: str, pixel: float | None, tmp_path: Path) -> None:
    column, expected, named, name = STARS[program, pixel]
    export(dataset(), program, PointOptions(pixel_size=pixel)).save(tmp_path)
    found = starfile.read(tmp_path / "particles.star")
    np.testing.assert_allclose(found[[column.format(axis) for axis in "XYZ"]], expected, atol=1e-6)
    angles = found[["rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi"]].to_numpy()[0]
    np.testing.assert_allclose(euler("zyz", *angles).T, TURNED, atol=1e-6)
    assert set(found[named]) == {name}
    if program == "warp":
        assert set(found["rlnPixelSize"]) == {pixel or VOXEL}


def test_models_are_read_by_imodmodel(tmp_path: Path) -> None:
    spheres = PointSet(
        unit="pixel",
        origin="corner",
        coordinates=[[1, 2, 3], [4, 5, 6], [7, 8, 9]],
        rotations=[TURNED.tolist()] * 3,
        point_attributes=[
            PointAttribute(name="contour", values=[0, 0, 1]),
            PointAttribute(name="sphere_radius", values=[1.5, 2.5, 3]),
        ],
    )
    export(dataset(spheres), "imod").save(tmp_path)
    path = tmp_path / "TS_01" / "TS_01.mod"
    model = imodmodel.ImodModel.from_file(path)
    assert (model.header.xmax, model.header.ymax, model.header.zmax) == SIZE
    (minx,) = [model.minx]
    assert minx is not None and minx.cscale == (VOXEL,) * 3
    found = imodmodel.read(path)
    np.testing.assert_allclose(found[["x", "y", "z"]], spheres.coordinates)
    assert found["contour_id"].tolist() == [0, 0, 1]
    views = imodmodel.read(path, annotation="slicer_angles")
    x, y, z = views[["x_rot", "y_rot", "z_rot"]].to_numpy()[0]
    np.testing.assert_allclose(euler("zyx", -z, -y, -x), TURNED, atol=1e-6)
    (again,) = points(imported(path))
    assert again.point_attributes == spheres.point_attributes


def test_the_portal_has_lines_and_metadata(tmp_path: Path) -> None:
    exported = export(dataset(), "ndjson")
    exported.save(tmp_path)
    folder = tmp_path / "TS_01" / "Reconstructions" / "VoxelSpacing10.000"
    lines = (folder / "Annotations/1/ribosome-1.0_orientedpoint.ndjson").read_text().splitlines()
    first = json.loads(lines[0])
    assert (first["type"], first["instance_id"]) == ("orientedPoint", 12)
    assert first["location"] == dict(zip("xyz", VOXELS[0], strict=True))
    np.testing.assert_allclose(first["xyz_rotation_matrix"], TURNED, atol=1e-12)
    said = json.loads((folder / "Annotations/1/ribosome-1.0.json").read_text())
    assert said["annotation_object"] == {"id": "GO:0022626", "name": "ribosome"}
    assert (said["object_count"], said["method_type"]) == (2, "automated")
    tomogram = json.loads((folder / "Tomograms/1/tomogram_metadata.json").read_text())
    assert (tomogram["size"], tomogram["voxel_spacing"]) == ({"x": 100, "y": 80, "z": 40}, 10)
    (again,) = points(imported(tmp_path))
    np.testing.assert_allclose(again.coordinates, CENTRED, atol=1e-6)
    assert (again.annotated_object, again.method, again.point_ids) == ("GO:0022626", "automated", ["12", "7"])


def test_copick_has_picks_and_a_project(tmp_path: Path) -> None:
    """What is asserted was read by copick 1.31 in the same words: runs, picks, `picks.numpy()`."""
    export(dataset(), "copick").save(tmp_path)
    picks = json.loads((tmp_path / "ExperimentRuns/TS_01/Picks/cetsgraph_1_ribosome.json").read_text())
    assert (picks["run_name"], picks["voxel_spacing"], picks["unit"]) == ("TS_01", 10, "angstrom")
    first = picks["points"][0]
    assert first["location"] == {"x": 510, "y": 380, "z": 230}
    np.testing.assert_allclose(np.array(first["transformation_"])[:3, :3], TURNED, atol=1e-12)
    assert (first["instance_id"], first["score"], first["transformation_"][3]) == (12, 0.5, [0, 0, 0, 1])
    (pickable,) = json.loads((tmp_path / "copick_config.json").read_text())["pickable_objects"]
    assert (pickable["name"], pickable["identifier"]) == ("ribosome", "GO:0022626")


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    hostile = PointSet(
        unit="angstrom",
        origin="corner",
        coordinates=[[1, 2, 3]],
        annotated_object_name="../../ribosome",
        method_description="copick, user ../../me, session ..",
    )
    given = dataset(hostile, name="../../../TS_01", path="../../TS_01.mrc")
    for program in EXPORTERS:
        for path in export(given, program).files:
            assert ".." not in path.split("/") and not path.startswith("/"), path


PLACES = {
    ("pixel", "corner"): [[12.0, 10.0, 5.0]],
    ("angstrom", "corner"): [[24.0, 20.0, 10.0]],
    ("nanometre", "corner"): [[2.4, 2.0, 1.0]],
    ("angstrom", "centre"): [[4.0, 0.0, 0.0]],
    ("nanometre", "centre"): [[0.4, 0.0, 0.0]],
}


@pytest.mark.parametrize("frame", PLACES)
@pytest.mark.parametrize("stated", [True, False])
def test_positions_are_counted_as_programs_do(frame: tuple, stated: bool, tmp_path: Path) -> None:
    """The size of the tomogram is its own, or that of the options."""
    unit, origin = frame
    found = PointSet(unit=unit, origin=origin, coordinates=PLACES[frame])
    size = {"width": 20, "height": 20, "depth": 10, "voxel_size": 2.0}
    options = PointOptions() if stated else PointOptions(voxel_size=2.0, size=(20, 20, 10))
    exported = export(dataset(found, **(size if stated else dict.fromkeys(size))), "dynamo", options)
    exported.save(tmp_path)
    table = dynamotable.read(tmp_path / "points.tbl")
    np.testing.assert_allclose(table[["x", "y", "z"]], [[13, 11, 6]], atol=1e-6)


def test_axes_in_another_order_are_put_in_theirs(tmp_path: Path) -> None:
    turned = TURNED[::-1, ::-1]  # the same rotation, for z, y and x
    axes = [Axis(name=name, axis_type="array", axis_unit="voxel") for name in "zyx"]
    found = PointSet(
        unit="pixel",
        origin="corner",
        coordinates=[VOXELS[0][::-1]],
        rotations=[turned.tolist()],
        coordinate_systems=[CoordinateSystem(name="array", axes=axes)],
    )
    export(dataset(found), "dynamo").save(tmp_path)
    table = dynamotable.read(tmp_path / "points.tbl")
    np.testing.assert_allclose(table[["x", "y", "z"]], np.add(VOXELS[:1], 1), atol=1e-6)
    angles = table[["tdrot", "tilt", "narot"]].to_numpy()[0]
    np.testing.assert_allclose(euler("zxz", *-angles), TURNED, atol=1e-6)


@pytest.mark.parametrize("program", ["relion", "warp", "dynamo", "stopgap", "ndjson", "copick", "imod"])
def test_what_cannot_be_placed_is_said_with_its_number(program: str) -> None:
    unknown = PointSet(unit=None, origin=None, coordinates=[[1, 2, 3], [4, 5, 6]])
    exported = export(dataset(unknown), program)
    assert not exported.files
    (finding,) = exported.findings
    assert finding.rule == "not-representable" and "2 points" in str(finding.found)


def test_particles_and_points_are_written_too(tmp_path: Path) -> None:
    matrix = [[*row, 5.0] for row in TURNED.tolist()]
    turned = [Transformation(transformation_type="affine", matrix=matrix)]
    frame = {"unit": "pixel", "origin": "corner"}
    particles = [
        Particle(
            **frame, location=Coordinates(x=x, y=2, z=3), alignment_transformations=turned, figure_of_merit=x
        )
        for x in (1.0, 4.0)
    ]
    alone = [
        Point(**frame, location=Coordinates(x=x, y=8, z=9), annotated_object_name="bead") for x in (7, 8)
    ]
    given = dataset(ParticleSet(annotated_object_name="ribosome", particles=particles))
    given.regions[0].tomo_image_sets[0].tomogram_sets[0].tomograms[0].annotations += alone
    exported = export(given, "dynamo")
    exported.save(tmp_path)
    ribosomes, beads = (dynamotable.read(tmp_path / f"{name}.tbl") for name in ("ribosome", "bead"))
    assert ribosomes[["x", "y", "z"]].to_numpy().tolist() == [[2, 3, 4], [5, 3, 4]]
    np.testing.assert_allclose(
        euler("zxz", *-ribosomes[["tdrot", "tilt", "narot"]].to_numpy()[0]), TURNED, atol=1e-6
    )
    assert beads[["x", "y", "z"]].to_numpy().tolist() == [[8, 9, 10], [9, 9, 10]]
    assert [one.found for one in exported.findings] == ["figure_of_merit of 2 points", "2 points"]


def test_what_is_marked_goes_into_tables_of_its_own_and_keeps_its_angles(tmp_path: Path) -> None:
    frame = {"unit": "angstrom", "origin": "centre"}
    given = dataset()
    annotations = given.regions[0].tomo_image_sets[0].tomogram_sets[0].tomograms[0].annotations
    unturned = PointSet(**frame, coordinates=[[1, 2, 3]], annotated_object_name="ribosome")
    annotations += [unturned, PointSet(**frame, coordinates=[[4, 5, 6]], annotated_object_name="bead")]
    exported = export(given, "relion")
    exported.save(tmp_path)
    ribosomes = starfile.read(tmp_path / "particles" / "ribosome.star")
    assert ribosomes["rlnTomoParticleName"].tolist() == ["12", "7", "TS_01/1"]
    np.testing.assert_allclose(
        euler("zyz", *ribosomes[["rlnAngleRot", "rlnAngleTilt", "rlnAnglePsi"]].to_numpy()[0]).T,
        TURNED,
        atol=1e-6,
    )
    beads = (tmp_path / "particles" / "bead.star").read_text()
    assert "rlnAngleRot" not in beads
    assert "1 point" in [one.found for one in exported.findings]


def test_other_annotations_and_directions_are_counted() -> None:
    pointing = PointSet(unit="pixel", origin="corner", coordinates=[[1, 2, 3]], vectors=[[0, 0, 1]])
    given = dataset(pointing)
    annotations = given.regions[0].tomo_image_sets[0].tomogram_sets[0].tomograms[0].annotations
    annotations += [SegmentationMask(path="a.mrc"), SegmentationMask(path="b.mrc"), Surface(path="c.stl")]
    found = [one.found for one in export(given, "ndjson").findings]
    assert found == ["2 SegmentationMask, 1 Surface", "1 direction"]


def test_a_tomogram_that_is_not_there_is_refused() -> None:
    with pytest.raises(CetsGraphError, match="TS_09") as caught:
        export(dataset(), "dynamo", PointOptions(tomograms=["TS_09"]))
    assert caught.value.expected == "TS_01"


def test_the_command_writes_points_of_the_tomograms_that_are_asked_for(tmp_path: Path) -> None:
    for name in ("TS_01", "TS_02"):
        line = json.dumps({"type": "point", "location": {"x": 1, "y": 2, "z": 3}})
        (tmp_path / f"{name}.ndjson").write_text(line)
    store = tmp_path / "store"
    assert run("import", "picks", tmp_path, "--as", "P", "--store", store).returncode == 0
    out = tmp_path / "out"
    options = ("--size", 20, 20, 10, "--voxel-size", 2, "--tomogram", "TS_02")
    done = run("export", "P", "--store", store, "--to", "relion", "-o", out, *options)
    assert done.returncode == 0, done.stderr
    found = starfile.read(out / "particles.star")
    assert found["rlnTomoName"].tolist() == ["TS_02"]
    assert found["rlnCenteredCoordinateXAngst"].tolist() == [-18]


finite = st.floats(-1e5, 1e5, allow_nan=False).map(lambda value: round(value, 6))
angles = st.tuples(st.floats(-180, 180), st.floats(0, 180), st.floats(-180, 180))
placed = st.lists(st.tuples(st.tuples(finite, finite, finite), angles), min_size=1, max_size=8)


@pytest.mark.parametrize("program", ["relion", "dynamo", "stopgap", "ndjson", "copick"])
@given(given_points=placed)
def test_any_points_come_back(
    program: str, given_points: list, tmp_path_factory: pytest.TempPathFactory
) -> None:
    coordinates = [list(position) for position, _ in given_points]
    rotations = [euler("zyz", *turned).tolist() for _, turned in given_points]
    origin = "centre" if program == "relion" else "corner"
    unit = "pixel" if program in ("dynamo", "stopgap", "ndjson") else "angstrom"
    found = PointSet(unit=unit, origin=origin, coordinates=coordinates, rotations=rotations)
    folder = tmp_path_factory.mktemp(program)
    export(dataset(found, width=None), program).save(folder)
    (again,) = points(imported(folder))
    assert (again.unit, again.origin) == (unit, origin)
    np.testing.assert_allclose(again.coordinates, coordinates, atol=1e-6)
    np.testing.assert_allclose(again.rotations, rotations, atol=1e-6)
