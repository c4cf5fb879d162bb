"""Warp and WarpTools: a tilt series as .xml, and as .tomostar."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from cetsgraph.importers.claims import Recognised, Sample
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tilt_series.bundles import series_stem
from cetsgraph.importers.tilt_series.sources import Files, Source
from cetsgraph.importers.tilt_series.warp_reading import WarpReading

__all__ = ["WARP"]


def _recognise(sample: Sample) -> Recognised | None:
    text = sample.text
    if "_wrpMovieName" in text and "data_" in text:
        return Recognised("tomostar")
    if "<TiltSeries" in text and "<Angles>" in text:
        return Recognised("tilt series")
    return None


def _read(session: ImportSession, files: Files) -> Mapping[str, WarpReading]:
    by_series: dict[str, dict[str, Path]] = defaultdict(dict)
    for kind, paths in files.items():
        for path in paths:
            by_series[series_stem(path)][kind] = path
    return {name: WarpReading(session, found) for name, found in by_series.items()}


WARP = Source("warp", _recognise, _read)
