"""The bytes of a document: from a file, a stream or memory, decompressed, and never more than a limit."""

import gzip
import hashlib
import io
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from cetsgraph.documents import limits
from cetsgraph.documents.limits import too_large
from cetsgraph.errors import DocumentError, StrPath, UnreadableFile
from cetsgraph.texts import shown_path

__all__ = ["ByteStream", "Content", "Readable", "not_utf8", "read_content", "read_text", "reading"]

_FREE_EXPANSION = 64 * 2**20  # bytes up to which nothing is suspected
_MAX_RATIO = 200  # real metadata compress to a twentieth at best
_CHUNK = 2**20
_GZIP = b"\x1f\x8b"


class ByteStream(Protocol):
    """A binary stream, such as standard input's buffer."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


Readable = StrPath | bytes | ByteStream
"""What a document is read from: the path of a file, its bytes, or a stream that gives them."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a document holds, decompressed."""

    data: bytes
    name: str
    """Name of the document in messages; its ending tells the format."""
    checksum: str
    """SHA-256 of the bytes as they came, compressed or not, in hexadecimal."""


def read_content(source: Readable, *, path: StrPath | None = None, max_bytes: int | None = None) -> Content:
    """Read a document's bytes, compressed by gzip or not.

    Args:
        source: a path, the bytes themselves, or a binary stream that is read to its end.
        path: name of the document in messages; needed only where `source` has none.
        max_bytes: size of the largest document that is read; `limits.max_bytes()` if not given.

    Raises:
        DocumentError: it cannot be read, is not a regular file, is too large, or is not a whole gzip file.
        TypeError: `source` is none of these.
    """
    limit = limits.max_bytes() if max_bytes is None else max_bytes
    if isinstance(source, bytes):
        name, data = _name(path), source
    elif isinstance(source, str | os.PathLike):
        name = shown_path(source if path is None else path)
        data = _read_file(source, name, limit)
    else:
        if not callable(getattr(source, "read", None)):
            raise TypeError(f"give a path, bytes or a binary stream, not {type(source).__name__}")
        name = _name(path)
        data = _read_stream(source, name, limit)
    if len(data) > limit:
        raise too_large(name, f"more than {limit} bytes", limit)
    return Content(_decompress(data, name, limit), name, hashlib.sha256(data).hexdigest())


def read_text(source: Readable, *, path: StrPath | None = None) -> str:
    """Read a text in UTF-8, such as a query.

    Raises:
        DocumentError: it cannot be read, or is in another encoding.
    """
    content = read_content(source, path=path)
    try:
        return content.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise not_utf8(error, content.name) from error


def not_utf8(error: UnicodeDecodeError, path: str) -> DocumentError:
    """The error that a text is in another encoding, and where."""
    data, start = error.object, error.object.rfind(b"\n", 0, error.start) + 1
    return DocumentError(
        "the text is not UTF-8",
        path=path,
        line=data.count(b"\n", 0, error.start) + 1,
        column=len(data[start : error.start].decode("utf-8")) + 1,
        found=f"byte 0x{data[error.start]:02X}",
        hint="Save it as UTF-8.",
    )


def _name(path: StrPath | None) -> str:
    return "document" if path is None else shown_path(path)


def _read_stream(stream: ByteStream, name: str, limit: int) -> bytes:
    data = bytearray()
    try:
        while len(data) <= limit and (chunk := stream.read(min(_CHUNK, limit + 1 - len(data)))):
            data += chunk
    except OSError as error:
        raise UnreadableFile(f"reading failed: {error.strerror or error}", path=name) from error
    return bytes(data)


def _read_file(path: StrPath, name: str, limit: int) -> bytes:
    with reading(name):
        status = os.stat(path)
        _check_file(status, path, name, limit)
        with open(path, "rb") as file:
            return file.read(max(status.st_size, _CHUNK) + 1)  # memory is taken for as many bytes


@contextmanager
def reading(name: str) -> Iterator[None]:
    """What fails in the block becomes a DocumentError about the file of this name.

    Raises:
        DocumentError: the file cannot be read, or what is compressed in it is broken.
    """
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DocumentError(f"the compressed file is broken: {error}", path=name) from error
    except OSError as error:
        raise UnreadableFile(
            f"the file cannot be read: {(error.strerror or type(error).__name__).lower()}",
            path=name,
            hint="Check the name and the permissions.",
        ) from error
    except ValueError as error:  # a name with U+0000
        raise UnreadableFile("the file cannot be read: no file can have this name", path=name) from error


def _check_file(status: os.stat_result, path: StrPath, name: str, limit: int) -> None:
    """Refuse what has no end or is too large, before any of it is read."""
    if stat.S_ISDIR(status.st_mode):
        os.scandir(path).close()  # raises where the folder cannot be listed, which says more
        raise UnreadableFile(
            "the file cannot be read: this is a folder",
            path=name,
            expected="a file",
            hint="`load`, `validate`, and `convert -o FOLDER/`, take all documents of a folder.",
        )
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFile(
            "the file cannot be read: this is not a regular file",
            path=name,
            expected="a file on disk",
            hint="A pipe is read from standard input: - in place of the file.",
        )
    if status.st_size > limit:
        raise too_large(name, f"{status.st_size} bytes", limit)


def _decompress(data: bytes, name: str, limit: int) -> bytes:
    if not data.startswith(_GZIP):
        return data
    allowed = min(limit, max(_FREE_EXPANSION, _MAX_RATIO * len(data)))
    with reading(name), gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
        plain = file.read(allowed + 1)
    if len(plain) <= allowed:
        return plain
    if allowed == limit:
        raise too_large(name, f"more than {limit} bytes when decompressed", limit)
    raise DocumentError(
        "the compressed file expands suspiciously",
        path=name,
        found=f"more than {allowed} bytes from {len(data)}",
        hint="Decompress it and read the result, if you trust it.",
    )
