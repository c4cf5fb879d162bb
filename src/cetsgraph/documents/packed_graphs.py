"""The graphs of an RDF file, packed where they are large: as quads they take twenty times the memory."""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress

import pyoxigraph as ox

__all__ = ["PackedGraph", "packed_graphs", "parsed"]

_PIECE = 50_000  # quads
_CONTAINER = re.compile(rb'"@container"\s*:\s*(?:"@graph"|\[[^][]*"@graph")')
_LIST = re.compile(rb'"@(?:list|set)"\s*:')


class PackedGraph(Iterable[ox.Quad]):
    """The quads of a graph in their order, which can be read again and again.

    >>> quad = ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c"))
    >>> graph = PackedGraph([quad])
    >>> graph.pack()
    >>> list(graph) == [quad]
    True
    """

    def __init__(self, quads: Iterable[ox.Quad] = ()) -> None:
        self._packed: list[bytes] = []
        self._last = list(quads)

    def append(self, quad: ox.Quad) -> None:
        self._last.append(quad)

    def pack(self) -> None:
        """Keep the quads so far as packed text."""
        if self._last:
            text = ox.serialize(self._last, format=ox.RdfFormat.N_QUADS) or b""
            self._packed.append(zlib.compress(text, 1))
            self._last = []

    def __iter__(self) -> Iterator[ox.Quad]:
        for piece in self._packed:
            yield from parsed(zlib.decompress(piece), ox.RdfFormat.N_QUADS)
        yield from self._last


def packed_graphs(data: bytes, rdf_format: ox.RdfFormat) -> list[PackedGraph]:
    """The graphs of a file, in the order in which they begin.

    Raises:
        SyntaxError: it is not well-formed, or what the parser does not take.
    """
    if rdf_format == ox.RdfFormat.JSON_LD and _CONTAINER.search(data) and _LIST.search(data):
        raise SyntaxError("lists and sets beside terms whose container is @graph")  # they may end the process
    if rdf_format == ox.RdfFormat.JSON_LD and data.count(b'"@context"') <= 1:  # it takes two for one
        with suppress(SyntaxError, MemoryError):  # in another order it is in memory as a whole
            return _by_graph(ox.parse(data, format=ox.RdfFormat.STREAMING_JSON_LD))
    try:
        return _by_graph(ox.parse(data, format=rdf_format))
    except MemoryError:  # see `parsed`
        return _by_graph(_loaded(data, rdf_format))


def parsed(data: bytes, rdf_format: ox.RdfFormat) -> Iterable[ox.Quad]:
    """The quads of a text in its order; of one with a literal beyond the parser's 16 MiB, in any order."""
    try:
        return list(ox.parse(data, format=rdf_format))
    except MemoryError:  # the parser's buffer; the loader of a store has no such limit
        return _loaded(data, rdf_format)


def _loaded(data: bytes, rdf_format: ox.RdfFormat) -> Iterable[ox.Quad]:
    store = ox.Store()
    store.bulk_load(data, format=rdf_format)
    return store


def _by_graph(quads: Iterable[ox.Quad]) -> list[PackedGraph]:
    graphs: dict[str, PackedGraph] = defaultdict(PackedGraph)
    for number, quad in enumerate(quads, 1):
        graphs[str(quad.graph_name)].append(quad)
        if number % _PIECE == 0:
            for graph in graphs.values():
                graph.pack()
    return list(graphs.values())
