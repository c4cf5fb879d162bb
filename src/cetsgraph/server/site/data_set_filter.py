"""Which data sets a person wants: words, and what they hold, as an address and as SPARQL."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from cetsgraph.namespaces import CATALOGUE, CETS, DCTERMS, PROV
from cetsgraph.queries import ValueKind
from cetsgraph.queries.terms import serialize
from cetsgraph.texts import has_unrepresentable

__all__ = ["CONTAINED", "FACETS", "HEAD", "DataSetFilter"]

_WORDS = 5  # that are looked for
HEAD = f"PREFIX cets: <{CETS}>\n"
CONTAINED = {
    "movies": "?has a cets:MovieStack",
    "tilt series": "?has a cets:TiltSeriesMicrographStack",
    "CTF": "?has a cets:CTFMetadata",
    "alignments": "?has a cets:Alignment",
    "tomograms": "?has a cets:Tomogram",
    "even and odd halves": "?has cets:evenPath ?even ; cets:oddPath ?odd",
    "annotations": "?has a cets:Annotation",
    "ground truth": "?has cets:groundTruth true",
    "fitted maps": "?has a cets:FitMap",
    "masks": "?has a cets:SegmentationMask",
    "point sets": "?has a cets:PointSet",
}
"""What a data set may contain, by words: a pattern of its graph."""
FACETS = {
    "organism": ("organism", "GRAPH ?g { ?g cets:organism ?value }"),
    "object": ("annotated object", "GRAPH ?g { ?x cets:annotatedObjectName ?value }"),
    "sample": ("sample", "GRAPH ?g { ?g cets:sampleType ?value }"),
    "method": ("method of annotation", "GRAPH ?g { ?x cets:method ?value }"),
    "microscope": ("microscope", "GRAPH ?g { ?x cets:microscopeModel ?value }"),
    "detector": ("detector", "GRAPH ?g { ?x cets:detectorModel ?value }"),
    "licence": ("licence", "GRAPH ?g { ?g cets:license ?value }"),
    "dialect": ("dialect", f"GRAPH <{CATALOGUE}> {{ ?g cets:dialect ?value }}"),
}
"""What data sets are filtered by: a label, and where the value of a data set `?g` is."""
_SEARCHED = "cets:title cets:description cets:organism cets:annotatedObjectName cets:identifier"
_KNOWN = f"GRAPH <{CATALOGUE}> {{ ?g <{DCTERMS}title> ?name }}"
_LOADED = f"OPTIONAL {{ GRAPH <{CATALOGUE}> {{ ?g <{PROV}generatedAtTime> ?loaded }} }}"
_EXISTS = "FILTER EXISTS {{ {} }}"
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
            has=tuple(dict.fromkeys(text for name, text in texts if name == "has" and text in CONTAINED)),
            chosen=tuple(dict.fromkeys((name, text) for name, text in texts if name in FACETS)),
            voxel_min=_number(one.get("voxel_min")),
            voxel_max=_number(one.get("voxel_max")),
            newest=one.get("sort") == "newest",
            page=int(number) if (number := one.get("page", "1")).isdecimal() and 0 < len(number) < 7 else 1,
        )

    def address(self, form: str = "") -> str:
        """The address that selects this, for programs in a form such as `csv`."""
        given: list[tuple[str, object]] = [("q", self.q), *(("has", one) for one in self.has), *self.chosen]
        given += [("voxel_min", self.voxel_min), ("voxel_max", self.voxel_max)]
        given += [("sort", "newest")] if self.newest else []
        given += [("page", self.page)] if self.page > 1 and not form else []
        query = urlencode(
            [(name, value) for name, value in (*given, ("format", form)) if value not in ("", None)]
        )
        return f"/datasets{'?' if query else ''}{query}"

    def narrowed(self) -> bool:
        """Whether some data sets are not wanted."""
        return replace(self, page=1, newest=False) != DataSetFilter()

    def values(self, facet: str) -> list[str]:
        """The values of a facet that are wanted."""
        return [text for name, text in self.chosen if name == facet]

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

    def sparql(self) -> str:
        """The query for IRIs and names of the data sets, which are in no order but that of loading."""
        loaded, order = (_LOADED, "\nORDER BY DESC(?loaded)") if self.newest else ("", "")
        return f"{HEAD}SELECT DISTINCT ?g ?name {{\n{self.patterns()}\n{loaded}}}{order}"

    def patterns(self) -> str:
        """What a data set `?g` of the selection has, as SPARQL."""
        found = [_KNOWN, *map(_said, self.q.split()[:_WORDS])]
        found += [_EXISTS.format(f"GRAPH ?g {{ {CONTAINED[one]} }}") for one in self.has]
        for name, text in self.chosen:
            pattern = FACETS[name][1].replace("?value", serialize(ValueKind.TEXT, text))
            found.append(_EXISTS.format(pattern))
        if self.voxel_min is not None or self.voxel_max is not None:
            found.append("GRAPH ?g { ?tomogram a cets:Tomogram ; cets:voxelSize|cets:voxelSizeX ?voxel }")
            found += [f"FILTER(?voxel >= {self.voxel_min!r})"] if self.voxel_min is not None else []
            found += [f"FILTER(?voxel <= {self.voxel_max!r})"] if self.voxel_max is not None else []
        return "\n".join(found)


def _said(word: str) -> str:
    """A pattern of the data sets `?g` that say a word."""
    text = serialize(ValueKind.WORD, word)
    named = f"{_KNOWN} FILTER(CONTAINS(LCASE(?name), {text}))"
    stated = f"VALUES ?p {{ {_SEARCHED} }} GRAPH ?g {{ ?x ?p ?text }} FILTER(CONTAINS(LCASE(?text), {text}))"
    return f"{{ SELECT DISTINCT ?g {{ {{ {named} }} UNION {{ {stated} }} }} }}"


def _number(text: str | None) -> float | None:
    try:
        number = float(text or "nan")
    except ValueError:
        return None
    return number if abs(number) < 1e9 else None
