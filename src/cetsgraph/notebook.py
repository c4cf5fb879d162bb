"""HTML of objects for notebooks: one table, in one style, with every text escaped."""

import reprlib
from collections.abc import Sequence
from itertools import islice

from cetsgraph.texts import shortened

__all__ = ["html_table"]

_ROWS = 20
_CELL = 80  # characters
_STYLE = "text-align:left;vertical-align:top"


def html_table(columns: Sequence[str], rows: Sequence[Sequence[object]], *, caption: str = "") -> str:
    """A table of the first 20 rows with a caption below; cells are shortened to 80 characters.

    >>> html_table(["id"], [["<TS_01>"]], caption="1 region")
    '<table><thead><tr><th style="text-align:left;vertical-align:top">id</th></tr></thead><tbody><tr><td \
style="text-align:left;vertical-align:top">&lt;TS_01&gt;</td></tr></tbody></table><p>1 region</p>'
    """
    head = "".join(_cell("th", column) for column in columns)
    body = "".join(f"<tr>{''.join(_cell('td', value) for value in row)}</tr>" for row in islice(rows, _ROWS))
    more = f", the first {_ROWS} shown" if len(rows) > _ROWS else ""
    below = f"<p>{_escaped(caption)}{more}</p>" if caption or more else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"


def _cell(tag: str, value: object) -> str:
    text = "" if value is None else reprlib.repr(value) if isinstance(value, list) else str(value)
    return f'<{tag} style="{_STYLE}">{_escaped(shortened(text, _CELL))}</{tag}>'


def _escaped(text: str) -> str:
    from html import escape  # with its table of all entities, which only notebooks need

    return escape(text)
