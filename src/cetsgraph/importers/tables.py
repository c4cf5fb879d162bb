"""A table of a source by its columns, with an account of which of them were taken."""

from collections.abc import Iterator, Mapping, Sequence

from cetsgraph.importers.numbers import finite, is_not_finite, number_or_text
from cetsgraph.importers.tally import SourcePlace, Tally

__all__ = ["SourceTable"]


class SourceTable:
    """Columns of equal length, as a STAR loop, a CSV file or a .tbl has them: text, for many rows at once.

    >>> tally = Tally()
    >>> columns = {"rlnTomoYTilt": ["-57", "-54"], "rlnCtfFigureOfMerit": ["0.1", "0.2"]}
    >>> table = SourceTable(columns, tally, "TS_01.star", lines=[20, 21])
    >>> table.numbers("rlnTomoYTilt"), table.numbers("rlnTomoXTilt")
    ([-57.0, -54.0], [None, None])
    >>> table.report()
    >>> print(*tally.findings())
    TS_01.star (line 20): rlnCtfFigureOfMerit: 2 values have no field (found 0.1) [import-dropped]
    """

    __slots__ = ("_columns", "_file", "_lines", "_pointer", "_taken", "_tally", "label")

    def __init__(
        self,
        columns: Mapping[str, Sequence[str]],
        tally: Tally,
        file: str,
        *,
        lines: Sequence[int | None],
        label: str = "",
        pointer: str = "",
    ) -> None:
        self.label = label
        """What stands before names of columns in findings, where the file has several tables."""
        self._pointer = pointer
        self._columns = columns
        self._tally = tally
        self._file = file
        self._lines = lines
        self._taken: set[str] = set()

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, column: str) -> bool:
        return column in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def place(self, row: int) -> SourcePlace:
        """Where a row stands, counted from 0."""
        pointer = f"{self._pointer}/{row}" if self._pointer else ""
        return SourcePlace(self._file, self._lines[row], pointer)

    def take(self, *columns: str) -> None:
        """Count columns as taken that say nothing which others do not say."""
        self._taken.update(columns)

    def take_constant(self, values: Mapping[str, float]) -> None:
        """Count columns as taken in which each value is one that says nothing."""
        self._taken.update(
            name
            for name, nothing in values.items()
            if all(finite(value) == nothing for value in self._columns.get(name, ()))
        )

    def texts(self, column: str) -> list[str | None]:
        """A column as text; None where a value is empty, and for all rows if there is no such column."""
        self._taken.add(column)
        values = self._columns.get(column)
        return [None] * len(self) if values is None else [value.strip() or None for value in values]

    def numbers(self, column: str) -> list[float | None]:
        """A column as finite numbers; None where a value is empty or, with a finding, no number."""
        return [
            None if text is None else self._number(column, row, text)
            for row, text in enumerate(self.texts(column))
        ]

    def integers(self, column: str) -> list[int | None]:
        """A column as whole numbers; None where a value is empty or, with a finding, none of these."""
        return [
            None if number is None else self._integer(column, row, number)
            for row, number in enumerate(self.numbers(column))
        ]

    def values(self, column: str) -> list[float | int | str | None]:
        """A column as numbers where they are, else as text; None where a value is empty, or no finite number,
        which is said."""
        found = [number_or_text(text) for text in self.texts(column)]
        for row, value in enumerate(found):
            if isinstance(value, str) and is_not_finite(value):
                self._tally.dropped(f"{self.label}{column}", self.place(row), found=value)
                found[row] = None
        return found

    def report(self) -> None:
        """Say which columns were not taken, and how many values they have."""
        for column, values in self._columns.items():
            said = [] if column in self._taken else [row for row, value in enumerate(values) if value.strip()]
            if said:
                place, found = self.place(said[0]), values[said[0]]
                self._tally.dropped(f"{self.label}{column}", place, found=found, count=len(said))

    def wrong(self, column: str, row: int, found: object, expected: str) -> None:
        """Say that a value is not what it has to be."""
        self._tally.wrong(f"{self.label}{column}", self.place(row), found=found, expected=expected)

    def _number(self, column: str, row: int, text: str) -> float | None:
        number = finite(text)
        if number is None:
            self.wrong(column, row, text, "a finite number")
        return number

    def _integer(self, column: str, row: int, number: float) -> int | None:
        if number.is_integer():
            return int(number)
        self.wrong(column, row, number, "a whole number")
        return None
