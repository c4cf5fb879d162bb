"""YAML 1.2 (core schema) as JSON values: `no` is text, dates are text, tags and repeated keys are refused.

Of YAML 1.1 there are merge keys: `<<: *anchor` takes the fields of another mapping that are not given here.

Built from libyaml's events without recursion, so that neither depth nor aliases can exhaust the machine.
"""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

import yaml

from cetsgraph.documents.limits import MAX_DEPTH, too_deep
from cetsgraph.documents.slips import other_format, yaml_slip
from cetsgraph.errors import DocumentError
from cetsgraph.pointers import child_pointer
from cetsgraph.texts import whole_number

__all__ = ["Documents", "lines", "parse"]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INTEGER = re.compile(r"[-+]?[0-9]+")
_DOUBLE = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}
_BRACKET = re.compile(r"[\[\]{}]")
_FREE_NODES = 1_000_000
_MAX_RATIO = 10  # values, aliases followed, per value that is written down
_TAG = "tag:yaml.org,2002:"
_MERGE = "<<"


class Documents(list[Any]):
    """Several documents of one file, in their order; the second begins at a line and column, from 1."""

    line = 1
    column = 1


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read; `key` is the field that waits for its value."""

    value: Any
    pointer: str
    anchor: str | None
    nodes: int = 1
    key: str | None = None
    seen: set[str] = field(default_factory=set)
    merges: bool = False


def parse(text: str, path: str) -> Any:
    """The document that the text holds; `Documents` where it holds several.

    Raises:
        DocumentError: it is not YAML, holds tags, repeated keys, keys that are not
            text, or is too deep or too large when its aliases are followed.
    """
    builder = _Builder(path, MAX_DEPTH)
    try:
        return builder.build(text)
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, builder, text) from error
    except yaml.reader.ReaderError as error:
        raise DocumentError(
            "a character is not allowed in YAML",
            path=path,
            line=text.count("\n", 0, error.position) + 1,
            found=f"U+{ord(error.character):04X}" if isinstance(error.character, str) else error.character,
        ) from error


def _not_yaml(error: yaml.MarkedYAMLError, builder: "_Builder", text: str) -> DocumentError:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return DocumentError(f"this is not YAML: {error.problem or error.context}", path=builder.path)
    deepest = builder.too_deep_before(text, mark.index)
    if deepest is not None:
        line, column = _place(text, deepest)
        return too_deep(builder.path, line=line, column=column)
    return DocumentError(
        f"this is not YAML: {error.problem or error.context or 'unreadable'}",
        path=builder.path,
        line=mark.line + 1,
        column=mark.column + 1,
        hint=other_format(text, ".yaml") or yaml_slip(text, mark.index),
    )


def _place(text: str, position: int) -> tuple[int, int]:
    """Line and column of a position, from 1."""
    return text.count("\n", 0, position) + 1, position - text.rfind("\n", 0, position)


def lines(text: str, pointers: set[str]) -> dict[str, int]:
    """Lines, from 1, of the pointers that lead somewhere; the text is known to be good."""
    known = {"": 1}

    wanted = {above for pointer in pointers for above in _above(pointer)}

    def note(pointer: str, line: int) -> None:
        if pointer in wanted:
            known.setdefault(pointer, line)

    _Builder("", sys.maxsize, note).build(text)
    return known


def _above(pointer: str) -> Iterator[str]:
    """A pointer, and those of all that holds what it leads to."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]


