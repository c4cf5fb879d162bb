"""The same specimen in several archives: data sets that share an entry of EMPIAR, EMDB, PDB or a DOI.

A name of an entry is compared without the ways in which people write it: case, `http` or `https`, a slash
at its end, the address of a resolver before it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cetsgraph.iris import is_iri
from cetsgraph.namespaces import CETS

__all__ = ["entry_of", "merged", "same_iri", "specimens"]

ENTRIES = f"""PREFIX cets: <{CETS}>
SELECT DISTINCT ?dataset ?name ?database ?accession WHERE {{
  ?dataset a cets:DataSet .
  OPTIONAL {{ ?dataset cets:name ?name }}
  OPTIONAL {{
    ?dataset cets:hasCrossReference ?reference .
    ?reference cets:database ?database ; cets:accession ?accession .
  }}
}}"""
"""The entries in other archives that each data set names."""

_PATTERNS = (
    ("EMPIAR", re.compile(r"(?:.*empiar[/-]|)(?:EMPIAR-)?(\d{5,})/?", re.IGNORECASE)),
    ("EMDB", re.compile(r"(?:.*/)?EMD[-_]?(\d{4,5})/?", re.IGNORECASE)),
    ("PDB", re.compile(r"(?:.*/)?(?:pdb_0000)?(\d[a-z0-9]{3})/?", re.IGNORECASE)),
    (
        "DOI",
        re.compile(r"(?:https?://(?:(?:dx|www)\.)?doi\.org/|doi: ?)?(10\.\d{4,9}/\S+?)/?", re.IGNORECASE),
    ),
)
_DOI_OF_EMPIAR = re.compile(r"\b10\.6019/EMPIAR-(\d{5,})/?$", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_NAMED = re.compile(r"EMPIAR-\d{5,}", re.IGNORECASE)


def entry_of(database: str, accession: str) -> str | None:
    """One way to write an entry of another archive; None for archives that are not compared.

    >>> entry_of("EMPIAR", "https://www.ebi.ac.uk/empiar/EMPIAR-10164/")
    'EMPIAR:10164'
    >>> entry_of("doi", "http://dx.doi.org/10.6019/EMPIAR-10164")
    'EMPIAR:10164'
    """
    if found := _DOI_OF_EMPIAR.search(accession.strip()):
        return f"EMPIAR:{found[1]}"
    for name, pattern in _PATTERNS:
        if database.strip().upper() in (name, f"W{name}") and (found := pattern.fullmatch(accession.strip())):
            return f"{name}:{found[1].lower()}"
    return None


def same_iri(iri: str) -> str:
    """An IRI without what does not tell two apart.

    >>> same_iri("http://example.org/a/") == same_iri("https://example.org/a")
    True
    """
    return re.sub(r"^http://", "https://", iri).rstrip("/")


def specimens(entries: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, str]:
    """For each data set, by its IRI, the specimen that it is about, named by its first entry.

    Args:
        entries: source and row of `ENTRIES`.
    """
    groups = _Groups()
    for _, row in entries:
        dataset = same_iri(str(row["dataset"]))
        groups.join(dataset, dataset)
        if row.get("database") and row.get("accession"):
            entry = entry_of(str(row["database"]), str(row["accession"]))
            if entry is not None:
                groups.join(dataset, entry)
        name = str(row.get("name") or "")
        if _NAMED.fullmatch(name):
            groups.join(dataset, f"EMPIAR:{name[7:]}")
    members: defaultdict[str, list[str]] = defaultdict(list)
    for node in groups.nodes():
        members[groups.root(node)].append(node)
    named: dict[str, str] = {}
    for nodes in members.values():
        titles = sorted((node for node in nodes if not node.startswith("http")), key=_by_archive)
        for node in nodes:
            if node.startswith("http"):
                named[node] = titles[0] if titles else node
    return named


def merged(rows: Sequence[Mapping[str, Any]], named: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows with their specimen, those of one specimen together; equal rows are one with all its sources."""
    together: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        dataset = row.get("dataset")
        specimen = None if dataset is None else named.get(same_iri(str(dataset)))
        key = tuple((name, *_typed(value)) for name, value in row.items() if name != "source")
        known = together.get(key)
        if known is None:
            together[key] = {**row, "specimen": specimen}
        elif row["source"] not in known["source"].split(", "):
            known["source"] += f", {row['source']}"
    return sorted(together.values(), key=lambda row: str(row["specimen"] or "~"))


def _typed(value: Any) -> tuple[str, str]:
    """What a value is compared by: its kind and text, and of an IRI what tells it apart."""
    if isinstance(value, str) and _ADDRESS.match(value) and is_iri(value):
        return "iri", same_iri(value)
    return type(value).__name__, repr(value)


def _by_archive(entry: str) -> tuple[int, str]:
    archives = [name for name, _ in _PATTERNS]
    return archives.index(entry.partition(":")[0]), entry


class _Groups:
    """Things that are the same, joined two by two."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def root(self, node: str) -> str:
        self._above.setdefault(node, node)
        while self._above[node] != node:
            self._above[node] = self._above[self._above[node]]
            node = self._above[node]
        return node

    def join(self, one: str, other: str) -> None:
        self._above[self.root(one)] = self.root(other)

    def nodes(self) -> list[str]:
        return list(self._above)
