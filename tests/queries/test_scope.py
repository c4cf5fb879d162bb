"""Questions of one data set, and of all in pages: the rows are those of the union, in its order."""

import random
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from queries.conftest import EXAMPLES, TO_BE_CURATED
from queries.example_documents import CELL, CURATED, HIV, RUN, VLP

from cetsgraph import archive, queries
from cetsgraph.documents import read_data
from cetsgraph.documents.dialects import write_dataset
from cetsgraph.errors import DataSetNotFound, DocumentError, ParameterError
from cetsgraph.namespaces import CATALOGUE, CETS
from cetsgraph.queries import Query, Scope, load, names
from cetsgraph.queries.terms import cell
from cetsgraph.store import LocalStore, Store

PER_DATA_SET = [name for name in names() if load(name).scope is Scope.DATA_SET]


OVERVIEWS = {"imagePixelSize", "imageDose", "statedHandedness", "textsOfObjects", "outsideX"}

MEMORY = LocalStore.memory()
COPIES = 5
KEPT = ("$schema", "id", "name", "regions", "type")


def rows_of(store: Store, question: Query, **page: Any) -> list[Mapping[str, Any]]:
    """Rows for the example values of the file."""
    return list(queries.run(store, question, _examples(question), **page))


def _examples(question: Query) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for parameter in question.parameters:
        if not parameter.optional:
            rows = MEMORY.select(f"SELECT ?value {{ VALUES ?value {{ {parameter.example} }} }}")
            given = [cell(parameter.kind, row["value"]) for row in rows]
            values[parameter.name] = given if parameter.many else given[0]
    return values


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("scope") / "store"
    with LocalStore.open(folder, "w") as store:
        archive.load(store, EXAMPLES, TO_BE_CURATED)
    with LocalStore.open(folder) as store:
        yield store


@pytest.mark.parametrize("name", PER_DATA_SET)
def test_the_rows_of_each_data_set_are_its_rows_of_the_union(directory: Store, name: str) -> None:
    question = load(name)
    union = rows_of(directory, question)
    graphs = [graph for graph in directory.graphs() if graph != CATALOGUE]
    asked = {graph: rows_of(directory, question, dataset=graph) for graph in graphs}
    assert union and sorted(map(repr, union)) == sorted(repr(row) for rows in asked.values() for row in rows)
    if "dataset" in union[0]:
        assert asked == {graph: [row for row in union if row["dataset"] == graph] for graph in graphs}


@pytest.mark.parametrize("name", PER_DATA_SET)
def test_pages_are_those_of_the_union(directory: Store, name: str) -> None:
    question = load(name)
    union = rows_of(directory, question)
    for limit, offset in ((1, 0), (3, 2), (len(union), 0), (len(union) + 5, 1), (2, len(union))):
        assert rows_of(directory, question, limit=limit, offset=offset) == union[offset:][:limit]


