"""The terms of the ontology, read off the model: one class term per class, one property per field name.

Everything that repeats what the model says (ontology, JSON-LD context, structural shapes, term pages, codec)
is made from here, so none of it can disagree with the model or with another.
"""

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from inspect import get_annotations
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from cetsgraph.errors import VocabularyError
from cetsgraph.model import Entity, Unit
from cetsgraph.model.base import Array, TermFacts, facts_of
from cetsgraph.model.units import ANGSTROM
from cetsgraph.namespaces import CETS

__all__ = [
    "DERIVED",
    "ClassTerm",
    "Kind",
    "Property",
    "Vocabulary",
    "vocabulary",
]


class Kind(Enum):
    """What the values of a property are, and so how they stand in the graph."""

    TEXT = "text"
    INTEGER = "integer"
    DOUBLE = "double"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    ARRAY = "array"
    PART = "part"
    REFERENCE = "reference"
    IRI = "iri"


_SCALARS: dict[type, Kind] = {
    str: Kind.TEXT,
    int: Kind.INTEGER,
    float: Kind.DOUBLE,
    bool: Kind.BOOLEAN,
    dt.date: Kind.DATE,
    dt.datetime: Kind.DATETIME,
}


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
    shape: str | None = None
    range: str | None = None
    domains: tuple[str, ...] = ()

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
    def label(self) -> str:
        """English label."""
        return _words(self.name)


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
        return _words(self.name)

    @property
    def asserted(self) -> tuple[str, ...]:
        """The class and the superclasses that an instance is written with."""
        return (self.name, *(name for name in self.ancestors if Entity.kinds[name].asserted))


def _derived(name: str, kind: Kind, definition: str, *domains: str, **more: Any) -> Property:
    return Property(name=name, field=name, kind=kind, definition=definition, domains=domains, **more)


def _extent(name: str, which: str, axis: str, centred: bool) -> Property:
    frame = (
        "in angstrom from the centre of the annotated tomogram"
        if centred
        else "as the annotation gives its numbers"
    )
    unit = ANGSTROM if centred else None
    return _derived(name, Kind.DOUBLE, f"{which} {axis} of the positions, {frame}.", "Geometry", unit=unit)


DERIVED: tuple[Property, ...] = (
    _derived("inDataSet", Kind.IRI, "Data set that the object belongs to.", "Entity", range="DataSet"),
    _derived("inRegion", Kind.IRI, "Region that the object belongs to.", "Entity", range="Region"),
    _derived(
        "annotates", Kind.IRI, "Data object that the annotation is about.", "Annotation", range="DataObject"
    ),
    _derived(
        "position",
        Kind.INTEGER,
        "Place of the object in the list that holds it, counted from 0.",
        "Entity",
        facts=TermFacts(minimum=0),
    ),
    _derived(
        "unresolvedId", Kind.TEXT, "Id, as written, of an object that the data set does not have.", "Entity"
    ),
    _derived(
        "pointCount",
        Kind.INTEGER,
        "Number of positions that the annotation gives.",
        "Geometry",
        facts=TermFacts(minimum=0),
    ),
    *(
        _extent(f"{prefix}{axis.upper()}", which, axis, centred=False)
        for prefix, which in (("min", "Smallest"), ("max", "Largest"))
        for axis in "xyz"
    ),
    *(
        _extent(f"centred{prefix}{axis.upper()}", which, axis, centred=True)
        for prefix, which in (("Min", "Smallest"), ("Max", "Largest"))
        for axis in "xyz"
    ),
    _derived(
        "objectKey",
        Kind.TEXT,
        "What the annotation or label marks, as it is searched for, in lower case: its term as a CURIE, the "
        "name of its object, its name, or its description of up to 200 characters.",
        "Annotation",
        "MaskLabel",
        many=True,
    ),
    _derived("archiveName", Kind.TEXT, "Name of the archive that the data set is kept in.", "DataSet"),
    _derived("dialect", Kind.TEXT, "Dialect of CETS in which the document was written.", "DataSet"),
    _derived("rootForm", Kind.TEXT, "What the root of the document was, in its dialect.", "DataSet"),
    _derived("sourceChecksum", Kind.TEXT, "SHA-256 of the document's file, in hexadecimal.", "DataSet"),
    _derived(
        "contentChecksum",
        Kind.TEXT,
        "SHA-256 of the data set's quads, sorted, and of the ontology version, in hexadecimal.",
        "DataSet",
    ),
    _derived("softwareVersion", Kind.TEXT, "Version of cetsgraph that wrote the data set.", "DataSet"),
    _derived(
        "ontologyVersion", Kind.TEXT, "Version of the ontology that the data set was written in.", "DataSet"
    ),
)
"""Properties that follow from a document and are written for queries; reading the graph passes over them."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All terms: `classes` and `properties` by local name."""

    classes: MappingProxyType[str, ClassTerm]
    properties: MappingProxyType[str, Property]

    def concrete(self) -> tuple[ClassTerm, ...]:
        """Classes that have instances of their own."""
        return tuple(term for term in self.classes.values() if not term.model.abstract)

    def own(self, name: str) -> tuple[Property, ...]:
        """The properties that the class declares and does not inherit."""
        term = self.classes[name]
        inherited = {prop for parent in term.parents for prop in self.classes[parent].properties}
        return tuple(prop for prop in term.properties if prop not in inherited)

    def subclasses(self, name: str) -> tuple[str, ...]:
        """The class and everything below it that has instances."""
        return tuple(term.name for term in self.concrete() if name in (term.name, *term.ancestors))


