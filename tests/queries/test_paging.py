"""Pages of rows fit together, and are asked for plainly."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cetsgraph import queries
from cetsgraph.errors import ParameterError
from cetsgraph.store import LocalStore


@pytest.mark.parametrize("name", queries.names())
def test_pages_together_are_the_whole_answer(everything: LocalStore, name: str) -> None:
    question = queries.load(name)
    whole = list(everything.select(question.text))
    size = len(whole) // 3 + 1
    pages = [
        row
        for offset in range(0, len(whole) + 1, size)
        for row in everything.select(
            queries.paged(question.text, {"limit": size, "offset": offset}, query=name)
        )
    ]
    columns = [column.name for column in question.columns]
    assert [[row[column] for column in columns] for row in pages] == [
        [row[column] for column in columns] for row in whole
    ]


@given(limit=st.none() | st.integers(0, 40), offset=st.none() | st.integers(0, 40))
@settings(max_examples=40, deadline=None)
def test_a_page_is_a_slice(everything: LocalStore, limit: int | None, offset: int | None) -> None:
    whole = queries.annotation_counts(everything)
    start = offset or 0
    end = None if limit is None else start + limit
    assert queries.annotation_counts(everything, limit=limit, offset=offset) == whole[start:end]


@pytest.mark.parametrize("name", ["limit", "offset"])
@pytest.mark.parametrize("number", [-1, 1.5, "1", True, "1 OFFSET 3"])
def test_a_page_has_whole_numbers(everything: LocalStore, name: str, number: object) -> None:
    with pytest.raises(ParameterError, match="0 or more") as raised:
        queries.tilt_schemes(everything, **{name: number})  # type: ignore[misc]
    assert raised.value.parameter == name


@pytest.mark.parametrize("end", ["LIMIT 3", "OFFSET 1", "LIMIT 3 # of the first", "VALUES ?s { 1 }"])
def test_a_query_that_is_paged_already_is_not_paged_again(end: str) -> None:
    text = f"SELECT * {{ ?s ?p ?o }} {end}"
    assert queries.paged(text, {}, query="own") == text
    with pytest.raises(ParameterError, match="LIMIT or OFFSET of its own"):
        queries.paged(text, {"limit": 1, "offset": 0}, query="own")


def test_a_comment_at_the_end_does_not_hide_the_page() -> None:
    text = queries.paged("SELECT * { ?s ?p ?o } # all", {"limit": 5}, query="own")
    assert text == "SELECT * { ?s ?p ?o } # all\nLIMIT 5"
