"""The questions in Turtle, as SHACL executables, for editors that list example queries.

The conventions are those of the SIB's SPARQL examples (https://github.com/sib-swiss/sparql-examples): a
`sh:SPARQLSelectExecutable` for each query, and each prefix once, by `sh:declare`.
"""

from collections.abc import Iterator, Sequence

from cetsgraph.derive.turtle_text import block, document, long_text, text
from cetsgraph.namespaces import PREFIXES, prefixes
from cetsgraph.queries.question import Query

__all__ = ["example_queries"]

_QUERIES = "https://w3id.org/cetsgraph/queries/"  # what the IRI of a question starts with; its name follows
_NOTE = "The questions as SHACL executables, derived from the .rq files beside by `make derive`."
_PREFIXES = prefixes("rdfs", "sh", "xsd")
_DECLARATIONS = f"<{_QUERIES}>"


def example_queries(questions: Sequence[Query]) -> bytes:
    """Every question in Turtle, with the example values of its parameters."""
    return document(_NOTE, _PREFIXES, [*map(_executable, questions), *_declarations()])


def _executable(query: Query) -> str:
    return block(
        f"<{_QUERIES}{query.name}>",
        [
            ("a", ["sh:SPARQLExecutable", "sh:SPARQLSelectExecutable"]),
            ("rdfs:label", [text(query.title, "en")]),
            ("rdfs:comment", [text(query.description, "en")]),
            ("sh:prefixes", [_DECLARATIONS]),
            ("sh:select", [long_text(query.text)]),
        ],
    )


def _declarations() -> Iterator[str]:
    """The prefixes that every query may use."""
    yield block(_DECLARATIONS, [("sh:declare", [*map(_declaration, PREFIXES)])])
    for name, namespace in PREFIXES.items():
        meaning = [("sh:prefix", [text(name)]), ("sh:namespace", [f"{text(namespace)}^^xsd:anyURI"])]
        yield block(_declaration(name), meaning)


def _declaration(name: str) -> str:
    return f"<{_QUERIES}#{name}>"
