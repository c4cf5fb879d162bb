"""Headers of EMDB, version 3: answers of its API in JSON, and XML."""

import re

from cetsgraph.importers.claims import Recognised, Sample, each_file
from cetsgraph.importers.emdb.entry import dataset
from cetsgraph.importers.importer import Importer

__all__ = ["IMPORTER"]

_XML = re.compile(r"<(?:\w+:)?emd\s[^>]*\bemdb_id\s*=")
_ACCESSION = re.compile(r'"emdb_id"\s*:\s*"EMD-\d+"')
_PARTS = re.compile(r'"(?:admin|crossreferences|structure_determination_list|map|sample)"\s*:\s*\{')


def _recognise(sample: Sample) -> Recognised | None:
    if not sample.is_json:
        return Recognised("header") if _XML.search(sample.text) else None
    known = _ACCESSION.search(sample.text) and len(set(_PARTS.findall(sample.text))) > 1
    return Recognised("entry") if known else None


IMPORTER = Importer(
    name="emdb",
    mapping=1,
    evidence="JSON with emdb_id beside admin, sample, map …; XML with the root emd",
    recognise=_recognise,
    gather=each_file,
    dataset=dataset,
)
