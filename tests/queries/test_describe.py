"""What a store says about one object: its statements, name, place, parts, and what refers to it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from queries.example_documents import (
    CELL,
    CELL_SERIES,
    CELL_TOMOGRAM,
    VLP,
    VLP_TOMOGRAM,
    cell,
    image_iri,
    vlp,
)

from cetsgraph import archive
from cetsgraph.errors import ObjectNotFound, QueryError
from cetsgraph.model import DataSet
from cetsgraph.namespaces import CETS, RDF_JSON, XSD
from cetsgraph.queries import describe as about
from cetsgraph.queries.describe import Named, Statement, describe
from cetsgraph.store import LocalStore

A, B = "https://example.org/a", "https://example.org/b"


def in_memory(*lines: str) -> LocalStore:
    store = LocalStore.memory()
    with store.writing() as writing:
        writing.add("".join(f"{line} <urn:g> .\n" for line in lines).encode())
    return store


def test_statements_are_plain_values_with_classes_first() -> None:
    store = in_memory(
        f'<{A}> <{CETS}name> "TS_01"',
        f'<{A}> <{CETS}width> "960"^^<{XSD}integer>',
        f'<{A}> <{CETS}ctfCorrected> "1"^^<{XSD}boolean>',
        f'<{A}> <{CETS}voxelSizeX> "13.7"^^<{XSD}double>',
        f"<{A}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{CETS}Tomogram>",
        f"<{A}> <https://example.org/own> <{B}>",
    )
    assert describe(store, A) == [
        Statement("a", f"{CETS}Tomogram"),
        Statement("cets:ctfCorrected", True),
        Statement("cets:name", "TS_01"),
        Statement("cets:voxelSizeX", 13.7),
        Statement("cets:width", 960),
        Statement("https://example.org/own", B),
    ]


@pytest.mark.parametrize("name", [A, "urn:a", "TS_01", "", "https://example.org/a b", "a\x00b"])
def test_an_object_that_is_not_there(name: str) -> None:
    with pytest.raises(ObjectNotFound, match="cetsgraph datasets"):
        describe(LocalStore.memory(), name)


def test_a_data_set_is_described_by_its_name_as_by_its_iri() -> None:
    store = LocalStore.memory()
    kept = archive.put(store, DataSet(name="EMPIAR: 1")).record
    assert describe(store, "EMPIAR: 1") == describe(store, kept.dataset) != []


def test_an_object_is_described_by_its_name_where_no_other_has_it() -> None:
    store = in_memory(f'<{A}> <{CETS}name> "TS_01"', f'<{A}> <{CETS}id> "1"', f'<{B}> <{CETS}id> "1"')
    assert describe(store, "TS_01") == describe(store, A)
    with pytest.raises(ObjectNotFound, match=f"2 objects are called '1'\nDid you mean '{A}' or '{B}'"):
        describe(store, "1")


def test_a_value_that_is_not_of_its_datatype_is_named() -> None:
    with pytest.raises(QueryError, match="cets:width"):
        describe(in_memory(f'<{A}> <{CETS}width> "wide"^^<{XSD}integer>'), A)


@pytest.mark.parametrize(
    "function",
    [
        about.statements,
        about.references,
        about.ancestors,
        lambda store, iri: about.array(store, iri, "matrix"),
        about.contents,
        about.referrers,
        lambda store, iri: about.named(store, [iri]),
    ],
)
def test_what_is_no_iri_reaches_no_query(function: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match="IRI"):
        function(LocalStore.memory(), "urn:a> ?p ?o } #")


def test_statements_and_references_together_are_all_that_names_an_object(examples: LocalStore) -> None:
    own = {triple.predicate.value for triple in about.statements(examples, CELL_TOMOGRAM)}
    assert {f"{CETS}width", f"{CETS}inDataSet", f"{CETS}inRegion"} <= own
    assert {triple.predicate.value for triple in about.references(examples, CELL_TOMOGRAM)} == {
        f"{CETS}hasTomogram",
        f"{CETS}annotates",
        f"{CETS}sourceTomogram",
    }
    assert about.references(examples, CELL) == []  # every object says its data set: no reference


def test_parts_come_in_the_order_of_the_document(examples: LocalStore) -> None:
    images = cell["regions"][0]["tilt_series"][0]["images"]
    expected = [image_iri(CELL_SERIES, index, image) for index, image in enumerate(images)]
    said, parts = about.contents(examples, CELL_SERIES)
    assert [link.object for link in parts] == expected
    assert {link.property for link in parts} == {f"{CETS}hasMicrograph"}
    own = set(about.statements(examples, CELL_SERIES))
    assert len(own) == len(said) + len(parts) and own > set(said)


def test_what_refers_to_an_object_does_not_contain_it(examples: LocalStore) -> None:
    properties = {link.property for link in about.referrers(examples, CELL_TOMOGRAM)}
    assert f"{CETS}annotates" in properties
    assert not properties & {f"{CETS}hasTomogram", f"{CETS}inDataSet"}


def test_ancestors_lead_down_from_the_data_set(examples: LocalStore) -> None:
    iris = [f"{VLP_TOMOGRAM.partition(cut)[0]}" for cut in ("/region", "/tomo-", "/tomogram-", "/tomogram/")]
    found = about.ancestors(examples, VLP_TOMOGRAM)
    assert found == iris
    names = about.named(examples, found)
    assert names[found[0]] == Named(VLP, vlp["name"], "data set")
    assert [names[one].kind for one in found[1:]] == ["region", "tomo image set", "tomogram set"]


def test_classes_of_an_object_leave_its_ancestors_as_they_are(examples: LocalStore) -> None:
    """Of one object of each class, at each depth."""
    typed = examples.select(f"SELECT ?one ?class {{ ?one a ?class ; <{CETS}inDataSet> ?any }}")
    classes: dict[str, list[str]] = {}
    for row in typed:
        classes.setdefault(row["one"].value, []).append(row["class"].value)
    chosen = {(*kinds, iri.count("/")): (iri, kinds) for iri, kinds in classes.items()}
    assert len(chosen) > 20
    for iri, kinds in chosen.values():
        assert about.ancestors(examples, iri, kinds) == about.ancestors(examples, iri) != []


def test_parts_in_a_circle_have_an_end() -> None:
    store = in_memory(f"<{A}> <{CETS}hasMap> <{B}>", f"<{B}> <{CETS}hasMap> <{A}>")
    assert set(about.ancestors(store, A)) == {A, B}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((), Named(A, A, "")),
        ((f'<{A}> <{CETS}id> "7"', f'<{A}> <{CETS}name> "TS"'), Named(A, "TS", "")),
        ((f'<{A}> <{CETS}name> " "', f'<{A}> <{CETS}id> "7"'), Named(A, "7", "")),
        ((f'<{A}> <{CETS}name> "{"x" * 300}"',), Named(A, "x" * 199 + "…", "")),
        (
            (
                f"<{A}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{CETS}DataObject>",
                f"<{A}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{CETS}Tomogram>",
            ),
            Named(A, A, "tomogram"),
        ),
    ],
)
def test_an_object_is_called_by_its_name_else_its_id_else_its_iri(
    lines: tuple[str, ...], expected: Named
) -> None:
    assert about.named(in_memory(*lines), [A, A]) == {A: expected}


def test_an_object_without_id_is_called_by_its_noun_and_place() -> None:
    iri = "https://example.org/d/region/~3"
    assert about.named(LocalStore.memory(), [iri])[iri].title == "region 3"


def test_an_array_is_given_whole_and_nothing_else_is() -> None:
    array = json.dumps([[0.1 * i, 1e-300, -0.0] for i in range(2000)])
    store = in_memory(f'<{A}> <{CETS}coordinates> "{array}"^^<{RDF_JSON}>', f'<{A}> <{CETS}name> "x"')
    assert about.array(store, A, "coordinates") == array
    assert [about.array(store, A, name) for name in ("name", "nothing", "coordinates> ?x")] == [None] * 3
