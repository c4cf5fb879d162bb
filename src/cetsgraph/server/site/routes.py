"""Addresses with a page: the first one, objects, and the ontology; the last two have triples too."""

from collections.abc import Callable

import pyoxigraph as ox
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp

from cetsgraph import archive, queries, resources
from cetsgraph.graph.forms import serialized
from cetsgraph.iris import is_iri
from cetsgraph.namespaces import CETS
from cetsgraph.queries import describe
from cetsgraph.server.site import pages
from cetsgraph.server.site.linked_data import address_of, iri_at, ontology_file, released_terms, triples_of
from cetsgraph.server.site.views import view_of
from cetsgraph.server.web.endpoint import Endpoint
from cetsgraph.server.web.incoming import raw_path
from cetsgraph.server.web.responses import HTML, compressed, media_type_of
from cetsgraph.store import Store
from cetsgraph.versions import ONTOLOGY_VERSION
from cetsgraph.vocabulary import vocabulary

__all__ = ["PageRoutes"]


class PageRoutes:
    """The addresses that people and linked-data clients follow."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    async def home(self, request: Request) -> ASGIApp:
        """The data sets, the questions, and how to ask."""
        return await self._endpoint.computed(request, HTML, pages.HEADERS, _home)

    async def data(self, request: Request) -> ASGIApp:
        """An object, as triples or as a page, or one of its arrays."""
        endpoint, path = self._endpoint, raw_path(request)
        iri = iri_at(endpoint.snapshots.newest().settings, path.removeprefix("/data/"))
        if not is_iri(iri):
            raise HTTPException(404, "This is no address of an object.")
        name = request.query_params.get("property")
        if name is not None:
            return await endpoint.computed(request, "application/json", {}, _array, iri, name)
        media_type, address = (
            media_type_of(request, "text/turtle", HTML),
            f"{endpoint.address(request)}{path}",
        )
        link = {"Link": f'<{iri}>; rel="describes"'}
        if media_type == HTML:
            numbers, headers = (_number(request, "part"), _number(request, "from")), {**link, **pages.HEADERS}
            return await endpoint.computed(request, HTML, headers, _page, iri, address, *numbers)
        return await endpoint.computed(request, media_type, link, _triples, iri, address, media_type)

    async def ontology(self, request: Request) -> ASGIApp:
        """The ontology, whose terms are fragments of it."""
        return _ontology(request, ONTOLOGY_VERSION, pages.ontology)

    async def term(self, request: Request) -> ASGIApp:
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


def _ontology(request: Request, version: str, page: Callable[[], str]) -> ASGIApp:
    """A version of the ontology in the form that is asked for."""
    media_type, path = media_type_of(request, "text/turtle", HTML), ontology_file(version)
    assert path is not None
    if media_type == HTML:
        return compressed(HTMLResponse(page(), headers=pages.HEADERS))
    if media_type == "text/turtle":
        return compressed(FileResponse(path, media_type=media_type, headers={"Vary": "Accept"}))
    triples = (quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    content = serialized([*triples], media_type)
    return compressed(Response(content, media_type=media_type, headers={"Vary": "Accept"}))


def _home(store: Store) -> str:
    records = archive.list(store)
    links = [address_of(store.settings, record.dataset) or "" for record in records]
    questions = [queries.load(name) for name in queries.names()]
    return pages.home(store.settings.archive, records, links, questions)


def _page(store: Store, iri: str, address: str, part: int, referrer: int) -> str:
    view = view_of(store, iri, address, part, referrer)
    if view is None:
        raise HTTPException(404, f"Nothing is known about <{iri}>.")
    return pages.object_page(view)


def _triples(store: Store, iri: str, address: str, media_type: str) -> bytes:
    triples = triples_of(store, iri, address)
    if not triples:
        raise HTTPException(404, f"Nothing is known about <{iri}>.")
    return serialized(triples, media_type)


def _array(store: Store, iri: str, name: str) -> str:
    array = describe.array(store, iri, name)
    if array is None:
        raise HTTPException(404, f"<{iri}> has no array {name!r}.")
    return array


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "1")
    return int(text) if text.isdecimal() and len(text) < 7 else 1
