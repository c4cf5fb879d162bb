"""The GraphQL interface of the CryoET Data Portal, asked for pages of rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cetsgraph.errors import EndpointAnswer
from cetsgraph.importers.archives.queries import counts_in, counts_query, lost_columns, page_query
from cetsgraph.importers.archives.session import Session, read_json, status_error
from cetsgraph.importers.portal.schema import Table, snake

__all__ = ["PORTAL_URL", "PortalApi", "Row"]

PORTAL_URL = "https://graphql.cryoetdataportal.czscience.com/graphql"

_PAGE, _SMALLEST_PAGE = 1000, 50

Row = dict[str, Any]


class _Unanswered(EndpointAnswer):
    """The errors of an answer in GraphQL."""

    def __init__(self, url: str, errors: Sequence[Any]) -> None:
        self.errors = errors
        said = [str(error.get("message") if isinstance(error, dict) else error) for error in errors]
        hint = "Run the command again later; if that does not help, the portal's schema has changed."
        super().__init__("the portal answers with an error", url=url, found="; ".join(said)[:200], hint=hint)


class PortalApi:
    """Rows of the portal's tables, in pages by number.

    Args:
        session: by which it is asked.
        url: its address.
    """

    def __init__(self, session: Session, url: str = PORTAL_URL) -> None:
        self.session = session
        self.url = url
        self.lost: dict[str, frozenset[str]] = {}
        """Columns that were found to be no longer there, by tables; a table by its own name."""
        self._can_count = True

    def rows(self, table: Table, dataset: int | None, after: int = 0) -> Iterator[list[Row]]:
        """Pages of the rows of a table after one, by number, with columns in snake case; none is empty.

        Args:
            table: which one.
            dataset: number of the data set; all rows if None.
            after: number of the row before.

        Raises:
            EndpointError: the portal does not answer, or with an error.
        """
        while page := self.page(table, dataset, after):
            yield page
            after = page[-1]["id"]

    def page(self, table: Table, dataset: int | None, after: int) -> list[Row]:
        """The rows after one, as many as the portal gives at a time; none at the end."""
        failures = 0
        while table.name not in self.lost.get(table.name, ()):
            columns = [column for column in table.asked if column not in self.lost.get(table.name, ())]
            text = page_query(table, columns, all_data_sets=dataset is None)
            variables = {"after": after} if dataset is None else {"dataset": dataset, "after": after}
            try:
                return self._rows_of(table, self._data(table.name, text, variables, failures), after)
            except _Unanswered as error:
                if not self._is_lost(table, columns, error):
                    failures += 1
                    if failures == self.session.manners.tries:
                        raise
                    self.session.back_off(failures - 1)
        return []

    def counts(self, datasets: Sequence[int], tables: Iterable[Table]) -> dict[str, int]:
        """How many rows each table has of some data sets; nothing where the portal does not count."""
        if not self._can_count:
            return {}
        asked = [table for table in tables if table.name not in self.lost.get(table.name, ())]
        try:
            return counts_in(self._data("counts", counts_query(asked), {"datasets": list(datasets)}, None))
        except _Unanswered:
            self._can_count = False
            return {}

    def _is_lost(self, table: Table, columns: Sequence[str], error: _Unanswered) -> bool:
        """Whether the errors are about columns that are no longer there, which are then not asked again."""
        lost = lost_columns(error.errors, table, columns)
        if needed := sorted(lost & (table.needed | ({table.name} & {"datasets", "runs"}))):
            raise EndpointAnswer(
                f"the portal no longer has {', '.join(needed)} of {table.name}",
                url=self.url,
                found=error.found,
                hint="Its schema has changed: look for a newer version of cetsgraph.",
            ) from error
        self.lost[table.name] = self.lost.get(table.name, frozenset()) | lost
        return bool(lost)

    def _data(
        self, name: str, text: str, variables: Mapping[str, Any], failures: int | None
    ) -> dict[str, Any]:
        """The data of an answer; pages become smaller with each failure."""

        def body(strain: int) -> object:
            limit = {} if failures is None else {"limit": max(_SMALLEST_PAGE, _PAGE >> (failures + strain))}
            return {"query": text, "operationName": name, "variables": {**variables, **limit}}

        response = self.session.post(self.url, body)
        answer = read_json(response) if response.status in (200, 400, 422) else {}
        errors = answer.get("errors") if isinstance(answer, dict) else None
        if errors:
            raise _Unanswered(self.url, errors if isinstance(errors, list) else [errors])
        if response.status != 200:
            raise status_error(response)
        data = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(data, dict):
            raise EndpointAnswer(
                "the answer has no data", url=self.url, hint="Is this the portal's GraphQL address?"
            )
        return data

    def _rows_of(self, table: Table, data: Mapping[str, Any], after: int) -> list[Row]:
        rows = data.get(table.name)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise EndpointAnswer(
                f"the answer has no rows of {table.name}", url=self.url, found=type(rows).__name__
            )
        found = [{snake(column): value for column, value in row.items()} for row in rows]
        if not all(isinstance(row.get("id"), int) for row in found):
            raise EndpointAnswer(f"a row of {table.name} has no number", url=self.url, expected="id")
        return sorted((row for row in found if row["id"] > after), key=lambda row: int(row["id"]))
