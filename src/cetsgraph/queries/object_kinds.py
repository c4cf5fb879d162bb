"""A question about an object, asked for each of its kinds and parts that a store has."""

from collections.abc import Iterator, Mapping, Sequence

from cetsgraph.errors import ParameterError
from cetsgraph.ontologies.kinds import ObjectKind, kinds_of
from cetsgraph.queries.question import Column, Parameter, Query
from cetsgraph.queries.terms import Cell, Value, ValueKind
from cetsgraph.store import Store

__all__ = ["KIND_COLUMNS", "cells_of", "object_parameter", "objects_of", "values_by_kind"]

KIND_COLUMNS = (
    Column(
        "term",
        ValueKind.TEXT,
        None,
        "the kind as a term, or as it was asked for",
        optional=True,
    ),
    Column(
        "term_label",
        ValueKind.TEXT,
        None,
        "label of the term in its ontology",
        optional=True,
    ),
)
"""Columns by which each row says which kind it is about."""


def values_by_kind(
    store: Store, question: Query, values: Mapping[str, Value]
) -> Iterator[tuple[ObjectKind, dict[str, Value]]]:
    """Each kind of the objects that are asked about, once, and values of parameters that ask for it alone.

    Raises:
        ParameterError: as `objects_of` says.
        StoreError: the store failed.
    """
    parameter, objects = objects_of(question, values)
    kinds = dict.fromkeys(kind for text in objects for kind in kinds_of(store, text))
    return ((kind, {**values, parameter.name: list(kind.names)}) for kind in kinds)


def objects_of(question: Query, values: Mapping[str, Value]) -> tuple[Parameter, list[str]]:
    """The parameter that takes objects, and those that are asked about.

    Raises:
        ParameterError: the question has no object to follow, or none is given.
    """
    parameter = object_parameter(question)
    if parameter is None:
        raise ParameterError(
            "the question is about no object, so that no kinds of it can be followed",
            query=question.name,
            parameter="kinds_of",
            hint="tomograms_by_annotated_object is one that is.",
        )
    given = values.get(parameter.name, ())
    objects = [given] if isinstance(given, str) else given if isinstance(given, Sequence) else []
    if not objects:
        raise ParameterError("no object was given", query=question.name, parameter=parameter.name)
    return parameter, [str(text) for text in objects]


def object_parameter(question: Query) -> Parameter | None:
    """The parameter by which a question is about objects; None if it has none."""
    return next((one for one in question.parameters if one.kind is ValueKind.OBJECT and one.many), None)


def cells_of(kind: ObjectKind) -> dict[str, Cell]:
    """What stands in the `KIND_COLUMNS`."""
    return {"term": kind.term, "term_label": kind.label}
