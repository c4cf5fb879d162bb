"""What is said about one document: bounded however much is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from cetsgraph.documents import Document
from cetsgraph.errors import InvalidDeposition
from cetsgraph.findings import Finding, Severity
from cetsgraph.texts import counted, shortened
from cetsgraph.validation.engines import Result
from cetsgraph.validation.judgement import Judgement

__all__ = ["LIMIT", "Report", "report_on"]

LIMIT = 100
"""Findings of one rule that a report lists; the others are counted."""


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """The findings about one document or data set."""

    file: str
    """Path of the document, or IRI of the data set, as it was named."""
    profile: str
    findings: tuple[Finding, ...]
    """In document order; of each rule the first ones only."""
    counts: Mapping[str, int]
    """Rule → all that was found, listed or not."""
    severities: Mapping[Severity, int]
    """Severity → all that was found, listed or not."""
    engine: str
    """Name and version of the SHACL engine."""
    results: tuple[Result, ...] = field(default=(), repr=False)
    """The findings as results of SHACL, in the same order."""
    uncounted: frozenset[str] = frozenset()
    """Rules broken so often that their count is only a lower bound."""
    skipped: Mapping[str, str] = field(default_factory=dict)
    """Rule of the profile that was not asked → why."""

    def __repr__(self) -> str:
        return f"<Report on {shortened(repr(self.file), 160)}: {self._verdict()}>"

    def _repr_html_(self) -> str:
        from cetsgraph.notebook import html_table

        rows = [[one.severity, one.pointer, one.message, one.rule, one.hint] for one in self.findings]
        columns = ["severity", "place", "finding", "rule", "what to do"]
        return html_table(columns, rows, caption=f"{self.file}: {self._verdict()}")

    def _verdict(self) -> str:
        counts = ", ".join(counted(count, severity) for severity, count in self.severities.items() if count)
        return f"{self.profile}, {counts or 'no findings'}"

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return not self.severities.get(Severity.VIOLATION)

    @property
    def omitted(self) -> int:
        """How many findings are counted and not listed."""
        return sum(self.counts.values()) - len(self.findings)

    def fails(self, on: Severity = Severity.VIOLATION) -> bool:
        """Whether anything of this severity or worse was found."""
        return any(count for severity, count in self.severities.items() if severity >= on)

    def raise_for_violations(self) -> None:
        """Raise InvalidDeposition, which holds this report, unless the document conforms."""
        if not self.conforms:
            violations = counted(self.severities[Severity.VIOLATION], "violation")
            raise InvalidDeposition(
                f"{violations} of the profile {self.profile}",
                report=self,
                where=self.file,
                hint=f"`cetsgraph validate --profile {self.profile}` says what to do about each.",
            )


def report_on(
    file: str,
    judgement: Judgement,
    *,
    profile: str,
    engine: str,
    skipped: Mapping[str, str],
    document: Document | None = None,
) -> Report:
    """The report on a document, with the lines of what is listed."""
    return Report(
        file=file,
        profile=profile,
        findings=_with_lines(document, [verdict.finding for verdict in judgement.verdicts]),
        counts=judgement.counts,
        severities=judgement.severities,
        engine=engine,
        results=tuple(verdict.result for verdict in judgement.verdicts),
        uncounted=judgement.uncounted,
        skipped=skipped,
    )


def _with_lines(document: Document | None, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    if document is None or document.source is None:
        return tuple(findings)
    without = {finding.pointer for finding in findings if finding.line is None}
    lines = document.source.lines(without)
    return tuple(
        finding if finding.line is not None else replace(finding, line=lines.get(finding.pointer))
        for finding in findings
    )
