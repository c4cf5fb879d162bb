"""Checks on coordinate systems, their axes, and the transformations between them."""

from collections import Counter
from collections.abc import Iterator

from cetsgraph.documents.dialects.sampling import unit_of
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import (
    Axis,
    CoordinateSystem,
    DataSet,
    Geometry,
    ProjectionAlignment,
    Raster2D,
    Raster3D,
    Transformation,
)
from cetsgraph.texts import listed
from cetsgraph.validation.checks.dimensions import dimension_of
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import again
from cetsgraph.validation.checks.views import axes_by_system

__all__ = [
    "axes_are_those_of_the_scale",
    "axes_have_one_unit",
    "elements_are_counted",
    "identities_keep_the_unit",
    "mapped_axes_are_described",
    "own_systems_are_described",
    "scales_lead_elsewhere",
    "scales_lead_into_lengths",
    "scales_lead_into_space",
    "systems_are_described",
    "systems_have_names_of_their_own",
    "systems_are_what_they_are_called",
    "units_are_known",
]


@check("coordinate-system-name", DataSet, shape="coordinate-system-name-input")
def systems_are_described(place: Place, placement: Placement) -> Iterator[Fault]:
    """Transformations lead from and to coordinate systems, or to where another begins or ends."""
    known = {there.entity.name for there in placement.of(CoordinateSystem)}
    steps = list(placement.of(Transformation, ProjectionAlignment)) if known else []
    inputs, outputs = (Counter(step.entity.__dict__[end] for step in steps) for end in _ENDS)
    if not (known - {None}) & (inputs.keys() | outputs.keys()):
        return  # no transformation uses the names
    for step in steps:
        for end, others, own in zip(_ENDS, (outputs, inputs), reversed(_ENDS), strict=True):
            name = step.entity.__dict__[end]
            if name is None or name in known or step.field in _FROM_THEIR_PLACE:
                continue
            if others[name] == (step.entity.__dict__[own] == name):
                yield Fault(end, found=name, entity=step.entity, hint=_known_systems(step, known))


def _known_systems(step: Place, known: set[str | None]) -> str:
    """Which coordinate systems can be meant: those of the object, or those of the document."""
    holder = step.parent.entity.__dict__.get("coordinate_systems", ()) if step.parent else ()
    names = [*dict.fromkeys(one.name for one in holder if one.name)] or sorted(filter(None, known))
    return f"Write {listed(names, ' or ')}, or describe the coordinate system."


@check("coordinate-system-name", Raster2D, Raster3D, Geometry, given="coordinate_systems")
def systems_have_names_of_their_own(place: Place, placement: Placement) -> Iterator[Fault]:
    """No two coordinate systems of an object have one name, nor two axes of a system."""
    systems = place.entity.__dict__["coordinate_systems"]
    for kind, parts in (("coordinate system", systems), *(("axis", system.axes) for system in systems)):
        for part in again((part.name, part) for part in parts if part.name is not None):
            yield Fault(
                "name",
                found=part.name,
                expected="a name of its own",
                message=f"another {kind} has this name",
                hint="Name each otherwise: axes x, y and z, and coordinate systems array and physical.",
                entity=part,
            )


@check("coordinate-system-name", Transformation, given="map_axis")
def mapped_axes_are_described(place: Place, placement: Placement) -> Iterator[Fault]:
    """A map of axes names axes of the systems that it leads from and to, where these are described."""
    holder = {} if place.parent is None else place.parent.entity.__dict__
    described = holder.get("coordinate_systems", ())
    systems = {system.name: {axis.name for axis in system.axes} for system in described}
    ends = [systems.get(place.entity.__dict__[end]) for end in _ENDS]
    for pair in place.entity.__dict__["map_axis"] if all(ends) else ():
        names = {name for name in pair.__dict__.values() if isinstance(name, str)}
        if lost := sorted(names.difference(*filter(None, ends))):
            yield Fault(
                "map_axis",
                found=lost[0],
                expected="axes of the two coordinate systems",
                message=f"no axis of the two coordinate systems is called {lost[0]}",
            )


