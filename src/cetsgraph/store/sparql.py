"""What has to be known of a SPARQL text before an engine sees it: does it name a dataset, would it fetch.

The text is split as the engine splits it: its keywords need no space around them (`{}SERVICE<x>{}`,
`trueSERVICE<x>{}`, `SERVICEex:a{}`). Where in doubt, a text is held to fetch.
"""

import re
from collections.abc import Iterator

__all__ = ["fetching_keyword", "names_dataset", "query_form"]

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")

_TOKEN = re.compile(
    r"""
      \#[^\r\n]*                                            # comment
    | <[^<>"{}|^`\x00-\x20]*>                               # IRI
    | \"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
    | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*'
    | [?$]\w+                                               # variable
    | @[A-Za-z0-9-]+                                        # language tag
    | (?=[\w.:-]) (?P<word>[\w.-]*+)                        # keyword, number, or prefix of a name
      (?P<name>: (?: (?:[\w:]|%[0-9A-Fa-f]{2}|\\.)
                     (?: (?:[\w:.-]|%[0-9A-Fa-f]{2}|\\.)* (?:[\w:-]|%[0-9A-Fa-f]{2}|\\.) )? )?
        (?P<group> (?:\s|\#[^\r\n]*+)*+ \{ )? )?
    """,
    re.VERBOSE | re.DOTALL,
)


def names_dataset(query: str) -> bool:
    """Whether the query has a `FROM` or `FROM NAMED` of its own.

    >>> names_dataset("SELECT * FROM <http://example.org/g> { ?s ?p ?o }")
    True
    >>> names_dataset("SELECT ?from { ?from ?p 'FROM <g>' } # FROM <g>")
    False
    """
    return any("FROM" in word for word in _words(query))


def fetching_keyword(text: str) -> str | None:
    """`SERVICE` or `LOAD` where a query or update would make the engine open a connection, else None.

    >>> fetching_keyword("SELECT * { SERVICE SILENT <http://example.org/sparql> { ?s ?p ?o } }")
    'SERVICE'
    >>> fetching_keyword("SELECT ?service { ?s <http://example.org/service> ?service }")
    """
    words = list(_words(text))
    return next((keyword for keyword in ("SERVICE", "LOAD") if any(keyword in word for word in words)), None)


def query_form(query: str) -> str:
    """`SELECT`, `ASK`, `CONSTRUCT` or `DESCRIBE`; `SELECT` too where the text is none of them.

    >>> query_form("PREFIX select: <http://example.org/ask#> # SELECT\\nASK { ?select select:it 'SELECT' }")
    'ASK'
    """
    found = (form for word in _words(query) for form in _FORMS if word.startswith(form))
    return next(found, "SELECT")


def _words(text: str) -> Iterator[str]:
    """Whatever can be a keyword, in upper case.

    A prefix can only be one, run together with the name, where a group follows: `SERVICEex:a {`.
    """
    for token in _TOKEN.finditer(text):
        if token["word"] and (token["group"] or not token["name"]):
            yield token["word"].upper()
