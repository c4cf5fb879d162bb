"""CETS documents made to size, alike in shape to those that archives and programs write.

Each is of moderate size, as real ones are: some thousand triples. The same index gives the same document.
"""

import json
import math
import random
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

__all__ = ["Made", "documents", "point_set", "write"]

Made = tuple[str, dict[str, Any]]
"""Name of the file, and the document."""

_TILTS = [angle for step in range(21) for angle in dict.fromkeys((3.0 * step, -3.0 * step))]


def documents() -> Iterator[Made]:
    """Documents without end, of every dialect in turn."""
    for index in count():
        for make in (canonical, tomobabel):
            yield make(index)


def write(folder: Path, made: Made) -> Path:
    """Write a document as its program would, indented."""
    name, document = made
    path = folder / name
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return path


def canonical(index: int) -> Made:
    """A tilt series with its alignment, and a tomogram with picked particles, a mask and a fitted map."""
    numbers = random.Random(index)
    series = f"TS_{index:03}"
    region = {
        "id": series,
        "tomo_image_sets": [
            {
                "tilt_series_sets": [{"tilt_series": [_tilt_series(series, numbers)]}],
                "alignments": [_alignment(series, numbers)],
                "tomogram_sets": [{"tilt_series_id": series, "tomograms": [_tomogram(series, numbers)]}],
            }
        ],
    }
    document = {
        "$schema": "https://w3id.org/cetsgraph/schema/cets.json",
        "name": f"portal-{index:05}",
        "title": f"Annotated tomogram of {series}",
        "organism": "Human immunodeficiency virus 1",
        "organism_taxid": 11676,
        "authors": [{"name": "Ada Example", "orcid": "0000-0002-1825-0097"}],
        "instruments": [{"id": "krios", "accelerating_voltage": 300.0}],
        "acquisition_sessions": [
            {"id": "session", "instrument_id": "krios", "dose_rate": 0.9, "tilt_axis_angle": 85.3}
        ],
        "regions": [region],
    }
    return f"portal-{index:05}.json", document


def _tilt_series(series: str, numbers: random.Random) -> dict[str, Any]:
    return {
        "id": series,
        "path": f"TiltSeries/{series}.mrc",
        "acquisition_session_id": "session",
        "accelerating_voltage": 300.0,
        "ctf_corrected": False,
        "micrographs": [
            {
                "id": f"{series}_{section:02}",
                "section": section,
                "acquisition_order": section,
                "nominal_tilt_angle": angle,
                "pixel_size": 1.35,
                "accumulated_dose": 3.0 * section,
                "exposure_dose": 3.0,
                "ctf_metadata": _ctf(numbers),
            }
            for section, angle in enumerate(_TILTS)
        ],
    }


def _alignment(series: str, numbers: random.Random) -> dict[str, Any]:
    return {
        "id": "global",
        "tilt_series_id": series,
        "alignment_type": "global",
        "software": [{"name": "IMOD", "version": "4.11"}],
        "projection_alignments": [
            {
                "tilt_image_id": f"{series}_{section:02}",
                "y_tilt": angle,
                "z_rotation": 85.3,
                "shift": {
                    "transformation_type": "translation",
                    "translation": [_number(numbers, -20, 20), _number(numbers, -20, 20), 0.0],
                },
            }
            for section, angle in enumerate(_TILTS)
        ],
    }


def _tomogram(series: str, numbers: random.Random) -> dict[str, Any]:
    what = {"annotated_object": "UniProtKB:P04591", "annotated_object_name": "Gag polyprotein"}
    place = {"dimension": 3, "unit": "pixel", "origin": "corner"}
    picks = [
        {
            "type": "Particle",
            "id": f"particle-{pick}",
            "figure_of_merit": _number(numbers, 0, 1),
            "location": dict(zip("xyz", _position(numbers), strict=True)),
            **place,
        }
        for pick in range(20)
    ]
    hexamers = {
        "type": "PointSet",
        "id": "hexamers",
        "name": "capsid hexamers",
        "method": "automated",
        "coordinates": [_position(numbers) for _ in range(300)],
        **what,
        **place,
    }
    membrane = {
        "type": "SegmentationMask",
        "id": "membrane",
        "name": "membrane",
        "annotated_object": "GO:0016020",
        "path": "Annotations/membrane.mrc",
        "label_kind": "semantic",
    }
    fitted = {
        "type": "FitMap",
        "id": "fit",
        "name": "Gag lattice",
        "path": "Maps/emd_3782.map",
        "center": dict(zip("xyz", _position(numbers), strict=True)),
        "transformation": {
            "transformation_type": "affine",
            "matrix": [
                [1.0, 0.0, 0.0, _number(numbers, 0, 480)],
                [0.0, 1.0, 0.0, 0.0],
                [0.0, 0.0, 1.0, 0.0],
                [0.0, 0.0, 0.0, 1.0],
            ],
        },
        **what,
        **place,
    }
    return {
        "id": f"{series}_10.8A",
        "path": f"Reconstructions/{series}.mrc",
        "width": 480,
        "height": 464,
        "depth": 150,
        "voxel_size": 10.8,
        "tilt_series_id": series,
        "ctf_corrected": True,
        "annotations": [*picks, hexamers, membrane, fitted],
    }


