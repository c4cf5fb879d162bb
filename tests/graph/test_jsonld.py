"""Compact JSON-LD states the same triples, as two readers see them."""

import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import Graph
from serving import EXAMPLES

from cetsgraph import archive
from cetsgraph.documents import read_all
from cetsgraph.graph.jsonld import compact_jsonld
from cetsgraph.namespaces import CETS, RDF_JSON, RDF_TYPE, XSD
from cetsgraph.store import LocalStore


def value(term: Any) -> Any:
    """A term, with numbers and JSON as what they mean."""
    text, datatype = term.value, getattr(term, "datatype", None)
    kind = "" if datatype is None else datatype.value
    if text in ("wide", "[[1.5"):  # not of its type
        return kind, text
    if kind == f"{XSD}double":
        return kind, float(text)
    if kind == RDF_JSON:
        return kind, json.dumps(json.loads(text, parse_int=number, parse_float=number))
    return kind, text


def number(text: str) -> float:
    """Readers of JSON-LD write 0 for -0.0 (RFC 8785)."""
    return float(text) + 0.0


def values(triples: Any) -> set[Any]:
    return {(one.subject.value, one.predicate.value, value(one.object)) for one in triples}


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_compact_json_ld_says_what_the_triples_say(path: Path) -> None:
    with LocalStore.memory() as store:
        for document in read_all(path):
            archive.put(store, document)
        triples = [quad.triple for quad in store.quads()]
    text = compact_jsonld(triples)
    assert values(ox.parse(text, format=ox.RdfFormat.JSON_LD)) == values(triples)
    assert len(Graph().parse(data=text, format="json-ld")) == len(set(triples))
    assert b'"@value"' not in compact_jsonld(one for one in triples if one.predicate.value.startswith(CETS))


@pytest.mark.parametrize(
    "line",
    [
        '<urn:a> <urn:b> "x"@en .',
        '<urn:a> <urn:b> "1"^^<urn:type> .',
        f'<urn:a> <{CETS}voxelSizeX> "wide" .',
        f'<urn:a> <{CETS}voxelSizeX> "wide"^^<{XSD}double> .',
        f'<urn:a> <{CETS}position> "first"^^<{XSD}integer> .',
        f'<urn:a> <{CETS}ctfCorrected> "1"^^<{XSD}boolean> .',
        f'<urn:a> <{CETS}coordinates> "[[1.5"^^<{RDF_JSON}> .',
        f'<urn:a> <{CETS}voxelSizeX> "1"^^<{XSD}integer> .',
        f'<urn:a> <{CETS}name> "x"@de .',
        f'<urn:a> <{CETS}inDataSet> "text" .',
        f'<urn:a> <{CETS}coordinates> "[[1.5]]"^^<{RDF_JSON}>, "[[2.5]]"^^<{RDF_JSON}> .',
        f"<urn:a> <{RDF_TYPE}> <urn:Kind> .",
        f'<urn:a> <{CETS}name> "@id", "", " " .',
    ],
)
def test_compact_json_ld_of_what_no_context_foresees(line: str) -> None:
    triples = [quad.triple for quad in ox.parse(line, format=ox.RdfFormat.TURTLE)]
    assert values(ox.parse(compact_jsonld(triples), format=ox.RdfFormat.JSON_LD)) == values(triples)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own
@pytest.mark.parametrize(
    "literal",
    [
        f'"0.30000000000000004"^^<{XSD}double>',
        f'"[9007199254740993,-9223372036854775808]"^^<{RDF_JSON}>',
    ],
)
def test_readers_keep_every_digit(literal: str) -> None:
    name = "values" if RDF_JSON in literal else "voxelSize"
    (triple,) = (
        quad.triple for quad in ox.parse(f"<urn:a> <{CETS}{name}> {literal} .", format=ox.RdfFormat.TURTLE)
    )
    text = compact_jsonld([triple])
    (read,) = ox.parse(text, format=ox.RdfFormat.JSON_LD)
    assert read.object == triple.object
    ((_, _, found),) = Graph().parse(data=text, format="json-ld")
    assert str(found) == triple.object.value
