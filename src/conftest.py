"""What the examples in docstrings take for granted."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cetsgraph import archive
from cetsgraph.documents import read_file
from cetsgraph.store import LocalStore

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"


@pytest.fixture(scope="session")
def example_store() -> Iterator[LocalStore]:
    """A store with the documents of `examples/`."""
    with LocalStore.memory() as store:
        for path in sorted(EXAMPLES.glob("*.*.*")):
            for document in read_file(path):
                archive.put(store, document)
        yield store


@pytest.fixture(autouse=True)
def typed_questions_have_a_store(request: pytest.FixtureRequest, doctest_namespace: dict[str, Any]) -> None:
    if request.node.path.parent.name == "typed":
        doctest_namespace["store"] = request.getfixturevalue("example_store")
