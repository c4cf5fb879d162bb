"""Which SPARQL texts name a dataset, and which would make the engine open a connection."""

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cetsgraph.store.sparql import fetching_keyword, names_dataset, query_form, without_dataset

NOWHERE = "<http://127.0.0.1:1/>"  # the engine refuses port 1 before it opens a connection


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <http://g> { ?s ?p ?o }",
        "select *from<http://g>{ ?s ?p ?o }",
        "ASK FROM NAMED <http://g> { ?s ?p ?o }",
        "SELECT * FROMNAMED<http://g> { ?s ?p ?o }",
        "SELECT * # a comment\nFROM <http://g> { }",
        "PREFIX a: <http://a#> # it's\nSELECT * FROM a:g { }",
        "CONSTRUCT { ?s ?p 'x' } FROM <http://g> WHERE { ?s ?p ?o }",
    ],
)
def test_a_dataset_clause_is_seen(query: str) -> None:
    assert names_dataset(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?from { ?from ?p ?o }",
        "SELECT * { ?s ?p 'FROM <http://g>' }",
        'SELECT * { ?s ?p """a "quoted" \\" FROM <http://g>""" }',
        "SELECT * { ?s ?p '''it's FROM <http://g>''' }",
        "SELECT * { ?s <http://a/FROM> ?o }",
        "SELECT * { ?s ?p ?o } # FROM <http://g>",
        "PREFIX from: <http://a/> SELECT * { ?s from:FROM ?o . ?o a from:x }",
        "SELECT * { ?s ?p 'x'@from }",
        "SELECT * { ?s ?p _:from }",
        "PREFIX a: <http://a/> SELECT * { ?s a:b\\'from ?o }",
    ],
)
def test_from_elsewhere_is_no_dataset_clause(query: str) -> None:
    assert not names_dataset(query)


FETCHING = [
    f"SELECT * {{ SERVICE {NOWHERE} {{}} }}",
    f"SELECT * {{ service silent {NOWHERE} {{}} }}",
    f"SELECT * {{ {{}}SERVICE{NOWHERE}{{}} }}",
    f"SELECT * {{ {{}}SERVICESILENT{NOWHERE}{{}} }}",
    f"SELECT * {{ ?s ?p trueSERVICE{NOWHERE}{{}} }}",
    f"SELECT * {{ ?s ?p 1.SERVICE{NOWHERE}{{}} }}",
    f"PREFIX a: <http://a/> SELECT * {{ ?s ?p a:.SERVICE{NOWHERE}{{}} }}",
    "PREFIX a: <http://127.0.0.1:1/> SELECT * { {}SERVICEa:b{} }",
    "PREFIX a: <http://127.0.0.1:1/> SELECT * { {}SERVICEa:b # a comment\n {} }",
    "PREFIX SERVICE: <http://x/> PREFIX : <http://127.0.0.1:1/> SELECT * { {}SERVICE:b{} }",
    "SELECT * { FILTER(1<2)SERVICE?x{} FILTER(2>1) }",
    f"SELECT * {{ FILTER(1<2) SERVICE {NOWHERE} {{}} }}",
    f"SELECT * FROM <http://g/\\u0031#a> {{ SERVICE {NOWHERE} {{}} }}",
    f"SELECT * {{ ?s ?p '''' ''' SERVICE {NOWHERE} {{}} }}",
    f"SELECT * {{ ?s ?p '\\'' SERVICE {NOWHERE} {{}} }}",
    f"PREFIX a: <http://a/> SELECT * {{ ?s ?p a:\\# SERVICE {NOWHERE} {{}} }}",
    f"SELECT * {{ # a comment\r SERVICE {NOWHERE} {{}} }}",
]


@pytest.mark.parametrize("query", FETCHING)
def test_what_fetches_is_seen(query: str) -> None:
    assert fetching_keyword(query) == "SERVICE"


