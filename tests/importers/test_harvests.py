"""What is fetched again, kept and replayed; entries of other archives."""

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import run
from federation_servers import send, serving_answers
from folders import files as kept
from portal_server import HASTY, Portal, request
from portal_tables import Tables, many

from cetsgraph.archive import records
from cetsgraph.errors import CetsGraphError, EntryNotFound
from cetsgraph.importers import import_from
from cetsgraph.importers.archives.live import Request, fetch, foresee
from cetsgraph.importers.archives.portal_harvest import FILES_URL
from cetsgraph.model import Annotation, DataSet, PointSet
from cetsgraph.store import open_store
from cetsgraph.validation import Validator


def test_only_what_changed_is_fetched_again(tables: Tables, tmp_path: Path) -> None:
    portal = Portal(json.loads(json.dumps(tables)))
    with portal.serving() as url:
        fetch(request(url), tmp_path)
        assert fetch(request(url), tmp_path).fetched == 0
        portal.tables["datasets"][1]["title"] = "Another"
        found = fetch(request(url), tmp_path)
        assert (found.fetched, len(found.paths)) == (1, 3)
        assert "Another" in (tmp_path / "10001/datasets.json").read_text()
        assert fetch(request(url, sections=False), tmp_path / "few").fetched == 3
    assert not (tmp_path / "few/10000/frames.json").exists()


def test_points_are_fetched_beside_the_tables(shared_data: Path, tmp_path: Path) -> None:
    recorded = shared_data / "cryoet-data-portal" / "annotations"
    tables = many(shared_data, 1, sections=1)
    addresses = {row["id"]: row["https_path"].removeprefix(FILES_URL) for row in tables["annotationFiles"]}
    points = {148664: "69546_Point.ndjson", 363433: "175505_OrientedPoint.first4.ndjson"}
    files = {f"/{addresses[file]}": (recorded / name).read_bytes() for file, name in points.items()}
    with Portal(tables, files=files).serving() as url:
        server = url.removesuffix("graphql")
        wanted = request(url, picks=True, files_url=server)
        (folder,) = fetch(wanted, tmp_path).paths
        assert fetch(wanted, tmp_path).fetched == 0
    (found,) = import_from(folder).documents
    sets = {one.id: one for one in annotations(found.dataset) if isinstance(one, PointSet)}
    assert [len(one.coordinates or ()) for one in sets.values()] == [43, 0, 4]
    (conflict,) = [one for one in found.findings if one.rule == "import-conflict"]
    assert conflict.found == "4 (kept) and 95", "four of them are recorded"
    assert sets["69547-Point"].point_count == 2, "its file is not there"
    oriented = sets["175505-OrientedPoint"]
    first = json.loads((recorded / points[363433]).read_text().splitlines()[0])
    # voxels of a tomogram of 1260 × 1260 × 368 at 4.99 Å, from the corner
    assert oriented.coordinates[0] == pytest.approx(
        [(first["location"][axis] - half) * 4.99 for axis, half in (("x", 630), ("y", 630), ("z", 184))],
        abs=1e-5,
    )
    assert oriented.rotations[0][0] == pytest.approx(first["xyz_rotation_matrix"][0], abs=1e-8)
    assert (oriented.unit, oriented.origin) == ("angstrom", "centre")
    assert Validator().document(found).conforms


def test_points_whose_address_is_none_are_said(shared_data: Path, tmp_path: Path) -> None:
    tables = json.loads(json.dumps(many(shared_data, 1, sections=1)))
    for row in tables["annotationFiles"]:
        row["https_path"] = f"{FILES_URL}a\x01b"
    with Portal(tables).serving() as url:
        found = fetch(request(url, picks=True), tmp_path)
    assert found.paths == () and [failure.what for failure in found.failures] == ["this is no address"]


def annotations(dataset: DataSet) -> Iterator[Annotation]:
    """The annotations on the tomograms of a data set."""
    for region in dataset.regions:
        for images in region.tomo_image_sets:
            for group in images.tomogram_sets:
                for tomogram in group.tomograms:
                    yield from tomogram.annotations


def test_since_and_numbers_choose_data_sets(tables: Tables, tmp_path: Path) -> None:
    with Portal(tables).serving() as url:
        since = fetch(request(url, since=dt.date(2025, 1, 2)), tmp_path / "a")
        assert [path.name for path in since.paths] == ["10001", "10002"]
        named = fetch(request(url, 10002, 99), tmp_path / "b")
    assert [path.name for path in named.paths] == ["10002"]
    assert [type(failure) for failure in named.failures] == [EntryNotFound] and named.exit_code == 1


