"""Ontologies in every format say the same, and questions follow them."""

import dataclasses
import gzip
import io
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import fastobo
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from cetsgraph import LocalStore, load, ontologies, open_store, queries
from cetsgraph.cli import cetsgraph
from cetsgraph.errors import DocumentError, ExtraNotInstalled, ParameterError, UnknownName
from cetsgraph.namespaces import OBO, RDF_TYPE, RDFS
from cetsgraph.ontologies.files import read_ontology
from cetsgraph.ontologies.terms import ALTERNATIVE, SUCCESSORS, curie

DATA = Path(__file__).parents[1] / "data/ontologies"
CELLS = "http://purl.obolibrary.org/obo/cells.owl"
FILES = [DATA / "cells.obo", DATA / "cells.json", DATA / "cells.ttl"]

ANNOTATED = (
    "GO:0022626",
    "Mitochondrial Ribosomes",
    "GO:0033279",
    "GO_0030529",
    "60S",
    "Palade granules",
    "actin",
)
"""Objects of the annotations below, each in a tomogram of its own; all but "60S" and actin are ribosomes."""


def document(annotated: Sequence[str] = ANNOTATED) -> bytes:
    tomograms = [
        {
            "id": f"t{index}",
            "annotations": [{"type": "PointSet", "id": "a", field: value, "coordinates": [[1, 2, 3]]}],
        }
        for index, value in enumerate(annotated)
        for field in ["annotated_object" if value.startswith("GO") else "annotated_object_name"]
    ]
    sets = [{"tomogram_sets": [{"tomograms": tomograms}]}]
    return json.dumps({"name": "cells", "regions": [{"id": "r", "tomo_image_sets": sets}]}).encode()


@pytest.fixture(scope="module", params=FILES, ids=lambda file: file.suffix)
def store(request: pytest.FixtureRequest) -> LocalStore:
    made = LocalStore.memory()
    assert not load(made, document(), lenient=False).failures
    ontologies.add(made, request.param)
    return made


