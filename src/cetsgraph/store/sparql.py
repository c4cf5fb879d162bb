"""What a SPARQL text asks for beside the data: graphs, connections, rows; and what is wrong with it.

Only the engine reads the text. To find whether a word of it is a keyword, a word without meaning is put in
its place: where the engine still takes the text, the word stands in a name, a literal or a comment. A text
without the word is not looked at, so ordinary queries cost nothing.
"""

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pyoxigraph

from cetsgraph.errors import QueryError, QuerySyntaxError
from cetsgraph.texts import shortened

__all__ = [
    "QUERY_FORMS",
    "at_most",
    "bounded",
    "fetching_keyword",
    "is_plain",
    "names_dataset",
    "query_error",
    "query_errors",
    "query_form",
    "refuse_fetching",
    "with_dataset",
    "without_dataset",
]

QUERY_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_LETTERS = "jkqvwxz"  # no keyword and no function begins with two of these
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ERROR_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_LONGEST = 200  # characters of an error: the engine lists all that could have followed
_BEHIND = 20  # characters that the engine goes on behind a word before it gives up
_OWN_LIMIT = re.compile(r"\bLIMIT[ \t]+(\d{1,9})[ \t]*(?:OFFSET[ \t]+\d+)?\s*\Z", re.IGNORECASE | re.ASCII)
_LONGEST_LIMIT = 60  # characters
_ADDRESS = re.compile(r"<\w+://[^\s<>\"{}|^`\\]*>")
"""An IRI, which is no comparison in any place."""
_DATASET_CLAUSE = re.compile(
    r"FROM\s*(?P<named>NAMED(?=[\s<]))?\s*(?P<graph><[^<>\s]*>|[\w.-]*:(?:[\w:.-]*[\w:-])?)", re.IGNORECASE
)
_MOST_PLACES = 100
_BASE = "http://base.invalid/"  # so that relative IRIs are no error


def is_plain(query: str) -> bool:
    """Whether `SERVICE` and `FROM` are nowhere in the query, so that what they are need not be found out.

    >>> is_plain("SELECT * { ?s ?p ?o }"), is_plain("SELECT * { ?s ?p 'from' }")
    (True, False)
    """
    upper = query.upper()
    return not ("SERVICE" in upper or "FROM" in upper or "\\" in query)


def names_dataset(query: str) -> bool:
    """Whether the query has a `FROM` or `FROM NAMED` of its own, or cannot be read without that word.

    >>> names_dataset("SELECT * FROM <http://example.org/g> { ?s ?p ?o }")
    True
    >>> names_dataset("SELECT ?from { ?from ?p 'FROM <g>' } # FROM <g>")
    False
    """
    return _error_without("FROM", query, _read_query) is not None


def fetching_keyword(text: str, *, update: bool = False) -> str | None:
    """`SERVICE` or `LOAD` where a query or update would make the engine open a connection, else None.

    >>> fetching_keyword("SELECT * { SERVICE SILENT <http://example.org/sparql> { ?s ?p ?o } }")
    'SERVICE'
    >>> fetching_keyword("SELECT ?service { ?s <http://example.org/service> ?service }")

    Raises:
        QuerySyntaxError: the text has such a word, and is wrong in another place.
    """
    read = _read_update if update else _read_query
    for keyword in ("SERVICE", "LOAD") if update else ("SERVICE",):
        error = _error_without(keyword, text, read)
        if error is None:
            continue
        if not _is_at(error, keyword, text):
            raise error
        return keyword
    return None


def refuse_fetching(text: str, *, update: bool = False) -> None:
    """Raise QueryError for a query or update that would make the engine open a connection."""
    keyword = fetching_keyword(text, update=update)
    if keyword is not None:
        raise QueryError(
            f"{keyword} is not available here: this store opens no connections",
            hint="Ask each endpoint by itself.",
        )


def query_form(query: str) -> str:
    """`SELECT`, `ASK`, `CONSTRUCT` or `DESCRIBE`; `SELECT` too where the text is none of them.

    >>> query_form("PREFIX select: <http://example.org/ask#> # SELECT\\nASK { ?select select:it 'SELECT' }")
    'ASK'
    """
    upper = query.upper()
    present = [form for form in QUERY_FORMS if form in upper]
    if len(present) == 1:
        return present[0]
    try:
        answer = _read_query(query)
    except QueryError:
        return _first_of(present, upper)
    if isinstance(answer, pyoxigraph.QueryTriples):
        return _first_of([form for form in present if form in QUERY_FORMS[2:]], upper)
    return "ASK" if isinstance(answer, pyoxigraph.QueryBoolean) else "SELECT"


