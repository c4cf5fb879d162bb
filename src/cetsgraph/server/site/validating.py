"""Documents judged by the server: nothing of them is kept.

A document is judged as the command judges a file: in a folder of its own, which is the working folder for as
long. Importers follow only what is named below the folder of a file, so that they find nothing of the server.
"""

import asyncio
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, chdir
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path, PureWindowsPath
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pyoxigraph as ox
from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message

from cetsgraph.documents.content import read_content
from cetsgraph.documents.rdf_formats import RDF_SUFFIXES
from cetsgraph.errors import CetsGraphError, ExtraNotInstalled
from cetsgraph.findings import Finding
from cetsgraph.server.query_process import Output
from cetsgraph.server.site.excerpt import Line, excerpt
from cetsgraph.server.site.rendering import page
from cetsgraph.server.sparql.negotiation import HTML
from cetsgraph.server.web.incoming import body_of
from cetsgraph.store import Settings
from cetsgraph.validation import PROFILES, Report, Validator, render
from cetsgraph.validation.verdicts import UNREADABLE

__all__ = ["REPORTS", "Submitted", "alone", "submitted", "validation_page", "write_report"]

REPORTS = {
    "application/json": "json",
    "application/sarif+json": "sarif",
    "text/plain": "text",
}
"""Forms of a report for programs, by media type."""
_MOST = 16 * 2**20  # bytes of a document
_SHOWN = 50  # different findings of a rule
_FEW, _PLACES = 5, 500  # places of a finding that are shown at once, and unfolded
_TURTLE = (b"@prefix", b"prefix ", b"<http")
"""What Turtle begins with that is pasted."""
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
_ENDINGS = {
    **dict.fromkeys(("application/yaml", "application/x-yaml", "text/yaml"), ".yaml"),
    **{
        known.media_type: suffix
        for suffix in RDF_SUFFIXES
        if (known := ox.RdfFormat.from_extension(suffix[1:])) is not None
    },
}
"""Of names, by media type."""
_NO_NAME = re.compile(r'[\x00-\x1f\x7f<>:"|?*\ud800-\udfff]')
"""Characters that some system does not take in the name of a file."""
_LONGEST = 60  # characters of a name, each of which may have four bytes


class Submitted(NamedTuple):
    """A document that somebody sends."""

    name: str
    data: bytes
    profile: str


async def submitted(request: Request) -> Submitted:
    """The document of a request: a file or a text of a form, or the body as it is.

    Raises:
        HTTPException: there is none, it is too large, or there is no such profile.
    """
    body = await _body(request)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type in _FORMS:
        found = await _of_form(request, body)
    else:
        name = f"document{_ENDINGS[media_type]}" if media_type in _ENDINGS else _name("", body)
        found = Submitted(name, body, request.query_params.get("profile", PROFILES[0]))
    if not found.data.strip():
        raise HTTPException(400, "What was sent is empty: choose a file, or paste its text.")
    if found.profile not in PROFILES:
        raise HTTPException(400, f"There is no profile {found.profile!r}; there are {', '.join(PROFILES)}.")
    return found


async def _body(request: Request) -> bytes:
    try:
        return await body_of(request, _MOST + 2**16)
    except HTTPException as error:
        if error.status_code != 413:
            raise
        text = (
            f"A document that is judged here has {_MOST // 2**20} MB at most. `cetsgraph validate` on "
            "your own machine takes larger ones."
        )
        raise HTTPException(413, text, error.headers) from error


async def _of_form(request: Request, body: bytes) -> Submitted:
    async def whole() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    try:
        async with Request(request.scope, whole).form(max_files=1, max_fields=4, max_part_size=_MOST) as form:
            file, text, profile = (form.get(name) for name in ("document", "text", "profile"))
            uploaded = isinstance(file, UploadFile) and file.filename
            data = (
                await file.read() if isinstance(file, UploadFile) and uploaded else str(text or "").encode()
            )
            name = str(file.filename) if isinstance(file, UploadFile) and uploaded else ""
            return Submitted(_name(name, data), data, str(profile or PROFILES[0]))
    except (FormParserError, MultiPartException) as error:
        raise HTTPException(400, f"The form cannot be read: {error}.") from error


