"""Rows and files on standard output: tables for people, JSON and CSV for programs."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from cetsgraph.texts import shortened_inside

__all__ = ["print_rows", "write_output"]

_WIDEST = 72


def print_rows(rows: Iterable[Mapping[str, object]], columns: Sequence[str], form: str) -> None:
    """Print rows as `table`, `json` (a list of objects with plain values) or `csv`."""
    if form == "json":
        click.echo(
            json.dumps(
                [{name: row[name] for name in columns} for row in rows],
                ensure_ascii=False,
                indent=2,
                default=str,
            )
        )
    elif form == "csv":
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([_cell(row[column]) for column in columns] for row in rows)
        click.echo(text.getvalue(), nl=False)
    else:
        click.echo(_table(columns, [[_line(_cell(row[column])) for column in columns] for row in rows]))


def _table(columns: Sequence[str], cells: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    rule = ["─" * width for width in widths]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
             for line in (columns, rule, *cells)]  # fmt: skip
    count = f"{len(cells)} row{'' if len(cells) == 1 else 's'}"
    return "\n".join([*lines, count])


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def _line(text: str) -> str:
    """A cell as one line that fits a table."""
    line = " ".join(text.split()) if any(not character.isprintable() for character in text) else text
    return shortened_inside(line, _WIDEST)


def write_output(data: bytes, out: str | None) -> None:
    """Write to a file, or to standard output where there is none or it is `-`."""
    if out in (None, "-"):
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        Path(str(out)).write_bytes(data)
