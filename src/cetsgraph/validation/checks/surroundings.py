"""What stands around a tilt series: its microscope, session, alignments and movies."""

import re
from collections.abc import Iterator
from typing import TypeVar, cast

from cetsgraph.graph.axes import voxels_along
from cetsgraph.graph.placement import Place, Placement, PlaceOf, reference_of
from cetsgraph.model import (
    Alignment,
    DataSet,
    Entity,
    Geometry,
    ImagingParameters,
    ProjectionAlignment,
    Raster3D,
    Region,
    Text,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TomoImageSet,
    Transformation,
)
from cetsgraph.validation.checks.siblings import included, repeated
from cetsgraph.validation.checks.views import sampling, sides

__all__ = [
    "alignments_of",
    "annotated_volume",
    "has_phase_plate",
    "is_overfocused",
    "is_measured_from_the_centre",
    "is_placed",
    "limits_along",
    "microscopes_of",
    "naming_the_same",
    "referred",
    "rows_of",
    "series_of",
    "systems_from_the_centre",
]

_Part = TypeVar("_Part", bound=Entity)

_PHASE_PLATE = re.compile(r"\bvolta\b|\bphase[- ]plate\b|\bin[- ]focus\b|\bVPP\b", re.IGNORECASE)
_OVERFOCUS = re.compile(r"\bover[- ]?focus", re.IGNORECASE)
_WITHOUT = re.compile(r"\b(no|none|without|not used|n/a)\b", re.IGNORECASE)


def referred(place: Place, field: str, placement: Placement) -> Iterator[Place]:
    """The objects that a field of references leads to."""
    values = place.entity.__dict__.get(field)
    if not values:
        return
    reference = reference_of(type(place.entity), field)
    for value in [values] if isinstance(values, str) else values:
        found = placement.resolve(place, reference, value)
        if found is not None:
            yield found


def series_of(place: Place, placement: Placement) -> list[PlaceOf[TiltSeriesMicrographStack]]:
    """The tilt series that an alignment is of, or a tomogram was made from; else those of its set."""
    named = [*referred(place, "tilt_series_id", placement)]
    if not named and place.parent is not None:
        named = [*referred(place.parent, "tilt_series_id", placement)]
    return cast(list[PlaceOf[TiltSeriesMicrographStack]], named)


def naming_the_same(parts: list[_Part], field: str, placement: Placement) -> Iterator[_Part]:
    """The parts whose reference leads where that of another part leads."""
    if not parts:
        return
    reference = reference_of(type(parts[0]), field)
    named = ((value, part) for part in parts if (value := getattr(part, field)) is not None)
    for part in repeated(named):
        if placement.resolve(placement.place_of(part), reference, getattr(part, field)) is not None:
            yield part


def annotated_volume(place: Place, placement: Placement) -> Raster3D | None:
    """The volume that an annotation is about, if it is about one."""
    about = placement.about(place)
    return about.entity if about is not None and isinstance(about.entity, Raster3D) else None


