"""RDF terms as Python values, and texts of bounded length."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cetsgraph.namespaces import PREFIXES, XSD, compact
from cetsgraph.rdf import Term, python_value
from cetsgraph.texts import shortened, shortened_inside


def literal(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (None, None),
        (ox.NamedNode("https://example.org/a"), "https://example.org/a"),
        (ox.BlankNode("b"), "_:b"),
        (ox.Literal("5"), "5"),
        (ox.Literal("Schicht", language="de"), "Schicht"),
        (literal("5", "integer"), 5),
        (literal("-7", "long"), -7),
        (literal("1.37e1", "double"), 13.7),
        (literal("13.70", "decimal"), 13.7),
        (literal("INF", "double"), float("inf")),
        (literal("true", "boolean"), True),
        (literal("1", "boolean"), True),
        (literal("0", "boolean"), False),
        (literal("2026-11-23", "date"), "2026-11-23"),
    ],
)
def test_a_term_is_the_value_of_its_datatype(term: Term | None, value: object) -> None:
    found = python_value(term)
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "datatype"), [("wide", "integer"), ("1.5", "integer"), ("wide", "double"), ("yes", "boolean")]
)
def test_a_literal_that_is_not_of_its_datatype_is_an_error(text: str, datatype: str) -> None:
    with pytest.raises(ValueError, match=text):
        python_value(literal(text, datatype))


@given(text=st.text(), limit=st.integers(4, 40))
def test_a_shortened_text_keeps_its_ends_and_its_limit(text: str, limit: int) -> None:
    for short in (shortened(text, limit), shortened_inside(text, limit)):
        assert len(short) == min(len(text), limit)
        assert short == text or "…" in short
        start, _, end = short.partition("…")
        assert short == text or (text.startswith(start) and text.endswith(end.rpartition("…")[2]))


@pytest.mark.parametrize("name", PREFIXES)
def test_an_iri_is_compact_in_every_namespace(name: str) -> None:
    assert compact(f"{PREFIXES[name]}local") == f"{name}:local"
