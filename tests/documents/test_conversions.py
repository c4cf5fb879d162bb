"""From dialect to dialect: what differs afterwards is reported, and geometry stays where it was.

Positions, sizes and placements are computed here by themselves, from the JSON of both dialects.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray
from strategies import cets_data_model_documents, datasets, tomobabel_documents

from cetsgraph.documents import Written, read_data, write
from cetsgraph.findings import Finding
from cetsgraph.model import DataSet, Entity
from cetsgraph.model.base import facts_of

A, B = "tomobabel", "cets-data-model"
JSON = Any
Fact = tuple[str, str, str]

# --- what differs is reported ------------------------------------------------------------------------------


def facts(entity: Entity, pointer: str = "") -> Iterator[tuple[Fact, str]]:
    """Class, field and value of every single value below an object, with its place; references aside.

    References change their form where ids are made: they are compared by what they lead to, elsewhere.
    """
    for name, found in entity.__dict__.items():
        place = f"{pointer}/{name}"
        if isinstance(found, Entity):
            yield from facts(found, place)
        elif isinstance(found, list) and found and isinstance(found[0], Entity):
            for index, item in enumerate(found):
                yield from facts(item, f"{place}/{index}")
        elif found not in (None, []) and not is_reference(type(entity), name):
            yield (type(entity).__name__, name, repr(found)), place


def is_reference(cls: type[Entity], name: str) -> bool:
    return facts_of(cls.model_fields[name].json_schema_extra).target is not None


HOLDERS = re.compile(r"(/(regions|tomo_image_sets|tomogram_sets|movie_stack_collections)/\d+)*")


def explained(place: str, findings: Iterable[Finding]) -> bool:
    """Whether a finding names the place, or what it is in.

    That an object stands elsewhere, or that lists became one, explains no change of the values below it.
    """
    return any(
        place == finding.pointer or place.startswith(f"{finding.pointer}/")
        for finding in findings
        if finding.rule == "not-representable"
        or (finding.rule == "normalised" and not HOLDERS.fullmatch(finding.pointer))
    )


def repeated_files(dataset: DataSet) -> list[str]:
    """Places of gain and defect files that an earlier collection of movies of the region has too.

    Where its collections become one, as dialect B has it, they are one file.
    """
    found = []
    for number, region in enumerate(dataset.regions or []):
        seen: list[dict[str, object]] = []
        for at, images in enumerate(region.tomo_image_sets or []):
            for place, movies in enumerate(images.movie_stack_collections or []):
                for name in ("gain_file", "defect_file"):
                    file = getattr(movies, name)
                    if file is None:
                        continue
                    values = file.model_dump(exclude={"annotations"})  # of which dialect B has none here
                    if values in seen:
                        collection = f"/tomo_image_sets/{at}/movie_stack_collections/{place}"
                        found.append(f"/regions/{number}{collection}/{name}/")
                    seen.append(values)
    return found


def check(dataset: DataSet, written: Written, again: DataSet) -> None:
    repeated = tuple(repeated_files(dataset))
    before: dict[Fact, list[str]] = defaultdict(list)
    after: dict[Fact, int] = defaultdict(int)
    for fact, place in facts(dataset):
        before[fact].append(place)
    for fact, _ in facts(again):
        after[fact] += 1
    for fact, places in before.items():
        if len(places) > after[fact]:
            unexplained = [place for place in places if not explained(place, written.findings)]
            if after[fact]:
                unexplained = [place for place in unexplained if not place.startswith(repeated)]
            assert len(unexplained) <= after[fact], (fact, unexplained)


def without_ids_like_places(dataset: DataSet) -> bool:
    return not any((entity.id or "").startswith("#/") for entity in dataset.walk())


@given(tomobabel_documents)
def test_what_dialect_b_cannot_hold_of_dialect_a_is_reported(generated: tuple[str, JSON]) -> None:
    dataset = read_data(generated[1], dialect=A).dataset
    written = write(dataset, B)
    check(dataset, written, read_data(written.data, dialect=B).dataset)


@given(cets_data_model_documents)
def test_what_dialect_a_cannot_hold_of_dialect_b_is_reported(generated: tuple[str, JSON]) -> None:
    dataset = read_data(generated[1], dialect=B).dataset
    assume(without_ids_like_places(dataset))
    written = write(dataset, A)
    check(dataset, written, read_data(written.data, dialect=A).dataset)


@pytest.mark.parametrize("target", [A, B])
@given(dataset=datasets())
def test_what_a_dialect_cannot_hold_of_the_model_is_reported(target: str, dataset: DataSet) -> None:
    assume(without_ids_like_places(dataset))
    written = write(dataset, target)
    check(dataset, written, read_data(written.data, dialect=target).dataset)


# --- geometry, computed by itself --------------------------------------------------------------------------

Floats = NDArray[np.float64]
length = st.floats(-5e3, 5e3).map(lambda number: round(number, 3))
positive = st.floats(0.5, 50).map(lambda number: round(number, 4))
count = st.integers(1, 4000)
row = st.tuples(length, length, length).map(list)
rows = st.lists(row, min_size=1, max_size=4)
angles = st.tuples(*[st.floats(-180, 180)] * 3)


def rotation(degrees: ArrayLike) -> Floats:
    """A rotation about Z, Y and Z again."""
    first, second, third = np.deg2rad(degrees)

    def about_z(angle: float) -> Floats:
        return np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1.0]])

    tilt = np.array([[np.cos(second), 0, np.sin(second)], [0, 1.0, 0], [-np.sin(second), 0, np.cos(second)]])
    return about_z(first) @ tilt @ about_z(third)


def close(found: ArrayLike, expected: ArrayLike) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)


@st.composite
def regions_of_b(draw: st.DrawFn) -> JSON:
    """A tomogram with a set of each kind, counted in one of the frames that dialect B can tell."""
    size = [draw(count) for _ in "xyz"]
    voxel = draw(positive)
    unit, kind = draw(
        st.sampled_from([("pixel", "array"), ("angstrom", "centred"), ("nanometer", "centred")])
    )
    axes = [
        {"name": axis, "axis_unit": unit, "axis_type": "array" if kind == "array" else "space"}
        for axis in "xyz"
    ]
    frame = {"coordinate_systems": [{"name": kind, "axes": axes}], "source_tomogram_id": "t"}
    points, spheres, curve = draw(rows), draw(rows), draw(st.lists(row, min_size=3, max_size=5))
    turns = [rotation(draw(angles)).tolist() for _ in points]
    shift = [draw(length) for _ in "xyz"]
    place = {"transformation_type": "translation", "name": "annotation_to_tomogram", "output": kind}
    kinds: list[dict[str, JSON]] = [
        {"annotation_type": "point_set_3D", "id": "p", "origin3D": points},
        {"annotation_type": "point_matrix_set_3D", "id": "m", "origin3D": points, "matrix3D": turns},
        {"annotation_type": "point_vector_set_3D", "id": "v", "origin3D": points, "vector3D": points[::-1]},
        {"annotation_type": "sphere_set", "id": "s", "origin3D": spheres, "radii": [2.5] * len(spheres)},
        {"annotation_type": "spline_3D", "id": "c", "origin3D": curve},
        {
            "annotation_type": "density_map",
            "id": "f",
            "path": "m.mrc",
            "matrix3D": turns[:1],
            "coordinate_transformations": [{**place, "translation": shift}],
        },
    ]
    systems = [
        {"name": "array", "axes": [{"name": a, "axis_unit": "pixel", "axis_type": "array"} for a in "xyz"]},
        {"name": "space", "axes": [{"name": a, "axis_type": "space"} for a in "xyz"]},
    ]
    scale = {"transformation_type": "scale", "input": "array", "output": "space", "scale": [voxel] * 3}
    tomogram = dict(zip(("width", "height", "depth"), size, strict=True)) | {
        "id": "t",
        "coordinate_systems": systems,
        "coordinate_transformations": [scale],
        "tilt_series_id": "ts",
    }
    images = [
        {"id": f"i{n}", "nominal_tilt_angle": draw(length), "accumulated_dose": 3.0 * n} for n in range(3)
    ]
    return {
        "id": "r",
        "tilt_series": [{"id": "ts", "images": images}],
        "tomograms": [tomogram],
        "annotations": [{**frame, **one} for one in kinds],
    }


def to_angstrom_of(region: JSON, annotation: JSON) -> tuple[Floats, Floats]:
    """Å per unit, and the shift to the centre ⌊N/2⌋ of the tomogram, from JSON of dialect B."""
    tomogram = region["tomograms"][0]
    (system,) = annotation["coordinate_systems"]
    unit = system["axes"][0]["axis_unit"]
    voxel = np.array(tomogram["coordinate_transformations"][0]["scale"])
    size = np.array([tomogram[name] for name in ("width", "height", "depth")])
    if unit == "pixel":
        return voxel, -(size // 2) * voxel
    return np.full(3, {"angstrom": 1.0, "nanometer": 10.0}[unit]), np.zeros(3)


def at(found: JSON) -> list[float]:
    return [found["x"], found["y"], found["z"]]


def singles(found: JSON) -> list[JSON]:
    """What an annotation of dialect A holds: itself if it is no set."""
    if found.get("type", "particle_coordinates") != "particle_coordinates":
        return [found]
    return [*found["annotations"], *found.get("particles", [])]


def geometry_of_b(region: JSON) -> dict[str, list[Floats]]:
    """Positions in Å from the centre, by kind, from JSON of dialect B."""
    found: dict[str, list[Floats]] = defaultdict(list)
    for one in region["annotations"]:
        factor, shift = to_angstrom_of(region, one)
        kind = one["annotation_type"]
        positions = np.array(one.get("origin3D", [])).reshape(-1, 3) * factor + shift
        found[kind].append(positions)
        if kind == "point_vector_set_3D":
            found[kind].append(positions + np.array(one["vector3D"]) * factor)
        elif kind == "sphere_set":
            found[kind].append(np.array(one["radii"]) * factor[0])
        elif kind == "point_matrix_set_3D":
            found[kind].append(np.array(one["matrix3D"]))
        elif kind == "density_map":
            matrix = np.eye(4)
            matrix[:3, :3] = np.array(one["matrix3D"][0]) * factor
            stated = [t for t in one["coordinate_transformations"] if t["name"] == "annotation_to_tomogram"]
            matrix[:3, 3] = np.array(stated[0]["translation"]) * factor + shift
            matrix[:3, :3] /= factor
            found[kind].append(matrix)
    return found


def geometry_of_a(annotations: JSON) -> dict[str, list[Floats]]:
    """The same from JSON of dialect A, whose frame is this one."""
    found: dict[str, list[Floats]] = {}
    for one in annotations:
        parts = singles(one)
        kind = parts[0]["type"]
        if kind == "point":
            found["point_set_3D"] = [np.array([at(part["coords"]) for part in parts])]
        elif kind == "particle_coodinate":
            turns = [part["alignment_transformations"][0]["trans_matrix"] for part in parts]
            positions = np.array([at(part["coords"]) for part in parts])
            found["point_matrix_set_3D"] = [positions, np.array(turns)[:, :3, :3]]
        elif kind == "vector":
            ends = [np.array([at(part[name]) for part in parts]) for name in ("start", "end")]
            found["point_vector_set_3D"] = ends
        elif kind == "sphere":
            centres = np.array([at(part["center"]) for part in parts])
            found["sphere_set"] = [centres, np.array([part["radius"] for part in parts])]
        elif kind == "spline":
            found["spline_3D"] = [np.array([at(point) for point in parts[0]["points"]])]
        elif kind == "fit_map":
            matrix = np.array(parts[0]["transformation"]["trans_matrix"])
            found["density_map"] = [np.zeros((0, 3)), matrix]
    return found


def region_of_a(document: JSON) -> JSON:
    (region,) = document["regions"]
    (imaging,) = region["tomo_imaging"]
    return imaging["raw_movies"]["tilt_series"][0]


@given(regions_of_b())
def test_geometry_of_dialect_b_is_the_same_in_dialect_a_and_back(region: JSON) -> None:
    written = write(read_data(region, dialect=B).dataset, A)
    series = region_of_a(written.data)
    tomogram = series["Tomograms"][0]["tomograms"][0]
    source = region["tomograms"][0]
    assert {name: tomogram[name] for name in ("width", "height", "depth")} == {
        name: source[name] for name in ("width", "height", "depth")
    }
    close(tomogram["voxel_size"], source["coordinate_transformations"][0]["scale"][0])
    images = region["tilt_series"][0]["images"]
    assert [one.get("nominal_tilt_angle") for one in series["micrographs"]] == [
        one["nominal_tilt_angle"] for one in images
    ]
    expected = geometry_of_b(region)
    there = geometry_of_a(tomogram["annotations"])
    (back,) = write(read_data(written.data, dialect=A).dataset, B).data["regions"]
    again = geometry_of_b(back)
    assert there.keys() == expected.keys() == again.keys()
    for kind, arrays in expected.items():
        for array, found, returned in zip(arrays, there[kind], again[kind], strict=True):
            close(found, array)
            close(returned, array)
