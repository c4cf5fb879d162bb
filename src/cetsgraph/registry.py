"""Prefixes of identifiers that the Bioregistry knows: `ontology/prefixes.tsv`.

https://bioregistry.io
"""

import re
from dataclasses import dataclass
from functools import cache

from cetsgraph import resources

__all__ = ["Prefix", "prefix_called"]


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
