"""What an address asks of a question: values of its parameters as texts, data sets, and which rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from cetsgraph import queries
from cetsgraph.errors import ParameterError, QueryError
from cetsgraph.queries import Parameter, Query, Row, Rows, ScopedPage, Value, ValueKind
from cetsgraph.queries.question import NOT_GIVEN
from cetsgraph.store import Store

__all__ = ["Asked", "Field"]

_TEXTS = (ValueKind.TEXT, ValueKind.WORD)
_NO = ("0", "false", "no")


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter in a form: what was given, what is wrong with it, and an example."""

    parameter: Parameter
    text: str
    wrong: str | None
    example: str
    suggested: Sequence[str] = ()
    """Values that the store has."""


@dataclass(slots=True)
class Asked:
    """A question with what was given to it."""

    question: Query
    texts: dict[str, list[str]] = field(default_factory=dict)
    """Of its parameters, as they were given."""
    dataset: list[str] = field(default_factory=list)
    kinds_of: bool = False
    limit: int | None = None
    offset: int = 0

    @classmethod
    def of(cls, question: Query, given: Iterable[tuple[str, str]]) -> "Asked":
        """What the parameters of an address ask: of several lines, each is a value.

        An empty one is none, as forms send it, but for a text that the question cannot do without.

        Raises:
            QueryError: a number of rows is none.
        """
        asked = cls(question)
        empty = {one.name for one in question.parameters if not one.optional and one.kind in _TEXTS}
        lines = [(name, line.strip()) for name, text in given for line in text.splitlines() or [""]]
        for name, text in lines:
            match name:
                case _ if not text and name not in empty:
                    continue
                case "format":
                    continue
                case "dataset":
                    asked.dataset.append(text)
                case "kinds_of":
                    asked.kinds_of = text not in _NO
                case "limit":
                    asked.limit = _whole(name, text)
                case "offset":
                    asked.offset = _whole(name, text)
                case _:
                    asked.texts.setdefault(name, []).append(text)
        return asked

    @property
    def asks(self) -> bool:
        """Whether anything was given that a form has, or need not be."""
        given = self.texts or self.dataset or self.kinds_of
        return bool(given) or all(one.optional for one in self.question.parameters)

    @property
    def follows(self) -> bool:
        """Whether kinds and parts of an object can be asked for."""
        return any(one.kind is ValueKind.OBJECT for one in self.question.parameters)

    def fields(self, wrong: Mapping[str, str], objects: Sequence[str] = ()) -> list[Field]:
        """The parameters in a form, with what is wrong with some, and names of objects to suggest."""
        return [self._field(one, wrong.get(one.name), objects) for one in self.question.parameters]

    def _field(self, parameter: Parameter, wrong: str | None, objects: Sequence[str]) -> Field:
        example = "" if parameter.example == NOT_GIVEN else parameter.example.replace('"', "").strip("<>")
        suggested = objects if parameter.kind is ValueKind.OBJECT else ()
        return Field(parameter, "\n".join(self.texts.get(parameter.name, ())), wrong, example, suggested)

    def values(self) -> tuple[dict[str, Value], dict[str, str]]:
        """The values of the parameters, and what is wrong with others.

        Raises:
            ParameterError: the question has no such parameter.
        """
        values: dict[str, Value] = {}
        wrong: dict[str, str] = {}
        for name, texts in self.texts.items():
            try:
                values |= self.question.values((name, text) for text in texts)
            except ParameterError as error:
                if name not in {one.name for one in self.question.parameters}:
                    raise
                wrong[name] = f"Here goes {error.expected}." if error.expected else f"It {error.what}."
        for one in self.question.parameters:
            if not one.optional and one.name not in self.texts:
                wrong[one.name] = "A value is needed."
        return values, wrong

    def rows(self, store: Store, values: dict[str, Value], limit: int | None) -> Rows[Row]:
        """At most so many rows; errors are those of `queries.run`."""
        page: ScopedPage = {"limit": limit, "offset": self.offset or None, "dataset": self.dataset or None}
        page["kinds_of"] = self.kinds_of
        return queries.run(store, self.question, values, **page)

    def address(self, **changed: object) -> str:
        """The address that asks this, with something changed; `""` leaves it out."""
        given: dict[str, object] = {**self.texts, "dataset": self.dataset, "kinds_of": int(self.kinds_of)}
        given |= {"limit": self.limit, "offset": self.offset} | changed
        query = urlencode([*_pairs(given)])
        return f"/queries/{self.question.name}{'?' if query else ''}{query}"


def _pairs(given: dict[str, object]) -> Iterable[tuple[str, object]]:
    for name, value in given.items():
        for one in value if isinstance(value, list) else [value]:
            if one not in ("", 0, None) or isinstance(value, list):
                yield name, one


def _whole(name: str, text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise QueryError(f"{name} is no whole number", found=text)
    return int(text)
