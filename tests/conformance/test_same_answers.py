"""Every question of the library has the same rows, and every data set the same content, in every store."""

import json
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from conformance.conftest import Kind, load_examples
from ontologies import components

from cetsgraph import archive, ontologies, queries
from cetsgraph.documents import read_data
from cetsgraph.errors import DataSetNotFound
from cetsgraph.federation import Federation, Source
from cetsgraph.rdf import python_value
from cetsgraph.store import LocalStore, Store

Rows = list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def reference() -> Iterator[Store]:
    with LocalStore.memory() as store:
        load_examples(store)
        yield store


def in_order(store: Store, question: queries.Query, page: queries.RowPage) -> Rows:
    """The rows for the values that stand in the file, without the parameters that are optional."""
    text = re.sub(r"VALUES \?\w+ \{ UNDEF \}", "", question.text)
    return [
        tuple(python_value(row[column.name]) for column in question.columns)
        for row in store.select(queries.paged(text, page, query=question.name))
    ]


ANSWERED: dict[tuple[str, str], Rows] = {}


def answered(kind: str, store: Store, question: queries.Query) -> Rows:
    """All rows in order; asked for once of each kind of store, whose examples stay as they are."""
    asked = (kind, question.name)
    if asked not in ANSWERED:
        ANSWERED[asked] = in_order(store, question, {})
    return ANSWERED[asked]


def alike(found: Rows) -> Rows:
    """Rows in the same order wherever they come from: doubles last in it."""
    return sorted(found, key=lambda row: (repr([c for c in row if not isinstance(c, float)]), repr(row)))


def same(found: Sequence[Any], expected: Sequence[Any]) -> bool:
    return len(found) == len(expected) and all(map(same_cell, found, expected))


def same_cell(found: Any, expected: Any) -> bool:
    if isinstance(expected, float) and isinstance(found, float):
        return math.isclose(found, expected, rel_tol=1e-5, abs_tol=1e-9)
    return bool(found == expected)


@pytest.mark.parametrize("name", queries.names())
def test_every_question_has_the_same_rows(examples: Store, reference: Store, kind: Kind, name: str) -> None:
    question = queries.load(name)
    found = alike(answered(kind.name, examples, question))
    expected = alike(answered("reference", reference, question))
    assert len(found) == len(expected)
    different = [pair for pair in zip(found, expected, strict=True) if not same(*pair)]
    assert not different


# The other stores have one of these two engines, and no paging of their own.
@pytest.mark.parametrize("kind", ["memory", "virtuoso"], indirect=True)
@pytest.mark.parametrize("name", queries.names())
def test_pages_are_parts_of_the_answer(examples: Store, kind: Kind, name: str) -> None:
    question = queries.load(name)
    whole = answered(kind.name, examples, question)
    half = len(whole) // 2 + 1
    pages = [in_order(examples, question, {"limit": half, "offset": start}) for start in (0, half)]
    assert [row for page in pages for row in page] == whole


@pytest.mark.parametrize("name", ["annotation_counts", "tilt_schemes", "tomograms_by_voxel_size"])
def test_one_data_set_has_its_rows(examples: Store, reference: Store, name: str) -> None:
    """Those with a title that the catalogue has, too."""
    values = {"minimum": 0, "maximum": 100} if name == "tomograms_by_voxel_size" else {}
    whole = [list(row.values()) for row in queries.run(reference, name, values)]
    for asked in ("CryoET-Data-Portal-10445", "https://w3id.org/cetsgraph/data/local/EMPIAR-10164"):
        found = [list(row.values()) for row in queries.run(examples, name, values, dataset=asked)]
        expected = [row for row in whole if row[0].endswith(asked.rpartition("/")[2])]
        assert len(found) == len(expected) and all(map(same, found, expected))
    with pytest.raises(DataSetNotFound):
        queries.run(examples, name, values, dataset="EMPIAR-1")


def test_every_data_set_comes_back_exactly(examples: Store, reference: Store) -> None:
    listed = archive.list(examples)
    assert [kept.dataset for kept in listed] == [kept.dataset for kept in archive.list(reference)]
    for kept in listed:
        assert archive.get(examples, kept.dataset) == archive.get(reference, kept.dataset)


def test_the_questions_do_have_rows(reference: Store) -> None:
    """All of them, or the comparison would say little."""
    assert all(answered("reference", reference, queries.load(name)) for name in queries.names())


SCHEMES = {
    "in groups": [0, 3, -3, -6, 6, 9, -9],
    "one side first": [0, 3, 6, 9, 12, -3, -6, -9, -12],
    "high tilts first": [60, 0, -60, 30, -30, 3],
    "to and fro": [0, 9, -9, 3, -3, 30, -30],
}


def test_what_is_not_dose_symmetric_is_left_out(empty: Store) -> None:
    """The examples have nothing that only the order of images tells."""
    series = [
        {
            "id": name,
            "micrographs": [
                {"nominal_tilt_angle": float(angle), "acquisition_order": order}
                for order, angle in enumerate(angles)
            ],
        }
        for name, angles in SCHEMES.items()
    ]
    imaging = {"tilt_series_sets": [{"tilt_series": series}]}
    schema = "https://w3id.org/cetsgraph/schema/cets.json"
    archive.put(
        empty,
        read_data({"$schema": schema, "name": "d", "regions": [{"id": "r", "tomo_image_sets": [imaging]}]}),
    )
    assert [row.name for row in queries.dose_symmetric_series(empty)] == ["in groups"]


def test_kinds_of_an_object_are_followed_everywhere(empty: Store, kind: Kind) -> None:
    """By a typed function, and in a search of the store as one archive of several."""
    archive.put(empty, read_data(json.loads(components.annotated())))
    ontologies.add(empty, components.obo(), path="components.obo")
    for spellings, expected in components.FOUND.items():
        found: dict[str | None, set[str]] = {}
        for row in queries.tomograms_by_annotated_object(empty, object=spellings[-1], kinds_of=True):
            found.setdefault(row.term_label, set()).add(row.name or "")
        assert found == expected, spellings
    if kind.name != "memory":
        federation = Federation([Source("here", empty.location)])
        asked = federation.search("tomograms_by_annotated_object", {"object": "ribosomes"}, kinds_of=True)
        assert {row["term_label"] for row in asked.rows} == {*components.EVERY_RIBOSOME}
