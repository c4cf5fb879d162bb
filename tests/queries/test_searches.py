"""Objects and words are found however they were typed; members of sets count for their own object."""

from typing import Any

import pytest
from queries.example_documents import TOMOGRAM, store_of

from cetsgraph import queries
from cetsgraph.archive import put
from cetsgraph.documents import read_data
from cetsgraph.store import LocalStore

T = f"{TOMOGRAM}/t"
POINTS = {"type": "PointSet", "coordinates": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]}
NFC, NFD = "J\u00fcrgen", "Ju\u0308rgen"


def of(*annotations: dict[str, Any]) -> LocalStore:
    return store_of(tomogram_sets=[{"tomograms": [{"id": "t", "annotations": list(annotations)}]}])


@pytest.mark.parametrize("written", ["GO:0005840", "GO_0005840", "http://purl.obolibrary.org/obo/GO_0005840"])
@pytest.mark.parametrize("searched", ["go:0005840", "GO_0005840", "https://identifiers.org/GO:0005840"])
def test_a_term_is_found_in_every_spelling(written: str, searched: str) -> None:
    with of({**POINTS, "annotated_object": written}) as store:
        rows = queries.tomograms_by_annotated_object(store, object=searched)
        (counted,) = queries.tomograms_by_point_count(store, object=[searched, "x"], minimum=2)
    assert [(row.tomogram, row.annotations, row.points) for row in rows] == [(T, 1, 2)]
    assert counted.points == 2


@pytest.mark.parametrize(
    ("written", "searched"),
    [(NFC, NFD), (NFD, NFC), (NFC.upper(), NFD), ("Straße", "STRASSE"), ("\u00b5m", "\u03bcM")],
)
def test_a_name_is_found_in_every_spelling(written: str, searched: str) -> None:
    with of({**POINTS, "name": written, "path": "picks.star"}) as store:
        (row,) = queries.tomograms_by_annotated_object(store, object=searched)
        (found,) = queries.annotations_by_text(store, word=[searched, "PICKS"])
    assert (row.tomogram, found.name, found.path) == (T, written, "picks.star")


def test_words_of_one_person_in_two_data_sets() -> None:
    with LocalStore.memory() as store:
        for name, author in (("a", NFC), ("b", NFD)):
            document = {"name": name, "authors": [{"name": f"{author} Plitzko"}], "regions": []}
            put(store, read_data({"$schema": "https://w3id.org/cetsgraph/schema/cets.json", **document}))
        for word in (NFC, NFD, NFC.lower(), NFD.upper()):
            rows = queries.annotations_by_text(store, word=[word, "plitz"])
            assert [row.name for row in rows] == [f"{NFC} Plitzko", f"{NFD} Plitzko"]
        assert queries.annotations_by_text(store, word="Jurgen") == []


def test_a_part_of_a_name_is_found_though_its_accents_are_typed_apart() -> None:
    with LocalStore.memory() as store:
        document = {"name": "a", "authors": [{"name": f"{NFC} Plitzko"}], "organism": NFC, "regions": []}
        put(store, read_data({"$schema": "https://w3id.org/cetsgraph/schema/cets.json", **document}))
        for author in (NFC, NFD, NFD.lower()):
            (row,) = queries.data_by_author_or_licence(store, author=author)
            assert row.author_name == f"{NFC} Plitzko"


def in_set(*members: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"type": "AnnotationSet", "members": list(members), **fields}


SYNTHASES = {**POINTS, "id": "atp", "name": "ATP synthase", "annotated_object": "GO:0045259"}
PLAIN = {**POINTS, "id": "plain", "name": "picks"}
MITOCHONDRION = {"name": "mitochondrion", "annotated_object": "GO:0005739"}


@pytest.mark.parametrize(
    ("annotation", "counts"),
    [
        # points counted for a cell, a mitochondrion, an ATP synthase
        (in_set(in_set(SYNTHASES, **MITOCHONDRION), name="cell"), (0, 0, 2)),
        (in_set(in_set(PLAIN, **MITOCHONDRION), name="cell"), (0, 2, 0)),
        (in_set(in_set(PLAIN, name="mitochondrion"), name="cell"), (2, 2, 0)),
        (in_set(in_set(in_set(PLAIN), **MITOCHONDRION), name="cell"), (0, 2, 0)),
        (in_set(in_set(SYNTHASES, PLAIN, **MITOCHONDRION), PLAIN | {"id": "other"}, name="cell"), (2, 2, 2)),
        (in_set(SYNTHASES | {"annotated_object": "GO:0005739"}, **MITOCHONDRION), (0, 2, 2)),  # by its name
        (SYNTHASES, (0, 0, 2)),
    ],
)
def test_members_count_for_their_own_object(annotation: dict[str, Any], counts: tuple[int, int, int]) -> None:
    with of(annotation) as store:
        found = [
            sum(row.points for row in queries.tomograms_by_point_count(store, object=name, minimum=1))
            for name in ("cell", "mitochondrion", "ATP synthase")
        ]
    assert tuple(found) == counts


def test_annotated_objects_of_nested_sets() -> None:
    with of(in_set(in_set(SYNTHASES, PLAIN, **MITOCHONDRION), name="cell")) as store:
        rows = queries.annotated_objects(store)
    points = {row.annotated_object or row.annotated_object_name: row.points for row in rows}
    assert points == {"cell": 0, "GO:0005739": 2, "GO:0045259": 2, "picks": 2}


def test_a_mask_with_an_object_of_its_own_is_found_by_its_labels_too() -> None:
    labels = [{"value": 1, "annotated_object": "GO:0016020"}]
    mask = {"type": "SegmentationMask", "id": "m", "annotated_object": "GO:0005739", "mask_labels": labels}
    with of(mask) as store:
        for term in ("GO:0016020", "GO:0005739"):
            (row,) = queries.tomograms_by_annotated_object(store, object=term)
            assert row.annotations == 1
