"""What every store does, wherever it is: queries, datasets, data sets put, replaced and removed."""

import math
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from conformance.conftest import SYSTEM, Kind

from cetsgraph import archive
from cetsgraph.documents import Document
from cetsgraph.errors import DataSetNotFound, QueryError, QuerySyntaxError, StoreError
from cetsgraph.model import DataSet, Region, Tomogram, TomogramSet, TomoImageSet
from cetsgraph.namespaces import RDF_JSON, XSD
from cetsgraph.store import Solutions, Store, Triples

EX = "http://example.org/"
ONE, TWO, THREE = f"{EX}one", f"{EX}two", f"{EX}three"
P = f"<{EX}p>"
ANY = f"?s {P} ?o"
NQUADS = f"""\
<{EX}a> {P} "1" <{ONE}> .
<{EX}b> {P} "2" <{TWO}> .
<{EX}b> {P} <{EX}a> <{TWO}> .
<{EX}c> {P} "one" <{THREE}> .
""".encode()


@pytest.fixture
def filled(kind: Kind) -> Iterator[Store]:
    def fill(store: Store) -> None:
        with store.writing() as writing:
            writing.add(NQUADS)

    with kind.holding("four triples", fill) as store:
        yield store


def subjects(store: Store, sparql: str, **dataset: list[str]) -> list[str]:
    answer = store.query(sparql, **dataset)
    assert isinstance(answer, Solutions)
    return sorted(row["s"].value.removeprefix(EX) for row in answer)


def own_graphs(store: Store) -> list[str]:
    return [graph for graph in store.graphs() if not graph.startswith(SYSTEM)]


def data_set(voxel_size: float = 13.7, tomograms: int = 1) -> DataSet:
    held = [Tomogram(id=f"t{index}", voxel_size=voxel_size) for index in range(tomograms)]
    imaging = TomoImageSet(tomogram_sets=[TomogramSet(tomograms=held)])
    return DataSet(name="set", regions=[Region(id="r", tomo_image_sets=[imaging])])


def document(dataset: DataSet) -> Document:
    return Document(dataset=dataset, dialect="tomobabel", form="DataSet", path="a.json", checksum="abc")


@pytest.mark.parametrize(
    ("clauses", "dataset", "expected"),
    [
        (f"{{ {ANY} }}", {}, ["a", "b", "b", "c"]),
        (f"{{ GRAPH ?g {{ {ANY} }} }}", {}, ["a", "b", "b", "c"]),
        (f"FROM <{ONE}> {{ {ANY} }}", {}, ["a"]),
        (f"FROM <{ONE}> FROM <{THREE}> {{ {ANY} }}", {}, ["a", "c"]),
        (f"FROM<{ONE}>FROM ex:three{{ {ANY} }}", {}, ["a", "c"]),
        (f"FROM <{ONE}> {{ GRAPH ?g {{ {ANY} }} }}", {}, []),
        (f"FROM NAMED <{TWO}> {{ {ANY} }}", {}, []),
        (f"FROM NAMED <{TWO}> {{ GRAPH ?g {{ {ANY} }} }}", {}, ["b", "b"]),
        (f"{{ {ANY} }}", {"default_graph": [ONE]}, ["a"]),
        (f"{{ {ANY} }}", {"default_graph": [ONE, THREE]}, ["a", "c"]),
        (f"{{ {ANY} }}", {"default_graph": []}, []),
        (f"{{ GRAPH ?g {{ {ANY} }} }}", {"default_graph": [ONE]}, []),
        (f"{{ {ANY} }}", {"named_graphs": [ONE]}, []),
        (f"{{ GRAPH ?g {{ {ANY} }} }}", {"named_graphs": [ONE]}, ["a"]),
        (f"{{ {ANY} GRAPH ?g {{ ?z {P} ?y }} }}", {"default_graph": [ONE], "named_graphs": [THREE]}, ["a"]),
        (f"FROM <{ONE}> {{ {ANY} }}", {"default_graph": [THREE]}, ["c"]),
    ],
)
def test_the_dataset_of_a_query(
    filled: Store, clauses: str, dataset: dict[str, list[str]], expected: list[str]
) -> None:
    """SPARQL 1.1 query, section 13.2, and protocol, section 2.1.4; the union where nobody names a dataset."""
    assert subjects(filled, f"PREFIX ex: <{EX}> SELECT ?s {clauses}", **dataset) == expected


