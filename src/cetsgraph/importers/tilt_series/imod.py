"""IMOD and etomo: .xf, .tlt, .rawtlt, .xtilt, .defocus, tilt.com, .edf, and the header of the stack."""

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from cetsgraph.importers.claim import Recognised, Sample, stem
from cetsgraph.importers.formats import columns, mrc
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tilt_series.bundles import series_stem
from cetsgraph.importers.tilt_series.imod_reading import ImodReading
from cetsgraph.importers.tilt_series.imod_setup import TiltCommands, etomo_setup, tilt_commands
from cetsgraph.importers.tilt_series.sources import Files, Reader, SeriesSource, files_by_series

__all__ = ["IMOD"]

_TILT = re.compile(r"^\$\s*tilt\s+-St", re.MULTILINE)
_NEWSTACK = re.compile(r"^\$\s*newstack\s+-St", re.MULTILINE)
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?|[+-]?nan|[+-]?inf", re.ASCII | re.IGNORECASE)
_GRAMMAR = {
    ".xf": ("transforms", (6, 6)),
    ".tlt": ("tilts", (1, 2)),
    ".rawtlt": ("stage tilts", (1, 2)),
    ".xtilt": ("tilts about X", (1, 1)),
    ".defocus": ("defocus", (5, 9)),
}
"""Ending → kind, and the numbers on a line, least and most."""

_STACKS = (".st", ".mrc", ".mrcs")
_GENERAL = ("tilt.com", "newst.com")


def _recognise(sample: Sample) -> Recognised | None:
    if mrc.parse(sample.head) is not None:
        whole = sample.suffix in _STACKS and stem(sample.path) == series_stem(sample.path)
        return Recognised("stack", weak=True) if whole else None
    if sample.path.stem.endswith("_fid"):
        return None  # etomo's copies, with fiducials, of the files without
    if "Setup.DatasetName=" in sample.text:
        return Recognised("etomo")
    if _TILT.search(sample.text):
        return Recognised("tilt.com")
    if _NEWSTACK.search(sample.text):
        return Recognised("newst.com", weak=True)
    kind, counts = _GRAMMAR.get(sample.suffix, ("", (0, 0)))
    return Recognised(kind, weak=True) if kind and _all_numbers(sample.text, *counts) else None


def _all_numbers(text: str, least: int, most: int) -> bool:
    """Whether every line has so many numbers and nothing else; a last line may be cut."""
    rows, _ = columns.parse(enumerate(text.split("\n"), 1))
    return bool(rows) and all(
        least <= len(row.values) <= most and all(map(_NUMBER.fullmatch, row.values))
        for row in (rows[:-1] or rows)
    )


def _readers(session: ImportSession, files: Files) -> Mapping[str, Reader]:
    """What reads each series; commands belong to the series that they name, or to the only one."""
    by_series = files_by_series(session, files, general=(*_GENERAL, "etomo"))
    setups = {series_stem(path): path for path in files.get("etomo", ())}
    commands = tilt_commands(session, [path for kind in _GENERAL for path in files.get(kind, ())], by_series)
    axes = {name: _setup(name, setups) for name in (*by_series, *commands)}
    for name in setups:
        if (name, "A") not in axes.values():
            axes[name] = (name, "A")
    return {
        name: partial(_reading, session, by_series.get(name, {}), setups, axis, commands.get(name))
        for name, axis in axes.items()
    }


def _setup(name: str, setups: Mapping[str, Path]) -> tuple[str, str]:
    """The setup of a series and its axis in that; the series of two axes are called `TS_01a` and `TS_01b`."""
    if name not in setups and name[-1:] in ("a", "b") and name[:-1] in setups:
        return name[:-1], name[-1].upper()
    return name, "A"


def _reading(
    session: ImportSession,
    files: Mapping[str, Path],
    setups: Mapping[str, Path],
    axis: tuple[str, str],
    commands: TiltCommands | None,
) -> ImodReading:
    name, letter = axis
    return ImodReading(session, files, etomo_setup(session, setups.get(name), letter), commands)


IMOD = SeriesSource("imod", _recognise, _readers)
