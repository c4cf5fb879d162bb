"""A graph by subject and predicate; what other vocabularies say is taken over, or left out and reported."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from cetsgraph.findings import Finding, Severity
from cetsgraph.graph.links import LABEL, LINKS
from cetsgraph.namespaces import CETS, DCTERMS, OWL, RDF_TYPE, compact
from cetsgraph.rdf import Term
from cetsgraph.vocabulary import DERIVED

__all__ = ["IN_DATA_SET", "POSITION", "SAME_AS", "Beside", "adopt", "left_out", "nodes_of", "note"]

Node = dict[str, list[Term]]
Beside = list[tuple[str, Term]]
"""Predicates and values."""

IN_DATA_SET = f"{CETS}inDataSet"
POSITION = f"{CETS}position"
SAME_AS = f"{OWL}sameAs"
_UNREAD = frozenset(prop.iri for prop in DERIVED) - {POSITION}
_DERIVED_BESIDE = LINKS | {LABEL}
_MANY = 100_000  # different terms, of which the first are known again
_TITLE, _LICENSE, _AUTHOR = f"{CETS}title", f"{CETS}license", f"{CETS}hasAuthor"


def nodes_of(
    triples: Iterable[ox.Quad | ox.Triple], *, beside: bool = True
) -> tuple[dict[str, Node], dict[str, Beside]]:
    """What is said about each subject, by predicate, and labels and links to the world beside it.

    These are derived, and left out unless what is said `beside` the data is wanted; so is what was derived
    for queries. The data set that objects are said to be in stays at the first, and where another is named.
    """
    nodes: dict[str, Node] = {}
    aside: dict[str, Beside] = {}
    names: dict[str, str] = {}  # each predicate as one string, however often it comes
    terms: dict[Term, Term] = {}  # classes and values that come often, each once
    data_set: Term | None = None
    subject = ""  # the same string as long as it is about the same
    for triple in triples:
        if isinstance(triple.subject, ox.Triple):
            continue
        subject, value = _same(subject, triple.subject.value), triple.object
        node = nodes.setdefault(subject, {})
        predicate = names.setdefault(triple.predicate.value, triple.predicate.value)
        if predicate in _UNREAD and (predicate != IN_DATA_SET or value == data_set):
            continue
        if predicate in _DERIVED_BESIDE:
            if beside:
                aside.setdefault(subject, []).append((predicate, value))
            continue
        if predicate == IN_DATA_SET:
            data_set = value
        if len(terms) < _MANY:
            value = terms.setdefault(value, value)
        if predicate in node:
            node[predicate].append(value)
        else:
            node[predicate] = [value]
    return nodes, aside


def _same(known: str, text: str) -> str:
    return known if text == known else text


def adopt(nodes: dict[str, Node], aside: dict[str, Beside], root: str) -> list[Finding]:
    """Take over what Dublin Core says of the data set, and take out what other vocabularies say of anything.

    `dcterms:title`, `dcterms:license` and `dcterms:creator` of the data set become its title, licence and
    authors, where it has none. There is a warning for each statement that is taken out.
    """
    if root in nodes:
        for name, node in _dublin_core(nodes[root], aside.get(root, []), root):
            nodes.setdefault(name, {}).update(node)
    notes = []
    for subject, node in nodes.items():
        for predicate in [name for name in node if not _is_read(name)]:
            del node[predicate]
            notes.append(left_out(subject, predicate))
    return notes


def note(subject: str, message: str) -> Finding:
    """A warning about what is not kept of an object."""
    return Finding(rule="unknown-field", severity=Severity.WARNING, pointer=subject, message=message)


def left_out(subject: str, predicate: str) -> Finding:
    """A warning about a statement of another vocabulary."""
    return note(subject, f"{compact(predicate)} is left out: it is no property of the ontology")


def _is_read(predicate: str) -> bool:
    return predicate.startswith(CETS) or predicate in (RDF_TYPE, SAME_AS)


def _dublin_core(node: Node, beside: Beside, root: str) -> Iterator[tuple[str, Node]]:
    """What Dublin Core says of the data set, in the ontology's terms."""
    if _TITLE not in node and (titles := node.pop(f"{DCTERMS}title", [])):
        yield root, {_TITLE: titles}
    if _LICENSE not in node and (licences := _taken(beside, f"{DCTERMS}license")):
        yield root, {_LICENSE: [*map(_text, licences)]}  # ours is a text, also where it is an IRI
    creators = [] if _AUTHOR in node else [value for name, value in beside if name == f"{DCTERMS}creator"]
    if creators and all(isinstance(one, ox.Literal) for one in creators):
        _taken(beside, f"{DCTERMS}creator")
        authors = [f"{root}/author/~{index}" for index in range(len(creators))]
        yield root, {_AUTHOR: [ox.NamedNode(author) for author in authors]}
        for index, (author, creator) in enumerate(zip(authors, creators, strict=True)):
            position = ox.Literal(index)
            yield author, {RDF_TYPE: [_PERSON], f"{CETS}name": [creator], POSITION: [position]}


def _taken(beside: Beside, predicate: str) -> list[Term]:
    """The values of a predicate, which are taken out."""
    found = [value for name, value in beside if name == predicate]
    beside[:] = [(name, value) for name, value in beside if name != predicate]
    return found


def _text(term: Term) -> ox.Literal:
    return ox.Literal(str(getattr(term, "value", term)))


_PERSON = ox.NamedNode(f"{CETS}Person")
