"""Every kind of annotation: texts, points, shapes, point sets, surfaces, masks, fitted maps and sets."""

from typing import Annotated, Literal

from pydantic import SerializeAsAny

from cetsgraph.model.base import (
    Array,
    Entity,
    Matrices,
    Matrix,
    Meanings,
    Reference,
    array,
    part,
    parts,
    reference,
    term,
)
from cetsgraph.model.geometry import CoordinateOrigin, Coordinates, CoordinateUnit, Transformation
from cetsgraph.model.images import Placed, Raster2D, Raster3D
from cetsgraph.model.objects import Annotation
from cetsgraph.model.units import Angstrom

__all__ = [
    "AnnotationRelation",
    "AnnotationSet",
    "Cone",
    "Cuboid",
    "CuboidSet",
    "Cylinder",
    "CylinderSet",
    "FitMap",
    "Geometry",
    "LabelKind",
    "MaskLabel",
    "Ovoid",
    "Particle",
    "ParticleSet",
    "Point",
    "PointAttribute",
    "PointSet",
    "ProbabilityMap",
    "SegmentationMask",
    "Shell",
    "Solid",
    "Sphere",
    "SphereSet",
    "Spline",
    "Surface",
    "Text",
    "ValueType",
    "Vector",
    "Volume",
]


LabelKind = Annotated[
    Literal["semantic", "instance"],
    Meanings(
        semantic="Voxels of one value are of one class of things.",
        instance="Voxels of one value belong to one individual thing.",
    ),
]
"""Whether the labels of a mask tell classes or individuals apart."""


ValueType = Annotated[
    Literal["numeric", "string", "boolean"],
    Meanings(numeric="Values are numbers.", string="Values are texts.", boolean="Values are true or false."),
]
"""What the values of a column are."""


class Text(Annotation):
    """A statement in words; the words are the description."""


class Geometry(Annotation, Placed):
    """An annotation with a place; it says in which unit and from which origin its numbers are given."""

    abstract = True

    dimension: int | None = term(
        "Number of dimensions of the positions: 2 or 3.",
        values={2: "Positions are in the plane of an image.", 3: "Positions are in a volume."},
    )
    unit: CoordinateUnit | None = term("Unit of the positions and lengths of the annotation.")
    origin: CoordinateOrigin | None = term(
        "Point from which the positions are counted: the middle of a voxel, never its edge."
    )


class Point(Geometry):
    """One position."""

    location: Coordinates | None = part("Position of the object.", "location", required=True)


class Particle(Point):
    """A picked particle."""

    figure_of_merit: float | None = term("Score that the picking program gave.", labels=("fom",))
    alignment_transformations: list[Transformation] = parts(
        "Transformation that aligns the reference to the particle.", "particle-alignment"
    )


class Vector(Geometry):
    """A directed line from one position to another."""

    start: Coordinates | None = part("Position where the vector starts.", "start", required=True)
    end: Coordinates | None = part("Position where the vector ends.", "end", required=True)


class Spline(Geometry):
    """A smooth curve through points."""

    points: list[Coordinates] = parts("Point of the curve, as an object.", "control-point")
    coordinates: Matrix | None = array(
        "Positions: one row per point (N×2 or N×3).", labels=("origin2D", "origin3D")
    )


class Solid(Geometry):
    """A shape that encloses a volume, or an area in two dimensions."""

    abstract = True


class Sphere(Solid):
    """A sphere, or a circle in two dimensions."""

    center: Coordinates | None = part("Position of the centre.", "center", required=True)
    radius: float | None = term("Radius, in the unit of the annotation.", required=True, above=0)


class Cuboid(Solid):
    """A box between two corners, given by vectors that start at its centre."""

    v1: Vector | None = part("Vector from the centre to a corner.", "corner-1", required=True)
    v2: Vector | None = part("Vector from the centre to the opposite corner.", "corner-2", required=True)


class Cylinder(Solid):
    """A cylinder around a centre line."""

    vector: Vector | None = part("Centre line of the shape.", "centre-line", required=True)
    radius: float | None = term("Radius, in the unit of the annotation.", required=True, above=0)


class Cone(Solid):
    """A cone, cut off where its end radius is not zero."""

    vector: Vector | None = part("Centre line of the shape.", "centre-line", required=True)
    start_radius: float | None = term(
        "Radius at the start of the centre line, in the unit of the annotation.", required=True, above=0
    )
    end_radius: float | None = term(
        "Radius at the end of the centre line, in the unit of the annotation; 0 for a sharp point.", minimum=0
    )


class Ovoid(Solid):
    """An ovoid around a centre line, or an oval in two dimensions."""

    vector: Vector | None = part("Centre line of the shape.", "centre-line", required=True)
    waist_radius: float | None = term(
        "Largest radius, in the unit of the annotation.", required=True, above=0
    )
    waist_point: Coordinates | None = part(
        "Point of the centre line where the radius is largest.", "waist-point"
    )


class Shell(Geometry):
    """What is left of a volume after others are cut out."""

    base: SerializeAsAny[Solid] | None = part("Volume that the others are cut from.", "base", required=True)
    cut_outs: list[SerializeAsAny[Solid]] = parts("Volume that is cut out.", "cut-out", required=True)


class Surface(Geometry):
    """A surface as a triangle mesh: in a file, or as vertices and faces."""

    labels = ("mesh", "tri_mesh")

    path: str | None = term("Path or address of the file.", labels=("file",))
    vertices: Matrix | None = array("Vertices of the mesh: one row per vertex (N×3).")
    faces: Annotated[list[list[int]], Array("N×3")] | None = array(
        "Triangles of the mesh: three indexes of vertices per row, counted from 0 (N×3)."
    )


