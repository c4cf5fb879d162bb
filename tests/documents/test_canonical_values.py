"""References, moments, texts in languages and files in canonical JSON: what is read, kept and written."""

from typing import Any

import pytest

from cetsgraph.documents.dialects import read_data, write_dataset
from cetsgraph.findings import Severity
from cetsgraph.graph import decode, encode
from cetsgraph.model import DataSet

SCHEMA = "https://w3id.org/cetsgraph/schema/cets.json"
IRI = "https://example.org/data/archive/set"


def canonical(**fields: Any) -> dict[str, Any]:
    return {"$schema": SCHEMA, **fields}


def in_region(**sets: Any) -> dict[str, Any]:
    return canonical(regions=[{"id": "r", "tomo_image_sets": [sets]}])


def tomogram(**fields: Any) -> dict[str, Any]:
    return in_region(tomogram_sets=[{"tomograms": [{"id": "t", **fields}]}])


def image(**fields: Any) -> dict[str, Any]:
    return in_region(tilt_series_sets=[{"tilt_series": [{"id": "s", "micrographs": [fields]}]}])


SERIES = [{"tilt_series": [{"id": "a"}, {"id": "b"}]}]

KEPT = [
    pytest.param(tomogram(tilt_series_id="a"), id="one reference"),
    pytest.param(tomogram(tilt_series_id=["a", "b"]), id="several that lead nowhere"),
    pytest.param(tomogram(tilt_series_id=["b", "a", "b"]), id="not in order, and twice"),
    pytest.param(
        in_region(
            tilt_series_sets=SERIES,
            tomogram_sets=[
                {
                    "tomograms": [
                        {"id": "both", "tilt_series_id": ["b", "a"]},
                        {"id": "clean", "derived_from": "both", "alignment_id": ["x", "y"]},
                    ]
                }
            ],
            alignments=[{"id": "x", "tilt_series_id": "a", "reference_volume_id": "both"}, {"id": "y"}],
        ),
        id="dual axis",
    ),
    pytest.param(
        canonical(map_sets=[{"maps": [{"source_annotation_id": ["p", "https://example.org/data/other/p"]}]}]),
        id="picks of another data set",
    ),
    pytest.param(canonical(title="Bacteria", description={"ja": "細菌"}), id="one language"),
    pytest.param(canonical(title={"en": "Bacteria", "ja": "細菌", "pt-BR": "Bactérias"}), id="languages"),
    pytest.param(
        image(
            acquisition_time="2025-02-01T10:00:00.25+01:00",
            stage_position=[20.8, 155.3, 163.8],
            image_shift=[-0.5, 0.0],
        ),
        id="acquisition",
    ),
    pytest.param(
        tomogram(
            path="t.mrc",
            files=[
                {"path": "t.mrc", "file_size": 2277009664, "checksum": "md5:0", "media_type": "image/mrc"},
                {"path": "s3://bucket/t.zarr", "file_format": "OME-Zarr", "half": "even"},
            ],
        ),
        id="files",
    ),
    pytest.param(
        canonical(
            tissue={"id": "CL:0000255", "name": "eukaryotic cell"},
            cell_type={"id": "CL:0000255"},
            funding=[{"agency": "X", "grant": "1"}, {"agency": "X", "grant": "1"}],
            deposition_date="2024-04-01",
            last_modified_date="2024-05-01",
        ),
        id="sample",
    ),
    pytest.param(
        in_region(
            alignments=[
                {
                    "tilt_offset": 11.5,
                    "x_rotation_offset": -2.1,
                    "tilt_axis_offset": 0.4,
                    "volume_offset": {"x": 0, "y": 0, "z": 120.0},
                    "exclusions": [{"tilt_image_id": "i", "exclusion_reason": "dark"}],
                    "tilt_angle_observations": [
                        {"tilt_image_id": "i", "tilt_angle": -2.91, "angle_kind": "refined", "source": "aln"}
                    ],
                    "provenance": {
                        "software": [{"name": "AreTomo3", "version": "2.0.10"}],
                        "parameters": [{"name": "FlipVol", "value_json": "1"}],
                        "artifacts": [{"role": "aln", "path": "a.aln", "checksum": "sha256:aa"}],
                        "warnings": ["dose assumed exclusive", "dose assumed exclusive"],
                        "dropped_information": ["MagnificationCorrection"],
                    },
                }
            ]
        ),
        id="alignment",
    ),
    pytest.param(
        in_region(
            tilt_series_sets=[
                {
                    "tilt_series": [
                        {
                            "tilt_count": 41,
                            "tilt_range_min": -60.0,
                            "tilt_range_max": 60.0,
                            "tilt_step": 3.0,
                            "tilt_scheme": "starting tilt to max then min",
                            "total_dose": 122.0,
                            "quality": 4,
                            "is_aligned": False,
                            "binning_from_frames": 1,
                            "pixel_size": 1.54,
                        }
                    ]
                }
            ]
        ),
        id="series as a whole",
    ),
    pytest.param(
        canonical(
            regions=[
                {
                    "image_collections": [
                        {"category": "tilt series", "item_count": 56, "images_per_item": 41, "file_size": 10}
                    ]
                }
            ]
        ),
        id="image collection",
    ),
]


