"""The JSON-LD context: a name for every term, and the type of its values."""

import json

from cetsgraph.derive.ontology import RANGES
from cetsgraph.graph.jsonld import CONTEXT_PREFIXES
from cetsgraph.graph.links import LABEL, LINKS
from cetsgraph.namespaces import compact, prefixes
from cetsgraph.vocabulary import Kind, Property, Vocabulary

__all__ = ["context", "typed"]


def context(words: Vocabulary) -> bytes:
    """The context as JSON-LD 1.1."""
    classes = {name: f"cets:{name}" for name in words.classes}
    properties: dict[str, str | dict[str, str]] = {}
    for prop in words.properties.values():
        properties[prop.name] = typed(prop)
        if prop.inverse is not None:
            properties[prop.inverse] = _typed(prop.inverse, "@id")
        if prop.dangling is not None:
            properties[prop.dangling] = f"cets:{prop.dangling}"
        if prop.order is not None:
            properties[prop.order] = _typed(prop.order, "@json")
    terms: dict[str, object] = {"@version": 1.1, **prefixes(*CONTEXT_PREFIXES)}
    terms.update(sorted({**classes, **properties}.items()))
    terms[compact(LABEL)] = LABEL
    terms.update((compact(iri), {"@id": iri, "@type": "@id"}) for iri in sorted(LINKS))
    return (json.dumps({"@context": terms}, indent=2, ensure_ascii=False) + "\n").encode()


def typed(prop: Property) -> str | dict[str, str]:
    """What a name means that stands for a property."""
    # Text needs no type: JSON-LD reads a string as xsd:string, and compacts it only to terms without one.
    text = prop.kind in (Kind.TEXT, Kind.LANGUAGE_TEXT)
    return f"cets:{prop.name}" if text else _typed(prop.name, _type(prop))


def _typed(name: str, type_: str) -> dict[str, str]:
    return {"@id": f"cets:{name}", "@type": type_}


def _type(prop: Property) -> str:
    if prop.range is not None:
        return "@id"
    return "@json" if prop.kind is Kind.ARRAY else RANGES[prop.kind]
