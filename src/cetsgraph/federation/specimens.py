"""The same specimen in several archives: data sets that share an entry of EMPIAR, EMDB, PDB or a portal.

Spellings of an accession are compared as the question `same_specimen` compares them within one store: without
case, a prefix of the archive, the address before it, or a slash at its end. A paper may describe several
specimens, so a DOI joins data sets only where it is the DOI of an entry.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cetsgraph.groups import Groups
from cetsgraph.iris import is_iri
from cetsgraph.namespaces import CETS

__all__ = ["entry_called", "entry_of", "merged", "same_iri", "specimens"]

ENTRIES = f"""PREFIX cets: <{CETS}>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT DISTINCT ?dataset ?name ?database ?accession WHERE {{
  ?dataset a cets:DataSet .
  OPTIONAL {{ ?dataset cets:name|dcterms:title ?name }}
  OPTIONAL {{
    ?dataset cets:hasCrossReference ?reference .
    ?reference cets:database ?database ; cets:accession ?accession .
  }}
}}"""
"""The name of each data set, and the entries in other archives that it names."""

_ARCHIVES = ("EMPIAR", "EMDB", "PDB", "PORTAL")
_BEFORE = {
    "DOI": re.compile(r"^<?(https?://)?((dx|www)\.)?(doi\.org/|(info:|urn:)?doi[:/ ] *)"),
    "PORTAL": re.compile(r"^(.*/datasets/|cryoet[- ]data[- ]portal[- ])"),
}
_ADDRESS_BEFORE = re.compile(r"^.*/")
_DOI_OF_ENTRY = {"10.6019/empiar-": "EMPIAR", "10.2210/pdb": "PDB"}
_PREFIX = re.compile(r"^(10\.6019/|10\.2210/)?((empiar|emdb|emd|pdb|id|ds)[-_: ]*)+(0000)?|/pdb$")
_BEHIND = re.compile(r"[/.,;>]+$")
_CALLED = {
    "EMPIAR": re.compile(r"^empiar-[0-9]"),
    "EMDB": re.compile(r"^emd-[0-9]"),
    "PORTAL": re.compile(r"^(ds-|cryoet[- ]data[- ]portal[- ](ds-|czcdp-)?)[0-9]+$"),
}
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def entry_of(database: str, accession: str) -> str | None:
    """One way to write an entry of another archive; None for databases whose entries are not one specimen.

    >>> entry_of("EMPIAR", "https://www.ebi.ac.uk/empiar/EMPIAR-10164/")
    'EMPIAR:10164'
    >>> entry_of("doi", "http://dx.doi.org/10.6019/EMPIAR-10164")
    'EMPIAR:10164'
    >>> entry_of("DOI", "10.1126/science.aaf9620") is None
    True
    """
    called = database.strip().upper()
    archive = "EMDB" if called == "EMD" else next((one for one in ("PORTAL", "PDB") if one in called), called)
    address = re.sub("[?#].*", "", accession) if "://" in accession else accession
    written = _BEHIND.sub("", address.strip().lower())
    short = _BEFORE.get(archive, _ADDRESS_BEFORE).sub("", written)
    archive = next((name for start, name in _DOI_OF_ENTRY.items() if short.startswith(start)), archive)
    return f"{archive}:{_PREFIX.sub('', short)}" if archive in _ARCHIVES else None


def entry_called(name: str) -> str | None:
    """The entry that a data set is, if it is called as one.

    >>> entry_called("EMPIAR-10164")
    'EMPIAR:10164'
    """
    for archive, pattern in _CALLED.items():
        if pattern.match(name.lower()):
            return entry_of(archive, name)
    return None


def same_iri(iri: str) -> str:
    """An IRI without what does not tell two apart.

    >>> same_iri("http://example.org/a/") == same_iri("https://example.org/a")
    True
    """
    return re.sub(r"^http://", "https://", iri).rstrip("/")


def specimens(entries: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, str]:
    """For each data set, by its IRI, the specimen that it is about, named by its first entry.

    What names several data sets of a portal, such as a deposition of annotations, is about all of them, and
    does not make them one; nor does a deposition that several data sets are part of.

    Args:
        entries: source and row of `ENTRIES`.
    """
    named_by: defaultdict[str, set[str]] = defaultdict(set)
    own: dict[str, str | None] = {}
    for _, row in entries:
        dataset = same_iri(str(row["dataset"]))
        named_by[dataset].update(_entry(row))
        own[dataset] = own.get(dataset) or entry_called(str(row.get("name") or ""))
    groups = Groups()
    for dataset, found in named_by.items():
        groups.join(dataset, own[dataset] or dataset)
        others = {entry for entry in found - {own[dataset]} if entry.startswith("PORTAL:")}
        if len(others) == 1 and not any(map(_is_deposition, others)):
            others = set()
        for entry in found - others:
            groups.join(dataset, entry)
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


def _entry(row: Mapping[str, Any]) -> Iterator[str]:
    """The entry that a row of `ENTRIES` names, if it is one."""
    database, accession = (str(row.get(column) or "") for column in ("database", "accession"))
    if database and accession and (entry := entry_of(database, accession)):
        yield entry


def _is_deposition(entry: str) -> bool:
    return entry.startswith("PORTAL:czcdp-")


def _typed(value: Any) -> tuple[str, str]:
    """What a value is compared by: its kind and text, and of an IRI what tells it apart."""
    if isinstance(value, str) and _ADDRESS.match(value) and is_iri(value):
        return "iri", same_iri(value)
    return type(value).__name__, repr(value)


def _by_archive(entry: str) -> tuple[int, str]:
    return _ARCHIVES.index(entry.partition(":")[0]), entry
