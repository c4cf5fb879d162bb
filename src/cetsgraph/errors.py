"""Everything that cetsgraph raises on purpose.

```text
CetsGraphError                      .what .where .found .expected .hint
├─ VocabularyError
├─ DocumentError                    .path .findings .pointer .line .column
│  ├─ UnreadableFile
│  └─ ForeignDocument
├─ DataSetNotFound                  .name .suggestions
├─ SeveralDataSets                  .names
├─ EntryNotFound
├─ ObjectNotFound                   .iri
├─ InvalidIRI
├─ InvalidDeposition                .report
├─ UnknownName
│  ├─ UnknownProfile                .name .suggestions
│  └─ UnknownRule
├─ SourceError
├─ SearchIncomplete
├─ ExtraNotInstalled                .extra .package
├─ QueryError
│  ├─ UnknownQuery                  .name .suggestions
│  ├─ ParameterError                .query .parameter
│  ├─ QuerySyntaxError              .line .column
│  └─ Unbridgeable                  .terms
└─ StoreError                       .location
   ├─ StoreLocked
   ├─ StoreReadOnly
   ├─ StoreNotFound
   ├─ StoreOutdated
   └─ EndpointError                 .url
      ├─ EndpointUnreachable
      ├─ EndpointTimeout            .seconds
      ├─ EndpointStatus             .status .retry_after
      └─ EndpointAnswer
         └─ EndpointRedirect
```

A message says what is wrong, where, what was found against what was expected, and what to do. `exit_code` is
that of a command: 1 invalid data, 2 usage, 3 a store, an endpoint or the program failed; the highest wins.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict, Unpack

if TYPE_CHECKING:
    from cetsgraph.findings import Finding, ReportLike  # query processes start without them
from cetsgraph.texts import did_you_mean, listed, position, shown_path

__all__ = [
    "CetsGraphError", "VocabularyError", "DocumentError", "UnreadableFile", "ForeignDocument",
    "DataSetNotFound", "SeveralDataSets", "EntryNotFound", "ObjectNotFound", "InvalidIRI",
    "InvalidDeposition", "UnknownProfile", "UnknownRule", "UnknownName", "SourceError",
    "SearchIncomplete", "ExtraNotInstalled", "QueryError", "UnknownQuery", "ParameterError",
    "QuerySyntaxError", "Unbridgeable", "StoreError", "StoreLocked", "StoreReadOnly", "StoreNotFound",
    "StoreOutdated",
    "EndpointError", "EndpointUnreachable", "EndpointTimeout", "EndpointStatus", "EndpointAnswer",
    "EndpointRedirect", "EndpointWarning",
]  # fmt: skip

StrPath = str | os.PathLike[str]


class _Contrast(TypedDict, total=False):
    found: object
    expected: object
    hint: str | None


class CetsGraphError(Exception):
    """The root of the tree; raised itself only where no other class fits."""

    exit_code: ClassVar[int] = 3

    def __init__(
        self,
        what: str,
        *,
        where: StrPath | None = None,
        found: object = None,
        expected: object = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = None if where is None else os.fspath(where)
        self.found, self.expected, self.hint = found, expected, hint

    def __str__(self) -> str:
        sentence = self.what if self.where is None else f"{self.where}: {self.what}"
        both = (("found", self.found), ("expected", self.expected))
        contrast = [f"{label} {value}" for label, value in both if value is not None]
        if contrast:
            sentence += f" ({', '.join(contrast)})"
        return "\n".join([sentence, *self._details(), *([self.hint] if self.hint else [])])

    def _details(self) -> list[str]:
        """Lines between the sentence and the hint."""
        return []

    def __reduce__(self) -> tuple[Any, ...]:
        # Errors cross process boundaries, and BaseException would call a keyword-only constructor with args.
        return type(self).__new__, (type(self), *self.args), self.__dict__


class VocabularyError(CetsGraphError):
    """Two classes of the model declare one field differently: a mistake in the model, not in any data."""


class DocumentError(CetsGraphError):
    """A document cannot be read as any dialect, or has parts that the model cannot represent."""

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        what: str,
        *,
        path: StrPath,
        findings: Iterable[Finding] = (),
        line: int | None = None,
        column: int | None = None,
        pointer: str | None = None,
        **contrast: Unpack[_Contrast],
    ) -> None:
        self.path = shown_path(path)
        self.findings = tuple(findings)
        self.line, self.column, self.pointer = line, column, pointer
        where = position(self.path, line, column) + (f" at {pointer}" if pointer else "")
        super().__init__(what, where=where, **contrast)

    def _details(self) -> list[str]:
        return [f"  {finding}" for finding in self.findings]


class UnreadableFile(DocumentError):
    """A file cannot be read: it is not there, is no file, or the system refuses it."""

    exit_code: ClassVar[int] = 3


class ForeignDocument(DocumentError):
    """A well-formed file that holds no CETS document: passed over in a folder, an error if it is named."""


class DataSetNotFound(CetsGraphError):
    """No data set of this name or IRI is in the store."""

    exit_code: ClassVar[int] = 2

    def __init__(self, name: str, *, suggestions: Iterable[str] = (), where: StrPath | None = None) -> None:
        self.name, self.suggestions = name, tuple(suggestions)
        hint = did_you_mean(self.suggestions) or "`cetsgraph datasets` lists what is there."
        super().__init__(f"there is no data set {name!r}", where=where, hint=hint)


class SeveralDataSets(CetsGraphError):
    """One name was given, and the files are several data sets."""

    exit_code: ClassVar[int] = 2

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        hint = "Leave the name out, or import one at a time; `cetsgraph import --dry-run` lists them."
        super().__init__(
            "one name for several data sets", found=f"{len(self.names)}: {listed(self.names)}", hint=hint
        )


class EntryNotFound(CetsGraphError):
    """An archive, or a folder of what it answered, has no entry of a name."""

    exit_code: ClassVar[int] = 1

    def __init__(self, name: str, *, suggestions: Iterable[str] = (), where: StrPath | None = None) -> None:
        others = ", ".join(suggestions)
        hint = f"There are {others}." if others else "Check the number; the entry may not be released."
        super().__init__(f"there is no entry {name}", where=where, hint=hint)


class ObjectNotFound(CetsGraphError):
    """The store has no object of this IRI or name, or several of that name."""

    exit_code: ClassVar[int] = 2

    def __init__(self, what: str, *, iri: str, where: StrPath | None = None, hint: str | None = None) -> None:
        self.iri = iri
        hint = hint or "`cetsgraph datasets` lists the IRIs to start from."
        super().__init__(what, where=where, hint=hint)


class InvalidIRI(CetsGraphError):
    """A text that was given as an IRI is none (RFC 3987)."""

    exit_code: ClassVar[int] = 2


class InvalidDeposition(CetsGraphError):
    """A deposition was judged and violates at least one rule."""

    exit_code: ClassVar[int] = 1
    shown: ClassVar[int] = 10
    """How many findings the message has; the report has them all."""

    def __init__(self, what: str, *, report: ReportLike, where: StrPath, hint: str | None = None) -> None:
        self.report = report
        super().__init__(what, where=where, hint=hint)

    def _details(self) -> list[str]:
        lines = [f"  {finding}" for finding in self.report.findings]
        more = len(lines) - self.shown
        return lines if more <= 0 else [*lines[: self.shown], f"  and {more} more"]


class UnknownName(CetsGraphError):
    """There is no dialect, revision, form, program, tomogram, engine or standard of a name that was given."""

    exit_code: ClassVar[int] = 2


class UnknownProfile(UnknownName):
    """No validation profile has this name."""

    def __init__(self, name: str, *, known: Iterable[str], suggestions: Iterable[str] = ()) -> None:
        self.name, self.suggestions = name, tuple(suggestions)
        expected, hint = ", ".join(known), did_you_mean(self.suggestions)
        super().__init__(f"there is no profile {name!r}", expected=expected, hint=hint)


class UnknownRule(UnknownName):
    """No rule that can be skipped has this name."""


class SourceError(CetsGraphError):
    """The sources of a search are not described as they should be."""

    exit_code: ClassVar[int] = 2


class SearchIncomplete(CetsGraphError):
    """Not every source of a search gave all that it has."""


class ExtraNotInstalled(CetsGraphError):
    """A part of cetsgraph needs a package that is not installed; ``extra`` brings it."""

    def __init__(self, *, package: str, extra: str) -> None:
        self.package, self.extra = package, extra
        hint = f"Install it with `pip install 'cetsgraph[{extra}]'`."
        super().__init__(f"this needs the package {package}, which is not installed", hint=hint)


class QueryError(CetsGraphError):
    """A question cannot be asked as it was put."""

    exit_code: ClassVar[int] = 2


class UnknownQuery(QueryError):
    """No bundled query has this name."""

    def __init__(self, name: str, *, suggestions: Iterable[str] = (), hint: str | None = None) -> None:
        self.name, self.suggestions = name, tuple(suggestions)
        hint = hint or did_you_mean(self.suggestions) or "`cetsgraph queries` lists them all."
        super().__init__(f"there is no query {name!r}", hint=hint)


class ParameterError(QueryError):
    """A query's parameter is unknown, missing, or has a value of the wrong kind."""

    def __init__(self, what: str, *, query: str, parameter: str, **contrast: Unpack[_Contrast]) -> None:
        self.query, self.parameter = query, parameter
        super().__init__(what, where=f"query {query}, parameter {parameter}", **contrast)


