"""Entries of EMPIAR: answers of its API, headers in XML, and what depositors send."""

import re

from cetsgraph.importers.claims import Recognised, Sample, each_file
from cetsgraph.importers.empiar.entry import dataset
from cetsgraph.importers.importer import Importer

__all__ = ["IMPORTER"]

_HEADER = re.compile(r"<(?:\w+:)?entry\s[^>]*http://pdbe\.org/empiar")
_ANSWER = re.compile(r'\s*\{\s*"EMPIAR-\d+"\s*:\s*\{')
_ENTRY = re.compile(r'"experiment_type"\s*:\s*["\d]')
_PARTS = re.compile(r'"(?:imagesets|corresponding_author|entry_doi)"\s*:\s*[\[{"]')
_IMAGE_SET = re.compile(r'"num_images_or_tilt_series"\s*:\s*["\dn]')
_CATEGORY = re.compile(r'"category"\s*:\s*"')


def _recognise(sample: Sample) -> Recognised | None:
    text = sample.text
    if not sample.is_json:
        return Recognised("header") if _HEADER.search(text) else None
    if _ANSWER.match(text) or (_ENTRY.search(text) and _PARTS.search(text)):
        return Recognised("entry")
    return Recognised("image set") if _IMAGE_SET.search(text) and _CATEGORY.search(text) else None


IMPORTER = Importer(
    name="empiar",
    mapping=1,
    evidence="JSON with the key EMPIAR-…, or experiment_type and imagesets; XML in http://pdbe.org/empiar",
    recognise=_recognise,
    gather=each_file,
    dataset=dataset,
)
