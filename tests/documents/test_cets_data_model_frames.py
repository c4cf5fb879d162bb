"""Scales, coordinate systems and annotations of dialect B, and what older revisions had."""

from typing import Any

import pytest
from documents import image_set, meaning, region

from cetsgraph.documents import read_data, write
from cetsgraph.model import (
    CuboidSet,
    DataSet,
    Entity,
    FitMap,
    MapSet,
    PointSet,
    ProbabilityMap,
    Region,
    SegmentationMask,
    SphereSet,
    Spline,
    Surface,
    Tomogram,
    TomogramSet,
    TomoImageSet,
)

B = "cets-data-model"


SCALED = {
    "coordinate_systems": [
        {"name": "array", "axes": [{"name": axis, "axis_type": "array"} for axis in "xyz"]},
        {"name": "physical", "axes": [{"name": axis, "axis_type": "space"} for axis in "xyz"]},
    ],
    "coordinate_transformations": [
        {"transformation_type": "scale", "input": "array", "output": "physical", "scale": [2, 2, 2]}
    ],
}


def scaled(scale: list[float], **changes: Any) -> Tomogram:
    step = {**SCALED["coordinate_transformations"][0], "scale": scale, **changes}
    document = region(tomograms=[{"id": "t", **SCALED, "coordinate_transformations": [step]}])
    return image_set(document).tomogram_sets[0].tomograms[0]


def test_a_scale_from_array_to_space_is_the_size_of_a_voxel() -> None:
    assert scaled([13.5, 13.5, 13.5]).voxel_size == 13.5
    uneven = scaled([1, 2, 3])
    assert (uneven.voxel_size, uneven.voxel_size_x, uneven.voxel_size_z) == (None, 1.0, 3.0)
    assert scaled([2, 2]).voxel_size is None
    assert scaled([2, 2, 2], output="elsewhere").voxel_size is None
    assert scaled([2, 2, 2], transformation_type="identity").voxel_size is None


def test_the_axes_of_a_scale_are_known_by_their_names() -> None:
    systems = [
        {"name": "array", "axes": [{"name": f"dim_{axis}", "axis_type": "array"} for axis in "zyx"]},
        SCALED["coordinate_systems"][1],
    ]
    step = {**SCALED["coordinate_transformations"][0], "scale": [3, 2, 1]}
    fields = {"coordinate_systems": systems, "coordinate_transformations": [step]}
    tomogram = image_set(region(tomograms=[{"id": "t", **fields}])).tomogram_sets[0].tomograms[0]
    assert (tomogram.voxel_size_x, tomogram.voxel_size_y, tomogram.voxel_size_z) == (1.0, 2.0, 3.0)


def test_scales_of_a_sequence_are_multiplied() -> None:
    one = {"transformation_type": "scale", "scale": [2, 2, 2]}
    assert scaled([1], transformation_type="sequence", sequence=[one]).voxel_size == 2.0
    assert scaled([1], transformation_type="sequence", sequence=[one, one]).voxel_size == 4.0


def test_the_size_of_a_voxel_becomes_a_scale_with_free_names() -> None:
    tomogram = Tomogram(id="t", voxel_size=13.7)
    written = write_tomogram(tomogram)
    assert [system["name"] for system in written["coordinate_systems"]] == ["array", "physical"]
    assert written["coordinate_transformations"] == [
        {"transformation_type": "scale", "input": "array", "output": "physical", "scale": [13.7, 13.7, 13.7]}
    ]
    taken = Tomogram(id="t", voxel_size=13.7, coordinate_systems=[{"name": "array"}])
    assert write_tomogram(taken)["coordinate_transformations"][0]["input"] == "array_2"


def write_tomogram(tomogram: Tomogram) -> Any:
    sets = [TomoImageSet(tomogram_sets=[TomogramSet(tomograms=[tomogram])])]
    return write(DataSet(regions=[Region(id="r", tomo_image_sets=sets)]), B).data["regions"][0]["tomograms"][
        0
    ]


