"""Two SHACL engines behind one interface: `shacl` (Rust) by default, pySHACL as the reference.

Both run the same shapes on the same triples and give the same results. Messages are not taken from them:
their default texts differ, so findings are worded here (`judging`).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from cetsgraph.errors import CetsGraphError, did_you_mean, nearest
from cetsgraph.findings import Severity
from cetsgraph.namespaces import SH

if TYPE_CHECKING:
    import rdflib

__all__ = ["ENGINES", "Engine", "Result", "load_engine"]

ENGINES = ("shacl", "pyshacl")

_INSTALL = "Install it with `pip install 'cetsgraph[validate]'`."


@dataclass(frozen=True, slots=True)
class Result:
    """One result of a SHACL validation.

    `path` is the property where the shape's path is a single one. `component` is the IRI of the kind of
    constraint.
    """

    focus: str
    shape: str
    component: str
    severity: Severity
    path: str | None = None
    value: ox.NamedNode | ox.Literal | None = None
    message: str | None = None
    """What the shape itself says, in `sh:message`."""


class Engine(ABC):
    """Shapes that are ready to judge graphs."""

    name: str
    """Name and version."""
    note: str | None = None
    """What a user should know, such as that this is not the engine asked for."""

    @abstractmethod
    def validate(self, ntriples: str) -> list[Result]:
        """All results for a graph in N-Triples, in no order."""


def load_engine(texts: Sequence[str], name: str | None = None) -> Engine:
    """Make the shapes, each text a part of them in Turtle, ready.

    Args:
        texts: the shapes graph.
        name: one of `ENGINES`. If none is named, pySHACL serves where `shacl` cannot be loaded.

    Raises:
        CetsGraphError: there is no such engine, it is not installed, or it refuses the shapes.
    """
    if name not in (None, *ENGINES):
        raise CetsGraphError(
            f"there is no SHACL engine {name!r}",
            expected=" or ".join(ENGINES),
            hint=did_you_mean(nearest(str(name), ENGINES)),
        )
    if name == "pyshacl":
        return _PySHACL(texts)
    try:
        return _RustSHACL(texts)
    except ImportError as error:
        if name is not None:
            raise CetsGraphError(
                "the SHACL engine shacl cannot be loaded", found=error, hint=_INSTALL
            ) from error
        engine = _PySHACL(texts)
        engine.note = f"The SHACL engine shacl cannot be loaded ({error}); pySHACL serves, more slowly."
        return engine


class _RustSHACL(Engine):
    def __init__(self, texts: Sequence[str]) -> None:
        import shacl

        self.name = f"shacl {version('shacl')}"
        try:
            self._shapes = shacl.Shapes.from_text("\n".join(texts))
        except ValueError as error:
            raise CetsGraphError(
                "these are not shapes that the engine takes", where=self.name, found=error
            ) from error

    def validate(self, ntriples: str) -> list[Result]:
        report = self._shapes.validate_text(ntriples, format="ntriples")
        return [
            Result(
                focus=_plain(found.focus_node),
                shape=_plain(found.root_shape or found.source_shape or ""),
                component=found.component_iri,
                severity=Severity.from_iri(SH + found.severity),
                path=_single(found.path),
                value=None if found.value is None else _term(found.value, found.value_plain or ""),
                message=found.message,
            )
            for found in report.results
        ]


class _PySHACL(Engine):
    def __init__(self, texts: Sequence[str]) -> None:
        try:
            import pyshacl
            import rdflib
        except ImportError as error:
            raise CetsGraphError(
                "the SHACL engine pySHACL cannot be loaded", found=error, hint=_INSTALL
            ) from error
        self.name = f"pyshacl {version('pyshacl')}"
        self._validate = pyshacl.validate
        self._shapes = rdflib.Graph()
        for text in texts:
            self._shapes.parse(data=text, format="turtle")

    def validate(self, ntriples: str) -> list[Result]:
        import rdflib
        from pyshacl.errors import ReportableRuntimeError, ShapeLoadError

        data = rdflib.Graph().parse(data=ntriples, format="nt")
        try:
            _, report, _ = self._validate(data, shacl_graph=self._shapes)
        except (ShapeLoadError, ReportableRuntimeError) as error:
            raise CetsGraphError(
                "these are not shapes that the engine takes", where=self.name, found=error
            ) from error
        assert isinstance(report, rdflib.Graph)
        return list(self._results(report))

    def _results(self, report: "rdflib.Graph") -> Iterator[Result]:
        from rdflib import RDF, URIRef

        def said(result: Any, name: str) -> Any:
            return report.value(result, URIRef(SH + name))

        for result in report.subjects(RDF.type, URIRef(f"{SH}ValidationResult")):
            path, severity = said(result, "resultPath"), str(said(result, "resultSeverity"))
            yield Result(
                focus=str(said(result, "focusNode")),
                shape=str(self._named(said(result, "sourceShape"))),
                component=str(said(result, "sourceConstraintComponent")),
                severity=Severity.from_iri(severity),
                path=str(path) if isinstance(path, URIRef) else None,
                value=_from_rdflib(said(result, "value")),
            )

    def _named(self, shape: Any) -> Any:
        """The shape, or the nearest one around it that has a name."""
        from rdflib import BNode, URIRef

        seen = set()
        while isinstance(shape, BNode) and shape not in seen:
            seen.add(shape)
            holder = self._shapes.value(predicate=URIRef(f"{SH}property"), object=shape)
            if holder is None:
                break
            shape = holder
        return shape


def _plain(node: str) -> str:
    return node[1:-1] if node.startswith("<") else node


def _single(path: str | None) -> str | None:
    """The property of a path that is just one."""
    if path is None or path[:1] != "<" or path[-1:] != ">":
        return None
    return path[1:-1]


def _term(text: str, plain: str) -> ox.NamedNode | ox.Literal:
    if text.startswith("<"):
        return ox.NamedNode(plain)
    end = text[text.rfind('"') + 1 :]
    if end.startswith("^^<"):
        return ox.Literal(plain, datatype=ox.NamedNode(end[3:-1]))
    return ox.Literal(plain, language=end[1:]) if end.startswith("@") else ox.Literal(plain)


def _from_rdflib(value: Any) -> ox.NamedNode | ox.Literal | None:
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
