"""Where in a depositor's own file an object and its fields are, under the names of its dialect."""

from collections.abc import Iterator
from typing import Any

from cetsgraph.documents import Document
from cetsgraph.graph.placement import Place
from cetsgraph.model import Entity, Transformation
from cetsgraph.pointers import child_pointer, follow

__all__ = ["pointer_to", "spelled"]

_SAMPLING = ("pixel_size", "voxel_size")


def pointer_to(document: Document, place: Place, field: str | None = None, index: int | None = None) -> str:
    """JSON pointer into the source document of an object, or of one of its fields if that is there.

    An object that the dialect has no place for is where what holds it is.
    """
    held: Place | None = place
    while held is not None and held.entity.pointer is None:
        held = held.parent
    if held is None:
        return place.pointer if field is None else child_pointer(place.pointer, field)
    pointer = held.entity.pointer or ""
    if field is None or held is not place:
        return pointer
    found = next(_stated(document, pointer, _keys(place.entity, field)), None)
    if found is None:
        return _scale(place.entity) or pointer if field.startswith(_SAMPLING) else pointer
    there, value = found
    return there if index is None or not isinstance(value, list) else child_pointer(there, index)


def spelled(entity: Entity, field: str) -> str:
    """What the source document calls a field."""
    return _keys(entity, field)[0].rpartition("/")[2]


def _stated(document: Document, pointer: str, keys: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """The fields of an object that are there, with their values."""
    for key in keys:
        *way, last = key.split("/")  # what is inside another field has that before it
        holder = child_pointer(pointer, *way)
        values = _at(document, holder)
        if isinstance(values, dict) and last in values:
            yield child_pointer(holder, last), values[last]


def _keys(entity: Entity, field: str) -> tuple[str, ...]:
    return entity.spellings.get(field) or (field,)


def _at(document: Document, pointer: str) -> Any:
    return None if document.source is None else follow(document.source.data, pointer)


def _scale(entity: Entity) -> str | None:
    """Where the Scale is that the size of a pixel was taken from."""
    transformations: list[Transformation] = getattr(entity, "coordinate_transformations", [])
    for transformation in transformations:
        for step in (transformation, *transformation.sequence):
            if step.scale is not None and step.pointer is not None:
                return f"{step.pointer}/scale"
    return None
