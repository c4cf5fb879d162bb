"""Depositions judged by SHACL shapes, with a report that a depositor can act on.

report = validate("deposition.json", profile="deposition")
for finding in report.findings:
    print(finding)
report.raise_for_violations()
"""

from cetsgraph.validation.batches import validate_files, validate_store
from cetsgraph.validation.coverage import STANDARDS, Item, coverage
from cetsgraph.validation.engines import ENGINES
from cetsgraph.validation.render import FORMATS, render
from cetsgraph.validation.report import Report
from cetsgraph.validation.rules import PROFILES, Rule, RuleBook, rule_book
from cetsgraph.validation.validator import Validator, validate, validate_bytes

__all__ = [
    "ENGINES",
    "Item",
    "STANDARDS",
    "FORMATS",
    "PROFILES",
    "Report",
    "Rule",
    "RuleBook",
    "Validator",
    "coverage",
    "render",
    "rule_book",
    "validate",
    "validate_bytes",
    "validate_files",
    "validate_store",
]
