"""What to do about a field that a class of the source does not have: its name or place in the dialect."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from cetsgraph.documents.dialects.mapping.choice import Choice
from cetsgraph.documents.dialects.mapping.dialect import Dialect
from cetsgraph.documents.dialects.mapping.joined import Joined
from cetsgraph.documents.dialects.mapping.table import ObjectMap
from cetsgraph.documents.dialects.mapping.within import Within
from cetsgraph.model.base import facts_of
from cetsgraph.texts import did_you_mean, listed, nearest

__all__ = ["FieldAdvice", "tables_inside"]

_MOST_OWNERS = 3
_SURE = 0.8  # of likeness of two names, from which on one is a misspelling of the other


class FieldAdvice:
    """What to do about unknown fields of a document in one dialect.

    Args:
        dialect: of the document.
        dialects: whose names of fields a depositor may know.
        revision: of the dialect, where one is known.
    """

    def __init__(self, dialect: Dialect, dialects: Iterable[Dialect], revision: str | None) -> None:
        self._dialect = dialect
        self._dialects = tuple(dialects)
        self._revision = None if dialect.revisions is None else dialect.revisions.by_name.get(revision or "")

    def about(self, table: ObjectMap, key: str) -> str:
        """What to do about a field that the class of a table does not have."""
        own = self._fields(table)
        return (
            did_you_mean([name for name in own if _plain(name) == _plain(key)][:1])
            or did_you_mean(nearest(key, own, count=2, cutoff=_SURE))
            or self._other_name(table, key)
            or self._longer_name(table, key)
            or self._other_place(table, key)
            or self._other_tag(table, key)
            or self._no_place(table, key)
            or self._fields_listed(table, key)
        )

    def _other_name(self, table: ObjectMap, key: str) -> str | None:
        """What the dialect calls what others call so, or has in its place."""
        own = self._fields(table)
        for field in self._meant(table, key):
            if field in self._dialect.instead:
                return self._dialect.instead[field]
            known = (name.partition("/")[0] for name in table.spellings.get(field, ()))
            if name := next((name for name in known if name in own and not _moves(table, name)), None):
                return f"Write it `{name}`: that is its name in {self._dialect.name}."
        return None

    def _longer_name(self, table: ObjectMap, key: str) -> str | None:
        """Which names have all words of the field, and more: not told by one word alone."""
        words = _words(key)
        return did_you_mean([name for name in self._fields(table) if len(words) > 1 and words < _words(name)])

    def _other_place(self, table: ObjectMap, key: str) -> str | None:
        """Which objects around have such a field."""
        owners = dict.fromkeys(one.source for one in self._relatives(table) if key in self._fields(one))
        shown = " or ".join([*owners][:_MOST_OWNERS])
        return f"It is a field of {shown}: move it there." if shown else None

    def _other_tag(self, table: ObjectMap, key: str) -> str | None:
        """What an object of the same class is called that has such a field."""
        for holder in self._holders.get(table, ()):
            for rule in holder.fields.values():
                for tag, told_in, other in tables_inside(rule):
                    if tag is not None and other.cls is table.cls and key in self._fields(other):
                        return f"Write {tag} in `{told_in}`, which has this field, or take it out."
        return None

    def _no_place(self, table: ObjectMap, key: str) -> str | None:
        """Which dialect has a field for what the dialect has none for."""
        field = next(self._meant(table, key), None)
        if field is None:
            return None
        return (
            f"{self._dialect.name} has no field for this. Take it out; the document that "
            f"`cetsgraph convert --to cetsgraph` writes can have it, as `{field}`."
        )

    def _fields_listed(self, table: ObjectMap, key: str) -> str:
        own = self._fields(table)
        words = _words(key)
        guess = did_you_mean([name for name in own if words < _words(name)] or nearest(key, own, count=1))
        fields = f"{table.source} has the fields {listed(own)};"
        return " ".join(filter(None, [guess, fields, "take out what none of them holds."]))

    def _fields(self, table: ObjectMap) -> list[str]:
        """The fields of the class of a table, as the revision calls them."""
        if (revision := self._revision) is None:
            return [*table.fields]
        known = (key for key in table.fields if revision.has(table.source, key))
        return [revision.name_of(table.source, key) for key in known]

    def _meant(self, table: ObjectMap, key: str) -> Iterator[str]:
        """The fields of the model that it, one of its labels or a dialect calls so."""
        wanted = _plain(key)
        for name, info in table.cls.model_fields.items():
            if wanted in map(_plain, (name, *facts_of(info.json_schema_extra).labels)):
                yield name
        for dialect in self._dialects:
            for other in dialect.tables():
                if issubclass(other.cls, table.cls) or issubclass(table.cls, other.cls):
                    spellings = other.spellings.items()
                    yield from (name for name, spelled in spellings if _has(other, spelled, wanted))

    def _relatives(self, table: ObjectMap) -> Iterator[ObjectMap]:
        """The tables of what an object may hold, and of what may hold it, the nearest first."""
        yield from _reached(self._inside, table)
        yield from _reached(self._holders, table)

    @cached_property
    def _inside(self) -> dict[ObjectMap, list[ObjectMap]]:
        """For each table from the root down, the tables of what its objects hold."""
        inside: dict[ObjectMap, list[ObjectMap]] = {}
        queue = [] if self._dialect.root is None else [self._dialect.root()]
        for table in queue:
            if table not in inside:
                inside[table] = [one for rule in table.fields.values() for one in _tables_of(rule)]
                queue += inside[table]
        return inside

    @cached_property
    def _holders(self) -> dict[ObjectMap, list[ObjectMap]]:
        holders: dict[ObjectMap, list[ObjectMap]] = {}
        for holder, held in self._inside.items():
            for one in held:
                holders.setdefault(one, []).append(holder)
        return holders


def tables_inside(rule: Any) -> Iterator[tuple[str | None, str | None, ObjectMap]]:
    """The tables of the objects in a field, with what tells them apart, and in which field."""
    table = rule.holder if isinstance(rule, Joined) else getattr(rule, "table", None)
    while table is not None and not isinstance(table, ObjectMap | Choice):
        table = table.table
    if isinstance(table, ObjectMap):
        yield None, None, table
    elif isinstance(table, Choice):
        for tag, inner in table.tables.items():
            told = table.key is not None and (tag not in table.untagged or table.key in inner.fields)
            yield (tag if told else None), table.key, inner


def _tables_of(rule: Any) -> Iterator[ObjectMap]:
    yield from (table for _, _, table in tables_inside(rule))
    if isinstance(rule, Joined):
        yield rule.group


def _reached(steps: dict[ObjectMap, list[ObjectMap]], table: ObjectMap) -> Iterator[ObjectMap]:
    """All that is reached from a table, the nearest first, without itself."""
    queue = {table: None}
    waiting = [table]
    for one in waiting:
        new = [other for other in dict.fromkeys(steps.get(one, ())) if other not in queue]
        queue.update(dict.fromkeys(new))
        waiting += new
    yield from waiting[1:]


def _has(table: ObjectMap, spelled: Iterable[str], wanted: str) -> bool:
    """Whether one of the names of a field is the one that is wanted, at the same place as in the model."""
    return any(_plain(one.rpartition("/")[2]) == wanted and not _moves(table, one) for one in spelled)


def _moves(table: ObjectMap, key: str) -> bool:
    """Whether what is in a field stands elsewhere in the model."""
    return isinstance(table.fields.get(key), Within | Joined)


def _words(name: str) -> set[str]:
    return set(name.casefold().split("_"))


def _plain(name: str) -> str:
    """A name in which case, hyphens and underscores do not count."""
    return re.sub(r"[\W_]+", "", name).casefold()
