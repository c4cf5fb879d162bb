"""Files, folders and stores: many documents, over several processes, with flat memory.

for report in validate_files(["deposits"], Validator("deposition")):
    print(report.file, report.conforms)
"""

import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from cetsgraph import system
from cetsgraph.documents import files_below
from cetsgraph.errors import CetsGraphError, DocumentError, StrPath
from cetsgraph.validation.report import Report
from cetsgraph.validation.validator import Validator

if TYPE_CHECKING:
    from cetsgraph.store import Store

__all__ = ["validate_files", "validate_store"]

_FEW = 4  # documents that a process of its own is worth
_BATCH = 16
_WAITING = 100  # batches handed to an executor of the caller's before their reports are taken


def validate_files(
    paths: Iterable[StrPath],
    validator: Validator | None = None,
    *,
    processes: int | None = None,
    executor: Executor | None = None,
) -> Iterator[Report]:
    """Validate files and the documents below folders, over several processes, in their order.

    Memory stays flat: reports are handed over as they come.

    >>> from cetsgraph import resources
    >>> folder = resources.folder("examples")
    >>> all(report.conforms for report in validate_files([folder], processes=1))
    True

    Args:
        paths: files and folders.
        validator: what for and how.
        processes: how many at once; as many as there are processors if not given.
        executor: what runs the batches, such as that of a cluster; processes of our own if not given.

    Raises:
        DocumentError: a folder holds no document.
        CetsGraphError: a process was ended by the system.
    """
    validator = validator or Validator()
    files = [file for path in paths for file in _files(Path(path))]
    if executor is not None:
        yield from _reports(executor, validator, _batches(files, 1), _WAITING)
        return
    workers = min(processes or system.cpu_count(), max(1, len(files) // _FEW))
    if workers == 1:
        for file in files:
            yield from validator.file(file)
        return
    with _pool(workers, validator) as pool:
        batches = _batches(files, size=max(1, min(_BATCH, len(files) // (workers * 4))))
        yield from _reports(pool, validator, batches, 2 * workers)


def validate_store(
    store: "Store",
    dataset: str | None = None,
    validator: Validator | None = None,
    *,
    executor: Executor | None = None,
) -> Iterator[Report]:
    """Validate the data sets of a store, or one of them, by name or IRI; one at a time.

    >>> from cetsgraph.store import LocalStore
    >>> list(validate_store(LocalStore.memory()))
    []

    Args:
        store: the store.
        dataset: name or IRI of one data set; all if not given.
        validator: what for and how.
        executor: what runs the validation of each; this process if not given.

    Raises:
        DataSetNotFound: the store has no such data set.
    """
    from cetsgraph import archive  # which opens stores: most documents are validated without one

    validator = validator or Validator()
    kept = archive.list(store) if dataset is None else [archive.record(store, dataset)]
    for record in kept:
        graph = (list(store.quads(record.dataset)), record.dataset, record.dialect, record.form)
        if executor is None:
            yield validator.graph(*graph)
        else:
            yield executor.submit(validator.graph, *graph).result()


def _files(path: Path) -> list[Path]:
    found = list(files_below(path))
    if not found:
        raise DocumentError("there is no document in this folder", path=path)
    return found


def _batches(files: Iterable[Path], size: int) -> Iterator[list[Path]]:
    rest = iter(files)
    while batch := list(islice(rest, size)):
        yield batch


def _pool(workers: int, validator: Validator) -> Executor:
    """Processes that have the rules ready: by copy where that is safe."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    copied = sys.platform == "linux" and system.can_fork()
    if copied:
        validator.judge  # noqa: B018  made ready once, before processes inherit it
    return ProcessPoolExecutor(workers, multiprocessing.get_context("fork" if copied else "spawn"))


def _validated(validator: Validator, files: Sequence[Path]) -> list[Report]:
    return [report for file in files for report in validator.file(file)]


def _reports(
    executor: Executor, validator: Validator, batches: Iterator[list[Path]], waiting: int
) -> Iterator[Report]:
    """Reports in the order of the files, with few batches under way at any time."""
    under_way: deque[Future[list[Report]]] = deque()
    try:
        for batch in batches:
            under_way.append(executor.submit(_validated, validator, batch))
            if len(under_way) >= waiting:
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()
    except BrokenExecutor as error:
        raise CetsGraphError(
            "a process that validates was ended by the system",
            hint="Memory may have run out; take fewer --processes.",
        ) from error
    finally:
        for future in under_way:
            future.cancel()
