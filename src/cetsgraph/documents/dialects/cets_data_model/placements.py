"""Where a map stands in a tomogram: in dialect B its rotation as matrix3D, then a transformation by name."""

from collections.abc import Mapping, Sequence
from typing import Any

from cetsgraph.documents.dialects.cets_data_model.steps import composed
from cetsgraph.documents.dialects.mapping import WriteSession
from cetsgraph.documents.dialects.sampling import frame_of, with_frame
from cetsgraph.graph.fitted_maps import CENTRE, PLACEMENT
from cetsgraph.graph.matrices import Matrix
from cetsgraph.model import CoordinateSystem, FitMap, Transformation

__all__ = ["frame_of_placement", "with_placement"]

_TOLERANCE = 1e-6


def frame_of_placement(values: Mapping[str, Any]) -> dict[str, str]:
    """Unit and origin of the place of a map: those of the system that its placement leads to."""
    systems: Sequence[CoordinateSystem] = values.get("coordinate_systems") or ()
    outputs = [
        transformation.output
        for transformation in values.get("coordinate_transformations") or ()
        if transformation.name in (PLACEMENT, CENTRE)
    ]
    named = [system for system in systems if outputs and system.name == outputs[0]]
    return frame_of({"coordinate_systems": named}) if len(named) == 1 else {}


def with_placement(writing: WriteSession, entity: FitMap, values: dict[str, Any], pointer: str) -> None:
    """Write centre and matrix as transformations into a coordinate system that tells unit and origin."""
    rotation = _rotation(entity) if values["rotations"] is None else None
    steps = _placement(entity, rotation)
    if not steps:
        return
    frame: dict[str, Any] = {"unit": entity.unit, "origin": entity.origin, "coordinate_systems": []}
    with_frame(writing, entity, frame, pointer, 3)
    systems = frame["coordinate_systems"]
    output = systems[0].name if systems else None
    taken = {system.name for system in values["coordinate_systems"]}
    values["coordinate_systems"] = [
        *values["coordinate_systems"],
        *(system for system in systems if system.name not in taken),
    ]
    made = [step.model_copy(update={"output": output}) for step in steps]
    values["coordinate_transformations"] = [*values["coordinate_transformations"], *made]
    if rotation is not None:
        values["rotations"] = [rotation]
    if any(step.name == PLACEMENT for step in made):
        values["transformation"] = None
    if any(step.name == CENTRE for step in made):
        values["center"] = None
    writing.report_normalised(pointer, "the place of the map becomes transformations", kind="FitMap")


def _placement(entity: FitMap, rotation: Matrix | None) -> list[Transformation]:
    """The transformations that place a map: its matrix in steps of the dialect, and its centre.

    Of a matrix that rotates and shifts, only the shift is left where the rotation has a field of its own.
    """
    found: list[Transformation] = []
    given = entity.transformation
    steps = None if given is None or given.annotations else composed([given], 99)
    if given is not None and rotation is not None and not given.annotations:
        by = [row[3] for row in (given.matrix or ())[:3] if len(row) > 3] or [0.0, 0.0, 0.0]
        found.append(Transformation(transformation_type="translation", name=PLACEMENT, translation=by))
    elif given is not None and steps is not None:
        bare = [step.model_copy(update={"name": None, "input": None, "output": None}) for step in steps]
        if len(bare) == 1:
            found.append(bare[0].model_copy(update={"name": PLACEMENT}))
        else:
            kind: Any = "sequence" if bare else "identity"
            found.append(Transformation(transformation_type=kind, name=PLACEMENT, sequence=bare))
    centre = entity.center
    given_numbers = () if centre is None or centre.annotations else (centre.x, centre.y, centre.z)
    numbers = [number for number in given_numbers if number is not None]
    if len(numbers) == 3:
        found.append(Transformation(transformation_type="translation", name=CENTRE, translation=numbers))
    return found


def _rotation(entity: FitMap) -> Matrix | None:
    """The rotation of the matrix, where it is one of three dimensions."""
    given = entity.transformation
    matrix = None if given is None or given.sequence or given.annotations else given.matrix
    if matrix is None or len(matrix) not in (3, 4) or any(len(row) != len(matrix) for row in matrix):
        return None
    linear = [list(row[:3]) for row in matrix[:3]]
    for i in range(3):
        for j in range(3):
            product = sum(linear[i][k] * linear[j][k] for k in range(3))
            if abs(product - float(i == j)) > _TOLERANCE:
                return None
    return linear
