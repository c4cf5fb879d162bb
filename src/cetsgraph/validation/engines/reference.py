"""The engine pySHACL, written in Python: the reference, which serves where `shacl` cannot be loaded."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from cetsgraph.findings import Severity
from cetsgraph.namespaces import SH
from cetsgraph.validation.engines.engine import Engine, Result, Results, refused

if TYPE_CHECKING:
    import rdflib

__all__ = ["ReferenceEngine", "results_of"]


class ReferenceEngine(Engine):
    """Shapes as pySHACL takes them. It has no limit of its own: all results are made at once.

    Raises:
        ImportError: pySHACL is not installed.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        import pyshacl
        import rdflib

        self.name = f"pyshacl {version('pyshacl')}"
        self._module = pyshacl
        self._shapes = rdflib.Graph()
        for text in texts:
            self._shapes.parse(data=text, format="turtle")

    def validate(self, ntriples: str | Path) -> Results:
        """All results."""
        import rdflib
        from pyparsing import ParseException
        from pyshacl.errors import ReportableRuntimeError

        data = rdflib.Graph()
        if isinstance(ntriples, Path):
            data.parse(ntriples, format="nt")
        else:
            data.parse(data=ntriples, format="nt")
        try:
            _, report, _ = self._module.validate(data, shacl_graph=self._shapes)
        except (ReportableRuntimeError, ParseException, ValueError, RecursionError) as error:
            raise refused(self.name, error) from error
        if not isinstance(report, rdflib.Graph):
            raise refused(self.name, report)
        return Results(results_of(report, self._shapes))


def results_of(report: "rdflib.Graph", shapes: "rdflib.Graph") -> Iterator[Result]:
    """The results in a validation report (SHACL, section 3.6) about named shapes, or the nearest ones."""
    from rdflib import RDF, URIRef

    def stated(result: Any, name: str) -> Any:
        return report.value(result, URIRef(SH + name))

    for result in report.subjects(RDF.type, URIRef(f"{SH}ValidationResult")):
        path = stated(result, "resultPath")
        source = stated(result, "sourceShape")
        says = shapes.value(source, URIRef(f"{SH}message")) or shapes.value(
            stated(result, "sourceConstraint"), URIRef(f"{SH}message")
        )
        yield Result(
            focus=str(stated(result, "focusNode")),
            shape=str(_named(source, shapes)),
            component=str(stated(result, "sourceConstraintComponent")),
            severity=Severity.from_iri(str(stated(result, "resultSeverity"))),
            path=str(path) if isinstance(path, URIRef) else None,
            value=_term(stated(result, "value")),
            message=None if says is None else str(stated(result, "resultMessage") or says),
            constraint=str(source),
        )


def _named(shape: Any, shapes: "rdflib.Graph") -> Any:
    """The shape, or the nearest one around it that has a name."""
    from rdflib import BNode, URIRef

    seen = set()
    while isinstance(shape, BNode) and shape not in seen:
        seen.add(shape)
        holder = shapes.value(predicate=URIRef(f"{SH}property"), object=shape)
        if holder is None:
            break
        shape = holder
    return shape


def _term(value: Any) -> ox.NamedNode | ox.Literal | None:
    from rdflib import Literal, URIRef

    if isinstance(value, URIRef):
        return ox.NamedNode(str(value))
    if not isinstance(value, Literal):
        return None
    if value.language:
        return ox.Literal(str(value), language=value.language)
    return (
        ox.Literal(str(value), datatype=ox.NamedNode(str(value.datatype)))
        if value.datatype
        else ox.Literal(str(value))
    )