def at_most(query: str, rows: int) -> str:
    """The query with a last line that limits its rows, or as it is where it ends in a lower limit.

    Where the engine does not take the longer text, :func:`bounded` has to find the right one.

    >>> at_most("SELECT * { ?s ?p ?o }", 10)
    'SELECT * { ?s ?p ?o }\\nLIMIT 10'
    >>> at_most("SELECT * { ?s ?p ?o } LIMIT 5", 10)
    'SELECT * { ?s ?p ?o } LIMIT 5'
    >>> at_most("SELECT * { <http://example.org/#s> ?p ?o } LIMIT 5", 10)
    'SELECT * { <http://example.org/#s> ?p ?o } LIMIT 5'
    """
    last_line = query[max(query.rfind("\n"), query.rfind("\r")) + 1 :]
    has_comment = "#" in last_line and "#" in _ADDRESS.sub("", last_line)
    own = None if has_comment else _OWN_LIMIT.search(last_line, max(len(last_line) - _LONGEST_LIMIT, 0))
    return query if own is not None and int(own[1]) <= rows else f"{query}\nLIMIT {rows}"


def bounded(query: str, rows: int) -> str:
    """The query with at most so many rows, where it has a `LIMIT` or `VALUES` at its end.

    >>> bounded("SELECT * { ?s ?p ?o } LIMIT 5000 VALUES ?s { <a:b> }", 10)
    'SELECT * { ?s ?p ?o } LIMIT 10 VALUES ?s { <a:b> }'

    Raises:
        QuerySyntaxError: the text is not a SPARQL 1.1 query.
        QueryError: its limit cannot be found.
    """
    longer = at_most(query, rows)
    if _reads(longer):
        return longer
    _read_query(query)  # says what is wrong in the user's own text
    values = _last_keyword("VALUES", query)
    if values is not None:
        longer = f"{query[:values]}LIMIT {rows} {query[values:]}"
        if _reads(longer):
            return longer
    limit = _last_keyword("LIMIT", query)
    number = None if limit is None else _number_after(query, limit + len("LIMIT"))
    if number is None:
        hint = "End the query with LIMIT and a number."
        raise QueryError("the limit of this query cannot be found", hint=hint)
    digits = query[number.start() : number.end()].lstrip("0") or "0"
    if len(digits) <= len(str(rows)) and int(digits) <= rows:
        return query
    return f"{query[: number.start()]}{rows}{query[number.end() :]}"


def without_dataset(query: str) -> tuple[str, list[str], list[str]] | None:
    """The query without its `FROM` clauses, and the graphs that these name: default and named ones.

    So they can go with the request instead, where some servers follow them better. None where a clause is
    written in a way that only an engine resolves, such as an IRI that is relative.

    >>> without_dataset("PREFIX g: <http://example.org/> ASK FROM g:a FROM NAMED <http://example.org/b> {}")
    ('PREFIX g: <http://example.org/> ASK     {}', ['http://example.org/a'], ['http://example.org/b'])
    """
    prologue = query[: _first_keyword(QUERY_FORMS, query) or 0]
    graphs: dict[bool, list[str]] = {False: [], True: []}
    pieces, end = [], 0
    for clause in _DATASET_CLAUSE.finditer(query):
        if not _is_keyword_at(clause.start(), "FROM", query):
            continue
        graph = _resolved(prologue, clause["graph"])
        if graph is None:
            return None
        graphs[clause["named"] is not None].append(graph)
        pieces += [query[end : clause.start()], " "]
        end = clause.end()
    text = "".join([*pieces, query[end:]])
    return None if not _reads(text) or names_dataset(text) else (text, graphs[False], graphs[True])


def with_dataset(update: str, using: Sequence[str], named: Sequence[str]) -> str:
    """An update whose `WHERE` looks into the graphs that a request names.

    >>> with_dataset("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", ["http://example.org/g"], [])
    'DELETE { ?s ?p ?o } USING <http://example.org/g> WHERE { ?s ?p ?o }'

    Raises:
        QueryError: the update names graphs itself, or a graph has no valid IRI.
    """
    if not (using or named):
        return update
    with query_errors():
        clauses = [f"USING {pyoxigraph.NamedNode(iri)} " for iri in using]
        clauses += [f"USING NAMED {pyoxigraph.NamedNode(iri)} " for iri in named]
    graphs = "".join(clauses)
    if any(_error_without(word, update, _read_update) is not None for word in ("USING", "WITH")):
        raise QueryError("the update names graphs, and so does the request")
    _read_update(update)
    for place in reversed(_places("WHERE", update)):
        longer = f"{update[:place]}{graphs}{update[place:]}"
        if _is_keyword_at(place, "WHERE", update, _read_update) and _reads(longer, _read_update):
            update = longer
    return update


