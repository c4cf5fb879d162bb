"""What coordinate systems say: the size of a pixel, and the unit and origin of positions; and how to say it.

Dialect B tells sampling by transformations from an array to space, and the frame of positions by a coordinate
system.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import isclose
from typing import Any

from cetsgraph.documents.dialects.mapping import WriteSession
from cetsgraph.graph.axes import axes_named
from cetsgraph.model import Axis, CoordinateSystem, Entity, Transformation

__all__ = [
    "CENTRED",
    "UNIT_SPELLINGS",
    "angstrom_per_pixel",
    "frame_of",
    "unit_of",
    "with_frame",
    "with_sampling",
]

UNIT_SPELLINGS = {
    "Ångstrom": "angstrom",
    "Ångström": "angstrom",
    "Angstrom": "angstrom",
    "ANGSTROM": "angstrom",
    "angstroms": "angstrom",
    "Å": "angstrom",
    "pixel/voxel": "pixel",
    "PIXEL": "pixel",
    "VOXEL": "voxel",
}
"""Units as they are met, and the dialect's words for them."""

_UNITS = {
    **{word.casefold(): unit for word, unit in UNIT_SPELLINGS.items()},
    **{unit: unit for unit in ("angstrom", "pixel", "voxel")},
    **dict.fromkeys(("pixels", "px"), "pixel"),
    **dict.fromkeys(("voxels", "vx"), "voxel"),
    **dict.fromkeys(("nm", "nanometer", "nanometre", "nanometers", "nanometres"), "nanometer"),
    **dict.fromkeys(("um", "µm", "micrometer", "micrometre", "micron"), "micrometer"),
}
_ANGSTROM_PER = {"angstrom": 1.0, "nanometer": 10.0, "micrometer": 10_000.0}
CENTRED = "centred"
"""Name of a coordinate system of space whose origin is the middle of voxel ⌊N/2⌋, as written here."""

_PIXELS = {"pixel", "voxel"}
_AXES = "xyz"
_SAME_SIZE = 1e-6
_SMALLEST = 0.3  # Å per pixel
_LONGEST_WAY = 4  # transformations between an array and space


def unit_of(word: str | None) -> str | None:
    """The unit that a word means: angstrom, nanometer, micrometer, pixel or voxel; None for any other.

    >>> unit_of("NM"), unit_of("Ångstrom"), unit_of("furlong")
    ('nanometer', 'angstrom', None)
    """
    return None if word is None else _UNITS.get(word.strip().casefold())


def angstrom_per_pixel(values: Mapping[str, Any], name: str, dimensions: int) -> dict[str, float]:
    """The size of a pixel or voxel: `name` if it is the same along all axes, else one per axis.

    It is what transformations do to lengths on the way from a system of array axes to one of space axes, or
    back: scales and diagonal matrices, beside translations, identities and, where the size is the same along
    all axes, rotations. Of several array systems, the one called `array` is the image's own; there is no size
    where they disagree otherwise.
    """
    systems = {system.name: system for system in values.get("coordinate_systems") or ()}
    arrays = [system for system in systems.values() if _is_array(system)]
    named = [system for system in arrays if system.name == "array"]
    found = [
        (system, sizes)
        for system in named or arrays
        for sizes in _sizes_of(system, systems, values.get("coordinate_transformations") or (), dimensions)
    ]
    if not found or any(not _agree(sizes, found[0][1]) for _, sizes in found):
        return {}
    array, sizes = found[0]
    if _agree(sizes, sizes[:1] * dimensions):
        return {name: sizes[0]}
    axes = _axis_names(array)
    if len(axes) != dimensions:
        return {}
    return {f"{name}_{axis}": size for axis, size in zip(axes, sizes, strict=True)}


def _agree(sizes: Sequence[float], others: Sequence[float]) -> bool:
    return all(isclose(a, b, rel_tol=_SAME_SIZE) for a, b in zip(sizes, others, strict=True))


