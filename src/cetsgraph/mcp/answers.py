"""Rows of an answer as JSON, cut where they are too many or too long."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic_core import to_jsonable_python

__all__ = ["BYTES", "JSON", "table"]

BYTES = 200_000
"""Bytes of JSON that the rows of one answer may have."""

JSON = dict[str, Any]
"""A JSON object."""


def table(columns: Sequence[str], rows: Iterable[Mapping[str, object]], limit: int) -> JSON:
    """The first rows of an answer; `cut` says why there are not all, and is null where there are.

    >>> table(["n"], [{"n": 1}, {"n": 2}], limit=1)
    {'columns': ['n'], 'rows': [{'n': 1}], 'cut': 'there are more than 1 rows'}
    """
    kept: list[Any] = []
    size, cut = 0, None
    for row in rows:
        plain = to_jsonable_python(
            {name: row[name] for name in columns}, inf_nan_mode="strings", fallback=str
        )
        size += len(json.dumps(plain, ensure_ascii=False).encode("utf-8", "replace"))
        if len(kept) == limit:
            cut = f"there are more than {limit} rows"
        elif size > BYTES:
            cut = f"the rows have more than {BYTES} bytes"
        if cut is not None:
            break
        kept.append(plain)
    return {"columns": list(columns), "rows": kept, "cut": cut}
