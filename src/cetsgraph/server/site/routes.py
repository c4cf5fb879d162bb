"""Addresses for people: pages, and the forms for programs that stand beside them."""

import gzip
from collections.abc import Iterable, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from cetsgraph import archive
from cetsgraph.documents import write
from cetsgraph.errors import DataSetNotFound, QueryError
from cetsgraph.graph.forms import serialized
from cetsgraph.iris import is_iri
from cetsgraph.queries import describe
from cetsgraph.server.site.archive_answers import ArchiveAnswers
from cetsgraph.server.site.archives import Archives
from cetsgraph.server.site.downloads import TABLES, table_of
from cetsgraph.server.site.front import front_page
from cetsgraph.server.site.guide import guide
from cetsgraph.server.site.linked_data import iri_at, triples_of
from cetsgraph.server.site.listing import listing, listing_page
from cetsgraph.server.site.objects import object_page
from cetsgraph.server.site.ontology_routes import OntologyRoutes
from cetsgraph.server.site.openapi import openapi
from cetsgraph.server.site.picked import VIEWS, picture_of
from cetsgraph.server.site.publications import Publications
from cetsgraph.server.site.questions import FORMS, list_page, write_answer
from cetsgraph.server.site.rendering import EDITOR_HEADERS, HEADERS, PICTURE_HEADERS, STATIC, page
from cetsgraph.server.site.results import Problem, draft_page, editor, write_results
from cetsgraph.server.site.search import search_page
from cetsgraph.server.site.validating import REPORTS, alone, submitted, validation_page, write_report
from cetsgraph.server.sparql import protocol
from cetsgraph.server.sparql.negotiation import (
    GRAPH_OR_PAGE,
    GRAPH_TYPES,
    HTML,
    RESULT_TYPES,
    best,
    type_named,
)
from cetsgraph.server.web.endpoint import Endpoint
from cetsgraph.server.web.incoming import header, raw_path
from cetsgraph.server.web.responses import compressed, error_of, media_type_of
from cetsgraph.store import Store

__all__ = ["PageRoutes", "for_people", "message_page"]

_MEDIA_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "txt": "text/plain"}
_FORM_WORDS = {
    HTML: "page",
    "application/json": "JSON",
    "application/sparql-results+json": "JSON",
    "application/sparql-results+xml": "XML",
    "text/csv": "CSV",
    "text/tab-separated-values": "TSV",
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF/XML",
    "application/ld+json": "JSON-LD",
    "text/markdown": "Markdown",
    "application/sarif+json": "SARIF",
}
"""What people call the forms of an address."""
_LONGEST = 100  # characters that are searched for
_SHORT = 2**18  # bytes of a document that is validated as fast as a page is made
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


def for_people(request: Request) -> bool:
    """Whether a client prefers a page, or names that form."""
    accept, query = header(request.scope, b"accept") or "", request.scope["query_string"]
    if "html" not in accept and b"format=" not in query:
        return False  # said at once: most requests are those of programs
    named = type_named(request.query_params.get("format"))
    offers = (*RESULT_TYPES, *GRAPH_TYPES, HTML)
    return named == HTML or (named is None and best(accept, offers) == HTML)


def message_page(status: int, text: str, headers: Mapping[str, str] | None) -> Response:
    """A page that says what went wrong."""
    known = HTTPStatus(status)
    text = known.description if text == known.phrase else text
    return HTMLResponse(page("message", "", known.phrase, text=text), status, {**HEADERS, **(headers or {})})


