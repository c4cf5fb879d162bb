"""Rules for single fields: what a field of the source is in the model, read and written by the same words."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cetsgraph.documents.dialects.mapping.session import NULL, ReadSession, WriteSession, in_a_word
from cetsgraph.findings import Severity
from cetsgraph.model import Entity
from cetsgraph.model.values import moment

__all__ = [
    "CodedRule", "DateRule", "FieldRule", "ManyRule", "OneRule", "StructuralRule", "Table", "ValueRule",
    "coded", "elsewhere", "explicit", "formerly", "ignore", "many", "nothing", "one", "read_list", "same",
    "structural", "value", "words", "write_list",
]  # fmt: skip

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR_FIRST = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})$")


class FieldRule(Protocol):
    """What one source field is in the model; `covers` names the model's fields that it writes."""

    @property
    def covers(self) -> tuple[str, ...]: ...

    def read(self, reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
        """Put what was found at the pointer into the values that the model's object is made of."""

    def write(self, writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        """The source field's value, from the values of the object at the pointer; None if absent."""


class Table(Protocol):
    """What reads and writes objects: an `ObjectMap`, or a `Choice` among several."""

    def read(self, reading: ReadSession, source: Any, pointer: str) -> Entity | None:
        """The object, or None where it cannot be represented, which is then reported."""

    def write(self, writing: WriteSession, entity: Entity, pointer: str) -> dict[str, Any] | None:
        """The source object, or None where the dialect has none for it, which is then reported."""


@dataclass(frozen=True, slots=True)
class ValueRule:
    """A single value or array; `absent` stands for none, `older` gives the current value of an older one."""

    target: str
    absent: Any = None
    older: Callable[[Any], Any] | None = None

    @property
    def covers(self) -> tuple[str, ...]:
        return (self.target,)

    def read(self, reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
        """Take the value, one of an older form as it is written today."""
        if found == self.absent and type(found) is type(self.absent):
            return
        if self.older is not None and (now := self.older(found)) is not found:
            reading.report_older(pointer, "this is an older way to say it", found=found, expected=now)
            found = now
        values[self.target] = found

    def write(self, writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        return values[self.target]


@dataclass(frozen=True, slots=True)
class DateRule:
    """A day, written YYYY-MM-DD."""

    target: str

    @property
    def covers(self) -> tuple[str, ...]:
        return (self.target,)

    def read(self, reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
        """Take a date, or the day of a moment; report what is neither."""
        try:
            if isinstance(found, str) and _DATE.fullmatch(found):
                values[self.target] = dt.date.fromisoformat(found)
                return
        except ValueError:
            pass  # such as 2024-02-30
        if isinstance(found, str) and self._read_moment(reading, found, pointer, values):
            return
        parts = _YEAR_FIRST.match(found) if isinstance(found, str) else None
        day = f"{parts[1]}-{parts[2]:0>2}-{parts[3]:0>2}" if parts else "the year, the month and the day"
        reading.report(
            "value-type",
            pointer,
            "this is not a date",
            found=in_a_word(found),
            expected="a date: YYYY-MM-DD",
            hint=f"Write {day}{'' if parts else ', such as 2022-03-01'}, if there is such a day.",
        )

    def write(self, writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        found = values[self.target]
        return None if found is None else found.isoformat()

    def _read_moment(self, reading: ReadSession, found: str, pointer: str, values: dict[str, Any]) -> bool:
        """Take the day of a date with a time; the time is kept for writing the document back."""
        try:
            values[self.target] = moment(found).date()
        except ValueError:
            return False
        message = "the day is taken; the time goes back into this document alone"
        day = values[self.target].isoformat()
        reading.keep(pointer, found)
        reading.report(
            "value-type",
            pointer,
            message,
            severity=Severity.INFO,
            found=found,
            expected=day,
            hint="Nothing needs to be done.",
        )
        return True


@dataclass(frozen=True, slots=True)
class CodedRule:
    """A word of the source for a word of the model."""

    target: str
    codes: Mapping[str, str]
    older: Mapping[str, str]
    instead: Mapping[str, str]

    @property
    def covers(self) -> tuple[str, ...]:
        return (self.target,)

    def read(self, reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
        """Take the model's word for a word of the source; report one that is not known."""
        code = found
        if isinstance(found, str) and found in self.older:
            code = self.older[found]
            reading.report_older(pointer, "this is an older way to say it", found=found, expected=code)
        if not isinstance(code, str) or code not in self.codes:
            hint = self.instead.get(found) if isinstance(found, str) else None
            reading.report_not_one_of(pointer, found, self.codes, hint=hint)
        else:
            values[self.target] = self.codes[code]

    def write(self, writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        """Give the source's word for the model's; report one that it has not."""
        meaning = values[self.target]
        if meaning is None:
            return None
        for code, known in self.codes.items():
            if known == meaning:
                return code
        writing.report(
            "not-representable",
            f"{pointer}/{self.target}",
            f"{writing.dialect} has no word for this value; it is left out",
            found=meaning,
            expected=", ".join(self.codes.values()),
        )
        return None


@dataclass(frozen=True, slots=True)
class OneRule:
    """One object, which another table reads and writes."""

    target: str
    table: Table

    @property
    def covers(self) -> tuple[str, ...]:
        return (self.target,)

    def read(self, reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
        if (entity := self.table.read(reading, found, pointer)) is not None:
            values[self.target] = entity

    def write(self, writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        entity = values[self.target]
        return None if entity is None else self.table.write(writing, entity, f"{pointer}/{self.target}")


@dataclass(frozen=True, slots=True)
class ManyRule:
    """A list of objects, which another table reads and writes."""

    target: str
    table: Table
    older: str | None = None

    @property
    def covers(self) -> tuple[str, ...]:
        return (self.target,)

    def read(self, reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
        """Read each object by the table; report a field that the source has under an older name."""
        if self.older is not None:
            reading.report_older(pointer, self.older)
        values[self.target] = read_list(reading, self.table, found, pointer)

    def write(self, writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        return write_list(writing, self.table, values[self.target], f"{pointer}/{self.target}")


@dataclass(frozen=True, slots=True)
class StructuralRule:
    """What functions read and write, since it is not one field of the model."""

    reader: Callable[[ReadSession, Any, str, dict[str, Any]], None]
    writer: Callable[[WriteSession, Mapping[str, Any], str], Any]
    covers: tuple[str, ...]
    inside: Mapping[str, str]
    """Fields of the model that are fields of an object here, and what they are called in it."""
    table: Table | None = None
    """Of the objects in it, if it holds any."""
    many: bool = False

    def read(self, reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
        self.reader(reading, found, pointer, values)

    def write(self, writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        return self.writer(writing, values, pointer)


same: FieldRule = ValueRule("")
"""The same field under the same name; for single values and arrays."""


def value(
    target: str,
    *,
    absent: Any = None,
    older: Callable[[Any], Any] | Mapping[Any, Any] | None = None,
) -> FieldRule:
    """A single value or array under another name.

    `absent` is a stated default that means that there is no value. `older` gives the current value for one
    of an older revision, and the very same object for any other.
    """
    if isinstance(older, Mapping):
        known = dict(older)
        older = lambda found: known.get(found, found) if isinstance(found, str | int) else found  # noqa: E731
    return ValueRule(target, absent, older)


def explicit(target: str) -> FieldRule:
    """A single value that is null where it is not known: an absent one would mean the dialect's default."""

    def write(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        found = values[target]
        return NULL if found is None else found

    return structural(value(target).read, write, target)


def coded(
    target: str,
    codes: Mapping[str, str],
    *,
    older: Mapping[str, str] | None = None,
    instead: Mapping[str, str] | None = None,
) -> FieldRule:
    """A word for which the model has another: `codes` from source to model; `older` from older to current.

    `instead` says of words that the source does not have what to write in their place.
    """
    return CodedRule(target, codes, older or {}, instead or {})


def one(target: str, table: Table) -> FieldRule:
    """One contained object."""
    return OneRule(target, table)


def many(target: str, table: Table, *, older: str | None = None) -> FieldRule:
    """Contained objects, in order; `older` says why only older revisions have them here."""
    return ManyRule(target, table, older)


def words(*names: str) -> dict[str, FieldRule]:
    """Fields that have the same name in the model."""
    return dict.fromkeys(names, same)


def formerly(target: str) -> FieldRule:
    """A field that only other revisions of the dialect have on this class: read, reported, written back."""

    def read(reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
        reading.report_older(pointer, "only some revisions of the dialect have this field here", found=found)
        values[target] = found

    return structural(read, value(target).write, target)


def structural(
    read: Callable[[ReadSession, Any, str, dict[str, Any]], None],
    write: Callable[[WriteSession, Mapping[str, Any], str], Any],
    *covers: str,
    inside: Mapping[str, str] | None = None,
    table: Table | None = None,
    many: bool = False,
) -> FieldRule:
    """A field whose structure differs from the model's: how it is read and written, and what it `covers`.

    `table` tells what objects are in it, and `many` whether it is a list of them, for the dialect's pages.

    `read(reading, found, pointer, values)` puts what it finds into `values`, the model's fields of the
    object being made; `write(writing, values, pointer)` gives the source field's value or None. Where one of
    them takes the value as it stands, it is that of `value(target)`. A field
    that another one reads and writes is `structural(ignore, nothing)`. `inside` says what fields of the model
    are called in the object that is found, where that is no object of its own in the model.
    """
    return StructuralRule(read, write, (*covers, *(inside or {})), inside or {}, table, many)


def elsewhere(table: Table, *, many: bool = True) -> FieldRule:
    """Objects that the table of what holds this one reads and writes."""
    return structural(ignore, nothing, table=table, many=many)


def ignore(reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
    """Read nothing: another rule reads the field."""


def nothing(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> None:
    """Write nothing: another rule writes the field."""


def read_list(reading: ReadSession, table: Table, found: Any, pointer: str) -> list[Any]:
    """Read objects in order; what is not one is reported and left out."""
    if not isinstance(found, list):
        reading.report_not_a_list(pointer, found)
        return []
    entities = (table.read(reading, item, f"{pointer}/{index}") for index, item in enumerate(found))
    return [entity for entity in entities if entity is not None]


def write_list(
    writing: WriteSession, table: Table, entities: Iterable[Entity], pointer: str
) -> list[dict[str, Any]]:
    """Write objects in order; what the dialect cannot hold is reported and left out."""
    items = (
        table.write(writing, entity, writing.place_of(entity, f"{pointer}/{index}"))
        for index, entity in enumerate(entities)
    )
    return [item for item in items if item is not None]
