"""Prefixes of identifiers that the Bioregistry knows: `ontology/prefixes.tsv`.

https://bioregistry.io
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import unquote

from cetsgraph import resources

__all__ = ["Prefix", "at_resolver", "entry_at", "prefix_called"]

_RESOLVER = re.compile(
    r"(?:https?://)?(?:www\.)?(?:identifiers\.org|bioregistry\.io|n2t\.net)/([A-Za-z][\w.]*)[:/](\S+?)/?"
)
_TERM_BROWSER = re.compile(
    r"(?:https?://)?(?:www\.)?(?:ebi\.ac\.uk/ols\d?|bioportal\.bioontology\.org|ontobee\.org)/"
)
"""Browsers of ontologies: the address of a term's page ends in the term's IRI, quoted once, twice or not."""
_START = re.compile(r"(?:https?://)?(?:www\.)?", re.IGNORECASE)
_ALSO_AT = {
    "amigo.geneontology.org/amigo/term/$1": "go",
    "ebi.ac.uk/QuickGO/term/$1": "go",
    "ebi.ac.uk/chebi/$1": "chebi",
    "ebi.ac.uk/chebi/searchId.do?chebiId=$1": "chebi",
    "ebi.ac.uk/biostudies/bioimages/studies/$1": "biostudies",
    "ebi.ac.uk/pdbe/entry/emdb/$1": "emdb",
    "ebi.ac.uk/pdbe/entry/pdb/$1": "pdb",
    "ebi.ac.uk/pdbe/emdb/empiar/entry/$1": "empiar",
    "emdataresource.org/$1": "emdb",
    "ncbi.nlm.nih.gov/Taxonomy/Browser/wwwtax.cgi?id=$1": "ncbitaxon",
    "ncbi.nlm.nih.gov/Taxonomy/Browser/wwwtax.cgi?mode=Info&id=$1": "ncbitaxon",
    "ncbi.nlm.nih.gov/datasets/taxonomy/$1": "ncbitaxon",
    "ncbi.nlm.nih.gov/pubmed/$1": "pubmed",
    "ncbi.nlm.nih.gov/pmc/articles/$1": "pmc",
    "pdbj.org/mine/summary/$1": "pdb",
    "pmc.ncbi.nlm.nih.gov/articles/$1": "pmc",
    "rcsb.org/structure/pdb_0000$1": "pdb",
    "rest.uniprot.org/uniprotkb/$1": "uniprot",
    "uniprot.org/uniprot/$1": "uniprot",
    "uniprot.org/uniprotkb/$1": "uniprot",
    "uniprot.org/uniprotkb/$1/entry": "uniprot",
    "wikidata.org/wiki/$1": "wikidata",
    "wwpdb.org/pdb?id=pdb_0000$1": "pdb",
    "zenodo.org/records/$1": "zenodo",
}
"""Other addresses at which people find entries, `$1` being the identifier."""


@dataclass(frozen=True, slots=True)
class Prefix:
    """A prefix, the form of what stands after it, and the address of an entry."""

    name: str
    pattern: str
    """Regular expression; empty if the registry has none."""
    address: str
    """IRI of an entry as its authority writes it, `$1` being what stands after the prefix; may be empty."""

    @property
    def part_of_identifier(self) -> str:
        """What an address has right before the identifier, and people write with it: CVCL_ in CVCL_0030."""
        return self.address.partition("$1")[0].rpartition("/")[2]

    def fits(self, rest: str) -> bool:
        """Whether something may stand after the prefix."""
        return not self.pattern or _compiled(self.pattern).fullmatch(rest) is not None


def prefix_called(name: str) -> Prefix | None:
    """The prefix of a name or synonym, in any case; None if the registry does not know it.

    >>> prefix_called("UniProtKB").address
    'http://purl.uniprot.org/uniprot/$1'
    """
    return _registry().get(name.casefold())


def at_resolver(address: str) -> tuple[str, str] | None:
    """Prefix and identifier of an address at identifiers.org, bioregistry.io or n2t.net; None for others.

    >>> at_resolver("https://identifiers.org/go/GO:0005840"), at_resolver("https://example.org/go:1")
    (('go', '0005840'), None)
    """
    found = _RESOLVER.fullmatch(address)
    return None if found is None else (found[1], found[2].rpartition(":")[2])


@lru_cache
def entry_at(address: str) -> tuple[Prefix, str] | None:
    """Prefix and identifier of an entry whose page or IRI an address is; None for others.

    What a browser has behind the address of a page, after ? or #, does not matter.

    >>> prefix, identifier = entry_at("http://www.ebi.ac.uk/empiar/EMPIAR-10164")
    >>> prefix.name, identifier
    ('empiar', '10164')
    """
    if resolved := at_resolver(address):
        prefix = prefix_called(resolved[0])
        return None if prefix is None else (prefix, resolved[1])
    if browser := _TERM_BROWSER.match(address):
        shown = re.split("[&#]", address[browser.end() :].rpartition("http")[2])[0]
        return entry_at(unquote(unquote(f"http{shown}")))
    bare = _START.sub("", address, count=1)
    return _entry_at_page(bare) or _entry_at_page(re.split("[?#]", bare)[0])


def _entry_at_page(address: str) -> tuple[Prefix, str] | None:
    bare = address.rstrip("/")
    for end in range(min(len(bare), _longest_start()), 0, -1):
        for prefix, after in _addresses().get(bare[:end].casefold(), ()):
            identifier = bare[end:].removesuffix(after)
            for known in (identifier, identifier.rpartition(":")[2]):
                if known and bare[end:].endswith(after) and prefix.fits(known):
                    return prefix, known
    return None


@cache
def _addresses() -> dict[str, list[tuple[Prefix, str]]]:
    """Prefixes, with what stands behind an identifier, by what stands before it in addresses of entries."""
    found: dict[str, list[tuple[Prefix, str]]] = {}
    known = ((prefix.address, prefix) for prefix in _registry().values())
    others = ((place, _registry()[name]) for place, name in _ALSO_AT.items())
    for address, prefix in dict.fromkeys((*known, *others)):
        before, is_complete, after = _START.sub("", address, count=1).partition("$1")
        if is_complete and prefix.pattern:
            found.setdefault(before.casefold(), []).append((prefix, after.rstrip("/")))
    return found


@cache
def _longest_start() -> int:
    """The most characters that stand before an identifier; folding case makes a text no shorter."""
    return max(map(len, _addresses()))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


@cache
def _registry() -> dict[str, Prefix]:
    found: dict[str, Prefix] = {}
    text = (resources.folder("ontology") / "prefixes.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    known = [(Prefix(name, pattern, address), synonyms) for name, synonyms, pattern, address in rows]
    for prefix, synonyms in known:
        for name in synonyms.split():
            found.setdefault(name.casefold(), prefix)
    return found | {prefix.name.casefold(): prefix for prefix, _ in known}
