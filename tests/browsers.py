"""A real browser: how it is started, and pages in it with what goes wrong on them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from missing_parts import missing
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

__all__ = ["CHROMIUM", "faults", "opened", "started"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
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


def faults(page: Page) -> list[tuple[str, list[str]]]:
    """The rules of WCAG that a page breaks, and where."""
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]
