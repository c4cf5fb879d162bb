"""The `cetsgraph` command: the Python API from a shell, with the same nouns, verbs and errors.

Data goes to standard output, everything else to standard error. Exit status: 0 ok, 1 the data is invalid,
2 usage, 3 a store, an endpoint or the program failed; of several failures the highest.
"""

import io
import os
import sys
import warnings
from typing import NoReturn

import click

from cetsgraph.cli.commands import cetsgraph
from cetsgraph.cli.converting import convert
from cetsgraph.cli.exporting import export
from cetsgraph.cli.importing import import_command
from cetsgraph.cli.load import load
from cetsgraph.cli.maintenance import backup, compact, migrate, restore, stats
from cetsgraph.cli.mcp import mcp
from cetsgraph.cli.ontologies import ontologies
from cetsgraph.cli.output import OutputNotTaken, say
from cetsgraph.cli.picks import picks
from cetsgraph.cli.query import query
from cetsgraph.cli.rules import rules
from cetsgraph.cli.search import search
from cetsgraph.cli.serve import serve
from cetsgraph.cli.validate import validate
from cetsgraph.errors import CetsGraphError

__all__ = ["cetsgraph", "main"]

for command in (
    load,
    import_command,
    convert,
    export,
    query,
    picks,
    validate,
    rules,
    serve,
    mcp,
    search,
    ontologies,
    backup,
    restore,
    migrate,
    compact,
    stats,
):
    cetsgraph.add_command(command)


def main() -> NoReturn:
    """Run the command and exit."""
    sys.exit(_run())


def _run() -> int:
    warnings.showwarning = lambda message, *_, **__: say(f"cetsgraph: warning: {message}")
    _prepare_streams()
    try:
        status = cetsgraph.main(standalone_mode=False, prog_name="cetsgraph")
        if not sys.stdout.closed:  # as a client of `mcp` leaves it
            sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except CetsGraphError as error:
        return _failed(str(error), error.exit_code)
    except ImportError as error:
        return _failed_import(error)
    except click.ClickException as error:
        error.show()
        return 2
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _failed("interrupted", 130)
    except (BrokenPipeError, OutputNotTaken):
        _discard_output()
        return 0
    except OSError as error:
        _discard_output()
        return _failed(f"{error.filename or 'output'}: {error.strerror or error}", 3)


def _failed(message: str, status: int) -> int:
    say(f"cetsgraph: {message}")
    return status


def _failed_import(error: ImportError) -> int:
    from cetsgraph.extras import not_installed

    missing = not_installed(error)
    if missing is None:
        raise error
    return _failed(str(missing), missing.exit_code)


def _prepare_streams() -> None:
    """Make standard output one that says so if it is closed, read nothing from an input that is, and write
    UTF-8 to files and pipes."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  for as long as the command runs
    if sys.stdout is None:
        closed = os.open(os.devnull, os.O_RDONLY)  # writing to it fails
        sys.stdout = os.fdopen(closed, "w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _discard_output() -> None:
    """Let Python's last flush of what could not be written go nowhere, since it would complain again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
