"""One document being read, and one data set being written: what is found on the way, and where."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from cetsgraph.documents.dialects.mapping.revisions import Revision
from cetsgraph.findings import Finding, Severity
from cetsgraph.model import DataSet, Entity
from cetsgraph.pointers import child_pointer
from cetsgraph.texts import did_you_mean, listed, nearest

_ADVISED = 1000  # unknown fields of a document that are looked for elsewhere

__all__ = ["ABSENT", "NULL", "Moved", "ReadSession", "WriteSession", "in_a_word"]

NULL: Any = object()
"""What a rule writes where null says something that an absent field does not."""

ABSENT = "\u0000absent"
"""In what is kept of a document: the field is not there. No text of a document can be this."""


class Moved(dict[str, Any]):
    """A source object put where its dialect has it now; its fields are still found at `pointer`."""

    def __init__(self, fields: Mapping[str, Any], pointer: str) -> None:
        super().__init__(fields)
        self.pointer = pointer


@dataclass(slots=True)
class ReadSession:
    """One document being read: its findings, and the references that are still to be made."""

    findings: list[Finding] = field(default_factory=list)
    links: list[tuple[Entity, str, Entity]] = field(default_factory=list)
    revisions: set[str] | None = None
    """Revisions of the dialect that have all fields met so far; None before the first."""
    demanded: list[tuple[str, str, Finding]] = field(default_factory=list)
    """Fields that are missing: the class of the source, the field, and the finding."""
    unknown: list[tuple[Any, str, Finding]] = field(default_factory=list)
    """Fields that a class does not have: the table of the class, the field, and the finding."""
    remainder: dict[str, Any] = field(default_factory=dict)
    """What the model has no place for, by its pointer in the document; it is written back there."""

    def demand(self, source: str, key: str, finding: Finding) -> None:
        """Report a field that is missing, unless the document's revision turns out not to demand it."""
        self.findings.append(finding)
        self.demanded.append((source, key, finding))

    def settle(self, revision: Revision | None) -> None:
        """Take back what was demanded, now that the revision is known."""
        if revision is None:
            return
        void = {id(one) for source, key, one in self.demanded if not revision.demands(source, key)}
        self.findings = [finding for finding in self.findings if id(finding) not in void]

    def report_unknown(self, table: Any, key: str, finding: Finding) -> None:
        """Report a field that the class of a table does not have."""
        self.findings.append(finding)
        self.unknown.append((table, key, finding))

    def advise(self, about: Callable[[Any, str], str]) -> None:
        """Say what to do about unknown fields, the first ones: `about` tells that of a table and a field."""
        about = cache(about)
        hints = {id(finding): about(table, key) for table, key, finding in self.unknown[:_ADVISED]}
        self.findings = [
            replace(one, hint=hints[id(one)]) if id(one) in hints else one for one in self.findings
        ]

    def drop(self, pointer: str) -> None:
        """Keep that a field of the document is absent, which the model has from elsewhere in it."""
        self.remainder[pointer] = ABSENT

    def keep(self, pointer: str, found: Any) -> None:
        """Keep a value as it stands, for writing the document back."""
        self.remainder[pointer] = found

    def report(
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

    def report_older(self, pointer: str, message: str, **more: Any) -> None:
        """Say that the document uses what its dialect has since changed."""
        self.report("older-revision", pointer, message, severity=Severity.WARNING, **more)

    def report_not_an_object(self, pointer: str, found: Any, source: str, fields: Iterable[str] = ()) -> None:
        """Say that something else stands where an object of a class of the source, with fields, belongs."""
        names = listed(fields)
        inner = isinstance(found, list) and any(isinstance(one, dict) for one in found)
        hint = f"Write an object, in braces{f', with the fields {names}' if names else ''}."
        self.report(
            "value-type",
            pointer,
            f"an object belongs here: {source}",
            found=in_a_word(found),
            expected="an object",
            hint="Take out the inner brackets: objects stand in one list." if inner else hint,
        )

    def report_not_a_list(self, pointer: str, found: Any) -> None:
        """Say that something else stands where a list belongs."""
        self.report(
            "value-type",
            pointer,
            "a list belongs here",
            found=in_a_word(found),
            expected="a list",
            hint="Write these objects as a list, in square brackets, each with its name as `id`."
            if isinstance(found, dict) and found and all(isinstance(one, dict) for one in found.values())
            else "Put it in square brackets, as a list of one.",
        )

    def report_not_one_of(
        self,
        pointer: str,
        found: Any,
        known: Iterable[object],
        *,
        what: str = "value",
        hint: str | None = None,
    ) -> None:
        """Say that a value is not among those that are known."""
        words = [str(word) for word in known]
        written = "" if isinstance(found, dict | list) else str(found)
        hint = hint or (did_you_mean(nearest(written, words, count=1)) if found is not None else None)
        self.report(
            "value-enum",
            pointer,
            f"{what} is missing" if found is None else f"this is not a known {what}",
            found=in_a_word(found),
            expected=", ".join(words),
            hint=hint or _listed(words, missing=found is None),
        )

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
class WriteSession:
    """One data set being written in a dialect; pointers are into the canonical document."""

    dialect: str
    dataset: DataSet
    findings: list[Finding] = field(default_factory=list)
    mint: Callable[["WriteSession", Entity, str], str] | None = None
    """Makes the id that the dialect requires of an object that has none, and reports it."""
    minted: dict[str, str] = field(default_factory=dict)
    """Ids that were made, by the places of their objects."""
    minted_ids: set[str] = field(default_factory=set)
    """The same ids."""
    revision: str | None = None
    """Revision of the dialect that is written; None for all that it ever had."""
    targets: dict[int, Entity] | None = None
    """For annotations, by `id()`, what each is about; None before it was asked for."""
    moved: set[int] = field(default_factory=set)
    """By `id()`, objects that are written elsewhere than the model has them."""
    places: dict[int, tuple[Entity, str]] = field(default_factory=dict)
    """By `id()`, objects that are written elsewhere, or copies of them, with their places in the model."""
    own: bool = False
    """Whether a document is written back in the form in which it came."""

    def report(
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

    def moved_from(self, entity: Entity, pointer: str) -> None:
        """Remember where the model has an object that is written elsewhere: findings point there."""
        self.places[id(entity)] = entity, pointer  # which keeps it, and so its id()

    def place_of(self, entity: Entity, pointer: str) -> str:
        """Where the model has an object that is met at a pointer."""
        return self.places[id(entity)][1] if id(entity) in self.places else pointer

    def report_left_out(self, entity: Entity, pointer: str, *fields: str) -> None:
        """Say that the dialect has no place for an object, or for some of its fields."""
        kind = type(entity).__name__
        for name in fields or (None,):
            found = None if name is None else self._unmoved(getattr(entity, name))
            if found == [] and name is not None:
                continue
            what = kind if name is None else f"{kind}.{name}"
            self.report(
                "not-representable",
                pointer if name is None else f"{pointer}/{name}",
                f"{self.dialect} has no place for {what}; it is left out",
                found=None if name is None else in_a_word(found),
                kind=kind,
                id=entity.id,
            )

    def _unmoved(self, found: Any) -> Any:
        """A value without the objects that are written elsewhere."""
        if not self.moved or not isinstance(found, list):
            return found
        return [one for one in found if id(one) not in self.moved]

    def report_others(self, entity: Entity, pointer: str, *kept: str) -> None:
        """Say what of an object is left out, beside the fields that are kept; nothing if it has no others."""
        others = [
            name for name, found in entity.__dict__.items() if name not in kept and found not in (None, [])
        ]
        if others:
            self.report_left_out(entity, pointer, *others)

    def report_normalised(self, pointer: str, message: str, **more: Any) -> None:
        """Say that something is written in another way that means the same."""
        self.report("normalised", pointer, message, severity=Severity.INFO, **more)


def canonical_pointers(dataset: DataSet, wanted: Collection[int]) -> dict[int, str]:
    """Places in the canonical document of the objects whose `id()` is wanted."""
    places: dict[int, str] = {}
    stack: list[tuple[str, Entity]] = [("", dataset)]
    while stack:
        pointer, entity = stack.pop()
        if id(entity) in wanted:
            places[id(entity)] = pointer
        for name, index, child in entity.children():
            steps = (name,) if index is None else (name, index)
            stack.append((child_pointer(pointer, *steps), child))
    return places


def _listed(words: Sequence[str], *, missing: bool) -> str:
    """The values that a field can have."""
    if len(words) == 1:
        return f"Write {words[0]}."
    return f"Add it; it is one of {listed(words)}." if missing else f"Write one of {listed(words)}."


def in_a_word(found: Any) -> Any:
    """A value for a message: containers and objects in a word."""
    if isinstance(found, Entity):
        return type(found).__name__
    if isinstance(found, dict):
        return "an object"
    if isinstance(found, list):
        return f"a list of {len(found)}"
    return found
