"""References of dialect B: the ids of other objects, made where it demands one and there is none."""

from collections.abc import Mapping
from typing import Any

from cetsgraph.documents.dialects.mapping import FieldRule, WriteSession, structural, value
from cetsgraph.findings import Severity
from cetsgraph.model import Entity
from cetsgraph.pointers import follow

__all__ = ["mint", "reference", "references"]


def reference(target: str) -> FieldRule:
    """The id of another object; where the model refers to a place, the id minted for what is there.

    Of several ids, the first is written.
    """

    def write(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        """Give the one id that there is a place for, and report the others."""
        found = values[target]
        if isinstance(found, list):
            found, *others = found
            if others:
                message = f"{writing.dialect} has a place for one {target}; the others are left out"
                writing.report("not-representable", f"{pointer}/{target}", message, found=", ".join(others))
        return _id_of(writing, found) if found else found

    return structural(value(target).read, write, target)


def references(target: str) -> FieldRule:
    """Ids of other objects, in order."""

    def write(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        found = values[target]
        return None if found is None else [_id_of(writing, one) for one in found]

    return structural(value(target).read, write, target)


def _id_of(writing: WriteSession, found: str) -> str:
    if not found.startswith("#/"):
        return found
    there = follow(writing.dataset, found[1:])
    return there.id or mint(writing, there, found[1:]) if isinstance(there, Entity) else found


_KINDS_IN_IDS = {
    "TiltSeriesMicrographStack": "tilt_series",
    "TiltSeriesMicrograph": "tilt_image",
    "ProjectionAlignment": "projection_alignment",
    "MovieStackSeries": "movie_stack_series",
    "MovieStack": "movie_stack",
    "Tomogram": "tomogram",
    "Region": "region",
}


def mint(writing: WriteSession, entity: Entity, pointer: str) -> str:
    """An id made of the object's kind and place: the same whenever it is asked for."""
    if pointer in writing.minted:
        return writing.minted[pointer]
    steps = "_".join(token for token in pointer.split("/") if token.isdecimal())
    made = f"{_KINDS_IN_IDS.get(type(entity).__name__, 'annotation')}_{steps}"
    while made in writing.minted_ids:
        made += "_"
    writing.minted[pointer] = made
    writing.minted_ids.add(made)
    message = f"{writing.dialect} requires an id; it is made of the object's place"
    kind = type(entity).__name__
    writing.report("minted-id", pointer, message, severity=Severity.INFO, found=made, kind=kind)
    return made
