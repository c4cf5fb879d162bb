"""One document against the rules of a profile.

report = validate("deposition.json", profile="deposition")
for finding in report.findings:
    print(finding)
report.raise_for_violations()
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from cetsgraph.documents import (
    Document,
    Readable,
    is_rdf,
    named,
    read_all,
    read_data,
    read_graphs,
)
from cetsgraph.documents.rdf_source import document_from_graph
from cetsgraph.errors import DocumentError, ForeignDocument, StrPath, UnknownRule
from cetsgraph.iris import DEFAULT_BASE, data_set_iri
from cetsgraph.model import DataSet
from cetsgraph.texts import did_you_mean, nearest, shown_path
from cetsgraph.validation.engines import load_engine
from cetsgraph.validation.judge import Judge
from cetsgraph.validation.judgement import Judgement
from cetsgraph.validation.report import LIMIT, Report, report_on
from cetsgraph.validation.rules import PROFILES, rule_book
from cetsgraph.validation.verdicts import UNREADABLE

if TYPE_CHECKING:
    from cetsgraph.importers import Claim

__all__ = ["Validator", "validate", "validate_bytes"]


@dataclass(frozen=True, slots=True)
class Validator:
    """What documents are validated for, and how; ready in every process that it is sent to.

    Args:
        profile: one of `PROFILES`.
        engine: one of `ENGINES`; the fastest that can be loaded if none is named.
        shapes: a file of further shapes, in Turtle.
        limit: how many findings of one rule a report lists.
        iris: whether results name objects by their IRIs, as the standard report does.
        files: whether files are looked for that a document names, in its own folder and nowhere else.
        skip: rules that are not asked, and why; those of other profiles say nothing.

    Raises:
        UnknownProfile: there is no such profile.
        UnknownRule: there is no such rule to skip; `readable` cannot be.
        CetsGraphError: the engine or the shapes cannot be loaded.
    """

    profile: str = "core"
    engine: str | None = None
    shapes: Path | None = None
    limit: int = LIMIT
    iris: bool = False
    files: bool = False
    skip: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known = rule_book(PROFILES[-1]).rules.keys() - {UNREADABLE}
        for rule in self.skip.keys() - known:
            hint = did_you_mean(nearest(rule, known)) or "`cetsgraph rules` lists them all."
            raise UnknownRule(f"there is no rule {rule!r} to skip", hint=hint)

    @property
    def judge(self) -> Judge:
        """The rules, made ready once in a process."""
        return _judge(self.profile, self.engine, self.shapes, self.limit, frozenset(self.skip))

    def document(self, document: Document | DataSet, folder: Path | None = None) -> Report:
        """Validate what was read; `folder` is where the files are looked for that it names."""
        if isinstance(document, DataSet):
            document = Document(document, "cetsgraph", "DataSet", path=document.name or "data set")
        iri = _iri(document) if self.iris else None
        return self._report(document.path, self.judge.document(document, iri, folder=folder), document)

    def file(self, path: StrPath, *, named: bool = True) -> list[Report]:
        """Validate a file: one report, or one for each data set of an RDF file. What an importer knows is
        validated as what it makes of it.

        What cannot be read at all is a violation, too.

        Args:
            path: the file.
            named: whether it was named, so that it is to be a CETS document.

        Raises:
            ForeignDocument: it was not named, and holds no CETS document.
        """
        from cetsgraph.importers import read_any  # what is in memory or a store is validated without

        if is_rdf(path):
            return self._graphs(path, path, named)
        return self._read(path, lambda: read_any(path), named, Path(path).parent if self.files else None)

    def claim(self, claim: "Claim") -> list[Report]:
        """Validate the files that an importer reads as one data set; those that are broken have reports of
        their own."""
        from cetsgraph.importers import read_each

        folder = claim.folder if self.files else None
        return [
            self.refused(one) if isinstance(one, DocumentError) else self.document(one.whole(), folder)
            for one in read_each(claim, lenient=True)
        ]

    def refused(self, error: DocumentError) -> Report:
        """The report on a file that cannot be read."""
        return self._report(error.path, self.judge.unreadable(error))

    def bytes(self, data: Readable, path: StrPath) -> list[Report]:
        """Validate a document or RDF that is in memory; `path` is its name in the report."""
        if is_rdf(path):
            return self._graphs(data, path)
        return self._read(path, lambda: read_all(data, path=path))

    def _graphs(self, data: Readable, path: StrPath, named: bool = True) -> list[Report]:
        name = shown_path(path)
        try:
            graphs = read_graphs(data, path=path)
        except DocumentError as error:
            return [self._unreadable(name, error, named)]
        return [self._deposited(graph, name) for graph in graphs]

    def _deposited(self, quads: Iterable[ox.Quad], name: str) -> Report:
        """Validate a data set in RDF as it is loaded: what is derived is not asked for."""
        try:
            document = document_from_graph(quads, name, lenient=True)
        except DocumentError as error:
            return self._report(name, self.judge.refused(quads, error))
        return self._report(name, self.judge.document(document, quads=quads))

    def _read(
        self,
        path: StrPath,
        read: Callable[[], list[Document]],
        named: bool = True,
        folder: Path | None = None,
    ) -> list[Report]:
        try:
            documents = read()
        except DocumentError as error:
            return [self._unreadable(shown_path(path), error, named)]
        return [self.document(document, folder) for document in documents]

    def _unreadable(self, name: str, error: DocumentError, named: bool) -> Report:
        if isinstance(error, ForeignDocument) and not named:
            raise error
        return self._report(name, self.judge.unreadable(error))

    def graph(self, path: Path, iri: str, dialect: str, form: str) -> Report:
        """Validate a data set of a store: its graph in a file of N-Triples, its IRI, and its form."""
        return self._report(iri, self.judge.graph(path, iri, dialect, form))

    def _report(self, file: str, judgement: Judgement, document: Document | None = None) -> Report:
        return report_on(
            file,
            judgement,
            profile=self.profile,
            engine=self.judge.engine.name,
            skipped={rule: why for rule, why in self.skip.items() if rule in self.judge.book.rules},
            document=document,
        )


@cache
def _judge(
    profile: str, engine: str | None, shapes: Path | None, limit: int, skipped: frozenset[str]
) -> Judge:
    book = rule_book(profile, shapes)
    return Judge(book, partial(load_engine, name=engine), limit, skipped)


def _iri(document: Document) -> str:
    try:
        return data_set_iri(DEFAULT_BASE, "local", named(document))
    except ValueError:
        return data_set_iri(DEFAULT_BASE, "local", "document")


def validate(
    data: Readable | Document | DataSet | Mapping[str, Any],
    profile: str = "core",
    *,
    engine: str | None = None,
    shapes: Path | None = None,
    files: bool = False,
    skip: Mapping[str, str] | None = None,
) -> Report:
    """Validate one document: a file, its bytes, a binary stream, what was read, a data set, or a JSON value.

    >>> report = validate({"name": "TS_01", "regions": [{"id": "r", "tomograms": []}]}, "deposition")
    >>> report.conforms, sorted(report.counts)
    (False, ['authors', 'licence', 'region-imaged'])

    Args:
        data: the document.
        profile: one of `PROFILES`.
        engine: one of `ENGINES`; the fastest that can be loaded if none is named.
        shapes: a file of further shapes, in Turtle. They run in this process, without limits of their own.
        files: whether files are looked for that the document names, in its own folder.
        skip: rules that are not asked, and why.

    Raises:
        UnknownProfile: there is no such profile.
        UnknownRule: there is no such rule to skip.
        DocumentError: the file holds several data sets.
        CetsGraphError: the engine or the shapes cannot be loaded.
    """
    validator = Validator(profile, engine, shapes, files=files, skip=skip or {})
    if isinstance(data, Document | DataSet):
        return validator.document(data)
    if isinstance(data, Mapping):
        return validator.document(read_data(dict(data)))
    if not isinstance(data, str | PathLike):
        return validate_bytes(data, "document", validator)
    return _only(validator.file(data), data)


def validate_bytes(data: Readable, path: StrPath, validator: Validator | None = None) -> Report:
    """Validate a document that is in memory, such as standard input; `path` is its name in the report.

    >>> validate_bytes(b'{"name": "TS_01", "regions": []}', "TS_01.json").conforms
    True

    Raises:
        DocumentError: it holds several data sets.
    """
    return _only((validator or Validator()).bytes(data, path), path)


def _only(reports: Sequence[Report], path: StrPath) -> Report:
    if len(reports) != 1:
        raise DocumentError(
            "the file holds several data sets", path=path, found=len(reports), hint="Use validate_files."
        )
    return reports[0]
