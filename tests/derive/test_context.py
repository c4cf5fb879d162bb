"""The JSON-LD context knows every term, and JSON-LD made with it is the same graph."""

import datetime as dt
import json
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import rdflib

from cetsgraph.namespaces import CETS

ROOT = Path(__file__).resolve().parents[2]
CONTEXT = json.loads((ROOT / "ontology/context.jsonld").read_text(encoding="utf-8"))


def test_every_term_of_the_ontology_is_in_the_context() -> None:
    graph = ox.Dataset(ox.parse(path=str(ROOT / "ontology/cets.ttl")))
    kinds = {
        f"http://www.w3.org/2002/07/owl#{kind}" for kind in ("Class", "ObjectProperty", "DatatypeProperty")
    }
    declared = {
        quad.subject.value.removeprefix(CETS)
        for quad in graph
        if isinstance(quad.subject, ox.NamedNode)
        and quad.subject.value.startswith(CETS)
        and quad.predicate.value.endswith("#type")
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value in kinds
    }
    withdrawn = {
        quad.subject.value.removeprefix(CETS)
        for quad in graph
        if quad.predicate.value.endswith("#deprecated")
    }
    prefixes = {"cets", "rdf", "xsd", "rdfs", "dcterms", "dcat", "schema"}
    ours = {name for name in CONTEXT["@context"] if ":" not in name}
    assert declared - withdrawn == ours - prefixes - {"@version"}


def test_plain_json_keys_become_the_graph() -> None:
    document = {
        **CONTEXT,
        "@id": "https://example.org/t",
        "@type": "Tomogram",
        "voxelSize": "13.7",
        "depth": "500",
        "ctfCorrected": "true",
        "tiltSeries": "https://example.org/s",
        "hasAnnotation": [
            {
                "@id": "https://example.org/p",
                "@type": ["PointSet", "Annotation"],
                "annotates": "https://example.org/t",
                "coordinates": [[1.5, -2.0, 3.0]],
            }
        ],
    }
    expected = """
        @prefix cets: <https://w3id.org/cetsgraph/ontology#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        @prefix : <https://example.org/> .
        :t a cets:Tomogram ; cets:voxelSize "13.7"^^xsd:double ; cets:depth 500 ; cets:ctfCorrected true ;
            cets:tiltSeries :s ; cets:hasAnnotation :p .
        :p a cets:PointSet, cets:Annotation ; cets:annotates :t ;
            cets:coordinates "[[1.5, -2.0, 3.0]]"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON> .
    """
    read = set(ox.parse(json.dumps(document), format=ox.RdfFormat.JSON_LD))
    assert by_value(read) == by_value(set(ox.parse(expected, format=ox.RdfFormat.TURTLE)))


def by_value(quads: set[ox.Quad]) -> set[tuple[str, str, str]]:
    """Numbers and JSON literals are compared by value, all else as it is written."""
    return {(quad.subject.value, quad.predicate.value, value_of(quad.object)) for quad in quads}


def value_of(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    if not isinstance(term, ox.Literal):
        return str(term)
    kind = term.datatype.value.partition("#")[2]
    read = {
        "JSON": partial(json.loads, parse_int=float),
        "double": float,
        "dateTime": dt.datetime.fromisoformat,
    }.get(kind, str)
    return f"{read(term.value)!r} {kind} {term.language}"


def test_graph_to_json_ld_to_graph_is_the_identity(small_graph: str) -> None:
    graph = rdflib.Graph().parse(data=small_graph, format="turtle")
    written = graph.serialize(format="json-ld", context=CONTEXT["@context"])
    keys = {key for node in json.loads(written)["@graph"] for key in node}
    arrays = {"cets:coordinates", "cets:matrix"}  # rdflib does not write @json in short
    assert keys - arrays <= {"@id", "@type", *CONTEXT["@context"]}
    read = set(ox.parse(written, format=ox.RdfFormat.JSON_LD))
    assert by_value(read) == by_value(set(ox.parse(small_graph, format=ox.RdfFormat.TURTLE)))
