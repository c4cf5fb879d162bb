"""How large and how deep a document may be, and how one beyond that is refused."""

import os

from cetsgraph.errors import CetsGraphError, DocumentError

__all__ = ["MAX_BYTES", "MAX_BYTES_VARIABLE", "MAX_DEPTH", "max_bytes", "too_deep", "too_large"]

MAX_DEPTH = 400
"""Levels of lists and objects in each other; real documents have about ten."""

MAX_BYTES = 2**30
"""Bytes of the largest document that is read, unless a caller or the environment allows more."""

MAX_BYTES_VARIABLE = "CETSGRAPH_MAX_BYTES"
"""Environment variable that replaces `MAX_BYTES`."""


def max_bytes() -> int:
    """The limit that holds here: the environment's, or `MAX_BYTES`.

    Raises:
        CetsGraphError: the environment variable is not a number.
    """
    text = os.environ.get(MAX_BYTES_VARIABLE)
    if text is None:
        return MAX_BYTES
    if not (text.isascii() and text.isdecimal() and len(text) < 20):
        raise CetsGraphError(
            f"{MAX_BYTES_VARIABLE} is not a number of bytes",
            found=repr(text),
            expected="digits, such as 4000000000",
        )
    return int(text)


def too_large(path: str, found: str, limit: int) -> DocumentError:
    """The error for a document of more than `limit` bytes."""
    return DocumentError(
        "the document is too large",
        path=path,
        found=found,
        expected=f"at most {limit} bytes",
        hint=f"If you trust it, allow more: set {MAX_BYTES_VARIABLE}={4 * limit}.",
    )


def too_deep(
    path: str, *, line: int | None = None, column: int | None = None, pointer: str | None = None
) -> DocumentError:
    """The error for a document of more than `MAX_DEPTH` levels."""
    return DocumentError(
        "the document is nested too deeply",
        path=path,
        line=line,
        column=column,
        pointer=pointer,
        expected=f"at most {MAX_DEPTH} levels",
    )
