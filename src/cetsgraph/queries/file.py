"""The form of a query file: a header in comments, and SPARQL that runs as it stands.

```text
# title: Tilt series by dose
# description: One or more sentences. Any text goes on in a line that is indented
#   like this one.
# theme: acquisition
# scope: data set
# param maximum: number, e⁻/Å², largest total dose
# param word: list of word, -, words that must all occur
# row TiltSeriesByDose: A tilt series and its total dose.
# column tilt_series: iri, -, tilt series
# column path: optional text, -, file of the tilt series
SELECT ?tilt_series WHERE { VALUES ?maximum { 120 } … }
```

A parameter or column is its name, then kind, unit (`-` for none) and meaning. Kinds are `iri`, `text`,
`number`, `integer`, `boolean`; for columns `array`, with its shape if that is known: `array N×M`; for
parameters `word` and `object`, texts that are bound in their normal form (`cetsgraph.normal_forms`). A
parameter that takes several values is a `list of` a kind; a parameter that can be left out, or a column that
may be empty, is `optional`. Columns are the variables of the SELECT, in order. A parameter is a
`VALUES ?name { … }` block, with an example value in the file, or with UNDEF where it is optional: left
out, its variable is unbound. To fix values that are not a parameter, write `VALUES (?name) { (…) }`.

`scope` says whether each row belongs to one `data set`, so that the question can be asked of one alone, or
whether it is asked `across` them. `needs` is a pattern, such as `?any a cets:FitMap`, that the graph of every
data set with rows matches, or that gives the `?dataset`; it costs little, and data sets without are passed
over. `row` and `theme` name the class of a row, and the module of the typed function. A query of your own can
leave out all four.
"""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pyoxigraph import QuerySolutions, Store

from cetsgraph.errors import QuerySyntaxError, UnknownQuery
from cetsgraph.namespaces import CETS
from cetsgraph.queries.question import NOT_GIVEN, Column, Parameter, Query, RowClass, Scope, blocks
from cetsgraph.queries.terms import ValueKind
from cetsgraph.resources import folder
from cetsgraph.texts import nearest

__all__ = ["load", "names", "parse"]


def names() -> tuple[str, ...]:
    """Names of all queries that ship with the package, sorted.

    >>> len(names()), names()[0]
    (51, 'acquisitions_by_instrument')
    """
    return tuple(sorted(path.stem for path in folder("queries").glob("*.rq")))


@cache
def load(name: str) -> Query:
    """The query of a name.

    >>> load("tilt_series_by_dose").bind(maximum=60.0).rpartition("VALUES ")[2][:60]
    '?maximum { "60.0"^^<http://www.w3.org/2001/XMLSchema#double>'

    Raises:
        UnknownQuery: there is none; the error suggests names like it.
    """
    known = names()
    if name not in known:
        raise UnknownQuery(name, suggestions=nearest(name, known), hint=_what_else(name))
    path = folder("queries") / f"{name}.rq"
    return parse(path.read_text(encoding="utf-8"), path)


def _what_else(name: str) -> str | None:
    """What to do about a name that is none of a query, but may be a file or SPARQL."""
    if name.endswith((".rq", ".sparql")):
        return f"If it is a file, `cetsgraph query --file {shlex.quote(name)}` asks it."
    return "If it is SPARQL, its pattern is missing: SELECT … { … }." if name.split()[1:] else None


def parse(text: str, path: Path) -> Query:
    """Read a query file, whose name without `.rq` is the query's.

    >>> header = "# title: All\\n# description: Everything.\\n# column s: iri, -, subject\\n"
    >>> parse(header + "SELECT ?s { ?s ?p ?o }", Path("all.rq")).columns
    (Column(name='s', kind=<ValueKind.IRI: 'iri'>, unit=None, meaning='subject', optional=False, shape=None),)

    Raises:
        QuerySyntaxError: the header is malformed, or does not agree with the SPARQL below it: an undeclared
            parameter, one without a VALUES block, columns that the SELECT does not give. With file and line.
    """
    return _QueryFile(text, path).query()


