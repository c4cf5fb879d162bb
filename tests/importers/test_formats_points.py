"""Parsers of points: what was written is read, and nothing that stands in a file makes one fail."""

import json
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from cetsgraph.importers.formats import delimited, imod_model, json_lines
from cetsgraph.importers.formats.dynamo import numbered_volumes, volume_list

numbers = st.floats(-1e9, 1e9, allow_nan=False).map(repr)
rows = st.lists(st.lists(numbers, min_size=3, max_size=3), min_size=1, max_size=6)
names = st.lists(st.sampled_from(["x", "y", "z", "Score [%]", "class"]), min_size=3, max_size=3, unique=True)


@given(rows, st.none() | names, st.sampled_from([",", ";", "|", "\t", " ", "  "]), st.booleans())
def test_a_table_is_read_whatever_divides_it(
    given_rows: list[list[str]], head: list[str] | None, between: str, spaced: bool
) -> None:
    if between.isspace() and between != "\t":
        head = None if head is None else [name.replace(" ", "") for name in head]
    written = [*([head] if head else []), *given_rows]
    lines = [between.join(row) for row in written]
    numbered = [(2 * place, line) for place, line in enumerate(lines)] if spaced else [*enumerate(lines)]
    found = delimited.parse(numbered)
    assert (found.columns, found.rows, found.odds) == (head, given_rows, [])
    assert found.lines == [number for number, _ in numbered[len(lines) - len(given_rows) :]]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
objects = st.lists(st.dictionaries(st.text(max_size=3), values, max_size=4), max_size=5)


@given(objects)
def test_each_object_of_json_is_a_row(given_objects: list[dict]) -> None:
    lines = [(number, json.dumps(one)) for number, one in enumerate(given_objects, start=1)]
    found = json_lines.parse(lines)
    assert (found.lines, found.odds) == ([number for number, _ in lines], [])
    assert all(len(column) == len(lines) for column in found.columns.values())


@given(st.lists(st.text(max_size=60), max_size=6))
def test_no_text_makes_a_parser_fail(lines: list[str]) -> None:
    given_lines = [*enumerate(lines, start=1)]
    for parse in (delimited.parse, json_lines.parse, numbered_volumes, volume_list):
        parse(given_lines)


@given(st.binary(max_size=400), st.sampled_from([b"OBJT", b"CONT", b"MESH", b"SIZE", b"SLAN", b"MINX", b""]))
def test_no_bytes_make_a_model_fail_but_those_that_are_cut(data: bytes, mark: bytes) -> None:
    head = imod_model.MARK + bytes(232)
    with suppress(imod_model.Cut):
        imod_model.parse(head + mark + data)
    assert imod_model.parse(head + b"IEOF").objects == []


def test_names_with_strokes_are_places_of_their_own() -> None:
    found = json_lines.parse([(1, '{"a/b": 1, "a": {"b": 2}, "": {"c": 3}, "c": 4}')])
    columns = {name: [*column] for name, column in found.columns.items()}
    assert columns == {"a~1b": ["1"], "a/b": ["2"], "/c": ["3"], "c": ["4"]}
