"""JSON Schemas of the dialects, one for each revision: what is read without a finding about its form.

Numbers have no bounds here: whether they are probable is judged by rules.
"""

import json
from collections.abc import Iterator
from typing import Any

from cetsgraph.derive.dialect_fields import SourceClass, SourceField, sources
from cetsgraph.derive.schema import array_schema, or_null, scalar_schema
from cetsgraph.documents.dialects.mapping import Dialect, Revision
from cetsgraph.documents.dialects.mapping.rules import CodedRule
from cetsgraph.vocabulary import Kind, vocabulary

__all__ = ["dialect_schemas"]

_Schema = dict[str, Any]

_ROOTS = {
    "tomobabel": (
        "DataSet", "Region", "TomoImageSet", "MovieStackSet", "TiltSeriesMicrographStack", "TiltSeriesSet",
        "TomogramSet", "Tomogram",
    ),
    "cets-data-model": (
        "Dataset", "Region", "TiltSeries", "Tomogram", "Alignment", "CTFMetadata", "Particle3DSet",
    ),
}  # fmt: skip
_BY_NAME = ("MovieStackSet", "TiltSeriesMicrographStack")
"""Classes of which a document may hold several, by their names, in the dialect that has no ids."""

_TELLING = {"type", "annotation_type"}
"""Fields that tell kinds apart."""

_ALSO_TEXT = {"section"}
"""Numbers that older revisions write as text."""


def dialect_schemas(dialect: Dialect) -> Iterator[tuple[str, bytes]]:
    """Name of a file, and schema, for each revision of a dialect; one where it has none."""
    if dialect.revisions is None:
        yield f"{dialect.name}.schema.json", _schema(dialect, None)
        return
    for revision in dialect.revisions.known:
        yield f"{dialect.name}.{revision.name}.schema.json", _schema(dialect, revision)


def _schema(dialect: Dialect, revision: Revision | None) -> bytes:
    found = {
        name: source
        for name, source in sources(dialect).items()
        if revision is None or name in revision.fields
    }
    roots: list[_Schema] = [_reference(name) for name in _ROOTS[dialect.name] if name in found]
    if revision is None:
        several = {"anyOf": [_reference(name) for name in _BY_NAME]}
        roots.append({"type": "object", "minProperties": 1, "additionalProperties": several})
    else:
        roots += [{"type": "array", "minItems": 1, "items": one} for one in roots[2:]]
    title = dialect.name if revision is None else f"{dialect.name}, revision {revision.name}"
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": "Derived from the tables of the dialect by `make derive`.",
        "title": title,
        "anyOf": roots,
        "$defs": {name: _object(source, revision, found) for name, source in sorted(found.items())},
    }
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()


def _reference(name: str) -> _Schema:
    return {"$ref": f"#/$defs/{name}"}


def _object(source: SourceClass, revision: Revision | None, known: dict[str, SourceClass]) -> _Schema:
    properties: _Schema = {} if source.key is None else {source.key: {"enum": [*source.tags, None]}}
    required: list[str] = []
    for field in source.fields:
        if revision is not None and not revision.has(source.name, field.name):
            continue
        name = field.name if revision is None else revision.name_of(source.name, field.name)
        respelled = revision is not None and revision.respell is not None
        value = _value(source, field, known, respelled=respelled)
        demanded = field.name in source.required and (
            revision is None or revision.demands(source.name, field.name)
        )
        if demanded:
            required.append(name)
        if name not in properties or field.many:  # older revisions have a list of what is one object now
            properties[name] = {**_described(field), **(value if demanded else or_null(value))}
    about = vocabulary().classes[source.tables[0].cls.__name__].definition
    needed = {"required": required} if required else {}
    return {
        "description": about, "type": "object", "properties": properties, **needed,
        "additionalProperties": False,
    }  # fmt: skip


def _described(field: SourceField) -> _Schema:
    if len(field.properties) != 1:
        return {}
    (one,) = field.properties
    return {"description": one.definition, **({} if one.unit is None else {"x-unit": one.unit.ucum})}


def _value(
    source: SourceClass, field: SourceField, known: dict[str, SourceClass], *, respelled: bool
) -> _Schema:
    """What a field holds; a revision that spells values in its own way is only asked for their types."""
    if field.tables:
        kinds = [
            _reference(name) for name in dict.fromkeys(one.source for one in field.tables) if name in known
        ]
        one_of = kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
        return {"type": "array", "items": one_of} if field.many else one_of
    if isinstance(field.rule, CodedRule):
        return {"type": "string"} if respelled else {"type": "string", "enum": [*field.rule.codes]}
    if field.name in _TELLING and source.tags and not respelled:
        return {"type": "string", "enum": [*source.tags]}
    if len(field.properties) != 1:
        return {}
    (one,) = field.properties
    if one.kind is Kind.ARRAY:
        return array_schema(vocabulary().classes[field.owner.cls.__name__], one)
    if one.kind in (Kind.PART, Kind.REFERENCE):
        return {}
    value = scalar_schema(one)
    return {"type": ["string", value["type"]]} if respelled and field.name in _ALSO_TEXT else value
