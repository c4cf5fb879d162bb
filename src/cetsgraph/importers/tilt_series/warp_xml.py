"""The XML file of a tilt series of Warp: vectors with a line for each tilt, parameters, grids."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from cetsgraph.importers.fields import Fields
from cetsgraph.importers.numbers import finite
from cetsgraph.importers.session import ImportSession

__all__ = ["drop_the_rest", "elements", "grid_by_tilt", "parameters", "vector", "words"]


def words(root: Fields, name: str, count: int | None = None) -> list[str]:
    """The lines of an element; none if it is not there, or has another number of lines than `count`."""
    found = [line.strip() for line in (root.text(name) or "").split("\n") if line.strip()]
    if found and count is not None and len(found) != count:
        root.wrong(name, f"{len(found)} lines", f"{count} lines, one for each angle")
        return []
    return found


def vector(root: Fields, name: str, count: int | None = None) -> list[float | None]:
    """The numbers of an element, a line for each; None for one that is no finite number, which is said."""
    written = words(root, name, count)
    numbers = [finite(word) for word in written]
    for number, word in zip(numbers, written, strict=True):
        if number is None:
            root.wrong(name, word, "a finite number")
    return numbers


def parameters(session: ImportSession, root: Fields, name: str) -> Fields:
    """The parameters of an element, `<Param Name="Voltage" Value="300" />`, as `CTF/Voltage`."""
    given = root.part(name)
    (several,) = given.take("Param")
    values = {f"{name}/{one.get('@Name')}": one.get("@Value") for one in elements(several)}
    return session.fields(values, root.place(name))


def grid_by_tilt(session: ImportSession, root: Fields, name: str, count: int) -> list[float] | None:
    """The values of a grid, one for each tilt, as means over the image; None if it is no such grid."""
    grid = root.part(name)
    grid.take("@Width", "@Height", "@Depth", "@MarginX", "@MarginY", "@MarginZ", "Node")
    (several,) = grid.take("Node")
    planes: dict[str, list[float]] = {}
    for node in elements(several):
        value = finite(str(node.get("@Value", "")))
        if value is None:
            grid.wrong("Node", node.get("@Value"), "a finite number")
            return None
        planes.setdefault(str(node.get("@Z", "0")), []).append(value)
    if any(len(values) > 1 for values in planes.values()):
        session.tally.derived(f"{name} is the mean over each image", grid.place())
    means = [sum(values) / len(values) for _, values in sorted(planes.items(), key=_depth)]
    if len(means) == 1:
        return means * count
    if means and len(means) != count:
        session.tally.dropped(name, grid.place(), found=f"{len(means)} values for {count} tilts")
    return means if len(means) == count else None


def drop_the_rest(session: ImportSession, root: Fields, read: Collection[str]) -> None:
    """Report the elements that were not read, each once: a grid has thousands of values."""
    for name in root:
        if name in read or name.startswith("@"):
            continue
        (value,) = root.take(name)
        nodes = elements(value.get("Node")) if isinstance(value, dict) else []
        if isinstance(value, dict) and "Param" in value:
            parameters(session, root, name)
        elif nodes:
            found = nodes[0].get("@Value")
            session.tally.dropped(name, root.place(name), found=found, count=len(nodes))
        elif isinstance(value, str) and value:
            lines = value.split("\n")
            session.tally.dropped(name, root.place(name), found=lines[0], count=len(lines))


def _depth(plane: tuple[str, Sequence[float]]) -> float:
    return finite(plane[0]) or 0.0


def elements(several: Any) -> list[Mapping[str, Any]]:
    """Elements of one name, be they one or many."""
    return [one for one in (several if isinstance(several, list) else [several]) if isinstance(one, dict)]
