"""What the operating system and the engine raise, as errors of ours."""

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

from cetsgraph.errors import QueryError, QuerySyntaxError, StoreError
from cetsgraph.store.sparql import fetching_keyword
from cetsgraph.texts import shortened

__all__ = ["query_errors", "refuse_fetching", "translated"]

_NO_ROOM = "Make room on the disk and try again. The store is as it was before."
_TOO_MANY_FILES = "Allow this process more open files (ulimit -n 4096), or open fewer stores at once."
_ADVICE = {
    errno.ENOSPC: _NO_ROOM,
    errno.EFBIG: _NO_ROOM,
    getattr(errno, "EDQUOT", errno.ENOSPC): _NO_ROOM,
    errno.EMFILE: _TOO_MANY_FILES,
    errno.ENFILE: _TOO_MANY_FILES,
}
_LONGEST = 200  # characters of an error: the engine lists all that could have followed
_ERROR_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


@contextmanager
def translated(location: str) -> Iterator[None]:
    """Raise a StoreError for what the operating system and the engine raise.

    The engine's errors are OSErrors without a number, RuntimeErrors (a write to a store opened for reading)
    and, for text that is not Unicode, UnicodeErrors.
    """
    try:
        yield
    except (OSError, RuntimeError, UnicodeError) as error:
        found = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise StoreError("the store failed", location=location, found=found, hint=_advice(error)) from error


def _advice(error: Exception) -> str:
    number = getattr(error, "errno", None)
    for known, advice in _ADVICE.items():
        # The engine passes on the system's words without its number.
        if number == known or (number is None and os.strerror(known) in str(error)):
            return advice
    return "What was committed before is untouched. If this comes again, restore a backup into a new folder."


@contextmanager
def query_errors() -> Iterator[None]:
    """Raise a QueryError for what the engine has against a query."""
    try:
        yield
    except SyntaxError as error:
        place = _ERROR_PLACE.fullmatch(str(error))
        line, column, what = (int(place[1]), int(place[2]), place[3]) if place else (None, None, str(error))
        raise QuerySyntaxError(shortened(what, _LONGEST), line=line, column=column) from error
    except UnicodeError as error:
        raise QuerySyntaxError(f"the text is not Unicode: {error}") from error
    except ValueError as error:
        raise QueryError(f"a graph has no valid IRI: {error}") from error


def refuse_fetching(sparql: str) -> None:
    """Raise QueryError for a query or update that would make the engine open a connection."""
    keyword = fetching_keyword(sparql)
    if keyword is not None:
        raise QueryError(
            f"{keyword} is not available here: this store opens no connections",
            hint="Ask each endpoint by itself.",
        )
