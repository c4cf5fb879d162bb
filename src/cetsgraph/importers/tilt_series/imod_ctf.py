"""Defocus files of IMOD's ctfplotter (.defocus): ranges of views, in nm.

https://bio3d.colorado.edu/imod/doc/man/ctfphaseflip.html
"""

from dataclasses import dataclass
from math import degrees
from pathlib import Path

from cetsgraph.importers.ctf import ctf_metadata
from cetsgraph.importers.formats import columns
from cetsgraph.importers.limits import check_images
from cetsgraph.importers.numbers import finite
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.model import CTFMetadata

__all__ = ["defocus_by_view"]

_ASTIGMATISM, _RADIANS, _PHASE, _PHASE_RADIANS, _CUT_ON = 1, 2, 4, 8, 32
_HEAD = 6  # values of a line with flags
_NM = 10.0  # Å


@dataclass(frozen=True, slots=True)
class _Range:
    """What a line says of the views from the first to the last, counted from 0."""

    place: SourcePlace
    first: int
    last: int
    values: list[float]


def defocus_by_view(session: ImportSession, path: Path | None) -> dict[int, CTFMetadata]:
    """The defocus of each view, counted from 0; nothing without a file.

    Of a view that several ranges have, the middle range counts, and of an even number the first of the two.

    Raises:
        DocumentError: the file cannot be read.
    """
    if path is None:
        return {}
    file = session.shown(path)
    rows, _ = columns.parse(session.text(path).lines())
    check_images(len(rows), SourcePlace(file, 1))
    flags = 0
    if rows and _is_head(rows[0].values):
        flags, rows = int(rows[0].values[0]), rows[1:]
    elif rows:
        rows[0] = columns.TextRow(rows[0].line, rows[0].values[:5])  # old files have their version there
    ranges = [found for row in rows if (found := _range(session, SourcePlace(file, row.line), row.values))]
    views: dict[int, list[_Range]] = {}
    for one in ranges:
        for view in range(one.first, one.last + 1):
            views.setdefault(view, []).append(one)
    chosen = {view: several[(len(several) - 1) // 2] for view, several in views.items()}
    if any(len(several) > 1 for several in views.values()):
        session.tally.derived(
            "of views in several ranges of defocus, the middle range counts", SourcePlace(file, 1)
        )
    functions = {view: _ctf(session, one, flags) for view, one in sorted(chosen.items())}
    return {view: ctf for view, ctf in functions.items() if ctf is not None}


def _is_head(values: tuple[str, ...]) -> bool:
    """Whether a line has flags and the version 3, and no defocus."""
    return len(values) == _HEAD and values[0].isdecimal() and values[1] == "0" and values[-1] == "3"


def _range(session: ImportSession, place: SourcePlace, values: tuple[str, ...]) -> _Range | None:
    numbers = [number for value in values if (number := finite(value)) is not None]
    first, last = (numbers[0], numbers[1]) if len(numbers) > 1 else (0.0, 0.0)
    if len(numbers) < max(len(values), 5) or not 1 <= first <= last <= 10_000:
        found, expected = " ".join(values), "first and last view, two angles, and the defocus in nm"
        session.tally.wrong("this line", place, found=found, expected=expected)
        return None
    return _Range(place, int(first) - 1, int(last) - 1, numbers[4:])


def _ctf(session: ImportSession, one: _Range, flags: int) -> CTFMetadata | None:
    values = iter(one.values)
    u = next(values) * _NM
    v, angle, phase = u, None, None
    if flags & _ASTIGMATISM:
        v, angle = next(values, one.values[0]) * _NM, next(values, None)
        angle = degrees(angle) if angle is not None and flags & _RADIANS else angle
    if flags & _PHASE:
        phase = next(values, None)
        phase = degrees(phase) if phase is not None and flags & _PHASE_RADIANS else phase
    for value in values:
        session.tally.dropped(
            "cut-on frequency" if flags & _CUT_ON else "last column", one.place, found=value
        )
    return ctf_metadata((u, v), angle, phase_shift=phase, tally=session.tally, place=one.place)
