"""Terms of other vocabularies that match those of the ontology, from `ontology/mappings.sssom.tsv`.

SSSOM: https://mapping-commons.github.io/sssom/
"""

import csv
import re
from dataclasses import dataclass
from functools import cache

from cetsgraph import resources

__all__ = ["CETMD", "TermMatch", "term_matches"]

CETMD = "https://w3id.org/cetmd/"
"""What the IRIs of the terms of cets-data-model start with."""

_PREFIX = re.compile(r"^#  (\w+): (\S+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TermMatch:
    """A term of the ontology by its local name, and the IRI of a term that matches it, with its label.

    `predicate` is the SKOS relation between them as a prefixed name, such as `skos:exactMatch`.
    """

    name: str
    predicate: str
    target: str
    label: str


@cache
def term_matches() -> tuple[TermMatch, ...]:
    """Every row of the table.

    >>> match = next(match for match in term_matches() if match.name == "DataSet" and CETMD in match.target)
    >>> match.predicate, match.target, match.label
    ('skos:exactMatch', 'https://w3id.org/cetmd/entities/Dataset', 'Dataset')
    """
    text = (resources.folder("ontology") / "mappings.sssom.tsv").read_text(encoding="utf-8")
    namespaces = dict(_PREFIX.findall(text))
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return tuple(
        TermMatch(
            name=row["subject_id"].removeprefix("cets:"),
            predicate=row["predicate_id"],
            target=namespaces[prefix] + local,
            label=row["object_label"],
        )
        for row in csv.DictReader(lines, delimiter="\t")
        for prefix, _, local in [row["object_id"].partition(":")]
    )
