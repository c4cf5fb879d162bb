"""All sources at once: answers as they come; one that hangs delays no other."""

from __future__ import annotations

import os
import queue
import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from cetsgraph import queries
from cetsgraph.errors import SearchIncomplete, StrPath
from cetsgraph.federation import specimens
from cetsgraph.federation.selection import Selection
from cetsgraph.federation.source_query import Answer, Question, State, ask
from cetsgraph.federation.sources import Source, distinct, from_file
from cetsgraph.queries.object_kinds import objects_of
from cetsgraph.queries.terms import Value

if TYPE_CHECKING:
    import httpx

__all__ = ["Federation", "Found", "question_of", "search", "values_of", "with_source"]

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FINE = frozenset({State.OK, State.EMPTY, State.SKIPPED})


@dataclass(frozen=True, slots=True)
class Found:
    """All answers together: rows with their `source`, and how each source ended."""

    rows: tuple[Mapping[str, Any], ...]
    answers: tuple[Answer, ...]

    @property
    def complete(self) -> bool:
        """Whether every source gave all that it has."""
        return all(answer.state in _FINE for answer in self.answers)


class Federation:
    """Archives that are asked together.

    Args:
        sources: the archives, each with a name of its own.
        transport: what carries requests instead of the network, such as `httpx.MockTransport` in a test.

    Raises:
        SourceError: there is no source, or two have one name.
    """

    def __init__(self, sources: Iterable[Source], *, transport: httpx.BaseTransport | None = None) -> None:
        self.sources = distinct(sources)
        self._transport = transport

    @classmethod
    def from_file(cls, path: StrPath) -> Self:
        """The sources of a TOML file."""
        return cls(from_file(path))

    def ask(
        self,
        question: str | Path | queries.Query,
        parameters: Mapping[str, Value] | None = None,
        *,
        timeout: float = 30.0,
        select: bool = False,
        kinds_of: bool = False,
    ) -> Iterator[Answer]:
        """Ask every source; give the answers in the order in which they come.

        Args:
            question: the name of a question, a `.rq` file, or words to look for.
            parameters: values of its parameters.
            timeout: seconds until every source has ended, those that hang with state `timeout`.
            select: ask no source that holds nothing of what the question is about.
            kinds_of: ask for all kinds and parts of the object too, by the ontologies that each source has.

        Raises:
            ParameterError: a parameter is unknown or missing, or a value is not of its kind; or the question
                is about no object whose kinds could be followed.
            QueryError: the file cannot be read as a query.
            ExtraNotInstalled: a source is an endpoint, and the packages for that are missing.
        """
        asked = question_of(question, parameters or {}, kinds_of=kinds_of)
        if any(source.remote for source in self.sources):
            import_module("cetsgraph.store.remote")  # what is missing is missing for every source
        return self._answers(asked, timeout, Selection() if select else None)

    def search(
        self,
        question: str | Path | queries.Query,
        parameters: Mapping[str, Value] | None = None,
        *,
        timeout: float = 30.0,
        strict: bool = False,
        merge: bool = False,
        select: bool = False,
        kinds_of: bool = False,
    ) -> Found:
        """Ask every source and put the answers together; see :meth:`ask`.

        Args:
            question: as in `ask`.
            parameters: as in `ask`.
            timeout: as in `ask`.
            strict: raise unless every source gave all that it has.
            merge: say the specimen of each row, put rows of one specimen together, and equal rows into one.
            select: as in `ask`.
            kinds_of: as in `ask`.

        Raises:
            SearchIncomplete: `strict`, and a source did not.
        """
        answers = tuple(self.ask(question, parameters, timeout=timeout, select=select, kinds_of=kinds_of))
        rows = [with_source(answer.source, row) for answer in answers for row in answer.rows]
        if merge:
            rows = specimens.merged(rows, specimens.specimens(self.entries(timeout)))
        found = Found(tuple(rows), answers)
        if strict and not found.complete:
            failed = [answer for answer in answers if answer.state not in _FINE]
            raise SearchIncomplete(
                f"{len(failed)} of {len(answers)} sources did not answer in full",
                found="; ".join(f"{one.source}: {one.state}" for one in failed),
                hint="Without --strict the rows of the others are given.",
            )
        return found

    def entries(self, timeout: float = 30.0) -> list[tuple[str, Mapping[str, Any]]]:
        """The entries of archives that the data sets of all sources name: name of a source, and a row.

        Args:
            timeout: seconds until every source has ended.
        """
        answers = self._answers(Question(specimens.ENTRIES), timeout)
        return [(answer.source, row) for answer in answers for row in answer.rows]

    def _answers(
        self, question: Question, timeout: float, selection: Selection | None = None
    ) -> Iterator[Answer]:
        deadline = time.monotonic() + timeout
        arrived: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        for source in self.sources:
            # Daemons: one that hangs in a directory on a dead network drive does not keep the process alive.
            threading.Thread(
                target=lambda one=source: arrived.put(
                    ask(one, question, deadline, selection, self._transport)
                ),
                daemon=True,
            ).start()
        waiting = {source.name for source in self.sources}
        while waiting:
            try:
                answer = arrived.get(timeout=max(deadline - time.monotonic(), 0) + 0.1)
            except queue.Empty:
                break
            waiting.discard(answer.source)
            yield answer
        if selection is not None:
            selection.keep()
        for name in sorted(waiting):
            yield Answer(name, State.TIMEOUT, (), timeout, 1, f"no whole answer within {timeout:g} s")


