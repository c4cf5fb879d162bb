"""IRIs of things of the world as their authorities write them: terms, taxa, people, licences, entries, files.

Each function gives None where the text names nothing for certain, so that no wrong IRI is made.
"""

import re
from urllib.parse import quote, unquote

from cetsgraph.iris import is_iri, is_web_address
from cetsgraph.namespaces import OBO
from cetsgraph.normal_forms import HYPHENS
from cetsgraph.registry import Prefix, at_resolver, entry_at, prefix_called

__all__ = [
    "doi_iri",
    "entry_iri",
    "file_iri",
    "is_licence",
    "licence_iri",
    "orcid_check_digit",
    "person_iri",
    "taxon_iri",
    "term_iri",
]

_CURIE = re.compile(r"([A-Za-z][A-Za-z0-9_.-]*): *([^\s:/]\S*)")
_JOINED = re.compile(r"([A-Za-z]+)_(\d+)")
_ORCID = re.compile(
    r"(?:orcid(?: iD)?[: ] *)?(?:(?:https?://)?(?:www\.)?orcid\.org/)?"
    r"([0-9]{4}(?:[- ]?[0-9]{4}){2}[- ]?[0-9]{3}[0-9X])/?(?:[?#].*)?",
    re.IGNORECASE,
)
_DOI = re.compile(
    r"((?:https?://)?(?:dx\.|www\.)?doi\.org/)?(?:(?:info:|urn:)?doi[:/ ] *)?(10\.[0-9]{2,9}/\S+?)[/.,;]*",
    re.IGNORECASE,
)
_IN_DOI = "/:;()!$&'*,=@+"
"""Characters of a DOI that stand in its address as they are (ISO 26324, DOI Handbook 3.8)."""
_CREATIVE_COMMONS = re.compile(r"CC-(BY(?:-NC)?(?:-(?:SA|ND))?)-([0-9.]+)")
_CC_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?creativecommons\.org/(licenses/[a-z-]+/[0-9.]+|publicdomain/zero/1\.0)"
    r"(?:/(?:legalcode|deed)[a-z._-]*)?/?",
    re.IGNORECASE,
)
_SPDX_ADDRESS = re.compile(
    r"https?://(?:www\.)?spdx\.org/licenses/([^/]+?)(?:\.html|\.json)?/?", re.IGNORECASE
)
_CC0 = re.compile(r"(?:CC0(?:[- ]?1\.0)?|Creative Commons Zero)(?: .*)?", re.IGNORECASE)
_CC_NAMED = re.compile(
    r"Creative Commons (Attribution(?:[ -](?:NonCommercial|ShareAlike|NoDerivatives|NoDerivs))*)"
    r"(?: License)?(?: v)? ?([1-4]\.0)(?: (?:International|Unported).*)?",
    re.IGNORECASE,
)
_CC_WORDS = {
    "attribution": "by",
    "noncommercial": "nc",
    "sharealike": "sa",
    "noderivatives": "nd",
    "noderivs": "nd",
}
_FILLING = re.compile(r"\Aspdx: ?|\b(?:the|licen[sc]e|version),?(?: |\Z)", re.IGNORECASE)
"""Words of names of licences that their identifiers do without."""
_ADDRESS = re.compile(r"(?:https?|ftp|s3|gs)://[^/?#].*", re.IGNORECASE)
_FOLDER = re.compile(r"(?:https?|ftp|s3|gs)://[^?#]+")
_BEFORE_FILE = re.compile(r"(?:\./)*(?:[0-9]+@)?(?:\./)*")
_NOT_BELOW = re.compile(r"\Z|[/~]|[A-Za-z][A-Za-z0-9+.-]*:|(?:.*/)?\.\.?(?:/|\Z)|.*\\", re.DOTALL)
"""No path of what is in a folder: empty, from a root or home, with a scheme or drive, upwards, of Windows."""
_PORTAL = "https://cryoetdataportal.czscience.com/datasets/"
_ENTRY = {
    "empiar": re.compile(r"(?:10\.6019/)?(?:EMPIAR[-_: ]?)?([0-9]{5,})", re.IGNORECASE),
    "emdb": re.compile(r"(?:EMDB[-_: ]?)?(?:EMD[-_: ]?)?([0-9]{4,5})", re.IGNORECASE),
    "pdb": re.compile(
        r"(?:10\.2210/)?(?:PDB(?: ID)?[-_: ]*)?(?:pdb_)?(?:0000)?([0-9][A-Z0-9]{3})(?:/pdb)?", re.IGNORECASE
    ),
}
_LONG_PDB = re.compile("(?:PDB:)?(pdb_(?!0000)[0-9A-Z]{8})", re.IGNORECASE)
"""Identifiers of PDB entries that have no short form (https://www.wwpdb.org/documentation/pdb-id-extension-faq)."""
_PORTAL_ENTRY = re.compile(rf"(?:{re.escape(_PORTAL)}|DS-)?([0-9]+)/?(?:[?#].*)?", re.IGNORECASE)
_ALSO_CALLED = {
    "bioimage archive": "biostudies",
    "emd": "emdb",
    "ncbi taxonomy": "ncbitaxon",
    "rcsb": "pdb",
    "rcsb pdb": "pdb",
}
"""Names of databases that the registry does not know."""


