"""Command files of IMOD (tilt.com, newst.com): entries that a program is run with.

https://bio3d.colorado.edu/imod/doc/man/pip.html
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["Command", "parse"]

_PROGRAM = re.compile(r"\$\s*(\S+)\s+-St", re.IGNORECASE)


@dataclass(slots=True)
class Command:
    """A program and its entries by name; names are as they stand, an entry may come several times."""

    program: str
    line: int
    entries: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, name, and what stands behind the name."""


def parse(lines: Iterable[tuple[int, str]]) -> list[Command]:
    """The programs of a file that read their entries from it, in order.

    >>> text = "$setenv X 1\\n$tilt -StandardInput\\nXAXISTILT 0.0\\n# note\\nPERPENDICULAR\\n$if (-e a) b"
    >>> [command.entries for command in parse(enumerate(text.split("\\n"), 1))]
    [[(3, 'XAXISTILT', '0.0'), (5, 'PERPENDICULAR', '')]]
    """
    commands: list[Command] = []
    reading = False
    for number, line in lines:
        line = line.strip()
        if line.startswith("$"):
            opened = _PROGRAM.match(line)
            reading = opened is not None
            if opened is not None:
                commands.append(Command(opened[1].rpartition("/")[2].casefold(), number))
        elif reading and line and not line.startswith("#"):
            name, _, value = line.replace("\t", " ").partition(" ")
            commands[-1].entries.append((number, name, value.strip()))
    return commands
