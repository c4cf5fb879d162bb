"""Pages for people: plain HTML that fetches nothing and runs nothing, even of hostile data."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from cetsgraph.server.site.views import Listing, Mention, View
from cetsgraph.versions import ONTOLOGY_VERSION
from cetsgraph.vocabulary import ClassTerm, Property, vocabulary

__all__ = ["HEADERS", "object_page", "ontology", "release"]

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


def object_page(view: View) -> str:
    """The page of an object."""
    trail = '<a href="/">All data sets</a> ' + " ".join(_link(above) for above in view.above)
    body = f'<h1>{escape(view.title)}</h1><div class="kind">{escape(view.kind)}</div>'
    body += f'<div class="iri">{escape(view.iri)}</div>'
    rows = "".join(
        f"<tr><th>{_property(fact.property)}</th><td>{_values(fact.texts, fact.mentions)}</td></tr>"
        for fact in view.facts
    )
    if rows:
        body += f'<h2>Properties</h2><table class="facts">{rows}</table>'
    body += _listed("Parts", view.parts, "part") + _listed("Referred to by", view.referrers, "from")
    body += f'<p class="quiet">As {_formats()}</p>'
    return _document(view.title, body, trail)


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


def _listed(title: str, page: Listing, parameter: str) -> str:
    if not page.mentions:
        return ""
    body, relation = f"<h2>{title} ({page.total:,})</h2>", None
    for mention in page.mentions:
        if mention.relation != relation:
            body += "</ul>" if relation is not None else ""
            relation = mention.relation
            body += f'<div class="quiet">{_property(relation)}</div><ul>'
        kind = f' <span class="quiet">{escape(mention.kind)}</span>' if mention.kind else ""
        body += f"<li>{_link(mention)}{kind}</li>"
    body += "</ul>"
    turns = [(page.number - 1, "Earlier")] if page.number > 1 else []
    turns += [(page.number + 1, "More")] if page.more else []
    return body + " ".join(f'<a href="?{parameter}={number}">{text}</a>' for number, text in turns)


def _values(texts: Sequence[str], mentions: Sequence[Mention]) -> str:
    shown = [escape(text if len(text) <= 500 else f"{text[:500]} …") for text in texts]
    return "<br>".join(shown + [_link(mention) for mention in mentions])


def _property(iri: str) -> str:
    name = iri.rpartition("#")[2].rpartition("/")[2]
    prop = vocabulary().properties.get(name)
    if prop is None or prop.iri != iri:
        return f'<span title="{escape(iri)}">{escape(name)}</span>'
    unit = f' <span class="quiet">({escape(prop.unit.symbol)})</span>' if prop.unit else ""
    return f'<span title="{escape(prop.definition)}">{escape(prop.label)}</span>{unit}'


def _link(mention: Mention) -> str:
    text = escape(mention.title)
    return text if mention.address is None else f'<a href="{escape(mention.address)}">{text}</a>'


def _formats() -> str:
    return ", ".join(f'<a href="?format={name}">{text}</a>' for name, text in _FORMATS)


def _document(title: str, body: str, trail: str = "") -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><nav>{trail}</nav><main>{body}</main></body></html>"
    )
