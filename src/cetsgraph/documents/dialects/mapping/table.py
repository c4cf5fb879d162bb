"""One class of source objects, and what it is in the model."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property
from typing import Any, get_args, get_origin

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cetsgraph.documents.dialects.mapping.revisions import Revision, Revisions
from cetsgraph.documents.dialects.mapping.rules import (
    DateRule,
    FieldRule,
    OneRule,
    StructuralRule,
    ValueRule,
    same,
)
from cetsgraph.documents.dialects.mapping.session import NULL, Moved, ReadSession, WriteSession, in_a_word
from cetsgraph.documents.dialects.mapping.values import (
    EXPECTED,
    advice,
    made_integral,
    options_of,
    problems_by_field,
)
from cetsgraph.findings import Finding, Severity
from cetsgraph.model import Entity
from cetsgraph.model.base import facts_of
from cetsgraph.pointers import child_pointer, escape_token
from cetsgraph.texts import listed

__all__ = ["ObjectMap"]

MAX_DEPTH = 200
"""Tokens of the longest pointer that is followed; real documents have about ten."""

_COMPARED = 3  # objects of a list by which dialects are told apart


@dataclass(eq=False, repr=False)
class ObjectMap:
    """The table of one class: each field of the source, and what it is in the model."""

    cls: type[Entity]
    """Class of the model."""
    source: str
    """The class's name in the dialect, for messages."""
    fields: Mapping[str, FieldRule]
    """For each field of the source, what it is in the model."""
    _: KW_ONLY
    required: Collection[str] = ()
    """Source fields that the dialect demands; those that the model demands too are left to its own rules."""
    older: Mapping[str, str] = field(default_factory=dict)
    """Source fields of older revisions, and what they are called now."""
    implied: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    """The model's values that follow from the others: set where they are absent when reading, and left out
    without a finding when writing."""
    modernise: Callable[[ReadSession, dict[str, Any], str], dict[str, Any]] | None = None
    """Gives the source object as the current revision has it, and reports what was older. Parts that it
    moves are `Moved`, so that findings still point at their place."""
    prepare: Callable[[WriteSession, Entity, dict[str, Any], str], bool | None] | None = None
    """May change the values that are to be written; False if it reported that the object is left out."""
    beside: Collection[str] = ()
    """Fields of the model that the table of the holder writes."""
    keep_empty: bool = False
    """Whether an empty array differs from none."""
    holds: Callable[[WriteSession, Mapping[str, Any]], bool] | None = None
    """Whether the dialect has a place for an object of these values; it is left out if not."""
    revisions: Revisions | None = None
    """Revisions of the dialect, which tell the fields that the class has in each."""

    def __post_init__(self) -> None:
        covered = {
            name for key, rule in self.fields.items() for name in ((key,) if rule is same else rule.covers)
        }
        if unknown := covered - self.cls.model_fields.keys():
            raise TypeError(
                f"{self.cls.__name__} has no {', '.join(sorted(unknown))}, as the table of {self.source} says"
            )
        self.fields = {key: self._rule(key, rule) for key, rule in self.fields.items()}

    def __repr__(self) -> str:
        return f"ObjectMap({self.source} -> {self.cls.__name__})"

    def read(
        self, reading: ReadSession, source: Any, pointer: str, *, tag: str | None = None
    ) -> Entity | None:
        """The object; `tag` is the field by which this table was chosen."""
        if not isinstance(source, dict):
            reading.report_not_an_object(pointer, source, self.source, self.fields)
            return None
        if isinstance(source, Moved):
            pointer = source.pointer
        if pointer.count("/") > MAX_DEPTH:
            reading.report("value-type", pointer, f"nested more than {MAX_DEPTH} levels deep")
            return None
        if self.revisions is not None:
            self.revisions.note(reading, self.source, frozenset(source))
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
            if source.get(key) in (None, ""):
                self._missing(reading, source, key, pointer)
        return self.build(reading, source, pointer, values)

    def build(self, reading: ReadSession, source: Any, pointer: str, values: dict[str, Any]) -> Entity:
        """Make the object of values; those of the wrong type are reported and left out."""
        if self.implied is not None:
            for name, follows in self.implied(values).items():
                values.setdefault(name, follows)
        try:
            entity: Entity = self._validate(values)
        except ValidationError as error:
            entity = self._salvage(reading, source, pointer, values, error)
        return entity.came_from(pointer, self.spellings)

    def write(self, writing: WriteSession, entity: Entity, pointer: str) -> dict[str, Any] | None:
        """Write an object of the class; None, with a finding, for what the dialect has no place for."""
        if type(entity) is not self.cls:
            writing.report_left_out(entity, pointer)
            return None
        values = dict(entity.__dict__)
        if self.prepare is not None and self.prepare(writing, entity, values, pointer) is False:
            return None
        if self.holds is not None and not self.holds(writing, values):
            writing.report_left_out(entity, pointer)
            return None
        written: dict[str, Any] = {}
        for key, rule in self.fields.items():
            found = rule.write(writing, values, pointer)
            if found is None or (found == [] and not self._says_something(key, rule)):
                continue
            written[key] = None if found is NULL else found
        revision = self._revision(writing)
        if revision is not None and self.source not in revision.fields:
            writing.report_left_out(entity, pointer)
            return None
        missing = [key for key in self.required if key not in written and self._is_demanded(revision, key)]
        if not all(self._supply(writing, entity, key, pointer, written) for key in missing):
            return None
        uncovered = [name for name in self._uncovered if values[name] not in (None, [])]
        if uncovered and self.implied is not None:
            known = {name: found for name, found in values.items() if name in self._covered}
            follows = self.implied(known)
            uncovered = [name for name in uncovered if follows.get(name) != values[name]]
        if uncovered:
            writing.report_left_out(entity, pointer, *uncovered)
        return written if revision is None else self._in_revision(writing, revision, entity, pointer, written)

    def _is_demanded(self, revision: Revision | None, key: str) -> bool:
        return revision is None or (revision.has(self.source, key) and revision.demands(self.source, key))

    def _revision(self, writing: WriteSession) -> Revision | None:
        if self.revisions is None or writing.revision is None:
            return None
        return self.revisions.by_name.get(writing.revision)

    def _in_revision(
        self,
        writing: WriteSession,
        revision: Revision,
        entity: Entity,
        pointer: str,
        written: dict[str, Any],
    ) -> dict[str, Any]:
        """The object as a revision has it; what that has no field for is reported."""
        lost = [key for key in written if not revision.has(self.source, key)]
        for name in dict.fromkeys(name for key in lost for name in self.fields[key].covers):
            if getattr(entity, name) not in (None, []):
                writing.report_left_out(entity, pointer, name)
        return revision.spelled(self.source, written)

    def likeness(self, source: Any, depth: int = 6) -> int:
        """How many fields of the source, and of the first objects in each of its lists, the table knows."""
        if not isinstance(source, dict):
            return 0
        known = 0
        for key, found in source.items():
            rule = self.fields.get(self.older.get(key) or key)
            known += rule is not None
            inner: Any = getattr(rule, "table", None) or getattr(rule, "holder", None)
            if depth and hasattr(inner, "likeness"):
                items = found[:_COMPARED] if isinstance(found, list) else [found]
                known += sum(inner.likeness(item, depth - 1) for item in items)
        return known

    @cached_property
    def _plain(self) -> dict[str, str]:
        """Source fields whose value is taken as it is, checked by the model alone."""
        return {
            key: rule.target
            for key, rule in self.fields.items()
            if isinstance(rule, ValueRule)
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
        return tuple(name for name in self.cls.model_fields if name not in self._covered.union(self.beside))

    @cached_property
    def spellings(self) -> dict[str, tuple[str, ...]]:
        """For each field of the model, the source fields that it is read from: the current one first.

        What is inside another field has that before it: `imaging/nominal_cs`.
        """
        spellings: dict[str, tuple[str, ...]] = {}
        for key in (*self.fields, *self.older):
            rule = self.fields[self.older.get(key, key)]
            for name in rule.covers:
                inner = rule.inside.get(name) if isinstance(rule, StructuralRule) else None
                spellings[name] = (*spellings.get(name, ()), key if inner is None else f"{key}/{inner}")
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
    def _ruled(self) -> dict[str, tuple[Callable[[ReadSession, Any, str, dict[str, Any]], None], str]]:
        """Other source fields: how each is read, and its step in a pointer."""
        return {
            key: (rule.read, f"/{escape_token(key)}")
            for key, rule in self.fields.items()
            if key not in self._plain
        }

    def _rule(self, key: str, rule: FieldRule) -> FieldRule:
        rule = ValueRule(key) if rule is same else rule
        is_date = isinstance(rule, ValueRule) and dt.date in options_of(self.cls, rule.target)
        return DateRule(rule.covers[0]) if is_date else rule

    def _says_something(self, key: str, rule: FieldRule) -> bool:
        """Whether an empty list is to be written: it is demanded, or differs from no array."""
        return key in self.required or (self.keep_empty and isinstance(rule, ValueRule))

    def _is_list(self, name: str) -> bool:
        return any(get_origin(option) is list for option in options_of(self.cls, name))

    def _read_other(
        self,
        reading: ReadSession,
        source: dict[str, Any],
        key: str,
        found: Any,
        pointer: str,
        values: dict[str, Any],
    ) -> None:
        """A field that the current revision does not have."""
        place = child_pointer(pointer, key)
        if key in self.older:
            current = self.older[key]
            reading.report_older(
                place, f"{self.source} calls this {current} now", found=key, expected=current
            )
            if self.keep_empty or found != []:
                self.fields[current].read(reading, found, place, values)
            return
        message = f"{self.source} has no field {key!r}"
        kind, identifier = self.cls.__name__, _id_of(source)
        finding = Finding("unknown-field", Severity.VIOLATION, place, message, kind=kind, id=identifier)
        reading.report_unknown(self, key, finding)

    def _missing(self, reading: ReadSession, source: dict[str, Any], key: str, pointer: str) -> None:
        if any(source.get(older) is not None for older, now in self.older.items() if now == key):
            return
        meaning = next((self.cls.model_fields[name].description for name in self.fields[key].covers), None)
        finding = Finding(
            "required-field",
            Severity.VIOLATION,
            pointer,
            f"{self.source} has no {key}, which is required",
            hint=f"Add `{key}`{f': {meaning}' if meaning else '.'}{self._form_of(key)}",
            expected=key,
            kind=self.cls.__name__,
            id=_id_of(source),
        )
        reading.demand(self.source, key, finding)

    def _form_of(self, key: str) -> str:
        """The fields of the object that stands in a field, if one does."""
        table = getattr(self.fields[key], "table", None)
        if not isinstance(self.fields[key], OneRule) or not isinstance(table, ObjectMap):
            return ""
        return f" It is an object, in braces, with the fields {listed(table.fields)}."

    def _supply(
        self, writing: WriteSession, entity: Entity, key: str, pointer: str, written: dict[str, Any]
    ) -> bool:
        """Add an id; an object without anything else that is required is not one of the dialect."""
        if writing.mint is not None and self.fields[key].covers == ("id",):
            written[key] = writing.mint(writing, entity, pointer)
            return True
        writing.report(
            "not-representable",
            pointer,
            f"{writing.dialect} requires {key} of {self.source}, and there is none; it is left out",
            kind=self.cls.__name__,
            id=entity.id,
        )
        return False

    def _salvage(
        self,
        reading: ReadSession,
        source: dict[str, Any],
        pointer: str,
        values: dict[str, Any],
        error: ValidationError,
    ) -> Any:
        """Make the object without the values that are not of their type; whole doubles are integers."""
        for name, problems in problems_by_field(error).items():
            if not made_integral(values, name, problems):
                self._refuse(reading, source, pointer, name, problems[0])
                del values[name]
        try:
            return self._validate(values)
        except ValidationError as again:
            return self._salvage(reading, source, pointer, values, again)

    def _refuse(
        self, reading: ReadSession, source: dict[str, Any], pointer: str, name: str, problem: ErrorDetails
    ) -> None:
        key = next((key for key in source if self._target(key) == name), name)
        indexes = [step for step in problem["loc"][1:] if isinstance(step, int)]
        place = child_pointer(pointer, key, *indexes)
        if problem["type"] == "literal_error":
            reading.report_not_one_of(place, problem["input"], get_args(options_of(self.cls, name)[0]))
        else:
            reading.report(
                "value-type",
                place,
                f"this is not what {self.source}.{key} holds",
                found=in_a_word(problem["input"]),
                expected=EXPECTED.get(problem["type"], problem["msg"]),
                hint=advice(problem["type"], problem["input"], whole=source.get(key)),
                kind=self.cls.__name__,
                id=_id_of(source),
            )

    def _target(self, key: str) -> str | None:
        rule = self.fields.get(self.older.get(key, key))
        return rule.covers[0] if rule is not None and rule.covers else None


def _id_of(source: Mapping[str, Any]) -> str | None:
    found = source.get("id")
    return found if isinstance(found, str) else None
