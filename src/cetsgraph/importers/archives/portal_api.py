"""The GraphQL interface of the CryoET Data Portal, asked for pages of rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cetsgraph.errors import EndpointAnswer, EndpointStatus, EndpointTimeout
from cetsgraph.importers.archives.kept_tables import Row
from cetsgraph.importers.archives.queries import counts_in, counts_query, lost_columns, page_query
from cetsgraph.importers.archives.session import Session, read_json, status_error
from cetsgraph.importers.portal.schema import Table, snake

__all__ = ["SMALLEST_PAGE", "PortalApi"]

_PAGE = 1000  # rows
SMALLEST_PAGE = 50
"""Rows that are asked for at least: a shorter page can be the last, a longer one need not."""

_GRAPHQL = (200, 400, 422)  # statuses of answers that can have errors in GraphQL
_SHOWN = 200  # characters of messages


class PortalApi:
    """Rows of the portal's tables, in pages by number.

    Args:
        session: by which it is asked.
        url: its address.
    """

    def __init__(self, session: Session, url: str) -> None:
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
        tries = self.session.manners.tries
        for failures in range(tries):
            answer = self._answer_without_lost(table, dataset, after, failures)
            if answer is None:
                return []
            if not answer["errors"]:
                return self._rows_of(table, self._data(answer), after)
            if failures + 1 == tries:
                raise self._error(answer)
            self.session.back_off(failures)
        raise ValueError("no tries")

    def _answer_without_lost(
        self, table: Table, dataset: int | None, after: int, failures: int
    ) -> Mapping[str, Any] | None:
        """The answer to a question that has no column of which the portal says that it is not there; None if
        the table is not there."""
        while table.name not in (gone := self.lost.get(table.name, frozenset())):
            columns = [column for column in table.asked if column not in gone]
            text = page_query(table, columns, all_data_sets=dataset is None)
            variables = {"after": after} if dataset is None else {"dataset": dataset, "after": after}
            answer = self._answer(table.name, text, variables, failures)
            lost = lost_columns(answer["errors"], table, columns)
            if not lost:
                return answer
            self._lose(table, lost, answer)
        return None

    def counts(self, datasets: Sequence[int], tables: Iterable[Table]) -> dict[str, int]:
        """How many rows each table has of some data sets; nothing where the portal does not count."""
        if not self._can_count:
            return {}
        asked = [table for table in tables if table.name not in self.lost.get(table.name, ())]
        try:
            answer = self._answer("counts", counts_query(asked), {"datasets": list(datasets)}, None)
            found = {} if answer["errors"] else counts_in(self._data(answer))
        except (EndpointAnswer, EndpointStatus, EndpointTimeout):
            found = {}  # it does not count, or not so many: tables are asked until their end
        self._can_count = bool(found)
        return found

    def _lose(self, table: Table, lost: frozenset[str], answer: Mapping[str, Any]) -> None:
        """Note columns that are no longer there, which are then not asked again."""
        needed = sorted(lost & (table.needed | ({table.name} & {"datasets", "runs"})))
        if needed:
            raise EndpointAnswer(
                f"the portal no longer has {', '.join(needed)} of {table.name}",
                url=self.url,
                found=_messages(answer),
                hint="Its schema has changed: look for a newer version of cetsgraph.",
            )
        self.lost[table.name] = self.lost.get(table.name, frozenset()) | lost

    def _answer(
        self, name: str, text: str, variables: Mapping[str, Any], failures: int | None
    ) -> Mapping[str, Any]:
        """An answer in GraphQL, with data or errors; pages become smaller with each failure."""

        def body(strain: int) -> object:
            limit = {} if failures is None else {"limit": max(SMALLEST_PAGE, _PAGE >> (failures + strain))}
            return {"query": text, "operationName": name, "variables": {**variables, **limit}}

        response = self.session.post(self.url, body)
        answer = read_json(response) if response.status in _GRAPHQL else {}
        answer = answer if isinstance(answer, dict) else {}
        errors = answer.get("errors")
        if response.status != 200 and not errors:
            raise status_error(response)
        return {**answer, "errors": errors if isinstance(errors, list) else [errors] if errors else []}

    def _data(self, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        data = answer.get("data")
        if not isinstance(data, dict):
            hint = "Is this the portal's GraphQL address?"
            raise EndpointAnswer("the answer has no data", url=self.url, hint=hint)
        return data

    def _error(self, answer: Mapping[str, Any]) -> EndpointAnswer:
        return EndpointAnswer(
            "the portal answers with an error",
            url=self.url,
            found=_messages(answer),
            hint="Run the command again later; if that does not help, the portal's schema has changed.",
        )

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


def _messages(answer: Mapping[str, Any]) -> str:
    """What the errors of an answer say."""
    said = answer.get("errors") or ()
    return "; ".join(str(one.get("message") if isinstance(one, dict) else one) for one in said)[:_SHOWN]
