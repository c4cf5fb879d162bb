"""The documentation site, as make docs has made it, by the rules of WCAG."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import RULES, RULES_OF_LOOKS, faults, started
from missing_parts import missing
from playwright.sync_api import Browser

SITE = Path(__file__).resolve().parents[2] / "build/docs"
PAGES = ("index", "tutorial", "reference/questions", "reference/python")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not (SITE / "index.html").exists():
        missing("there is no build/docs (make docs)")
    with started() as opened:
        yield opened


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_by_everybody(browser: Browser, name: str) -> None:
    assert (SITE / f"{name}.html").stat().st_size <= 200_000
    page = browser.new_context().new_page()
    page.goto((SITE / f"{name}.html").as_uri())
    for scheme, width, rules in (("light", 1280, RULES), ("dark", 320, RULES_OF_LOOKS)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert faults(page, rules) == []
    page.context.close()
