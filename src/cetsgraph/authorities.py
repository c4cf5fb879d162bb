"""IRIs of things of the world as their authorities write them: terms, taxa, people, licences, entries, files.

Each function gives None where the text names nothing for certain, so that no wrong IRI is made.
"""

import re
from urllib.parse import quote

from cetsgraph.iris import is_iri
from cetsgraph.namespaces import OBO
from cetsgraph.registry import Prefix, at_resolver, prefix_called

__all__ = [
    "doi_iri",
    "entry_iri",
    "file_iri",
    "licence_iri",
    "orcid_check_digit",
    "person_iri",
    "taxon_iri",
    "term_iri",
]

_CURIE = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*):([^\s:/]\S*)")
_JOINED = re.compile(r"([A-Za-z]+)_(\d+)")
_ORCID = re.compile(
    r"(?:https?://(?:www\.)?orcid\.org/|orcid: ?)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])/?", re.IGNORECASE
)
_DOI = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi: ?)?(10\.\d{2,9}/\S+)", re.IGNORECASE)
_CREATIVE_COMMONS = re.compile(r"CC[- ](BY(?:-NC)?(?:-(?:SA|ND))?)[- ](\d\.\d)", re.IGNORECASE)
_SPDX = re.compile(r"[A-Za-z][A-Za-z0-9.+-]*-\d[A-Za-z0-9.+-]*|MIT|ISC|Zlib|Unlicense")
_CC0 = re.compile(r"CC0(?:[- ]?1\.0)?(?: .*)?", re.IGNORECASE)
_ADDRESS = ("http://", "https://", "ftp://", "s3://", "gs://")
_FOLDER = re.compile(r"(?:https?|ftp|s3|gs)://[^?#]+")
_BEFORE_FILE = re.compile(r"(?:\./)*(?:[0-9]+@)?")
_NOT_BELOW = re.compile(r"\Z|[/~]|[A-Za-z][A-Za-z0-9+.-]*:|(?:.*/)?\.\.?(?:/|\Z)|.*\\", re.DOTALL)
"""No path of what is in a folder: empty, from a root or home, with a scheme or drive, upwards, of Windows."""
_PORTAL = "https://cryoetdataportal.czscience.com/datasets/"
_ENTRY = {
    "empiar": re.compile(r"(?:EMPIAR-)?(\d{5,})", re.IGNORECASE),
    "emdb": re.compile(r"(?:EMD-)?(\d{4,5})", re.IGNORECASE),
    "pdb": re.compile(r"(?:pdb_0000)?(\d[A-Z0-9]{3})", re.IGNORECASE),
}
_PORTAL_ENTRY = re.compile(r"(?:DS-)?(\d+)", re.IGNORECASE)


def term_iri(text: str) -> str | None:
    """The IRI of an ontology term or identifier that is written as a CURIE or an IRI.

    >>> [term_iri(text) for text in ("GO:0005840", "GO_0005840", "https://identifiers.org/GO:0005840")]
    ['http://purl.obolibrary.org/obo/GO_0005840', 'http://purl.obolibrary.org/obo/GO_0005840',
     'http://purl.obolibrary.org/obo/GO_0005840']
    >>> term_iri("UniProtKB:P04591"), term_iri("GO:58"), term_iri("ribosome")
    ('http://purl.uniprot.org/uniprot/P04591', None, None)
    """
    text = text.strip()
    if resolved := at_resolver(text):
        prefix, rest = resolved
        return _iri(prefix_called(prefix), rest)
    if text.startswith(("http://", "https://")):
        return text if is_iri(text) else None
    found = _CURIE.fullmatch(text) or _JOINED.fullmatch(text)
    return None if found is None else entry_iri(found[1], found[2])


def taxon_iri(number: int) -> str:
    """The IRI of a taxon by its number at NCBI.

    >>> taxon_iri(9606)
    'http://purl.obolibrary.org/obo/NCBITaxon_9606'
    """
    return f"{OBO}NCBITaxon_{number}"


def person_iri(orcid: str) -> str | None:
    """The IRI of a person by their ORCID, if its check digit is right (ISO 7064, 11-2).

    >>> person_iri("0000-0002-1825-0097"), person_iri("0000-0002-1825-0098")
    ('https://orcid.org/0000-0002-1825-0097', None)
    """
    found = _ORCID.fullmatch(orcid.strip())
    if found is None:
        return None
    orcid = found[1].upper()
    right = orcid[-1] == orcid_check_digit(orcid.replace("-", "")[:15])
    return f"https://orcid.org/{orcid}" if right else None