@cache
def vocabulary() -> Vocabulary:
    """Read the terms off the model.

    Raises:
        VocabularyError: two classes declare a field of one name differently.
    """
    models = tuple(Entity.kinds.values())
    properties: dict[str, Property] = {}
    by_field: dict[str, Property] = {}
    for model in models:
        for field in _own_fields(model):
            found = _property(model, field, model.model_fields[field])
            known = by_field.get(field)
            if known is None:
                if found.name in properties:
                    raise VocabularyError(
                        f"{found.field} and {properties[found.name].field} are both {found.name}"
                    )
            else:
                found = _merged(known, found)
            by_field[field] = properties[found.name] = found
    for derived in DERIVED:
        if derived.name in properties:
            raise VocabularyError(f"{derived.name} is written for queries and cannot be a field")
        properties[derived.name] = derived
    classes = {model.__name__: _class_term(model, by_field) for model in models}
    return Vocabulary(MappingProxyType(classes), MappingProxyType(properties))


def _own_fields(model: type[Entity]) -> list[str]:
    return [name for name in model.model_fields if name in get_annotations(model)]


def _class_term(model: type[Entity], by_field: dict[str, Property]) -> ClassTerm:
    ancestors = tuple(base.__name__ for base in model.__mro__[1:] if issubclass(base, Entity))
    return ClassTerm(
        name=model.__name__,
        model=model,
        definition=(model.__doc__ or "").strip(),
        parents=tuple(base.__name__ for base in model.__bases__ if issubclass(base, Entity)),
        ancestors=ancestors,
        # Required-ness may differ by class (a FitMap's centre may be absent): it is the class's own.
        properties=tuple(
            _with_facts(by_field[name], facts_of(info.json_schema_extra))
            for name, info in model.model_fields.items()
        ),
    )


def _with_facts(prop: Property, facts: TermFacts) -> Property:
    return prop if prop.facts == facts else replace(prop, facts=facts)


def _merged(known: Property, found: Property) -> Property:
    """The property of a field that several classes declare; they may differ in being required only."""
    same = replace(
        found,
        domains=known.domains,
        range=known.range,
        facts=replace(found.facts, required=known.facts.required),
    )
    if same != known or (found.kind is not Kind.PART and found.range != known.range):
        raise VocabularyError(
            f"{found.domains[0]}.{found.field} and {known.domains[0]}.{known.field} differ: {found} / {known}"
        )
    return replace(known, domains=(*known.domains, *found.domains), range=_common(known.range, found.range))


def _common(one: str | None, other: str | None) -> str | None:
    """The nearest class above both."""
    if one is None or other is None or one == other:
        return one
    above = [base.__name__ for base in Entity.kinds[one].__mro__ if issubclass(base, Entity)]
    return next(name for name in above if issubclass(Entity.kinds[other], Entity.kinds[name]))


def _property(model: type[Entity], field: str, info: FieldInfo) -> Property:
    facts = facts_of(info.json_schema_extra)
    python_type, metadata = _bare(info.annotation)
    metadata = (*metadata, *info.metadata)
    unit = next((item for item in metadata if isinstance(item, Unit)), None)
    shape = next((item.shape for item in metadata if isinstance(item, Array)), None)
    many = get_origin(python_type) is list and shape is None
    item_type = _bare(get_args(python_type)[0])[0] if many else python_type
    values: tuple[str | int, ...] = facts.values
    range_: str | None = None
    if shape is not None:
        kind = Kind.ARRAY
    elif isinstance(item_type, type) and issubclass(item_type, Entity):
        kind, range_ = Kind.PART, item_type.__name__
    elif facts.target is not None:
        kind, range_ = Kind.REFERENCE, facts.target
    elif get_origin(item_type) is Literal:
        kind, values = Kind.TEXT, get_args(item_type)
    else:
        kind = _SCALARS[item_type]
    return Property(
        name=_property_name(field, kind, facts),
        field=field,
        kind=kind,
        definition=info.description or "",
        facts=facts,
        many=many,
        unit=unit,
        values=values,
        shape=shape,
        range=range_,
        domains=(model.__name__,),
    )


def _bare(annotation: Any) -> tuple[Any, tuple[Any, ...]]:
    """A type without `| None` and `Annotated`, and what these carried."""
    if get_origin(annotation) in (Union, UnionType):
        inner = [item for item in get_args(annotation) if item is not NoneType]
        return _bare(inner[0]) if len(inner) == 1 else (annotation, ())
    if hasattr(annotation, "__metadata__"):
        inner_type, metadata = _bare(annotation.__origin__)
        return inner_type, (*metadata, *annotation.__metadata__)
    return annotation, ()


def _property_name(field: str, kind: Kind, facts: TermFacts) -> str:
    if kind is Kind.PART:
        return _camel(f"has-{facts.name}")
    return _camel(field.removesuffix("_id") if kind is Kind.REFERENCE else field)


def _camel(name: str) -> str:
    """`tilt_series` or `tilt-series` as `tiltSeries`."""
    first, *rest = re.split(r"[_-]", name)
    return first + "".join(word[:1].upper() + word[1:] for word in rest)


def _words(name: str) -> str:
    """`TiltSeriesSet` as `tilt series set`, `CTFMetadata` as `CTF metadata`."""
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z]|\d|$)|[A-Z]?[a-z]+|\d+D?|[A-Z]+", name)
    return " ".join(word if len(word) > 1 and word.isupper() else word.lower() for word in words)
