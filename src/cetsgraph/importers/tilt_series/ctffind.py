"""CTFFIND 4 and 5: the text that it writes for a stack, with a row for each image.

https://grigoriefflab.umassmed.edu/ctffind4
"""

import re
from collections.abc import Mapping
from functools import partial
from math import degrees
from pathlib import Path

from cetsgraph.importers.claim import Recognised, Sample, base_name
from cetsgraph.importers.ctf import ctf_metadata
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.formats import columns
from cetsgraph.importers.formats.columns import TextRow
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.importers.tilt_series.row_tables import row_table
from cetsgraph.importers.tilt_series.sources import Files, Reader, SeriesSource, files_by_series
from cetsgraph.importers.tilt_series.statements import ImageFacts, SeriesFacts

__all__ = ["CTFFIND"]

_KIND = "defocus of CTFFIND"
_BEGINS = "# Output from CTFFind version"
_COLUMNS = re.compile(r"^# Columns: #1 - micrograph number", re.MULTILINE)
_COUNT = re.compile(r"Number of micrographs: (\d+)")
_STATED = re.compile(r"([A-Za-z][\w. ]*?):? +(-?\d[\d.]*)(?: +[A-Za-z]+)? *(?:;|$)")
_VERSION = re.compile(r"CTFFind version ([\w.-]+)")
_INPUT = re.compile(r"^Input file: (.*?) ;", re.MULTILINE)
_NAMES = (
    *("micrograph", "defocus 1", "defocus 2", "azimuth", "phase shift", "correlation", "spacing"),
    *("tilt axis", "tilt angle", "thickness"),
)


def _recognise(sample: Sample) -> Recognised | None:
    text = sample.text.lstrip()
    if not (text.startswith(_BEGINS) and _COLUMNS.search(text)):
        return None
    count = _COUNT.search(text)
    return Recognised(_KIND, weak=count is None or int(count[1]) < 2)


class _CtffindReading:
    """The text about one series, as it was read."""

    def __init__(self, session: ImportSession, path: Path) -> None:
        self._session = session
        rows, comments = columns.parse(session.text(path).lines())
        self._table = row_table(session, path, columns.headings(_NAMES, rows), rows)
        self._place = SourcePlace(session.shown(path), 1)
        self._stated = session.fields(_head(comments), self._place)
        self.pixel_size = self._stated.number("Pixel size") or None

    def facts(self, pixel_size: float | None) -> SeriesFacts:
        """What the text says."""
        values = _values(self._stated)
        self._stated.take("Number of micrographs")
        return SeriesFacts("ctffind", self._place, self._images(), values)

    def _images(self) -> list[ImageFacts]:
        numbers = self._table.integers(_NAMES[0])
        fitted = zip(*(self._table.numbers(name) for name in _NAMES[1:5]), strict=True)
        scores, spacings = (self._measured(name) for name in _NAMES[5:7])
        images = []
        for row, (first, second, azimuth, phase) in enumerate(fitted):
            place, number = self._table.place(row), numbers[row]
            ctf = ctf_metadata(
                (first, second),
                azimuth,
                phase_shift=None if phase is None else degrees(phase) % 360,
                score=scores[row],
                resolution=spacings[row],
                tally=self._session.tally,
                place=place,
            )
            section = None if number is None or len(numbers) < 2 else number - 1
            images.append(ImageFacts(place, section, {"ctf_metadata": ctf}))
        return images

    def _measured(self, name: str) -> list[float | None]:
        """A column in which CTFFIND writes inf where nothing could be fitted."""
        return [
            None if value is None or isinstance(value, str) else float(value)
            for value in self._table.values(name)
        ]


def _values(stated: Fields) -> dict[str, float | None]:
    return {
        "accelerating_voltage": stated.number("acceleration voltage") or None,
        "spherical_aberration": stated.number("spherical aberration") or None,
        "amplitude_contrast": stated.number("amplitude contrast"),
    }


def _head(comments: list[TextRow]) -> dict[str, object]:
    """What the lines before the table state as `name: number unit; …`, with program and stack."""
    lines = [" ".join(row.values[1:]) for row in comments]
    stated: dict[str, object] = {
        name.strip(): value
        for line in lines
        if not line.startswith("Columns:")
        for name, value in _STATED.findall(line)
    }
    text = "\n".join(lines)
    if found := _VERSION.search(text):
        stated["version"] = found[1]
    if found := _INPUT.search(text):
        stated["Input file"] = base_name(found[1])
    return stated


def _readers(session: ImportSession, files: Files) -> Mapping[str, Reader]:
    by_series = files_by_series(session, files)
    return {name: partial(_CtffindReading, session, found[_KIND]) for name, found in by_series.items()}


CTFFIND = SeriesSource("ctffind", _recognise, _readers)
