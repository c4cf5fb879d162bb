"""ORDER BY of every question tells all rows apart: pages fit together, however an engine breaks ties."""

import re

import pytest

from cetsgraph import queries
from cetsgraph.store import LocalStore


@pytest.mark.parametrize("name", queries.names())
def test_no_two_rows_have_the_same_place(everything: LocalStore, name: str) -> None:
    text = queries.load(name).text
    keys = re.findall(r"\?(\w+)", text.rpartition("ORDER BY")[2])
    rows = [tuple(row[key] for key in keys) for row in everything.select(text)]
    assert rows and len(set(rows)) == len(rows)
