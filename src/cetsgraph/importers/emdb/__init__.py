"""Headers of EMDB, version 3: answers of its API in JSON, and XML."""

import re

from cetsgraph.importers.claims import Recognised, Sample, each_file
from cetsgraph.importers.emdb.entry import dataset
from cetsgraph.importers.importer import Importer
from cetsgraph.importers.json_kinds import recognised_json

__all__ = ["IMPORTER"]

_XML = re.compile(r"<(?:\w+:)?emd\s[^>]*\bemdb_id\s*=")


def _recognise(sample: Sample) -> Recognised | None:
    if sample.is_json:
        return recognised_json("emdb", sample)
    return Recognised("header") if _XML.search(sample.text) else None


IMPORTER = Importer(
    name="emdb",
    mapping=1,
    evidence="JSON with emdb_id beside admin, sample, map …; XML with the root emd",
    recognise=_recognise,
    gather=each_file,
    dataset=dataset,
)