class QuerySyntaxError(QueryError):
    """A query is not SPARQL 1.1. Lines and columns count from 1."""

    def __init__(
        self,
        what: str,
        *,
        line: int | None = None,
        column: int | None = None,
        where: StrPath = "query",
        hint: str | None = None,
    ) -> None:
        self.line, self.column = line, column
        super().__init__(what, where=position(os.fspath(where), line, column), hint=hint)


class Unbridgeable(QueryError):
    """A question uses terms that the vocabulary of an endpoint does not have."""

    def __init__(self, terms: Iterable[str]) -> None:
        self.terms = tuple(terms)
        super().__init__("the endpoint's vocabulary has no counterpart", found=", ".join(self.terms))


class StoreError(CetsGraphError):
    """A store failed: on disk, in memory or remote. Subclasses have a sentence and a hint of their own."""

    sentence: ClassVar[str] = "the store failed"
    advice: ClassVar[str | None] = None

    def __init__(self, what: str | None = None, *, location: StrPath, **contrast: Unpack[_Contrast]) -> None:
        self.location = os.fspath(location)
        contrast.setdefault("hint", self.advice)
        super().__init__(what or self.sentence, where=self.location, **contrast)


class StoreLocked(StoreError):
    """Another process writes to the store; there can be one writer at a time."""

    sentence = "another process is writing to this store"
    advice = "Wait until it ends, or write to another store. Reading is possible meanwhile."


