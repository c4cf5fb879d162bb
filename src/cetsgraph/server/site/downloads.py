"""Tables of the page of a data set for programs: all rows, with numbers as they are stated."""

from collections.abc import Callable, Sequence

from cetsgraph.queries import Row
from cetsgraph.queries.describe import narrowest
from cetsgraph.queries.writing import written
from cetsgraph.server.site.dataset import series_of, tomograms_of
from cetsgraph.server.site.page_queries import Part, counts_of, objects_of, selected
from cetsgraph.store import Store

__all__ = ["TABLES", "table_of"]

_MOST = 100_000  # rows


def table_of(store: Store, dataset: str, name: str, form: str) -> str:
    """One of the `TABLES` of a data set, as `csv`, `tsv` or `json`."""
    columns, rows = TABLES[name]
    return written(rows(store, dataset), columns, form)


def _chosen(store: Store, dataset: str, kind: str) -> list[str]:
    parts = [Part(kind, 1, _MOST)]
    return objects_of(store, dataset, counts_of(store, dataset, [kind]), parts)[kind]


def _series(store: Store, dataset: str) -> list[Row]:
    return series_of(store, dataset, _chosen(store, dataset, "TiltSeriesMicrographStack"))


def _tomograms(store: Store, dataset: str) -> list[Row]:
    return tomograms_of(store, dataset, _chosen(store, dataset, "Tomogram"))


def _annotations(store: Store, dataset: str) -> list[Row]:
    rows = selected(store, "annotations", dataset)
    return [{**row, "kind": narrowest(str(row["classes"]).split())} for row in rows]


TABLES: dict[str, tuple[Sequence[str], Callable[[Store, str], list[Row]]]] = {
    "tilt-series": (
        ("tilt_series", "name", "tilts", "minimum", "maximum", "step", "dose", "least", "most", "path"),
        _series,
    ),
    "tomograms": (
        (
            "tomogram",
            "name",
            "voxel_size",
            "width",
            "height",
            "depth",
            "processing",
            "ctf_corrected",
            "software",
            "annotations",
            "path",
        ),
        _tomograms,
    ),
    "annotations": (
        ("object", "term", "kind", "method", "ground_truth", "annotations", "points", "one", "name"),
        _annotations,
    ),
}
"""Tables by the place of the page that shows them: columns, and rows. Defocus (`least`, `most`) is in Å."""
