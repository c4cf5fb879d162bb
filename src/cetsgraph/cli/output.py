"""Rows and files on standard output, as tables, JSON or CSV; messages and progress on standard error."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import IO, Any

import click

from cetsgraph.findings import Finding
from cetsgraph.texts import counted

__all__ = [
    "OutputNotTaken",
    "is_folder",
    "output",
    "print_rows",
    "printable",
    "progress_bar",
    "refuse_over",
    "say",
    "say_how_objects_are_named",
    "say_passed_over",
    "write_output",
]

_NAMED = 3  # files that are passed over
_NARROWEST = 16  # characters of a column; where there is less room, each value has a line of its own


class OutputNotTaken(Exception):
    """What reads standard output has gone away, as `head` does: that is no failure."""


def print_rows(
    rows: Iterable[Mapping[str, object]],
    columns: Sequence[str],
    form: str,
    *,
    units: Mapping[str, str] | None = None,
    out: str | None = None,
) -> None:
    """Print rows, or write them to a file; how many there are is said on standard error with a table.

    Args:
        rows: by names of columns.
        columns: which ones, in their order.
        form: `table`, `json` (a list of objects with plain values), `csv` or `tsv`.
        units: of some columns; a table has them in its head.
        out: a file; standard output if not given, or `-`.
    """
    from cetsgraph.queries.writing import cell_text, written

    rows = list(rows)
    if form != "table":
        text = written(rows, columns, form)
    else:
        width = _terminal_width() if sys.stdout.isatty() and out in (None, "-") else sys.maxsize
        heads = [f"{name} ({units[name]})" if units and units.get(name) else name for name in columns]
        cells = [[_line(cell_text(row[column])) for column in columns] for row in rows]
        text = _table(heads, cells, width)
    write_output(text.encode("utf-8", "backslashreplace"), out)
    if form == "table":
        say(counted(len(rows), "row"))


def _terminal_width() -> int:
    import shutil  # takes as long to import as all else here

    return shutil.get_terminal_size().columns


def _table(columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> str:
    widths = _fitted([max(map(len, column)) for column in zip(columns, *cells, strict=True)], width)
    if widths is None:
        return _records(columns, cells, width)
    rule = ["─" * size for size in widths]
    lines = [line for row in (columns, rule, *cells) for line in _folded(row, widths)]
    return "".join(f"{line}\n" for line in lines)


def _fitted(widths: list[int], total: int) -> list[int] | None:
    """Widths of columns that are together no wider than the terminal: the widest become narrower.

    >>> _fitted([4, 60, 30], 60)
    [4, 26, 26]
    >>> _fitted([4, 60, 30], 32)
    """
    room = total - 2 * (len(widths) - 1)
    limit = max(widths, default=0)
    while sum(min(width, limit) for width in widths) > room:
        limit -= 1
        if limit < _NARROWEST:
            return None
    return [min(width, limit) for width in widths]


def _records(columns: Sequence[str], cells: Sequence[Sequence[str]], width: int) -> str:
    """Rows below one another, a line for each value that is there: for a terminal too narrow for a table.

    >>> print(_records(["name", "voxel_size (Å)", "path"], [["TS_01", "10.0", ""], ["TS_02", "", ""]], 40))
    name            TS_01
    voxel_size (Å)  10.0
    <BLANKLINE>
    name            TS_02
    <BLANKLINE>
    """
    label = max(map(len, columns))
    widths = label, max(width - label - 2, _NARROWEST)
    rows = [[pair for pair in zip(columns, row, strict=True) if pair[1]] for row in cells]
    return "\n".join("".join(f"{line}\n" for pair in row for line in _folded(pair, widths)) for row in rows)


def _folded(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """The lines of a row, in which a cell that is wider than its column goes on below."""
    pieces = [
        [cell[start : start + width] for start in range(0, len(cell), width or 1)]
        for cell, width in zip(row, widths, strict=True)
    ]
    for line in zip_longest(*pieces, fillvalue="") if any(pieces) else [[""] * len(row)]:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()


def _line(text: str) -> str:
    """A cell as one line."""
    return text if text.isprintable() else printable(" ".join(text.split()))


def printable(text: str) -> str:
    r"""The text with an escape for each character that could steer a terminal; line ends stay.

    >>> printable("TS\x1b[2J_01\n")
    'TS\\x1b[2J_01\n'
    """
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() or one in "\n\t" else ascii(one)[1:-1] for one in text)


def say(message: str) -> None:
    """Print a message, which is no data, on standard error."""
    click.echo(printable(message), err=True)


def say_how_objects_are_named() -> None:
    """Say, where nothing is found of an object, which question lists the objects."""
    say("Names are compared whole: `cetsgraph query annotated_objects` lists all names and terms of objects.")


def say_passed_over(paths: Sequence[Path]) -> None:
    """Say in one line which files of a folder are no CETS documents, if there are any."""
    if paths:
        names = ", ".join(path.name for path in sorted(paths)[:_NAMED])
        more = f" and {len(paths) - _NAMED:,} more" if len(paths) > _NAMED else ""
        say(f"passed over {counted(len(paths), 'other file')}: {names}{more}")


def say_findings(findings: Iterable[Finding]) -> None:
    """Print findings; those that say the same of several places in one line, with the first place."""
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        alike.setdefault((finding.severity, finding.rule, finding.message), []).append(finding)
    for first, *others in alike.values():
        more = f" (and {len(others):,} more like this)" if others else ""
        say(f"{first.severity}: {first}{more}")


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None] | None]:
    """On a terminal, a function that shows how many things of how many are done; None elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    bar: Any = click.progressbar(length=1, label=label, file=sys.stderr)

    def show(done: int, total: int) -> None:
        bar.length = total
        bar.update(done - bar.pos)

    with bar:
        yield show


def is_folder(out: str) -> bool:
    """Whether an OUT is a folder: it is there as one, or ends like one."""
    return out.endswith(("/", "\\")) or (out != "-" and Path(out).is_dir())


def write_output(data: bytes, out: str | None) -> None:
    """Write to a file, or to standard output where there is none or it is `-`; a name with .gz compresses."""
    with output(out) as file:
        file.write(data)


@contextmanager
def output(out: str | None) -> Iterator[IO[bytes]]:
    """What to write to: a file, there once all is written, and compressed if its name ends in .gz; or
    standard output.

    Raises:
        CetsGraphError: the file cannot be written.
    """
    if out in (None, "-"):
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    from cetsgraph.whole_files import whole_file, written_to

    with written_to(str(out)), whole_file(Path(str(out))) as file:
        yield file


def refuse_over(files: Iterable[str | Path], *outs: str) -> None:
    """Refuse an OUT that is one of the files to be read, which it would replace.

    Raises:
        UsageError: it is one.
    """
    there = [out for out in outs if out != "-" and os.path.exists(out)]
    names = [file for file in map(str, files) if file != "-" and os.path.isfile(file)] if there else []
    read = {_identity(name) for name in names}
    for out in there:
        if _identity(out) in read:
            raise click.UsageError(f"{out} is what is read here; give -o another file.")


def _identity(path: str) -> tuple[int, int]:
    """What two names of one file have in common."""
    found = os.stat(path)
    return found.st_dev, found.st_ino
