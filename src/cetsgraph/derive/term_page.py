"""The page of terms: classes, properties and units of the ontology, in Markdown."""

from collections.abc import Iterable, Iterator

from cetsgraph.derive.ontology import DERIVED_NOTE, unit_name
from cetsgraph.model import UNITS
from cetsgraph.namespaces import CETS
from cetsgraph.versions import ONTOLOGY_VERSION
from cetsgraph.vocabulary import DERIVED, ClassTerm, Kind, Property, Vocabulary

__all__ = ["term_page"]

_HEAD = f"""# Terms

<!-- {DERIVED_NOTE} -->

Every class and property of the ontology `{CETS}` (prefix `cets:`), version {ONTOLOGY_VERSION}.
A *field* is the name in canonical JSON, a *property* the same thing in the graph. Everything is optional
unless it is marked **required**. A class has the fields of what it is a
kind of, too. An array is one value; its shape is given.
"""

_KINDS = {
    Kind.TEXT: "text",
    Kind.LANGUAGE_TEXT: "text, or one in each of several languages",
    Kind.INTEGER: "integer",
    Kind.DOUBLE: "number",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: "date",
    Kind.DATETIME: "date and time",
}


def term_page(words: Vocabulary) -> bytes:
    """The page in Markdown."""
    lines = [
        _HEAD,
        "## Contents\n",
        *_contents(words),
        "\n## Classes\n",
        *(line for term in words.classes.values() for line in _class(words, term)),
        "## Properties that are derived\n",
        "They follow from a document and stand in the graph for queries; a document never states them.\n",
        "| property | of | value | unit | meaning |\n|---|---|---|---|---|",
        *(_derived(prop) for prop in DERIVED),
        *_dangling(words),
        "\n## Units\n",
        "| unit | symbol | UCUM | IRI |\n|---|---|---|---|",
        *_units(),
    ]
    return ("\n".join(lines) + "\n").encode()


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
    if children := [other.name for other in words.classes.values() if term.name in other.parents]:
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
