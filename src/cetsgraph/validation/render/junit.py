"""A report for continuous integration: JUnit XML, a suite for each file and a test case for each rule."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from cetsgraph.findings import Finding, Severity
from cetsgraph.texts import counted
from cetsgraph.validation.phrases import contrast, more_than
from cetsgraph.validation.render.rule_findings import RuleFindings, by_rule, known_rules

if TYPE_CHECKING:
    from cetsgraph.validation.report import Report

__all__ = ["render"]

# What XML 1.0 cannot carry, not even escaped.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(reports: "Sequence[Report]") -> str:
    """Rules with violations fail; warnings and information are output of test cases that pass."""
    suites = ElementTree.Element("testsuites", name="cetsgraph validate")
    for report in reports:
        suites.append(_suite(report))
    for total in ("tests", "failures"):
        suites.set(total, str(sum(int(suite.get(total, "0")) for suite in suites)))
    suites.set("errors", "0")
    ElementTree.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(suites, encoding="unicode")}\n'


def _suite(report: "Report") -> ElementTree.Element:
    said = {group.id: group for group in by_rule(report)}
    suite = ElementTree.Element("testsuite", name=_legal(report.file))
    properties = ElementTree.SubElement(suite, "properties")
    for name in ("profile", "engine"):
        ElementTree.SubElement(properties, "property", name=name, value=getattr(report, name))
    names = [*known_rules(report), *(name for name, group in said.items() if group.rule is None)]
    for name in names:
        suite.append(_case(report, name, said.get(name)))
    suite.set("tests", str(len(names)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", "0")
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
    return suite


def _case(report: "Report", name: str, group: RuleFindings | None) -> ElementTree.Element:
    case = ElementTree.Element("testcase", name=_legal(name), classname=f"cetsgraph.{report.profile}")
    if name in report.skipped:
        ElementTree.SubElement(case, "skipped", message=_legal(report.skipped[name]))
    if group is None:
        return case
    if group.severity is Severity.VIOLATION:
        number = more_than(group.uncounted) + counted(group.total, "finding")
        message = _legal(f"{number}: {group.findings[0].message}")
        said = ElementTree.SubElement(case, "failure", type=str(group.severity), message=message)
    else:
        said = ElementTree.SubElement(case, "system-out")
    lines = [_line(report.file, finding) for finding in group.findings]
    if more := group.omitted(len(group.findings)):
        lines.append(more)
    said.text = _legal("\n".join(lines))
    return case


def _line(file: str, finding: Finding) -> str:
    where = file if finding.line is None else f"{file}:{finding.line}"
    told = contrast(finding)
    parts = (
        f"{finding.severity}: {where} {finding.pointer or 'the whole document'}: {finding.message}",
        f" ({told})" if told else "",
        f". {finding.hint}" if finding.hint else "",
    )
    return "".join(parts)


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
