"""Query files: their header, their agreement with SPARQL, and with the typed functions."""

import dataclasses
import inspect
import types
import typing
from collections.abc import Sequence
from pathlib import Path

import pytest

from cetsgraph import queries
from cetsgraph.errors import QuerySyntaxError, UnknownQuery
from cetsgraph.queries import Query, ValueKind, load, names, parse
from cetsgraph.resources import folder

PYTHON = {
    ValueKind.IRI: {str},
    ValueKind.TEXT: {str},
    ValueKind.NUMBER: {float},
    ValueKind.INTEGER: {int},
    ValueKind.BOOLEAN: {bool},
    ValueKind.ARRAY: {list[list[float]], list[list[list[float]]]},
}


def without_none(hint: object) -> object:
    if isinstance(hint, types.UnionType) and types.NoneType in typing.get_args(hint):
        (hint,) = set(typing.get_args(hint)) - {types.NoneType}
    return hint


@pytest.mark.parametrize("name", names())
def test_a_function_asks_for_what_its_file_declares(name: str) -> None:
    function, query = getattr(queries, name), load(name)
    parameters = list(inspect.signature(function).parameters.values())
    assert name in queries.__all__ and parameters[0].name == "store"
    assert parameters[-1].name == "page" and parameters[-1].kind is inspect.Parameter.VAR_KEYWORD
    assert [parameter.name for parameter in parameters[1:-1]] == [
        declared.name for declared in query.parameters
    ]
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters[1:-1])
    hints = typing.get_type_hints(function)
    for declared in query.parameters:
        (one,) = PYTHON[declared.kind]
        assert hints[declared.name] == (one | Sequence[one] if declared.many else one)  # type: ignore[valid-type]
        assert declared.name in function.__doc__


@pytest.mark.parametrize("name", names())
def test_a_row_has_the_columns_of_the_file(name: str) -> None:
    function, query = getattr(queries, name), load(name)
    (row,) = typing.get_args(typing.get_type_hints(function)["return"])
    hints = typing.get_type_hints(row)
    assert row.__name__ in queries.__all__ and dataclasses.is_dataclass(row)
    assert [field.name for field in dataclasses.fields(row)] == [column.name for column in query.columns]
    for column in query.columns:
        assert without_none(hints[column.name]) in PYTHON[column.kind], column.name


@pytest.mark.parametrize("name", names())
def test_docstrings_give_the_units(name: str) -> None:
    function, query = getattr(queries, name), load(name)
    (row,) = typing.get_args(typing.get_type_hints(function)["return"])
    said = f"{function.__doc__} {row.__doc__}".replace("degrees", "°")
    for described in (*query.parameters, *query.columns):
        unit = described.unit
        if unit is not None and unit != "unit of the annotation":
            assert unit in said, f"{described.name} is in {unit}"


def test_every_function_has_a_file() -> None:
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


def test_a_name_is_no_path() -> None:
    stray = folder("queries").parent / "queries" / "." / "tilt_schemes"
    with pytest.raises(UnknownQuery):
        load(str(stray))


GOOD = """# title: Series
# description: A first sentence.
#   And a second.
# param least: number, Å, smallest defocus
# param word: list of text, -, words, of any kind
# column series: iri, -, series
PREFIX cets: <https://w3id.org/cetsgraph/ontology#>
# VALUES ?comment { 1 }
SELECT ?series WHERE {
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
    assert [column.name for column in query.columns] == ["series"]


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
        ("# param least: number, Å, smallest", "# param least: number, smallest", 4, "kind, unit, meaning"),
        ("# param least: number", "# param least: numbr", 4, "kind, unit, meaning"),
        ("# param least: number", "# param least: array", 4, "kind, unit, meaning"),
        ("# column series: iri", "# column series: list of iri", 6, "kind, unit, meaning"),
        ("# param word: list of text, -, words, of any kind\n", "", 12, "parameter word is not declared"),
        ("  VALUES ?least { 1 }\n", "", 4, "least is declared and has no example value"),
        (
            "VALUES ?least { 1 }",
            "VALUES ?least { }",
            4,
            "least is declared and has no example value",
        ),
        ("# column series", "# column serie", 6, "the columns are serie, and the SELECT gives series"),
        ("# column series: iri, -, series\n", "", 1, "the SELECT gives series"),
        ("SELECT ?series", "SELECT ?series ?word", 1, "the SELECT gives series, word"),
        ("# column series", "# column a: iri, -, a\n# column series", 6, "the columns are a, series"),
        (
            "# column series",
            "# param least: text, -, a\n# column series",
            6,
            "param least is described twice",
        ),
        ("SELECT ?series WHERE {", "SELECT ?series WHERE", 10, "expected"),
        ("SELECT ?series WHERE", "ASK", 1, "the query is not a SELECT"),
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


def test_queries_are_values() -> None:
    assert load("tilt_schemes") == load("tilt_schemes") and isinstance(load("tilt_schemes"), Query)
