"""Documents of both dialects, and their geometry by what the specification says alone."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import ArrayLike, NDArray

JSON = Any
Floats = NDArray[np.float64]
length = st.floats(-5e3, 5e3).map(lambda number: round(number, 3))
positive = st.floats(0.5, 50).map(lambda number: round(number, 4))
count = st.integers(1, 4000)
row = st.tuples(length, length, length).map(list)
flat_row = st.tuples(length, length).map(list)
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


# --- documents of dialect B --------------------------------------------------------------------------------


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
    sides = [[draw(positive) for _ in "xyz"] for _ in points]
    shift = [draw(length) for _ in "xyz"]
    place = {"transformation_type": "translation", "name": "annotation_to_tomogram", "output": kind}
    kinds: list[dict[str, JSON]] = [
        {"annotation_type": "point_set_3D", "id": "p", "origin3D": points},
        {"annotation_type": "point_matrix_set_3D", "id": "m", "origin3D": points, "matrix3D": turns},
        {"annotation_type": "point_vector_set_3D", "id": "v", "origin3D": points, "vector3D": points[::-1]},
        {"annotation_type": "sphere_set", "id": "s", "origin3D": spheres, "radii": [2.5] * len(spheres)},
        {"annotation_type": "spline_3D", "id": "c", "origin3D": curve},
        {"annotation_type": "cuboid_set", "id": "b", "origin3D": points, "dimensions3D": sides},
        {
            "annotation_type": "cylinder_set",
            "id": "z",
            "vector3D": points,
            "radii": [1.5] * len(points),
            "coordinate_transformations": [{**place, "translation": shift}],
        },
        {
            "annotation_type": "density_map",
            "id": "f",
            "path": "m.mrc",
            "matrix3D": turns[:1],
            "coordinate_transformations": [{**place, "translation": shift}],
        },
    ]
    return {
        "id": "r",
        "tilt_series": [{"id": "ts", "images": draw(images_of_b())}],
        "tomograms": [tomogram_of_b(size, voxel)],
        "annotations": [{**frame, **one} for one in kinds],
    }


@st.composite
def images_of_b(draw: st.DrawFn) -> JSON:
    tilts = draw(st.lists(st.floats(-70, 70), min_size=3, max_size=7, unique=True))
    dose = draw(positive)
    return [
        {"id": f"i{n}", "section": n, "nominal_tilt_angle": tilt, "accumulated_dose": dose * n}
        for n, tilt in enumerate(tilts)
    ]


def tomogram_of_b(size: list[int], voxel: float) -> JSON:
    systems = [
        {"name": "array", "axes": [{"name": a, "axis_unit": "pixel", "axis_type": "array"} for a in "xyz"]},
        {"name": "space", "axes": [{"name": a, "axis_type": "space"} for a in "xyz"]},
    ]
    scale = {"transformation_type": "scale", "input": "array", "output": "space", "scale": [voxel] * 3}
    return dict(zip(("width", "height", "depth"), size, strict=True)) | {
        "id": "t",
        "coordinate_systems": systems,
        "coordinate_transformations": [scale],
        "tilt_series_id": "ts",
    }


def to_angstrom_of(region: JSON, annotation: JSON) -> tuple[Floats, Floats]:
    """Å per unit, and the shift to the centre ⌊N/2⌋ of the tomogram, from JSON of dialect B."""
    tomogram = region["tomograms"][0]
    (system,) = annotation["coordinate_systems"]
    unit, dimensions = system["axes"][0]["axis_unit"], len(system["axes"])
    voxel = np.array(tomogram["coordinate_transformations"][0]["scale"])[:dimensions]
    size = np.array([tomogram[name] for name in ("width", "height", "depth")][:dimensions])
    if unit == "pixel":
        return voxel, -(size // 2) * voxel
    return np.full(dimensions, {"angstrom": 1.0, "nanometer": 10.0}[unit]), np.zeros(dimensions)


def geometry_of_b(region: JSON) -> dict[str, list[list[Floats]]]:
    """Positions in Å from the centre, for each kind in their order, from JSON of dialect B."""
    found: dict[str, list[list[Floats]]] = defaultdict(list)
    for one in region["annotations"]:
        factor, shift = to_angstrom_of(region, one)
        kind = one["annotation_type"].replace("_2D", "").replace("_3D", "").replace("circle", "sphere")
        kind = kind.replace("box", "cuboid")
        origin = one.get("origin3D", one.get("origin2D", []))
        positions = np.array(origin).reshape(len(origin), -1) * factor + shift if origin else np.zeros((0, 3))
        found[kind].append([positions, *beside_of_b(kind, one, positions, factor, shift)])
    return found


def beside_of_b(kind: str, one: JSON, positions: Floats, factor: Floats, shift: Floats) -> Iterator[Floats]:
    """What a kind of annotation has beside positions, in Å."""
    by = [t["translation"] for t in one.get("coordinate_transformations", ()) if "translation" in t]
    if kind == "point_vector_set":
        yield positions + np.array(one.get("vector3D", one.get("vector2D"))) * factor
    elif kind == "sphere_set":
        yield np.array(one["radii"]) * factor[0]
    elif kind == "point_matrix_set":
        yield np.array(one.get("matrix3D", one.get("matrix2D")))
    elif kind == "cuboid_set":
        yield np.array(one.get("dimensions3D", one.get("dimensions2D"))) * factor
    elif kind == "cylinder_set":
        start = np.array(by[0]) * factor + shift
        yield start + np.zeros((len(one["vector3D"]), 3))
        yield start + np.array(one["vector3D"]) * factor
        yield np.array(one["radii"]) * factor[0]
    elif kind == "density_map":
        yield placement_of_b(one, factor, shift)


def placement_of_b(one: JSON, factor: Floats, shift: Floats) -> Floats:
    """The 4×4 matrix from the map to the tomogram: its rotation, then the steps that are named so."""
    matrix = np.eye(4)
    if one.get("matrix3D"):
        matrix[:3, :3] = np.array(one["matrix3D"][0])
    stated = [t for t in one["coordinate_transformations"] if t["name"] == "annotation_to_tomogram"]
    for step in (inner for t in stated for inner in t.get("sequence", [t])):
        then = np.eye(4)
        if "translation" in step:
            then[:3, 3] = step["translation"]
        elif "affine" in step:
            then[:3, :3] = step["affine"]
        matrix = then @ matrix
    matrix[:3, 3] = matrix[:3, 3] * factor + shift
    return matrix


# --- documents of dialect A --------------------------------------------------------------------------------


def coords(numbers: list[float]) -> JSON:
    return dict(zip("xyz", numbers, strict=False))


def vector(start: ArrayLike, end: ArrayLike) -> JSON:
    return {"type": "vector", "start": coords(list(map(float, start))), "end": coords(list(map(float, end)))}


@st.composite
def shapes_of_a(draw: st.DrawFn) -> JSON:
    """An annotation of each kind that dialect B has too, in three dimensions or in two."""
    here = draw(st.sampled_from([row, flat_row]))
    one, other, half = draw(here), draw(here), [draw(positive) for _ in range(3)]
    corner = np.array(half[: len(one)])
    turn = rotation(draw(angles) if len(one) == 3 else (draw(st.floats(-180, 180)), 0, 0))
    kinds: list[JSON] = [
        {"type": "point", "coords": coords(one)},
        vector(one, np.array(one) + corner),
        {"type": "sphere", "center": coords(one), "radius": draw(positive)},
        {"type": "spline", "points": [coords(one), coords(other), coords(one)]},
        {"type": "cuboid", "v1": vector(one, one + corner), "v2": vector(one, one - corner)},
        {
            "type": "particle_coodinate",
            "coords": coords(one),
            "alignment_transformations": [{"transform_type": "rotate", "trans_matrix": turn.tolist()}],
        },
    ]
    if len(one) == 3:
        kinds += [cylinder(one, other, draw(positive)), fitted(turn, draw(positive), other)]
    return draw(st.sampled_from(kinds))


def cylinder(start: list[float], end: list[float], radius: float) -> JSON:
    return {"type": "cylinder", "vector": vector(start, end), "radius": radius}


def fitted(turn: Floats, scale: float, shift: list[float]) -> JSON:
    matrix = np.eye(4)
    matrix[:3, :3] = turn * scale
    matrix[:3, 3] = shift
    transformation = {"transform_type": "affine", "trans_matrix": matrix.tolist()}
    return {"type": "fit_map", "file": "m.mrc", "center": coords(shift), "transformation": transformation}


@st.composite
def documents_of_a(draw: st.DrawFn) -> JSON:
    """A series with movies, and a tomogram with single shapes and sets of points."""
    members = [{"type": "point", "coords": coords(one)} for one in draw(rows)]
    tomogram = dict(zip(("width", "height", "depth"), (draw(count) for _ in "xyz"), strict=True)) | {
        "voxel_size": draw(positive),
        "annotations": [*draw(st.lists(shapes_of_a(), max_size=5)), {"name": "s", "annotations": members}],
    }
    tilts = draw(st.lists(st.floats(-70, 70), min_size=2, max_size=7, unique=True))
    dose = draw(positive)
    micrographs = [
        {
            "width": 64,
            "height": 48,
            "pixel_size": 1.5,
            "nominal_tilt_angle": tilt,
            "total_accumulated_dose": n * dose,
        }
        for n, tilt in enumerate(tilts, start=1)
    ]
    movies = [
        {
            "frame_images": [
                {"section": f, "pixel_size": 0.75, "nominal_tilt_angle": tilt, "accumulated_dose": n + f / 4}
                for f in range(3)
            ]
        }
        for n, tilt in enumerate(tilts)
    ]
    series = {"micrographs": micrographs, "Tomograms": [{"tomograms": [tomogram]}]}
    return {
        "name": "a",
        "regions": [{"tomo_imaging": [{"raw_movies": {"movie_stacks": movies, "tilt_series": [series]}}]}],
    }


def movies_of_a(document: JSON) -> JSON:
    return document["regions"][0]["tomo_imaging"][0]["raw_movies"]


def series_of_a(document: JSON) -> JSON:
    return movies_of_a(document)["tilt_series"][0]


def tomogram_of_a(document: JSON) -> JSON:
    return series_of_a(document)["Tomograms"][0]["tomograms"][0]


def at(found: JSON) -> list[float]:
    return [found[axis] for axis in "xyz" if found.get(axis) is not None]


def singles(found: JSON) -> list[JSON]:
    """What an annotation of dialect A holds: itself if it is no set."""
    if found.get("type", "particle_coordinates") != "particle_coordinates":
        return [found]
    return [*found["annotations"], *found.get("particles", [])]


KINDS = {
    "point": "point_set",
    "particle_coodinate": "point_matrix_set",
    "vector": "point_vector_set",
    "sphere": "sphere_set",
    "spline": "spline",
    "cuboid": "cuboid_set",
    "cylinder": "cylinder_set",
    "fit_map": "density_map",
}


def geometry_of_a(annotations: JSON) -> dict[str, list[list[Floats]]]:
    """The same from JSON of dialect A, whose frame is this one."""
    found: dict[str, list[list[Floats]]] = defaultdict(list)
    for one in annotations:
        parts = singles(one)
        found[KINDS[parts[0]["type"]]].append(numbers_of_a(parts))
    return found


def numbers_of_a(parts: list[JSON]) -> list[Floats]:
    def positions(*path: str) -> Floats:
        found = parts
        for name in path:
            found = [one[name] for one in found]
        return np.array([at(one) for one in found])

    def values(*path: str) -> Floats:
        return np.array([one[path[0]] for one in parts])

    kind = parts[0]["type"]
    if kind == "point":
        return [positions("coords")]
    if kind == "particle_coodinate":
        where = positions("coords")
        turns = [np.array(one["alignment_transformations"][0]["trans_matrix"]) for one in parts]
        dimensions = where.shape[1]
        return [where, np.array([turn[:dimensions, :dimensions] for turn in turns])]
    if kind == "vector":
        return [positions("start"), positions("end")]
    if kind == "sphere":
        return [positions("center"), values("radius")]
    if kind == "spline":
        return [np.array([at(point) for point in parts[0]["points"]])]
    if kind == "cuboid":
        centre, ends = positions("v1", "start"), [positions(name, "end") for name in ("v1", "v2")]
        return [centre, np.abs(ends[0] - ends[1])]
    if kind == "cylinder":
        ends = [positions("vector", name) for name in ("start", "end")]
        return [np.zeros((0, 3)), *ends, values("radius")]
    return [np.zeros((0, 3)), np.array(parts[0]["transformation"]["trans_matrix"])]
