"""One source is asked: until it answers, or the deadline has come, or it is clear that it will not."""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

from cetsgraph.errors import (
    CetsGraphError,
    EndpointAnswer,
    EndpointError,
    EndpointStatus,
    EndpointTimeout,
    EndpointUnreachable,
    QueryError,
    StoreError,
    Unbridgeable,
)
from cetsgraph.federation.bridge import bridged
from cetsgraph.federation.selection import Selection
from cetsgraph.federation.sources import Source
from cetsgraph.ontologies import ObjectKind
from cetsgraph.queries import Column, Query, Value
from cetsgraph.queries.object_kinds import KIND_COLUMNS, cells_of, values_by_kind
from cetsgraph.queries.terms import cell
from cetsgraph.rdf import python_value
from cetsgraph.store import LocalStore, Solutions, Store
from cetsgraph.texts import shortened

if TYPE_CHECKING:
    import httpx

__all__ = ["Answer", "Question", "State", "ask"]

Transport: TypeAlias = "httpx.BaseTransport | None"

_WORTH_ANOTHER_TRY = frozenset({429, 502, 503, 504})
_NOT_LET_IN = frozenset({401, 403, 407})
_FIRST_WAIT = 0.25  # seconds, doubled from try to try
_MOST_TRIES = 6
_CONNECT = 5.0  # seconds
_PER_HOST = 2  # questions at once
_ROUND = 100  # caps on rows are round numbers


class State(StrEnum):
    """How a source ended; each ends in exactly one state."""

    OK = "ok"
    """All its rows are there."""
    EMPTY = "empty"
    """It answered that it has none."""
    PARTIAL = "partial"
    """Some rows could be read, then one could not."""
    TRUNCATED = "truncated"
    """It gives only so many rows, and there are more."""
    TIMEOUT = "timeout"
    """No whole answer came before the deadline."""
    REFUSED = "refused"
    """No server answers at the address, or it refuses access; or a directory cannot be read."""
    HTTP_ERROR = "http-error"
    """It answered with another status than success."""
    BAD_ANSWER = "bad-answer"
    """It answered with something that is no answer to the question."""
    SKIPPED = "skipped"
    """It was not asked, since it cannot know."""


@dataclass(frozen=True, slots=True)
class Question:
    """What every source is asked: a query, and how its columns are read where they are described."""

    sparql: str
    query: Query | None = None
    values: Mapping[str, Value] | None = None
    """Values of parameters, where kinds of the object among them count, by the ontologies of each source."""
    kind: ObjectKind | None = None
    """The kind that rows are about."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """What is described of the columns of rows; nothing where no query describes them."""
        by_kind = KIND_COLUMNS if self.kind is not None or self.values is not None else ()
        return () if self.query is None else (*self.query.columns, *by_kind)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one source gave. `seconds` and `attempts` say how long it took, and in how many tries."""

    source: str
    state: State
    rows: tuple[Mapping[str, Any], ...] = ()
    seconds: float = 0.0
    attempts: int = 0
    detail: str | None = None
    columns: tuple[str, ...] = ()

    def summary(self) -> dict[str, object]:
        """How the source ended, as JSON has it."""
        return {
            "name": self.source,
            "state": str(self.state),
            "rows": len(self.rows),
            "seconds": self.seconds,
            "attempts": self.attempts,
            "detail": self.detail,
        }


_GATES = defaultdict[str, threading.Semaphore](lambda: threading.Semaphore(_PER_HOST))
"""By host, how many questions it is asked at once."""


def ask(
    source: Source,
    question: Question,
    deadline: float,
    selection: Selection | None = None,
    transport: Transport = None,
) -> Answer:
    """Ask a source until `deadline`, a time of the monotonic clock; never raises for what the source does."""
    reason = None if selection is None else _cannot_know(source, question, deadline, selection, transport)
    if reason is not None:
        return Answer(source.name, State.SKIPPED, detail=reason)
    if source.vocabulary == "cetmd":
        try:
            question = replace(question, sparql=bridged(question.sparql))
        except Unbridgeable as error:
            return Answer(source.name, State.SKIPPED, detail=str(error))
    started = time.monotonic()
    for attempts in count(1):
        found, wait = _try(source, question, deadline, transport, attempts)
        left = deadline - time.monotonic()
        if wait is None or attempts >= _MOST_TRIES or wait >= left:
            return replace(found, seconds=round(time.monotonic() - started, 3), attempts=attempts)
        time.sleep(wait)
    raise AssertionError  # counting has no end


def _cannot_know(
    source: Source, question: Question, deadline: float, selection: Selection, transport: Transport
) -> str | None:
    """Why the source holds nothing of what the question is about; None if it may."""
    if source.vocabulary != "cets":
        return None
    return selection.cannot_know(
        source, question.sparql, lambda text: _column(source, text, deadline, transport)
    )


def _try(
    source: Source, question: Question, deadline: float, transport: Transport, attempts: int
) -> tuple[Answer, float | None]:
    """What a source gives once, and how many seconds to wait before the next try; None if that is no use."""
    try:
        return _once(source, question, deadline, transport), None
    except (EndpointStatus, EndpointUnreachable) as error:
        return _failed(source, error), _wait(error, attempts)
    except CetsGraphError as error:
        return _failed(source, error), None


