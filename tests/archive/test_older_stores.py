"""Stores of other versions are recognised, and refused."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from commands import run
from older_stores import MAJOR, MINOR, NEWER, OLD, SOME, files, record
from serving import load, serving

from cetsgraph.archive.maintenance import migrate
from cetsgraph.errors import StoreError, StoreOutdated
from cetsgraph.store import LocalStore
from cetsgraph.versions import ONTOLOGY_VERSION as NOW


def test_an_older_store_is_refused_untouched_with_the_command_that_migrates_it(older: Path) -> None:
    before = files(older)
    for mode in ("r", "w"):
        with pytest.raises(StoreOutdated, match=f"older.*\n`cetsgraph migrate --store {older}`"):
            LocalStore.open(older, mode)
    assert files(older) == before


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 3}, r"newer format \(found 3, expected 2\)"),
        ({"ontology": NEWER}, rf"newer version of the ontology \(found {NEWER}, expected {NOW}\)"),
        ({"ontology": "1.0.0"}, r"newer version of the ontology \(found 1\.0\.0"),
    ],
)
def test_a_newer_store_is_refused_by_everything_and_left_alone(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    load(tmp_path / "store", *SOME)
    record(tmp_path / "store", **changes)
    (tmp_path / "store" / "db").mkdir()
    before = files(tmp_path / "store")
    for use in (LocalStore.open, lambda store: LocalStore.open(store, "w"), LocalStore.migrating, migrate):
        with pytest.raises(StoreError, match=f"{message}.*\nUpdate cetsgraph") as caught:
            use(tmp_path / "store")
        assert not isinstance(caught.value, StoreOutdated)
    assert files(tmp_path / "store") == before and (tmp_path / "store" / "db").exists()


def test_versions_that_differ_in_words_only_read_and_write_each_others_stores(tmp_path: Path) -> None:
    load(tmp_path / "store", *SOME)
    for version in (f"{MAJOR}.{MINOR}.9", NOW):
        record(tmp_path / "store", ontology=version)
        assert migrate(tmp_path / "store") is None
        load(tmp_path / "store", *SOME)


def test_every_command_refuses_an_older_store(tmp_path: Path) -> None:
    store = tmp_path / "store"
    load(store, *SOME)
    record(store, ontology=OLD)
    for command in (
        ["load", "--store", store, SOME[0]],
        ["datasets", "--store", store],
        ["query", "--store", store, "tomograms_with_fitmap"],
        ["validate", "--store", store],
        ["export", "--store", store, "--to", "cetsgraph", "any"],
        ["remove", "--store", store, "any"],
        ["serve", "--store", store, "--port", "0"],
        ["backup", "--store", store, tmp_path / "backup"],
        ["compact", "--store", store],
        ["stats", "--store", store],
    ):
        done = run(*command)
        assert (done.returncode, done.stdout) == (3, ""), (command, done.stderr)
        assert f"`cetsgraph migrate --store {store}`" in done.stderr, command
    searched = run("search", "--source", f"a={store}", "tomograms_with_fitmap")
    assert "a: refused, 0 rows" in searched.stderr
    assert f"`cetsgraph migrate --store {store}`" in searched.stderr


def test_a_server_whose_store_becomes_a_newer_one_says_that_it_cannot_read_it(tmp_path: Path) -> None:
    load(tmp_path / "store", *SOME)
    with serving(tmp_path / "store", "--workers", "1") as address:
        with urllib.request.urlopen(f"{address}/health") as answer:
            assert answer.status == 200
        new = json.dumps(record(tmp_path / "store") | {"format": 3})
        (tmp_path / "new").write_text(new)
        (tmp_path / "new").rename(tmp_path / "store" / "format.json")
        for path in ("/health", "/sparql?query=ASK%7B%7D", "/"):
            with pytest.raises(urllib.error.HTTPError, match="503") as caught:
                urllib.request.urlopen(f"{address}{path}")
            assert b"the store has a newer format" in caught.value.read()
