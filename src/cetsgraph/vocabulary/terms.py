"""What a term of the ontology is: a class, or a property with the kind of its values."""

import dataclasses
import re
from dataclasses import dataclass
from enum import Enum

from cetsgraph.model import Entity, Unit
from cetsgraph.model.base import TermFacts
from cetsgraph.namespaces import CETS

__all__ = ["ClassTerm", "Kind", "Property", "words_of"]


class Kind(Enum):
    """What the values of a property are, and so how they stand in the graph."""

    TEXT = "text"
    LANGUAGE_TEXT = "text in languages"
    INTEGER = "integer"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    ARRAY = "array"
    PART = "part"
    REFERENCE = "reference"
    IRI = "iri"


@dataclass(frozen=True, slots=True)
class Property:
    """One property of the ontology. `domains` are the classes that declare it; `range` names a class."""

    name: str
    field: str
    kind: Kind
    definition: str
    facts: TermFacts = dataclasses.field(default_factory=TermFacts)
    many: bool = False
    unit: Unit | None = None
    values: tuple[str | int, ...] = ()
    meanings: tuple[tuple[str | int, str], ...] = ()
    shape: str | None = None
    range: str | None = None
    domains: tuple[str, ...] = ()
    own_label: str | None = None

    @property
    def iri(self) -> str:
        """The property's IRI."""
        return CETS + self.name

    @property
    def inverse(self) -> str | None:
        """Local name of the inverse of a containment property; declared, never written."""
        return f"is{self.name.removeprefix('has')}Of" if self.kind is Kind.PART else None

    @property
    def dangling(self) -> str | None:
        """Local name of the property that keeps the id of a reference that leads nowhere."""
        return f"{self.name}Id" if self.kind is Kind.REFERENCE else None

    @property
    def order(self) -> str | None:
        """Local name of the property that keeps the order of references, where links do not tell it."""
        return f"{self.name}Order" if self.kind is Kind.REFERENCE and self.many else None

    @property
    def label(self) -> str:
        """English label."""
        return self.own_label or words_of(self.name)


@dataclass(frozen=True, slots=True)
class ClassTerm:
    """One class of the ontology, with the properties that its instances can have, inherited ones included."""

    name: str
    model: type[Entity]
    definition: str
    parents: tuple[str, ...]
    ancestors: tuple[str, ...]
    properties: tuple[Property, ...]

    @property
    def iri(self) -> str:
        """The class's IRI."""
        return CETS + self.name

    @property
    def label(self) -> str:
        """English label."""
        return self.model.label or words_of(self.name)

    @property
    def superclasses(self) -> tuple[str, ...]:
        """The parents of which every object is one; of its alternatives, an object is of one only."""
        return tuple(name for name in self.parents if name not in self.model.one_of)

    @property
    def asserted(self) -> tuple[str, ...]:
        """The class and the superclasses that an instance is written with."""
        return (self.name, *(name for name in self.ancestors if Entity.kinds[name].asserted))


def words_of(name: str) -> str:
    """`TiltSeriesSet` as `tilt series set`, `CTFMetadata` as `CTF metadata`."""
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z]|\d|$)|[A-Z]?[a-z]+|\d+D?|[A-Z]+", name)
    return " ".join(word if len(word) > 1 and word.isupper() else word.lower() for word in words)
