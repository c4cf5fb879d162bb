"""Documents, folders and stores against the rules of a profile.

report = validate("deposition.json", profile="deposition")
for finding in report.findings:
    print(finding)
report.raise_for_violations()
"""

import multiprocessing
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from cetsgraph import archive, system
from cetsgraph.documents import (
    Document,
    Readable,
    files_below,
    is_rdf,
    named,
    read_all,
    read_data,
    read_graphs,
    root_of,
)
from cetsgraph.errors import DocumentError, StrPath, shown_path
from cetsgraph.iris import DEFAULT_BASE, data_set_iri
from cetsgraph.model import DataSet
from cetsgraph.store import Store
from cetsgraph.validation.engines import load_engine
from cetsgraph.validation.judge import Judge
from cetsgraph.validation.judgement import Judgement
from cetsgraph.validation.report import LIMIT, Report, report_on
from cetsgraph.validation.rules import rule_book

__all__ = ["Validator", "validate", "validate_bytes", "validate_files", "validate_store"]


@dataclass(frozen=True, slots=True)
class Validator:
    """What documents are validated for, and how; ready in every process that it is sent to.

    Args:
        profile: one of `PROFILES`.
        engine: one of `ENGINES`; the fastest that can be loaded if none is named.
        shapes: a file of further shapes, in Turtle.
        limit: how many findings of one rule a report lists.
        iris: whether results name objects by their IRIs, as the standard report does.

    Raises:
        UnknownProfile: there is no such profile.
        CetsGraphError: the engine or the shapes cannot be loaded.
    """

    profile: str = "core"
    engine: str | None = None
    shapes: Path | None = None
    limit: int = LIMIT
    iris: bool = False

    @property
    def judge(self) -> Judge:
        """The rules, made ready once in a process."""
        return _judge(self.profile, self.engine, self.shapes, self.limit)

    def document(self, document: Document | DataSet) -> Report:
        """Validate what was read."""
        if isinstance(document, DataSet):
            document = Document(document, "cetsgraph", "DataSet", path=document.name or "data set")
        iri = _iri(document) if self.iris else None
        return self._report(document.path, self.judge.document(document, iri), document)

    def file(self, path: StrPath) -> list[Report]:
        """Validate a file: one report, or one for each data set of an RDF file.

        What cannot be read at all is a violation, too.
        """
        if is_rdf(path):
            return self._graphs(path)
        return self._read(path, lambda: read_all(path))

    def bytes(self, data: Readable, path: StrPath) -> list[Report]:
        """Validate a document that is in memory; `path` is its name in the report."""
        return self._read(path, lambda: read_all(data, path=path))

    def _graphs(self, path: StrPath) -> list[Report]:
        name = shown_path(path)
        try:
            graphs = read_graphs(path)
        except DocumentError as error:
            return [self._report(name, self.judge.unreadable(error))]
        return [
            self._report(name, self.judge.graph(graph, root_of(graph) or "", "cetsgraph", "DataSet"))
            for graph in graphs
        ]

    def _read(self, path: StrPath, read: Callable[[], list[Document]]) -> list[Report]:
        try:
            documents = read()
        except DocumentError as error:
            return [self._report(shown_path(path), self.judge.unreadable(error))]
        return [self.document(document) for document in documents]

    def data_set(self, store: Store, kept: archive.Record) -> Report:
        """Validate a data set of a store."""
        quads = list(store.quads(kept.dataset))
        return self._report(kept.dataset, self.judge.graph(quads, kept.dataset, kept.dialect, kept.form))

    def _report(self, file: str, judgement: Judgement, document: Document | None = None) -> Report:
        return report_on(
            file,
            judgement,
            profile=self.profile,
            engine=self.judge.engine.name,
            document=document,
        )


@cache
def _judge(profile: str, engine: str | None, shapes: Path | None, limit: int) -> Judge:
    book = rule_book(profile, shapes)
    return Judge(book, load_engine(book.texts, engine), limit)


