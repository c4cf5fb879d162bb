"""A report for programs: JSON, as docs/reference/report.schema.json describes it."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cetsgraph.findings import Finding, Severity
from cetsgraph.validation.phrases import plain
from cetsgraph.validation.render.rule_findings import known_rules

if TYPE_CHECKING:
    from cetsgraph.validation.report import Report
    from cetsgraph.validation.rules import Rule

__all__ = ["SCHEMA", "as_object", "render"]

SCHEMA = "https://w3id.org/cetsgraph/schema/report-2.json"
"""Names the form of a report; the number in it rises when a field changes its meaning or goes away."""


def render(reports: "Sequence[Report]") -> str:
    """One object, whose `documents` are the reports, one or many."""
    whole = {
        "$schema": SCHEMA,
        "conforms": all(report.conforms for report in reports),
        "documents": [as_object(report) for report in reports],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def as_object(report: "Report") -> dict[str, Any]:
    """The report as a JSON object."""
    rules = known_rules(report)
    return {
        "file": plain(report.file),
        "profile": report.profile,
        "engine": report.engine,
        "conforms": report.conforms,
        "severities": {str(severity): report.severities.get(severity, 0) for severity in reversed(Severity)},
        "counts": plain(dict(report.counts)),
        "omitted": report.omitted,
        "uncounted": sorted(map(plain, report.uncounted)),
        "skipped": [{"rule": rule, "reason": plain(why)} for rule, why in report.skipped.items()],
        "findings": [_finding(finding, rules.get(finding.rule)) for finding in report.findings],
    }


def _finding(finding: Finding, rule: "Rule | None") -> dict[str, Any]:
    return {
        "rule": plain(finding.rule),
        "severity": str(finding.severity),
        "pointer": plain(finding.pointer),
        "line": finding.line,
        "message": plain(finding.message),
        "hint": plain(finding.hint),
        "found": plain(finding.found),
        "expected": plain(finding.expected),
        "kind": finding.kind,
        "id": plain(finding.id),
        "help": None if rule is None else rule.page,
    }
