"""What editors and writers of queries ask an endpoint before they ask for data.

The queries are those of the tools themselves, as they send them.
"""

import csv
import io
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict
from pathlib import Path

import pytest

from cetsgraph.namespaces import CETS, PREFIXES, RDF_TYPE, XSD
from cetsgraph.store import LocalStore

PREFIX = """PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh:<http://www.w3.org/ns/shacl#>
PREFIX sd:<http://www.w3.org/ns/sparql-service-description#>
PREFIX up: <http://purl.uniprot.org/core/>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
"""
VALUES = """OPTIONAL { { ?pp void:classPartition [ void:class ?objectClass ] . } UNION {
    ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] . } }"""
LINKS = """UNION { ?linkset void:subjectsTarget [ void:class ?subjectClass ] ; void:linkPredicate ?prop ;
    void:objectsTarget [ void:class ?objectClass ] . }"""
SCHEMA = {
    # sib-swiss/sparql-editor before its version 0.3, and sparql-llm (GET_VOID_DESC)
    "sparql-editor, sparql-llm": f"""SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype WHERE {{
    {{ ?cp void:class ?subjectClass ; void:propertyPartition ?pp . ?pp void:property ?prop . {VALUES} }}
    {LINKS} }}""",
    # sparql-llm, get_void_dict
    "get_void_dict": f"""SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype WHERE {{
    {{ ?cp void:class ?subjectClass ; void:entities ?subjectsCount ; void:propertyPartition ?pp .
    ?pp void:property ?prop . {VALUES} }} {LINKS} }}""",
    # sib-swiss/sparql-editor, packages/sparql-overview
    "sparql-overview": """SELECT DISTINCT ?graph ?graphLabel ?subjectClass ?prop ?objectClass ?objectDatatype
?triples ?subjectClassLabel ?objectClassLabel ?subjectClassComment ?objectClassComment ?propLabel ?propComment
WHERE { { OPTIONAL { ?graph sd:graph ?graphDesc . OPTIONAL { ?graph rdfs:label ?graphLabel }
          ?graphDesc void:classPartition ?cp . }
        ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
        OPTIONAL { ?subjectClass rdfs:label ?subjectClassLabel }
        OPTIONAL { ?subjectClass rdfs:comment ?subjectClassComment }
        ?pp void:property ?prop . OPTIONAL { ?pp void:triples ?triples }
        OPTIONAL { ?prop rdfs:label ?propLabel } OPTIONAL { ?prop rdfs:comment ?propComment }
        OPTIONAL { { ?pp  void:classPartition [ void:class ?objectClass ] .
            OPTIONAL { ?objectClass rdfs:label ?objectClassLabel }
            OPTIONAL { ?objectClass rdfs:comment ?objectClassComment }
          } UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] . } }
      } UNION { ?linkset void:subjectsTarget [ void:class ?subjectClass ] ; void:linkPredicate ?prop ;
          void:objectsTarget [ void:class ?objectClass ] . }
} ORDER BY ?subjectClass ?objectClass ?objectDatatype ?graph ?triples""",
}


def rows(endpoint: str, query: str) -> list[dict[str, str]]:
    address = f"{endpoint}/sparql?ac=1&{urllib.parse.urlencode({'query': query})}"
    asked = urllib.request.Request(address, headers={"Accept": "text/csv"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return list(csv.DictReader(io.StringIO(answer.read().decode())))


@pytest.fixture(scope="module")
def schema(store: Path) -> set[tuple[str, str, str]]:
    """Class, property, and class or datatype of values ('' for none), as they are in the data."""
    with LocalStore.open(store) as opened:
        quads = list(opened.quads())
    kinds = defaultdict(set)
    for quad in quads:
        if quad.predicate.value == RDF_TYPE and hasattr(quad.object, "value"):
            kinds[str(quad.subject)].add(quad.object.value)
    return {
        (of, quad.predicate.value, value)
        for quad in quads
        for of in kinds.get(str(quad.subject), ())
        for value in (
            [quad.object.datatype.value]
            if hasattr(quad.object, "datatype")
            else kinds.get(str(quad.object)) or [""]
        )
    }


@pytest.mark.parametrize("query", SCHEMA.values(), ids=SCHEMA)
def test_the_schema_is_found(endpoint: str, schema: set[tuple[str, str, str]], query: str) -> None:
    found = {
        (row["subjectClass"], row["prop"], row["objectClass"] or row["objectDatatype"])
        for row in rows(endpoint, PREFIX + query)
    }
    assert {one for one in schema if one[2]} == {one for one in found if one[2]}
    assert {one[:2] for one in schema} == {one[:2] for one in found}
    assert (f"{CETS}Tomogram", f"{CETS}path", f"{XSD}string") in found


def test_labels_of_classes_are_those_of_the_ontology(endpoint: str) -> None:
    labels = {
        row["subjectClass"]: row["subjectClassLabel"]
        for row in rows(endpoint, PREFIX + SCHEMA["sparql-overview"])
    }
    assert labels[f"{CETS}SegmentationMask"] == "segmentation mask"


def test_prefixes_and_examples_are_found(endpoint: str) -> None:
    found = rows(
        endpoint,
        """PREFIX sh: <http://www.w3.org/ns/shacl#>
      SELECT DISTINCT ?prefix ?namespace
      WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix}
      ORDER BY ?prefix""",
    )
    declared = {row["prefix"]: row["namespace"] for row in found}
    assert declared == PREFIXES
    examples = rows(
        endpoint,
        """PREFIX sh: <http://www.w3.org/ns/shacl#>
      PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
      SELECT DISTINCT ?sq ?comment ?query
      WHERE { ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ;
          sh:select|sh:ask|sh:construct|sh:describe ?query . } ORDER BY ?sq""",
    )
    assert len(examples) > 50 and all("SELECT" in row["query"] for row in examples)


def test_usual_prefixes_need_no_declaration(endpoint: str) -> None:
    declared = rows(
        endpoint, f"PREFIX c: <{CETS}> SELECT ?t {{ ?t a c:Tomogram ; rdfs:label ?l }} ORDER BY ?t"
    )
    assert declared and declared == rows(
        endpoint, "SELECT ?t { ?t a cets:Tomogram ; rdfs:label ?l } ORDER BY ?t"
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * { ?s ?p", "query:1:17"),
        ("SELECT *\n{ ?t a cets:Tomogram ;; }\nORDER BY", "query:3:9"),
        ("SELECT * { ?t a cets:Tomogram", "query:1:30"),
        ("SELECT * { ?t a other:Tomogram }", "query:1:17: the prefix other: is not declared"),
    ],
)
def test_an_error_names_its_place_in_the_query_as_it_was_sent(endpoint: str, query: str, said: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        rows(endpoint, query)
    text = refused.value.read().decode()
    assert refused.value.code == 400 and said in text and "LIMIT" not in text


@pytest.mark.parametrize(
    ("form", "media_type"),
    [("csv", "text/csv"), ("tsv", "text/tab-separated-values"), ("json", "application/json")],
)
def test_an_address_can_name_the_form_of_an_answer(endpoint: str, form: str, media_type: str) -> None:
    query = urllib.parse.urlencode({"query": "SELECT (1 AS ?n) {}", "format": form})
    asked = urllib.request.Request(f"{endpoint}/sparql?{query}", headers={"Accept": "text/html"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        assert answer.headers["Content-Type"].partition(";")[0] == media_type
