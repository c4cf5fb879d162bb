"""Picks as tables: positions in Å and in voxels, orientations, ids and attributes."""

import json
import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cetsgraph.geometry import ANGLES, angles_of
from cetsgraph.geometry.positions import PositionFrame, centre_of
from cetsgraph.picks.arrays import values
from cetsgraph.picks.pick_sets import Floats, PickSelection, PickSet, Three, pick_sets
from cetsgraph.queries.scope import iri_of, object_iri
from cetsgraph.store import Store

if TYPE_CHECKING:
    import pandas
    import polars

__all__ = ["Picks", "read_picks"]

_ROWS = 2**14  # picks in one table
_TEXT = pa.dictionary(pa.int32(), pa.string())


class Picks:
    """Picks of a store, as tables of at most 16,384 rows that follow each other.

    | columns | what |
    |---|---|
    | `dataset` `tomogram` `annotation` | IRIs |
    | `object` | name of what was picked, else its term |
    | `pick` `id` | place in its set, counted from 0; identifier |
    | `x` `y` `z` | Å, from the centre of the tomogram (voxel ⌊N/2⌋) |
    | `voxel_x` `voxel_y` `voxel_z` | voxels, counted from 0 at the first one |
    | `stated_x` `stated_y` `stated_z` `unit` `origin` | as the annotation gives them |
    | `rotation` | matrix from the reference into the tomogram, row by row; or three angles of a program |
    | `attributes` | JSON object |

    What cannot be computed, since size or voxel size of the tomogram are not stated, is null.
    """

    def __init__(self, store: Store, selection: PickSelection, angles: str | None) -> None:
        self._store = store
        self._selection = selection
        self._angles = angles

    @property
    def schema(self) -> pa.Schema:
        """Names and types of the columns."""
        numbers = [f"{frame}{axis}" for frame in ("", "voxel_", "stated_") for axis in "xyz"]
        turned = ANGLES[self._angles].names if self._angles else ()
        return pa.schema(
            [
                *((name, _TEXT) for name in ("dataset", "tomogram", "annotation", "object")),
                ("pick", pa.int64()),
                ("id", pa.string()),
                *((name, pa.float64()) for name in numbers),
                *((name, _TEXT) for name in ("unit", "origin")),
                *([(name, pa.float64()) for name in turned] or [("rotation", pa.list_(pa.float64(), 9))]),
                ("attributes", pa.string()),
            ]
        )

    def __iter__(self) -> Iterator[pa.Table]:
        """Tables, in the order of the sets' IRIs."""
        waiting: list[pa.Table] = []
        for pick_set in pick_sets(self._store, self._selection):
            for table in self._tables(pick_set):
                waiting.append(table)
                if sum(map(len, waiting)) >= _ROWS:
                    yield pa.concat_tables(waiting)
                    waiting = []
        if waiting:
            yield pa.concat_tables(waiting)

    def to_arrow(self) -> pa.Table:
        """All picks as one table of Arrow."""
        return pa.concat_tables([self.schema.empty_table(), *self]).unify_dictionaries()

    def to_numpy(self) -> dict[str, NDArray[Any]]:
        """All picks as an array per column; unknown numbers are NaN, `rotation` is N×3×3."""
        table = self.to_arrow()
        return {
            name: _matrices(table[name]) if name == "rotation" else table[name].to_numpy(zero_copy_only=False)
            for name in table.column_names
        }

    def to_pandas(self) -> "pandas.DataFrame":
        """All picks as a data frame of pandas."""
        frame: pandas.DataFrame = self.to_arrow().to_pandas()
        return frame

    def to_polars(self) -> "polars.DataFrame":
        """All picks as a data frame of polars."""
        import polars

        frame = polars.from_arrow(self.to_arrow())
        assert isinstance(frame, polars.DataFrame)
        return frame

    def _tables(self, pick_set: PickSet) -> Iterator[pa.Table]:
        """The picks of a set, in tables of at most so many rows."""
        count, turned = len(pick_set.coordinates), pick_set.rotations
        ids, attributes = (
            values(pick_set.ids),
            {name: values(text) for name, text in pick_set.attributes.items()},
        )
        for start in range(0, count, _ROWS):
            end = min(start + _ROWS, count)
            yield self._table(
                pick_set,
                np.arange(start, end),
                pick_set.coordinates[start:end],
                None if turned is None else turned[start:end],
                [str(one) for one in ids[start:end]] or [None] * (end - start),
                _objects(attributes, start, end),
            )

    def _table(
        self,
        pick_set: PickSet,
        numbers: NDArray[np.int64],
        stated: Floats,
        matrices: Floats | None,
        ids: list[str | None],
        attributes: list[str | None],
    ) -> pa.Table:
        count = len(stated)
        if stated.shape[1] == 2:
            stated = np.column_stack([stated, np.full(count, np.nan)])
        centred, voxels = _resolved(pick_set, stated)
        repeated = ("dataset", "tomogram", "annotation", "object", "unit", "origin")
        columns = {
            **{name: _repeated(getattr(pick_set, name), count) for name in repeated},
            **{"pick": numbers, "id": ids, "attributes": attributes},
            **_named(("x", "y", "z"), centred),
            **_named(("voxel_x", "voxel_y", "voxel_z"), voxels),
            **_named(("stated_x", "stated_y", "stated_z"), stated),
            **self._turned(matrices, count),
        }
        return pa.table(columns, schema=self.schema)

    def _turned(self, matrices: Floats | None, count: int) -> dict[str, Any]:
        whole = None if matrices is None or matrices.shape[1] < 3 else matrices[:, :3, :3]
        if self._angles is None:
            return {"rotation": [None] * count if whole is None else _nines(whole)}
        names = ANGLES[self._angles].names
        angles = np.full((count, 3), np.nan) if whole is None else angles_of(whole, self._angles)
        return _named(names, angles)


