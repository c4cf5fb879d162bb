"""Microscope, detector and sample preparation of dialect A."""

from collections.abc import Mapping
from typing import Any

from cetsgraph.documents.dialects.mapping import (
    FieldRule,
    ObjectMap,
    ReadSession,
    WriteSession,
    one,
    same,
    structural,
    value,
    words,
)
from cetsgraph.documents.dialects.tomobabel.annotations import ANNOTATED
from cetsgraph.findings import Severity
from cetsgraph.model import Detector, ImagingParameters, SamplePreparation, SampleSupport, Vitrification

__all__ = ["IMAGING", "SAMPLE_PREPARATION"]


_EM_IMAGING: dict[str, FieldRule] = {
    **words(
        "microscope_model",
        "specimen_holder_type",
        "specimen_holder_model",
        "accelerating_voltage",
        "illumination_mode",
    ),
    "mode": value("imaging_mode"),
    "nominal_cs": value("spherical_aberration"),
    **words(
        "nominal_defocus_min",
        "nominal_defocus_max",
        "nominal_magnification",
        "electron_source",
        "temperature",
        "detector_distance",
        "alignment_procedure",
        "c2_aperture_diameter",
        "cryogen",
        "objective_aperture",
        "microscope_serial_number",
    ),
}
EM_IMAGING = ObjectMap(ImagingParameters, "EmImagingParameters", {**_EM_IMAGING, **ANNOTATED})
DETECTOR = ObjectMap(
    Detector,
    "EmDetector",
    {"detective_quantum_efficiency": same, "mode": value("detector_mode"), **ANNOTATED},
)


def _read_em_imaging(reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
    entity = EM_IMAGING.read(reading, found, pointer)
    if entity is None:
        return
    set_here = {name: field for name, field in entity.__dict__.items() if field not in (None, [])}
    if own := set_here.pop("annotations", None):
        reading.report(
            "hierarchy-parent",
            f"{pointer}/annotations",
            "these are kept with the annotations of imaging_parameters",
            severity=Severity.INFO,
        )
        values["annotations"] = [*values.get("annotations", []), *own]
    values.update(set_here)


def _write_em_imaging(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
    written = {
        key: rule.write(writing, values, pointer)
        for key, rule in EM_IMAGING.fields.items()
        if key in _EM_IMAGING
    }
    return {key: found for key, found in written.items() if found is not None}


IMAGING = ObjectMap(
    ImagingParameters,
    "EmImaging",
    {
        **ANNOTATED,
        "imaging": structural(
            _read_em_imaging,
            _write_em_imaging,
            inside={
                name: key
                for key, rule in EM_IMAGING.fields.items()
                for name in rule.covers
                if name != "annotations"
            },
            table=EM_IMAGING,
        ),
        "detector": one("detector", DETECTOR),
    },
    required=("imaging", "detector"),
)
SAMPLE_SUPPORT = ObjectMap(
    SampleSupport,
    "SampleSupport",
    {**words("film_material", "grid_material", "grid_mesh_size", "pretreatment"), **ANNOTATED},
)
VITRIFICATION = ObjectMap(
    Vitrification,
    "EmVitrification",
    {
        **words("cryogen_name", "humidity"),
        "temp": value("cryogen_temperature"),
        "chamber_temperature": same,
        "instrument": value("vitrification_instrument"),
        "method": value("vitrification_method"),
        **ANNOTATED,
    },
)
SAMPLE_PREPARATION = ObjectMap(
    SamplePreparation,
    "EmSampleCreation",
    {
        "sample_support": one("sample_support", SAMPLE_SUPPORT),
        "vitrification": one("vitrification", VITRIFICATION),
        **ANNOTATED,
    },
)
