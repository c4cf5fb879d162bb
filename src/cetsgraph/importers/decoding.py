"""Text of programs: decoded, in numbered lines, and refused where it is no text or beyond all limits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cetsgraph.documents.content import Content, read_content
from cetsgraph.errors import DocumentError

__all__ = ["MAX_BYTES", "MAX_LINE", "ForeignText", "decoded", "encoding_by_mark", "read_foreign"]

MAX_BYTES = 256 * 2**20
"""Bytes of the largest file that an importer reads."""

MAX_LINE = 2**20
"""Characters of the longest line."""

_MARKS = {
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"\xef\xbb\xbf": "utf-8-sig",
}
"""Encodings by the mark of the order of bytes that a text of theirs begins with."""
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
    r"""The text of a file: in the Unicode that its mark names, as programs on Windows write it; without one
    UTF-8, else the encoding of Windows, in which microscopes write degree signs.

    >>> decoded(Content(b"tilt axis 3\xb0 off\r\n", "TS_01.mdoc", "")).text
    'tilt axis 3° off\n'
    >>> decoded(Content("<TiltSeries/>".encode("utf-16"), "TS_01.xml", "")).text
    '<TiltSeries/>'

    Raises:
        DocumentError: it is cut off within a character, or binary.
    """
    name = content.name
    text = _text(name, content.data).removesuffix("\x1a")
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


def encoding_by_mark(data: bytes) -> str | None:
    """The encoding of Unicode that a text says it has by its first bytes, if it does."""
    return next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), None)


def _text(name: str, data: bytes) -> str:
    wide = encoding_by_mark(data)
    if wide is not None and wide != "utf-8-sig":
        return _wide_text(name, data, wide)
    data = data.removeprefix(b"\xef\xbb\xbf")
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass
    return data.decode("latin-1")


def _wide_text(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "ignore").count("\n") + 1
        what = f"the text begins as {encoding.upper()} and is none"
        raise DocumentError(
            what, path=name, line=line, found=error.reason, hint="Save it as UTF-8."
        ) from error
