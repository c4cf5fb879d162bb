"""ORDER BY of every question tells all rows apart: pages fit together, however an engine breaks ties."""

import re

import pytest

from cetsgraph import queries
from cetsgraph.store import LocalStore


@pytest.mark.parametrize("name", queries.names())
def test_no_two_rows_have_the_same_place(everything: LocalStore, name: str) -> None:
    question = queries.load(name)
    keys = re.findall(r"\?(\w+)", question.text.rpartition("ORDER BY")[2])
    hidden = {f"?{key}" for key in keys} - {f"?{column.name}" for column in question.columns}
    text = question.text.replace("SELECT DISTINCT", " ".join(["SELECT DISTINCT", *hidden]), 1)
    rows = [tuple(row[key] for key in keys) for row in everything.select(text)]
    assert rows and len(set(rows)) == len(rows)
