"""One typed function for each query that ships with the package, and the rows that it gives.

`dataset` and the objects in a row are IRIs, as they stand in the graph; a field is None where the documents
do not say. `name` is the name of the object, or else its id.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cetsgraph.queries.running import ask
from cetsgraph.store import Store

__all__ = [
    "AnnotationByText",
    "AnnotationCount",
    "DanglingReference",
    "DataSetSummary",
    "DefocusRange",
    "MaskedTomogram",
    "RegionCompleteness",
    "TiltScheme",
    "TiltSeriesByDose",
    "TomogramAncestor",
    "TomogramByPointCount",
    "TomogramByVoxelSize",
    "TomogramWithFitMap",
    "annotation_counts",
    "annotations_by_text",
    "dangling_references",
    "dataset_summary",
    "defocus_ranges",
    "masks_and_points",
    "region_completeness",
    "tilt_schemes",
    "tilt_series_by_dose",
    "tomogram_lineage",
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


def tomograms_with_fitmap(store: Store) -> list[TomogramWithFitMap]:
    """All tomograms with FitMap annotations, with the map's path and its transformation."""
    return ask(store, "tomograms_with_fitmap", TomogramWithFitMap)


@dataclass(frozen=True, slots=True)
class TomogramByPointCount:
    """A tomogram and the number of points of an object in it."""

    dataset: str
    tomogram: str
    name: str | None
    path: str | None
    points: int


def tomograms_by_point_count(
    store: Store, *, object: str | Sequence[str], minimum: int
) -> list[TomogramByPointCount]:
    """Tomograms with at least `minimum` points of an object, most points first.

    Args:
        store: what to ask.
        object: names or terms (CURIE such as `GO:0070288`, or OBO IRI) of the object, whatever the case;
            any of them. It is looked for in the term, the name and the description of an annotation, and
            in those of a set that holds it.
        minimum: smallest number of points. A point set counts as its points; single points and particles
            count as one each.
    """
    return ask(store, "tomograms_by_point_count", TomogramByPointCount, object=object, minimum=minimum)


@dataclass(frozen=True, slots=True)
class TiltScheme:
    """How a series was tilted: `minimum`, `maximum` and `step` in degrees."""

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    tilts: int
    minimum: float | None
    maximum: float | None
    step: float | None


def tilt_schemes(store: Store) -> list[TiltScheme]:
    """Number of tilts, range and step (degrees) of every tilt series, by nominal tilt angle.

    The step is the median difference of the sorted angles.
    """
    return ask(store, "tilt_schemes", TiltScheme)


@dataclass(frozen=True, slots=True)
class TiltSeriesByDose:
    """A tilt series and its total `dose` in e⁻/Å²."""

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    dose: float


def tilt_series_by_dose(store: Store, *, maximum: float) -> list[TiltSeriesByDose]:
    """Tilt series with a total dose of at most `maximum` e⁻/Å², lowest dose first.

    The total is the largest dose that an image of the series states, before or including it, as written.
    `maximum` itself belongs to the range, within a relative tolerance of 1e-6.
    """
    return ask(store, "tilt_series_by_dose", TiltSeriesByDose, maximum=maximum)


@dataclass(frozen=True, slots=True)
class DefocusRange:
    """Defocus of a tilt series: `minimum` and `maximum` in Å, underfocus positive."""

    dataset: str
    tilt_series: str
    name: str | None
    path: str | None
    images: int
    images_with_ctf: int
    minimum: float | None
    maximum: float | None


def defocus_ranges(store: Store) -> list[DefocusRange]:
    """Smallest and largest defocus (Å) of every tilt series, over both defoci of its images."""
    return ask(store, "defocus_ranges", DefocusRange)


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


def tomograms_by_voxel_size(store: Store, *, minimum: float, maximum: float) -> list[TomogramByVoxelSize]:
    """Tomograms whose voxel size along each axis is from `minimum` to `maximum` Å, smallest first.

    Both ends belong to the range, within a relative tolerance of 1e-6.
    """
    return ask(store, "tomograms_by_voxel_size", TomogramByVoxelSize, minimum=minimum, maximum=maximum)


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


def tomogram_lineage(store: Store, *, tomogram: str | Sequence[str]) -> list[TomogramAncestor]:
    """What tomograms were made from: tilt series, tilt images, movies and frames, in this order.

    Movies that no tilt image names are given for the tilt series that names their series.

    Args:
        store: what to ask.
        tomogram: IRI of a tomogram, or several.
    """
    return ask(store, "tomogram_lineage", TomogramAncestor, tomogram=tomogram)


@dataclass(frozen=True, slots=True)
class DanglingReference:
    """A reference of `object` to an `id` that its data set does not have."""

    dataset: str
    object: str
    reference: str
    id: str


def dangling_references(store: Store) -> list[DanglingReference]:
    """References that lead to nothing in their data set, with the id as written."""
    return ask(store, "dangling_references", DanglingReference)


@dataclass(frozen=True, slots=True)
class AnnotationCount:
    """How many annotations of a kind a data set has."""

    dataset: str
    name: str | None
    kind: str
    annotations: int


def annotation_counts(store: Store) -> list[AnnotationCount]:
    """How many annotations of each kind every data set has.

    Members of a set count beside the set; a shape counts once, without the vectors that it is made of.
    """
    return ask(store, "annotation_counts", AnnotationCount)


@dataclass(frozen=True, slots=True)
class MaskedTomogram:
    """A tomogram with masks and points."""

    dataset: str
    tomogram: str
    name: str | None
    path: str | None
    masks: int
    points: int


def masks_and_points(store: Store) -> list[MaskedTomogram]:
    """Tomograms with both a segmentation mask and points, most points first.

    A point set counts as its points; single points and particles count as one each.
    """
    return ask(store, "masks_and_points", MaskedTomogram)


@dataclass(frozen=True, slots=True)
class RegionCompleteness:
    """How many objects of each sort a region has; 0 where there are none."""

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


def region_completeness(store: Store) -> list[RegionCompleteness]:
    """What there is of every region; annotations are those of the region and of everything in it."""
    return ask(store, "region_completeness", RegionCompleteness)


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


def annotations_by_text(store: Store, *, word: str | Sequence[str]) -> list[AnnotationByText]:
    """Objects whose name, description, annotated object and path together contain all words, in any order.

    Args:
        store: what to ask.
        word: words, or parts of words, whatever the case; a text with spaces is one word.
    """
    return ask(store, "annotations_by_text", AnnotationByText, word=word)


@dataclass(frozen=True, slots=True)
class DataSetSummary:
    """What a data set holds; `triples` and `source` are what the catalogue says."""

    dataset: str
    name: str | None
    regions: int
    tilt_series: int
    tomograms: int
    annotations: int
    triples: int | None
    source: str | None


def dataset_summary(store: Store) -> list[DataSetSummary]:
    """What every data set holds, how many triples it has, and where it came from."""
    return ask(store, "dataset_summary", DataSetSummary)
