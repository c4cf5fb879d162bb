"""The pages in a real browser: at any width, in light and dark, by keyboard alone, without script."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import RULES_OF_LOOKS, faults, opened
from pages import PATHS
from playwright.sync_api import Browser, Page, expect

from cetsgraph.server.site.routes import message_page

ROOT = Path(__file__).resolve().parents[2]
BROKEN = "[...document.querySelectorAll('td.n bdi')].filter(one => one.getClientRects().length > 1).length"
"""Numbers that are broken across lines."""
FOCUS = """() => {
  let one = document.activeElement, shown = getComputedStyle(one).outlineWidth
  if (one.shadowRoot) {
    one = one.shadowRoot.activeElement
    shown = getComputedStyle(one.closest(".cm-editor") ?? one).outlineWidth
  }
  return [one.labels?.[0]?.innerText ?? one.ariaLabel ?? one.innerText ?? "", shown]
}"""
"""What has the focus is called so, and has an outline of this width."""


@pytest.fixture(scope="module")
def reading(site: str, browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page for one address after the other, and what goes wrong on it."""
    wrong: list[str] = []
    page = opened(browser, site, wrong)
    yield page, wrong
    page.context.close()


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_readable_at_any_width_in_light_and_dark(
    site: str, reading: tuple[Page, list[str]], path: str
) -> None:
    page, wrong = reading
    page.goto(site + path)
    assert_readable(page)
    refused = "the server responded with a status of 40"  # Chromium says it of the page itself
    assert [one for one in wrong if refused not in one] == []


def assert_readable(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    for width in (320, 400, 1280):
        assert_fits(page, width)
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
    assert_fits(page, 320)
    assert faults(page, RULES_OF_LOOKS) == []


def assert_fits(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(BROKEN) == 0


def test_one_pale_text_among_many_is_a_fault(site: str, reading: tuple[Page, list[str]]) -> None:
    page, _ = reading
    page.emulate_media(color_scheme="light")
    page.goto(f"{site}/rules")
    page.evaluate(
        "[...document.querySelectorAll('main a')].findLast(one => one.checkVisibility()).style.color = '#bbb'"
    )
    assert [rule for rule, _ in faults(page)] == ["color-contrast"]


def test_a_report_and_a_failure_are_readable(site: str, browser: Browser) -> None:
    wrong: list[str] = []
    page = opened(browser, f"{site}/validate", wrong)
    page.get_by_label("Document").set_input_files(ROOT / "tests/data/invalid/array-lengths/attribute.json")
    page.get_by_role("button", name="Validate").click()
    page.get_by_text("It does not conform to core").wait_for()
    assert_readable(page)
    assert wrong == []
    body = bytes(message_page(503, "The answer was given up.", None).body).decode()
    page.route("**/failure", lambda route: route.fulfill(status=503, body=body, content_type="text/html"))
    page.goto(f"{site}/failure")
    assert_readable(page)
    page.context.close()


def test_without_script_a_person_reaches_what_is_sought(site: str, browser: Browser) -> None:
    wrong: list[str] = []
    page = opened(browser, site, wrong, java_script_enabled=False)
    page.get_by_role("link", name="all data sets").click()
    page.get_by_label("fitted maps").check()
    page.get_by_role("button", name="Apply").first.click()
    page.get_by_role("link", name="Annotated tomograms of immature HIV-1 virus-like particles").click()
    page.get_by_role("link", name="TS_01_10.8A").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("TS_01_10.8A")
    page.get_by_role("link", name="Questions").click()
    page.get_by_role("link", name="Tomograms by voxel size").click()
    page.get_by_label("minimum").fill("10")
    page.get_by_label("maximum").fill("14")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("6 rows")
    address = page.get_by_role("link", name="CSV").get_attribute("href")
    assert page.request.get(f"{site}{address}").text().count("\n") == 7
    with page.expect_navigation(wait_until="commit"):
        page.get_by_role("link", name="SPARQL", exact=True).last.click()
    page.get_by_label("Query").fill("ASK { ?s a cets:Tomogram }")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("cell", name="yes")).to_be_visible()
    page.get_by_role("link", name="Validate").click()
    page.get_by_label("Document").set_input_files(ROOT / "tests/data/invalid/array-lengths/attribute.json")
    page.get_by_label("Profile").select_option("deposition")
    page.get_by_role("button", name="Validate").click()
    for said in ("It does not conform to deposition", "array-lengths", "line 30"):
        expect(page.locator("main")).to_contain_text(said)
    assert not wrong


def test_a_newcomer_finds_what_is_sought(site: str, browser: Browser) -> None:
    wrong: list[str] = []
    page = opened(browser, site, wrong, java_script_enabled=False)
    page.get_by_role("link", name="Tomograms with fitted maps").click()
    page.get_by_label("object", exact=False).first.fill("Gag polyprotein")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_role("heading", level=2).first).to_have_text("1 row")
    expect(page.get_by_role("link", name="TS_01_10.8A")).to_be_visible()
    page.get_by_role("link", name="Data sets").first.click()
    page.get_by_role("link", name="EMPIAR-12104").click()
    scheme = page.get_by_role("row", name="Control_TS_006_tilt_series").first.inner_text().split("\t")
    assert scheme[1:6] == ["50", "-64", "40", "2", "112.746"]
    page.get_by_role("link", name="Ontology").click()
    page.get_by_label("Find a term").fill("cets:defocusU")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**/ontology#defocusU")
    for said in ("Larger of the two defoci", "angstrom (Å)"):
        expect(page.locator("#defocusU + p")).to_contain_text(said)
    page.get_by_role("link", name="Validate").click()
    page.get_by_text("or paste it").click()
    page.locator("textarea").fill('{"name": "A", "regions": [{"id": "r", "tilt_serie": []}]}')
    page.get_by_role("button", name="Validate").click()
    for said in ("does not conform", "/regions/0/tilt_serie"):
        expect(page.locator("main")).to_contain_text(said)
    assert not wrong


