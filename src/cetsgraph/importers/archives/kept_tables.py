"""Tables of the portal as files: whole ones, and pages of one that is being fetched."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cetsgraph.whole_files import whole_file

__all__ = ["Row", "add_page", "json_in", "kept_pages", "rows_in_file", "write_rows", "write_text"]

Row = dict[str, Any]
"""Columns, in snake case."""


def write_text(path: Path, text: str) -> None:
    """Write a file, which is there whole or not at all."""
    with whole_file(path) as file:
        file.write(f"{text}\n".encode())


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Write a table, a row in each line."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    write_text(path, f"[\n{lines}\n]" if rows else "[]")


def json_in(path: Path) -> Any:
    """What a file holds; None if it is not there, or not whole."""
    try:
        return json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError, RecursionError):
        return None


def rows_in_file(path: Path) -> list[Row]:
    """The rows of a table; none if it is not there."""
    rows = json_in(path)
    return rows if isinstance(rows, list) else []


def add_page(path: Path, rows: Sequence[Row]) -> None:
    """Add a page to those that were fetched."""
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(rows, ensure_ascii=False) + "\n")


def kept_pages(path: Path) -> Iterator[Row]:
    """The rows of the pages that were fetched; a last one that is not whole is cut off.

    Where another one is broken they are given up, and fetched from the first.
    """
    if not path.exists():
        return
    data = path.read_bytes()
    whole = data[: data.rfind(b"\n") + 1]
    if len(whole) < len(data):
        path.write_bytes(whole)
    try:
        rows = [row for line in whole.splitlines() for row in json.loads(line)]
    except (ValueError, TypeError, RecursionError):
        rows = [None]
    if all(isinstance(row, dict) and isinstance(row.get("id"), int) for row in rows):
        yield from rows
    else:
        path.unlink()