# unit and origin of points in the model, and the axes that tell them: (axis_type, axis_unit)
FRAMES = (
    (("pixel", "corner"), ("array", "pixel")),
    (("angstrom", None), ("space", "angstrom")),
    (("angstrom", "centre"), ("space", "angstrom")),
    (("nanometre", None), ("space", "nanometer")),
    (("pixel", None), ("array", "pixel")),
)


@pytest.mark.parametrize(("frame", "axes"), FRAMES)
def test_the_frame_of_points_is_told_by_a_coordinate_system(
    frame: tuple[str, str | None], axes: tuple[str, str]
) -> None:
    points = PointSet(id="p", unit=frame[0], origin=frame[1], coordinates=[[1, 2, 3]])
    written = write(DataSet(regions=[Region(id="r", annotations=[points])]), B)
    (system,) = written.data["regions"][0]["annotations"][0]["coordinate_systems"]
    assert [(axis["axis_type"], axis["axis_unit"]) for axis in system["axes"]] == [axes] * 3
    (again,) = read_data(written.data, dialect=B).dataset.regions[0].annotations
    assert isinstance(again, PointSet) and (again.unit, again.origin) == frame


@pytest.mark.parametrize(("unit", "origin"), [("pixel", "centre"), ("angstrom", "corner"), (None, "corner")])
def test_an_origin_that_no_coordinate_system_tells_is_left_out(unit: str | None, origin: str | None) -> None:
    points = PointSet(id="p", unit=unit, origin=origin)
    written = write(DataSet(regions=[Region(id="r", annotations=[points])]), B)
    lost = [finding.pointer for finding in written.findings if finding.rule == "not-representable"]
    assert lost == ["/regions/0/annotations/0/origin"]


# an annotation of the model, and what the dialect calls it
KINDS: tuple[tuple[Entity, str], ...] = (
    (PointSet(coordinates=[[1, 2]]), "point_set_2D"),
    (PointSet(coordinates=[[1, 2, 3]]), "point_set_3D"),
    (PointSet(vectors=[[1, 2, 3]]), "point_vector_set_3D"),
    (PointSet(dimension=2, rotations=[[[1, 0], [0, 1]]]), "point_matrix_set_2D"),
    (SphereSet(coordinates=[[1, 2]]), "circle_set"),
    (SphereSet(), "sphere_set"),
    (CuboidSet(dimensions=[[1, 2]]), "box_set"),
    (Spline(coordinates=[[1, 2]]), "spline_2D"),
    (Surface(), "tri_mesh"),
    (SegmentationMask(dimension=2), "segmentation_mask_2D"),
    (ProbabilityMap(), "probability_map_3D"),
    (FitMap(), "density_map"),
)


@pytest.mark.parametrize(("annotation", "kind"), KINDS, ids=[kind for _, kind in KINDS])
def test_what_an_annotation_is_called(annotation: Entity, kind: str) -> None:
    written = write(DataSet(regions=[Region(id="r", annotations=[annotation])]), B)
    (held,) = written.data["regions"][0]["annotations"]
    assert (held["annotation_type"], held["id"]) == (kind, "annotation_0_0")


def test_annotations_of_an_average_are_of_an_older_revision() -> None:
    source = {"averages": [{"name": "a", "annotations": [{"annotation_type": "tri_mesh", "id": "t"}]}]}
    document = read_data(source)
    assert [(finding.rule, finding.pointer) for finding in document.findings] == [
        ("older-revision", "/averages/0/annotations")
    ]
    (found,) = document.dataset.map_sets
    assert isinstance(found, MapSet) and found.annotations[0].id == "t"
    assert meaning(write(document, B).data) == meaning(source)


