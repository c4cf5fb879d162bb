"""From a file, bytes or an object to a JSON value, with the lines of its parts.

What is not one well-formed document raises `DocumentError` with the line where that shows. Numbers and
texts that are well-formed and that no graph can hold (NaN, 1e400, U+0000) are findings with their place.
"""

import copy
import gzip
import hashlib
import io
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from json.decoder import scanstring  # type: ignore[attr-defined]
from pathlib import Path
from typing import Any, Literal, NoReturn

from cetsgraph.errors import DocumentError, StrPath
from cetsgraph.findings import Finding, Severity
from cetsgraph.pointers import escape_token, pointer_tokens

__all__ = ["Source", "source_from_bytes", "source_from_data", "source_from_file", "without_unwritable"]

Syntax = Literal["json", "yaml", "object"]

_MAX_DEPTH = 400
_FREE_EXPANSION = 64 * 2**20  # bytes up to which nothing is suspected
_MAX_RATIO = 200  # real metadata compress to a twentieth at best
_GZIP = b"\x1f\x8b"
_UNWRITABLE = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")
_SUSPECT_ESCAPE = re.compile(r"\\u(?:[dD][89a-fA-F]|0000|[fF]{3}[eEfF])")


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed document."""

    data: Any
    path: str
    text: str = field(default="", repr=False)
    syntax: Syntax = "object"
    checksum: str | None = None
    """SHA-256 of the file's bytes, in hexadecimal; None where there was no file."""
    suspect: bool = True
    """Whether it may hold what no graph can hold; otherwise the text showed that it does not."""

    def lines(self, pointers: Iterable[str]) -> dict[str, int]:
        """Lines, from 1, of the parts that JSON pointers lead to, or else of what would hold them."""
        wanted = set(pointers)
        if self.syntax == "object" or not wanted:
            return {}
        known = (_json_lines if self.syntax == "json" else _yaml_lines)(self.text, wanted)
        return {pointer: known[_nearest_known(pointer, known)] for pointer in wanted}


def source_from_file(path: StrPath) -> Source:
    """Read a file.

    Raises:
        DocumentError: it cannot be read, or is not one JSON or YAML document.
    """
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise DocumentError(
            f"the file cannot be read: {(error.strerror or str(error)).lower()}",
            path=path,
            hint="Check the name and the permissions.",
        ) from error
    return source_from_bytes(data, path=path)


def source_from_bytes(data: bytes | str, *, path: StrPath = "document") -> Source:
    """Parse a document: JSON or YAML, compressed by gzip or not.

    Raises:
        DocumentError: it is not one JSON or YAML document.
    """
    name = str(path)
    checksum = None if isinstance(data, str) else hashlib.sha256(data).hexdigest()
    text = data if isinstance(data, str) else _decode(_decompress(data, name), name)
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise DocumentError("the document is empty", path=name, hint="Was it written to its end?")
    if _is_yaml(text, name):
        return Source(_parse_yaml(text, name), name, text, "yaml", checksum)
    suspect = any(mark in text for mark in "\x00\ufffe\uffff") or (
        "\\u" in text and _SUSPECT_ESCAPE.search(text) is not None
    )
    return Source(_parse_json(text, name), name, text, "json", checksum, suspect)


def source_from_data(data: Any, *, path: StrPath = "document") -> Source:
    """Take an object that was parsed elsewhere: dict, list, str, int, float, bool and None, nested.

    Raises:
        DocumentError: something in it is no JSON value, or it is nested too deeply.
    """
    for pointer, value in _walk(data, str(path)):
        keys = value if type(value) is dict else ()
        if type(value) not in _JSON_TYPES or not all(type(key) is str for key in keys):
            raise DocumentError(
                "this is not a JSON value",
                path=path,
                pointer=pointer,
                found=type(value).__name__,
                expected="dict with text as keys, list, str, int, float, bool or None",
            )
    return Source(data, str(path))


