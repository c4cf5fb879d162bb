"""What a JSON-LD processor reads with the context of a dialect is in the graph of the document, too."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from documents import without_nothing
from hypothesis import assume, given
from strategies import cets_data_model_documents, tomobabel_documents

from cetsgraph.documents import read_data
from cetsgraph.graph import encode
from cetsgraph.namespaces import CETS
from cetsgraph.resources import folder

A, B = "tomobabel", "cets-data-model"
Fact = tuple[str, Any]


def facts(quads: Any) -> Counter[Fact]:
    """Properties with their values, classes, and links between objects, which have other names."""
    found: Counter[Fact] = Counter()
    for quad in quads:
        name = quad.predicate.value
        if name.endswith("#type"):
            found["type", quad.object.value] += 1
        elif name.startswith(CETS):
            found[name, value_of(quad.object)] += 1
    return found


def value_of(term: Any) -> Any:
    if not isinstance(term, ox.Literal):
        return "an object"
    if term.datatype.value.endswith("#JSON"):
        return repr(json.loads(term.value, parse_int=float)).replace("-0.0", "0.0")
    return float(term.value) if term.datatype.value.endswith("#double") else term.value


def both(document: dict[str, Any], dialect: str) -> tuple[Counter[Fact], Counter[Fact]]:
    """What a JSON-LD processor reads, and the graph."""
    context = json.loads((folder("ontology") / "dialects" / f"{dialect}.context.jsonld").read_bytes())
    linked = ox.parse(json.dumps({**context, **without_nothing(document)}), format=ox.RdfFormat.JSON_LD)
    graph = encode(read_data(document, dialect=dialect).dataset, "urn:x:data")
    return facts(linked), facts(ox.parse(graph, format=ox.RdfFormat.N_QUADS))


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "dialect", "share"),
    [
        ("cets-data-model/expected_dataset.json", B, 0.5),
        ("cets-data-model/EMPIAR-12104.json", B, 0.6),
        ("cets-converters/nonrigid/exchange.cets.json", B, 0.6),
        ("tomobabel/TS_01_tilt_series.json", A, 0.6),
    ],
)
def test_most_of_a_real_document_is_read(name: str, dialect: str, share: float, shared_data: Path) -> None:
    linked, graph = both(json.loads((shared_data / name).read_bytes()), dialect)
    assert linked - graph == Counter()
    assert linked.total() > share * graph.total()


@given(cets_data_model_documents)
def test_nothing_is_read_of_dialect_b_that_is_not_in_the_graph(generated: tuple[str, Any]) -> None:
    linked, graph = both(generated[1], B)
    assert linked - graph == Counter()


@given(tomobabel_documents)
def test_nothing_is_read_of_dialect_a_that_is_not_in_the_graph(generated: tuple[str, Any]) -> None:
    assume("by name" not in generated[0])
    linked, graph = both(generated[1], A)
    assert linked - graph == Counter()
