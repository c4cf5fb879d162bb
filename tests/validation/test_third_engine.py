"""The shapes run unchanged in an engine that the package does not use, with the same results."""

from pathlib import Path

import pytest
import shifty
from rdflib import RDF, Graph, Namespace

from cetsgraph.documents import read_all
from cetsgraph.errors import DocumentError
from cetsgraph.graph import triples
from cetsgraph.graph.placement import Placement
from cetsgraph.validation import PROFILES, rule_book
from cetsgraph.validation.engines import load_engine

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([
    *(ROOT / "examples").glob("*.json"),
    *(path for path in (ROOT / "tests/data").glob("*alid/**/*.json") if ".expected." not in path.name),
])  # fmt: skip
SH = Namespace("http://www.w3.org/ns/shacl#")
BOOK = rule_book(PROFILES[-1])

Result = tuple[str, str, str | None, str]


@pytest.fixture(scope="module")
def shapes() -> Graph:
    graph = Graph()
    for text in BOOK.texts:
        graph.parse(data=text, format="turtle")
    return graph


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_another_engine_gives_the_same_results(path: Path, shapes: Graph) -> None:
    try:
        (document,) = read_all(path)
    except DocumentError:
        return  # nothing to validate
    graph = triples(Placement(document.dataset, numbered=True))
    _, report, _ = shifty.validate(Graph().parse(data=graph, format="nt"), shapes)
    assert results(report) == {
        (one.focus, one.shape, None if one.value is None else number(one.value.value), str(one.severity))
        for one in load_engine(BOOK.texts, "shacl").validate(graph)
    }


def results(report: Graph) -> set[Result]:
    found = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        value = report.value(result, SH.value)
        severity = str(report.value(result, SH.resultSeverity)).rpartition("#")[2].lower()
        found.add((
            str(report.value(result, SH.focusNode)),
            str(report.value(result, SH.sourceShape)),
            None if value is None else number(str(value)),
            severity,
        ))  # fmt: skip
    return found


def number(text: str) -> str:
    """Numbers by value: engines write doubles differently."""
    try:
        return repr(float(text))
    except ValueError:
        return text
