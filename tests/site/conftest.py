"""A real server on all examples, for all tests of its pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from serving import EXAMPLES, ROOT, load, serving


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("site") / "store"
    load(directory, *EXAMPLES, *sorted((ROOT / "examples").glob("*.yaml")))
    return directory


@pytest.fixture(scope="session")
def site(store: Path) -> Iterator[str]:
    """The address of the server."""
    with serving(store, "--workers", "1", "--timeout", "10") as address:
        yield address