class StoreReadOnly(StoreError):
    """The store was opened for reading, or its directory cannot be written to."""

    sentence = "the store can only be read"
    advice = "Open it for writing, or check the permissions of its directory."


class StoreNotFound(StoreError):
    """There is no store at the location."""

    sentence = "there is no store here"
    advice = "`cetsgraph load --store DIR FILE` makes one."


class StoreOutdated(StoreError):
    """The store has an older format, or is written in an older version of the ontology."""

    sentence = "the store is of an older version"

    def __init__(self, what: str | None = None, *, location: StrPath, **contrast: Unpack[_Contrast]) -> None:
        command = f"cetsgraph migrate --store {shlex.quote(os.fspath(location))}"
        contrast.setdefault("hint", f"`{command}` brings it up to date.")
        super().__init__(what, location=location, **contrast)


class EndpointError(StoreError):
    """A SPARQL endpoint failed, or its answer is not one."""

    sentence = "the endpoint failed"

    def __init__(self, what: str | None = None, *, url: str, **contrast: Unpack[_Contrast]) -> None:
        self.url = url
        super().__init__(what, location=url, **contrast)


class EndpointUnreachable(EndpointError):
    """No connection to the endpoint could be made."""

    sentence = "the endpoint cannot be reached"
    advice = "Check the address and that the server runs."


class EndpointTimeout(EndpointError):
    """The endpoint gave no whole answer within the deadline, in seconds."""

    advice = "Ask for less, or allow more time."

    def __init__(self, *, url: str, seconds: float, **contrast: Unpack[_Contrast]) -> None:
        self.seconds = seconds
        super().__init__(f"no whole answer within {seconds:g} s", url=url, **contrast)


class EndpointStatus(EndpointError):
    """An HTTP status other than success; ``found`` is its text, ``retry_after`` seconds to wait if said."""

    def __init__(
        self, *, url: str, status: int, retry_after: float | None = None, **contrast: Unpack[_Contrast]
    ) -> None:
        self.status, self.retry_after = status, retry_after
        super().__init__(f"the endpoint answered with HTTP status {status}", url=url, **contrast)


class EndpointAnswer(EndpointError):
    """The endpoint reported success and sent what is no answer: a page, an error, half an answer."""


class EndpointRedirect(EndpointAnswer):
    """The server of an archive sends on to another one, which is not followed."""

    sentence = "the server sends on to another one, which is not followed"
    advice = "If that address is the archive's, give it with --url."


class EndpointWarning(UserWarning):
    """An endpoint answers, but not as well as it could; the message says what to set."""
