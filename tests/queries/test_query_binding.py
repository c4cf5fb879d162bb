"""Values of parameters: each reaches the engine as the value that it is, whatever it looks like."""

import math
from typing import Any

import pytest
import rdflib
from hypothesis import example, given
from hypothesis import strategies as st

from cetsgraph import queries
from cetsgraph.archive import put
from cetsgraph.errors import ParameterError
from cetsgraph.model import DataSet, Region, Text
from cetsgraph.queries import ValueKind, load
from cetsgraph.queries.terms import serialize
from cetsgraph.store import LocalStore

HOSTILE = (
    '"',
    "'",
    '" } } DROP ALL #',
    '"""',
    "\\",
    '\\"',
    "\\u0022 } #",
    "\\U00000022 } #",
    "\\\\u0041",
    "\\N",
    "{ } ? $ < > # VALUES ?word { }",
    "line\nline\r\ttab",
    "?word",
    "@en",
    "^^<http://www.w3.org/2001/XMLSchema#integer>",
    "Å é 😀 \u2028 \ufeff",
    "\x01abcd",
    "",
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff"))
MEMORY, GRAPH = LocalStore.memory(), rdflib.Graph()


def answers(term: str) -> tuple[str, str]:
    """The value of a term, as the store's engine and as rdflib read it."""
    query = f"SELECT ?value WHERE {{ VALUES ?value {{ {term} }} }}"
    (solution,) = MEMORY.select(query)
    (row,) = GRAPH.query(query)
    return solution["value"].value, str(row[0])


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text(text: str) -> None:
    assert answers(serialize(ValueKind.TEXT, text)) == (text, text)


@given(TEXTS)
@example("\\u")
@example("\\\\U0001F600")
def test_any_text_is_text(text: str) -> None:
    assert answers(serialize(ValueKind.TEXT, text)) == (text, text)


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_no_text_changes_the_query(words: list[str]) -> None:
    query = load("annotations_by_text")
    bound = query.bind(word=words)
    head, *_, tail = query.text.split('"gag" "hexamers"')
    assert bound.startswith(head) and bound.endswith(tail)
    assert list(MEMORY.select(bound)) == []


@pytest.mark.parametrize("text", [text for text in HOSTILE if text])
def test_hostile_text_finds_what_says_it(text: str) -> None:
    texts = [Text(description=f"it says {text} here"), Text(description="no")]
    with LocalStore.memory() as store:
        put(store, DataSet(name="d", regions=[Region(id="r", annotations=texts)]))
        rows = queries.annotations_by_text(store, word=["says", text])
    assert [row.description for row in rows] == [f"it says {text} here"]


@given(st.floats(allow_nan=False))
def test_numbers_keep_their_value(number: float) -> None:
    for found in answers(serialize(ValueKind.NUMBER, number)):
        assert float(found) == number and math.copysign(1, float(found)) == math.copysign(1, number)


@given(st.integers())
def test_whole_numbers_keep_their_value(number: int) -> None:
    assert tuple(int(found) for found in answers(serialize(ValueKind.INTEGER, number))) == (number, number)


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("tilt_series_by_dose", {}, "maximum: no value was given (expected largest total dose in e⁻/Å²"),
        ("tilt_series_by_dose", {"maximum": None}, "no value was given"),
        ("tilt_series_by_dose", {"maximun": 3}, "Did you mean 'maximum'?"),
        ("tilt_series_by_dose", {"maximum": "3"}, "found '3', expected a number"),
        ("tilt_series_by_dose", {"maximum": True}, "expected a number"),
        ("tilt_series_by_dose", {"maximum": math.nan}, "expected a number"),
        ("tilt_series_by_dose", {"maximum": [3]}, "expected a number"),
        ("tomograms_by_point_count", {"object": "a", "minimum": 1.5}, "expected a whole number"),
        ("tomograms_by_point_count", {"object": 5, "minimum": 1}, "expected text"),
        ("tomograms_by_point_count", {"object": ["a", None], "minimum": 1}, "expected text"),
        ("annotations_by_text", {"word": []}, "no value was given"),
        ("annotations_by_text", {"word": "a\x00b"}, "expected text without U+0000"),
        ("annotations_by_text", {"word": "\ud800"}, "expected text without U+0000"),
        ("tomogram_lineage", {"tomogram": "TS_01"}, "expected an absolute IRI"),
        ("tomogram_lineage", {"tomogram": "urn:a> } #"}, "expected an absolute IRI"),
        ("tomogram_lineage", {"tomogram": "urn:a\\u003e"}, "expected an absolute IRI"),
        ("tomogram_lineage", {"tomogram": "urn:a\ud800"}, "expected an absolute IRI"),
        ("tilt_schemes", {"maximum": 3}, "It has no parameters."),
        ("tomograms_by_voxel_size", {"minimum": 20, "maximum": 10}, "found 20 to 10"),
        ("tomograms_by_point_count", {"smallest_voxels": 13.7, "largest_voxels": 1.35}, "at most 1.35"),
    ],
)
def test_wrong_values_are_refused(name: str, values: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError) as raised:
        queries.run(MEMORY, name, values)
    assert message in str(raised.value)
    assert raised.value.query == name


@pytest.mark.parametrize(
    ("name", "texts", "values"),
    [
        (
            "tomograms_by_voxel_size",
            [("minimum", "1e1"), ("maximum", "inf")],
            {"minimum": 10.0, "maximum": math.inf},
        ),
        ("annotations_by_text", [("word", "5"), ("word", "a=b")], {"word": ["5", "a=b"]}),
        (
            "tomograms_by_point_count",
            [("object", "GO:1"), ("minimum", "3")],
            {"object": ["GO:1"], "minimum": 3},
        ),
    ],
)
def test_values_from_a_command_line(name: str, texts: list[tuple[str, str]], values: dict[str, Any]) -> None:
    assert load(name).values(texts) == values
    load(name).bind(**load(name).values(texts))


@pytest.mark.parametrize(
    ("name", "texts", "message"),
    [
        ("tilt_series_by_dose", [("maximum", "much")], "found 'much', expected a number"),
        ("tilt_series_by_dose", [("maximum", "1"), ("maximum", "2")], "takes one value"),
        ("tilt_series_by_dose", [("max", "1")], "Did you mean 'maximum'?"),
        ("tomograms_by_point_count", [("minimum", "1.5")], "expected a whole number"),
    ],
)
def test_wrong_texts_from_a_command_line(name: str, texts: list[tuple[str, str]], message: str) -> None:
    with pytest.raises(ParameterError) as raised:
        load(name).values(texts)
    assert message in str(raised.value)
