"""What holds for every page: its policy and weight, what it does not tell, and that data run nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import opened
from pages import BROWSER, PATHS, Page, fetch, query
from playwright.sync_api import Browser
from serving import ROOT

from cetsgraph import DataSet, LocalStore, archive
from cetsgraph.model import (
    CrossReference,
    PointSet,
    Region,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
)
from cetsgraph.server.site.front import front_page
from cetsgraph.server.site.listing import listing_page
from cetsgraph.server.site.objects import object_page
from cetsgraph.server.site.rendering import HEADERS
from cetsgraph.server.site.routes import message_page
from cetsgraph.server.site.search import search_page

BASE = "https://w3id.org/cetsgraph"
HOSTILE = (
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "\u202egnp.exe \u2066",
    "'\"}} {{ 7*7 }} {% raw %}",
    "x" * 100_000,
)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_keeps_to_its_frame(site: str, store: Path, path: str) -> None:
    _, headers, text = fetch(site + path, BROWSER)
    policy = headers["content-security-policy"]
    for rule in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"):
        assert f"{rule};" in policy
    assert "unsafe" not in policy and headers["x-content-type-options"] == "nosniff"
    assert not any(str(folder) in text + str(headers) for folder in (store.parent, ROOT))
    shown = Page(text)
    assert len(shown.all("h1")) == 1 and shown.all("main", id="main") and shown.all("html", lang="en")
    outward = [one for one in shown.all("a") if (one.get("href") or "").startswith("http")]
    if path != "/ontology":  # whose mappings are our own
        assert all(one.get("rel") == "noopener nofollow" for one in outward)
    assert text.count("<title>") >= 1 and not shown.foreign_scripts and not shown.all("style")
    assert not [name for _, given in shown.elements for name in given if name.startswith("on")]
    assert len(text.encode()) <= (120_000 if path == "/ontology" else 60_000)


def test_nothing_tells_the_folders_of_the_server(site: str, store: Path) -> None:
    everything = query(query="CONSTRUCT { ?s ?p ?o } { GRAPH ?g { ?s ?p ?o } }")
    paths = (
        "/metrics",
        "/health",
        "/openapi.json",
        "/llms.txt",
        "/.well-known/void",
        f"/sparql?{everything}",
    )
    for path in (*paths, "/sparql?query=SELEC", "/queries/none", "/data/local/none", "/static/none"):
        _, headers, text = fetch(site + path, "*/*")
        assert not any(str(folder) in text + str(headers) for folder in (store.parent, ROOT)), path


def test_style_and_script_are_small_and_nothing_else_is_a_script(site: str) -> None:
    for name, most in (("site.css", 15_000), ("site.js", 3_000)):
        assert 0 < len(fetch(f"{site}/static/{name}", "*/*")[2].encode()) <= most
    for path in (*PATHS, "/static/favicon.svg", "/openapi.json", "/ontology/terms.json", "/llms.txt"):
        assert "script" not in fetch(site + path, "*/*")[1]["content-type"], path


def texts(hostile: str) -> DataSet:
    """A data set that has a text wherever one may stand."""
    given = {"name": hostile, "description": hostile}
    image = TiltSeriesMicrograph(
        **given, nominal_tilt_angle=3.0, accumulated_dose=1.0, exclusion_reason=hostile
    )
    series = TiltSeriesMicrographStack(**given, path=hostile, micrographs=[image])
    picks = PointSet(
        **given,
        annotated_object=hostile,
        annotated_object_name=hostile,
        method_description=hostile,
        coordinates=[[1, 2, 3]],
    )
    tomogram = Tomogram(**given, path=hostile, width=9, height=9, depth=9, voxel_size=1, annotations=[picks])
    images = TomoImageSet(
        **given,
        tilt_series_sets=[TiltSeriesSet(**given, tilt_series=[series])],
        tomogram_sets=[TomogramSet(**given, tomograms=[tomogram])],
    )
    entry = CrossReference(database=hostile, accession=hostile, url=hostile)
    return DataSet(
        **given,
        title=hostile,
        organism=hostile,
        license=hostile,
        cross_references=[entry],
        regions=[Region(**given, tomo_image_sets=[images])],
    )


def addresses_of(store: LocalStore, name: str) -> list[str]:
    """Addresses of the objects of a data set."""
    rows = store.select("SELECT DISTINCT ?s { ?s a ?c }", default_graph=[f"{BASE}/data/local/{name}"])
    return [row["s"].value.removeprefix(BASE) for row in rows]


def pages_of(store: LocalStore, words: str) -> Iterator[str]:
    for address in addresses_of(store, "A"):
        text = object_page(store, BASE + address, "/data/x")
        assert text is not None
        yield text
    yield from (front_page(store), listing_page(store, [("q", words)]), search_page(store, words))


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_texts_of_data_run_nothing(hostile: str) -> None:
    with LocalStore.memory() as store:
        archive.put(store, texts(hostile), name="A")
        for text in pages_of(store, hostile[:50]):
            shown = Page(text)
            assert not shown.foreign_scripts and not shown.all("style") and not shown.all("iframe")
            assert not [name for _, given in shown.elements for name in given if name.startswith("on")]
            for link in shown.links:
                assert link.startswith(("/", "#", "?", "https://", "http://")), link
            assert len(text) < 100_000


def test_texts_of_data_run_nothing_in_a_browser(site: str, browser: Browser) -> None:
    with LocalStore.memory() as store:
        archive.put(store, texts(" ".join(HOSTILE[:-1])), name="A")
        archive.put(store, DataSet(name="B", title="<svg onload=alert(2)>" * 500_000))
        waiting = [*pages_of(store, "svg"), object_page(store, f"{BASE}/data/local/B", "/data/x")]
    wrong: list[str] = []
    shown = opened(browser, site, wrong)
    shown.set_viewport_size({"width": 320, "height": 900})
    shown.on("dialog", lambda dialog: wrong.append(dialog.message))
    answer = {"content_type": "text/html", "headers": HEADERS}
    shown.route("**/hostile", lambda route: route.fulfill(body=waiting.pop(), **answer))
    while waiting:
        shown.goto(f"{site}/hostile")
        assert shown.evaluate("document.documentElement.scrollWidth") <= 320
        assert shown.get_by_role("heading", level=1).count() == 1
        assert shown.evaluate("document.querySelectorAll('svg[onload], iframe').length") == 0
    shown.context.close()
    assert wrong == []


@pytest.mark.parametrize(
    ("status", "says"), [(404, "/search"), (503, "one data set"), (413, "first page"), (400, "first page")]
)
def test_an_error_says_what_can_be_done(status: int, says: str) -> None:
    body = bytes(message_page(status, "Why <it> failed.", None).body).decode()
    assert says in body.partition("<main")[2] and "Why &lt;it&gt; failed." in body
