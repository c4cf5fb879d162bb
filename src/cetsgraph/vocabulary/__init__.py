"""The terms of the ontology, read off the model: one class term per class, one property per field name.

Everything that repeats what the model says (ontology, JSON-LD context, structural shapes, term pages, codec)
is made from here, so none of it can disagree with the model or with another.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from inspect import get_annotations
from types import MappingProxyType, NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from cetsgraph.errors import VocabularyError
from cetsgraph.model import Entity, Unit
from cetsgraph.model.base import Array, Meanings, TermFacts, facts_of
from cetsgraph.model.values import InLanguages
from cetsgraph.vocabulary.derived import DERIVED, WITHDRAWN, Withdrawn
from cetsgraph.vocabulary.terms import ClassTerm, Kind, Property

__all__ = [
    "DERIVED",
    "WITHDRAWN",
    "ClassTerm",
    "Kind",
    "Property",
    "Vocabulary",
    "Withdrawn",
    "vocabulary",
]


_SCALARS: dict[type, Kind] = {
    str: Kind.TEXT,
    int: Kind.INTEGER,
    float: Kind.DOUBLE,
    bool: Kind.BOOLEAN,
    dt.date: Kind.DATE,
    dt.datetime: Kind.DATETIME,
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All terms: `classes` and `properties` by local name."""

    classes: MappingProxyType[str, ClassTerm]
    properties: MappingProxyType[str, Property]

    def term(self, name: str) -> ClassTerm | Property | None:
        """The class or property of a local name; None if there is none."""
        return self.classes.get(name) or self.properties.get(name)

    def concrete(self) -> tuple[ClassTerm, ...]:
        """Classes that have instances of their own."""
        return tuple(term for term in self.classes.values() if not term.model.abstract)

    def own(self, name: str) -> tuple[Property, ...]:
        """The properties that the class declares and does not inherit."""
        term = self.classes[name]
        inherited = {prop for parent in term.parents for prop in self.classes[parent].properties}
        return tuple(prop for prop in term.properties if prop not in inherited)

    def children(self, name: str) -> tuple[str, ...]:
        """The classes directly below the class."""
        return tuple(term.name for term in self.classes.values() if name in term.parents)

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
    declared: dict[tuple[type, str], Property] = {}
    for model in models:
        for field in _own_fields(model):
            found = declared[model, field] = _property(model, field, model.model_fields[field])
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
    classes = {model.__name__: _class_term(model, by_field, declared) for model in models}
    return Vocabulary(MappingProxyType(classes), MappingProxyType(properties))


def _own_fields(model: type[Entity]) -> list[str]:
    return [name for name in model.model_fields if name in get_annotations(model)]


def _class_term(
    model: type[Entity], by_field: Mapping[str, Property], declared: Mapping[tuple[type, str], Property]
) -> ClassTerm:
    ancestors = tuple(base.__name__ for base in model.__mro__[1:] if issubclass(base, Entity))
    return ClassTerm(
        name=model.__name__,
        model=model,
        definition=(model.__doc__ or "").strip(),
        parents=tuple(base.__name__ for base in model.__bases__ if issubclass(base, Entity)),
        ancestors=ancestors,
        properties=tuple(
            _of_class(by_field[name], _declaration(model, name, declared)) for name in model.model_fields
        ),
    )


def _declaration(model: type[Entity], name: str, declared: Mapping[tuple[type, str], Property]) -> Property:
    """The property as the class, or the nearest above it, declares the field."""
    return next(declared[base, name] for base in model.__mro__ if (base, name) in declared)


def _of_class(known: Property, own: Property) -> Property:
    """The property with what is the class's own: whether it is required, several, or in several languages."""
    if (known.facts, known.kind, known.many) == (own.facts, own.kind, own.many):
        return known
    return replace(known, facts=own.facts, kind=own.kind, many=own.many)


def _merged(known: Property, found: Property) -> Property:
    """The property of a field that several classes declare.

    They may differ in whether it is required, may have several values, and may be in several languages.
    """
    same = replace(
        found,
        kind=known.kind if {known.kind, found.kind} == _TEXTS else found.kind,
        many=known.many if found.kind is Kind.REFERENCE else found.many,
        domains=known.domains,
        range=known.range,
        facts=replace(found.facts, required=known.facts.required),
    )
    if same != known or (found.kind is not Kind.PART and found.range != known.range):
        raise VocabularyError(
            f"{found.domains[0]}.{found.field} and {known.domains[0]}.{known.field} differ: {found} / {known}"
        )
    return replace(
        known,
        kind=Kind.LANGUAGE_TEXT if Kind.LANGUAGE_TEXT in (known.kind, found.kind) else known.kind,
        many=known.many or found.many,
        domains=_widest((*known.domains, *found.domains)),
        range=_common(known.range, found.range),
    )


_TEXTS = {Kind.TEXT, Kind.LANGUAGE_TEXT}


def _widest(classes: tuple[str, ...]) -> tuple[str, ...]:
    """The classes without those that are below others of them."""
    models = [Entity.kinds[name] for name in classes]
    return tuple(
        model.__name__
        for model in models
        if not any(issubclass(model, other) and model is not other for other in models)
    )


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
    meanings = next((item.definitions for item in metadata if isinstance(item, Meanings)), facts.meanings)
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
    elif any(isinstance(item, InLanguages) for item in metadata):
        kind = Kind.LANGUAGE_TEXT
    elif get_origin(item_type) is Literal:
        kind, values = Kind.TEXT, get_args(item_type)
    else:
        kind = _SCALARS[item_type]
    if tuple(word for word, _ in meanings) != values:
        raise VocabularyError(f"{model.__name__}.{field} does not say what each of its values means")
    return Property(
        name=_property_name(field, kind, facts),
        field=field,
        kind=kind,
        definition=info.description or "",
        facts=facts,
        many=many,
        unit=unit,
        values=values,
        meanings=meanings,
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
    if facts.name is not None:
        return _camel(facts.name)
    return _camel(field.removesuffix("_id") if kind is Kind.REFERENCE else field)


def _camel(name: str) -> str:
    """`tilt_series` or `tilt-series` as `tiltSeries`."""
    first, *rest = re.split(r"[_-]", name)
    return first + "".join(word[:1].upper() + word[1:] for word in rest)
