"""One question to several archives, on a page whose answers come as the archives give them."""

import http.client
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browsers import opened
from commands import run
from endpoints import free_port, oxigraph_server
from federation_servers import hang, send, serving_answers, web_page
from pages import BROWSER, Page, fetch, page, query
from playwright.sync_api import Browser, expect
from serving import EXAMPLES, load, serving

from cetsgraph import LocalStore, archive
from cetsgraph.documents import read_all
from cetsgraph.federation import State
from cetsgraph.server.site.archive_answers import federation_of
from cetsgraph.store import open_store

QUESTION = "tomograms_with_fitmap"


@pytest.fixture(scope="module")
def servers(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, list[str]]]:
    """A server with others of which two live; its address, the address of one, and requests to a third."""
    folder, asked = tmp_path_factory.mktemp("archives"), list[str]()

    def failing(handler: BaseHTTPRequestHandler, before: int) -> None:
        asked.append(handler.path)
        web_page(handler, before)

    load(folder / "portal", *[path for path in EXAMPLES if "portal" in path.name])
    with (
        serving(folder / "portal", "--workers", "1") as portal,
        oxigraph_server(folder, "--union-default-graph") as oxigraph,
        serving_answers(hang) as slow,
        serving_answers(failing) as page_of_errors,
    ):
        with open_store(oxigraph.url, "w", update_url=oxigraph.update_url) as other:
            for document in read_all(EXAMPLES[0]):
                archive.put(other, document)
        (folder / "sources.toml").write_text(
            f'[sources]\nportal = "{portal}/sparql"\noxigraph = "{oxigraph.url}"\nslow = "{slow}"\n'
            f'page = "{page_of_errors}"\ndead = "http://127.0.0.1:{free_port()}/sparql"\n'
        )
        options = ("--workers", "1", "--timeout", "4", "--sources", str(folder / "sources.toml"))
        with serving(store, *options) as address:
            yield address, portal, asked


def pieces(url: str) -> Iterator[tuple[float, str]]:
    """What comes of a page, each with the seconds after which it came."""
    parts, started = urlsplit(url), time.monotonic()
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    connection.request("GET", f"{parts.path}?{parts.query}", headers={"Accept": BROWSER})
    response = connection.getresponse()
    assert response.status == 200
    while piece := response.read1():
        yield time.monotonic() - started, piece.decode(errors="replace")
    connection.close()


def test_rows_of_the_living_come_before_a_slow_archive_ends(servers: tuple[str, str, list[str]]) -> None:
    address, portal, asked = servers
    found = [*pieces(f"{address}/archives?question={QUESTION}")]
    text = "".join(piece for _, piece in found)
    came = {
        name: next(seconds for seconds, piece in found if f"<bdi>{name}</bdi>:" in piece)
        for name in ("here", "portal", "oxigraph", "slow", "page", "dead")
    }
    assert max(came[name] for name in ("here", "portal", "oxigraph")) < came["slow"] - 0.5
    assert came["slow"] < 8
    shown = Page(text)
    states = {cells[0]: (cells[1], cells[2]) for cells in shown.cells if len(cells) == 5}
    assert {
        name: state.split()[1].rstrip(":") for name, (state, _) in states.items() if name != "archive"
    } == {
        "here": "ok",
        "portal": "ok",
        "oxigraph": "ok",
        "slow": "timeout",
        "page": "bad-answer",
        "dead": "refused",
    }
    assert any(link.startswith(f"{portal}/data/local/HIV-1-VLP") for link in shown.links)
    assert any(link.startswith("/data/local/HIV-1-VLP") for link in shown.links)
    before = len(asked)
    assert "bad-answer" in fetch(f"{address}/archives?question={QUESTION}")[2]
    assert len(asked) == before, "what has just been asked is not asked again"


def test_programs_get_the_rows_with_their_sources(
    servers: tuple[str, str, list[str]], tmp_path: Path
) -> None:
    address, portal, _ = servers
    told = json.loads(fetch(f"{address}/archives?{query(question=QUESTION, format='json')}")[2])
    given = json.loads(
        run("search", QUESTION, "--source", f"portal={portal}/sparql", "--format", "json").stdout
    )
    assert [row for row in told["rows"] if row["source"] == "portal"] == given["rows"]
    assert {one["name"]: one["rows"] for one in told["sources"]}["portal"] == len(given["rows"]) > 0
    text = fetch(f"{address}/archives?{query(question=QUESTION, format='csv')}")[2]
    assert text.count("\nportal,") == len(given["rows"]) and text.startswith("source,dataset,")


