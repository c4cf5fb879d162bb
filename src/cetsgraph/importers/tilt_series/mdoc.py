"""mdoc files of SerialEM and Tomography: tilt angles, dose, time and movies of a tilt series."""

import re
from collections.abc import Mapping
from pathlib import Path

from cetsgraph.importers.claims import Recognised, Sample
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.formats.mdoc import parse
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tally import Place
from cetsgraph.importers.tilt_series.bundles import series_stem
from cetsgraph.importers.tilt_series.sources import Files, Source
from cetsgraph.importers.tilt_series.statements import ImageFacts, SeriesFacts

__all__ = ["MDOC"]

_MARK = re.compile(r"^\s*\[(?:ZValue|FrameSet|MontSection)\s*=\s*-?\d+\s*\]\s*$", re.MULTILINE)


def _recognise(sample: Sample) -> Recognised | None:
    return Recognised("mdoc") if _MARK.search(sample.text) else None


def _read(session: ImportSession, files: Files) -> Mapping[str, "MdocReading"]:
    return {series_stem(path): MdocReading(session, path) for path in files.get("mdoc", ())}


class MdocReading:
    """An mdoc file, as it was read."""

    def __init__(self, session: ImportSession, path: Path) -> None:
        self._file = session.shown(path)
        found = parse(session.text(path).lines())
        head = session.fields(found.head.values, Place(self._file, 1), lines=found.head.lines)
        self.pixel_size = head.number("PixelSpacing")
        self._sections = [
            (one, session.fields(one.values, Place(self._file, one.line), lines=one.lines))
            for one in found.sections
        ]

    def facts(self, pixel_size: float | None) -> SeriesFacts:
        """What the file says."""
        images = [self._image(one.number, fields) for one, fields in self._sections]
        return SeriesFacts("mdoc", Place(self._file, 1), images)

    def _image(self, section: int, fields: Fields) -> ImageFacts:
        return ImageFacts(fields.place(), section, {"nominal_tilt_angle": fields.number("TiltAngle")})


MDOC = Source("mdoc", _recognise, _read)
