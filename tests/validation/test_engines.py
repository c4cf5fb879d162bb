"""The shapes have the same results in every engine: the two of the package, and two that it does not use.

`shacl` (Rust), which serves unless another is named, judges every document, and pyshacl-turbo follows it on
all of them. pySHACL and Shifty, a hundred times slower, follow on a sample: a document for each rule that
shapes speak for.
"""

from functools import cache
from pathlib import Path

import pyshacl_turbo
import pytest
import shifty
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from cetsgraph.documents import read_all
from cetsgraph.errors import DocumentError
from cetsgraph.graph import triples
from cetsgraph.graph.placement import Placement
from cetsgraph.validation import PROFILES, rule_book
from cetsgraph.validation.engines import Engine, load_engine

ROOT = Path(__file__).resolve().parents[2]
INVALID = ROOT / "tests/data/invalid"
DOCUMENTS = sorted(
    path
    for folder in ("examples", "tests/data/invalid", "tests/data/valid")
    for path in (ROOT / folder).rglob("*.*")
    if ".expected." not in path.name and path.name != "README.md"
)
BOOK = rule_book(PROFILES[-1])
OF_SHAPES = sorted(rule for rule in BOOK.rules if "shapes" in BOOK.rules[rule].said_by)
SH = Namespace("http://www.w3.org/ns/shacl#")

Result = tuple[str, str, str, str, str | None, str | None]
"""Focus node, shape, kind of constraint, severity, path, and value."""


@cache
def engine(name: str) -> Engine:
    return load_engine(BOOK.texts, name)


@cache
def compiled() -> pyshacl_turbo.CompiledShapes:
    return pyshacl_turbo.compile_shapes("\n".join(BOOK.texts))


@cache
def shapes() -> Graph:
    graph = Graph()
    for text in BOOK.texts:
        graph.parse(data=text, format="turtle")
    return graph


def graphs(path: Path) -> list[str]:
    """The documents of a file in N-Triples; none where there is nothing to validate."""
    try:
        return [triples(Placement(document.dataset, numbered=True)) for document in read_all(path)]
    except DocumentError:
        return []


def of(name: str, graph: str) -> list[Result]:
    """Those of one of the package's engines."""
    return sorted(
        (
            one.focus,
            one.shape,
            one.component,
            str(one.severity),
            one.path,
            None if one.value is None else number(one.value.value),
        )
        for one in engine(name).validate(graph).found
    )


def reported(report: Graph) -> list[Result]:
    """Those of a validation report in RDF."""

    def said(result: object, name: str) -> URIRef | Literal | None:
        return report.value(result, SH[name])  # type: ignore[arg-type, return-value]

    return sorted(
        (
            str(said(result, "focusNode")),
            str(said(result, "sourceShape")),
            str(said(result, "sourceConstraintComponent")),
            str(said(result, "resultSeverity")).rpartition("#")[2].lower(),
            str(path) if isinstance(path := said(result, "resultPath"), URIRef) else None,
            None if (value := said(result, "value")) is None else number(str(value)),
        )
        for result in report.subjects(RDF.type, SH.ValidationResult)
    )


def with_turbo(graph: str) -> list[Result]:
    return reported(compiled().validate(graph, data_graph_format="nt")[1])


def with_shifty(graph: str) -> list[Result]:
    return reported(shifty.validate(Graph().parse(data=graph, format="nt"), shapes())[1])


def number(text: str) -> str:
    """Numbers by value: engines write doubles differently."""
    try:
        return repr(float(text))
    except ValueError:
        return text


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_another_engine_gives_the_same_results(path: Path) -> None:
    for graph in graphs(path):
        assert with_turbo(graph) == of("shacl", graph)


def test_another_engine_gives_the_same_results_on_real_documents(shared_data: Path) -> None:
    found = [graph for path in sorted(shared_data.glob("*/*.json")) for graph in graphs(path)]
    assert len(found) > 8
    for graph in found:
        assert with_turbo(graph) == of("shacl", graph)


@pytest.mark.parametrize("rule", OF_SHAPES)
def test_every_engine_gives_the_same_results_on_a_document_of_each_rule(rule: str) -> None:
    path = min(path for path in (INVALID / rule).iterdir() if ".expected." not in path.name)
    for graph in graphs(path):
        expected = of("shacl", graph)
        assert of("pyshacl", graph) == expected
        assert set(with_shifty(graph)) == set(expected)
