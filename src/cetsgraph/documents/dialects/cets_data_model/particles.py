"""Particles of the oldest revision of dialect B: a set with a volume, or only a position, for each."""

from collections.abc import Mapping
from typing import Any

from cetsgraph.documents.dialects.cets_data_model.coordinates import PLACED, image_3d
from cetsgraph.documents.dialects.cets_data_model.revisions import b_table
from cetsgraph.documents.dialects.mapping import ReadSession, WriteSession, many, same, structural
from cetsgraph.model import Coordinates, SubTomogram, SubTomogramSet

__all__ = ["PARTICLE_3D_SET", "PARTICLE_SET"]

Values = dict[str, Any]


def _read_position(reading: ReadSession, found: Any, pointer: str, values: Values) -> None:
    numbers = isinstance(found, list) and all(
        isinstance(number, int | float) and not isinstance(number, bool) for number in found
    )
    if not numbers or len(found) != 3:
        reading.report("value-type", pointer, "this is not a position", expected="three numbers")
        return
    x, y, z = map(float, found)
    values["location"] = Coordinates(x=x, y=y, z=z).came_from(pointer)


def _write_position(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
    position = values["location"]
    if position is None:
        return None
    writing.report_others(position, f"{pointer}/location", "x", "y", "z")
    numbers = [position.x, position.y, position.z]
    return None if None in numbers else numbers


PARTICLE_3D = image_3d(
    SubTomogram,
    "Particle3D",
    {"path": same, "position": structural(_read_position, _write_position, "location")},
)
PARTICLE_3D_SET = b_table(
    SubTomogramSet,
    "Particle3DSet",
    {**PLACED, "particles": many("sub_tomograms", PARTICLE_3D)},
)


def _read_set(reading: ReadSession, found: Any, pointer: str, values: Values) -> None:
    held = PARTICLE_3D_SET.read(reading, found, pointer)
    values["sub_tomogram_sets"] = [] if held is None else [held]


def _write_set(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
    sets = values["sub_tomogram_sets"]
    if not sets or writing.revision not in (None, "2025-12"):
        return sets or None  # has no place, which is reported
    for index, other in enumerate(sets[1:], start=1):
        writing.report_left_out(other, f"{pointer}/sub_tomogram_sets/{index}")
    return PARTICLE_3D_SET.write(writing, sets[0], f"{pointer}/sub_tomogram_sets/0")


PARTICLE_SET = structural(_read_set, _write_set, "sub_tomogram_sets", table=PARTICLE_3D_SET)
