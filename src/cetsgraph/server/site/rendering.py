"""Pages as text: templates in which everything is escaped, and what all pages have."""

import hashlib
import os
import re
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from cetsgraph.server.site.plots import STYLE
from cetsgraph.texts import counted
from cetsgraph.versions import ONTOLOGY_VERSION, __version__

__all__ = [
    "EDITOR_HEADERS",
    "HEADERS",
    "PICTURE_HEADERS",
    "OTHER_ARCHIVES",
    "STATIC",
    "page",
    "part",
    "shown_number",
    "static_address",
    "templates",
]

STATIC = Path(__file__).with_name("static")
"""Style sheet and pictures of the pages."""

OTHER_ARCHIVES = "CETSGRAPH_OTHER_ARCHIVES"
"""Environment variable of the processes of a server that asks other archives too."""

_CODE = re.compile("`([^`]+)`")
_SIGN = re.compile(r"([_./-])(?=\w)")
_SECTIONS = (
    ("/datasets", "Data sets"),
    ("/queries", "Questions"),
    ("/sparql", "SPARQL"),
    ("/archives", "Archives"),
    ("/validate", "Validate"),
    ("/rules", "Rules"),
    ("/ontology", "Ontology"),
    ("/api", "API"),
)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept",
}
"""A page has the style, pictures and script of this server, and no others."""

EDITOR_HEADERS = {
    **HEADERS,
    "Content-Security-Policy": HEADERS["Content-Security-Policy"].replace(
        "script-src 'self'", "script-src 'self'; connect-src 'self'"
    ),
}
"""The page of the editor runs that, which asks this server for terms."""

PICTURE_HEADERS = {
    **HEADERS,
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; style-src "
    f"'sha256-{b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'",
}
"""A picture has its own style, and nothing else."""


def page(template: str, archive: str, title: str, **values: Any) -> str:
    """A page by the name of its template.

    Args:
        template: file of `templates/`, without its ending.
        archive: name of the archive, which each page has.
        title: heading of the page.
        **values: `section`, the address of the one that the page belongs to; `trail`, addresses and names of
            what is above it; and what the template has besides.
    """
    given = {"section": "", "trail": (), **values}
    return templates()[template].render(archive=archive, title=title, **given)


def part(template: str, **values: Any) -> str:
    """A piece of a page by the name of its template."""
    return templates()[template].render(**values)


def shown_number(value: float) -> str:
    """A number for people, rounded to six digits.

    >>> shown_number(590.7600000000002), shown_number(3), shown_number(-0.0000123456789)
    ('590.76', '3', '-1.23457e-05')
    """
    return str(value) if isinstance(value, int) else f"{value:.6g}"


def coded(text: str) -> Markup:
    """A text in which what stands between backticks is code.

    >>> coded("Add `id` <here>.")
    Markup('Add <code>id</code> &lt;here&gt;.')
    """
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))


def breakable(text: str) -> Markup:
    """A name that may go to the next line after each of its signs.

    >>> breakable("TS_01.mrc <b>")
    Markup('TS_<wbr>01.<wbr>mrc &lt;b&gt;')
    """
    return Markup(_SIGN.sub(r"\1<wbr>", str(escape(text))))


@cache
def static_address(name: str) -> str:
    """Address of a file of `static/`, which changes with its content."""
    content = (STATIC / name).read_bytes()
    return f"/static/{name}?v={hashlib.sha256(content).hexdigest()[:12]}"


def _sections() -> list[tuple[str, str]]:
    """Address and name of each section in the menu."""
    others = OTHER_ARCHIVES in os.environ
    return [one for one in _SECTIONS if others or one[0] != "/archives"]


@cache
def templates() -> dict[str, Template]:
    """The templates of all pages, by name; to make them takes a third of a second."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        sections=_sections, static=static_address, version=__version__, ontology=ONTOLOGY_VERSION
    )
    environment.filters.update(coded=coded, breakable=breakable, counted=counted)
    names = environment.list_templates(extensions=["html"])
    return {name.removesuffix(".html"): environment.get_template(name) for name in names}
