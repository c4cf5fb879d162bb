"""The page of a data set: what it holds, how its series were tilted, its tomograms and annotations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlencode

from cetsgraph.queries import Row
from cetsgraph.queries.describe import narrowest
from cetsgraph.queries.terms import Cell
from cetsgraph.server.site.citation import citation_of
from cetsgraph.server.site.linked_data import address_of, viewer_of
from cetsgraph.server.site.listing import plural
from cetsgraph.server.site.page_queries import Part, counts_of, draft_address, objects_of, selected
from cetsgraph.server.site.rendering import page
from cetsgraph.server.site.tables import Head, PageTable, Shown, file_cell, object_cell, plain_cell, yes_or_no
from cetsgraph.server.site.tilts import tilts_of
from cetsgraph.server.site.views import View
from cetsgraph.server.site.words import kind_in_words
from cetsgraph.store import Store
from cetsgraph.texts import shortened

__all__ = ["dataset_page", "series_of", "tomograms_of"]

_SERIES, _TOMOGRAM = "TiltSeriesMicrographStack", "Tomogram"
_SIZE = 25
"""Tilt series, and tomograms, of a page."""
_MANY = 1000
"""Annotations that are grouped by all that is known of them; more are counted by object."""
_MOST = 200
"""Groups of annotations that are listed."""
_SAME_TILT = 0.1  # degrees
_LONGEST = 200  # characters of a name
_TILES = {
    "Region": ("region", ""),
    "TiltSeriesMicrographStack": ("tilt series", "#tilt-series"),
    "TiltSeriesMicrograph": ("tilt image", ""),
    "MovieStack": ("movie", ""),
    "Tomogram": ("tomogram", "#tomograms"),
    "Annotation": ("annotation", "#annotations"),
    "FitMap": ("fitted map", ""),
}
"""What a data set may hold: a word for it, and where the page has it."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """A table with some of the objects of a class, and the pages beside it."""

    table: PageTable
    part: Part
    total: int

    @property
    def first(self) -> int:
        """Place of the first of them, from 1."""
        return self.part.start + 1

    @property
    def last(self) -> int:
        """Place of the last of them."""
        return min(self.part.start + self.part.size, self.total)


def dataset_page(store: Store, view: View, series: int, tomograms: int) -> str:
    """The page of a data set.

    Args:
        store: where it is.
        view: what any object's page shows of it.
        series: page of its tilt series, from 1.
        tomograms: page of its tomograms, from 1.
    """
    counts = counts_of(store, view.iri, _TILES)
    parts = [Part(_SERIES, series, _SIZE), Part(_TOMOGRAM, tomograms, _SIZE)]
    chosen = objects_of(store, view.iri, counts, parts)
    rows, volumes = (
        series_of(store, view.iri, chosen[_SERIES]),
        tomograms_of(store, view.iri, chosen[_TOMOGRAM]),
    )
    first = next(iter(chosen[_SERIES]), None)
    return page(
        "dataset",
        store.settings.archive,
        view.title,
        section="/datasets",
        trail=[("/datasets", "Data sets")],
        view=view,
        citation=citation_of(view),
        series=_Listed(_series_table(store, rows), parts[0], counts[_SERIES]),
        tilts=None if first is None else tilts_of(store, first),
        first=None if first is None else (address_of(store.settings, first), _name(rows[0])),
        tomograms=_Listed(_tomogram_table(store, volumes), parts[1], counts[_TOMOGRAM]),
        annotations=_annotations(store, view.iri, counts["Annotation"]),
        tiles=_tiles(counts),
        of_data_set=urlencode({"dataset": view.iri}),
        sparql={name: draft_address(name, view.iri) for name in ("series", "tomograms", "annotations")},
        contents=draft_address("contents", of=view.iri),
    )


def series_of(store: Store, dataset: str, chosen: Sequence[str]) -> list[Row]:
    """Tilt series with range, step, dose and defocus of each, by the rules of the questions."""
    found = {str(row["tilt_series"]): row for row in selected(store, "series", dataset, tilt_series=chosen)}
    for row in found.values():
        angles = sorted({float(text) for text in str(row["angles"] or "").split()})
        row["tilts"] = row["listed"] or row["stated_tilts"]
        row["minimum"] = angles[0] if angles else row["stated_minimum"]
        row["maximum"] = angles[-1] if angles else row["stated_maximum"]
        steps = [beyond[0] - one for one in angles if (beyond := [b for b in angles if b > one + _SAME_TILT])]
        row["step"] = median(steps) if steps else row["stated_step"]
        row["dose"] = _dose(row)
    return [found[iri] for iri in chosen]


def _dose(row: Row) -> Cell:
    """The total dose of a series: of its last image, or of all, or as it states."""
    last, with_own = row["accumulated"], row["with_own"]
    if isinstance(last, int | float) and isinstance(with_own, int | float):
        last = max(last, with_own)
    return next((one for one in (last, row["sum"], row["stated_dose"]) if one is not None), None)


def tomograms_of(store: Store, dataset: str, chosen: Sequence[str]) -> list[Row]:
    """Tomograms with size, processing, and how many annotations each has."""
    found = {str(row["tomogram"]): row for row in selected(store, "tomograms", dataset, tomogram=chosen)}
    return [found[iri] for iri in chosen]


def _tiles(counts: Mapping[str, int]) -> list[tuple[int, str, str]]:
    """Numbers of what a data set holds, with words, and the places of the page that have it."""
    held = ((counts[name], word, place) for name, (word, place) in _TILES.items() if counts[name])
    return [(count, f"{word}{plural(word, count)}", place) for count, word, place in held]


def _annotations(store: Store, dataset: str, total: int) -> PageTable:
    """What is annotated; where annotations are many, by object alone."""
    if total <= _MANY:
        return _annotation_table(store, selected(store, "annotations", dataset)[:_MOST])
    rows = selected(store, "objects", dataset)[:_MOST]
    heads = [Head("object"), Head("annotations", number=True)]
    return PageTable(
        heads, [[object_cell(str(row["object"] or "")), plain_cell(row["annotations"])] for row in rows]
    )


def _series_table(store: Store, rows: Sequence[Row]) -> PageTable:
    heads = [
        Head("tilt series"),
        Head("images", number=True),
        Head("from", "°", "smallest nominal tilt angle", number=True),
        Head("to", "°", "largest nominal tilt angle", number=True),
        Head("step", "°", "median difference of the sorted tilt angles", number=True),
        Head("dose", "e⁻/Å²", "total dose", number=True),
        Head("defocus", "µm", "smallest and largest defocus", number=True),
    ]
    return PageTable(heads, [_series_row(store, row) for row in rows]).filled()


def _series_row(store: Store, row: Row) -> list[Shown]:
    least, most = row["least"], row["most"]
    defocus = Shown("not stated", number=True)
    if isinstance(least, int | float) and isinstance(most, int | float):
        defocus = Shown(
            f"{least / 10_000:.2f}–{most / 10_000:.2f}", exact=f"{least} Å to {most} Å", number=True
        )
    numbers = [plain_cell(row[name]) for name in ("tilts", "minimum", "maximum", "step", "dose")]
    return [Shown(_name(row), address_of(store.settings, str(row["tilt_series"]))), *numbers, defocus]


def _tomogram_table(store: Store, rows: Sequence[Row]) -> PageTable:
    heads = [
        Head("tomogram"),
        Head("voxel", "Å", "size of a voxel", number=True),
        Head("size", "voxels", "width × height × depth"),
        Head("processing"),
        Head("software"),
        Head("CTF corrected"),
        Head("annotations", number=True),
        Head("file"),
        Head("view"),
    ]
    return PageTable(heads, [_tomogram_row(store, row) for row in rows]).filled()


def _tomogram_row(store: Store, row: Row) -> list[Shown]:
    size = [row[name] for name in ("width", "height", "depth")]
    path = str(row["path"] or "")
    viewer = viewer_of(path)
    return [
        Shown(_name(row, "tomogram"), address_of(store.settings, str(row["tomogram"]))),
        plain_cell(row["voxel_size"]),
        Shown(" × ".join(map(str, size)) if None not in size else "", whole=True),
        Shown(str(row["processing"] or "")),
        Shown(str(row["software"] or "")),
        Shown(yes_or_no(row["ctf_corrected"])),
        plain_cell(row["annotations"]),
        file_cell(path),
        Shown("Neuroglancer" if viewer else "", viewer),
    ]


def _annotation_table(store: Store, rows: Sequence[Mapping[str, object]]) -> PageTable:
    heads = [
        Head("object"),
        Head("term"),
        Head("kind"),
        Head("method"),
        Head("ground truth"),
        Head("annotations", number=True),
        Head("points", number=True),
        Head("such as"),
    ]
    return PageTable(heads, [_annotation_row(store, row) for row in rows]).filled()


def _annotation_row(store: Store, row: Mapping[str, object]) -> list[Shown]:
    one = str(row["one"])
    called = str(row["name"] or one.rpartition("/")[2].replace("~", "annotation "))
    return [
        object_cell(str(row["object"] or "")),
        plain_cell(row["term"]),
        Shown(kind_in_words(narrowest(str(row["classes"]).split()))),
        Shown(str(row["method"] or "")),
        Shown(yes_or_no(row["ground_truth"])),
        plain_cell(row["annotations"]),
        plain_cell(row["points"]),
        Shown(shortened(called, _LONGEST), address_of(store.settings, one)),
    ]


def _name(row: Row, kind: str = "tilt_series") -> str:
    """What an object is called: its name or id, else its file, else its place in its region."""
    file = str(row["path"] or "").rpartition("/")[2].partition(".")[0]
    inside = str(row[kind]).partition("/region/")[2].split("/")
    place = f"{kind.replace('_', ' ')} {inside[-1]} of region {inside[0]}".replace("~", "")
    return shortened(str(row["name"] or file or place), _LONGEST)
