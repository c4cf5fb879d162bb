"""The SPARQL editor in a real browser, and its file: what it is made of, and how much it weighs."""

import gzip
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from browsers import faults, opened
from pages import fetch, page
from playwright.sync_api import Browser, Page, expect

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "src/cetsgraph/server/site/static"
EDITOR = STATIC / "editor.js"


def asked(browser: Browser, site: str, query: str, wrong: list[str], **options: Any) -> Page:
    """The page of a query, once the editor has looked at it."""
    shown = opened(browser, f"{site}/sparql?query={quote(query)}", wrong, **options)
    shown.locator(".cm-content").wait_for()
    return shown


def offered(shown: Page) -> list[str]:
    shown.wait_for_timeout(300)
    shown.locator(".cm-tooltip-autocomplete li").first.wait_for(timeout=5000)
    return shown.locator(".cm-tooltip-autocomplete li").all_inner_texts()


def test_terms_are_completed_and_a_query_is_asked_by_the_keyboard(site: str, browser: Browser) -> None:
    wrong: list[str] = []
    for scheme, width in (("light", 1280), ("dark", 320)):
        shown = asked(browser, site, "", wrong, color_scheme=scheme, viewport={"width": width, "height": 800})
        shown.get_by_text("Query", exact=True).click()
        shown.keyboard.press("Control+A")
        shown.keyboard.type('SELECT * { ?s cets:name "in the place of other text"')
        shown.keyboard.press("Control+A")
        shown.keyboard.type("SELECT ?tilt { ?tilt cets:cen")
        assert "cets:centredMaxXcentred max x, Å" in offered(shown)
        for _ in "cen":
            shown.keyboard.press("Backspace")
        shown.keyboard.type("defocusU")
        assert "cets:defocusUdefocus u, Å" in offered(shown)
        expect(shown.locator(".cm-completionInfo")).to_contain_text("underfocus is positive")
        assert faults(shown) == []
        shown.evaluate(
            "document.querySelector('[name=default-graph-uri] option').text = 'long name '.repeat(50)"
        )
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
        shown.keyboard.type(" ?u . ?image a cets:cen")
        assert all(text.partition(":")[2][:1].isupper() for text in offered(shown))
        for _ in "cen":
            shown.keyboard.press("Backspace")
        shown.keyboard.type("TiltSeriesMicrograph")
        assert "cets:TiltSeriesMicrographtilt series micrograph" in offered(shown)
        shown.keyboard.press("Enter")
        shown.keyboard.type(" ; cets:hasCtfMetadata ?ti")
        assert offered(shown) == ["?tilt"]
        shown.keyboard.press("Escape")
        shown.keyboard.press("Tab")
        assert shown.evaluate("document.activeElement.id") == "default-graph-uri"
        shown.keyboard.press("Shift+Tab")
        shown.keyboard.press("Control+Enter")
        shown.wait_for_url("**TiltSeriesMicrograph**")
        expect(shown.get_by_role("heading", level=2).first).to_have_text("The first 1000 rows")
        shown.context.close()
    assert wrong == []


