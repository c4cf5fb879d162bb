"""Questions about tomograms: what is in them, how they were made, and from what.

`dataset` and the objects in a row are IRIs, as they stand in the graph; a field is None where the documents
do not say. `name` is the name of the object, or else its id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

from cetsgraph.queries.rows import RowPage, Rows, ask
from cetsgraph.store import Store

__all__ = [
    "EvenOddPair",
    "MaskedTomogram",
    "Reconstruction",
    "TomogramAncestor",
    "TomogramByAnnotatedObject",
    "TomogramByCTFCorrection",
    "TomogramByPointCount",
    "TomogramByVoxelSize",
    "TomogramWithFitMap",
    "even_odd_pairs",
    "masks_and_points",
    "reconstructions_of_series",
    "tomogram_lineage",
    "tomograms_by_annotated_object",
    "tomograms_by_ctf_correction",
    "tomograms_by_point_count",
    "tomograms_by_voxel_size",
    "tomograms_with_fitmap",
]


@dataclass(frozen=True, slots=True)
class TomogramWithFitMap:
    """A map placed in a tomogram.

    `matrix` is the matrix of the map's `transformation` into the tomogram, row by row, for column vectors;
    `rotations` has one 3×3 matrix per placement where there are several. The centre is in `unit`.
    """

    dataset: str
    tomogram: str
    tomogram_path: str | None
    fitmap: str
    name: str | None
    map_path: str | None
    transformation: str | None
    transformation_type: str | None
    matrix: list[list[float]] | None
    rotations: list[list[list[float]]] | None
    center_x: float | None
    center_y: float | None
    center_z: float | None
    unit: str | None


def tomograms_with_fitmap(store: Store, **page: Unpack[RowPage]) -> Rows[TomogramWithFitMap]:
    """All tomograms with FitMap annotations, with the map's path and its transformation."""
    return ask(store, "tomograms_with_fitmap", TomogramWithFitMap, page)


@dataclass(frozen=True, slots=True)
class TomogramByAnnotatedObject:
    """A row of `tomograms_by_annotated_object`."""

    dataset: str
    tomogram: str
    name: str | None
    path: str | None
    annotations: int
    points: int


def tomograms_by_annotated_object(
    store: Store, *, object: str | Sequence[str], **page: Unpack[RowPage]
) -> Rows[TomogramByAnnotatedObject]:
    """Tomograms where an object is annotated, with counts.

    An object is told by its term or its name - that of the annotation, of a label of a mask, its description,
    or that of a set that holds it, whatever the case. A point set counts as its points; single points and
    particles count as one each.

    Args:
        store: what to ask.
        object: names or terms (CURIE or OBO IRI) of the object; any of them.
    """
    return ask(store, "tomograms_by_annotated_object", TomogramByAnnotatedObject, page, object=object)


@dataclass(frozen=True, slots=True)
class TomogramByPointCount:
    """A tomogram and the number of points of an object in it."""

    dataset: str
    tomogram: str
    name: str | None
    path: str | None
    points: int


def tomograms_by_point_count(
    store: Store, *, object: str | Sequence[str], minimum: int, **page: Unpack[RowPage]
) -> Rows[TomogramByPointCount]:
    """Tomograms with at least `minimum` points of an object, most points first.

    Args:
        store: what to ask.
        object: names or terms (CURIE such as `GO:0070288`, or OBO IRI) of the object, whatever the case;
            any of them. It is looked for in the term, the name and the description of an annotation, and
            in those of a set that holds it.
        minimum: smallest number of points. A point set counts as its points; single points and particles
            count as one each.
    """
    return ask(store, "tomograms_by_point_count", TomogramByPointCount, page, object=object, minimum=minimum)


@dataclass(frozen=True, slots=True)
class TomogramByVoxelSize:
    """A tomogram, its voxel size in Å along each axis, and its `width`, `height` and `depth` in voxels."""

    dataset: str
    tomogram: str
    name: str | None
    path: str | None
    voxel_size_x: float
    voxel_size_y: float
    voxel_size_z: float
    width: int | None
    height: int | None
    depth: int | None
    ctf_corrected: bool | None
    processing: str | None