def _name(given: str, data: bytes) -> str:
    """The name of a file without its folders, as any system takes it; of a text, one that says whether it is
    JSON, Turtle or YAML."""
    name = _NO_NAME.sub("_", PureWindowsPath(given).name)[-_LONGEST:]
    begins = data.lstrip()[:8].lower()
    kind = "json" if begins[:1] in (b"{", b"[") else "ttl" if begins.startswith(_TURTLE) else "yaml"
    return name if name.strip(". ") else f"document.{kind}"


@asynccontextmanager
async def alone(given: Submitted) -> AsyncIterator[Path]:
    """A document as the only file of a folder, which is gone when the block ends."""
    with TemporaryDirectory(prefix="cetsgraph-", ignore_cleanup_errors=True) as folder:
        file = Path(folder, given.name)
        await asyncio.to_thread(file.write_bytes, given.data)
        yield file


def write_report(
    engine: ox.Store,
    output: Output,
    settings: Settings,
    file: Path,
    profile: str,
    media_type: str,
    address: str,
) -> None:
    """Judge a document that is `alone`; the report is in one of the `REPORTS`, or a page of the server at
    `address`.

    Where a document cannot be read, the status is 422.
    """
    try:
        with chdir(file.parent):
            reports = Validator(profile).file(file.name)
    except ExtraNotInstalled as error:
        raise HTTPException(501, "This server does not validate: a package is missing.") from error
    except CetsGraphError as error:
        raise HTTPException(422, str(error)) from error
    output.begin(media_type, 422 if any(UNREADABLE in report.counts for report in reports) else 200)
    if media_type == HTML:
        text = validation_page(settings.archive, address, profile, reports, _source(file, reports))
        output.write(text.encode())
    else:
        output.write(render(reports, REPORTS[media_type]).encode())


def _source(file: Path, reports: Iterable[Report]) -> Sequence[Line]:
    """The lines of a document that findings are about, decompressed as it was to be judged."""
    places = [one.line for report in reports for one in report.findings if one.line is not None]
    try:
        return excerpt(read_content(file).data, places) if places else []
    except CetsGraphError:
        return []  # it expands to too much, as its finding says


def validation_page(
    archive: str,
    address: str,
    profile: str = PROFILES[0],
    reports: Sequence[Report] = (),
    source: Sequence[Line] = (),
    problem: str = "",
) -> str:
    """The form, and what was found, with lines of the document, or why there is nothing to judge.

    `address` is that of the server.
    """
    return page(
        "validate",
        archive,
        "Validate a document",
        section="/validate",
        profiles=PROFILES,
        profile=profile,
        address=address,
        problem=problem,
        reports=[(report, _by_rule(report)) for report in reports],
        source=source,
        shown_lines={line.number for line in source},
        shown=_SHOWN,
        few=_FEW,
        most=_PLACES,
    )


@dataclass(frozen=True, slots=True)
class _Complaint:
    """What is wrong in one way, at some places."""

    first: Finding
    places: Sequence[Finding]


def _by_rule(report: Report) -> list[tuple[Finding, list[_Complaint]]]:
    """The findings by rule, each with the first of them, and by what they say; the worst rules first."""
    ordered = sorted(report.findings, key=lambda one: one.rule)
    ordered.sort(key=lambda one: one.severity, reverse=True)
    groups = (list(some) for _, some in groupby(ordered, key=lambda one: (one.severity, one.rule)))
    return [(some[0], _alike(some)) for some in groups]


def _alike(findings: Iterable[Finding]) -> list[_Complaint]:
    """The findings that say the same, together."""
    groups = defaultdict[tuple[str, ...], list[Finding]](list)
    for one in findings:
        groups[one.message, str(one.found), str(one.expected), str(one.hint)].append(one)
    return [_Complaint(some[0], some) for some in groups.values()]
