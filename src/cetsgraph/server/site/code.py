"""A question or a query as code that asks this server: for a shell, Python, curl and R."""

import shlex
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from cetsgraph.queries import Value
from cetsgraph.server.site.asked import Asked

__all__ = ["Snippet", "code_of_query", "code_of_question"]

Snippet = tuple[str, str]
"""Name of a language, and lines of it."""


def code_of_question(asked: Asked, values: Mapping[str, Value], address: str) -> list[Snippet]:
    """What gives the rows of a question.

    Args:
        asked: the question, with its parameters as texts.
        values: its parameters as values.
        address: of the server.
    """
    name, endpoint = asked.question.name, f"{address}/sparql"
    url = address + asked.address(format="csv", limit="", offset="")
    given = [f"-p {shlex.quote(f'{key}={text}')}" for key, texts in asked.texts.items() for text in texts]
    given += [f"--dataset {shlex.quote(one)}" for one in asked.dataset]
    given += ["--kinds-of"] if asked.kinds_of else []
    options: dict[str, object] = {"dataset": asked.dataset} if asked.dataset else {}
    options |= {"kinds_of": True} if asked.kinds_of else {}
    arguments = [f'open_store("{endpoint}")', repr(name), *([repr(dict(values))] if values else [])]
    arguments += [f"{key}={value!r}" for key, value in options.items()]
    return [
        ("shell", " ".join(["cetsgraph query", name, "--store", endpoint, *given, "--format csv"])),
        ("Python", _python(f"queries.run({', '.join(arguments)})", "open_store, queries")),
        *_by_address(url),
    ]


def code_of_query(text: str, graphs: Sequence[str], address: str) -> list[Snippet]:
    """What gives the answer to a query of these data sets, or of all."""
    asked = {"query": text, **({"default-graph-uri": list(graphs)} if graphs else {}), "format": "csv"}
    url = f"{address}/sparql?{urlencode(asked, doseq=True)}"
    store = f'open_store("{address}/sparql")'
    options = f", default_graph={list(graphs)!r}" if graphs else ""
    return [
        ("Python", _python(f"{store}.query({text!r}{options})", "open_store")),
        *_by_address(url),
    ]


def _python(call: str, names: str) -> str:
    return f"from cetsgraph import {names}\n\nfor row in {call}:\n    print(row)"


def _by_address(url: str) -> list[Snippet]:
    return [("curl", f"curl {shlex.quote(url)}"), ("R", f'rows <- read.csv("{url}")')]
