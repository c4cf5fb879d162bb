"""Picks of a tomogram as they lie in its volume: three projections, for people."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from cetsgraph.namespaces import CETS
from cetsgraph.queries import Row, run
from cetsgraph.server.site.plots import projection
from cetsgraph.store import Store

__all__ = ["Picked", "picked_in"]

Three = tuple[float, float, float]

_MOST = 50
"""Annotations of a tomogram whose picks are drawn together."""
_SEEN = (("Seen along Z", 0, 1), ("Seen along Y", 0, 2), ("Seen along X", 1, 2))
_SETS = f"""PREFIX cets: <{CETS}>
SELECT DISTINCT ?annotation ?dataset ?width ?height ?depth WHERE {{
  {{ VALUES ?annotation {{ ?wanted }} ?annotation cets:annotates ?tomogram }}
  UNION {{ VALUES ?tomogram {{ ?wanted }} ?annotation cets:annotates ?tomogram }}
  ?annotation a ?class FILTER(?class IN (cets:PointSet, cets:ParticleSet, cets:Point))
  ?annotation cets:inDataSet ?dataset .
  ?tomogram cets:width ?width ; cets:height ?height ; cets:depth ?depth .
}} ORDER BY ?annotation LIMIT {_MOST}"""


@dataclass(frozen=True, slots=True)
class Picked:
    """Points in a volume."""

    sentence: str
    plots: Sequence[tuple[str, Markup]]
    """Caption and picture of each projection."""


def picked_in(store: Store, iri: str) -> Picked | None:
    """The picks of a tomogram, or of one annotation of it; None where the volume or the places are not known.

    Args:
        store: where they are.
        iri: of the tomogram or the annotation.
    """
    found = [*store.select(_SETS.replace("?wanted", f"<{iri}>"))]
    if not found:
        return None
    size = tuple(float(found[0][name].value) for name in ("width", "height", "depth"))
    annotations, dataset = [row["annotation"].value for row in found], found[0]["dataset"].value
    rows = run(store, "point_coordinates", {"annotation": annotations}, dataset=dataset)
    points = [point for row in rows for point in _voxels(row, (size[0], size[1], size[2]))]
    if not points:
        return None
    count = f"{len(points):,} point{'' if len(points) == 1 else 's'}"
    volume = " × ".join(f"{one:g}" for one in size)
    sentence = f"{count} in a volume of {volume} voxels"
    plots = []
    for caption, across, up in _SEEN:
        places = [(point[across], point[up]) for point in points]
        picture = projection(
            places, (size[across], size[up]), "XYZ"[across] + "XYZ"[up], f"{sentence}, {caption}."
        )
        plots.append((caption, Markup(picture)))
    return Picked(sentence, plots)


def _voxels(row: Row, size: Three) -> Iterable[Three]:
    """Positions in voxels, counted from 0, however the annotation gives them."""
    coordinates = row["coordinates"]
    steps = [(row[f"angstrom_{axis}"], row[f"voxel_size_{axis}"]) for axis in "xyz"]
    if not isinstance(coordinates, list) or any(not step or not voxel for step, voxel in steps):
        return
    factors = [float(str(step)) / float(str(voxel)) for step, voxel in steps]
    zero = [length // 2 if row["origin"] == "centre" else 0.0 for length in size]
    for point in coordinates:
        if isinstance(point, list) and len(point) == 3:
            x, y, z = (float(one) * factor + at for one, factor, at in zip(point, factors, zero, strict=True))
            yield x, y, z
