"""How a dialect is declared: one table per class of objects, read in both directions.

A table says for each field of the source which field of the model it is, so that reader and writer
cannot drift apart:

    AXIS = ObjectMap(
        Axis,
        "Axis",
        {"name": same, "axis_unit": same, "axis_type": same},
        required=("name",),
    )
    TOMOGRAM = ObjectMap(
        Tomogram,
        "Tomogram",
        {
            "id": same,
            "file": value("path", absent=""),              # other name; "" is the stated default
            "kind": coded("reconstruction_method", {"wbp": "weighted back-projection"}),
            "axes": many("coordinate_systems", AXIS),      # nested tables; one(...) for a single object
            "voxels": structural(read, write, "width", "height"),  # where the structures differ
        },
        required=("id",),                                  # said when missing: required-field
        older={"filename": "file"},                        # older spelling: read, and said
        implied=lambda values: {"unit": "angstrom"},       # set when read, dropped when it says just that
    )
    ANNOTATION = Choice("type", {"text": TEXT, "fit_map": FIT_MAP})   # which table, by a field

Reading is bottom-up, one pass: whatever cannot be represented is reported at its place in the source and
skipped, and all else is kept. Writing reports each value of the model for which the dialect has no field.

A dialect is a `Dialect`: its name, how it is recognised, and how its root is read and written.
"""

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cetsgraph.errors import did_you_mean, nearest
from cetsgraph.findings import Finding, Severity
from cetsgraph.model import DataSet, Entity, facts_of
from cetsgraph.pointers import escape_token

__all__ = [
    "Choice",
    "Dialect",
    "Moved",
    "ObjectMap",
    "Reading",
    "Rule",
    "Table",
    "Writing",
    "coded",
    "many",
    "one",
    "same",
    "structural",
    "value",
]

MAX_DEPTH = 200
"""Tokens of the longest pointer that is followed; real documents have about ten."""


@dataclass(slots=True)
class Reading:
    """One document being read: what is said about it, and which references are still to be made."""

    findings: list[Finding] = field(default_factory=list)
    links: list[tuple[Entity, str, Entity]] = field(default_factory=list)

    def say(
        self,
        rule: str,
        pointer: str,
        message: str,
        *,
        severity: Severity = Severity.VIOLATION,
        **more: Any,
    ) -> None:
        """Add a finding; `more` are fields of `Finding` (found, expected, hint, kind, id)."""
        self.findings.append(Finding(rule, severity, pointer, message, **more))

    def older(self, pointer: str, message: str, **more: Any) -> None:
        """Say that the document uses what its dialect has since changed."""
        self.say("older-revision", pointer, message, severity=Severity.WARNING, **more)

    def link(self, entity: Entity, reference: str, target: Entity) -> None:
        """Let a reference lead to an object by its place, which is known when the data set is complete."""
        self.links.append((entity, reference, target))

    def resolve(self, dataset: DataSet) -> DataSet:
        """Make the references that were asked for."""
        if self.links:
            places = canonical_pointers(dataset, {id(target) for _, _, target in self.links})
            for entity, reference, target in self.links:
                setattr(entity, reference, f"#{places[id(target)]}")
            self.links.clear()
        return dataset


@dataclass(slots=True)
class Writing:
    """One data set being written in a dialect; pointers are into the canonical document."""

    dialect: str
    dataset: DataSet
    findings: list[Finding] = field(default_factory=list)
    mint: Callable[["Writing", Entity, str], str] | None = None
    """Makes the id that the dialect requires of an object that has none, and says so."""

    def say(
        self,
        rule: str,
        pointer: str,
        message: str,
        *,
        severity: Severity = Severity.WARNING,
        **more: Any,
    ) -> None:
        """Add a finding; `more` are fields of `Finding`."""
        self.findings.append(Finding(rule, severity, pointer, message, **more))

    def left_out(self, entity: Entity, pointer: str, *fields: str) -> None:
        """Say that the dialect has no place for an object, or for some of its fields."""
        kind = type(entity).__name__
        for name in fields or (None,):
            what = kind if name is None else f"{kind}.{name}"
            self.say(
                "not-representable",
                pointer if name is None else f"{pointer}/{name}",
                f"{self.dialect} has no place for {what}; it is left out",
                found=None if name is None else _shown(getattr(entity, name)),
                kind=kind,
                id=entity.id,
            )