def search(
    question: str | Path | queries.Query,
    sources: Mapping[str, StrPath] | Iterable[Source] | StrPath,
    parameters: Mapping[str, Value] | None = None,
    *,
    timeout: float = 30.0,
    strict: bool = False,
    merge: bool = False,
    select: bool = False,
    kinds_of: bool = False,
) -> Found:
    """Ask several archives one question and put the answers together; see :meth:`Federation.search`.

    >>> from cetsgraph.store import LocalStore
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     LocalStore.open(folder, "w").close()
    ...     found = search("tomograms_with_fitmap", {"mine": folder})
    >>> found.rows, found.complete
    ((), True)

    Args:
        question: the name of a question, a `.rq` file, or words to look for.
        sources: directories or URLs by the names of the archives; or sources; or a TOML file of them.
        parameters: values of the question's parameters.
        timeout: seconds until every source has ended.
        strict: raise unless every source gave all that it has.
        merge: say the specimen of each row, and make equal rows one.
        select: leave out sources that hold nothing of what the question is about.
        kinds_of: ask for all kinds and parts of the object too, by the ontologies that each source has.

    Raises:
        SourceError: there is no source, or it is not described as one.
        ParameterError: a parameter is unknown or missing, or a value is not of its kind.
        QueryError: the file cannot be read as a query.
        SearchIncomplete: `strict`, and a source did not give all that it has.
    """
    return Federation(_sources(sources)).search(
        question, parameters, timeout=timeout, strict=strict, merge=merge, select=select, kinds_of=kinds_of
    )


def _sources(sources: Mapping[str, StrPath] | Iterable[Source] | StrPath) -> Iterable[Source]:
    if isinstance(sources, str | os.PathLike):
        return from_file(sources)
    if isinstance(sources, Mapping):
        return [Source(name, os.fspath(location)) for name, location in sources.items()]
    return sources


def with_source(source: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with where it came from; a column that is called so itself becomes `row_source`.

    >>> with_source("portal", {"name": "TS_01"})
    {'source': 'portal', 'name': 'TS_01'}
    """
    own = {"row_source" if name == "source" else name: value for name, value in row.items()}
    return {"source": source, **own}


def question_of(
    question: str | Path | queries.Query, parameters: Mapping[str, Value], *, kinds_of: bool = False
) -> Question:
    """What the sources are asked: a query by name, from a file, or the search for words."""
    if isinstance(question, Path) and not parameters and not kinds_of:
        return Question(question.read_text(encoding="utf-8"))
    query = _query(question)
    words = {"word": question.split()} if isinstance(question, str) and not _is_name(question) else {}
    bound = query.bind(**words, **parameters)
    if kinds_of:
        objects_of(query, parameters)
    return Question(bound, query, parameters if kinds_of else None)


def values_of(question: str | Path, texts: Iterable[tuple[str, str]]) -> dict[str, Value]:
    """The values of parameters that are given as text, in the kinds that the question wants."""
    pairs = list(texts)
    return _query(question).values(pairs) if pairs else {}


def _query(question: str | Path | queries.Query) -> queries.Query:
    if isinstance(question, queries.Query):
        return question
    if isinstance(question, Path):
        return queries.parse(question.read_text(encoding="utf-8"), question)
    return queries.load(question if _is_name(question) else "annotations_by_text")


def _is_name(question: str) -> bool:
    """Whether the text is meant as the name of a question; anything else is words to look for."""
    return question in queries.names() or ("_" in question and _NAME.fullmatch(question) is not None)
