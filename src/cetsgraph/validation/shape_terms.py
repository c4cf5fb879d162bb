"""The classes and properties that shapes ask for, each property with the classes that it is asked of.

Of a document, only these need to be written as a graph for the shapes to judge.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator

import pyoxigraph as ox

from cetsgraph.namespaces import CETS, RDF, RULE, SH, SHAPES
from cetsgraph.vocabulary import vocabulary

__all__ = ["asked_by_shapes", "named_in"]

_TERM = re.compile(r"\bcets:(\w+)")
_PATH, _FIRST, _REST, _NIL = f"{SH}path", f"{RDF}first", f"{RDF}rest", ox.NamedNode(f"{RDF}nil")
_PAIRED = {f"{SH}{name}" for name in ("equals", "disjoint", "lessThan", "lessThanOrEquals")}
"""What compares the values of a path with those of another property of the same object."""

_Node = ox.NamedNode | ox.BlankNode | ox.Literal
_Classes = frozenset[str]
_ANY: _Classes = frozenset()
"""Objects of any class."""


def named_in(text: str) -> set[str]:
    """Names of all classes and properties of the ontology in a text of shapes."""
    return set(_TERM.findall(text))


def asked_by_shapes(text: str, without: Container[str] = ()) -> set[str]:
    """What the shapes of a file ask for: `path`, or `FitMap.path` where it is asked of one class alone.

    >>> sorted(asked_by_shapes('''
    ... @prefix cets: <https://w3id.org/cetsgraph/ontology#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
    ... <https://w3id.org/cetsgraph/shapes#a> sh:targetClass cets:DataSet ;
    ...     sh:path ( cets:hasRegion cets:description ) ; sh:minCount 1 .
    ... '''))
    ['DataSet', 'DataSet.hasRegion', 'Region.description']

    Args:
        text: shapes, in Turtle.
        without: shapes that are left out.
    """
    shapes = _Shapes(text)
    for shape in shapes.named:
        if shape.value not in without:
            shapes.ask(shape)
    return shapes.asked


class _Shapes:
    """The shapes of a file, and what those that were gone through ask for."""

    def __init__(self, text: str) -> None:
        self.asked: set[str] = set()
        self._said: dict[_Node, list[tuple[str, _Node]]] = defaultdict(list)
        for quad in ox.parse(text, format=ox.RdfFormat.TURTLE):
            if not isinstance(quad.subject, ox.Triple) and not isinstance(quad.object, ox.Triple):
                self._said[quad.subject].append((quad.predicate.value, quad.object))
        self.named = [node for node in self._said if _starts(node, SHAPES)]

    def ask(self, shape: _Node) -> None:
        """Go through a shape."""
        classes: set[str] = set()
        for predicate, value in self._said[shape]:
            name = _term(value)
            if predicate == f"{SH}targetClass" and name is not None:
                classes.add(name)
            elif predicate == f"{SH}targetSubjectsOf" and name is not None:
                classes |= _owners(name)
        self._of_objects(shape, frozenset(classes))

    def _of_objects(self, node: _Node, classes: _Classes) -> None:
        """Go through a part of a shape, which judges objects of these classes."""
        paths = [value for predicate, value in self._said[node] if predicate == _PATH]
        values = self._along(paths[0], classes) if paths else classes
        for predicate, value in self._said[node]:
            if predicate == _PATH or predicate.startswith(RULE):
                continue
            if predicate in _PAIRED:
                self._along(value, classes)
            elif isinstance(value, ox.Literal):
                self.asked |= named_in(value.value)
            elif isinstance(value, ox.BlankNode):
                self._of_objects(value, values)
            elif (name := _term(value)) is not None:
                self.asked.add(name)

    def _along(self, path: _Node, classes: _Classes) -> _Classes:
        """Go along a path from objects of these classes; the classes of those that it leads to."""
        if (name := _term(path)) is not None:
            self.asked.update([f"{one}.{name}" for one in classes] or [name])
            return _values(name)
        said = dict(self._said[path])
        if _FIRST in said:
            for step in self._items(path):
                classes = self._along(step, classes)
            return classes
        if (inverse := said.get(f"{SH}inversePath")) is not None:
            self._along(inverse, _ANY)
            return _owners(_term(inverse) or "")
        if (ways := said.get(f"{SH}alternativePath")) is not None:
            ends = [self._along(way, classes) for way in self._items(ways)]
            return frozenset().union(*ends) if all(ends) else _ANY
        for part in said.values():  # any number of times
            self._along(part, _ANY)
        return _ANY

    def _items(self, node: _Node) -> Iterator[_Node]:
        """The items of a list."""
        while node != _NIL:
            said = dict(self._said[node])
            yield said[_FIRST]
            node = said[_REST]


def _starts(node: _Node, namespace: str) -> bool:
    return isinstance(node, ox.NamedNode) and node.value.startswith(namespace)


def _term(node: _Node) -> str | None:
    """The name of a class or property of the ontology."""
    return node.value.removeprefix(CETS) if _starts(node, CETS) else None


def _owners(name: str) -> _Classes:
    """The classes whose objects can have a property; any for what is no property."""
    prop = vocabulary().properties.get(name)
    return _ANY if prop is None else _below(prop.domains)


def _values(name: str) -> _Classes:
    """The classes of the values of a property; any where it is not known."""
    prop = vocabulary().properties.get(name)
    return _ANY if prop is None or prop.range is None else _below((prop.range,))


def _below(names: Iterable[str]) -> _Classes:
    """Some classes and those below them."""
    return frozenset(below for name in names for below in vocabulary().subclasses(name))
