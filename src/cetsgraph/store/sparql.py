"""What has to be known of a SPARQL text before an engine sees it: does it name a dataset, would it fetch.

The text is split as the engine splits it: its keywords need no space around them (`{}SERVICE<x>{}`,
`trueSERVICE<x>{}`, `SERVICEex:a{}`). Where in doubt, a text is held to fetch.
"""

import re
from collections.abc import Iterator

from cetsgraph.iris import is_iri

__all__ = ["TOKEN", "fetching_keyword", "names_dataset", "query_form", "without_dataset"]

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")

TOKEN = re.compile(
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
    return "FROM" in query.upper() and any("FROM" in word for word in _words(query))


def without_dataset(query: str) -> tuple[str, list[str], list[str]] | None:
    """The query without its `FROM` clauses, and the graphs that these name: default and named ones.

    So they can go with the request instead, where some servers follow them better. None where a clause is
    written in a way that only an engine resolves, such as an IRI that is relative.

    >>> without_dataset("PREFIX g: <http://example.org/> ASK FROM g:a FROM NAMED <http://example.org/b> {}")
    ('PREFIX g: <http://example.org/> ASK     {}', ['http://example.org/a'], ['http://example.org/b'])
    """
    prefixes: dict[str, str] = {}
    graphs: dict[bool, list[str]] = {False: [], True: []}
    pieces: list[str] = []
    end = 0
    tokens = (token for token in TOKEN.finditer(query) if token[0] and not token[0].startswith("#"))
    for token in tokens:
        keyword = "" if token["name"] else (token["word"] or "").upper()
        if keyword == "PREFIX":
            prefix, iri = _name(next(tokens, None)), _iri(next(tokens, None))
            if prefix is not None and iri is not None:
                prefixes[prefix[0]] = iri
        elif keyword == "FROM":
            following = next(tokens, None)
            named = following is not None and (following["word"] or "").upper() == "NAMED"
            following = next(tokens, None) if named else following
            graph = _iri(following) or _resolved(_name(following), prefixes)
            if following is None or graph is None:
                return None
            graphs[named].append(graph)
            pieces += [query[end : token.start()], " "]
            end = following.start("group") if following["group"] else following.end()
    return "".join([*pieces, query[end:]]), graphs[False], graphs[True]


def _iri(token: re.Match[str] | None) -> str | None:
    iri = token[0][1:-1] if token is not None and token[0].startswith("<") else ""
    return iri if is_iri(iri) and "\\" not in iri else None


def _name(token: re.Match[str] | None) -> tuple[str, str] | None:
    """Prefix and local part of a prefixed name."""
    if token is None or not token["name"]:
        return None
    return token["word"], token["name"].removesuffix(token["group"] or "")[1:]


def _resolved(name: tuple[str, str] | None, prefixes: dict[str, str]) -> str | None:
    if name is None or name[0] not in prefixes or "\\" in name[1]:
        return None
    return prefixes[name[0]] + name[1]


def fetching_keyword(text: str) -> str | None:
    """`SERVICE` or `LOAD` where a query or update would make the engine open a connection, else None.

    >>> fetching_keyword("SELECT * { SERVICE SILENT <http://example.org/sparql> { ?s ?p ?o } }")
    'SERVICE'
    >>> fetching_keyword("SELECT ?service { ?s <http://example.org/service> ?service }")
    """
    upper = text.upper()
    suspects = [keyword for keyword in ("SERVICE", "LOAD") if keyword in upper]
    words = list(_words(text)) if suspects else []
    return next((keyword for keyword in suspects if any(keyword in word for word in words)), None)


def query_form(query: str) -> str:
    """`SELECT`, `ASK`, `CONSTRUCT` or `DESCRIBE`; `SELECT` too where the text is none of them.

    >>> query_form("PREFIX select: <http://example.org/ask#> # SELECT\\nASK { ?select select:it 'SELECT' }")
    'ASK'
    """
    for word in _words(query):
        for form in _FORMS:
            if word.startswith(form):
                return form
    return "SELECT"


def _words(text: str) -> Iterator[str]:
    """Whatever can be a keyword, in upper case.

    A prefix can only be one, run together with the name, where a group follows: `SERVICEex:a {`.
    """
    for token in TOKEN.finditer(text):
        if token["word"] and (token["group"] or not token["name"]):
            yield token["word"].upper()
