"""STAR as RELION, Warp, STOPGAP and TOMOMAN write it: blocks of pairs and of loops, a row on each line.

https://relion.readthedocs.io/en/latest/Reference/Conventions.html. Unlike CIF, a name of a block may come
again, a value may begin with `data_` or `_`, and column lines may go without their number.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["Block", "Odd", "Star", "StarTable", "parse"]


@dataclass(frozen=True, slots=True)
class Odd:
    """A line that does not say what its place in the file asks for."""

    line: int
    found: str
    expected: str


@dataclass(slots=True)
class StarTable:
    """A loop, or the pairs of a block as a table of one row."""

    line: int
    columns: list[str] = field(default_factory=list)
    """Names without their `_`."""
    rows: list[list[str]] = field(default_factory=list)
    """As many values in each as there are columns."""
    lines: list[int] = field(default_factory=list)
    """Line of each row."""


@dataclass(slots=True)
class Block:
    """`data_name` and its tables in order."""

    name: str
    line: int
    tables: list[StarTable] = field(default_factory=list)


@dataclass(slots=True)
class Star:
    """A file: its blocks in order, and the lines that are no part of any table."""

    blocks: list[Block] = field(default_factory=list)
    odds: list[Odd] = field(default_factory=list)

    def tables(self) -> "list[tuple[str, StarTable]]":
        """All tables with the names of their blocks."""
        return [(block.name, table) for block in self.blocks for table in block.tables]


def parse(lines: Iterable[tuple[int, str]]) -> Star:
    """Read numbered lines; nothing that stands in them is an error here.

    >>> text = "data_TS_01\\nloop_\\n_rlnTomoName #1\\n_rlnTomoYTilt #2\\n'TS 01' -57.0\\nTS_02"
    >>> found = parse(enumerate(text.split("\\n"), 1))
    >>> [(name, table.columns, table.rows, table.lines) for name, table in found.tables()]
    [('TS_01', ['rlnTomoName', 'rlnTomoYTilt'], [['TS 01', '-57.0']], [5])]
    >>> found.odds
    [Odd(line=6, found='1 values', expected='2 values, one per column')]
    """
    reader = _Reader()
    for number, line in lines:
        reader.line(number, line)
    return reader.star


class _Reader:
    """What was read up to a line, and what may come next."""

    def __init__(self) -> None:
        self.star = Star()
        self._table: StarTable | None = None  # the loop whose columns or rows are read
        self._pairs: StarTable | None = None  # the pairs of the block
        self._heading = False  # whether columns of the loop may follow
        self._text: list[str] | None = None  # a text between lines that begin with `;`

    def line(self, number: int, line: str) -> None:
        if self._text is not None:
            self._text_line(line)
        elif line.startswith(";") and self._awaits_value():
            self._text = [line[1:]]
        elif words := _words(line):
            self._words(number, words, line)

    def _words(self, number: int, words: list[str], line: str) -> None:
        first = words[0].casefold()
        if first.startswith("data_") and len(words) == 1:
            self._open_block(words[0][5:], number)
        elif not self.star.blocks:
            self._odd(number, line, "a line data_ before")
        elif first == "loop_" and len(words) == 1:
            self._table, self._heading = StarTable(number), True
            self.star.blocks[-1].tables.append(self._table)
        elif self._heading and len(words) == 1 and words[0].startswith("_"):
            self._column(number, words)
        elif self._table is not None and self._table.columns:
            self._row(number, words)
        elif words[0].startswith("_"):
            self._pair(number, words)
        else:
            self._odd(number, line, "a name that begins with _")

    def _open_block(self, name: str, number: int) -> None:
        self.star.blocks.append(Block(name, number))
        self._table, self._pairs, self._heading = None, None, False

    def _column(self, number: int, words: list[str]) -> None:
        assert self._table is not None
        name = words[0].removeprefix("_")
        if name in self._table.columns:
            self._odd(number, name, "another name: there is a column of this one")
        self._table.columns.append(name)

    def _row(self, number: int, words: list[str]) -> None:
        assert self._table is not None
        self._heading = False
        width = len(self._table.columns)
        if len(words) == width:
            self._table.rows.append(words)
            self._table.lines.append(number)
        elif words[0].startswith("_") and len(words) <= 2:
            self._table = None
            self._pair(number, words)
        else:
            self._odd(number, f"{len(words)} values", f"{width} values, one per column")

    def _pair(self, number: int, words: list[str]) -> None:
        if self._pairs is None:
            self._pairs = StarTable(number, rows=[[]], lines=[number])
            self.star.blocks[-1].tables.append(self._pairs)
        self._pairs.columns.append(words[0].removeprefix("_"))
        if len(words) > 2:
            self._odd(number, " ".join(words), "one value, or one in quotes")
        self._pairs.rows[0].append(words[1] if len(words) > 1 else "")

    def _awaits_value(self) -> bool:
        return self._table is None and self._pairs is not None and self._pairs.rows[0][-1] == ""

    def _text_line(self, line: str) -> None:
        assert self._text is not None and self._pairs is not None
        if line.startswith(";"):
            self._pairs.rows[0][-1] = "\n".join(self._text).strip("\n")
            self._text = None
        else:
            self._text.append(line)

    def _odd(self, number: int, found: str, expected: str) -> None:
        self.star.odds.append(Odd(number, found.strip(), expected))


def _words(line: str) -> list[str]:
    """The values of a line, without quotes and without a comment."""
    if not any(mark in line for mark in "#'\""):
        return line.split()
    words: list[str] = []
    rest = line.strip()
    while rest and not rest.startswith("#"):
        word, rest = _first_word(rest)
        words.append(word)
    return words


def _first_word(text: str) -> tuple[str, str]:
    """The first value and what follows it; a quote ends where white space follows."""
    mark = text[0]
    end = text.find(mark, 1) if mark in "'\"" else -1
    while end > 0 and not (text[end + 1 : end + 2].isspace() or end + 1 == len(text)):
        end = text.find(mark, end + 1)
    if end > 0:
        return text[1:end], text[end + 1 :].lstrip()
    word, *rest = text.split(None, 1)
    return word, rest[0] if rest else ""
