"""Checks on surfaces: that their faces are triangles of their vertices."""

from collections.abc import Iterator

from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.model import Surface
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.views import numbers_as_text

__all__ = ["faces_are_of_vertices", "vertices_have_three_numbers"]


@check("surface-faces", Surface, given="faces")
def faces_are_of_vertices(place: PlaceOf[Surface], placement: Placement) -> Iterator[Fault]:
    """Each face has three different vertices, all of them there; the first that has not is reported."""
    surface = place.entity
    count = None if surface.vertices is None else len(surface.vertices)
    faces = surface.faces or []
    wrong = next((index for index, face in enumerate(faces) if not _is_triangle(face, count)), None)
    if wrong is None:
        return
    indexes = {index for face in faces for index in face}
    from_1 = (min(indexes, default=0), max(indexes, default=0)) == (1, count)
    yield Fault(
        "faces",
        found=numbers_as_text(faces[wrong]),
        expected=None if count is None else f"three different indexes of vertices, from 0 to {count - 1}",
        hint="Subtract 1 from all indexes: the faces count vertices from 1." if from_1 else None,
        index=wrong,
    )


def _is_triangle(face: list[int], count: int | None) -> bool:
    """Whether a face has three different vertices of those that there are."""
    return len(face) == len({*face}) == 3 and min(face) >= 0 and (count is None or max(face) < count)


@check("surface-faces", Surface, given="vertices")
def vertices_have_three_numbers(place: Place, placement: Placement) -> Iterator[Fault]:
    """Each vertex is a position in space; the first that is not is reported."""
    for index, row in enumerate(place.entity.__dict__["vertices"]):
        if len(row) != 3:
            yield Fault(
                "vertices",
                found=f"{len(row)} numbers",
                expected="x, y and z",
                message="this vertex is not a position in space",
                hint="Give x, y and z of each vertex.",
                index=index,
            )
            return
