"""A question: what it asks and gives, its SPARQL, and how values of its parameters are bound."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import isclose
from typing import Any

from cetsgraph.errors import ParameterError
from cetsgraph.namespaces import CETS
from cetsgraph.queries.terms import Scalar, Value, ValueKind, scalar, serialize
from cetsgraph.texts import did_you_mean, nearest

__all__ = ["NOT_GIVEN", "Column", "Parameter", "Query", "RowClass", "Scope", "blocks"]

NOT_GIVEN = "UNDEF"
"""What stands in the block of an optional parameter: its variable is unbound."""

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
_BY_DATA_SET = re.compile(r"\bORDER\s+BY\s+\?dataset\b[^{}]*\Z")
_RANGES = (("minimum", "maximum"), ("smallest_voxels", "largest_voxels"))  # parameters: start and end
_TOLERANCE = 2e-6  # relative: questions take each end by a millionth further
_OF_CATALOGUE = re.compile(r"\b(?:dcterms|void):\w")


@lru_cache(maxsize=256)
def blocks(text: str) -> tuple[re.Match[str], ...]:
    """The VALUES blocks of a query that can be parameters: groups `name` and `rows` of each."""
    return tuple(found for found in _BLOCK.finditer(text) if found["name"])


@lru_cache(maxsize=256)
def _has(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text) is not None


class Scope(StrEnum):
    """How much of a store a row of a question is about."""

    DATA_SET = "data set"
    """Rows belong to one data set each."""
    ACROSS = "across"
    """Rows compare or sum up data sets, or are about a store as a whole."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a query needs. `example` is what stands in the file, as SPARQL."""

    name: str
    kind: ValueKind
    many: bool
    unit: str | None
    meaning: str
    example: str
    optional: bool = False
    """Whether the question can be asked without it."""


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
    scope: Scope | None = None
    needs: str = ""
    """A pattern of SPARQL that the graph of each data set with rows matches, or that gives its `?dataset`."""

    @property
    def by_data_set(self) -> bool:
        """Whether each row belongs to one data set, and all rows of a data set stand together."""
        return self.scope is Scope.DATA_SET and _has(_BY_DATA_SET, self.text)

    @property
    def has_arrays(self) -> bool:
        """Whether a row may be large."""
        return any(column.kind is ValueKind.ARRAY for column in self.columns)

    @property
    def reads_catalogue(self) -> bool:
        """Whether it asks for what the catalogue has of a data set, such as its title."""
        return _has(_OF_CATALOGUE, self.text)

    def bind(self, /, **values: Value) -> str:
        """The SPARQL with these values instead of the examples: each as a term, never as text of the query.

        None, or nothing in a list, leaves an optional parameter out: its block is gone, because some engines
        (Virtuoso) lose rows where a variable is UNDEF.

        Raises:
            ParameterError: a parameter is unknown or missing, a value not of its kind, or a range empty.
        """
        return self._bound(self.text, values)

    def data_sets_with_needs(self, **values: Value) -> str | None:
        """SPARQL for each `?dataset` that has what the question needs; None where it needs nothing.

        Raises:
            ParameterError: as `bind` says.
        """
        if not self.needs:
            return None
        pattern = self._bound(self.needs, values)
        if "?dataset" not in pattern:
            pattern = f"GRAPH ?dataset {{ {pattern} }}"
        return f"PREFIX cets: <{CETS}> SELECT DISTINCT ?dataset {{ {pattern} }}"

    def _bound(self, text: str, values: Mapping[str, Value]) -> str:
        for name in values:
            self._known(name)
        self._check_ranges(values)
        rows = {one.name: self._rows(one, values.get(one.name)) for one in self.parameters}
        pieces: list[str] = []
        end = 0
        for block in blocks(text):
            given = rows[block["name"]]
            start = block.start() if given is None else block.start("rows")
            pieces += [text[end:start], "" if given is None else f" {given} "]
            end = block.end() if given is None else block.end("rows")
        return "".join([*pieces, text[end:]])

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

    def _check_ranges(self, values: Mapping[str, Value]) -> None:
        for first, last in _RANGES:
            start, end = values.get(first), values.get(last)
            if not isinstance(start, int | float) or not isinstance(end, int | float):
                continue
            if start > end and not isclose(start, end, rel_tol=_TOLERANCE):
                raise ParameterError(
                    f"no value is in the range from {first} to {last}",
                    query=self.name,
                    parameter=first,
                    found=f"{start:g} to {end:g}",
                    expected=f"at most {end:g}, the {last}",
                )

    def _rows(self, parameter: Parameter, value: Value | None) -> str | None:
        """The terms of a block; None where an optional parameter is left out."""
        several = parameter.many and not isinstance(value, str) and isinstance(value, Iterable)
        given = list(value) if several and isinstance(value, Iterable) else [value]
        if value is None or not given:
            if parameter.optional:
                return None
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
