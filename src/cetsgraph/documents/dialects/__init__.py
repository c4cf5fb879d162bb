"""The dialects of CETS documents: which one a document is of, reading it into the model, and writing it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from cetsgraph.collector import without_collector
from cetsgraph.documents.dialects.canonical import CANONICAL, names_schema
from cetsgraph.documents.dialects.cets_data_model import CETS_DATA_MODEL
from cetsgraph.documents.dialects.mapping import (
    Dialect,
    FieldAdvice,
    ReadSession,
    WriteSession,
    spelling,
)
from cetsgraph.documents.dialects.mapping.values import EXPECTED
from cetsgraph.documents.dialects.tomobabel import TOMOBABEL
from cetsgraph.documents.document import Document, Written
from cetsgraph.documents.remainder import difference, with_remainder
from cetsgraph.documents.source import SourceText, source_from_data, without_unrepresentable
from cetsgraph.errors import CetsGraphError, DocumentError, ForeignDocument, StrPath, UnknownName
from cetsgraph.findings import Finding, Severity
from cetsgraph.model import DataSet, Entity
from cetsgraph.texts import did_you_mean, nearest

__all__ = [
    "CANONICAL_NAME",
    "DIALECTS",
    "REVISIONS",
    "class_name",
    "default_revision",
    "field_name",
    "keep_whole",
    "read_data",
    "read_source",
    "write_dataset",
]

_DIALECTS = {dialect.name: dialect for dialect in (CETS_DATA_MODEL, TOMOBABEL, CANONICAL)}  # by precedence

CANONICAL_NAME = CANONICAL.name
"""Name of the dialect that has a place for everything in the model."""

DIALECTS = (CANONICAL.name, TOMOBABEL.name, CETS_DATA_MODEL.name)
"""Names of the dialects that are read and written."""

REVISIONS = CETS_DATA_MODEL.revisions.names if CETS_DATA_MODEL.revisions is not None else ()
"""Names of the revisions of cets-data-model, the default one first."""


def read_data(data: Any, *, path: StrPath = "document", dialect: str | None = None) -> Document:
    """Read a document that was parsed elsewhere into dict, list, str, int, float, bool and None.

    >>> read_data({"name": "A", "regions": [{"id": "TS_01", "tilt_series": []}]}).dialect
    'cets-data-model'

    Raises:
        DocumentError: it holds other objects, or is of no known dialect.
        UnknownName: there is no such dialect.
    """
    return read_source(source_from_data(data, path=path), dialect)


def read_source(source: SourceText, dialect: str | None = None) -> Document:
    """Read a document that was parsed, of a dialect that is recognised if not named.

    Raises:
        DocumentError: it is of no known dialect.
        UnknownName: there is no such dialect.
    """
    with without_collector():
        return _read(source, dialect)


def write_dataset(
    document: Document | DataSet, dialect: str, *, form: str | None = None, revision: str | None = None
) -> Written:
    """Write a data set in a dialect, as a JSON value with what the dialect could not hold.

    A document that is written in its own dialect becomes what it was: a fragment stays one, and of the same
    revision. `form` names another root, `revision` another revision of the dialect.

    Raises:
        UnknownName: there is no such dialect or revision.
        CetsGraphError: the data set does not fit the form.
    """
    target = _dialect(dialect)
    dataset = document.dataset if isinstance(document, Document) else document
    own = document if isinstance(document, Document) and document.dialect == dialect else None
    form = form or (target.form if own is None else own.form)
    revision = _revision(target, revision or (None if own is None else own.revision))
    as_it_was = own is not None and (own.form, own.revision) == (form, revision)
    writing = WriteSession(target.name, dataset, own=as_it_was)
    writing.revision = None if revision == MIXED else revision
    try:
        written = target.write(writing, dataset, form)
    except RecursionError as error:
        raise CetsGraphError("the data set is nested too deeply to be written") from error
    if own is not None and as_it_was:
        written = with_remainder(written, own.remainder)
    return Written(written, tuple(writing.findings))


@cache
def class_name(dialect: str, revision: str | None, cls: type[Entity]) -> str | None:
    """What a dialect calls a class of the model; None if it has none for it.

    >>> from cetsgraph.model import TiltSeriesMicrograph
    >>> class_name("cets-data-model", "main", TiltSeriesMicrograph)
    'TiltImage'
    """
    known = _dialect(dialect)
    return cls.__name__ if known is CANONICAL else spelling.class_name(known, revision, cls)


@cache
def field_name(dialect: str, revision: str | None, cls: type[Entity], field: str) -> str | None:
    """What a dialect calls a field of a class of the model, or of one below it; None if it has none for it.

    >>> from cetsgraph.model import ImagingParameters
    >>> field_name("tomobabel", None, ImagingParameters, "spherical_aberration")
    'nominal_cs'
    """
    known = _dialect(dialect)
    return field if known is CANONICAL else spelling.field_name(known, revision, cls, field)


def default_revision(dialect: str) -> str | None:
    """The revision of a dialect that is written where none is named; None if it has none."""
    revisions = _dialect(dialect).revisions if dialect in _DIALECTS else None
    return None if revisions is None else revisions.names[0]


MIXED = "mixed"
"""Of a document that has fields of several revisions: all that the dialect ever had."""


def _revision(target: Dialect, name: str | None) -> str | None:
    if target.revisions is None:
        if name is not None:
            raise UnknownName(f"{target.name} has no revisions", found=name)
        return None
    known = (*target.revisions.names, MIXED)
    if name is not None and name not in known:
        raise UnknownName(
            f"{target.name} has no revision {name!r}",
            expected=", ".join(known),
            hint=did_you_mean(nearest(name, known)),
        )
    return name or known[0]


def keep_whole(document: Document) -> Document:
    """The document with all that could not be represented kept, so that its own dialect gives it back.

    >>> document = read_data({"regions": [{"id": "r", "tilt_series": [], "weather": "fine"}]})
    >>> write_dataset(keep_whole(document), document.dialect).data["regions"]
    [{'id': 'r', 'weather': 'fine'}]
    """
    if document.source is None:
        return document
    written = write_dataset(replace(document, remainder={}), document.dialect)
    return replace(document, remainder=difference(written.data, document.source.data))


def _read(source: SourceText, name: str | None) -> Document:
    data, unwritable = without_unrepresentable(source)
    reading = ReadSession(unwritable)
    dialect, form = _recognise(reading, data, source.path, None if name is None else _dialect(name))
    dataset = reading.resolve(dialect.read(reading, data, form))
    revision = None
    if dialect.revisions is not None:
        revision = dialect.revisions.of(reading) or MIXED
        reading.settle(dialect.revisions.by_name.get(revision))
    if reading.unknown:
        reading.advise(FieldAdvice(dialect, _DIALECTS.values(), revision).about)
    return Document(
        dataset=dataset,
        dialect=dialect.name,
        form=form,
        findings=_with_lines(source, reading.findings),
        path=source.path,
        checksum=source.checksum,
        revision=revision,
        remainder=reading.remainder,
        source=source,
    )


def _recognise(reading: ReadSession, data: Any, path: str, asked: Dialect | None) -> tuple[Dialect, str]:
    candidates = list(_DIALECTS.values()) if asked is None else [asked]
    if asked is None and names_schema(data):
        candidates = [CANONICAL]
    fits = [(dialect, form) for dialect in candidates if (form := dialect.recognise(data)) is not None]
    if not fits:
        guesses = [(one, one.guess(data)) for one in candidates if one.guess is not None]
        fits = [(one, form) for one, form in guesses if form is not None]
    if not fits:
        raise _unknown_root(data, path, candidates)
    if len(fits) > 1:
        fits = _most_alike(data, fits)
    if len(fits) > 1:
        others = " or ".join(dialect.name for dialect, _ in fits[1:])
        reading.report(
            "hierarchy-root",
            "",
            f"this could also be a document of {others}; it is read as {fits[0][0].name}",
            severity=Severity.INFO,
            hint="If it is, `cetsgraph convert --from DIALECT --to DIALECT` reads it as what it is.",
        )
    return fits[0]


def _most_alike(data: Any, fits: Sequence[tuple[Dialect, str]]) -> list[tuple[Dialect, str]]:
    """Those that know the most fields of the document."""
    known = [0 if dialect.root is None else dialect.root().likeness(data) for dialect, _ in fits]
    return [fit for fit, number in zip(fits, known, strict=True) if number == max(known)]


_ROOTS = (
    "regions",
    "tomo_imaging",
    "tomo_image_sets",
    "movie_stacks",
    "micrographs",
    "tilt_series",
    "tomograms",
    "raw_movies",
    "movie_stack_collection",
)


def _unknown_root(data: Any, path: str, candidates: Sequence[Dialect]) -> DocumentError:
    hint = None
    if isinstance(data, dict):
        alike = [name for key in data for name in nearest(str(key), _ROOTS, count=1) if name != key]
        hint = did_you_mean(alike[:1])
        fields = ", ".join(map(repr, list(data)[:5]))
        found = f"an object with {fields}" if fields else "an empty object"
    elif isinstance(data, list) and type(data) is not list:
        found = "several documents"
        hint = "One file holds one, or several of one entity each: tilt series, tomograms, alignments."
    else:
        found = "a list" if isinstance(data, list) else "null" if data is None else repr(data)[:60]
    if _is_json_ld(data):
        hint = "It looks like JSON-LD: such files are named .jsonld."
    finding = Finding(
        "hierarchy-root",
        Severity.VIOLATION,
        "",
        "this is not a CETS document",
        found=found,
        expected="a data set (regions), or a region, movie stack set, tilt series or tomogram of one",
        hint=hint,
    )
    return ForeignDocument(
        "the file holds several documents"
        if found == "several documents"
        else f"this is not a CETS document of dialect {' or '.join(dialect.name for dialect in candidates)}",
        path=path,
        line=getattr(data, "line", None),
        column=getattr(data, "column", None),
        findings=[finding],
        found=found,
        expected=f"a field such as {', '.join(_ROOTS[:4])}",
        hint=hint,
    )


def _is_json_ld(data: Any) -> bool:
    """Whether an object, or the first of a list, has a field of JSON-LD, such as `@id`."""
    node = data[0] if isinstance(data, list) and data else data
    return isinstance(node, dict) and any(str(key).startswith("@") for key in node)


def _with_lines(source: SourceText, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    lines = source.lines({finding.pointer for finding in findings})
    return tuple(
        replace(finding, line=lines.get(finding.pointer), found=_as_written(source, finding, lines))
        for finding in findings
    )


def _as_written(source: SourceText, finding: Finding, lines: Mapping[str, int]) -> Any:
    """What was found, as the text has it: YAML takes 0012 and 1e3 for numbers where text is meant."""
    line = lines.get(finding.pointer)
    if source.syntax != "yaml" or finding.expected != EXPECTED["string_type"] or line is None:
        return finding.found
    written = _SCALAR.search(source.text.splitlines()[line - 1])
    return finding.found if written is None else written[1]


_SCALAR = re.compile(r"(?::|-)\s+([^\s#,\]}]+)\s*(?:#.*)?$")


def _dialect(name: str) -> Dialect:
    if name not in _DIALECTS:
        raise UnknownName(
            f"there is no dialect {name!r}",
            expected=", ".join(DIALECTS),
            hint=did_you_mean(nearest(name, DIALECTS)),
        )
    return _DIALECTS[name]
