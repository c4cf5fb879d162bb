"""Phrases that reports share: counts in words, what was found and expected, and safe text."""

import json
import math
from collections.abc import Mapping, Sequence

from cetsgraph.findings import Finding, Severity
from cetsgraph.texts import counted, shortened

__all__ = [
    "contrast",
    "expected_in",
    "expected_of_all",
    "found_in",
    "more_than",
    "plain",
    "tally",
    "visible",
]


def more_than(uncounted: object) -> str:
    """What stands before a count that is only a lower bound."""
    return "more than " if uncounted else ""


def tally(severities: Mapping[Severity, int]) -> str:
    """How many findings of each severity, the worst first.

    >>> tally({Severity.INFO: 2, Severity.WARNING: 1, Severity.VIOLATION: 2})
    '2 violations, 1 warning, 2 pieces of information'
    """
    found = [counted(severities[one], *nouns) for one, nouns in _NOUNS.items() if severities.get(one)]
    return ", ".join(found) or "nothing found"


_NOUNS = {
    Severity.VIOLATION: ("violation",),
    Severity.WARNING: ("warning",),
    Severity.INFO: ("piece of information", "pieces of information"),
}


def contrast(finding: Finding, limit: int = 120) -> str:
    """What was found and what was expected, in one line; empty if neither is known.

    >>> contrast(Finding("r", Severity.INFO, "", "m", found="12", expected="a number"))
    'found "12", expected a number'
    """
    return ", ".join(filter(None, [found_in(finding, limit), expected_in(finding)]))


def found_in(finding: Finding, limit: int = 120) -> str:
    """What was found, quoted if it is a text; empty if that is not known."""
    return "" if finding.found is None else f"found {shortened(visible(_value(finding.found)), limit)}"


def expected_in(finding: Finding, limit: int = 300) -> str:
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
