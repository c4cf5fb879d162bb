"""Tables that pages show: values for people, and where they lead."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import pyoxigraph as ox

from cetsgraph.authorities import term_iri
from cetsgraph.iris import is_iri, is_web_address
from cetsgraph.namespaces import PREFIXES
from cetsgraph.queries import Column, Row, Rows, ValueKind
from cetsgraph.queries.describe import named
from cetsgraph.queries.own import columns_in_order
from cetsgraph.queries.writing import cell_text
from cetsgraph.rdf import python_value
from cetsgraph.server.site.linked_data import address_of
from cetsgraph.server.site.rendering import shown_number
from cetsgraph.server.site.words import called_apart, in_words, kind_in_words
from cetsgraph.store import QueryAnswer, Solutions, Store
from cetsgraph.texts import shortened
from cetsgraph.vocabulary import vocabulary

__all__ = [
    "Head",
    "Shown",
    "PageTable",
    "answer_table",
    "file_cell",
    "head_of",
    "object_cell",
    "plain_cell",
    "question_table",
    "value_cell",
    "yes_or_no",
]

_LONGEST, _ARRAY, _ADDRESS = 200, 48, 60  # characters of a text, of an array, and of an address
_TERM = re.compile(r"[A-Za-z][\w.-]{1,20}:\w[\w.-]{0,40}", re.ASCII)
_NUMBERS = (ValueKind.NUMBER, ValueKind.INTEGER)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column."""

    name: str
    unit: str | None = None
    meaning: str | None = None
    number: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell: its text, the address that it leads to, and its value where the text is not the whole of it."""

    text: str
    address: str | None = None
    exact: str | None = None
    number: bool = False
    whole: bool = False
    """Whether it stays on one line."""


@dataclass(frozen=True, slots=True)
class PageTable:
    """Rows below heads."""

    heads: Sequence[Head]
    rows: Sequence[Sequence[Shown]]

    def filled(self) -> "PageTable":
        """The columns of which some row has a value."""
        return self._of([place for place in self._places if any(row[place].text for row in self.rows)])

    def unrepeated(self) -> "PageTable":
        """The columns that say in some row more than the links to objects in it, and those before, do."""
        return self._of([place for place in self._places if any(_is_new(row, place) for row in self.rows)])

    @property
    def _places(self) -> range:
        return range(len(self.heads))

    def _of(self, places: Sequence[int]) -> "PageTable":
        """Some of the columns."""
        return PageTable(
            [self.heads[place] for place in places], [[row[place] for place in places] for row in self.rows]
        )


def _is_new(row: Sequence[Shown], place: int) -> bool:
    """Whether a cell has a link to an object, or says what no such link says and no address before it."""
    cell = row[place]
    if _leads_to_object(cell):
        return True
    objects = (one.text for one in row if _leads_to_object(one))
    return cell.text not in ("", *objects) and not (cell.address and cell in row[:place])


def _leads_to_object(cell: Shown) -> bool:
    return cell.address is not None and cell.address.startswith("/data/")


def question_table(store: Store, rows: Rows[Row]) -> PageTable:
    """The rows of a question, with names in place of IRIs; files stand last, since they are long."""
    columns = sorted(rows.columns, key=lambda one: one.name.endswith(("path", "address")))
    iris = [column.name for column in columns if column.kind is ValueKind.IRI]
    names = _Titles(store, (str(row[name]) for row in rows for name in iris if row[name] is not None))
    heads = [head_of(column) for column in columns]
    shown = [[_of_column(row[one.name], one, names) for one in columns] for row in rows]
    return PageTable(heads, shown).unrepeated()


def answer_table(store: Store, sparql: str, answer: QueryAnswer) -> PageTable:
    """What SPARQL gives: solutions, triples, or whether there is one; with names in place of IRIs."""
    if isinstance(answer, bool):
        return PageTable([Head("answer")], [[Shown(yes_or_no(answer))]])
    if isinstance(answer, Solutions):
        columns = columns_in_order(sparql, answer.variables)
        terms = [[row[name] for name in columns] for row in answer]
    else:
        columns = ("subject", "predicate", "object")
        terms = [[triple.subject, triple.predicate, triple.object] for triple in answer]
    names = _Titles(store, (term.value for row in terms for term in row if isinstance(term, ox.NamedNode)))
    rows = [[_of_term(term, names) for term in row] for row in terms]
    numbers = [all(row[place].number or not row[place].text for row in rows) for place in range(len(columns))]
    return PageTable([Head(name, number=number) for name, number in zip(columns, numbers, strict=True)], rows)


def plain_cell(value: object, longest: int = _LONGEST) -> Shown:
    """A value for people: a number rounded, an address or a term of an ontology with a link, a text cut.

    >>> plain_cell(590.7600000000002)
    Shown(text='590.76', address=None, exact='590.7600000000002', number=True, whole=False)
    >>> plain_cell("GO:0005840").address
    'http://purl.obolibrary.org/obo/GO_0005840'
    """
    text = cell_text(value)
    if isinstance(value, bool):
        return Shown(yes_or_no(value))
    if isinstance(value, list):
        return Shown(shortened(text, _ARRAY), exact=text, whole=True)
    if isinstance(value, int | float):
        rounded = shown_number(value)
        return Shown(rounded, None, None if rounded == text else text, number=True)
    if is_web_address(text):
        return Shown(shortened(text, longest), text if is_iri(text) else None)
    return Shown(shortened(text, longest), term_iri(text) if _TERM.fullmatch(text) else None)


def _short_address(text: str) -> str:
    """A long address by its host and its end.

    >>> _short_address("https://ftp.ebi.ac.uk/empiar/world_availability/12104/data/Control/TS_006.mrc")
    'ftp.ebi.ac.uk/…/TS_006.mrc'
    """
    if len(text) <= _ADDRESS:
        return text
    host, _, rest = text.partition("://")[2].partition("/")
    return f"{host}/…/{rest.rstrip('/').rpartition('/')[2]}"


def yes_or_no(value: object) -> str:
    """A truth value in words; nothing for None."""
    return "" if value is None else "yes" if value else "no"


def object_cell(name: str) -> Shown:
    """What is annotated, which leads to the data sets that have it.

    >>> object_cell("membrane").address
    '/datasets?object=membrane'
    """
    return Shown(name, f"/datasets?{urlencode({'object': name})}" if 0 < len(name) < _LONGEST else None)


def file_cell(path: str) -> Shown:
    """The name of a file, which leads to it where it is on the web.

    >>> file_cell("https://example.org/frames/TS_01.tif").text, file_cell("frames/TS_01.tif").address
    ('TS_01.tif', None)
    """
    address = path if is_web_address(path) and is_iri(path) else None
    return Shown(path.rstrip("/").rpartition("/")[2], address, path)


def head_of(column: Column) -> Head:
    """The head of a described column."""
    return Head(in_words(column.name), column.unit, column.meaning, column.kind in _NUMBERS)


class _Titles:
    """Names and addresses of objects."""

    def __init__(self, store: Store, iris: Iterable[str]) -> None:
        self._settings = store.settings
        self._named = named(store, {iri for iri in iris if is_iri(iri)})

    def cell(self, iri: str) -> Shown:
        known = self._named.get(iri)
        title = called_apart(known) if known is not None and known.title != iri else _compact(iri)
        address = address_of(self._settings, iri)
        told = address is not None and address.startswith("/data/")  # the address says the IRI
        return Shown(shortened(title, _LONGEST), address, None if told else iri)


def _compact(iri: str) -> str:
    """An IRI that has no name, with a usual prefix where it has one."""
    prefix, start = next(
        ((name, start) for name, start in PREFIXES.items() if iri.startswith(start)), ("", "")
    )
    return f"{prefix}:{iri.removeprefix(start)}" if prefix else iri


def _of_column(value: object, column: Column, names: _Titles) -> Shown:
    if column.kind is ValueKind.IRI and isinstance(value, str):
        return names.cell(value)
    if column.name == "kind" and (of := vocabulary().classes.get(str(value))) is not None:
        return Shown(kind_in_words(of.label))
    return value_cell(value)


def value_cell(value: object) -> Shown:
    """A value, an address by its host and its end."""
    shown = plain_cell(value)
    return replace(shown, text=_short_address(shown.text)) if shown.address == value else shown


def _of_term(term: object, names: _Titles) -> Shown:
    if isinstance(term, ox.NamedNode):
        return names.cell(term.value)
    if not isinstance(term, ox.Literal):
        return Shown("" if term is None else str(term))
    try:
        return value_cell(python_value(term))
    except ValueError:
        return value_cell(term.value)  # it is not written as its datatype demands
