"""SPARQL for people: a page to write it in, which shows the answer as a table."""

from collections.abc import Sequence
from urllib.parse import urlencode

import pyoxigraph as ox

from cetsgraph.queries import load, names
from cetsgraph.queries.own import is_sparql
from cetsgraph.server.query_process import Output
from cetsgraph.server.site.catalogue import choices
from cetsgraph.server.site.rendering import page
from cetsgraph.server.site.tables import PageTable, answer_table
from cetsgraph.server.sparql.evaluation import bounded_answer
from cetsgraph.server.sparql.negotiation import HTML
from cetsgraph.server.sparql.protocol import Operation
from cetsgraph.store import LocalStore, Settings, Store
from cetsgraph.store.answers import local_answer

__all__ = ["MOST", "draft_page", "editor", "write_results"]

MOST = 1000
"""Rows that are shown; programs get more."""
_CHOICES = 200  # data sets, or files, that a form lists
_FIRST = """SELECT ?tomogram ?path ?object
WHERE {
  ?fit a cets:FitMap ; cets:annotates ?tomogram ; cets:annotatedObjectName ?object .
  ?tomogram a cets:Tomogram ; cets:path ?path .
}
ORDER BY ?path
"""


def write_results(
    engine: ox.Store, output: Output, settings: Settings, query: Operation, base: str, most: int
) -> None:
    """Answer a query with a page of at most so many bytes; `base` is for its relative IRIs."""
    output.most = most
    output.begin(HTML)
    answer = local_answer(bounded_answer(engine, query, base, MOST + 1), "")
    store = LocalStore(engine, settings)
    found = answer_table(store, query.text, answer)
    text = editor(settings.archive, query.text, query.default_graphs, choices(store, _CHOICES), found)
    output.write(text.encode())


def draft_page(store: Store, draft: str) -> str:
    """The page with a draft of a query, or with a question by its name."""
    text = draft if is_sparql(draft) or not draft else load(draft).text
    return editor(store.settings.archive, text, (), choices(store, _CHOICES))


def editor(
    archive: str,
    text: str,
    graphs: Sequence[str] = (),
    data_sets: Sequence[tuple[str, str]] = (),
    found: PageTable | None = None,
    problem: str = "",
) -> str:
    """The page with a query in it, and what was found, or what is wrong with it.

    Args:
        archive: its name.
        text: the query; an example if there is none.
        graphs: IRIs of the data sets that it is asked of; all if there are none.
        data_sets: IRIs and names of those that can be chosen.
        found: the answer, of which `MOST` rows are shown.
        problem: what is wrong with the query.
    """
    given = {"query": text, **({"default-graph-uri": list(graphs)} if graphs else {})}
    more = found is not None and len(found.rows) > MOST
    shown = None if found is None else PageTable(found.heads, found.rows[:MOST])
    return page(
        "sparql",
        archive,
        "SPARQL",
        section="/sparql",
        text=text or _FIRST,
        graphs=graphs,
        data_sets=data_sets,
        problem=problem,
        questions=[load(name) for name in names()],
        found=shown,
        more=more,
        address=f"/sparql?{urlencode(given, doseq=True)}",
    )
