"""The form of a query file: a header in comments, and SPARQL that runs as it stands.

```text
# title: Tilt series by dose
# description: One or more sentences. Any text goes on in a line that is indented
#   like this one.
# theme: acquisition
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
parameter that takes several values is a `list of` a kind; a column that may be empty is `optional`. Columns
are the variables of the SELECT, in order. A parameter is a `VALUES ?name { … }` block, with an example value
in the file; to fix values that are not a parameter, write `VALUES (?name) { (…) }`. `row` and `theme` may be
left out: they name the class of a row, and the module of the typed function, of a query that ships.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import QuerySolutions, Store

from cetsgraph.errors import ParameterError, QuerySyntaxError, UnknownQuery, did_you_mean, nearest
from cetsgraph.queries.terms import Scalar, Value, ValueKind, scalar, serialize
from cetsgraph.resources import folder

__all__ = ["Column", "Parameter", "Query", "RowClass", "load", "names", "parse"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a query needs. `example` is what stands in the file, as SPARQL."""

    name: str
    kind: ValueKind
    many: bool
    unit: str | None
    meaning: str
    example: str


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a row."""

    name: str
    kind: ValueKind
    unit: str | None
    meaning: str
    optional: bool = False
    """Whether it may be empty, as the file declares."""
    shape: str | None = None
    """Of an array, such as N×M."""

    def of(self, row: object) -> Any:
        """The cell of a row, which is a dictionary or has a field for each column."""
        return row[self.name] if isinstance(row, dict) else getattr(row, self.name)


@dataclass(frozen=True, slots=True)
class RowClass:
    """The typed class of the rows of a query."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question: what it means, its parameters and columns, and its SPARQL."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    text: str
    theme: str | None = None
    row: RowClass | None = None

    def bind(self, /, **values: Value) -> str:
        """The SPARQL with these values instead of the examples: each as a term, never as text of the query.

        Raises:
            ParameterError: a parameter is unknown or missing, or a value is not of its kind.
        """
        parameters = {parameter.name: parameter for parameter in self.parameters}
        for name in values:
            self._known(name)
        rows = {name: self._rows(parameter, values.get(name)) for name, parameter in parameters.items()}
        pieces: list[str] = []
        end = 0
        for block in _blocks(self.text):
            pieces += [self.text[end : block.start("rows")], " ", rows[block["name"]], " "]
            end = block.end("rows")
        return "".join([*pieces, self.text[end:]])

    def values(self, texts: Iterable[tuple[str, str]]) -> dict[str, Value]:
        """Values for `bind` from names and texts, as a command line has them; a list takes a name repeatedly.

        Raises:
            ParameterError: a parameter is unknown or given twice, or a text is not of its kind.
        """
        values: dict[str, list[Scalar]] = {}
        for name, text in texts:
            parameter = self._known(name)
            given = values.setdefault(name, [])
            if given and not parameter.many:
                raise ParameterError("takes one value", query=self.name, parameter=name, found="several")
            try:
                given.append(scalar(parameter.kind, text))
            except ValueError as error:
                raise self._wrong(parameter, text, error) from None
        return {name: given if self._known(name).many else given[0] for name, given in values.items()}

    def _known(self, name: str) -> Parameter:
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = [parameter.name for parameter in self.parameters]
        hint = did_you_mean(nearest(name, known)) or (
            f"Its parameters are {', '.join(known)}." if known else "It has no parameters."
        )
        raise ParameterError("the query has no such parameter", query=self.name, parameter=name, hint=hint)

    def _rows(self, parameter: Parameter, value: Value | None) -> str:
        several = parameter.many and not isinstance(value, str) and isinstance(value, Iterable)
        given = list(value) if several and isinstance(value, Iterable) else [value]
        if value is None or not given:
            unit = f" in {parameter.unit}" if parameter.unit else ""
            raise ParameterError(
                "no value was given",
                query=self.name,
                parameter=parameter.name,
                expected=f"{parameter.meaning}{unit}, such as {parameter.example}",
            )
        try:
            return " ".join(serialize(parameter.kind, item) for item in given)
        except ValueError as error:
            raise self._wrong(parameter, value, error) from None

    def _wrong(self, parameter: Parameter, value: object, error: ValueError) -> ParameterError:
        return ParameterError(
            "the value is of the wrong kind",
            query=self.name,
            parameter=parameter.name,
            found=repr(value),
            expected=str(error),
        )


