"""How objects of each class are written to a graph, compiled from the vocabulary."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Any

from cetsgraph.graph.literals import DATATYPES, LEXICAL
from cetsgraph.graph.object_keys import SEARCHED
from cetsgraph.model import Entity
from cetsgraph.namespaces import CETS, RDF_TYPE
from cetsgraph.vocabulary import DERIVED, ClassTerm, Kind, Property, vocabulary

__all__ = ["AskedTerms", "WritingPlan", "writing_plans"]


@dataclass(frozen=True, slots=True)
class WritingPlan:
    """How the objects of one class are written.

    `literals` are (field, what stands before the lexical form, how the form is made, what stands after it);
    `texts` those that may be in several languages. `either` says whether objects are 2D or 3D, `silent` that
    nothing is asked of them.
    """

    types: tuple[str, ...]
    kind: str
    in_data_set: bool
    in_region: bool
    literals: tuple[tuple[str, str, Callable[[Any], str], str], ...]
    texts: tuple[Property, ...]
    references: tuple[Property, ...]
    containment: dict[str, str]
    searched: tuple[str, ...]
    either: bool
    asked: frozenset[str] | None
    silent: bool


@dataclass(frozen=True, slots=True)
class AskedTerms:
    """What shapes ask for, by names of classes and properties: `path`, or `FitMap.path` of one class alone.

    Shapes that follow from the model find nothing at objects that are as it wants them. Such are written with
    what `rules` ask for, and others with `all`.
    """

    rules: frozenset[str]
    all: frozenset[str]


@cache
def writing_plans(asked: frozenset[str] | None) -> dict[type[Entity], WritingPlan]:
    """How the objects of each class are written: all of them, or what is asked of classes and properties."""
    return {term.model: _planned(term, asked) for term in vocabulary().concrete()}


def _planned(term: ClassTerm, of_all: frozenset[str] | None) -> WritingPlan:
    asked = None if of_all is None else _asked_of(term, of_all)
    types = tuple(name for name in term.asserted if asked is None or name in asked)
    indexed = any(base.__dict__.get("indexed", False) for base in term.model.__mro__)
    properties = [
        prop
        for prop in term.properties
        if asked is None or prop.name in asked or (types and prop.facts.required)
    ]
    return WritingPlan(
        types=tuple(map(_type, types)),
        kind=term.label,
        in_data_set=indexed and (asked is None or "inDataSet" in asked),
        in_region=indexed and (asked is None or "inRegion" in asked),
        literals=tuple(
            (prop.field, f' <{prop.iri}> "', LEXICAL[prop.kind], _after(prop.kind))
            for prop in properties
            if prop.kind in LEXICAL
        ),
        texts=tuple(prop for prop in properties if prop.kind is Kind.LANGUAGE_TEXT),
        references=tuple(
            prop
            for prop in term.properties
            if prop.kind is Kind.REFERENCE and (asked is None or {prop.name, prop.dangling} & asked)
        ),
        containment={prop.field: f" <{prop.iri}> " for prop in properties if prop.kind is Kind.PART},
        searched=tuple(field for field in SEARCHED if field in term.model.model_fields),
        either=bool(term.model.one_of) and (asked is None or not asked.isdisjoint(term.model.one_of)),
        asked=asked,
        silent=asked is not None and not asked,
    )


def _asked_of(term: ClassTerm, asked: frozenset[str]) -> frozenset[str]:
    """What is asked of the objects of a class, by the names of its types and properties."""
    known = {*term.asserted, *term.model.one_of, *(prop.name for prop in DERIVED)}
    known.update(name for prop in term.properties for name in (prop.name, prop.dangling) if name)
    names = _names_by_class(asked)
    return frozenset(known.intersection(chain.from_iterable(names[cls] for cls in ("", *term.asserted))))


@cache
def _names_by_class(asked: frozenset[str]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for one in asked:
        cls, _, name = one.rpartition(".")
        found[cls].append(name)
    return found


def _type(name: str) -> str:
    return f" <{RDF_TYPE}> <{CETS}{name}>"


def _after(kind: Kind) -> str:
    return f'"^^<{DATATYPES[kind]}>' if kind in DATATYPES else '"'
