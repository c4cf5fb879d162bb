"""The list of data sets: searched, filtered by what they hold, and in pages."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from cetsgraph.namespaces import CATALOGUE, CETS, DCTERMS, PROV, VOID
from cetsgraph.queries import ValueKind
from cetsgraph.queries.terms import serialize
from cetsgraph.server.site.linked_data import address_of
from cetsgraph.server.site.rendering import page
from cetsgraph.store import Store
from cetsgraph.texts import has_unrepresentable, shortened

__all__ = ["FACETS", "DataSetFilter", "Entry", "listing_page", "matching", "plural"]

_ROWS = 25
_WORDS = 5  # that are looked for
_VALUES = 12  # of a facet
_CONTAINED = {
    "movies": "MovieStack",
    "tilt images": "TiltSeriesMicrograph",
    "CTF": "CTFMetadata",
    "alignments": "Alignment",
    "tomograms": "Tomogram",
    "annotations": "Annotation",
    "fitted maps": "FitMap",
    "masks": "SegmentationMask",
    "point sets": "PointSet",
}
"""What a data set may contain, by words."""
_COUNTED = {
    "Region": "region",
    "TiltSeriesMicrographStack": "tilt series",
    "Tomogram": "tomogram",
    "Annotation": "annotation",
}
_OF_OBJECT = "cets:annotatedObjectName"
FACETS = {
    "organism": ("organism", "?g cets:organism ?value"),
    "object": ("annotated object", f"?x {_OF_OBJECT} ?value"),
    "sample": ("sample", "?g cets:sampleType ?value"),
    "method": ("method of annotation", "?x cets:method ?value"),
    "microscope": ("microscope", "?x cets:microscopeModel ?value"),
    "detector": ("detector", "?x cets:detectorModel ?value"),
    "licence": ("licence", "?g cets:license ?value"),
}
"""What data sets are filtered by: a label, and where the value is in the graph of a data set."""
_SEARCHED = "cets:title cets:description cets:organism cets:annotatedObjectName cets:identifier"
_KNOWN = f"GRAPH <{CATALOGUE}> {{ ?g a <{VOID}Dataset> ; <{DCTERMS}title> ?name }}"
_HEAD = f"PREFIX cets: <{CETS}>\n"
_LONGEST = 200  # characters of a title, and of a value that data sets are filtered by
_SHORT = f"FILTER(STRLEN(?value) <= {_LONGEST})"
_EXISTS = "FILTER EXISTS {{ GRAPH ?g {{ {} }} }}"
"""Whether a data set has something: one look is enough, however much it has."""


@dataclass(frozen=True, slots=True)
class DataSetFilter:
    """Which data sets are wanted."""

    q: str = ""
    """Words, each in a name, title, description, organism, object or identifier."""
    has: tuple[str, ...] = ()
    chosen: tuple[tuple[str, str], ...] = ()
    """Facets and their values."""
    voxel_min: float | None = None
    """Å."""
    voxel_max: float | None = None
    newest: bool = False
    """Whether those that were loaded last come first."""
    page: int = 1

    @classmethod
    def of(cls, given: Iterable[tuple[str, str]]) -> "DataSetFilter":
        """What the parameters of an address select; what they do not know is passed over."""
        texts = [
            (name, text.strip()) for name, text in given if text.strip() and not has_unrepresentable(text)
        ]
        one = dict(texts)
        return cls(
            q=one.get("q", ""),
            has=tuple(dict.fromkeys(text for name, text in texts if name == "has" and text in _CONTAINED)),
            chosen=tuple((name, text) for name, text in texts if name in FACETS),
            voxel_min=_number(one.get("voxel_min")),
            voxel_max=_number(one.get("voxel_max")),
            newest=one.get("sort") == "newest",
            page=int(number) if (number := one.get("page", "1")).isdecimal() and 0 < len(number) < 7 else 1,
        )

    def address(self) -> str:
        """The address that selects this."""
        given: list[tuple[str, object]] = [("q", self.q), *(("has", one) for one in self.has), *self.chosen]
        given += [("voxel_min", self.voxel_min), ("voxel_max", self.voxel_max)]
        given += [("sort", "newest")] if self.newest else []
        given += [("page", self.page)] if self.page > 1 else []
        query = urlencode([(name, value) for name, value in given if value not in ("", None)])
        return f"/datasets{'?' if query else ''}{query}"

    def narrowed(self) -> bool:
        """Whether some data sets are not wanted."""
        return replace(self, page=1, newest=False) != DataSetFilter()

    def chips(self) -> list[tuple[str, str]]:
        """What narrows it, each with the address of the selection without it."""
        found = [(f"“{self.q}”", replace(self, q="", page=1))] if self.q else []
        found += [
            (one, replace(self, has=tuple(other for other in self.has if other != one), page=1))
            for one in self.has
        ]
        found += [
            (pair[1], replace(self, chosen=tuple(one for one in self.chosen if one != pair), page=1))
            for pair in self.chosen
        ]
        if self.voxel_min is not None or self.voxel_max is not None:
            least, most = self.voxel_min, self.voxel_max
            text = (
                f"voxels of {'' if least is None else f'{least:g}'}–{'' if most is None else f'{most:g}'} Å"
            )
            found.append((text, replace(self, voxel_min=None, voxel_max=None, page=1)))
        return [(text, selection.address()) for text, selection in found]

    def patterns(self) -> str:
        """What a data set `?g` of the selection has, as SPARQL."""
        found = [_KNOWN, *map(_said, self.q.split()[:_WORDS])]
        found += [_EXISTS.format(f"?has a cets:{_CONTAINED[one]}") for one in self.has]
        for name, text in self.chosen:
            pattern = FACETS[name][1].replace("?value", serialize(ValueKind.TEXT, text))
            found.append(_EXISTS.format(pattern))
        if self.voxel_min is not None or self.voxel_max is not None:
            found.append("GRAPH ?g { ?tomogram a cets:Tomogram ; cets:voxelSize|cets:voxelSizeX ?voxel }")
            found += [f"FILTER(?voxel >= {self.voxel_min!r})"] if self.voxel_min is not None else []
            found += [f"FILTER(?voxel <= {self.voxel_max!r})"] if self.voxel_max is not None else []
        return "\n".join(found)


@dataclass(slots=True)
class Entry:
    """A data set in the list."""

    name: str
    address: str | None
    title: str = ""
    organism: str = ""
    counts: list[str] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)


def listing_page(store: Store, given: Sequence[tuple[str, str]]) -> str:
    """The page of a selection."""
    selection = DataSetFilter.of(given)
    found = _names(store, selection)
    last_page = max((len(found) - 1) // _ROWS + 1, 1)
    selection = replace(selection, page=min(selection.page, last_page))
    first = (selection.page - 1) * _ROWS
    shown = [*found][first : first + _ROWS]
    graphs = f"VALUES ?g {{ {_iris(found)} }}" if selection.narrowed() else ""
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
        contained=_contained(store, graphs),
        facets=_values(store, graphs),
        earlier=replace(selection, page=selection.page - 1).address() if first else None,
        later=replace(selection, page=selection.page + 1).address() if first + _ROWS < len(found) else None,
    )


def matching(store: Store, selection: DataSetFilter, most: int) -> tuple[list[Entry], int]:
    """The first data sets of a selection by name, at most so many, and how many there are."""
    found = _names(store, selection)
    return _entries(store, dict([*found.items()][:most])), len(found)


def _names(store: Store, selection: DataSetFilter) -> dict[str, str]:
    """IRIs and names of the data sets of a selection, in its order."""
    loaded = f"OPTIONAL {{ GRAPH <{CATALOGUE}> {{ ?g <{PROV}generatedAtTime> ?loaded }} }}"
    order, pattern = ("DESC(?loaded)", loaded) if selection.newest else ("", "")
    wanted = f"{selection.patterns()} {pattern}"
    sparql = f"{_HEAD}SELECT DISTINCT ?g ?name ?loaded {{ {wanted} }} ORDER BY {order} ?name ?g"
    return {row["g"].value: row["name"].value for row in store.select(sparql)}


def _entries(store: Store, names: dict[str, str]) -> list[Entry]:
    entries = {iri: Entry(name, address_of(store.settings, iri)) for iri, name in names.items()}
    if not entries:
        return []
    graphs = f"VALUES ?g {{ {_iris(entries)} }}"
    each = (f'{{ GRAPH ?g {{ ?x a cets:{name} }} BIND("{name}" AS ?c) }}' for name in _COUNTED)
    counted = f"SELECT ?g ?c (COUNT(?x) AS ?n) {{ {graphs} {{ {' UNION '.join(each)} }} }}"
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for row in store.select(f"{_HEAD}{counted} GROUP BY ?g ?c"):
        counts[row["g"].value, row["c"].value] = int(row["n"].value)
    for iri, entry in entries.items():
        known = ((counts[iri, name], word) for name, word in _COUNTED.items())
        entry.counts = [f"{count:,} {word}{plural(word, count)}" for count, word in known if count]
    facts = (
        f"{{ VALUES ?p {{ cets:title cets:organism }} GRAPH ?g {{ ?g ?p ?o }} }} "
        f"UNION {{ VALUES ?p {{ {_OF_OBJECT} }} GRAPH ?g {{ ?x ?p ?o }} }}"
    )
    for row in store.select(f"{_HEAD}SELECT DISTINCT ?g ?p ?o {{ {graphs} {facts} }} ORDER BY ?o"):
        _note(entries[row["g"].value], row["p"].value.removeprefix(CETS), row["o"].value)
    return [*entries.values()]


def _note(entry: Entry, name: str, value: str) -> None:
    if name == "annotatedObjectName":
        entry.objects.append(shortened(value, _LONGEST))
    else:
        setattr(entry, name, shortened(value, _LONGEST))


def _contained(store: Store, graphs: str) -> dict[str, int]:
    """How many data sets contain something."""
    classes = " ".join(f"cets:{name}" for name in _CONTAINED.values())
    pattern = f"{graphs or _KNOWN} VALUES ?c {{ {classes} }} {_EXISTS.format('?x a ?c')}"
    rows = store.select(f"{_HEAD}SELECT ?c (COUNT(?g) AS ?n) {{ {pattern} }} GROUP BY ?c")
    counts = {row["c"].value.removeprefix(CETS): int(row["n"].value) for row in rows}
    return {words: counts.get(name, 0) for words, name in _CONTAINED.items()}


def _said(word: str) -> str:
    """A pattern of the data sets `?g` that say a word."""
    text = serialize(ValueKind.WORD, word)
    named = f"{_KNOWN} FILTER(CONTAINS(LCASE(?name), {text}))"
    stated = f"VALUES ?p {{ {_SEARCHED} }} GRAPH ?g {{ ?x ?p ?text }} FILTER(CONTAINS(LCASE(?text), {text}))"
    return f"{{ SELECT DISTINCT ?g {{ {{ {named} }} UNION {{ {stated} }} }} }}"


def _values(store: Store, graphs: str) -> list[tuple[str, str, list[tuple[str, int]]]]:
    """Facets: name, label, and the most frequent values, each with the number of data sets that have it."""
    patterns = (f'{{ GRAPH ?g {{ {of} }} BIND("{name}" AS ?f) }}' for name, (_, of) in FACETS.items())
    stated = f"{graphs} {{ {' UNION '.join(patterns)} }} {_SHORT}"
    counted = f"SELECT ?f ?value (COUNT(DISTINCT ?g) AS ?n) {{ {stated} }}"
    found: dict[str, list[tuple[str, int]]] = {name: [] for name in FACETS}
    for row in store.select(f"{_HEAD}{counted} GROUP BY ?f ?value ORDER BY DESC(?n) ?value"):
        found[row["f"].value].append((row["value"].value, int(row["n"].value)))
    return [(name, label, found[name][:_VALUES]) for name, (label, _) in FACETS.items()]


def _iris(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris)


def plural(word: str, count: int) -> str:
    """The ending of a word for so many.

    >>> f"region{plural('region', 2)}", f"tilt series{plural('tilt series', 2)}"
    ('regions', 'tilt series')
    """
    return "" if count == 1 or word.endswith("series") else "s"


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "nan")
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None
