"""Documents of dialect A are read whole and written back as they were."""

import json
from pathlib import Path
from typing import Any

import pytest
from documents import annotations, meaning
from hypothesis import given
from strategies import datasets, tomobabel_documents

from cetsgraph.documents import read, read_data, write
from cetsgraph.findings import Severity
from cetsgraph.model import DataSet, FitMap, Image2D, Image3D, Particle

REAL = {
    "TS_01_movie_collections.json": "MovieStackSet",
    "TS_01_tilt_series.json": "TiltSeriesMicrographStack",
    "ctf_all_movie_cols_gain_defect.json": "MovieStackSet by name",
    "ctf_all_tilt_series.json": "TiltSeriesMicrographStack by name",
    "import_all_tilt_series.json": "TiltSeriesMicrographStack by name",
}


@pytest.mark.parametrize("name", REAL)
def test_a_real_document_is_read_whole_and_written_back_as_it_was(name: str, shared_data: Path) -> None:
    path = shared_data / "tomobabel" / name
    document = read(path)
    assert (document.dialect, document.form, document.findings) == ("tomobabel", REAL[name], ())
    written = write(document, "tomobabel")
    assert meaning(written.data) == meaning(json.loads(path.read_bytes()))
    assert written.findings == ()


@pytest.mark.parametrize("name", REAL)
def test_a_real_document_survives_the_canonical_form(name: str, shared_data: Path) -> None:
    document = read(shared_data / "tomobabel" / name)
    canonical = write(document, "cetsgraph")
    again = read(bytes(canonical))
    assert (again.dialect, again.findings, canonical.findings) == ("cetsgraph", (), ())
    assert again.dataset == document.dataset
    back = write(again, "tomobabel", form=document.form)
    assert meaning(back.data) == meaning(write(document, "tomobabel").data)


def test_a_movie_stack_set_becomes_what_the_hierarchy_has(shared_data: Path) -> None:
    document = read(shared_data / "tomobabel" / "ctf_all_movie_cols_gain_defect.json")
    (region,) = document.dataset.regions
    assert [image_set.name for image_set in region.tomo_image_sets] == [
        "TS_01",
        "TS_03",
        "TS_43",
        "TS_45",
        "TS_54",
    ]
    (collection,) = region.tomo_image_sets[0].movie_stack_collections
    (series,) = collection.movie_stack_series
    assert (series.name, len(series.movie_stacks)) == ("TS_01", 41)
    assert collection.gain_file is not None and collection.gain_file.path == "my_gain_file.mrc"
    assert collection.annotations[0].description == "Raw images for tilt series name: TS_01"
    frame = series.movie_stacks[0].frames[0]
    assert frame.ctf_metadata is not None
    assert (frame.accumulated_dose, frame.ctf_metadata.defocus_u) == (0.375, 38855.828125)
    assert frame.pointer == "/TS_01/movie_stacks/0/frame_images/0"


@given(tomobabel_documents)
def test_any_document_is_written_back_as_it_was(generated: tuple[str, Any]) -> None:
    form, source = generated
    # A whole document without contents could be of any dialect.
    document = read_data(source, dialect="tomobabel" if form == "DataSet" else None)
    assert (document.dialect, document.form, document.findings) == ("tomobabel", form, ())
    written = write(document, "tomobabel")
    assert meaning(written.data) == meaning(source)
    assert written.findings == ()
    assert read_data(written.data, dialect="tomobabel").dataset == document.dataset


@given(datasets())
def test_what_is_written_of_any_data_set_is_of_the_dialect(dataset: DataSet) -> None:
    """And reading that again loses nothing more: what a dialect cannot hold is said once."""
    written = write(dataset, "tomobabel")
    again = read_data(written.data, dialect="tomobabel")
    said = {"required-field"}
    assert {finding.rule for finding in again.findings} <= said, again.findings
    assert meaning(write(again, "tomobabel").data) == meaning(written.data)


def test_nesting_becomes_references() -> None:
    document = read_data(
        {
            "tomo_imaging": [
                {
                    "raw_movies": {
                        "tilt_series": [
                            {"path": "a.st"},
                            {
                                "Tomograms": [
                                    {
                                        "tomograms": [
                                            {
                                                "file": "t.mrc",
                                                "subtomograms": [
                                                    {"maps": [{"file": "m.mrc", "pixel_size": 2}]}
                                                ],
                                            }
                                        ]
                                    }
                                ]
                            },
                        ]
                    }
                }
            ]
        }
    )
    (image_set,) = document.dataset.regions[0].tomo_image_sets
    here = "#/regions/0/tomo_image_sets/0"
    assert [series.movie_stack_series_id for series in image_set.tilt_series_sets[0].tilt_series] == [
        f"{here}/movie_stack_collections/0/movie_stack_series/0"
    ] * 2
    (tomogram_set,) = image_set.tomogram_sets
    (tomogram,) = tomogram_set.tomograms
    series = [f"{here}/tilt_series_sets/0/tilt_series/1"]
    assert tomogram_set.tilt_series_id == series == tomogram.tilt_series_id
    (map_set,) = tomogram.map_sets
    assert map_set.sub_tomogram_set_id == f"{here}/tomogram_sets/0/tomograms/0/sub_tomogram_sets/0"
    assert map_set.maps[0].voxel_size == 2.0