@pytest.mark.parametrize("source", KEPT)
def test_it_comes_back_as_it_was_through_the_graph(source: dict[str, Any]) -> None:
    document = read_data(source)
    assert document.findings == ()
    graph = encode(document.dataset, IRI)
    assert write_dataset(_decoded(graph), "cetsgraph").data == source


def _decoded(graph: bytes) -> DataSet:
    import pyoxigraph as ox

    return decode(ox.parse(graph, format=ox.RdfFormat.N_QUADS))


NORMALISED = [
    pytest.param(tomogram(tilt_series_id=["a"]), tomogram(tilt_series_id="a"), (), id="list of one"),
    pytest.param(
        image(acquisition_time="2023-06-01 00:00:00+00:00"),
        image(acquisition_time="2023-06-01T00:00:00Z"),
        ("value-type",),
        id="time with a space",
    ),
    pytest.param(
        image(acquisition_time="2023-06-01T00:00+0200"),
        image(acquisition_time="2023-06-01T00:00:00+02:00"),
        ("value-type",),
        id="time without seconds",
    ),
    pytest.param(
        canonical(title={"EN-gb": "Bacteria"}),
        canonical(title={"en-GB": "Bacteria"}),
        ("value-type",),
        id="language in capitals",
    ),
    pytest.param(
        tomogram(path=["t.mrc", "t.zarr"], file_size=3),
        tomogram(path="t.mrc", files=[{"path": "t.mrc", "file_size": 3}, {"path": "t.zarr"}]),
        ("value-type",),
        id="several paths",
    ),
]


@pytest.mark.parametrize(("source", "written", "said"), NORMALISED)
def test_other_spellings_are_read_and_said(
    source: dict[str, Any], written: dict[str, Any], said: tuple[str, ...]
) -> None:
    document = read_data(source)
    assert document.representable
    assert tuple(finding.rule for finding in document.findings) == said
    assert all(finding.severity is Severity.INFO for finding in document.findings)
    assert write_dataset(document, "cetsgraph").data == written


def test_the_temperature_of_the_coolant_had_another_name() -> None:
    vitrification = {"vitrification": {"specimen_temperature": 93.0}}
    document = read_data(in_region(sample_preparation=vitrification))
    assert [finding.rule for finding in document.findings] == ["older-revision"]
    written = write_dataset(document, "cetsgraph").data["regions"][0]["tomo_image_sets"][0]
    assert written == {"sample_preparation": {"vitrification": {"cryogen_temperature": 93.0}}}


WRONG = [
    pytest.param(tomogram(tilt_series_id=5), "/tilt_series_id", id="number for an id"),
    pytest.param(tomogram(tilt_series_id=["a", 5]), "/tilt_series_id/1", id="number among ids"),
]


@pytest.mark.parametrize(("source", "place"), WRONG)
def test_what_is_no_reference_is_said(source: dict[str, Any], place: str) -> None:
    (finding,) = read_data(source).findings
    at = "/regions/0/tomo_image_sets/0/tomogram_sets/0/tomograms/0"
    assert (finding.rule, finding.pointer) == ("value-type", at + place)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"title": {"english": "x"}}, "/title/english"),
        ({"title": {"en": 3}}, "/title/en"),
        ({"title": {"en-gb": "x", "en-GB": "y"}}, "/title/en-GB"),
        ({"title": 3}, "/title"),
        ({"acquisition_sessions": [{"start_time": 0}]}, "/acquisition_sessions/0/start_time"),
        (
            {"acquisition_sessions": [{"start_time": "2025-02-30T00:00:00"}]},
            "/acquisition_sessions/0/start_time",
        ),
        (
            {"acquisition_sessions": [{"end_time": "2025-02-01T00:00:00+15:00"}]},
            "/acquisition_sessions/0/end_time",
        ),
        ({"deposition_date": "2025"}, "/deposition_date"),
    ],
)
def test_what_is_no_text_or_moment_is_said(fields: dict[str, Any], pointer: str) -> None:
    document = read_data(canonical(**fields))
    refused = [finding for finding in document.findings if finding.severity is Severity.VIOLATION]
    assert [(finding.rule, finding.pointer) for finding in refused] == [("value-type", pointer)]
    assert not document.representable
