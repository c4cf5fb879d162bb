"""From bytes or an object to a JSON value, with the lines of its parts.

What is not one well-formed document raises `DocumentError` with the line where that shows. Numbers and
texts that are well-formed and that no graph can hold (NaN, 1e400, U+0000) are findings with their place.
"""

import copy
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Literal

from cetsgraph.documents import json_source
from cetsgraph.documents.binary_kinds import binary_kind
from cetsgraph.documents.content import Content, not_utf8
from cetsgraph.documents.limits import MAX_DEPTH, too_deep
from cetsgraph.errors import DocumentError, StrPath
from cetsgraph.findings import Finding, Severity
from cetsgraph.pointers import child_pointer, follow, held_at
from cetsgraph.texts import has_unrepresentable, shown_path

__all__ = ["SourceText", "source_from_content", "source_from_data", "without_unrepresentable"]

Syntax = Literal["json", "yaml", "object"]

_SUSPECT_ESCAPE = re.compile(r"\\u(?:[dD][89a-fA-F]|0000|[fF]{3}[eEfF])")
_BEGINNING_OF_YAML = re.compile(r"\s*(%YAML|---|#|- |[\w$\"'-]+:(\s|$))")
_BEGINNING = 4096
"""Bytes in which a binary file shows that it is one."""
_JSON_TYPES = frozenset({dict, list, str, int, float, bool, type(None)})


@dataclass(frozen=True, slots=True)
class SourceText:
    """A parsed document: its value, and the text that it was parsed from."""

    data: Any
    path: str
    text: str = field(default="", repr=False)
    syntax: Syntax = "object"
    checksum: str | None = None
    """SHA-256 of the bytes, in hexadecimal; None where it was parsed elsewhere."""
    suspect: bool = True
    """Whether it may hold what no graph can hold; otherwise the text showed that it does not."""

    def lines(self, pointers: Iterable[str]) -> dict[str, int]:
        """Lines, from 1, of the parts that JSON pointers lead to, or else of what would hold them."""
        wanted = set(pointers)
        if self.syntax == "object" or not wanted:
            return {}
        known = _parser(self.syntax).lines(self.text, wanted)
        return {pointer: known[_nearest_known(pointer, known)] for pointer in wanted}


def source_from_content(content: Content) -> SourceText:
    """Parse a document: JSON or YAML.

    Raises:
        DocumentError: it is not one JSON or YAML document.
    """
    name = content.name
    text = _decode(content.data, name).removeprefix("\ufeff")
    if not text.strip():
        raise DocumentError("the document is empty", path=name, hint="Was it written to its end?")
    syntax: Syntax = "yaml" if _is_yaml(text, name) else "json"
    data = _parser(syntax).parse(text, name)
    return SourceText(data, name, text, syntax, content.checksum, syntax == "yaml" or _is_suspect(text))


def source_from_data(data: Any, *, path: StrPath = "document") -> SourceText:
    """Take an object that was parsed elsewhere: dict, list, str, int, float, bool and None, nested.

    Raises:
        DocumentError: something in it is no JSON value, or it is nested too deeply.
    """
    name = shown_path(path)
    for pointer, value in _walk(data, name):
        keys = value if type(value) is dict else ()
        if type(value) not in _JSON_TYPES or not all(type(key) is str for key in keys):
            raise DocumentError(
                "this is not a JSON value",
                path=name,
                pointer=pointer,
                found=type(value).__name__,
                expected="dict with text as keys, list, str, int, float, bool or None",
            )
    return SourceText(data, name)


def without_unrepresentable(source: SourceText) -> tuple[Any, list[Finding]]:
    """The data without texts that no graph can hold, and a finding for each of them."""
    if not source.suspect:
        return source.data, []
    bad = [
        (pointer, key)
        for pointer, value in _walk(source.data, source.path)
        for key in _unrepresentable_in(value)
    ]
    findings = [_finding(source.data, pointer, key) for pointer, key in bad]
    return (_without(source.data, bad) if bad else source.data), findings


def _unrepresentable_in(value: Any) -> Iterator[str | None]:
    """None for a text that no graph can hold, and the keys of an object that none can hold."""
    if type(value) is str and has_unrepresentable(value):
        yield None
    elif type(value) is dict:
        yield from filter(has_unrepresentable, value)


def _finding(data: Any, pointer: str, key: str | None) -> Finding:
    return Finding(
        "value-type",
        Severity.VIOLATION,
        pointer,
        "this text has a character that no graph can hold"
        if key is None
        else "the name of a field has a character that no graph can hold",
        found=ascii(follow(data, pointer) if key is None else key),
        hint="Remove the character.",
    )


def _without(data: Any, bad: list[tuple[str, str | None]]) -> Any:
    """A copy in which texts at pointers are null, and objects at pointers are without a key."""
    whole = [copy.deepcopy(data)]
    for pointer, key in bad:
        if key is not None:
            del follow(whole[0], pointer)[key]
            continue
        holder, last = held_at(whole, f"/0{pointer}")
        holder[int(last) if isinstance(holder, list) else last] = None
    return whole[0]


def _walk(data: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every value with its pointer, in order of the document; not those below keys that no graph can hold."""
    stack: list[tuple[str, Any, int]] = [("", data, 0)]
    while stack:
        pointer, value, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise too_deep(path, pointer=pointer)
        yield pointer, value
        if type(value) is dict:
            stack += [
                (child_pointer(pointer, key), item, depth + 1)
                for key, item in reversed(value.items())
                if not (type(key) is str and has_unrepresentable(key))
            ]
        elif type(value) is list:
            stack += [
                (f"{pointer}/{index}", item, depth + 1) for index, item in reversed([*enumerate(value)])
            ]


def _nearest_known(pointer: str, known: dict[str, int]) -> str:
    while pointer and pointer not in known:
        pointer = pointer.rpartition("/")[0]
    return pointer


def _parser(syntax: Syntax) -> ModuleType:
    if syntax == "json":
        return json_source
    from cetsgraph.documents import yaml_source  # PyYAML is loaded only where it is needed

    return yaml_source


def _is_suspect(text: str) -> bool:
    return any(mark in text for mark in "\x00\ufffe\uffff") or (
        "\\u" in text and _SUSPECT_ESCAPE.search(text) is not None
    )


def _is_yaml(text: str, path: str) -> bool:
    name = path.casefold().removesuffix(".gz")
    if name.endswith((".yaml", ".yml")):
        return True
    if name.endswith(".json"):
        return False
    return _BEGINNING_OF_YAML.match(text) is not None


def _decode(data: bytes, path: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentError(
            "the text is UTF-16", path=path, line=1, expected="UTF-8", hint="Save it as UTF-8."
        )
    if (kind := binary_kind(data)) is not None:
        what, hint = kind
        raise DocumentError(f"this is {what}", path=path, expected="JSON or YAML text", hint=hint)
    if (binary := data.find(b"\x00", 0, _BEGINNING)) >= 0:
        raise DocumentError(
            "the file is binary",
            path=path,
            line=data.count(b"\n", 0, binary) + 1,
            expected="JSON or YAML text",
            hint="Is it an image or a volume?",
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise not_utf8(error, path) from error
