"""The first page: what is here, and where to begin."""

from cetsgraph import queries
from cetsgraph.namespaces import CETS
from cetsgraph.server.site.catalogue import annotated, newest
from cetsgraph.server.site.linked_data import address_of
from cetsgraph.server.site.page_queries import draft_address
from cetsgraph.server.site.rendering import page
from cetsgraph.store import Store

__all__ = ["front_page"]

_TILES = {
    "DataSet": ("data sets", "/datasets"),
    "Region": ("regions", "/queries/region_completeness"),
    "TiltSeriesMicrographStack": ("tilt series", "/queries/tilt_schemes"),
    "Tomogram": ("tomograms", "/datasets?has=tomograms"),
    "Annotation": ("annotations", "/queries/annotated_objects"),
    "FitMap": ("fitted maps", "/queries/tomograms_with_fitmap"),
}
"""What is counted: a word for it, and the address of a list."""
_FIRST = (
    "tomograms_with_fitmap",
    "tilt_schemes",
    "annotated_objects",
    "tilt_series_by_dose",
    "defocus_ranges",
    "reprocessing_ready",
)
"""Questions to start with."""
_NEW = 5
_OBJECTS = 12
_COUNTS = f"""PREFIX cets: <{CETS}>
SELECT ?c (COUNT(?x) AS ?n) {{
  VALUES ?c {{ {" ".join(f"cets:{name}" for name in _TILES)} }}
  GRAPH ?g {{ ?x a ?c }}
}} GROUP BY ?c"""


def front_page(store: Store, address: str = "") -> str:
    """Counts, a search, questions to start with, what is annotated most, and what is new.

    Programs ask the server at `address`.
    """
    counts = {row["c"].value.removeprefix(CETS): int(row["n"].value) for row in store.select(_COUNTS)}
    return page(
        "front",
        store.settings.archive,
        "Cryo-electron tomography metadata",
        tiles=[(counts.get(name, 0), *words) for name, words in _TILES.items()],
        questions=[queries.load(name) for name in _FIRST],
        total=len(queries.names()),
        objects=annotated(store, most=_OBJECTS),
        sparql=draft_address(_COUNTS),
        address=address,
        newest=[(address_of(store.settings, iri), name, day) for iri, name, day in newest(store, _NEW)],
    )
