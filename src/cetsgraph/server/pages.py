"""The addresses beside the queries: objects, graphs, the ontology, and what the server says of itself."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import TypeVar

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from cetsgraph import archive, queries, resources
from cetsgraph.namespaces import CETS
from cetsgraph.server import linked_data, presenting
from cetsgraph.server.answering import HTML, graph_as, media_type_of, triples_as
from cetsgraph.server.asking import Asking
from cetsgraph.server.description import description_of
from cetsgraph.server.protocol import GRAPH_FORMATS, Problem, body_of
from cetsgraph.server.snapshots import Snapshots
from cetsgraph.server.writing import Change
from cetsgraph.store import LocalStore
from cetsgraph.versions import ONTOLOGY_VERSION
from cetsgraph.vocabulary import vocabulary

__all__ = ["Endpoint", "Pages"]

_WRITES = {"PUT": "put", "POST": "post", "DELETE": "delete"}
Endpoint = Callable[[Request], Awaitable[Response]]
T = TypeVar("T")


class Pages:
    """Answers for what is not a query. Each raises Problem where it has none.

    Args:
        snapshots: the store.
        asking: makes what takes long, within the limits of a query.
        change: makes a change for a request that may, if writes are taken.
        base_url: address that the server is reached by; of the request if not given.
    """

    def __init__(
        self,
        snapshots: Snapshots,
        asking: Asking,
        change: Callable[[Request, Change, bytes], Awaitable[None]] | None = None,
        base_url: str | None = None,
    ) -> None:
        self._snapshots = snapshots
        self._asking = asking
        self._change = change
        self._base_url = base_url
        self._described: tuple[str, str, list[ox.Triple]] | None = None

    def endpoints(self) -> Iterator[tuple[str, Endpoint, tuple[str, ...]]]:
        """All of them: path, what answers, methods."""
        for path, endpoint in (
            ("/", self.home),
            ("/data/{path:path}", self.data),
            ("/ontology", self.ontology),
            ("/ontology/{term}", self.term),
            ("/.well-known/void", self.describe),
        ):
            yield path, endpoint, ("GET", "HEAD")
        for path in ("/graphs", "/graphs/{path:path}"):
            yield path, self.graphs, ("GET", "HEAD", *_WRITES)

    async def describe(self, request: Request) -> Response:
        """The service description, with VoID."""
        media_type = media_type_of(request)
        store = self._snapshots.newest()
        tag = self._snapshots.tag
        address = self._address(request)
        if (unchanged := self._unchanged(request)) is not None:
            return unchanged

        def described() -> list[ox.Triple]:
            if self._described is None or self._described[:2] != (tag, address):
                made = description_of(store, address, writable=self._change is not None)
                self._described = (tag, address, made)
            return self._described[2]

        return await triples_as(request, self._asking, described, media_type, self._headers())

    async def home(self, request: Request) -> Response:
        """The data sets, the questions, and how to ask."""
        store = self._snapshots.newest()
        if (unchanged := self._unchanged(request)) is not None:
            return unchanged

        def made() -> str:
            records = archive.list(store)
            links = [linked_data.address_of(store, record.dataset) or "" for record in records]
            questions = [queries.load(name) for name in queries.names()]
            return presenting.home(store.settings.archive, records, links, questions)

        return self._page(await self._made(request, made))

    async def data(self, request: Request) -> Response:
        """An object, as triples or as a page, or one of its arrays."""
        raw = request.scope["raw_path"].decode("ascii", "replace").partition("?")[0]
        store = self._snapshots.newest()
        iri = linked_data.iri_at(store, raw.removeprefix("/data/"))
        address = f"{self._address(request)}{raw}"
        name = request.query_params.get("property")
        if name is not None:
            array = await self._made(request, lambda: linked_data.array_of(store, iri, name))
            return Response(array, media_type="application/json", headers=self._headers())
        media_type = media_type_of(request, "text/turtle", HTML)
        headers = {**self._headers(), "Link": f'<{iri}>; rel="describes"'}
        if (unchanged := self._unchanged(request)) is not None:
            return unchanged
        if media_type == HTML:
            part, referrer = _number(request, "part"), _number(request, "from")
            view = await self._made(request, lambda: linked_data.view_of(store, iri, address, part, referrer))
            return self._page(presenting.object_page(view), {"Link": headers["Link"]})
        return await triples_as(
            request,
            self._asking,
            lambda: linked_data.triples_of(store, iri, address),
            media_type,
            headers,
        )

    async def graphs(self, request: Request) -> Response:
        """A graph, whole (SPARQL 1.1 Graph Store HTTP Protocol)."""
        asked = request.query_params
        store = self._snapshots.newest()
        graph = asked.get("graph")
        if request.url.path.startswith("/graphs/"):
            graph = self._graph_at(request, store)
        elif ("graph" in asked) == ("default" in asked):
            raise Problem(400, "Name one graph: ?graph=IRI, or ?default.")
        if request.method in _WRITES:
            return await self._write(request, graph)
        media_type = media_type_of(request)
        if graph is not None and graph not in store.graphs():
            raise Problem(404, f"There is no graph <{graph}>.")
        if (unchanged := self._unchanged(request)) is not None:
            return unchanged
        return await graph_as(
            request,
            self._asking,
            lambda: (quad.triple for quad in store.quads(graph)),
            media_type,
            self._headers(),
        )

    def _graph_at(self, request: Request, store: LocalStore) -> str:
        """The graph that an address names: its own IRI, or else the data set at the same path of `/data/`."""
        raw = request.scope["raw_path"].decode("ascii", "replace").partition("?")[0]
        data_set = linked_data.iri_at(store, raw.removeprefix("/graphs/"))
        return data_set if data_set in store.graphs() else f"{self._address(request)}{raw}"

    async def _write(self, request: Request, graph: str | None) -> Response:
        if self._change is None:
            raise Problem(405, "This endpoint is read-only.", {"Allow": "GET, HEAD"})
        if graph is None:
            raise Problem(403, "The default graph is the union of the others: name a graph to write.")
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        kind = _WRITES[request.method]
        if kind != "delete" and media_type not in GRAPH_FORMATS:
            raise Problem(415, f"Send triples as {', '.join(GRAPH_FORMATS)}.")
        body = await body_of(request, self._asking.limits.update)
        await self._change(request, Change(kind, graph, media_type), body)
        return Response(status_code=204)

    async def ontology(self, request: Request) -> Response:
        """The ontology, whose terms are fragments of it."""
        media_type = media_type_of(request, "text/turtle", HTML)
        if media_type == HTML:
            return HTMLResponse(presenting.ontology(), headers=presenting.HEADERS)
        path = resources.folder("ontology") / "cets.ttl"
        if media_type == "text/turtle":
            return FileResponse(path, media_type=media_type, headers={"Vary": "Accept"})
        return await triples_as(
            request,
            self._asking,
            lambda: (quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)),
            media_type,
            {"Vary": "Accept"},
        )

    async def term(self, request: Request) -> Response:
        """A term leads to the ontology that defines it; its version is what it is now."""
        name = request.path_params["term"]
        if name == ONTOLOGY_VERSION:
            return await self.ontology(request)
        if name == "context.jsonld":
            path = resources.folder("ontology") / name
            return FileResponse(path, media_type="application/ld+json")
        terms = vocabulary()
        if name not in terms.classes and name not in terms.properties:
            raise Problem(404, f"The ontology has no term {name!r}.")
        link = {"Link": f'<{CETS}{name}>; rel="canonical"'}
        return RedirectResponse(f"/ontology#{name}", status_code=303, headers=link)

    async def _made(self, request: Request, work: Callable[[], T]) -> T:
        return await self._asking.run(work, request.is_disconnected)

    def _address(self, request: Request) -> str:
        return (self._base_url or str(request.base_url)).rstrip("/")

    def _headers(self) -> dict[str, str]:
        return {"Vary": "Accept", "ETag": f'W/"{self._snapshots.tag}"', "Cache-Control": "no-cache"}

    def _page(self, text: str, more: Mapping[str, str] | None = None) -> Response:
        return HTMLResponse(text, headers={**self._headers(), **presenting.HEADERS, **(more or {})})

    def _unchanged(self, request: Request) -> Response | None:
        """The answer to a client that has this state of the store already."""
        headers = self._headers()
        if request.method in _WRITES or headers["ETag"] not in request.headers.get("if-none-match", ""):
            return None
        return Response(status_code=304, headers=headers)


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "1")
    return int(text) if text.isdecimal() and len(text) < 7 else 1
