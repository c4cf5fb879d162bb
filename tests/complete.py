"""A document that says everything, with nothing wrong in it: what tables of single changes start from."""

import math
from typing import Any

__all__ = ["complete"]

_EXPOSURE = 3.0  # e⁻/Å²


def _angles() -> list[float]:
    """A dose-symmetric scheme in groups of two, in the order of exposures."""
    positive, negative = [3.0 * step for step in range(1, 21)], [-3.0 * step for step in range(1, 21)]
    angles = [0.0]
    while positive or negative:
        side = positive if len(negative) <= len(positive) else negative
        angles += side[:2]
        del side[:2]
    return angles


def _image(section: int, order: int, angle: float) -> dict[str, Any]:
    defocus = 32000 + 300 * math.sin(section)
    return {
        "id": f"t{section:02d}",
        "section": section,
        "nominal_tilt_angle": angle,
        "refined_tilt_angle": round(angle + 1.2 + 0.1 * math.sin(section), 3),
        "acquisition_order": order,
        "accumulated_dose": _EXPOSURE * order,
        "exposure_dose": _EXPOSURE,
        "dose_convention": "before",
        "width": 5760,
        "height": 4092,
        "pixel_size": 1.35,
        "movie_stack_id": f"m{order:02d}",
        "ctf_metadata": {
            "defocus_u": round(defocus + 200, 1),
            "defocus_v": round(defocus - 200, 1),
            "defocus_angle": round(35 + 10 * math.sin(section), 2),
            "defocus_handedness": -1,
            "phase_shift": 0.0,
        },
    }


def _movie(order: int, angle: float) -> dict[str, Any]:
    return {
        "id": f"m{order:02d}",
        "path": f"frames/TS_01_{order:03d}.eer",
        "frames": [
            {
                "id": f"m{order:02d}f{index}",
                "section": index,
                "width": 5760,
                "height": 4092,
                "pixel_size": 1.35,
                "accumulated_dose": round(_EXPOSURE * order + index * 0.3, 3),
                "nominal_tilt_angle": angle,
            }
            for index in range(3)
        ],
    }


def _row(section: int, angle: float) -> dict[str, Any]:
    shift = [[1, 0, round(8 * math.sin(section), 2)], [0, 1, round(5 * math.cos(section), 2)], [0, 0, 1]]
    return {
        "id": f"pa{section:02d}",
        "tilt_image_id": f"t{section:02d}",
        "x_tilt": 0.0,
        "y_tilt": round(angle + 1.2, 3),
        "z_rotation": 85.3,
        "shift": {"transformation_type": "translation", "matrix": shift},
    }


