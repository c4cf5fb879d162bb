"""What every CETS object is made of: the base classes, and the helpers by which a field describes itself.

A field states its definition, bounds and whether a deposition needs it where it is declared:

    ctf_corrected: bool | None = term("Whether the contrast transfer function was corrected.")
    regions: list[Region] = parts("Parts of the sample that were imaged.", "region")

Nothing here rejects an improbable value. A tilt angle of 999° is represented and judged later, by shapes
derived from these very statements; what cannot be represented (text where a number belongs) is refused.
"""

import reprlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, model_validator
from pydantic.functional_validators import ModelWrapValidatorHandler
from pydantic_core import PydanticCustomError

from cetsgraph.notebook import html_table
from cetsgraph.texts import shortened

__all__ = [
    "Annotation",
    "AnnotationMethod",
    "Array",
    "CrossReference",
    "DataObject",
    "Entity",
    "Matrix",
    "Matrices",
    "Numbers",
    "Person",
    "Reference",
    "Software",
    "TermFacts",
    "array",
    "facts_of",
    "part",
    "parts",
    "reference",
    "term",
]


FIELD_LANGUAGE = frozenset({"Array", "TermFacts", "array", "facts_of", "part", "parts", "reference", "term"})
"""What classes of the model are written with; the others of `__all__` are what data sets are made of."""

_LONGEST = 300  # characters of a repr


@dataclass(frozen=True, slots=True)
class TermFacts:
    """What a field says of itself beyond its type and definition.

    `name` is the noun of a contained object (`region` gives `hasRegion` and the IRI segment `/region/`);
    `target` the class that a reference leads to, `scope` the class within which its id is looked up;
    `minimum` and `maximum` are inclusive, `above` is exclusive; `labels` are other names in use.
    """

    name: str | None = None
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    target: str | None = None
    scope: str = "Region"
    labels: tuple[str, ...] = ()
    values: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Array:
    """Marks a list of numbers (of any depth) that is one value: one `rdf:JSON` literal in the graph."""

    shape: str


Numbers = Annotated[list[float], Array("N")]
Matrix = Annotated[list[list[float]], Array("N×M")]
Matrices = Annotated[list[list[list[float]]], Array("N×M×M")]


def _field(definition: str, facts: TermFacts, **default: Any) -> Any:
    return Field(**default, description=definition, json_schema_extra={"cets": facts})  # type: ignore[dict-item]


def term(
    definition: str,
    *,
    required: bool = False,
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
    values: tuple[int, ...] = (),
    labels: tuple[str, ...] = (),
) -> Any:
    """A single value: text, number, truth value, date, or one of an enumeration."""
    facts = TermFacts(
        required=required, minimum=minimum, maximum=maximum, above=above, values=values, labels=labels
    )
    return _field(definition, facts, default=None)


def array(definition: str, *, labels: tuple[str, ...] = ()) -> Any:
    """A list of numbers or of lists of numbers, kept as one value."""
    return _field(definition, TermFacts(labels=labels), default=None)


def part(definition: str, name: str, *, required: bool = False, labels: tuple[str, ...] = ()) -> Any:
    """One contained object; `name` is its noun."""
    return _field(definition, TermFacts(name=name, required=required, labels=labels), default=None)


def parts(definition: str, name: str, *, required: bool = False, labels: tuple[str, ...] = ()) -> Any:
    """Contained objects, in order; `name` is the noun of one."""
    return _field(definition, TermFacts(name=name, required=required, labels=labels), default_factory=list)


def reference(definition: str, target: str, *, scope: str = "Region", labels: tuple[str, ...] = ()) -> Any:
    """The id of another object, of class `target`, found within the enclosing `scope`.

    Where the object has no id, the value is its place in the document as a JSON pointer after `#`:
    `#/regions/0/tomo_image_sets/0/tilt_series_sets/0/tilt_series/1`.
    """
    return _field(definition, TermFacts(target=target, scope=scope, labels=labels), default=None)


Reference = str


def facts_of(extra: object) -> TermFacts:
    """The `TermFacts` that `term`, `part` and their siblings put into a Pydantic field."""
    if not isinstance(extra, dict) or not isinstance(facts := extra.get("cets"), TermFacts):
        raise TypeError(f"not declared with term(), array(), part(), parts() or reference(): {extra!r}")
    return facts


