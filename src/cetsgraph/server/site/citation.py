"""How a data set is cited: in one line, and as BibTeX."""

import re
from dataclasses import dataclass

from cetsgraph.server.site.views import View

__all__ = ["Citation", "citation_of"]

_DATES = ("releaseDate", "depositionDate")
_NO_KEY = re.compile(r"[^A-Za-z0-9-]+")
_SPECIAL = re.compile(r"([\\{}$&%#_^~])")


@dataclass(frozen=True, slots=True)
class Citation:
    """A data set in the words of a list of references."""

    text: str
    bibtex: str
    articles: list[tuple[str, str]]
    """Addresses and names of what was published about it."""


def citation_of(view: View) -> Citation:
    """The citation of a data set by its authors, year, title and address; by those that it states.

    The address is that of the entry of an archive that it is called as, or else its IRI.
    """
    name = next(iter(view.texts("name")), view.title)
    year = next((text[:4] for date in _DATES for text in view.texts(date)), "")
    address = next((iri for iri, called in view.links if called.endswith(name)), view.iri)
    said = [", ".join(view.authors), f"({year})" if year else ""]
    before = " ".join(part for part in said if part)
    parts = [before, view.title, "" if name == view.title else name]
    text = "".join(f"{part}. " for part in parts if part) + address
    fields = {
        "author": " and ".join(map(_escaped, view.authors)),
        "title": f"{{{_escaped(view.title)}}}",
        "year": year,
        "url": address,
    }
    lines = "".join(f"  {field} = {{{value}}},\n" for field, value in fields.items() if value)
    articles = [link for link in view.links if link[1].startswith("DOI ")]
    return Citation(text, f"@misc{{{_NO_KEY.sub('-', name).strip('-')},\n{lines}}}", articles)


def _escaped(text: str) -> str:
    """
    >>> _escaped("5 % of {x}_1")
    '5 \\\\% of \\\\{x\\\\}\\\\_1'
    """
    return _SPECIAL.sub(r"\\\1", text)
