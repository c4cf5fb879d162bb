"""Prefixes of identifiers that the Bioregistry knows: `ontology/prefixes.tsv`.

https://bioregistry.io
"""

import re
from dataclasses import dataclass
from functools import cache

from cetsgraph import resources

__all__ = ["Prefix", "at_resolver", "prefix_called"]

_RESOLVER = re.compile(r"https?://(?:identifiers\.org|bioregistry\.io|n2t\.net)/([A-Za-z][\w.]*)[:/](\S+)")


@dataclass(frozen=True, slots=True)
class Prefix:
    """A prefix, the form of what stands after it, and the address of an entry."""

    name: str
    pattern: str
    """Regular expression; empty if the registry has none."""
    address: str
    """IRI of an entry as its authority writes it, `$1` being what stands after the prefix; may be empty."""

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


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


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