# fields of a region in an older revision, and where that is said
OLDER: tuple[tuple[dict[str, Any], str], ...] = (
    ({"movie_stack_collections": [{"gain_file": {"path": "g"}}]}, "/movie_stack_collections"),
    ({"tilt_series": [{"ts_id": "t"}]}, "/tilt_series/0/ts_id"),
    ({"tomograms": [{"tomo_id": "t"}]}, "/tomograms/0/tomo_id"),
    (
        {"tilt_series": [{"id": "t", "images": [{"id": "i", "section": "3"}]}]},
        "/tilt_series/0/images/0/section",
    ),
    ({"name": "n"}, "/name"),
    ({"annotations": [{"type": "tri_mesh", "id": "t"}]}, "/annotations/0/type"),
    (
        {"annotations": [{"annotation_type": "point_set_3d", "id": "t"}]},
        "/annotations/0/annotation_type",
    ),
    (
        {"alignments": [{"projection_alignments": [{"id": "p", "transformation_type": "sequence"}]}]},
        "/alignments/0/projection_alignments/0/transformation_type",
    ),
    (
        {"tomograms": [{"id": "t", "coordinate_transformations": [{"type": "identity"}]}]},
        "/tomograms/0/coordinate_transformations/0/type",
    ),
    (
        {"tomograms": [{"id": "t", "coordinate_transformations": [{"transformation_type": "mapAxis"}]}]},
        "/tomograms/0/coordinate_transformations/0/transformation_type",
    ),
    (
        {
            "tomograms": [
                {
                    "id": "t",
                    "coordinate_systems": [{"name": "s", "axes": [{"name": "x", "axis_unit": "Ångstrom"}]}],
                }
            ]
        },
        "/tomograms/0/coordinate_systems/0/axes/0/axis_unit",
    ),
)


@pytest.mark.parametrize(("fields", "place"), OLDER, ids=[place for _, place in OLDER])
def test_what_older_revisions_had_is_read_and_said(fields: dict[str, Any], place: str) -> None:
    document = region(**fields)
    assert [(finding.rule, finding.pointer) for finding in document.findings] == [
        ("older-revision", f"/regions/0{place}")
    ]
    current = write(document, B).data
    assert read_data(current, dialect=B).dataset == document.dataset


WRONG: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"tilt_series": [], "tomogram": []}, "unknown-field", "/tomogram"),
    ({"tilt_series": {}}, "value-type", "/tilt_series"),
    ({"tilt_series": [{"id": "t", "name": "n"}]}, "unknown-field", "/tilt_series/0/name"),
    ({"tilt_series": ["t"]}, "value-type", "/tilt_series/0"),
    ({"tomograms": [{"id": "t", "width": "wide"}]}, "value-type", "/tomograms/0/width"),
    ({"tomograms": [{"id": "t", "ctf_corrected": "no"}]}, "value-type", "/tomograms/0/ctf_corrected"),
    ({"movie_stack_collection": "m"}, "value-type", "/movie_stack_collection"),
    ({"annotations": [{"id": "a"}]}, "value-enum", "/annotations/0"),
    (
        {"annotations": [{"annotation_type": "cone", "id": "a"}]},
        "value-enum",
        "/annotations/0/annotation_type",
    ),
    ({"annotations": [{"annotation_type": "tri_mesh"}]}, "required-field", "/annotations/0"),
    (
        {"alignments": [{"projection_alignments": [{"id": "p", "transformation_type": "scale"}]}]},
        "value-enum",
        "/alignments/0/projection_alignments/0/transformation_type",
    ),
    (
        {"tomograms": [{"id": "t", "coordinate_transformations": [{"transformation_type": "bend"}]}]},
        "value-enum",
        "/tomograms/0/coordinate_transformations/0/transformation_type",
    ),
    (
        {"annotations": [{"annotation_type": "point_set_3D", "id": "a", "origin3D": [[1, 2, "3"]]}]},
        "value-type",
        "/annotations/0/origin3D/0/2",
    ),
)


@pytest.mark.parametrize(
    ("fields", "rule", "place"), WRONG, ids=[f"{rule} {place}" for _, rule, place in WRONG]
)
def test_what_is_wrong_is_said_at_its_place(fields: dict[str, Any], rule: str, place: str) -> None:
    document = region(**fields)
    assert [(finding.rule, finding.pointer) for finding in document.findings] == [
        (rule, f"/regions/0{place}")
    ]
