"""Addresses of what documents are judged and described by: rules, shapes, schemas, example queries."""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path

import pyoxigraph as ox
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from cetsgraph import resources
from cetsgraph.graph.forms import serialized
from cetsgraph.queries.writing import written
from cetsgraph.server.site.rendering import HEADERS, page
from cetsgraph.server.sparql.negotiation import GRAPH_OR_PAGE, HTML
from cetsgraph.server.web.endpoint import Endpoint
from cetsgraph.server.web.responses import compressed, media_type_of
from cetsgraph.validation import PROFILES, rule_book
from cetsgraph.validation.dialect_words import described

__all__ = ["Publications", "rdf_response"]

_JSON, _CSV = "application/json", "text/csv"
_MEDIA_TYPES = {".jsonld": "application/ld+json", ".json": "application/schema+json"}
_COLUMNS = ("rule", "severity", "title", "asks", "why", "expects", "to_do", "sources")


class Publications:
    """The same at every server of this version."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def routes(self) -> list[Route]:
        """Their addresses."""
        return [
            Route("/rules", self.rules),
            Route("/shapes", self.shapes),
            Route("/shapes/{profile}", self.profile),
            Route("/schema", self.schemas),
            Route("/schema/{name}", self.schema),
            Route("/examples", self.examples),
        ]

    async def rules(self, request: Request) -> ASGIApp:
        """The rules of all profiles: a page, JSON or CSV."""
        media_type = media_type_of(request, (HTML, _JSON, _CSV))
        rows = list(_rules())
        if media_type == HTML:
            return self._page("rules", "Rules", "/rules", rules=rows, profiles=PROFILES)
        text = written(rows, _COLUMNS, "json" if media_type == _JSON else "csv")
        return compressed(Response(text, media_type=media_type, headers={"Vary": "Accept"}))

    async def shapes(self, request: Request) -> ASGIApp:
        """The profiles, each with the address of its shapes."""
        return self._page("shapes", "Shapes", "/rules", profiles=PROFILES)

    async def profile(self, request: Request) -> ASGIApp:
        """The shapes of a profile, whole, as SHACL."""
        name = request.path_params["profile"].removesuffix(".ttl")
        if name not in PROFILES:
            raise HTTPException(404, f"There is no profile {name!r}; there are {', '.join(PROFILES)}.")
        return rdf_response(request, resources.folder("shapes") / "profiles" / f"{name}.ttl")

    async def schemas(self, request: Request) -> ASGIApp:
        """The JSON Schemas and JSON-LD contexts of each dialect."""
        return self._page("schemas", "Schemas", "/api", files=sorted(_schemas()))

    async def schema(self, request: Request) -> ASGIApp:
        """One of them."""
        path = _schemas().get(request.path_params["name"])
        if path is None:
            raise HTTPException(
                404, f"There is no schema of this name; there are {', '.join(sorted(_schemas()))}."
            )
        return compressed(FileResponse(path, media_type=_MEDIA_TYPES[path.suffix]))

    async def examples(self, request: Request) -> ASGIApp:
        """The questions in the form that query editors list; people get the list."""
        if media_type_of(request, GRAPH_OR_PAGE) == HTML:
            return RedirectResponse("/queries", status_code=303, headers={"Vary": "Accept"})
        return rdf_response(request, resources.folder("queries") / "examples.ttl")

    def _page(self, template: str, title: str, section: str, **values: object) -> ASGIApp:
        text = page(template, self._endpoint.archive, title, section=section, **values)
        return compressed(HTMLResponse(text, headers=HEADERS))


def rdf_response(request: Request, path: Path) -> ASGIApp:
    """A file in Turtle, in the form of RDF that is asked for."""
    media_type, headers = media_type_of(request), {"Vary": "Accept"}
    if media_type == "text/turtle":
        return compressed(FileResponse(path, media_type=media_type, headers=headers))
    return compressed(Response(_converted(path, media_type), media_type=media_type, headers=headers))


@lru_cache(16)
def _converted(path: Path, media_type: str) -> bytes:
    """A file of the package in another form, which takes up to 0.2 s."""
    triples = (quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    return serialized([*triples], media_type)


def _rules() -> Iterator[dict[str, object]]:
    """The rules as rows, those of the strictest profile, which has all."""
    for rule in rule_book(PROFILES[-1]).rules.values():
        yield {
            "rule": rule.id,
            "severity": str(rule.severity),
            "title": rule.title,
            **{name.replace(" ", "_"): text for name, text in described(rule).items()},
            "sources": list(rule.sources),
        }


@cache
def _schemas() -> Mapping[str, Path]:
    """Schemas and contexts by the names of their files."""
    folder = resources.folder("ontology")
    found = [folder / "cets.schema.json", folder / "context.jsonld", *(folder / "dialects").iterdir()]
    return {path.name: path for path in found if path.suffix in _MEDIA_TYPES}
