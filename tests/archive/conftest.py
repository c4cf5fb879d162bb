"""Stores of older versions, and this process as of another version."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from older_stores import FOREIGN, OLD, SOME, add, to_format_1
from serving import load


@pytest.fixture
def as_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Has this process be of another version of the ontology."""

    def be(version: str) -> None:
        for module in ("archive.changes", "archive.maintenance", "store.record"):
            monkeypatch.setattr(f"cetsgraph.{module}.ONTOLOGY_VERSION", version)

    return be


@pytest.fixture(scope="session")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store as it is to be; it is only read."""
    directory = tmp_path_factory.mktemp("wanted") / "store"
    load(directory, *SOME)
    add(directory, FOREIGN)
    return directory


@pytest.fixture(scope="session")
def made_older(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same store, made by older versions."""
    stores = {name: tmp_path_factory.mktemp("older") / "store" for name in ("format 1", "ontology", "both")}
    for name, directory in stores.items():
        with pytest.MonkeyPatch.context() as patch:
            if name != "format 1":
                for module in ("archive.changes", "store.record"):
                    patch.setattr(f"cetsgraph.{module}.ONTOLOGY_VERSION", OLD)
            load(directory, *SOME)
            add(directory, FOREIGN)
        if name != "ontology":
            to_format_1(directory)
    return stores


@pytest.fixture(params=["format 1", "ontology", "both"])
def older(request: pytest.FixtureRequest, tmp_path: Path, made_older: dict[str, Path]) -> Path:
    """A copy of one of them."""
    return Path(shutil.copytree(made_older[request.param], tmp_path / "store"))