def test_what_would_be_fetched_is_counted_in_one_request_more(tables: Tables, tmp_path: Path) -> None:
    portal = Portal(tables)
    with portal.serving() as url:
        counts = dict(foresee(request(url), tmp_path))
    assert (counts["runs"], counts["tomograms"], counts["frames"]) == (6, 24, 18)
    assert [body["operationName"] for body in portal.asked] == ["datasets", "datasets", "counts"]


def content(store: Path) -> dict[str, tuple[Any, ...]]:
    """What a store has, but for the time of loading."""
    with open_store(store) as opened:
        return {one.name: (one.content, one.triples, one.checksum, one.importer) for one in records(opened)}


HARVEST = """
import sys
from cetsgraph.archive import load
from cetsgraph.importers.archives.live import Request, fetch
from cetsgraph.importers.archives.session import Manners
url, folder, store = sys.argv[1:]
found = fetch(Request("portal", url=url, manners=Manners(pause=0, first_wait=0.01)), folder)
load(store, *found.paths)
"""
"""What `import portal all --keep --store` does, in a hurry."""


def test_a_harvest_that_is_killed_again_and_again_ends_with_the_same_store(
    shared_data: Path, tmp_path: Path
) -> None:
    def command(url: str, name: str) -> list[str]:
        return [sys.executable, "-c", HARVEST, url, str(tmp_path / name), str(tmp_path / f"{name}.store")]

    portal = Portal(many(shared_data, 3, sections=2), page=1)
    with portal.serving() as url:
        subprocess.run(command(url, "usual"), check=True)
        total = len(portal.asked)
        for kill in range(1, 4):
            process = subprocess.Popen(command(url, "killed"))
            while len(portal.asked) < total + kill * total // 4 and process.poll() is None:
                time.sleep(0.01)
            process.kill()
            process.wait()
        for part in filter(Path.is_dir, (tmp_path / "killed").rglob(".*.part")):
            (part / ".runs.json.12345678.part").write_text("[")  # as if it was killed while it wrote
        subprocess.run(command(url, "killed"), check=True)
    assert content(tmp_path / "killed.store") == content(tmp_path / "usual.store")
    assert kept(tmp_path / "killed") == kept(tmp_path / "usual")


def test_the_command_fetches_keeps_and_replays(tables: Tables, tmp_path: Path) -> None:
    with Portal(tables).serving() as url:
        options = ("--keep", tmp_path / "harvest", "--url", url, "--without-sections")
        assert "runs" in run("import", "portal", "all", "--dry-run", *options).stdout
        assert not (tmp_path / "harvest").exists()
        done = run("import", "portal", "DS-10000", "10099", "--store", tmp_path / "a", *options)
        assert done.returncode == 1 and "portal: 1 fetched, 0 kept, 1 failed" in done.stderr
        only_kept = run("import", "portal", "10000", "10099", *options)
        assert (only_kept.returncode, only_kept.stdout) == (1, "") and "1 kept" in only_kept.stderr
        alone = run("import", "portal", "10000", *options)
        assert json.loads(alone.stdout)["name"] == "CryoET-Data-Portal-10000"
    replayed = run("import", "portal", "all", "--from", tmp_path / "harvest", "--store", tmp_path / "b")
    assert replayed.returncode == 0 and content(tmp_path / "b") == content(tmp_path / "a")


USAGE = {
    "files are not fetched": ("mdoc", "a.mdoc", "--keep", "a"),
    "only the portal says when": ("emdb", "3197", "--since", "2025-01-01"),
    "several for one output": ("portal", "all", "--from", "."),
    "no folder": ("empiar", "10002", "--from", "no/such/folder"),
    "nothing to keep": ("portal", "all", "--from", ".", "--keep", "a"),
}


@pytest.mark.parametrize("case", USAGE)
def test_what_makes_no_sense_together_is_refused(case: str) -> None:
    assert run("import", *USAGE[case]).returncode == 2


def test_an_entry_that_was_not_kept_is_said_with_those_that_were(tables: Tables, tmp_path: Path) -> None:
    with Portal(tables).serving() as url:
        fetch(request(url, 10000), tmp_path)
    missing = run("import", "portal", "10001", "--from", tmp_path, "--store", tmp_path / "c")
    assert missing.returncode == 1 and "CryoET-Data-Portal-10000" in missing.stderr


