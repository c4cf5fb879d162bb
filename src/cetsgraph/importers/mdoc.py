"""mdoc files of SerialEM and Tomography: tilt angles, dose, time and movies of a tilt series."""

import re
from pathlib import Path

from cetsgraph.importers.claims import Recognised, Sample, per_folder, stem
from cetsgraph.importers.formats.mdoc import Section, parse
from cetsgraph.importers.importer import Importer
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tally import Place
from cetsgraph.model import (
    DataSet,
    Region,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    TomoImageSet,
)

__all__ = ["IMPORTER"]

_MARK = re.compile(r"^\s*\[(?:ZValue|FrameSet|MontSection)\s*=\s*-?\d+\s*\]\s*$", re.MULTILINE)


def _recognise(sample: Sample) -> Recognised | None:
    return Recognised("tilt series") if _MARK.search(sample.text) else None


def _dataset(session: ImportSession) -> DataSet:
    return DataSet(regions=[_region(session, path) for path in session.claim.files])


def _region(session: ImportSession, path: Path) -> Region:
    name = stem(path)
    file = session.shown(path)
    found = parse(session.text(path).lines())
    session.fields(found.head.values, Place(file, 1), lines=found.head.lines)
    series = TiltSeriesMicrographStack(
        id=name, micrographs=[_micrograph(session, name, file, section) for section in found.sections]
    )
    return Region(
        id=name, tomo_image_sets=[TomoImageSet(tilt_series_sets=[TiltSeriesSet(tilt_series=[series])])]
    )


def _micrograph(session: ImportSession, name: str, file: str, section: Section) -> TiltSeriesMicrograph:
    fields = session.fields(section.values, Place(file, section.line), lines=section.lines)
    return TiltSeriesMicrograph(
        id=f"{name}-{section.number}",
        section=section.number,
        nominal_tilt_angle=fields.number("TiltAngle"),
    )


IMPORTER = Importer(
    name="mdoc",
    mapping=1,
    evidence="a line [ZValue = 0] or [FrameSet = 0]",
    recognise=_recognise,
    gather=per_folder,
    dataset=_dataset,
)
