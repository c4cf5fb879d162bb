"""SPARQL for people: a page to write it in, which shows the answer as a table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pyoxigraph as ox

from cetsgraph.errors import QuerySyntaxError
from cetsgraph.iris import is_iri
from cetsgraph.namespaces import PREFIXES
from cetsgraph.queries import load
from cetsgraph.queries.own import is_sparql
from cetsgraph.server.query_process import Output
from cetsgraph.server.site.catalogue import choices
from cetsgraph.server.site.code import code_of_query
from cetsgraph.server.site.page_queries import NAMES, drafted
from cetsgraph.server.site.questions import all_questions
from cetsgraph.server.site.rendering import page
from cetsgraph.server.site.tables import PageTable, answer_table
from cetsgraph.server.sparql.negotiation import HTML
from cetsgraph.server.sparql.protocol import Operation
from cetsgraph.store import LocalStore, Settings, Solutions, Store
from cetsgraph.store.answers import bounded_answer, local_answer
from cetsgraph.texts import shortened

__all__ = ["MOST", "Problem", "draft_page", "editor", "write_results"]

MOST = 1000
"""Rows that are shown; programs get more."""
_CHOICES = 200  # data sets that a form lists
_EXCERPT = 60  # characters of a line on each side of what is wrong
_TOKEN, _SHORT = 40, 120  # characters of what is wrong, and of what the engine says of it
_WORD = re.compile(r"[\w:?$-]+|[^\s\w]")
_ROWS = (("csv", "CSV"), ("tsv", "TSV"), ("json", "JSON"), ("xml", "XML"))
_TRIPLES = (("turtle", "Turtle"), ("jsonld", "JSON-LD"), ("ntriples", "N-Triples"), ("rdfxml", "RDF/XML"))
"""Forms for programs, by the names of their addresses."""
_FIRST = """SELECT ?tomogram ?path ?object
WHERE {
  ?fit a cets:FitMap ; cets:annotates ?tomogram ; cets:annotatedObjectName ?object .
  ?tomogram a cets:Tomogram ; cets:path ?path .
}
ORDER BY ?path
"""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a query, and in which line and column, from 1."""

    what: str
    said: str = ""
    """What the engine says of it."""
    line: int | None = None
    column: int | None = None
    text: str = ""
    """The line, and a mark below the place."""

    @classmethod
    def of(cls, error: Exception, query: str) -> "Problem":
        """What an error says of a query."""
        if not isinstance(error, QuerySyntaxError) or error.line is None:
            return cls(str(error))
        lines, column = query.splitlines() or [""], error.column or 1
        line = min(error.line, len(lines))
        said = shortened(" ".join(filter(None, [f"{error.what}.", error.hint])), _SHORT)
        what = _unread(lines[line - 1], column, closed=query.count("{") == query.count("}"))
        return cls(what, said, line, column, _marked(lines[line - 1], column))


def _unread(text: str, column: int, *, closed: bool = False) -> str:
    """What stands in a line at a column, from 1, or else before it.

    Where all brackets are `closed`, something is missing before the last one.

    >>> _unread("?t cets:path .", 14), _unread("?t cets:path .", 15), _unread("", 1)
    ('“.” cannot be read here', 'Something is missing after “.”', 'Something is missing here')
    """
    here, before = _WORD.match(text, column - 1), text[: column - 1].split()
    if here is not None:
        return f"“{shortened(here[0], _TOKEN)}” cannot be read here"
    if not before:
        return "Something is missing here"
    where = "before" if closed and before[-1] == "}" else "after"
    return f"Something is missing {where} “{shortened(before[-1], _TOKEN)}”"


def _marked(text: str, column: int) -> str:
    start = max(column - 1 - _EXCERPT, 0)
    return f"{text[start : column - 1 + _EXCERPT]}\n{' ' * (column - 1 - start)}^"


def write_results(
    engine: ox.Store, output: Output, settings: Settings, query: Operation, most: int, address: str
) -> None:
    """Answer a query with a page of at most so many bytes, which says how programs ask it at `address`."""
    output.most = most
    output.begin(HTML)
    answer = local_answer(bounded_answer(engine, query.text, MOST + 1, query.base, *query.graphs), "")
    store = LocalStore(engine, settings)
    found = answer_table(store, query.text, answer)
    rows = isinstance(answer, bool | Solutions)
    text = editor(
        settings.archive,
        query.text,
        query.graphs[0],
        choices(store, _CHOICES),
        found,
        triples=not rows,
        address=address,
    )
    output.write(text.encode())


def draft_page(store: Store, given: Sequence[tuple[str, str]]) -> str:
    """The page with a draft of a query.

    Args:
        store: where it is asked.
        given: `draft`, a query or the name of that of a question or of a page; what a question is asked
            with; `of`, the IRI of the object that the query of a page is about; and `default-graph-uri`, the
            IRIs of data sets.

    Raises:
        QueryError: there is no question of this name, or a value is not one of its parameter.
    """
    named = dict(given)
    draft, of = named.get("draft", ""), named.get("of", "")
    if draft in NAMES:
        text = drafted(draft, of if is_iri(of) else "")
    elif is_sparql(draft) or not draft:
        text = draft
    else:
        question = load(draft)
        values = [one for one in given if one[0] not in ("draft", "default-graph-uri")]
        text = question.bind(**question.values(values)) if values else question.text
    graphs = [text for name, text in given if name == "default-graph-uri"]
    return editor(store.settings.archive, text, graphs, choices(store, _CHOICES))


def editor(
    archive: str,
    text: str,
    graphs: Sequence[str] = (),
    data_sets: Sequence[tuple[str, str]] = (),
    found: PageTable | None = None,
    *,
    triples: bool = False,
    address: str = "",
    problem: Problem | None = None,
) -> str:
    """The page with a query in it, and what was found, or what is wrong with it.

    Args:
        archive: its name.
        text: the query; an example if there is none.
        graphs: IRIs of the data sets that it is asked of; all if there are none.
        data_sets: IRIs and names of those that can be chosen.
        found: the answer, of which `MOST` rows are shown.
        triples: whether the answer is a graph.
        address: of the server, for code that asks it.
        problem: what is wrong with the query.
    """
    given = {"query": text, **({"default-graph-uri": list(graphs)} if graphs else {})}
    more = found is not None and len(found.rows) > MOST
    shown = None if found is None else PageTable(found.heads, found.rows[:MOST])
    link = f"/sparql?{urlencode(given, doseq=True)}"
    return page(
        "sparql",
        archive,
        "SPARQL",
        section="/sparql",
        text=text or _FIRST,
        graphs=graphs,
        data_sets=data_sets,
        problem=problem,
        questions=sorted(all_questions(), key=lambda one: one.title),
        prefixes=PREFIXES,
        found=shown,
        more=more,
        address=link,
        snippets=code_of_query(text, graphs, address) if address else [],
        forms=[(f"{link}&format={form}", words) for form, words in (_TRIPLES if triples else _ROWS)],
    )
