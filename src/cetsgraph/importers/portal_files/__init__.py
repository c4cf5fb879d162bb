"""Metadata files of the CryoET Data Portal, as they lie beside its data: for mirrors without its API.

https://github.com/chanzuckerberg/cryoet-data-portal-backend, schema/core
"""

from functools import partial

from cetsgraph.importers.importer import Importer
from cetsgraph.importers.json_kinds import recognised_json
from cetsgraph.importers.portal_files.dataset import dataset, regions
from cetsgraph.importers.portal_files.layout import gather

__all__ = ["IMPORTER"]

IMPORTER = Importer(
    name="portal-files",
    mapping=1,
    evidence="JSON with what the portal says of a data set, run, tilt series, alignment, tomogram …",
    recognise=partial(recognised_json, "portal-files"),
    gather=gather,
    dataset=dataset,
    regions=regions,
    completed_by=("picks",),
    mapped={
        "dataset_title": "DataSet.title",
        "run_name": "Region.name",
        "acceleration_voltage": "TiltSeriesMicrographStack.accelerating_voltage",
        "per_section_parameter/*/raw_angle": "TiltSeriesMicrograph.nominal_tilt_angle",
        "frames/*/accumulated_dose": "TiltSeriesMicrograph.accumulated_dose",
        "per_section_alignment_parameters/*/tilt_angle": "ProjectionAlignment.y_tilt",
        "voxel_spacing": "Tomogram.voxel_size",
        "annotation_object": "Annotation.annotated_object",
        "files/*/path": "PointSet.path",
    },
)
