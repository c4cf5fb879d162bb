"""A report in a notebook: a bounded table of findings, escaped."""

from collections.abc import Iterator, Sequence
from html import escape

from cetsgraph.findings import Finding
from cetsgraph.texts import shortened, shortened_inside
from cetsgraph.validation.phrases import contrast, visible

__all__ = ["table"]

_ROWS = 20
_LONGEST = 200  # characters of a place


def table(verdict: str, findings: Sequence[Finding], total: int) -> str:
    """HTML of the verdict, the first twenty findings, and how many more of the total there are."""
    rows = "".join(f"<tr>{''.join(_cells(finding))}</tr>" for finding in findings[:_ROWS])
    heads = "".join(f"<th>{name}</th>" for name in ("severity", "rule", "where", "what"))
    listed = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
    rest = total - min(len(findings), _ROWS)
    more = f"<p>and {rest:,} more</p>" if rest > 0 else ""
    return f"<p>{_text(verdict)}</p>{listed}{more}"


def _cells(finding: Finding) -> Iterator[str]:
    line = "" if finding.line is None else f" (line {finding.line})"
    where = shortened_inside(finding.pointer or "the whole document", _LONGEST) + line
    values = contrast(finding)
    what = f"{finding.message} ({values})" if values else finding.message
    for text in (str(finding.severity), finding.rule, where, what):
        yield f"<td>{_text(shortened(text, 2 * _LONGEST))}</td>"


def _text(text: str) -> str:
    return escape(visible(text))
