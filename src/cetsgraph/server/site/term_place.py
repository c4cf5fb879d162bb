"""Where a term of the ontology stands: what is above and below it, its fields, and its names in dialects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cetsgraph.documents import CANONICAL_NAME, DIALECTS, class_name, field_name
from cetsgraph.documents.dialects import default_revision
from cetsgraph.server.site.tables import Head, PageTable, Shown
from cetsgraph.vocabulary import ClassTerm, Property, vocabulary

__all__ = ["TermPlace", "place_of"]

_HEADS = [Head("field"), Head("what it is"), Head("unit"), Head("of")]


@dataclass(frozen=True, slots=True)
class TermPlace:
    """The place of a class or property."""

    parents: Sequence[str] = ()
    children: Sequence[str] = ()
    fields: PageTable | None = None
    """What objects of a class have, its own properties first."""
    names: Sequence[tuple[str, str]] = ()
    """Dialects that call it otherwise, with their names for it."""


def place_of(term: ClassTerm | Property) -> TermPlace:
    """The place of a term.

    >>> place_of(vocabulary().classes["FitMap"]).parents
    ('Geometry', 'Raster3D')
    """
    names = [(dialect, ", ".join(called)) for dialect, called in _called(term) if called]
    if isinstance(term, Property):
        return TermPlace(names=names)
    return TermPlace(term.parents, vocabulary().children(term.name), _fields(term), names)


def _fields(term: ClassTerm) -> PageTable:
    own = vocabulary().own(term.name)
    inherited = [one for one in term.properties if one not in own]
    return PageTable(_HEADS, [_row(one, term.name if one in own else "") for one in (*own, *inherited)])


def _row(field: Property, name: str) -> list[Shown]:
    """A field: of the class itself by its `name`, or of those that it comes from."""
    unit = field.unit.symbol if field.unit else ""
    named = Shown(field.name, f"/ontology/use/{field.name}")
    return [named, Shown(field.definition), Shown(unit), Shown(name or ", ".join(field.domains))]


def _called(term: ClassTerm | Property) -> Iterable[tuple[str, list[str]]]:
    """What each other dialect calls a term where that is another name."""
    classes = vocabulary().classes
    for dialect in DIALECTS:
        if dialect == CANONICAL_NAME:
            continue
        revision = default_revision(dialect)
        if isinstance(term, ClassTerm):
            own, called = term.name, [class_name(dialect, revision, term.model)]
        else:
            own = term.field
            called = [field_name(dialect, revision, classes[name].model, own) for name in term.domains]
        yield dialect, [*dict.fromkeys(one for one in called if one not in (None, own))]
