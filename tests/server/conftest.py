"""A server on the examples."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import EXAMPLES, load, serving

from cetsgraph.store import LocalStore


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples in a store."""
    directory = tmp_path_factory.mktemp("served") / "store"
    load(directory, *EXAMPLES)
    return directory


@pytest.fixture(scope="session")
def endpoint(store: Path) -> Iterator[str]:
    """The address of a server on the examples."""
    with serving(store, "--workers", "2", "--timeout", "5") as address:
        yield address


@pytest.fixture(scope="session")
def data_set(store: Path) -> str:
    with LocalStore.open(store) as opened:
        return next(name for name in opened.graphs() if name.endswith("EMD-3782"))
