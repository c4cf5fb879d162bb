"""What is said about a document: which rule, how severe, where, and what to do about it.

Readers, writers and validation all speak in findings, so that a depositor gets one report.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cetsgraph.namespaces import SH
from cetsgraph.texts import shortened

__all__ = ["Finding", "ReportLike", "Severity"]


class Severity(StrEnum):
    """How bad a finding is: ``INFO < WARNING < VIOLATION``. A severity equals its word.

    >>> Severity.VIOLATION == "violation", Severity.INFO < Severity.WARNING, max(Severity) == "violation"
    (True, True, True)
    """

    INFO = "info"
    WARNING = "warning"
    VIOLATION = "violation"

    @classmethod
    def from_iri(cls, iri: str) -> "Severity":
        """The severity that SHACL names; what SHACL does not know is a violation.

        >>> Severity.from_iri("http://www.w3.org/ns/shacl#Warning")
        <Severity.WARNING: 'warning'>
        """
        return _BY_IRI.get(iri, cls.VIOLATION)

    @property
    def iri(self) -> str:
        """The IRI of the severity in SHACL, such as ``sh:Violation``."""
        return f"{SH}{self.value.capitalize()}"

    def __lt__(self, other: str) -> bool:
        return _RANKING.index(self) < _RANKING.index(Severity(other))

    def __le__(self, other: str) -> bool:
        return not Severity(other) < self

    def __gt__(self, other: str) -> bool:
        return Severity(other) < self

    def __ge__(self, other: str) -> bool:
        return not self < other


_RANKING = tuple(Severity)
_BY_IRI = {severity.iri: severity for severity in Severity}
_LONGEST = 80  # characters of a value in a message


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing said about one place of a document.

    ``str`` of it is one line: ``/regions/0/tilt_serie (line 4): Region has no such field [unknown-field]``,
    with what was found and expected in parentheses, and the hint at its end.
    """

    rule: str
    """Id of the rule, in kebab case: ``unknown-field``."""
    severity: Severity
    pointer: str
    """JSON pointer (RFC 6901) into the source document; empty for the document itself."""
    message: str
    """What is wrong, as a sentence without the place and without a full stop."""
    hint: str | None = None
    """What to do, as a sentence of its own."""
    found: object = None
    """What the document says: a JSON value."""
    expected: object = None
    """What it should say: a JSON value, or a description such as ``"a number of degrees"``."""
    kind: str | None = None
    """Canonical class of the object: ``TiltSeriesMicrograph``."""
    id: str | None = None
    """Id of the object, as the document has it."""
    line: int | None = None
    """Line in the source file, from 1, where the reader knows it."""
    file: str | None = None
    """File that the pointer and the line are of, where the document was made of other files."""

    def __str__(self) -> str:
        line = "" if self.line is None else f" (line {self.line})"
        hint = f". {self.hint}" if self.hint else ""
        place = " ".join(filter(None, (self.file, self.pointer))) or "whole document"
        return f"{place}{line}: {self.message}{self._contrast()} [{self.rule}]{hint}"

    def _contrast(self) -> str:
        values = (("found", self.found), ("expected", self.expected))
        known = [(label, str(value)) for label, value in values if value is not None]
        said = ", ".join(f"{label} {shortened(text, _LONGEST)}" for label, text in known)
        return f" ({said})" if said else ""


class ReportLike(Protocol):
    """What an error uses of a validation report."""

    @property
    def findings(self) -> Sequence[Finding]: ...