def test_each_form_of_query_has_its_kind_of_answer(filled: Store) -> None:
    rows = filled.select(f"SELECT ?s ?none {{ ?s {P} '1' }}")
    assert rows.variables == ("s", "none")
    assert [(row["s"], row["none"]) for row in rows] == [(ox.NamedNode(f"{EX}a"), None)]
    assert filled.ask(f"ASK {{ <{EX}a> {P} '1' }}") is True
    assert filled.ask(f"ASK {{ <{EX}a> {P} '7' }}") is False
    triples = filled.query(f"CONSTRUCT {{ ?o {P} ?s }} WHERE {{ ?s {P} ?o FILTER(isIRI(?o)) }}")
    assert isinstance(triples, Triples)
    assert [(triple.subject.value, triple.object.value) for triple in triples] == [(f"{EX}a", f"{EX}b")]
    assert isinstance(filled.query(f"DESCRIBE <{EX}c>"), Triples)
    csv = filled.select(f"SELECT ?o {{ <{EX}c> {P} ?o }}").serialize(ox.QueryResultsFormat.CSV)
    assert csv == b"o\r\none\r\n"
    with pytest.raises(QueryError, match="expected a SELECT query"):
        filled.select(f"ASK {{ {ANY} }}")


def test_a_syntax_error_has_its_place(filled: Store) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        filled.query("SELECT ?s\nWHERE { ?s ?p ; }}")
    assert (caught.value.line, caught.value.column) == (2, 17)


def test_what_is_no_text_or_no_iri_is_the_callers_mistake(filled: Store) -> None:
    with pytest.raises(QuerySyntaxError, match="not Unicode"):
        filled.query("SELECT * { ?s ?p '\ud800' }")
    with pytest.raises(QueryError, match="no valid IRI"):
        filled.query("SELECT * { ?s ?p ?o }", default_graph=["not an IRI"])


def test_service_is_refused(filled: Store) -> None:
    with pytest.raises(QueryError, match="SERVICE is not available"):
        filled.query("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")


def test_a_long_query_arrives(filled: Store) -> None:
    values = " ".join(f"<{EX}{n}>" for n in range(1_000))
    assert subjects(filled, f"SELECT ?s {{ VALUES ?s {{ {values} <{EX}a> }} {ANY} }}") == ["a"]


def test_graphs_and_their_quads(filled: Store) -> None:
    assert {ONE, TWO, THREE} <= set(own_graphs(filled))
    for graph, count in ((ONE, 1), (TWO, 2), (f"{EX}absent", 0)):
        expected = {quad for quad in ox.parse(NQUADS, ox.RdfFormat.N_QUADS) if quad.graph_name.value == graph}
        found = list(filled.quads(graph))
        assert len(found) == count
        assert set(found) == expected


TERMS = [
    '"a \\"quoted\\" \\\\u0041 line\\nbreak\\ttab é 😀"',
    '""',
    '"hallo"@de',
    '"colour"@en-gb',
    f"<{EX}ü%20x>",
    f'"7"^^<{XSD}integer>',
    f'"-7"^^<{XSD}integer>',
    f'"true"^^<{XSD}boolean>',
    f'"false"^^<{XSD}boolean>',
    f'"2026-11-23"^^<{XSD}date>',
    f'"2026-11-23T12:24:56Z"^^<{XSD}dateTime>',
    f'"[1.5,[2]]"^^<{RDF_JSON}>',
]


def test_terms_come_back_as_they_were_written(empty: Store) -> None:
    lines = "".join(f"<{EX}{n}> {P} {term} <{ONE}> .\n" for n, term in enumerate(TERMS)).encode()
    with empty.writing() as writing:
        writing.add(lines)
    assert set(empty.quads(ONE)) == set(ox.parse(lines, ox.RdfFormat.N_QUADS))
    with empty.writing() as writing:
        writing.discard(ox.parse(lines, ox.RdfFormat.N_QUADS))
    assert not list(empty.quads(ONE))


def test_doubles_come_back_with_every_digit(empty: Store) -> None:
    numbers = [0.1, 1 / 3, -13.69999999999982, 13.699999999999818, 9.89, 74.6, 1e-7, 1.5e300, 5e-5, -0.0, 3.0]
    numbers += [n * 1.37 for n in range(200)]
    lines = (f'<{EX}{n}> {P} "{value!r}"^^<{XSD}double> <{ONE}> .\n' for n, value in enumerate(numbers))
    with empty.writing() as writing:
        writing.add("".join(lines).encode())
    found = {int(quad.subject.value.removeprefix(EX)): float(quad.object.value) for quad in empty.quads(ONE)}
    assert [found[n] for n in range(len(numbers))] == numbers
    assert math.copysign(1, found[9]) == -1


