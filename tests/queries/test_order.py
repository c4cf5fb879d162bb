"""Rows are sorted beside the engine as the engine sorts them, of any terms."""

from collections.abc import Iterable, Iterator, Sequence

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cetsgraph.queries.order import Terms, in_order

ENGINE = ox.Store()
COLUMNS = ("a", "b", "n")

TEXTS = st.text(st.characters(categories=["L", "N", "S"]), max_size=4).map(ox.Literal)
IRIS = st.text("aZé𝒳\uffee/~", max_size=4).map(lambda end: ox.NamedNode(f"urn:{end}"))
NUMBERS = st.one_of(st.integers(-9, 9), st.floats(width=16, allow_nan=False)).map(ox.Literal)
OTHERS = st.sampled_from(
    [
        ox.Literal(True),
        ox.Literal(float("nan")),
        ox.Literal("tomogramme", language="fr"),
        ox.Literal("2026-01-01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")),
        ox.Literal("1.5", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")),
    ]
)
ROWS = st.one_of(
    st.lists(st.tuples(st.one_of(st.none(), IRIS, TEXTS), st.one_of(st.none(), NUMBERS))),
    st.lists(st.tuples(*[st.one_of(st.none(), IRIS, TEXTS, NUMBERS, OTHERS)] * 2)),
)
KEYS = ["?a ?b ?n", "DESC(?a) ?b ?n", "asc( ?b )DESC(?a)?n", "STR(?a) DESC(?n)", "?c ?n", "(?a + ?b) ?n"]


class Asked:
    """The engine, which notes what it is asked."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, text: str, columns: Sequence[str]) -> Iterator[Terms]:
        self.texts.append(text)
        return (tuple(row[name] for name in columns) for row in ENGINE.query(text))  # type: ignore[union-attr]


def _select(rows: Iterable[Iterable[object]], keys: str, columns: str = "?a ?b ?n") -> str:
    values = " ".join(f"({_term(a)} {_term(b)} {n})" for n, (a, b) in enumerate(rows))
    return f"SELECT {columns} {{ VALUES (?a ?b ?n) {{ {values} }} BIND(-?n AS ?c) }} ORDER BY {keys}\n"


def _term(term: object) -> str:
    return "UNDEF" if term is None else str(term)


@given(rows=ROWS, keys=st.sampled_from(KEYS))
def test_the_order_is_that_of_the_engine(rows: list[tuple[object, object]], keys: str) -> None:
    text = _select(rows, keys)
    assert [*in_order(Asked(), text, COLUMNS)] == [*Asked()(text, COLUMNS)]


@given(rows=ROWS, keys=st.sampled_from(["?a ?c", "?c", "DESC(?n) ?b", "?n"]))
def test_rows_are_sorted_by_what_is_no_column(rows: list[tuple[object, object]], keys: str) -> None:
    text = _select(rows, keys, "DISTINCT ?b ?a")
    asked = Asked()
    assert [*in_order(asked, text, ("b", "a"))] == [*Asked()(text, ("b", "a"))]
    assert " ORDER BY " not in asked.texts[0]


@pytest.mark.parametrize(("keys", "of_columns"), [*zip(KEYS, [True] * 4 + [False] * 2, strict=True)])
def test_the_engine_sorts_by_what_is_no_column(keys: str, of_columns: bool) -> None:
    asked = Asked()
    text = _select([(ox.Literal("x"), ox.Literal(1)), (None, ox.Literal(2.5))], keys)
    in_order(asked, text, COLUMNS)
    assert asked.texts == [text.partition(" ORDER")[0] if of_columns else text]
