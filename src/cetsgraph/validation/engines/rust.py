"""The engine `shacl`, written in Rust: the one that judges by default."""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from cetsgraph.findings import Severity
from cetsgraph.namespaces import SH
from cetsgraph.validation.engines.engine import Engine, Result, Results, refused

if TYPE_CHECKING:
    import shacl

__all__ = ["RustEngine"]

_MOST = 20_000
"""Results of one run: each costs the engine about 8 kB and 50 µs."""


class RustEngine(Engine):
    """Shapes compiled by `shacl`.

    A shape that nearly every object breaks shall neither fill the memory nor hide what other shapes find.
    So a run ends at `most` results; the shapes that filled it keep what was found, and the others run again.

    Raises:
        ImportError: `shacl` is not installed, or not for this system.
        CetsGraphError: it does not take the shapes.
    """

    def __init__(self, texts: Sequence[str], most: int = _MOST) -> None:
        import shacl

        self.name = f"shacl {version('shacl')}"
        self._module = shacl
        self._text = "\n".join(texts)
        self._most = most
        self._shapes = self._compiled(())

    def validate(self, ntriples: str | Path) -> Results:
        """All results; of shapes with very many, the first ones."""
        shapes, done = self._shapes, set[str]()
        found: list[Iterator[Result]] = []
        while True:
            report = self._run(shapes, ntriples)
            filling = self._filling(report)
            done |= filling
            found.append(_results(report, filling))
            if not filling:
                return Results(chain.from_iterable(found), frozenset(map(_plain, done)))
            shapes = self._compiled(done)

    def _filling(self, report: "shacl.Report") -> set[str]:
        """The named shapes that filled a run; none where the run came to its end."""
        if len(report) < self._most:
            return set()
        counts = Counter(result.root_shape for result in report.results if result.root_shape)
        enough = min(self._most // 20, max(counts.values(), default=0))
        return {shape for shape, count in counts.items() if count >= enough}

    def _compiled(self, without: Iterable[str]) -> "shacl.Shapes":
        lines = (f"{shape} <{SH}deactivated> true ." for shape in without)
        try:
            return self._module.Shapes.from_text("\n".join([self._text, *lines]))
        except ValueError as error:
            raise refused(self.name, error) from error

    def _run(self, shapes: "shacl.Shapes", ntriples: str | Path) -> "shacl.Report":
        try:
            if isinstance(ntriples, Path):
                return shapes.validate_file(str(ntriples), max_results=self._most)
            return shapes.validate_text(ntriples, format="ntriples", max_results=self._most)
        except ValueError as error:
            raise refused(self.name, error) from error


def _results(report: "shacl.Report", only: Container[str]) -> Iterator[Result]:
    """The results of some shapes, or of all if there are none to choose."""
    for found in report.results:
        if not only or found.root_shape in only:
            yield Result(
                focus=_plain(found.focus_node),
                shape=_plain(found.root_shape or found.source_shape or ""),
                component=found.component_iri,
                severity=Severity.from_iri(found.severity_iri),
                path=_single(found.path),
                value=None if found.value is None else _term(found.value, found.value_plain or ""),
                message=found.message,
                constraint=found.source_shape,
            )


def _plain(node: str) -> str:
    return node[1:-1] if node.startswith("<") else node


def _single(path: str | None) -> str | None:
    """The property of a path that is just one."""
    if path is None or path[:1] != "<" or path[-1:] != ">":
        return None
    return path[1:-1]


def _term(text: str, plain: str) -> ox.NamedNode | ox.Literal | None:
    """A value in N-Triples, a blank node by its name; None for a triple."""
    if text.startswith("<<"):
        return None
    if text.startswith("<"):
        return ox.NamedNode(plain)
    end = text[text.rfind('"') + 1 :]
    if end.startswith("^^<"):
        return ox.Literal(plain, datatype=ox.NamedNode(end[3:-1]))
    return ox.Literal(plain, language=end[1:]) if end.startswith("@") else ox.Literal(plain)
