"""Questions about an object and all its kinds: each row says which kind it is about."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Unpack

from cetsgraph.errors import ParameterError
from cetsgraph.ontologies.kinds import ObjectKind, kinds_of
from cetsgraph.queries import Query, Row, Rows, ScopedPage, load, run
from cetsgraph.queries.question import Column
from cetsgraph.queries.terms import Value, ValueKind
from cetsgraph.store import Store

__all__ = ["run_with_kinds"]

_TERM = Column("term", ValueKind.TEXT, None, "term that the row is about, or the name where there is none")
_LABEL = Column("term_label", ValueKind.TEXT, None, "label of the term in its ontology", optional=True)


def run_with_kinds(
    store: Store,
    query: str | Query,
    parameters: Mapping[str, Value],
    **page: Unpack[ScopedPage],
) -> Rows[Row]:
    """Run a question about an object for each of its kinds and parts that the store has.

    The rows are those of the question, by kind, and say in `term` and `term_label` which one they are about.

    Args:
        store: data and ontologies.
        query: a question with a parameter that is an object.
        parameters: values by names of parameters.
        **page: `limit` and `offset`, of all rows together; `dataset`, as in `queries.run`.

    Raises:
        ParameterError: the question has no object to follow, or as `queries.run` says.
        StoreError: the store failed.
    """
    question = load(query) if isinstance(query, str) else query
    name = _object_parameter(question)
    given = parameters.get(name, ())
    asked = [given] if isinstance(given, str) else given if isinstance(given, Iterable) else []
    if not asked:
        raise ParameterError("no object was given", query=question.name, parameter=name)
    columns = (*question.columns, _TERM, _LABEL)
    rows = (
        row | {"term": kind.term, "term_label": kind.label}
        for kind in _kinds(store, asked)
        for row in run(store, question, {**parameters, name: list(kind.names)}, dataset=page.get("dataset"))
    )
    start, limit = page.get("offset") or 0, page.get("limit")
    return Rows(islice(rows, start, None if limit is None else start + limit), columns)


def _kinds(store: Store, asked: Iterable[object]) -> Iterator[ObjectKind]:
    """The kinds of each object, once."""
    seen: set[ObjectKind] = set()
    for text in asked:
        for kind in kinds_of(store, str(text)):
            if kind not in seen:
                seen.add(kind)
                yield kind


def _object_parameter(question: Query) -> str:
    for parameter in question.parameters:
        if parameter.kind is ValueKind.OBJECT and parameter.many:
            return parameter.name
    raise ParameterError(
        "the question is about no object, so that no kinds of it can be followed",
        query=question.name,
        parameter="kinds_of",
        hint="tomograms_by_annotated_object is one that is.",
    )