def tomograms_by_voxel_size(
    store: Store, *, minimum: float, maximum: float, **page: Unpack[RowPage]
) -> Rows[TomogramByVoxelSize]:
    """Tomograms whose voxel size along each axis is from `minimum` to `maximum` Å, smallest first.

    Both ends belong to the range, within a relative tolerance of 1e-6.
    """
    return ask(store, "tomograms_by_voxel_size", TomogramByVoxelSize, page, minimum=minimum, maximum=maximum)


@dataclass(frozen=True, slots=True)
class TomogramByCTFCorrection:
    """A row of `tomograms_by_ctf_correction`."""

    dataset: str
    tomogram: str
    name: str | None
    path: str | None
    ctf_corrected: bool
    reconstruction_method: str | None
    processing: str | None


def tomograms_by_ctf_correction(
    store: Store, *, corrected: bool, **page: Unpack[RowPage]
) -> Rows[TomogramByCTFCorrection]:
    """Tomograms with, or without, correction of the contrast transfer function, as they state it; those that
    do not say are neither.

    Args:
        store: what to ask.
        corrected: true for tomograms with correction, false for those without.
    """
    return ask(store, "tomograms_by_ctf_correction", TomogramByCTFCorrection, page, corrected=corrected)


@dataclass(frozen=True, slots=True)
class MaskedTomogram:
    """A tomogram with masks and points."""

    dataset: str
    tomogram: str
    name: str | None
    path: str | None
    masks: int
    points: int


def masks_and_points(store: Store, **page: Unpack[RowPage]) -> Rows[MaskedTomogram]:
    """Tomograms with both a segmentation mask and points, most points first.

    A point set counts as its points; single points and particles count as one each.
    """
    return ask(store, "masks_and_points", MaskedTomogram, page)


@dataclass(frozen=True, slots=True)
class EvenOddPair:
    """A row of `even_odd_pairs`."""

    dataset: str
    object: str
    kind: str
    name: str | None
    path: str | None
    even_path: str
    odd_path: str


def even_odd_pairs(store: Store, **page: Unpack[RowPage]) -> Rows[EvenOddPair]:
    """Tilt series and tomograms that come with both halves, made from even and from odd frames or images."""
    return ask(store, "even_odd_pairs", EvenOddPair, page)


@dataclass(frozen=True, slots=True)
class TomogramAncestor:
    """What a tomogram was made from, `level` steps back; `made_into` is what was made from the object."""

    tomogram: str
    level: int
    kind: str
    object: str
    made_into: str
    position: int | None
    name: str | None
    path: str | None


def tomogram_lineage(
    store: Store, *, tomogram: str | Sequence[str], **page: Unpack[RowPage]
) -> Rows[TomogramAncestor]:
    """What tomograms were made from: tilt series, tilt images, movies and frames, in this order.

    Movies that no tilt image names are given for the tilt series that names their series.

    Args:
        store: what to ask.
        tomogram: IRI of a tomogram, or several.
    """
    return ask(store, "tomogram_lineage", TomogramAncestor, page, tomogram=tomogram)


@dataclass(frozen=True, slots=True)
class Reconstruction:
    """A row of `reconstructions_of_series`: `voxel_size_x`, `voxel_size_y`, `voxel_size_z` in Å."""

    tilt_series: str
    tomogram: str
    name: str | None
    path: str | None
    voxel_size_x: float | None
    voxel_size_y: float | None
    voxel_size_z: float | None
    ctf_corrected: bool | None
    reconstruction_method: str | None
    processing: str | None


def reconstructions_of_series(
    store: Store, *, tilt_series: str | Sequence[str], **page: Unpack[RowPage]
) -> Rows[Reconstruction]:
    """All tomograms of some tilt series, which they or their set name, smallest voxels first, with their
    processing.

    Args:
        store: what to ask.
        tilt_series: tilt series.
    """
    return ask(store, "reconstructions_of_series", Reconstruction, page, tilt_series=tilt_series)
