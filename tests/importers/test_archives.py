"""Entries fetched from archives: a real server on loopback gives recorded answers, and faults."""

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import graphql
import pytest
from commands import run
from federation_servers import send, serving_answers
from portal_server import SCHEMA, Portal, cut_gzip, redirect, reply
from portal_tables import Tables, many

from cetsgraph.archive import records
from cetsgraph.errors import CetsGraphError, EndpointAnswer, EndpointError, EntryNotFound, StoreError
from cetsgraph.importers import import_from
from cetsgraph.importers.archives.kept_tables import kept_pages
from cetsgraph.importers.archives.live import Request, fetch, foresee
from cetsgraph.importers.archives.portal_harvest import FILES_URL
from cetsgraph.importers.archives.queries import counts_query, page_query
from cetsgraph.importers.archives.session import Manners
from cetsgraph.importers.portal.schema import TABLES
from cetsgraph.model import Annotation, DataSet, PointSet
from cetsgraph.store import open_store
from cetsgraph.validation import Validator

HASTY = Manners(pause=0, first_wait=0.01, timeout=20, max_bytes=10**6)


@pytest.fixture(scope="module")
def tables(shared_data: Path) -> Tables:
    """Three data sets of two runs with three tilts."""
    return many(shared_data, 3, runs=2, sections=3)


def request(url: str, *numbers: int, **others: Any) -> Request:
    names = tuple(f"CryoET-Data-Portal-{number}" for number in numbers)
    return Request("portal", names, url=url, **{"manners": HASTY, **others})


