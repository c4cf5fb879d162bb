"""JSON text as a value, with the lines of its parts; what is not one JSON document is refused."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any

from cetsgraph.documents.limits import MAX_DEPTH, too_deep
from cetsgraph.documents.slips import json_slip, other_format
from cetsgraph.errors import DocumentError
from cetsgraph.pointers import child_pointer, pointer_tokens
from cetsgraph.texts import has_unrepresentable, whole_number

__all__ = ["lines", "parse"]


_MANY_DIGITS = re.compile(r"\d{4000}")
_LEVEL = re.compile(r'[\[\]{}]|"(?:[^"\\]|\\.)*+"', re.DOTALL)


class _Repeated(dict[str, Any]):
    """An object that has one field twice."""

    key: str


def parse(text: str, path: str) -> Any:
    """The one document that the text holds.

    Raises:
        DocumentError: it is not JSON, goes on after its end, has a field twice, or is nested too deeply.
    """
    repeated: list[_Repeated] = []

    def as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """An object of JSON, marked where a key stands twice."""
        fields = dict(pairs)
        if len(fields) != len(pairs):
            fields = _Repeated(fields)
            fields.key = _first_repeated(pairs)
            repeated.append(fields)
        return fields

    try:
        data = json.JSONDecoder(object_pairs_hook=as_object, parse_int=whole_number).decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(error, path) from error
    except RecursionError as error:
        raise too_deep(path, line=_line_too_deep(text)) from error
    except ValueError as error:  # Python reads no integer of more than some thousand digits
        digits = _MANY_DIGITS.search(text)
        line = None if digits is None else text.count("\n", 0, digits.start()) + 1
        raise DocumentError("a number has too many digits", path=path, line=line, found=str(error)) from error
    if repeated:
        raise _has_twice(data, text, path)
    return data


def _line_too_deep(text: str) -> int:
    """The first line that has more than `MAX_DEPTH` levels."""
    depth = 0
    for mark in _LEVEL.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark[0], 0)
        if depth > MAX_DEPTH:
            return text.count("\n", 0, mark.start()) + 1
    return 1


def _first_repeated(pairs: Iterable[tuple[str, Any]]) -> str:
    counts = Counter(name for name, _ in pairs)
    return next(name for name, count in counts.items() if count > 1)


def _not_json(error: json.JSONDecodeError, path: str) -> DocumentError:
    message, hint = f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}", None
    rest = error.doc[error.pos :]
    if not rest.strip() or _is_open_text(error):
        message, hint = "the document ends in the middle", "Was it written or downloaded to its end?"
    elif _is_whole(error):
        message, hint = "the document goes on after its end", "One file holds one document."
    elif not error.doc[: error.pos].strip():
        hint = (
            other_format(error.doc, ".json") or "`cetsgraph import` reads what programs and archives write."
        )
    else:
        hint = json_slip(error.doc, error.pos)
    found = repr(rest[:20]) if rest.strip() else "the end of the file"
    return DocumentError(message, path=path, line=error.lineno, column=error.colno, found=found, hint=hint)


def _is_open_text(error: json.JSONDecodeError) -> bool:
    """Whether a text begins at the error's place and has no end."""
    return error.doc[error.pos] == '"' and _WHOLE_TEXT.match(error.doc, error.pos) is None


def _is_whole(error: json.JSONDecodeError) -> bool:
    """Whether what stands before the error's place is a document of its own."""
    try:
        json.loads(error.doc[: error.pos])
    except ValueError:
        return False
    return True


def _has_twice(data: Any, text: str, path: str) -> DocumentError:
    pointer, key = next(_repeated(data))
    place = pointer if has_unrepresentable(key) else child_pointer(pointer, key)
    return DocumentError(
        "a field is there twice",
        path=path,
        pointer=place,
        line=lines(text, {place}).get(place),
        found=ascii(key) if place == pointer else None,
        hint="Keep one of them.",
    )


def _repeated(data: Any) -> Iterator[tuple[str, str]]:
    """The objects that have a field twice, in order of the document: where each is, and the field."""
    stack = [("", data)]
    while stack:
        pointer, value = stack.pop()
        if isinstance(value, _Repeated):
            yield pointer, value.key
        if isinstance(value, dict):
            stack += [(child_pointer(pointer, key), found) for key, found in reversed(value.items())]
        elif isinstance(value, list):
            stack += [(f"{pointer}/{index}", found) for index, found in reversed([*enumerate(value)])]


_WHOLE_TEXT = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_skip_value = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
_SPACE = re.compile(r"[ \t\r\n]*")


def lines(text: str, pointers: set[str]) -> dict[str, int]:
    """Lines, from 1, of the pointers that lead somewhere; the text is known to be good.

    Only what is on the way of a pointer is visited in Python.
    """
    return _Lines(text).of(pointers)


class _Lines:
    """Visits the values on the way of pointers, at positions that only grow, and notes their lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.line = 1
        self.known: dict[str, int] = {}
        self.left = 0
        """How many of the values that are on the way of pointers were not met."""

    def of(self, pointers: set[str]) -> dict[str, int]:
        """The line of each pointer that is there."""
        start = self.after_space(0)
        self.known[""] = self.at(start)
        wanted = _tree(pointers)
        self.left = _size(wanted)
        self.visit(start, "", wanted)
        return self.known

    def at(self, position: int) -> int:
        """The line of a position, which only grows."""
        self.line += self.text.count("\n", self.position, position)
        self.position = position
        return self.line

    def after_space(self, position: int) -> int:
        match = _SPACE.match(self.text, position)
        return position if match is None else match.end()

    def visit(self, position: int, prefix: str, wanted: dict[str, Any]) -> int:
        """Note the lines of the members of a value; gives the position after it, or where all are known."""
        closing = {"{": "}", "[": "]"}.get(self.text[position])
        if closing is None or not wanted:
            return int(_skip_value(self.text, position)[1])
        position = self.after_space(position + 1)
        index = 0
        while self.text[position] != closing:
            start, token = position, str(index)
            if closing == "}":
                token, position = self.key(position)
            if token in wanted:
                pointer = child_pointer(prefix, token)
                self.left -= pointer not in self.known
                self.known[pointer] = self.at(start)
                position = self.visit(position, pointer, wanted[token])
                if wanted[token] and not self.left:
                    return position
            else:
                position = int(_skip_value(self.text, position)[1])
            position = self.after_comma(position)
            index += 1
        return position + 1

    def key(self, position: int) -> tuple[str, int]:
        """The key that begins here, and the position of its value."""
        token, end = scanstring(self.text, position + 1)
        return token, self.after_space(self.after_space(end) + 1)

    def after_comma(self, position: int) -> int:
        position = self.after_space(position)
        return self.after_space(position + 1) if self.text[position] == "," else position


def _size(tree: dict[str, Any]) -> int:
    return sum(1 + _size(branch) for branch in tree.values())


def _tree(pointers: Iterable[str]) -> dict[str, Any]:
    """Pointers as nested dicts of their tokens."""
    root: dict[str, Any] = {}
    for pointer in pointers:
        branch = root
        for token in pointer_tokens(pointer):
            branch = branch.setdefault(token, {})
    return root
