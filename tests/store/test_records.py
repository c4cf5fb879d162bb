"""What a directory says of itself."""

import json
from pathlib import Path

import pytest
from numbered import EX, put, sizes

from cetsgraph.errors import InvalidIRI, StoreError, StoreNotFound
from cetsgraph.iris import DEFAULT_BASE
from cetsgraph.store import LocalStore, Settings
from cetsgraph.versions import ONTOLOGY_VERSION


def test_base_and_archive_are_kept(directory: Path) -> None:
    with LocalStore.open(directory, "w", base="https://example.org/", archive="empiar") as writer:
        assert writer.settings == Settings("https://example.org/", "empiar")
    with LocalStore.open(directory, archive="empiar") as reader:
        assert reader.settings == Settings("https://example.org/", "empiar")
    with pytest.raises(StoreError, match=r"another archive \(found emdb, expected empiar\)"):
        LocalStore.open(directory, "w", archive="emdb")
    LocalStore.open(directory, "w").close()


def test_the_defaults_are_kept_too(directory: Path) -> None:
    LocalStore.open(directory, "w").close()
    with pytest.raises(StoreError, match="another base"):
        LocalStore.open(directory, "w", base="https://example.org/")
    with LocalStore.open(directory) as reader, LocalStore.memory() as memory:
        assert reader.settings == memory.settings == Settings(DEFAULT_BASE, "local")


@pytest.mark.parametrize("base", ["", "no iri", "http://a b/", "http://[::1", "http://x/%zz/", "relative/"])
def test_a_base_that_is_no_iri_is_refused_before_anything_is_made(directory: Path, base: str) -> None:
    for opened in (
        lambda: LocalStore.open(directory, "w", base=base),
        lambda: LocalStore.open(directory, "r", base=base),
        lambda: LocalStore.memory(base=base),
    ):
        with pytest.raises(InvalidIRI, match="base of IRIs") as caught:
            opened()
        assert caught.value.exit_code == 2
    with pytest.raises(InvalidIRI, match="no name"):
        LocalStore.open(directory, "w", archive=" ")
    assert not directory.exists()


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ('{"format": 3, "base": "b", "archive": "a"}', "newer format .found 3, expected 2.*Update cetsgraph"),
        ('{"format": 1, "base": "b", "archive": "a"}', "older format .found 1, expected 2.*migrate --store"),
        ('{"format": 0, "base": "b", "archive": "a"}', "never was a format 0"),
        ('{"format": "1"}', "no format version"),
        ('{"format": 1, "base": "b"}', "lacks base or archive"),
        ('{"format": 2, "base": "b", "archive": "a", "snapshot": 1}', "lacks ontology"),
        ('{"format": 2, "base": "b", "archive": "a", "ontology": "0.1.0"}', "lacks ontology or snapshot"),
        (
            '{"format": 2, "base": "b", "archive": "a", "ontology": "new", "snapshot": 1}',
            "'new' is not MAJOR",
        ),
        (
            '{"format": 2, "base": "b", "archive": "a", "ontology": "0.1.0", "snapshot": 1, "files": []}',
            "does not say which files",
        ),
        ("[]", "no format version"),
        ("{", "is not JSON"),
    ],
)
def test_other_formats_and_damage_are_told_apart(directory: Path, record: str, message: str) -> None:
    put(directory, f"{EX}a")
    (directory / "format.json").write_text(record)
    for mode in ("r", "w"):
        with pytest.raises(StoreError, match=f"(?s){message}"):
            LocalStore.open(directory, mode)


def test_the_format_record_is_what_it_says(directory: Path) -> None:
    LocalStore.open(directory, "w", archive="empiar").close()
    record = json.loads((directory / "format.json").read_text())
    assert record == {
        "format": 2,
        "engine": "oxigraph",
        "base": DEFAULT_BASE,
        "archive": "empiar",
        "ontology": ONTOLOGY_VERSION,
        "snapshot": 1,
        "files": {
            "sizes": {file.name: file.stat().st_size for file in (directory / "snapshots" / "1").iterdir()},
            "sha256": record["files"]["sha256"],
        },
    }


def test_where_nothing_is_nothing_is_read_or_made(directory: Path) -> None:
    with pytest.raises(StoreNotFound, match=r"there is no store here\n.*cetsgraph load"):
        LocalStore.open(directory)
    assert not directory.exists()


def test_a_folder_of_other_files_is_left_alone(directory: Path) -> None:
    directory.mkdir()
    (directory / "notes.txt").write_text("mine")
    (directory / "scans").mkdir()
    with pytest.raises(StoreNotFound, match=r"found a folder without format\.json"):
        LocalStore.open(directory)
    with pytest.raises(StoreError, match=r"notes\.txt and 1 more"):
        LocalStore.open(directory, "w")
    assert sorted(path.name for path in directory.iterdir()) == ["notes.txt", "scans"]


def test_a_file_is_no_store(directory: Path) -> None:
    directory.write_text("mine")
    with pytest.raises(StoreNotFound, match="found a file, expected a folder"):
        LocalStore.open(directory)
    with pytest.raises(StoreError, match="found a file"):
        LocalStore.open(directory, "w")
    with pytest.raises(StoreError, match="Not a directory"):
        LocalStore.open(directory / "below", "w")


def test_an_empty_folder_and_a_link_to_a_folder_become_stores(directory: Path, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    directory.symlink_to(tmp_path / "target")
    put(directory, f"{EX}a")
    with LocalStore.open(tmp_path / "target") as reader:
        assert sizes(reader) == {f"{EX}a": 10}


def test_a_dangling_link_is_an_error_that_names_it(directory: Path, tmp_path: Path) -> None:
    directory.symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreNotFound):
        LocalStore.open(directory)
    with pytest.raises(StoreError, match=r"store: .*File exists"):
        LocalStore.open(directory, "w")