def _sizes_of(
    array: CoordinateSystem,
    systems: Mapping[str | None, CoordinateSystem],
    transformations: Sequence[Transformation],
    dimensions: int,
) -> Iterator[list[float]]:
    """Å per element of an array along each axis, for each way from it to a system of space."""
    ways: list[tuple[str | None, list[float], tuple[int, ...]]] = [(array.name, [1.0] * dimensions, ())]
    while ways:
        at, factors, used = ways.pop()
        per_unit = _angstrom_per_unit(systems.get(at), dimensions)
        if any(_scales(transformations[number]) for number in used) and per_unit is not None:
            yield [factor * unit for factor, unit in zip(factors, per_unit, strict=True)]
            continue
        for number, transformation in enumerate(transformations):
            ends = (transformation.input, transformation.output)
            if number in used or at not in ends or len(used) == _LONGEST_WAY:
                continue
            found = _factors(transformation, dimensions)
            if found is None or (at != ends[0] and not all(found)):
                continue
            if at != ends[0]:
                found = [1 / factor for factor in found]
                if max(found) < _SMALLEST:
                    continue  # input and output are the wrong way round
            further = [a * b for a, b in zip(factors, found, strict=True)]
            ways.append((ends[1] if at == ends[0] else ends[0], further, (*used, number)))


def _factors(transformation: Transformation, dimensions: int) -> list[float] | None:
    """What a transformation does to lengths along each axis; None where that is not known."""
    steps = transformation.sequence if transformation.transformation_type == "sequence" else [transformation]
    factors = [1.0] * dimensions
    turned = False
    for step in steps:
        found = _factors_of_step(step, dimensions)
        if found is None:
            return None
        along, turns = found
        turned = turned or turns
        factors = [a * b for a, b in zip(factors, along, strict=True)]
    if turned and not _agree(factors, [factors[0]] * dimensions):
        return None
    return factors


def _scales(transformation: Transformation) -> bool:
    """Whether it says anything about lengths."""
    steps = transformation.sequence if transformation.transformation_type == "sequence" else [transformation]
    return any(step.transformation_type in ("scale", "affine", "rotation", "flip") for step in steps)


def _factors_of_step(step: Transformation, dimensions: int) -> tuple[list[float], bool] | None:
    kind = step.transformation_type
    if kind in ("identity", "translation"):
        return [1.0] * dimensions, False
    if kind == "map_axis":
        return [1.0] * dimensions, True
    if kind == "scale" and step.scale is not None and len(step.scale) == dimensions:
        return list(step.scale), False
    if kind in ("affine", "rotation", "flip") and step.matrix is not None:
        return _factors_of_matrix(step.matrix, dimensions)
    return None


def _factors_of_matrix(matrix: Sequence[Sequence[float]], dimensions: int) -> tuple[list[float], bool] | None:
    if len(matrix) not in (dimensions, dimensions + 1) or any(len(row) < dimensions for row in matrix):
        return None
    linear = [list(row[:dimensions]) for row in matrix[:dimensions]]
    if all(not linear[i][j] for i in range(dimensions) for j in range(dimensions) if i != j):
        return [abs(linear[i][i]) for i in range(dimensions)], False
    lengths = [sum(row[i] ** 2 for row in linear) ** 0.5 for i in range(dimensions)]
    products = [sum(row[i] * row[j] for row in linear) for i in range(dimensions) for j in range(i)]
    largest = max(lengths)
    orthogonal = all(abs(product) <= _SAME_SIZE * largest**2 for product in products)
    return (lengths, True) if orthogonal and _agree(lengths, [largest] * dimensions) else None


def _is_array(system: CoordinateSystem) -> bool:
    return bool(system.axes) and all(_kind_of_axis(axis) == "array" for axis in system.axes)


def _kind_of_axis(axis: Axis) -> str:
    """What an axis measures, as it says, or by its unit; angstrom is the dialect's default unit."""
    if axis.axis_type is not None:
        return axis.axis_type
    return "array" if unit_of(axis.axis_unit) in _PIXELS else "space"


def _angstrom_per_unit(system: CoordinateSystem | None, dimensions: int) -> list[float] | None:
    """Å per unit of each axis of a system of space; None if it is none."""
    if system is None or len(system.axes) != dimensions:
        return None
    units = [
        _ANGSTROM_PER.get(unit_of(axis.axis_unit or "angstrom") or "")
        if _kind_of_axis(axis) == "space"
        else None
        for axis in system.axes
    ]
    return None if None in units else [unit for unit in units if unit is not None]