def term_iri(text: str) -> str | None:
    """The IRI of an ontology term or identifier that is written as a CURIE or an IRI.

    >>> [term_iri(text) for text in ("GO:0005840", "GO_0005840", "https://identifiers.org/GO:0005840")]
    ['http://purl.obolibrary.org/obo/GO_0005840', 'http://purl.obolibrary.org/obo/GO_0005840',
     'http://purl.obolibrary.org/obo/GO_0005840']
    >>> term_iri("UniProtKB:P04591"), term_iri("GO:58"), term_iri("ribosome")
    ('http://purl.uniprot.org/uniprot/P04591', None, None)
    """
    text = _bare(text)
    if resolved := entry_at(text):
        return entry_iri(resolved[0].name, resolved[1])
    if is_web_address(text):
        return text if _is_address(text) else None
    found = _CURIE.fullmatch(text) or _JOINED.fullmatch(text)
    return None if found is None else entry_iri(found[1], found[2])


def taxon_iri(number: int) -> str | None:
    """The IRI of a taxon by its number at NCBI, which is above 0.

    >>> taxon_iri(9606)
    'http://purl.obolibrary.org/obo/NCBITaxon_9606'
    """
    return f"{OBO}NCBITaxon_{number}" if number > 0 else None


def person_iri(orcid: str) -> str | None:
    """The IRI of a person by their ORCID, if its check digit is right (ISO 7064, 11-2).

    >>> person_iri("0000-0002-1825-0097"), person_iri("0000-0002-1825-0098")
    ('https://orcid.org/0000-0002-1825-0097', None)
    """
    text = _bare(orcid)
    resolved = at_resolver(text)
    found = _ORCID.fullmatch(HYPHENS.sub("-", resolved[1] if resolved else text))
    if found is None:
        return None
    digits = re.sub("[- ]", "", found[1]).upper()
    if digits[-1] != orcid_check_digit(digits[:15]):
        return None
    return f"https://orcid.org/{'-'.join(digits[start : start + 4] for start in range(0, 16, 4))}"


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
    text = _bare(text)
    if found := _CC_ADDRESS.fullmatch(text):
        return f"https://creativecommons.org/{found[1].lower()}/"
    if _CC0.fullmatch(text):
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    if found := _SPDX_ADDRESS.fullmatch(text):
        text = found[1]
    if found := _CC_NAMED.fullmatch(text):
        words = re.split("[ -]", found[1].lower())
        text = f"CC-{'-'.join(_CC_WORDS[word] for word in words)}-{found[2]}"
    if _ADDRESS.match(text):
        return text if _is_address(text) else None
    identifier = _spdx_identifier(text)
    if identifier and (found := _CREATIVE_COMMONS.fullmatch(identifier)):
        return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/"
    return identifier and f"https://spdx.org/licenses/{identifier}"


def is_licence(text: str) -> bool:
    """Whether a text is an address, or an SPDX identifier or expression.

    >>> is_licence("CC BY 4.0"), is_licence("CC-BY-4.0 OR CC0-1.0"), is_licence("CC-BY"), is_licence("free")
    (True, True, False, False)
    """
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        return licence_iri(text) is not None or bool(canonicalize_license_expression(text.strip()))
    except InvalidLicenseExpression:
        return False


