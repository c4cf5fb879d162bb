"""Tables of the portal for tests: the recorded run, and one with a value in every column."""

import copy
import json
from pathlib import Path
from typing import Any

from cetsgraph.importers.portal.schema import SECTIONS

__all__ = ["Tables", "in_every_column", "many", "recorded"]

Tables = dict[str, Any]


def recorded(shared_data: Path) -> Tables:
    """One run of data set 10445, as recorded, by tables."""
    folder = shared_data / "import" / "portal-api" / "10445"
    return {path.stem: json.loads(path.read_text()) for path in sorted(folder.iterdir())}


def _with_sections(tables: Tables, count: int) -> Tables:
    return {name: rows[:count] if name in SECTIONS else rows for name, rows in tables.items()}


_LEFT_EMPTY: dict[str, dict[str, Any]] = {
    "datasets": {
        "cell_name": "yeast",
        "cell_type_id": "CL:1",
        "other_setup": "none",
        "release_date": "2023-06-01 00:00:00+00:00",
        "https_prefix": "https://files.cryoetdataportal.cziscience.com/10445/",
        "s3_prefix": "s3://cryoet-data-portal-public/10445/",
        "key_photo_thumbnail_url": "https://a/b.png",
        "sample_preparation": "buffer_ph: 7.0, vitrification_cryogen_name: ETHANE",
        "related_database_entries": "EMPIAR-1; X",
    },
    "tiltseries": {
        "tilt_min": -45.0,
        "tilt_max": 45.0,
        "tilt_range": 90.0,
        "tilt_series_quality": 4,
        "total_flux": 120.0,
        "microscope_manufacturer": "TFS",
        "microscope_model": "Krios",
        "camera_model": "Falcon 4",
        "file_size_mrc": 5,
        "related_empiar_entry": "EMPIAR-10164",
        "https_angle_list": "https://a/b.rawtlt",
    },
    "tomograms": {"offset_x": 0, "publications": "10.1000/2", "fiducial_alignment_status": "FIDUCIAL"},
    "alignments": {"x_rotation_offset": 1.5, "volume_z_offset": 4.0},
    "annotations": {"confidence_precision": 90.0, "deposition_date": "2024-01-01"},
    "perSectionParameters": {"max_resolution": 5.0, "phase_shift": 1.5},
}
_NOT_RECORDED: Tables = {
    "datasetAuthors": [
        {"id": 1, "dataset_id": 10445, "name": "B", "author_list_order": 1, "orcid": None},
        {
            **{"id": 2, "dataset_id": 10445, "name": "A", "author_list_order": 5, "affiliation_name": "CZI"},
            **{"orcid": "https://orcid.org/0000-0002-1825-0097", "email": "a@example.org"},
        },
    ],
    "datasetFunding": [{"id": 1, "dataset_id": 10445, "funding_agency_name": "ERC", "grant_id": "76"}],
    "annotationMethodLinks": [
        {
            **{"id": 1, "annotation_id": 69545, "link_type": "source_code"},
            **{"name": "membrain-seg", "link": "https://a/b"},
        }
    ],
    "annotationAuthors": [{"id": 5, "annotation_id": 69545, "name": "C", "author_list_order": 1}],
    "gainFiles": [{"id": 1, "run_id": 17687, "https_file_path": "https://a/gain.mrc"}],
    "frameAcquisitionFiles": [{"id": 1, "run_id": 17687, "https_mdoc_path": "https://a/b.mdoc"}],
    "tomogramVoxelSpacings": [{"id": 17910, "run_id": 17687, "voxel_spacing": 4.99}],
}


def in_every_column(shared_data: Path) -> Tables:
    """The recorded tables of three tilts, and the others, with a value in each column that is taken."""
    tables = _with_sections(recorded(shared_data), 3)
    for table, columns in _LEFT_EMPTY.items():
        tables[table][0].update(columns)
    return {**tables, **copy.deepcopy(_NOT_RECORDED)}


_NUMBERS = (
    *("id", "run_id", "tiltseries_id", "alignment_id", "annotation_id", "annotation_shape_id", "frame_id"),
    "tomogram_voxel_spacing_id",
)


def many(shared_data: Path, data_sets: int, *, runs: int = 1, sections: int = 31) -> Tables:
    """Data sets 10000, 10001 …, each with copies of the recorded run.

    Args:
        shared_data: where the recorded tables are.
        data_sets: how many.
        runs: of each.
        sections: how many tilts of the recorded run are taken.
    """
    once = _with_sections(recorded(shared_data), sections)
    found: Tables = {table: [] for table in once}
    for number in range(data_sets):
        head = {
            "id": 10000 + number,
            "title": f"Data set {number}",
            "last_modified_date": f"2025-01-{number % 28 + 1:02d}",
        }
        found["datasets"].append({**once["datasets"][0], **head})
        for run in range(number * runs, (number + 1) * runs):
            for table in once.keys() - {"datasets"}:
                found[table] += [_copied(row, run, 10000 + number) for row in once[table]]
    return found


def _copied(row: dict[str, Any], run: int, dataset: int) -> dict[str, Any]:
    """A row with other numbers, the same in all tables."""
    numbers = {name: row[name] + run * 1_000_000 for name in _NUMBERS if row.get(name) is not None}
    return {**row, **numbers, **({"dataset_id": dataset} if "dataset_id" in row else {})}
