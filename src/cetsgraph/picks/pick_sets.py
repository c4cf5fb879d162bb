"""Sets of picks in a store: what is known of each, with its arrays."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from cetsgraph.graph.axes import columns_of
from cetsgraph.normal_forms import object_key
from cetsgraph.picks.arrays import numbers
from cetsgraph.queries import load
from cetsgraph.rdf import python_value
from cetsgraph.store import Solutions, Store

__all__ = ["Floats", "PickSet", "PickSelection", "Three", "pick_sets"]

Floats = NDArray[np.float64]
Three = tuple[float | None, float | None, float | None]

_SELECTED = re.compile(r"SELECT\s+DISTINCT\s+(?:\?\w+\s+)+WHERE")
_AT_ONCE = 20_000  # points that are read at once, sets permitting


@dataclass(frozen=True, slots=True)
class PickSet:
    """Picks of one annotation, as the graph has them."""

    annotation: str
    """IRI of the point set, particle or single point."""
    tomogram: str | None
    coordinates: Floats
    """N×2 or N×3, along X, Y and Z, in the unit and from the origin that the annotation states."""
    rotations: Floats | None
    """N×M×M, or one matrix for the only pick of a particle."""
    unit: str | None
    origin: str | None
    step: Three
    """Length of the unit along X, Y and Z, in Å."""
    voxel: Three
    """Size of a voxel of the tomogram, in Å."""
    dataset: str | None = None
    object: str | None = None
    """Name of what was picked, else its term."""
    size: Three = (None, None, None)
    """Number of voxels of the tomogram along X, Y and Z."""
    ids: str | None = None
    """JSON array: one text per pick."""
    attributes: dict[str, str] = field(default_factory=dict)
    """JSON arrays of values, one per pick, by name."""


@dataclass(frozen=True, slots=True)
class PickSelection:
    """Which picks."""

    annotations: Sequence[str] = ()
    """IRIs of point sets, sets of particles or points; all if none are given."""
    dataset: str | None = None
    """IRI of the data set, its named graph."""
    object: str | None = None
    """Name or term of what was picked."""

    def select(self, store: Store, sparql: str) -> Solutions:
        """The rows of a query over the data set, or over all."""
        return store.select(sparql, default_graph=None if self.dataset is None else [self.dataset])


def pick_sets(store: Store, selection: PickSelection) -> Iterator[PickSet]:
    """The sets of a selection, by IRI.

    Raises:
        StoreError: the store failed.
    """
    for annotations in _batches(store, selection):
        facts = _facts(store, selection, annotations)
        attributes = _attributes(store, selection, annotations)
        question = load("point_coordinates")
        bound = question.bind(annotation=annotations)
        # A row holds the text of all that it has, however little is taken: the largest are asked for alone.
        rotations = dict(_rotations(selection.select(store, _of_columns(bound, ["object", "rotations"]))))
        others = [column.name for column in question.columns if column.name != "rotations"]
        rows = selection.select(store, _of_columns(bound, others))
        yield from map(partial(_pick_set, facts, attributes, rotations), rows)  # holds no row


def _of_columns(sparql: str, names: Iterable[str]) -> str:
    """The query for some of its columns."""
    return _SELECTED.sub(f"SELECT DISTINCT {' '.join(f'?{name}' for name in names)} WHERE", sparql, count=1)


def _rotations(rows: Iterable[ox.QuerySolution]) -> Iterator[tuple[str, Floats]]:
    """The rotations of the objects that have some."""
    for row in rows:
        pick_set, rotations = row
        del row  # it has a copy of the text
        text = _value(rotations)
        del rotations
        if text is not None:
            yield pick_set.value, numbers(text, 3)


def _pick_set(
    facts: dict[str, dict[str, Any]],
    attributes: dict[str, dict[str, str]],
    rotations: dict[str, Floats],
    row: ox.QuerySolution,
) -> PickSet:
    iri = row["object"].value
    coordinates, turns = numbers(row["coordinates"].value, 2), rotations.get(iri)
    known = {name: _value(row[name]) for name in _COLUMNS}
    if (order := columns_of(known["axes"] or "")) is not None and coordinates.shape[1] == len(order):
        coordinates = coordinates[:, order]
        turns = turns if turns is None or turns.shape[1] != len(order) else turns[:, order][:, :, order]
    return PickSet(
        annotation=iri,
        tomogram=known["target"],
        coordinates=coordinates,
        rotations=turns,
        unit=known["unit"],
        origin=known["origin"],
        step=_three(known, "angstrom"),
        voxel=_three(known, "voxel_size"),
        attributes=attributes.get(iri, {}),
        **facts.get(iri, {}),
    )


_COLUMNS = (
    *("target", "unit", "origin", "axes"),
    *(f"{name}_{axis}" for name in ("angstrom", "voxel_size") for axis in "xyz"),
)


def _batches(store: Store, selection: PickSelection) -> Iterator[list[str]]:
    """The annotations, in lists of not too many points."""
    batch: list[str] = []
    points = 0
    for annotation, count in _found(store, selection):
        if batch and points + count > _AT_ONCE:
            yield batch
            batch, points = [], 0
        batch.append(annotation)
        points += count
    if batch:
        yield batch


def _found(store: Store, selection: PickSelection) -> list[tuple[str, int]]:
    chosen = _values("asked", map(ox.NamedNode, selection.annotations)) if selection.annotations else ""
    within = "?asked (cets:hasMember|cets:hasParticle)* ?annotation ." if chosen else ""
    wanted = ""
    if selection.object is not None:
        key = ox.Literal(object_key(selection.object))
        wanted = f"?marked cets:objectKey {key} ; (cets:hasMember|cets:hasParticle)* ?annotation ."
    rows = selection.select(
        store,
        f"""SELECT DISTINCT ?annotation ?count WHERE {{
          {chosen} {within} {wanted}
          {{ ?annotation a cets:PointSet ; cets:coordinates ?coordinates }}
          UNION {{ ?annotation a cets:Point ; cets:hasLocation ?location }}
          OPTIONAL {{ ?annotation cets:pointCount ?count }}
        }} ORDER BY ?annotation""",
    )
    return [(row["annotation"].value, int(row["count"].value) if row["count"] else 1) for row in rows]


def _facts(store: Store, selection: PickSelection, annotations: Iterable[str]) -> dict[str, dict[str, Any]]:
    found = selection.select(
        store,
        f"""SELECT ?annotation ?dataset ?object ?ids ?width ?height ?depth WHERE {{
          {_values("annotation", map(ox.NamedNode, annotations))}
          ?annotation cets:annotates ?tomogram .
          OPTIONAL {{ ?annotation cets:inDataSet ?dataset }}
          OPTIONAL {{ ?annotation cets:annotatedObjectName ?own_name }}
          OPTIONAL {{ ?annotation cets:annotatedObject ?own_term }}
          OPTIONAL {{
            ?set cets:hasMember|cets:hasParticle ?annotation .
            OPTIONAL {{ ?set cets:annotatedObjectName ?set_name }}
            OPTIONAL {{ ?set cets:annotatedObject ?set_term }}
          }}
          BIND(COALESCE(?own_name, ?own_term, ?set_name, ?set_term) AS ?object)
          OPTIONAL {{ ?annotation cets:pointIds ?ids }}
          OPTIONAL {{ ?tomogram cets:width ?width }}
          OPTIONAL {{ ?tomogram cets:height ?height }}
          OPTIONAL {{ ?tomogram cets:depth ?depth }}
        }}""",
    )
    return {
        row["annotation"].value: {
            "dataset": _value(row["dataset"]),
            "object": _value(row["object"]),
            "size": tuple(_value(row[name]) for name in ("width", "height", "depth")),
            "ids": _value(row["ids"]),
        }
        for row in found
    }


def _attributes(
    store: Store, selection: PickSelection, annotations: Iterable[str]
) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in selection.select(
        store,
        f"""SELECT ?annotation ?name ?values WHERE {{
          {_values("annotation", map(ox.NamedNode, annotations))}
          ?annotation cets:hasPointAttribute ?attribute .
          ?attribute cets:name ?name ; cets:values ?values ; cets:position ?position
        }} ORDER BY ?annotation ?position""",
    ):
        found.setdefault(row["annotation"].value, {})[row["name"].value] = row["values"].value
    return found


def _values(variable: str, terms: Iterable[ox.NamedNode]) -> str:
    return f"VALUES ?{variable} {{ {' '.join(map(str, terms))} }}"


def _value(term: Any) -> Any:
    return None if term is None else python_value(term)


def _three(known: dict[str, Any], name: str) -> Three:
    x, y, z = (known[f"{name}_{axis}"] for axis in "xyz")
    return x, y, z