def _axis_names(system: CoordinateSystem | None) -> str:
    """Which axis each is: by the end of its name, or in the order x, y, z."""
    axes = [] if system is None else system.axes
    known = axes_named(axis.name for axis in axes)
    return _AXES[: len(axes)] if known is None else "".join(_AXES[axis] for axis in known)


def frame_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Unit and origin of positions, where the object's one coordinate system tells.

    An array counts from its first element, so from a corner, unless it calls itself logical, which counts
    from the centre by the whitepaper and from the corner in the dialect's own helpers; where space has its
    origin is said by the name `centred` alone.
    """
    systems: list[CoordinateSystem] = values.get("coordinate_systems") or []
    axes = systems[0].axes if len(systems) == 1 else []
    units = {unit_of(axis.axis_unit) for axis in axes}
    if not axes or None in units:
        return {}
    if units <= _PIXELS:
        counts = all(axis.axis_type == "array" for axis in axes)
        certain = counts and "logical" not in (systems[0].name or "").casefold()
        return {"unit": "pixel", **({"origin": "corner"} if certain else {})}
    if any(axis.axis_type == "array" for axis in axes):
        return {}
    origin = {"origin": "centre"} if systems[0].name == CENTRED else {}
    if units == {"angstrom"}:
        return {"unit": "angstrom", **origin}
    return {"unit": "nanometre", **origin} if units == {"nanometer"} else {}


def with_sampling(
    writing: WriteSession, entity: Entity, values: dict[str, Any], pointer: str, name: str, dimensions: int
) -> None:
    """Add a Scale that tells the size of a pixel, where none does."""
    sizes = _sizes(values, name, dimensions)
    if sizes is None or angstrom_per_pixel(values, name, dimensions):
        return
    taken = {system.name for system in values["coordinate_systems"]}
    array, space = _free("array", taken), _free("physical", taken)
    values["coordinate_systems"] = [
        *values["coordinate_systems"],
        _system(array, "pixel", "array", dimensions),
        _system(space, "angstrom", "space", dimensions),
    ]
    scale = Transformation(transformation_type="scale", input=array, output=space, scale=sizes)
    values["coordinate_transformations"] = [*values["coordinate_transformations"], scale]
    writing.report_normalised(
        pointer, f"{name} becomes a Scale from {array} to {space}", kind=type(entity).__name__
    )


def with_frame(
    writing: WriteSession, entity: Entity, values: dict[str, Any], pointer: str, dimensions: int
) -> None:
    """Add a coordinate system that tells the unit of positions, where none does."""
    unit, origin = values.get("unit"), values.get("origin")
    if unit is None or values["coordinate_systems"]:
        return
    if unit == "pixel":
        name = "array" if origin == "corner" else "logical"
        system = _system(name, "pixel", "array", dimensions)
    else:
        word = "nanometer" if unit == "nanometre" else unit
        system = _system(CENTRED if origin == "centre" else "physical", word, "space", dimensions)
    values["coordinate_systems"] = [system]
    writing.report_normalised(
        pointer, f"the unit {unit} becomes the coordinate system {system.name}", kind=type(entity).__name__
    )


def _sizes(values: Mapping[str, Any], name: str, dimensions: int) -> list[float] | None:
    size = values.get(name)
    sizes = [values.get(f"{name}_{axis}") if size is None else size for axis in _AXES[:dimensions]]
    return None if None in sizes else [float(found) for found in sizes if found is not None]


def _system(name: str, unit: str, axis_type: Any, dimensions: int) -> CoordinateSystem:
    axes = [Axis(name=axis, axis_unit=unit, axis_type=axis_type) for axis in _AXES[:dimensions]]
    return CoordinateSystem(name=name, axes=axes)


def _free(name: str, taken: set[str | None]) -> str:
    return (
        name
        if name not in taken
        else next(made for number in range(2, len(taken) + 3) if (made := f"{name}_{number}") not in taken)
    )
