"""JSON-LD contexts of the dialects: what of a document is a statement of the graph as it stands.

A context names the property of a field. It cannot make objects that the document does not have, look up
ids, or change values: references by id, and words and digests that are other ones in the model, are left out.
Where the model has an object further down, its own statements are made and how it hangs together is not
(`@included`), or `cets:inRegion` says which region it is in.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from cetsgraph.derive.context import typed
from cetsgraph.derive.dialect_fields import SourceField, sources
from cetsgraph.documents.dialects.mapping import Dialect, ObjectMap, Within
from cetsgraph.documents.dialects.mapping.rules import CodedRule
from cetsgraph.model import Region
from cetsgraph.namespaces import prefixes
from cetsgraph.vocabulary import Kind

__all__ = ["dialect_context"]

_CHANGED = {"sha256"}
"""Fields whose values are spelled in another way in the model, beside coded words."""

Definition = dict[str, Any] | str | None


def dialect_context(dialect: Dialect) -> bytes:
    """The context of a dialect, as JSON-LD 1.1."""
    terms: dict[str, Any] = {"@version": 1.1, **prefixes("cets", "xsd")}
    terms |= dict(sorted(_Contexts(dialect).terms().items()))
    return (json.dumps({"@context": terms}, indent=2, ensure_ascii=False) + "\n").encode()


class _Contexts:
    def __init__(self, dialect: Dialect) -> None:
        self._sources = sources(dialect)
        self._by_table = {table: source for source in self._sources.values() for table in source.tables}
        self._usual: dict[str, SourceField] = {}
        differing: set[str] = set()
        for field in self._fields():
            usual = self._usual.setdefault(field.name, field)
            if _meaning(usual) != _meaning(field):
                differing.add(field.name)
        self._differing = differing

    def _fields(self) -> Iterator[SourceField]:
        for source in self._sources.values():
            yield from source.fields

    def terms(self) -> dict[str, Definition]:
        """The words that tell kinds apart, which are classes, and each field.

        Of a field that differs from class to class, the first meaning. A field that is called as a kind is
        one of objects of the kinds that have it.
        """
        keys = {field.tag: field.name for field in self._fields() if field.tag is not None}
        tagged = [source for source in self._sources.values() for tag in source.tags if tag is not None]
        kinds = {tag: source for source in tagged for tag in source.tags}
        fields = {
            name: self._definition(field, {}) for name, field in self._usual.items() if name not in keys
        }
        classes: dict[str, Definition] = {}
        for tag, source in kinds.items():
            iri = f"cets:{source.tables[0].cls.__name__}"
            own = {field.name: fields[field.name] for field in source.fields if field.name in kinds}
            classes[tag] = {"@id": iri, "@context": own} if own else iri
        return {**dict.fromkeys(sorted(keys), "@type"), **fields, **classes}

    def _definition(self, field: SourceField, active: Mapping[str, Definition]) -> Definition:
        """What a field is; `active` are the definitions that are known to hold where it is met."""
        meaning = _meaning(field)
        within = self._within(field.tables, active)
        return {**meaning, "@context": within} if within and isinstance(meaning, dict) else meaning

    def _within(
        self, tables: tuple[ObjectMap, ...], active: Mapping[str, Definition]
    ) -> dict[str, Definition]:
        """Definitions, in objects of these tables, of fields that may mean something else outside them."""
        fields = {
            field.name: field
            for table in tables
            for field in self._by_table[table].fields
            if field.name in self._differing
        }
        inner = {**active, **{name: _meaning(field) for name, field in fields.items()}}
        return {
            name: self._definition(field, inner)
            for name, field in sorted(fields.items())
            if name not in active or active[name] != inner[name]
        }


def _meaning(field: SourceField) -> Definition:
    """What a field is in JSON-LD, without what depends on where it is."""
    if field.tables:
        return _objects(field)
    properties = field.properties
    coded = isinstance(field.rule, CodedRule) and any(a != b for a, b in field.rule.codes.items())
    if (
        coded
        or field.name in _CHANGED
        or len(properties) != 1
        or properties[0].kind in (Kind.PART, Kind.REFERENCE)
    ):
        return None
    return typed(properties[0])


def _objects(field: SourceField) -> Definition:
    covered = field.properties
    if isinstance(field.rule, Within):
        indexed = all(table.cls.indexed for table in field.tables)
        return {"@reverse": "cets:inRegion"} if indexed and field.owner.cls is Region else "@included"
    parts = [one for one in covered if one.kind is Kind.PART]
    if parts and len(parts) == len(covered):
        return {"@id": f"cets:{parts[0].name}"}
    return "@nest" if covered else "@included"