def test_every_format_gives_the_same_ontology_and_terms(tmp_path: Path) -> None:
    owl = tmp_path / "cells.owl"
    owl.write_bytes(
        ox.serialize(ox.parse(FILES[2].read_bytes(), format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.RDF_XML)
    )
    packed = tmp_path / "cells.obo.gz"
    packed.write_bytes(gzip.compress(FILES[0].read_bytes()))
    read = [read_ontology(file) for file in [*FILES, owl, packed]]
    ontology, terms = read[0]
    assert ontology == ontologies.Ontology(
        iri=CELLS,
        title="Some cellular components",
        version="releases/2025-02-06",
        licence="http://creativecommons.org/licenses/by/4.0/",
        terms=6,
    )

    def sorted_terms(terms: list[ontologies.Term]) -> list[tuple[object, ...]]:
        return sorted(
            (one.iri, one.label, one.definition, sorted(one.synonyms, key=str), one.parents, one.wholes,
             one.alternatives, one.obsolete, one.successors)
            for one in terms
        )  # fmt: skip

    for other, its_terms in read:
        assert other == ontology
        assert sorted_terms(its_terms) == sorted_terms(terms)


DEFINED = b"""ontology: x
default-namespace: x

[Term]
id: GO:0005840
alt_id: GO:0033279

[Term]
id: GO:0022626
intersection_of: GO:0005840
intersection_of: part_of GO:0005829

[Term]
id: GO:0030529
is_obsolete: true
replaced_by: GO:0033279

[Typedef]
id: part_of
"""
GRAPH = {
    "id": "http://purl.obolibrary.org/obo/x.owl",
    "meta": None,
    "nodes": [
        {"id": "GO:0005840", "meta": {"basicPropertyValues": [{"pred": ALTERNATIVE, "val": "GO:0033279"}]}},
        {"id": "GO:0022626", "type": None, "lbl": None, "meta": {"definition": None, "synonyms": None}},
        {"id": "GO:0030529", "meta": {"basicPropertyValues": [{"pred": SUCCESSORS[1], "val": "GO:0033279"}]}},
    ],
    "edges": None,
    "logicalDefinitionAxioms": [
        {
            "definedClassId": "GO:0022626",
            "genusIds": ["GO:0005840"],
            "restrictions": [{"propertyId": f"{OBO}go#part_of", "fillerId": "GO:0005829"}],
        }
    ],
}


def test_definitions_and_merged_ids_count_however_programs_write_them() -> None:
    owl = io.BytesIO()
    fastobo.dump_owl(fastobo.load(io.BytesIO(DEFINED)), owl, format="rdf")
    for source in (DEFINED, owl.getvalue(), json.dumps({"graphs": [GRAPH]}).encode()):
        _, terms = read_ontology(source, path="x")
        said = {curie(one.iri): [*map(curie, one.parents + one.wholes + one.successors)] for one in terms}
        assert said == {
            "GO:0005840": [],
            "GO:0022626": ["GO:0005840", "GO:0005829"],
            "GO:0030529": ["GO:0005840"],
        }


FOUND = {
    ("GO:0005840", "ribosome"): {"t2", "t3", "t5"},
    ("GO:0022626", "cytosolic ribosome"): {"t0"},
    ("GO:0005761", "mitochondrial ribosome"): {"t1"},
}


@pytest.mark.parametrize(
    "asked",
    [
        "GO:0005840",
        "ribosomes",
        "RIBOSOME",
        "http://purl.obolibrary.org/obo/GO_0005840",
        "GO:0033279",
        "GO_0030529",
        "palade granule",
        "Ribosomal RNA",
    ],
)
def test_an_object_is_found_with_its_kinds_and_each_row_says_which(store: LocalStore, asked: str) -> None:
    rows = queries.run(store, "tomograms_by_annotated_object", {"object": [asked]}, kinds_of=True)
    found: dict[tuple[object, object], set[object]] = {}
    for row in rows:
        found.setdefault((row["term"], row["term_label"]), set()).add(row["name"])
    assert found == FOUND


@pytest.mark.parametrize(
    ("asked", "names"), [("mitochondrial ribosome", {"t1"}), ("60S", {"t4"}), ("nothing", set())]
)
def test_what_has_no_kinds_is_found_alone(store: LocalStore, asked: str, names: set[str]) -> None:
    rows = queries.run(store, "tomograms_by_annotated_object", {"object": asked}, kinds_of=True)
    assert {row["name"] for row in rows} == names


def test_an_object_that_is_asked_for_by_a_looser_name_is_of_its_term() -> None:
    """Of the annotations of that name, only what is asked so says that they are of the term."""
    store = LocalStore.memory()
    assert not load(store, document(["ribosomal RNAs", "80S"]), lenient=False).failures
    ontologies.add(store, FILES[0])
    for asked, expected in (("Ribosomal RNA", [("t0", "GO:0005840")]), ("ribosome", [])):
        rows = queries.run(store, "tomograms_by_annotated_object", {"object": asked}, kinds_of=True)
        assert [(row["name"], row["term"]) for row in rows] == expected


def test_typed_rows_say_the_kind_behind_their_fields(store: LocalStore) -> None:
    """Rows of a question without kinds are as they are declared."""
    plain = queries.tomograms_by_annotated_object(store, object="actin")[0]
    kinds = queries.tomograms_by_annotated_object(store, object="actin", kinds_of=True)[0]
    assert (plain.term, plain.term_label) == (None, None)
    assert dataclasses.astuple(kinds) == (*dataclasses.astuple(plain), "actin", None)
    assert isinstance(kinds, queries.TomogramByAnnotatedObject) and kinds.term == "actin"


def test_pages_are_of_all_rows_together(store: LocalStore) -> None:
    whole = queries.run(store, "tomograms_by_annotated_object", {"object": "ribosome"}, kinds_of=True)
    page = queries.run(
        store, "tomograms_by_annotated_object", {"object": "ribosome"}, kinds_of=True, limit=2, offset=1
    )
    assert page == whole[1:3]


@pytest.mark.parametrize(
    ("question", "parameters", "said"),
    [("tilt_schemes", {}, "about no object"), ("tomograms_by_annotated_object", {}, "no object")],
)
def test_a_question_without_an_object_has_no_kinds(
    store: LocalStore, question: str, parameters: dict[str, str], said: str
) -> None:
    with pytest.raises(ParameterError, match=said):
        queries.run(store, question, parameters, kinds_of=True)


HOSTILE = {
    "empty.obo": b"",
    "cut.obo": b"ontology: x\n\n[Term]\nid: GO:1\nis_a: \n",
    "nameless.obo": b"format-version: 1.2\n\n[Term]\nid: GO:1\nname: a\n",
    "no-terms.obo": b"ontology: x\n",
    "latin.obo": b"ontology: x\n\n[Term]\nid: GO:1\nname: \xe9\n",
    "other.json": b'{"name": "A"}',
    "odd.json": b'{"graphs": [{"nodes": [3], "id": "http://x.org/a"}]}',
    "deep.json": b"[" * 100_000,
    "cut.owl": b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>",
    "cut.ttl": b"<a> <b> ",
    "bomb.owl": b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><rdf:RDF>&b;</rdf:RDF>',
    "bytes.bin": bytes(range(256)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_ontology_is_refused_with_its_name(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(HOSTILE[name])
    with pytest.raises(DocumentError, match=name):
        ontologies.add(LocalStore.memory(), file)


def test_an_ontology_is_replaced_listed_and_removed_at_the_keyboard(tmp_path: Path) -> None:
    place = str(tmp_path / "store")
    file = tmp_path / "cells.json"
    file.write_bytes(document())

    def run(*arguments: str, status: int = 0) -> str:
        ended = CliRunner().invoke(cetsgraph, arguments, standalone_mode=False)
        assert (type(ended.exception), ended.exit_code) == (type(None), 0), ended.output
        return ended.output

    run("load", "--store", place, str(file))
    run("ontologies", "add", "--store", place, str(FILES[0]), str(FILES[1]))
    (row,) = json.loads(run("ontologies", "list", "--store", place, "--format", "json"))
    assert (row["iri"], row["version"], row["terms"]) == (CELLS, "releases/2025-02-06", 6)
    assert "cells" in run("datasets", "--store", place)
    run("ontologies", "remove", "--store", place, "cells")
    assert json.loads(run("ontologies", "list", "--store", place, "--format", "json")) == []
    with open_store(place) as store, pytest.raises(UnknownName):
        ontologies.remove(store, "cells")


def test_a_term_is_looked_up_as_fast_among_many_objects() -> None:
    engine = ox.Store()
    graph = ox.NamedNode("https://example.org/d")
    engine.bulk_extend(
        ox.Quad(ox.NamedNode(f"{graph.value}/{number}"), ox.NamedNode(predicate), value, graph)
        for number in range(100_000)
        for predicate, value in ((RDF_TYPE, graph), (f"{RDFS}label", ox.Literal(f"object {number}")))
    )
    store = LocalStore(engine, LocalStore.memory().settings)
    ontologies.add(store, FILES[1])
    times = []
    for _ in range(3):
        start = time.process_time()
        (found,) = [one for one in ontologies.look_up(store, "Palade granules") if one.ontology == CELLS]
        times.append(time.process_time() - start)
    assert (found.term, found.label) == ("GO:0005840", "ribosome")
    assert min(times) < 0.05  # to look at each object takes three times as long


def test_only_obo_needs_the_reader_of_obo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "cetsgraph.ontologies.obo", raising=False)
    monkeypatch.setitem(sys.modules, "fastobo", None)
    store = LocalStore.memory()
    assert [ontologies.add(store, file).terms for file in FILES[1:]] == [6, 6]
    with pytest.raises(ExtraNotInstalled, match="ontologies"):
        ontologies.add(store, FILES[0])
