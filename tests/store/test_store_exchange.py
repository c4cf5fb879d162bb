"""A store as rdflib graphs and back."""

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from cetsgraph.store import LocalStore

EX = "http://example.org/"
G, H = f"{EX}g", f"{EX}h"
P = f"<{EX}p>"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_JSON = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON"

LITERALS = {
    "string": '"été"',
    "escapes": '"a\\n\\"b\\"\\\\ \\t"',
    "language": '"tilt"@en',
    "negative zero": f'"-0.0"^^<{XSD}double>',
    "double": f'"13.7"^^<{XSD}double>',
    "large": f'"1.7976931348623157E308"^^<{XSD}double>',
    "integer": f'"41"^^<{XSD}integer>',
    "ill-formed": f'"abc"^^<{XSD}double>',
    "date": f'"2024-05-01"^^<{XSD}date>',
    "array": f'"[[1.0,-0.0,1e-07],[0.1,2,3]]"^^<{RDF_JSON}>',
    "object": f'"{{\\"a\\": \\"é\\"}}"^^<{RDF_JSON}>',
}


def filled(*objects: str, graph: str = G) -> LocalStore:
    store = LocalStore.memory()
    with store.writing() as writing:
        for n, term in enumerate(objects):
            writing.add(f"<{EX}{n}> {P} {term} <{graph}> .\n".encode())
    return store


@pytest.mark.parametrize("literal", LITERALS.values(), ids=LITERALS)
def test_every_literal_comes_back(literal: str) -> None:
    store = filled(literal)
    other = LocalStore.memory()
    other.from_rdflib(store.to_rdflib(G), G)
    assert set(other.quads()) == set(store.quads())


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_doubles_are_the_same_in_rdflib(value: float) -> None:
    [found] = filled(f'"{value!r}"^^<{XSD}double>').to_rdflib(G).objects()
    assert isinstance(found, rdflib.Literal)
    assert float(found).hex() == value.hex()
    assert found.datatype == rdflib.XSD.double


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff"), max_size=50))
def test_text_is_the_same_in_rdflib(text: str) -> None:
    graph = rdflib.Graph()
    graph.add((rdflib.URIRef(f"{EX}s"), rdflib.URIRef(f"{EX}p"), rdflib.Literal(text)))
    store = LocalStore.memory()
    store.from_rdflib(graph, G)
    assert [quad.object.value for quad in store.quads(G)] == [text]
    assert [str(found) for found in store.to_rdflib(G).objects()] == [text]


def test_a_store_is_a_dataset_with_the_same_graphs() -> None:
    store = filled(*LITERALS.values())
    with store.writing() as writing:
        writing.add(f"<{EX}a> {P} <{EX}b> <{H}> .".encode())
    dataset = store.to_rdflib()
    assert isinstance(dataset, rdflib.Dataset)
    assert len(dataset.graph(rdflib.URIRef(G))) == len(LITERALS)
    assert len(dataset.graph(rdflib.URIRef(H))) == 1
    other = LocalStore.memory()
    other.from_rdflib(dataset)
    assert set(other.quads()) == set(store.quads())
    assert other.graphs() == [G, H]


def test_rdflib_answers_queries_as_the_store_does() -> None:
    store = filled(*(f'"{n}"^^<{XSD}integer>' for n in range(20)))
    query = f"SELECT ?s {{ ?s {P} ?o FILTER(?o > 12) }}"
    assert {row["s"].value for row in store.select(query)} == {
        str(row.s) for row in store.to_rdflib(G).query(query)
    }


def test_what_rdflib_writes_is_what_the_store_holds() -> None:
    """Through rdflib's own N-Triples writer and the engine's parser."""
    store = filled(*LITERALS.values())
    written = store.to_rdflib(G).serialize(format="nt")
    other = LocalStore.memory()
    with other.writing() as writing:
        for line in written.splitlines():
            writing.add(f"{line.rstrip(' .')} <{G}> .\n".encode())
    assert set(other.quads()) == set(store.quads())


@pytest.mark.parametrize(
    ("turtle", "graph", "message"),
    [
        (f"<{EX}a> {P} 1 .", None, "needs the IRI"),
        (f"_:b {P} 1 .", G, "no blank nodes"),
        (f"<{EX}a> {P} [] .", G, "no blank nodes"),
        (f"<{EX}a> {P} 1 .", "not an IRI", "not an absolute IRI"),
    ],
)
def test_what_does_not_fit_into_named_graphs_is_refused(turtle: str, graph: str | None, message: str) -> None:
    with LocalStore.memory() as store:
        with pytest.raises(ValueError, match=message):
            store.from_rdflib(rdflib.Graph().parse(data=turtle), graph)
        assert store.graphs() == []


def test_triples_without_a_named_graph_are_refused() -> None:
    dataset = rdflib.Dataset()
    dataset.default_graph.add((rdflib.URIRef(f"{EX}a"), rdflib.URIRef(f"{EX}p"), rdflib.Literal(1)))
    with LocalStore.memory() as store, pytest.raises(ValueError, match="1 triples are in the default graph"):
        store.from_rdflib(dataset)
