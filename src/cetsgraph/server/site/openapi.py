"""The addresses of the server as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.0)."""

from collections.abc import Iterable
from typing import Any

from cetsgraph import queries
from cetsgraph.queries import Parameter, Query, Scope, ValueKind
from cetsgraph.server.site.questions import FORMS
from cetsgraph.server.site.validating import REPORTS
from cetsgraph.server.sparql.negotiation import GRAPH_TYPES, HTML, RESULT_TYPES
from cetsgraph.validation import PROFILES
from cetsgraph.versions import __version__

__all__ = ["openapi"]

_TYPES = {
    ValueKind.NUMBER: "number",
    ValueKind.INTEGER: "integer",
    ValueKind.BOOLEAN: "boolean",
    ValueKind.ARRAY: "array",
}
_ERRORS = {
    "400": "The request is wrong; the text says where.",
    "404": "There is nothing at this address.",
    "503": "The answer took too much; the text says which limit was passed.",
}


def openapi(archive: str, address: str) -> dict[str, Any]:
    """The description of a server: its archive by name, and the address that it is reached by."""
    questions = [queries.load(name) for name in queries.names()]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{archive}: cryo-electron tomography metadata",
            "version": __version__,
            "description": "CETS metadata as one knowledge graph: questions, SPARQL, objects and graphs.",
        },
        "servers": [{"url": address}],
        "paths": {f"/queries/{one.name}": {"get": _question(one)} for one in questions} | _others(),
    }


def _question(question: Query) -> dict[str, Any]:
    properties = {
        column.name: {
            "type": [_TYPES.get(column.kind, "string"), "null"],
            "description": f"{column.meaning}{f' ({column.unit})' if column.unit else ''}",
        }
        for column in question.columns
    }
    rows = {"type": "array", "items": {"type": "object", "properties": properties}}
    text = {"type": "string"}
    content = {kind: {"schema": rows if form == "json" else text} for kind, form in FORMS.items()}
    return {
        "operationId": question.name,
        "summary": question.title,
        "description": question.description,
        "tags": [question.theme or "other"],
        "parameters": [*map(_parameter, question.parameters), *_paging(question)],
        "responses": _responses("Rows.", {**content, HTML: {"schema": text}}),
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    one: dict[str, Any] = {"type": _TYPES.get(parameter.kind, "string")}
    return {
        "name": parameter.name,
        "in": "query",
        "required": not parameter.optional,
        "description": f"{parameter.meaning}{f' ({parameter.unit})' if parameter.unit else ''}; such as "
        f"{parameter.example}",
        "schema": {"type": "array", "items": one} if parameter.many else one,
    }


def _paging(question: Query) -> Iterable[dict[str, Any]]:
    if question.scope is not Scope.ACROSS:
        yield _plain("dataset", "Name or IRI of a data set; all if not given.", {"type": "string"})
    whole = {"type": "integer", "minimum": 0}
    yield _plain("limit", "At most so many rows.", whole)
    yield _plain("offset", "So many rows are left out before the first.", whole)
    yield _plain("format", "Form of the answer.", {"type": "string", "enum": [*FORMS.values(), "html"]})


def _others() -> dict[str, Any]:
    query = {"name": "query", "in": "query", "required": True, "schema": {"type": "string"}}
    path = {"name": "path", "in": "path", "required": True, "schema": {"type": "string"}}
    graph = {"name": "graph", "in": "query", "required": True, "schema": {"type": "string", "format": "uri"}}
    asked = {"name": "question", "in": "query", "required": True, "schema": {"type": "string"}}
    words = {"name": "q", "in": "query", "required": True, "schema": {"type": "string"}}
    return {
        "/datasets": {"get": _get("The data sets, searched and filtered", [], (*FORMS, HTML))},
        "/search": {"get": _get("What has some words", [words], (HTML,))},
        "/archives": {
            "get": _get("A question to several archives", [asked], ("application/json", "text/csv", HTML))
        },
        "/sparql": {"get": _get("SPARQL 1.1 query", [query], (*RESULT_TYPES, *GRAPH_TYPES, HTML))},
        "/data/{path}": {"get": _get("An object, as triples or as a page", [path], (*GRAPH_TYPES, HTML))},
        "/graphs": {"get": _get("A named graph", [graph], GRAPH_TYPES)},
        "/ontology": {"get": _get("The ontology", [], (*GRAPH_TYPES, HTML))},
        "/.well-known/void": {"get": _get("What the server has, with statistics", [], GRAPH_TYPES)},
        "/validate": {"post": _validation()},
        "/rules": {"get": _get("The rules of validation", [], ("application/json", "text/csv", HTML))},
        "/shapes/{path}": {"get": _get("The SHACL shapes of a profile", [path], GRAPH_TYPES)},
        "/schema/{path}": {"get": _get("A JSON Schema or JSON-LD context", [path], ("application/json",))},
        "/examples": {"get": _get("The questions as example queries", [], GRAPH_TYPES)},
        "/llms.txt": {"get": _get("What is here, for language models", [], ("text/markdown",))},
        "/health": {"get": _get("Whether the store can be read", [], ("application/json",))},
    }


def _validation() -> dict[str, Any]:
    profile = {"type": "string", "enum": [*PROFILES], "default": PROFILES[0]}
    said = _get("The report on a document", [_plain("profile", "What is asked.", profile)], REPORTS)
    unread = {"422": {"description": "The document cannot be read, as the report says."}}
    sent = {
        "description": "A document, RDF, or a file of a program.",
        "content": {"*/*": {}},
        "required": True,
    }
    return {**said, "requestBody": sent, "responses": {**said["responses"], **unread}}


def _get(summary: str, parameters: list[dict[str, Any]], media_types: Iterable[str]) -> dict[str, Any]:
    content = {name: {"schema": {"type": "string"}} for name in dict.fromkeys(media_types)}
    return {"summary": summary, "parameters": parameters, "responses": _responses(summary, content)}


def _responses(description: str, content: dict[str, Any]) -> dict[str, Any]:
    errors = {status: {"description": text} for status, text in _ERRORS.items()}
    return {"200": {"description": description, "content": content}, **errors}


def _plain(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}
