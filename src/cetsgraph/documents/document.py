"""What reading and writing give: a document with all that is to be said about it."""

from dataclasses import dataclass, field
from typing import Any

from cetsgraph.documents.source import Source
from cetsgraph.findings import Finding, Severity
from cetsgraph.model import DataSet

__all__ = ["UNREPRESENTABLE", "Document", "Written"]

UNREPRESENTABLE = frozenset(
    {"hierarchy-parent", "hierarchy-root", "unknown-field", "value-enum", "value-type"}
)
"""Rules whose violations, said by a reader, mean that the part they point at was skipped."""


@dataclass(frozen=True, slots=True)
class Document:
    """A data set as it was read, with where and in which shape it arrived."""

    dataset: DataSet
    dialect: str
    """One of :data:`cetsgraph.documents.dialects.DIALECTS`."""
    form: str
    """What the root of the document was: ``DataSet``, or a fragment such as ``MovieStackSet by name``."""
    findings: tuple[Finding, ...] = ()
    path: str = "document"
    """File that it came from, as it was named."""
    checksum: str | None = None
    """SHA-256 of the file's bytes, in hexadecimal; None where it came from no file."""

    source: Source | None = field(default=None, repr=False, compare=False)
    """What it was read from, where there are lines to tell."""

    @property
    def representable(self) -> bool:
        """Whether every part of the document is in the data set."""
        return not self.skipped

    @property
    def skipped(self) -> tuple[Finding, ...]:
        """What is said about parts that are not in the data set because the model cannot hold them."""
        return tuple(
            finding
            for finding in self.findings
            if finding.rule in UNREPRESENTABLE and finding.severity is Severity.VIOLATION
        )


@dataclass(frozen=True, slots=True)
class Written:
    """A data set as a JSON value of some dialect, with what the dialect could not hold."""

    data: Any
    findings: tuple[Finding, ...] = ()
