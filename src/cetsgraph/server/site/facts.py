"""What a page says of an object: properties with their values, and links to what other archives say of it."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from cetsgraph.authorities import entry_iri
from cetsgraph.graph import links
from cetsgraph.iris import is_web_address
from cetsgraph.namespaces import CETS, DCAT, DCTERMS, RDF_JSON, RDF_TYPE, RDFS
from cetsgraph.queries import describe
from cetsgraph.rdf import python_value
from cetsgraph.server.site.linked_data import address_of, array_address, is_large
from cetsgraph.server.site.tables import Shown, plain_cell
from cetsgraph.server.site.words import called, in_words
from cetsgraph.store import Settings
from cetsgraph.texts import shortened
from cetsgraph.vocabulary import DERIVED, Property, vocabulary

__all__ = ["LISTED", "Fact", "facts_of", "label_of", "linked", "outward"]

LISTED = 50
"""Objects in a list, and values of a property."""
_LONGEST = 500  # characters of a text
_ROWS, _WIDE, _MATRICES = 20, 6, 4
"""Rows and columns of an array that is shown as a table, and tables of an array of such."""
_NAMES = (f"{CETS}name", f"{CETS}title", f"{RDFS}label", f"{DCTERMS}title")
_FIRST_SHOWN = [
    f"{CETS}{one}" for one in ("title", "name", "annotatedObjectName", "annotatedObject", "description")
]
_LEADING = ("annotates", "placementMatrices", "pointCount", "unresolvedId")
_FOR_QUERIES = frozenset(f"{CETS}{one.name}" for one in DERIVED if one.name not in _LEADING)
"""Properties that are written for queries and say nothing new to people."""
_DOWNLOAD = f"{DCAT}downloadURL"
_OTHERS = {
    "https://www.ebi.ac.uk/emdb/": "EMDB",
    "https://www.ebi.ac.uk/empiar/": "EMPIAR",
    "https://www.rcsb.org/structure/": "PDB",
    "https://cryoetdataportal.czscience.com/datasets/": "CryoET Data Portal",
    "http://purl.uniprot.org/uniprot/": "UniProt",
    "http://purl.obolibrary.org/obo/": "Ontology",
    "https://orcid.org/": "ORCID",
    "https://doi.org/": "DOI",
    "https://pubmed.ncbi.nlm.nih.gov/": "PubMed",
    "https://spdx.org/licenses/": "",
    "https://creativecommons.org/": "",
}
"""What people call an archive, by where its addresses begin."""
_ENTRY = re.compile(r"(EMPIAR|EMD)-[0-9]{4,5}")


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and its values."""

    iri: str
    """Of the property."""
    cells: list[Shown] = field(default_factory=list)
    matrices: list[list[list[str]]] = field(default_factory=list)
    """Arrays of numbers that are small enough for tables."""
    more: str = ""
    """What is left out."""

    @property
    def label(self) -> str:
        """What people call it."""
        return label_of(self.iri)

    @property
    def meaning(self) -> str:
        """Its definition; the IRI of one that is not of the ontology."""
        known = _of_ontology(self.iri)
        return self.iri if known is None else known.definition

    @property
    def unit(self) -> str | None:
        """Symbol of the unit of its values."""
        known = _of_ontology(self.iri)
        return known.unit.symbol if known is not None and known.unit else None

    @property
    def for_queries(self) -> bool:
        """Whether it is written for queries, and says nothing new."""
        return self.iri in _FOR_QUERIES or self.iri == links.LABEL

    def repeats(self, title: str) -> bool:
        """Whether it is a name that says no more than the title."""
        return self.iri in _NAMES and [cell.text for cell in self.cells] == [title]


def label_of(iri: str) -> str:
    """What people call a property."""
    known = _of_ontology(iri)
    return in_words(known.label) if known is not None else iri.rpartition("#")[2].rpartition("/")[2]


def linked(triples: Iterable[ox.Triple]) -> list[str]:
    """The IRIs that facts name."""
    return [
        one.value
        for values in _values(triples).values()
        for one in values[:LISTED]
        if isinstance(one, ox.NamedNode)
    ]


def facts_of(
    triples: Iterable[ox.Triple], names: Mapping[str, describe.Named], settings: Settings, address: str
) -> list[Fact]:
    """The properties with their values, names first and then those of the ontology; not what leads elsewhere.

    Args:
        triples: what is stated of an object.
        names: names of what is :func:`linked`.
        settings: those of the store.
        address: where its page is.
    """
    values = _values(triples)
    ordered = sorted(values, key=lambda name: (not name.startswith(CETS), name))
    ordered = [
        *filter(values.__contains__, _FIRST_SHOWN),
        *(one for one in ordered if one not in _FIRST_SHOWN),
    ]
    return [_fact(name, values[name], names, settings, address) for name in ordered]


