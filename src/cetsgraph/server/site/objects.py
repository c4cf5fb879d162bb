"""The page of an object, by its class: a data set, a tilt series, or any other."""

from cetsgraph.server.site.asks import questions_about
from cetsgraph.server.site.dataset import dataset_page
from cetsgraph.server.site.linked_data import viewer_of
from cetsgraph.server.site.page_queries import draft_address
from cetsgraph.server.site.picked import picked_in
from cetsgraph.server.site.rendering import page
from cetsgraph.server.site.tilts import tilts_of
from cetsgraph.server.site.views import view_of
from cetsgraph.store import Store

__all__ = ["object_page"]

_PICKED = ("Tomogram", "PointSet", "ParticleSet", "Point")
"""Classes whose page shows where picks lie."""


_STATED = "SELECT ?property ?value\nWHERE {{\n  <{iri}> ?property ?value .\n}}\n"
"""What is stated of an object."""


def object_page(
    store: Store,
    iri: str,
    address: str,
    part: int = 1,
    referrer: int = 1,
    series: int = 1,
    tomograms: int = 1,
) -> str | None:
    """The page of an object; None if nothing is known about it.

    Args:
        store: where it is.
        iri: the object.
        address: where its page is.
        part: page of its parts, from 1.
        referrer: page of the objects that refer to it, from 1.
        series: page of the tilt series of a data set, from 1.
        tomograms: page of its tomograms, from 1.

    Raises:
        ValueError: `iri` is not an IRI.
    """
    view = view_of(store, iri, address, part, referrer)
    if view is None:
        return None
    if view.is_a("DataSet"):
        return dataset_page(store, view, series, tomograms)
    tilts = tilts_of(store, iri) if view.is_a("TiltSeriesMicrographStack") else None
    picked = picked_in(store, iri) if any(map(view.is_a, _PICKED)) else None
    above = [(one.address, one.title) for one in view.above if one.address and not one.unnamed]
    trail = [("/datasets", "Data sets"), *above]
    viewers = [
        (viewer, "Look at it in Neuroglancer") for path in view.texts("path") if (viewer := viewer_of(path))
    ]
    shown: dict[str, object] = {"view": view, "tilts": tilts, "picked": picked, "viewers": viewers}
    shown["questions"] = questions_about(view)
    shown["sparql"] = draft_address(_STATED.format(iri=iri))
    shown["contents"] = draft_address("contents", of=iri)
    return page("object", store.settings.archive, view.title, section="/datasets", trail=trail, **shown)
