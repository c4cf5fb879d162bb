"""The list of data sets: searched, filtered by what they hold, in pages, and for programs."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from cetsgraph.graph.links import SEE_ALSO
from cetsgraph.namespaces import CETS
from cetsgraph.queries.writing import written
from cetsgraph.server.site.data_set_filter import CONTAINED, FACETS, HEAD, DataSetFilter
from cetsgraph.server.site.facts import outward
from cetsgraph.server.site.linked_data import address_of
from cetsgraph.server.site.page_queries import draft_address
from cetsgraph.server.site.rendering import page
from cetsgraph.store import Store
from cetsgraph.texts import shortened

__all__ = ["Entry", "listing", "listing_page", "matching", "plural"]

_ROWS = 25
_VALUES = 12  # of a facet
_SUGGESTED = 100  # values of a facet that can be written
_FEW = 50  # data sets, each of which is looked into
_FORMS = ("csv", "tsv", "json")
_COUNTED = {
    "regions": ("Region", "region"),
    "tilt_series": ("TiltSeriesMicrographStack", "tilt series"),
    "tomograms": ("Tomogram", "tomogram"),
    "annotations": ("Annotation", "annotation"),
}
"""What is counted of a data set: a class, and a word for it."""
_OF_OBJECT = "cets:annotatedObjectName"
_LINKS = 4  # of a data set to other archives
_LONGEST = 200  # characters of a title, and of a value that data sets are filtered by

Counts = list[tuple[str, int]]
"""Values of a facet, each with the number of data sets that have it."""


@dataclass(slots=True)
class Entry:
    """A data set in the list."""

    iri: str
    name: str
    address: str | None
    title: str = ""
    organism: str = ""
    license: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    objects: list[str] = field(default_factory=list)
    elsewhere: list[ox.Triple] = field(default_factory=list)
    """What is stated of other addresses."""

    @property
    def links(self) -> list[tuple[str, str]]:
        """Where other archives have it, and what was published about it."""
        named = ox.Triple(ox.NamedNode(self.iri), ox.NamedNode(f"{CETS}name"), ox.Literal(self.name))
        found = outward([named, *self.elsewhere])[:_LINKS]
        entry = f"{self.name.partition('-')[0]} entry"  # the name itself leads to the page here
        return [(iri, entry if called == self.name else called) for iri, called in found]

    @property
    def held(self) -> list[str]:
        """What it holds, in words."""
        known = ((self.counts[name], word) for name, (_, word) in _COUNTED.items())
        return [f"{count:,} {word}{plural(word, count)}" for count, word in known if count]

    def row(self) -> dict[str, object]:
        """The same for programs."""
        said = {"dataset": self.iri, "name": self.name, "title": self.title, "organism": self.organism}
        return {**said, "license": self.license, **self.counts, "objects": self.objects}


@dataclass(frozen=True, slots=True)
class _Facet:
    """What data sets can be filtered by: values to choose, and others to write."""

    name: str
    label: str
    values: Counts
    others: Sequence[str] = ()


def listing(store: Store, given: Sequence[tuple[str, str]], form: str) -> str:
    """All data sets of a selection for programs: `csv`, `tsv` or `json`."""
    entries = _entries(store, _names(store, DataSetFilter.of(given)))
    columns = ("dataset", "name", "title", "organism", "license", *_COUNTED, "objects")
    return written([entry.row() for entry in entries], columns, form)


def listing_page(store: Store, given: Sequence[tuple[str, str]]) -> str:
    """The page of a selection."""
    selection = DataSetFilter.of(given)
    found = _names(store, selection)
    last_page = max((len(found) - 1) // _ROWS + 1, 1)
    selection = replace(selection, page=min(selection.page, last_page))
    first = (selection.page - 1) * _ROWS
    shown = [*found][first : first + _ROWS]
    forms = [(selection.address(form), form.upper()) for form in _FORMS]
    return page(
        "datasets",
        store.settings.archive,
        "Data sets",
        section="/datasets",
        selection=selection,
        total=len(found),
        first=first + 1,
        last=first + len(shown),
        entries=_entries(store, {iri: found[iri] for iri in shown}),
        facets=_facets(store, selection, found),
        earlier=replace(selection, page=selection.page - 1).address() if first else None,
        later=replace(selection, page=selection.page + 1).address() if first + _ROWS < len(found) else None,
        forms=[*forms, (draft_address(selection.sparql()), "SPARQL")],
    )


def matching(store: Store, selection: DataSetFilter, most: int) -> tuple[list[Entry], int]:
    """The first data sets of a selection by name, at most so many, and how many there are."""
    found = _names(store, selection)
    return _entries(store, dict([*found.items()][:most])), len(found)


def _names(store: Store, selection: DataSetFilter) -> dict[str, str]:
    """IRIs and names of the data sets of a selection, in its order."""
    found = [(row["g"].value, row["name"].value) for row in store.select(selection.sparql())]
    return dict(found if selection.newest else sorted(found, key=lambda pair: (pair[1], pair[0])))


def _entries(store: Store, names: Mapping[str, str]) -> list[Entry]:
    entries = {iri: Entry(iri, name, address_of(store.settings, iri)) for iri, name in names.items()}
    if not entries:
        return []
    graphs = _graphs(entries)
    each = (f'{{ GRAPH ?g {{ ?x a cets:{of} }} BIND("{name}" AS ?c) }}' for name, (of, _) in _COUNTED.items())
    counted = f"SELECT ?g ?c (COUNT(?x) AS ?n) {{ {graphs} {{ {' UNION '.join(each)} }} }}"
    for entry in entries.values():
        entry.counts = dict.fromkeys(_COUNTED, 0)
    for row in store.select(f"{HEAD}{counted} GROUP BY ?g ?c"):
        entries[row["g"].value].counts[row["c"].value] = int(row["n"].value)
    facts = (
        f"{{ VALUES ?p {{ cets:title cets:organism cets:license <{SEE_ALSO}> }} GRAPH ?g {{ ?g ?p ?o }} }} "
        f"UNION {{ VALUES ?p {{ {_OF_OBJECT} }} GRAPH ?g {{ ?x ?p ?o }} }}"
    )
    for row in store.select(f"{HEAD}SELECT DISTINCT ?g ?p ?o {{ {graphs} {facts} }} ORDER BY ?o"):
        _note(entries[row["g"].value], row["p"], row["o"])
    return [*entries.values()]


def _note(entry: Entry, stated: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> None:
    name = stated.value.removeprefix(CETS)
    if name == SEE_ALSO:
        entry.elsewhere.append(ox.Triple(ox.NamedNode(entry.iri), stated, value))
    elif name == "annotatedObjectName":
        entry.objects.append(shortened(value.value, _LONGEST))
    else:
        setattr(entry, name, shortened(value.value, _LONGEST))


def _facets(store: Store, selection: DataSetFilter, found: Collection[str]) -> list[_Facet]:
    """What the data sets `found` can be filtered by: the most frequent values, and those chosen."""
    counts = _values(store, selection, found)
    held = dict(counts["has"])
    has = [(words, held.get(words, 0)) for words in CONTAINED if words in held or words in selection.has]
    facets = [_Facet("has", "contains", has)]
    for name, (label, _) in FACETS.items():
        chosen, known = selection.values(name), dict(counts[name])
        shown = dict(counts[name][:_VALUES]) | {value: known.get(value, 0) for value in chosen}
        others = [value for value in known if value not in shown][:_SUGGESTED]
        facets.append(_Facet(name, label, [*shown.items()], others))
    return [facet for facet in facets if facet.values]


def _values(store: Store, selection: DataSetFilter, found: Collection[str]) -> Mapping[str, Counts]:
    """The values of each facet, the most frequent first."""
    stated = " UNION ".join(_stated())
    if len(found) <= _FEW:  # the engine looks into each of them
        stated = f"{_graphs(found)} {{ {stated} }}"
    else:  # in queries of their own, so that it goes through both once and joins them
        wanted = f"{{ SELECT DISTINCT ?g {{ {selection.patterns()} }} }}" if selection.narrowed() else ""
        stated = f"{wanted} {{ SELECT ?g ?f ?value {{ {stated} }} }}"
    counted = f"SELECT ?f ?value (COUNT(DISTINCT ?g) AS ?n) {{ {stated} }}"
    counts = defaultdict[str, Counts](list)
    for row in store.select(f"{HEAD}{counted} GROUP BY ?f ?value ORDER BY DESC(?n) ?value"):
        counts[row["f"].value].append((row["value"].value, int(row["n"].value)))
    return counts


def _stated() -> Iterator[str]:
    """Patterns of all facets `?f` and their values, of a data set `?g`."""
    for words, pattern in CONTAINED.items():
        graphs = f"{{ SELECT DISTINCT ?g {{ GRAPH ?g {{ {pattern} }} }} }}"  # of many objects, few rows
        yield f'{{ {graphs} BIND("has" AS ?f) BIND("{words}" AS ?value) }}'
    for name, (_, pattern) in FACETS.items():
        yield f'{{ {pattern} FILTER(STRLEN(?value) <= {_LONGEST}) BIND("{name}" AS ?f) }}'


def _graphs(iris: Iterable[str]) -> str:
    return f"VALUES ?g {{ {' '.join(f'<{iri}>' for iri in iris)} }}"


def plural(word: str, count: int) -> str:
    """The ending of a word for so many.

    >>> f"region{plural('region', 2)}", f"tilt series{plural('tilt series', 2)}"
    ('regions', 'tilt series')
    """
    return "" if count == 1 or word.endswith("series") else "s"