def kept(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_all_questions_are_answered_by_the_portals_schema() -> None:
    schema = graphql.build_schema(SCHEMA)
    questions = [page_query(table, table.asked) for table in TABLES.values()]
    questions += [page_query(TABLES["datasets"], ["id"], all_data_sets=True), counts_query(TABLES.values())]
    assert [graphql.validate(schema, graphql.parse(question)) for question in questions] == [[]] * len(
        questions
    )


def test_data_sets_are_fetched_as_they_are(tables: Tables, tmp_path: Path) -> None:
    portal = Portal(tables, page=2)
    with portal.serving() as url:
        found = fetch(request(url), tmp_path)
    assert (found.fetched, found.failures, found.requests) == (3, (), len(portal.asked))
    assert [path.name for path in found.paths] == ["10000", "10001", "10002"]
    for table in ("runs", "frames", "tomograms", "annotationFiles"):
        fetched = [row for path in found.paths for row in json.loads((path / f"{table}.json").read_text())]
        columns = TABLES[table].asked
        wanted = sorted(tables[table], key=lambda row: row["id"])
        assert fetched == [{name: row.get(name) for name in columns} for row in wanted]
    assert portal.headers[0]["User-Agent"].startswith("cetsgraph/")
    assert portal.headers[0]["Accept-Encoding"] == "gzip"


FAULTS = {
    "too many requests": {3: reply(429, "slow down", Retry_After="0"), 4: reply(429, "", Retry_After="0")},
    "an error of the server": {0: reply(500, "oops"), 5: reply(502, "<html>"), 6: reply(503, "")},
    "half a compressed answer": {2: cut_gzip, 8: cut_gzip},
    "errors": {
        4: reply(200, '{"data": null, "errors": [{"message": "statement timeout", "path": ["runs"]}]}')
    },
    "no counts": {1: reply(200, '{"errors": [{"message": "no aggregates"}]}')},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_failures_that_pass_change_nothing(fault: str, tables: Tables, tmp_path: Path) -> None:
    for name, faults in (("usual", {}), ("other", FAULTS[fault])):
        with Portal(tables, faults).serving() as url:
            found = fetch(request(url), tmp_path / name)
            assert (len(found.paths), found.failures) == (3, ())
    assert kept(tmp_path / "other") == kept(tmp_path / "usual")


@pytest.mark.parametrize("page", [1000, 62])
def test_a_table_is_fetched_whole_where_the_portal_counts_too_few_rows(
    page: int, shared_data: Path, tmp_path: Path
) -> None:
    tables = many(shared_data, 1, runs=4)  # 124 rows of each table of sections
    with Portal(tables, page=page, counts_half=True).serving() as url:
        (folder,) = fetch(request(url), tmp_path).paths
    assert len(json.loads((folder / "perSectionParameters.json").read_text())) == 124


def test_pages_become_smaller_where_the_server_fails(tables: Tables, tmp_path: Path) -> None:
    portal = Portal(tables, dict.fromkeys(range(3, 6), reply(500, "too much")))
    with portal.serving() as url:
        fetch(request(url, 10000), tmp_path)
    assert [body["variables"]["limit"] for body in portal.asked[3:7]] == [1000, 500, 250, 125]


LASTING = {
    "no JSON": (reply(200, "<html>Please log in</html>"), EndpointAnswer, "not JSON.*Please log in"),
    "nothing but brackets": (reply(200, "[" * 10**5), EndpointAnswer, "not JSON"),
    "odd errors": (reply(200, '{"errors": 5}'), EndpointAnswer, "with an error.*5"),
    "no data": (reply(200, "{}"), EndpointAnswer, "no data"),
    "no rows": (reply(200, '{"data": {"datasets": 5}}'), EndpointAnswer, "no rows of datasets"),
    "no number": (reply(200, '{"data": {"datasets": [{"title": "A"}]}}'), EndpointAnswer, "no number"),
    "forbidden": (reply(403, "who are you?"), EndpointError, "403.*who are you"),
    "an inner address": (redirect("http://169.254.169.254/latest"), EndpointAnswer, "169.254.169.254"),
    "no address": (redirect("http://[bad/"), EndpointAnswer, "leads to no address"),
    "another scheme": (redirect("file:///etc/passwd"), EndpointAnswer, "file:///etc/passwd"),
    "a circle": (redirect("/graphql"), EndpointAnswer, "redirects"),
    "a long wait": (reply(429, "", Retry_After="100000"), EndpointError, "429"),
    "a large answer": (reply(200, " " * 2 * 10**6), EndpointAnswer, "too large"),
    "always an error": (reply(500, "out of order"), EndpointError, "500.*out of order"),
    "always errors": (reply(200, '{"errors": [{"message": "boom"}]}'), EndpointAnswer, "boom"),
}


@pytest.mark.parametrize("case", LASTING)
def test_failures_that_last_are_said_and_leave_nothing(case: str, tables: Tables, tmp_path: Path) -> None:
    fault, error, words = LASTING[case]
    portal = Portal(tables, dict.fromkeys(range(100), fault))
    with portal.serving() as url, pytest.raises(error, match=rf"(?s){url}.*{words}"):
        fetch(request(url), tmp_path)
    assert kept(tmp_path) == {} and len(portal.asked) <= HASTY.tries


NO_ADDRESSES = ("", "portal", "file:///etc/passwd", "http://[bad/{}", "http://me:secret@127.0.0.1:9/{}")


@pytest.mark.parametrize("url", NO_ADDRESSES)
@pytest.mark.parametrize("archive", ["portal", "emdb"])
def test_an_address_that_is_none_is_refused_before_anything_is_asked(
    archive: str, url: str, tmp_path: Path
) -> None:
    with pytest.raises(StoreError) as raised:
        fetch(Request(archive, ("EMD-0001",) * (archive == "emdb"), url=url, manners=HASTY), tmp_path)
    assert "secret" not in str(raised.value)


def test_braces_of_an_address_stay(tmp_path: Path) -> None:
    url = "http://127.0.0.1:9/{version}/{}?{"
    ((address, _),) = foresee(Request("emdb", ("EMD-0001",), url=url), tmp_path)
    assert address == "http://127.0.0.1:9/{version}/EMD-0001?{"


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(EndpointError, match=r"127\.0\.0\.1:9"):
        fetch(request("http://127.0.0.1:9/graphql"), tmp_path)


def test_what_was_fetched_stays_when_the_rest_fails_and_the_next_time_goes_on(
    tables: Tables, tmp_path: Path
) -> None:
    portal = Portal(tables, dict.fromkeys(range(18, 1000), reply(500, "down")))
    alone = Manners(connections=1, pause=0, first_wait=0.01)
    with portal.serving() as url:
        found = fetch(request(url, manners=alone), tmp_path / "other")
        assert [path.name for path in found.paths] == ["10000"]
        assert (found.exit_code, len(found.failures)) == (3, 2)
    portal.faults, before = {}, len(portal.asked)
    with portal.serving() as url:
        assert fetch(request(url), tmp_path / "other").fetched == 2
        assert len(portal.asked) - before < 2 * 12, "what was there of the second was not asked again"
        fetch(request(url), tmp_path / "usual")
    assert kept(tmp_path / "other") == kept(tmp_path / "usual")


BROKEN_PAGES = ("[5]", "[{}]", "5", "[", "[" * 10**5, '[{"id": "1"}]', "\0")


@pytest.mark.parametrize("page", BROKEN_PAGES)
def test_pages_that_were_broken_on_disk_are_fetched_again(page: str, tmp_path: Path) -> None:
    (file := tmp_path / ".runs.pages").write_text(f'[{{"id": 1}}]\n{page}\n')
    found = list(kept_pages(file))
    assert (found, file.exists()) == ([], False)


def without(schema: str, *columns: str) -> str:
    """The schema after the portal has lost some columns of a type, or tables."""
    lines = schema.splitlines()
    return "\n".join(line for line in lines if not any(line.startswith(f"  {name}") for name in columns))


def test_a_column_that_the_portal_lost_is_a_finding(tables: Tables, tmp_path: Path) -> None:
    schema = without(SCHEMA, "gridPreparation:", "tiltStep:", "gainFiles")
    with Portal(tables, schema=schema).serving() as url:
        (folder, *_) = fetch(request(url), tmp_path).paths
    done = run("import", "portal", folder, "-o", tmp_path / "a.json", "--report", tmp_path / "report.json")
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "report.json").read_text())
    said = [row["message"] for row in report if row["rule"] == "import-part-missing"]
    assert sorted(said) == [
        "column grid_preparation of datasets is named here and is not there",
        "column tilt_step of tiltseries is named here and is not there",
        "table gainFiles is named here and is not there",
    ]


@pytest.mark.parametrize("lost", ["datasetId: Int", "runs("])
def test_a_column_that_is_needed_is_an_error_with_its_name(lost: str, tables: Tables, tmp_path: Path) -> None:
    with Portal(tables, schema=without(SCHEMA, lost)).serving() as url:
        found = fetch(request(url, 10000), tmp_path)
    assert found.paths == () and found.exit_code == 3
    assert "dataset_id" in str(found.failures[0]) or "runs" in str(found.failures[0])


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
