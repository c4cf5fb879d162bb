"""The archives that can be asked, and how their entries are called."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["ALL", "ARCHIVES", "Archive", "accessions"]

ALL = "all"
"""What stands for all entries of an archive."""


@dataclass(frozen=True, slots=True)
class Archive:
    """One archive."""

    name: str
    """As the importer of its entries is called."""
    url: str
    """Address of its interface; `{}` stands for the number of an entry."""
    prefix: str
    """What stands before the number in the name of a data set."""
    spelling: re.Pattern[str]
    """How entries are called; the group is the number."""
    within: re.Pattern[str]
    """Where an entry says in its file what it is; the group is the number."""
    has_all: bool = False
    """Whether it lists its entries."""

    def named(self, number: str) -> str:
        """The name of the data set of an entry.

        >>> ARCHIVES["emdb"].named("1")
        'EMD-0001'
        """
        return f"{self.prefix}{int(number):04d}"


ARCHIVES = {
    archive.name: archive
    for archive in (
        Archive(
            "portal",
            "https://graphql.cryoetdataportal.czscience.com/graphql",
            "CryoET-Data-Portal-",
            re.compile(r"(?:DS-|CryoET-Data-Portal-)?(\d{1,9})", re.IGNORECASE | re.ASCII),
            re.compile(r"(?!)"),
            has_all=True,
        ),
        Archive(
            "empiar",
            "https://www.ebi.ac.uk/empiar/api/entry/{}/",
            "EMPIAR-",
            re.compile(r"(?:EMPIAR-)?(\d{1,9})", re.IGNORECASE | re.ASCII),
            re.compile(r'"EMPIAR-(\d{1,9})"'),
        ),
        Archive(
            "emdb",
            "https://www.ebi.ac.uk/emdb/api/entry/{}",
            "EMD-",
            re.compile(r"(?:EMD-)?(\d{1,9})", re.IGNORECASE | re.ASCII),
            re.compile(r'emdb_id"?\s*[:=]\s*"EMD-(\d{1,9})"'),
        ),
    )
}
"""By the names of importers."""


def accessions(archive: str, words: Iterable[str]) -> list[str] | None:
    """The names of data sets that words mean, each once: none for all of them, None if a word is no entry.

    >>> accessions("portal", ["10000", "DS-10445"])
    ['CryoET-Data-Portal-10000', 'CryoET-Data-Portal-10445']
    >>> accessions("portal", ["all"]), accessions("emdb", ["a.map"])
    ([], None)
    """
    known, words = ARCHIVES[archive], list(words)
    if words == [ALL] and known.has_all:
        return []
    found = [known.spelling.fullmatch(word) for word in words]
    names = [known.named(match[1]) for match in found if match is not None]
    return list(dict.fromkeys(names)) if len(names) == len(words) else None
