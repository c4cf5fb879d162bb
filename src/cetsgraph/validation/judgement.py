"""The verdicts on one document: the first of each rule in document order, and how many there are."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

from cetsgraph.findings import Severity
from cetsgraph.namespaces import RULE, SHAPES
from cetsgraph.validation.verdicts import Verdict

__all__ = ["Judgement", "judgement_of"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that was found, of which each rule's first verdicts are kept."""

    verdicts: tuple[Verdict, ...]
    """In document order."""
    counts: Mapping[str, int]
    """Rule → all that was found."""
    severities: Mapping[Severity, int]
    """Severity → all that was found."""
    uncounted: frozenset[str] = frozenset()
    """Rules broken so often that the count is only a lower bound."""


_Order = tuple[list[tuple[bool, int, str]], int]


@dataclass(slots=True)
class _Kept:
    """The first verdicts of one rule, and more until the next time that these are put in order."""

    limit: int
    verdicts: dict[int, tuple[_Order, Verdict]] = field(default_factory=dict)

    def add(self, key: int, order: _Order, verdict: Verdict) -> None:
        """Keep a verdict, and of very many the first in order."""
        self.verdicts[key] = (order, verdict)
        if len(self.verdicts) > 4 * self.limit + 100:
            self.verdicts = dict(self._first())

    def _first(self) -> list[tuple[int, tuple[_Order, Verdict]]]:
        return sorted(self.verdicts.items(), key=lambda item: item[1][0])[: self.limit]

    def first(self) -> list[tuple[_Order, Verdict]]:
        return [kept for _, kept in self._first()]


def judgement_of(verdicts: Iterable[Verdict], limit: int, uncounted: Container[str] = ()) -> Judgement:
    """Put verdicts in document order and count them; of equal ones, the most severe counts.

    Memory grows with the number of verdicts by a hash of each, however long they are.

    Args:
        verdicts: in any order.
        limit: how many of each rule are kept.
        uncounted: shapes of which there are more than these.
    """
    kept: dict[str, _Kept] = defaultdict(lambda: _Kept(limit))
    worst: dict[int, tuple[int, Severity]] = {}
    counts: Counter[str] = Counter()
    severities: Counter[Severity] = Counter()
    more: set[str] = set()
    for number, verdict in enumerate(verdicts):
        finding = verdict.finding
        if verdict.result.shape in uncounted:
            more.add(finding.rule)
        key = _key(verdict)
        first, known = worst.get(key, (number, None))
        if known is None:
            counts[finding.rule] += 1
        elif known >= finding.severity:
            continue
        else:
            severities[known] -= 1
        severities[finding.severity] += 1
        worst[key] = (first, finding.severity)
        kept[finding.rule].add(key, (_natural(finding.pointer), first), verdict)
    listed = sorted(
        (order[0], rule, order[1], verdict) for rule, some in kept.items() for order, verdict in some.first()
    )
    return Judgement(
        verdicts=tuple(verdict for *_, verdict in listed),
        counts={rule: counts[rule] for _, rule, _, _ in listed},
        severities=+severities,
        uncounted=frozenset(more),
    )


def _key(verdict: Verdict) -> int:
    finding = verdict.finding
    said = finding.message if finding.found is None else str(finding.found)
    result = verdict.result
    # The place in an RDF file is the IRI of an object: its property tells one field from another.
    place = (finding.pointer, None if finding.pointer[:1] in ("", "/") else result.path)
    if result.shape.startswith((SHAPES, RULE)):
        return hash((finding.rule, place, said))
    # Of a user's own shapes, each constraint is one: two may bound the same field.
    return hash((finding.rule, place, said, finding.message, result.constraint))


def _natural(pointer: str) -> list[tuple[bool, int, str]]:
    """Numbers in a pointer are ordered by value."""
    return [
        (step.isdecimal(), int(step) if step.isdecimal() and len(step) < 20 else 0, step)
        for step in pointer.split("/")
    ]
