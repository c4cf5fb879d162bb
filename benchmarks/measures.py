"""What is measured: every number is a ratio against a named baseline, both timed in the same run."""

import gc
import json
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
import rdflib
from corpus import Corpus, load

from cetsgraph import archive, queries
from cetsgraph.documents import read
from cetsgraph.graph import triples
from cetsgraph.graph.placement import Placement
from cetsgraph.store import LocalStore
from cetsgraph.store.directory import StoreDirectory
from cetsgraph.validation import Validator, rule_book
from cetsgraph.validation.engines import load_engine

__all__ = ["Measure", "loading", "loading_points", "questions", "reading_back", "repeats", "validating"]

QUESTIONS: dict[str, dict[str, queries.Value]] = {
    "tomograms_with_fitmap": {},
    "tilt_series_by_dose": {"maximum": 122.0},
    "tomograms_by_point_count": {"object": "UniProtKB:P04591", "minimum": 100},
    "tilt_schemes": {},
    "region_completeness": {},
    "annotations_by_text": {"word": ["gag", "lattice"]},
    "dataset_summary": {},
}


@dataclass(frozen=True, slots=True)
class Measure:
    """How many times as fast we are as the baseline, or how much memory we take of it."""

    corpus: str
    what: str
    against: str
    ratio: float
    target: str = ""
    met: bool | None = None
    triples_per_second: float | None = None


def repeats(corpus: Corpus) -> int:
    """How often to time, the fewer the longer it takes; the fastest time counts."""
    return max(1, min(5, 500_000 // corpus.triples))


def loading(corpus: Corpus, *, with_rdflib: bool) -> Iterator[Measure]:
    """Documents into a store on disk, against N-Quads into one, and into rdflib."""
    ours, engine = _fastest(
        repeats(corpus),
        lambda folder: load(folder / "store", corpus.paths),
        lambda folder: _bulk_load(folder / "store", corpus.nquads),
    )
    yield _load_measure(corpus, ours, engine, "pyoxigraph bulk_load", 0.6)
    if with_rdflib:
        (theirs,) = _fastest(1, lambda _: rdflib.Dataset().parse(corpus.nquads, format="nquads"))
        yield _load_measure(corpus, ours, theirs, "rdflib parse", 10)


def loading_points(corpus: Corpus) -> Iterator[Measure]:
    """One long array, of which most is numbers to be read and written: against its JSON read by Python."""
    (path,) = corpus.paths
    ours, theirs = _fastest(
        3, lambda folder: load(folder / "store", corpus.paths), lambda _: json.loads(path.read_bytes())
    )
    yield Measure(corpus.name, "load document file", "json.loads", theirs / ours)


def _load_measure(corpus: Corpus, ours: float, theirs: float, against: str, target: float) -> Measure:
    return Measure(
        corpus.name,
        "load document files",
        against,
        theirs / ours,
        target=f"≥ {target:g}",
        met=theirs / ours >= target,
        triples_per_second=corpus.triples / ours,
    )


def reading_back(corpus: Corpus) -> Iterator[Measure]:
    """Every data set of a store on disk as objects, against the same quads as the engine gives them."""
    with tempfile.TemporaryDirectory() as folder:
        load(Path(folder, "store"), corpus.paths)
        with LocalStore.open(Path(folder, "store")) as store:
            names = [record.dataset for record in archive.list(store)]
            ours, engine = _fastest(
                repeats(corpus),
                lambda _: _exhaust(archive.get(store, name) for name in names),
                lambda _: _exhaust(quad for name in names for quad in store.quads(name)),
            )
    rate = corpus.triples / ours
    yield Measure(
        corpus.name,
        "read documents back",
        "quads from pyoxigraph",
        engine / ours,
        target="100,000 triples/s",
        met=rate >= 100_000,
        triples_per_second=rate,
    )


def validating(corpus: Corpus, *, compared: bool) -> Iterator[Measure]:
    """Files to findings in one process, against reading them and against pySHACL, by processor time."""
    validator = Validator("core")
    validator.judge.engine.validate("")
    ours, reading = _fastest(
        repeats(corpus),
        lambda _: _exhaust(map(validator.file, corpus.paths)),
        lambda _: _exhaust(map(read, corpus.paths)),
        clock=time.process_time,
    )
    yield Measure(
        corpus.name,
        "validate documents",
        "reading them",
        ours / reading,
        target="≤ 2.5",
        met=ours / reading <= 2.5,
        triples_per_second=corpus.triples / ours,
    )
    if compared:
        graphs = ["".join(triples(Placement(read(path).dataset, numbered=True))) for path in corpus.paths]
        engine = load_engine(rule_book("core").texts, "pyshacl")
        (theirs,) = _fastest(1, lambda _: _exhaust(map(engine.validate, graphs)), clock=time.process_time)
        yield Measure(
            corpus.name,
            "validate documents",
            "pySHACL, same rules on the whole graph",
            theirs / ours,
            target="≥ 100",
            met=theirs / ours >= 100,
        )


def questions(corpus: Corpus, *, with_rdflib: bool) -> Iterator[Measure]:
    """Named queries as typed rows, against the same SPARQL asked of the engine, and of rdflib."""
    with tempfile.TemporaryDirectory() as folder:
        load(Path(folder, "store"), corpus.paths)
        engine = _engine(Path(folder, "store"))
        graph = _rdflib_graph(engine) if with_rdflib else None
        with LocalStore.open(Path(folder, "store")) as store:
            for name, values in QUESTIONS.items():
                yield from _question(corpus, store, engine, graph, name, values)


def _question(
    corpus: Corpus,
    store: LocalStore,
    engine: pyoxigraph.Store,
    graph: rdflib.Graph | None,
    name: str,
    values: dict[str, queries.Value],
) -> Iterator[Measure]:
    sparql = queries.load(name).bind(**values)
    ours, raw = _fastest(
        5,
        lambda _: queries.run(store, name, values),
        lambda _: _exhaust(engine.query(sparql, use_default_graph_as_union=True)),
    )
    yield Measure(corpus.name, name, "the same SPARQL in pyoxigraph", raw / ours)
    if graph is not None:
        (theirs,) = _fastest(1, lambda _: _exhaust(graph.query(sparql)))
        yield Measure(corpus.name, name, "the same SPARQL in rdflib", theirs / ours)


def _fastest(
    times: int, *ways: Callable[[Path], object], clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """The shortest time in seconds that each way took; they take turns, each in an empty folder."""
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(times):
        for way, seconds in zip(ways, taken, strict=True):
            with tempfile.TemporaryDirectory() as folder:
                gc.collect()
                start = clock()
                way(Path(folder))
                seconds.append(clock() - start)
    return [min(seconds) for seconds in taken]


def _bulk_load(store: Path, nquads: Path) -> None:
    engine = pyoxigraph.Store(str(store))
    engine.bulk_load(path=str(nquads), format=pyoxigraph.RdfFormat.N_QUADS)
    engine.flush()


def _engine(store: Path) -> pyoxigraph.Store:
    """The engine on what a store committed last, without anything of ours between."""
    newest = str(StoreDirectory(store).record().snapshot)
    return pyoxigraph.Store.read_only(str(store / "snapshots" / newest))


def _rdflib_graph(engine: pyoxigraph.Store) -> rdflib.Graph:
    """All graphs as one, which is what the queries ask, and faster than a Dataset."""
    triples = pyoxigraph.serialize((quad.triple for quad in engine), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=triples or b"", format="nt")


def _exhaust(items: Iterable[object]) -> None:
    deque(items, maxlen=0)
