"""What an import has to say: counted per kind, with the first place of each, never one line per tilt."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cetsgraph.findings import Finding, Severity
from cetsgraph.importers.numbers import is_not_finite
from cetsgraph.texts import counted

__all__ = ["LinesOf", "SourcePlace", "Tally"]

LinesOf = Callable[[Iterable[str]], Mapping[str, int]]
"""From JSON pointers to lines of one file."""


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """Where something stands in a source."""

    file: str
    """Path of the file, as it is shown."""
    line: int | None = None
    """Line, from 1."""
    pointer: str = ""
    """JSON pointer into JSON or YAML; empty for text of other formats."""


@dataclass(slots=True)
class _Count:
    """How often one thing was met, and where first."""

    place: SourcePlace
    severity: Severity
    found: Any
    expected: Any
    hint: str | None
    count: int = 0


_NO_NUMBER = "Leave it out where there is no number, or import the rest with --lenient."


class Tally:
    """The findings of one import, as they gather.

    >>> tally = Tally()
    >>> for line in (12, 30):
    ...     tally.dropped("StageZ", SourcePlace("TS_01.mdoc", line), found="163.8")
    >>> print(*tally.findings(), sep="\\n")
    TS_01.mdoc (line 12): StageZ: 2 values have no field (found 163.8) [import-dropped]
    """

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str], _Count] = {}

    def dropped(self, field: str, place: SourcePlace, *, found: object = None, count: int = 1) -> None:
        """Values that no field of the model holds, by the name that the source gives them."""
        self._count("import-dropped", field, place, found=found, count=count)

    def derived(self, what: str, place: SourcePlace) -> None:
        """A value was computed: `what` says which and how, as a sentence without a full stop."""
        self._count("import-derived", what, place)

    def assumed(self, what: str, place: SourcePlace, *, option: str | None = None) -> None:
        """Something was taken for granted that no file states; `option` is the one that states it."""
        hint = None if option is None else f"If that is not so, say it with {option}."
        self._count("import-assumed", what, place, severity=Severity.WARNING, hint=hint)

    def conflict(self, what: str, place: SourcePlace, *, kept: object, other: object) -> None:
        """Two sources differ: `what` names the value, `kept` is what was taken, `other` what was not."""
        self._count(
            "import-conflict", what, place, severity=Severity.WARNING, found=f"{kept} (kept) and {other}"
        )

    def part_missing(
        self, name: str, place: SourcePlace, *, found: object = None, hint: str | None = None
    ) -> None:
        """A file that another one names is not there."""
        self._count("import-part-missing", name, place, severity=Severity.WARNING, found=found, hint=hint)

    def template(self, field: str, place: SourcePlace, *, found: object) -> None:
        """A placeholder stands where a value belongs."""
        self._count("import-template", field, place, severity=Severity.WARNING, found=found)

    def wrong(self, field: str, place: SourcePlace, *, found: object, expected: str) -> None:
        """A value that is not what it has to be; it is skipped, and the data set is not loaded for that."""
        hint = _NO_NUMBER if is_not_finite(str(found)) else None
        severity = Severity.VIOLATION
        self._count("value-type", field, place, severity=severity, found=found, expected=expected, hint=hint)

    def locate(self, files: Mapping[str, LinesOf]) -> None:
        """Find the lines that pointers lead to, in files as they were read."""
        counts: dict[str, list[_Count]] = defaultdict(list)
        for count in self._counts.values():
            if count.place.line is None and count.place.file in files:
                counts[count.place.file].append(count)
        for file, several in counts.items():
            lines = files[file]({count.place.pointer for count in several})
            for count in several:
                count.place = replace(count.place, line=lines.get(count.place.pointer))

    def findings(self) -> tuple[Finding, ...]:
        """All that was said, the worst first, each once."""
        found = [self._finding(rule, what, count) for (rule, what), count in self._counts.items()]
        return tuple(sorted(found, key=lambda one: one.severity, reverse=True))

    def _count(
        self,
        rule: str,
        what: str,
        place: SourcePlace,
        *,
        severity: Severity = Severity.INFO,
        found: object = None,
        expected: object = None,
        hint: str | None = None,
        count: int = 1,
    ) -> None:
        known = self._counts.get((rule, what))
        if known is None:
            known = self._counts[rule, what] = _Count(place, severity, found, expected, hint)
        known.count += count

    def _finding(self, rule: str, what: str, count: _Count) -> Finding:
        return Finding(
            rule,
            count.severity,
            count.place.pointer,
            _SENTENCES[rule](what, count.count),
            found=count.found,
            expected=count.expected,
            hint=count.hint,
            line=count.place.line,
            file=count.place.file,
        )


def _times(count: int) -> str:
    return "" if count == 1 else f" ({count} times)"


_SENTENCES = {
    "import-dropped": lambda what, n: f"{what}: {counted(n, 'value')} {'has' if n == 1 else 'have'} no field",
    "import-derived": lambda what, n: f"{what}{_times(n)}",
    "import-assumed": lambda what, n: f"{what}{_times(n)}",
    "import-conflict": lambda what, n: f"sources differ in {what}{_times(n)}",
    "import-part-missing": lambda what, n: f"{what} is named here and is not there{_times(n)}",
    "import-template": lambda what, n: f"{what}: a placeholder stands for the value{_times(n)}",
    "value-type": lambda what, n: f"this is not a value that {what} can have{_times(n)}",
}