class _Builder:
    def __init__(self, path: str, max_depth: int, note: Callable[[str, int], None] | None = None) -> None:
        self.path = path
        self.max_depth = max_depth
        self.note = note
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.result: Any = None
        self.results: Documents | None = None
        self.written = 0
        self.position = 0  # where the last event ended

    def build(self, text: str) -> Any:
        """The one document of a text, or all of them in a list; empty ones after the first do not count."""
        documents = 0
        for event in _events(text):
            self.written += 1
            self.position = event.end_mark.index
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self.next_document(documents, event)
            elif isinstance(event, yaml.ScalarEvent):
                self.scalar(event)
            elif isinstance(event, yaml.AliasEvent):
                self.alias(event)
            elif isinstance(event, yaml.CollectionStartEvent):
                self.start(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                done = self.open.pop()
                if done.merges:
                    self.merge(done.value, event)
                self.add(event, done.value, done.nodes, done.anchor)
        if self.results is None:
            return self.result
        return self.results if len(self.results) > 1 else self.results[0]

    def next_document(self, number: int, event: Any) -> None:
        """Let what follows be the next of several documents, each an item of a list."""
        if number == 2:
            self.results = Documents([self.result])
            mark = event.start_mark
            self.results.line, self.results.column = mark.line + 1, mark.column + 1
        self.anchors.clear()

    def too_deep_before(self, text: str, position: int) -> int | None:
        """Where brackets that were scanned ahead of the events exceed the depth, up to a position.

        libyaml looks ahead for keys and has a limit of its own, so that it can stop before its events show
        how deep the document is.
        """
        depth = len(self.open)
        for bracket in _BRACKET.finditer(text, self.position, position):
            depth += 1 if bracket[0] in "[{" else -1
            if depth > self.max_depth:
                return bracket.start()
        return None

    def start(self, event: Any) -> None:
        """Open a mapping or a list."""
        mapping = isinstance(event, yaml.MappingStartEvent)
        if event.tag not in (None, "!", _TAG + ("map" if mapping else "seq")):
            self.refuse("tags are not read", event, found=event.tag)
        if len(self.open) >= self.max_depth:
            mark = event.start_mark
            raise too_deep(self.path, line=mark.line + 1, column=mark.column + 1)
        if self.open and isinstance(self.open[-1].value, dict) and self.open[-1].key is None:
            self.refuse("a key must be text", event)
        pointer = self.place(event)
        self.open.append(_Open({} if mapping else [], pointer, event.anchor))

    def scalar(self, event: Any) -> None:
        """Take a key of an open mapping, or a value."""
        holder = self.open[-1] if self.open else None
        if holder is not None and isinstance(holder.value, dict) and holder.key is None:
            self.key(holder, event.value, event)
            return
        self.place(event)
        self.add(event, self.resolve(event), 1, event.anchor)

    def key(self, holder: _Open, name: str, event: Any) -> None:
        """Take a key, which a mapping has once."""
        if name in holder.seen:
            pointer = child_pointer(holder.pointer, name)
            self.refuse("a field is there twice", event, pointer=pointer, hint="Keep one of them.")
        holder.seen.add(name)
        holder.key = name
        holder.merges = holder.merges or (name == _MERGE and event.implicit[0])
        self.place(event)

    def merge(self, fields: dict[str, Any], event: Any) -> None:
        """Add the fields of the mapping, or of each mapping of the list, that is given under the merge key.

        https://yaml.org/type/merge.html
        """
        given = fields.pop(_MERGE)
        for other in given if isinstance(given, list) else [given]:
            if not isinstance(other, dict):
                self.refuse("only a mapping, or a list of mappings, can be merged", event, found=_MERGE)
            for name, value in other.items():
                fields.setdefault(name, value)

    def alias(self, event: Any) -> None:
        """Take again what an anchor named."""
        if event.anchor not in self.anchors:
            self.refuse("an alias leads nowhere, or into itself", event, found=f"*{event.anchor}")
        if self.open and isinstance(self.open[-1].value, dict) and self.open[-1].key is None:
            self.refuse("a key must be text", event)
        value, nodes = self.anchors[event.anchor]
        self.place(event)
        self.add(event, value, nodes, None)

    def add(self, event: Any, value: Any, nodes: int, anchor: str | None) -> None:
        """Put a value where the next one goes."""
        if anchor is not None:
            self.anchors[anchor] = (value, nodes)
        if not self.open:
            self.result = value
            if self.results is not None and value is not None:
                self.results.append(value)
            return
        holder = self.open[-1]
        holder.nodes += nodes
        if holder.nodes > _FREE_NODES + _MAX_RATIO * self.written:
            self.refuse("aliases make the document too large", event)
        if isinstance(holder.value, list):
            holder.value.append(value)
        else:
            holder.value[holder.key] = value
            holder.key = None

    def place(self, event: Any) -> str:
        """The pointer of what begins here."""
        if not self.open:
            if self.results is None:
                return ""
            pointer = f"/{len(self.results)}"
            if self.note is not None:
                self.note(pointer, event.start_mark.line + 1)
            return pointer
        holder = self.open[-1]
        token = len(holder.value) if isinstance(holder.value, list) else holder.key or ""
        pointer = child_pointer(holder.pointer, token)
        if self.note is not None:
            self.note(pointer, event.start_mark.line + 1)
        return pointer

    def resolve(self, event: Any) -> Any:
        """The value of a plain text, by the rules of JSON."""
        text: str = event.value
        if event.tag not in (None, "!"):
            if event.tag != f"{_TAG}str":
                self.refuse("tags are not read", event, found=event.tag)
            return text
        if not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            try:
                return whole_number(text)
            except ValueError as error:
                self.refuse("a number has too many digits", event, found=str(error))
        return float(text) if _DOUBLE.fullmatch(text) else text

    def refuse(self, what: str, event: Any, **more: Any) -> NoReturn:
        mark = event.start_mark
        raise DocumentError(what, path=self.path, line=mark.line + 1, column=mark.column + 1, **more)


def _events(text: str) -> Iterator[Any]:
    return iter(yaml.parse(text, Loader=_LOADER))
