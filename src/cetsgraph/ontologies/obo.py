"""Ontologies in OBO, read by fastobo.

https://owlcollab.github.io/oboformat/doc/GO.format.obo-1_4.html
"""

import io
import re
from collections.abc import Callable
from typing import Any

import fastobo

from cetsgraph.documents.content import Content
from cetsgraph.errors import DocumentError
from cetsgraph.namespaces import OBO
from cetsgraph.ontologies.terms import Ontology, Synonym, SynonymScope, Term, iri_of, is_part_of

__all__ = ["read_obo"]

_SCOPES = {scope.name: scope for scope in SynonymScope}


def read_obo(content: Content) -> tuple[Ontology, list[Term]]:
    """An ontology and its terms.

    Raises:
        DocumentError: the text is not OBO; with its line.
    """
    try:
        document = fastobo.load(io.BytesIO(content.data))
    except SyntaxError as error:
        message = "the file is not in OBO format"
        raise DocumentError(message, path=content.name, line=error.lineno, found=error.msg) from error
    except (OSError, ValueError) as error:
        raise DocumentError("the file is not in OBO format", path=content.name, found=str(error)) from error
    iris = _Iris(document.header)
    terms = [_term(frame, iris) for frame in document if isinstance(frame, fastobo.term.TermFrame)]
    return _ontology(document.header), terms


class _Iris:
    """IRIs of ids: by the header's own prefixes, else those of the OBO Foundry."""

    def __init__(self, header: Any) -> None:
        clauses = (clause for clause in header if clause.raw_tag() == "idspace")
        self._namespaces = {str(clause.prefix): str(clause.url) for clause in clauses}

    def of(self, identifier: object) -> str:
        return iri_of(str(identifier), self._namespaces)


def _ontology(header: Any) -> Ontology:
    said: dict[str, str] = {}
    for clause in header:
        tag, value = clause.raw_tag(), clause.raw_value()
        if tag == "property_value":
            relation, _, value = value.partition(" ")
            tag, value = re.split(r"[/#:]", relation)[-1], value.rsplit(" xsd:", 1)[0].strip('"')
        said.setdefault(tag, value)
    name = said.get("ontology", "")
    return Ontology(
        iri=name if "://" in name else f"{OBO}{name}.owl" if name else "",
        title=said.get("title"),
        version=said.get("data-version"),
        licence=said.get("license"),
    )


def _term(frame: Any, iris: _Iris) -> Term:
    term = Term(iris.of(frame.id))
    for clause in frame:
        if (take := _CLAUSES.get(clause.raw_tag())) is not None:
            take(term, clause, iris)
    return term


def _relationship(term: Term, clause: Any, iris: _Iris) -> None:
    """A relationship of a term, or part of its definition: without a relation, what it is a kind of."""
    if clause.typedef is None:
        term.parents.append(iris.of(clause.term))
    elif is_part_of(str(clause.typedef)):
        term.wholes.append(iris.of(clause.term))


def _synonym(term: Term, clause: Any, iris: _Iris) -> None:
    synonym = clause.synonym
    term.synonyms.append(Synonym(synonym.desc, _SCOPES[synonym.scope]))


def _set(name: str, read: Callable[[Any, _Iris], object]) -> Callable[[Term, Any, _Iris], None]:
    return lambda term, clause, iris: setattr(term, name, read(clause, iris))


def _add(name: str, read: Callable[[Any, _Iris], object]) -> Callable[[Term, Any, _Iris], None]:
    return lambda term, clause, iris: getattr(term, name).append(read(clause, iris))


_CLAUSES: dict[str, Callable[[Term, Any, _Iris], None]] = {
    "name": _set("label", lambda clause, iris: clause.name),
    "def": _set("definition", lambda clause, iris: clause.definition),
    "is_obsolete": _set("obsolete", lambda clause, iris: clause.obsolete),
    "is_a": _add("parents", lambda clause, iris: iris.of(clause.term)),
    "alt_id": _add("alternatives", lambda clause, iris: str(clause.alt_id)),
    "replaced_by": _add("successors", lambda clause, iris: iris.of(clause.term)),
    "consider": _add("considered", lambda clause, iris: iris.of(clause.term)),
    "relationship": _relationship,
    "intersection_of": _relationship,
    "synonym": _synonym,
}
