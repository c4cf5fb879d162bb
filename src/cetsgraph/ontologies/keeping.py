"""Ontologies in a store: each in a named graph, which says what it is."""

from collections.abc import Iterator

import pyoxigraph as ox

from cetsgraph.documents.content import Readable
from cetsgraph.errors import StrPath, UnknownName
from cetsgraph.iris import is_iri
from cetsgraph.namespaces import CETS, DCTERMS, OWL, RDF_TYPE, RDFS
from cetsgraph.ontologies.files import read_ontology
from cetsgraph.ontologies.terms import (
    ALTERNATIVE,
    CONSIDERED,
    DEFINITION,
    IN_OWL,
    PART_OF,
    SUCCESSOR,
    Ontology,
    Term,
)
from cetsgraph.store import Store
from cetsgraph.texts import did_you_mean, nearest

__all__ = ["RELATED_KEY", "TERM_KEY", "add", "kept", "remove"]

TERM_KEY = f"{CETS}termKey"
RELATED_KEY = f"{CETS}relatedKey"

_TITLE, _VERSION, _LICENCE = f"{DCTERMS}title", f"{OWL}versionInfo", f"{DCTERMS}license"
_CLASS, _ONTOLOGY = ox.NamedNode(f"{OWL}Class"), ox.NamedNode(f"{OWL}Ontology")
_TRUE = ox.Literal(True)
_PIECE = 20_000  # quads in one addition


def add(store: Store, source: Readable, *, path: StrPath | None = None) -> Ontology:
    """Keep an ontology in a store, in place of the version of it that is there.

    Args:
        store: where to.
        source: a file in OBO, OBO Graph JSON or OWL, its bytes, or a stream.
        path: its name, where `source` has none.

    Raises:
        DocumentError: the file is no ontology that can be read.
        ExtraNotInstalled: it is in OBO, and the extra `ontologies` is not installed.
        StoreError: the store cannot be changed.
    """
    ontology, terms = read_ontology(source, path=path)
    with store.writing() as writing:
        writing.remove(ontology.iri)
        for piece in _pieces(_quads(ontology, terms)):
            writing.add(piece)
    return ontology


def kept(store: Store) -> list[Ontology]:
    """The ontologies of a store, by IRI."""
    rows = store.select(_KEPT)
    return [
        Ontology(
            iri=row["iri"].value,
            title=_text(row["title"]),
            version=_text(row["version"]),
            licence=_text(row["licence"]),
            terms=int(row["terms"].value),
        )
        for row in rows
    ]


def remove(store: Store, name: str) -> Ontology:
    """Take an ontology out of a store.

    Args:
        store: where from.
        name: its IRI, or the last part of that, such as `go`.

    Raises:
        UnknownName: there is none of this name.
    """
    known = {name: one for one in kept(store) for name in (one.iri, _short(one.iri))}
    if name not in known:
        hint = did_you_mean(nearest(name, known)) or "`cetsgraph ontologies list` lists them."
        raise UnknownName(f"there is no ontology {name!r}", where=store.location, hint=hint)
    with store.writing() as writing:
        writing.remove(known[name].iri)
    return known[name]


def _short(iri: str) -> str:
    """The name of an ontology as people say it.

    >>> _short("http://purl.obolibrary.org/obo/go.owl")
    'go'
    """
    return iri.rstrip("/#").rpartition("/")[2].removesuffix(".owl").lower()


_KEPT = f"""
SELECT ?iri (SAMPLE(?a_title) AS ?title) (SAMPLE(?a_version) AS ?version) (SAMPLE(?a_licence) AS ?licence)
       (COUNT(DISTINCT ?term) AS ?terms)
WHERE {{
  GRAPH ?iri {{
    ?iri a <{OWL}Ontology> .
    ?term <{TERM_KEY}> ?key .
    OPTIONAL {{ ?iri <{_TITLE}> ?a_title }}
    OPTIONAL {{ ?iri <{_VERSION}> ?a_version }}
    OPTIONAL {{ ?iri <{_LICENCE}> ?a_licence }}
  }}
}}
GROUP BY ?iri ORDER BY ?iri
"""


def _text(term: object) -> str | None:
    return getattr(term, "value", None)


def _pieces(quads: Iterator[ox.Quad]) -> Iterator[bytes]:
    piece: list[ox.Quad] = []
    for quad in quads:
        piece.append(quad)
        if len(piece) == _PIECE:
            yield ox.serialize(piece, format=ox.RdfFormat.N_QUADS) or b""
            piece = []
    yield ox.serialize(piece, format=ox.RdfFormat.N_QUADS) or b""


def _quads(ontology: Ontology, terms: list[Term]) -> Iterator[ox.Quad]:
    graph = ox.NamedNode(ontology.iri)
    yield ox.Quad(graph, ox.NamedNode(RDF_TYPE), _ONTOLOGY, graph)
    for predicate, text in (
        (_TITLE, ontology.title),
        (_VERSION, ontology.version),
        (_LICENCE, ontology.licence),
    ):
        if text:
            value = ox.NamedNode(text) if predicate == _LICENCE and is_iri(text) else ox.Literal(text)
            yield ox.Quad(graph, ox.NamedNode(predicate), value, graph)
    for term in terms:
        subject = ox.NamedNode(term.iri)
        for predicate, value in _facts(term):
            yield ox.Quad(subject, ox.NamedNode(predicate), value, graph)


def _facts(term: Term) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
    yield RDF_TYPE, _CLASS
    if term.label:
        yield f"{RDFS}label", ox.Literal(term.label)
    if term.definition:
        yield DEFINITION, ox.Literal(term.definition)
    if term.obsolete:
        yield f"{OWL}deprecated", _TRUE
    for synonym in term.synonyms:
        yield f"{IN_OWL}has{synonym.scope}Synonym", ox.Literal(synonym.text)
    for identifier in term.alternatives:
        yield ALTERNATIVE, ox.Literal(identifier)
    for predicate, iris in (
        (f"{RDFS}subClassOf", term.parents),
        (PART_OF, term.wholes),
        (SUCCESSOR, term.successors),
        (CONSIDERED, term.considered),
    ):
        yield from ((predicate, ox.NamedNode(iri)) for iri in iris if is_iri(iri))
    for predicate, keys in ((TERM_KEY, term.keys()), (RELATED_KEY, term.related_keys())):
        yield from ((predicate, ox.Literal(key)) for key in sorted(keys))