def without_unwritable(source: Source) -> tuple[Any, list[Finding]]:
    """The data without texts that no graph can hold, and what is said about them.

    RDF and XML tools carry no U+0000, no U+FFFE, no U+FFFF and no surrogate without its other half.
    """
    if not source.suspect:
        return source.data, []
    bad = [
        (pointer, value, key)
        for pointer, value in _walk(source.data, source.path)
        for key in ((None,) if type(value) is str else value if type(value) is dict else ())
        if _UNWRITABLE.search(value if key is None else key)
    ]
    findings = [
        Finding(
            "value-type",
            Severity.VIOLATION,
            pointer,
            "this text has a character that no graph can hold" if key is None else "so has a field's name",
            found=ascii(value if key is None else key),
            hint="Remove the character.",
        )
        for pointer, value, key in bad
    ]
    return (_without(source.data, bad) if bad else source.data), findings


_JSON_TYPES = frozenset({dict, list, str, int, float, bool, type(None)})


def _without(data: Any, bad: Iterable[tuple[str, Any, str | None]]) -> Any:
    data = copy.deepcopy(data)
    for pointer, _, key in bad:
        *tokens, last = ("", *pointer_tokens(pointer))
        holder: Any = {"": data}
        for token in tokens:
            holder = holder[int(token) if isinstance(holder, list) else token]
        place = int(last) if isinstance(holder, list) else last
        if key is None:
            holder[place] = None
        else:
            holder[place].pop(key, None)
    return data