def read_picks(
    store: Store,
    annotations: str | Sequence[str] = (),
    *,
    dataset: str | None = None,
    object: str | None = None,
    angles: str | None = None,
) -> Picks:
    """Picks of a store, read when they are iterated or turned into a table.

    >>> from cetsgraph.store import LocalStore
    >>> len(read_picks(LocalStore.memory(), object="ribosome").to_pandas())
    0

    Args:
        store: where they are.
        annotations: point sets, sets of particles or single points, by IRI, name or id; all if not given.
        dataset: name or IRI of a data set, for those of it alone.
        object: name or term, for picks of it alone.
        angles: a program, one of `geometry.ANGLES`, for its angles in place of matrices.

    Raises:
        DataSetNotFound: the store has no such data set.
        ObjectNotFound: it has no object, or several, of the name of an annotation.
        ParameterError: there is no such convention of angles.
        StoreError: the store failed, now or while picks are read.
    """
    if angles is not None:
        angles_of(np.empty((0, 3, 3)), angles)
    named = (annotations,) if isinstance(annotations, str) else annotations
    chosen = tuple(object_iri(store, one) for one in named)
    graph = None if dataset is None else iri_of(store, dataset)
    return Picks(store, PickSelection(chosen, graph, object), angles)


def _resolved(pick_set: PickSet, stated: Floats) -> tuple[Floats, Floats]:
    """Positions in Å from the centre, and in voxels from the first one; NaN where they cannot be known."""
    step, voxel = _known(pick_set.step), _known(pick_set.voxel)
    in_voxels = PositionFrame(voxel, centre_of(_known(pick_set.size)))
    if pick_set.origin == "centre":
        centred = PositionFrame(step, (0.0, 0.0, 0.0)).to_centred(stated)
        return centred, in_voxels.from_centred(centred)
    if pick_set.origin == "corner":
        voxels = stated if pick_set.unit == "pixel" else stated * np.divide(step, voxel)
        return in_voxels.to_centred(voxels), voxels
    nothing = np.full_like(stated, np.nan)
    return nothing, nothing


def _known(three: Three) -> tuple[float, float, float]:
    x, y, z = (math.nan if one is None else one for one in three)
    return x, y, z


def _named(names: Sequence[str], numbers: Floats) -> dict[str, pa.Array]:
    """The columns of an array; NaN is null."""
    return {name: pa.array(numbers[:, index], from_pandas=True) for index, name in enumerate(names)}


def _nines(matrices: Floats) -> pa.FixedSizeListArray:
    """Matrices row by row."""
    return pa.FixedSizeListArray.from_arrays(pa.array(matrices.reshape(-1)), 9)


def _matrices(column: pa.ChunkedArray) -> Floats:
    """The inverse of `_nines`; NaN where there is none."""
    whole = np.full((len(column), 9), np.nan)
    start = 0
    for chunk in column.chunks:
        end = start + len(chunk)
        whole[start:end][chunk.is_valid()] = chunk.flatten().to_numpy().reshape(-1, 9)
        start = end
    return whole.reshape(-1, 3, 3)


def _repeated(text: str | None, count: int) -> pa.DictionaryArray:
    indices = pa.array([None if text is None else 0], pa.int32()).take(pa.array(np.zeros(count, np.int32)))
    return pa.DictionaryArray.from_arrays(indices, pa.array([text or ""], pa.string()))


def _objects(attributes: dict[str, list[object]], start: int, end: int) -> list[str | None]:
    """What is known of each pick beside its place, as JSON."""
    if not attributes:
        return [None] * (end - start)
    columns = zip(*(values[start:end] for values in attributes.values()), strict=True)
    return [json.dumps(dict(zip(attributes, row, strict=True)), ensure_ascii=False) for row in columns]