class PageRoutes:
    """The addresses that people and linked-data clients follow."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._archives = Archives(endpoint, ArchiveAnswers(endpoint))

    def routes(self) -> list[Route]:
        """Addresses and what answers at them."""
        return [
            Route("/sparql", self.sparql, methods=["GET", "POST"]),
            Route("/", self.home),
            Route("/datasets", self.data_sets),
            Route("/search", self.search),
            Route("/queries", self.questions),
            Route("/queries/{name}", self.question),
            Route("/data/{path:path}", self.data),
            Route("/.well-known/void", self.description),
            Route("/archives", self.archives),
            Route("/validate", self.validate, methods=["GET", "POST"]),
            Route("/api", self.api),
            Route("/openapi.json", self.openapi),
            Route("/llms.txt", self.guide),
            Route("/static/{name}", self.static),
            *OntologyRoutes(self._endpoint).routes(),
            *Publications(self._endpoint).routes(),
        ]

    async def home(self, request: Request) -> ASGIApp:
        """What is here, and where to begin."""
        address = self._endpoint.address(request)
        return await self._endpoint.computed(request, HTML, HEADERS, front_page, address)

    async def data_sets(self, request: Request) -> ASGIApp:
        """The data sets, by what they hold."""
        given, media_type = request.query_params.multi_items(), media_type_of(request, (HTML, *FORMS))
        if media_type == HTML:
            return await self._endpoint.computed(request, HTML, HEADERS, listing_page, given)
        return await self._endpoint.computed(request, media_type, {}, listing, given, FORMS[media_type])

    async def search(self, request: Request) -> ASGIApp:
        """Terms, questions, rules, data sets and pages that have some words."""
        text = " ".join(request.query_params.get("q", "").split())[:_LONGEST]
        return await self._endpoint.computed(request, HTML, HEADERS, search_page, text)

    async def sparql(self, request: Request) -> ASGIApp:
        """The endpoint; for people, a page to write a query in, with its answer."""
        endpoint = self._endpoint
        if request.method == "POST" or not for_people(request):
            return await endpoint.sparql(request)
        asked = request.query_params.get("query", "").strip()
        operation = protocol.operation_of(request.scope) if asked else None
        if operation is None:
            given = request.query_params.multi_items()
            return await endpoint.computed(request, HTML, EDITOR_HEADERS, draft_page, given)
        try:
            task = (operation, endpoint.pool.limits.bytes, endpoint.address(request))
            return await endpoint.asked(request, EDITOR_HEADERS, write_results, *task)
        except (QueryError, HTTPException) as error:
            if isinstance(error, HTTPException) and error.status_code == 304:
                raise
            text, status = operation.text, error_of(error)[0]
            problem = Problem.of(error, text)
            text = editor(self._endpoint.archive, text, operation.graphs[0], problem=problem)
            return HTMLResponse(text, status, EDITOR_HEADERS)

    async def archives(self, request: Request) -> ASGIApp:
        """A question to this archive and others."""
        return await self._archives.respond(request)

    async def questions(self, request: Request) -> ASGIApp:
        """The questions."""
        return await self._endpoint.computed(
            request, HTML, HEADERS, list_page, request.query_params.get("dataset", "")
        )

    async def question(self, request: Request) -> ASGIApp:
        """A question and its answer: a form with a table, or rows for programs."""
        media_type = media_type_of(request, (*FORMS, HTML))
        headers = HEADERS if media_type == HTML else {"Vary": "Accept"}
        task = (request.path_params["name"], request.query_params.multi_items(), media_type)
        address = self._endpoint.address(request)
        return await self._endpoint.asked(request, headers, write_answer, *task, address)

    async def data(self, request: Request) -> ASGIApp:
        """An object, as triples or as a page, or one of its arrays."""
        endpoint, path = self._endpoint, raw_path(request)
        iri = iri_at(endpoint.snapshots.newest().settings, path.removeprefix("/data/"))
        if not is_iri(iri):
            raise HTTPException(404, "This is no address of an object.")
        name = request.query_params.get("property")
        if name is not None:
            return await endpoint.computed(request, "application/json", {}, _array, iri, name)
        table = request.query_params.get("table")
        if table is not None:
            media_type = media_type_of(request, (*FORMS,))
            return await endpoint.computed(request, media_type, {}, _table, iri, table, FORMS[media_type])
        view = request.query_params.get("plot")
        if view is not None:
            return await endpoint.computed(request, "image/svg+xml", PICTURE_HEADERS, _picture, iri, view)
        if request.query_params.get("format") == "cets":
            return await endpoint.computed(request, "application/json", {}, _document, iri)
        media_type = media_type_of(request, GRAPH_OR_PAGE)
        address = f"{endpoint.address(request)}{path}"
        link = {"Link": f'<{iri}>; rel="describes"'}
        if media_type == HTML:
            numbers = [_number(request, name) for name in ("part", "from", "series", "tomograms")]
            headers = {**link, **HEADERS}
            return await endpoint.computed(request, HTML, headers, _page, iri, address, *numbers)
        return await endpoint.computed(request, media_type, link, _triples, iri, address, media_type)

    async def description(self, request: Request) -> ASGIApp:
        """The service description, with VoID and its statistics."""
        endpoint = self._endpoint
        statistics = await endpoint.statistics.of(endpoint.snapshots.newest(), endpoint.pool)
        return await endpoint.described(request, statistics)

    async def validate(self, request: Request) -> ASGIApp:
        """A form to have a document judged; what is posted is judged."""
        address = self._endpoint.address(request)
        if request.method != "POST":
            return compressed(HTMLResponse(validation_page(self._endpoint.archive, address), headers=HEADERS))
        media_type = media_type_of(request, (*REPORTS, HTML))
        try:
            given = await submitted(request)
        except HTTPException as error:
            if media_type != HTML:
                raise
            text = validation_page(self._endpoint.archive, address, problem=error.detail)
            return HTMLResponse(text, error.status_code, {**HEADERS, **(error.headers or {})})
        headers = {**(HEADERS if media_type == HTML else {"Vary": "Accept"}), "Cache-Control": "no-store"}
        async with alone(given) as file:
            task, short = (write_report, file, given.profile, media_type, address), len(given.data) <= _SHORT
            return await self._endpoint.asked(request, headers, *task, short=short)

    async def api(self, request: Request) -> ASGIApp:
        """The addresses for programs, with the limits of this server."""
        limits, address = self._endpoint.pool.limits, self._endpoint.address(request)
        described = openapi(self._endpoint.archive, address)["paths"]
        text = page(
            "api",
            self._endpoint.archive,
            "API",
            section="/api",
            address=address,
            addresses=[*_addresses(described)],
            limits=[
                ("seconds of a query", f"{limits.seconds:g}"),
                ("rows of an answer", f"{limits.rows:,}"),
                ("bytes of an answer", f"{limits.bytes:,}"),
                ("memory of a query", f"{limits.memory // 2**20:,} MB"),
                ("characters of a query", f"{limits.query:,}"),
            ],
        )
        return compressed(HTMLResponse(text, headers=HEADERS))

    async def openapi(self, request: Request) -> ASGIApp:
        """The same as OpenAPI."""
        return compressed(JSONResponse(openapi(self._endpoint.archive, self._endpoint.address(request))))

    async def guide(self, request: Request) -> ASGIApp:
        """What is here, for programs that work with language models."""
        text = guide(self._endpoint.archive, self._endpoint.address(request))
        return compressed(PlainTextResponse(text, media_type="text/markdown"))

    async def static(self, request: Request) -> Response:
        """Style sheet and pictures."""
        name, forever = request.path_params["name"], "v" in request.query_params
        plain, packed = _static_files().get(name, (None, b""))
        if plain is None:
            raise HTTPException(404, "There is no such file.")
        takes = "gzip" in request.headers.get("accept-encoding", "")
        headers = {"Vary": "Accept-Encoding", "X-Content-Type-Options": "nosniff"}
        headers |= (_FOREVER if forever else {}) | ({"Content-Encoding": "gzip"} if takes else {})
        media_type = _MEDIA_TYPES[name.rpartition(".")[2]]
        return Response(packed if takes else plain, media_type=media_type, headers=headers)


@cache
def _static_files() -> dict[str, tuple[bytes, bytes]]:
    """Files by name, as they are and packed by gzip."""
    read = ((path.name, path.read_bytes()) for path in STATIC.iterdir())
    return {name: (content, gzip.compress(content, mtime=0)) for name, content in read}


def _addresses(paths: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Address, what it gives, and its forms; one line for all questions."""
    question = next(what for path, what in paths.items() if path.startswith("/queries/"))
    others = {path: what for path, what in paths.items() if not path.startswith("/queries/")}
    shown = {"/queries/NAME": question, **others}
    return [
        (
            path.replace("{path}", "…") + (" (POST)" if "post" in methods else ""),
            "The answer to a question" if path == "/queries/NAME" else what["summary"],
            _in_words(what["responses"]["200"]["content"]),
        )
        for path, methods in shown.items()
        for what in methods.values()
    ]


