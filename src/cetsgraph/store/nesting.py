"""Texts of SPARQL that are nested too deeply: the engine recurses into them, and the process would end."""

import subprocess
import sys

from cetsgraph.errors import QueryError

__all__ = ["refuse_deep"]

# The engine ends at some 4,000 brackets within brackets, or 10,000 operators, on a stack of 8 MiB.
_BRACKETS = 1_000
_OPERATORS = 2_500
_SECONDS = 20
_TRY = """
import sys, threading
import pyoxigraph
def attempt():
    store, text = pyoxigraph.Store(), sys.stdin.buffer.read().decode()
    try:
        store.query(text) if sys.argv[1] == "query" else store.update(text)
    except (SyntaxError, ValueError, OSError, RuntimeError):
        pass
threading.stack_size(2**21)
thread = threading.Thread(target=attempt)
thread.start()
thread.join()
"""


def refuse_deep(sparql: str, kind: str = "query") -> None:
    """Raise QueryError for a text that the engine would not survive.

    What has few brackets and operators, wherever they stand, cannot be nested deeply. Other texts are tried
    by the engine itself in a process of its own, on an empty store and a smaller stack.

    Args:
        sparql: the text.
        kind: `query` or `update`.
    """
    brackets = sum(map(sparql.count, ("(", "{", "[", "<<")))
    if brackets <= _BRACKETS and sum(map(sparql.count, "!+-*/|&^")) <= _OPERATORS:
        return
    command = [sys.executable, "-I", "-c", _TRY, kind]
    try:
        ended = subprocess.run(command, input=sparql.encode(), capture_output=True, timeout=_SECONDS)
    except subprocess.TimeoutExpired as error:
        what = f"the {kind} takes more than {_SECONDS} s to plan"
        raise QueryError(what, hint="Split it into smaller ones.") from error
    except UnicodeError:
        return  # the engine says so
    if ended.returncode != 0:
        raise QueryError(f"the {kind} is nested too deeply", hint="Split it into smaller ones.")