def _annotations() -> list[dict[str, Any]]:
    about: dict[str, Any] = {"source_tomogram_id": "tomo", "method": "manual"}
    return [
        {
            "type": "PointSet",
            "id": "ribo",
            "name": "70S ribosomes",
            "annotated_object": "GO:0005840",
            "unit": "angstrom",
            "origin": "centre",
            "dimension": 3,
            "coordinates": [[-1000.0, 500.0, 200.0], [800.0, -1500.0, -300.0], [100.0, 50.0, 20.0]],
            "rotations": [
                [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
                [[0, -1, 0], [1, 0, 0], [0, 0, 1]],
                [[0.6, -0.8, 0], [0.8, 0.6, 0], [0, 0, 1]],
            ],
            **about,
        },
        {
            "type": "SegmentationMask",
            "id": "memb",
            "annotated_object": "GO:0016020",
            "path": "seg/TS_01_membrane.mrc",
            "width": 512,
            "height": 720,
            "depth": 250,
            "voxel_size": 10.8,
            "label_kind": "semantic",
            "mask_labels": [{"value": 1, "annotated_object": "GO:0016020"}],
            **about,
        },
        {
            "type": "FitMap",
            "id": "fit",
            "annotated_object": "GO:0005840",
            "path": "maps/ribo.mrc",
            "width": 64,
            "height": 64,
            "depth": 64,
            "voxel_size": 3.4,
            "unit": "angstrom",
            "origin": "corner",
            "transformation": {
                "transformation_type": "affine",
                "matrix": [[0.6, -0.8, 0, 2000.0], [0.8, 0.6, 0, 3000.0], [0, 0, 1, 1200.0], [0, 0, 0, 1]],
            },
            **about,
        },
        {
            "type": "Sphere",
            "id": "ves",
            "annotated_object": "GO:0031982",
            "unit": "angstrom",
            "origin": "centre",
            "center": {"x": 100.0, "y": 200.0, "z": 30.0},
            "radius": 400.0,
            **about,
        },
    ]


def _tomogram() -> dict[str, Any]:
    return {
        "id": "tomo",
        "path": "tomo/TS_01_bin8.mrc",
        "even_path": "tomo/TS_01_even.mrc",
        "odd_path": "tomo/TS_01_odd.mrc",
        "tilt_series_id": "ts",
        "alignment_id": "ali",
        "width": 512,
        "height": 720,
        "depth": 250,
        "voxel_size": 10.8,
        "reconstruction_method": "WBP",
        "software": [{"name": "IMOD", "version": "4.11"}],
        "annotations": _annotations(),
    }


_MICROSCOPE: dict[str, Any] = {
    "accelerating_voltage": 300.0,
    "spherical_aberration": 2.7,
    "amplitude_contrast": 0.07,
    "tilt_axis_angle": 84.7,
}


def _image_set() -> dict[str, Any]:
    angles = _angles()
    sections = sorted(angles)
    orders = {angle: order for order, angle in enumerate(angles)}
    series = {
        "id": "ts",
        "path": "ts/TS_01.mrc",
        "even_path": "ts/TS_01_even.mrc",
        "odd_path": "ts/TS_01_odd.mrc",
        "movie_stack_series_id": "movies",
        "acquisition_session_id": "s1",
        **_MICROSCOPE,
        "defocus_handedness": -1,
        "tilt_count": 41,
        "tilt_range_min": -60.0,
        "tilt_range_max": 60.0,
        "tilt_step": 3.0,
        "total_dose": 123.0,
        "micrographs": [_image(section, orders[angle], angle) for section, angle in enumerate(sections)],
    }
    movies = {"id": "movies", "movie_stacks": [_movie(order, angle) for order, angle in enumerate(angles)]}
    return {
        "imaging": {
            **_MICROSCOPE,
            "nominal_defocus_min": 2000.0,
            "nominal_defocus_max": 4500.0,
            "temperature": 80.0,
            "cryogen": "NITROGEN",
            "detector": {"detector_model": "GATAN K3", "detector_mode": "super-resolution"},
        },
        "sample_preparation": {
            "vitrification": {
                "cryogen_name": "ETHANE",
                "humidity": 95.0,
                "cryogen_temperature": 90.0,
                "chamber_temperature": 293.0,
            }
        },
        "movie_stack_collections": [
            {
                "gain_file": {"path": "gain/gain.mrc", "width": 5760, "height": 4092},
                "movie_stack_series": [movies],
            }
        ],
        "tilt_series_sets": [{"tilt_series": [series]}],
        "alignments": [
            {
                "id": "ali",
                "tilt_series_id": "ts",
                "projection_alignments": [_row(section, angle) for section, angle in enumerate(sections)],
            }
        ],
        "tomogram_sets": [{"tomograms": [_tomogram()]}],
    }


def complete() -> dict[str, Any]:
    """A new copy."""
    references = {
        "EMPIAR": "EMPIAR-10499",
        "EMDB": "EMD-13234",
        "PDB": "7P6Z",
        "DOI": "10.1038/s41586-022-05255-2",
    }
    session = {name: found for name, found in _MICROSCOPE.items() if name != "accelerating_voltage"}
    average = {"path": "avg/ribo.mrc", "width": 200, "height": 200, "depth": 200, "voxel_size": 1.7}
    return {
        "$schema": "https://w3id.org/cetsgraph/schema/cets.json",
        "name": "EMPIAR-10499",
        "license": "CC-BY-4.0",
        "deposition_date": "2022-03-01",
        "release_date": "2022-05-01",
        "authors": [{"name": "Josiah Carberry", "orcid": "0000-0002-1825-0097"}],
        "cross_references": [{"database": name, "accession": found} for name, found in references.items()],
        "instruments": [{"id": "krios1", "accelerating_voltage": 300.0, "detector_model": "GATAN K3"}],
        "acquisition_sessions": [
            {
                "id": "s1",
                "instrument_id": "krios1",
                "start_time": "2021-05-03T09:00:00Z",
                "end_time": "2021-05-05T09:00:00Z",
                "handedness": "left_handed",
                **session,
            }
        ],
        "regions": [{"id": "TS_01", "tomo_image_sets": [_image_set()]}],
        "map_sets": [
            {
                "maps": [
                    {
                        **average,
                        "resolution": 5.5,
                        "source_region_id": "TS_01",
                        "source_annotation_id": "ribo",
                        "coord_index": 0,
                    }
                ]
            }
        ],
    }