def test_rows_of_one_specimen_come_together(servers: tuple[str, str, list[str]]) -> None:
    address, portal, _ = servers
    shown = json.loads(fetch(f"{address}/archives?{query(question=QUESTION, merge=1, format='json')}")[2])
    sources = [f"--source=here={address}/sparql", f"--source=portal={portal}/sparql"]
    told = json.loads(run("search", QUESTION, *sources, "--merge", "--format", "json").stdout)["rows"]

    def rows(found: list[dict[str, object]]) -> list[dict[str, object]]:
        kept = [{**row, "source": sorted({*str(row["source"]).split(", ")} - {"oxigraph"})} for row in found]
        return sorted(kept, key=str)

    assert rows(shown["rows"]) == rows(told)
    assert ["here", "portal"] in [row["source"] for row in rows(shown["rows"])]
    text = fetch(f"{address}/archives?{query(question=QUESTION, merge=1)}")[2]
    cells = Page(text).cells
    assert ["specimen", "source"] in [one[:2] for one in cells] and f"Together: {len(told)} rows" in text
    csv = fetch(f"{address}/archives?{query(question=QUESTION, merge=1, format='csv')}")[2]
    assert csv.startswith("source,specimen,dataset,")


def test_nobody_is_asked_whom_the_operator_does_not_name(servers: tuple[str, str, list[str]]) -> None:
    address, _, asked = servers
    before = len(asked)
    with serving_answers(lambda handler, count: asked.append("elsewhere")) as elsewhere:
        for name in ("source", "sources", "dataset", "url"):
            for question, status in (("no_such", 404), ("tilt_images", 400)):
                given = query(question=question, **{name: elsewhere})
                assert fetch(f"{address}/archives?{given}")[0] == status
    assert "elsewhere" not in asked[before:]


@pytest.mark.parametrize("status", [301, 303, 307])
def test_an_archive_does_not_send_the_server_elsewhere(status: int, tmp_path: Path) -> None:
    seen: list[str] = []
    with serving_answers(lambda handler, count: seen.append(handler.path)) as inner:
        here = inner.replace("127.0.0.1", "localhost")
        with serving_answers(lambda handler, count: send(handler, status, "", "", Location=here)) as url:
            (tmp_path / "sources.toml").write_text(f'[sources]\na = "{url}"\n')
            (answer,) = federation_of(tmp_path / "sources.toml").ask(QUESTION, timeout=10)
    assert (answer.state, seen) == (State.BAD_ANSWER, []) and here in (answer.detail or "")


def test_a_question_is_chosen_and_filled_in_without_script(
    servers: tuple[str, str, list[str]], browser: Browser
) -> None:
    wrong: list[str] = []
    shown = opened(browser, f"{servers[0]}/archives", wrong, java_script_enabled=False)
    shown.get_by_label("Question").select_option("Tomograms by voxel size")
    shown.get_by_role("button", name="Choose").click()
    shown.get_by_label("minimum").fill("10")
    shown.get_by_role("button", name="Ask all archives").click()
    expect(shown.locator("main")).to_contain_text("A value is needed.")
    shown.get_by_label("maximum").fill("14")
    shown.get_by_role("button", name="Ask all archives").click()
    for heading in ("here: 6 rows", "How each archive ended"):
        expect(shown.get_by_role("heading", name=heading)).to_be_visible()
    assert not wrong


def test_a_server_without_sources_asks_itself(site: str) -> None:
    shown = page(f"{site}/archives?question={QUESTION}")
    assert "1 archive" in shown.text and shown.cells[-1][0] == "here"
    assert fetch(f"{site}/archives?question={QUESTION}&format=docx")[0] == 406
    assert fetch(f"{site}/archives?question=tilt_images&kinds_of=1")[0] == 400
    assert fetch(f"{site}/archives?question=tomograms_by_voxel_size&format=csv")[0] == 400


@pytest.mark.parametrize("source", ['a = "store"', 'here = "http://127.0.0.1:9/sparql"', "a = 1"])
def test_a_server_does_not_start_with_what_it_cannot_ask(tmp_path: Path, source: str) -> None:
    LocalStore.open(tmp_path / "store", "w").close()
    (tmp_path / "sources.toml").write_text(f"[sources]\n{source}\n")
    options = ("--store", str(tmp_path / "store"), "--sources", str(tmp_path / "sources.toml"))
    done = run("serve", *options, "--port", "0")
    assert done.returncode == 2 and "the source" in done.stderr, done.stderr