def orcid_check_digit(digits: str) -> str:
    """The last character of an ORCID whose other 15 digits are given (ISO 7064, mod 11-2).

    >>> orcid_check_digit("000000021825009")
    '7'
    >>> orcid_check_digit("000000021694233")
    'X'
    """
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    result = (12 - total % 11) % 11
    return "X" if result == 10 else str(result)


def licence_iri(text: str) -> str | None:
    """The IRI of a licence by its SPDX identifier or address.

    >>> licence_iri("CC-BY-4.0"), licence_iri("Apache-2.0"), licence_iri("all rights reserved")
    ('https://creativecommons.org/licenses/by/4.0/', 'https://spdx.org/licenses/Apache-2.0', None)
    """
    text = text.strip()
    if text.startswith(("http://", "https://")):
        return text if is_iri(text) else None
    if _CC0.fullmatch(text):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if found := _CREATIVE_COMMONS.fullmatch(text):
        return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
    return f"https://spdx.org/licenses/{text}" if _SPDX.fullmatch(text) else None


def doi_iri(text: str) -> str | None:
    """The IRI of a DOI, with or without what usually stands before it.

    >>> doi_iri("doi:10.1126/science.aaf9620"), doi_iri("science.aaf9620")
    ('https://doi.org/10.1126/science.aaf9620', None)
    """
    found = _DOI.fullmatch(text.strip())
    iri = None if found is None else f"https://doi.org/{found[1]}"
    return iri if iri and is_iri(iri) else None


def entry_iri(database: str, accession: str) -> str | None:
    """The IRI of an entry of a database.

    >>> entry_iri("EMPIAR", "EMPIAR-10164"), entry_iri("EMDB", "3782"), entry_iri("PDB", "pdb_00006vxx")
    ('https://www.ebi.ac.uk/empiar/EMPIAR-10164/', 'https://www.ebi.ac.uk/emdb/EMD-3782',
     'https://www.rcsb.org/structure/6VXX')
    >>> entry_iri("CryoET Data Portal", "DS-10445")
    'https://cryoetdataportal.czscience.com/datasets/10445'
    """
    accession = accession.strip()
    if "cryoet" in database.casefold() and "portal" in database.casefold():
        found = _PORTAL_ENTRY.fullmatch(accession)
        return None if found is None else f"{_PORTAL}{found[1]}"
    prefix = prefix_called({"emd": "emdb"}.get(database.strip().casefold(), database.strip()))
    if prefix is None:
        return None
    if prefix.name == "doi":
        return doi_iri(accession)
    if prefix.name in _ENTRY:
        found = _ENTRY[prefix.name].fullmatch(accession)
        accession = "" if found is None else found[1].upper()
        accession = f"EMD-{accession}" if prefix.name == "emdb" and accession else accession
    return _iri(prefix, accession)


def file_iri(path: str, base: str | None = None) -> str | None:
    """The address of a file, if its path is one, or is relative and starts in a folder with an address.

    >>> file_iri("https://example.org/a.mrc"), file_iri("frames/a.mrc")
    ('https://example.org/a.mrc', None)
    >>> file_iri("frames/a 1.mrc", "s3://bucket/set"), file_iri("/data/a.mrc", "s3://bucket/set")
    ('s3://bucket/set/frames/a%201.mrc', None)

    Args:
        path: as a document gives it; of `001@stack.mrc`, an image of a stack, it is the address of the stack.
        base: address of the folder that relative paths start in.
    """
    if path.startswith(_ADDRESS):
        return path if is_iri(path) else None
    if base is None or not _FOLDER.fullmatch(base) or not is_iri(base):
        return None
    file = _BEFORE_FILE.sub("", path, count=1)
    return None if _NOT_BELOW.match(file) else f"{base.rstrip('/')}/{quote(file, errors='replace')}"


def _iri(prefix: Prefix | None, rest: str) -> str | None:
    if prefix is None or not prefix.address or not rest or not prefix.fits(rest):
        return None
    iri = prefix.address.replace("$1", rest)
    return iri if is_iri(iri) else None
