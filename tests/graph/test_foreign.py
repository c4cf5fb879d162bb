"""RDF that others wrote: its own IRIs, and what it says in other vocabularies."""

import pytest

from cetsgraph import LocalStore, archive, read, write
from cetsgraph.errors import DocumentError

TURTLE = """
@prefix cets: <https://w3id.org/cetsgraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix d: <https://example.org/data/> .
d:set a cets:DataSet ; cets:name "extra" ; dcterms:title "A title"@en ; dcterms:creator "Ada", "Ben" ;
  dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
  dcterms:format "STAR" ; cets:hasRegion d:r .
d:r a cets:Region ; cets:id "r" ; cets:position 0 .
d:somebody a <http://xmlns.com/foaf/0.1/Person> .
"""


def test_dublin_core_is_taken_over_and_the_rest_is_reported() -> None:
    document = read(TURTLE.encode(), path="a.ttl")
    assert document.representable
    assert document.dataset.title == {"en": "A title"}
    assert document.dataset.license == "https://creativecommons.org/licenses/by/4.0/"
    assert sorted(author.name or "" for author in document.dataset.authors or ()) == ["Ada", "Ben"]
    warned = {finding.pointer: finding.message for finding in document.findings}
    assert warned.keys() == {"https://example.org/data/set", "https://example.org/data/somebody"}
    assert "dcterms:format" in warned["https://example.org/data/set"]


def test_iris_of_ones_own_stay_with_the_objects() -> None:
    store = LocalStore.memory()
    done = archive.put(store, read(TURTLE.encode(), path="a.ttl"))
    query = "SELECT ?here { ?here <http://www.w3.org/2002/07/owl#sameAs> <https://example.org/data/r> }"
    assert [row[0].value for row in store.select(query)] == [f"{done.record.dataset}/region/r"]
    assert archive.put(store, archive.get(store, "extra"), name="extra").change == "unchanged"
    exported = bytes(write(archive.get(store, "extra"), "nquads"))
    again = read(exported, path="b.nq")
    assert not again.findings
    assert "https://example.org/data/set" in again.dataset.identities


def test_ours_have_no_other_iris() -> None:
    nquads = bytes(write(read(b'{"name": "A", "regions": [{"id": "r", "tilt_series": []}]}'), "nquads"))
    assert bytes(write(read(nquads, path="a.nq"), "nquads")) == nquads
    assert b"sameAs" not in nquads


def test_terms_that_the_ontology_does_not_have_are_still_refused() -> None:
    misspelt = TURTLE.replace("cets:id", "cets:idd").encode()
    with pytest.raises(DocumentError, match="idd"):
        read(misspelt, path="a.ttl")
