"""Objects at their own addresses: triples for programs, a page for people.

An object's IRI is the store's base and a path; the server has it at `/data/` and the same path. Large arrays
are linked to rather than given: `?property=coordinates` gives one as JSON.
"""

from collections.abc import Iterator
from html import escape
from urllib.parse import unquote

import pyoxigraph as ox

from cetsgraph import archive
from cetsgraph.namespaces import RDF_JSON, RDF_TYPE, RDFS
from cetsgraph.server.protocol import Problem
from cetsgraph.store import LocalStore
from cetsgraph.vocabulary import CETS, vocabulary

__all__ = ["array_of", "home", "iri_at", "page", "triples_of"]

_LARGE = 4_000  # characters of an array
_MOST = 2_000  # statements of an object, and as many about it

_STYLE = """
:root { color-scheme: light dark; --line: #8884; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top;
padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; width: 14rem; }
code, textarea { font-family: ui-monospace, monospace; font-size: .9em; }
textarea { width: 100%; box-sizing: border-box; } .iri { color: GrayText; overflow-wrap: anywhere; }
@media (max-width: 40rem) { th { width: 8rem; } }
"""


def iri_at(store: LocalStore, raw_path: str) -> str:
    """The IRI of the object that the server has at `/data/…`, percent-encoded as in the IRI."""
    return store.settings.base + raw_path


def triples_of(store: LocalStore, iri: str, address: str) -> list[ox.Triple]:
    """What is said of an object, with its parent, and links in place of large arrays.

    Raises:
        Problem: nothing is said of it.
    """
    node = _node(iri)
    found = list(_statements(store, node))
    if not found:
        raise Problem(404, f"Nothing is known about <{iri}>.")
    return [_with_link(triple, address) for triple in found]


def array_of(store: LocalStore, iri: str, name: str) -> str:
    """The array that a property of the object holds, as JSON.

    Raises:
        Problem: it has none.
    """
    prop = vocabulary().properties.get(name)
    if prop is not None:
        for triple in _statements(store, _node(iri)):
            if triple.predicate.value == prop.iri and isinstance(triple.object, ox.Literal):
                return triple.object.value
    raise Problem(404, f"<{iri}> has no array {name!r}.")


def page(store: LocalStore, iri: str, address: str) -> str:
    """The page of an object."""
    triples = triples_of(store, iri, address)
    own = [triple for triple in triples if triple.subject == ox.NamedNode(iri)]
    title = _title(own) or _short(iri)
    kinds = ", ".join(_word(triple.object) for triple in own if triple.predicate.value == RDF_TYPE)
    rows = "".join(
        f"<tr><th>{_property(triple.predicate.value)}</th><td>{_value(store, triple.object)}</td></tr>"
        for triple in sorted(own, key=lambda one: (one.predicate.value, str(one.object)))
        if triple.predicate.value != RDF_TYPE
    )
    about = "".join(
        f"<tr><th>{_property(triple.predicate.value)} of</th><td>{_value(store, triple.subject)}</td></tr>"
        for triple in triples
        if triple.object == ox.NamedNode(iri)
    )
    body = f'<p>{escape(kinds)}<br><span class="iri">{escape(iri)}</span></p><table>{rows}</table>'
    if about:
        body += f"<h2>Where it belongs</h2><table>{about}</table>"
    return _document(title, body)


def home(store: LocalStore, endpoint: str) -> str:
    """The page that the server begins with: its data sets, and how to ask."""
    rows = "".join(
        f"<tr><th>{_link(store, record.dataset, record.name)}</th><td>{record.triples:,} triples</td>"
        f"<td>{record.loaded:%Y-%m-%d}</td></tr>"
        for record in archive.list(store)
    )
    query = "PREFIX cets: <https://w3id.org/cetsgraph/ontology#>\nSELECT ?tomogram ?path WHERE {\n"
    query += "  ?fit a cets:FitMap ; cets:annotates ?tomogram .\n  ?tomogram a cets:Tomogram .\n"
    query += "  OPTIONAL { ?tomogram cets:path ?path }\n} LIMIT 100"
    form = (
        f'<form action="{escape(endpoint)}">'
        f'<textarea name="query" rows="8" spellcheck="false">{escape(query)}</textarea>'
        "<p><button>Ask</button></p></form>"
    )
    body = f"<h2>Data sets</h2><table>{rows}</table><h2>Ask in SPARQL</h2>{form}"
    body += f"<p>Programs ask at <code>{escape(endpoint)}</code>; what it can do is said there.</p>"
    return _document(f"Archive {store.settings.archive}", body)


def _statements(store: LocalStore, node: ox.NamedNode) -> Iterator[ox.Triple]:
    own = f"CONSTRUCT {{ {node} ?p ?o }} WHERE {{ {node} ?p ?o }} LIMIT {_MOST}"
    above = f"CONSTRUCT {{ ?s ?p {node} }} WHERE {{ ?s ?p {node} }} LIMIT {_MOST}"
    for query in (own, above):
        answer = store.query(query)
        assert not isinstance(answer, bool)
        yield from answer  # type: ignore[misc]


def _node(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        raise Problem(404, "This is no address of an object.") from error


def _with_link(triple: ox.Triple, address: str) -> ox.Triple:
    value = triple.object
    if isinstance(value, ox.Literal) and value.datatype.value == RDF_JSON and len(value.value) > _LARGE:
        name = triple.predicate.value.removeprefix(CETS)
        return ox.Triple(triple.subject, triple.predicate, ox.NamedNode(f"{address}?property={name}"))
    return triple


def _title(triples: list[ox.Triple]) -> str | None:
    for name in (f"{CETS}title", f"{CETS}name", f"{RDFS}label", f"{CETS}id"):
        for triple in triples:
            if triple.predicate.value == name and isinstance(triple.object, ox.Literal):
                return triple.object.value
    return None


def _property(iri: str) -> str:
    prop = vocabulary().properties.get(iri.removeprefix(CETS))
    if prop is None:
        return escape(iri.rpartition("#")[2].rpartition("/")[2])
    unit = f" ({escape(prop.unit.symbol)})" if prop.unit is not None else ""
    return f'<span title="{escape(prop.definition)}">{escape(prop.label)}</span>{unit}'


def _word(term: object) -> str:
    value = getattr(term, "value", "")
    known = vocabulary().classes.get(value.removeprefix(CETS))
    return known.label if known is not None else str(value)


def _value(store: LocalStore, term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return _link(store, term.value, _short(term.value))
    text = getattr(term, "value", str(term))
    return escape(text if len(text) <= 500 else f"{text[:500]}…")


def _short(iri: str) -> str:
    """The end of an IRI that tells an object from those beside it."""
    return " ".join(unquote(step) for step in iri.removeprefix(CETS).split("/")[-2:])


def _link(store: LocalStore, iri: str, text: str) -> str:
    base = store.settings.base
    target = f"/data/{iri.removeprefix(base)}" if iri.startswith(base) else iri
    safe = target.startswith(("/data/", "http://", "https://"))
    shown = escape(text)
    return f'<a href="{escape(target)}">{shown}</a>' if safe else shown


def _document(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f'<body><p><a href="/">All data sets</a></p><h1>{escape(title)}</h1>{body}</body></html>'
    )
