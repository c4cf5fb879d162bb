"""The pages of terms: classes, properties and units of the ontology, in Markdown."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from cetsgraph.derive.ontology import DERIVED_NOTE, unit_name
from cetsgraph.model import UNITS
from cetsgraph.namespaces import CETS
from cetsgraph.versions import ONTOLOGY_VERSION
from cetsgraph.vocabulary import DERIVED, ClassTerm, Kind, Property, Vocabulary

__all__ = ["FOLDER", "term_pages"]

FOLDER = Path("docs/reference")

_HEAD = f"""# Terms

<!-- {DERIVED_NOTE} -->

Every class and property of the ontology `{CETS}` (prefix `cets:`), version {ONTOLOGY_VERSION}.
A *field* is the name in canonical JSON, a *property* the same thing in the graph. Everything is optional
unless it is marked **required**. A class has the fields of what it is a
kind of, too. An array is one value; its shape is given.
"""
_OWN_PAGES = {"Annotation": "annotations", "DataObject": "data-objects"}
"""Classes that have, with all their kinds, a page of their own."""
_LINK = re.compile(r"(?<=\]\()#(\w+)(?=\))")

_KINDS = {
    Kind.TEXT: "text",
    Kind.LANGUAGE_TEXT: "text, or one in each of several languages",
    Kind.INTEGER: "integer",
    Kind.DOUBLE: "number",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: "date",
    Kind.DATETIME: "date and time",
}


def term_pages(words: Vocabulary) -> Iterator[tuple[Path, bytes]]:
    """Each page in Markdown, with its place in the checkout."""
    yield FOLDER / "terms.md", _page(words, "terms.md", _terms(words))
    for name in _OWN_PAGES:
        page = _page_of(words, name)
        yield FOLDER / page, _page(words, page, _kinds_of(words, name, page))


def _page(words: Vocabulary, page: str, lines: Iterable[str]) -> bytes:
    """The lines, in which a link to a class of another page says that page."""

    def elsewhere(link: re.Match[str]) -> str:
        place = _page_of(words, link[1])
        return link[0] if place == page else place + link[0]

    return (_LINK.sub(elsewhere, "\n".join(lines)) + "\n").encode()


def _page_of(words: Vocabulary, name: str) -> str:
    """Name of the page on which a class is described."""
    own = [_OWN_PAGES[kind] for kind in (name, *words.classes[name].ancestors) if kind in _OWN_PAGES]
    return f"terms-of-{own[0]}.md" if own else "terms.md"


def _classes(words: Vocabulary, page: str) -> Iterator[str]:
    for name, term in words.classes.items():
        if _page_of(words, name) == page:
            yield from _class(words, term)


def _kinds_of(words: Vocabulary, name: str, page: str) -> Iterator[str]:
    yield f"# Terms of {_OWN_PAGES[name].replace('-', ' ')}\n"
    yield f"<!-- {DERIVED_NOTE} -->\n"
    yield f"{_link(name)} and its kinds. The other classes, and how to read this: [the terms](terms.md).\n"
    yield "## Classes\n"
    yield from _classes(words, page)


def _terms(words: Vocabulary) -> Iterator[str]:
    yield _HEAD
    yield "## Contents\n"
    yield from _contents(words)
    yield "\n## Classes\n"
    yield from _classes(words, "terms.md")
    yield "## Properties that are derived\n"
    yield "They follow from a document and stand in the graph for queries; a document never states them.\n"
    yield "| property | of | value | unit | meaning |\n|---|---|---|---|---|"
    yield from (_derived(prop) for prop in DERIVED)
    yield from _dangling(words)
    yield "\n## Units\n"
    yield "| unit | symbol | UCUM | IRI |\n|---|---|---|---|"
    yield from _units()


def _contents(words: Vocabulary) -> Iterator[str]:
    """The tree of classes; a class with several parents stands below the first of them."""

    def below(name: str, depth: int) -> Iterator[str]:
        """A class, and its subclasses as a list further in."""
        kind = " (abstract)" if words.classes[name].model.abstract else ""
        yield f"{'  ' * depth}- {_link(name)}{kind}"
        for term in words.classes.values():
            if term.parents[:1] == (name,):
                yield from below(term.name, depth + 1)

    for term in words.classes.values():
        if not term.parents:
            yield from below(term.name, 0)


def _class(words: Vocabulary, term: ClassTerm) -> Iterator[str]:
    yield f'<a id="{term.name}"></a>\n\n### {term.name}\n'
    yield f"{term.definition}\n"
    yield f"{' · '.join(_facts(words, term))}\n"
    if own := words.own(term.name):
        yield "| field | property | value | unit | meaning |\n|---|---|---|---|---|"
        yield from (_field(prop) for prop in own)
        yield ""


def _facts(words: Vocabulary, term: ClassTerm) -> Iterator[str]:
    yield f"`cets:{term.name}`"
    if term.model.abstract:
        yield "abstract: objects are of one of its kinds"
    if term.parents:
        yield f"a kind of {_links(term.parents)}"
    if further := [name for name in term.ancestors if name not in term.parents]:
        yield f"also has the fields of {_links(further)}"
    if children := words.children(term.name):
        yield f"kinds: {_links(children)}"
    if term.model.labels:
        yield f"also called: {', '.join(term.model.labels)}"
    held = [prop for prop in words.properties.values() if prop.kind is Kind.PART and prop.range == term.name]
    if owners := sorted({owner for prop in held for owner in prop.domains}):
        yield f"part of: {_links(owners)}"


def _field(prop: Property) -> str:
    also = (
        f" Also called: {', '.join(f'`{label}`' for label in prop.facts.labels)}."
        if prop.facts.labels
        else ""
    )
    required = "**required**, " if prop.facts.required else ""
    cells = (
        f"`{prop.field}`",
        f"`cets:{prop.name}`",
        required + _value(prop),
        prop.unit.symbol if prop.unit else "",
        prop.definition + also + _meanings(prop),
    )
    return _row(cells)


def _meanings(prop: Property) -> str:
    return "".join(f" `{value}`: {meaning}" for value, meaning in prop.meanings)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _value(prop: Property) -> str:
    if prop.kind is Kind.ARRAY:
        return f"array, {prop.shape}"
    if prop.kind is Kind.PART:
        return f"any number of {_link(prop.range)}" if prop.many else _link(prop.range)
    if prop.kind is Kind.REFERENCE:
        return f"{'ids' if prop.many else 'id'} of {_link(prop.range)}"
    if prop.range is not None:
        return _link(prop.range)
    if prop.values:
        return "one of " + ", ".join(f"`{value}`" for value in prop.values)
    return ", ".join([_KINDS[prop.kind], *_bounds(prop)])


def _bounds(prop: Property) -> Iterator[str]:
    facts = prop.facts
    if facts.minimum is not None and facts.maximum is not None:
        yield f"{facts.minimum:g} to {facts.maximum:g}"
    elif facts.minimum is not None:
        yield f"≥ {facts.minimum:g}"
    elif facts.maximum is not None:
        yield f"≤ {facts.maximum:g}"
    if facts.above is not None:
        yield f"> {facts.above:g}"


def _derived(prop: Property) -> str:
    unit = prop.unit.symbol if prop.unit else ""
    return _row((f"`cets:{prop.name}`", _links(prop.domains), _value(prop), unit, prop.definition))


def _dangling(words: Vocabulary) -> Iterator[str]:
    for prop in words.properties.values():
        if prop.dangling is not None:
            meaning = f"Id, as written, for `cets:{prop.name}`, of an object that the data set does not have."
            yield _row((f"`cets:{prop.dangling}`", _links(prop.domains), "text", "", meaning))


def _units() -> Iterator[str]:
    for unit in UNITS:
        yield _row((unit.name, unit.symbol, f"`{unit.ucum}`", f"`{unit_name(unit)}`"))


def _link(name: str | None) -> str:
    return f"[{name}](#{name})"


def _links(names: Iterable[str]) -> str:
    return ", ".join(_link(name) for name in names)
