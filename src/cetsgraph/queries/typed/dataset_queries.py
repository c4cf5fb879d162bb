"""Questions about data sets: what they hold, name and share.

`dataset` and the objects in a row are IRIs, as they stand in the graph; a field is None where the documents
do not say. `name` is the name of the object, or else its id. `limit` and `offset` give some of the rows. In
the examples, `store` holds the documents of `examples/`.

Derived from queries/ by `make derive`; edit those instead.
"""

from dataclasses import dataclass
from typing import Unpack

from cetsgraph.queries.pages import RowPage
from cetsgraph.queries.rows import Rows, run_typed
from cetsgraph.queries.scope import ScopedPage
from cetsgraph.store import Store

__all__ = [
    "Coverage",
    "CrossArchiveLink",
    "DataSetSummary",
    "EvenOddPair",
    "NamedFile",
    "SameSpecimen",
    "SharedPaper",
    "SoftwareUse",
    "coverage",
    "cross_archive_links",
    "dataset_summary",
    "even_odd_pairs",
    "file_manifest",
    "same_specimen",
    "shares_a_paper",
    "software_used",
]


@dataclass(frozen=True, slots=True)
class Coverage:
    """A field, and how many objects of an archive state it.

    Attributes:
        archive: name of the archive.
        kind: class of the objects.
        field: field, as the local name of its property.
        objects: number of objects of the class.
        stating: number of those that state the field.
    """

    archive: str | None
    kind: str
    field: str
    objects: int
    stating: int


def coverage(store: Store, **page: Unpack[RowPage]) -> Rows[Coverage]:
    """Of each field that questions use, how many objects state it, per archive, so that an answer can say of
    how many tomograms the voxel size is known.

    Fields of tilt images count for the tilt series, where any of its images states them. Single points and
    particles are not looked at.

    >>> coverage(store)
    <Rows: ... × (archive, kind, field, objects, stating)>
    """
    return run_typed(store, "coverage", Coverage, page)


@dataclass(frozen=True, slots=True)
class CrossArchiveLink:
    """An entry in another archive.

    Attributes:
        dataset: data set.
        object: data set, or an object in it.
        kind: class of the object.
        name: name or else id of the object.
        database: archive that holds the entry.
        accession: identifier of the entry in its archive.
        url: address of the entry.
    """

    dataset: str
    object: str
    kind: str
    name: str | None
    database: str | None
    accession: str
    url: str | None


def cross_archive_links(store: Store, **page: Unpack[RowPage]) -> Rows[CrossArchiveLink]:
    """Data sets, tilt series, tomograms, maps and annotations with entries in other archives.

    >>> cross_archive_links(store)
    <Rows: ... × (dataset, object, kind, name, database, accession, url)>
    """
    return run_typed(store, "cross_archive_links", CrossArchiveLink, page)


@dataclass(frozen=True, slots=True)
class DataSetSummary:
    """What a data set holds.

    Attributes:
        dataset: data set.
        name: name of the data set.
        regions: number of regions.
        tilt_series: number of tilt series.
        tomograms: number of tomograms.
        annotations: number of annotations, members of sets included.
        triples: number of triples.
        source: file or address that the data set was loaded from.
    """

    dataset: str
    name: str | None
    regions: int
    tilt_series: int
    tomograms: int
    annotations: int
    triples: int | None
    source: str | None


def dataset_summary(store: Store, **page: Unpack[ScopedPage]) -> Rows[DataSetSummary]:
    """What every data set holds, how many triples it has, and where it came from.

    >>> dataset_summary(store)
    <Rows: ... × (dataset, name, regions, tilt_series, tomograms, annotations, triples, source)>
    """
    return run_typed(store, "dataset_summary", DataSetSummary, page)


@dataclass(frozen=True, slots=True)
class EvenOddPair:
    """A tilt series or tomogram and its two halves.

    Attributes:
        dataset: data set.
        object: tilt series or tomogram.
        kind: class of the object.
        name: name or else id of the object.
        path: file of the object.
        even_path: file of the half made from even frames or images.
        odd_path: file of the half made from odd frames or images.
    """

    dataset: str
    object: str
    kind: str
    name: str | None
    path: str | None
    even_path: str
    odd_path: str


