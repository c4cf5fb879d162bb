"""mdoc: what SerialEM and Tomography write beside images, `key = value` in sections.

https://bio3d.colorado.edu/SerialEM/hlp/html/about_formats.htm
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["Mdoc", "Section", "parse"]

_SECTION = re.compile(r"\[\s*(\w+)\s*=\s*(-?\d+)\s*\]")
_TITLE = re.compile(r"\[?\s*T\s*=(.*?)\]?\s*")


@dataclass(slots=True)
class Section:
    """`[ZValue = 3]` and what stands below it; the head of the file has no kind."""

    kind: str = ""
    number: int = 0
    line: int = 1
    values: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    """Line of each value."""
    repeats: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, name and value of what stands there again, and counts no longer."""


@dataclass(slots=True)
class Mdoc:
    """A file: its head, titles with their lines, sections in order, and lines that are none of these."""

    head: Section = field(default_factory=Section)
    titles: list[tuple[int, str]] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    strays: list[tuple[int, str]] = field(default_factory=list)


def parse(lines: Iterable[tuple[int, str]]) -> Mdoc:
    """Read numbered lines; nothing that stands in them is an error here.

    >>> text = ["PixelSpacing = 5.4", "[T = Tilt axis angle = 85.3]", "[ZValue = 0]", "TiltAngle = 1"]
    >>> found = parse(enumerate(text, start=1))
    >>> found.head.values, found.titles, found.sections[0].values, found.sections[0].lines
    ({'PixelSpacing': '5.4'}, [(2, 'Tilt axis angle = 85.3')], {'TiltAngle': '1'}, {'TiltAngle': 4})
    """
    found = Mdoc()
    section = found.head
    for number, line in lines:
        line = line.strip()
        if opened := _SECTION.fullmatch(line):
            section = Section(opened[1], int(opened[2]), number)
            found.sections.append(section)
        elif title := _TITLE.fullmatch(line):
            found.titles.append((number, title[1].strip()))
        elif "=" in line:
            key, value = (word.strip() for word in line.split("=", 1))
            if key in section.values:
                section.repeats.append((section.lines[key], key, section.values[key]))
            section.values[key] = value
            section.lines[key] = number
        elif line:
            found.strays.append((number, line))
    return found
