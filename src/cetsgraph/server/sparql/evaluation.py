"""Queries and graphs as a query process makes them of a snapshot."""

from collections.abc import Sequence

import pyoxigraph as ox
from starlette.exceptions import HTTPException

from cetsgraph.graph.forms import PREFIXES
from cetsgraph.server.query_process import DATA, Output
from cetsgraph.server.sparql.negotiation import Types, not_acceptable
from cetsgraph.server.sparql.protocol import Graphs
from cetsgraph.store.answers import bounded_answer

__all__ = ["answer_query", "write_graph"]

_MARKS: dict[ox.QueryResultsFormat | None, bytes] = {
    ox.QueryResultsFormat.JSON: b"}",
    ox.QueryResultsFormat.XML: b">",
}
"""What each row of an answer has at least once; in the other forms, the end of a line."""


def answer_query(
    engine: ox.Store, output: Output, text: str, base: str, graphs: Graphs, types: Types, rows: int, most: int
) -> None:
    """Answer a query with so many rows and bytes at most; `base` is for its relative IRIs."""
    output.most = most
    found = bounded_answer(engine, text, rows, base, *graphs)
    media_type = types[isinstance(found, ox.QueryTriples)]
    if media_type is None:
        raise not_acceptable()
    output.begin(media_type)
    if isinstance(found, ox.QueryTriples):
        ox.serialize(found, output, format=ox.RdfFormat.from_media_type(media_type))  # type: ignore[arg-type]
        return
    rows_format = ox.QueryResultsFormat.from_media_type(media_type)
    output.mark = _MARKS.get(rows_format, b"\n")
    found.serialize(output, rows_format)  # type: ignore[arg-type]
    if output.marks >= rows and _has_more(engine, text, base, graphs, rows):
        output.cut(b'"cut":{"rows":%d}' % rows)


def write_graph(
    engine: ox.Store, output: Output, graphs: Sequence[str], media_type: str, most: int | None = None
) -> None:
    """A whole graph: the first of these that is there; all of them where none is named.

    Raises:
        HTTPException: there is no such graph.
    """
    output.most = most
    names = [ox.NamedNode(graph) for graph in graphs]
    found = [name for name in names if any(engine.quads_for_pattern(None, None, None, name))]
    if names and not found:
        raise HTTPException(404, f"There is no graph <{graphs[-1]}>.")
    output.begin(media_type)
    output.send(DATA)
    quads = engine.quads_for_pattern(None, None, None, found[0] if found else None)
    triples, rdf_format = (quad.triple for quad in quads), ox.RdfFormat.from_media_type(media_type)
    ox.serialize(triples, output, format=rdf_format, prefixes=PREFIXES)  # type: ignore[arg-type]


def _has_more(engine: ox.Store, text: str, base: str, graphs: Graphs, rows: int) -> bool:
    found = bounded_answer(engine, text, rows + 1, base, *graphs)
    return isinstance(found, ox.QuerySolutions) and sum(1 for _ in found) > rows
