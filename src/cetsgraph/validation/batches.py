"""Files, folders and stores: many documents, over several processes, with flat memory.

for report in validate_files(["deposits"], Validator("deposition")):
    print(report.file, report.conforms)
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from cetsgraph import system
from cetsgraph.documents import files_below, is_rdf
from cetsgraph.documents.folders import PassedOver, given_path, is_cets_by_name, no_document
from cetsgraph.errors import CetsGraphError, DocumentError, ForeignDocument, StrPath
from cetsgraph.executors import WAITING, in_order
from cetsgraph.validation.report import Report
from cetsgraph.validation.validator import Validator

if TYPE_CHECKING:
    from cetsgraph.importers import Claim
    from cetsgraph.store import Store

__all__ = ["validate_files", "validate_store"]


class _File(NamedTuple):
    """A file, and whether it was named, or calls itself CETS: then it is to be a CETS document."""

    path: Path
    named: bool


_Judged: TypeAlias = "_File | Claim | DocumentError"
"""What gives documents: a file, or the files that an importer reads as one data set; or why none does."""

_Result = Report | Path
"""A report, or a file that is no CETS document."""

_FEW = 4  # documents that a process of its own is worth
_BATCH = 16


def validate_files(
    paths: Iterable[StrPath],
    validator: Validator | None = None,
    *,
    processes: int | None = None,
    executor: Executor | None = None,
    passed_over: PassedOver | None = None,
) -> Iterator[Report]:
    """Validate files and the documents below folders, over several processes, in their order.

    Files below a folder that importers know are validated as the data sets that they are.

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
        passed_over: called for each file of a folder that is no CETS document, and that no importer knows.

    Raises:
        DocumentError: a folder, or all of them, hold no document.
        CetsGraphError: a process was ended by the system.
    """
    validator = validator or Validator()
    tops = [given_path(path) for path in paths]
    files = [file for top in tops for file in _files(top, passed_over)]
    if executor is not None:
        results = _validated_by(executor, validator, _batches(files, 1), WAITING)
    elif (workers := min(processes or system.cpu_count(), max(1, len(files) // _FEW))) > 1:
        results = _in_processes(validator, files, workers)
    else:
        results = (result for file in files for result in _validated(validator, [file]))
    foreign = 0
    for result in results:
        if isinstance(result, Report):
            yield result
            continue
        foreign += 1
        if passed_over is not None:
            passed_over(result)
    if tops and foreign == len(files):
        raise no_document(tops[0], foreign)


def _in_processes(validator: Validator, files: list[_Judged], workers: int) -> Iterator[_Result]:
    with _pool(workers, validator) as pool:
        batches = _batches(files, size=max(1, min(_BATCH, len(files) // (workers * 4))))
        yield from _validated_by(pool, validator, batches, 2 * workers)


def _validated_by(
    executor: Executor, validator: Validator, batches: Iterator[list[_Judged]], waiting: int
) -> Iterator[_Result]:
    try:
        for results in in_order(executor, partial(_validated, validator), batches, waiting):
            yield from results
    except BrokenExecutor as error:
        raise CetsGraphError(
            "a process that validates was ended by the system",
            hint="Memory may have run out; take fewer --processes.",
        ) from error


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
    from tempfile import TemporaryDirectory

    from cetsgraph import archive  # which opens stores: most documents are validated without one

    validator = validator or Validator()
    kept = archive.list(store) if dataset is None else [archive.record(store, dataset)]
    for record in kept:
        with TemporaryDirectory() as folder:  # the text of a graph takes more memory than its objects
            path = Path(folder, "graph.nt")
            store.save_graph(record.dataset, path)
            about = record.dataset, record.dialect, record.form
            if executor is None:
                yield validator.graph(path, *about)
            else:  # which may be on another machine
                yield executor.submit(_graph_validated, validator, path.read_bytes(), *about).result()


def _graph_validated(validator: Validator, ntriples: bytes, iri: str, dialect: str, form: str) -> Report:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder, "graph.nt")
        path.write_bytes(ntriples)
        return validator.graph(path, iri, dialect, form)


def _files(path: Path, passed_over: PassedOver | None) -> list[_Judged]:
    """A file, or what is below a folder: CETS documents first, then what importers know."""
    if not path.is_dir():
        return [_File(path, named=True)]
    from cetsgraph.importers import claims  # a document that is named is validated without them

    others: list[Path] = []
    below = [*files_below(path, others.append)]
    foreign = (file for file in (*below, *others) if not (is_rdf(file) or is_cets_by_name(file)))
    known = claims(foreign, named=[path])
    claimed = known.files
    found: list[_Judged] = [_File(file, is_cets_by_name(file)) for file in below if file not in claimed]
    found += [*known.claims, *known.refused]
    if not found:
        raise no_document(path, len(others))
    if passed_over is not None:
        for file in filter(lambda file: file not in claimed, others):
            passed_over(file)
    return found


def _batches(files: Iterable[_Judged], size: int) -> Iterator[list[_Judged]]:
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


def _reports(validator: Validator, judged: _Judged) -> list[Report]:
    """The reports on what gives documents.

    Raises:
        ForeignDocument: it was not named, and holds no CETS document.
    """
    if isinstance(judged, DocumentError):
        return [validator.refused(judged)]
    if isinstance(judged, _File):
        return validator.file(judged.path, named=judged.named)
    return validator.claim(judged)


def _validated(validator: Validator, files: Sequence[_Judged]) -> list[_Result]:
    results: list[_Result] = []
    for file in files:
        try:
            results += _reports(validator, file)
        except ForeignDocument as error:
            results.append(Path(error.path))
    return results
