"""The page of importers: what each is known by, and what becomes of what, in Markdown."""

from collections.abc import Iterable, Iterator

from cetsgraph.importers import Importer
from cetsgraph.vocabulary import Property, vocabulary

__all__ = ["importer_page"]

_HEAD = """\
<!-- Derived from the importers by `make derive`; edit those instead. -->
# Importers

What `cetsgraph import KIND PATH…` and `cetsgraph load` make data sets of. A file is recognised by what stands
in it; [how to import](../how-to/import-what-you-have.md) shows it. The number after the name is that of the
mapping: where it is raised, the same files give another data set, and are read again.

Tables list what is taken, by its name in the source, with the field and unit that it gets; where a field has
several numbers, or a source names them by axis, the first one stands for all. Numbers are converted where
units or conventions differ. Each value that has no field is reported with its file and line, and so is what
was computed or taken for granted:
"""
_RULES = {
    "import-dropped": "a value has no field",
    "import-derived": "a value was computed",
    "import-assumed": "something was taken for granted that no file states",
    "import-conflict": "sources differ: both values, and which one was kept",
    "import-part-missing": "a file that another one names is not there",
    "import-template": "a placeholder stands where a value belongs",
    "value-type": "a value is not valid: its file is refused, or read without it by `--lenient`",
}

_PAGES = {"Annotation": "terms-of-annotations", "DataObject": "terms-of-data-objects"}
"""Pages of classes, and of all their kinds."""


def importer_page(importers: Iterable[Importer]) -> bytes:
    """The page, with a section for each importer.

    Raises:
        KeyError: an importer names a field that the model does not have.
    """
    rules = [f"- [{rule}](rules/{rule}.md): {meaning}." for rule, meaning in _RULES.items()]
    sections = [line for importer in importers for line in _section(importer)]
    return "\n".join([_HEAD, *rules, "", *sections]).encode()


def _section(importer: Importer) -> Iterator[str]:
    yield f"## {importer.name}\n"
    yield f"`{importer.version}`, recognised by: {importer.evidence}."
    if importer.partners:
        yield f"Read together with {', '.join(importer.partners)}."
    yield ""
    if importer.mapped:
        yield "| in the source | becomes | unit | which is |\n|---|---|---|---|"
        yield from (_row(name, target) for name, target in importer.mapped.items())
        yield ""


def _row(name: str, target: str) -> str:
    term, field = target.split(".")
    prop = _properties(term)[field]
    unit = prop.unit.symbol if prop.unit is not None else ""
    kinds = {term, *vocabulary().classes[term].ancestors}
    page = next((page for kind, page in _PAGES.items() if kind in kinds), "terms")
    return f"| `{name}` | [{term}]({page}.md#{term.lower()}).`{field}` | {unit} | {prop.definition} |"


def _properties(term: str) -> dict[str, Property]:
    return {prop.field: prop for prop in vocabulary().classes[term].properties}
