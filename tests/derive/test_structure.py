"""The structural shapes accept what conforms and find every kind of fault, with both SHACL engines."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
import shacl

from cetsgraph.vocabulary import vocabulary

ROOT = Path(__file__).resolve().parents[2]
STRUCTURE = ROOT / "shapes/structure.ttl"
SH = "http://www.w3.org/ns/shacl#"
SHAPE = "https://w3id.org/cetsgraph/shapes#"
FOCUS = "https://example.org/hiv/"

Finding = tuple[str, str, str]
Engine = Callable[[str], set[Finding]]


@pytest.fixture(scope="module")
def rust() -> Engine:
    shapes = shacl.Shapes.from_file(str(STRUCTURE))

    def validate(turtle: str) -> set[Finding]:
        report = ox.Dataset(
            ox.parse(shapes.validate_text(turtle).serialize("ntriples"), format=ox.RdfFormat.N_TRIPLES)
        )
        return findings({(q.subject.value, q.predicate.value, q.object.value) for q in report})

    return validate


@pytest.fixture(scope="module")
def python() -> Engine:
    shapes = rdflib.Graph().parse(STRUCTURE)

    def validate(turtle: str) -> set[Finding]:
        data = rdflib.Graph().parse(data=turtle, format="turtle")
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
        assert isinstance(report, rdflib.Graph)
        return findings({(str(s), str(p), str(o)) for s, p, o in report})

    return validate


def findings(report: set[tuple[str, str, str]]) -> set[Finding]:
    """Object, shape and kind of constraint of every result."""
    results = {s for s, p, o in report if o == f"{SH}ValidationResult"}
    said = {(s, p): o for s, p, o in report if s in results}
    return {
        (
            said[result, f"{SH}focusNode"].removeprefix(FOCUS),
            said[result, f"{SH}sourceShape"].removeprefix(SHAPE),
            said[result, f"{SH}sourceConstraintComponent"]
            .removeprefix(SH)
            .removesuffix("ConstraintComponent"),
        )
        for result in results
    }


def test_every_class_that_objects_can_be_of_is_a_target_of_its_ancestors_shapes() -> None:
    graph = ox.Dataset(ox.parse(path=str(STRUCTURE)))
    targets = {
        (quad.subject.value.removeprefix(SHAPE), quad.object.value.partition("#")[2])
        for quad in graph
        if quad.predicate.value == f"{SH}targetClass"
    }
    for term in vocabulary().concrete():
        for ancestor in (term.name, *term.ancestors):
            if vocabulary().own(ancestor):
                assert (ancestor, term.name) in targets
        assert (f"{term.name}-parent", term.name) in targets


def test_shapes_that_can_be_violated_have_names() -> None:
    graph = ox.Dataset(ox.parse(path=str(STRUCTURE)))
    shapes = [quad.subject for quad in graph if quad.object in (named("PropertyShape"), named("NodeShape"))]
    assert len(shapes) > 300 and all(isinstance(shape, ox.NamedNode) for shape in shapes)


def named(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)


def test_a_good_graph_conforms(small_graph: str, rust: Engine, python: Engine) -> None:
    assert rust(small_graph) == set()
    assert python(small_graph) == set()


def faults() -> dict[str, tuple[str, str, set[Finding]]]:
    """The cases of faults.txt by title: text taken out, text put in, findings."""
    cases = (ROOT / "tests/derive/faults.txt").read_text(encoding="utf-8").split("\n\n")[1:]
    return dict(map(fault, cases))


def fault(case: str) -> tuple[str, tuple[str, str, set[Finding]]]:
    title, *lines = case.strip().splitlines()
    removed, added, found = ([line[2:] for line in lines if line[0] == mark] for mark in "-+ ")
    return title, ("\n".join(removed), "\n".join(added), {(*line.split(),) for line in found})


@pytest.mark.parametrize(("removed", "added", "expected"), faults().values(), ids=faults())
def test_both_engines_find_the_fault(
    small_graph: str, rust: Engine, python: Engine, removed: str, added: str, expected: set[Finding]
) -> None:
    assert small_graph.count(removed) == 1
    faulty = f"@base <{FOCUS}> ." + small_graph.replace(removed, added)
    assert rust(faulty) == expected
    assert python(faulty) == expected


def test_inferred_superclasses_change_nothing(small_graph: str, python: Engine) -> None:
    ontology = rdflib.Graph().parse(ROOT / "ontology/cets.ttl")
    subclasses = rdflib.Graph()
    for statement in ontology.triples((None, rdflib.RDFS.subClassOf, None)):
        subclasses.add(statement)
    assert python(small_graph + subclasses.serialize(format="nt")) == set()


def test_what_the_codec_writes_conforms(example_graphs: dict[str, str], rust: Engine) -> None:
    assert example_graphs
    assert [name for name, graph in example_graphs.items() if rust(graph)] == []