def tab_to(page: Page, name: str, most: int = 150) -> None:
    """Press Tab until what has the focus is called so; at each step the focus is to be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found, outline = page.evaluate(FOCUS)
        assert float(outline.removesuffix("px")) >= 2, found
        if found.strip().startswith(name):
            return
    raise AssertionError(f"Tab does not lead to {name!r}")


def test_the_keyboard_is_enough(site: str, browser: Browser) -> None:
    wrong: list[str] = []
    page = opened(browser, site, wrong)
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)[0] == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    follow(page, "all data sets", "**/datasets")
    tab_to(page, "fitted maps")
    page.keyboard.press("Space")
    page.wait_for_url("**has=fitted*")
    follow(page, "Annotated tomograms of immature HIV-1", "**/HIV-1-VLP-annotations")
    follow(page, "TS_01_10.8A", "**/TS_01_10.8A")
    follow(page, "Questions", "**/queries")
    follow(page, "Tomograms by voxel size", "**/tomograms_by_voxel_size")
    for name, text in (("minimum", "10"), ("maximum", "14")):
        tab_to(page, name)
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url("**minimum=10**")
    expect(page.get_by_role("heading", level=2).first).to_have_text("6 rows")
    tab_to(page, "CSV")
    follow(page, "SPARQL", "**/sparql**", first="Skip to the content")
    page.locator(".cm-content").wait_for()
    tab_to(page, "Query")
    page.keyboard.press("Control+A")
    page.keyboard.type("ASK { ?s a cets:Tomogram }")
    page.keyboard.press("Escape")
    tab_to(page, "Ask")
    page.keyboard.press("Enter")
    page.wait_for_url("**query=ASK**")
    expect(page.get_by_role("cell", name="yes")).to_be_visible()
    follow(page, "Validate", "**/validate")
    tab_to(page, "Document")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Space")
    chooser.value.set_files(ROOT / "examples" / "emd-3782.cetsgraph.json")
    tab_to(page, "Profile")
    page.keyboard.type("dep")
    tab_to(page, "Validate")
    page.keyboard.press("Enter")
    page.get_by_text("It conforms to deposition").wait_for()
    assert not wrong


def follow(page: Page, name: str, address: str, first: str = "") -> None:
    """Go by Tab to a link, and follow it; from another link on, if that is named."""
    if first:
        tab_to(page, first)
    tab_to(page, name)
    page.keyboard.press("Enter")
    page.wait_for_url(address)


def test_script_copies_applies_and_narrows(site: str, browser: Browser) -> None:
    wrong: list[str] = []
    allowed = ["clipboard-read", "clipboard-write"]
    page = opened(browser, f"{site}/ontology#defocusU", wrong, permissions=allowed)
    page.locator('#defocusU + button[aria-label="Copy the IRI"]').click()
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
    expect(page.get_by_label("fitted maps")).to_be_checked()
    assert not wrong
