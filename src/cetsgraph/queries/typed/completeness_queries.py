"""Questions about what is missing, unknown or contradictory.

`dataset` and the objects in a row are IRIs, as they stand in the graph; a field is None where the documents
do not say. `name` is the name of the object, or else its id. `limit` and `offset` give some of the rows. In
the examples, `store` holds the documents of `examples/`.

Derived from queries/ by `make derive`; edit those instead.
"""

from dataclasses import dataclass
from typing import Unpack

from cetsgraph.queries.rows import Rows, run_typed
from cetsgraph.queries.scope import ScopedPage
from cetsgraph.store import Store

__all__ = [
    "DanglingReference",
    "HandednessOfSeries",
    "InconsistentPixelSize",
    "PointsOutsideTomogram",
    "RegionCompleteness",
    "TiltImage",
    "Unannotated",
    "dangling_references",
    "images_without_ctf",
    "inconsistent_pixel_sizes",
    "points_outside_tomogram",
    "region_completeness",
    "unaligned_tilt_images",
    "unannotated",
    "unknown_handedness",
]


@dataclass(frozen=True, slots=True)
class DanglingReference:
    """A reference to an id that the data set does not have.

    Attributes:
        dataset: data set.
        object: object that refers.
        reference: what the reference should lead to, as the property's local name.
        id: id that the data set does not have.
    """

    dataset: str
    object: str
    reference: str
    id: str


def dangling_references(store: Store, **page: Unpack[ScopedPage]) -> Rows[DanglingReference]:
    """References that lead to nothing in their data set, with the id as written.

    >>> dangling_references(store)
    <Rows: ... × (dataset, object, reference, id)>
    """
    return run_typed(store, "dangling_references", DanglingReference, page)


@dataclass(frozen=True, slots=True)
class TiltImage:
    """A tilt image and its place in its series.

    Attributes:
        dataset: data set.
        tilt_series: tilt series.
        tilt_series_name: name or else id of the tilt series.
        image: tilt image.
        position: place of the image in its series, counted from 0.
        name: name or else id of the image.
        path: file of the image.
        nominal_tilt_angle: tilt of the stage, in °.
        excluded: whether the image was left out of processing.
    """

    dataset: str
    tilt_series: str
    tilt_series_name: str | None
    image: str
    position: int | None
    name: str | None
    path: str | None
    nominal_tilt_angle: float | None
    excluded: bool | None


def images_without_ctf(store: Store, **page: Unpack[ScopedPage]) -> Rows[TiltImage]:
    """Tilt images, series by series, whose contrast transfer function is not known - they have no defocus.

    Excluded images are left out.

    >>> images_without_ctf(store)
    <Rows: ... × (dataset, tilt_series, tilt_series_name, image, position, name, path, nominal_tilt_angle in
    °, excluded)>
    """
    return run_typed(store, "images_without_ctf", TiltImage, page)


@dataclass(frozen=True, slots=True)
class InconsistentPixelSize:
    """A change of the pixel size between two stages of a tilt series.

    Attributes:
        dataset: data set.
        tilt_series: tilt series.
        name: name or else id of the tilt series.
        change: movie to tilt image, or tilt image to tomogram.
        before: pixel size before, in Å.
        after: pixel or voxel size after, in Å.
        factor: size after over size before.
        tomogram: tomogram with the size after.
    """

    dataset: str
    tilt_series: str
    name: str | None
    change: str
    before: float
    after: float
    factor: float
    tomogram: str | None


def inconsistent_pixel_sizes(store: Store, **page: Unpack[ScopedPage]) -> Rows[InconsistentPixelSize]:
    """Tilt series whose pixel size changes between movies, tilt images and tomograms without reason.

    Reasons are binning by a whole factor, within 1%, and another sampling of the same field of view, within
    5%, where numbers of pixels tell. Binning is no reason where these tell otherwise - as many pixels at a
    binned size, or tilt images with a whole fraction of the pixels of their movies at the same size.

    >>> inconsistent_pixel_sizes(store)
    <Rows: ... × (dataset, tilt_series, name, change, before in Å, after in Å, factor, tomogram)>
    """
    return run_typed(store, "inconsistent_pixel_sizes", InconsistentPixelSize, page)


@dataclass(frozen=True, slots=True)
class PointsOutsideTomogram:
    """An annotation with positions outside its tomogram, along one axis.

    Attributes:
        dataset: data set.
        annotation: annotation.
        name: name or else id of the annotation.
        points: number of its positions.
        tomogram: tomogram that it annotates.
        axis: axis along which the box leaves the volume.
        smallest: smallest position along the axis, from the centre of the tomogram, in Å.
        largest: largest position along the axis, from the centre of the tomogram, in Å.
        half_length: half the length of the tomogram along the axis, in Å.
        outside: how far the positions lie outside, in Å.
    """

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


