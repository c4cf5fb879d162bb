"""How objects of each class are read from a graph, compiled from the vocabulary."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from cetsgraph.model import Entity
from cetsgraph.namespaces import CETS
from cetsgraph.texts import did_you_mean, nearest
from cetsgraph.vocabulary import ClassTerm, Property, vocabulary

__all__ = ["ReadingPlan", "most_specific", "own_classes", "without_class"]


@dataclass(frozen=True, slots=True)
class ReadingPlan:
    """How objects of one class are read: the property of a predicate, also of ids that dangle."""

    model: type[Entity]
    ancestors: frozenset[str]
    properties: dict[str, Property]
    dangling: dict[str, Property]
    order: dict[str, Property]


@cache
def _reading_plans() -> dict[str, ReadingPlan]:
    return {term.iri: _planned(term) for term in vocabulary().concrete()}


@cache
def own_classes() -> frozenset[str]:
    """IRIs of all classes of the ontology."""
    return frozenset(CETS + name for name in vocabulary().classes)


def _planned(term: ClassTerm) -> ReadingPlan:
    return ReadingPlan(
        model=term.model,
        ancestors=frozenset(CETS + name for name in term.ancestors),
        properties={prop.iri: prop for prop in term.properties},
        dangling={f"{CETS}{prop.dangling}": prop for prop in term.properties if prop.dangling},
        order={f"{CETS}{prop.order}": prop for prop in term.properties if prop.order},
    )


@cache
def most_specific(types: frozenset[str]) -> ReadingPlan | None:
    """How to read an object of these classes; None if none of them, or several, are the lowest."""
    plans = [plan for iri, plan in _reading_plans().items() if iri in types]
    above = frozenset().union(*(plan.ancestors for plan in plans))
    lowest = [plan for plan in plans if CETS + plan.model.__name__ not in above]
    return lowest[0] if len(lowest) == 1 else None


def without_class(types: Iterable[str]) -> str:
    """What is said of an object of no class that the ontology has, or of several.

    >>> without_class([f"{CETS}Tomogramm"])[-61:]
    "several: there is no cets:Tomogramm. Did you mean 'Tomogram'?"
    """
    message = "the object has no class of the ontology, or several"
    foreign = sorted(one for one in types if one.startswith(CETS) and one not in own_classes())
    if not foreign:
        return message
    name, known = foreign[0].removeprefix(CETS), (one.removeprefix(CETS) for one in own_classes())
    meant = did_you_mean(nearest(name, known, count=1))
    return f"{message}: there is no cets:{name}. {meant or ''}".strip()