class Entity(BaseModel):
    """Anything that a CETS document describes and that can be named."""

    model_config = ConfigDict(
        extra="forbid", strict=True, allow_inf_nan=False, validate_assignment=True, defer_build=True
    )
    __slots__ = ("_pointer", "_spellings")

    abstract: ClassVar[bool] = True  # has no instances of its own
    asserted: ClassVar[bool] = False  # written as a type of the instances of its subclasses, for queries
    indexed: ClassVar[bool] = False  # questions start from it: it carries its data set (inherited)
    labels: ClassVar[tuple[str, ...]] = ()
    kinds: ClassVar[dict[str, type["Entity"]]] = {}

    id: str | None = term("Identifier of the object, unique among its kind in its region.")
    name: str | None = term("Short name of the object.")
    description: str | None = term("Free text about the object.")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.abstract = bool(cls.__dict__.get("abstract", False))
        cls.asserted = bool(cls.__dict__.get("asserted", False))
        cls.labels = tuple(cls.__dict__.get("labels", ()))
        Entity.kinds[cls.__name__] = cls

    @property
    def pointer(self) -> str | None:
        """Where the object was in its source document (JSON pointer, RFC 6901), if it came from one."""
        return getattr(self, "_pointer", None)

    @property
    def spellings(self) -> Mapping[str, tuple[str, ...]]:
        """Names of the object's fields in its source document, of each the current one first."""
        return getattr(self, "_spellings", {})

    def came_from(self, pointer: str, spellings: Mapping[str, tuple[str, ...]] | None = None) -> Self:
        """Remember the place in the source document; not part of the object's value."""
        object.__setattr__(self, "_pointer", pointer)
        if spellings is not None:
            object.__setattr__(self, "_spellings", spellings)
        return self

    def _take_place_of(self, other: "Entity") -> Self:
        for slot in Entity.__slots__:
            if hasattr(other, slot):
                object.__setattr__(self, slot, getattr(other, slot))
        return self

    def __copy__(self) -> Self:
        return super().__copy__()._take_place_of(self)

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return super().__deepcopy__(memo)._take_place_of(self)

    def __getstate__(self) -> dict[Any, Any]:
        place = {slot: getattr(self, slot) for slot in Entity.__slots__ if hasattr(self, slot)}
        return {**super().__getstate__(), "place": place}

    def __setstate__(self, state: dict[Any, Any]) -> None:
        super().__setstate__(state)
        for slot, value in state.get("place", {}).items():
            object.__setattr__(self, slot, value)

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={text}" for name, text in self._filled())
        return shortened(f"{type(self).__name__}({fields}", _LONGEST - 1) + ")"

    __str__ = __repr__

    def _filled(self) -> list[tuple[str, str]]:
        """The fields that have a value, each on one line."""
        return [(name, _brief(value)) for name, value in self.__dict__.items() if value not in (None, [])]

    def _repr_html_(self) -> str:
        kinds = Counter(type(entity).__name__ for entity in self.walk())
        objects = ", ".join(f"{kind} {count:,}" for kind, count in kinds.most_common(8))
        return html_table([type(self).__name__, ""], self._filled(), caption=f"objects: {objects}")

    def children(self) -> Iterator[tuple[str, int | None, "Entity"]]:
        """Contained objects, in document order, as (field, index or None, object)."""
        for name, value in self.__dict__.items():
            if isinstance(value, Entity):
                yield name, None, value
            elif isinstance(value, list):
                for index, item in enumerate(value):
                    if isinstance(item, Entity):
                        yield name, index, item

    def walk(self) -> Iterator["Entity"]:
        """The object and everything it contains, depth first."""
        stack: list[Entity] = [self]
        while stack:
            entity = stack.pop()
            yield entity
            stack.extend(reversed([child for _, _, child in entity.children()]))

    @model_validator(mode="wrap")
    @classmethod
    def _of_its_type(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Canonical JSON names the class of an object under `type` wherever several are possible."""
        if not isinstance(value, dict) or "type" not in value:
            return handler(value)
        kind = Entity.kinds.get(str(value["type"]))
        if kind is None or not issubclass(kind, cls) or kind.abstract:
            raise PydanticCustomError(
                "type", "{found} is not a kind of {cls}", {"found": value["type"], "cls": cls.__name__}
            )
        rest = {key: item for key, item in value.items() if key != "type"}
        return handler(rest) if kind is cls else kind.model_validate(rest)


Entity.kinds["Entity"] = Entity


def _brief(value: object) -> str:
    """A value on one line: contained objects by their class or number."""
    if isinstance(value, Entity):
        return f"{type(value).__name__}(…)"
    if isinstance(value, list) and value and isinstance(value[0], Entity):
        return f"[{type(value[0]).__name__} × {len(value)}]"
    return reprlib.repr(value)


AnnotationMethod = Literal["manual", "automated", "hybrid", "simulated"]
"""How an annotation was made."""


class Person(Entity):
    """Someone who contributed to a data set or an annotation."""

    orcid: str | None = term("ORCID of the person, as four groups of four characters.")
    affiliation: str | None = term("Organisation that the person works for.")


class Software(Entity):
    """A program that made or changed data."""

    version: str | None = term("Version of the software.")
    url: str | None = term("Address where the thing described can be found.")


class CrossReference(Entity):
    """An entry in another archive about the same specimen, data or result."""

    database: str | None = term(
        "Archive that holds the entry: EMPIAR, EMDB, PDB, CryoET Data Portal, DOI.", required=True
    )
    accession: str | None = term("Identifier of the entry in its archive.", required=True)
    url: str | None = term("Address where the thing described can be found.")


class Annotation(Entity):
    """A statement about a data object: a text, a shape, points, a mask, a fitted map, or a set of these."""

    abstract = True
    asserted = True
    indexed = True

    annotated_object: str | None = term("Ontology term (CURIE or IRI) of what the annotation marks.")
    annotated_object_name: str | None = term("Name of what the annotation marks.")
    annotated_object_state: str | None = term(
        "State of what the annotation marks, for instance open or closed."
    )
    method: AnnotationMethod | None = term("How the annotation was made.")
    method_description: str | None = term("Free text about how the annotation was made.")
    ground_truth: bool | None = term("Whether the annotation is held to be ground truth.")
    confidence: float | None = term("Confidence in the annotation, from 0 to 1.", minimum=0, maximum=1)
    target_id: Reference | None = reference(
        "Object that the statement or transformation is about, if not its owner.", "DataObject"
    )
    source_region_id: Reference | None = reference(
        "Region in which the source annotation is found.", "Region", scope="DataSet"
    )
    source_tomogram_id: Reference | None = reference("Tomogram in which the annotation was made.", "Tomogram")
    authors: list[Person] = parts("People who made the object.", "author")
    software: list[Software] = parts("Software that made the object.", "software")
    cross_references: list[CrossReference] = parts("Entries in other archives.", "cross-reference")


class DataObject(Entity):
    """Anything that can be annotated."""

    abstract = True

    annotations: list[SerializeAsAny[Annotation]] = parts("Statements about the object.", "annotation")
