"""A store in a directory or in memory, on the embedded engine Oxigraph."""

from __future__ import annotations

import os
import re
import weakref
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, Literal

import pyoxigraph
from pyoxigraph import NamedNode, RdfFormat

from cetsgraph.errors import QueryError, QuerySyntaxError, StoreError, StoreReadOnly
from cetsgraph.store.base import QueryAnswer, Settings, Solutions, Store, Triples, Writing
from cetsgraph.store.directory import StoreDirectory, translated
from cetsgraph.store.sparql import fetching_keyword, names_dataset
from cetsgraph.texts import shortened

__all__ = ["LocalStore", "query_errors"]

# Some 100,000 quads. Against one bulk load of everything, pieces of 100,000 load at 1.15 of the rate, of
# 20,000 at 0.74; yet a smaller piece is better than an engine that has nothing to do.
_PIECE = 16 * 2**20
_PIECE_FOR_IDLE_ENGINE = 2 * 2**20
# Below some 5,000 quads a transaction is faster than the engine's bulk load, which writes files of its own.
_SMALL = 2**20
# Quads per update, so that the text of one stays small.
_UPDATE = 10_000

_LONGEST = 200  # characters of an error: the engine lists all that could have followed
_ERROR_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


class LocalStore(Store):
    """Made by :meth:`open` or :meth:`memory`. Threads may read it together; one writes."""

    def __init__(
        self,
        engine: pyoxigraph.Store,
        settings: Settings,
        directory: StoreDirectory | None = None,
        *,
        lease: int | None = None,
    ) -> None:
        self.location = directory.location if directory else "memory"
        self._settings = settings
        self._engine: pyoxigraph.Store | None = engine
        self._directory = directory
        self._writable = lease is None
        self._writing: _LocalWriting | None = None
        self._release = weakref.finalize(self, _release, directory, lease)

    @classmethod
    def open(
        cls,
        directory: str | os.PathLike[str],
        mode: Literal["r", "w"] = "r",
        *,
        base: str | None = None,
        archive: str | None = None,
    ) -> LocalStore:
        """Open the store in a directory.

        Args:
            directory: where it is; made by mode `w` where there is none.
            mode: `r` sees the newest committed state, and keeps seeing it. `w` is the only writer.
            base: what IRIs of data sets start with; kept from the making of the store on.
            archive: name of the archive; kept likewise.

        Raises:
            StoreNotFound: mode `r`, and there is no store.
            StoreLocked: mode `w`, and there is another writer.
            StoreReadOnly: mode `w`, and the directory cannot be written to.
            StoreOutdated: the store has an older format or ontology version, and has to be migrated.
            StoreError: the store is damaged, newer than this version of cetsgraph, or was made with another
                base or archive.
        """
        files = StoreDirectory(Path(directory))
        with translated(files.location):
            if mode == "r":
                settings = files.record().settings
                settings.agree(files.location, base=base, archive=archive)
                engine, lease = files.open_snapshot()
                return cls(engine, settings, files, lease=lease)
            return cls._writer(files, base, archive)

    @classmethod
    def migrating(cls, directory: str | os.PathLike[str]) -> LocalStore:
        """Open a store, of whatever older version, for writing.

        A commit makes it one of the current version, so what needs it has to be written again before.

        Raises:
            StoreError: as :meth:`open` says of mode `w`, but for StoreOutdated.
        """
        files = StoreDirectory(Path(directory))
        with translated(files.location):
            files.record(older=True)
            return cls._writer(files, older=True)

    @classmethod
    def _writer(
        cls,
        files: StoreDirectory,
        base: str | None = None,
        archive: str | None = None,
        *,
        older: bool = False,
    ) -> LocalStore:
        files.lock()
        try:
            if files.any_record() is None:
                settings, engine = Settings.given(base, archive), files.open_working_copy()
                files.create(engine, settings)
                return cls(engine, settings, files)
            settings = files.record(older=older).settings
            settings.agree(files.location, base=base, archive=archive)
            return cls(files.open_working_copy(), settings, files)
        except BaseException:
            files.unlock()
            raise

    @classmethod
    def memory(cls, *, base: str | None = None, archive: str | None = None) -> LocalStore:
        """Make an empty store that is gone when it is closed."""
        return cls(pyoxigraph.Store(), Settings.given(base, archive))

    @property
    def settings(self) -> Settings:
        return self._settings

    def query(
        self,
        sparql: str,
        *,
        default_graph: Sequence[str] | None = None,
        named_graphs: Sequence[str] | None = None,
        base: str | None = None,
    ) -> QueryAnswer:
        """Answer a query; see :meth:`Store.query`. `base` is what its relative IRIs are resolved against."""
        _refuse_fetching(sparql)
        engine = self._readable()
        with translated(self.location), query_errors():
            if default_graph is None and named_graphs is None:
                # The engine's union overrides FROM.
                union = not names_dataset(sparql)
                answer = engine.query(sparql, base_iri=base, use_default_graph_as_union=union)
            else:
                answer = engine.query(
                    sparql,
                    base_iri=base,
                    default_graph=[NamedNode(graph) for graph in default_graph or ()],
                    named_graphs=[NamedNode(graph) for graph in named_graphs or ()],
                )
        if isinstance(answer, pyoxigraph.QuerySolutions):
            return _LocalSolutions(answer, self.location)
        if isinstance(answer, pyoxigraph.QueryTriples):
            return _LocalTriples(answer, self.location)
        return bool(answer)

    def quads(self, graph: str | None = None) -> Iterator[pyoxigraph.Quad]:
        engine = self._readable()
        name = None if graph is None else NamedNode(graph)
        with translated(self.location):
            yield from engine.quads_for_pattern(None, None, None, name)

    def graphs(self) -> list[str]:
        with translated(self.location):
            return sorted(graph.value for graph in self._readable().named_graphs())

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Change the store; see :meth:`Store.writing`.

        In a directory, all of the block happens or nothing. In memory, what the block did before it raised
        stays where it was already written: each call by itself is whole.
        """
        if not self._writable:
            raise StoreReadOnly("the store was opened for reading", location=self.location)
        if self._writing is not None:
            raise StoreError("the store is being changed already", location=self.location)
        engine = self._readable()
        with ThreadPoolExecutor(1, "cetsgraph-load") as loader:
            self._writing = _LocalWriting(engine, self._directory, self.location, loader)
            try:
                yield self._writing
                self._writing.commit()
            except BaseException:
                self._writing.abandon()
                self._roll_back()
                raise
            finally:
                self._writing.end()
                self._writing = None

    def compact(self) -> None:
        """Rewrite what changes have scattered.

        Raises:
            StoreReadOnly: the store was opened for reading.
        """
        if not self._writable:
            raise StoreReadOnly("the store was opened for reading", location=self.location)
        with translated(self.location):
            engine = self._readable()
            engine.optimize()
            if self._directory is not None:
                self._directory.publish(engine)

    def close(self) -> None:
        self._engine = None  # the engine has no close of its own
        self._release()

    def _readable(self) -> pyoxigraph.Store:
        if self._engine is None:
            raise StoreError("the store is closed", location=self.location)
        if self._writing is not None:
            self._writing.drain()
        return self._engine

    def _roll_back(self) -> None:
        if self._directory is None:
            return
        self._engine = None
        try:
            self._engine = self._directory.open_working_copy()
        except OSError:
            self.close()  # the disk fails; what was committed is safe


def _release(directory: StoreDirectory | None, lease: int | None) -> None:
    if lease is not None:
        os.close(lease)
    elif directory is not None:
        directory.unlock()


class _LocalWriting(Writing):
    """Collects additions and hands them to the engine in pieces, while the caller makes the next one."""

    def __init__(
        self,
        engine: pyoxigraph.Store,
        directory: StoreDirectory | None,
        location: str,
        loader: ThreadPoolExecutor,
    ) -> None:
        self._engine = engine
        self._directory = directory
        self._location = location
        self._loader = loader
        self._collected: list[bytes] = []
        self._size = 0
        self._loading: Future[None] | None = None
        self._uncommitted = False
        self._ended = False

    def add(self, nquads: bytes) -> None:
        self._refuse_if_ended()
        self._collected.append(nquads if nquads.endswith(b"\n") else nquads + b"\n")
        self._size += len(nquads)
        if self._size >= (_PIECE_FOR_IDLE_ENGINE if self._idle else _PIECE):
            self._hand_over()

    def discard(self, quads: Iterable[pyoxigraph.Quad]) -> None:
        statements = (f"GRAPH {quad.graph_name} {{ {quad.triple} }}" for quad in quads)
        self._delete(statements)

    def replace(self, graph: str, nquads: bytes) -> None:
        self.drain()
        name = NamedNode(graph)
        with translated(self._location):
            # Through an engine, so that both sides have the same lexical forms.
            wanted = pyoxigraph.Store()
            _load(wanted, nquads)
            stray = [str(other) for other in wanted.named_graphs() if other != name]
            if stray or any(wanted.quads_for_pattern(None, None, None, pyoxigraph.DefaultGraph())):
                raise ValueError(f"expected quads of {name} only, found some of {stray or 'no graph'}")
            old, new = _lines(self._engine, name), _lines(wanted, name)
        if not new:
            self.remove(graph)
            return
        self._delete(f"GRAPH {name} {{ {line.decode()} }}" for line in old - new)
        self.add(b"".join(line[:-1] + f"{name} .\n".encode() for line in new - old))

    def remove(self, graph: str) -> None:
        self.drain()
        with translated(self._location):
            name = NamedNode(graph)
            if self._engine.contains_named_graph(name):
                self._engine.remove_graph(name)
                self._uncommitted = True

    def update(self, sparql: str, *, base: str | None = None) -> None:
        _refuse_fetching(sparql)
        self.drain()
        with translated(self._location), query_errors():
            self._engine.update(sparql, base_iri=base)
            self._uncommitted = True

    def commit(self) -> None:
        self.drain()
        if self._uncommitted and self._directory is not None:
            with translated(self._location):
                self._directory.publish(self._engine)
        self._uncommitted = False

    def drain(self) -> None:
        """Have the engine hold all that was added."""
        self._refuse_if_ended()
        if self._collected:
            self._hand_over()
        self._wait()

    def abandon(self) -> None:
        """Forget what was not handed over, and wait for what was."""
        self._collected.clear()
        if self._loading is not None:
            self._loading.exception()

    def end(self) -> None:
        """Do nothing from now on, since it would be lost, and let go of the engine."""
        self._ended = True
        del self._engine

    @property
    def _idle(self) -> bool:
        return self._loading is None or self._loading.done()

    def _refuse_if_ended(self) -> None:
        if self._ended:
            raise StoreError("this change has ended", location=self._location)

    def _delete(self, statements: Iterable[str]) -> None:
        self.drain()
        remaining = iter(statements)
        with translated(self._location):
            while piece := list(islice(remaining, _UPDATE)):
                self._engine.update(f"DELETE DATA {{ {' '.join(piece)} }}")
                self._uncommitted = True

    def _hand_over(self) -> None:
        self._wait()
        piece = b"".join(self._collected)
        self._collected.clear()
        self._size = 0
        self._uncommitted = True
        self._loading = self._loader.submit(_load, self._engine, piece)

    def _wait(self) -> None:
        if self._loading is not None:
            loading, self._loading = self._loading, None
            with translated(self._location):
                loading.result()


def _load(engine: pyoxigraph.Store, nquads: bytes) -> None:
    load = engine.bulk_load if len(nquads) > _SMALL else engine.load
    try:
        load(nquads, RdfFormat.N_QUADS)
    except SyntaxError as error:
        raise ValueError(f"not N-Quads: {error.msg}") from error


def _lines(engine: pyoxigraph.Store, graph: NamedNode) -> set[bytes]:
    """The triples of a graph as lines of N-Triples, each ending in a full stop."""
    dump = engine.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b""
    return set(dump.split(b"\n")) - {b""}


def _refuse_fetching(sparql: str) -> None:
    keyword = fetching_keyword(sparql)
    if keyword is not None:
        raise QueryError(
            f"{keyword} is not available here: this store opens no connections",
            hint="Ask each endpoint by itself.",
        )


@contextmanager
def query_errors() -> Iterator[None]:
    """Say what the engine has against a query as a QueryError."""
    try:
        yield
    except SyntaxError as error:
        place = _ERROR_PLACE.fullmatch(str(error))
        line, column, what = (int(place[1]), int(place[2]), place[3]) if place else (None, None, str(error))
        raise QuerySyntaxError(shortened(what, _LONGEST), line=line, column=column) from error
    except UnicodeError as error:
        raise QuerySyntaxError(f"the text is not Unicode: {error}") from error
    except ValueError as error:
        raise QueryError(f"a graph has no valid IRI: {error}") from error


class _LocalSolutions(Solutions):
    def __init__(self, answer: pyoxigraph.QuerySolutions, location: str) -> None:
        self.variables = tuple(variable.value for variable in answer.variables)
        self._answer = answer
        self._location = location

    def __iter__(self) -> Iterator[pyoxigraph.QuerySolution]:
        with translated(self._location):
            yield from self._answer

    def serialize(self, format: pyoxigraph.QueryResultsFormat) -> bytes:
        with translated(self._location):
            return self._answer.serialize(format=format) or b""

    def write(self, output: IO[bytes], format: pyoxigraph.QueryResultsFormat) -> None:
        with translated(self._location):
            self._answer.serialize(output, format)


class _LocalTriples(Triples):
    def __init__(self, answer: pyoxigraph.QueryTriples, location: str) -> None:
        self._answer = answer
        self._location = location

    def __iter__(self) -> Iterator[pyoxigraph.Triple]:
        with translated(self._location):
            yield from self._answer