def test_a_large_array_comes_back_whole(empty: Store) -> None:
    array = f"[{','.join(str(n * 1.37) for n in range(20_000))}]"
    with empty.writing() as writing:
        writing.add(f'<{EX}s> {P} "{array}"^^<{RDF_JSON}> <{ONE}> .\n'.encode())
    assert [quad.object.value for quad in empty.quads(ONE)] == [array]


def test_a_graph_larger_than_what_endpoints_give_at_once_comes_back_whole(empty: Store) -> None:
    count = 11_000
    lines = [f'<{EX}s{n // 2:05}> <{EX}p{n % 2}> "{n}" <{ONE}> .\n' for n in range(count)]
    with empty.writing() as writing:
        writing.add("".join(lines).encode())
    assert {int(quad.object.value) for quad in empty.quads(ONE)} == set(range(count))


def test_an_object_with_very_many_others_comes_back_whole(empty: Store) -> None:
    count = 11_000
    lines = [f"<{EX}s> <{EX}has> <{EX}o{n}> <{ONE}> .\n" for n in range(count)]
    lines += [f'<{EX}s> <{EX}is> "{n}" <{ONE}> .\n<{EX}o{n}> <{EX}is> "{n}" <{ONE}> .\n' for n in range(100)]
    with empty.writing() as writing:
        writing.add("".join(lines).encode())
    found = list(empty.quads(ONE))
    assert len(found) == len(set(found)) == count + 200


def test_a_data_set_is_put_got_replaced_and_removed(empty: Store) -> None:
    done = archive.put(empty, document(data_set()))
    assert done.change is archive.Change.ADDED
    assert list(archive.list(empty)) == [done.record]
    assert archive.get(empty, "set") == document(data_set())
    assert archive.put(empty, document(data_set())).change is archive.Change.UNCHANGED
    replaced = archive.put(empty, document(data_set(voxel_size=6.8, tomograms=3)))
    assert replaced.change is archive.Change.REPLACED
    assert list(archive.list(empty)) == [replaced.record]
    assert archive.get(empty, "set") == document(data_set(voxel_size=6.8, tomograms=3))
    removed = archive.remove(empty, "set")
    assert removed == replaced.record
    assert list(archive.list(empty)) == []
    assert removed.dataset not in empty.graphs()
    with pytest.raises(DataSetNotFound):
        archive.get(empty, "set")


def test_what_an_interrupted_put_left_is_not_listed_and_the_next_put_clears_it(empty: Store) -> None:
    record = archive.put(empty, document(data_set())).record
    archive.remove(empty, "set")
    with empty.writing() as writing:
        writing.add(f"<{EX}left> {P} <{EX}over> <{record.dataset}> .\n".encode())
    assert list(archive.list(empty)) == []
    assert archive.put(empty, document(data_set())).change is archive.Change.ADDED
    assert archive.get(empty, "set") == document(data_set())
    assert not subjects(empty, f"SELECT ?s {{ {ANY} }}")


def test_writing_takes_out_what_it_is_told_to(empty: Store) -> None:
    with empty.writing() as writing:
        writing.add(NQUADS)
        writing.discard([ox.Quad(*[ox.NamedNode(f"{EX}{x}") for x in "bpa"], ox.NamedNode(TWO))])
        writing.remove(ONE)
        writing.remove(f"{EX}absent")
        writing.replace(THREE, f'<{EX}d> {P} "new" <{THREE}> .\n'.encode())
        writing.commit()
    assert subjects(empty, f"SELECT ?s {{ {ANY} }}") == ["b", "d"]
    with pytest.raises(StoreError, match="has ended"):
        writing.remove(TWO)


def test_the_names_of_an_archive_are_kept_with_it(empty: Store, kind: Kind) -> None:
    archive.put(empty, document(data_set()))
    assert (empty.settings.base, empty.settings.archive) == ("https://w3id.org/cetsgraph/data/", "local")


def test_a_store_is_an_rdflib_graph(filled: Store) -> None:
    graph = filled.to_rdflib(TWO)
    assert sorted((str(s), str(o)) for s, _, o in graph) == [(f"{EX}b", "2"), (f"{EX}b", f"{EX}a")]