def even_odd_pairs(store: Store, **page: Unpack[ScopedPage]) -> Rows[EvenOddPair]:
    """Tilt series and tomograms that come with both halves, made from even and from odd frames or images.

    >>> even_odd_pairs(store)
    <Rows: ... × (dataset, object, kind, name, path, even_path, odd_path)>
    """
    return run_typed(store, "even_odd_pairs", EvenOddPair, page)


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that a data set names.

    Attributes:
        dataset: data set.
        kind: class of the objects that name the file.
        part: whole, even or odd.
        path: path or address of the file.
        objects: number of objects of the kind that name it.
        address: address of the file; of an image in a stack, that of the stack.
    """

    dataset: str
    kind: str
    part: str
    path: str
    objects: int
    address: str | None


def file_manifest(store: Store, **page: Unpack[ScopedPage]) -> Rows[NamedFile]:
    """Every file that data sets name, by kind of the object that names it, and whether it is the whole or the
    even or odd half.

    Relative paths have an address where the data set says where they start.

    >>> file_manifest(store)
    <Rows: ... × (dataset, kind, part, path, objects, address)>
    """
    return run_typed(store, "file_manifest", NamedFile, page)


@dataclass(frozen=True, slots=True)
class SameSpecimen:
    """Two data sets that share an entry in another archive.

    Attributes:
        dataset: data set.
        name: name of the data set.
        other_dataset: data set that shares the entry.
        other_name: name of the other data set.
        database: archive that holds the entry.
        accession: identifier of the entry, as the first data set writes it.
    """

    dataset: str
    name: str | None
    other_dataset: str
    other_name: str | None
    database: str
    accession: str


def same_specimen(store: Store, **page: Unpack[RowPage]) -> Rows[SameSpecimen]:
    """Pairs of data sets that share an entry of EMPIAR, EMDB, PDB or the CryoET Data Portal, among their
    cross-references; the DOI of an entry is the entry.

    A data set that is called as an entry of EMPIAR, EMDB or the portal is that entry. Spellings of an
    accession that differ in case, in a prefix of the archive or in an address before it are the same. A paper
    may describe several specimens - see shares_a_paper.

    >>> same_specimen(store)
    <Rows: ... × (dataset, name, other_dataset, other_name, database, accession)>
    """
    return run_typed(store, "same_specimen", SameSpecimen, page)


@dataclass(frozen=True, slots=True)
class SharedPaper:
    """Two data sets that cite the same paper.

    Attributes:
        dataset: data set.
        name: name of the data set.
        other_dataset: data set that cites it too.
        other_name: name of the other data set.
        doi: DOI of the paper, in lower case.
    """

    dataset: str
    name: str | None
    other_dataset: str
    other_name: str | None
    doi: str


def shares_a_paper(store: Store, **page: Unpack[RowPage]) -> Rows[SharedPaper]:
    """Pairs of data sets that cite the same paper, by its DOI, among their cross-references.

    Spellings of a DOI that differ in case or in an address before it are the same. The DOI of an entry of
    EMPIAR or PDB is no paper - see same_specimen.

    >>> shares_a_paper(store)
    <Rows: ... × (dataset, name, other_dataset, other_name, doi)>
    """
    return run_typed(store, "shares_a_paper", SharedPaper, page)


@dataclass(frozen=True, slots=True)
class SoftwareUse:
    """A version of a software and how often a data set names it.

    Attributes:
        dataset: data set.
        kind: what was made with it - Alignment, Annotation, Map, TiltSeriesMicrographStack or Tomogram.
        software: name of the software.
        version: its version.
        objects: number of objects that name it.
    """

    dataset: str
    kind: str
    software: str
    version: str | None
    objects: int


def software_used(store: Store, **page: Unpack[ScopedPage]) -> Rows[SoftwareUse]:
    """Software and versions behind alignments, tilt series, tomograms, maps and annotations of every data
    set, with the number of objects that name it.

    >>> software_used(store)
    <Rows: ... × (dataset, kind, software, version, objects)>
    """
    return run_typed(store, "software_used", SoftwareUse, page)
