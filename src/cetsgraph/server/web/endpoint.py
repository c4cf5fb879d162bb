"""What the addresses for programs answer: queries, updates, graphs, and what the endpoint says of itself.

https://www.w3.org/TR/sparql11-protocol/, https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from dataclasses import dataclass, field
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from cetsgraph.errors import QueryError
from cetsgraph.federation import Federation
from cetsgraph.iris import is_iri
from cetsgraph.server.query_pool import QueryPool
from cetsgraph.server.query_process import Work
from cetsgraph.server.site.computation import Make, compute
from cetsgraph.server.site.description import Statistics, answer_about, asks_about, description_of
from cetsgraph.server.site.linked_data import iri_at
from cetsgraph.server.sparql import protocol
from cetsgraph.server.sparql.evaluation import answer_query, write_graph
from cetsgraph.server.sparql.negotiation import GRAPH_TYPES, types_of_answer
from cetsgraph.server.updates import Updates, change_graph, update
from cetsgraph.server.web.incoming import body_of, header, raw_path
from cetsgraph.server.web.responses import Streamed, answer_response, compressed, media_type_of
from cetsgraph.store.snapshots import Snapshot, Snapshots

__all__ = ["Endpoint"]

_ENCODED = 12  # bytes of a character in a form, at the most
_CHANGING = ("NOW", "RAND", "UUID", "BNODE")
"""Functions of SPARQL whose result may be another next time."""
_UNLIMITED = ("text/turtle", "application/n-triples", "text/plain")
"""Forms of a graph that are written as it is read, in however many pieces."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A store that answers requests."""

    snapshots: Snapshots
    pool: QueryPool
    updates: Updates | None = None
    """Makes changes, if they are taken."""
    base_url: str | None = None
    """Address that the server is reached by; of each request if not given."""
    federation: Federation | None = None
    """Other archives, which a page asks."""
    statistics: Statistics = field(default_factory=Statistics)

    @property
    def archive(self) -> str:
        """Name of the archive."""
        return self.snapshots.newest().settings.archive

    def address(self, request: Request) -> str:
        """Where the server is reached, without a slash at its end."""
        return (self.base_url or str(request.base_url)).rstrip("/")

    async def computed(
        self, request: Request, media_type: str, headers: dict[str, str], make: Make, *arguments: Any
    ) -> ASGIApp:
        """A response with what a function makes of the store and these arguments."""
        return await self.asked(request, headers, compute, media_type, make, arguments, short=True)

    async def asked(
        self, request: Request, headers: dict[str, str], work: Work, *arguments: Any, short: bool = False
    ) -> ASGIApp:
        """A response with what a function of a query process makes of a request.

        The function gets the engine, the output, the settings of the store, and these arguments. What is
        `short` takes no longer than a page.
        """
        snapshot = self.snapshots.newest()
        headers = _headers(request, snapshot) | headers
        ask = self.pool.page if short else self.pool.answer
        task = (work, snapshot.settings, *arguments)
        return answer_response(await ask(snapshot, *task, client=request.receive), headers)

    async def sparql(self, request: Request) -> ASGIApp:
        """A query or an update; without one, the service description."""
        if request.method != "POST":
            operation = protocol.operation_of(request.scope)
        else:
            media_type = protocol.posted_type(request.headers.get("content-type", ""))
            body = await body_of(request, self._most(request, media_type))
            operation = protocol.operation_of(request.scope, media_type, body)
        if operation is None:
            return await self.described(request)
        if operation.kind == "update":
            await self._writer(request).make(update, operation)
            return Response(status_code=204)
        snapshot, limits = self.snapshots.newest(), self.pool.limits
        headers = _headers(request, snapshot) | {
            "Vary": "Accept, Accept-Encoding",
            "X-SPARQL-MaxRows": str(limits.rows),
            "X-SPARQL-MaxBytes": str(limits.bytes),
        }
        if len(operation.text) > limits.query:
            found = f"{len(operation.text)} characters"
            raise QueryError("the query is too long", found=found, expected=f"at most {limits.query}")
        if any(map(operation.text.upper().__contains__, _CHANGING)):
            headers["Cache-Control"] = "no-store"
        types = types_of_answer(header(request.scope, b"accept"), operation.form)
        task = (operation.text, operation.base, operation.graphs, types, limits.rows, limits.bytes)
        if asks_about(operation.text):
            about = (self.address(request), await self.statistics.of(snapshot, self.pool))
            return await self.asked(request, headers, answer_about, *about, *task, short=True)
        answer = await self.pool.answer(snapshot, answer_query, *task, client=request.receive)
        return answer_response(answer, headers)

    async def described(self, request: Request, statistics: bytes = b"") -> ASGIApp:
        """The service description, with VoID."""
        media_type = media_type_of(request)
        about = (self.address(request), self.updates is not None, media_type, statistics)
        return await self.computed(request, media_type, {}, description_of, *about)

    def _most(self, request: Request, media_type: str) -> int:
        """Bytes of a body that are read, by the head of the request alone."""
        limits = self.pool.limits
        if media_type == protocol.UPDATE:
            self._writer(request)
            return limits.update
        if media_type == protocol.FORM and "authorization" in request.headers and self.updates is not None:
            self._writer(request)
            return _ENCODED * limits.update
        return _ENCODED * limits.query if media_type == protocol.FORM else 4 * limits.query

    async def graphs(self, request: Request) -> ASGIApp:
        """Read, replace, extend or remove a graph."""
        graphs = self._named(request)
        if any(not is_iri(graph) for graph in graphs):
            raise HTTPException(400, "The graph has no valid IRI.")
        read = request.method in ("GET", "HEAD")
        return await (self._read if read else self._write)(request, graphs)

    def _named(self, request: Request) -> list[str]:
        """IRIs of a graph, of which the first that is there counts: at an address, the data set's at the same
        path of `/data/`, then its own. None where all graphs are meant."""
        if request.url.path.startswith("/graphs/"):
            path, settings = raw_path(request), self.snapshots.newest().settings
            data_set = iri_at(settings, path.removeprefix("/graphs/"))
            return [graph for graph in (data_set, f"{self.address(request)}{path}") if is_iri(graph)]
        named, default = request.query_params.get("graph"), "default" in request.query_params
        if (named is not None) == default:
            raise HTTPException(400, "Name one graph: ?graph=IRI, or ?default.")
        return [] if named is None else [named]

    async def _read(self, request: Request, graphs: list[str]) -> ASGIApp:
        snapshot, media_type = self.snapshots.newest(), media_type_of(request)
        headers = _headers(request, snapshot)
        if media_type not in _UNLIMITED:
            task = (graphs, media_type, self.pool.limits.bytes)
            answer = await self.pool.page(snapshot, write_graph, *task, client=request.receive)
            return answer_response(answer, headers)
        pieces = await self.pool.stream(snapshot, write_graph, graphs, media_type, client=request.receive)
        if request.method == "HEAD":
            await pieces.aclose()
            return Response(media_type=media_type, headers=headers)
        return compressed(Streamed(pieces, media_type=media_type, headers=headers))

    async def _write(self, request: Request, graphs: list[str]) -> Response:
        if self.updates is None:
            raise HTTPException(405, "This endpoint is read-only.", {"Allow": "GET, HEAD"})
        updates = self._writer(request)
        if not graphs:
            raise HTTPException(403, "The default graph is the union of the others: name a graph to write.")
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if request.method != "DELETE" and media_type not in GRAPH_TYPES:
            raise HTTPException(415, f"Send triples as {', '.join(GRAPH_TYPES)}.")
        body = await body_of(request, self.pool.limits.update)
        await updates.make(change_graph, request.method, graphs, (media_type, body))
        return Response(status_code=204)

    def _writer(self, request: Request) -> Updates:
        """Who makes the change that a request wants, by its head alone.

        Raises:
            HTTPException: no changes are taken, or not from this client.
        """
        if self.updates is None:
            raise HTTPException(403, "This endpoint is read-only.")
        if not self.updates.tokens.allow(request.headers.get("authorization")):
            raise HTTPException(401, "A token that may write is needed.", {"WWW-Authenticate": "Bearer"})
        return self.updates


def _headers(request: Request, snapshot: Snapshot) -> dict[str, str]:
    """Headers of what depends on the state of the store and on the form that a client prefers.

    Raises:
        HTTPException: the client has this state already.
    """
    headers = {"Vary": "Accept", "ETag": f'W/"{snapshot.tag}"', "Cache-Control": "no-cache"}
    if request.method != "POST" and headers["ETag"] in (header(request.scope, b"if-none-match") or ""):
        raise HTTPException(304, headers=headers)
    return headers