def _iri(document: Document) -> str:
    try:
        return data_set_iri(DEFAULT_BASE, "local", named(document))
    except ValueError:
        return data_set_iri(DEFAULT_BASE, "local", "document")


def validate(
    data: StrPath | Document | DataSet | Mapping[str, Any],
    profile: str = "core",
    *,
    engine: str | None = None,
    shapes: Path | None = None,
) -> Report:
    """Validate one document: a file, what was read, a data set, or a JSON value.

    Args:
        data: the document.
        profile: one of `PROFILES`.
        engine: one of `ENGINES`; the fastest that can be loaded if none is named.
        shapes: a file of further shapes, in Turtle.

    Raises:
        UnknownProfile: there is no such profile.
        DocumentError: the file holds several data sets.
        CetsGraphError: the engine or the shapes cannot be loaded.
    """
    validator = Validator(profile, engine, shapes)
    if isinstance(data, Document | DataSet):
        return validator.document(data)
    if isinstance(data, Mapping):
        return validator.document(read_data(dict(data)))
    reports = validator.file(data)
    if len(reports) != 1:
        raise DocumentError(
            "the file holds several data sets", path=data, found=len(reports), hint="Use validate_files."
        )
    return reports[0]


def validate_bytes(data: Readable, path: StrPath, validator: Validator | None = None) -> Report:
    """Validate a document that is in memory, such as standard input; `path` is its name in the report."""
    (report,) = (validator or Validator()).bytes(data, path)
    return report


def validate_files(
    paths: Iterable[StrPath],
    validator: Validator | None = None,
    *,
    processes: int | None = None,
) -> Iterator[Report]:
    """Validate files and the documents below folders, over several processes, in their order.

    Memory stays flat: reports are handed over as they come.

    Args:
        paths: files and folders.
        validator: what for and how.
        processes: how many at once; as many as there are processors if not given.

    Raises:
        DocumentError: a folder holds no document.
    """
    validator = validator or Validator()
    files = [file for path in paths for file in _files(Path(path))]
    workers = min(processes or system.cpu_count(), max(1, len(files) // _FEW))
    if workers == 1:
        for file in files:
            yield from validator.file(file)
        return
    forked = sys.platform == "linux" and system.can_fork()
    context = multiprocessing.get_context("fork" if forked else "spawn")
    validator.judge  # noqa: B018  made ready once, before processes inherit it
    with ProcessPoolExecutor(workers, context) as pool:
        batches = _batches(files, size=max(1, min(_BATCH, len(files) // (workers * 4))))
        yield from _streamed(pool, validator, batches, waiting=2 * workers)


def validate_store(
    store: Store, dataset: str | None = None, validator: Validator | None = None
) -> Iterator[Report]:
    """Validate the data sets of a store, or one of them, by name or IRI; one at a time.

    Raises:
        DataSetNotFound: the store has no such data set.
    """
    validator = validator or Validator()
    kept = archive.list(store) if dataset is None else [archive.record(store, dataset)]
    for record in kept:
        yield validator.data_set(store, record)


_FEW = 4  # documents that a process of its own is worth
_BATCH = 16


def _files(path: Path) -> list[Path]:
    found = list(files_below(path))
    if not found:
        raise DocumentError("there is no document in this folder", path=path)
    return found


def _batches(files: Iterable[Path], size: int) -> Iterator[list[Path]]:
    rest = iter(files)
    while batch := list(islice(rest, size)):
        yield batch


def _validate_batch(validator: Validator, files: list[Path]) -> list[Report]:
    return [report for file in files for report in validator.file(file)]


def _streamed(
    pool: ProcessPoolExecutor, validator: Validator, batches: Iterator[list[Path]], waiting: int
) -> Iterator[Report]:
    """Results in order, with few batches under way at any time."""
    under_way: deque[Future[list[Report]]] = deque()
    try:
        for batch in batches:
            under_way.append(pool.submit(_validate_batch, validator, batch))
            if len(under_way) >= waiting:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()
    finally:
        for future in under_way:
            future.cancel()
