"""Annotations of dialect A: texts, points, solids, splines, fitted maps, and sets of them."""

from collections.abc import Callable, Mapping
from typing import Any

from cetsgraph.documents.dialects.mapping import (
    Choice,
    FieldRule,
    Moved,
    ObjectMap,
    ReadSession,
    WriteSession,
    coded,
    many,
    one,
    same,
    value,
    words,
)
from cetsgraph.documents.dialects.tomobabel.arrays import in_single_annotations
from cetsgraph.documents.dialects.tomobabel.frames import annotated, frame_in, in_frame
from cetsgraph.documents.dialects.tomobabel.placements import placed, with_matrix
from cetsgraph.model import (
    AnnotationSet,
    Cone,
    Coordinates,
    Cuboid,
    Cylinder,
    Entity,
    FitMap,
    Geometry,
    Ovoid,
    Particle,
    ParticleSet,
    Point,
    Shell,
    Sphere,
    Spline,
    Text,
    Transformation,
    Vector,
)

__all__ = ["ANNOTATED", "ANNOTATION", "COORDINATES", "TRANSFORMATION", "text"]


def text(target: str) -> FieldRule:
    """Text for which the dialect writes "" where there is none."""
    return value(target, absent="")


def _kind_of_annotation(source: dict[str, Any]) -> str:
    """Sets have no type: they have annotations, or should have, since a text has no name."""
    named = "name" in source and "description" not in source
    return "annotations" if "annotations" in source or named else "text"


def _kind_of_solid(source: dict[str, Any]) -> str | None:
    """A shell's parts are told apart by their fields where they do not say their type."""
    signs = {"center": "sphere", "v1": "cuboid", "start_radius": "cone", "waist_radius": "ovoid"}
    return next((kind for sign, kind in signs.items() if sign in source), "cylinder")


ANNOTATION = Choice(
    "type",
    lambda: ANNOTATIONS,
    choose=_kind_of_annotation,
    untagged={"annotations"},
    becomes=in_single_annotations,
)
ANNOTATED: dict[str, FieldRule] = {"annotations": many("annotations", ANNOTATION)}


def _untyped(reading: ReadSession, source: dict[str, Any], pointer: str) -> dict[str, Any]:
    """Coordinates were points in an older revision, with a type."""
    if "type" not in source:
        return source
    reading.report_older(f"{pointer}/type", "coordinates have no type now", found=source["type"])
    return Moved({name: found for name, found in source.items() if name != "type"}, pointer)


def _with_coords(reading: ReadSession, source: dict[str, Any], pointer: str) -> dict[str, Any]:
    """Points had their coordinates as fields of their own in an older revision."""
    flat = {name: found for name, found in source.items() if name in ("x", "y", "z", "annotations")}
    if not flat or source.get("coords") is not None:
        return source
    reading.report_older(pointer, "the coordinates of a point stand under coords now", found=", ".join(flat))
    rest = {name: found for name, found in source.items() if name not in flat}
    return Moved({**rest, "coords": Moved(flat, pointer)}, pointer)


COORDINATES = ObjectMap(
    Coordinates,
    "CoordsLogical",
    {**words("x", "y", "z"), "description": text("description"), **ANNOTATED},
    required=("x", "y"),
    modernise=_untyped,
)

TRANSFORMATION = ObjectMap(
    Transformation,
    "Transformation",
    {
        "transform_type": coded(
            "transformation_type",
            {
                "identity": "identity",
                "flip": "flip",
                "translation": "translation",
                "scale": "scale",
                "rotate": "rotation",
                "affine": "affine",
            },
        ),
        "trans_matrix": value("matrix"),
        **ANNOTATED,
    },
    prepare=with_matrix,
)


def _frame(values: Mapping[str, Any]) -> dict[str, Any]:
    """Unit, origin and dimension of a shape that has a position: the dialect has one unit and one origin."""
    position = _first_position(values)
    if position is None and values.get("transformation") is None:
        return {}
    implied: dict[str, Any] = {"unit": "angstrom", "origin": "centre"}
    return implied if position is None else {**implied, "dimension": 2 if position.z is None else 3}


def _first_position(values: Mapping[str, Any]) -> Coordinates | None:
    """The first position with X and Y: the dialect has a place for no other."""
    for name in ("location", "center", "start", "end", "points", "v1", "v2", "vector", "base"):
        found = values.get(name)
        for part in found if isinstance(found, list) else [found]:
            if isinstance(part, Coordinates):
                if None not in (part.x, part.y):
                    return part
            elif isinstance(part, Entity) and (inner := _first_position(part.__dict__)) is not None:
                return inner
    return None


