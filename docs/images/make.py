"""Pictures of the pages for the documentation: `make screenshots`."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from serving import ROOT, load, serving

HERE = Path(__file__).resolve().parent
PAGES = {
    "data-set": ("/data/local/EMPIAR-12104", 870),
    "question": ("/queries/tomograms_by_voxel_size?minimum=10&maximum=14", 620),
    "sparql": ("/sparql?draft=tomograms_by_voxel_size", 700),
    "data-sets": ("/datasets?has=point+sets", 620),
}
"""Name of a picture: address of the page, and height in pixels."""


def main() -> None:
    """Load the examples, serve them, and take the pictures."""
    store = ROOT / "build" / "screenshots"
    shutil.rmtree(store, ignore_errors=True)
    load(store, *sorted((ROOT / "examples").glob("*.[jy]*")))
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with serving(store, "--workers", "1") as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme="light")
        for name, (path, height) in PAGES.items():
            page.goto(site + path, wait_until="networkidle")
            size = {"x": 0, "y": 0, "width": 1280, "height": height}
            page.screenshot(path=HERE / f"{name}.png", clip=size, full_page=True)  # type: ignore[arg-type]
        browser.close()


if __name__ == "__main__":
    main()
