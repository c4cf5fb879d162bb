"""Text of programs: decoded, in numbered lines, and refused where it is no text or beyond all limits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cetsgraph.documents.content import Content, read_content
from cetsgraph.errors import DocumentError

__all__ = ["MAX_BYTES", "MAX_LINE", "ForeignText", "decoded", "read_foreign"]

MAX_BYTES = 256 * 2**20
"""Bytes of the largest file that an importer reads."""

MAX_LINE = 2**20
"""Characters of the longest line."""

_WIDE = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_LINE = re.compile("^.*$", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class ForeignText:
    """The text of a file."""

    path: str
    text: str = field(repr=False)
    """With line ends `\\n`, and without a byte order mark."""

    def lines(self) -> Iterator[tuple[int, str]]:
        """The lines with their numbers, from 1.

        Raises:
            DocumentError: one is longer than `MAX_LINE`.
        """
        for number, found in enumerate(_LINE.finditer(self.text), start=1):
            line = found[0]
            if len(line) > MAX_LINE:
                raise DocumentError(
                    "the line is too long",
                    path=self.path,
                    line=number,
                    found=f"{len(line):,} characters",
                    expected=f"at most {MAX_LINE:,}",
                )
            yield number, line


def read_foreign(path: Path) -> Content:
    """The bytes of a file of at most `MAX_BYTES`.

    Raises:
        DocumentError: it cannot be read, or is larger; the line says where it becomes too long.
    """
    if path.is_file() and path.stat().st_size > MAX_BYTES:
        raise DocumentError(
            "the file is too large",
            path=path,
            line=_line_without_end(path),
            found=f"{path.stat().st_size:,} bytes",
            expected=f"at most {MAX_BYTES:,}",
        )
    return read_content(path, max_bytes=MAX_BYTES)


def _line_without_end(path: Path) -> int:
    """The first line that is longer than `MAX_LINE`; else the one that passes `MAX_BYTES`."""
    line, length = 1, 0
    with open(path, "rb") as file:
        while length <= MAX_LINE and file.tell() < MAX_BYTES:
            chunk = file.read(MAX_LINE)
            line += chunk.count(b"\n")
            last = chunk.rfind(b"\n")
            length = length + len(chunk) if last < 0 else len(chunk) - last - 1
    return line


def decoded(content: Content) -> ForeignText:
    r"""The text of a file: UTF-8, else the encoding of Windows, in which microscopes write degree signs.

    >>> decoded(Content(b"tilt axis 3\xb0 off\r\n", "TS_01.mdoc", "")).text
    'tilt axis 3° off\n'

    Raises:
        DocumentError: it is UTF-16 or UTF-32, or binary.
    """
    name, data = content.name, content.data
    wide = next((found for mark, found in _WIDE.items() if data.startswith(mark)), None)
    if wide is not None:
        raise DocumentError(
            f"the text is {wide}", path=name, line=1, expected="UTF-8", hint="Save it as UTF-8."
        )
    text = _text(data.removeprefix(b"\xef\xbb\xbf")).removesuffix("\x1a")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    control = _CONTROL.search(text)
    if control is not None:
        raise DocumentError(
            "the file is not text",
            path=name,
            line=text.count("\n", 0, control.start()) + 1,
            found=f"character U+{ord(control[0]):04X}",
            hint="Is it an image, or was it cut off?",
        )
    return ForeignText(name, text)


def _text(data: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass
    return data.decode("latin-1")
