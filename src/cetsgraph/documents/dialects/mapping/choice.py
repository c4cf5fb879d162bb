"""Objects of several classes, told apart by a field."""

from collections.abc import Callable, Collection, Mapping
from functools import cached_property
from typing import Any

from cetsgraph.documents.dialects.mapping.session import Moved, ReadSession, WriteSession
from cetsgraph.documents.dialects.mapping.table import ObjectMap
from cetsgraph.model import Entity

__all__ = ["Choice"]


class Choice:
    """Objects of several classes, told apart by a field.

    Args:
        key: the field of the source that names the class; None if the others say it.
        tables: for each value of that field its table; a function where tables hold one another.
        choose: the value where the source has none; None if that is not known.
        tag_of: the value to write for an object; by its class if not given.
        older: values of older revisions, and what they are called now.
        untagged: values that are not written.
        becomes: what is written in place of an object that the source has in another form; None where it
            cannot be written, which is reported.
    """

    def __init__(
        self,
        key: str | None,
        tables: Mapping[str, ObjectMap] | Callable[[], Mapping[str, ObjectMap]],
        *,
        choose: Callable[[dict[str, Any]], str | None] | None = None,
        tag_of: Callable[[Entity], str | None] | None = None,
        older: Mapping[str, str] | None = None,
        older_keys: Collection[str] = (),
        untagged: Collection[str] = (),
        becomes: Callable[[WriteSession, Entity, str], Entity | None] | None = None,
    ) -> None:
        self.key = key
        self._declared = tables
        self.choose = choose
        self.tag_of = tag_of or self._by_class
        self.older = dict(older or {})
        self.older_keys = tuple(older_keys)
        self.untagged = frozenset(untagged)
        self.becomes = becomes

    @cached_property
    def tables(self) -> Mapping[str, ObjectMap]:
        """The table of each value of the key."""
        return self._declared() if callable(self._declared) else self._declared

    def read(self, reading: ReadSession, source: Any, pointer: str) -> Entity | None:
        """Read an object by the table of its class; None, with a finding, where no class fits."""
        if not isinstance(source, dict):
            reading.report_not_an_object(
                pointer, source, " or ".join(sorted({t.source for t in self.tables.values()}))
            )
            return None
        place = source.pointer if isinstance(source, Moved) else pointer
        key = self._key_of(reading, source, place)
        tag: Any = None if key is None else source.get(key)
        if tag is None:
            tag = self.choose(source) if self.choose is not None else None
        elif isinstance(tag, str) and tag in self.older:
            reading.report_older(
                f"{place}/{key}", "this is an older name", found=tag, expected=self.older[tag]
            )
            tag = self.older[tag]
        table = self.tables.get(tag) if isinstance(tag, str) else None
        if table is None:
            where = place if tag is None else f"{place}/{key}"
            reading.report_not_one_of(where, tag, self.tables, what=self.key or "kind")
            return None
        return table.read(reading, source, pointer, tag=key)

    def likeness(self, source: Any, depth: int = 6) -> int:
        """How many fields of the source, which says its class, the table of that class knows."""
        tag = source.get(self.key) if isinstance(source, dict) and self.key is not None else None
        table = self.tables.get(self.older.get(tag, tag)) if isinstance(tag, str) else None
        return 0 if table is None else 1 + table.likeness(source, depth)

    def holds(self, entity: Entity) -> bool:
        """Whether one of the tables is of the object's class."""
        return self.tag_of(entity) is not None

    def write(self, writing: WriteSession, entity: Entity, pointer: str) -> dict[str, Any] | None:
        """Write an object by the table of its class; None, with a finding, where there is none."""
        made = entity if self.becomes is None else self.becomes(writing, entity, pointer)
        if made is None:
            return None
        tag = self.tag_of(made)
        if tag is None:
            writing.report_left_out(made, pointer)
            return None
        written = self.tables[tag].write(writing, made, pointer)
        if written is None or self.key is None or tag in self.untagged:
            return written
        return {self.key: tag, **written}

    @cached_property
    def _tags(self) -> dict[type[Entity], str]:
        return {table.cls: tag for tag, table in reversed([*self.tables.items()])}

    def _by_class(self, entity: Entity) -> str | None:
        return self._tags.get(type(entity))

    def _key_of(self, reading: ReadSession, source: dict[str, Any], pointer: str) -> str | None:
        if self.key is None or self.key in source:
            return self.key
        for older in self.older_keys:
            if older in source:
                reading.report_older(f"{pointer}/{older}", f"this is called {self.key} now", found=older)
                return older
        return self.key
