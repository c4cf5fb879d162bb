"""The published ontology, judged by what ROBOT's report, OOPS! and FOOPS! look at, as far as a file shows it.

http://robot.obolibrary.org/report, https://oops.linkeddata.es/catalogue.jsp, https://w3id.org/foops/
`pitfalls.txt` has a name and a pattern for each, which a `?term` fits that has it; `pitfalls.ttl` has them
all. What is not here needs the web (whether addresses answer, and registers of prefixes) or a reasoner, which
another test runs.
"""

from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox
import pytest

from cetsgraph.namespaces import CETS, ONTOLOGY, PREFIXES
from cetsgraph.resources import folder
from cetsgraph.server.site.term_changes import releases

HEAD = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
HEAD += "PREFIX bibo: <http://purl.org/ontology/bibo/>\n"
HEADER = (
    "dcterms:title",
    "dcterms:description",
    "dcterms:license",
    "owl:versionIRI",
    "owl:versionInfo",
    "dcterms:creator",
    "vann:preferredNamespacePrefix",
    "vann:preferredNamespaceUri",
    "dcterms:contributor",
    "dcterms:created",
    "dcterms:modified",
    "owl:priorVersion",
    "dcterms:bibliographicCitation",
    "dcterms:publisher",
    "dcterms:issued",
    "dcterms:source",
    "bibo:status",
)
"""FOOPS! OM1 to OM5, VER1, FIND, and ROBOT's and OOPS!'s P38 and P41; there is no DOI and no logo."""


HERE = Path(__file__).parent
BLOCKS = (HERE / "pitfalls.txt").read_text(encoding="utf-8").strip().split("\n\n")
PITFALLS = {
    name.removeprefix("# "): pattern for name, _, pattern in (block.partition("\n") for block in BLOCKS)
}


def having(store: ox.Store, pitfall: str) -> list[str]:
    """The terms that have a pitfall."""
    rows = store.query(f"{HEAD}SELECT DISTINCT ?term {{ {PITFALLS[pitfall]} }}")
    assert isinstance(rows, ox.QuerySolutions)
    return sorted(str(row["term"]) for row in rows)


@pytest.fixture(scope="module")
def ontology() -> ox.Store:
    store = ox.Store()
    store.load(path=folder("ontology") / "cets.ttl")
    return store


@pytest.mark.parametrize("pitfall", PITFALLS)
def test_no_term_has_a_pitfall(ontology: ox.Store, pitfall: str) -> None:
    assert having(ontology, pitfall) == []
    bad = ox.Store()
    bad.load(path=HERE / "pitfalls.ttl")
    assert having(bad, pitfall), "the pattern finds nothing where there is something to find"


def test_the_ontology_says_who_made_it_when_and_how_it_may_be_used(ontology: ox.Store) -> None:
    missing = [
        one for one in HEADER if not ontology.query(f"{HEAD}ASK {{ <{ONTOLOGY}> a owl:Ontology ; {one} ?o }}")
    ]
    assert missing == []
    named = (
        f"{HEAD}ASK {{ <{ONTOLOGY}> dcterms:creator/rdfs:label ?l ; vann:preferredNamespaceUri '{CETS}' }}"
    )
    assert ontology.query(named)


def test_versions_lead_to_the_one_before(ontology: ox.Store) -> None:
    versions = [f"<{ONTOLOGY}/{release.version}>" for release in releases()]
    newest, before = next(pairwise(versions))
    assert ontology.query(f"{HEAD}ASK {{ <{ONTOLOGY}> owl:versionIRI {newest} ; owl:priorVersion {before} }}")


def test_what_a_version_changed_is_what_its_file_has_otherwise() -> None:
    newest = releases()[0]
    assert "cryogenTemperature" in newest.added and newest.withdrawn == ["specimenTemperature"]
    assert "width" not in {name for name, _ in newest.changed}
    assert releases()[-1].version == "0.1.0" and not releases()[-1].added
