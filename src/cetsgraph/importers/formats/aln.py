"""Alignment files of AreTomo (.aln): a head of comments, a row per image, rows of local alignment.

https://github.com/czimaginginstitute/AreTomo3 (docs/input_output_doc)
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from cetsgraph.importers.formats.columns import TextRow

__all__ = ["COLUMNS", "Aln", "parse"]

COLUMNS = ("SEC", "ROT", "GMAG", "TX", "TY", "SMEAN", "SFIT", "SCALE", "BASE", "TILT")
"""Columns of the rows, where the file does not name them."""


@dataclass(slots=True)
class Aln:
    """A file. Values are texts, as they stand."""

    head: dict[str, str] = field(default_factory=dict)
    """What stands behind `# name =`, but for dark frames."""
    lines: dict[str, int] = field(default_factory=dict)
    """Line of each value of the head."""
    columns: tuple[str, ...] = COLUMNS
    rows: list[TextRow] = field(default_factory=list)
    dark: list[TextRow] = field(default_factory=list)
    """Of each dark frame: its number in the stack, another number, and its angle."""
    local: list[TextRow] = field(default_factory=list)
    """Image, patch, and where the patch was found."""
    remarks: list[TextRow] = field(default_factory=list)
    """Other comments, the first line of the file among them."""


def parse(lines: Iterable[tuple[int, str]]) -> Aln:
    """Read numbered lines; nothing that stands in them is an error here.

    >>> head = ["# AreTomo Alignment", "# RawSize = 4 4 2", "# DarkFrame = 1 0 -66.0", "# SEC ROT"]
    >>> found = parse(enumerate([*head, " 1 85.0", "# Local Alignment", " 0 0 1"], 1))
    >>> found.head, found.columns, found.rows, len(found.dark), len(found.local)
    ({'RawSize': '4 4 2'}, ('SEC', 'ROT'), [TextRow(line=5, values=('1', '85.0'))], 1, 1)
    """
    found = Aln()
    rows = found.rows
    for number, line in lines:
        words = tuple(line.split())
        if line.lstrip().startswith("#"):
            said = line.lstrip().lstrip("#").strip()
            if said.casefold().startswith("local align"):
                rows = found.local
            _head_line(found, number, said)
        elif words:
            rows.append(TextRow(number, words))
    return found


def _head_line(found: Aln, number: int, said: str) -> None:
    key, equals, value = (part.strip() for part in said.partition("="))
    if equals and key == "DarkFrame":
        found.dark.append(TextRow(number, tuple(value.split())))
    elif equals:
        found.head[key] = value
        found.lines[key] = number
    elif said.startswith("SEC"):
        found.columns = tuple(said.split())
    elif said:
        found.remarks.append(TextRow(number, tuple(said.split())))
