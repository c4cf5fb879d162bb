"""Ontologies in OWL, in any syntax of RDF. Imports are not followed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from cetsgraph.documents.content import Content
from cetsgraph.errors import DocumentError
from cetsgraph.namespaces import DCTERMS, OWL, RDF, RDF_TYPE, RDFS, SKOS
from cetsgraph.ontologies.terms import (
    ALTERNATIVE,
    CONSIDERED,
    DEFINITION,
    IN_OWL,
    SUCCESSORS,
    Ontology,
    Synonym,
    SynonymScope,
    Term,
    iri_of,
    is_part_of,
)
from cetsgraph.rdf import BOOLEANS
from cetsgraph.rdf import Term as Node

__all__ = ["read_owl"]

_TITLES = (f"{DCTERMS}title", "http://purl.org/dc/elements/1.1/title", f"{RDFS}label")
_LICENCES = (f"{DCTERMS}license", "http://purl.org/dc/elements/1.1/license", f"{DCTERMS}rights")
_Said = dict[str, list[Node]]


def read_owl(content: Content, syntax: ox.RdfFormat) -> tuple[Ontology, list[Term]]:
    """An ontology and its named classes.

    Raises:
        DocumentError: the text is not RDF of this syntax, with its line, or no ontology with an IRI.
    """
    said: dict[Node, _Said] = defaultdict(lambda: defaultdict(list))
    try:
        for quad in ox.parse(content.data, format=syntax):
            said[quad.subject][quad.predicate.value].append(quad.object)
    except SyntaxError as error:
        message = f"the file is not {syntax.name}"
        raise DocumentError(message, path=content.name, line=error.lineno, found=error.msg) from error
    named = {node.value: facts for node, facts in said.items() if isinstance(node, ox.NamedNode)}
    terms = [_term(iri, facts, said) for iri, facts in named.items() if _is(facts, "Class")]
    return _ontology(named), terms


def _is(facts: _Said, kind: str) -> bool:
    return ox.NamedNode(f"{OWL}{kind}") in facts[RDF_TYPE]


def _ontology(named: dict[str, _Said]) -> Ontology:
    for iri, facts in named.items():
        if _is(facts, "Ontology"):
            versions = (f"{OWL}versionIRI", f"{OWL}versionInfo")
            return Ontology(iri, _first(facts, _TITLES), _first(facts, versions), _first(facts, _LICENCES))
    return Ontology("")


def _term(iri: str, facts: _Said, said: dict[Node, _Said]) -> Term:
    above = [*facts[f"{RDFS}subClassOf"], *_defining(facts, said)]
    return Term(
        iri=iri,
        label=_first(facts, (f"{RDFS}label", f"{SKOS}prefLabel")),
        definition=_first(facts, (DEFINITION, f"{SKOS}definition")),
        synonyms=[*_synonyms(facts)],
        parents=[node.value for node in above if isinstance(node, ox.NamedNode)],
        wholes=[
            *_wholes(above, said),
            *_iris([term for name in facts if is_part_of(name) for term in facts[name]]),
        ],
        alternatives=[*_texts(facts[ALTERNATIVE])],
        obsolete=any(BOOLEANS.get(text) for text in _texts(facts[f"{OWL}deprecated"])),
        successors=[*_named([term for name in SUCCESSORS for term in facts[name]])],
        considered=[*_named(facts[CONSIDERED])],
    )


def _synonyms(facts: _Said) -> Iterator[Synonym]:
    for scope in SynonymScope:
        for text in _texts(facts[f"{IN_OWL}has{scope}Synonym"]):
            yield Synonym(text, scope)
    for text in _texts(facts[f"{SKOS}altLabel"]):
        yield Synonym(text, SynonymScope.EXACT)


def _defining(facts: _Said, said: dict[Node, _Said]) -> Iterator[Node]:
    """The classes and restrictions of the definition `A and part of some B`."""
    for definition in facts[f"{OWL}equivalentClass"]:
        for start in said[definition][f"{OWL}intersectionOf"]:
            yield from _members(start, said)


def _members(start: Node, said: dict[Node, _Said]) -> Iterator[Node]:
    """The members of a list of RDF."""
    rest: Node | None = start
    seen: set[Node] = set()
    while rest is not None and rest not in seen:
        seen.add(rest)
        yield from said[rest][f"{RDF}first"]
        rest = next(iter(said[rest][f"{RDF}rest"]), None)


def _wholes(above: Sequence[Node], said: dict[Node, _Said]) -> Iterator[str]:
    """What a restriction says: `part of some WHOLE`."""
    for node in above:
        restriction = said.get(node) if isinstance(node, ox.BlankNode) else None
        if restriction and any(map(is_part_of, _iris(restriction[f"{OWL}onProperty"]))):
            yield from _iris(restriction[f"{OWL}someValuesFrom"])


def _first(facts: _Said, predicates: Sequence[str]) -> str | None:
    """The first value, in English or no language where there is one."""
    for predicate in predicates:
        terms = [term for term in facts[predicate] if isinstance(term, ox.NamedNode | ox.Literal)]
        for term in sorted(terms, key=lambda one: _language(one) not in (None, "en")):
            return term.value
    return None


def _language(term: ox.NamedNode | ox.Literal) -> str | None:
    return term.language if isinstance(term, ox.Literal) else None


def _texts(terms: Sequence[Node]) -> Iterator[str]:
    return (term.value for term in terms if isinstance(term, ox.Literal))


def _named(terms: Sequence[Node]) -> Iterator[str]:
    """IRIs of terms that are named by them, or by their CURIEs as text."""
    return (iri_of(term.value) for term in terms if isinstance(term, ox.NamedNode | ox.Literal))


def _iris(terms: Sequence[Node]) -> Iterator[str]:
    return (term.value for term in terms if isinstance(term, ox.NamedNode))
