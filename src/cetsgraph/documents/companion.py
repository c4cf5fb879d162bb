"""What a converter writes beside a document: a companion with what has no place in it, and a report.

`X.cets.json` has `X.cets-companion.json` (`cets-rigid-companion/0.1` or `/0.2`) and `X.cets.report.json`
beside it. Their facts are merged into the data set by id; fields of the document itself stay as they are.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cetsgraph.model import (
    Alignment,
    Annotation,
    Coordinates,
    CrossReference,
    DataFile,
    DataSet,
    Entity,
    Geometry,
    MaskLabel,
    PointAttribute,
    PointSet,
    ProcessingCheck,
    ProcessingParameter,
    ProjectionExclusion,
    Provenance,
    SegmentationMask,
    Software,
    TiltAngleObservation,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    Tomogram,
)
from cetsgraph.vocabulary import vocabulary

__all__ = [
    "FACTS",
    "companion_name",
    "listed_facts",
    "merge_companion",
    "merge_report",
    "named_facts",
    "taken",
]

Facts = Mapping[str, Any]

_SERIES = {
    "voltage_kv": "accelerating_voltage",
    "cs_mm": "spherical_aberration",
    "amplitude_contrast": "amplitude_contrast",
    "dose_rate": "dose_rate",
    "pixel_size_acquisition_a": "pixel_size",
    "pixel_size_ctf_a": "ctf_pixel_size",
    "tilt_axis_nominal_deg": "tilt_axis_angle",
    "are_angles_inverted": "angles_inverted",
    "defocus_hand": "defocus_handedness",
    "defocus_hand_convention": "handedness_convention",
    "collection_metadata_path": "collection_metadata_path",
}
_IMAGE = {"exposure_dose": "exposure_dose", "frame_name": "frame_name"}
_ALIGNMENT = {
    "name": "name",
    "format": "file_format",
    "alignment_type": "alignment_type",
    "method_type": "alignment_method",
    "reference_tomogram_id": "reference_volume_id",
}
_TOMOGRAM = {"processing": "processing", "reconstruction_method": "reconstruction_method"}
_ANNOTATION = {
    "object_name": "annotated_object_name",
    "object_id": "annotated_object",
    "object_state": "annotated_object_state",
    "annotation_method": "method_description",
    "ground_truth_status": "ground_truth",
    "is_curator_recommended": "curator_recommended",
    "confidence_precision": "precision",
    "confidence_recall": "recall",
    "file_path": "path",
}
FACTS: Mapping[str, Mapping[str, str]] = {
    "tilt_series": _SERIES,
    "images": _IMAGE,
    "alignments": _ALIGNMENT,
    "tomograms": _TOMOGRAM,
    "annotations": _ANNOTATION,
}
"""By part of a companion: its fields, and the fields of the model that they are."""
_CLASSES: Mapping[str, type[Entity]] = {
    "tilt_series": TiltSeriesMicrographStack,
    "images": TiltSeriesMicrograph,
    "alignments": Alignment,
    "tomograms": Tomogram,
    "annotations": Annotation,
}


def companion_name(cls: type[Entity], field: str) -> str | None:
    """What a companion calls a field of a class; None where it has no such field.

    >>> companion_name(TiltSeriesMicrographStack, "accelerating_voltage"), companion_name(Tomogram, "depth")
    ('voltage_kv', None)
    """
    parts = (FACTS[part] for part, described in _CLASSES.items() if issubclass(cls, described))
    return next((name for facts in parts for name, own in facts.items() if own == field), None)


def merge_companion(dataset: DataSet, companion: Facts) -> None:
    """Add to a data set what its companion says of the objects that have the same ids."""
    objects = _by_id(dataset)
    of_series = dict(named_facts(companion.get("tilt_series")))
    for name, facts in of_series.items():
        for series in objects.get((TiltSeriesMicrographStack, name), []):
            _merge_series(series, facts)
    alignments = [entity for entity in dataset.walk() if isinstance(entity, Alignment)]
    for alignment, facts in _described(alignments, listed_facts(companion.get("alignments"))):
        _merge_alignment(alignment, facts, of_series.get(alignment.tilt_series_id or "", {}))
    for alignment in alignments:
        named = objects.get((TiltSeriesMicrographStack, alignment.tilt_series_id or ""), [])
        for series in named:
            _merge_series_of_alignment(alignment, series, of_series.get(series.id or "", {}))
    for name, facts in named_facts(companion.get("tomograms")):
        for tomogram in objects.get((Tomogram, name), []):
            _merge_tomogram(tomogram, facts)
    for name, facts in named_facts(companion.get("annotations")):
        for annotation in objects.get((Annotation, name), []):
            _merge_annotation(annotation, facts)
    if _is_of_a_profile(str(companion.get("schema_version"))):
        _follow_profile(dataset)


def merge_report(dataset: DataSet, report: Facts) -> None:
    """Keep how a conversion went as the provenance of the data set, and the conventions of its profile."""
    profile = report.get("profile")
    if dataset.provenance is None:
        provenance = Provenance(software=_programs(report.get("tool")))
        _take(
            provenance,
            report,
            {"command": "command", "profile": "profile_version", "ok": "passed", "error": "error"},
        )
        for series in listed_facts(report.get("series")):
            _add_series_of_report(provenance, series)
        dataset.provenance = provenance
    if _is_of_a_profile(str(profile)):
        _follow_profile(dataset)


def _is_of_a_profile(version: str) -> bool:
    """Whether a document follows the conventions of one of the profiles of converters."""
    return version.startswith(("cets-rigid/", "cets-nonrigid/", "cets-rigid-companion/"))


def _follow_profile(dataset: DataSet) -> None:
    """Accumulated dose is before the image, and coordinates are Å from voxel ⌊N/2⌋."""
    for entity in dataset.walk():
        if isinstance(entity, TiltSeriesMicrograph) and entity.accumulated_dose is not None:
            entity.dose_convention = entity.dose_convention or "before"
        elif isinstance(entity, Geometry) and entity.unit == "angstrom":
            entity.origin = entity.origin or "centre"


def _add_series_of_report(provenance: Provenance, series: Facts) -> None:
    for gate in listed_facts(series.get("gates")):
        check = ProcessingCheck(
            value_json=_json(gate.get("value")), expected_json=_json(gate.get("expected"))
        )
        _take(check, gate, {"name": "name", "passed": "passed", "note": "description"})
        provenance.checks.append(check)
    for option in listed_facts(series.get("provenance")):
        parameter = ProcessingParameter(value_json=_json(option.get("value")))
        _take(parameter, option, {"option": "name", "source": "source", "note": "description"})
        provenance.parameters.append(parameter)
    for key, name in {"warnings": "warnings", "hints": "hints", "dropped": "dropped_information"}.items():
        if texts := _texts(series.get(key)):
            setattr(provenance, name, [*(getattr(provenance, name) or []), *texts])
    _take(provenance, series, {"error": "error"})


def _merge_series(series: Entity, facts: Facts) -> None:
    assert isinstance(series, TiltSeriesMicrographStack)
    _take(series, facts, _SERIES)
    by_id = {image.id: image for image in series.micrographs}
    for name, of_image in named_facts(facts.get("images")):
        image = by_id.get(name)
        if image is None:
            continue
        _take(image, of_image, _IMAGE)
        order = of_image.get("acquisition_index_1b")
        if image.acquisition_order is None and type(order) is int and order > 0:
            image.acquisition_order = order - 1
        if of_image.get("use_tilt") is False and image.excluded is None:
            image.excluded = True
        _observe(image, of_image.get("stage_angle_deg"))


def _observe(image: TiltSeriesMicrograph, angle: Any) -> None:
    kinds = {seen.angle_kind for seen in image.tilt_angle_observations}
    a_number = isinstance(angle, int | float) and not isinstance(angle, bool)
    known = taken(TiltAngleObservation, "tilt_angle", angle) if a_number else None
    if known is not None and "stage" not in kinds:
        observation = TiltAngleObservation(tilt_angle=known, angle_kind="stage")
        image.tilt_angle_observations = [*image.tilt_angle_observations, observation]


def _merge_series_of_alignment(alignment: Alignment, series: Entity, facts: Facts) -> None:
    """What is said of a series, and is about how it was aligned."""
    assert isinstance(series, TiltSeriesMicrographStack)
    _take(alignment, facts, {"alpha_offset_deg": "tilt_offset", "beta_offset_deg": "x_rotation_offset"})
    _exclude(alignment, series, facts)


def _exclude(alignment: Alignment, series: TiltSeriesMicrographStack, facts: Facts) -> None:
    """An image that is not used, and is not aligned, was left out by the alignment."""
    known = {excluded.tilt_image_id for excluded in alignment.exclusions}
    known.update(row.tilt_image_id for row in alignment.projection_alignments)
    images = {image.id for image in series.micrographs}
    left_out = [
        ProjectionExclusion(tilt_image_id=name)
        for name, of_image in named_facts(facts.get("images"))
        if of_image.get("use_tilt") is False and name in images - known
    ]
    if left_out:
        alignment.exclusions = [*alignment.exclusions, *left_out]


def _described(alignments: Iterable[Alignment], listed: list[Facts]) -> Iterator[tuple[Alignment, Facts]]:
    """Alignments with the facts of their id, or else at their place among those of their series."""
    before: Counter[str] = Counter()
    for alignment in alignments:
        named = [facts for facts in listed if alignment.id is not None and facts.get("id") == alignment.id]
        series = alignment.tilt_series_id or ""
        of_series = [facts for facts in listed if facts.get("tilt_series_id") == series]
        for facts in named or of_series[before[series] : before[series] + 1]:
            yield alignment, facts
        before[series] += 1


def _merge_alignment(alignment: Alignment, facts: Facts, of_series: Facts) -> None:
    _take(alignment, facts, _ALIGNMENT)
    thickness, pixel = facts.get("thickness_px"), of_series.get("pixel_size_acquisition_a")
    if isinstance(thickness, int | float) and isinstance(pixel, int | float):
        _take(alignment, {"thickness": round(thickness * pixel, 9)}, {"thickness": "specimen_thickness"})
    size = facts.get("native_volume_dimension_a")
    if alignment.volume_dimensions is None and isinstance(size, Mapping):
        alignment.volume_dimensions = Coordinates()
        _take(alignment.volume_dimensions, size, {"x": "x", "y": "y", "z": "z"})
    _add_dropped(alignment, facts)


def _merge_tomogram(tomogram: Entity, facts: Facts) -> None:
    assert isinstance(tomogram, Tomogram)
    _take(tomogram, facts, _TOMOGRAM)
    tomogram.software = tomogram.software or _programs(facts.get("reconstruction_software"))


def _merge_annotation(annotation: Entity, facts: Facts) -> None:
    assert isinstance(annotation, Annotation)
    _take(annotation, facts, _ANNOTATION)
    if annotation.method is None and facts.get("method_type") in vocabulary().properties["method"].values:
        annotation.method = facts["method_type"]
    annotation.software = annotation.software or _programs(facts.get("annotation_software"))
    number = facts.get("portal_annotation_id")
    if number is not None and not annotation.cross_references:
        annotation.cross_references = [
            CrossReference(database="CryoET Data Portal", accession=f"annotation {number}")
        ]
    label = facts.get("mask_label")
    if isinstance(annotation, SegmentationMask) and type(label) is int and not annotation.mask_labels:
        mark = MaskLabel(value=label)
        _take(mark, facts, {"object_id": "annotated_object", "object_name": "annotated_object_name"})
        annotation.mask_labels = [mark]
    if isinstance(annotation, PointSet):
        _add_columns(annotation, facts)
    if (path := facts.get("mrc_path")) and isinstance(annotation, SegmentationMask) and not annotation.files:
        annotation.files = [DataFile(path=path, file_format="MRC")]
    _add_dropped(annotation, facts)


def _add_dropped(entity: Alignment | Annotation, facts: Facts) -> None:
    if dropped := _texts(facts.get("dropped")):
        entity.provenance = entity.provenance or Provenance()
        entity.provenance.dropped_information = [*(entity.provenance.dropped_information or []), *dropped]


def _add_columns(points: PointSet, facts: Facts) -> None:
    """Columns of a table of particles, and the number of the instance that each point belongs to."""
    columns = facts.get("columns")
    named = dict(columns) if isinstance(columns, Mapping) else {}
    named["instance_id"] = facts.get("instance_ids")
    known = {column.name for column in points.point_attributes}
    made = [
        PointAttribute(name=name, values=values)
        for name, values in named.items()
        if name not in known and isinstance(values, list) and values and all(map(_is_value, values))
    ]
    if made:
        points.point_attributes = [*points.point_attributes, *made]


def _is_value(found: Any) -> bool:
    return found is None or isinstance(found, str | int | float)


def _take(entity: Entity, facts: Facts, names: Mapping[str, str]) -> None:
    """Set fields that are not set, where the facts have a value of their type."""
    for key, name in names.items():
        found = facts.get(key)
        if (
            found in (None, "", [])
            or name not in type(entity).model_fields
            or getattr(entity, name) not in (None, [])
        ):
            continue
        if (value := taken(type(entity), name, found)) is not None:
            setattr(entity, name, value)


def taken(cls: type[Entity], field: str, found: Any) -> Any:
    """A value as a field of the model has it; None if it is none of its type.

    >>> taken(Alignment, "alignment_type", "LOCAL"), taken(TiltSeriesMicrographStack, "dose_rate", "3 e/Å²")
    ('LOCAL', None)
    """
    try:
        return getattr(cls(**{field: found}), field)
    except ValueError:
        return None


def _programs(found: Any) -> list[Software]:
    return [Software(name=found)] if isinstance(found, str) and found else []


def _texts(found: Any) -> list[str]:
    texts = found if isinstance(found, list) else []
    return [one if isinstance(one, str) else _json(one) or "" for one in texts]


def _json(found: Any) -> str | None:
    return None if found is None else json.dumps(found, ensure_ascii=False)


def named_facts(found: Any) -> Iterator[tuple[str, Facts]]:
    """The objects among the values of an object, with their names."""
    for name, facts in found.items() if isinstance(found, Mapping) else ():
        if isinstance(facts, Mapping):
            yield name, facts


def listed_facts(found: Any) -> list[Facts]:
    """The objects of a list."""
    return [facts for facts in found if isinstance(facts, Mapping)] if isinstance(found, list) else []


def _by_id(dataset: DataSet) -> dict[tuple[type[Entity], str], list[Entity]]:
    found: dict[tuple[type[Entity], str], list[Entity]] = {}
    for entity in dataset.walk():
        if entity.id is not None:
            kind = Annotation if isinstance(entity, Annotation) else type(entity)
            found.setdefault((kind, entity.id), []).append(entity)
    return found
