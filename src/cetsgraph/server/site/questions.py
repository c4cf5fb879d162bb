"""The questions: a list, and for each a form whose answer has an address, for people or programs."""

import time
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from urllib.parse import urlencode

import pyoxigraph as ox
from starlette.exceptions import HTTPException

from cetsgraph import queries
from cetsgraph.errors import DataSetNotFound, QueryError, UnknownQuery
from cetsgraph.queries import Column, Query, Row, Rows, Scope, Value, ValueKind
from cetsgraph.queries.writing import written
from cetsgraph.server.query_process import Output
from cetsgraph.server.site.asked import Asked
from cetsgraph.server.site.catalogue import annotated, choices
from cetsgraph.server.site.code import code_of_question
from cetsgraph.server.site.rendering import page
from cetsgraph.server.site.tables import PageTable, head_of, question_table
from cetsgraph.server.sparql.negotiation import HTML
from cetsgraph.store import LocalStore, Settings, Store

__all__ = ["FORMS", "PAGE", "all_questions", "list_page", "write_answer"]

FORMS = {"application/json": "json", "text/csv": "csv", "text/tab-separated-values": "tsv"}
"""Forms of rows for programs, by media type."""
PAGE = 25
"""Rows of a page."""
_MENU, _SUGGESTED = 50, 100  # data sets that a form lists; and names that it suggests
_SLOW = 1.0  # seconds of a processor
_THEMES = {
    "acquisition": "How images were taken",
    "image": "Images of tilt series",
    "tomogram": "Tomograms and maps",
    "object": "Annotated objects",
    "annotation": "Annotations",
    "sample": "Samples, authors and licences",
    "dataset": "Data sets and archives",
    "completeness": "What is missing or does not agree",
    None: "Others",
}


@cache
def all_questions() -> list[Query]:
    """Those of the package, by name; read once."""
    return [queries.load(name) for name in queries.names()]


def list_page(store: Store, dataset: str = "") -> str:
    """All questions, by what they are about; those of one data set, by its name or IRI, where it is given."""
    asked = [one for one in all_questions() if not dataset or one.scope is not Scope.ACROSS]
    known = sorted(asked, key=lambda one: (_theme(one), one.title))
    groups = [([*_THEMES.values()][theme], [*some]) for theme, some in groupby(known, key=_theme)]
    return page(
        "questions", store.settings.archive, "Questions", section="/queries", groups=groups, dataset=dataset
    )


def write_answer(
    engine: ox.Store,
    output: Output,
    settings: Settings,
    name: str,
    given: Sequence[tuple[str, str]],
    media_type: str,
    address: str = "",
) -> None:
    """Answer a question, by its name and the parameters of an address, in one of the `FORMS` or as a page.

    A page says how programs ask the server at `address`.

    Raises:
        HTTPException: there is no such question or data set, or a parameter is wrong; where it can be mended
            in the form, a page says so.
    """
    store = LocalStore(engine, settings)
    try:
        asked = Asked.of(queries.load(name), given)
        text = _page(store, asked, address) if media_type == HTML else _text(store, asked, FORMS[media_type])
    except (UnknownQuery, DataSetNotFound) as error:
        raise HTTPException(404, str(error)) from error
    except QueryError as error:
        raise HTTPException(400, str(error)) from error
    output.begin(media_type)
    output.write(text.encode())


def _text(store: Store, asked: Asked, form: str) -> str:
    values = asked.question.values((name, text) for name, texts in asked.texts.items() for text in texts)
    rows = asked.rows(store, values, asked.limit)
    return written(rows, [column.name for column in rows.columns], form)


def _page(store: Store, asked: Asked, address: str) -> str:
    """The form; below it, where it is filled in, a page of rows."""
    values, wrong = asked.values()
    started = time.process_time()
    if not asked.asks:
        found, problem, wrong = None, "", {}
    else:
        found, problem = (None, "") if wrong else _found(store, asked, values)
    seconds = time.process_time() - started
    question, limit = asked.question, asked.limit or PAGE
    more = found is not None and len(found) > limit
    drafted = {"draft": question.name, **({} if wrong or found is None else asked.texts)}
    objects = _objects(store, question)
    table = None if found is None else question_table(store, Rows(found[:limit], found.columns))
    return page(
        "question",
        store.settings.archive,
        question.title,
        section="/queries",
        trail=[("/queries", "Questions")],
        question=question,
        asked=asked,
        fields=asked.fields(wrong, objects),
        meant=[] if found else _meant(asked, objects),
        data_sets=[] if question.scope is Scope.ACROSS else choices(store, _SUGGESTED),
        menu=_MENU,
        found=table,
        left_out=[] if table is None or found is None else _left_out(table, found.columns),
        snippets=[] if found is None else code_of_question(asked, values, address),
        problem=problem,
        slow=_why_slow(asked, seconds),
        earlier=asked.address(offset=max(asked.offset - limit, 0)) if asked.offset else None,
        later=asked.address(offset=asked.offset + limit) if more else None,
        forms=[(asked.address(format=form, limit="", offset=""), form.upper()) for form in FORMS.values()],
        draft=f"/sparql?{urlencode(drafted, doseq=True)}",
    )


def _left_out(table: PageTable, columns: Sequence[Column]) -> list[str]:
    """Names of the columns that a table of an answer does not have."""
    shown = {head.name for head in table.heads}
    return [name for one in columns if (name := head_of(one).name) not in shown]


def _objects(store: Store, question: Query) -> list[str]:
    """Names of annotated objects, those of most annotations first, where a parameter is such a name."""
    if all(one.kind is not ValueKind.OBJECT for one in question.parameters):
        return []
    return [name for name, _ in annotated(store, most=_SUGGESTED)]


def _meant(asked: Asked, objects: Sequence[str]) -> list[tuple[str, str]]:
    """Objects whose names contain what was asked for, with the addresses that ask for them."""
    found = dict[str, str]()
    for one in asked.question.parameters:
        texts = asked.texts.get(one.name, ()) if one.kind is ValueKind.OBJECT else ()
        given = {text.casefold() for text in texts if text}
        others = (name for name in objects if name.casefold() not in given)
        alike = (name for name in others if any(text in name.casefold() for text in given))
        found |= {name: asked.address(**{one.name: name}, offset="") for name in alike}
    return [(address, name) for name, address in found.items()]


def _found(store: Store, asked: Asked, values: dict[str, Value]) -> tuple[Rows[Row] | None, str]:
    """A page of rows, and whether there are more; or what is wrong."""
    try:
        return asked.rows(store, values, (asked.limit or PAGE) + 1), ""
    except DataSetNotFound as error:
        return None, str(error)
    except QueryError as error:
        return None, f"{error.what}. {error.hint or ''}"


def _why_slow(asked: Asked, seconds: float) -> str:
    """What is said of an answer that took long: why, and what is faster.

    >>> _why_slow(Asked(queries.load("tilt_schemes")), 2.31)
    'It took 2.3 s, since all data sets are looked at. Of one data set, the answer comes sooner.'
    """
    if seconds < _SLOW or asked.dataset:
        return ""
    across = asked.question.scope is Scope.ACROSS
    end = "" if across else " Of one data set, the answer comes sooner."
    return f"It took {seconds:.1f} s, since all data sets are {'compared' if across else 'looked at'}.{end}"


def _theme(question: Query) -> int:
    """The place of its theme."""
    return [*_THEMES].index(question.theme if question.theme in _THEMES else None)
