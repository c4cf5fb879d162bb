"""Rows as text for programs: JSON, CSV and TSV."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence

__all__ = ["FORMS", "cell_text", "written"]

_SEPARATORS = {"csv": ",", "tsv": "\t"}
FORMS = ("json", *_SEPARATORS)


def written(rows: Iterable[Mapping[str, object]], columns: Sequence[str], form: str) -> str:
    """Rows in one of the `FORMS`: a list of objects with plain values, or lines below a line of names.

    >>> written([{"name": "TS_01", "dose": 120.0}], ["name", "dose"], "csv")
    'name,dose\\nTS_01,120.0\\n'
    """
    if form == "json":
        chosen = [{name: row[name] for name in columns} for row in rows]
        return json.dumps(chosen, ensure_ascii=False, indent=2, default=str) + "\n"
    text = io.StringIO()
    writer = csv.writer(text, delimiter=_SEPARATORS[form], lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([cell_text(row[column]) for column in columns] for row in rows)
    return text.getvalue()


def cell_text(value: object) -> str:
    """A value as one cell; nothing for None.

    >>> cell_text(True), cell_text([1.5, 2]), cell_text(None)
    ('true', '[1.5, 2]', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
