"""A store of the examples, as the command line makes it."""

from pathlib import Path

import pytest
from commands import EXAMPLES, ok


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("cli") / "store"
    ok("load", "--store", directory, EXAMPLES)
    return directory