@pytest.fixture(scope="module")
def editing(site: str, browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page for one query after the other, and what goes wrong on it."""
    wrong: list[str] = []
    shown = opened(browser, f"{site}/sparql", wrong)
    yield shown, wrong
    shown.context.close()


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("SELEC ?x { ?x a cets:Tomogram }", "1, column 1"),
        ("PREFIX cets <urn:a>\nSELECT ?x { ?x a cets:Tomogram }", "1, column 8"),
        ("INSERT DATA { <urn:a> a cets:Tomogram }", "1, column 1"),
        ("SELECT x { ?x a cets:Tomogram }", "1, column 8"),
        ("SELECT ?x, ?y { ?x cets:path ?y }", "1, column 10"),
        ("SELECT ?x WHERE ?x a cets:Tomogram }", "1, column 11"),
        ("SELECT ?x WHERE {\n  ?x a cets:Tomogram", "2, column 8"),
        ("SELECT ?x {\n  ?x a cets:Tomogram\n  ?x cets:name ?n\n}", "3, column 3"),
        ("SELECT ?x {\n  ?x a cets:Tomogram .\n  FILTR(?x > 3)\n}", "3, column 3"),
        ("SELECT ?x {\n  ?x cets:width ?w\n  FILTER ?w > 3\n}", "3, column 3"),
        ("SELECT ?x { ?x a cets:Tomogram . FILTER(?x > 3 }", "1, column 46"),
        ("SELECT ?x { OPTIONAL ?x a cets:Tomogram }", "1, column 13"),
        ("SELECT ?x { ?x cets:width ?w . BIND(?w * 2 ?y) }", "1, column 42"),
        ("SELECT ?x { VALUES ?x ( 1 2 ) }", "1, column 20"),
        ("SELECT ?x { { ?x a cets:Tomogram } OR { ?x a cets:Region } }", "1, column 36"),
        ("SELECT ?x { ?x cets:path ; cets:name ?n }", "1, column 26"),
        ('SELECT ?x { ?x cets:name "abc }', "1, column 26"),
        ("SELECT ?x { ?x a <https://w3id.org/cetsgraph/ontology#Tomogram }", "1, column 18"),
        ("SELECT ?x { ?x a foo:Bar }", "1, column 18"),
        ("SELECT ?x { ?x a cets:Tomogram } ORDER ?x", "1, column 34"),
        ("SELECT ?x { ?x a cets:Tomogram } LIMIT ten", "1, column 40"),
        ("SELECT (COUNT(?x AS ?n) { ?x a cets:Region }", "1, column 15"),
        ("SELECT ?x {\n  ?x a cets:Tomogram .\n} }", "3, column 3"),
        ("SELECT ?x FROM cets:g { ?x a cets:Tomogram } WHERE", "1, column 46"),
        ("SELECT ?x { ?x a cets:Tomogramm }", "1, column 18"),
    ],
)  # fmt: skip
def test_the_place_of_a_mistake_is_marked(
    site: str, editing: tuple[Page, list[str]], query: str, place: str
) -> None:
    shown, wrong = editing
    shown.goto(f"{site}/sparql?query={quote(query)}")
    status = shown.locator("#query-status", has_text="Line")
    status.wait_for(timeout=5000)
    words = status.inner_text()
    assert words.startswith(f"Line {place}:") and len(words) <= 200
    assert shown.locator(".cm-lintRange-error, .cm-lintPoint-error").count() == ("omogramm" not in query)
    assert [one for one in wrong if "status of 400" not in one] == []
    found, _, text = fetch(f"{site}/sparql?query={quote(query)}", "*/*")
    assert (found, len(text) <= 200) == (200 if "omogramm" in query else 400, True)
    if found == 400:
        line = int(text.removeprefix("query:").partition(":")[0])
        assert 1 <= line <= query.count("\n") + 1


def test_the_editor_is_small_and_comes_from_this_server(site: str) -> None:
    content = EDITOR.read_bytes()
    assert len(content) <= 450_000 and len(gzip.compress(content)) <= 150_000
    (script,) = page(f"{site}/sparql").all("script", type="module")
    status, headers, text = fetch(f"{site}{script['src']}", "*/*")
    assert status == 200 and headers["content-type"].startswith("text/javascript")
    assert text == content.decode() and "immutable" in headers["cache-control"]


def test_the_editor_is_made_of_what_web_names() -> None:
    """Made anew it takes minutes: `make editor` notes of what it was made, and what came out."""
    noted = (ROOT / "web/made.sha256").read_text(encoding="utf-8")
    assert runpy.run_path(str(ROOT / "web/make.py"))["checksums"]() == noted, "run make editor"
    licences = (STATIC / "editor.licences.txt").read_text(encoding="utf-8")
    assert licences.count("Permission is hereby granted") >= 10
