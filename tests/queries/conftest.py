"""The example documents in a store, and the same triples in one rdflib graph without named graphs."""

from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from cetsgraph import archive
from cetsgraph.documents import read
from cetsgraph.store import LocalStore, Store

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TO_BE_CURATED = Path(__file__).resolve().parents[1] / "data" / "questions" / "to-be-curated.cetsgraph.json"


def plain_graph(store: Store) -> rdflib.Graph:
    triples = (quad.triple for quad in store.quads())
    data = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert data is not None
    return rdflib.Graph().parse(data=data.decode(), format="nt")


def store_of(*paths: Path) -> LocalStore:
    store = LocalStore.memory()
    for path in paths:
        archive.put(store, read(path))
    return store


@pytest.fixture(scope="session")
def examples() -> LocalStore:
    return store_of(*sorted(EXAMPLES.glob("*.cets*")), *sorted(EXAMPLES.glob("*.tomobabel*")))


@pytest.fixture(scope="session")
def curated() -> LocalStore:
    """One data set with all that a curator looks for."""
    return store_of(TO_BE_CURATED)


@pytest.fixture(scope="session")
def everything() -> LocalStore:
    """The examples and what a curator looks for: every question has rows."""
    return store_of(*sorted(EXAMPLES.glob("*.cets*")), *sorted(EXAMPLES.glob("*.tomobabel*")), TO_BE_CURATED)


@pytest.fixture(scope="session")
def plain_curated(curated: LocalStore) -> rdflib.Graph:
    return plain_graph(curated)


@pytest.fixture(scope="session")
def plain(everything: LocalStore) -> rdflib.Graph:
    return plain_graph(everything)