def _values(triples: Iterable[ox.Triple]) -> dict[str, list[object]]:
    values = defaultdict[str, list[object]](list)
    for triple in triples:
        if triple.predicate.value != RDF_TYPE and triple.predicate.value not in links.LINKS:
            values[triple.predicate.value].append(triple.object)
    return values


def outward(triples: Iterable[ox.Triple]) -> list[tuple[str, str]]:
    """Addresses where others say more of an object, or have its file, each with a name.

    What is called as an entry of EMPIAR or EMDB is that entry.

    >>> subject, predicate = ox.NamedNode("urn:s"), ox.NamedNode(f"{RDFS}seeAlso")
    >>> outward([ox.Triple(subject, predicate, ox.NamedNode("https://www.ebi.ac.uk/emdb/EMD-3782"))])
    [('https://www.ebi.ac.uk/emdb/EMD-3782', 'EMDB EMD-3782')]
    """
    found = dict[str, str]()
    for triple in triples:
        value, predicate = str(getattr(triple.object, "value", "")), triple.predicate.value
        if predicate in links.LINKS and isinstance(triple.object, ox.NamedNode):
            found.setdefault(value, predicate)
        elif predicate == f"{CETS}name" and (entry := _ENTRY.fullmatch(value)):
            found.setdefault(str(entry_iri(entry[1], value)), predicate)
    web = ((iri, _called(iri, predicate)) for iri, predicate in found.items() if is_web_address(iri))
    return sorted(web, key=lambda one: one[1])


def _called(iri: str, predicate: str) -> str:
    if predicate == _DOWNLOAD:
        return f"Download {iri.rstrip('/').rpartition('/')[2]}"
    start = next((start for start in _OTHERS if iri.startswith(start)), None)
    if start is None:
        return shortened(iri.partition("://")[2], 60)
    if predicate == f"{DCTERMS}license":
        return "Licence"
    rest = iri.removeprefix(start).removesuffix("/").replace("_", ":" if "obo" in start else "_")
    archive = _OTHERS[start]
    return rest if archive == "Ontology" or rest.startswith(archive) else f"{archive} {rest}"


def _fact(
    name: str, values: Sequence[object], names: Mapping[str, describe.Named], settings: Settings, address: str
) -> Fact:
    fact = Fact(name, more=f"and {len(values) - LISTED:,} more" if len(values) > LISTED else "")
    for value in values[:LISTED]:
        if isinstance(value, ox.NamedNode):
            fact.cells.append(Shown(called(names[value.value]), address_of(settings, value.value)))
        elif is_large(value):
            fact.cells.append(Shown("the array, as JSON", array_address(address, name)))
        else:
            _add_value(fact, _plain(value))
    return fact


def _add_value(fact: Fact, value: object) -> None:
    matrices = _matrices(value)
    if matrices:
        fact.matrices.extend(matrices)
    elif isinstance(value, list):
        flat = all(isinstance(one, str | int | float) for one in value)
        text = ", ".join(map(str, value)) if flat else json.dumps(value, ensure_ascii=False)
        fact.cells.append(Shown(shortened(text, _LONGEST)))
    else:
        fact.cells.append(plain_cell(value, _LONGEST))


def _plain(term: object) -> object:
    if not isinstance(term, ox.Literal):
        return str(getattr(term, "value", term))
    try:
        return json.loads(term.value) if term.datatype.value == RDF_JSON else python_value(term)
    except ValueError:
        return term.value  # it is not written as its datatype demands


def _matrices(value: object) -> list[list[list[str]]]:
    """The tables of an array of numbers, if they are few and small.

    >>> _matrices([[1.0, 2.5], [3, 4]]), _matrices([1, 2]), _matrices([[[0]]])
    ([[['1', '2.5'], ['3', '4']]], [], [[['0']]])
    """
    if not isinstance(value, list) or not value:
        return []
    if _is_table(value):
        return [[[plain_cell(number).text for number in row] for row in value]]
    if len(value) <= _MATRICES and all(isinstance(one, list) and _is_table(one) for one in value):
        return [table for one in value for table in _matrices(one)]
    return []


def _is_table(value: Sequence[object]) -> bool:
    rows = [row for row in value if isinstance(row, list)]
    wide = {len(row) for row in rows}
    numbers = (isinstance(one, int | float) for row in rows for one in row)
    return len(rows) == len(value) <= _ROWS and len(wide) == 1 and max(wide) <= _WIDE and all(numbers)


def _of_ontology(iri: str) -> Property | None:
    known = vocabulary().properties.get(iri.removeprefix(CETS))
    return known if known is not None and known.iri == iri else None
