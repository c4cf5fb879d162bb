"""Questions about objects: where they are annotated, how often, how densely, and by whom.

`dataset` and the objects in a row are IRIs, as they stand in the graph; a field is None where the documents
do not say. `name` is the name of the object, or else its id. `limit` and `offset` give some of the rows. In
the examples, `store` holds the documents of `examples/`.

Derived from queries/ by `make derive`; edit those instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

from cetsgraph.queries.pages import RowPage
from cetsgraph.queries.rows import OfKind, Rows, run_typed
from cetsgraph.queries.scope import ScopedPage
from cetsgraph.store import Store

__all__ = [
    "AnnotatedObject",
    "AnnotationByMethod",
    "OrientedParticles",
    "ParticleDensity",
    "TomogramByAnnotatedObject",
    "TomogramByPointCount",
    "annotated_objects",
    "annotations_by_method",
    "oriented_particles",
    "particle_density",
    "tomograms_by_annotated_object",
    "tomograms_by_point_count",
]


@dataclass(frozen=True, slots=True)
class AnnotatedObject:
    """An object and how often it is annotated.

    Attributes:
        annotated_object: ontology term of the object.
        annotated_object_name: name of the object.
        datasets: number of data sets.
        tomograms: number of tomograms.
        points: number of points.
    """

    annotated_object: str | None
    annotated_object_name: str | None
    datasets: int
    tomograms: int
    points: int


def annotated_objects(store: Store, **page: Unpack[RowPage]) -> Rows[AnnotatedObject]:
    """Which objects are annotated, in how many data sets and tomograms, with how many points.

    An object is identified by the term and name that an annotation, a set that holds it or a label of a mask
    gives, or else by the name of the annotation. Members of a set that have another term than the set count
    for their own only. A point set counts as its points; single points and particles count as one each.

    >>> annotated_objects(store)
    <Rows: ... × (annotated_object, annotated_object_name, datasets, tomograms, points)>
    """
    return run_typed(store, "annotated_objects", AnnotatedObject, page)


@dataclass(frozen=True, slots=True)
class AnnotationByMethod(OfKind):
    """How many annotations of a data set were made by a method.

    Attributes:
        dataset: data set.
        name: name of the data set.
        method: how the annotations were made.
        ground_truth: whether they are held to be ground truth.
        annotations: number of annotations.
        tomograms: number of tomograms that they annotate.
    """

    dataset: str
    name: str | None
    method: str | None
    ground_truth: bool | None
    annotations: int
    tomograms: int


def annotations_by_method(
    store: Store,
    *,
    object: str | Sequence[str] | None = None,
    method: str | Sequence[str] | None = None,
    software: str | None = None,
    author: str | None = None,
    ground_truth: bool | None = None,
    minimum: int | None = None,
    smallest_voxels: float | None = None,
    largest_voxels: float | None = None,
    **page: Unpack[ScopedPage],
) -> Rows[AnnotationByMethod]:
    """How many annotations of every data set were made by each method, and are held to be ground truth or
    not; nothing where it is not stated.

    Members of a set that state neither count with their set. The object is that of the annotation, or of a
    label of a mask. Annotations of images without voxels are left out where a voxel size is asked for, which
    is that along X.

    >>> annotations_by_method(store)
    <Rows: ... × (dataset, name, method, ground_truth, annotations, tomograms)>

    Args:
        store: the store to query.
        object: names or terms (CURIE or IRI) of the object; any of them.
        method: methods - manual, automated, hybrid or simulated.
        software: part of the name of the software that made the annotations.
        author: part of the name, or ORCID, of an author of the annotations.
        ground_truth: whether the annotations are held to be ground truth.
        minimum: smallest number of annotations.
        smallest_voxels: smallest voxel size of the tomogram, along each axis, in Å.
        largest_voxels: largest voxel size of the tomogram, along each axis, in Å.
    """
    return run_typed(
        store,
        "annotations_by_method",
        AnnotationByMethod,
        page,
        object=object,
        method=method,
        software=software,
        author=author,
        ground_truth=ground_truth,
        minimum=minimum,
        smallest_voxels=smallest_voxels,
        largest_voxels=largest_voxels,
    )


@dataclass(frozen=True, slots=True)
class OrientedParticles(OfKind):
    """A point set, or set of particles, with orientations.

    Attributes:
        dataset: data set.
        annotation: point set, particle set or other set of particles.
        name: name or else id of the annotation.
        target: what it annotates.
        annotated_object: ontology term of what it marks.
        annotated_object_name: name of what it marks.
        orientation: how orientations are given - rotations, directions or transformations.
        points: number of oriented positions.
    """

    dataset: str
    annotation: str
    name: str | None
    target: str | None
    annotated_object: str | None
    annotated_object_name: str | None
    orientation: str
    points: int


def oriented_particles(
    store: Store,
    *,
    object: str | Sequence[str] | None = None,
    method: str | Sequence[str] | None = None,
    software: str | None = None,
    author: str | None = None,
    ground_truth: bool | None = None,
    minimum: int | None = None,
    smallest_voxels: float | None = None,
    largest_voxels: float | None = None,
    **page: Unpack[ScopedPage],
) -> Rows[OrientedParticles]:
    """Point sets that carry orientations - rotation matrices or directions, or particles with a
    transformation each - with the number of oriented positions.

    The object is that of the set, by term or name.

    >>> oriented_particles(store)
    <Rows: ... × (dataset, annotation, name, target, annotated_object, annotated_object_name, orientation,
    points)>

    Args:
        store: the store to query.
        object: names or terms (CURIE or IRI) of the object; any of them.
        method: how the annotations were made - manual, automated, hybrid or simulated.
        software: part of the name of the software that made the annotations.
        author: part of the name, or ORCID, of an author of the annotations.
        ground_truth: whether the annotations are held to be ground truth.
        minimum: smallest number of oriented positions.
        smallest_voxels: smallest voxel size of the tomogram, along each axis, in Å.
        largest_voxels: largest voxel size of the tomogram, along each axis, in Å.
    """
    return run_typed(
        store,
        "oriented_particles",
        OrientedParticles,
        page,
        object=object,
        method=method,
        software=software,
        author=author,
        ground_truth=ground_truth,
        minimum=minimum,
        smallest_voxels=smallest_voxels,
        largest_voxels=largest_voxels,
    )


@dataclass(frozen=True, slots=True)
class ParticleDensity(OfKind):
    """A tomogram, its size, and how dense points of an object are in it.

    Attributes:
        dataset: data set.
        tomogram: tomogram.
        name: name or else id of the tomogram.
        path: file of the tomogram.
        points: number of points of the object.
        volume: volume of the tomogram, in µm³.
        thickness: thickness of the tomogram along Z, in nm.
        density: points per volume, in µm⁻³.
    """

    dataset: str
    tomogram: str
    name: str | None
    path: str | None
    points: int
    volume: float
    thickness: float
    density: float


def particle_density(
    store: Store, *, object: str | Sequence[str] | None = None, **page: Unpack[ScopedPage]
) -> Rows[ParticleDensity]:
    """Points of an object, or of all, per µm³ of the tomograms that they are in, whose size in voxels and Å
    is known.

    Objects and points are those of tomograms_by_point_count. The thickness is that of the tomogram, along Z;
    the ice may be thinner.

    >>> particle_density(store)
    <Rows: ... × (dataset, tomogram, name, path, points, volume in µm³, thickness in nm, density in µm⁻³)>

    Args:
        store: the store to query.
        object: names or terms (CURIE or IRI) of the object; any of them.
    """
    return run_typed(store, "particle_density", ParticleDensity, page, object=object)


@dataclass(frozen=True, slots=True)
class TomogramByAnnotatedObject(OfKind):
    """A tomogram and how often an object is annotated in it.

    Attributes:
        dataset: data set.
        tomogram: tomogram.
        name: name or else id of the tomogram.
        path: file of the tomogram.
        annotations: number of annotations of the object, members of sets included.
        points: number of points of the object.
    """

    dataset: str
    tomogram: str
    name: str | None
    path: str | None
    annotations: int
    points: int


def tomograms_by_annotated_object(
    store: Store,
    *,
    object: str | Sequence[str] | None = None,
    method: str | Sequence[str] | None = None,
    software: str | None = None,
    author: str | None = None,
    ground_truth: bool | None = None,
    minimum: int | None = None,
    smallest_voxels: float | None = None,
    largest_voxels: float | None = None,
    **page: Unpack[ScopedPage],
) -> Rows[TomogramByAnnotatedObject]:
    """Tomograms where an object, or anything, is annotated, with counts.

    An object is identified by its term or its name - that of the annotation, of a label of a mask, its
    description, or that of a set that holds it - in any case, Unicode form and spelling of a term. Members of
    a set that have another term than the set count for their own only. A point set counts as its points;
    single points and particles count as one each. Method, software, author and ground truth restrict the
    annotations that count; what one does not state is taken from a set that holds it.

    >>> tomograms_by_annotated_object(store)
    <Rows: ... × (dataset, tomogram, name, path, annotations, points)>

    Args:
        store: the store to query.
        object: names or terms (CURIE or IRI) of the object; any of them.
        method: how the annotations were made - manual, automated, hybrid or simulated.
        software: part of the name of the software that made the annotations.
        author: part of the name, or ORCID, of an author of the annotations.
        ground_truth: whether the annotations are held to be ground truth.
        minimum: smallest number of annotations.
        smallest_voxels: smallest voxel size of the tomogram, along each axis, in Å.
        largest_voxels: largest voxel size of the tomogram, along each axis, in Å.
    """
    return run_typed(
        store,
        "tomograms_by_annotated_object",
        TomogramByAnnotatedObject,
        page,
        object=object,
        method=method,
        software=software,
        author=author,
        ground_truth=ground_truth,
        minimum=minimum,
        smallest_voxels=smallest_voxels,
        largest_voxels=largest_voxels,
    )


@dataclass(frozen=True, slots=True)
class TomogramByPointCount(OfKind):
    """A tomogram and the number of points of an object in it.

    Attributes:
        dataset: data set.
        tomogram: tomogram.
        name: name or else id of the tomogram.
        path: file of the tomogram.
        points: number of points of the object.
    """

    dataset: str
    tomogram: str
    name: str | None
    path: str | None
    points: int


def tomograms_by_point_count(
    store: Store,
    *,
    object: str | Sequence[str] | None = None,
    method: str | Sequence[str] | None = None,
    software: str | None = None,
    author: str | None = None,
    ground_truth: bool | None = None,
    minimum: int | None = None,
    smallest_voxels: float | None = None,
    largest_voxels: float | None = None,
    **page: Unpack[ScopedPage],
) -> Rows[TomogramByPointCount]:
    """Tomograms with at least so many points of an object, or of all.

    An object is identified by its term or its name - that of the annotation, its description, or that of a
    set that holds it - in any case, Unicode form and spelling of a term. Members of a set that have another
    term than the set count for their own only. A point set counts as its points; single points and particles
    count as one each. Method, software, author and ground truth restrict the annotations that count; what one
    does not state is taken from a set that holds it.

    >>> tomograms_by_point_count(store)
    <Rows: ... × (dataset, tomogram, name, path, points)>

    Args:
        store: the store to query.
        object: names or terms (CURIE or IRI) of the object; any of them.
        method: how the annotations were made - manual, automated, hybrid or simulated.
        software: part of the name of the software that made the annotations.
        author: part of the name, or ORCID, of an author of the annotations.
        ground_truth: whether the annotations are held to be ground truth.
        minimum: smallest number of points.
        smallest_voxels: smallest voxel size of the tomogram, along each axis, in Å.
        largest_voxels: largest voxel size of the tomogram, along each axis, in Å.
    """
    return run_typed(
        store,
        "tomograms_by_point_count",
        TomogramByPointCount,
        page,
        object=object,
        method=method,
        software=software,
        author=author,
        ground_truth=ground_truth,
        minimum=minimum,
        smallest_voxels=smallest_voxels,
        largest_voxels=largest_voxels,
    )