def test_the_engine_takes_these_texts_for_fetching() -> None:
    """Otherwise the cases above would prove little. One says so by an unbound service name."""
    store = pyoxigraph.Store()
    store.update("INSERT DATA { <http://s> <http://p> true, 1, '''' ''', '\\'' }")
    refused = 0
    for query in FETCHING:
        try:
            for _ in store.query(query.replace("SILENT", "").replace("silent", "")):
                pass
        except (OSError, RuntimeError):
            refused += 1
        except SyntaxError:
            pass
    assert refused >= 8


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?s <http://example.org/service> ?service }",
        "PREFIX service: <http://a/> SELECT * { ?s service:load ?o . ?o a service:SERVICE }",
        "SELECT * { ?s ?p 'SERVICE <http://a> {' } # SERVICE <http://a> {}",
        "PREFIX sd: <http://www.w3.org/ns/sparql-service-description#> SELECT * { ?s a sd:Service }",
    ],
)
def test_service_elsewhere_does_not_fetch(query: str) -> None:
    assert fetching_keyword(query) is None


@pytest.mark.parametrize("update", ["LOAD <http://a>", "load silent <http://a> INTO GRAPH <http://b>"])
def test_load_fetches(update: str) -> None:
    assert fetching_keyword(update, update=True) == "LOAD"


@given(
    st.text(max_size=20),
    st.sampled_from(["'", '"', "'''", '"""']),
    st.sampled_from([" ", "", "\n", "#x\n", "FILTER(1<2)"]),
)
def test_a_literal_never_hides_what_follows_it(text: str, quote: str, between: str) -> None:
    escaped = (
        text.replace("\\", "\\\\")
        .replace("\n", "\\n")
        .replace("\r", "\\r")
        .replace(quote[0], f"\\{quote[0]}")
    )
    query = f"SELECT * {{ ?s ?p {quote}{escaped}{quote} {between} SERVICE <http://a> {{}} }}"
    assert fetching_keyword(query) == "SERVICE"
    assert not names_dataset(f"SELECT * {{ ?s ?p {quote}{escaped} FROM{quote} }}")


@pytest.mark.parametrize(
    ("query", "default", "named"),
    [
        ("SELECT * FROM <http://g> { ?s ?p ?o }", ["http://g"], []),
        ("ASK FROM<http://g>FROM NAMED<http://h>{ }", ["http://g"], ["http://h"]),
        ("select * from named <http://h> # FROM <http://no>\n from <http://g> where {}", ["http://g"], ["http://h"]),
        ("PREFIX e: <http://e/> PREFIX : <http://d#> ASK FROM e:g FROM :h.i FROM e: {}",
         ["http://e/g", "http://d#h.i", "http://e/"], []),
        ("PREFIX e:<http://e/>ASK FROM e:g{ ?s e:FROM 'FROM <http://no>' }", ["http://e/g"], []),
        ("DESCRIBE <http://FROM> FROM <http://g>", ["http://g"], []),
        ("ASK FROM <http://g\\u0041> {}", ["http://gA"], []),
    ],
)  # fmt: skip
def test_dataset_clauses_are_taken_out(query: str, default: list[str], named: list[str]) -> None:
    taken = without_dataset(query)
    assert taken is not None
    text, *graphs = taken
    assert graphs == [default, named]
    assert not names_dataset(text)
    pyoxigraph.Store().query(text)


@pytest.mark.parametrize(
    "query",
    [
        "ASK FROM <relative> {}",
        "ASK FROM unknown:g {}",
        "PREFIX e: <http://e/> ASK FROM e:a\\,b {}",
        "ASK FROM",
        "ASK FROM NAMED",
    ],
)
def test_dataset_clauses_that_only_an_engine_resolves_are_left(query: str) -> None:
    assert without_dataset(query) is None


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("  # ASK\nconstruct {} where {}", "CONSTRUCT"),
        ("PREFIX ask: <http://select#describe> DESCRIBE ask:construct", "DESCRIBE"),
        ("BASE <http://ask> SELECT(1 AS ?ask){}", "SELECT"),
        ("nonsense", "SELECT"),
    ],
)
def test_the_form_of_a_query(query: str, form: str) -> None:
    assert query_form(query) == form
