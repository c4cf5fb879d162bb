"""Questions in GraphQL about the tables of the portal: pages of one table by key, and counts of all.

Each column stands on a line of its own, so that the place of an error tells the column.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cetsgraph.importers.portal.schema import TABLES, Table, camel

__all__ = ["counts_query", "counts_in", "lost_columns", "page_query"]

_QUOTED = re.compile(r"""['"](\w+)['"]""")
_SELECTION = 6  # line, from 1, on which the first column stands


def page_query(table: Table, columns: Sequence[str], *, all_data_sets: bool = False) -> str:
    """The question for the rows after one, by number, of a data set or of all.

    >>> print(page_query(TABLES["runs"], ["id", "name"]))
    query runs($dataset: Int!, $after: Int!, $limit: Int!) {
      runs(
        where: {datasetId: {_eq: $dataset}, id: {_gt: $after}}
        orderBy: [{id: asc}]
        limitOffset: {limit: $limit}) {
        id
        name
      }
    }
    """
    variables = (
        "$after: Int!, $limit: Int!" if all_data_sets else "$dataset: Int!, $after: Int!, $limit: Int!"
    )
    after = "id: {_gt: $after}"
    conditions = [after] if all_data_sets else [_of_data_set(table, "_eq: $dataset"), after]
    if not (table.parent or all_data_sets):
        conditions = ["id: {_eq: $dataset, _gt: $after}"]
    lines = [
        f"query {table.name}({variables}) {{",
        f"  {table.name}(",
        f"    where: {{{', '.join(conditions)}}}",
        "    orderBy: [{id: asc}]",
        "    limitOffset: {limit: $limit}) {",
        *(f"    {camel(column)}" for column in columns),
        "  }",
        "}",
    ]
    return "\n".join(lines)


def _of_data_set(table: Table, condition: str) -> str:
    """That rows belong to a data set, through all tables between."""
    if not table.parent:
        return f"id: {{{condition}}}"
    if table.parent == "datasets":
        return f"{camel(table.link)}: {{{condition}}}"
    between = _of_data_set(TABLES[table.parent], condition)
    return f"{camel(table.link.removesuffix('_id'))}: {{{between}}}"


def counts_query(tables: Iterable[Table]) -> str:
    """The question for how many rows each table has of some data sets."""
    lines = [
        f"  {table.name}: {table.name}Aggregate("
        f"where: {{{_of_data_set(table, '_in: $datasets')}}}) {{ aggregate {{ count }} }}"
        for table in tables
    ]
    return "\n".join(["query counts($datasets: [Int!]!) {", *lines, "}"])


def counts_in(data: Mapping[str, Any]) -> dict[str, int]:
    """The counts of an answer, by tables.

    >>> counts_in({"runs": {"aggregate": [{"count": 10}]}})
    {'runs': 10}
    """
    found = {}
    for table, answer in data.items():
        rows = answer.get("aggregate") if isinstance(answer, dict) else None
        count = rows[0].get("count") if isinstance(rows, list) and rows else None
        if isinstance(count, int):
            found[table] = count
    return found


def lost_columns(errors: Sequence[Any], table: Table, columns: Sequence[str]) -> frozenset[str]:
    """The columns, or the table, that the errors of an answer say that the schema does not have.

    >>> error = {"message": "Cannot query field 'name'", "locations": [{"line": 7, "column": 5}]}
    >>> lost_columns([error], TABLES["runs"], ["id", "name"])
    frozenset({'name'})
    >>> lost_columns([{"message": "No field 'name', did you mean 'id'?"}], TABLES["runs"], ["id", "name"])
    frozenset({'name'})
    """
    return frozenset(name for error in errors for name in _named_by(error, table, columns))


def _named_by(error: Any, table: Table, columns: Sequence[str]) -> Iterable[str]:
    error = error if isinstance(error, dict) else {}
    places = error.get("locations")
    known = places if isinstance(places, list) else []
    lines = [place.get("line") for place in known if isinstance(place, dict)]
    if 2 in lines and "path" not in error:
        return [table.name]
    by_place = [
        columns[line - _SELECTION]
        for line in lines
        if isinstance(line, int) and 0 <= line - _SELECTION < len(columns)
    ]
    quoted = _QUOTED.findall(str(error.get("message")))  # others after the first are suggestions
    by_name = [column for column in columns if quoted and camel(column) == quoted[0]]
    return by_place or by_name
