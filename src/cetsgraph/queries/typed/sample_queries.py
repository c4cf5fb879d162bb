"""Questions about samples: what was imaged, how it was prepared, and under which licence.

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
    "CorrelativeRegion",
    "DataByAuthorOrLicence",
    "TomogramBySample",
    "correlative_regions",
    "data_by_author_or_licence",
    "tomograms_by_sample",
]


@dataclass(frozen=True, slots=True)
class CorrelativeRegion:
    """A tomogram, and another image of its region.

    Attributes:
        dataset: data set.
        region: region.
        region_name: name or else id of the region.
        tomogram: tomogram.
        tomogram_path: file of the tomogram.
        image: other image, or collection of images.
        kind: class of the image.
        name: name or else id of the image.
        path: file of the image.
        pixel_size: size of its pixels, or of its voxels along X, in Å.
    """

    dataset: str
    region: str
    region_name: str | None
    tomogram: str
    tomogram_path: str | None
    image: str
    kind: str
    name: str | None
    path: str | None
    pixel_size: float | None


def correlative_regions(store: Store, **page: Unpack[ScopedPage]) -> Rows[CorrelativeRegion]:
    """Tomograms beside overview, light-microscopy and other images of the same region that are not
    tomographic, for finding again where a tomogram was taken.

    Image collections of movies, tilt series, particles or volumes do not count.

    >>> correlative_regions(store)
    <Rows: ... × (dataset, region, region_name, tomogram, tomogram_path, image, kind, name, path, pixel_size
    in Å)>
    """
    return run_typed(store, "correlative_regions", CorrelativeRegion, page)


@dataclass(frozen=True, slots=True)
class DataByAuthorOrLicence:
    """A data set, its licence, one of its authors, and a paper.

    Attributes:
        dataset: data set.
        name: name of the data set.
        license: licence under which the data can be used.
        author_name: name of the author.
        orcid: ORCID of the author.
        affiliation: organisation that the author works for.
        position: place of the author in the list, counted from 0.
        doi: DOI of a paper about the data set, as it is written.
    """

    dataset: str
    name: str | None
    license: str | None
    author_name: str | None
    orcid: str | None
    affiliation: str | None
    position: int | None
    doi: str | None


def data_by_author_or_licence(
    store: Store, *, author: str | None = None, licence: str | None = None, **page: Unpack[ScopedPage]
) -> Rows[DataByAuthorOrLicence]:
    """What may be used again, under which licence, and the authors to cite - data sets by licence, and by the
    name or ORCID of an author.

    A part of a text is enough, in upper or lower case. There is a row for each author, and for each paper
    where there are several.

    >>> data_by_author_or_licence(store)
    <Rows: ... × (dataset, name, license, author_name, orcid, affiliation, position, doi)>

    Args:
        store: the store to query.
        author: part of the name, or ORCID, of an author.
        licence: part of the licence, such as CC0 or CC-BY.
    """
    return run_typed(
        store,
        "data_by_author_or_licence",
        DataByAuthorOrLicence,
        page,
        author=author,
        licence=licence,
    )


@dataclass(frozen=True, slots=True)
class TomogramBySample:
    """A tomogram and the sample that was imaged.

    Attributes:
        dataset: data set.
        tomogram: tomogram.
        name: name or else id of the tomogram.
        path: file of the tomogram.
        organism_name: scientific name of the organism.
        organism_taxid: NCBI taxonomy identifier of the organism.
        kind_of_sample: kind of sample.
        tissue_name: tissue, or its term.
        cell_type_name: type of the cells, or its term.
        strain_name: strain or line of the cells, or its term.
        preparation_text: what is said about the preparation.
    """

    dataset: str
    tomogram: str
    name: str | None
    path: str | None
    organism_name: str | None
    organism_taxid: int | None
    kind_of_sample: str | None
    tissue_name: str | None
    cell_type_name: str | None
    strain_name: str | None
    preparation_text: str | None


def tomograms_by_sample(
    store: Store,
    *,
    organism: str | None = None,
    taxon: int | None = None,
    tissue: str | None = None,
    cell_type: str | None = None,
    strain: str | None = None,
    sample_type: str | None = None,
    preparation: str | None = None,
    **page: Unpack[ScopedPage],
) -> Rows[TomogramBySample]:
    """Tomograms by what was imaged and how it was prepared.

    Texts are found by a part of them, in upper or lower case; tissues, types and strains of cells by name or
    ontology term. The preparation is that of the grid, its pretreatment, and how the specimen was frozen.

    >>> tomograms_by_sample(store)
    <Rows: ... × (dataset, tomogram, name, path, organism_name, organism_taxid, kind_of_sample, tissue_name,
    cell_type_name, strain_name, preparation_text)>

    Args:
        store: the store to query.
        organism: part of the name of the organism.
        taxon: NCBI taxonomy identifier of the organism.
        tissue: part of the name, or term, of the tissue.
        cell_type: part of the name, or term, of the type of the cells.
        strain: part of the name, or term, of the strain or line of the cells.
        sample_type: part of the kind of sample, such as cell or virus.
        preparation: part of what is said about the preparation, such as lamella or FIB.
    """
    return run_typed(
        store,
        "tomograms_by_sample",
        TomogramBySample,
        page,
        organism=organism,
        taxon=taxon,
        tissue=tissue,
        cell_type=cell_type,
        strain=strain,
        sample_type=sample_type,
        preparation=preparation,
    )
