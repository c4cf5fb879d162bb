"""The page of a data set: what it holds, how its series were tilted, its tomograms and annotations."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from cetsgraph.queries import Row, run
from cetsgraph.queries.describe import Named, named, narrowest
from cetsgraph.server.site.linked_data import address_of
from cetsgraph.server.site.rendering import page
from cetsgraph.server.site.tables import Head, PageTable, Shown, plain_cell
from cetsgraph.server.site.tilts import tilts_of
from cetsgraph.server.site.views import View
from cetsgraph.store import Store
from cetsgraph.store.frames import plain_value

__all__ = ["dataset_page"]

_QUERIES = Path(__file__).with_name("queries")
_SERIES = 25
"""Tilt series of a page."""
_MOST = 200
"""Tomograms, and groups of annotations, that are listed."""
_ALL = 1e12  # e⁻/Å², more than any dose


def dataset_page(store: Store, view: View, part: int) -> str:
    """The page of a data set.

    Args:
        store: where it is.
        view: what any object's page shows of it.
        part: page of its tilt series, from 1.
    """
    series = _series(store, view.iri, part)
    tomograms = _selected(store, "tomograms", view.iri)
    groups = _selected(store, "annotations", view.iri)
    first = str(series[0]["tilt_series"]) if series else None
    return page(
        "dataset",
        store.settings.archive,
        view.title,
        section="/datasets",
        trail=[("/datasets", "Data sets")],
        view=view,
        series=_series_table(store, series),
        many=len(series) > 1,
        tilts=None if first is None else tilts_of(store, first),
        first=None if first is None else (address_of(store.settings, first), _name(series[0])),
        earlier=part - 1 if part > 1 else None,
        later=part + 1 if len(series) == _SERIES else None,
        tomograms=_tomogram_table(store, tomograms[:_MOST]),
        annotations=_annotation_table(store, groups[:_MOST]),
        more_tomograms=max(len(tomograms) - _MOST, 0),
        questions=f"/queries?{urlencode({'dataset': view.iri})}",
        manifest=f"/queries/file_manifest?{urlencode({'dataset': view.iri})}",
    )


def _series(store: Store, iri: str, part: int) -> list[Row]:
    """A page of its tilt series, with range, dose and defocus of each."""
    page = {"limit": _SERIES, "offset": (part - 1) * _SERIES}
    series = [*run(store, "tilt_schemes", dataset=iri, **page)]  # type: ignore[arg-type]
    doses = _by_series(run(store, "tilt_series_by_dose", {"maximum": _ALL}, dataset=iri))
    defoci = _by_series(run(store, "defocus_ranges", dataset=iri))
    for row in series:
        known = str(row["tilt_series"])
        row["dose"] = doses.get(known, {}).get("dose")
        row |= {
            name: defoci.get(known, {}).get(old) for name, old in (("least", "minimum"), ("most", "maximum"))
        }
    return series


def _by_series(rows: Sequence[Row]) -> dict[str, Row]:
    return {str(row["tilt_series"]): row for row in rows}


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
    defocus = Shown("", number=True)
    if isinstance(least, int | float) and isinstance(most, int | float):
        defocus = Shown(
            f"{least / 10_000:.2f}–{most / 10_000:.2f}", exact=f"{least} Å to {most} Å", number=True
        )
    numbers = [plain_cell(row[name]) for name in ("tilts", "minimum", "maximum", "step", "dose")]
    return [Shown(_name(row), address_of(store.settings, str(row["tilt_series"]))), *numbers, defocus]


def _tomogram_table(store: Store, rows: Sequence[Mapping[str, object]]) -> PageTable:
    names = named(store, (str(row["tomogram"]) for row in rows))
    heads = [
        Head("tomogram"),
        Head("voxel", "Å", "size of a voxel", number=True),
        Head("size", "voxels", "width × height × depth"),
        Head("processing"),
        Head("software"),
        Head("CTF corrected"),
        Head("annotations", number=True),
        Head("file"),
    ]
    return PageTable(heads, [_tomogram_row(store, row, names[str(row["tomogram"])]) for row in rows]).filled()


def _tomogram_row(store: Store, row: Mapping[str, object], known: Named) -> list[Shown]:
    size = [row[name] for name in ("width", "height", "depth")]
    path = str(row["path"] or "")
    web = path if path.startswith(("https://", "http://")) else None
    return [
        Shown(known.title, address_of(store.settings, known.iri)),
        plain_cell(row["voxel_size"]),
        Shown(" × ".join(map(str, size)) if None not in size else ""),
        Shown(str(row["processing"] or "")),
        Shown(str(row["software"] or "")),
        Shown(_yes_or_no(row["ctf_corrected"])),
        plain_cell(row["annotations"]),
        Shown(path.rsplit("/", 1)[-1], web, path),
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
        Head("one of them"),
    ]
    names = named(store, (str(row["one"]) for row in rows))
    return PageTable(heads, [_annotation_row(store, row, names[str(row["one"])]) for row in rows]).filled()


def _annotation_row(store: Store, row: Mapping[str, object], one: Named) -> list[Shown]:
    name = str(row["object"] or "")
    chosen = f"/datasets?{urlencode({'object': name})}" if name else None
    return [
        Shown(name, chosen),
        plain_cell(row["term"]),
        Shown(narrowest(str(row["classes"]).split())),
        Shown(str(row["method"] or "")),
        Shown(_yes_or_no(row["ground_truth"])),
        plain_cell(row["annotations"]),
        plain_cell(row["points"]),
        Shown(one.title, address_of(store.settings, one.iri)),
    ]


def _selected(store: Store, name: str, graph: str) -> list[dict[str, object]]:
    """Rows of a page's query, as values."""
    rows = store.select(_query(name), default_graph=[graph])
    return [{one: plain_value(row[one]) for one in rows.variables} for row in rows]


@cache
def _query(name: str) -> str:
    return (_QUERIES / f"{name}.rq").read_text(encoding="utf-8")


def _name(row: Row) -> str:
    return str(row["name"] or str(row["tilt_series"]).rsplit("/", 1)[-1].replace("~", "series "))


def _yes_or_no(value: object) -> str:
    return "" if value is None else "yes" if value else "no"
