"""The addresses beside the queries: objects, graphs, the ontology, and what the server says of itself."""

from collections.abc import Awaitable, Callable

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from cetsgraph import resources
from cetsgraph.server import linked_data
from cetsgraph.server.answering import HTML, media_type_of, triples_as
from cetsgraph.server.description import description_of
from cetsgraph.server.protocol import Problem
from cetsgraph.server.snapshots import Snapshots
from cetsgraph.vocabulary import CETS, vocabulary

__all__ = ["Pages"]

_NO_SCRIPTS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
}
Endpoint = Callable[[Request], Awaitable[Response]]


class Pages:
    """Answers for what is not a query. Each raises Problem where it has none.

    Args:
        snapshots: the store.
        base_url: address that the server is reached by; of the request if not given.
        writable: whether updates are taken.
    """

    def __init__(self, snapshots: Snapshots, base_url: str | None = None, *, writable: bool = False) -> None:
        self._snapshots = snapshots
        self._base_url = base_url
        self._writable = writable
        self._described: tuple[str, str, list[ox.Triple]] | None = None

    def routes(self, wrapped: Callable[[Endpoint], Endpoint]) -> list[Route]:
        """All of them, each endpoint wrapped."""
        return [
            Route(path, wrapped(endpoint), methods=["GET"])
            for path, endpoint in (
                ("/", self.home),
                ("/data/{path:path}", self.data),
                ("/graphs", self.graphs),
                ("/ontology", self.ontology),
                ("/ontology/{term}", self.term),
                ("/.well-known/void", self.describe),
            )
        ]

    async def describe(self, request: Request) -> Response:
        """The service description, with VoID."""
        media_type = media_type_of(request)
        store = self._snapshots.newest()
        endpoint = f"{self._address(request)}/sparql"
        if self._described is None or self._described[:2] != (self._snapshots.tag, endpoint):
            described = description_of(store, endpoint, writable=self._writable)
            self._described = (self._snapshots.tag, endpoint, described)
        return triples_as(self._described[2], media_type)

    async def home(self, request: Request) -> Response:
        store = self._snapshots.newest()
        return _html(linked_data.home(store, f"{self._address(request)}/sparql"))

    async def data(self, request: Request) -> Response:
        """An object, as triples or as a page."""
        raw = request.scope["raw_path"].decode("ascii", "replace").partition("?")[0]
        store = self._snapshots.newest()
        iri = linked_data.iri_at(store, raw.removeprefix("/data/"))
        name = request.query_params.get("property")
        if name is not None:
            return Response(linked_data.array_of(store, iri, name), media_type="application/json")
        media_type = media_type_of(request, "text/turtle", HTML)
        address = f"{self._address(request)}{raw}"
        if media_type == HTML:
            return _html(linked_data.page(store, iri, address))
        return triples_as(linked_data.triples_of(store, iri, address), media_type)

    async def graphs(self, request: Request) -> Response:
        """A graph, whole (SPARQL 1.1 Graph Store HTTP Protocol, read-only)."""
        store = self._snapshots.newest()
        asked = request.query_params
        if ("graph" in asked) == ("default" in asked):
            raise Problem(400, "Name one graph: ?graph=IRI, or ?default.")
        media_type = media_type_of(request)
        if "default" in asked:
            return triples_as((quad.triple for quad in store.quads()), media_type)
        if asked["graph"] not in store.graphs():
            raise Problem(404, f"There is no graph <{asked['graph']}>.")
        return triples_as((quad.triple for quad in store.quads(asked["graph"])), media_type)

    async def ontology(self, request: Request) -> Response:
        media_type = media_type_of(request)
        path = resources.folder("ontology") / "cets.ttl"
        quads = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        return triples_as((quad.triple for quad in quads), media_type)

    async def term(self, request: Request) -> Response:
        """A term leads to the ontology that defines it."""
        name = request.path_params["term"]
        terms = vocabulary()
        if name not in terms.classes and name not in terms.properties:
            raise Problem(404, f"The ontology has no term {name!r}.")
        return RedirectResponse(f"/ontology#{name}", status_code=303, headers={"Link": f"<{CETS}{name}>"})

    def _address(self, request: Request) -> str:
        return (self._base_url or str(request.base_url)).rstrip("/")


def _html(text: str) -> Response:
    return HTMLResponse(text, headers={**_NO_SCRIPTS, "Vary": "Accept"})
