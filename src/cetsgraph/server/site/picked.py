"""Picks of a tomogram as they lie in its volume: three projections, for people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from cetsgraph.graph.axes import columns_of
from cetsgraph.namespaces import CETS
from cetsgraph.queries import Row, run
from cetsgraph.server.site.plots import alone, projection
from cetsgraph.store import Store
from cetsgraph.texts import counted

__all__ = ["VIEWS", "Picked", "picked_in", "picture_of"]

Three = tuple[float, float, float]

_MOST = 50
"""Annotations of a tomogram whose picks are drawn together."""
_FEW = 500
"""Points that are drawn in the page; the pictures of more have addresses of their own."""
VIEWS = {"xy": ("Seen along Z", 0, 1), "xz": ("Seen along Y", 0, 2), "yz": ("Seen along X", 1, 2)}
"""Projections: what they are called, and their axes."""
_SETS = f"""PREFIX cets: <{CETS}>
SELECT DISTINCT ?annotation ?dataset ?width ?height ?depth ?count WHERE {{
  {{ VALUES ?annotation {{ ?wanted }} ?annotation cets:annotates ?tomogram }}
  UNION {{ VALUES ?tomogram {{ ?wanted }} ?annotation cets:annotates ?tomogram }}
  ?annotation a ?class FILTER(?class IN (cets:PointSet, cets:ParticleSet, cets:Point))
  ?annotation cets:inDataSet ?dataset .
  ?tomogram cets:width ?width ; cets:height ?height ; cets:depth ?depth .
  FILTER EXISTS {{ ?tomogram cets:voxelSize|cets:voxelSizeX ?voxel }}
  FILTER EXISTS {{ ?annotation (cets:hasParticle|cets:hasMember)?/cets:unit ?unit }}
  OPTIONAL {{ ?annotation cets:pointCount ?count }}
}} ORDER BY ?annotation LIMIT {_MOST}"""


@dataclass(frozen=True, slots=True)
class Picked:
    """Points in a volume."""

    sentence: str
    plots: Sequence[tuple[str, Markup, str]]
    """Caption of each projection, and its picture or the address that has it."""
    asked: str
    """What asks for their coordinates, as the end of an address."""


@dataclass(frozen=True, slots=True)
class _Sets:
    """Annotations whose points lie in one volume."""

    annotations: Sequence[str]
    dataset: str
    size: Three
    count: int

    def points(self, store: Store) -> list[Three]:
        """Positions in voxels, counted from 0; those that are known."""
        asked = {"annotation": [*self.annotations]}
        rows = run(store, "point_coordinates", asked, dataset=self.dataset)
        return [point for row in rows for point in _voxels(row, self.size)]

    def asked(self) -> str:
        """What asks the question `point_coordinates` of them, as the end of an address."""
        return urlencode([("annotation", one) for one in self.annotations])

    def sentence(self, count: int) -> str:
        """How many points, and where."""
        volume = " × ".join(f"{one:g}" for one in self.size)
        return f"{counted(count, 'point')} in a volume of {volume} voxels"

    def picture(self, points: Sequence[Three], view: str) -> str:
        """A projection."""
        caption, across, up = VIEWS[view]
        places = [(point[across], point[up]) for point in points]
        label = f"{self.sentence(len(points))}, {caption}."
        return projection(places, (self.size[across], self.size[up]), view.upper(), label)


def picked_in(store: Store, iri: str) -> Picked | None:
    """The picks of a tomogram, or of one annotation of it; None where the volume or the places are not known.

    Args:
        store: where they are.
        iri: of the tomogram or the annotation.
    """
    sets = _sets_of(store, iri)
    if sets is None:
        return None
    if sets.count > _FEW:
        plots = [
            (caption, Markup(), f"?{urlencode({'plot': view})}") for view, (caption, _, _) in VIEWS.items()
        ]
        return Picked(sets.sentence(sets.count), plots, sets.asked())
    points = sets.points(store)
    if not points:
        return None
    drawn = [(VIEWS[view][0], Markup(sets.picture(points, view)), "") for view in VIEWS]
    return Picked(sets.sentence(len(points)), drawn, sets.asked())


def picture_of(store: Store, iri: str, view: str) -> str | None:
    """The picks of a tomogram or an annotation seen in one of the `VIEWS`, as SVG; None if it has none."""
    sets = _sets_of(store, iri)
    return None if sets is None else alone(sets.picture(sets.points(store), view))


def _sets_of(store: Store, iri: str) -> _Sets | None:
    found = [*store.select(_SETS.replace("?wanted", f"<{iri}>"))]
    if not found:
        return None
    x, y, z = (float(found[0][name].value) for name in ("width", "height", "depth"))
    counts = (int(row["count"].value) if row["count"] else 1 for row in found)
    annotations = [row["annotation"].value for row in found]
    return _Sets(annotations, found[0]["dataset"].value, (x, y, z), sum(counts))


def _voxels(row: Row, size: Three) -> Iterable[Three]:
    """Positions in voxels, counted from 0, however the annotation gives them."""
    coordinates = row["coordinates"]
    steps = [(row[f"angstrom_{axis}"], row[f"voxel_size_{axis}"]) for axis in "xyz"]
    if not isinstance(coordinates, list) or any(not step or not voxel for step, voxel in steps):
        return
    factors = [float(str(step)) / float(str(voxel)) for step, voxel in steps]
    zero = [length // 2 if row["origin"] == "centre" else 0.0 for length in size]
    order = columns_of(str(row["axes"] or "")) or range(3)
    for point in coordinates:
        if isinstance(point, list) and len(point) == 3:
            along = [float(point[column]) for column in order]
            x, y, z = (one * factor + at for one, factor, at in zip(along, factors, zero, strict=True))
            yield x, y, z
