"""Arrays in dialect A, which has single annotations and sets of them: a point, sphere or map for each row."""

from collections.abc import Iterator, Sequence
from typing import Any

from cetsgraph.documents.dialects.mapping import WriteSession
from cetsgraph.documents.dialects.shapes import SCORE, at, cuboids, cylinders
from cetsgraph.documents.dialects.tomobabel.frames import Frame, annotated, frame_in, in_frame
from cetsgraph.graph.axes import along_axes
from cetsgraph.graph.fitted_maps import placement_matrices
from cetsgraph.model import (
    Annotation,
    AnnotationSet,
    Coordinates,
    CuboidSet,
    CylinderSet,
    Entity,
    FitMap,
    Geometry,
    Particle,
    ParticleSet,
    Point,
    PointSet,
    Sphere,
    SphereSet,
    Spline,
    Transformation,
    Vector,
)

__all__ = ["has_rows", "in_single_annotations"]

Rows = Sequence[Sequence[float]]
_OF_ANY = frozenset(Annotation.model_fields)
"""Fields that a set takes over from the annotation that it is made of."""


def has_rows(entity: Entity) -> bool:
    """Whether it is an annotation that the dialect has only row by row, and has rows."""
    if isinstance(entity, FitMap):
        return entity.unit is not None and len(placement_matrices(entity)) > 1
    if isinstance(entity, Spline):
        return bool(entity.coordinates) and not entity.points
    if isinstance(entity, CylinderSet):
        return bool(entity.vectors)
    return isinstance(entity, PointSet | SphereSet | CuboidSet) and bool(entity.coordinates)


def in_single_annotations(writing: WriteSession, entity: Entity, pointer: str) -> Entity | None:
    """What dialect A has for an annotation: itself if it has no rows, else single annotations for its rows.

    One row becomes one annotation, several a set of them, in Å from the centre. None where unit, origin or
    sampling are not known, which is reported.
    """
    if not isinstance(entity, Geometry) or not has_rows(entity):
        return entity
    singles = None
    if _in_space(entity) and (isinstance(entity, FitMap | CylinderSet) or not _is_transformed(entity)):
        frame = frame_in(entity.unit, entity.origin, annotated(writing).get(id(entity)))
        singles = None if frame is None else _in_frame(_singles(entity), frame)
    kind = type(entity).__name__
    if not singles:
        message = f"{writing.dialect} {_WHY_NOT.get(type(entity), _NO_FRAME)}; they are left out"
        found = f"{entity.unit or 'no unit'}, {entity.origin or 'no origin'}"
        writing.report("not-representable", pointer, message, found=found, kind=kind, id=entity.id)
        return None
    message = f"the {len(singles)} rows become single annotations, in angstrom from the centre"
    writing.report_normalised(pointer, message, kind=kind)
    _report_columns(writing, entity, pointer)
    return _together(entity, singles)


_NO_FRAME = (
    "counts in angstrom from the centre, and unit, origin or sampling of these positions are not known, or "
    "they are not of two or three numbers each"
)
_WHY_NOT: dict[type[Entity], str] = {
    CuboidSet: "has boxes along the axes, in angstrom from the centre, and these are turned, or their sides, "
    "unit, origin or sampling are not known",
    CylinderSet: "has cylinders at a place in angstrom from the centre, and no translation called "
    "annotation_to_tomogram places these, or their unit, origin or sampling are not known",
}


def _in_space(entity: Geometry) -> bool:
    """Whether its positions and directions have two or three numbers each."""
    columns = (getattr(entity, name, None) or () for name in ("coordinates", "vectors"))
    return all(len(row) in (2, 3) for rows in columns for row in rows)


def _is_transformed(entity: Geometry) -> bool:
    return any(one.transformation_type != "identity" for one in entity.coordinate_transformations)


def _in_frame(singles: Iterator[Geometry | None], frame: Frame) -> list[Geometry] | None:
    made: list[Any] = [None if single is None else in_frame(single, frame) for single in singles]
    return None if None in made else made


