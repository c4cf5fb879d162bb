"""The JSON Schema of the canonical form, for editors and other programs."""

import json
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from cetsgraph.documents.dialects.canonical import SCHEMA
from cetsgraph.vocabulary import ClassTerm, Kind, Property, Vocabulary

__all__ = ["array_schema", "or_null", "scalar_schema", "schema"]

_Schema = dict[str, Any]

_TEXT: _Schema = {"type": "string"}
_SCALARS: dict[Kind, _Schema] = {
    Kind.TEXT: {"type": "string"},
    Kind.INTEGER: {"type": "integer"},
    Kind.DOUBLE: {"type": "number"},
    Kind.BOOLEAN: {"type": "boolean"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
    Kind.REFERENCE: {"type": "string"},
}


def schema(words: Vocabulary) -> bytes:
    """The schema in JSON Schema 2020-12."""
    definitions = {term.name: _object(words, term) for term in words.concrete()}
    definitions |= {
        name: _choice(words, name)
        for name in {prop.range for prop in words.properties.values() if prop.kind is Kind.PART}
        if name is not None and words.classes[name].model.abstract
    }
    definitions["DataSet"]["properties"] = {
        "$schema": {"const": SCHEMA},
        **definitions["DataSet"]["properties"],
    }
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "$comment": "Derived from the model by `make derive`. x-unit is a UCUM code.",
        "title": "CETS data set",
        "$ref": "#/$defs/DataSet",
        "$defs": dict(sorted(definitions.items())),
    }
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _object(words: Vocabulary, term: ClassTerm) -> _Schema:
    properties: _Schema = {"type": {"const": term.name}}
    for prop in term.properties:
        value = _value(words, term, prop)
        if not prop.facts.required:
            value = or_null(value)
        properties[prop.field] = {"description": _description(prop), **value}
        if prop.unit is not None:
            properties[prop.field]["x-unit"] = prop.unit.ucum
    required = [prop.field for prop in term.properties if prop.facts.required]
    return {
        "description": term.definition,
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _description(prop: Property) -> str:
    unit = "" if prop.unit is None else f" Unit: {prop.unit.symbol}."
    return prop.definition + unit + "".join(f" {value}: {meaning}" for value, meaning in prop.meanings)


def _value(words: Vocabulary, term: ClassTerm, prop: Property) -> _Schema:
    if prop.kind is Kind.ARRAY:
        return array_schema(term, prop)
    if prop.kind is Kind.PART:
        found = _part(words, prop.range or "")
        filled = {"minItems": 1} if prop.facts.required else {}
        return {"type": "array", "items": found, **filled} if prop.many else found
    if prop.kind is Kind.LANGUAGE_TEXT:
        return {"anyOf": [_TEXT, {"type": "object", "additionalProperties": _TEXT}]}
    if prop.kind is Kind.REFERENCE and prop.many:
        return {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}
    facts = prop.facts
    bounds = {"minimum": facts.minimum, "maximum": facts.maximum, "exclusiveMinimum": facts.above}
    value = scalar_schema(prop) | {keyword: bound for keyword, bound in bounds.items() if bound is not None}
    return {**value, "enum": list(prop.values)} if prop.values else value


def scalar_schema(prop: Property) -> _Schema:
    """A single value, of its type and its words."""
    words = [value for value in prop.values if isinstance(value, str)]
    return {**_SCALARS[prop.kind], **({"enum": words} if words else {})}


def array_schema(term: ClassTerm, prop: Property) -> _Schema:
    """Nested lists of what the field's type says."""
    found = TypeAdapter[Any](get_type_hints(term.model)[prop.field]).json_schema()
    choices = [choice for choice in found["anyOf"] if choice != {"type": "null"}]
    return choices[0] if len(choices) == 1 else {"anyOf": choices}


def _part(words: Vocabulary, name: str) -> _Schema:
    if words.classes[name].model.abstract or words.subclasses(name) == (name,):
        return {"$ref": f"#/$defs/{name}"}
    return _choice(words, name)


def _choice(words: Vocabulary, name: str) -> _Schema:
    """An object of one of several classes, named by `type`, which the named class itself may leave out."""
    return {
        "oneOf": [
            {"$ref": f"#/$defs/{kind}", **({} if kind == name else {"required": ["type"]})}
            for kind in words.subclasses(name)
        ]
    }


def or_null(value: _Schema) -> _Schema:
    """Null is the same as absent."""
    if "enum" in value:
        return {**value, "type": [value["type"], "null"], "enum": [*value["enum"], None]}
    if isinstance(value.get("type"), str):
        return {**value, "type": [value["type"], "null"]}
    return {"anyOf": [value, {"type": "null"}]}
