"""What a report has of each rule, in the order in which every form of it shows them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cetsgraph.findings import Finding, Severity
from cetsgraph.validation.phrases import more_than
from cetsgraph.validation.rules import Rule, rule_book

if TYPE_CHECKING:
    from cetsgraph.validation.report import Report

__all__ = ["RuleFindings", "by_rule", "known_rules", "wordings"]


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
    uncounted: bool = False
    """Whether there are more."""

    @property
    def title(self) -> str:
        """What the rule asks, in a few words."""
        return self.id if self.rule is None else self.rule.title

    @property
    def times(self) -> str:
        """How often the rule is broken; empty for once."""
        return "" if self.total == 1 else f"{more_than(self.uncounted)}{self.total:,} times"

    def omitted(self, shown: int) -> str:
        """What to say below the findings that are shown; empty if that is all."""
        rest = self.total - shown
        return f"and {more_than(self.uncounted)}{rest:,} more" if rest > 0 or self.uncounted else ""


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
            uncounted=name in report.uncounted,
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
