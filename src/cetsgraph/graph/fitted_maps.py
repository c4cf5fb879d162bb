"""Where fitted maps are: a 4×4 matrix for each placement, from any form in which a document states it.

A matrix takes positions of the map into the tomogram, in the unit and from the origin of the annotation:
homogeneous, for column vectors, r' = A r (whitepaper "Software Standards in Electron Tomography", May 2024).
It comes from the map's transformation, or else from those of its coordinate transformations that are not the
map's own sampling; from rotations, which are applied first, one for each placement, unless the transformation
turns in the same way already; and from the centre, where nothing else shifts the map.
"""

from collections.abc import Iterator, Sequence
from functools import reduce

from cetsgraph.graph.axes import counts_voxels, voxels_along
from cetsgraph.graph.matrices import (
    IDENTITY,
    Matrix,
    embedded,
    inverse,
    matrix_of,
    product,
    scaling,
    shift,
    shifted,
)
from cetsgraph.model import Entity, FitMap, Transformation
from cetsgraph.vocabulary import Kind

__all__ = ["CENTRE", "PLACEMENT", "placement_matrices", "placements", "placing_transformations"]

CENTRE = "center"
"""Name of a coordinate transformation that says where the centre of a map is."""

PLACEMENT = "annotation_to_tomogram"
"""Name of a coordinate transformation that takes an annotation into its tomogram."""

_SAME = 1e-9


def placements(annotation: Entity) -> Iterator[tuple[str, list[Matrix], Kind]]:
    """Yield (property, value, kind) for a fitted map whose place is known."""
    if isinstance(annotation, FitMap) and (matrices := placement_matrices(annotation)):
        yield "placementMatrices", matrices, Kind.ARRAY


def placement_matrices(fitted: FitMap) -> list[Matrix]:
    """The matrix of each placement; none where the document states none, or one that cannot be read.

    >>> from cetsgraph.model import Coordinates
    >>> placement_matrices(FitMap(center=Coordinates(x=1.0, y=2.0, z=3.0)))
    [[[1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 2.0], [0.0, 0.0, 1.0, 3.0], [0.0, 0.0, 0.0, 1.0]]]
    """
    stated = _stated(fitted)
    turns = [embedded(rotation) for rotation in fitted.rotations or ()]
    centre = _centre(fitted)
    count = max(len(stated), len(turns), int(centre is not None))
    pairs = zip(_for_each(stated, count), _for_each(turns, count), strict=True)
    found = [_placed(matrix, turn, centre) for matrix, turn in pairs]
    known = [matrix for matrix in found if matrix is not None]
    return known if len(known) == len(found) else []


def _for_each(matrices: list[Matrix | None], count: int) -> list[Matrix | None]:
    """One matrix per placement: one for all, none at all, or as many as there are placements."""
    if len(matrices) == count:
        return matrices
    if not matrices:
        return [IDENTITY] * count
    return matrices * count if len(matrices) == 1 else [None] * count


def _placed(matrix: Matrix | None, turn: Matrix | None, centre: list[float] | None) -> Matrix | None:
    if matrix is None or turn is None:
        return None
    whole = matrix if _turns_alike(matrix, turn) else product(matrix, turn)
    return whole if centre is None or any(shift(whole)) else shifted(whole, centre)


def _turns_alike(matrix: Matrix, turn: Matrix) -> bool:
    """Whether a matrix has a rotation in it already, so that both state the same one."""
    pairs = [pair for rows in zip(matrix[:3], turn[:3], strict=True) for pair in zip(*rows, strict=True)]
    numbers = [pair for index, pair in enumerate(pairs) if index % 4 != 3]
    return turn != IDENTITY and all(abs(a - b) <= _SAME for a, b in numbers)


def _centre(fitted: FitMap) -> list[float] | None:
    centre = fitted.center
    if centre is None:
        stated = (one.translation for one in fitted.coordinate_transformations if one.name == CENTRE)
        return next((numbers for numbers in stated if numbers is not None), None)
    if centre.x is None or centre.y is None:
        return None
    return [centre.x, centre.y, centre.z or 0.0]


def placing_transformations(fitted: FitMap) -> list[Transformation]:
    """The coordinate transformations of a map that place it: neither its own sampling nor its centre."""
    return [
        one
        for one in fitted.coordinate_transformations
        if one.name != CENTRE and not _is_sampling(fitted, one)
    ]


def _stated(fitted: FitMap) -> list[Matrix | None]:
    """Matrices that transformations state: one, or one per placement where several have the same ends."""
    if fitted.transformation is not None:
        return [_into_tomogram(fitted, fitted.transformation)]
    placing = placing_transformations(fitted)
    matrices = [_into_tomogram(fitted, one) for one in placing]
    if len(placing) < 2 or len({(one.input, one.output) for one in placing}) == 1:
        return matrices
    steps = [matrices[index] for index in _chain(placing)]
    known = [step for step in steps if step is not None]
    return [reduce(lambda done, step: product(step, done), known) if len(known) == len(matrices) else None]


def _chain(transformations: Sequence[Transformation]) -> list[int]:
    """The order in which transformations follow on each other, from the one that follows on no other."""
    starts = {one.input: index for index, one in enumerate(transformations)}
    ends = {one.output for one in transformations}
    index = next((index for name, index in starts.items() if name not in ends), None)
    order: list[int] = []
    while index is not None and index not in order:
        order.append(index)
        index = starts.get(transformations[index].output)
    return order


def _into_tomogram(fitted: FitMap, transformation: Transformation) -> Matrix | None:
    """The matrix from the map to the tomogram, from one that may be stated the other way, or from voxels."""
    matrix = matrix_of(transformation)
    if matrix is not None and _is_tomogram(transformation.input) and not _is_tomogram(transformation.output):
        return inverse(matrix)
    if matrix is None or not _is_array(fitted, transformation.input):
        return matrix
    voxel = [voxels_along(fitted, axis)[1] for axis in range(3)]
    to_voxels = scaling([1.0 / size for size in voxel if size])
    return product(matrix, to_voxels) if to_voxels is not None and all(voxel) else None


def _is_sampling(fitted: FitMap, transformation: Transformation) -> bool:
    """Whether it only says how large the voxels of the map are: between its array and its own space."""
    ends = (transformation.input, transformation.output)
    own = {system.name for system in fitted.coordinate_systems}
    if any(_is_tomogram(name) for name in ends) or not any(_is_array(fitted, name) for name in ends):
        return False
    return all(name in own or _is_array(fitted, name) for name in ends)


def _is_array(fitted: FitMap, name: str | None) -> bool:
    system = next((one for one in fitted.coordinate_systems if one.name == name), None)
    return name == "array" if system is None else counts_voxels(system)


def _is_tomogram(name: str | None) -> bool:
    return "tomogram" in (name or "").lower()
