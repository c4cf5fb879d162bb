"""What makes a dialect: its name, how it is recognised, and how its root is read and written."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cetsgraph.documents.dialects.mapping.revisions import Revisions
from cetsgraph.documents.dialects.mapping.session import ReadSession, WriteSession
from cetsgraph.documents.dialects.mapping.table import ObjectMap
from cetsgraph.model import DataSet

__all__ = ["Dialect"]

Recognise = Callable[[Any], str | None]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One shape in which CETS documents arrive."""

    name: str
    recognise: Recognise
    """The form of the root (`DataSet`, `Region`, …) if the document shows the dialect, else None."""
    read: Callable[[ReadSession, Any, str], DataSet]
    """Reading, the parsed document, its form."""
    write: Callable[[WriteSession, DataSet, str], Any]
    """Writing, the data set, the form to write; `DataSet` is the whole."""
    guess: Recognise | None = None
    """The form of a root that no dialect recognises, if most of its fields are of one: for documents with
    fields that are misspelt, or that nobody has."""
    form: str = "DataSet"
    """The form that is written where none is asked for."""
    root: Callable[[], ObjectMap] | None = None
    """Table of the whole, by which documents that several dialects would take are told apart."""
    tables: Callable[[], Iterable[ObjectMap]] = tuple
    """All tables that it has; none where it calls everything as the model does."""
    instead: Mapping[str, str] = field(default_factory=dict)
    """What to write in place of fields of the model for which it has none."""
    revisions: Revisions | None = None
    """Its revisions, where it has several."""
