"""An entry of EMDB as a data set.

Sources: the API, https://www.ebi.ac.uk/emdb/api/entry/EMD-3197, and headers of emdb.xsd, version 3. JSON is
made of the XML; `values.py` reads both alike.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from cetsgraph.importers.archive_entries import checked_accession, distinct, entry, not_released, person
from cetsgraph.importers.claim import sample_of
from cetsgraph.importers.emdb.microscopy import imaging, preparation, tilt_series
from cetsgraph.importers.emdb.values import attribute, content, listed, text
from cetsgraph.importers.emdb.volumes import Volumes
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import (
    CrossReference,
    DataSet,
    Grant,
    ImageCollection,
    MapSet,
    Person,
    Region,
    TiltSeriesSet,
    TomogramSet,
    TomoImageSet,
)

__all__ = ["dataset"]

_CITATIONS = {"DOI": "DOI", "PUBMED": "PubMed"}
_EMPIAR = re.compile(r"empiar(?:-|/entry/|/)(?:EMPIAR-)?(\d+)", re.IGNORECASE)
_SAMPLES = ("cell", "tissue")


def dataset(session: ImportSession) -> DataSet:
    """The data set of an entry: a tomogram in a region, or maps.

    Raises:
        DocumentError: the entry is not released.
    """
    (path,) = session.claim.files
    root = session.json(path) if sample_of(path).is_json else session.xml(path)
    accession = checked_accession(path, attribute(root, "emdb_id"), "EMD")
    admin = root.part("admin")
    _check_status(path, accession, admin.part("current_status"))
    found = _head(session, accession, admin)
    found.cross_references = list(distinct(_entries(accession, root.part("crossreferences"))))
    sample = root.part("sample")
    found.organism, found.organism_taxid = _organism(sample)
    determined = listed(root.part("structure_determination_list"), "structure_determination")
    first = determined[0] if determined else root.part("structure_determination_list")
    found.sample_type = _sample_type(first)
    _add_images(found, Volumes(root, _only(first, "processing"), accession, session.tally), first)
    found.regions[0].name = text(sample, "name")
    return found


def _only(fields: Fields, name: str) -> Fields:
    """The first object of a list; an empty one if there is none."""
    return next(iter(listed(fields, name)), fields.part(name))


def _check_status(path: Path, accession: str, status: Fields) -> None:
    code = text(status, "code")
    if code not in (None, "REL"):
        raise not_released(path, accession, f"status {code}")


def _head(session: ImportSession, accession: str, admin: Fields) -> DataSet:
    dates = admin.part("key_dates")
    session.modified = dates.date("update")
    return DataSet(
        name=accession,
        title=text(admin, "title"),
        deposition_date=dates.date("deposition"),
        release_date=dates.date("map_release"),
        last_modified_date=session.modified,
        authors=list(_authors(admin.part("authors_list"))),
        funding=list(_grants(admin.part("grant_support"))),
    )


def _authors(people: Fields) -> Iterator[Person]:
    for one in listed(people, "author"):
        if name := content(one):
            yield person(name, attribute(one, "ORCID"))


def _grants(support: Fields) -> Iterator[Grant]:
    for one in listed(support, "grant_reference"):
        agency, number = text(one, "funding_body"), text(one, "code")
        if agency or number:
            yield Grant(agency=agency, grant=number)


def _entries(accession: str, fields: Fields) -> Iterator[CrossReference]:
    """The entry itself, then those that it names."""
    yield entry("EMDB", accession, f"https://www.ebi.ac.uk/emdb/{accession}")
    for database in ("EMDB", "PDB"):
        name = database.lower()
        for one in listed(fields.part(f"{name}_list"), f"{name}_reference"):
            if named := text(one, f"{name}_id"):
                yield entry(database, named)
    for citation in listed(fields.part("citation_list"), "citation"):
        yield from _cited(citation)
    for link in listed(fields.part("auxiliary_link_list"), "auxiliary_link"):
        if found := _EMPIAR.search(str(link.peek("link"))):
            link.take("link")
            yield entry("EMPIAR", found[1])


def _cited(citation: Fields) -> Iterator[CrossReference]:
    for key in citation:
        if isinstance(citation.peek(key), dict):
            for one in citation.part(key).parts("external_references", text="#text"):
                yield from _external(one)


def _external(reference: Fields) -> Iterator[CrossReference]:
    kind = str(reference.peek("@type") or reference.peek("type_")).upper()
    if kind in _CITATIONS and (accession := content(reference)):
        reference.take("@type", "type_")
        yield entry(_CITATIONS[kind], accession)


def _organism(sample: Fields) -> tuple[str | None, int | None]:
    """The first organism that the sample is from; others are reported, and the same one is taken."""
    kinds = listed(sample.part("supramolecule_list"), "supramolecule")
    chains = sample.part("macromolecule_list")
    kinds += [one for key in chains if isinstance(chains.peek(key), dict | list) for one in chains.parts(key)]
    found: tuple[str | None, int | None] = None, None
    for source in (source for kind in kinds for source in listed(kind, "natural_source")):
        organism = source.part("organism", text="#text")
        key = "@ncbi" if "@ncbi" in organism else "ncbi"
        stated = content(organism), organism.integer(key)
        found = found if any(found) else stated
        if stated != found:
            organism.leave("#text", "valueOf_", key)
        else:
            source.take(*(name for name in ("@database", "database") if source.peek(name) == "NCBI"))
    return found


def _sample_type(determined: Fields) -> str | None:
    kind = text(determined, "aggregation_state")
    if kind in _SAMPLES:
        return kind
    if kind is not None:
        determined.dropped("aggregation_state", kind)
    return None


def _add_images(found: DataSet, volumes: Volumes, determined: Fields) -> None:
    """The region with the microscope, and the tomogram in it or the maps beside it."""
    microscopy = _only(determined.part("microscopy_list"), "microscopy")
    images = TomoImageSet(
        imaging=imaging(microscopy),
        sample_preparation=preparation(_only(determined.part("specimen_preparation_list"), "preparation")),
    )
    region = Region(id="specimen", tomo_image_sets=[images])
    method = text(determined, "method")
    if "tilt_series" in microscopy or method == "tomography":
        images.tilt_series_sets = [TiltSeriesSet(tilt_series=[tilt_series(microscopy)])]
    if method == "tomography":
        images.tilt_series_sets[0].tilt_series[0].tilt_count = volumes.tilt_count()
        images.tomogram_sets = [TomogramSet(tomograms=[volumes.tomogram()])]
    else:
        found.map_sets = [MapSet(name=method, maps=volumes.maps())]
        count = volumes.processing.part("extraction").integer("number_tomograms")
        if count is not None:
            region.image_collections = [ImageCollection(category="tomograms", item_count=count)]
    found.regions = [region]
