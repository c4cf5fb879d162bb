"""A graph by subject and predicate; what other vocabularies say is taken over, or left out and reported."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from cetsgraph.findings import Finding, Severity
from cetsgraph.graph.links import LABEL, LINKS
from cetsgraph.namespaces import CETS, DCTERMS, OWL, RDF_TYPE, compact
from cetsgraph.rdf import Term
from cetsgraph.vocabulary import DERIVED

__all__ = ["IN_DATA_SET", "POSITION", "SAME_AS", "Node", "adopt", "left_out", "nodes_of", "note", "set_aside"]

Node = dict[str, list[Term]]

IN_DATA_SET = f"{CETS}inDataSet"
POSITION = f"{CETS}position"
SAME_AS = f"{OWL}sameAs"
_UNREAD = frozenset(prop.iri for prop in DERIVED) - {POSITION}
_DERIVED_BESIDE = LINKS | {LABEL}
_TITLE, _LICENSE, _AUTHOR = f"{CETS}title", f"{CETS}license", f"{CETS}hasAuthor"


def nodes_of(triples: Iterable[ox.Quad | ox.Triple], *, beside: bool = True) -> dict[str, Node]:
    """What is said about each subject, by predicate; what was derived for queries is left out.

    So are labels and links to the world, unless what is said `beside` the data is wanted.

    The data set that objects are said to be in stays at the first of them, and wherever another is named.
    """
    nodes: dict[str, Node] = {}
    names: dict[str, str] = {}  # each predicate as one string, however often it comes
    data_set: Term | None = None
    unread = _UNREAD if beside else _UNREAD | _DERIVED_BESIDE
    for triple in triples:
        subject = triple.subject
        if isinstance(subject, ox.Triple):
            continue
        node = nodes.setdefault(subject.value, {})
        predicate = triple.predicate.value
        if predicate == IN_DATA_SET and triple.object != data_set:
            data_set = triple.object
            node.setdefault(IN_DATA_SET, []).append(data_set)
        elif predicate not in unread:
            node.setdefault(names.setdefault(predicate, predicate), []).append(triple.object)
    return nodes


def adopt(nodes: dict[str, Node], root: str) -> list[Finding]:
    """Take over what Dublin Core says of the data set, and take out what other vocabularies say of anything.

    `dcterms:title`, `dcterms:license` and `dcterms:creator` of the data set become its title, licence and
    authors, where it has none. There is a warning for each statement that is taken out.
    """
    if root in nodes:
        for name, node in _dublin_core(nodes[root], root):
            nodes.setdefault(name, {}).update(node)
    notes = []
    for subject, node in nodes.items():
        for predicate in [name for name in node if not _is_read(name)]:
            del node[predicate]
            notes.append(left_out(subject, predicate))
    return notes


def set_aside(nodes: dict[str, Node]) -> dict[str, Node]:
    """Take out labels and links to the world, which are derived; gives what they say of each subject."""
    aside: dict[str, Node] = {}
    for subject, node in nodes.items():
        found = {predicate: node.pop(predicate) for predicate in _DERIVED_BESIDE if predicate in node}
        if found:
            aside[subject] = found
    return aside


def note(subject: str, message: str) -> Finding:
    """A warning about what is not kept of an object."""
    return Finding(rule="unknown-field", severity=Severity.WARNING, pointer=subject, message=message)


def left_out(subject: str, predicate: str) -> Finding:
    """A warning about a statement of another vocabulary."""
    return note(subject, f"{compact(predicate)} is left out: it is no property of the ontology")


def _is_read(predicate: str) -> bool:
    return predicate.startswith(CETS) or predicate in (RDF_TYPE, SAME_AS, *_DERIVED_BESIDE)


def _dublin_core(node: Node, root: str) -> Iterator[tuple[str, Node]]:
    """What Dublin Core says of the data set, in the ontology's terms."""
    for ours, theirs in ((_TITLE, "title"), (_LICENSE, "license")):
        terms = node.get(f"{DCTERMS}{theirs}")
        if terms and ours not in node:
            del node[f"{DCTERMS}{theirs}"]
            plain = theirs == "license"  # ours is a text, also where it is an IRI
            yield root, {ours: [_text(term) if plain else term for term in terms]}
    creators = node.get(f"{DCTERMS}creator")
    if creators and _AUTHOR not in node and all(isinstance(one, ox.Literal) for one in creators):
        del node[f"{DCTERMS}creator"]
        authors = [f"{root}/author/~{index}" for index in range(len(creators))]
        yield root, {_AUTHOR: [ox.NamedNode(author) for author in authors]}
        for index, (author, creator) in enumerate(zip(authors, creators, strict=True)):
            position = ox.Literal(index)
            yield author, {RDF_TYPE: [_PERSON], f"{CETS}name": [creator], POSITION: [position]}


def _text(term: Term) -> ox.Literal:
    return ox.Literal(str(getattr(term, "value", term)))


_PERSON = ox.NamedNode(f"{CETS}Person")