def points_outside_tomogram(store: Store, **page: Unpack[ScopedPage]) -> Rows[PointsOutsideTomogram]:
    """Point sets, and other annotations with a list of positions, whose bounding box leaves the volume of the
    tomogram that they annotate by more than a voxel, and how far.

    >>> points_outside_tomogram(store)
    <Rows: ... × (dataset, annotation, name, points, tomogram, axis, smallest in Å, largest in Å, half_length
    in Å, outside in Å)>
    """
    return run_typed(store, "points_outside_tomogram", PointsOutsideTomogram, page)


@dataclass(frozen=True, slots=True)
class RegionCompleteness:
    """How many objects of each sort a region has; 0 where there are none.

    Attributes:
        dataset: data set.
        region: region.
        name: name or else id of the region.
        movies: number of movies.
        tilt_series: number of tilt series.
        tilt_images: number of tilt images.
        images_with_ctf: number of tilt images whose contrast transfer function is known.
        tomograms: number of tomograms.
        annotations: number of annotations.
        other_images: number of images that are not tomographic.
    """

    dataset: str
    region: str
    name: str | None
    movies: int
    tilt_series: int
    tilt_images: int
    images_with_ctf: int
    tomograms: int
    annotations: int
    other_images: int


def region_completeness(store: Store, **page: Unpack[ScopedPage]) -> Rows[RegionCompleteness]:
    """What there is of every region, 0 where there is nothing.

    Annotations are those of the region and of everything in it.

    >>> region_completeness(store)
    <Rows: ... × (dataset, region, name, movies, tilt_series, tilt_images, images_with_ctf, tomograms,
    annotations, other_images)>
    """
    return run_typed(store, "region_completeness", RegionCompleteness, page)


def unaligned_tilt_images(store: Store, **page: Unpack[ScopedPage]) -> Rows[TiltImage]:
    """Tilt images without an alignment, neither one of their own nor one in an alignment of their series.

    An alignment that lists no images at all is taken to cover its whole series. Images that are excluded, or
    left out by an alignment, are not asked for.

    >>> unaligned_tilt_images(store)
    <Rows: ... × (dataset, tilt_series, tilt_series_name, image, position, name, path, nominal_tilt_angle in
    °, excluded)>
    """
    return run_typed(store, "unaligned_tilt_images", TiltImage, page)


@dataclass(frozen=True, slots=True)
class Unannotated:
    """A tomogram without annotations, or an annotation without a target.

    Attributes:
        dataset: data set.
        object: tomogram or annotation.
        kind: class of the object.
        name: name or else id of the object.
        path: file of the object.
        missing: annotations or target.
    """

    dataset: str
    object: str
    kind: str
    name: str | None
    path: str | None
    missing: str


def unannotated(store: Store, **page: Unpack[ScopedPage]) -> Rows[Unannotated]:
    """Tomograms without annotations, and annotations without a target - those that name one that the data set
    does not have, and shapes, points, masks and maps that are about a region or a data set as a whole, which
    is no image to have positions in.

    >>> unannotated(store)
    <Rows: ... × (dataset, object, kind, name, path, missing)>
    """
    return run_typed(store, "unannotated", Unannotated, page)


@dataclass(frozen=True, slots=True)
class HandednessOfSeries:
    """A tilt series whose handedness is unknown or conflicting.

    Attributes:
        dataset: data set.
        tilt_series: tilt series.
        name: name or else id of the tilt series.
        path: file of the tilt series.
        state: unknown or conflicting.
        handedness: handedness of the session.
        images: number of tilt images.
        images_positive: number of tilt images with defocus handedness +1.
        images_negative: number of tilt images with defocus handedness −1.
    """

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    state: str
    handedness: str | None
    images: int
    images_positive: int
    images_negative: int


def unknown_handedness(store: Store, **page: Unpack[ScopedPage]) -> Rows[HandednessOfSeries]:
    """Tilt series whose handedness is unknown, stated neither by themselves or their session nor with the
    defocus of any image, or conflicting, where images of the series, or of its session, have both signs, or
    images another than the series states.

    >>> unknown_handedness(store)
    <Rows: ... × (dataset, tilt_series, name, path, state, handedness, images, images_positive,
    images_negative)>
    """
    return run_typed(store, "unknown_handedness", HandednessOfSeries, page)
