"""An endpoint in the terms of cets-data-model answers the library's questions."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from endpoints import oxigraph_server

from cetsgraph.federation import Federation, Source, State
from cetsgraph.federation.sources import from_file

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples/empiar-12104.cets-data-model.json"
CETMD = "https://w3id.org/cetmd/"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

# Where the schema of cets-data-model declares its slots, and what they hold.
SLOTS = {
    "regions": ("entities", "entities/Region"),
    "tilt_series": ("entities", "imageentities/TiltSeries"),
    "tomograms": ("entities", "imageentities/Tomogram"),
    "annotations": ("entities", None),
    "images": ("imageentities", "imageentities/TiltImage"),
    "id": ("common", None),
    "name": ("common", None),
    "path": ("common", None),
    "source_tomogram_id": ("annotation", None),
    "tilt_series_id": ("imageentities", None),
    "movie_stack_id": ("imageentities", None),
    "nominal_tilt_angle": ("imageentities", None),
    "accumulated_dose": ("imageentities", None),
    "section": ("imageentities", None),
}
ANNOTATIONS = {"density_map": "DensityMap", "point_set_3D": "PointSet3D", "tri_mesh": "TriMesh"}


def triples(node: ox.NamedNode, data: dict[str, Any], kind: str) -> Iterator[ox.Triple]:
    """The document as the schema's own JSON-LD context reads it."""
    yield ox.Triple(node, TYPE, ox.NamedNode(CETMD + kind))
    for key, value in data.items():
        if key not in SLOTS:
            continue
        module, holds = SLOTS[key]
        predicate = ox.NamedNode(f"{CETMD}{module}/{key}")
        for index, item in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(item, dict):
                child = ox.NamedNode(f"{node.value}/{key}/{index}")
                yield ox.Triple(node, predicate, child)
                annotated = ANNOTATIONS.get(item.get("annotation_type", ""), "Annotation")
                yield from triples(child, item, holds or f"annotation/{annotated}")
            elif item is not None:
                yield ox.Triple(node, predicate, ox.Literal(item))


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    region = found["regions"][0]
    region.setdefault("annotations", []).append(
        {"id": "fit", "name": "capsid", "annotation_type": "density_map", "path": "capsid.map",
         "source_tomogram_id": region["tomograms"][0]["id"]}
    )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def endpoint(document: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with oxigraph_server(tmp_path_factory.mktemp("cetmd")) as server:
        root = ox.NamedNode("https://example.org/empiar-12104")
        body = ox.serialize(triples(root, document, "entities/Dataset"), format=ox.RdfFormat.N_TRIPLES)
        store = server.url.removesuffix("/query") + "/store?default"
        request = urllib.request.Request(
            store, body, {"Content-Type": "application/n-triples"}, method="POST"
        )
        urllib.request.urlopen(request).close()
        yield server.url


def test_fitted_maps(endpoint: str, document: dict[str, Any]) -> None:
    federation = Federation([Source("b", endpoint, "cetmd")])
    found = federation.search("tomograms_with_fitmap", timeout=20)
    assert found.answers[0].state is State.OK, found.answers[0].detail
    (row,) = [row for row in found.rows if row["name"] == "capsid"]
    assert row["tomogram_path"] == document["regions"][0]["tomograms"][0]["path"]
    assert row["map_path"] == "capsid.map" and row["dataset"] == "https://example.org/empiar-12104"


def test_tilt_schemes(endpoint: str, document: dict[str, Any]) -> None:
    (answer,) = Federation([Source("b", endpoint, "cetmd")]).ask("tilt_schemes", timeout=20)
    assert answer.state is State.OK, answer.detail
    angles = sorted(
        image["nominal_tilt_angle"] for image in document["regions"][0]["tilt_series"][0]["images"]
    )
    (row,) = answer.rows
    assert row["tilts"] == len(angles)
    assert {angles[0], angles[-1]} <= set(row.values())


def test_what_has_no_counterpart_is_skipped_and_said(endpoint: str) -> None:
    (answer,) = Federation([Source("b", endpoint, "cetmd")]).ask(
        "tomograms_by_voxel_size", {"minimum": 1.0, "maximum": 2.0}
    )
    assert answer.state is State.SKIPPED and "voxelSize" in (answer.detail or "")


def test_the_vocabulary_of_a_source_is_said_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(
        '[sources]\nb = { location = "https://example.org/sparql", vocabulary = "cetmd" }\n'
    )
    assert from_file(tmp_path / "s.toml") == [Source("b", "https://example.org/sparql", "cetmd")]
