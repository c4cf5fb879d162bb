"""The pages in a real browser: at any width, in light and dark, by keyboard alone, without script."""

from pathlib import Path

import pytest
from browsers import faults, opened
from pages import PATHS
from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
BROKEN = "[...document.querySelectorAll('td.n bdi')].filter(one => one.getClientRects().length > 1).length"
"""Numbers that are broken across lines."""


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_readable_at_any_width_in_light_and_dark(site: str, browser: Browser, path: str) -> None:
    wrong: list[str] = []
    page = opened(browser, site + path, wrong)
    for scheme, judged in (("light", 1280), ("dark", 320)):
        page.emulate_media(color_scheme=scheme)
        for width in (1280, 400, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (scheme, width)
            assert page.evaluate(BROKEN) == 0
            if width == judged:
                assert faults(page) == []
    page.context.close()
    refused = "the server responded with a status of 40"  # Chromium says it of the page itself
    assert [one for one in wrong if refused not in one] == []


def test_without_script_a_person_reaches_what_is_sought(site: str, browser: Browser) -> None:
    wrong: list[str] = []
    page = opened(browser, site, wrong, java_script_enabled=False)
    page.get_by_role("link", name="all data sets").click()
    page.get_by_label("fitted maps").check()
    page.get_by_role("button", name="Apply").first.click()
    page.get_by_role("link", name="Annotated tomograms of immature HIV-1 virus-like particles").click()
    page.get_by_role("link", name="TS_01_10.8A").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "TS_01_10.8A"
    page.get_by_role("link", name="Questions").click()
    page.get_by_role("link", name="Tomograms by voxel size").click()
    page.get_by_label("minimum").fill("10")
    page.get_by_label("maximum").fill("14")
    page.get_by_role("button", name="Ask").click()
    assert page.get_by_role("heading", level=2).first.inner_text() == "6 rows"
    with page.expect_navigation(wait_until="commit"):
        page.get_by_role("link", name="SPARQL", exact=True).last.click()
    page.get_by_label("Query").fill("ASK { ?s a cets:Tomogram }")
    page.get_by_role("button", name="Ask").click()
    assert page.get_by_role("cell", name="yes").is_visible()
    page.get_by_role("link", name="Validate").click()
    page.get_by_label("Document").set_input_files(ROOT / "examples" / "emd-3782.cetsgraph.json")
    page.get_by_label("Profile").select_option("deposition")
    page.get_by_role("button", name="Validate").click()
    assert "conforms to deposition" in page.inner_text("main")
    assert not wrong


def test_a_newcomer_finds_what_is_sought(site: str, browser: Browser) -> None:
    wrong: list[str] = []
    page = opened(browser, site, wrong, java_script_enabled=False)
    page.get_by_role("link", name="Tomograms with fitted maps").click()
    page.get_by_label("object", exact=False).first.fill("Gag polyprotein")
    page.get_by_role("button", name="Ask").click()
    assert page.get_by_role("heading", level=2).first.inner_text() == "1 row"
    assert page.get_by_role("link", name="TS_01_10.8A").is_visible()
    page.get_by_role("link", name="Data sets").first.click()
    page.get_by_role("link", name="EMPIAR-12104").click()
    scheme = page.get_by_role("row", name="Control_TS_006_tilt_series").first.inner_text().split("\t")
    assert scheme[1:6] == ["50", "-64", "40", "2", "112.746"]
    page.get_by_role("link", name="Ontology").click()
    page.get_by_label("Find a term").fill("cets:defocusU")
    page.get_by_role("button", name="Find").click()
    assert page.url.endswith("/ontology#defocusU")
    term = page.locator("#defocusU").inner_text()
    assert "Larger of the two defoci" in term and "angstrom (Å)" in term
    page.get_by_role("link", name="Validate").click()
    page.get_by_text("or paste it").click()
    page.locator("textarea").fill('{"name": "A", "regions": [{"id": "r", "tilt_serie": []}]}')
    page.get_by_role("button", name="Validate").click()
    assert "does not conform" in page.inner_text("main") and "/regions/0/tilt_serie" in page.inner_text(
        "main"
    )
    assert not wrong


def test_the_keyboard_is_enough(site: str, browser: Browser) -> None:
    wrong: list[str] = []
    page = opened(browser, f"{site}/queries/tomograms_by_voxel_size", wrong)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for text in ("10", "14"):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert outline == "3px"
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url("**minimum=10**")
    assert page.get_by_role("heading", level=2).first.inner_text() == "6 rows"
    assert not wrong


def test_script_copies_applies_and_narrows(site: str, browser: Browser) -> None:
    wrong: list[str] = []
    allowed = ["clipboard-read", "clipboard-write"]
    page = opened(browser, f"{site}/ontology#defocusU", wrong, permissions=allowed)
    page.locator("#defocusU").get_by_role("button", name="Copy the IRI").click()
    page.get_by_text("Copied", exact=True).wait_for()
    iri = page.evaluate("navigator.clipboard.readText()")
    assert iri == "https://w3id.org/cetsgraph/ontology#defocusU"
    page.goto(site + "/data/local/EMPIAR-12104")
    page.get_by_role("button", name="Copy IRI").click()
    page.get_by_text("Copied", exact=True).wait_for()
    iri = page.evaluate("navigator.clipboard.readText()")
    assert iri == "https://w3id.org/cetsgraph/data/local/EMPIAR-12104"
    page.goto(f"{site}/queries")
    page.get_by_label("Show those about").fill("tilt DEFOCUS")
    shown = page.locator("main li:visible a").all_inner_texts()
    assert "Defocus ranges" in shown and len(shown) < 6
    page.goto(f"{site}/datasets")
    page.get_by_label("fitted maps").check()
    page.wait_for_url("**has=fitted*")
    assert page.get_by_label("fitted maps").is_checked()
    assert not wrong
