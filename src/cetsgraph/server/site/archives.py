"""One question to this archive and to others that the operator names: each answer is sent when it comes."""

import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp

from cetsgraph import queries
from cetsgraph.errors import QueryError, UnknownQuery
from cetsgraph.federation import Answer, Source, State, with_source
from cetsgraph.federation.federation import question_of
from cetsgraph.iris import DEFAULT_BASE
from cetsgraph.queries import Column, ValueKind
from cetsgraph.queries.writing import written
from cetsgraph.server.site.archive_answers import ArchiveAnswers
from cetsgraph.server.site.asked import Asked
from cetsgraph.server.site.linked_data import address_of
from cetsgraph.server.site.questions import QUESTIONS
from cetsgraph.server.site.rendering import HEADERS, page, part
from cetsgraph.server.site.tables import PageTable, Shown, head_of, plain_cell
from cetsgraph.server.sparql.negotiation import HTML
from cetsgraph.server.web.endpoint import Endpoint
from cetsgraph.server.web.responses import Streamed, compressed, media_type_among
from cetsgraph.store import Settings

__all__ = ["Archives"]

_SHOWN = 50  # rows of an archive on a page
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
        media_type = media_type_among(request, (HTML, _JSON, _CSV))
        asked = _asked(request)
        values, wrong = ({}, {}) if asked is None or not asked.asks else asked.values()
        if asked is None or wrong or not asked.asks:
            if media_type != HTML:
                raise HTTPException(400, "; ".join(wrong.values()) or "Name a question, ?question=NAME.")
            return compressed(HTMLResponse(self._page(asked, wrong), headers=HEADERS))
        question_of(asked.question, values, kinds_of=asked.kinds_of)  # which says what cannot be asked
        answers = self.answers.of(asked, values)
        headers = {"Cache-Control": "no-store", "Vary": "Accept"}
        if media_type == HTML:
            headers |= {**HEADERS, "X-Accel-Buffering": "no"}
            return Streamed(self._written(asked, answers), media_type=HTML, headers=headers)
        text = _text([answer async for answer in answers], media_type)
        return compressed(Response(text, media_type=media_type, headers=headers))

    def _page(self, asked: Asked | None, wrong: Mapping[str, str], *, answering: bool = False) -> str:
        """The page; where answers are to come, with a gap for them."""
        return page(
            "archives",
            self.endpoint.snapshots.newest().settings.archive,
            "Archives",
            section="/archives",
            sources=self.answers.sources,
            questions=sorted(QUESTIONS, key=lambda one: one.title),
            asked=asked,
            fields=[] if asked is None else asked.fields(wrong),
            seconds=self.answers.seconds,
            answering=answering,
            forms=[(_address(asked, form), form.upper()) for form in ("csv", "json") if asked is not None],
        )

    async def _written(self, asked: Asked, answers: AsyncIterator[Answer]) -> AsyncIterator[str]:
        """The page in pieces: its head, each answer when it has come, the states of all."""
        head, _, tail = self._page(asked, {}, answering=True).partition(_GAP)
        yield head
        ended = []
        async for answer in answers:
            ended.append(answer)
            yield self._section(asked, answer)
        states = [(answer, *_WORDS[answer.state]) for answer in ended]
        yield part("states", states=states)
        yield tail

    def _section(self, asked: Asked, answer: Answer) -> str:
        mark, words = _WORDS[answer.state]
        source = next((one for one in self.answers.sources if one.name == answer.source), None)
        settings = self.endpoint.snapshots.newest().settings
        table = _table(asked, answer, lambda iri: _page_of(iri, source, settings))
        return part(
            "answer", answer=answer, mark=mark, words=words, table=table, more=len(answer.rows) - _SHOWN
        )


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
    asked = Asked.of(question, [(key, value) for key, value in given if key != "question"])
    if asked.dataset:
        raise QueryError("archives are asked as a whole", hint="A page of this archive asks a data set.")
    return asked


def _address(asked: Asked, form: str) -> str:
    path, _, query = asked.address(format=form).partition("?")
    return f"/archives?question={path.rpartition('/')[2]}&{query}"


def _text(answers: Sequence[Answer], media_type: str) -> str:
    """Rows of all, each with its source; as JSON, with how every source ended."""
    rows = [with_source(answer.source, row) for answer in answers for row in answer.rows]
    if media_type == _JSON:
        sources = [answer.summary() for answer in answers]
        return json.dumps({"rows": rows, "sources": sources}, ensure_ascii=False, indent=2)
    columns = [*dict.fromkeys(["source", *(name for row in rows for name in row)])]
    return written([{name: row.get(name) for name in columns} for row in rows], columns, "csv")


def _table(asked: Asked, answer: Answer, page_of: Callable[[str], str | None]) -> PageTable:
    """The first rows of an archive; objects by the end of their IRIs, since names are known there."""

    def shown(column: Column, value: object) -> Shown:
        if column.kind is not ValueKind.IRI or not isinstance(value, str):
            return plain_cell(value)
        return Shown(value.removeprefix(DEFAULT_BASE), page_of(value), value)

    columns = asked.question.columns
    rows = [[shown(one, row.get(one.name)) for one in columns] for row in answer.rows[:_SHOWN]]
    return PageTable([head_of(one) for one in columns], rows).filled()


def _page_of(iri: str, source: Source | None, settings: Settings) -> str | None:
    """Where an object has a page: here, or at its archive, whose stores give such IRIs by themselves."""
    if source is None:
        return address_of(settings, iri)
    path = iri.removeprefix(DEFAULT_BASE)
    if path != iri and source.location.endswith("/sparql"):
        return f"{source.location.removesuffix('/sparql')}/data/{path}"
    return iri if iri.startswith(("https://", "http://")) else None
