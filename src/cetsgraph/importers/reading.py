"""From files to documents: of one claim, or of all files that importers know."""

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

from cetsgraph.collector import without_collector
from cetsgraph.documents import Document
from cetsgraph.errors import DocumentError, ForeignDocument, StrPath
from cetsgraph.executors import in_order
from cetsgraph.findings import Finding
from cetsgraph.importers.claim import Claim
from cetsgraph.importers.recognition import claims, guesses
from cetsgraph.importers.registry import importer_called
from cetsgraph.importers.session import ImportSession, Options
from cetsgraph.importers.spool import RegionSpool
from cetsgraph.texts import counted, shown_path

__all__ = ["Imports", "import_from", "name_of", "read", "read_each", "version"]


@dataclass(frozen=True, slots=True, repr=False)
class Imports:
    """What was imported, and why other files were not."""

    documents: tuple[Document, ...]
    failures: tuple[DocumentError, ...]
    passed_over: tuple[Path, ...]
    """Files that no importer knows."""

    def __repr__(self) -> str:
        counts = counted(len(self.documents), "data set"), counted(len(self.failures), "failure")
        return f"<Imports: {', '.join(counts)}, {len(self.passed_over)} passed over>"

    @property
    def exit_code(self) -> int:
        """The exit status of a command that imports: 0 if all was imported whole."""
        whole = all(document.representable for document in self.documents)
        return max((failure.exit_code for failure in self.failures), default=0 if whole else 1)


def import_from(
    *paths: StrPath,
    importer: str | None = None,
    name: str | None = None,
    options: Options | None = None,
    lenient: bool = False,
    executor: Executor | None = None,
) -> Imports:
    """Import what programs and archives wrote: files, and folders of them.

    >>> import_from().documents
    ()

    Args:
        paths: files and folders.
        importer: one of `IMPORTERS`, if only that one is asked; each file is recognised if not given.
        name: what the only data set is called.
        options: what no file states.
        lenient: whether files with values that are not valid are read all the same, without these values.
        executor: what reads the files, such as `cetsgraph.executors.processes()`; this process if not given.

    Raises:
        CetsGraphError: there is no such importer.
        SeveralDataSets: a name is given, and the files are several data sets.
    """
    found = claims(paths, importer=importer, options=options)
    found.check_name(name)
    named = [Path(path) for path in paths]
    failures = [*found.refused, *(_unknown(path) for path in found.others if path in named)]
    documents: list[Document] = []
    whole = partial(_whole, options, lenient)
    read_claims = map(whole, found.claims) if executor is None else in_order(executor, whole, found.claims)
    for one in chain.from_iterable(read_claims):
        if isinstance(one, DocumentError):
            failures.append(one)
        else:
            documents.append(one)
    for document in documents if name is not None else ():
        document.dataset.name = name
    others = tuple(path for path in found.others if path not in named)
    return Imports(tuple(documents), tuple(failures), others)


def _whole(options: Options | None, lenient: bool, claim: Claim) -> list[DocumentError | Document]:
    """What `read_each` gives, which needs no files any more."""
    found = read_each(claim, options, lenient=lenient)
    return [one if isinstance(one, DocumentError) else one.whole() for one in found]


def read(claim: Claim, options: Options | None = None) -> Document:
    """Read the files of a claim as one data set.

    Everything in them is in the data set or in the document's findings.

    Raises:
        DocumentError: a file cannot be read, or is not what it was recognised as.
    """
    with _spooled(_session(claim, options)) as document:
        return document.whole()


def _session(claim: Claim, options: Options | None) -> ImportSession:
    return ImportSession(claim, options or Options(), version(claim, options))


@contextmanager
def _spooled(session: ImportSession) -> Iterator[Document]:
    """What `read` gives, with regions that wait on disk until the block ends, however many there are.

    Raises:
        DocumentError: as `read` does; all files that are broken are noted in the session.
    """
    importer = importer_called(session.claim.importer)
    with without_collector():
        dataset = importer.dataset(session)
        spool = RegionSpool(importer.regions(session) if importer.regions is not None else ())
    with closing(spool):
        if session.broken:
            raise session.broken[0]
        yield replace(session.document(dataset), regions=spool)


def name_of(claim: Claim) -> str:
    """What the data set of a claim is called: as its files say, else by the claim.

    Raises:
        DocumentError: a file cannot be read.
    """
    return importer_called(claim.importer).dataset(_session(claim, None)).name or claim.name


def read_each(
    claim: Claim, options: Options | None = None, *, lenient: bool = False
) -> Iterator[DocumentError | Document]:
    """An error for each file of a claim that is broken, and the data set of the others.

    Its regions wait on disk until the next one is asked for.

    Args:
        claim: the files.
        options: what no file states.
        lenient: whether files with values that are not valid are read all the same, without these values.
    """
    while claim.files:
        session = _session(claim, options)
        try:
            with _spooled(session) as document:
                errors = [] if lenient or len(claim.files) == 1 else [*_wrong_values(claim, document)]
                if not errors:
                    yield document
                    return
        except DocumentError as error:
            errors = session.broken or [error]
        yield from errors
        if importer_called(claim.importer).whole:
            return
        paths = {error.path for error in errors}
        rest = tuple(file for file in claim.files if not paths & {shown_path(file), claim.shown(file)})
        claim = replace(claim, files=rest if rest != claim.files else ())


def _wrong_values(claim: Claim, document: Document) -> Iterator[DocumentError]:
    """For each file with values that are not valid, which these are."""
    wrong: dict[str, list[Finding]] = defaultdict(list)
    for finding in document.skipped:
        wrong[finding.file or ""].append(finding)
    for path in claim.files:
        if findings := wrong.get(claim.shown(path)):
            yield DocumentError(
                f"{counted(len(findings), 'value')} cannot be represented",
                path=path,
                line=findings[0].line,
                findings=findings,
                hint="Mend the file and import it again, or use --lenient.",
            )


def version(claim: Claim, options: Options | None = None) -> str:
    """Name and number of the importer of a claim, with options: what the same files give the same data by."""
    return f"{importer_called(claim.importer).version}{options or ''}"


def _unknown(path: Path) -> DocumentError:
    guess = next(guesses(path), None)
    if guess is None:
        hint = "`cetsgraph import --list` says what files are known by."
    else:
        name, kind = guess
        hint = f"It may be {kind}: `cetsgraph import {name} {path.name}` reads it as that."
    return ForeignDocument("no importer knows this file", path=path, hint=hint)
