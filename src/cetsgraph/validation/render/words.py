"""What the forms of a report share: the order of its rules, plain words for counts, and safe text."""

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cetsgraph.findings import Finding, Severity
from cetsgraph.texts import shortened
from cetsgraph.validation.rules import Rule, rule_book

if TYPE_CHECKING:
    from cetsgraph.validation.report import Report

__all__ = [
    "RuleFindings",
    "by_rule",
    "contrast",
    "count",
    "expected_in",
    "expected_of_all",
    "found_in",
    "known_rules",
    "plain",
    "tally",
    "visible",
    "wordings",
]


@dataclass(frozen=True, slots=True)
class RuleFindings:
    """What a report has of one rule."""

    id: str
    rule: Rule | None
    """None for what a user's own shapes say."""
    severity: Severity
    """The worst of what is listed."""
    findings: tuple[Finding, ...]
    """What is listed, in document order."""
    total: int
    """All that were found, also those that are not listed."""

    @property
    def title(self) -> str:
        return self.id if self.rule is None else self.rule.title


def known_rules(report: "Report") -> Mapping[str, Rule]:
    """The rules that the document was judged by, by id."""
    return rule_book(report.profile).rules


def by_rule(report: "Report") -> list[RuleFindings]:
    """The findings rule by rule: the worst first, then as the document has them."""
    listed: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        listed[finding.rule].append(finding)
    rules = known_rules(report)
    groups = [
        RuleFindings(
            id=name,
            rule=rules.get(name),
            severity=max(finding.severity for finding in findings),
            findings=tuple(findings),
            total=max(report.counts.get(name, 0), len(findings)),
        )
        for name, findings in listed.items()
    ]
    return sorted(groups, key=lambda group: group.severity, reverse=True)


def wordings(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Findings that say the same of different places, together; the worst first."""
    same: dict[tuple[Severity, str, str | None], list[Finding]] = defaultdict(list)
    for finding in sorted(findings, key=lambda one: one.severity, reverse=True):
        same[finding.severity, finding.message, finding.hint].append(finding)
    return list(same.values())


def count(number: int, noun: str) -> str:
    """A number of things.

    >>> count(1, "violation"), count(12000, "warning")
    ('1 violation', '12,000 warnings')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def tally(severities: Mapping[Severity, int]) -> str:
    """How many findings of each severity, the worst first.

    >>> tally({Severity.WARNING: 1, Severity.VIOLATION: 2})
    '2 violations, 1 warning'
    """
    nouns = {
        Severity.VIOLATION: "violation",
        Severity.WARNING: "warning",
        Severity.INFO: "piece of information",
    }
    said = [count(severities[severity], noun) for severity, noun in nouns.items() if severities.get(severity)]
    return ", ".join(said).replace("piece of informations", "pieces of information") or "nothing found"


def contrast(finding: Finding, limit: int = 120) -> str:
    """What was found and what was expected, in one line; empty if neither is known.

    >>> contrast(Finding("r", Severity.INFO, "", "m", found="12", expected="a number"))
    'found "12", expected a number'
    """
    return ", ".join(filter(None, [found_in(finding, limit), expected_in(finding, limit)]))


def found_in(finding: Finding, limit: int = 120) -> str:
    """What was found, quoted if it is a text; empty if that is not known."""
    return "" if finding.found is None else f"found {shortened(visible(_value(finding.found)), limit)}"


def expected_in(finding: Finding, limit: int = 120) -> str:
    """What was expected; empty if that is not known."""
    if finding.expected is None:
        return ""
    expected = finding.expected if isinstance(finding.expected, str) else _value(finding.expected)
    return f"expected {shortened(visible(expected), limit)}"


def expected_of_all(findings: Sequence[Finding]) -> str:
    """What was expected in every one of several places; empty for a single one."""
    said = {expected_in(finding) for finding in findings}
    return said.pop() if len(findings) > 1 and len(said) == 1 else ""


def plain(value: object) -> object:
    """The value as strict JSON can carry it."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {_encodable(str(key)): plain(item) for key, item in value.items()}
    return _encodable(str(value))


def visible(text: str) -> str:
    """The text with all that a terminal would obey, or that no eye would see, written as an escape.

    >>> visible("TS_01\\x1b[2J é")
    'TS_01\\\\x1b[2J é'
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _escape(character) for character in text)


def _escape(character: str) -> str:
    return repr(character)[1:-1]


def _encodable(text: str) -> str:
    """Lone surrogates, which UTF-8 has no bytes for, become U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _value(value: object) -> str:
    return json.dumps(plain(value), ensure_ascii=False)
