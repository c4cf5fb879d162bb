"""A corpus of a given size: document files, and the very same quads as one N-Quads file."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from documents import Made, documents, point_set, write

from cetsgraph import archive
from cetsgraph.documents import read
from cetsgraph.graph import encode
from cetsgraph.iris import DEFAULT_BASE, data_set_iri
from cetsgraph.model import DataSet
from cetsgraph.store import LocalStore

__all__ = ["Corpus", "load", "made"]

_WITH_POINT_SET = 100_000  # triples from which a corpus has a large set of points
_POINTS = 100_000


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents, and what they are in the graph."""

    name: str
    paths: tuple[Path, ...]
    nquads: Path
    triples: int


def made(folder: Path, triples: int) -> Corpus:
    """Write documents of every dialect until they have so many triples; from 100,000 on, also a point set."""
    first = [point_set(_POINTS)] if triples >= _WITH_POINT_SET else []
    return _written(folder, f"{triples:,} triples", [*first, *islice(documents(), triples // 500)], triples)


def points(folder: Path, number: int = _POINTS) -> Corpus:
    """Nothing but one large set of points: few triples, one of them long."""
    return _written(folder, f"{number:,} points", [point_set(number)], 1)


def load(store: Path, paths: Iterable[Path]) -> None:
    """Load documents into a new store, as `cetsgraph load` does."""
    with LocalStore.open(store, "w") as opened:
        archive.put_all(opened, map(read, paths))


def _written(folder: Path, name: str, documents: Iterable[Made], triples: int) -> Corpus:
    folder.mkdir(parents=True)
    nquads = folder / "corpus.nq"
    paths: list[Path] = []
    total = 0
    with nquads.open("wb") as file:
        for one in documents:
            path = write(folder, one)
            quads = encode(_checked(path), data_set_iri(DEFAULT_BASE, "local", path.stem))
            file.write(quads)
            paths.append(path)
            total += quads.count(b"\n")
            if total >= triples:
                break
    return Corpus(name, tuple(paths), nquads, total)


def _checked(path: Path) -> DataSet:
    document = read(path)
    if document.findings:
        raise ValueError(f"{path.name} is not as its dialect wants it: {document.findings[0]}")
    return document.dataset
