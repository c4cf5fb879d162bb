"""A store in a directory or in memory, on the embedded engine Oxigraph."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal

import pyoxigraph
from pyoxigraph import NamedNode

from cetsgraph.errors import StoreError, StoreReadOnly
from cetsgraph.notebook import html_table
from cetsgraph.store.answers import engine_answer, local_answer
from cetsgraph.store.base import QueryAnswer, Settings, Solutions, Store, Writing
from cetsgraph.store.directory import StoreDirectory
from cetsgraph.store.failures import translated
from cetsgraph.store.local_writing import LocalWriting
from cetsgraph.store.nesting import refuse_deep
from cetsgraph.store.prefixes import answered
from cetsgraph.system import Lock
from cetsgraph.texts import counted

__all__ = ["LocalStore"]

_DATA_SETS = "SELECT ?name ?dataset { ?dataset a cets:DataSet ; rdfs:label ?name } ORDER BY ?name"


class LocalStore(Store):
    """Made by :meth:`open` or :meth:`memory`. Threads may read it together; one writes."""

    in_process = True

    def __init__(
        self,
        engine: pyoxigraph.Store,
        settings: Settings,
        directory: StoreDirectory | None = None,
        *,
        lease: Lock | None = None,
    ) -> None:
        self.location = directory.location if directory else "memory"
        self._settings = settings
        self._engine: pyoxigraph.Store | None = engine
        self._directory = directory
        self._writable = lease is None
        self._writing: LocalWriting | None = None
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
            base: what IRIs of data sets start with; fixed when the store is created.
            archive: name of the archive; fixed when the store is created.

        Raises:
            StoreNotFound: mode `r`, and there is no store.
            StoreLocked: mode `w`, and there is another writer.
            StoreReadOnly: mode `w`, and the directory cannot be written to.
            StoreOutdated: the store has an older format or ontology version, and has to be migrated.
            StoreError: the store is damaged, newer than this version of cetsgraph, or was made with another
                base or archive; a mode other than these.
        """
        files = StoreDirectory(Path(directory))
        if mode not in ("r", "w"):
            raise StoreError("no such mode", location=files.location, found=mode, expected="'r' or 'w'")
        Settings.given(base, archive)
        with translated(files.location):
            if mode == "r":
                settings = files.record().settings
                settings.agree(files.location, base=base, archive=archive)
                engine, lease = files.open_snapshot()
                return cls(engine, settings, files, lease=lease)
            return cls._writer(files, base, archive)

    @classmethod
    def migrating(cls, directory: str | os.PathLike[str]) -> LocalStore:
        """Open a store of this or any older version for writing.

        A commit makes it one of the current version, so what needs it has to be written again before.

        Raises:
            StoreError: as :meth:`open` says of mode `w`, but for StoreOutdated.
        """
        files = StoreDirectory(Path(directory))
        with translated(files.location):
            files.record(older=True)
            return cls._writer(files, older=True)

    @classmethod
    def new(
        cls, directory: str | os.PathLike[str], *, base: str | None = None, archive: str | None = None
    ) -> LocalStore:
        """Open a store for writing that is there only once it is committed to.

        Raises:
            StoreError: there is a store already, or something else.
        """
        settings = Settings.given(base, archive)
        files = StoreDirectory(Path(directory))
        with translated(files.location):
            if files.any_record() is not None:
                hint = "Name a new folder."
                raise StoreError("there is a store already", location=files.location, hint=hint)
            return cls._writer(files, settings.base, settings.archive, published=False)

    @classmethod
    def _writer(
        cls,
        files: StoreDirectory,
        base: str | None = None,
        archive: str | None = None,
        *,
        older: bool = False,
        published: bool = True,
    ) -> LocalStore:
        files.lock()
        with ExitStack() as undo:
            undo.callback(files.unlock)
            new = files.any_record() is None
            settings = Settings.given(base, archive) if new else files.record(older=older).settings
            settings.agree(files.location, base=base, archive=archive)
            store = cls(files.open_working_copy(), settings, files)
            if new and published:
                store._publish()
            undo.pop_all()
            return store

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
        refuse_deep(sparql)
        engine = self._readable()
        with translated(self.location):
            answer = answered(
                sparql, lambda text: engine_answer(engine, text, base, default_graph, named_graphs)
            )
        return local_answer(answer, self.location)

    def quads(self, graph: str | None = None) -> Iterator[pyoxigraph.Quad]:
        """All quads of one named graph, or of all; in no order."""
        engine = self._readable()
        name = None if graph is None else NamedNode(graph)
        with translated(self.location):
            yield from engine.quads_for_pattern(None, None, None, name)

    def save_graph(self, graph: str, path: Path) -> None:
        engine = self._readable()
        with translated(self.location):
            engine.dump(path, pyoxigraph.RdfFormat.N_TRIPLES, from_graph=NamedNode(graph))

    def graphs(self) -> list[str]:
        with translated(self.location):
            return sorted(graph.value for graph in self._readable().named_graphs())

    def has_graph(self, graph: str) -> bool:
        with translated(self.location):
            return self._readable().contains_named_graph(NamedNode(graph))

    def subjects(self, graph: str, predicate: str, text: str) -> list[str]:
        wanted = NamedNode(predicate), pyoxigraph.Literal(text), NamedNode(graph)
        with translated(self.location):
            found = self._readable().quads_for_pattern(None, *wanted)
            return sorted(quad.subject.value for quad in found if isinstance(quad.subject, NamedNode))

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Change the store; see :meth:`Store.writing`.

        In a directory, all of the block happens or nothing. In memory, what the block did before it raised
        stays where it was already written: each call by itself is whole.
        """
        self._refuse_unwritable()
        if self._writing is not None:
            raise StoreError("the store is being changed already", location=self.location)
        engine = self._readable()
        with ThreadPoolExecutor(1, "cetsgraph-load") as loader:
            self._writing = writing = LocalWriting(engine, self._publish, self.location, loader)
            with ExitStack() as undo:
                undo.callback(self._end, writing)
                undo.callback(self._roll_back, writing)
                yield writing
                writing.commit()
                undo.pop_all()
                self._end(writing)

    def compact(self) -> None:
        """Rewrite what changes have scattered.

        Raises:
            StoreReadOnly: the store was opened for reading.
        """
        self._refuse_unwritable()
        with translated(self.location):
            engine = self._readable()
            engine.optimize()
            self._publish()

    def _repr_html_(self) -> str | None:
        """A table of its data sets for notebooks; None once it is closed."""
        found = None if self._engine is None else self.query(_DATA_SETS)
        if not isinstance(found, Solutions):
            return None
        rows = [[term.value for term in row] for row in found]
        return html_table(found.variables, rows, caption=counted(len(rows), "data set"))

    def close(self) -> None:
        if self._directory is not None and self._engine is not None:
            self._directory.keep_in_child(self._engine)
        self._engine = None  # the engine has no close of its own
        self._release()

    def _refuse_unwritable(self) -> None:
        if not self._writable:
            raise StoreReadOnly("the store was opened for reading", location=self.location)
        if self._directory is not None:
            self._directory.refuse_forked()

    def _readable(self) -> pyoxigraph.Store:
        if self._engine is None:
            raise StoreError("the store is closed", location=self.location)
        if self._writing is not None:
            self._writing.drain()
        return self._engine

    def _publish(self) -> None:
        """Commit; in memory there is nothing to do."""
        if self._directory is not None and self._engine is not None:
            with translated(self.location):
                self._directory.publish(self._engine, self._settings)

    def _end(self, writing: LocalWriting) -> None:
        writing.end()
        self._writing = None

    def _roll_back(self, writing: LocalWriting) -> None:
        writing.abandon()
        if self._directory is None:
            return
        self._engine = None
        try:
            self._engine = self._directory.open_working_copy()
        except (OSError, StoreError):
            self.close()  # the disk fails; what was committed is safe


def _release(directory: StoreDirectory | None, lease: Lock | None) -> None:
    if lease is not None:
        lease.release()
    elif directory is not None:
        directory.unlock()
