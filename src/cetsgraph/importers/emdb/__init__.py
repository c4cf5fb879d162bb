"""Headers of EMDB, version 3: answers of its API in JSON, and XML."""

import re

from cetsgraph.importers.claim import Recognised, Sample, each_file
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
    mapped={
        "admin/title": "DataSet.title",
        "admin/authors_list": "DataSet.authors",
        "admin/key_dates/map_release": "DataSet.release_date",
        "crossreferences": "DataSet.cross_references",
        "sample, natural_source": "DataSet.organism",
        "microscopy/acceleration_voltage": "ImagingParameters.accelerating_voltage",
        "microscopy/nominal_cs": "ImagingParameters.spherical_aberration",
        "microscopy/nominal_defocus_min": "ImagingParameters.nominal_defocus_min",
        "microscopy/tilt_series/axis1/min_angle": "TiltSeriesMicrographStack.tilt_range_min",
        "vitrification/cryogen_name": "Vitrification.cryogen_name",
        "map/file": "Map.path",
        "map/dimensions": "Map.width",
        "map/pixel_spacing": "Map.voxel_size",
        "final_reconstruction/resolution": "Map.resolution",
        "final_reconstruction/applied_symmetry": "Map.symmetry",
        "final_reconstruction/number_subtomograms_used": "Map.particle_count",
        "half_map_list": "Map.even_path",
        "contour_list": "Map.contour_level",
    },
)
