"""The questions as others list them: SHACL executables in Turtle for editors, and a page for people.

The Turtle follows the conventions of the SIB's SPARQL examples
(https://github.com/sib-swiss/sparql-examples): a `sh:SPARQLSelectExecutable` for each query, prefixes said
once with `sh:declare`.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from cetsgraph.derive.turtle_text import block, document, long_text, text
from cetsgraph.namespaces import prefixes
from cetsgraph.queries.file import Column, Parameter, Query, load, names

__all__ = ["EXAMPLES", "PAGE", "QUERIES", "examples", "outputs"]

QUERIES = "https://w3id.org/cetsgraph/queries/"
"""What the IRI of a question starts with; its name follows."""

EXAMPLES = Path("queries/examples.ttl")
PAGE = Path("docs/reference/questions.md")

_NOTE = "The questions as SHACL executables, derived from the .rq files beside by `make derive`."
_PREFIXES = prefixes("rdfs", "sh", "xsd")
_PREFIX = re.compile(r"^PREFIX\s+([\w-]*):\s*<([^>]*)>", re.MULTILINE)
_DECLARED = f"<{QUERIES}>"

_HEAD = """\
<!-- Derived from queries/ by `make derive`; edit those instead. -->
# Questions

Each is a file in `queries/`, a function of `cetsgraph.queries`, and a name for `cetsgraph query`. `dataset`
and the objects in a row are IRIs; an optional cell is empty where the documents do not say. Rows are ordered,
so that `limit` and `offset` give pages of them.
"""


def outputs() -> dict[Path, bytes]:
    """The derived files: their places under the root of the checkout, and what belongs in them."""
    return {EXAMPLES: examples(), PAGE: _page()}


def examples() -> bytes:
    """Every question in Turtle, with the parameters' example values in it."""
    queries = [load(name) for name in names()]
    return document(_NOTE, _PREFIXES, [*(_example(query) for query in queries), *_declared(queries)])


def _example(query: Query) -> str:
    return block(
        f"<{QUERIES}{query.name}>",
        [
            ("a", ["sh:SPARQLExecutable", "sh:SPARQLSelectExecutable"]),
            ("rdfs:label", [text(query.title, "en")]),
            ("rdfs:comment", [text(query.description, "en")]),
            ("sh:prefixes", [_DECLARED]),
            ("sh:select", [long_text(query.text)]),
        ],
    )


def _declared(queries: Iterable[Query]) -> Iterator[str]:
    """The prefixes of all queries."""
    prefixes = sorted({found for query in queries for found in _PREFIX.findall(query.text)})
    yield block(_DECLARED, [("sh:declare", [_prefix(name) for name, _ in prefixes])])
    for name, namespace in prefixes:
        said = [("sh:prefix", [text(name)]), ("sh:namespace", [f"{text(namespace)}^^xsd:anyURI"])]
        yield block(_prefix(name), said)


def _prefix(name: str) -> str:
    return f"<{QUERIES}#{name}>"


def _page() -> bytes:
    return "\n".join([_HEAD, *(line for name in names() for line in _section(load(name)))]).encode()


def _section(query: Query) -> Iterator[str]:
    yield f"## {query.name}\n"
    yield f"{query.description}\n"
    if query.parameters:
        yield "Parameters:\n"
        yield from _table((parameter, _parameter_kind(parameter)) for parameter in query.parameters)
    yield "Columns:\n"
    yield from _table((column, _column_kind(column)) for column in query.columns)


def _parameter_kind(parameter: Parameter) -> str:
    return f"list of {parameter.kind}" if parameter.many else parameter.kind


def _column_kind(column: Column) -> str:
    kind = f"{column.kind} {column.shape}" if column.shape else column.kind
    return f"{kind}, optional" if column.optional else kind


def _table(described: Iterable[tuple[Parameter | Column, str]]) -> Iterator[str]:
    yield "| | kind | unit | meaning |\n|---|---|---|---|"
    for one, kind in described:
        yield f"| `{one.name}` | {kind} | {one.unit or ''} | {one.meaning} |"
    yield ""