def _singles(entity: Geometry) -> Iterator[Geometry | None]:
    """An annotation for each row, in the frame of the rows; None for a row that none says."""
    counted: dict[str, Any] = {"unit": entity.unit, "origin": entity.origin}
    if isinstance(entity, FitMap):
        for matrix in placement_matrices(entity):
            placed = Transformation(transformation_type="affine", matrix=matrix)
            yield FitMap(
                path=entity.path, center=at([row[3] for row in matrix[:3]]), transformation=placed, **counted
            )
        return
    if isinstance(entity, CylinderSet):
        yield from cylinders(entity, **counted)
        return
    entity = along_axes(entity)
    rows = [at(row) for row in entity.__dict__["coordinates"]]
    if isinstance(entity, Spline):
        yield Spline(points=rows, **counted)
    elif isinstance(entity, SphereSet):
        for row, radius in zip(rows, _column(entity.radii, rows) or [None] * len(rows), strict=True):
            yield Sphere(center=row, radius=radius if isinstance(radius, float) else None, **counted)
    elif isinstance(entity, CuboidSet):
        yield from cuboids(entity, rows, **counted)
    elif isinstance(entity, PointSet):
        yield from _points(entity, rows, counted)


def _points(entity: PointSet, rows: Sequence[Coordinates], counted: dict[str, Any]) -> Iterator[Geometry]:
    rotations, vectors = _column(entity.rotations, rows), _column(entity.vectors, rows)
    scores = _column(_scores(entity), rows)
    if rotations is not None or scores is not None:
        turns = [[]] * len(rows) if rotations is None else [[_rotation(one)] for one in rotations]
        for row, turn, score in zip(rows, turns, scores or [None] * len(rows), strict=True):
            yield Particle(location=row, alignment_transformations=turn, figure_of_merit=score, **counted)
    elif vectors is not None:
        for row, vector in zip(rows, vectors, strict=True):
            ends = [a + b for a, b in zip((row.x, row.y, row.z), vector, strict=False) if a is not None]
            yield Vector(start=row, end=at(ends), **counted)
    else:
        for row in rows:
            yield Point(location=row, **counted)


def _column(values: list[Any] | None, rows: Sequence[Coordinates]) -> list[Any] | None:
    """Values beside the positions, if there is one for each."""
    return values if values and len(values) == len(rows) else None


def _scores(entity: PointSet) -> list[Any] | None:
    """The column of figures of merit, if it has numbers only."""
    found = [one.values for one in entity.point_attributes if one.name == SCORE]
    return found[0] if found and all(isinstance(value, float) for value in found[0] or ()) else None


def _rotation(rotation: Rows) -> Transformation:
    """A rotation of two or three dimensions as a 4×4 matrix."""
    matrix = [[float(i == j) for j in range(4)] for i in range(4)]
    for i, row in enumerate(rotation):
        matrix[i][: len(row)] = row
    return Transformation(transformation_type="rotation", matrix=matrix)


def _together(entity: Geometry, singles: list[Geometry]) -> Annotation:
    about = {name: found for name, found in entity.__dict__.items() if name in _OF_ANY and found is not None}
    if len(singles) == 1 and entity.name is None:
        return singles[0].model_copy(update=about)
    if particles := [single for single in singles if isinstance(single, Particle)]:
        return ParticleSet(particles=particles, **about)
    return AnnotationSet(members=[*singles], **about)


def _report_columns(writing: WriteSession, entity: Geometry, pointer: str) -> None:
    """Say which columns have no place beside single annotations."""
    kept = {*_OF_ANY, "unit", "origin", "dimension", "coordinates", "coordinate_systems"}
    if isinstance(entity, FitMap):
        kept |= {"path", "rotations", "transformation", "center", "coordinate_transformations"}
    elif isinstance(entity, CuboidSet):
        kept |= {"rotations", "dimensions"}
    elif isinstance(entity, CylinderSet):
        kept |= {"vectors", "radii", "coordinate_transformations"}
    elif isinstance(entity, SphereSet) and all(isinstance(radius, float) for radius in entity.radii or ()):
        kept |= {"radii"}
    elif isinstance(entity, PointSet):
        scores = _scores(entity)
        kept |= {"rotations"} if entity.rotations or scores else {"vectors"}
        kept |= {"point_attributes"} if scores and len(entity.point_attributes) == 1 else set()
    writing.report_others(entity, pointer, *kept)
