"""A real browser: how it is started, and pages in it with what goes wrong on them."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from missing_parts import missing
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

__all__ = ["CHROMIUM", "RULES", "RULES_OF_LOOKS", "faults", "opened", "started"]

AXE = Axe().axe_script
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RULES_OF_LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]
"""Those of RULES whose verdict depends on colours or on the width."""
SOME_OF_EACH_LOOK = """() => {
  const behind = new Map(), looks = new Map()
  for (const one of document.querySelectorAll("body, body *")) {
    const style = getComputedStyle(one)
    const own = [style.backgroundColor, style.backgroundImage, style.opacity, style.position].join(" ")
    const around = behind.get(one.parentElement) ?? ""
    behind.set(one, own === "rgba(0, 0, 0, 0) none 1 static" ? around : around + own)
    const text = [...one.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
    const look = [behind.get(one), style.color, style.fontSize, style.fontWeight].join(" ")
    if (one.checkVisibility() && (text || one.matches("input, select, textarea"))) {
      looks.set(look, (looks.get(look) ?? 0) + 1)
      one.toggleAttribute("data-look", looks.get(look) <= 3)
    }
  }
  axe.configure({rules: [{id: "color-contrast", selector: "[data-look]"}]})
}"""
"""Contrast, by far the dearest rule, is judged of three texts of each colour, size, weight and ground."""
QUIET = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-sandbox",
)


@contextmanager
def started() -> Iterator[Browser]:
    """Chromium, without traffic of its own; without one the test is skipped, or fails in CI."""
    if CHROMIUM is None:
        missing("there is no Chromium here (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET])
        yield browser
        browser.close()


def opened(browser: Browser, address: str, wrong: list[str], **options: Any) -> Page:
    """A page at an address; what goes wrong on it, and what it asks of other hosts, is noted."""

    def note_message(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(message.text)

    def note_request(request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(address).netloc:
            wrong.append(request.url)

    page = browser.new_context(**options).new_page()
    page.on("console", note_message)
    page.on("request", note_request)
    page.goto(address)
    return page


def faults(page: Page, rules: Sequence[str] = RULES) -> list[tuple[str, list[str]]]:
    """The rules of WCAG that a page breaks, and where."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    page.evaluate(SOME_OF_EACH_LOOK)
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    found = page.evaluate("async options => (await axe.run(document, options)).violations", options)
    return [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]
