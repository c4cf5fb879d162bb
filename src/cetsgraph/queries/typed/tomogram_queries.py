"""Questions about tomograms: what is in them, how they were made, and from what.

`dataset` and the objects in a row are IRIs, as they stand in the graph; a field is None where the documents
do not say. `name` is the name of the object, or else its id. `limit` and `offset` give some of the rows. In
the examples, `store` holds the documents of `examples/`.

Derived from queries/ by `make derive`; edit those instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

from cetsgraph.queries.rows import OfKind, Rows, run_typed
from cetsgraph.queries.scope import ScopedPage
from cetsgraph.store import Store

__all__ = [
    "MapByResolution",
    "Reconstruction",
    "TomogramAncestor",
    "TomogramByCTFCorrection",
    "TomogramByVoxelSize",
    "TomogramWithFitMap",
    "maps_by_resolution",
    "reconstructions_of_series",
    "tomogram_lineage",
    "tomograms_by_ctf_correction",
    "tomograms_by_voxel_size",
    "tomograms_with_fitmap",
]


@dataclass(frozen=True, slots=True)
class MapByResolution:
    """An average and what it was made from.

    Attributes:
        dataset: data set.
        map: density map.
        name: name or else id of the map, or name of its set.
        path: file of the map.
        voxel_size: size of a voxel along X, in Å.
        resolution: resolution of the map, in Å.
        resolution_method: how the resolution was measured.
        symmetry: point group or helical symmetry that was imposed.
        particles: number of particles that went into the map.
        picks: annotation or set of sub-tomograms that the map came from.
        picks_path: file of the picks.
        tomogram: tomogram of the picks.
    """

    dataset: str
    map: str
    name: str | None
    path: str | None
    voxel_size: float | None
    resolution: float | None
    resolution_method: str | None
    symmetry: str | None
    particles: int | None
    picks: str | None
    picks_path: str | None
    tomogram: str | None


def maps_by_resolution(
    store: Store, *, minimum: float | None = None, maximum: float | None = None, **page: Unpack[ScopedPage]
) -> Rows[MapByResolution]:
    """Averages with their sampling, resolution and number of particles, and where the picks are that they
    came from.

    The number of particles is that which the map states, or else that of its picks. Both ends of the range
    belong to it, within a relative tolerance of 1e-6; without a range, maps are found that state no
    resolution.

    >>> maps_by_resolution(store)
    <Rows: ... × (dataset, map, name, path, voxel_size in Å, resolution in Å, resolution_method, symmetry,
    particles, picks, picks_path, tomogram)>

    Args:
        store: the store to query.
        minimum: finest resolution, in Å.
        maximum: coarsest resolution, in Å.
    """
    return run_typed(store, "maps_by_resolution", MapByResolution, page, minimum=minimum, maximum=maximum)


@dataclass(frozen=True, slots=True)
class Reconstruction:
    """A tomogram of a tilt series.

    Attributes:
        tilt_series: tilt series.
        tomogram: tomogram.
        name: name or else id of the tomogram.
        path: file of the tomogram.
        voxel_size_x: size of a voxel along X, in Å.
        voxel_size_y: size of a voxel along Y, in Å.
        voxel_size_z: size of a voxel along Z, in Å.
        ctf_corrected: whether the contrast transfer function was corrected.
        reconstruction_method: method of reconstruction.
        processing: what was done to the data.
    """

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
    store: Store, *, tilt_series: str | Sequence[str], **page: Unpack[ScopedPage]
) -> Rows[Reconstruction]:
    """All tomograms of some tilt series, which they or their set name, smallest voxels first, with their
    processing.

    >>> reconstructions_of_series(
    ...     store,
    ...     tilt_series="https://w3id.org/cetsgraph/data/local/CryoET-Data-Portal-10445/region/17687/"
    ...         "tomo-image-set/~0/tilt-series-set/~0/tilt-series/17489",
    ... )
    <Rows: ... × (tilt_series, tomogram, name, path, voxel_size_x in Å, voxel_size_y in Å, voxel_size_z in Å,
    ctf_corrected, reconstruction_method, processing)>

    Args:
        store: the store to query.
        tilt_series: tilt series.
    """
    return run_typed(store, "reconstructions_of_series", Reconstruction, page, tilt_series=tilt_series)


@dataclass(frozen=True, slots=True)
class TomogramAncestor:
    """What a tomogram was made from, one step of it.

    Attributes:
        tomogram: tomogram.
        level: steps back from the tomogram, from 1.
        kind: class of the object.
        object: what was used.
        made_into: what was made from it.
        position: place of the object in its list, counted from 0.
        name: name or else id of the object.
        path: file of the object.
    """

    tomogram: str
    level: int
    kind: str
    object: str
    made_into: str
    position: int | None
    name: str | None
    path: str | None


def tomogram_lineage(
    store: Store, *, tomogram: str | Sequence[str], **page: Unpack[ScopedPage]
) -> Rows[TomogramAncestor]:
    """What tomograms were made from: alignment, other tomograms up to three steps back, tilt series, tilt
    images, movies and frames, each with what was made from it.

    Movies that no tilt image names are given for the tilt series that names their series.

    >>> tomogram_lineage(
    ...     store,
    ...     tomogram="https://w3id.org/cetsgraph/data/local/CryoET-Data-Portal-10445/region/17687/"
    ...         "tomo-image-set/~0/tomogram-set/~0/tomogram/18956",
    ... )
    <Rows: ... × (tomogram, level, kind, object, made_into, position, name, path)>

    Args:
        store: the store to query.
        tomogram: tomograms.
    """
    return run_typed(store, "tomogram_lineage", TomogramAncestor, page, tomogram=tomogram)


@dataclass(frozen=True, slots=True)
class TomogramByCTFCorrection:
    """A tomogram and whether its contrast transfer function was corrected.

    Attributes:
        dataset: data set.
        tomogram: tomogram.
        name: name or else id of the tomogram.
        path: file of the tomogram.
        ctf_corrected: whether the contrast transfer function was corrected.
        reconstruction_method: method of reconstruction.
        processing: what was done to the data.
    """

    dataset: str
    tomogram: str
    name: str | None
    path: str | None
    ctf_corrected: bool
    reconstruction_method: str | None
    processing: str | None


def tomograms_by_ctf_correction(
    store: Store, *, corrected: bool, **page: Unpack[ScopedPage]
) -> Rows[TomogramByCTFCorrection]:
    """Tomograms with, or without, correction of the contrast transfer function, as they state it; those that
    do not say are neither.

    >>> tomograms_by_ctf_correction(store, corrected=True)
    <Rows: ... × (dataset, tomogram, name, path, ctf_corrected, reconstruction_method, processing)>

    Args:
        store: the store to query.
        corrected: true for tomograms with correction, false for those without.
    """
    return run_typed(store, "tomograms_by_ctf_correction", TomogramByCTFCorrection, page, corrected=corrected)


@dataclass(frozen=True, slots=True)
class TomogramByVoxelSize:
    """A tomogram, its voxel size along each axis, and its numbers of voxels.

    Attributes:
        dataset: data set.
        tomogram: tomogram.
        name: name or else id of the tomogram.
        path: file of the tomogram.
        voxel_size_x: size of a voxel along X, in Å.
        voxel_size_y: size of a voxel along Y, in Å.
        voxel_size_z: size of a voxel along Z, in Å.
        width: number of voxels along X, in voxels.
        height: number of voxels along Y, in voxels.
        depth: number of voxels along Z, in voxels.
        ctf_corrected: whether the contrast transfer function was corrected.
        processing: what was done to the data.
    """

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
    store: Store, *, minimum: float, maximum: float, **page: Unpack[ScopedPage]
) -> Rows[TomogramByVoxelSize]:
    """Tomograms whose voxel size lies in a range along each axis.

    Both ends belong to the range, within a relative tolerance of 1e-6.

    >>> tomograms_by_voxel_size(store, minimum=10, maximum=13.7)
    <Rows: ... × (dataset, tomogram, name, path, voxel_size_x in Å, voxel_size_y in Å, voxel_size_z in Å,
    width in voxels, height in voxels, depth in voxels, ctf_corrected, processing)>

    Args:
        store: the store to query.
        minimum: smallest voxel size, in Å.
        maximum: largest voxel size, in Å.
    """
    return run_typed(
        store,
        "tomograms_by_voxel_size",
        TomogramByVoxelSize,
        page,
        minimum=minimum,
        maximum=maximum,
    )


@dataclass(frozen=True, slots=True)
class TomogramWithFitMap(OfKind):
    """A map placed in a tomogram.

    Attributes:
        dataset: data set.
        tomogram: tomogram.
        tomogram_path: file of the tomogram.
        fitmap: annotation that places the map.
        name: name or else description of the annotation.
        map_path: file of the map.
        transformation: transformation that takes the map into the tomogram.
        transformation_type: what kind of mapping it is.
        matrix: its matrix, row by row, for column vectors.
        rotations: rotation matrices, one per placement.
        center_x: position of the map's centre along X, in the unit of the annotation.
        center_y: position of the map's centre along Y, in the unit of the annotation.
        center_z: position of the map's centre along Z, in the unit of the annotation.
        unit: unit of the positions and of the shifts of the placements.
        origin: point from which positions in the tomogram are counted.
        placements: matrices that take the map into the tomogram, one per placement.
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
    origin: str | None
    placements: list[list[list[float]]] | None


def tomograms_with_fitmap(
    store: Store, *, object: str | Sequence[str] | None = None, **page: Unpack[ScopedPage]
) -> Rows[TomogramWithFitMap]:
    """All tomograms with FitMap annotations, with the map's path and where it is placed: a 4×4 matrix per
    placement that takes positions of the map into the tomogram, computed from any form that the document has
    (transformation, coordinate transformations, rotations, centre), and, as the document has it, the
    transformation with its matrix, the rotations and the centre.

    A transformation without a shift places the map at the centre.

    >>> tomograms_with_fitmap(store)
    <Rows: ... × (dataset, tomogram, tomogram_path, fitmap, name, map_path, transformation,
    transformation_type, matrix, rotations, center_x in unit of the annotation, center_y in unit of the
    annotation, center_z in unit of the annotation, unit, origin, placements)>

    Args:
        store: the store to query.
        object: names or terms (CURIE or IRI) of what the map shows; any of them.
    """
    return run_typed(store, "tomograms_with_fitmap", TomogramWithFitMap, page, object=object)
