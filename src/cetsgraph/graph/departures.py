"""Objects that are not as the model wants them: what shapes that follow from the model find fault with.

A document as it is read is a tree with the model's types. What can still be wrong with one of its objects: it
lacks a field, has a number out of bounds or a word that is not listed, or refers to nothing.
"""

from dataclasses import dataclass
from functools import cache
from math import inf, nextafter

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import Entity
from cetsgraph.vocabulary import ClassTerm, Kind, Property, vocabulary

__all__ = ["departs"]


@dataclass(frozen=True, slots=True)
class _Demands:
    """What the model asks of the objects of a class."""

    required: tuple[str, ...]
    bounds: tuple[tuple[str, float, float], ...]
    """Least and largest value of fields."""
    words: tuple[tuple[str, frozenset[object]], ...]
    """All values that fields can have."""
    references: tuple[Property, ...]


def departs(place: Place, placement: Placement) -> bool:
    """Whether an object lacks what it must have, has what it may not have, or refers to nothing.

    >>> from cetsgraph.model import DataSet, Region
    >>> placement = Placement(DataSet(regions=[Region(id="r", annotations=[])]))
    >>> [departs(place, placement) for place in placement.places]
    [False, False]
    """
    values = place.entity.__dict__
    demands = _demands()[type(place.entity)]
    for field in demands.required:
        if values[field] is None or values[field] == []:
            return True
    for field, least, largest in demands.bounds:
        if (value := values[field]) is not None and not least <= value <= largest:
            return True
    for field, words in demands.words:
        if (value := values[field]) is not None and value not in words:
            return True
    for reference in demands.references:
        if (value := values[reference.field]) is None:
            continue
        for name in value if isinstance(value, list) else [value]:
            if placement.target(place, reference, name) is None:
                return True
    return False


@cache
def _demands() -> dict[type[Entity], _Demands]:
    return {term.model: _demands_of(term) for term in vocabulary().concrete()}


def _demands_of(term: ClassTerm) -> _Demands:
    return _Demands(
        required=tuple(prop.field for prop in term.properties if prop.facts.required),
        bounds=tuple(
            (prop.field, *bounds) for prop in term.properties if (bounds := _bounds(prop)) != (-inf, inf)
        ),
        words=tuple((prop.field, frozenset(prop.values)) for prop in term.properties if prop.values),
        references=tuple(prop for prop in term.properties if prop.kind is Kind.REFERENCE),
    )


def _bounds(prop: Property) -> tuple[float, float]:
    """The least and the largest number that a field can have."""
    facts = prop.facts
    least = facts.minimum if facts.above is None else nextafter(facts.above, inf)
    return -inf if least is None else least, inf if facts.maximum is None else facts.maximum