def _in_words(media_types: Iterable[str]) -> str:
    """Forms as people call them; those that are only other names of one are left out."""
    return ", ".join(dict.fromkeys(_FORM_WORDS[one] for one in media_types if one in _FORM_WORDS))


def _page(store: Store, iri: str, address: str, *numbers: int) -> str:
    text = object_page(store, iri, address, *numbers)
    if text is None:
        raise HTTPException(404, f"Nothing is known about <{iri}>.")
    return text


def _triples(store: Store, iri: str, address: str, media_type: str) -> bytes:
    triples = triples_of(store, iri, address)
    if not triples:
        raise HTTPException(404, f"Nothing is known about <{iri}>.")
    return serialized(triples, media_type)


def _document(store: Store, iri: str) -> bytes:
    try:
        document = archive.get(store, iri)
    except DataSetNotFound as error:
        raise HTTPException(404, str(error)) from error
    return bytes(write(document, document.dialect))


def _picture(store: Store, iri: str, view: str) -> str:
    picture = picture_of(store, iri, view) if view in VIEWS else None
    if picture is None:
        raise HTTPException(404, f"<{iri}> has no picture {view!r}.")
    return picture


def _table(store: Store, iri: str, name: str, form: str) -> str:
    if name not in TABLES or not store.ask(f"ASK {{ <{iri}> ?p ?o }}"):
        raise HTTPException(404, f"<{iri}> has no table {name!r}.")
    return table_of(store, iri, name, form)


def _array(store: Store, iri: str, name: str) -> str:
    array = describe.array(store, iri, name)
    if array is None:
        raise HTTPException(404, f"<{iri}> has no array {name!r}.")
    return array


def _number(request: Request, name: str) -> int:
    text = request.query_params.get(name, "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 7 else 1
