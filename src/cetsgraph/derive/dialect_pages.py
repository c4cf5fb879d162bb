"""A page for each dialect, in Markdown: its classes, and what each field of theirs is in the model."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from cetsgraph.derive.dialect_fields import SourceClass, SourceField, sources
from cetsgraph.derive.ontology import DERIVED_NOTE
from cetsgraph.documents.dialects.mapping import Dialect, Revision, Within
from cetsgraph.documents.dialects.mapping.rules import CodedRule

__all__ = ["FOLDER", "dialect_page"]

FOLDER = Path("docs/reference/dialects")
_FEW = 4  # classes or fields that are listed

_INTRODUCTIONS = {
    "tomobabel": "The classes of [TomoBabel](https://github.com/TomoBabel/TomoBabel): nested objects\n"
    "without ids, positions in Å from the centre of the image (voxel ⌊N/2⌋).",
    "cets-data-model": "The classes of [cets-data-models](https://github.com/TomoBabel/cets-data-models):\n"
    "the parts of a region side by side, joined by ids.",
}
_ENDS = """
A field that is not here is reported as `unknown-field`. `cetsgraph new --dialect {name}` writes a document
to begin with, and [JSON Schemas](../../../ontology/dialects) check one in an editor. The
[JSON-LD context](../../../ontology/dialects/{name}.context.jsonld) gives each field its property. It cannot
look up ids or make objects that the document does not have: references are left out, and objects that the
model has further down are not linked to what holds them, or only to their region. All that it gives is in
the graph of the document; the graph has more.
"""


def dialect_page(dialect: Dialect) -> bytes:
    """The page of a dialect."""
    found = sources(dialect)
    revisions = {} if dialect.revisions is None else dialect.revisions.by_name
    lines = [
        f"# {dialect.name}\n",
        f"<!-- {DERIVED_NOTE} -->\n",
        _INTRODUCTIONS[dialect.name],
        _ENDS.format(name=dialect.name),
        *_about_revisions(revisions),
        *(line for source in found.values() for line in _class(source, revisions)),
    ]
    return ("\n".join(lines) + "\n").encode()


def _about_revisions(revisions: Mapping[str, Revision]) -> Iterator[str]:
    if revisions:
        names = ", ".join(f"`{name}`" for name in revisions)
        yield f"Revisions: {names}; see [documents](../../explanation/documents.md)."
        yield "The last column says which revisions have a field, if not all that have the class, and"
        yield "what else they call it.\n"


def _class(source: SourceClass, revisions: Mapping[str, Revision]) -> Iterator[str]:
    classes = " and ".join(dict.fromkeys(f"`{table.cls.__name__}`" for table in source.tables))
    having = [one for one in revisions.values() if _in_revision(source, one)]
    yield f"## {source.name}\n"
    kinds = f", told by {_quoted(source.tags)}" if source.tags else ""
    yield f"{classes} of the model{kinds}."
    if revisions and len(having) < len(revisions):
        yield f"In {_quoted(one.name for one in having)}."
    yield "\n| field | value | what it is | in the model | |\n|---|---|---|---|---|"
    if source.key is not None:
        yield f"| `{source.key}` | {_quoted(source.tags)} | what kind it is | | |"
    for field in source.fields:
        yield _row(source, field, having)
    yield ""


def _in_revision(source: SourceClass, revision: Revision) -> bool:
    return source.name in revision.fields


def _row(source: SourceClass, field: SourceField, having: list[Revision]) -> str:
    notes = ["required"] if field.name in source.required else []
    inside = [one for one in having if one.has(source.name, field.name)]
    if len(inside) < len(having):
        notes.append(_quoted(one.name for one in inside) or "read alone")
    old = {one.name: one.name_of(source.name, field.name) for one in inside}
    notes += [f"`{called}` in `{name}`" for name, called in old.items() if called != field.name]
    cells = (f"`{field.name}`", _value(field), _meaning(field), _in_model(field), "; ".join(notes))
    return f"| {' | '.join(cells)} |"


def _value(field: SourceField) -> str:
    if field.tables:
        names = list(dict.fromkeys(table.source for table in field.tables))
        told = f"objects, told apart by `{field.tag}`" if field.tag else "objects"
        kinds = " or ".join(map(_linked, names)) if len(names) <= _FEW else told
        return f"list of {kinds}" if field.many else kinds
    if isinstance(field.rule, CodedRule):
        return _quoted(field.rule.codes)
    kinds_of_value = dict.fromkeys(one.shape or one.kind.value for one in field.properties)
    return ", ".join(kinds_of_value) if len(kinds_of_value) == 1 else ""


def _meaning(field: SourceField) -> str:
    if len(field.properties) != 1:
        told = field.name in ("type", "annotation_type", "transformation_type", "kind")
        return "what kind it is" if told and not field.properties else ""
    (one,) = field.properties
    unit = "" if one.unit is None else f" In {one.unit.symbol}."
    return f"{one.definition}{unit}".replace("|", "\\|")


def _in_model(field: SourceField) -> str:
    if isinstance(field.rule, Within):
        return f"`{'[].'.join(field.rule.fields)}`"
    names = [f"`{one.field}`" for one in field.properties]
    return ", ".join(names) if len(names) <= _FEW else f"{names[0]} and so on"


def _linked(name: str) -> str:
    return f"[{name}](#{name.lower()})"


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)
