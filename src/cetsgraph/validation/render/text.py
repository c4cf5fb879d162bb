"""A report for a depositor at a terminal: rule by rule, the worst first, with places and what to do."""

import os
import shutil
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, TextIO

from cetsgraph.findings import Finding, Severity
from cetsgraph.texts import counted
from cetsgraph.validation.phrases import contrast, expected_of_all, found_in, more_than, tally, visible
from cetsgraph.validation.render.rule_findings import RuleFindings, by_rule, wordings

if TYPE_CHECKING:
    from cetsgraph.validation.report import Report

__all__ = ["render", "wants_colour"]

_PLACES = 5
"""Places shown of what is said in the same words."""
_WORDINGS = 8
"""Wordings shown of one rule."""
_NO_TERMINAL = 100

_BOLD, _DIM = "1", "2"
_COLOURS = {Severity.VIOLATION: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}


def wants_colour(stream: TextIO) -> bool:
    """Whether colours are welcome: on a terminal that can show them, unless NO_COLOR is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def render(
    reports: "Sequence[Report]", *, colour: bool = False, width: int | None = None, quiet: bool = False
) -> str:
    """The reports, one below the other, and a summary; lines are wrapped to `width`, the terminal's if None.

    Places and paths are never broken, so that they can be copied. `quiet` leaves out documents without
    findings.
    """
    columns = width or shutil.get_terminal_size((_NO_TERMINAL, 24)).columns
    page = _Page(max(columns, 40), colour)
    parts = ["\n".join(page.report(report)) for report in reports if report.findings or not quiet]
    brief = all(not report.findings for report in reports)
    return ("\n" if brief else "\n\n").join([*parts, *page.summary(reports)]) + "\n"


class _Page:
    """Lines of a width, with or without colours."""

    def __init__(self, width: int, colour: bool) -> None:
        self.width = width
        self.colour = colour

    def report(self, report: "Report") -> Iterator[str]:
        """The lines of one document: its verdict, then its findings by rule."""
        said = f"conforms to {report.profile}" if report.conforms else f"does not conform to {report.profile}"
        if report.severities and any(report.severities.values()):
            said += f": {more_than(report.uncounted)}{tally(report.severities)}"
        yield f"{self._paint(visible(report.file), _BOLD)} {said}"
        for group in by_rule(report):
            yield ""
            yield from self._rule(visible(report.file), group)

    def summary(self, reports: "Sequence[Report]") -> Iterator[str]:
        """The lines at the end: how many documents conform, and how often each rule was broken."""
        if not reports:
            yield "Nothing was checked."
            return
        first = reports[0]
        lines = []
        if len(reports) > 1:
            conforming = sum(report.conforms for report in reports)
            severities: Counter[Severity] = Counter()
            for report in reports:
                severities.update(report.severities)
            verb = "conforms" if conforming == 1 else "conform"
            lines.append(f"{conforming:,} of {counted(len(reports), 'file')} {verb}: {tally(severities)}.")
        lines.append(f"Checked for the profile {first.profile} with {first.engine}.")
        lines += [visible(f"Skipped: {rule} ({why})") for rule, why in first.skipped.items()]
        if any(report.findings for report in reports):
            lines.append("Why a rule asks what it asks: https://w3id.org/cetsgraph/rules/ and its name.")
        yield "\n".join(line for text in lines for line in self._wrap(text, ""))

    def _rule(self, file: str, group: RuleFindings) -> Iterator[str]:
        severity = self._paint(str(group.severity).upper(), _COLOURS[group.severity])
        times = group.times and f", {group.times}"
        name = f"[{group.id}]" if group.rule is not None else "[own shapes]"
        yield f"{severity}  {self._paint(visible(group.title), _BOLD)}  {name}{times}"
        shown = 0
        for findings in wordings(group.findings)[:_WORDINGS]:
            yield from self._wording(file, findings, group.severity)
            shown += min(len(findings), _PLACES)
        if more := group.omitted(shown):
            yield f"  {more}"

    def _wording(self, file: str, findings: Sequence[Finding], usual: Severity) -> Iterator[str]:
        """What is said in the same words: the words, the first places, and what to do."""
        first = findings[0]
        mark = "" if first.severity is usual else f"{first.severity}: "
        expected = expected_of_all(findings)
        also = f" ({expected})" if expected else ""
        yield from self._wrap(f"{mark}{visible(first.message)}{also}", "  ")
        for finding in findings[:_PLACES]:
            yield from self._place(file, finding, found_in(finding) if expected else contrast(finding))
        if first.hint:
            yield from self._wrap(f"→ {visible(first.hint)}", "    ", hanging="      ")

    def _place(self, file: str, finding: Finding, told: str) -> Iterator[str]:
        """`file:line`, pointer, object, found against expected, in as few lines as the width allows."""
        where = file if finding.line is None else f"{file}:{finding.line}"
        named = "" if finding.id is None else f"({finding.kind or 'id'} {visible(finding.id)})"
        pieces = [where, visible(finding.pointer) or "the whole document", named, told]
        line = ""
        indent = "    "
        for piece in filter(None, pieces):
            if line and len(indent) + len(line) + 2 + len(piece) > self.width:
                yield from self._unbroken(line, indent)
                line, indent = piece, "        "
            else:
                line = f"{line}  {piece}" if line else piece
        yield from self._unbroken(line, indent)

    def _unbroken(self, line: str, indent: str) -> Iterator[str]:
        if line.startswith(("found ", "expected ")):
            yield from self._wrap(line, indent)
        else:
            yield f"{indent}{line}"

    def _wrap(self, text: str, indent: str, hanging: str | None = None) -> list[str]:
        return textwrap.wrap(
            text,
            self.width,
            initial_indent=indent,
            subsequent_indent=indent if hanging is None else hanging,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text