@check("coordinate-system-name", Raster2D, Raster3D, given="coordinate_transformations")
def scales_lead_into_space(place: Place, placement: Placement) -> Iterator[Fault]:
    """A scale from space to elements does not enlarge so much that elements would be smaller than any."""
    systems = axes_by_system(place.entity)
    for one in place.entity.__dict__["coordinate_transformations"]:
        if not one.scale or min(one.scale) <= _LARGEST_INVERSE:
            continue
        ends = [{axis.axis_type for axis in systems.get(end, ())} for end in (one.input, one.output)]
        if ends == [{"space"}, {"array"}]:
            yield Fault(
                "input",
                found=one.input,
                expected=one.output,
                message=f"this scale leads from {one.input} to {one.output}, and it looks like the other way",
                hint=f"Swap them: write {one.output} as its input, and {one.input} as its output.",
                entity=one,
            )


_LARGEST_INVERSE = 1 / 0.3  # elements per Å, of the smallest pixels


@check("coordinate-system-name", Raster2D, Raster3D, given="coordinate_transformations")
def axes_are_those_of_the_scale(place: Place, placement: Placement) -> Iterator[Fault]:
    """A system from which a scale of as many numbers as its object has dimensions leads has as many axes."""
    systems = {system.name: system for system in place.entity.__dict__["coordinate_systems"]}
    for one in place.entity.__dict__["coordinate_transformations"]:
        first, system = (one.sequence or [one])[0], systems.get(one.input)
        numbers = len(first.scale or first.translation or ())
        if not numbers or system is None or not system.axes or numbers == len(system.axes):
            continue
        if numbers == dimension_of(place.entity):
            yield Fault(
                "axes",
                found=f"{len(system.axes)} axes",
                expected=f"{numbers} axes",
                message=f"this system has {len(system.axes)} axes, and a transformation of {numbers} numbers "
                "leads from it",
                hint="Describe one axis for each direction of the image or volume.",
                entity=system,
            )


@check("axis-unit", Axis, given="axis_unit", shape="axis-unit")
def units_are_known(place: Place, placement: Placement) -> Iterator[Fault]:
    """An axis is in a unit that programs know."""
    unit = place.entity.__dict__["axis_unit"]
    if unit not in _UNITS:
        meant = unit_of(unit)
        yield Fault("axis_unit", found=unit, hint=None if meant is None else f"Write {meant}.")


@check("axis-unit", Axis, given="axis_type")
def elements_are_counted(place: Place, placement: Placement) -> Iterator[Fault]:
    """An axis that counts elements is in no unit of length."""
    axis = place.entity.__dict__
    if axis["axis_type"] == "array" and axis["axis_unit"] in _LENGTHS:
        yield Fault(
            "axis_unit",
            found=axis["axis_unit"],
            expected="pixel",
            message=f"an axis of an array counts elements, and is not in {axis['axis_unit']}",
            hint="Write pixel, or space as the type of the axis.",
        )


_METRES = ("metre", "meter")
_UNITS = frozenset(
    {"angstrom", "pixel", "voxel", "pixel/voxel", "degree", "radian", "second", "unitless"}
    | {prefix + metre for prefix in ("", "milli", "micro", "nano", "pico") for metre in _METRES}
)


_LENGTHS = frozenset({"angstrom"} | {one for one in _UNITS if one.endswith(_METRES)})


@check("axis-unit", Raster2D, Raster3D, Geometry, given="coordinate_systems")
def axes_have_one_unit(place: Place, placement: Placement) -> Iterator[Fault]:
    """The axes of a system in space are in one known unit: the one that differs from two is reported."""
    for system in place.entity.__dict__["coordinate_systems"]:
        axes = [axis for axis in system.axes if axis.axis_type == "space" and axis.axis_unit in _UNITS]
        units = [axis.axis_unit for axis in axes]
        usual = max(units, key=units.count, default=None)
        for axis in axes:
            if axis.axis_unit != usual:
                yield Fault(
                    "axis_unit",
                    found=axis.axis_unit,
                    expected=usual,
                    message="the axes of this coordinate system are in different units",
                    hint=f"Write {usual}, and the numbers along this axis in it.",
                    entity=axis,
                )


@check("coordinate-system-name", Raster2D, Raster3D, given="coordinate_transformations")
def scales_lead_elsewhere(place: Place, placement: Placement) -> Iterator[Fault]:
    """No scale leads from a coordinate system into itself."""
    for one in place.entity.__dict__["coordinate_transformations"]:
        scales = [step.scale for step in one.sequence or [one] if step.scale]
        if one.input is not None and one.input == one.output and any(set(scale) != {1.0} for scale in scales):
            others = [name for name in axes_by_system(place.entity) if name and name != one.input]
            yield Fault(
                "output",
                found=one.output,
                expected=listed(others, " or ") or "another coordinate system",
                message=f"this scale leads from {one.input} into itself",
                hint="Write the coordinate system that it leads into as its output.",
                entity=one,
            )


