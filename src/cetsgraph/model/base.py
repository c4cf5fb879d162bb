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
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, model_validator
from pydantic.functional_validators import ModelWrapValidatorHandler
from pydantic_core import CoreSchema, PydanticCustomError
from pydantic_core.core_schema import is_instance_schema, no_info_before_validator_function

from cetsgraph.notebook import html_table
from cetsgraph.texts import shortened

__all__ = [
    "Array",
    "Entity",
    "Matrices",
    "Matrix",
    "Meanings",
    "Numbers",
    "Reference",
    "TermFacts",
    "Texts",
    "array",
    "facts_of",
    "part",
    "parts",
    "reference",
    "term",
]


FIELD_LANGUAGE = frozenset(
    {"Array", "Meanings", "TermFacts", "array", "facts_of", "part", "parts", "reference", "term"}
)
"""What classes of the model are written with; the others of `__all__` are what data sets are made of."""

_LONGEST = 300  # characters of a repr
PARTHOOD = "dcterms:hasPart"
"""The relation of most objects to what they contain; people, programs and settings are no parts."""


@dataclass(frozen=True, slots=True)
class TermFacts:
    """What a field says of itself beyond its type and definition.

    `name` is the noun of a contained object (`region` gives `hasRegion` and the IRI segment `/region/`);
    `target` the class that a reference leads to, `scope` the class within which its id is looked up;
    `minimum` and `maximum` are inclusive, `above` is exclusive; `labels` are other names in use.
    `relation` is the property of another vocabulary that the relation to the object is a kind of;
    `meanings` say what numbers of a fixed set mean.
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
    meanings: tuple[tuple[str | int, str], ...] = ()
    relation: str | None = None


@dataclass(frozen=True, slots=True)
class Meanings:
    """What each word of an enumeration means; beside its `Literal` in `Annotated`."""

    definitions: tuple[tuple[str, str], ...]

    def __init__(self, **definitions: str) -> None:
        object.__setattr__(self, "definitions", tuple(definitions.items()))


@dataclass(frozen=True, slots=True)
class Array:
    """Marks a list of numbers (of any depth) that is one value: one `rdf:JSON` literal in the graph."""

    shape: str


Numbers = Annotated[list[float], Array("N")]
Matrix = Annotated[list[list[float]], Array("N×M")]
Matrices = Annotated[list[list[list[float]]], Array("N×M×M")]
Texts = Annotated[list[str], Array("N")]


def _field(definition: str, facts: TermFacts, **default: Any) -> Any:
    return Field(**default, description=definition, json_schema_extra={"cets": facts})  # type: ignore[dict-item]


def term(
    definition: str,
    *,
    required: bool = False,
    minimum: float | None = None,
    maximum: float | None = None,
    above: float | None = None,
    values: Mapping[int, str] | None = None,
    labels: tuple[str, ...] = (),
    name: str | None = None,
) -> Any:
    """A single value: text, number, truth value, date, or one of an enumeration.

    `values` are the numbers of an enumeration, each with its meaning; `name` names the property where the
    field's own name is taken.
    """
    meanings = tuple((values or {}).items())
    facts = TermFacts(
        name=name,
        required=required,
        minimum=minimum,
        maximum=maximum,
        above=above,
        values=tuple(value for value, _ in meanings),
        meanings=meanings,
        labels=labels,
    )
    return _field(definition, facts, default=None)


def array(definition: str, *, labels: tuple[str, ...] = ()) -> Any:
    """A list of values, or of lists of numbers, kept as one value."""
    return _field(definition, TermFacts(labels=labels), default=None)


def part(
    definition: str,
    name: str,
    *,
    required: bool = False,
    labels: tuple[str, ...] = (),
    relation: str | None = PARTHOOD,
) -> Any:
    """One contained object; `name` is its noun."""
    facts = TermFacts(name=name, required=required, labels=labels, relation=relation)
    return _field(definition, facts, default=None)


def parts(
    definition: str,
    name: str,
    *,
    required: bool = False,
    labels: tuple[str, ...] = (),
    relation: str | None = PARTHOOD,
) -> Any:
    """Contained objects, in order; `name` is the noun of one, and the definition says what one is."""
    facts = TermFacts(name=name, required=required, labels=labels, relation=relation)
    return _field(definition, facts, default_factory=list)


def reference(
    definition: str,
    target: str,
    *,
    scope: str = "Region",
    labels: tuple[str, ...] = (),
    relation: str | None = None,
) -> Any:
    """The id of another object, of class `target`, found within the enclosing `scope`.

    Where the object has no id, the value is its place in the document as a JSON pointer after `#`:
    `#/regions/0/tomo_image_sets/0/tilt_series_sets/0/tilt_series/1`. An object of another data set is named
    by its IRI. A field of type `References` holds several.
    """
    facts = TermFacts(target=target, scope=scope, labels=labels, relation=relation)
    return _field(definition, facts, default=None)


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
    __slots__ = ("_identities", "_pointer", "_spellings")

    abstract: ClassVar[bool] = True  # has no instances of its own
    asserted: ClassVar[bool] = False  # written as a type of the instances of its subclasses, for queries
    indexed: ClassVar[bool] = False  # questions start from it: it carries its data set (inherited)
    label: ClassVar[str | None] = None  # where the words of the class's name do not name a thing
    labels: ClassVar[tuple[str, ...]] = ()
    one_of: ClassVar[tuple[str, ...]] = ()  # of these base classes, an object is of one (inherited)
    kind_of: ClassVar[str | None] = None  # class of another vocabulary that it is a subclass of (inherited)
    kinds: ClassVar[dict[str, type["Entity"]]] = {}

    id: str | None = term(
        "Identifier of the object, unique among its kind in its region; of an ontology term, its CURIE."
    )
    name: str | None = term("Short name of the object.")
    description: str | None = term("Free text about the object.")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.abstract = bool(cls.__dict__.get("abstract", False))
        cls.asserted = bool(cls.__dict__.get("asserted", False))
        cls.label = cls.__dict__.get("label")
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

    @property
    def identities(self) -> tuple[str, ...]:
        """IRIs that the object has in RDF it came from; not part of its value, but kept in graphs."""
        return getattr(self, "_identities", ())

    def known_as(self, *iris: str) -> Self:
        """Remember IRIs of the object."""
        object.__setattr__(self, "_identities", tuple(dict.fromkeys(iris)))
        return self

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

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """As a part of another class, an object is checked by its own class, once one is met."""
        if handler.field_name is None:
            return handler(source)
        return no_info_before_validator_function(cls._made, is_instance_schema(cls))

    @classmethod
    def _made(cls, value: Any) -> Any:
        return value if isinstance(value, cls) else cls.model_validate(value)

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