def tomobabel(index: int) -> Made:
    """Five tilt series by name, with the CTF of every image."""
    numbers = random.Random(index)
    series = {
        f"TS_{which:02}": {
            "annotations": [],
            "micrographs": [
                {
                    "annotations": [],
                    "width": 2000,
                    "height": 2000,
                    "pixel_size": None,
                    "ctf_metadata": {"annotations": [], **_ctf(numbers)},
                    "total_accumulated_dose": 3.0 * (section + 1),
                    "nominal_tilt_angle": angle + _number(numbers, -0.01, 0.01),
                    "refined_tilt_angle": None,
                    "alignment_transformations": None,
                    "path": f"frames/TS_{which:02}_{section:03}_{angle}.mrc",
                }
                for section, angle in enumerate(_TILTS)
            ],
        }
        for which in range(5)
    }
    return f"ctf-{index:05}.json", series


def cets_data_model(index: int) -> Made:
    """A region with the frames of every movie, the tilt series made of them, and a tomogram."""
    numbers = random.Random(index)
    region = f"Control_{index:03}"
    address = f"https://ftp.ebi.ac.uk/empiar/world_availability/{index}/data"
    stacks = [
        {
            "id": f"{region}_movie_{section:03}",
            "path": f"{address}/frames/{region}_{section:05}_{angle}.tif",
            "images": [
                {
                    "width": 5760,
                    "height": 4092,
                    "coordinate_systems": [],
                    "coordinate_transformations": [],
                    "nominal_tilt_angle": angle,
                    "accumulated_dose": 2.0 * section + 0.2 * frame,
                    "ctf_metadata": None,
                    "path": None,
                    "section": frame,
                }
                for frame in range(8)
            ],
        }
        for section, angle in enumerate(_TILTS)
    ]
    images = [
        {
            "id": f"{region}_{section:03}",
            "path": f"{address}/metadata/{region}.st",
            "section": section,
            "nominal_tilt_angle": angle,
            "accumulated_dose": 2.0 * (section + 1),
            "width": 5760,
            "height": 4092,
            "movie_stack_id": f"{region}_movie_{section:03}",
            "ctf_metadata": _ctf(numbers),
        }
        for section, angle in enumerate(_TILTS)
    ]
    content = {
        "id": region,
        "movie_stack_collection": {
            "movie_stacks": [{"id": f"{region}_movies", "stacks": stacks}],
            "gain_file": {"path": f"{address}/gain.tif", "width": 5760, "height": 4092},
        },
        "tilt_series": [
            {
                "id": f"{region}_tilt_series",
                "path": f"{address}/metadata/{region}.st",
                "ctf_corrected": False,
                "movie_stack_series_id": f"{region}_movies",
                "images": images,
            }
        ],
        "tomograms": [
            {
                "id": f"{region}_tomogram",
                "path": f"{address}/{region}.mrc",
                "tilt_series_id": f"{region}_tilt_series",
                "width": 1022,
                "height": 1440,
                "depth": 500,
            }
        ],
    }
    return f"empiar-{index:05}.json", {"name": f"empiar-{index:05}", "regions": [content]}


def point_set(points: int) -> Made:
    """One tomogram with one large set of points."""
    numbers = random.Random(points)
    picked = {
        "type": "PointSet",
        "id": "picks",
        "dimension": 3,
        "unit": "pixel",
        "origin": "corner",
        "coordinates": [_position(numbers) for _ in range(points)],
    }
    tomogram = {"id": "tomogram", "voxel_size": 10.8, "annotations": [picked]}
    region = {"id": "region", "tomo_image_sets": [{"tomogram_sets": [{"tomograms": [tomogram]}]}]}
    document = {"$schema": "https://w3id.org/cetsgraph/schema/cets.json", "regions": [region]}
    return f"points-{points}.json", document


def _ctf(numbers: random.Random) -> dict[str, Any]:
    return {
        "defocus_u": _number(numbers, 35_000, 40_000),
        "defocus_v": _number(numbers, 30_000, 35_000),
        "defocus_angle": _number(numbers, -90, 90),
        "defocus_handedness": -1,
    }


def _position(numbers: random.Random) -> list[float]:
    return [_number(numbers, 0, size) for size in (480, 464, 150)]


def _number(numbers: random.Random, low: float, high: float) -> float:
    """A number with the digits that programs write: about seven."""
    drawn = numbers.uniform(low, high)
    return round(drawn, 6 - int(math.log10(max(1.0, abs(drawn)))))