def _once(source: Source, question: Question, deadline: float, transport: Transport) -> Answer:
    left = deadline - time.monotonic()
    gate = _GATES[source.host]
    if left <= 0 or (source.remote and not gate.acquire(timeout=left)):
        raise EndpointTimeout(url=source.location, seconds=max(left, 0))
    try:
        with _opened(source, deadline, transport) as store:
            parts = [_part(source, part, store) for part in _parts(question, store)]
            return _together(Answer(source.name, State.EMPTY, columns=_names(question)), parts)
    finally:
        if source.remote:
            gate.release()


def _parts(question: Question, store: Store) -> Iterator[Question]:
    """The question itself, or for each kind that the source has of its object."""
    if question.query is None or question.values is None:
        yield question
        return
    for kind, values in values_by_kind(store, question.query, question.values):
        yield Question(question.query.bind(**values), question.query, kind=kind)


def _part(source: Source, question: Question, store: Store) -> Answer:
    solutions = store.select(question.sparql)
    answer = _rows(source, question, solutions)
    if source.remote and answer.state is State.OK:
        return _checked_for_more(answer, store, question, solutions)
    return answer


def _together(nothing: Answer, parts: Sequence[Answer]) -> Answer:
    """One answer with the rows of all, which ends as the first that is not whole, if one is not."""
    if len(parts) == 1:
        return parts[0]
    rows = tuple(row for part in parts for row in part.rows)
    cut = next((part for part in parts if part.state not in (State.OK, State.EMPTY)), None)
    if cut is not None:
        state = State.PARTIAL if rows and cut.state is State.BAD_ANSWER else cut.state
        return replace(cut, rows=rows, state=state)
    return replace(nothing, rows=rows, state=State.OK if rows else State.EMPTY)


def _column(source: Source, sparql: str, deadline: float, transport: Transport) -> list[str] | None:
    """The IRIs of a single column, or None where the source fails, which its own question will tell."""
    try:
        with _opened(source, deadline, transport) as store:
            return [row[0].value for row in store.select(sparql)]
    except CetsGraphError:
        return None


def _opened(source: Source, deadline: float, transport: Transport) -> Store:
    if not source.remote:
        return LocalStore.open(source.location)
    from cetsgraph.store.remote import RemoteStore

    left = max(deadline - time.monotonic(), 0.001)
    # Credentials from the environment are for one endpoint, and would go to all of them.
    # States say what warnings would.
    return RemoteStore(
        source.location,
        connect_timeout=min(_CONNECT, left),
        timeout=left,
        max_bytes=source.max_bytes,
        credentials="netrc",
        transport=transport,
        quiet=True,
        stays=source.stays,
    )


def _rows(source: Source, question: Question, solutions: Solutions) -> Answer:
    columns = _names(question) or tuple(solutions.variables)
    rows: list[Mapping[str, Any]] = []
    try:
        for solution in solutions:
            rows.append(_row(question, columns, solution))
    except (QueryError, ValueError, ArithmeticError, KeyError) as error:
        state = State.PARTIAL if rows else State.BAD_ANSWER
        return Answer(source.name, state, tuple(rows), detail=f"row {len(rows)}: {error}", columns=columns)
    state = State.OK if rows else State.EMPTY
    return Answer(source.name, state, tuple(rows), columns=columns)


def _names(question: Question) -> tuple[str, ...]:
    return tuple(column.name for column in question.columns)


def _row(question: Question, columns: tuple[str, ...], solution: Any) -> Mapping[str, Any]:
    if question.query is None:
        return {name: python_value(solution[name]) for name in columns}
    row = {column.name: cell(column.kind, solution[column.name]) for column in question.query.columns}
    return row if question.kind is None else row | cells_of(question.kind)


def _checked_for_more(answer: Answer, store: Store, question: Question, solutions: Solutions) -> Answer:
    """Whether an endpoint cut its answer: it says so, or gives the next row when asked for it."""
    count = len(answer.rows)
    said = getattr(solutions, "capped", None)
    if said:
        return _cut(answer, f"the endpoint gives {said} rows at most")
    if count % _ROUND == 0 and question.query is not None:
        try:
            more = list(store.select(f"{question.sparql}\nLIMIT 1 OFFSET {count}"))
        except CetsGraphError as error:
            return _cut(answer, f"{count} rows, a round number; asking for more failed: {error}")
        if more:
            return _cut(answer, f"the endpoint cut the answer at {count} rows without saying so")
    return answer


def _cut(answer: Answer, detail: str) -> Answer:
    return Answer(answer.source, State.TRUNCATED, answer.rows, detail=detail, columns=answer.columns)


def _failed(source: Source, error: CetsGraphError) -> Answer:
    if isinstance(error, EndpointTimeout):
        state = State.TIMEOUT
    elif isinstance(error, EndpointUnreachable):
        state = State.REFUSED
    elif isinstance(error, EndpointStatus):
        state = State.REFUSED if error.status in _NOT_LET_IN else State.HTTP_ERROR
    elif isinstance(error, EndpointAnswer | QueryError):
        state = State.BAD_ANSWER
    else:
        state = State.REFUSED if isinstance(error, StoreError) else State.BAD_ANSWER
    return Answer(source.name, state, detail=shortened(" ".join(str(error).split()), 500))


def _wait(error: EndpointError, attempts: int) -> float | None:
    """Seconds until another try, None where it is not worth one."""
    if isinstance(error, EndpointStatus):
        if error.status not in _WORTH_ANOTHER_TRY:
            return None
        asked: float | None = error.retry_after
        if asked is not None:
            return asked + random.uniform(0, 0.1)
    wait: float = _FIRST_WAIT * 2 ** (attempts - 1) * random.uniform(0.5, 1.5)
    return wait
