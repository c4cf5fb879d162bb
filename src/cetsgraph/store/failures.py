"""What the operating system and the engine raise, as errors of ours."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from cetsgraph.errors import StoreError

__all__ = ["translated"]

_NO_ROOM = "Make room on the disk and try again. The store is as it was before."
_TOO_MANY_FILES = "Allow this process more open files (ulimit -n 4096), or open fewer stores at once."
_ADVICE = {
    errno.ENOSPC: _NO_ROOM,
    errno.EFBIG: _NO_ROOM,
    getattr(errno, "EDQUOT", errno.ENOSPC): _NO_ROOM,
    errno.EMFILE: _TOO_MANY_FILES,
    errno.ENFILE: _TOO_MANY_FILES,
}


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
