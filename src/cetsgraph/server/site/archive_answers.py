"""Answers of this archive and of others that the operator names, as they come, within seconds."""

import asyncio
import json
import math
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from starlette.concurrency import iterate_in_threadpool
from starlette.exceptions import HTTPException

from cetsgraph.errors import CetsGraphError, SourceError
from cetsgraph.federation import Answer, Federation, Source, State
from cetsgraph.federation.specimens import ENTRIES, specimens
from cetsgraph.queries import Value
from cetsgraph.server.site.asked import Asked
from cetsgraph.server.site.computation import compute
from cetsgraph.server.site.questions import write_answer
from cetsgraph.server.web.endpoint import Endpoint
from cetsgraph.store import Store

__all__ = ["HERE", "ArchiveAnswers", "federation_of"]

HERE = "here"
"""The name of this archive among the others."""
_SECONDS = 10.0  # until every archive has answered
_AT_ONCE = 4  # questions to the others, of a worker
_KEPT, _KEPT_SECONDS, _KEPT_ROWS = 64, 60.0, 10_000  # answers that are given again
_MAX_BYTES = 32 * 2**20  # of the answer of an archive
_JSON = "application/json"


def federation_of(path: Path) -> Federation:
    """The archives of a file, each an endpoint; none of them can send the server on to another address.

    Raises:
        SourceError: the file is none of sources, or names a directory.
        ExtraNotInstalled: what asking endpoints needs is missing.
    """
    federation = Federation.from_file(path)
    for source in federation.sources:
        if not source.remote or source.name == HERE:
            raise SourceError(
                f"the source {source.name} cannot be asked by a server",
                where=path,
                found=source.location,
                expected="the URL of an endpoint, by a name that is not “here”",
                hint="A server asks its own store as “here”; give another directory a server of its own.",
            )
    import_module("cetsgraph.store.remote")
    return Federation(replace(one, stays=True, max_bytes=_MAX_BYTES) for one in federation.sources)


@dataclass(slots=True)
class ArchiveAnswers:
    """Asks all archives of a server."""

    endpoint: Endpoint
    _gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    _kept: OrderedDict[str, tuple[float, list[Answer]]] = field(default_factory=OrderedDict)
    """Answers of the others, with the time that they came at, by what was asked."""
    _entries: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    """The entries that data sets of the others name."""
    _asked_at: float = -math.inf
    """When these were asked for."""

    @property
    def sources(self) -> Sequence[Source]:
        """The others."""
        federation = self.endpoint.federation
        return () if federation is None else federation.sources

    @property
    def seconds(self) -> float:
        """Until every archive has answered, or is left out."""
        return min(_SECONDS, self.endpoint.pool.limits.seconds)

    async def of(self, asked: Asked, values: Mapping[str, Value]) -> AsyncIterator[Answer]:
        """Of all archives, in the order in which they come."""
        arrived: asyncio.Queue[Answer] = asyncio.Queue()
        async with asyncio.TaskGroup() as asking:
            asking.create_task(self._ask_here(asked, arrived))
            if self.sources:
                asking.create_task(self._ask_others(asked, values, arrived))
            for _ in range(len(self.sources) + 1):
                yield await arrived.get()

    async def specimens(self) -> dict[str, str]:
        """For each data set of all archives, by its IRI, the specimen that it is about."""
        endpoint, snapshot = self.endpoint, self.endpoint.snapshots.newest()
        answer = await endpoint.pool.page(snapshot, compute, snapshot.settings, _JSON, _entries, ())
        own = [(HERE, row) for row in json.loads(b"".join(answer.pieces()))]
        return specimens([*own, *await self._entries_of_others()])

    async def _entries_of_others(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Ask them, unless they have just been asked."""
        federation = self.endpoint.federation
        if federation is None:
            return []
        if time.monotonic() - self._asked_at > _KEPT_SECONDS:
            async with self._gate:
                self._entries = await asyncio.to_thread(federation.entries, self.seconds)
            self._asked_at = time.monotonic()
        return self._entries

    async def _ask_here(self, asked: Asked, arrived: asyncio.Queue[Answer]) -> None:
        started, endpoint = time.monotonic(), self.endpoint
        snapshot, columns = endpoint.snapshots.newest(), tuple(one.name for one in asked.question.columns)
        given = [(name, text) for name, texts in asked.texts.items() for text in texts]
        given += [("kinds_of", str(int(asked.kinds_of)))]
        task = (snapshot.settings, asked.question.name, given, _JSON)
        try:
            async with asyncio.timeout(self.seconds):
                answer = await endpoint.pool.answer(snapshot, write_answer, *task)
            rows = tuple(json.loads(b"".join(answer.pieces())))
            state, detail = State.OK if rows else State.EMPTY, None
        except TimeoutError:
            rows, state, detail = (), State.TIMEOUT, f"no answer within {self.seconds:g} s"
        except HTTPException as error:
            rows, state, detail = (), State.HTTP_ERROR, error.detail
        except CetsGraphError as error:
            rows, state, detail = (), State.HTTP_ERROR, error.what
        seconds = round(time.monotonic() - started, 3)
        arrived.put_nowait(Answer(HERE, state, rows, seconds, 1, detail, columns))

    async def _ask_others(
        self, asked: Asked, values: Mapping[str, Value], arrived: asyncio.Queue[Answer]
    ) -> None:
        """Ask them, unless they have just been asked the same; those who wait have less time."""
        key, federation, began = asked.address(), self.endpoint.federation, time.monotonic()
        assert federation is not None
        when, kept = self._kept.get(key, (0.0, []))
        if time.monotonic() - when < _KEPT_SECONDS and kept:
            for answer in kept:
                arrived.put_nowait(answer)
            return
        kept = []
        async with self._gate:
            left = max(self.seconds - (time.monotonic() - began), 0.0)
            found = federation.ask(asked.question, values, timeout=left, kinds_of=asked.kinds_of)
            async for answer in iterate_in_threadpool(found):
                kept.append(answer)
                arrived.put_nowait(answer)
        if left < self.seconds / 2 or sum(len(answer.rows) for answer in kept) > _KEPT_ROWS:
            return
        self._kept[key] = (time.monotonic(), kept)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)


def _entries(store: Store) -> str:
    rows = store.select(ENTRIES)
    return json.dumps([{name: row[name].value for name in rows.variables if row[name]} for row in rows])
