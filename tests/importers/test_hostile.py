"""Files that would fill the memory, or say what is no number, are refused; nothing beside them is lost."""

from pathlib import Path

import pytest
from hostile_files import SAMPLES, write

from cetsgraph.archive import get, load, records
from cetsgraph.importers import claims, import_from
from cetsgraph.store import LocalStore


@pytest.mark.parametrize("kind", SAMPLES)
def test_hostile_files_are_refused_with_their_lines_and_the_good_one_is_loaded(
    kind: str, tmp_path: Path
) -> None:
    bad = write(kind, tmp_path / "all")
    store = LocalStore.memory()
    loading = load(store, tmp_path / "all")
    said = {Path(failure.path).name: failure.line for failure in loading.failures}  # type: ignore[union-attr]
    assert set(said) == bad
    assert {name for name, line in said.items() if line is None} <= {f"gz-{SAMPLES[kind][0]}.gz"}
    (good,) = loading.data_sets
    (alone,) = import_from(tmp_path / "all" / SAMPLES[kind][0]).documents
    assert get(store, good.record.name).dataset.regions == alone.dataset.regions
    assert loading.passed_over == ()


def test_a_folder_of_everything_is_sorted_out(tmp_path: Path) -> None:
    """Files of all kinds in one folder: each is one importer's, refused, or counted."""
    folder = tmp_path / "all"
    folder.mkdir()
    bad: set[str] = set()
    for kind in SAMPLES:
        bad |= {f"{kind}-{name}" for name in write(kind, tmp_path / kind)}
        for path in (tmp_path / kind).iterdir():
            path.rename(folder / f"{kind}-{path.name}")
    (folder / "notes.txt").write_text("nothing")
    found = claims([folder])
    claimed = [path for claim in found.claims for path in claim.files]
    assert len(claimed) == len(set(claimed))
    store, alone = LocalStore.memory(), LocalStore.memory()
    loading = load(store, folder)
    assert {Path(str(failure.path)).name for failure in loading.failures} == bad
    assert [path.name for path in loading.passed_over] == ["notes.txt"]
    load(alone, *(folder / f"{kind}-{name}" for kind, (name, _) in SAMPLES.items()))
    assert region_ids(store) == region_ids(alone)


def region_ids(store: LocalStore) -> list[str | None]:
    """Of all data sets of a store."""
    return sorted(region.id for one in records(store) for region in get(store, one.name).dataset.regions)
