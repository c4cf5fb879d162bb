"""What the examples in docstrings take for granted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cetsgraph.archive import put
from cetsgraph.documents import read
from cetsgraph.store import LocalStore

EXAMPLES = Path(__file__).resolve().parent / "examples"


@pytest.fixture(scope="session")
def example_store() -> Iterator[LocalStore]:
    """A store with the documents of `examples/`."""
    with LocalStore.memory() as store:
        for path in sorted(EXAMPLES.glob("*.*.*")):
            put(store, read(path))
        yield store


@pytest.fixture(autouse=True)
def typed_questions_have_a_store(request: pytest.FixtureRequest, doctest_namespace: dict[str, Any]) -> None:
    if request.node.path.parent.name == "typed":
        doctest_namespace["store"] = request.getfixturevalue("example_store")
