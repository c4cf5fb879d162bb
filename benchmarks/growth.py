"""Questions about little, in a small store and in one that has more of the same."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from corpus import Corpus, load
from measures import Measure

from cetsgraph import queries
from cetsgraph.store import LocalStore

__all__ = ["growth"]

_EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
_DATA = "https://w3id.org/cetsgraph/data/local"
_RUN = f"{_DATA}/CryoET-Data-Portal-10445/region/17687/tomo-image-set/~0"
_TOMOGRAM = f"{_RUN}/tomogram-set/~0/tomogram/18956"

_OF_AN_OBJECT: dict[str, dict[str, queries.Value]] = {
    "tomogram_lineage": {"tomogram": _TOMOGRAM},
    "reconstructions_of_series": {"tilt_series": f"{_RUN}/tilt-series-set/~0/tilt-series/17489"},
    "point_coordinates": {"annotation": f"{_TOMOGRAM}/annotation/175505"},
}
_OF_WHAT_IS_RARE: dict[str, dict[str, queries.Value]] = {"even_odd_pairs": {}, "cross_archive_links": {}}
_AMONG_ALL: dict[str, dict[str, queries.Value]] = {
    "tomograms_by_point_count": {"object": "ferritin complex", "minimum": 1},
    "tomograms_by_voxel_size": {"minimum": 4.99, "maximum": 4.99},
    "annotations_by_text": {"word": ["ferritin"]},
}
"""Numbers and texts have no index: each is looked at."""
_ROUNDS = 5  # the best counts


def growth(small: Corpus, large: Corpus) -> Iterator[Measure]:
    """The time of questions with the same few rows in both stores."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        stores = []
        for corpus in (small, large):
            directory = Path(folder, str(corpus.triples))
            load(directory, [*corpus.paths, *_EXAMPLES.glob("*.cets*")])
            stores.append(opened.enter_context(LocalStore.open(directory)))
        for asked, target in ((_OF_AN_OBJECT | _OF_WHAT_IS_RARE, 1.5), (_AMONG_ALL, None)):
            for name, values in asked.items():
                before, after = (_best(store, name, values) for store in stores)
                yield Measure(
                    large.name,
                    f"time of {name}",
                    small.name,
                    after / before,
                    target="" if target is None else f"≤ {target}",
                    met=None if target is None else after / before <= target,
                )


def _best(store: LocalStore, name: str, values: dict[str, queries.Value]) -> float:
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        queries.run(store, name, values)
        times.append(time.perf_counter() - start)
    return min(times)
