"""The example documents in a store, and the same triples in one rdflib graph without named graphs."""

from pathlib import Path

import pyoxigraph
import pytest
import rdflib

from cetsgraph import archive
from cetsgraph.readers import read
from cetsgraph.store import LocalStore, Store

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def plain_graph(store: Store) -> rdflib.Graph:
    triples = (quad.triple for quad in store.quads())
    data = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert data is not None
    return rdflib.Graph().parse(data=data.decode(), format="nt")


@pytest.fixture(scope="session")
def examples() -> LocalStore:
    store = LocalStore.memory()
    for path in sorted(EXAMPLES.glob("*.cets*")) + sorted(EXAMPLES.glob("*.tomobabel*")):
        archive.put(store, read(path))
    return store


@pytest.fixture(scope="session")
def example_graph(examples: LocalStore) -> rdflib.Graph:
    return plain_graph(examples)
