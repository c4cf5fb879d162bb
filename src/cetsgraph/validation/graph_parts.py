"""A large graph in parts that are decoded and checked one after the other, so that memory stays flat.

A part has some regions and all that is in no region. Regions that refer to each other or name one file are in
one part, so that a check finds in the parts what it finds in the whole; what all regions need
to know of one, such as that a phase plate was used, goes with every part.
"""

import re
from collections import Counter, defaultdict
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from cetsgraph.groups import Groups
from cetsgraph.namespaces import CETS
from cetsgraph.validation.checks.surroundings import speaks_of_focus

__all__ = ["GraphPart", "parts_of"]

_REGION = re.compile(r"/regions/(\d+)(.*)", re.DOTALL)
_MOST_FILES = 64
_MOST_SHARED = 8
"""Regions that can go with every part; with more the graph stays whole."""

_HAS_REGION = f"<{CETS}hasRegion>"
_POSITION = f"<{CETS}position>"
_ID = f"<{CETS}id>"
_PATHS = frozenset(f"<{CETS}{name}>" for name in ("path", "evenPath", "oddPath"))
_WORDS = frozenset(f"<{CETS}{name}>" for name in ("name", "description", "title"))
_PHASE_PLATE = f"<{CETS}phasePlate>"
_OF_MANY = ("gain-file", "defect-file")
"""Files that many series have, as their IRIs call them."""


@dataclass(frozen=True, slots=True)
class GraphPart:
    """Some of a graph."""

    path: Path
    """Its triples, as N-Triples."""
    numbers: tuple[int, ...]
    """Numbers of its regions in the whole, in their order."""
    others: frozenset[str]
    """Regions that are in other parts, by their IRIs."""

    def holds(self, iri: str) -> bool:
        """Whether an object is in the part: by its IRI, in one of the regions or in none."""
        return "/".join(iri.split("/", self._depth)[: self._depth]) not in self.others

    @property
    def _depth(self) -> int:
        return next(iter(self.others), "").count("/") + 1

    def pointer(self, pointer: str) -> str:
        """A place in the document of the part, as it is in the document of the whole."""
        found = _REGION.match(pointer)
        return pointer if found is None else f"/regions/{self.numbers[int(found[1])]}{found[2]}"


def parts_of(path: Path, iri: str, size: int) -> list[GraphPart]:
    """The parts of a graph; none where it is better taken whole.

    Args:
        path: the graph of a data set, as N-Triples, one statement a line.
        iri: the data set's IRI.
        size: triples of a part, about.
    """
    regions = _Regions(f"<{iri}/region/")
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            regions.see(line)
    order = regions.order()
    bins = regions.bins(max(size, sum(regions.sizes.values()) // _MOST_FILES))
    if order is None or len(bins) < 2 or len(regions.shared) > _MOST_SHARED:
        return []
    numbers = {key: number for number, key in enumerate(order)}
    parts = [
        GraphPart(
            path.with_name(f"part-{at}.nt"),
            tuple(sorted(numbers[key] for key in keys)),
            frozenset(f"{iri}/region/{key}" for key in order if key not in keys),
        )
        for at, keys in enumerate(bins)
    ]
    _write(path, regions, [frozenset(keys) for keys in bins], parts)
    return parts


def _write(path: Path, regions: "_Regions", bins: list[frozenset[str]], parts: list[GraphPart]) -> None:
    with ExitStack() as stack:
        files = [stack.enter_context(part.path.open("w", encoding="utf-8", newline="\n")) for part in parts]
        for line in stack.enter_context(path.open(encoding="utf-8")):
            key = regions.of_line(line)
            for keys, file in zip(bins, files, strict=True):
                if key is None or key in keys:
                    file.write(line)


@dataclass(slots=True)
class _Regions:
    """What a first look at a graph says of its regions, by the last part of their IRIs."""

    prefix: str
    sizes: Counter[str] = field(default_factory=Counter)
    shared: set[str] = field(default_factory=set)
    """Those that go with every part."""
    _positions: dict[str, int] = field(default_factory=dict)
    _together: Groups = field(default_factory=Groups)
    """Regions that belong together."""
    _named: dict[int, str] = field(default_factory=dict)
    """The first region for each file, by a hash."""
    _of_many: dict[int, set[tuple[str, str]]] = field(default_factory=dict)
    """The kinds and regions of each file that many series have, by a hash."""
    _with_id: dict[str, str] = field(default_factory=dict)
    """Regions by their ids; where two have one, their IRIs are made of their numbers."""
    _in_focus: bool = False
    """Whether a region was met that may say that images were taken in focus."""

    def key(self, term: str) -> str | None:
        """The region that an IRI is in."""
        if not term.startswith(self.prefix):
            return None
        return term[len(self.prefix) :].partition("/")[0].partition(">")[0]

    def of_line(self, line: str) -> str | None:
        """The region that a statement is about; that of the data set on a region is about this."""
        subject, predicate, value = line.split(" ", 2)
        return self.key(value) if predicate == _HAS_REGION else self.key(subject)

    def see(self, line: str) -> None:
        """Note what a statement says."""
        subject, predicate, value = line.split(" ", 2)
        key, other = self.key(subject), self.key(value)
        if predicate == _HAS_REGION:
            return
        if key is None:
            if other is not None:
                self.shared.add(other)
            return
        self.sizes[key] += 1
        is_region = subject == f"{self.prefix}{key}>"
        if is_region and predicate == _POSITION:
            self._positions[key] = int(value.split('"')[1])
        if other is not None and other != key:
            self._together.join(key, other)
        elif is_region and predicate == _ID:
            self._with_id[value] = key
        elif predicate in _PATHS:
            self._see_file(hash(value), key, subject)
        elif not self._in_focus and (predicate == _PHASE_PLATE or predicate in _WORDS):
            self._in_focus = predicate == _PHASE_PLATE or speaks_of_focus(value)
            self.shared |= {key} if self._in_focus else set()

    def _see_file(self, file: int, key: str, subject: str) -> None:
        """Regions that name one file belong together, but for the gain and defects of a detector."""
        kind = subject.rsplit("/", 2)[1]
        if kind in _OF_MANY:
            self._of_many.setdefault(file, set()).add((kind, key))
        else:
            self._together.join(key, self._named.setdefault(file, key))

    def _join_unlike(self) -> None:
        """Put regions together that name one file as the gain or defects, and as something else."""
        for file, held in self._of_many.items():
            if file in self._named or len({kind for kind, _ in held}) > 1:
                first = self._named.get(file, next(iter(held))[1])
                for _, key in held:
                    self._together.join(first, key)

    def order(self) -> list[str] | None:
        """The regions in their order; None where that is not known of all, or one is known by it alone."""
        if not self._positions.keys() == set(self._with_id.values()) == self.sizes.keys():
            return None
        found = sorted(self._positions, key=self._positions.__getitem__)
        return found if [self._positions[key] for key in found] == list(range(len(found))) else None

    def bins(self, size: int) -> list[set[str]]:
        """Regions that belong together, in sets of about `size` triples; the shared ones in each."""
        self._join_unlike()
        groups: dict[str, set[str]] = defaultdict(set)
        for key in sorted(self.sizes):
            groups[self._together.root(key)].add(key)
        bins: list[set[str]] = []
        filled = size
        for keys in groups.values():
            if filled >= size:
                bins.append(set(self.shared))
                filled = 0
            bins[-1] |= keys
            filled += sum(self.sizes[key] for key in keys)
        return bins