def names() -> tuple[str, ...]:
    """Names of all queries that ship with the package, sorted.

    >>> len(names()), names()[0]
    (39, 'acquisitions_by_instrument')
    """
    return tuple(sorted(path.stem for path in folder("queries").glob("*.rq")))


@cache
def load(name: str) -> Query:
    """The query of a name.

    >>> load("tilt_series_by_dose").bind(maximum=60.0).partition("VALUES ")[2][:60]
    '?maximum { "60.0"^^<http://www.w3.org/2001/XMLSchema#double>'

    Raises:
        UnknownQuery: there is none; the error suggests names like it.
    """
    known = names()
    if name not in known:
        raise UnknownQuery(name, suggestions=nearest(name, known))
    path = folder("queries") / f"{name}.rq"
    return parse(path.read_text(encoding="utf-8"), path)


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


_STRING = r"""
    \"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
    | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*'
"""
_IRI = r"<[^<>\"{}|^`\\\x00-\x20]*>"
_BLOCK = re.compile(
    rf"""
      \#[^\r\n]* | {_IRI} | {_STRING}
    | (?<![\w:?$@.-])VALUES\s+[?$](?P<name>\w+)\s*\{{(?P<rows>(?:{_IRI} | {_STRING} | [^{{}}<"'#])*)\}}
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_HEADER_LINE = re.compile(r"#\s?(?P<more>\s{2,})?(?P<text>.*)")
_ENTRY = re.compile(r"(?P<key>\w+)(?:\s+(?P<name>\w+))?:\s*(?P<rest>.*)", re.DOTALL)
_TEXTS = ("title", "description", "theme")
_FORMS = (*(f"`# {key}: …`" for key in _TEXTS), *(f"`# {key} NAME: …`" for key in ("param", "row", "column")))
_NOT_IN = {"column": (ValueKind.WORD, ValueKind.OBJECT), "param": (ValueKind.ARRAY,)}
_FIELD = re.compile(
    r"(?P<optional>optional )?(?P<many>list of )?(?P<kind>\w+)(?:\s+(?P<shape>\w+(?:×\w+)*))?"
    r"\s*,\s*(?P<unit>[^,]+?)\s*,\s*(?P<meaning>.+)",
    re.DOTALL,
)


def _blocks(text: str) -> Iterator[re.Match[str]]:
    return (found for found in _BLOCK.finditer(text) if found["name"])


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
            or field["many" if key == "column" else "optional"]
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
        blocks: dict[str, str] = {}
        for block in _blocks(self.text):
            if block["name"] not in self.parameters:
                line = self.text.count("\n", 0, block.start()) + 1
                raise self._error(
                    f"parameter {block['name']} is not declared",
                    line,
                    f"Write `# param {block['name']}: kind, unit, meaning` into the header, or "
                    f"`VALUES (?{block['name']}) {{ (…) }}` for values that are not a parameter.",
                )
            blocks.setdefault(block["name"], block["rows"].strip())
        for name, (line, field) in self.parameters.items():
            if not blocks.get(name):
                raise self._error(
                    f"parameter {name} is declared and has no example value",
                    line,
                    f"Write `VALUES ?{name} {{ … }}` into the query.",
                )
            yield Parameter(
                name=name,
                kind=ValueKind(field["kind"]),
                many=bool(field["many"]),
                unit=_unit(field),
                meaning=field["meaning"],
                example=blocks[name],
            )

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
