"""Revisions of a dialect: the fields that each of them has, and which of them a document is of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

__all__ = ["Revision", "Revisions"]

Fields = Mapping[str, frozenset[str]]


def _same_name(source: str, key: str) -> str:
    return key


@dataclass(frozen=True)
class Revision:
    """One revision of a dialect: for each class of the source, the fields that it has."""

    name: str
    fields: Fields
    name_of: Callable[[str, str], str] = _same_name
    """What this revision calls a field of a class, by its current name."""
    respell: Callable[[str, dict[str, Any]], dict[str, Any]] | None = None
    """Spells the values of an object of a class as this revision does; fields have its names already."""

    required: Mapping[str, str] | None = None
    """Fields that it demands, by class; what the tables say if not given."""
    optional: Mapping[str, str] = field(default_factory=dict)
    """Fields that the tables demand and it does not, by class."""

    def demands(self, source: str, key: str) -> bool:
        """Whether a class must have a field that the tables demand."""
        if self.required is None:
            return key not in self.optional.get(source, "").split()
        return key in self.required.get(source, "").split()

    def has(self, source: str, key: str) -> bool:
        """Whether a class has a field, given by its current name."""
        return self.name_of(source, key) in self.fields.get(source, frozenset())

    def spelled(self, source: str, written: dict[str, Any]) -> dict[str, Any]:
        """An object of a class as this revision spells it, without the fields that it does not have."""
        names = ((self.name_of(source, key), found) for key, found in written.items())
        kept = {key: found for key, found in names if key in self.fields.get(source, frozenset())}
        return kept if self.respell is None else self.respell(source, kept)


class _Reads(Protocol):
    revisions: "set[str] | None"


@dataclass(frozen=True)
class Revisions:
    """All revisions of a dialect, the preferred one first: a document that fits several is of the first."""

    known: tuple[Revision, ...]

    @cached_property
    def by_name(self) -> dict[str, Revision]:
        return {revision.name: revision for revision in self.known}

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.by_name)

    @cached_property
    def _fits(self) -> dict[tuple[str, frozenset[str]], frozenset[str]]:
        return {}

    def note(self, reading: _Reads, source: str, keys: frozenset[str]) -> None:
        """Let the fields of an object tell of which revisions its document can be."""
        found = self._fits.get((source, keys))
        if found is None:
            found = self._fits[source, keys] = self._fitting(source, keys)
        self.only(reading, found)

    def only(self, reading: _Reads, names: frozenset[str]) -> None:
        """Note that a document is of one of these revisions."""
        if reading.revisions is None:
            reading.revisions = set(self.names)
        reading.revisions &= names

    def of(self, reading: _Reads) -> str | None:
        """The revision that a document shows; None if no single one has all its fields."""
        candidates = self.names if reading.revisions is None else reading.revisions
        return next((name for name in self.names if name in candidates), None)

    def _fitting(self, source: str, keys: frozenset[str]) -> frozenset[str]:
        somewhere = keys & self._anywhere.get(source, frozenset())
        return frozenset(
            revision.name
            for revision in self.known
            if source in revision.fields and somewhere <= revision.fields[source]
        )

    @cached_property
    def _anywhere(self) -> dict[str, frozenset[str]]:
        everywhere: dict[str, frozenset[str]] = {}
        for revision in self.known:
            for source, keys in revision.fields.items():
                everywhere[source] = everywhere.get(source, frozenset()) | keys
        return everywhere
