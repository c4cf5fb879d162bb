"""A real server on all examples, for all tests of its pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import started
from playwright.sync_api import Browser
from serving import EXAMPLES, ROOT, load, serving


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("site") / "store"
    load(directory, *EXAMPLES, *sorted((ROOT / "examples").glob("*.yaml")))
    return directory


@pytest.fixture(scope="session")
def site(store: Path) -> Iterator[str]:
    """The address of the server, whose temporary files are beside its store."""
    (temporary := store.parent / "temporary").mkdir()
    with serving(store, "--workers", "1", "--timeout", "10", TMPDIR=str(temporary)) as address:
        yield address


# Until it ends, no other test of this process can run an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with started() as opened:
        yield opened
