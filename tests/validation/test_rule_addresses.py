"""A rule's shape and its check have one address: `shapes/rules/NAME.ttl` and `validation/checks/NAME.py`."""

import pytest

from cetsgraph.validation import PROFILES, rule_book
from cetsgraph.validation.checks import CHECKS, Check

RULES = rule_book(PROFILES[-1]).rules


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: f"{check.rule}-{check.function.__name__}")
def test_a_check_stands_in_the_module_named_as_the_file_of_its_rule(check: Check) -> None:
    module = check.function.__module__.rpartition(".")[2]
    assert RULES[check.rule].file == f"rules/{module.replace('_', '-')}"


def test_the_rules_that_name_a_check_are_those_that_have_one() -> None:
    promised = {rule.id for rule in RULES.values() if "check" in rule.said_by}
    assert promised - {"position-complete"} == {check.rule for check in CHECKS}
