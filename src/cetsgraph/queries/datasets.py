"""Questions about data sets as a whole: what they hold, name and share, and where they contradict themselves.

`dataset` and the objects in a row are IRIs, as they stand in the graph; a field is None where the documents
do not say. `name` is the name of the object, or else its id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

from cetsgraph.queries.rows import RowPage, Rows, ask
from cetsgraph.store import Store

__all__ = [
    "CrossArchiveLink",
    "DanglingReference",
    "DataSetSummary",
    "InconsistentPixelSize",
    "NamedFile",
    "RegionCompleteness",
    "SameSpecimen",
    "SoftwareUse",
    "cross_archive_links",
    "dangling_references",
    "dataset_summary",
    "file_manifest",
    "inconsistent_pixel_sizes",
    "region_completeness",
    "same_specimen",
    "software_used",
]


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


def dataset_summary(store: Store, **page: Unpack[RowPage]) -> Rows[DataSetSummary]:
    """What every data set holds, how many triples it has, and where it came from."""
    return ask(store, "dataset_summary", DataSetSummary, page)


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


def region_completeness(store: Store, **page: Unpack[RowPage]) -> Rows[RegionCompleteness]:
    """What there is of every region; annotations are those of the region and of everything in it."""
    return ask(store, "region_completeness", RegionCompleteness, page)


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A row of `file_manifest`."""

    dataset: str
    kind: str
    part: str
    path: str
    objects: int


def file_manifest(store: Store, *, dataset: str | Sequence[str], **page: Unpack[RowPage]) -> Rows[NamedFile]:
    """Every file that data sets name, by kind of the object that names it, and whether it is the whole or the
    even or odd half.

    Args:
        store: what to ask.
        dataset: data sets.
    """
    return ask(store, "file_manifest", NamedFile, page, dataset=dataset)


@dataclass(frozen=True, slots=True)
class SoftwareUse:
    """A row of `software_used`."""

    dataset: str
    kind: str
    software: str
    version: str | None
    objects: int


def software_used(store: Store, **page: Unpack[RowPage]) -> Rows[SoftwareUse]:
    """Software and versions behind alignments, tilt series, tomograms, maps and annotations of every data
    set, with the number of objects that name it.
    """
    return ask(store, "software_used", SoftwareUse, page)


@dataclass(frozen=True, slots=True)
class InconsistentPixelSize:
    """A row of `inconsistent_pixel_sizes`: `before`, `after` in Å."""

    dataset: str
    tilt_series: str
    name: str | None
    change: str
    before: float
    after: float
    factor: float
    tomogram: str | None


def inconsistent_pixel_sizes(store: Store, **page: Unpack[RowPage]) -> Rows[InconsistentPixelSize]:
    """Tilt series whose pixel size changes between movies, tilt images and tomograms without reason.

    Reasons are binning by a whole factor, within 1%, and another sampling of the same field of view, within
    5%, where numbers of pixels tell.
    """
    return ask(store, "inconsistent_pixel_sizes", InconsistentPixelSize, page)


@dataclass(frozen=True, slots=True)
class DanglingReference:
    """A reference of `object` to an `id` that its data set does not have."""

    dataset: str
    object: str
    reference: str
    id: str


def dangling_references(store: Store, **page: Unpack[RowPage]) -> Rows[DanglingReference]:
    """References that lead to nothing in their data set, with the id as written."""
    return ask(store, "dangling_references", DanglingReference, page)


@dataclass(frozen=True, slots=True)
class CrossArchiveLink:
    """A row of `cross_archive_links`."""

    dataset: str
    object: str
    kind: str
    name: str | None
    database: str | None
    accession: str
    url: str | None


def cross_archive_links(store: Store, **page: Unpack[RowPage]) -> Rows[CrossArchiveLink]:
    """Data sets and annotations with entries in other archives."""
    return ask(store, "cross_archive_links", CrossArchiveLink, page)


@dataclass(frozen=True, slots=True)
class SameSpecimen:
    """A row of `same_specimen`."""

    dataset: str
    name: str | None
    other_dataset: str
    other_name: str | None
    database: str
    accession: str


def same_specimen(store: Store, **page: Unpack[RowPage]) -> Rows[SameSpecimen]:
    """Pairs of data sets that share an entry of EMPIAR, EMDB, PDB or DOI, among their own cross-references.

    Spellings of an accession that differ in case, in a prefix of the archive or in the address of a DOI are
    the same.
    """
    return ask(store, "same_specimen", SameSpecimen, page)
