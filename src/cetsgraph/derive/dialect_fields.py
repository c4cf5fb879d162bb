"""What documents of a dialect look like: its classes and their fields, read off the tables of the dialect."""

from collections.abc import Iterator
from dataclasses import dataclass

from cetsgraph.documents.dialects import cets_data_model, tomobabel
from cetsgraph.documents.dialects.mapping import (
    Choice,
    Dialect,
    FieldRule,
    Joined,
    ObjectMap,
    SeveralWithin,
    Within,
    tables_inside,
)
from cetsgraph.documents.dialects.mapping.rules import ManyRule, StructuralRule
from cetsgraph.documents.dialects.tomobabel.images import TILT_SERIES_SET
from cetsgraph.vocabulary import Property, vocabulary

__all__ = ["DESCRIBED", "SourceField", "SourceClass", "sources"]

DESCRIBED: tuple[Dialect, ...] = (tomobabel.TOMOBABEL, cets_data_model.CETS_DATA_MODEL)
"""The dialects that are described: those whose names are not the model's own."""

_ALONE = {"tomobabel": (TILT_SERIES_SET,)}
"""Tables of classes that are only met as the root of a document."""


@dataclass(frozen=True, slots=True)
class SourceField:
    """A field of a class of a dialect."""

    name: str
    rule: FieldRule
    owner: ObjectMap
    """The table that has it."""
    tables: tuple[ObjectMap, ...] = ()
    """Tables of the objects in it; one of them each."""
    tag: str | None = None
    """The field of these objects that tells which of the tables they are of."""
    many: bool = False
    """Whether it is a list of objects."""

    @property
    def properties(self) -> tuple[Property, ...]:
        """What it is in the model."""
        known = {one.field: one for one in vocabulary().classes[self.owner.cls.__name__].properties}
        return tuple(known[name] for name in self.rule.covers if name in known)


@dataclass(frozen=True, slots=True)
class SourceClass:
    """A class of a dialect; several tables describe one that the model has as several."""

    name: str
    tables: tuple[ObjectMap, ...]
    fields: tuple[SourceField, ...]
    tags: tuple[str, ...] = ()
    """What the field that tells kinds apart says of it."""
    key: str | None = None
    """That field, where the tables do not have it themselves."""

    @property
    def required(self) -> frozenset[str]:
        """Fields that the dialect demands."""
        return frozenset(name for table in self.tables for name in table.required)


def sources(dialect: Dialect) -> dict[str, SourceClass]:
    """The classes of a dialect by name, the root first."""
    assert dialect.root is not None
    tables: dict[str, list[ObjectMap]] = {}
    tags: dict[str, dict[str, None]] = {}
    keys: dict[str, str | None] = {}
    queue: list[ObjectMap] = [dialect.root(), *_ALONE.get(dialect.name, ())]
    for table in queue:
        if table in tables.setdefault(table.source, []):
            continue
        tables[table.source].append(table)
        for rule in table.fields.values():
            for tag, key, inner in tables_inside(rule):
                queue.append(inner)
                if tag is not None:
                    tags.setdefault(inner.source, {})[tag] = None
                    keys[inner.source] = None if key in inner.fields else key
            queue += [rule.group] if isinstance(rule, Joined) else []
    return {
        name: SourceClass(
            name, tuple(found), tuple(_fields(found)), tuple(tags.get(name, ())), keys.get(name)
        )
        for name, found in tables.items()
    }


def _fields(tables: list[ObjectMap]) -> Iterator[SourceField]:
    """The fields of a class, each from the table that says most of it."""
    best: dict[str, SourceField] = {}
    for table in tables:
        for name, rule in table.fields.items():
            known = _field(name, rule, table)
            if name not in best or len(known.rule.covers) > len(best[name].rule.covers):
                best[name] = known
    yield from best.values()


def _field(name: str, rule: FieldRule, owner: ObjectMap) -> SourceField:
    found = [*tables_inside(rule)]
    table = getattr(rule, "table", None)
    many = isinstance(rule, ManyRule | Joined | SeveralWithin) or (
        rule.many if isinstance(rule, StructuralRule) else type(rule) is Within
    )
    tables = tuple(dict.fromkeys(inner for _, _, inner in found))
    return SourceField(name, rule, owner, tables, table.key if isinstance(table, Choice) else None, many)
