"""Query files: their header, and its agreement with SPARQL."""

import inspect
import re
from pathlib import Path

import pytest

from cetsgraph import queries
from cetsgraph.errors import QuerySyntaxError, UnknownQuery
from cetsgraph.queries import Column, Query, RowClass, Scope, ValueKind, load, names, parse
from cetsgraph.resources import folder


def test_every_file_is_a_function() -> None:
    functions = {name for name in queries.__all__ if inspect.isfunction(getattr(queries, name))}
    assert functions - {"names", "load", "paged", "parse", "run"} == set(names())


def test_files_use_plain_patterns() -> None:
    for name in names():
        text = load(name).text
        assert "GRAPH" not in text and "SELECT DISTINCT" in text and "ORDER BY" in text, name
        assert len(text.splitlines()[0]) < 80


def test_an_unknown_query_is_named_with_those_like_it() -> None:
    with pytest.raises(UnknownQuery) as raised:
        load("tilt_scheme")
    assert raised.value.suggestions[0] == "tilt_schemes"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("SELECT ?x", "If it is SPARQL, its pattern is missing: SELECT … { … }."),
        ("my own.rq", "If it is a file, `cetsgraph query --file 'my own.rq'` asks it."),
        ("mine.rq", "If it is a file, `cetsgraph query --file mine.rq` asks it."),
    ],
)
def test_what_else_a_name_can_be_is_said(name: str, hint: str) -> None:
    with pytest.raises(UnknownQuery, match=re.escape(hint)):
        load(name)


def test_a_name_is_no_path() -> None:
    stray = folder("queries").parent / "queries" / "." / "tilt_schemes"
    with pytest.raises(UnknownQuery):
        load(str(stray))


GOOD = """# title: Series
# description: A first sentence.
#   And a second.
# theme: acquisition
# param least: number, Å, smallest defocus
# param word: list of text, -, words, of any kind
# row SeriesOfWords: A series.
# column series: iri, -, series
# column angles: optional array N×M, °, tilt angles, if there are any
PREFIX cets: <https://w3id.org/cetsgraph/ontology#>
# VALUES ?comment { 1 }
SELECT ?series ?angles WHERE {
  VALUES ?least { 1 }
  VALUES (?fixed) { (1) }
  ?series cets:name "VALUES ?text { 1 }" , ?word .
  { VALUES ?word { "a}" "b" } }
  FILTER(?least < 3 && ?fixed > 2)
}
"""
PATH = Path("series.rq")


def test_a_header_is_read() -> None:
    query = parse(GOOD, PATH)
    assert (query.name, query.title, query.description) == (
        "series",
        "Series",
        "A first sentence. And a second.",
    )
    least, word = query.parameters
    assert (least.name, least.kind, least.many, least.unit) == ("least", ValueKind.NUMBER, False, "Å")
    assert (word.many, word.unit, word.meaning) == (True, None, "words, of any kind")
    assert (least.example, word.example) == ("1", '"a}" "b"')
    assert (query.theme, query.row) == ("acquisition", RowClass("SeriesOfWords", "A series."))
    assert query.columns == (
        Column("series", ValueKind.IRI, None, "series"),
        Column("angles", ValueKind.ARRAY, "°", "tilt angles, if there are any", optional=True, shape="N×M"),
    )


@pytest.mark.parametrize("entry", ["# theme: acquisition\n", "# row SeriesOfWords: A series.\n"])
def test_a_query_of_ones_own_needs_no_theme_and_no_row(entry: str) -> None:
    query = parse(GOOD.replace(entry, "", 1), PATH)
    assert None in (query.theme, query.row)


def test_only_parameters_are_replaced() -> None:
    bound = parse(GOOD, PATH).bind(least=2.5, word=["x"])
    assert 'VALUES ?least { "2.5"^^<http://www.w3.org/2001/XMLSchema#double> }' in bound
    assert '{ VALUES ?word { "x" } }' in bound
    for untouched in ("# VALUES ?comment { 1 }", 'cets:name "VALUES ?text { 1 }"', "VALUES (?fixed) { (1) }"):
        assert untouched in bound


