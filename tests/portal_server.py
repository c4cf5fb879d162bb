"""The portal's GraphQL interface on loopback: recorded tables under its schema, with faults on demand."""

import gzip
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import graphql
from portal_tables import Tables

from cetsgraph.importers.archives.live import Request
from cetsgraph.importers.archives.session import Manners
from cetsgraph.importers.portal.schema import TABLES, snake

__all__ = ["HASTY", "SCHEMA", "Portal", "cut_gzip", "redirect", "reply", "request"]

SCHEMA = (Path(__file__).parent / "data/portal/schema.graphql").read_text()

HASTY = Manners(pause=0, first_wait=0.01, timeout=20, max_bytes=10**6)

Reply = Callable[[BaseHTTPRequestHandler], None]


def reply(status: int, body: str, **headers: str) -> Reply:
    """A fault: an answer with a status and a text."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        _send(
            handler, status, body.encode(), {name.replace("_", "-"): value for name, value in headers.items()}
        )

    return send


def redirect(target: str) -> Reply:
    """A fault: an answer that leads elsewhere."""
    return reply(302, "", Location=target)


def cut_gzip(handler: BaseHTTPRequestHandler) -> None:
    """A fault: a compressed answer without its end."""
    data = gzip.compress(json.dumps({"data": {"runs": [{"id": 1}] * 1000}}).encode())
    _send(handler, 200, data[: len(data) // 2], {"Content-Encoding": "gzip"})


def _send(handler: BaseHTTPRequestHandler, status: int, data: bytes, headers: Mapping[str, str]) -> None:
    handler.send_response(status)
    for name, value in {
        "Content-Type": "application/json",
        "Content-Length": str(len(data)),
        **headers,
    }.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(data)


@dataclass
class Portal:
    """The interface, over some tables.

    Args:
        tables: rows by tables, with columns in snake case.
        faults: what is answered instead, by the number of a request, from 0.
        schema: what is known of tables.
        page: the most rows of an answer.
        counts_half: whether it counts only half of the rows of each table.
    """

    tables: Tables
    faults: Mapping[int, Reply] = field(default_factory=dict)
    schema: str = SCHEMA
    page: int = 1000
    counts_half: bool = False
    files: Mapping[str, bytes] = field(default_factory=dict)
    """Files by their paths; of others it is said that they are forbidden."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    """The requests so far."""
    headers: list[Mapping[str, str]] = field(default_factory=list)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve on a free port; gives the address."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/graphql"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        portal = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet: the second would wait for the client's word

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                number = len(portal.asked)
                portal.asked.append(body)
                portal.headers.append(dict(self.headers))
                if (fault := portal.faults.get(number)) is not None:
                    fault(self)
                    return
                data = gzip.compress(json.dumps(portal.answer(body)).encode(), 1)
                _send(self, 200, data, {"Content-Encoding": "gzip"})

            def do_GET(self) -> None:
                data = portal.files.get(self.path)
                _send(self, 403 if data is None else 200, data or b"<Error/>", {})

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler

    def answer(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """What GraphQL answers to a request."""
        found = graphql.graphql_sync(
            self._built,
            body["query"],
            variable_values=body.get("variables"),
            operation_name=body.get("operationName"),
            field_resolver=self._resolve,
        )
        return found.formatted

    @property
    def _built(self) -> graphql.GraphQLSchema:
        return _built(self.schema)

    @cached_property
    def _by_data_set(self) -> dict[str, dict[int, list[dict[str, Any]]]]:
        """Rows by table and data set, in the order of their numbers."""
        owner: dict[str, dict[int, int]] = {"": {}}
        found: dict[str, dict[int, list[dict[str, Any]]]] = {}
        for table in TABLES.values():
            owner[table.name], found[table.name] = {}, {}
            for row in sorted(self.tables.get(table.name, []), key=lambda row: row["id"]):
                key = row.get(table.link) if table.link else row["id"]
                dataset = owner[table.parent].get(key) if table.parent else row["id"]
                if dataset is not None:
                    owner[table.name][row["id"]] = dataset
                    found[table.name].setdefault(dataset, []).append(row)
        return found

    def _resolve(self, source: Any, info: graphql.GraphQLResolveInfo, **given: Any) -> Any:
        if source is not None:
            return source.get(info.field_name, source.get(snake(info.field_name)))
        name = info.field_name
        rows = self._rows(name.removesuffix("Aggregate"), given.get("where") or {})
        if name.endswith("Aggregate"):
            return {"aggregate": [{"count": len(rows) >> self.counts_half}]}
        assert given["orderBy"] == [{"id": "asc"}]
        return rows[: min(self.page, given["limitOffset"]["limit"])]

    def _rows(self, table: str, where: Mapping[str, Any]) -> list[dict[str, Any]]:
        groups = self._by_data_set[table]
        wanted = list(_data_sets(where, table)) or sorted(groups)
        rows = [row for dataset in wanted for row in groups.get(dataset, [])]
        after = where.get("id", {}).get("_gt", 0)
        return sorted((row for row in rows if row["id"] > after), key=lambda row: row["id"])


@cache
def _built(schema: str) -> graphql.GraphQLSchema:
    return graphql.build_schema(schema)


def _data_sets(where: Mapping[str, Any], table: str) -> Iterator[int]:
    """The numbers of data sets that a condition names."""
    for name, condition in where.items():
        if name == "datasetId" or (name == "id" and table == "datasets"):
            yield from [condition["_eq"]] if "_eq" in condition else condition.get("_in", [])
        elif name != "id":
            yield from _data_sets(condition, "")


def request(url: str, *numbers: int, **others: Any) -> Request:
    """A request for data sets of the portal with these numbers."""
    names = tuple(f"CryoET-Data-Portal-{number}" for number in numbers)
    return Request("portal", names, url=url, **{"manners": HASTY, **others})
