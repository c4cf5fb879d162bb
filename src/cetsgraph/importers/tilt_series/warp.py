"""Warp and WarpTools: a tilt series as .xml, and as .tomostar."""

from collections.abc import Mapping
from functools import partial

from cetsgraph.importers.claim import Recognised, Sample
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tilt_series.sources import Files, Reader, SeriesSource, files_by_series
from cetsgraph.importers.tilt_series.warp_reading import WarpReading

__all__ = ["WARP"]


def _recognise(sample: Sample) -> Recognised | None:
    text = sample.text
    if "_wrpMovieName" in text and "data_" in text:
        return Recognised("tomostar")
    if "<TiltSeries" in text and "<Angles>" in text:
        return Recognised("tilt series")
    return None


def _readers(session: ImportSession, files: Files) -> Mapping[str, Reader]:
    by_series = files_by_series(session, files)
    return {name: partial(WarpReading, session, found) for name, found in by_series.items()}


WARP = SeriesSource("warp", _recognise, _readers)