@pytest.mark.parametrize(
    ("found", "replaced", "line", "message"),
    [
        ("# title: Series\n", "", 1, "the header has no title"),
        ("# description: A first sentence.\n#   And a second.\n", "", 1, "the header has no description"),
        ("# title: Series", "# titel: Series", 1, "not a header entry: titel: Series"),
        ("# param least: number, Å, smallest", "# param least: number, smallest", 5, "kind, unit, meaning"),
        ("# param least: number", "# param least: numbr", 5, "kind, unit, meaning"),
        ("# param least: number", "# param least: array", 5, "kind, unit, meaning"),
        ("# param least: number", "# param least: optional number", 5, "or is optional, not both"),
        ("VALUES ?least { 1 }", "VALUES ?least { UNDEF }", 5, "or is optional, not both"),
        ("# theme", "# scope: everywhere\n# theme", 1, "there is no scope everywhere"),
        ("# theme", "# title: Twice\n# theme", 4, "title is described twice"),
        ("# row SeriesOfWords", "# row A: One.\n# row SeriesOfWords", 8, "row is described twice"),
        ("# row SeriesOfWords", "# row Series of words", 7, "not a header entry"),
        ("# row SeriesOfWords", "# row 2nd", 7, "not a header entry"),
        ("# column series: iri", "# column series: list of iri", 8, "kind, unit, meaning"),
        ("# column series: iri", "# column series: iri N×M", 8, "kind, unit, meaning"),
        ("# param word: list of text, -, words, of any kind\n", "", 15, "parameter word is not declared"),
        ("  VALUES ?least { 1 }\n", "", 5, "least is declared and has no example value"),
        (
            "VALUES ?least { 1 }",
            "VALUES ?least { }",
            5,
            "least is declared and has no example value",
        ),
        (
            "# column series",
            "# column serie",
            8,
            "the columns are serie, angles, and the SELECT gives series",
        ),
        ("# column series: iri, -, series\n", "", 8, "the SELECT gives series, angles"),
        ("?series ?angles", "?series ?angles ?word", 1, "the SELECT gives series, angles, word"),
        ("# column series", "# column a: iri, -, a\n# column series", 8, "the columns are a, series"),
        (
            "# column series",
            "# param least: text, -, a\n# column series",
            8,
            "param least is described twice",
        ),
        ("SELECT ?series ?angles WHERE {", "SELECT ?series ?angles WHERE", 13, "expected"),
        ("SELECT ?series ?angles WHERE", "ASK", 1, "the query is not a SELECT"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_line(
    found: str, replaced: str, line: int, message: str
) -> None:
    assert found in GOOD
    with pytest.raises(QuerySyntaxError) as raised:
        parse(GOOD.replace(found, replaced, 1), PATH)
    assert message in str(raised.value)
    assert raised.value.line == line
    assert str(raised.value).startswith(f"series.rq:{line}")


def test_a_parameter_that_is_left_out_has_no_block() -> None:
    text = GOOD.replace("least: number", "least: optional number").replace("{ 1 }\n  V", "{ UNDEF }\n  V")
    query = parse(text, PATH)
    assert query.parameters[0].optional and "VALUES ?least" not in query.bind(word="x")
    assert query.bind(word="x", least=None) == query.bind(word="x")
    assert 'VALUES ?least { "2.5"^^' in query.bind(word="x", least=2.5)


def test_every_file_says_whether_it_is_asked_per_data_set() -> None:
    across = {"annotated_objects", "same_specimen", "shares_a_paper", "cross_archive_links", "coverage"}
    assert {name for name in names() if load(name).scope is Scope.ACROSS} == across
    assert all(load(name).scope for name in names())


def test_queries_are_values() -> None:
    assert load("tilt_schemes") == load("tilt_schemes") and isinstance(load("tilt_schemes"), Query)
