"""How rows are shown: one line for a terminal, a table for a notebook."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cetsgraph import queries
from cetsgraph.queries import Column, Rows, ValueKind
from cetsgraph.queries.rows import run_sparql
from cetsgraph.store import LocalStore

DOSE = Column("dose", ValueKind.NUMBER, "e⁻/Å²", "total dose")
NAME = Column("name", ValueKind.TEXT, None, "name", optional=True)


class Page(HTMLParser):
    """The tags and texts of a piece of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert {name for name, _ in attrs} <= {"style"}
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@given(
    count=st.integers(0, 3),
    columns=st.lists(
        st.builds(
            Column,
            name=st.from_regex(r"[a-z]\w{0,40}", fullmatch=True),
            kind=st.just(ValueKind.TEXT),
            unit=st.none() | st.just("the unit of the annotation"),
            meaning=st.just("m"),
        ),
        max_size=40,
    ),
)
def test_rows_are_one_short_line(count: int, columns: list[Column]) -> None:
    line = repr(Rows([{}] * count, tuple(columns)))
    assert len(line) <= 300 and "\n" not in line
    assert line.startswith(f"<Rows: {count} × (") and line.endswith(")>")


def test_the_line_has_columns_and_units(everything: LocalStore) -> None:
    rows = queries.tilt_series_by_dose(everything, maximum=1e9)
    assert repr(rows) == f"<Rows: {len(list(rows))} × (dataset, tilt_series, name, path, dose in e⁻/Å²)>"


@pytest.mark.parametrize(
    ("count", "shown", "words"),
    [
        (0, 0, "0 rows"),
        (1, 1, "1 row"),
        (20, 20, "20 rows"),
        (1200, 20, "1,200 rows, the first 20 shown"),
    ],
)
def test_a_notebook_has_a_bounded_table_with_units(count: int, shown: int, words: str) -> None:
    page = Page(Rows([{"dose": 1.5, "name": None}] * count, (DOSE, NAME))._repr_html_())
    assert page.texts == ["dose (e⁻/Å²)", "name", *["1.5"] * shown, words]
    assert page.tags.count("td") == 2 * shown


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a & b < c"])
def test_cells_are_text_for_a_notebook(text: str) -> None:
    page = Page(Rows([{"name": text}], (NAME,))._repr_html_())
    assert page.texts == ["name", text, "1 row"]
    assert set(page.tags) == {"table", "thead", "tbody", "tr", "th", "td", "p"}


def test_long_cells_and_arrays_are_short_in_a_notebook() -> None:
    array = Column("matrix", ValueKind.ARRAY, None, "matrix")
    row = {"name": "x" * 1000, "matrix": [[float(i), 0.5] for i in range(100_000)]}
    html = Rows([row], (NAME, array))._repr_html_()
    assert len(html) < 1000 and "x" * 79 + "…" in html and "[[0.0, 0.5]" in html


def test_typed_rows_are_shown_as_dictionaries_are(everything: LocalStore) -> None:
    typed, untyped = queries.tilt_schemes(everything), queries.run(everything, "tilt_schemes")
    assert repr(typed) == repr(untyped) and typed._repr_html_() == untyped._repr_html_()


@pytest.mark.parametrize(
    ("sparql", "columns", "rows"),
    [
        ("ASK { FILTER(1 < 2) }", ["answer"], [{"answer": True}]),
        ("SELECT (1.5 AS ?b) ?a { }", ["b", "a"], [{"b": 1.5, "a": None}]),
        (
            "CONSTRUCT { <urn:s> <urn:p> true } WHERE { }",
            ["subject", "predicate", "object"],
            [{"subject": "urn:s", "predicate": "urn:p", "object": True}],
        ),
    ],
)
def test_any_form_of_query_gives_rows(sparql: str, columns: list[str], rows: list[dict[str, object]]) -> None:
    found, given = run_sparql(LocalStore.memory(), sparql)
    assert (list(found), list(given)) == (columns, rows)