def _spdx_identifier(text: str) -> str | None:
    """The licence of the SPDX list that a text names, in any case, with spaces or hyphens."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    try:
        found = canonicalize_license_expression("-".join(_FILLING.sub("", text).split()))
    except InvalidLicenseExpression:
        return None
    return found if re.fullmatch("(?!LicenseRef-)[A-Za-z0-9.+-]+", found) else None


def doi_iri(text: str) -> str | None:
    """The IRI of a DOI, with or without what usually stands before it.

    >>> doi_iri("doi:10.1126/science.aaf9620"), doi_iri("science.aaf9620")
    ('https://doi.org/10.1126/science.aaf9620', None)
    """
    found = _DOI.fullmatch(_bare(text))
    if found is None:
        return None
    doi = unquote(re.split("[?#]", found[2])[0]) if found[1] else found[2]
    return f"https://doi.org/{quote(doi, safe=_IN_DOI)}"


def entry_iri(database: str, accession: str) -> str | None:
    """The IRI of an entry of a database.

    >>> entry_iri("EMPIAR", "EMPIAR-10164"), entry_iri("EMDB", "3782"), entry_iri("PDB", "pdb_00006vxx")
    ('https://www.ebi.ac.uk/empiar/EMPIAR-10164/', 'https://www.ebi.ac.uk/emdb/EMD-3782',
     'https://www.rcsb.org/structure/6VXX')
    >>> entry_iri("CryoET Data Portal", "DS-10445")
    'https://cryoetdataportal.czscience.com/datasets/10445'
    """
    accession = _bare(accession)
    database = database.strip().casefold()
    if "cryoet" in database and "portal" in database:
        found = _PORTAL_ENTRY.fullmatch(accession)
        return None if found is None else f"{_PORTAL}{found[1]}"
    prefix = prefix_called(_ALSO_CALLED.get(database, database))
    if prefix is None:
        return doi_iri(accession)
    if prefix.name in ("doi", "orcid"):
        return doi_iri(accession) if prefix.name == "doi" else person_iri(accession)
    if prefix.name == "pdb" and (found := _LONG_PDB.fullmatch(accession)):
        return doi_iri(f"10.2210/{found[1].lower()}/pdb")
    iri = _iri(prefix, _identifier(prefix, accession))
    return doi_iri(accession) if iri is None and prefix.name not in _ENTRY else iri


def _identifier(prefix: Prefix, accession: str) -> str:
    """What identifies an entry, of an accession with a prefix or an address before it; may be empty."""
    if resolved := entry_at(accession):
        if resolved[0].name not in (prefix.name, "doi"):
            return ""
        accession = resolved[1]
    before, colon, after = accession.partition(":")
    if colon and prefix_called(before) is prefix:
        accession = after.lstrip()
    if prefix.name not in _ENTRY:
        return accession.removeprefix(prefix.part_of_identifier)
    found = _ENTRY[prefix.name].fullmatch(accession)
    identifier = "" if found is None else found[1].upper()
    return f"EMD-{identifier}" if prefix.name == "emdb" and identifier else identifier


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
    if _ADDRESS.match(path):
        return path if _is_address(path) else None
    if base is None or not _FOLDER.fullmatch(base) or not is_iri(base):
        return None
    file = _BEFORE_FILE.sub("", path, count=1)
    return None if _NOT_BELOW.match(file) else f"{base.rstrip('/')}/{quote(file, errors='replace')}"


def _is_address(text: str) -> bool:
    """Whether a text is an address with a host."""
    return _ADDRESS.fullmatch(text) is not None and is_iri(text)


def _iri(prefix: Prefix | None, rest: str) -> str | None:
    if prefix is None or not prefix.address or not rest:
        return None
    fitting = next((one for one in (rest, rest.upper(), rest.lower()) if prefix.fits(one)), None)
    iri = fitting and prefix.address.replace("$1", fitting)
    return iri if iri and is_iri(iri) else None


def _bare(text: str) -> str:
    """A text without spaces around it, without what ended its sentence, and out of <angle brackets>."""
    text = text.strip().rstrip(".,;").rstrip()
    return text[1:-1].strip() if text.startswith("<") and text.endswith(">") else text
