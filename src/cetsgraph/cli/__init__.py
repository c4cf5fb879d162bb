"""The `cetsgraph` command: the Python API from a shell, with the same nouns, verbs and errors.

Data goes to standard output, everything else to standard error. Exit status: 0 ok, 1 the data is invalid,
2 usage, 3 a store, an endpoint or the program failed; of several failures the highest.
"""

import os
import sys
import warnings
from typing import NoReturn

import click

from cetsgraph.cli.commands import cetsgraph
from cetsgraph.cli.maintenance import backup, compact, migrate, restore, stats
from cetsgraph.cli.search import search
from cetsgraph.cli.serve import serve
from cetsgraph.cli.validate import validate
from cetsgraph.errors import CetsGraphError

__all__ = ["cetsgraph", "main"]

for command in (validate, serve, search, backup, restore, migrate, compact, stats):
    cetsgraph.add_command(command)


def main() -> NoReturn:
    """Run the command and exit."""
    sys.exit(_run())


def _run() -> int:
    warnings.showwarning = lambda message, *_, **__: say(f"cetsgraph: warning: {message}")
    try:
        status = cetsgraph.main(standalone_mode=False, prog_name="cetsgraph")
        sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except CetsGraphError as error:
        say(f"cetsgraph: {error}")
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, click.Abort):
        say("cetsgraph: interrupted")
        return 130
    except BrokenPipeError:
        # The reader has gone; Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        say(f"cetsgraph: {error.filename or 'output'}: {error.strerror}")
        return 3


def say(message: str) -> None:
    """Tell the user something that is not data."""
    click.echo(message, err=True)
