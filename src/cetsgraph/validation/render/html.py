"""A report as one self-contained page: nothing is fetched, nothing runs, and it can be mailed."""

import base64
import hashlib
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from cetsgraph.findings import Finding
from cetsgraph.texts import counted
from cetsgraph.validation.phrases import contrast, expected_of_all, found_in, more_than, tally, visible
from cetsgraph.validation.render.rule_findings import RuleFindings, by_rule, wordings
from cetsgraph.versions import __version__

if TYPE_CHECKING:
    from cetsgraph.validation.report import Report

__all__ = ["render"]

_OPEN = 3
"""Rules of a file that are shown unfolded, if more than twice as many were broken."""
_PLACES = 10
"""Places that are shown unfolded of what is said in the same words."""
_LONGEST = 400

_STYLE = """
:root { color-scheme: light dark;
  --text: light-dark(#1d2125, #e4e6e8); --faint: light-dark(#5b636b, #a2a9b0);
  --page: light-dark(#fff, #15181b); --card: light-dark(#f6f7f8, #1e2226);
  --line: light-dark(#d9dde1, #363c42);
  --violation: light-dark(#b3261e, #ff8a80); --warning: light-dark(#8a5300, #ffc062);
  --info: light-dark(#0b57a4, #86bdff); --good: light-dark(#1b6e35, #7bd694); }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1rem 4rem;
  background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 .25rem; }
p { margin: .25rem 0; }
a { color: var(--info); }
code, .where { font: .875em/1.45 ui-monospace, monospace; }
.faint { color: var(--faint); }
.violation { --mark: var(--violation); } .warning { --mark: var(--warning); }
.info { --mark: var(--info); } .good { --mark: var(--good); }
.mark { color: var(--mark); font-weight: 600; }
details { border: 1px solid var(--line); border-left: 4px solid var(--mark); border-radius: 4px;
  background: var(--card); margin: .75rem 0; }
summary { cursor: pointer; padding: .6rem .8rem; }
summary:focus-visible { outline: 2px solid var(--info); }
.body { padding: 0 .8rem .8rem; }
.said { margin-top: .75rem; font-weight: 600; }
ul { list-style: none; margin: .4rem 0; padding: 0; }
li { border-top: 1px solid var(--line); padding: .4rem 0; display: flex; flex-wrap: wrap; gap: 0 1rem; }
li > * { max-width: 100%; }
.more { --mark: var(--line); border-left-width: 1px; }
.more ul { padding: 0 .8rem; }
table { border-collapse: collapse; margin: 1rem 0; width: 100%; }
td, th { border-bottom: 1px solid var(--line); padding: .35rem .6rem .35rem 0;
  text-align: left; vertical-align: top; }
@media print { details { break-inside: avoid; } }
"""


def render(reports: "Sequence[Report]") -> str:
    """A page with a table of the files, if there are several, and the findings of each."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            "<title>CETS validation report</title>",
            f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
            *_head(reports),
            *(line for number, report in enumerate(reports) for line in _report(report, number)),
            "</main>\n</body>\n</html>\n",
        ]
    )


def _head(reports: "Sequence[Report]") -> Iterator[str]:
    yield "<h1>CETS validation report</h1>"
    if not reports:
        yield "<p>Nothing was checked.</p>"
        return
    first = reports[0]
    yield (
        f'<p class="faint">Profile {_text(first.profile)} · cetsgraph {__version__}'
        f" · {_text(first.engine)}</p>"
    )
    for rule, why in first.skipped.items():
        yield f"<p>Skipped: <code>{_text(rule)}</code> ({_text(why)})</p>"
    if len(reports) == 1:
        return
    conforming = sum(report.conforms for report in reports)
    verb = "conforms" if conforming == 1 else "conform"
    yield f"<p>{conforming:,} of {counted(len(reports), 'file')} {verb}.</p>"
    yield '<table>\n<tr><th scope="col">File</th><th scope="col">Result</th></tr>'
    for number, report in enumerate(reports):
        yield f'<tr><td><a href="#f{number}">{_text(report.file)}</a></td><td>{_verdict(report)}</td></tr>'
    yield "</table>"


def _report(report: "Report", number: int) -> Iterator[str]:
    yield f'<section>\n<h2 id="f{number}">{_text(report.file)}</h2>\n<p>{_verdict(report)}</p>'
    groups = by_rule(report)
    for position, group in enumerate(groups):
        shown = position < _OPEN or len(groups) <= 2 * _OPEN
        yield from _rule(group, " open" if shown else "")
    yield "</section>"


def _verdict(report: "Report") -> str:
    kind, said = ("good", "conforms") if report.conforms else ("violation", "does not conform")
    found = f": {more_than(report.uncounted)}{tally(report.severities)}" if report.counts else ""
    return f'<span class="mark {kind}">{said}</span>{found}'


def _rule(group: RuleFindings, unfolded: str) -> Iterator[str]:
    times = group.times and f" · {group.times}"
    yield (
        f'<details class="{group.severity}"{unfolded}><summary><span class="mark">{group.severity}</span>'
        f" {_text(group.title)} <code>{_text(group.id)}</code>{times}</summary>"
    )
    yield '<div class="body">'
    if group.rule is not None:
        why = f'<a href="{_text(group.rule.page)}">Why</a>'
        yield f'<p class="faint">{_text(group.rule.definition)} {why}</p>'
    for findings in wordings(group.findings):
        first = findings[0]
        milder = "" if first.severity is group.severity else f"{first.severity}: "
        expected = expected_of_all(findings)
        also = f" ({_text(expected)})" if expected else ""
        yield f'<p class="said">{milder}{_text(first.message)}{also}</p>'
        if first.hint:
            yield f'<p class="hint">{_text(first.hint)}</p>'
        yield from _places(findings, found_in if expected else contrast)
    if more := group.omitted(len(group.findings)):
        yield f"<p>{more}</p>"
    yield "</div></details>"


def _places(findings: Sequence[Finding], told: Callable[[Finding, int], str]) -> Iterator[str]:
    items = [_place(finding, told(finding, _LONGEST)) for finding in findings]
    yield f"<ul>{''.join(items[:_PLACES])}</ul>"
    if rest := items[_PLACES:]:
        yield f'<details class="more"><summary>{len(rest):,} more</summary><ul>{"".join(rest)}</ul></details>'


def _place(finding: Finding, told: str) -> str:
    parts = [f'<span class="where">{_text(finding.pointer) or "the whole document"}</span>']
    line = "" if finding.line is None else f"line {finding.line}"
    named = "" if finding.id is None else f"{finding.kind or 'id'} {_text(finding.id)}"
    if where := " · ".join(filter(None, [line, named])):
        parts.append(f'<span class="faint">{where}</span>')
    if told:
        parts.append(f"<span>{_text(told)}</span>")
    return f"<li>{''.join(parts)}</li>"


def _text(text: str) -> str:
    return escape(visible(text))