def thinned(value: Any, chosen: random.Random) -> Any:
    """A JSON value without some of its members, all the way down."""
    if isinstance(value, dict):
        kept = {name: part for name, part in value.items() if name in KEPT or chosen.random() > 0.08}
        return {name: thinned(part, chosen) for name, part in kept.items()}
    return [thinned(part, chosen) for part in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def varied(directory: Store) -> Iterator[Store]:
    """Copies of data sets under other names, each without some of what the data set states."""
    chosen = random.Random(8)
    with LocalStore.memory() as store:
        for number in range(COPIES):
            for iri in (CURATED, HIV, VLP, RUN):
                document = write_dataset(archive.get(directory, iri).dataset, "cetsgraph").data
                copy = {**thinned(document, chosen), "name": f"{chosen.randrange(1000):03} {number}"}
                with suppress(DocumentError):
                    archive.put(store, read_data(copy))
        yield store


def test_pages_of_generated_data_are_those_of_the_union(varied: Store) -> None:
    without = list[str]()
    for name in PER_DATA_SET:
        question = load(name)
        union = rows_of(varied, question)
        without += [] if union else [name]
        for limit, offset in ((1, 0), (25, len(union) // 3), (len(union) + 1, 0)):
            found = rows_of(varied, question, limit=limit, offset=offset)
            assert found == union[offset:][:limit], (name, limit, offset)
    assert without == [name for name in PER_DATA_SET if not load(name).by_data_set]


def test_objects_are_looked_for_where_their_iris_say(directory: Store) -> None:
    union = queries.tilt_images(directory)
    series = sorted({row.tilt_series for row in union})
    for asked in ([series[0]], series[1:3], series):
        expected = [row for row in union if row.tilt_series in asked]
        assert queries.tilt_images(directory, tilt_series=asked) == expected
        assert queries.tilt_images(directory, tilt_series=asked, limit=2, offset=1) == expected[1:3]
    assert queries.tilt_images(directory, tilt_series=[series[0], "urn:elsewhere"]) == [
        row for row in union if row.tilt_series == series[0]
    ]


def test_most_questions_are_answered_from_one_data_set_after_the_other() -> None:
    of_objects = {"point_coordinates", "reconstructions_of_series", "tomogram_lineage"}
    assert {name for name in PER_DATA_SET if not load(name).by_data_set} == of_objects


@cache
def without(directory: Store, left_out: str | None) -> Store:
    """The store without a property."""
    engine = ox.Store()
    engine.extend(quad for quad in directory.quads() if quad.predicate.value != left_out)
    return LocalStore(engine, directory.settings)


@pytest.mark.parametrize("name", [name for name in PER_DATA_SET if load(name).needs])
def test_data_sets_with_rows_have_what_a_question_needs(directory: Store, name: str) -> None:
    """In the examples, and without one of the properties, but for those that overviews are made of."""
    question = load(name)
    mentioned = set(re.findall(r"cets:(\w+)", question.needs))
    for left_out in [None, *(CETS + term for term in mentioned if not mentioned & OVERVIEWS)]:
        store = without(directory, left_out)
        sparql = question.data_sets_with_needs(**_examples(question))
        having = {getattr(row["dataset"], "value", None) for row in store.select(sparql or "")}
        assert {row["dataset"] for row in rows_of(store, question)} <= having


@pytest.mark.parametrize("number", [60, 640])
def test_what_is_rare_is_found_in_the_union(number: int) -> None:
    """More data sets than are asked one by one, and rows in the last of them only."""
    with LocalStore.memory() as store:
        first, *others = [f"d{one:03}" for one in range(number)]
        archive.put_all(store, [read_data(_with_tomogram(name)).dataset for name in (first, *others[-10:])])
        archive.put_all(store, [read_data({**_SCHEMA, "name": name}).dataset for name in others[:-10]])
        union = queries.unannotated(store)
        assert len(union) == 11
        assert queries.unannotated(store, limit=3, offset=1) == union[1:4]
        assert queries.unannotated(store, limit=1) == union[:1]
        assert queries.unannotated(store, limit=40) == union  # the first 25 data sets have too few


_SCHEMA = {"$schema": "https://w3id.org/cetsgraph/schema/cets.json"}


def _with_tomogram(name: str) -> dict[str, Any]:
    imaging = {"tomogram_sets": [{"tomograms": [{"id": "t"}]}]}
    return {**_SCHEMA, "name": name, "regions": [{"id": "r", "tomo_image_sets": [imaging]}]}


def test_a_graph_with_the_objects_of_others_leaves_the_order_as_it_is() -> None:
    with LocalStore.memory() as store, LocalStore.memory() as other:
        archive.put_all(store, [read_data(_with_tomogram(name)).dataset for name in ("b", "c")])
        archive.put_all(other, [read_data(_with_tomogram(name)).dataset for name in ("a", "z")])
        with store.writing() as writing:
            triples = b"".join(f"{quad.triple} <urn:mixed> .\n".encode() for quad in other.quads())
            writing.add(triples)
        union = queries.unannotated(store)
        assert [row.dataset[-2:] for row in union] == ["/a", "/b", "/c", "/z"]
        assert queries.unannotated(store, limit=3) == union[:3]


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        ("EMPIAR-12104", [CELL]),
        (CELL, [CELL]),
        ("To be curated", [CURATED]),
        (["HIV-1 VLP annotations", VLP, "EMPIAR-12104"], [VLP, CELL, HIV]),
        ([], []),
    ],
)
def test_a_data_set_is_called_by_its_name_or_iri(
    directory: Store, dataset: str | list[str], expected: list[str]
) -> None:
    rows = queries.tilt_schemes(directory, dataset=dataset)
    assert list(dict.fromkeys(row.dataset for row in rows)) == expected


def test_an_object_that_is_asked_about_may_be_called_by_its_name(directory: Store) -> None:
    series = queries.tilt_schemes(directory, dataset=CELL)[0]
    assert series.name is not None
    by_name = queries.reconstructions_of_series(directory, tilt_series=[series.name], dataset=CELL)
    assert by_name == queries.reconstructions_of_series(directory, tilt_series=[series.tilt_series]) != []


def test_names_of_the_catalogue_are_there_for_one_data_set(directory: Store) -> None:
    assert {row.name for row in queries.annotation_counts(directory, dataset=RUN)} == {
        "CryoET-Data-Portal-10445"
    }


@pytest.mark.parametrize("dataset", ["EMPIAR-10614", "a\x00b", 'a" } #', CATALOGUE, f"{CELL}/region"])
def test_a_data_set_that_is_not_there_is_named_with_those_like_it(directory: Store, dataset: str) -> None:
    with pytest.raises(DataSetNotFound) as raised:
        queries.tilt_schemes(directory, dataset=dataset)
    if dataset.startswith("EMPIAR"):
        assert "EMPIAR-10164" in raised.value.suggestions


def test_a_question_across_data_sets_is_not_asked_of_one(directory: Store) -> None:
    with pytest.raises(ParameterError, match="across data sets"):
        queries.run(directory, "same_specimen", dataset=CELL)


def test_sparql_of_ones_own_is_asked_of_one_data_set(directory: Store) -> None:
    rows = queries.run(directory, "SELECT ?d { ?d a cets:DataSet }", dataset="EMPIAR-12104")
    assert rows == [{"d": CELL}]
    mine = queries.parse(
        "# title: All\n# description: All.\n# column d: iri, -, data set\n"
        "SELECT ?d { ?d a <https://w3id.org/cetsgraph/ontology#DataSet> }",
        Path("mine.rq"),
    )
    assert queries.run(directory, mine, dataset=["EMPIAR-12104"]) == [{"d": CELL}]
