"""One question to this archive and to others that the operator names: each answer is sent when it comes."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp

from cetsgraph import queries
from cetsgraph.errors import QueryError, UnknownQuery
from cetsgraph.federation import Answer, Source, State, with_source
from cetsgraph.federation.federation import question_of
from cetsgraph.federation.specimens import merged
from cetsgraph.iris import DEFAULT_BASE, is_web_address
from cetsgraph.queries import Column, ValueKind
from cetsgraph.queries.writing import written
from cetsgraph.server.site.archive_answers import ArchiveAnswers
from cetsgraph.server.site.asked import Asked
from cetsgraph.server.site.linked_data import address_of
from cetsgraph.server.site.questions import all_questions
from cetsgraph.server.site.rendering import HEADERS, page, part
from cetsgraph.server.site.tables import PageTable, Shown, head_of, value_cell
from cetsgraph.server.sparql.negotiation import HTML
from cetsgraph.server.web.endpoint import Endpoint
from cetsgraph.server.web.responses import Streamed, compressed, media_type_of
from cetsgraph.store import Settings

__all__ = ["Archives"]

_SHOWN, _MERGED = 50, 500  # rows of an archive on a page, and of all together
_OWN = ("question", "merge")
"""Parameters of this page, not of questions."""
_OF_ARCHIVES = (
    Column("specimen", ValueKind.TEXT, None, "Entry of an archive that names the specimen."),
    Column("source", ValueKind.TEXT, None, "Archives that give the row."),
)
"""Columns of rows that are merged."""
_GAP = "<!-- answers -->"
_JSON, _CSV = "application/json", "text/csv"
_WORDS = {
    State.OK: ("✓", "all rows"),
    State.EMPTY: ("○", "has none"),
    State.PARTIAL: ("◐", "some rows, then one that cannot be read"),
    State.TRUNCATED: ("◐", "not all rows: it gives only so many"),
    State.TIMEOUT: ("✗", "no whole answer in time"),
    State.REFUSED: ("✗", "nobody answers there, or nobody is let in"),
    State.HTTP_ERROR: ("✗", "it failed"),
    State.BAD_ANSWER: ("✗", "what it gave is no answer"),
    State.SKIPPED: ("–", "not asked, since it cannot know"),
}
"""A mark and words for each state."""


@dataclass(frozen=True, slots=True)
class Archives:
    """The page, for a server."""

    endpoint: Endpoint
    answers: ArchiveAnswers

    async def respond(self, request: Request) -> ASGIApp:
        """The form; with a question, its answers: rows and states of all archives."""
        media_type = media_type_of(request, (HTML, _JSON, _CSV))
        asked = _asked(request)
        values, wrong = ({}, {}) if asked is None or not asked.asks else asked.values()
        if asked is None or wrong or not asked.asks:
            if media_type != HTML:
                raise HTTPException(400, "; ".join(wrong.values()) or "Name a question, ?question=NAME.")
            return compressed(HTMLResponse(self._page(asked, wrong, _merges(request)), headers=HEADERS))
        question_of(asked.question, values, kinds_of=asked.kinds_of)  # which says what cannot be asked
        merge = _merges(request)
        answers = self.answers.of(asked, values)
        headers = {"Cache-Control": "no-store", "Vary": "Accept"}
        if media_type == HTML:
            headers |= {**HEADERS, "X-Accel-Buffering": "no"}
            return Streamed(self._written(asked, answers, merge), media_type=HTML, headers=headers)
        ended = [answer async for answer in answers]
        rows = await self._merged(ended) if merge else _rows(ended)
        text = _text(rows, ended, media_type)
        return compressed(Response(text, media_type=media_type, headers=headers))

    def _page(
        self, asked: Asked | None, wrong: Mapping[str, str], merge: bool, *, answering: bool = False
    ) -> str:
        """The page; where answers are to come, with a gap for them."""
        return page(
            "archives",
            self.endpoint.archive,
            "Archives",
            section="/archives",
            sources=self.answers.sources,
            questions=sorted(all_questions(), key=lambda one: one.title),
            asked=asked,
            fields=[] if asked is None else asked.fields(wrong),
            seconds=self.answers.seconds,
            answering=answering,
            merge=merge,
            forms=[
                (_address(asked, form, merge), form.upper()) for form in ("csv", "json") if asked is not None
            ],
        )

    async def _written(self, asked: Asked, answers: AsyncIterator[Answer], merge: bool) -> AsyncIterator[str]:
        """The page in pieces: its head, each answer when it has come, the states of all.

        Rows that are merged come after the last answer.
        """
        head, _, tail = self._page(asked, {}, merge, answering=True).partition(_GAP)
        yield head
        ended = []
        async for answer in answers:
            ended.append(answer)
            yield self._section(asked, answer, merge)
        if merge:
            yield self._together(asked, await self._merged(ended))
        states = [(answer, *_WORDS[answer.state]) for answer in ended]
        yield part("states", states=states)
        yield tail

    async def _merged(self, ended: Sequence[Answer]) -> list[dict[str, Any]]:
        """The rows of all, those of one specimen together, and equal rows as one."""
        return merged(_rows(ended), await self.answers.specimens())

    def _section(self, asked: Asked, answer: Answer, merge: bool) -> str:
        """What an archive gave; the number of its rows alone, where they are merged."""
        mark, words = _WORDS[answer.state]
        shown = () if merge else _rows([replace(answer, rows=answer.rows[:_SHOWN])])
        table = self._table(asked.question.columns, shown)
        more = 0 if merge else len(answer.rows) - _SHOWN
        return part("answer", answer=answer, mark=mark, words=words, table=table, more=more)

    def _together(self, asked: Asked, rows: Sequence[Mapping[str, Any]]) -> str:
        """The rows of all archives by specimen."""
        table = self._table((*_OF_ARCHIVES, *asked.question.columns), rows[:_MERGED])
        return part("merged", rows=len(rows), more=len(rows) - _MERGED, table=table)

    def _table(self, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]]) -> PageTable:
        """Rows with their sources; objects by the end of their IRIs, since names are known there."""
        settings = self.endpoint.snapshots.newest().settings
        sources = {one.name: one for one in self.answers.sources}

        def shown(column: Column, row: Mapping[str, Any]) -> Shown:
            value, source = row.get(column.name), sources.get(row["source"].split(", ")[0])
            if column.kind is not ValueKind.IRI or not isinstance(value, str):
                return value_cell(value)
            return Shown(_called(value), _page_of(value, source, settings), value)

        cells = [[shown(one, row) for one in columns] for row in rows]
        return PageTable([head_of(one) for one in columns], cells).filled()


def _asked(request: Request) -> Asked | None:
    """What the address asks; None where it names no question.

    Raises:
        HTTPException: there is no such question.
        QueryError: a data set is named, or a number of rows is none.
    """
    given = request.query_params.multi_items()
    name = request.query_params.get("question", "")
    try:
        question = queries.load(name) if name else None
    except UnknownQuery as error:
        raise HTTPException(404, str(error)) from error
    if question is None:
        return None
    asked = Asked.of(question, [(key, value) for key, value in given if key not in _OWN])
    if asked.dataset:
        raise QueryError("archives are asked as a whole", hint="A page of this archive asks a data set.")
    return asked


def _merges(request: Request) -> bool:
    """Whether rows of one specimen are to be put together."""
    return request.query_params.get("merge", "0") not in ("", "0")


def _address(asked: Asked, form: str, merge: bool) -> str:
    path, _, query = asked.address(format=form).partition("?")
    return f"/archives?question={path.rpartition('/')[2]}&{'merge=1&' if merge else ''}{query}"


def _rows(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Rows of all, each with its source."""
    return [with_source(answer.source, row) for answer in answers for row in answer.rows]