def test_tables_of_several_data_sets_are_taken_apart(tables: Tables, tmp_path: Path) -> None:
    with Portal(tables).serving() as url:
        fetch(request(url), tmp_path / "portal")
    (tmp_path / "all").mkdir()
    for table in {path.name for path in (tmp_path / "portal").rglob("*.json")}:
        rows = [json.loads(path.read_text()) for path in sorted((tmp_path / "portal").rglob(table))]
        strays = [{**rows[0][0], "id": 3, "run_id": 1}] if table == "tomograms.json" else []
        (tmp_path / "all" / table).write_text(json.dumps([row for few in (*rows, strays) for row in few]))
    for name in ("portal", "all"):
        done = run(
            "import", "portal", "10002", "--from", tmp_path / name, "--store", tmp_path / f"{name}.store"
        )
        assert done.returncode == 0, done.stderr
    assert "left out  1 of the rows of tomograms" in done.stderr
    (one,), (other,) = content(tmp_path / "portal.store").values(), content(tmp_path / "all.store").values()
    assert one[:2] == other[:2]
    refused = run("import", "portal", tmp_path / "all")
    assert refused.returncode == 1 and "import portal all --from" in refused.stderr


ENTRIES = {
    "empiar": ("EMPIAR-99999", "empiar/EMPIAR-99999_entry_constructed.json", "/99999/"),
    "emdb": ("EMD-25107", "emdb/EMD-25107.json", "/EMD-25107"),
}


@pytest.mark.parametrize("archive", ENTRIES)
def test_entries_of_other_archives_are_fetched_as_the_archive_answers(
    archive: str, shared_data: Path, tmp_path: Path
) -> None:
    name, sample, address = ENTRIES[archive]
    recorded = (shared_data / "import" / sample).read_text()

    def answer(handler: Any, number: int) -> None:
        if number == 0:
            send(handler, 503, "text/html", "busy", Retry_After="0")
        else:
            send(handler, 200 if handler.path.endswith(address) else 404, "application/json", recorded)

    with serving_answers(answer) as url:
        place = f"{url}/{{}}/" if archive == "empiar" else f"{url}/{{}}"
        number = name.rpartition("-")[2]
        options = ("--keep", tmp_path, "--url", place)
        done = run("import", archive, number, "1", "--store", tmp_path / "a", *options)
        assert done.returncode == 1 and "there is no entry" in done.stderr
    assert (tmp_path / archive / f"{name}.json").read_text() == recorded
    again = run("import", archive, name, "--from", tmp_path, "--store", tmp_path / "b")
    assert again.returncode == 0 and content(tmp_path / "a") == content(tmp_path / "b")
    assert list(content(tmp_path / "b")) == [name]


def test_entries_that_are_kept_are_asked_for_again_and_fetched_if_they_changed(tmp_path: Path) -> None:
    titles = {"EMD-0001": "One", "EMD-0002": "Two"}
    asked: list[tuple[str, str | None]] = []

    def answer(handler: Any, _: int) -> None:
        name = handler.path.rpartition("/")[2]
        asked.append((name, handler.headers["If-None-Match"]))
        version, status = f'"{titles[name]}"', 200
        if asked[-1][1] == version:
            status = 304
        text = json.dumps({"emdb_id": name, "admin": {"title": titles[name]}}) if status == 200 else ""
        send(handler, status, "application/json", text, ETag=version)

    def fetched(refresh: bool) -> int:
        wanted = Request("emdb", tuple(titles), url=f"{url}/{{}}", manners=HASTY, refresh=refresh)
        found = fetch(wanted, tmp_path)
        assert (len(found.paths), found.failures) == (2, ())
        return sum("One" in path.read_text() or "Two" in path.read_text() for path in found.paths)

    with serving_answers(answer) as url:
        assert fetched(False) == fetched(False) == 2 and len(asked) == 2, "what is kept is not asked for"
        assert fetched(True) == 2
        assert sorted(asked[2:]) == [("EMD-0001", '"One"'), ("EMD-0002", '"Two"')]
        titles["EMD-0002"] = "Changed"
        assert fetched(True) == 1
    assert "Changed" in (tmp_path / "EMD-0002.json").read_text()


def test_entries_that_are_no_entries_are_refused(tmp_path: Path) -> None:
    with serving_answers(lambda handler, number: send(handler, 200, "application/json", "{}")) as url:
        found = fetch(Request("emdb", ("EMD-0001",), url=f"{url}/{{}}", manners=HASTY), tmp_path)
    assert found.paths == () and "EMD-0001" in str(found.failures[0])
    assert isinstance(found.failures[0], CetsGraphError) and os.listdir(tmp_path) == []
