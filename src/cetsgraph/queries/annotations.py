"""Questions about annotations: what they mark, how they were made, and where they lie.

`dataset` and the objects in a row are IRIs, as they stand in the graph; a field is None where the documents
do not say. `name` is the name of the object, or else its id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

from cetsgraph.queries.rows import RowPage, Rows, ask
from cetsgraph.store import Store

__all__ = [
    "AnnotatedObject",
    "AnnotationByMethod",
    "AnnotationByText",
    "AnnotationCount",
    "MapProvenance",
    "MaskByVoxelSize",
    "OrientedParticles",
    "PointCoordinates",
    "PointsOutsideTomogram",
    "Unannotated",
    "annotated_objects",
    "annotation_counts",
    "annotations_by_method",
    "annotations_by_text",
    "map_provenance",
    "masks_by_voxel_size",
    "oriented_particles",
    "point_coordinates",
    "points_outside_tomogram",
    "unannotated",
]


@dataclass(frozen=True, slots=True)
class AnnotatedObject:
    """A row of `annotated_objects`."""

    annotated_object: str | None
    annotated_object_name: str | None
    datasets: int
    tomograms: int
    points: int


def annotated_objects(store: Store, **page: Unpack[RowPage]) -> Rows[AnnotatedObject]:
    """Which objects are annotated, in how many data sets and tomograms, with how many points.

    An object is told by the term and name that an annotation, a set that holds it or a label of a mask gives,
    or else by the name of the annotation. A point set counts as its points; single points and particles count
    as one each.
    """
    return ask(store, "annotated_objects", AnnotatedObject, page)


@dataclass(frozen=True, slots=True)
class AnnotationCount:
    """How many annotations of a kind a data set has."""

    dataset: str
    name: str | None
    kind: str
    annotations: int


def annotation_counts(store: Store, **page: Unpack[RowPage]) -> Rows[AnnotationCount]:
    """How many annotations of each kind every data set has.

    Members of a set count beside the set; a shape counts once, without the vectors that it is made of.
    """
    return ask(store, "annotation_counts", AnnotationCount, page)


@dataclass(frozen=True, slots=True)
class AnnotationByMethod:
    """A row of `annotations_by_method`."""

    dataset: str
    name: str | None
    method: str | None
    ground_truth: bool | None
    annotations: int
    tomograms: int


def annotations_by_method(store: Store, **page: Unpack[RowPage]) -> Rows[AnnotationByMethod]:
    """How many annotations of every data set were made by each method, and are held to be ground truth or
    not; nothing where it is not stated.

    Members of a set that state neither count with their set.
    """
    return ask(store, "annotations_by_method", AnnotationByMethod, page)


@dataclass(frozen=True, slots=True)
class AnnotationByText:
    """An annotation, or another object with a name, and the texts that were searched."""

    dataset: str
    object: str
    name: str | None
    description: str | None
    annotated_object: str | None
    annotated_object_name: str | None
    path: str | None


def annotations_by_text(
    store: Store, *, word: str | Sequence[str], **page: Unpack[RowPage]
) -> Rows[AnnotationByText]:
    """Objects whose name, description, annotated object and path together contain all words, in any order.

    Args:
        store: what to ask.
        word: words, or parts of words, whatever the case; a text with spaces is one word.
    """
    return ask(store, "annotations_by_text", AnnotationByText, page, word=word)


@dataclass(frozen=True, slots=True)
class MaskByVoxelSize:
    """A row of `masks_by_voxel_size`: `voxel_size_x`, `voxel_size_y`, `voxel_size_z` in Å."""

    dataset: str
    mask: str
    name: str | None
    path: str | None
    target: str | None
    annotated_object: str | None
    annotated_object_name: str | None
    ground_truth: bool | None
    voxel_size_x: float
    voxel_size_y: float
    voxel_size_z: float


def masks_by_voxel_size(
    store: Store, *, minimum: float, maximum: float, **page: Unpack[RowPage]
) -> Rows[MaskByVoxelSize]:
    """Segmentation masks whose voxel size lies in a range along each axis, ground truth first.

    A mask that gives no size has that of the tomogram that it annotates. Both ends belong to the range,
    within a relative tolerance of 1e-6.

    Args:
        store: what to ask.
        minimum: smallest voxel size, in Å.
        maximum: largest voxel size, in Å.
    """
    return ask(store, "masks_by_voxel_size", MaskByVoxelSize, page, minimum=minimum, maximum=maximum)


@dataclass(frozen=True, slots=True)
class OrientedParticles:
    """A row of `oriented_particles`."""

    dataset: str
    annotation: str
    name: str | None
    target: str | None
    annotated_object: str | None
    annotated_object_name: str | None
    orientation: str
    points: int


def oriented_particles(store: Store, **page: Unpack[RowPage]) -> Rows[OrientedParticles]:
    """Point sets that carry orientations - rotation matrices or directions, or particles with a
    transformation each - with the number of oriented positions.
    """
    return ask(store, "oriented_particles", OrientedParticles, page)


@dataclass(frozen=True, slots=True)
class PointCoordinates:
    """A row of `point_coordinates`: `angstrom_x`, `angstrom_y`, `angstrom_z`, `voxel_size_x`, `voxel_size_y`,
    `voxel_size_z` in Å.
    """

    annotation: str
    object: str
    position: int | None
    coordinates: list[list[float]]
    rotations: list[list[list[float]]] | None
    vectors: list[list[float]] | None
    unit: str | None
    origin: str | None
    target: str | None
    angstrom_x: float | None
    angstrom_y: float | None
    angstrom_z: float | None
    voxel_size_x: float | None
    voxel_size_y: float | None
    voxel_size_z: float | None


def point_coordinates(
    store: Store, *, annotation: str | Sequence[str], **page: Unpack[RowPage]
) -> Rows[PointCoordinates]:
    """Positions of point sets, sets of particles and single points, with rotations or directions where they
    are known.

    Positions are as the annotation gives them; times angstrom_x, angstrom_y and angstrom_z they are in Å, and
    over the voxel size then in voxels. A set of particles gives a row for each.

    Args:
        store: what to ask.
        annotation: point sets, sets of particles, or single points.
    """
    return ask(store, "point_coordinates", PointCoordinates, page, annotation=annotation)


@dataclass(frozen=True, slots=True)
class PointsOutsideTomogram:
    """A row of `points_outside_tomogram`: `smallest`, `largest`, `half_length`, `outside` in Å."""

    dataset: str
    annotation: str
    name: str | None
    points: int | None
    tomogram: str
    axis: str
    smallest: float
    largest: float
    half_length: float
    outside: float


def points_outside_tomogram(store: Store, **page: Unpack[RowPage]) -> Rows[PointsOutsideTomogram]:
    """Point sets, and other annotations with a list of positions, whose bounding box leaves the volume of the
    tomogram that they annotate by more than a voxel, and how far.
    """
    return ask(store, "points_outside_tomogram", PointsOutsideTomogram, page)


@dataclass(frozen=True, slots=True)
class Unannotated:
    """A row of `unannotated`."""

    dataset: str
    object: str
    kind: str
    name: str | None
    path: str | None
    missing: str


def unannotated(store: Store, **page: Unpack[RowPage]) -> Rows[Unannotated]:
    """Tomograms without annotations, and annotations without a target - those that name one that the data set
    does not have, and shapes, points, masks and maps that are about a region or a data set as a whole,
    which is no image to have positions in.
    """
    return ask(store, "unannotated", Unannotated, page)


@dataclass(frozen=True, slots=True)
class MapProvenance:
    """A row of `map_provenance`."""

    dataset: str
    map: str
    name: str | None
    path: str | None
    picks: str | None
    picks_name: str | None
    points: int | None
    coord_index: int | None
    tomogram: str | None
    tomogram_path: str | None


def map_provenance(store: Store, **page: Unpack[RowPage]) -> Rows[MapProvenance]:
    """Which picks, in which tomograms, a map came from - the annotation that it names, or the sub-tomograms
    that its set names; a map that names neither and belongs to a tomogram came from there.
    """
    return ask(store, "map_provenance", MapProvenance, page)
