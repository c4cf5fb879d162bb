"""The questions in Turtle: read by another program, they are those of the library."""

import pyoxigraph
import rdflib
from rdflib.namespace import RDF, RDFS, SH

from cetsgraph import queries
from cetsgraph.derive.example_queries import example_queries

SCHEMA = rdflib.Namespace("https://schema.org/")
QUESTIONS = [queries.load(name) for name in queries.names()]
PUBLISHED = rdflib.Graph().parse(data=example_queries(QUESTIONS), format="turtle")


def test_every_question_is_published_whole() -> None:
    found = {str(node): node for node in PUBLISHED.subjects(RDF.type, SH.SPARQLSelectExecutable)}
    assert found.keys() == {f"https://w3id.org/cetsgraph/queries/{name}" for name in queries.names()}
    for iri, node in found.items():
        question = queries.load(iri.rpartition("/")[2])
        assert (node, RDF.type, SH.SPARQLExecutable) in PUBLISHED
        assert str(PUBLISHED.value(node, SH.select)) == question.text
        assert str(PUBLISHED.value(node, RDFS.comment)) == question.description


def test_its_prefixes_are_enough_for_a_query_without_them() -> None:
    """Editors show the prefixes once, and take them from `sh:declare`."""
    for node in PUBLISHED.subjects(RDF.type, SH.SPARQLExecutable):
        declared = {
            str(PUBLISHED.value(entry, SH.prefix)): str(PUBLISHED.value(entry, SH.namespace))
            for holder in PUBLISHED.objects(node, SH.prefixes)
            for entry in PUBLISHED.objects(holder, SH.declare)
        }
        text = str(PUBLISHED.value(node, SH.select))
        body = "\n".join(line for line in text.splitlines() if not line.startswith("PREFIX"))
        assert body != text
        pyoxigraph.Store().query(body, prefixes=declared)


def test_what_an_editor_asks_for_finds_them() -> None:
    rows = PUBLISHED.query(
        """SELECT DISTINCT ?query ?comment ?text WHERE {
             ?query a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct ?text
           } ORDER BY ?query"""
    )
    assert len(rows) == len(queries.names())


def test_the_published_file_is_for_any_endpoint() -> None:
    assert not list(PUBLISHED.subject_objects(SCHEMA.target))