def _walk(data: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every value with its pointer, in order of the document."""
    stack: list[tuple[str, Any, int]] = [("", data, 0)]
    while stack:
        pointer, value, depth = stack.pop()
        if depth > _MAX_DEPTH:
            _too_deep(path, pointer=pointer)
        yield pointer, value
        if type(value) is dict:
            stack += [(f"{pointer}/{escape_token(k)}", v, depth + 1) for k, v in reversed(value.items())]
        elif type(value) is list:
            stack += [(f"{pointer}/{i}", v, depth + 1) for i, v in reversed([*enumerate(value)])]


def _too_deep(path: str, *, line: int | None = None, pointer: str | None = None) -> NoReturn:
    raise DocumentError(
        "the document is nested too deeply",
        path=path,
        line=line,
        pointer=pointer,
        expected=f"at most {_MAX_DEPTH} levels",
    )


# --- bytes to text ---------------------------------------------------------------------------------------


def _decompress(data: bytes, path: str) -> bytes:
    if not data.startswith(_GZIP):
        return data
    limit = max(_FREE_EXPANSION, _MAX_RATIO * len(data))
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            plain = file.read(limit + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DocumentError(f"the compressed file is broken: {error}", path=path) from error
    if len(plain) > limit:
        raise DocumentError(
            "the compressed file expands suspiciously",
            path=path,
            found=f"more than {limit} bytes from {len(data)}",
            hint="Decompress it and read the result, if you trust it.",
        )
    return plain


def _decode(data: bytes, path: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentError("the text is UTF-16", path=path, expected="UTF-8", hint="Save it as UTF-8.")
    if b"\x00" in data[:4096]:
        raise DocumentError(
            "the file is binary", path=path, expected="JSON or YAML text", hint="Is it an image or a volume?"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        start = data.rfind(b"\n", 0, error.start) + 1
        raise DocumentError(
            "the text is not UTF-8",
            path=path,
            line=data.count(b"\n", 0, error.start) + 1,
            column=len(data[start : error.start].decode("utf-8")) + 1,
            found=f"byte 0x{data[error.start]:02X}",
            hint="Save it as UTF-8.",
        ) from error


def _is_yaml(text: str, path: str) -> bool:
    name = path.casefold().removesuffix(".gz")
    if name.endswith((".yaml", ".yml")):
        return True
    if name.endswith(".json"):
        return False
    return re.match(r"\s*(%YAML|---|#|- |[\w$\"'-]+:(\s|$))", text) is not None


# --- JSON ------------------------------------------------------------------------------------------------


class _Repeated(dict[str, Any]):
    """An object that says one field twice."""

    key: str


def _parse_json(text: str, path: str) -> Any:
    repeated: list[_Repeated] = []

    def as_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        fields = dict(pairs)
        if len(fields) != len(pairs):
            names = [name for name, _ in pairs]
            fields = _Repeated(fields)
            fields.key = next(name for name in names if names.count(name) > 1)
            repeated.append(fields)
        return fields

    try:
        data = json.JSONDecoder(object_pairs_hook=as_object).decode(text)
    except json.JSONDecodeError as error:
        raise _not_json(error, path) from error
    except RecursionError:
        _too_deep(path)
    except ValueError as error:  # Python reads no integer of more than some thousand digits
        raise DocumentError("a number has too many digits", path=path, found=str(error)) from error
    if repeated:
        raise _says_twice(data, text, path)
    return data


def _not_json(error: json.JSONDecodeError, path: str) -> DocumentError:
    message, hint = f"this is not JSON: {error.msg[:1].lower()}{error.msg[1:]}", None
    rest = error.doc[error.pos :]
    if not rest.strip() or error.msg.startswith("Unterminated"):
        message, hint = "the document ends in the middle", "Was it written or downloaded to its end?"
    elif error.msg == "Extra data":
        message, hint = "the document goes on after its end", "One file holds one document."
    found = repr(rest[:20]) if rest.strip() else "the end of the file"
    return DocumentError(message, path=path, line=error.lineno, column=error.colno, found=found, hint=hint)


def _says_twice(data: Any, text: str, path: str) -> DocumentError:
    pointers = [
        f"{pointer}/{escape_token(value.key)}"
        for pointer, value in _walk_repeated(data)
        if isinstance(value, _Repeated)
    ]
    line = _json_lines(text, {pointers[0]}).get(pointers[0])
    return DocumentError(
        "a field is there twice", path=path, pointer=pointers[0], line=line, hint="Keep one of them."
    )


def _walk_repeated(data: Any) -> Iterator[tuple[str, Any]]:
    stack = [("", data)]
    while stack:
        pointer, value = stack.pop()
        yield pointer, value
        if isinstance(value, dict):
            stack += [(f"{pointer}/{escape_token(k)}", v) for k, v in reversed(value.items())]
        elif isinstance(value, list):
            stack += [(f"{pointer}/{i}", v) for i, v in reversed([*enumerate(value)])]


_skip_value = json.JSONDecoder().scan_once  # type: ignore[attr-defined]
_SPACE = re.compile(r"[ \t\r\n]*")


class _Lines:
    """Turns positions that only grow into lines."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.line = 1

    def at(self, position: int) -> int:
        self.line += self.text.count("\n", self.position, position)
        self.position = position
        return self.line


def _json_lines(text: str, pointers: set[str]) -> dict[str, int]:
    """Lines of the pointers that lead somewhere; only what is on their way is looked at in Python."""
    lines = _Lines(text)
    known: dict[str, int] = {}

    def after_space(position: int) -> int:
        match = _SPACE.match(text, position)
        return position if match is None else match.end()

    def visit(position: int, prefix: str, wanted: dict[str, Any]) -> int:
        """Note the lines of the members of a value; gives the position after it."""
        closing = {"{": "}", "[": "]"}.get(text[position])
        if closing is None or not wanted:
            return int(_skip_value(text, position)[1])
        position = after_space(position + 1)
        index = 0
        while text[position] != closing:
            start = position
            token = str(index)
            if closing == "}":
                token, position = scanstring(text, position + 1)
                position = after_space(after_space(position) + 1)
            if token in wanted:
                pointer = f"{prefix}/{escape_token(token)}"
                known[pointer] = lines.at(start)
                position = visit(position, pointer, wanted[token])
            else:
                position = int(_skip_value(text, position)[1])
            position = after_space(position)
            if text[position] == ",":
                position = after_space(position + 1)
            index += 1
        return position + 1

    start = after_space(0)
    known[""] = lines.at(start)
    visit(start, "", _tree(pointers))
    return known


def _tree(pointers: Iterable[str]) -> dict[str, Any]:
    """Pointers as nested dicts of their tokens."""
    root: dict[str, Any] = {}
    for pointer in pointers:
        branch = root
        for token in pointer_tokens(pointer):
            branch = branch.setdefault(token, {})
    return root


def _nearest_known(pointer: str, known: dict[str, int]) -> str:
    while pointer and pointer not in known:
        pointer = pointer.rpartition("/")[0]
    return pointer


# --- YAML ------------------------------------------------------------------------------------------------


def _parse_yaml(text: str, path: str) -> Any:
    from cetsgraph.documents import yaml_source  # PyYAML is loaded only where it is needed

    return yaml_source.parse(text, path, max_depth=_MAX_DEPTH)


def _yaml_lines(text: str, pointers: set[str]) -> dict[str, int]:
    from cetsgraph.documents import yaml_source

    return yaml_source.lines(text, pointers)