@check("coordinate-system-name", CoordinateSystem, given="axes")
def systems_are_what_they_are_called(place: Place, placement: Placement) -> Iterator[Fault]:
    """What is called array has axes of an array, and what is called physical has axes in space."""
    system = place.entity.__dict__
    kinds = {(axis.axis_type, _kind(axis)) for axis in system["axes"]}
    if (system["name"], kinds) in _MISNAMED:
        yield Fault(
            "name",
            found=system["name"],
            expected="physical" if system["name"] == "array" else "array",
            message=f"this system is called {system['name']}, and its axes are those of the other",
            hint="Swap the names of the two coordinate systems, or their axes.",
        )


_MISNAMED = (("array", {("space", "length")}), ("physical", {("array", "element")}))


@check("axis-unit", Raster2D, Raster3D, given="coordinate_transformations")
def scales_lead_into_lengths(place: Place, placement: Placement) -> Iterator[Fault]:
    """A scale that is the size of an element leads into a system in space whose unit is a length."""
    systems = axes_by_system(place.entity)
    for one in place.entity.__dict__["coordinate_transformations"]:
        scales = [step.scale for step in one.sequence or [one] if step.scale]
        before, after = (systems.get(one.__dict__[end], []) for end in _ENDS)
        kinds = [{_kind(axis) for axis in axes} for axes in (before, after)]
        spatial = {axis.axis_type for axis in after} == {"space"}
        if spatial and kinds == [{"element"}, {"element"}] and any(set(scale) != {1.0} for scale in scales):
            yield Fault(
                "axis_unit",
                found=after[0].axis_unit,
                expected="angstrom",
                message=f"a scale leads into {one.output}, a system in space, and its axes are in "
                f"{after[0].axis_unit}",
                hint="Write angstrom as the unit of its axes, if the scale is in Å per pixel or voxel.",
                entity=after[0],
            )


@check("coordinate-system-name", Geometry, Raster2D, Raster3D, given="coordinate_transformations")
def identities_keep_the_unit(place: Place, placement: Placement) -> Iterator[Fault]:
    """What is the same in two coordinate systems has the same kind of unit in both."""
    systems = axes_by_system(place.entity)
    target = placement.about(place)
    theirs = (
        axes_by_system(target.entity) if target and "coordinate_systems" in target.entity.__dict__ else {}
    )
    for one in place.entity.__dict__["coordinate_transformations"]:
        if one.transformation_type != "identity":
            continue
        before = systems.get(one.input) or theirs.get(one.input, [])
        after = theirs.get(one.output) or systems.get(one.output, [])
        kinds = [{_kind(axis) for axis in axes} for axes in (before, after)]
        if {"element"} in kinds and {"length"} in kinds:
            units = [axes[0].axis_unit for axes in (before, after)]
            yield Fault(
                "output",
                found=one.output,
                expected=f"a coordinate system in {units[0]}",
                message=f"this identity leads from {units[0]} to {units[1]}, whose numbers are not the same",
                hint="Name the system of the same unit, or give the scale between the two.",
                entity=one,
            )


def _kind(axis: Axis) -> str | None:
    """Whether an axis is counted in elements or is a length, where its unit is stated."""
    unit = axis.axis_unit or ""
    if unit in ("pixel", "voxel", "pixel/voxel"):
        return "element"
    return "length" if unit in _LENGTHS else None


@check("coordinate-system-name", Raster2D, Raster3D, given="coordinate_systems")
def own_systems_are_described(place: Place, placement: Placement) -> Iterator[Fault]:
    """An image or volume that describes systems describes that into which its scale leads."""
    if isinstance(place.entity, Geometry):
        return
    systems = axes_by_system(place.entity)
    for one in place.entity.__dict__["coordinate_transformations"]:
        scaled = any(step.scale for step in one.sequence or [one])
        if scaled and one.input in systems and one.output is not None and one.output not in systems:
            yield Fault(
                "output",
                found=one.output,
                expected="a coordinate system that the same object describes",
                message=f"this scale leads into {one.output}, which its object does not describe",
                hint="Describe that coordinate system, with its axes and their unit, beside the other.",
                entity=one,
            )


_ENDS = ("input", "output")
_FROM_THEIR_PLACE = ("transformation", "alignment_transformations", "motion_correction_transformations")
"""Fields of transformations between systems that follow from where they stand."""
