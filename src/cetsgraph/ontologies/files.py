"""Ontologies from files, in OBO, OBO Graph JSON or OWL: recognised by what is in them."""

from dataclasses import replace

import pyoxigraph as ox

from cetsgraph.documents.content import Content, Readable, read_content
from cetsgraph.errors import DocumentError, ExtraNotInstalled, StrPath
from cetsgraph.iris import is_iri
from cetsgraph.ontologies.obo_graph import read_obo_graph
from cetsgraph.ontologies.owl import read_owl
from cetsgraph.ontologies.terms import Ontology, Term, unmerged

__all__ = ["read_ontology"]

_SYNTAXES = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
}
_OBO_TAGS = (b"format-version:", b"data-version:", b"ontology:", b"[Term]", b"!")


def read_ontology(source: Readable, *, path: StrPath | None = None) -> tuple[Ontology, list[Term]]:
    """An ontology and its terms, from a file, bytes or a stream, compressed by gzip or not.

    Args:
        source: what it is read from.
        path: name in messages, and the ending that tells the syntax of RDF; where `source` has none.

    Raises:
        DocumentError: the file cannot be read, is in none of the formats, has no IRI, or no terms.
        ExtraNotInstalled: it is in OBO, and the extra `ontologies` is not installed.
    """
    content = read_content(source, path=path)
    ontology, terms = _read(content)
    terms = [term for term in terms if is_iri(term.iri)]
    if not is_iri(ontology.iri):
        raise DocumentError(
            "the ontology does not say its name",
            path=content.name,
            found=repr(ontology.iri),
            expected="an IRI, or `ontology:` in OBO",
        )
    if not terms:
        raise DocumentError("the ontology has no terms", path=content.name)
    unmerged(terms)
    return replace(ontology, terms=len(terms)), terms


def _read(content: Content) -> tuple[Ontology, list[Term]]:
    start = content.data.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096]
    suffix = content.name.lower().removesuffix(".gz").rpartition(".")[2]
    if suffix in _SYNTAXES:
        return read_owl(content, _SYNTAXES[suffix])
    if start.startswith(_OBO_TAGS):
        return _read_obo(content)
    if start.startswith(b"{"):
        return read_obo_graph(content)
    if start.startswith(b"<"):
        return read_owl(content, ox.RdfFormat.RDF_XML)
    if start.startswith((b"@prefix", b"PREFIX", b"@base", b"#")):
        return read_owl(content, ox.RdfFormat.TURTLE)
    raise DocumentError(
        "the file is no ontology that can be read",
        path=content.name,
        expected="OBO, OBO Graph JSON, or OWL as RDF/XML or Turtle",
    )


def _read_obo(content: Content) -> tuple[Ontology, list[Term]]:
    try:
        from cetsgraph.ontologies.obo import read_obo
    except ModuleNotFoundError as error:
        raise ExtraNotInstalled(package="fastobo", extra="ontologies") from error
    return read_obo(content)
