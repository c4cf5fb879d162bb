"""AreTomo 2 and 3: .aln, _CTF.txt, _TLT.txt, TiltSeries_Metrics.csv, AreTomo3_Session.json."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from cetsgraph.importers.claim import Recognised, Sample
from cetsgraph.importers.formats import mrc
from cetsgraph.importers.json_kinds import recognised_json
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tilt_series.aretomo_reading import AreTomoReading
from cetsgraph.importers.tilt_series.aretomo_run import aretomo_run
from cetsgraph.importers.tilt_series.sources import Files, Reader, SeriesSource, files_by_series

__all__ = ["ARETOMO"]

_TLT = re.compile(r"(\s*[+-]?\d+\.?\d*\s+\d+\s+[+-]?\d+\.?\d*\s*\n)+")
_VOLUMES = {
    "_EVN_Vol": "even volume",
    "_ODD_Vol": "odd volume",
    "_2ND_Vol": "second volume",
    "_Vol": "volume",
}
_GENERAL = ("metrics", "session")


def _recognise(sample: Sample) -> Recognised | None:
    if sample.suffix in mrc.ENDINGS and mrc.parse(sample.head) is not None:
        ending = next((ending for ending in _VOLUMES if sample.path.stem.endswith(ending)), None)
        return None if ending is None else Recognised(_VOLUMES[ending], weak=True)
    if session := recognised_json("aretomo", sample):
        return replace(session, weak=True)
    text = sample.text.lstrip()
    if text.startswith("# AreTomo Alignment"):
        return Recognised("alignment")
    if text.startswith("# Columns: #1 micrograph number"):
        return Recognised("fitted defocus", weak=not sample.path.stem.endswith("_CTF"))
    if text.startswith("Tilt_Series,Thickness(Pix)"):
        return Recognised("metrics", weak=True)
    if sample.path.stem.endswith("_TLT") and _TLT.match(f"{text.rstrip()}\n"):
        return Recognised("tilt order")
    return None


def _readers(session: ImportSession, files: Files) -> Mapping[str, Reader]:
    by_series = files_by_series(session, files, general=_GENERAL)
    run = aretomo_run(session, files.get("session", ()), files.get("metrics", ()))
    return {name: partial(AreTomoReading, session, name, found, run) for name, found in by_series.items()}


ARETOMO = SeriesSource("aretomo", _recognise, _readers)
