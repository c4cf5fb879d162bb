"""Prefixes of CURIEs that the Bioregistry knows, and what stands after each."""

import re
from dataclasses import dataclass

from cetsgraph.registry import at_resolver, prefix_called

__all__ = ["Spelling", "spelling_of"]

_CURIE = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*):([^\s:][^\s]*)")
_IRI = re.compile(r"https?://[^\s/<>\"{}|^`\\]+/[^\s<>\"{}|^`\\]+")
_JOINED = re.compile(r"([A-Za-z][A-Za-z.]*)[-_](\w+)")
_OBO = re.compile(r"https?://purl\.obolibrary\.org/obo/([A-Za-z]+)_(\S+)")
_SHORT = {"EMD": "EMDB", "CPX": "ComplexPortal"}
"""Prefixes of identifiers that stand for the archive: EMD-3782 is EMDB:EMD-3782."""
_ALSO = {
    "pdb": re.compile(r"(?i:pdb_\d{4}\d[a-z0-9]{3})"),
    "emdb": re.compile(r"\d{4,5}"),
    "empiar": re.compile(r"(?i:EMPIAR-\d{5,})"),
    "cellosaurus": re.compile(r"CVCL_[A-Z0-9]{4}"),
    "uniprot": re.compile(r"[A-Z0-9]{6,10}(-\d+|-PRO_\d+)"),
}
"""What is in use beside the pattern of the registry: extended PDB ids, bare EMDB numbers, isoforms, and
identifiers whose prefix is part of them."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """How a term is written: `known` says whether its prefix is, `right` whether the rest has its form."""

    known: bool
    right: bool
    usual: str | None = None
    """The CURIE that it stands for, where it is written in another way."""


def spelling_of(term: str) -> Spelling | None:
    """How a term is written; None if it is neither a CURIE nor an IRI.

    >>> spelling_of("GO:0005840")
    Spelling(known=True, right=True, usual=None)
    >>> [spelling_of(term).usual for term in ("PDB-6VXX", "EMD-3782")]
    ['PDB:6VXX', 'EMDB:EMD-3782']
    >>> spelling_of("EMD:3782").usual
    'EMDB:EMD-3782'
    >>> spelling_of("ribosome") is None
    True
    """
    if resolved := at_resolver(term):
        prefix, rest = resolved
        known = prefix_called(prefix) is not None
        return Spelling(known, _fits(prefix, rest), f"{prefix}:{rest}" if known else None)
    if obo := _OBO.fullmatch(term):
        return Spelling(prefix_called(obo[1]) is not None, _fits(obo[1], obo[2]))
    if _IRI.fullmatch(term):
        return Spelling(known=True, right=True)
    curie = _CURIE.fullmatch(term)
    if curie is not None and curie[1].upper() in _SHORT:
        return _joined(f"{curie[1]}-{curie[2].rpartition('-')[2]}")
    if curie is not None:
        return Spelling(prefix_called(curie[1]) is not None, _fits(curie[1], curie[2]))
    return _joined(term)


def _joined(term: str) -> Spelling | None:
    """A term with - or _ in place of the colon."""
    found = _JOINED.fullmatch(term)
    if found is None:
        return None
    prefix, rest = found[1], found[2]
    if prefix.upper() in _SHORT:
        archive = _SHORT[prefix.upper()]
        return Spelling(known=True, right=_fits(archive, term.upper()), usual=f"{archive}:{term.upper()}")
    if prefix_called(prefix) is not None and _fits(prefix, rest) and any(map(str.isdigit, rest)):
        return Spelling(known=True, right=True, usual=f"{prefix}:{rest}")
    return Spelling(known=False, right=True) if rest.isdecimal() else None


def _fits(name: str, rest: str) -> bool:
    prefix = prefix_called(name)
    if prefix is None:
        return True
    also = _ALSO.get(prefix.name)
    return any(map(prefix.fits, (rest, f"{name}:{rest}", rest.upper()))) or bool(
        also and also.fullmatch(rest)
    )