_HEADER_LINE = re.compile(r"#\s?(?P<more>\s{2,})?(?P<text>.*)")
_ENTRY = re.compile(r"(?P<key>\w+)(?:\s+(?P<name>\w+))?:\s*(?P<rest>.*)", re.DOTALL)
_TEXTS = ("title", "description", "theme", "scope", "needs")
_FORMS = (*(f"`# {key}: …`" for key in _TEXTS), *(f"`# {key} NAME: …`" for key in ("param", "row", "column")))
_NOT_IN = {"column": (ValueKind.WORD, ValueKind.OBJECT), "param": (ValueKind.ARRAY,)}
_FIELD = re.compile(
    r"(?P<optional>optional )?(?P<many>list of )?(?P<kind>\w+)(?:\s+(?P<shape>\w+(?:×\w+)*))?"
    r"\s*,\s*(?P<unit>[^,]+?)\s*,\s*(?P<meaning>.+)",
    re.DOTALL,
)


class _QueryFile:
    """A query file: the entries of its header, checked against the SPARQL below."""

    def __init__(self, text: str, path: Path) -> None:
        self.text = text
        self.path = path
        self.texts: dict[str, str] = {}
        self.row: RowClass | None = None
        self.parameters: dict[str, tuple[int, re.Match[str]]] = {}
        self.columns: dict[str, tuple[int, re.Match[str]]] = {}

    def query(self) -> Query:
        """The query, if header and SPARQL agree."""
        for line, entry in self._entries():
            self._take(line, entry)
        for key in ("title", "description"):
            if key not in self.texts:
                raise self._error(f"the header has no {key}", 1, f"Write `# {key}: …`.")
        parameters = tuple(self._parameters())
        columns = tuple(self._columns())
        return Query(
            name=self.path.stem,
            title=self.texts["title"],
            description=self.texts["description"],
            parameters=parameters,
            columns=columns,
            text=self.text,
            theme=self.texts.get("theme"),
            row=self.row,
            scope=self._scope(),
            needs=self._needs(),
        )

    def _entries(self) -> Iterator[tuple[int, str]]:
        """Header entries with the line each starts in; continued lines are joined."""
        start, entry = 1, ""
        for number, line in enumerate(self.text.splitlines(), 1):
            found = _HEADER_LINE.fullmatch(line)
            if found is None:
                break
            if found["more"] and entry:
                entry = f"{entry} {found['text']}"
                continue
            if entry:
                yield start, entry
            start, entry = number, found["text"]
        if entry:
            yield start, entry

    def _take(self, line: int, entry: str) -> None:
        found = _ENTRY.fullmatch(entry)
        key = found["key"] if found else ""
        if key in self.texts or (key == "row" and self.row is not None):
            raise self._error(f"{key} is described twice", line)
        if found is not None and key in _TEXTS and not found["name"] and found["rest"]:
            self.texts[key] = found["rest"]
        elif found is not None and key == "row" and (found["name"] or "").isidentifier() and found["rest"]:
            self.row = RowClass(found["name"], found["rest"])
        elif found is not None and key in ("param", "column") and found["name"]:
            self._take_field(line, key, found["name"], found["rest"])
        else:
            raise self._error(f"not a header entry: {entry}", line, f"Write {', '.join(_FORMS)}.")

    def _take_field(self, line: int, key: str, name: str, rest: str) -> None:
        field = _FIELD.fullmatch(rest)
        kinds = [kind for kind in ValueKind if kind not in _NOT_IN[key]]
        if (
            field is None
            or field["kind"] not in kinds
            or (field["many"] and key == "column")
            or (field["shape"] and field["kind"] != ValueKind.ARRAY)
        ):
            raise self._error(
                f"{key} {name} is not described as kind, unit, meaning",
                line,
                f"Kinds are {', '.join(kinds)}; the unit is - where there is none.",
            )
        fields = self.parameters if key == "param" else self.columns
        if name in fields:
            raise self._error(f"{key} {name} is described twice", line)
        fields[name] = line, field

    def _parameters(self) -> Iterator[Parameter]:
        found: dict[str, str] = {}
        for block in blocks(self.text):
            if block["name"] not in self.parameters:
                line = self.text.count("\n", 0, block.start()) + 1
                raise self._error(
                    f"parameter {block['name']} is not declared",
                    line,
                    f"Write `# param {block['name']}: kind, unit, meaning` into the header, or "
                    f"`VALUES (?{block['name']}) {{ (…) }}` for values that are not a parameter.",
                )
            found.setdefault(block["name"], block["rows"].strip())
        for name, (line, field) in self.parameters.items():
            self._check_example(name, line, found.get(name), optional=bool(field["optional"]))
            yield Parameter(
                name=name,
                kind=ValueKind(field["kind"]),
                many=bool(field["many"]),
                unit=_unit(field),
                meaning=field["meaning"],
                example=found[name],
                optional=bool(field["optional"]),
            )

    def _check_example(self, name: str, line: int, example: str | None, *, optional: bool) -> None:
        if not example:
            hint = f"Write `VALUES ?{name} {{ … }}` into the query."
            raise self._error(f"parameter {name} is declared and has no example value", line, hint)
        if optional != (example == NOT_GIVEN):
            hint = f"`VALUES ?{name} {{ {NOT_GIVEN} }}` goes with `# param {name}: optional …`."
            raise self._error(f"parameter {name} has an example value or is optional, not both", line, hint)

    def _columns(self) -> Iterator[Column]:
        selected, declared = self._selected(), list(self.columns)
        if selected != declared:
            wrong = next(
                (name for name, other in zip(declared, selected, strict=False) if name != other),
                (declared[len(selected) :] or selected[len(declared) :] or [""])[0],
            )
            line = self.columns[wrong][0] if wrong in self.columns else 1
            raise self._error(
                f"the columns are {', '.join(declared) or 'not declared'}, "
                f"and the SELECT gives {', '.join(selected)}",
                line,
                "Declare one column for each variable of the SELECT, in the same order.",
            )
        for name, (_, field) in self.columns.items():
            yield Column(
                name=name,
                kind=ValueKind(field["kind"]),
                unit=_unit(field),
                meaning=field["meaning"],
                optional=bool(field["optional"]),
                shape=field["shape"],
            )

    def _scope(self) -> Scope | None:
        given = self.texts.get("scope")
        if given is None or given in list(Scope):
            return Scope(given) if given else None
        raise self._error(f"there is no scope {given}", 1, f"Scopes are {', '.join(Scope)}.")

    def _needs(self) -> str:
        needs = self.texts.get("needs", "")
        try:
            Store().query(f"PREFIX cets: <{CETS}> SELECT ?dataset {{ {needs} }}")
        except SyntaxError:
            raise self._error(f"not a pattern of SPARQL: {needs}", 1, "Write it as in WHERE.") from None
        return needs

    def _selected(self) -> list[str]:
        try:
            answer = Store().query(self.text)
        except SyntaxError as error:
            found = re.match(r"error at (\d+):(\d+): (.*)", str(error), re.DOTALL)
            line, column, what = (int(found[1]), int(found[2]), found[3]) if found else (1, None, str(error))
            raise QuerySyntaxError(what, line=line, column=column, where=self.path) from error
        if not isinstance(answer, QuerySolutions):
            raise self._error("the query is not a SELECT", 1)
        return [variable.value for variable in answer.variables]

    def _error(self, what: str, line: int, hint: str | None = None) -> QuerySyntaxError:
        return QuerySyntaxError(what, line=line, where=self.path, hint=hint)


def _unit(field: re.Match[str]) -> str | None:
    return None if field["unit"] == "-" else field["unit"]
