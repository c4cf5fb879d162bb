"""Which items of an mmCIF deposition a document can fill.

`ontology/mmcif.tsv` says for each item of the mmCIF dictionary's EM categories (PDBx/mmCIF v5) from which
fields of the model it can be filled and how they are read; items without fields have no place in CETS.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from cetsgraph import resources
from cetsgraph.errors import UnknownName
from cetsgraph.model import DataSet, Entity

__all__ = ["STANDARDS", "Item", "State", "coverage"]

STANDARDS = ("mmcif",)
"""What coverage can be asked of."""

State = Literal["filled", "missing", "archive", "no field"]
"""Filled by the document; missing in it; given by the archive; or no field of CETS says it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the standard, and what the document has for it."""

    item: str
    mandatory: str
    """`yes`, `no` or `unknown`, by the dictionary."""
    state: State
    value: object
    """What it would be filled with, in the unit of the standard; None unless it is filled."""
    fields: str
    """Fields of the model that it is read from, the first that is given."""


@dataclass(frozen=True, slots=True)
class _Mapping:
    item: str
    mandatory: str
    reading: str
    fields: tuple[str, ...]


def coverage(dataset: DataSet, standard: str = "mmcif") -> list[Item]:
    """What a data set has for each item of a standard, in the standard's order.

    >>> from cetsgraph.model import DataSet
    >>> items = coverage(DataSet(name="EMPIAR-12104"), "mmcif")
    >>> sorted({str(item.state) for item in items})
    ['archive', 'filled', 'missing', 'no field']

    Raises:
        UnknownName: there is no such standard.
    """
    if standard not in STANDARDS:
        raise UnknownName(f"coverage of {standard!r} is not known", expected=", ".join(STANDARDS))
    objects: dict[str, list[Entity]] = defaultdict(list)
    for entity in dataset.walk():
        objects[type(entity).__name__].append(entity)
    return [_item(mapping, objects) for mapping in _mappings()]


def _item(mapping: _Mapping, objects: dict[str, list[Entity]]) -> Item:
    state: State
    value: object = None
    if mapping.reading == "archive":
        state = "archive"
    elif not mapping.reading:
        state = "no field"
    else:
        value = mapping.fields[0] if mapping.reading == "constant" else _value(mapping, objects)
        state = "missing" if value is None else "filled"
    return Item(mapping.item, mapping.mandatory, state, value, ", ".join(mapping.fields))


def _value(mapping: _Mapping, objects: dict[str, list[Entity]]) -> object:
    read = _READINGS[mapping.reading]
    for path in mapping.fields:
        kind, *steps = path.split(".")
        found = [value for entity in objects[kind] for value in _follow(entity, steps)]
        if found:
            return read(found)
    return None


def _follow(found: object, steps: Sequence[str]) -> Iterator[object]:
    if isinstance(found, list):
        for item in found:
            yield from _follow(item, steps)
    elif found is not None:
        if not steps:
            yield found
        else:
            yield from _follow(getattr(found, steps[0]), steps[1:])


def _step(angles: Iterable[float]) -> float | None:
    """The median difference of sorted angles."""
    import statistics

    ordered = sorted(angles)
    steps = [after - before for before, after in pairwise(ordered)]
    return round(statistics.median(steps), 6) if steps else None


def _mean(numbers: list[float]) -> float:
    import statistics  # takes as long to import as all else here

    return statistics.mean(numbers)


def _suffix(paths: Sequence[str]) -> str | None:
    """`CCP4` for files of the MRC family; nothing is known of others."""
    return "CCP4" if paths[0].lower().endswith((".mrc", ".map", ".rec", ".st", ".ccp4")) else None


_READINGS: dict[str, Callable[[list[object]], object]] = {
    "value": lambda found: found[0],
    "id": lambda found: found[0],
    "count": len,
    "min": min,  # type: ignore[dict-item]
    "max": max,  # type: ignore[dict-item]
    "mean": _mean,  # type: ignore[dict-item]
    "step": _step,  # type: ignore[dict-item]
    "suffix": _suffix,  # type: ignore[dict-item]
}


@cache
def _mappings() -> tuple[_Mapping, ...]:
    import csv

    path = resources.folder("ontology") / "mmcif.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            _Mapping(
                item=row["item"],
                mandatory=row["mandatory"],
                reading=row["reading"],
                fields=tuple(field.strip() for field in row["fields"].split(",") if field.strip()),
            )
            for row in csv.DictReader(file, delimiter="\t")
        )
