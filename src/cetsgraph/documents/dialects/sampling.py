"""What coordinate systems say: the size of a pixel, and the unit and origin of positions; and how to say it.

Dialect B tells sampling by a Scale from an array to space, and the frame of positions by a coordinate system.
"""

from collections.abc import Mapping
from typing import Any

from cetsgraph.documents.dialects.mapping import WriteSession
from cetsgraph.model import Axis, CoordinateSystem, Entity, Transformation

__all__ = ["angstrom_per_pixel", "frame_of", "with_frame", "with_sampling"]

_PIXELS = {"pixel", "voxel"}
_AXES = "xyz"
_SAME_SIZE = 1e-6


def angstrom_per_pixel(values: Mapping[str, Any], name: str, dimensions: int) -> dict[str, float]:
    """The size of a pixel or voxel: `name` if it is the same along all axes, else one per axis.

    It is a Scale, or a Sequence with one Scale, from a system of array axes to one of space axes in angstrom.
    """
    systems = {system.name: system for system in values.get("coordinate_systems") or ()}
    for transformation in values.get("coordinate_transformations") or ():
        scale = _scale_of(transformation)
        array, space = systems.get(transformation.input), systems.get(transformation.output)
        if scale is None or len(scale) != dimensions or not (_is_array(array) and _is_angstrom(space)):
            continue
        if max(scale) - min(scale) <= _SAME_SIZE * abs(max(scale)):
            return {name: scale[0]}
        return {f"{name}_{axis}": size for axis, size in zip(_axis_names(array), scale, strict=True)}
    return {}


def _scale_of(transformation: Transformation) -> list[float] | None:
    if transformation.transformation_type == "scale":
        return transformation.scale
    if transformation.transformation_type == "sequence":
        scales = [step.scale for step in transformation.sequence if step.transformation_type == "scale"]
        return scales[0] if len(scales) == 1 else None
    return None


def _is_array(system: CoordinateSystem | None) -> bool:
    return system is not None and all(axis.axis_type == "array" for axis in system.axes)


def _is_angstrom(system: CoordinateSystem | None) -> bool:
    """Angstrom is the dialect's default unit."""
    return system is not None and all(
        axis.axis_type != "array" and axis.axis_unit in (None, "angstrom") for axis in system.axes
    )


def _axis_names(system: CoordinateSystem | None) -> str:
    """Which axis each is: by the end of its name, or in the order x, y, z."""
    axes = [] if system is None else system.axes
    ends = "".join((axis.name or "")[-1:].lower() for axis in axes)
    return ends if sorted(ends) == sorted(_AXES[: len(axes)]) else _AXES[: len(axes)]


def frame_of(values: Mapping[str, Any]) -> dict[str, str]:
    """Unit and origin of positions, where the object's one coordinate system tells.

    An array counts from its first element, so from a corner; where space has its origin is not said.
    """
    systems: list[CoordinateSystem] = values.get("coordinate_systems") or []
    axes = systems[0].axes if len(systems) == 1 else []
    if axes and all(axis.axis_unit in _PIXELS and axis.axis_type == "array" for axis in axes):
        return {"unit": "pixel", "origin": "corner"}
    if axes and all(axis.axis_unit == "angstrom" and axis.axis_type != "array" for axis in axes):
        return {"unit": "angstrom"}
    return {}


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
    if (unit, origin) == ("pixel", "corner"):
        system = _system("array", "pixel", "array", dimensions)
    elif unit == "angstrom":
        system = _system("physical", "angstrom", "space", dimensions)
    else:
        return
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