class Rule(Protocol):
    """What one source field is in the model; `covers` names the model's fields that it writes."""

    @property
    def covers(self) -> tuple[str, ...]: ...

    def read(self, reading: Reading, found: Any, pointer: str, values: dict[str, Any]) -> None:
        """Put what was found at the pointer into the values that the model's object is made of."""

    def write(self, writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
        """The source field's value, from the values of the object at the pointer; None if absent."""


class Table(Protocol):
    """What reads and writes objects: an `ObjectMap`, or a `Choice` among several."""

    def read(self, reading: Reading, source: Any, pointer: str) -> Entity | None:
        """The object, or None where it cannot be represented, which is then said."""

    def write(self, writing: Writing, entity: Entity, pointer: str) -> dict[str, Any] | None:
        """The source object, or None where the dialect has none for it, which is then said."""


class Moved(dict[str, Any]):
    """A source object put where its dialect has it now; its fields are still found at `pointer`."""

    def __init__(self, fields: Mapping[str, Any], pointer: str) -> None:
        super().__init__(fields)
        self.pointer = pointer


@dataclass(frozen=True, slots=True)
class _Value:
    target: str
    absent: Any = None
    older: Callable[[Any], Any] | None = None

    @property
    def covers(self) -> tuple[str, ...]:
        return (self.target,)

    def read(self, reading: Reading, found: Any, pointer: str, values: dict[str, Any]) -> None:
        if found == self.absent and type(found) is type(self.absent):
            return
        if self.older is not None and (now := self.older(found)) is not found:
            reading.older(pointer, "this is an older way to say it", found=found, expected=now)
            found = now
        values[self.target] = found

    def write(self, writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
        return values[self.target]


@dataclass(frozen=True, slots=True)
class _Date:
    target: str

    @property
    def covers(self) -> tuple[str, ...]:
        return (self.target,)

    def read(self, reading: Reading, found: Any, pointer: str, values: dict[str, Any]) -> None:
        try:
            if isinstance(found, str) and _DATE.fullmatch(found):
                values[self.target] = dt.date.fromisoformat(found)
                return
        except ValueError:
            pass  # such as 2024-02-30
        reading.say(
            "value-type", pointer, "this is not a date", found=_shown(found), expected="a date: YYYY-MM-DD"
        )

    def write(self, writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
        found = values[self.target]
        return None if found is None else found.isoformat()


@dataclass(frozen=True, slots=True)
class _Coded:
    target: str
    codes: Mapping[str, str]
    older: Mapping[str, str]

    @property
    def covers(self) -> tuple[str, ...]:
        return (self.target,)

    def read(self, reading: Reading, found: Any, pointer: str, values: dict[str, Any]) -> None:
        code = found
        if isinstance(found, str) and found in self.older:
            code = self.older[found]
            reading.older(pointer, "this is an older way to say it", found=found, expected=code)
        if not isinstance(code, str) or code not in self.codes:
            not_one_of(reading, pointer, found, self.codes)
        else:
            values[self.target] = self.codes[code]

    def write(self, writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
        meaning = values[self.target]
        if meaning is None:
            return None
        for code, known in self.codes.items():
            if known == meaning:
                return code
        writing.say(
            "not-representable",
            f"{pointer}/{self.target}",
            f"{writing.dialect} has no word for this value; it is left out",
            found=meaning,
            expected=", ".join(self.codes.values()),
        )
        return None


@dataclass(frozen=True, slots=True)
class _One:
    target: str
    table: Table

    @property
    def covers(self) -> tuple[str, ...]:
        return (self.target,)

    def read(self, reading: Reading, found: Any, pointer: str, values: dict[str, Any]) -> None:
        if (entity := self.table.read(reading, found, pointer)) is not None:
            values[self.target] = entity

    def write(self, writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
        entity = values[self.target]
        return None if entity is None else self.table.write(writing, entity, f"{pointer}/{self.target}")


@dataclass(frozen=True, slots=True)
class _Many:
    target: str
    table: Table

    @property
    def covers(self) -> tuple[str, ...]:
        return (self.target,)

    def read(self, reading: Reading, found: Any, pointer: str, values: dict[str, Any]) -> None:
        values[self.target] = read_list(reading, self.table, found, pointer)

    def write(self, writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
        return write_list(writing, self.table, values[self.target], f"{pointer}/{self.target}")


@dataclass(frozen=True, slots=True)
class _Structural:
    reader: Callable[[Reading, Any, str, dict[str, Any]], None]
    writer: Callable[[Writing, Mapping[str, Any], str], Any]
    covers: tuple[str, ...]

    def read(self, reading: Reading, found: Any, pointer: str, values: dict[str, Any]) -> None:
        self.reader(reading, found, pointer, values)

    def write(self, writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
        return self.writer(writing, values, pointer)


same: Rule = _Value("")
"""The same field under the same name; for single values and arrays."""


def value(
    target: str,
    *,
    absent: Any = None,
    older: Callable[[Any], Any] | Mapping[Any, Any] | None = None,
) -> Rule:
    """A single value or array under another name.

    `absent` is a stated default that means that there is no value. `older` gives the current value for one
    of an older revision, and the very same object for any other.
    """
    if isinstance(older, Mapping):
        known = dict(older)
        older = lambda found: known.get(found, found) if isinstance(found, str | int) else found  # noqa: E731
    return _Value(target, absent, older)


def coded(target: str, codes: Mapping[str, str], *, older: Mapping[str, str] | None = None) -> Rule:
    """A word for which the model has another: `codes` from source to model; `older` from older to current."""
    return _Coded(target, codes, older or {})


def one(target: str, table: Table) -> Rule:
    """One contained object."""
    return _One(target, table)


def many(target: str, table: Table) -> Rule:
    """Contained objects, in order."""
    return _Many(target, table)


def structural(
    read: Callable[[Reading, Any, str, dict[str, Any]], None],
    write: Callable[[Writing, Mapping[str, Any], str], Any],
    *covers: str,
) -> Rule:
    """A field whose structure differs from the model's: how it is read and written, and what it `covers`.

    `read(reading, found, pointer, values)` puts what it finds into `values`, the model's fields of the
    object being made; `write(writing, values, pointer)` gives the source field's value or None. A field
    that another one reads and writes is `structural(ignore, nothing)`.
    """
    return _Structural(read, write, covers)


class ObjectMap:
    """One class of source objects, and what it is in the model."""

    def __init__(
        self,
        cls: type[Entity],
        source: str,
        fields: Mapping[str, Rule],
        *,
        required: Collection[str] = (),
        older: Mapping[str, str] | None = None,
        implied: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None,
        modernise: Callable[[Reading, dict[str, Any], str], dict[str, Any]] | None = None,
        prepare: Callable[[Writing, Entity, dict[str, Any], str], None] | None = None,
        beside: Collection[str] = (),
        keep_empty: bool = False,
    ) -> None:
        """Declare a table.

        Args:
            cls: class of the model.
            source: the class's name in the dialect, for messages.
            fields: for each field of the source, what it is in the model.
            required: source fields that the dialect demands; those that the model demands too are left
                to its own rules.
            older: source fields of older revisions, and what they are called now.
            implied: the model's values that follow from the others; set where they are absent when
                reading, left out without a word when writing.
            modernise: gives the source object as the current revision has it, and says what was older.
                Parts that it moves are `Moved`, so that findings still point at their place.
            prepare: may change the values that are to be written.
            beside: fields of the model that the table of the holder writes.
            keep_empty: whether an empty array differs from none.
        """
        self.cls = cls
        self.source = source
        self.fields = {key: self._rule(key, rule) for key, rule in fields.items()}
        if (
            unknown := {name for rule in self.fields.values() for name in rule.covers}
            - cls.model_fields.keys()
        ):
            raise TypeError(
                f"{cls.__name__} has no {', '.join(sorted(unknown))}, as the table of {source} says"
            )
        self.required = tuple(required)
        self.older = dict(older or {})
        self.implied = implied
        self.modernise = modernise
        self.prepare = prepare
        self.beside = frozenset(beside)
        self.keep_empty = keep_empty

    def __repr__(self) -> str:
        return f"ObjectMap({self.source} -> {self.cls.__name__})"

    def read(self, reading: Reading, source: Any, pointer: str, *, tag: str | None = None) -> Entity | None:
        """The object; `tag` is the field by which this table was chosen."""
        if not isinstance(source, dict):
            not_an_object(reading, pointer, source, self.source)
            return None
        if isinstance(source, Moved):
            pointer = source.pointer
        if pointer.count("/") > MAX_DEPTH:
            reading.say("value-type", pointer, f"nested more than {MAX_DEPTH} levels deep")
            return None
        if self.modernise is not None:
            source = self.modernise(reading, source, pointer)
        values: dict[str, Any] = {}
        plain, ruled, keep_empty = self._plain, self._ruled, self.keep_empty
        for key, found in source.items():
            if found is None:
                continue
            if (target := plain.get(key)) is not None:
                values[target] = found
            elif (known := ruled.get(key)) is not None:
                if keep_empty or found != []:
                    read, step = known
                    read(reading, found, pointer + step, values)
            elif key != tag:
                self._read_other(reading, source, key, found, pointer, values)
        for key in self._demanded:
            if source.get(key) is None:
                self._missing(reading, source, key, pointer)
        return self.build(reading, source, pointer, values)

    def build(self, reading: Reading, source: Any, pointer: str, values: dict[str, Any]) -> Entity:
        """Make the object of values; those of the wrong type are reported and left out."""
        if self.implied is not None:
            for name, follows in self.implied(values).items():
                values.setdefault(name, follows)
        try:
            entity: Entity = self._validate(values)
        except ValidationError as error:
            entity = self._salvage(reading, source, pointer, values, error)
        return entity.came_from(pointer, self._spellings)

    def write(self, writing: Writing, entity: Entity, pointer: str) -> dict[str, Any] | None:
        if type(entity) is not self.cls:
            writing.left_out(entity, pointer)
            return None
        values = dict(entity.__dict__)
        if self.prepare is not None:
            self.prepare(writing, entity, values, pointer)
        written: dict[str, Any] = {}
        for key, rule in self.fields.items():
            found = rule.write(writing, values, pointer)
            if found is None or (found == [] and not self._says_something(key, rule)):
                continue
            written[key] = found
        for key in self.required:
            if key not in written:
                self._supply(writing, entity, key, pointer, written)
        uncovered = [name for name in self._uncovered if values[name] not in (None, [])]
        if uncovered and self.implied is not None:
            known = {name: found for name, found in values.items() if name in self._covered}
            follows = self.implied(known)
            uncovered = [name for name in uncovered if follows.get(name) != values[name]]
        if uncovered:
            writing.left_out(entity, pointer, *uncovered)
        return written

    def likeness(self, source: Any, depth: int = 4) -> int:
        """How many fields of the source, and of what it contains, the table knows."""
        if not isinstance(source, dict):
            return 0
        known = 0
        for key, found in source.items():
            rule = self.fields.get(self.older.get(key) or key)
            known += rule is not None
            if depth and isinstance(rule, _One | _Many) and isinstance(rule.table, ObjectMap | Choice):
                items = found[:10] if isinstance(found, list) else [found]
                known += sum(rule.table.likeness(item, depth - 1) for item in items)
        return known

    @cached_property
    def _plain(self) -> dict[str, str]:
        """Source fields whose value is taken as it is, checked by the model alone."""
        return {
            key: rule.target
            for key, rule in self.fields.items()
            if isinstance(rule, _Value)
            and rule.absent is None
            and rule.older is None
            and (self.keep_empty or not self._is_list(rule.target))
        }

    @cached_property
    def _validate(self) -> Callable[[dict[str, Any]], Any]:
        self.cls.model_rebuild()
        return self.cls.__pydantic_validator__.validate_python

    @cached_property
    def _covered(self) -> frozenset[str]:
        return frozenset(name for rule in self.fields.values() for name in rule.covers)

    @cached_property
    def _uncovered(self) -> tuple[str, ...]:
        return tuple(name for name in self.cls.model_fields if name not in self._covered | self.beside)

    @cached_property
    def _spellings(self) -> dict[str, tuple[str, ...]]:
        """For each field of the model, the source fields that it is read from: the current one first."""
        spellings: dict[str, tuple[str, ...]] = {}
        for key in (*self.fields, *self.older):
            for name in self.fields[self.older.get(key, key)].covers:
                spellings[name] = (*spellings.get(name, ()), key)
        return spellings

    @cached_property
    def _demanded(self) -> tuple[str, ...]:
        """Required source fields of which the rules that are derived from the model know nothing."""
        return tuple(
            key
            for key in self.required
            if not any(
                facts_of(self.cls.model_fields[name].json_schema_extra).required
                for name in self.fields[key].covers
            )
        )

    @cached_property
    def _ruled(self) -> dict[str, tuple[Callable[[Reading, Any, str, dict[str, Any]], None], str]]:
        """Other source fields: how each is read, and its step in a pointer."""
        return {
            key: (rule.read, f"/{escape_token(key)}")
            for key, rule in self.fields.items()
            if key not in self._plain
        }

    def _rule(self, key: str, rule: Rule) -> Rule:
        rule = _Value(key) if rule is same else rule
        is_date = isinstance(rule, _Value) and dt.date in _options(self.cls, rule.target)
        return _Date(rule.covers[0]) if is_date else rule

    def _says_something(self, key: str, rule: Rule) -> bool:
        """Whether an empty list is to be written: it is demanded, or differs from no array."""
        return key in self.required or (self.keep_empty and isinstance(rule, _Value))

    def _is_list(self, name: str) -> bool:
        return any(get_origin(option) is list for option in _options(self.cls, name))

    def _read_other(
        self,
        reading: Reading,
        source: dict[str, Any],
        key: str,
        found: Any,
        pointer: str,
        values: dict[str, Any],
    ) -> None:
        """A field that the current revision does not have."""
        place = f"{pointer}/{escape_token(key)}"
        if key in self.older:
            current = self.older[key]
            reading.older(place, f"{self.source} calls this {current} now", found=key, expected=current)
            if self.keep_empty or found != []:
                self.fields[current].read(reading, found, place, values)
            return
        reading.say(
            "unknown-field",
            place,
            f"{self.source} has no field {key!r}",
            hint=did_you_mean(nearest(key, self.fields, count=1)),
            kind=self.cls.__name__,
            id=_id_of(source),
        )

    def _missing(self, reading: Reading, source: dict[str, Any], key: str, pointer: str) -> None:
        if any(source.get(older) is not None for older, now in self.older.items() if now == key):
            return
        reading.say(
            "required-field",
            pointer,
            f"{self.source} has no {key}, which is required",
            kind=self.cls.__name__,
            id=_id_of(source),
        )

    def _supply(
        self, writing: Writing, entity: Entity, key: str, pointer: str, written: dict[str, Any]
    ) -> None:
        if writing.mint is not None and self.fields[key].covers == ("id",):
            written[key] = writing.mint(writing, entity, pointer)
            return
        writing.say(
            "not-representable",
            pointer,
            f"{writing.dialect} requires {key} of {self.source}, and there is none",
            kind=self.cls.__name__,
            id=entity.id,
        )

    def _salvage(
        self,
        reading: Reading,
        source: dict[str, Any],
        pointer: str,
        values: dict[str, Any],
        error: ValidationError,
    ) -> Any:
        """Make the object without the values that are not of their type; whole doubles are integers."""
        for name, problems in _by_field(error).items():
            if not _made_integral(values, name, problems):
                self._refuse(reading, source, pointer, name, problems[0])
                del values[name]
        try:
            return self._validate(values)
        except ValidationError as again:
            return self._salvage(reading, source, pointer, values, again)

    def _refuse(
        self, reading: Reading, source: dict[str, Any], pointer: str, name: str, problem: ErrorDetails
    ) -> None:
        key = next((key for key in source if self._target(key) == name), name)
        indexes = [step for step in problem["loc"][1:] if isinstance(step, int)]
        place = "/".join([pointer, escape_token(key), *map(str, indexes)])
        if problem["type"] == "literal_error":
            not_one_of(reading, place, problem["input"], get_args(_options(self.cls, name)[0]))
        else:
            reading.say(
                "value-type",
                place,
                f"this is not what {self.source}.{key} holds",
                found=_shown(problem["input"]),
                expected=_EXPECTED.get(problem["type"], problem["msg"]),
                kind=self.cls.__name__,
                id=_id_of(source),
            )

    def _target(self, key: str) -> str | None:
        rule = self.fields.get(self.older.get(key, key))
        return rule.covers[0] if rule is not None and rule.covers else None


class Choice:
    """Objects of several classes, told apart by a field.

    Args:
        key: the field of the source that names the class; None if it is told by the others.
        tables: for each value of that field its table; a function where tables hold one another.
        choose: the value where the source has none; None if that cannot be told.
        tag_of: the value to write for an object; by its class if not given.
        older: values of older revisions, and what they are called now.
        untagged: values that are not written.
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
    ) -> None:
        self.key = key
        self._declared = tables
        self.choose = choose
        self.tag_of = tag_of or self._by_class
        self.older = dict(older or {})
        self.older_keys = tuple(older_keys)
        self.untagged = frozenset(untagged)

    @cached_property
    def tables(self) -> Mapping[str, ObjectMap]:
        """The table of each value of the key."""
        return self._declared() if callable(self._declared) else self._declared

    def read(self, reading: Reading, source: Any, pointer: str) -> Entity | None:
        if not isinstance(source, dict):
            not_an_object(
                reading, pointer, source, " or ".join(sorted({t.source for t in self.tables.values()}))
            )
            return None
        place = source.pointer if isinstance(source, Moved) else pointer
        key = self._key_of(reading, source, place)
        tag: Any = None if key is None else source.get(key)
        if tag is None:
            tag = self.choose(source) if self.choose is not None else None
        elif isinstance(tag, str) and tag in self.older:
            reading.older(f"{place}/{key}", "this is an older name", found=tag, expected=self.older[tag])
            tag = self.older[tag]
        table = self.tables.get(tag) if isinstance(tag, str) else None
        if table is None:
            where = place if tag is None else f"{place}/{key}"
            not_one_of(reading, where, tag, self.tables, what=self.key or "kind")
            return None
        return table.read(reading, source, pointer, tag=key)

    def likeness(self, source: Any, depth: int = 4) -> int:
        """How many fields of the source, which says its class, the table of that class knows."""
        tag = source.get(self.key) if isinstance(source, dict) and self.key is not None else None
        table = self.tables.get(self.older.get(tag, tag)) if isinstance(tag, str) else None
        return 0 if table is None else 1 + table.likeness(source, depth)

    def write(self, writing: Writing, entity: Entity, pointer: str) -> dict[str, Any] | None:
        tag = self.tag_of(entity)
        if tag is None:
            writing.left_out(entity, pointer)
            return None
        written = self.tables[tag].write(writing, entity, pointer)
        if written is None or self.key is None or tag in self.untagged:
            return written
        return {self.key: tag, **written}

    @cached_property
    def _tags(self) -> dict[type[Entity], str]:
        return {table.cls: tag for tag, table in reversed([*self.tables.items()])}

    def _by_class(self, entity: Entity) -> str | None:
        return self._tags.get(type(entity))

    def _key_of(self, reading: Reading, source: dict[str, Any], pointer: str) -> str | None:
        if self.key is None or self.key in source:
            return self.key
        for older in self.older_keys:
            if older in source:
                reading.older(f"{pointer}/{older}", f"this is called {self.key} now", found=older)
                return older
        return self.key


Recognise = Callable[[Any], str | None]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One shape in which CETS documents arrive."""

    name: str
    recognise: Recognise
    """The form of the root (`DataSet`, `Region`, …) if the document shows the dialect, else None."""
    read: Callable[[Reading, Any, str], DataSet]
    """Reading, the parsed document, its form."""
    write: Callable[[Writing, DataSet, str], Any]
    """Writing, the data set, the form to write; `DataSet` is the whole."""
    form: str = "DataSet"
    """The form that is written where none is asked for."""
    root: Callable[[], ObjectMap] | None = None
    """Table of the whole, by which documents that several dialects would take are told apart."""


def ignore(reading: Reading, found: Any, pointer: str, values: dict[str, Any]) -> None:
    """Read nothing: another rule reads the field."""


def nothing(writing: Writing, values: Mapping[str, Any], pointer: str) -> None:
    """Write nothing: another rule writes the field."""


def read_list(reading: Reading, table: Table, found: Any, pointer: str) -> list[Any]:
    """Read objects in order; what is not one is reported and left out."""
    if not isinstance(found, list):
        reading.say("value-type", pointer, "a list belongs here", found=_shown(found), expected="a list")
        return []
    entities = (table.read(reading, item, f"{pointer}/{index}") for index, item in enumerate(found))
    return [entity for entity in entities if entity is not None]


def write_list(
    writing: Writing, table: Table, entities: Iterable[Entity], pointer: str
) -> list[dict[str, Any]]:
    """Write objects in order; what the dialect cannot hold is reported and left out."""
    items = (table.write(writing, entity, f"{pointer}/{index}") for index, entity in enumerate(entities))
    return [item for item in items if item is not None]


def not_an_object(reading: Reading, pointer: str, found: Any, source: str) -> None:
    """Say that something else stands where an object belongs."""
    reading.say(
        "value-type",
        pointer,
        f"an object belongs here: {source}",
        found=_shown(found),
        expected="an object",
    )


def not_one_of(
    reading: Reading, pointer: str, found: Any, known: Iterable[object], *, what: str = "value"
) -> None:
    """Say that a value is not among those that are known."""
    words = [str(word) for word in known]
    reading.say(
        "value-enum",
        pointer,
        f"{what} is missing" if found is None else f"this is not a known {what}",
        found=_shown(found),
        expected=", ".join(words),
        hint=did_you_mean(nearest(str(found), words, count=1)),
    )


def canonical_pointers(dataset: DataSet, wanted: Collection[int]) -> dict[int, str]:
    """Places in the canonical document of the objects whose `id()` is wanted."""
    places: dict[int, str] = {}
    stack: list[tuple[str, Entity]] = [("", dataset)]
    while stack:
        pointer, entity = stack.pop()
        if id(entity) in wanted:
            places[id(entity)] = pointer
        for name, index, child in entity.children():
            stack.append((f"{pointer}/{name}" if index is None else f"{pointer}/{name}/{index}", child))
    return places


_DATE = re.compile(r"\d{4}-\d\d-\d\d")

_EXPECTED = {
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "string_type": "text",
    "bool_type": "true or false",
    "list_type": "a list",
    "finite_number": "a finite number",
}


def _options(cls: type[Entity], name: str) -> list[Any]:
    """The types that a field may have, without None and annotations."""

    def bare(kind: Any) -> list[Any]:
        if hasattr(kind, "__metadata__"):
            return bare(kind.__origin__)
        if get_origin(kind) is None or not {type(None)} & set(get_args(kind)):
            return [kind]
        return [option for part in get_args(kind) if part is not type(None) for option in bare(part)]

    return bare(cls.model_fields[name].annotation)


def _by_field(error: ValidationError) -> dict[str, list[ErrorDetails]]:
    fields: dict[str, list[ErrorDetails]] = {}
    for problem in error.errors(include_url=False, include_context=False):
        fields.setdefault(str(problem["loc"][0]), []).append(problem)
    return fields


def _made_integral(values: dict[str, Any], name: str, problems: list[ErrorDetails]) -> bool:
    """Whether the value's only fault was that whole numbers were written as doubles, which is mended."""
    if not all(_is_whole(problem["input"]) and problem["type"].startswith("int_") for problem in problems):
        return False
    values[name] = _integral(values[name])
    return True


def _is_whole(found: Any) -> bool:
    return isinstance(found, float) and found.is_integer()


def _integral(found: Any) -> Any:
    if isinstance(found, list):
        return [_integral(item) for item in found]
    return int(found) if _is_whole(found) else found


def _id_of(source: Mapping[str, Any]) -> str | None:
    found = source.get("id")
    return found if isinstance(found, str) else None


def _shown(found: Any) -> Any:
    """A value for a message: containers and objects in a word."""
    if isinstance(found, Entity):
        return type(found).__name__
    if isinstance(found, dict):
        return "an object"
    if isinstance(found, list):
        return f"a list of {len(found)}"
    return found
