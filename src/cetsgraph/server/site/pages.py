"""Pages for people: plain HTML that fetches nothing and runs nothing, even of hostile data."""

import base64
import hashlib
from collections.abc import Mapping
from html import escape
from pathlib import Path

from cetsgraph.versions import ONTOLOGY_VERSION
from cetsgraph.vocabulary import ClassTerm, Property, vocabulary

__all__ = ["HEADERS", "ontology", "release"]

_STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
}
"""The content policy of a page: nothing but its own style belongs to it."""

_FORMATS = (("turtle", "Turtle"), ("jsonld", "JSON-LD"), ("ntriples", "N-Triples"), ("rdfxml", "RDF/XML"))


def ontology() -> str:
    """The terms of the ontology, each at its own fragment."""
    terms = vocabulary()
    classes = "".join(_class(term) for term in terms.classes.values())
    rows = "".join(_property_row(prop) for prop in sorted(terms.properties.values(), key=lambda p: p.name))
    body = f'<h1>CETS ontology</h1><p class="quiet">Version {ONTOLOGY_VERSION}, as {_formats()}</p>'
    body += f'<h2>Classes</h2><table class="facts">{classes}</table>'
    body += f'<h2>Properties</h2><table class="facts">{rows}</table>'
    return _document("CETS ontology", body, '<a href="/">All data sets</a>')


def release(version: str, definitions: Mapping[str, str]) -> str:
    """The terms of an older version of the ontology, each at its own fragment."""
    rows = "".join(
        f'<tr id="{escape(name)}"><th>cets:{escape(name)}</th><td>{escape(definition)}</td></tr>'
        for name, definition in sorted(definitions.items())
    )
    title = f"CETS ontology {version}"
    body = f'<h1>{title}</h1><p class="quiet">As it was in that version, as {_formats()}; '
    body += f'<a href="/ontology">the newest is {ONTOLOGY_VERSION}</a></p><table class="facts">{rows}</table>'
    return _document(title, body, '<a href="/">All data sets</a>')


def _class(term: ClassTerm) -> str:
    parents = ", ".join(f'<a href="#{parent}">{parent}</a>' for parent in term.parents)
    below = f'<div class="quiet">a kind of {parents}</div>' if parents else ""
    return (
        f'<tr id="{term.name}"><th>cets:{term.name}</th><td>{escape(term.definition)}{below}'
        f'<div class="quiet">{", ".join(_term(prop.name) for prop in term.properties)}</div></td></tr>'
    )


def _property_row(prop: Property) -> str:
    facts = [f"in {escape(prop.unit.name)} ({escape(prop.unit.symbol)})"] if prop.unit else []
    facts += [f"leads to {_term(prop.range)}"] if prop.range else [prop.kind.value]
    facts += [f"of {', '.join(map(_term, prop.domains))}"]
    return (
        f'<tr id="{prop.name}"><th>cets:{prop.name}</th><td>{escape(prop.definition)}'
        f'<div class="quiet">{"; ".join(facts)}</div></td></tr>'
    )


def _term(name: str) -> str:
    return f'<a href="#{name}">{name}</a>'


def _formats() -> str:
    return ", ".join(f'<a href="?format={name}">{text}</a>' for name, text in _FORMATS)


def _document(title: str, body: str, trail: str = "") -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><nav>{trail}</nav><main>{body}</main></body></html>"
    )
