"""What a dialect calls the classes and fields of the model."""

from collections.abc import Iterator
from types import ModuleType

from cetsgraph.documents.dialects.mapping.choice import Choice
from cetsgraph.documents.dialects.mapping.dialect import Dialect
from cetsgraph.documents.dialects.mapping.revisions import Revision
from cetsgraph.documents.dialects.mapping.table import ObjectMap
from cetsgraph.model import Entity

__all__ = ["class_name", "field_name", "tables_in"]


def tables_in(*modules: ModuleType) -> Iterator[ObjectMap]:
    """The tables that modules declare, alone or as one of a choice."""
    for module in modules:
        for declared in vars(module).values():
            if isinstance(declared, ObjectMap):
                yield declared
            elif isinstance(declared, Choice):
                yield from declared.tables.values()


def class_name(dialect: Dialect, revision: str | None, cls: type[Entity]) -> str | None:
    """What a dialect calls a class; None if it has none for it."""
    tables = [table for table, _ in _tables(dialect, revision, cls)]
    own = [table.source for table in tables if table.cls is cls]
    if len(own) > 1:  # PointSet, of PointSet2D and PointSet3D
        return own[0].removesuffix("2D").removesuffix("3D")
    return tables[0].source if tables else None


def field_name(dialect: Dialect, revision: str | None, cls: type[Entity], field: str) -> str | None:
    """What a dialect calls a field of a class, or of a class below it; None if it has none for it."""
    for table, known in _tables(dialect, revision, cls):
        for spelled in table.spellings.get(field, ()):
            key, _, inner = spelled.partition("/")
            if known is None or known.has(table.source, key):
                return inner or (key if known is None else known.name_of(table.source, key))
    return None


def _tables(
    dialect: Dialect, revision: str | None, cls: type[Entity]
) -> Iterator[tuple[ObjectMap, Revision | None]]:
    """The tables of a class and of those below it, and the revision if it is a single one."""
    known = None if dialect.revisions is None else dialect.revisions.by_name.get(revision or "")
    for table in dialect.tables():
        if issubclass(table.cls, cls) and (known is None or table.source in known.fields):
            yield table, known
