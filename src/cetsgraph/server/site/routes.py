"""Addresses with a page: the first one, objects, and the ontology; the last two have triples too."""

from collections.abc import Callable, Mapping
from typing import TypeVar

import pyoxigraph as ox
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from cetsgraph import archive, queries, resources
from cetsgraph.iris import is_iri
from cetsgraph.namespaces import CETS
from cetsgraph.queries import describe
from cetsgraph.server.site import pages
from cetsgraph.server.site.views import view_of
from cetsgraph.server.web.context import Context
from cetsgraph.server.web.graph_routes import raw_path
from cetsgraph.server.web.linked_data import address_of, iri_at, ontology_file, released_terms, triples_of
from cetsgraph.server.web.responses import HTML, media_type_of, triples_response
from cetsgraph.store import Store
from cetsgraph.versions import ONTOLOGY_VERSION
from cetsgraph.vocabulary import vocabulary

__all__ = ["PageRoutes"]

T = TypeVar("T")


class PageRoutes:
    """The addresses that people and linked-data clients follow."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def home(self, request: Request) -> Response:
        """The data sets, the questions, and how to ask."""
        snapshot = self._context.snapshots.newest()
        headers = self._context.headers(snapshot)
        if (unchanged := self._context.not_modified(request, headers)) is not None:
            return unchanged
        return _page(await self._context.computed(snapshot, _home), headers)

    async def data(self, request: Request) -> Response:
        """An object, as triples or as a page, or one of its arrays."""
        context, path = self._context, raw_path(request)
        snapshot = context.snapshots.newest()
        iri = iri_at(snapshot.settings, path.removeprefix("/data/"))
        if not is_iri(iri):
            raise HTTPException(404, "This is no address of an object.")
        name = request.query_params.get("property")
        if name is not None:
            return await self._array(iri, name)
        media_type = media_type_of(request, "text/turtle", HTML)
        headers = {**context.headers(snapshot), "Link": f'<{iri}>; rel="describes"'}
        if (unchanged := context.not_modified(request, headers)) is not None:
            return unchanged
        address = f"{context.address(request)}{path}"
        if media_type == HTML:
            part, referrer = _number(request, "part"), _number(request, "from")
            view = await context.computed(
                snapshot, lambda store: view_of(store, iri, address, part, referrer)
            )
            return _page(pages.object_page(_known(view, iri)), headers)
        triples = await context.computed(snapshot, lambda store: triples_of(store, iri, address))
        return triples_response(_known(triples, iri), media_type, headers)

    async def _array(self, iri: str, name: str) -> Response:
        snapshot = self._context.snapshots.newest()
        array = await self._context.computed(snapshot, lambda store: describe.array(store, iri, name))
        if array is None:
            raise HTTPException(404, f"<{iri}> has no array {name!r}.")
        return Response(array, media_type="application/json", headers=self._context.headers(snapshot))

    async def ontology(self, request: Request) -> Response:
        """The ontology, whose terms are fragments of it."""
        return _ontology(request, ONTOLOGY_VERSION, pages.ontology)

    async def term(self, request: Request) -> Response:
        """A term leads to its definition in the ontology; a version is the ontology as it was then."""
        name = request.path_params["term"]
        if name == ONTOLOGY_VERSION:
            return await self.ontology(request)
        if ontology_file(name) is not None:
            return _ontology(request, name, lambda: pages.release(name, released_terms(name)))
        if name == "context.jsonld":
            path = resources.folder("ontology") / name
            return FileResponse(path, media_type="application/ld+json")
        terms = vocabulary()
        if name not in terms.classes and name not in terms.properties:
            raise HTTPException(404, f"The ontology has no term {name!r}.")
        link = {"Link": f'<{CETS}{name}>; rel="canonical"'}
        return RedirectResponse(f"/ontology#{name}", status_code=303, headers=link)


def _ontology(request: Request, version: str, page: Callable[[], str]) -> Response:
    """A version of the ontology in the form that is asked for."""
    media_type, path = media_type_of(request, "text/turtle", HTML), ontology_file(version)
    assert path is not None
    if media_type == HTML:
        return HTMLResponse(page(), headers=pages.HEADERS)
    if media_type == "text/turtle":
        return FileResponse(path, media_type=media_type, headers={"Vary": "Accept"})
    triples = (quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    return triples_response(triples, media_type, {"Vary": "Accept"})


def _home(store: Store) -> str:
    records = archive.list(store)
    links = [address_of(store.settings, record.dataset) or "" for record in records]
    questions = [queries.load(name) for name in queries.names()]
    return pages.home(store.settings.archive, records, links, questions)


def _known(found: T | None, iri: str) -> T:
    if not found:
        raise HTTPException(404, f"Nothing is known about <{iri}>.")
    return found


def _page(text: str, headers: Mapping[str, str]) -> Response:
    return HTMLResponse(text, headers={**headers, **pages.HEADERS})


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "1")
    return int(text) if text.isdecimal() and len(text) < 7 else 1
