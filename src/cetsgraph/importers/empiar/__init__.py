"""Entries of EMPIAR: answers of its API, headers in XML, and what depositors send."""

import re

from cetsgraph.importers.claim import Recognised, Sample, each_file
from cetsgraph.importers.empiar.entry import dataset
from cetsgraph.importers.importer import Importer
from cetsgraph.importers.json_kinds import recognised_json

__all__ = ["IMPORTER"]

_HEADER = re.compile(r"<(?:\w+:)?entry\s[^>]*http://pdbe\.org/empiar")


def _recognise(sample: Sample) -> Recognised | None:
    if sample.is_json:
        return recognised_json("empiar", sample)
    return Recognised("header") if _HEADER.search(sample.text) else None


IMPORTER = Importer(
    name="empiar",
    mapping=1,
    evidence="JSON with the key EMPIAR-…, or experiment_type and imagesets; XML in http://pdbe.org/empiar",
    recognise=_recognise,
    gather=each_file,
    dataset=dataset,
    mapped={
        "title": "DataSet.title",
        "release_date": "DataSet.release_date",
        "authors": "DataSet.authors",
        "cross_references": "DataSet.cross_references",
        "entry_doi": "DataSet.cross_references",
        "grant_references": "DataSet.funding",
        "imagesets/*/name": "ImageCollection.name",
        "imagesets/*/category": "ImageCollection.category",
        "imagesets/*/directory": "ImageCollection.path",
        "imagesets/*/data_format": "ImageCollection.file_format",
        "imagesets/*/voxel_type": "ImageCollection.data_format",
        "imagesets/*/num_images_or_tilt_series": "ImageCollection.item_count",
        "imagesets/*/frames_per_image": "ImageCollection.images_per_item",
        "imagesets/*/pixel_width": "ImageCollection.pixel_size",
        "imagesets/*/image_width": "ImageCollection.width",
    },
)
