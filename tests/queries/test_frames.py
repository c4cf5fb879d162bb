"""Rows as tables of pandas and polars: the same cells, with the types that are declared."""

import math
import sys
from typing import Any

import pandas
import polars
import pytest

from cetsgraph import queries
from cetsgraph.errors import CetsGraphError
from cetsgraph.queries import Rows, ValueKind
from cetsgraph.queries.terms import cell
from cetsgraph.store import LocalStore

PANDAS = {
    ValueKind.IRI: "string",
    ValueKind.TEXT: "string",
    ValueKind.NUMBER: "float64",
    ValueKind.INTEGER: "Int64",
    ValueKind.BOOLEAN: "boolean",
    ValueKind.ARRAY: "object",
}
POLARS = {
    ValueKind.IRI: polars.String,
    ValueKind.TEXT: polars.String,
    ValueKind.NUMBER: polars.Float64,
    ValueKind.INTEGER: polars.Int64,
    ValueKind.BOOLEAN: polars.Boolean,
    ValueKind.ARRAY: polars.List,
}


def answer(store: LocalStore, name: str) -> Rows[dict[str, Any]]:
    """The rows for the values that stand in the file."""
    values = {}
    for parameter in (one for one in queries.load(name).parameters if not one.optional):
        found = store.select(f"SELECT ?value {{ VALUES ?value {{ {parameter.example} }} }}")
        given = [cell(parameter.kind, row["value"]) for row in found]
        values[parameter.name] = given if parameter.many else given[0]
    return queries.run(store, name, values)  # type: ignore[arg-type,return-value]


def plain(value: Any) -> Any:
    """A cell as Python has it; what is missing is None."""
    if value is pandas.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.item() if hasattr(value, "item") else value


@pytest.mark.parametrize("name", queries.names())
def test_tables_have_the_rows_and_the_declared_types(everything: LocalStore, name: str) -> None:
    rows = answer(everything, name)
    columns = [column.name for column in rows.columns]
    frame = rows.to_pandas()
    assert list(frame.columns) == columns
    assert {column: str(frame[column].dtype) for column in columns} == {
        column.name: PANDAS[column.kind] for column in rows.columns
    }
    assert [
        {column: plain(frame[column].iloc[index]) for column in columns} for index in range(len(frame))
    ] == rows
    table = rows.to_polars()
    assert table.rows(named=True) == rows
    assert all(table.schema[column.name] == POLARS[column.kind] for column in rows.columns)


def test_an_answer_without_rows_has_typed_columns(everything: LocalStore) -> None:
    rows = queries.tomograms_by_voxel_size(everything, minimum=1e9, maximum=2e9)
    assert rows == []
    assert str(rows.to_pandas()["voxel_size_x"].dtype) == "float64"
    assert rows.to_polars().schema["voxel_size_x"] == polars.Float64


def test_units_are_kept_where_tables_can(everything: LocalStore) -> None:
    frame = queries.tilt_series_by_dose(everything, maximum=1e9).to_pandas()
    assert frame.attrs["units"] == {"dose": "e⁻/Å²"}


def test_typed_rows_are_tables_too(everything: LocalStore) -> None:
    rows = queries.tilt_schemes(everything, limit=3)
    assert rows.to_pandas()["step"].tolist() == [row.step for row in rows]
    assert rows.to_polars()["step"].to_list() == [row.step for row in rows]


@pytest.mark.parametrize("package", ["pandas", "polars"])
def test_what_is_not_installed_is_named_with_how(
    everything: LocalStore, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    rows = queries.tilt_schemes(everything, limit=1)
    with pytest.raises(CetsGraphError, match=r"pip install 'cetsgraph\[frames\]'"):
        getattr(rows, f"to_{package}")()
