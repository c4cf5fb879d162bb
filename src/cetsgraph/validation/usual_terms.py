"""Terms that tomography marks and images most often, with their names: `ontology/usual-terms.tsv`.

They tell where a term and the name beside it are of two different things. A name that is not among them, or
a term, tells nothing.
"""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from cetsgraph import resources

__all__ = ["UsualTerm", "is_part_of", "plain", "usual_term", "usual_term_called"]


@dataclass(frozen=True, slots=True)
class UsualTerm:
    """A term of a vocabulary, and what it is called there."""

    id: str
    name: str
    others: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the one of the vocabulary first."""
        return (self.name, *self.others)


def plain(name: str) -> str:
    """What spellings of a name have in common: small letters, no plural, one space between words.

    >>> plain("Lipid droplets"), plain("Beta-amylase"), plain("thylakoid  membrane"), plain("F1/F0")
    ('lipid droplet', 'beta amylase', 'thylakoid membrane', 'f1 f0')
    """
    words = re.findall(r"[^\W_]+", name.casefold())
    return " ".join(word[:-1] if len(word) > 4 and re.search("[^su]s$", word) else word for word in words)


def is_part_of(name: str, other: str) -> bool:
    """Whether all words of one of two names are in the other.

    >>> is_part_of("ribosomes", "cytosolic ribosome"), is_part_of("ribosome", "membrane")
    (True, False)
    """
    one, two = ({*plain(text).split()} for text in (name, other))
    return one <= two or two <= one


def usual_term(term: str) -> UsualTerm | None:
    """The usual term with an identifier.

    >>> usual_term("GO:0005840").name, usual_term("http://purl.obolibrary.org/obo/GO_0005840").name
    ('ribosome', 'ribosome')
    """
    return _by_id().get(term.strip().rpartition("/")[2].replace("_", ":", 1).casefold())


def usual_term_called(name: str, prefix: str) -> UsualTerm | None:
    """The usual term of a vocabulary with a name.

    >>> usual_term_called("Ribosomes", "GO").id, usual_term_called("mouse", "NCBITaxon").id
    ('GO:0005840', 'NCBITaxon:10090')
    """
    return _by_name().get((prefix.casefold(), plain(name)))


@cache
def _all() -> tuple[UsualTerm, ...]:
    path = resources.folder("ontology") / "usual-terms.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(
            UsualTerm(row["id"], row["name"], tuple(filter(None, row["others"].split("|")))) for row in rows
        )


@cache
def _by_id() -> Mapping[str, UsualTerm]:
    return {term.id.casefold(): term for term in _all()}


@cache
def _by_name() -> Mapping[tuple[str, str], UsualTerm]:
    return {
        (term.id.partition(":")[0].casefold(), plain(name)): term for term in _all() for name in term.names
    }
