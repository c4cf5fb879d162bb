"""The documentation site: what Sphinx makes of this folder, whose pages read on GitHub as they are."""

import json
import re
from os.path import relpath
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

DOCS = Path(__file__).parent
ROOT = DOCS.parent
REPOSITORY = "https://github.com/cetsgraph/cetsgraph"
PAGES = {".md": "markdown", ".ipynb": "markdown"}
ON_SITE = {*PAGES, ".png", ".svg"}

project = "cetsgraph"
html_title = "cetsgraph"
html_theme = "furo"
html_theme_options = {
    "source_repository": REPOSITORY,
    "source_branch": "main",
    "source_directory": "docs/",
}
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
extensions = ["myst_parser"]
source_suffix = PAGES
myst_heading_anchors = 4
# The examples on the pages of the rules leave lines out, with an ellipsis that is no JSON.
suppress_warnings = ["misc.highlighting_failure"]

_BY_KEYBOARD = (
    ("body", "<pre>", '<pre tabindex="0">'),
    ("body", '<div class="table-wrapper', '<div tabindex="0" class="table-wrapper'),
    ("body", '<th class="head">', "<th>"),
    ("furo_navigation_tree", 'role="heading"', 'role="heading" aria-level="2"'),
)
"""Parts of a page, and what is written otherwise in them."""
_LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(#[^)\s]*)?\)")
_RULES = [page.stem for page in sorted((DOCS / "reference/rules").glob("*.md")) if page.stem != "index"]
_BELOW = "\n".join(["", "```{toctree}", ":hidden:", *(f"{rule} <{rule}>" for rule in _RULES), "```", ""])


def read_source(app: Sphinx, page: str, source: list[str]) -> None:
    """Make of a file what MyST reads: notebooks Markdown, and links what leads somewhere on the site."""
    path = Path(app.env.doc2path(page))
    text = notebook_text(source[0]) if path.suffix == ".ipynb" else source[0]
    text = _LINK.sub(lambda link: f"]({target(path.parent, link[1], link[2] or '')})", text)
    source[0] = text + _BELOW if page == "reference/rules/index" else text


def notebook_text(notebook: str) -> str:
    """A notebook, without what came out of it, as Markdown."""
    cells = ((cell["cell_type"], "".join(cell["source"])) for cell in json.loads(notebook)["cells"])
    return "\n\n".join(f"```python\n{text}\n```" if kind == "code" else text for kind, text in cells)


def target(folder: Path, path: str, anchor: str) -> str:
    """Where a link leads: to a picture, a page or its heading, in lower case, or to a file in the repository.

    What is not there stays, for Sphinx to report.
    """
    file = (folder / path).resolve()
    if not path or (file.is_relative_to(DOCS) and file.suffix in ON_SITE) or not file.exists():
        return path + anchor.lower()
    return f"{REPOSITORY}/blob/main/{Path(relpath(file, ROOT)).as_posix()}{anchor}"


class Translator(HTML5Translator):
    """Writes tables of terms in half as many bytes: words of code and paragraphs of cells are no elements."""

    def visit_literal(self, node: nodes.Node) -> None:
        """Write code in a line of text."""
        self.body.append(f'<code class="literal">{self.encode(node.astext())}</code>')
        raise nodes.SkipNode

    def visit_row(self, node: nodes.Node) -> None:
        """Begin a row, which no style tells from the next."""
        self.body.append(self.starttag(node, "tr", ""))
        node.column = 0

    def visit_paragraph(self, node: nodes.Node) -> None:
        """Begin a paragraph; what a cell of a table says is none."""
        if not isinstance(node.parent, nodes.entry):
            super().visit_paragraph(node)

    def depart_paragraph(self, node: nodes.Node) -> None:
        """End it."""
        if not isinstance(node.parent, nodes.entry):
            super().depart_paragraph(node)


def open_to_the_keyboard(
    app: Sphinx, page: str, template: str, context: dict[str, Any], tree: nodes.Node
) -> None:
    """Have code and tables wider than the page scrolled by keyboard, and captions say their level."""
    for name, old, new in _BY_KEYBOARD:
        if name in context:
            context[name] = context[name].replace(old, new)


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("source-read", read_source)
    app.connect("html-page-context", open_to_the_keyboard, priority=900)  # after the theme has made its parts
    app.set_translator("html", Translator)