def _in_angstrom_from_centre(
    writing: WriteSession, entity: Entity, values: dict[str, Any], pointer: str
) -> bool | None:
    """Convert positions into the dialect's frame; a shape whose frame is not known is left out."""
    assert isinstance(entity, Geometry)
    shape = placed(entity) if isinstance(entity, FitMap) else entity
    values.update(shape.__dict__)
    if _is_in_frame(shape) or not _has_positions(shape):
        return None
    frame = frame_in(shape.unit, shape.origin, annotated(writing).get(id(entity)))
    moved = None if frame is None else in_frame(shape, frame)
    if moved is not None:
        values.update(moved.__dict__)
        if (shape.unit, shape.origin) != ("angstrom", "centre"):
            message = "positions are converted into angstrom from the centre"
            writing.report_normalised(pointer, message, kind=type(entity).__name__)
        return None
    kind = type(entity).__name__
    unknown = shape.unit is None or shape.origin is None
    why = "unit or origin is not known" if unknown else "voxel size or size of the image is not known"
    message = f"{writing.dialect} counts in angstrom from the centre, and the {why}; {{}} left out"
    found = f"{shape.unit or 'no unit'}, {shape.origin or 'no origin'}"
    if isinstance(shape, FitMap):  # its file alone can stand there
        values.update(center=None, transformation=None, unit=None, origin=None)
        message = message.format("its place is")
        writing.report("not-representable", pointer, message, found=found, kind=kind, id=entity.id)
        return None
    message = message.format("it is")
    writing.report("not-representable", pointer, message, found=found, kind=kind, id=entity.id)
    return False


def _is_in_frame(shape: Geometry) -> bool:
    """Whether it counts as the dialect does, with all that it consists of."""
    return (shape.unit, shape.origin) == ("angstrom", "centre") and all(
        _is_in_frame(inner) for inner in _inner(shape)
    )


def _inner(shape: Geometry) -> list[Geometry]:
    held = [getattr(shape, name, None) for name in ("vector", "v1", "v2", "base")]
    return [one for one in (*held, *getattr(shape, "cut_outs", ())) if isinstance(one, Geometry)]


def _has_positions(shape: Geometry) -> bool:
    names = ("location", "center", "start", "end", "points", "v1", "v2", "vector", "base", "transformation")
    return any(getattr(shape, name, None) not in (None, []) for name in names)


def _shape(
    cls: type[Entity],
    source: str,
    fields: dict[str, FieldRule],
    *optional: str,
    modernise: Callable[[ReadSession, dict[str, Any], str], dict[str, Any]] | None = None,
) -> ObjectMap:
    return ObjectMap(
        cls,
        source,
        {"description": text("description"), **fields},
        required=[name for name in fields if name not in optional],
        implied=_frame,
        prepare=_in_angstrom_from_centre,
        modernise=modernise,
    )


POINT = _shape(Point, "Point", {"coords": one("location", COORDINATES)}, modernise=_with_coords)
PARTICLE = _shape(
    Particle,
    "Particle",
    {
        "coords": one("location", COORDINATES),
        "fom": value("figure_of_merit"),
        "alignment_transformations": many("alignment_transformations", TRANSFORMATION),
    },
    "fom",
    "alignment_transformations",
    modernise=_with_coords,
)
VECTOR = _shape(Vector, "Vector", {"start": one("start", COORDINATES), "end": one("end", COORDINATES)})
A_VECTOR = Choice("type", {"vector": VECTOR}, choose=lambda source: "vector")
A_PARTICLE = Choice("type", {"particle_coodinate": PARTICLE}, choose=lambda source: "particle_coodinate")
SOLIDS = {
    "sphere": _shape(Sphere, "Sphere", {"center": one("center", COORDINATES), "radius": same}),
    "cuboid": _shape(Cuboid, "Cuboid", {"v1": one("v1", A_VECTOR), "v2": one("v2", A_VECTOR)}),
    "cylinder": _shape(Cylinder, "Cylinder", {"vector": one("vector", A_VECTOR), "radius": same}),
    "cone": _shape(
        Cone, "Cone", {"vector": one("vector", A_VECTOR), **words("start_radius", "end_radius")}, "end_radius"
    ),
    "ovoid": _shape(
        Ovoid,
        "Ovoid",
        {
            "vector": one("vector", A_VECTOR),
            "waist_radius": same,
            "waist_point": one("waist_point", COORDINATES),
        },
        "waist_point",
    ),
}
SOLID = Choice("type", SOLIDS, choose=_kind_of_solid)

# The members of a set stand under the name that other objects have for statements about them.
MEMBERS: dict[str, FieldRule] = {"name": text("name"), "annotations": many("members", ANNOTATION)}

ANNOTATIONS: dict[str, ObjectMap] = {
    "text": ObjectMap(Text, "Annotation", {"description": text("description")}),
    "point": POINT,
    "particle_coodinate": PARTICLE,
    "vector": VECTOR,
    **SOLIDS,
    "shell": _shape(Shell, "Shell", {"base": one("base", SOLID), "cut_outs": many("cut_outs", SOLID)}),
    "spline": _shape(Spline, "Spline", {"points": many("points", COORDINATES)}),
    # The published code writes neither file nor centre of the maps that an object holds.
    "fit_map": _shape(
        FitMap,
        "FitMap",
        {
            "center": one("center", COORDINATES),
            "file": text("path"),
            "transformation": one("transformation", TRANSFORMATION),
        },
        "center",
        "file",
        "transformation",
    ),
    "annotations": ObjectMap(AnnotationSet, "AnnotationSet", MEMBERS, required=("annotations",)),
    "particle_coordinates": ObjectMap(
        ParticleSet,
        "ParticleCoordinatesSet",
        {**MEMBERS, "particles": many("particles", A_PARTICLE)},
        required=("annotations",),
    ),
}
