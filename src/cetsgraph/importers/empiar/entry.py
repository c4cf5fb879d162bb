"""An entry of EMPIAR as a data set.

Sources: the API, https://www.ebi.ac.uk/empiar/api/entry/10164/; headers of empiar.xsd; depositions of
https://github.com/emdb-empiar/empiar-depositor. All say the same under names of their own.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from cetsgraph.errors import DocumentError
from cetsgraph.importers.archive_entries import checked_accession, distinct, entry, not_released, person
from cetsgraph.importers.claim import sample_of
from cetsgraph.importers.empiar.image_sets import regions
from cetsgraph.importers.empiar.spelling import TEXT, named, text
from cetsgraph.importers.fields import Fields, in_stated_order
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import CrossReference, DataSet, Grant, Person

__all__ = ["dataset"]

_ACCESSION = re.compile(r"EMPIAR-\d+")
_REFERENCES = {
    "cross_references": "EMDB",
    "related_pdb_entries": "PDB",
    "empiar_references": "EMPIAR",
    "idr_references": "IDR",
    "biostudies_references": "BioStudies",
}
_CITATIONS = {"doi": "DOI", "pubmed": "PubMed", "pubmedid": "PubMed"}


def dataset(session: ImportSession) -> DataSet:
    """The data set of an entry.

    Raises:
        DocumentError: the entry is not released, or the file has several.
    """
    (path,) = session.claim.files
    if not sample_of(path).is_json:
        return _of_header(session, session.xml(path), path)
    root = session.json(path)
    if "imagesets" not in root and "num_images_or_tilt_series" in root:
        return DataSet(regions=regions([root]))
    accessions = [key for key in root if _ACCESSION.fullmatch(key)]
    if len(accessions) > 1:
        raise _several(path, accessions)
    accession = accessions[0] if accessions else None
    return _of_answer(session, root.part(accession) if accession else root, accession, path)


def _several(path: Path, accessions: list[str]) -> DocumentError:
    return DocumentError(
        "the file has several entries",
        path=path,
        line=1,
        found=", ".join(accessions[:3]) + (" …" if len(accessions) > 3 else ""),
        expected="one entry",
        hint="Save each entry in a file of its own.",
    )


def _of_answer(session: ImportSession, fields: Fields, accession: str | None, path: Path) -> DataSet:
    """The data set of an answer of the API, or of a deposition, which has no accession yet."""
    if accession is None and (stated := _ACCESSION.search(str(fields.peek("entry_doi")))):
        accession = stated[0]
    _check_status(path, accession, fields.text("status"), fields.text("obsolete_date"))
    found = _head(session, fields, accession)
    found.authors = [_author(one) for one in _in_order(fields) if "name" in one]
    found.funding = [_grant(one) for one in fields.parts("grant_references")]
    listed = [*_own(accession, fields.text("entry_doi")), *_references(fields), *_cited(fields)]
    found.cross_references = list(distinct(listed))
    found.regions = regions(fields.parts("imagesets"))
    return found


def _of_header(session: ImportSession, root: Fields, path: Path) -> DataSet:
    """The data set of a header in XML."""
    accession = checked_accession(path, root.text("@accessionCode"), "EMPIAR")
    admin = root.part("admin")
    dates, related = admin.part("keyDates"), root.part("crossReferences")
    public = root.truth("@public")
    status = admin.text("currentStatus")
    _check_status(path, accession, "not public" if public is False else status, dates.text("obsoleteDate"))
    found = _head(session, admin, accession, dates)
    people = admin.part("authorsList").parts("author", text=TEXT)
    found.authors = [person(name, one.text("@authorORCID")) for one in people if (name := one.text(TEXT))]
    found.funding = [_grant(one) for one in admin.part("grantSupport").parts("grantReference")]
    listed = [*_own(accession, admin.text("entryDOI")), *_related(related), *_header_citations(related)]
    found.cross_references = list(distinct(listed))
    found.regions = regions(root.parts("imageSet"))
    return found


def _check_status(path: Path, accession: str | None, status: str | None, obsolete: str | None) -> None:
    if status not in (None, "REL") or obsolete:
        raise not_released(
            path, accession or "of EMPIAR", f"obsolete since {obsolete}" if obsolete else f"status {status}"
        )


def _head(
    session: ImportSession, fields: Fields, accession: str | None, dates: Fields | None = None
) -> DataSet:
    """Title and days, and where files of a released entry are."""
    dates = dates or fields
    deposited, released, changed = (
        dates.date(named(dates, name)) for name in ("deposition_date", "release_date", "update_date")
    )
    session.modified = changed
    number = None if accession is None else accession.removeprefix("EMPIAR-")
    return DataSet(
        name=accession,
        title=text(fields, "title"),
        license=None if number is None else "CC0-1.0",
        base_address=None if number is None else f"https://ftp.ebi.ac.uk/empiar/world_availability/{number}/",
        deposition_date=deposited,
        release_date=released,
        last_modified_date=changed,
    )


def _in_order(fields: Fields) -> list[Fields]:
    """The authors by their place in the list, which is not always that in the file."""
    people = [one.part("author") if "author" in one else one for one in fields.parts("authors")]
    return in_stated_order(people, "order_id")


def _author(fields: Fields) -> Person:
    return person(text(fields, "name") or "", fields.text("author_orcid"))


def _grant(fields: Fields) -> Grant:
    one = fields.part("grant_reference") if "grant_reference" in fields else fields
    return Grant(agency=text(one, "funding_body"), grant=text(one, "code"))


def _own(accession: str | None, doi: str | None) -> Iterator[CrossReference]:
    if accession is not None:
        yield entry("EMPIAR", accession, f"https://www.ebi.ac.uk/empiar/{accession}/")
    if doi is not None:
        yield entry("DOI", doi)


def _references(fields: Fields) -> Iterator[CrossReference]:
    for key, database in _REFERENCES.items():
        for one in fields.parts(key, text="name"):
            if accession := one.text("name"):
                yield entry(database, accession)


def _cited(fields: Fields) -> Iterator[CrossReference]:
    for citation in fields.parts("citation"):
        for key in ("doi", "pubmedid"):
            if accession := citation.text(key):
                yield entry(_CITATIONS[key], accession)


def _related(fields: Fields) -> Iterator[CrossReference]:
    """Entries of the lists that are named after an archive, such as relatedEMDBEntries."""
    for key in fields:
        archive = next(
            (one for one in _REFERENCES.values() if f"related{one}".casefold() in key.casefold()), None
        )
        if archive is not None and isinstance(fields.peek(key), dict):
            listed = fields.part(key)
            for one in (one for name in listed for one in listed.parts(name, text=TEXT)):
                if accession := one.text(TEXT):
                    yield entry(archive, accession)


def _header_citations(fields: Fields) -> Iterator[CrossReference]:
    """The articles and their like; of what they are called otherwise, nothing is taken."""
    for citation in fields.part("citationList").parts("universalCitation"):
        for key in citation:
            for one in citation.parts(key, text=TEXT):
                yield from _external(one)


def _external(citation: Fields) -> Iterator[CrossReference]:
    for one in citation.parts("externalReferences", text=TEXT):
        database = _CITATIONS.get(str(one.peek("@type")).casefold())
        if database is not None and (accession := one.text(TEXT)):
            one.take("@type")
            yield entry(database, accession)