@contextmanager
def query_errors() -> Iterator[None]:
    """Raise a QueryError for what the engine has against a query."""
    try:
        yield
    except (SyntaxError, ValueError) as error:
        raise query_error(error) from error


def query_error(error: SyntaxError | ValueError) -> QueryError:
    """What the engine has against a query."""
    if isinstance(error, SyntaxError):
        place = _ERROR_PLACE.fullmatch(str(error))
        line, column, what = (int(place[1]), int(place[2]), place[3]) if place else (None, None, str(error))
        return QuerySyntaxError(shortened(what, _LONGEST), line=line, column=column)
    if isinstance(error, UnicodeError):
        return QuerySyntaxError(f"the text is not Unicode: {error}")
    return QueryError(f"a graph has no valid IRI: {error}")


def _error_without(keyword: str, text: str, read: Callable[[str], object]) -> QuerySyntaxError | None:
    """What the engine says of the text with another word in place of each `keyword`."""
    if "\\" in text:
        text = _ESCAPE.sub(_unescaped, text)
    if keyword not in text.upper():
        return None
    word = _stand_in(keyword, text)

    def replaced(found: re.Match[str]) -> str:
        # In the same case, so that two names which differ only in that do not become one.
        return "".join(new if old.islower() else new.upper() for old, new in zip(found[0], word, strict=True))

    try:
        read(re.sub(keyword, replaced, text, flags=re.IGNORECASE | re.ASCII))
    except QuerySyntaxError as error:
        return error
    return None


def _unescaped(found: re.Match[str]) -> str:
    """The character of an escape, if it is a letter, with which a keyword could be written."""
    number = int(found[1] or found[2], 16)
    return chr(number) if number < 128 and chr(number).isalpha() else found[0]


def _stand_in(keyword: str, text: str) -> str:
    """A random word, as long as the keyword, that is not in the text."""
    upper = text.upper()
    while True:
        word = "".join(_LETTERS[byte % len(_LETTERS)] for byte in os.urandom(len(keyword)))
        if word.upper() not in upper:
            return word


def _is_at(error: QuerySyntaxError, keyword: str, text: str) -> bool:
    """Whether the engine gave up at a place of the keyword; also where it does not say where."""
    if error.line is None or error.column is None:
        return True
    lines = text.split("\n")
    place = sum(len(line) + 1 for line in lines[: error.line - 1]) + error.column - 1
    before = text[max(place - _BEHIND - len(keyword), 0) : place + len(keyword)]
    return keyword in before.upper() or "\\" in text


def _read_query(query: str) -> object:
    with query_errors():
        return pyoxigraph.Store().query(query, base_iri=_BASE)


def _read_update(update: str) -> None:
    with query_errors():
        pyoxigraph.Store().update(update, base_iri=_BASE)


def _reads(text: str, read: Callable[[str], object] = _read_query) -> bool:
    try:
        read(text)
    except QueryError:
        return False
    return True


def _is_keyword_at(place: int, keyword: str, text: str, read: Callable[[str], object] = _read_query) -> bool:
    return not _reads(text[:place] + _stand_in(keyword, text) + text[place + len(keyword) :], read)


def _places(keyword: str, text: str) -> list[int]:
    """Where the word stands.

    Raises:
        QueryError: in more places than anybody needs.
    """
    places = [found.start() for found in re.finditer(keyword, text, re.IGNORECASE | re.ASCII)]
    if len(places) > _MOST_PLACES:
        raise QueryError(f"the word {keyword} is used too often", expected=f"at most {_MOST_PLACES} times")
    return places


def _last_keyword(keyword: str, query: str) -> int | None:
    places = reversed(_places(keyword, query))
    return next((place for place in places if _is_keyword_at(place, keyword, query)), None)


def _first_keyword(keywords: Sequence[str], query: str) -> int | None:
    found = re.finditer("|".join(keywords), query, re.IGNORECASE | re.ASCII)
    return next((one.start() for one in found if _is_keyword_at(one.start(), one[0], query)), None)


def _resolved(prologue: str, graph: str) -> str | None:
    """The IRI that a term of the query stands for; None where it is relative, or its prefix is unknown."""
    try:
        (row,) = pyoxigraph.Store().query(f"{prologue} SELECT ({graph} AS ?graph) {{}}")  # type: ignore[misc]
    except SyntaxError:
        return None
    return str(row["graph"].value)


def _number_after(query: str, start: int) -> re.Match[str] | None:
    """The first number that is none of a comment."""
    for tried, number in enumerate(re.compile(r"[0-9]+").finditer(query, start)):
        if _is_keyword_at(number.start(), number[0], query):
            return number
        if tried == _MOST_PLACES:
            break
    return None


def _first_of(words: list[str], upper: str) -> str:
    return min(words, key=upper.index, default="SELECT")
