"""Measure speed and memory, show the ratios, and keep them in build/bench.json.

python benchmarks/run.py            10,000 and 100,000 triples
python benchmarks/run.py --full     1,000,000 as well
python benchmarks/run.py --only growth --sizes 1000000 10000000
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from corpus import Corpus, made, points
from growth import growth
from measures import Measure, loading, loading_points, questions, reading_back, validating
from memory import memory
from serving import serving

SIZES = (10_000, 100_000)
FULL = (*SIZES, 1_000_000)
GROUPS = ("loading", "reading", "validating", "questions", "growth", "serving", "memory")
_RDFLIB_UP_TO = 100_000  # triples; beyond, some of its answers take minutes


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--full", action="store_true", help="1,000,000 triples too")
    parser.add_argument("--sizes", type=int, nargs="+", metavar="N", help="triples of the corpora, instead")
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=GROUPS, help="not everything")
    parser.add_argument("--output", type=Path, default=Path("build/bench.json"), help="file to keep them in")
    asked = parser.parse_args()
    measures: list[Measure] = []
    for measure in _measured(asked.sizes or (FULL if asked.full else SIZES), asked.only):
        measures.append(measure)
        print(f"{measure.corpus}: {measure.what} / {measure.against}", file=sys.stderr)
    _keep(asked.output, measures)
    _show(measures)


def _measured(sizes: Sequence[int], groups: Collection[str]) -> Iterator[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        smaller: Corpus | None = None
        for size in sizes:
            corpus = made(Path(folder, str(size)), size)
            compared = corpus.triples <= 1.1 * _RDFLIB_UP_TO
            if "loading" in groups:
                yield from loading(corpus, with_rdflib=compared)
            if "reading" in groups:
                yield from reading_back(corpus)
            if "validating" in groups:
                yield from validating(corpus, compared=compared)
            if "questions" in groups:
                yield from questions(corpus, with_rdflib=compared)
            if "growth" in groups and smaller is not None:
                yield from growth(smaller, corpus)
            if "serving" in groups:
                yield from serving(corpus)
            smaller = corpus
        if "loading" in groups:
            yield from loading_points(points(Path(folder, "points")))
    if "memory" in groups:
        yield from memory()


def _keep(path: Path, measures: Sequence[Measure]) -> None:
    machine = {
        "cores": len(os.sched_getaffinity(0)),
        "machine": platform.machine(),
        "python": platform.python_version(),
        **{name: version(name) for name in ("cetsgraph", "pydantic", "pyoxigraph", "rdflib")},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {"on": machine, "measures": [asdict(measure) for measure in measures]}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _show(measures: Sequence[Measure]) -> None:
    columns = ("documents", "what", "against", "target", "met", "ratio", "triples/s")
    print("\t".join(columns))
    for measure in measures:
        met = {None: "", True: "met", False: "missed"}[measure.met]
        rate = f"{measure.triples_per_second:,.0f}" if measure.triples_per_second else ""
        cells = (
            measure.corpus,
            measure.what,
            measure.against,
            measure.target,
            met,
            f"{measure.ratio:.2f}",
            rate,
        )
        print("\t".join(cells))


if __name__ == "__main__":
    main()
