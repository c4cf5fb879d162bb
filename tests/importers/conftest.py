"""Tables of the portal, as a server on loopback has them, and folders with copies of samples."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from portal_tables import Tables, many


@pytest.fixture(scope="module")
def tables(shared_data: Path) -> Tables:
    """Three data sets of two runs with three tilts."""
    return many(shared_data, 3, runs=2, sections=3)


@pytest.fixture
def some(shared_data: Path, tmp_path: Path) -> Callable[..., Path]:
    """A folder with copies of samples, by the names that they are to have."""

    def copied(**names: str) -> Path:
        folder = tmp_path / "session"
        folder.mkdir(exist_ok=True)
        for target, source in names.items():
            shutil.copy(shared_data / "import" / source, folder / target.replace("__", "."))
        return folder

    return copied