def test_coordinates_are_in_angstrom_from_the_centre() -> None:
    document = annotations({"type": "particle_coodinate", "coords": {"x": 1, "y": 2, "z": 3}, "fom": 0.5})
    (particle,) = document.dataset.annotations
    assert isinstance(particle, Particle)
    assert (particle.unit, particle.origin, particle.dimension) == ("angstrom", "centre", 3)


def test_a_fitted_map_without_file_and_centre_is_read() -> None:
    document = annotations({"type": "fit_map", "description": "ribosome"})
    (fit_map,) = document.dataset.annotations
    assert isinstance(fit_map, FitMap) and document.findings == ()


def test_flat_points_are_of_an_older_revision() -> None:
    document = annotations({"type": "point", "x": 1.0, "y": 2.0, "description": "fiducial"})
    (finding,) = document.findings
    assert (finding.rule, finding.severity, finding.pointer) == (
        "older-revision",
        Severity.WARNING,
        "/annotations/0",
    )
    assert write(document, "tomobabel").data["annotations"] == [
        {"type": "point", "description": "fiducial", "coords": {"x": 1.0, "y": 2.0}}
    ]


def test_points_inside_shapes_may_say_their_type() -> None:
    document = annotations({"type": "sphere", "center": {"type": "point", "x": 1, "y": 2}, "radius": 3})
    assert [(finding.rule, finding.pointer) for finding in document.findings] == [
        ("older-revision", "/annotations/0/center/type")
    ]


def test_images_are_told_apart_by_their_fields() -> None:
    images = [{"pixel_size": None}, {"depth": 3}, {"voxel_size": 1.0, "pixel_size": 1.0}, {"width": 5}]
    document = read_data({"non_tomo_imaging": [{"images": images[:2] + images[3:]}]})
    kinds = [type(image) for image in document.dataset.regions[0].non_tomo_image_sets[0].images]
    assert kinds == [Image2D, Image3D, Image3D]


WRONG = (
    ({"regions": [], "title": "x"}, "unknown-field", "/title"),
    ({"regions": [{"tomo_imagings": []}]}, "unknown-field", "/regions/0/tomo_imagings"),
    ({"regions": "none"}, "value-type", "/regions"),
    ({"regions": [3]}, "value-type", "/regions/0"),
    ({"movie_stacks": [{}]}, "required-field", "/movie_stacks/0"),
    (
        {"movie_stacks": [{"frame_images": [{"width": "wide"}]}]},
        "value-type",
        "/movie_stacks/0/frame_images/0/width",
    ),
    (
        {"movie_stacks": [{"frame_images": [{"width": 0.5}]}]},
        "value-type",
        "/movie_stacks/0/frame_images/0/width",
    ),
    ({"movie_stacks": 0}, "value-type", "/movie_stacks"),
    ({"movie_stacks": [], "tilt_series": [[]]}, "value-type", "/tilt_series/0"),
    (
        {"micrographs": [], "Tomograms": [{"tomograms": [{"file": 1}]}]},
        "value-type",
        "/Tomograms/0/tomograms/0/file",
    ),
    (
        {"regions": [], "annotations": [{"type": "text", "description": 1}]},
        "value-type",
        "/annotations/0/description",
    ),
    ({"regions": [], "annotations": [{"type": "surface"}]}, "value-enum", "/annotations/0/type"),
    ({"regions": [], "annotations": [{"name": "x"}]}, "required-field", "/annotations/0"),
    (
        {"regions": [], "annotations": [{"name": "x", "description": "y"}]},
        "unknown-field",
        "/annotations/0/name",
    ),
    (
        {"raw_movies": {"gain_file": {"transformations": [{"transform_type": "rotation"}]}}},
        "value-enum",
        "/raw_movies/gain_file/transformations/0/transform_type",
    ),
    (
        {"raw_movies": {"gain_file": {"transformations": [{"trans_matrix": [[1, 0], [0, "1"]]}]}}},
        "value-type",
        "/raw_movies/gain_file/transformations/0/trans_matrix/1/1",
    ),
    ({"imaging_parameters": {"imaging": {}}}, "required-field", "/imaging_parameters"),
    (
        {"imaging_parameters": {"imaging": {"annotations": [{"description": "x"}]}, "detector": {}}},
        "hierarchy-parent",
        "/imaging_parameters/imaging/annotations",
    ),
)


@pytest.mark.parametrize(("source", "rule", "pointer"), WRONG)
def test_what_is_wrong_is_said_at_its_place(source: Any, rule: str, pointer: str) -> None:
    document = read_data(source, dialect="tomobabel")
    assert [(finding.rule, finding.pointer) for finding in document.findings] == [(rule, pointer)]


def test_everything_wrong_is_said_at_once_with_its_line_and_the_rest_is_kept() -> None:
    text = """{
  "micrographs": [
    {"width": 512.0, "height": "tall", "pixel_sise": 1.5},
    {"width": 10,
     "path": 7}
  ]
}"""
    document = read(text.encode())
    assert [(finding.pointer, finding.line) for finding in document.findings] == [
        ("/micrographs/0/pixel_sise", 3),
        ("/micrographs/0/height", 3),
        ("/micrographs/1/path", 5),
    ]
    assert document.findings[0].hint == "Did you mean 'pixel_size'?"
    assert not document.representable
    micrographs = (
        document.dataset.regions[0].tomo_image_sets[0].tilt_series_sets[0].tilt_series[0].micrographs
    )
    assert [micrograph.width for micrograph in micrographs] == [512, 10]
