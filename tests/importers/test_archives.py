"""Entries fetched from an archive: a real server on loopback gives recorded answers, and faults."""

import json
from pathlib import Path

import graphql
import pytest
from commands import run
from folders import files as kept
from portal_server import HASTY, SCHEMA, Portal, cut_gzip, redirect, reply, request
from portal_tables import Tables, many

from cetsgraph.errors import EndpointAnswer, EndpointError, StoreError
from cetsgraph.importers.archives.kept_tables import kept_pages
from cetsgraph.importers.archives.live import Request, fetch, foresee
from cetsgraph.importers.archives.queries import counts_query, page_query
from cetsgraph.importers.archives.session import Manners
from cetsgraph.importers.portal.schema import TABLES


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
