"""XML as plain objects with lines; what could expand or nest without end is refused."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from cetsgraph.errors import DocumentError
from cetsgraph.pointers import pointer_tokens

__all__ = ["MAX_DEPTH", "Element", "parse"]

MAX_DEPTH = 64
"""Elements in each other; real files have about ten."""


@dataclass(slots=True)
class Element:
    """An element, by its name without prefix."""

    name: str
    namespace: str
    line: int
    attributes: dict[str, str]
    children: "list[Element]" = field(default_factory=list)
    text: str = ""
    """Text directly in it, without white space around it."""

    @property
    def data(self) -> Any:
        """Its text if it has no more than that; else an object of attributes (`@name`), elements and text
        (`#text`), in which elements of one name are a list."""
        if not self.attributes and not self.children:
            return self.text
        values: dict[str, Any] = {f"@{name}": value for name, value in self.attributes.items()}
        for name, several in self._by_name().items():
            values[name] = several[0].data if len(several) == 1 else [one.data for one in several]
        return {**values, "#text": self.text} if self.text else values

    def lines(self, pointers: Iterable[str]) -> dict[str, int]:
        """Lines, from 1, of what JSON pointers into `data` lead to, or of the element around it."""
        return {pointer: self._line(pointer_tokens(pointer)) for pointer in pointers}

    def _line(self, tokens: Sequence[str]) -> int:
        if not tokens:
            return self.line
        several = self._by_name().get(tokens[0], [])
        if len(several) > 1:
            rest = tokens[2:]
            several = several[int(tokens[1]) :] if len(tokens) > 1 else several
        else:
            rest = tokens[1:]
        return several[0]._line(rest) if several else self.line

    def _by_name(self) -> "dict[str, list[Element]]":
        found: dict[str, list[Element]] = defaultdict(list)
        for child in self.children:
            found[child.name].append(child)
        return found


def parse(text: str, path: str) -> Element:
    """Read an XML document: its outermost element.

    >>> found = parse("<TiltSeries Version='1'>\\n<Angles>-60\\n-57</Angles></TiltSeries>", "TS_01.xml")
    >>> found.name, found.data, found.lines(["/Angles"])
    ('TiltSeries', {'@Version': '1', 'Angles': '-60\\n-57'}, {'/Angles': 2})

    Raises:
        DocumentError: it is not well-formed, has a document type, or is nested too deeply.
    """
    return _TreeBuilder(path).built(text)


class _TreeBuilder:
    """Elements on their way from expat's events into a tree."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._pieces_append
        self._open: list[tuple[Element, list[str]]] = []
        self._root = Element("", "", 1, {})

    def built(self, text: str) -> Element:
        try:
            self._parser.Parse(text.encode("utf-8", "surrogatepass"), True)
        except expat.ExpatError as error:
            raise DocumentError(
                f"this is not XML: {expat.ErrorString(error.code)}",
                path=self._path,
                line=error.lineno,
                column=error.offset + 1,
                hint="Was it written to its end?",
            ) from error
        return self._root

    def _doctype(self, *_: object) -> None:
        raise DocumentError(
            "the XML has a document type, which could expand without end",
            path=self._path,
            line=self._parser.CurrentLineNumber,
            found="<!DOCTYPE",
            hint="Take it out if you trust the file.",
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        if len(self._open) == MAX_DEPTH:
            expected = f"at most {MAX_DEPTH} levels"
            raise DocumentError("the XML is nested too deeply", path=self._path, line=line, expected=expected)
        namespace, _, local = name.rpartition(" ")
        values = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        self._open.append((Element(local, namespace, line, values), []))

    def _pieces_append(self, text: str) -> None:
        self._open[-1][1].append(text)

    def _end(self, _: str) -> None:
        element, pieces = self._open.pop()
        element.text = "".join(pieces).strip()
        if self._open:
            self._open[-1][0].children.append(element)
        else:
            self._root = element
