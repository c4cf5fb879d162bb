"""Questions about annotations: what they mark, how they were made, and where they lie.

`dataset` and the objects in a row are IRIs, as they stand in the graph; a field is None where the documents
do not say. `name` is the name of the object, or else its id. `limit` and `offset` give some of the rows. In
the examples, `store` holds the documents of `examples/`.

Derived from queries/ by `make derive`; edit those instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

from cetsgraph.queries.rows import Rows, run_typed
from cetsgraph.queries.scope import ScopedPage
from cetsgraph.store import Store

__all__ = [
    "AnnotatedTwice",
    "AnnotationByText",
    "AnnotationCount",
    "MapProvenance",
    "MaskByVoxelSize",
    "MaskedTomogram",
    "PointCoordinates",
    "annotated_twice",
    "annotation_counts",
    "annotations_by_text",
    "map_provenance",
    "masks_and_points",
    "masks_by_voxel_size",
    "point_coordinates",
]


@dataclass(frozen=True, slots=True)
class AnnotatedTwice:
    """One of several annotations of an object in a tomogram.

    Attributes:
        dataset: data set.
        tomogram: tomogram.
        annotated_object: name or ontology term of the object, in its normal form.
        annotation: annotation.
        name: name or else id of the annotation.
        kind: class of the annotation.
        method: how the annotation was made.
        author: its author, the first by name.
        ground_truth: whether it is held to be ground truth.
        points: number of its points.
    """

    dataset: str
    tomogram: str
    annotated_object: str
    annotation: str
    name: str | None
    kind: str
    method: str | None
    author: str | None
    ground_truth: bool | None
    points: int | None


def annotated_twice(store: Store, **page: Unpack[ScopedPage]) -> Rows[AnnotatedTwice]:
    """Annotations of one object in one tomogram that differ in method, in author, or in whether they are held
    to be ground truth, which can be compared as a benchmark.

    What an annotation does not state does not differ, but for ground truth, which has to be stated to be
    held. Members of sets count with their set. An object is named by its name or its term, whichever sorts
    first.

    >>> annotated_twice(store)
    <Rows: ... × (dataset, tomogram, annotated_object, annotation, name, kind, method, author, ground_truth,
    points)>
    """
    return run_typed(store, "annotated_twice", AnnotatedTwice, page)


@dataclass(frozen=True, slots=True)
class AnnotationCount:
    """How many annotations of a kind a data set has.

    Attributes:
        dataset: data set.
        name: name of the data set.
        kind: class of the annotations.
        annotations: number of annotations.
    """

    dataset: str
    name: str | None
    kind: str
    annotations: int


def annotation_counts(store: Store, **page: Unpack[ScopedPage]) -> Rows[AnnotationCount]:
    """How many annotations of each kind every data set has.

    Members of a set count beside the set; a shape counts once, without the vectors that it is made of.

    >>> annotation_counts(store)
    <Rows: ... × (dataset, name, kind, annotations)>
    """
    return run_typed(store, "annotation_counts", AnnotationCount, page)


@dataclass(frozen=True, slots=True)
class AnnotationByText:
    """An annotation, or another object with a name, and the texts that were searched.

    Attributes:
        dataset: data set.
        object: annotation or other object.
        name: its name.
        description: its description.
        annotated_object: ontology term of what it marks.
        annotated_object_name: name of what it marks.
        path: its file.
    """

    dataset: str
    object: str
    name: str | None
    description: str | None
    annotated_object: str | None
    annotated_object_name: str | None
    path: str | None


def annotations_by_text(
    store: Store, *, word: str | Sequence[str], **page: Unpack[ScopedPage]
) -> Rows[AnnotationByText]:
    """Objects whose name, description, annotated object (term or name) and path together contain all of some
    words, in any order, case and Unicode form.

    >>> annotations_by_text(store, word=["gag", "hexamers"])
    <Rows: ... × (dataset, object, name, description, annotated_object, annotated_object_name, path)>

    Args:
        store: the store to query.
        word: words, or parts of words, that must all occur.
    """
    return run_typed(store, "annotations_by_text", AnnotationByText, page, word=word)


@dataclass(frozen=True, slots=True)
class MapProvenance:
    """A map and what it came from.

    Attributes:
        dataset: data set.
        map: density map.
        name: name or else id of the map, or name of its set.
        path: file of the map.
        picks: annotation or set of sub-tomograms that the map came from.
        picks_name: its name or else id.
        points: number of its points, particles or sub-tomograms.
        coord_index: place of the map's point in the annotation, counted from 0.
        tomogram: tomogram of the picks.
        tomogram_path: file of the tomogram.
    """

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


def map_provenance(store: Store, **page: Unpack[ScopedPage]) -> Rows[MapProvenance]:
    """Which picks, in which tomograms, a map came from - the annotation that it names, or the sub-tomograms
    that its set names; a map that names neither and belongs to a tomogram came from there.

    >>> map_provenance(store)
    <Rows: ... × (dataset, map, name, path, picks, picks_name, points, coord_index, tomogram, tomogram_path)>
    """
    return run_typed(store, "map_provenance", MapProvenance, page)


@dataclass(frozen=True, slots=True)
class MaskedTomogram:
    """A tomogram with masks and points.

    Attributes:
        dataset: data set.
        tomogram: tomogram.
        name: name or else id of the tomogram.
        path: file of the tomogram.
        masks: number of segmentation masks.
        points: number of points.
    """

    dataset: str
    tomogram: str
    name: str | None
    path: str | None
    masks: int
    points: int


def masks_and_points(store: Store, **page: Unpack[ScopedPage]) -> Rows[MaskedTomogram]:
    """Tomograms with both a segmentation mask and points, which can train a program.

    A point set counts as its points; single points and particles count as one each.

    >>> masks_and_points(store)
    <Rows: ... × (dataset, tomogram, name, path, masks, points)>
    """
    return run_typed(store, "masks_and_points", MaskedTomogram, page)


@dataclass(frozen=True, slots=True)
class MaskByVoxelSize:
    """A segmentation mask and its voxel size along each axis.

    Attributes:
        dataset: data set.
        mask: segmentation mask.
        name: name or else id of the mask.
        path: file of the mask.
        target: what it annotates.
        annotated_object: ontology term of what it marks.
        annotated_object_name: name of what it marks.
        ground_truth: whether it is held to be ground truth.
        voxel_size_x: size of a voxel along X, in Å.
        voxel_size_y: size of a voxel along Y, in Å.
        voxel_size_z: size of a voxel along Z, in Å.
    """

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
    store: Store, *, minimum: float, maximum: float, **page: Unpack[ScopedPage]
) -> Rows[MaskByVoxelSize]:
    """Segmentation masks whose voxel size lies in a range along each axis; of a data set, ground truth first.

    A mask that gives no size has that of the tomogram that it annotates. Both ends belong to the range,
    within a relative tolerance of 1e-6.

    >>> masks_by_voxel_size(store, minimum=4, maximum=13.7)
    <Rows: ... × (dataset, mask, name, path, target, annotated_object, annotated_object_name, ground_truth,
    voxel_size_x in Å, voxel_size_y in Å, voxel_size_z in Å)>

    Args:
        store: the store to query.
        minimum: smallest voxel size, in Å.
        maximum: largest voxel size, in Å.
    """
    return run_typed(store, "masks_by_voxel_size", MaskByVoxelSize, page, minimum=minimum, maximum=maximum)


@dataclass(frozen=True, slots=True)
class PointCoordinates:
    """Positions of a point set, a particle or a single point.

    Attributes:
        annotation: what was asked for.
        object: the same, or a member of the set.
        position: place of the object in its list, counted from 0.
        coordinates: positions, one row per point, in the unit of the annotation.
        rotations: rotation matrices, one per point; of a particle, its transformation if it has just one.
        vectors: directions, one row per point.
        unit: unit of the positions - pixel, angstrom or nanometre.
        origin: where positions are counted from - centre or corner.
        axes: axes of the columns where these are not x, y and z in order, such as zyx.
        target: what is annotated.
        angstrom_x: length of the unit along X, in Å.
        angstrom_y: length of the unit along Y, in Å.
        angstrom_z: length of the unit along Z, in Å.
        voxel_size_x: size of a voxel of the tomogram along X, in Å.
        voxel_size_y: size of a voxel of the tomogram along Y, in Å.
        voxel_size_z: size of a voxel of the tomogram along Z, in Å.
    """

    annotation: str
    object: str
    position: int | None
    coordinates: list[list[float]]
    rotations: list[list[list[float]]] | None
    vectors: list[list[float]] | None
    unit: str | None
    origin: str | None
    axes: str | None
    target: str | None
    angstrom_x: float | None
    angstrom_y: float | None
    angstrom_z: float | None
    voxel_size_x: float | None
    voxel_size_y: float | None
    voxel_size_z: float | None


def point_coordinates(
    store: Store, *, annotation: str | Sequence[str], **page: Unpack[ScopedPage]
) -> Rows[PointCoordinates]:
    """Positions of point sets, sets of particles and single points, with rotations or directions where they
    are known.

    Positions are as the annotation gives them, along x, y and z or the axes that the row names; times
    angstrom_x, angstrom_y and angstrom_z they are in Å, and over the voxel size then in voxels. A set of
    particles gives a row for each.

    >>> point_coordinates(
    ...     store,
    ...     annotation="https://w3id.org/cetsgraph/data/local/CryoET-Data-Portal-10445/region/17687/"
    ...         "tomo-image-set/~0/tomogram-set/~0/tomogram/18956/annotation/175505",
    ... )
    <Rows: ... × (annotation, object, position, coordinates in unit of the annotation, rotations, vectors,
    unit, origin, axes, target, angstrom_x in Å, angstrom_y in Å, angstrom_z in Å, voxel_size_x in Å,
    voxel_size_y in Å, voxel_size_z in Å)>

    Args:
        store: the store to query.
        annotation: point sets, sets of particles, or single points.
    """
    return run_typed(store, "point_coordinates", PointCoordinates, page, annotation=annotation)
