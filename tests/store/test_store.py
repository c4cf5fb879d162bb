"""What every local store does, in a directory and in memory alike."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, RdfFormat

from cetsgraph.errors import QueryError, QuerySyntaxError, StoreError, StoreReadOnly
from cetsgraph.store import LocalStore, Solutions, Triples

EX = "http://example.org/"
ONE, TWO, CATALOGUE = f"{EX}one", f"{EX}two", f"{EX}catalogue"
P = f"<{EX}p>"
NQUADS = f"""\
<{EX}a> {P} "1" <{ONE}> .
<{EX}b> {P} "2" <{TWO}> .
<{EX}b> {P} <{EX}a> <{TWO}> .
<{ONE}> {P} "one" <{CATALOGUE}> .
""".encode()


@pytest.fixture(params=["directory", "memory"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LocalStore]:
    made = LocalStore.open(tmp_path / "store", "w") if request.param == "directory" else LocalStore.memory()
    with made:
        yield made


def test_usual_prefixes_need_no_declaration(filled: LocalStore) -> None:
    assert list(filled.select("SELECT ?s { ?s a cets:Tomogram ; prov:value rdf:nil }")) == []
    assert filled.ask("PREFIX cets: <http://example.org/> ASK { cets:a cets:p '1' }")


@pytest.mark.parametrize("prefix", ["foaf", "myNS", "a-b", ""])
def test_a_prefix_that_is_not_declared_is_named_at_its_place(prefix: str, filled: LocalStore) -> None:
    with pytest.raises(QuerySyntaxError, match=f"PREFIX {prefix}: <IRI>") as raised:
        filled.query(f"SELECT ?s {{\n  ?s cets:p ?o ; {prefix}:q ?o }}")
    assert (raised.value.line, raised.value.column) == (2, 18)


@pytest.fixture
def filled(empty: LocalStore) -> LocalStore:
    with empty.writing() as writing:
        writing.add(NQUADS)
    return empty


def subjects(store: LocalStore, sparql: str, **dataset: list[str]) -> list[str]:
    answer = store.query(sparql, **dataset)
    assert isinstance(answer, Solutions)
    return sorted(row["s"].value.removeprefix(EX) for row in answer)


def numbered(graph: str, count: int, start: int = 0) -> bytes:
    lines = (f'<{graph}/{n}> {P} "{n}" <{graph}> .\n' for n in range(start, start + count))
    return "".join(lines).encode()


def size(store: LocalStore, graph: str) -> int:
    return sum(1 for _ in store.quads(graph))


@pytest.mark.parametrize(
    ("clauses", "dataset", "expected"),
    [
        ("{ ?s ?p ?o }", {}, ["a", "b", "b", "one"]),
        ("{ GRAPH ?g { ?s ?p ?o } }", {}, ["a", "b", "b", "one"]),
        (f"FROM <{ONE}> {{ ?s ?p ?o }}", {}, ["a"]),
        (f"FROM<{ONE}>{{ ?s ?p ?o }}", {}, ["a"]),
        (f"from <{ONE}> from <{CATALOGUE}> {{ ?s ?p ?o }}", {}, ["a", "one"]),
        (f"FROM <{ONE}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", {}, []),
        (f"FROM NAMED <{TWO}> {{ ?s ?p ?o }}", {}, []),
        (f"FROM NAMED <{TWO}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", {}, ["b", "b"]),
        ("{ ?s ?p ?o FILTER(?o != 'FROM') } # FROM", {}, ["a", "b", "b", "one"]),
        ("{ ?s ?p ?o }", {"default_graph": [ONE]}, ["a"]),
        ("{ GRAPH ?g { ?s ?p ?o } }", {"default_graph": [ONE]}, []),
        ("{ ?s ?p ?o }", {"named_graphs": [ONE]}, []),
        ("{ GRAPH ?g { ?s ?p ?o } }", {"named_graphs": [ONE]}, ["a"]),
        (f"FROM <{ONE}> {{ ?s ?p ?o }}", {"default_graph": [CATALOGUE]}, ["one"]),
    ],
)
def test_the_dataset_of_a_query(
    filled: LocalStore, clauses: str, dataset: dict[str, list[str]], expected: list[str]
) -> None:
    """SPARQL 1.1 query, section 13.2, and protocol, section 2.1.4; the union where nobody names a dataset."""
    assert subjects(filled, f"SELECT ?s {clauses}", **dataset) == expected


def test_each_form_of_query_has_its_kind_of_answer(filled: LocalStore) -> None:
    rows = filled.select(f"SELECT ?s ?none {{ ?s {P} '1' }}")
    assert rows.variables == ("s", "none")
    assert [(row["s"], row["none"]) for row in rows] == [(NamedNode(f"{EX}a"), None)]
    assert filled.ask(f"ASK {{ <{EX}a> {P} '1' }}") is True
    assert filled.ask(f"ASK {{ <{EX}a> {P} '7' }}") is False
    triples = filled.query(f"CONSTRUCT {{ ?o {P} ?s }} WHERE {{ ?s {P} ?o FILTER(isIRI(?o)) }}")
    assert isinstance(triples, Triples)
    assert [(triple.subject.value, triple.object.value) for triple in triples] == [(f"{EX}a", f"{EX}b")]
    assert filled.select("SELECT ('é' AS ?x) {}").serialize(QueryResultsFormat.CSV) == "x\r\né\r\n".encode()
    with pytest.raises(QueryError, match="expected a SELECT query"):
        filled.select("ASK {}")
    with pytest.raises(QueryError, match="expected an ASK query"):
        filled.ask("SELECT * {}")


@pytest.mark.parametrize(
    ("sparql", "line", "column"),
    [("SELECT ?s\nWHERE { ?s ?p ; }}", 2, 17), ("", 1, 1), ("SELECT * { ?s ?p ?o", 1, 20)],
)
def test_a_syntax_error_has_its_place(filled: LocalStore, sparql: str, line: int, column: int) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        filled.query(sparql)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert len(str(caught.value)) < 300


def test_text_that_is_no_text_and_names_that_are_no_iris_are_the_callers_mistakes(filled: LocalStore) -> None:
    with pytest.raises(QuerySyntaxError, match="not Unicode"):
        filled.query("SELECT * { ?s ?p '\ud800' }")
    with pytest.raises(QueryError, match="no valid IRI"):
        filled.query("SELECT * { ?s ?p ?o }", default_graph=["not an IRI"])


@pytest.mark.parametrize(
    "sparql",
    [
        "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "SELECT * { {}serviceSILENT<http://127.0.0.1:9/>{ ?s ?p ?o } }",
    ],
)
def test_a_local_store_opens_no_connection(filled: LocalStore, sparql: str) -> None:
    with pytest.raises(QueryError, match="opens no connections"):
        filled.query(sparql)


def test_graphs_and_their_quads(filled: LocalStore) -> None:
    assert filled.graphs() == [CATALOGUE, ONE, TWO]
    assert list(filled.quads(ONE)) == [
        Quad(NamedNode(f"{EX}a"), NamedNode(f"{EX}p"), Literal("1"), NamedNode(ONE))
    ]
    assert set(filled.quads()) == set(pyoxigraph.parse(NQUADS, RdfFormat.N_QUADS))
    assert list(filled.quads(f"{EX}absent")) == []
    assert [filled.has_graph(name) for name in (CATALOGUE, ONE, f"{EX}absent")] == [True, True, False]
    assert [filled.subjects(ONE, f"{EX}p", text) for text in ("1", "2")] == [[f"{EX}a"], []]


@pytest.mark.parametrize("count", [1, 3_000, 60_000, 250_000], ids=lambda count: f"{count} quads")
def test_additions_of_every_size_arrive(empty: LocalStore, count: int) -> None:
    """Small ones go in as a transaction, larger ones by bulk load, the largest in several pieces."""
    with empty.writing() as writing:
        for start in range(0, count, 10_000):
            writing.add(numbered(ONE, min(10_000, count - start), start))
        writing.add(f'<{ONE}> {P} "one" <{CATALOGUE}> .'.encode())
    [row] = empty.select(f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ GRAPH <{ONE}> {{ ?s ?p ?o }} }}")
    assert int(row["n"].value) == count
    assert empty.graphs() == [CATALOGUE, ONE]


def test_replacing_a_graph_makes_it_exactly_what_was_given(filled: LocalStore) -> None:
    new = f'<{EX}b> {P} "2" <{TWO}> .\n<{EX}c> {P} "é\\n\\"\\u0007{{}}" <{TWO}> .\n'.encode()
    with filled.writing() as writing:
        writing.replace(TWO, new)
    assert set(filled.quads(TWO)) == set(pyoxigraph.parse(new, RdfFormat.N_QUADS))
    assert size(filled, ONE) == size(filled, CATALOGUE) == 1
    with filled.writing() as writing:
        writing.replace(TWO, b"")
    assert filled.graphs() == [CATALOGUE, ONE]


def test_a_large_graph_is_replaced_by_its_difference(empty: LocalStore) -> None:
    with empty.writing() as writing:
        writing.add(numbered(ONE, 30_000))
    with empty.writing() as writing:
        writing.replace(ONE, numbered(ONE, 30_000, start=12_000))
    assert {quad.object.value for quad in empty.quads(ONE)} == {str(n) for n in range(12_000, 42_000)}


def test_quads_of_another_graph_are_no_replacement(filled: LocalStore) -> None:
    before = set(filled.quads())
    with pytest.raises(ValueError, match="expected quads of"), filled.writing() as writing:
        writing.replace(ONE, NQUADS)
    assert set(filled.quads()) == before


def test_quads_and_graphs_are_taken_out(filled: LocalStore) -> None:
    absent = Quad(NamedNode(f"{EX}z"), NamedNode(f"{EX}p"), Literal("z"), NamedNode(CATALOGUE))
    with filled.writing() as writing:
        writing.discard([*filled.quads(CATALOGUE), absent])
        writing.remove(ONE)
        writing.remove(f"{EX}absent")
    assert size(filled, CATALOGUE) == 0
    assert size(filled, TWO) == 2
    assert ONE not in filled.graphs()


def test_each_call_of_a_change_sees_what_earlier_ones_did(empty: LocalStore) -> None:
    with empty.writing() as writing:
        writing.add(NQUADS)
        assert size(empty, TWO) == 2
        writing.discard(empty.quads(TWO))
        assert size(empty, TWO) == 0
        writing.add(NQUADS)
        writing.remove(ONE)
    assert empty.graphs() == [CATALOGUE, TWO]


def test_a_block_that_raises_leaves_the_store_as_it_was(filled: LocalStore) -> None:
    before = set(filled.quads())
    with pytest.raises(KeyError), filled.writing() as writing:
        writing.add(numbered(f"{EX}three", 10))
        raise KeyError
    assert set(filled.quads()) == before
    with filled.writing() as writing:
        writing.add(numbered(f"{EX}three", 10))
    assert size(filled, f"{EX}three") == 10


def test_what_is_not_n_quads_is_refused_whole(filled: LocalStore) -> None:
    before = set(filled.quads())
    with pytest.raises(ValueError, match="line 11"), filled.writing() as writing:
        writing.add(numbered(f"{EX}three", 10) + b"<a> <b>")
    assert set(filled.quads()) == before


def test_a_change_that_has_ended_takes_nothing_more(filled: LocalStore) -> None:
    with (
        filled.writing() as writing,
        pytest.raises(StoreError, match="being changed already"),
        filled.writing(),
    ):
        pass
    with pytest.raises(StoreError, match="has ended"):
        writing.add(NQUADS)


def test_a_closed_store_says_so(filled: LocalStore) -> None:
    filled.close()
    filled.close()
    with pytest.raises(StoreError, match="closed"):
        filled.graphs()
    with pytest.raises(StoreError, match="closed"), filled.writing():
        pass


def test_numbers_keep_their_value(empty: LocalStore) -> None:
    """IEEE doubles, -0.0 and the extremes included; the engine may write them in another way."""
    values = [-0.0, 0.0, 5e-324, 1.7976931348623157e308, 13.7, 0.1, -1e22, 2.2250738585072014e-308]
    double = "http://www.w3.org/2001/XMLSchema#double"
    with empty.writing() as writing:
        for n, value in enumerate(values):
            writing.add(f'<{EX}{n}> {P} "{value!r}"^^<{double}> <{ONE}> .\n'.encode())
    found = {quad.subject.value: float(quad.object.value) for quad in empty.quads(ONE)}
    assert [found[f"{EX}{n}"].hex() for n in range(len(values))] == [value.hex() for value in values]


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    LocalStore.open(tmp_path, "w").close()
    with (
        LocalStore.open(tmp_path) as reader,
        pytest.raises(StoreReadOnly, match="opened for reading"),
        reader.writing(),
    ):
        pass
