"""The same for the dialect cets-data-model: alignments as matrices, positions in voxels, sizes as scales."""

import math
from typing import Any

__all__ = ["complete_cets_data_model"]

_EXPOSURE = 3.0  # e⁻/Å²
_AXIS = math.radians(85.3)
Matrix = list[list[float]]


def _systems(axes: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "axes": [{"name": axis, "axis_unit": unit, "axis_type": kind} for axis in axes]}
        for name, unit, kind in (("array", "pixel", "array"), ("physical", "angstrom", "space"))
    ]


def _sampled(size: float, *sides: int) -> dict[str, Any]:
    axes = "xyz"[: len(sides)]
    scale = {
        "transformation_type": "scale",
        "input": "array",
        "output": "physical",
        "scale": [size] * len(axes),
    }
    names = ("width", "height", "depth")
    return {
        **dict(zip(names, sides, strict=False)),
        "coordinate_systems": _systems(axes),
        "coordinate_transformations": [{**scale, "name": "array_to_physical"}],
    }


def _image(section: int, angle: float) -> dict[str, Any]:
    defocus = 38000 + 250 * math.sin(section)
    return {
        "id": f"t{section:02d}",
        "movie_stack_id": f"m{section:02d}",
        "section": section,
        "nominal_tilt_angle": angle,
        "accumulated_dose": _EXPOSURE * section,
        "ctf_metadata": {
            "defocus_u": round(defocus + 150, 1),
            "defocus_v": round(defocus - 150, 1),
            "defocus_angle": 40.0,
            "defocus_handedness": -1,
        },
        **_sampled(1.35, 5760, 4092),
    }


def _movie(section: int, angle: float) -> dict[str, Any]:
    frames = [
        {
            "section": frame,
            "nominal_tilt_angle": angle,
            "accumulated_dose": _EXPOSURE * section + 0.5 * frame,
            **_sampled(1.35, 5760, 4092),
        }
        for frame in range(3)
    ]
    return {"id": f"m{section:02d}", "path": f"frames/TS_02_{section:03d}.tif", "images": frames}


def _turned(angle: float) -> Matrix:
    """Rz(axis) · Ry(tilt): how the tomogram is seen in the image."""
    (cz, sz), (cy, sy) = ((math.cos(one), math.sin(one)) for one in (_AXIS, math.radians(angle)))
    return [[cz * cy, -sz, cz * sy], [sz * cy, cz, sz * sy], [-sy, 0.0, cy]]


def _row(section: int, angle: float) -> dict[str, Any]:
    turn = {
        "transformation_type": "affine",
        "affine": _turned(angle + 1.0),
        "input": "physical",
        "output": "seen",
    }
    shift = [round(20 * math.sin(section), 2), round(14 * math.cos(section), 2), 0.0]
    return {
        "id": f"p{section:02d}",
        "tilt_image_id": f"t{section:02d}",
        "transformation_type": "projection_alignment",
        "input": "physical",
        "output": "physical",
        "sequence": [
            turn,
            {
                "transformation_type": "translation",
                "translation": shift,
                "input": "seen",
                "output": "physical",
            },
        ],
    }


def _annotations() -> list[dict[str, Any]]:
    about = {"source_tomogram_id": "tomo", "coordinate_systems": _systems("xyz")[:1]}
    points = [[100.0, 200.5, 120.0], [300.0, 500.0, 90.0], [411.0, 33.0, 140.0]]
    shift = {"transformation_type": "translation", "input": "physical", "output": "tomogram"}
    fitted = _sampled(2.7, 128, 128, 128)
    fitted["coordinate_systems"].append({**_systems("xyz")[1], "name": "tomogram"})
    fitted["coordinate_transformations"].append({**shift, "translation": [1200.0, 2400.0, 900.0]})
    turn = [[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    found = {
        "picks": {"annotation_type": "point_set_3D", "origin3D": points, **about},
        "spikes": {
            "annotation_type": "point_vector_set_3D",
            "origin3D": points[:2],
            "vector3D": [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]],
            **about,
        },
        "vesicles": {
            "annotation_type": "sphere_set",
            "origin3D": points,
            "radii": [20.0, 31.5, 12.0],
            **about,
        },
        "boxes": {
            "annotation_type": "cuboid_set",
            "origin3D": points[:1],
            "matrix3D": [turn],
            "dimensions3D": [[40.0, 50.0, 30.0]],
            **about,
        },
        "filament": {"annotation_type": "spline_3D", "origin3D": points, **about},
        "scores": {
            "annotation_type": "probability_map_3D",
            "path": "scores.mrc",
            **_sampled(10.8, 512, 720, 250),
        },
        "fit": {"annotation_type": "density_map", "path": "maps/ribo.mrc", "matrix3D": [turn], **fitted},
    }
    return [{"id": name, "name": name, "source_tomogram_id": "tomo", **one} for name, one in found.items()]


def complete_cets_data_model() -> dict[str, Any]:
    """A new copy."""
    angles = [3.0 * step for step in range(-20, 21)]
    tomogram = {
        "id": "tomo",
        "path": "tomo/TS_02.mrc",
        "even_path": "tomo/TS_02_even.mrc",
        "odd_path": "tomo/TS_02_odd.mrc",
        "tilt_series_id": "ts",
        **_sampled(10.8, 512, 720, 250),
    }
    series = {"id": "ts", "path": "TS_02.mrc", "movie_stack_series_id": "movies"}
    average = {
        "source_region_id": "TS_02",
        "source_annotation_id": "picks",
        "coord_index": 2,
        "path": "avg.mrc",
    }
    stacks = [_movie(*one) for one in enumerate(angles)]
    region = {
        "id": "TS_02",
        "movie_stack_collection": {
            "movie_stacks": [{"id": "movies", "stacks": stacks}],
            "gain_file": {"path": "gain.mrc", "width": 5760, "height": 4092},
        },
        "tilt_series": [{**series, "images": [_image(*one) for one in enumerate(angles)]}],
        "alignments": [
            {"tilt_series_id": "ts", "projection_alignments": [_row(*one) for one in enumerate(angles)]}
        ],
        "tomograms": [tomogram],
        "annotations": _annotations(),
    }
    maps = [{"name": "ribosome", "particle_maps": [{**average, **_sampled(2.7, 128, 128, 128)}]}]
    return {"name": "TS_02", "regions": [region], "averages": maps}