def _text(rows: Sequence[Mapping[str, Any]], answers: Sequence[Answer], media_type: str) -> str:
    """The rows; as JSON, with how every source ended."""
    if media_type == _JSON:
        sources = [answer.summary() for answer in answers]
        return json.dumps({"rows": rows, "sources": sources}, ensure_ascii=False, indent=2)
    first = ["source", *(["specimen"] if rows and "specimen" in rows[0] else [])]
    columns = [*dict.fromkeys([*first, *(name for row in rows for name in row)])]
    return written([{name: row.get(name) for name in columns} for row in rows], columns, "csv")


def _called(iri: str) -> str:
    """What the end of an IRI calls an object.

    >>> _called(f"{DEFAULT_BASE}local/A/region/~0/tomogram-set/~2"), _called(f"{DEFAULT_BASE}local/A")
    ('tomogram set 2', 'A')
    """
    if not iri.startswith(DEFAULT_BASE):
        return iri
    noun, name = iri.split("/")[-2:]
    return f"{noun.replace('-', ' ')} {name[1:]}" if name.startswith("~") else unquote(name)


def _page_of(iri: str, source: Source | None, settings: Settings) -> str | None:
    """Where an object has a page: here, or at its archive, whose stores give such IRIs by themselves."""
    if source is None:
        return address_of(settings, iri)
    path = iri.removeprefix(DEFAULT_BASE)
    if path != iri and source.location.endswith("/sparql"):
        return f"{source.location.removesuffix('/sparql')}/data/{path}"
    return iri if is_web_address(iri) else None
