"""The pages about rules: one for each, and an index; made from the shapes and from the cases of the tests."""

import difflib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from cetsgraph.documents.file_sets import COMPANION, DOCUMENT, is_beside
from cetsgraph.findings import Finding, Severity
from cetsgraph.validation.checks import CHECKS
from cetsgraph.validation.phrases import contrast
from cetsgraph.validation.rules import PROFILES, Rule, rule_book
from cetsgraph.validation.validator import Validator

__all__ = ["FOLDER", "pages"]

FOLDER = Path("docs/reference/rules")
_DATA = Path("tests/data")

_NOTE = "<!-- Derived from shapes/ and tests/data/ by `make derive`; edit those instead. -->"
_LONGEST = 45
"""Lines of an example that is shown whole; of a longer one, what is about the rule."""
_AROUND = 7
_LANGUAGES = {".yaml": "yaml", ".yml": "yaml", ".ttl": "turtle", ".mdoc": "text", ".star": "text"}
_SAID_BY = {
    "shapes": "SHACL, in `shapes/{file}.ttl`: any engine can run it on the graph.",
    "reader": "The reader, since only it knows what the file looked like.",
    "companion": "Of a document with a companion beside it (`validation/companions.py`).",
    "files": "With `--files`, by looking for them (`validation/files_beside.py`).",
}


def pages(root: Path) -> dict[Path, bytes]:
    """Every page, with its place under the root of the checkout whose cases are shown."""
    rules = rule_book(PROFILES[-1]).rules
    made = {FOLDER / "index.md": _index(rules.values())}
    made.update((FOLDER / f"{rule.id}.md", _page(rule, root)) for rule in rules.values())
    return {path: ("\n".join(lines) + "\n").encode() for path, lines in made.items()}


def _index(rules: Iterable[Rule]) -> list[str]:
    by_profile: dict[str, list[Rule]] = {profile: [] for profile in PROFILES}
    for rule in rules:
        by_profile[_profile(rule)].append(rule)
    lines = [
        "# Rules\n",
        _NOTE,
        "\nWhat a data set is checked for. A *violation* means that it does not conform, a *warning* that",
        "something is probably wrong or will be missed; *information* is worth knowing. Each profile asks",
        "all that those before it ask. `cetsgraph validate --profile deposition FILE` asks for the second.",
    ]
    for profile, members in by_profile.items():
        lines += [f"\n## Profile `{profile}`\n", "| rule | severity | what it asks |", "|---|---|---|"]
        lines += [
            f"| [{rule.id}]({rule.id}.md) | {_worst(rule)} | {_cell(rule.definition)} |" for rule in members
        ]
    return lines


def _page(rule: Rule, root: Path) -> list[str]:
    return [
        f"# {rule.title}\n",
        _NOTE,
        f"\n`{rule.id}` · {_worst(rule)} · profile `{_profile(rule)}` · [all rules](index.md)\n",
        rule.definition,
        *([f"\n{rule.scope}"] if rule.scope else []),
        f"\n**Source:** {'; '.join(rule.sources)}.\n",
        "## How it is checked\n",
        *(f"- {way}" for way in dict.fromkeys(_ways(rule))),
        *_examples(rule, root),
    ]


def _worst(rule: Rule) -> str:
    return "information" if rule.severity is Severity.INFO else f"{rule.severity}"


def _ways(rule: Rule) -> Iterator[str]:
    for said_by in rule.said_by:
        if said_by == "check":
            continue
        yield _SAID_BY[said_by].format(file="structure" if rule.components else rule.file)
    for check in CHECKS:
        if check.rule == rule.id:
            summary = " ".join((check.function.__doc__ or "").partition("\n\n")[0].split())
            place = check.function.__module__.removeprefix("cetsgraph.")
            yield f"Python, in `{place}`, with any engine: {summary[:1].lower()}{summary[1:]}"


def _examples(rule: Rule, root: Path) -> Iterator[str]:
    failing = _first(root / _DATA / "invalid" / rule.id)
    if failing is None:
        yield "\nNo document can break this rule: only a graph that was written by other means."
        return
    text = failing.read_text(encoding="utf-8")
    (report,) = Validator(_profile(rule), files="files" in rule.said_by).file(failing)
    found = [finding for finding in report.findings if finding.rule == rule.id]
    yield "\n## An example that fails\n"
    yield from _block(failing, text, {finding.line or 1 for finding in found})
    companion = failing.with_name(failing.name.removesuffix(DOCUMENT) + COMPANION)
    if companion.is_file():
        yield "\nIts companion:\n"
        yield from _block(companion, companion.read_text(encoding="utf-8"), set())
    yield "\nWhat is said of it:\n"
    yield from map(_said, found)
    passing = root / _DATA / "valid" / f"{rule.id}.{failing.name.partition('.')[2]}"
    if passing.is_file():
        right = passing.read_text(encoding="utf-8")
        yield "\n## An example that passes\n"
        yield from _block(passing, right, _differing(text, right))


def _block(path: Path, text: str, about: set[int]) -> Iterator[str]:
    lines = text.splitlines()
    language = _LANGUAGES.get(path.suffix, "json")
    yield f"```{language}"
    shown = 0
    for number, line in enumerate(lines, start=1):
        if len(lines) <= _LONGEST or any(abs(number - place) <= _AROUND for place in about):
            if number > shown + 1:
                yield "…"
            yield line
            shown = number
    if shown < len(lines):
        yield "…"
    yield "```"


def _differing(failing: str, passing: str) -> set[int]:
    """Lines, from 1, of the second text that are not in the first, or where the first has more."""
    matcher = difflib.SequenceMatcher(None, failing.splitlines(), passing.splitlines(), autojunk=False)
    return {
        number + 1
        for kind, _, _, start, end in matcher.get_opcodes()
        if kind != "equal"
        for number in range(start, max(end, start + 1))
    } or {1}


def _said(finding: Finding) -> str:
    line = "" if finding.line is None else f"line {finding.line}, "
    place = f"`{finding.pointer}`" if finding.pointer else "the whole document"
    values = contrast(finding)
    sentence = f"{finding.message}{f' ({values})' if values else ''}."
    return f"- {line}{place}: {sentence}{f' {finding.hint}' if finding.hint else ''}"


def _first(folder: Path) -> Path | None:
    """The first case by name."""
    if not folder.is_dir():
        return None
    files = (path for path in folder.iterdir() if path.is_file() and ".expected." not in path.name)
    return min((path for path in files if not is_beside(path)), default=None)


@cache
def _profile(rule: Rule) -> str:
    """The smallest profile that has the rule."""
    return next(profile for profile in PROFILES if rule.id in rule_book(profile).rules)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