def limits_along(
    shape: Geometry, volume: Raster3D, axis: int, margin: float | None = None, origin: str | None = None
) -> tuple[float, float] | None:
    """The positions within a volume along an axis, in the unit of a shape and from an origin, if known.

    The origin is that of the shape if not given; the margin around the volume is in Å, or else a voxel.
    """
    origin = origin or shape.origin
    count, size = voxels_along(volume, axis)
    unit = {"pixel": size, "angstrom": 1.0, "nanometre": 10.0}.get(shape.unit or "")
    if count is None or size is None or not unit or origin is None:
        return None
    low = -(count // 2) if origin == "centre" else 0
    beside = size if margin is None else margin
    return (low * size - beside) / unit, ((low + count - 1) * size + beside) / unit


def is_placed(mask: Entity, volume: Entity) -> bool:
    """Whether a mask says where it is in a volume, by more than the volume says of itself.

    A scale beside a voxel size is that voxel size, also after its origin was moved to the centre.
    """
    known = [_effect(one) for one in volume.__dict__["coordinate_transformations"]]
    stated = [one for one in mask.__dict__["coordinate_transformations"] if not _is_sampling(one, mask)]
    return any(_effect(one) not in known for one in stated)


def _is_sampling(one: Transformation, mask: Entity) -> bool:
    """Whether a transformation says no more than how large the voxels of a mask are."""
    if one.transformation_type == "identity":
        return True
    if sampling(mask) is None:
        return False
    *before, last = one.sequence or [one]
    centred = all(_is_to_the_centre(step, mask) or step.transformation_type == "identity" for step in before)
    return centred and last.scale is not None and last.translation is None and last.matrix is None


def _is_to_the_centre(step: Transformation, volume: Entity) -> bool:
    """Whether a step moves the origin from the first voxel to the middle one."""
    return step.translation == [-float(side // 2) for side in sides(volume)]


def is_measured_from_the_centre(shape: Geometry, volume: Entity) -> bool:
    """Whether the coordinate system of a shape is one that a volume has, with the origin in its centre."""
    return any(system.name in systems_from_the_centre(volume) for system in shape.coordinate_systems)


def systems_from_the_centre(volume: Entity) -> frozenset[str]:
    """The coordinate systems of a volume whose origin is in its centre, whichever way leads there."""
    leading: dict[str, list[bool]] = {}
    for one in volume.__dict__["coordinate_transformations"]:
        if one.output is not None:
            first = one.sequence[0] if one.sequence else one
            leading.setdefault(one.output, []).append(_is_to_the_centre(first, volume))
    return frozenset(name for name, centred in leading.items() if all(centred))


def _effect(one: Transformation) -> tuple[object, ...]:
    """What a transformation does, by its numbers and not its type."""
    steps = tuple(map(_effect, one.sequence))
    return (
        one.transformation_type,
        one.translation,
        one.scale,
        one.matrix,
        tuple(map(str, one.map_axis)),
        steps,
    )


def microscopes_of(series: Place, placement: Placement) -> list[Entity]:
    """What says how a series was imaged: its image set, its movies, itself, its session, its instrument."""
    found: list[Entity] = []
    images = series.holder(TomoImageSet)
    if images is not None:
        if images.entity.imaging is not None:
            found.append(images.entity.imaging)
        collections = images.entity.movie_stack_collections
        named = series.entity.__dict__.get("movie_stack_series_id")
        for collection in collections:
            held = any(movies.id == named for movies in collection.movie_stack_series)
            if collection.imaging is not None and (held if named else len(collections) == 1):
                found.append(collection.imaging)
    found.append(series.entity)
    for session in referred(series, "acquisition_session_id", placement):
        found.append(session.entity)
        found += [instrument.entity for instrument in referred(session, "instrument_id", placement)]
    return found


def alignments_of(series: Place, placement: Placement) -> Iterator[Alignment]:
    """The alignments of a series in its image set."""
    images = series.holder(TomoImageSet)
    for alignment in () if images is None else images.entity.alignments:
        if series in referred(placement.place_of(alignment), "tilt_series_id", placement):
            yield alignment


Rows = list[tuple[ProjectionAlignment, TiltSeriesMicrograph | None]]


def rows_of(place: Place, placement: Placement) -> Rows:
    """The rows of an alignment, or those that the images of a series hold, each with its image."""
    return placement.once((rows_of, place), lambda: [*_rows(place, placement)])


def _rows(
    place: Place, placement: Placement
) -> Iterator[tuple[ProjectionAlignment, TiltSeriesMicrograph | None]]:
    if isinstance(place.entity, Alignment):
        for row in place.entity.projection_alignments:
            found = next(referred(placement.place_of(row), "tilt_image_id", placement), None)
            image = None if found is None else found.entity
            yield row, image if isinstance(image, TiltSeriesMicrograph) else None
        return
    for image in included(place.entity):
        if image.projection_alignment is not None:
            yield image.projection_alignment, image


def has_phase_plate(placement: Placement) -> bool:
    """Whether the data set says that a phase plate was used, or that images were taken in focus."""
    return placement.once(has_phase_plate, lambda: _has_phase_plate(placement))


def _has_phase_plate(placement: Placement) -> bool:
    for place in placement.of(DataSet, Region, TomoImageSet, ImagingParameters):
        entity = place.entity
        if isinstance(entity, ImagingParameters) and _is_used(entity.phase_plate):
            return True
        texts = (entity.name, entity.description, entity.__dict__.get("title"))
        if any(speaks_of_focus(str(text)) for text in texts if text):
            return True
    return False


def is_overfocused(placement: Placement) -> bool:
    """Whether the data set says in words that images were taken with overfocus."""
    return placement.once(is_overfocused, lambda: _is_overfocused(placement))


def _is_overfocused(placement: Placement) -> bool:
    for place in placement.of(DataSet, Region, TomoImageSet, ImagingParameters, Text):
        values = place.entity.__dict__
        texts = (values.get(field) for field in ("name", "title", "description"))
        if any(_OVERFOCUS.search(str(text)) for text in texts if text):
            return True
    return False


def speaks_of_focus(text: str) -> bool:
    """Whether a text says that a phase plate was used, or that images were taken in focus."""
    return _PHASE_PLATE.search(text) is not None


def _is_used(phase_plate: str | None) -> bool:
    return bool(phase_plate) and not _WITHOUT.search(str(phase_plate))
