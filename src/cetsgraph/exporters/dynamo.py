"""Points as tables of Dynamo, with the names of their tomograms in a .doc beside."""

from collections.abc import Iterator, Mapping, Sequence

from cetsgraph.exporters.losses import Losses
from cetsgraph.exporters.options import PointOptions
from cetsgraph.exporters.points import DIGITS, PlacedPoints, by_label, numbered, whole_identifiers
from cetsgraph.exporters.texts import number, plain

__all__ = ["dynamo"]

_WIDTH = 41
_ALIGNED, _AVERAGED, _ANGLES, _TOMOGRAM, _POSITION, _SPACING = 1, 2, 6, 19, 23, 35
"""Places in a line, from 0."""
_ATTRIBUTES: Mapping[str, int] = {"cc": 9, "reg": 20, "class": 21, "annotation": 22}


def dynamo(given: Sequence[PlacedPoints], losses: Losses, options: PointOptions) -> Iterator[tuple[str, str]]:
    """Paths and texts of the files: a table and its .doc for what is marked, which a table does not say."""
    numbers = numbered([one.name for one in given])
    for label, sets in by_label(given).items():
        table = "".join(f"{' '.join(row)}\n" for row in _rows(sets, numbers, losses))
        if table:
            yield f"{label}.tbl", table
            names = {numbers[one.name]: _volume(one) for one in sets}
            yield f"{label}.doc", "".join(f"{place}\t{name}\n" for place, name in sorted(names.items()))


def _rows(sets: Sequence[PlacedPoints], numbers: Mapping[str, int], losses: Losses) -> Iterator[list[str]]:
    for one, tags in zip(sets, whole_identifiers(sets, losses, "Dynamo"), strict=True):
        positions = one.placed("dynamo", losses, "Dynamo")
        if positions is None:
            continue
        kept = {name: values for name, values in one.attributes.items() if _fits(name, values)}
        one.leave_attributes(losses, "Dynamo", tuple(kept))
        turned = one.all_angles("dynamo", losses)
        for place, tag in enumerate(tags):
            row = ["0"] * _WIDTH
            row[0], row[_ALIGNED], row[_AVERAGED], row[_TOMOGRAM] = str(tag), "1", "1", str(numbers[one.name])
            row[_POSITION : _POSITION + 3] = [number(value, DIGITS) for value in positions[place].tolist()]
            row[_ANGLES : _ANGLES + 3] = [number(value, DIGITS) for value in turned[place].tolist()]
            if one.spacing is not None:
                row[_SPACING] = plain(one.spacing)
            for name, values in kept.items():
                row[_ATTRIBUTES[name]] = plain(values[place])
            yield row


def _fits(name: str, values: Sequence[object]) -> bool:
    """Whether a table has a column for an attribute; it has numbers alone."""
    return name in _ATTRIBUTES and all(type(value) in (int, float) for value in values)


def _volume(one: PlacedPoints) -> str:
    """The file of the tomogram, by which Dynamo finds it; white space would end its name."""
    path = one.tomogram.path
    return f"{one.name}.mrc" if path is None or any(map(str.isspace, path)) else path
