"""A report for code review and editors: SARIF 2.1.0 (OASIS, 2020)."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from cetsgraph.findings import Finding, Severity
from cetsgraph.texts import counted
from cetsgraph.validation.dialect_words import canonical
from cetsgraph.validation.phrases import contrast, more_than, plain
from cetsgraph.validation.render.rule_findings import known_rules
from cetsgraph.versions import __version__

if TYPE_CHECKING:
    from cetsgraph.validation.report import Report
    from cetsgraph.validation.rules import Rule

__all__ = ["render"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")

_Json = dict[str, Any]


def render(reports: "Sequence[Report]") -> str:
    """One run with the results of all reports."""
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(reports)]}
    return json.dumps(log, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _run(reports: "Sequence[Report]") -> _Json:
    known: Mapping[str, Rule] = known_rules(reports[0]) if reports else {}
    said = {finding.rule for report in reports for finding in report.findings}
    names = [*known, *sorted(said - known.keys())]
    index = {name: position for position, name in enumerate(names)}
    return {
        "tool": {
            "driver": {
                "name": "cetsgraph",
                "version": __version__,
                "semanticVersion": __version__,
                "informationUri": "https://w3id.org/cetsgraph/",
                "rules": [_rule(name, known.get(name)) for name in names],
            }
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [note for report in reports for note in _notes(report)],
                "ruleConfigurationOverrides": [
                    {
                        "descriptor": {"id": name, "index": index[name]},
                        "configuration": {"enabled": False},
                        "properties": {"reason": plain(why)},
                    }
                    for name, why in (reports[0].skipped if reports else {}).items()
                ],
            }
        ],
        "artifacts": [
            {"location": {"uri": uri}, "roles": ["analysisTarget"]}
            for uri in dict.fromkeys(_uri(report.file) for report in reports)
        ],
        "columnKind": "unicodeCodePoints",
        "results": [result for report in reports for result in _results(report, index)],
        "properties": {
            "profile": reports[0].profile if reports else None,
            "engine": reports[0].engine if reports else None,
        },
    }


def _rule(name: str, rule: "Rule | None") -> _Json:
    if rule is None:
        return {"id": plain(name)}
    hint = canonical(rule.wording.hint)
    advice = [rule.scope, hint and re.sub(r"\{\w+\}", "…", hint)]
    return {
        "id": name,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.definition},
        "help": {"text": " ".join(filter(None, [rule.definition, *advice]))},
        "helpUri": rule.page,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"sources": list(rule.sources)},
    }


def _notes(report: "Report") -> Iterator[_Json]:
    """What was found and is not among the results."""
    listed = Counter(finding.rule for finding in report.findings)
    for name, total in report.counts.items():
        if total > listed[name] or name in report.uncounted:
            number = more_than(name in report.uncounted) + counted(total - listed[name], "finding")
            yield {
                "level": "note",
                "message": {"text": f"{plain(name)}: {number} not listed"},
                "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(report.file)}}}],
            }


def _results(report: "Report", index: Mapping[str, int]) -> Iterator[_Json]:
    seen: Counter[str] = Counter()
    for finding in report.findings:
        place = f"{finding.rule}\n{finding.pointer}\n{finding.message}"
        seen[place] += 1
        yield {
            "ruleId": plain(finding.rule),
            "ruleIndex": index[finding.rule],
            "level": _LEVELS[finding.severity],
            "message": {"text": _message(finding)},
            "locations": [_location(report.file, finding)],
            "partialFingerprints": {"ruleAndPointer/v1": _fingerprint(f"{place}\n{seen[place]}")},
            "properties": _properties(finding),
        }


def _message(finding: Finding) -> str:
    told = contrast(finding, limit=400)
    sentence = f"{finding.message}{f' ({told})' if told else ''}."
    return str(plain(f"{sentence} {finding.hint}" if finding.hint else sentence))


def _location(file: str, finding: Finding) -> _Json:
    physical: _Json = {"artifactLocation": {"uri": _uri(file)}}
    if finding.line is not None:
        physical["region"] = {"startLine": finding.line}
    location: _Json = {"physicalLocation": physical}
    if finding.pointer:
        location["logicalLocations"] = [{"fullyQualifiedName": plain(finding.pointer), "kind": "value"}]
    return location


def _properties(finding: Finding) -> _Json:
    known = {
        "found": finding.found,
        "expected": finding.expected,
        "kind": finding.kind,
        "id": finding.id,
        "hint": finding.hint,
    }
    return {name: plain(value) for name, value in known.items() if value is not None}


def _uri(file: str) -> str:
    """A relative path stays relative; an IRI becomes a URI."""
    if _SCHEME.match(file):
        return quote(file, safe="%:/?#[]@!$&'()*+,;=", errors="replace")
    if PurePath(file).is_absolute():
        return "file://" + quote(Path(file).as_posix(), errors="replace")
    return quote(PurePath(file).as_posix(), errors="replace")


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
