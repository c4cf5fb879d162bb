"""Ontologies in OBO Graph JSON (https://github.com/geneontology/obographs)."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from cetsgraph.documents.content import Content
from cetsgraph.errors import DocumentError
from cetsgraph.ontologies.terms import (
    ALTERNATIVE,
    CONSIDERED,
    SUCCESSORS,
    Ontology,
    Synonym,
    SynonymScope,
    Term,
    iri_of,
    is_part_of,
)

__all__ = ["read_obo_graph"]

_SUBCLASS = frozenset({"is_a", "http://www.w3.org/2000/01/rdf-schema#subClassOf"})


def read_obo_graph(content: Content) -> tuple[Ontology, list[Term]]:
    """The first graph of the file, and its terms.

    Raises:
        DocumentError: the text is not JSON, or has no graph with nodes.
    """
    try:
        graph = json.loads(content.data, object_hook=_stated)["graphs"][0]
        made = (_term(node) for node in graph["nodes"] if node.get("type", "CLASS") == "CLASS")
        terms = {term.iri: term for term in made}
        _relate(terms, [*graph.get("edges", ()), *_defining(graph)])
        return _ontology(graph), list(terms.values())
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise DocumentError(
            "the file is not an OBO graph",
            path=content.name,
            found=f"{type(error).__name__}: {error}",
            expected='JSON with {"graphs": [{"nodes": [...], "edges": [...]}]}',
        ) from error


def _stated(members: dict[str, Any]) -> dict[str, Any]:
    """An object without the members that are null, as some programs write what is not there."""
    return {name: value for name, value in members.items() if value is not None}


def _ontology(graph: dict[str, Any]) -> Ontology:
    meta = graph.get("meta", {})
    said = {value["pred"].rpartition("/")[2]: value["val"] for value in meta.get("basicPropertyValues", ())}
    return Ontology(
        iri=graph.get("id", ""),
        title=said.get("title"),
        version=meta.get("version"),
        licence=said.get("license"),
    )


def _term(node: dict[str, Any]) -> Term:
    meta = node.get("meta", {})
    said: dict[str, list[str]] = defaultdict(list)
    for value in meta.get("basicPropertyValues", ()):
        said[value["pred"]].append(value["val"])
    return Term(
        iri=iri_of(node["id"]),
        label=node.get("lbl"),
        definition=meta.get("definition", {}).get("val"),
        synonyms=[*_synonyms(meta)],
        alternatives=said[ALTERNATIVE],
        obsolete=bool(meta.get("deprecated")),
        successors=[iri_of(text) for name in SUCCESSORS for text in said[name]],
        considered=[*map(iri_of, said[CONSIDERED])],
    )


def _synonyms(meta: dict[str, Any]) -> Iterator[Synonym]:
    scopes = {f"has{scope}Synonym": scope for scope in SynonymScope}
    for synonym in meta.get("synonyms", ()):
        yield Synonym(synonym["val"], scopes.get(synonym["pred"].rpartition("#")[2], SynonymScope.RELATED))


def _defining(graph: dict[str, Any]) -> Iterator[dict[str, str]]:
    """What defines terms, as edges."""
    for axiom in graph.get("logicalDefinitionAxioms", ()):
        sub = axiom["definedClassId"]
        yield from ({"sub": sub, "pred": "is_a", "obj": genus} for genus in axiom.get("genusIds", ()))
        for one in axiom.get("restrictions", ()):
            yield {"sub": sub, "pred": one["propertyId"], "obj": one["fillerId"]}


def _relate(terms: dict[str, Term], edges: Any) -> None:
    for edge in edges:
        term = terms.get(iri_of(edge["sub"]))
        if term is not None and edge["pred"] in _SUBCLASS:
            term.parents.append(iri_of(edge["obj"]))
        elif term is not None and is_part_of(edge["pred"]):
            term.wholes.append(iri_of(edge["obj"]))
