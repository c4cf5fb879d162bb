"""What reading and writing give: a document with its findings, and what was written."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cetsgraph.documents.source import SourceText
from cetsgraph.errors import DocumentError
from cetsgraph.findings import Finding, Severity
from cetsgraph.model import DataSet, Region
from cetsgraph.notebook import html_table
from cetsgraph.texts import counted, shortened, shown_path

__all__ = ["UNREPRESENTABLE", "Document", "Origin", "Written"]

UNREPRESENTABLE = frozenset(
    {"hierarchy-parent", "hierarchy-root", "unknown-field", "value-enum", "value-type"}
)
"""Rules whose violations, found by a reader, mean that the part they point at was skipped."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a data set was made of, where that was no CETS document."""

    importer: str
    """Name and number of the mapping, with the options that it was given: `aretomo/1 --pixel-size 1.54`."""
    sources: tuple[str, ...]
    """Every file or address that contributed, as it was given."""
    modified: dt.date | None = None
    """Day on which the archive changed its entry, as it says."""
    retrieved: dt.datetime | None = None
    """When the entry was fetched, where it was."""
    states_name: bool = True
    """Whether the sources or the user say what the data set is called: else that is the name of a folder, or
    of a file, as others may have."""


@dataclass(frozen=True, slots=True, repr=False)
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

    revision: str | None = None
    """Revision of the dialect, where it has several: the one that the document shows."""
    remainder: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """What the model has no place for, by its JSON pointer in the document; it is written back there."""
    beside: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Other files of the deposition, such as its companion: what each ending holds."""

    regions: Iterable[Region] = ()
    """Regions after those of the data set that are no list: they are read each time, to save memory."""

    origin: Origin | None = None
    """What it was made of, where it was imported; pointers of findings are into those files."""
    source: SourceText | None = field(default=None, repr=False, compare=False)
    """What it was read from, where there are lines to tell."""

    def __repr__(self) -> str:
        name = shortened(repr(self.dataset.name), 80)
        place = shortened(repr(shown_path(self.path)), 120)
        return f"<Document {place}: {name}, {self.dialect}, {counted(len(self.findings), 'finding')}>"

    def _repr_html_(self) -> str:
        rows = [[one.severity, one.pointer, one.message, one.rule, one.hint] for one in self.findings]
        caption = f"{self.path}: {self.form} of {self.dialect}, {counted(len(rows), 'finding')}"
        findings = html_table(["severity", "place", "finding", "rule", "what to do"], rows, caption=caption)
        return f"{self.dataset._repr_html_()}{findings}"

    def whole(self) -> "Document":
        """The document with all its regions in the data set."""
        regions = [*self.dataset.regions, *self.regions]
        return replace(self, dataset=self.dataset.model_copy(update={"regions": regions}), regions=())

    @property
    def representable(self) -> bool:
        """Whether every part of the document is in the data set."""
        return not self.skipped

    @property
    def skipped(self) -> tuple[Finding, ...]:
        """The findings about parts that are not in the data set because the model cannot hold them."""
        return tuple(
            finding
            for finding in self.findings
            if finding.rule in UNREPRESENTABLE and finding.severity is Severity.VIOLATION
        )


@dataclass(frozen=True, slots=True)
class Written:
    """A data set in a dialect or as RDF, with what that could not hold. `bytes` of it is a file's content."""

    data: Any
    """A JSON value of a dialect; the bytes of RDF."""
    findings: tuple[Finding, ...] = ()
    beside: Mapping[str, Any] = field(default_factory=dict)
    """What is written beside a file of it, by the ending of each name."""

    def __repr__(self) -> str:
        kind = f"{len(self.data):,} bytes of RDF" if isinstance(self.data, bytes) else "JSON value"
        return f"<Written: {kind}, {len(self.findings)} findings>"

    def __bytes__(self) -> bytes:
        """The content of a file: RDF, or JSON for people to read, in which every double keeps its value.

        Raises:
            DocumentError: a text has a surrogate without its other half.
        """
        if isinstance(self.data, bytes):
            return self.data
        text = json.dumps(self.data, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        try:
            return text.encode()
        except UnicodeEncodeError as error:
            raise DocumentError(
                "a text has a character that no file can hold",
                path="document",
                found=ascii(text[error.start : error.end]),
                hint="Remove the character.",
            ) from error
