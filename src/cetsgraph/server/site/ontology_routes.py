"""Addresses of the ontology: each version as a page and as RDF, its terms, changes, use and mappings."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from cetsgraph import resources
from cetsgraph.namespaces import CETS
from cetsgraph.server.site.linked_data import ontology_file
from cetsgraph.server.site.publications import rdf_response
from cetsgraph.server.site.rendering import HEADERS
from cetsgraph.server.site.term_use import term_page, use_page
from cetsgraph.server.site.terms import changes_page, found_page, ontology_page, release_page
from cetsgraph.server.site.word_list import word_list
from cetsgraph.server.sparql.negotiation import GRAPH_OR_PAGE, HTML
from cetsgraph.server.web.endpoint import Endpoint
from cetsgraph.server.web.responses import compressed, media_type_of
from cetsgraph.versions import ONTOLOGY_VERSION
from cetsgraph.vocabulary import vocabulary

__all__ = ["OntologyRoutes"]

_FILES = {"context.jsonld": "application/ld+json", "mappings.sssom.tsv": "text/tab-separated-values"}


class OntologyRoutes:
    """The ontology, whose terms are fragments of it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def routes(self) -> list[Route]:
        """Addresses and what answers at them."""
        return [
            Route("/ontology", self.newest),
            Route("/ontology/changes", self.changes),
            Route("/ontology/use", self.use),
            Route("/ontology/use/{term}", self.used),
            Route("/ontology/terms.json", self.terms),
            *(Route(f"/ontology/{name}", self.file) for name in _FILES),
            Route("/ontology/{term}", self.term),
        ]

    async def newest(self, request: Request) -> ASGIApp:
        """The newest version, or the terms that somebody looks for."""
        text = request.query_params.get("term", "").strip()[:100].removeprefix("cets:")
        if vocabulary().term(text) is not None:
            return RedirectResponse(f"/ontology#{text}", status_code=303)
        if text:
            return compressed(HTMLResponse(found_page(self._endpoint.archive, text), headers=HEADERS))
        return self._version(request, ONTOLOGY_VERSION)

    async def changes(self, request: Request) -> ASGIApp:
        """What each version changed."""
        return compressed(HTMLResponse(changes_page(self._endpoint.archive), headers=HEADERS))

    async def use(self, request: Request) -> ASGIApp:
        """How often each term is used here."""
        return await self._endpoint.computed(request, HTML, HEADERS, use_page)

    async def used(self, request: Request) -> ASGIApp:
        """How one of them is used here, with an example and its rules."""
        name = request.path_params["term"]
        if vocabulary().term(name) is None:
            raise HTTPException(404, f"The ontology has no term {name!r}.")
        return await self._endpoint.computed(request, HTML, HEADERS, term_page, name)

    async def terms(self, request: Request) -> ASGIApp:
        """Terms for editors."""
        return compressed(Response(word_list(), media_type="application/json"))

    async def file(self, request: Request) -> ASGIApp:
        """A file beside the ontology."""
        name = request.url.path.rpartition("/")[2]
        return compressed(FileResponse(resources.folder("ontology") / name, media_type=_FILES[name]))

    async def term(self, request: Request) -> ASGIApp:
        """A term leads to its definition in the ontology; a version is the ontology as it was then."""
        name = request.path_params["term"]
        if ontology_file(name) is not None:
            return self._version(request, name)
        if vocabulary().term(name) is None:
            raise HTTPException(404, f"The ontology has no term {name!r}.")
        link = {"Link": f'<{CETS}{name}>; rel="canonical"'}
        return RedirectResponse(f"/ontology#{name}", status_code=303, headers=link)

    def _version(self, request: Request, version: str) -> ASGIApp:
        """A version of the ontology in the form that is asked for."""
        path = ontology_file(version)
        assert path is not None
        if media_type_of(request, GRAPH_OR_PAGE) != HTML:
            return rdf_response(request, path)
        archive, newest = self._endpoint.archive, version == ONTOLOGY_VERSION
        text = ontology_page(archive) if newest else release_page(archive, version)
        return compressed(HTMLResponse(text, headers=HEADERS))