class Volume(Geometry):
    """A region of space that a surface or a file encloses."""

    path: str | None = term("Path or address of the file.", labels=("file",))
    surface: Surface | None = part("Surface that encloses the volume.", "surface")


class PointAttribute(Entity):
    """One value for every point of a set: a column beside the positions."""

    unit_name: str | None = term("Name of the unit of the values.")
    value_type: ValueType | None = term("Type of the values, where these do not tell.")
    values: Annotated[list[float | int | str | bool | None], Array("N")] | None = array(
        "Values, one per point, in the order of the points."
    )


class PointSet(Geometry):
    """Many positions, with orientations and attributes where they are known; or the file that holds them."""

    path: str | None = term("Path or address of the file.", labels=("file",))
    point_count: int | None = term(
        "Number of points as stated, for sets whose positions are not listed.",
        minimum=0,
        name="stated-point-count",
    )
    coordinates: Matrix | None = array(
        "Positions: one row per point (N×2 or N×3).", labels=("origin2D", "origin3D")
    )
    vectors: Matrix | None = array(
        "Directions: one row per point (N×2 or N×3).", labels=("vector2D", "vector3D")
    )
    rotations: Matrices | None = array(
        "Rotation matrices: one per point (N×2×2 or N×3×3), taking the reference into the tomogram.",
        labels=("matrix2D", "matrix3D"),
    )
    point_ids: Annotated[list[str], Array("N")] | None = array("Identifiers of the points.")
    point_attributes: list[PointAttribute] = parts(
        "Column of values beside the positions.", "point-attribute"
    )


class SphereSet(Geometry):
    """Many spheres, or circles in two dimensions."""

    labels = ("circle set",)

    coordinates: Matrix | None = array(
        "Positions: one row per point (N×2 or N×3).", labels=("origin2D", "origin3D")
    )
    radii: Annotated[list[float] | list[list[float]], Array("N")] | None = array(
        "Radii, one per shape, in the unit of the annotation."
    )


class CylinderSet(Geometry):
    """Many cylinders, each along its vector from the origin of the set, which a transformation places."""

    vectors: Matrix | None = array(
        "Directions: one row per point (N×2 or N×3).", labels=("vector2D", "vector3D")
    )
    radii: Annotated[list[float] | list[list[float]], Array("N")] | None = array(
        "Radii, one per shape, in the unit of the annotation."
    )


class CuboidSet(Geometry):
    """Many oriented boxes around their positions, or rectangles in two dimensions."""

    labels = ("box set",)

    coordinates: Matrix | None = array(
        "Positions: one row per point (N×2 or N×3).", labels=("origin2D", "origin3D")
    )
    rotations: Matrices | None = array(
        "Rotation matrices: one per point (N×2×2 or N×3×3), taking the reference into the tomogram.",
        labels=("matrix2D", "matrix3D"),
    )
    dimensions: Matrix | None = array(
        "Lengths of the sides: one row per shape (N×2 or N×3).", labels=("dimensions2D", "dimensions3D")
    )


class MaskLabel(Entity):
    """What one value of a mask means."""

    value: int | None = term("Value of the voxels that the label is about.", required=True)
    annotated_object: str | None = term("Ontology term (CURIE or IRI) of what the annotation marks.")
    annotated_object_name: str | None = term("Name of what the annotation marks.")


class SegmentationMask(Geometry, Raster2D, Raster3D):
    """An image or volume of the same frame whose values are labels."""

    one_of = ("Raster2D", "Raster3D")

    label_kind: LabelKind | None = term("Whether the labels tell classes or individuals apart.")
    mask_labels: list[MaskLabel] = parts("Meaning of one of the values.", "mask-label")


class ProbabilityMap(Geometry, Raster2D, Raster3D):
    """An image or volume of the same frame whose values are probabilities."""

    one_of = ("Raster2D", "Raster3D")


class FitMap(Geometry, Raster3D):
    """A density map placed in a tomogram: its file and the matrix that takes it into the tomogram."""

    labels = ("density map", "fitted map")

    center: Coordinates | None = part("Position of the centre.", "center")
    transformation: Transformation | None = part(
        "Transformation that takes the map into the tomogram.", "map-transformation"
    )
    rotations: Matrices | None = array(
        "Rotation matrices: one per point (N×2×2 or N×3×3), taking the reference into the tomogram.",
        labels=("matrix2D", "matrix3D"),
    )
    resolution: Angstrom | None = term("Resolution of the map.", above=0)


class AnnotationRelation(Entity):
    """A statement that relates two annotations of a set."""

    subject_id: Reference | None = reference("Annotation that the relation starts from.", "Annotation")
    predicate: str | None = term(
        "What relates the two: a word, CURIE or IRI, such as part_of.", required=True
    )
    object_id: Reference | None = reference("Annotation that the relation leads to.", "Annotation")


class AnnotationSet(Annotation):
    """Annotations that belong together; the set's name labels its members."""

    asserted = True

    members: list[SerializeAsAny[Annotation]] = parts("Annotation of the set.", "member")
    relations: list[AnnotationRelation] = parts("Relation between annotations of the set.", "relation")


class ParticleSet(AnnotationSet):
    """Picked particles; other annotations of the set stand beside them."""

    labels = ("particle coordinates set",)

    particles: list[Particle] = parts("Picked particle of the set.", "particle")
