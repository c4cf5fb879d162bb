"""Entries, people and grants as the archives of EMBL-EBI write them."""

import re
from collections.abc import Iterable, Iterator

from cetsgraph.errors import DocumentError, StrPath
from cetsgraph.model import CrossReference, Person

__all__ = ["checked_accession", "distinct", "entry", "not_released", "person"]

_RESOLVER = re.compile(r"^(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*)", re.IGNORECASE)


def entry(database: str, accession: str, url: str | None = None) -> CrossReference:
    """An entry by the accession as its archive writes it.

    >>> [entry(*one).accession for one in (("PDB", "7sgd"), ("DOI", "doi:10.1000/1"), ("EMDB", "3197"))]
    ['7SGD', '10.1000/1', 'EMD-3197']
    """
    accession = _RESOLVER.sub("", accession.strip())
    if database == "PDB" and len(accession) == 4:
        accession = accession.upper()
    prefix = {"EMDB": "EMD-", "EMPIAR": "EMPIAR-"}.get(database, "")
    if accession.isdecimal():
        accession = f"{prefix}{accession}"
    return CrossReference(database=database, accession=accession, url=url)


def distinct(entries: Iterable[CrossReference]) -> Iterator[CrossReference]:
    """Each entry once, as it is first stated."""
    seen: set[tuple[str | None, str | None]] = set()
    for one in entries:
        key = one.database, one.accession
        if key not in seen:
            seen.add(key)
            yield one


def person(name: str, orcid: str | None) -> Person:
    """A person by name and ORCID, in any spelling of these.

    >>> person("('Smith', 'JW')", "https://orcid.org/0000-0002-1825-0097")
    Person(name='Smith JW', orcid='0000-0002-1825-0097')
    """
    pair = re.fullmatch(r"\(\s*'(.*)'\s*,\s*'(.*)'\s*\)", name)
    found = (orcid or "").rpartition("/")[2]
    return Person(name=" ".join(pair.groups()).strip() if pair else name, orcid=found or None)


def not_released(path: StrPath, accession: str, found: str) -> DocumentError:
    """Why an entry is not imported that the archive has not released, or has withdrawn."""
    return DocumentError(
        f"the entry {accession} is not released",
        path=path,
        found=found,
        expected="status REL",
        hint="Only entries that their archive has released are imported.",
    )


def checked_accession(path: StrPath, accession: str | None, prefix: str) -> str:
    """The accession that a file states for itself.

    Raises:
        DocumentError: it is none of its archive.
    """
    if accession is None or not re.fullmatch(rf"{prefix}-\d+", accession, re.ASCII):
        raise DocumentError(
            "the entry does not state its accession",
            path=path,
            line=1,
            found=accession,
            expected=f"{prefix}- and a number",
        )
    return accession
