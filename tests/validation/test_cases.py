"""Each rule finds its mistake at its place, and says nothing where there is none.

`tests/data/invalid/RULE/CASE.json` has one mistake, and `CASE.expected.json` all that is to be said about it.
`tests/data/valid/RULE*.json` is the nearest document that is right. `test_engines` shows that the engines
have the same results on all of these.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cetsgraph.documents.file_sets import is_beside
from cetsgraph.validation import PROFILES, Validator, rule_book

DATA = Path(__file__).resolve().parents[1] / "data"
INVALID = sorted(
    path
    for path in (DATA / "invalid").glob("*/*")
    if path.is_file() and ".expected." not in path.name and not is_beside(path)
)
VALID = sorted(path for path in (DATA / "valid").glob("*") if path.is_file())
RULES = rule_book(PROFILES[-1]).rules


def case(path: Path) -> str:
    return str(path.relative_to(DATA))


@cache
def profile_of(rule: str) -> str:
    """The smallest profile that has the rule."""
    return next(profile for profile in PROFILES if rule in rule_book(profile).rules)


def rule_of(valid: Path) -> str:
    """The longest rule id that the file's name begins with."""
    return max((rule for rule in RULES if valid.name.startswith(rule)), key=len)


@pytest.mark.parametrize("path", INVALID, ids=case)
def test_the_mistake_is_found_at_its_place(path: Path) -> None:
    rule = path.parent.name
    expected: list[dict[str, Any]] = json.loads(
        path.with_suffix(".expected.json").read_text(encoding="utf-8")
    )
    assert rule in {finding["rule"] for finding in expected}
    (report,) = Validator(profile_of(rule), files="files" in RULES[rule].said_by).file(path)
    found = [
        {"rule": one.rule, "severity": str(one.severity), "pointer": one.pointer, "line": one.line}
        for one in report.findings
    ]
    by_place = sorted(expected, key=lambda one: (one["pointer"], one["rule"]))
    assert sorted(found, key=lambda one: (str(one["pointer"]), str(one["rule"]))) == by_place
    for finding in report.findings:
        assert finding.message != "this does not meet the shape" and "{" not in finding.message
        assert finding.hint, f"{finding.rule} does not say what to do"
    assert report.conforms is all(one["severity"] != "violation" for one in expected)


@pytest.mark.parametrize("path", VALID, ids=case)
def test_nothing_is_said_where_nothing_is_wrong(path: Path) -> None:
    (report,) = Validator(profile_of(rule_of(path)), files="files" in RULES[rule_of(path)].said_by).file(path)
    assert report.findings == () and report.conforms


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_document_that_fails_and_one_that_passes(rule: str) -> None:
    assert any(path.parent.name == rule for path in INVALID)
    assert any(rule_of(path) == rule for path in VALID)
