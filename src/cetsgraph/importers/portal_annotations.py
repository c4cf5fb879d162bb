"""Annotations of the CryoET Data Portal: those of a configuration, and what tables say as it does."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from cetsgraph.importers.fields import Fields
from cetsgraph.importers.numbers import rounded
from cetsgraph.importers.portal_entries import cross_references, curie, people, software, stated
from cetsgraph.model import (
    Annotation,
    CrossReference,
    MaskLabel,
    PointSet,
    SegmentationMask,
    Software,
    Surface,
    Text,
    Tomogram,
)
from cetsgraph.vocabulary import vocabulary

__all__ = [
    *("FORMATS", "SHAPES", "annotations", "described", "fraction"),
    *("known_method", "lay_over", "of_shape", "programs"),
]

SHAPES: Mapping[str, type[Annotation]] = {
    "Point": PointSet,
    "OrientedPoint": PointSet,
    "InstanceSegmentation": PointSet,
    "SegmentationMask": SegmentationMask,
    "SemanticSegmentationMask": SegmentationMask,
    "InstanceSegmentationMask": SegmentationMask,
    "Mesh": Surface,
    "TriangularMesh": Surface,
    "TriangularMeshGroup": Surface,
    "GlobalCaption": Text,
    "AnnotationCaption": Text,
}
"""Shapes of the portal, and what they are here."""
FORMATS = {"zarr": "OME-Zarr", "mrc": "MRC"}
"""Formats of the portal, as people call them."""

_CODE = ("source_code", "models_weights", "model_weights")


def annotations(
    blocks: Collection[Fields], known: Collection[CrossReference]
) -> Iterator[tuple[Fields, Annotation]]:
    """The annotations of a configuration, each with the source that it is of.

    Args:
        blocks: its `annotations`.
        known: entries of the data set, which are not stated again.
    """
    ids: Counter[str] = Counter()
    for block in blocks:
        metadata = block.part("metadata")
        common = described(metadata, known)
        identifier = metadata.text("annotation_ingest_id")
        for source in block.parts("sources"):
            for shape in [shape for shape in SHAPES if shape in source]:
                wanted = f"{identifier}-{shape}"
                ids[wanted] += 1
                number = f"-{ids[wanted]}" if ids[wanted] > 1 else ""
                values = {**common, "id": f"{wanted}{number}" if identifier else None}
                source.part(shape)
                yield source, of_shape(shape, values)


def of_shape(shape: str, values: dict[str, Any]) -> Annotation:
    """The annotation of a shape, by its values; a mask has the object as its label."""
    if SHAPES[shape] is SegmentationMask:
        label = MaskLabel(
            value=1,
            annotated_object=values["annotated_object"],
            annotated_object_name=values["annotated_object_name"],
        )
        is_instance = shape.startswith("Instance")
        return SegmentationMask(
            **values, label_kind="instance" if is_instance else "semantic", mask_labels=[label]
        )
    if SHAPES[shape] is Text:
        values = {**values, "description": values["description"] or values["annotated_object_name"]}
    return SHAPES[shape](**values)


def described(
    metadata: Fields, known: Collection[CrossReference], link_name: str = "custom_name"
) -> dict[str, Any]:
    """What a block says of all its annotations, by fields of the model.

    Args:
        metadata: the block, or the metadata of an annotation, which has the same names.
        known: entries of the data set, which are not stated again.
        link_name: what the name of a link is called.
    """
    object_, confidence = metadata.part("annotation_object"), metadata.part("confidence")
    return {
        "annotated_object": curie(stated(object_.text("id"))),
        "annotated_object_name": object_.text("name"),
        "annotated_object_state": object_.text("state"),
        "description": object_.text("description"),
        "method": known_method(metadata),
        "method_description": metadata.text("annotation_method"),
        "ground_truth": metadata.truth("ground_truth_status"),
        "curator_recommended": metadata.truth("is_curator_recommended"),
        "precision": fraction(confidence.number("precision")),
        "recall": fraction(confidence.number("recall")),
        "authors": people(metadata),
        "software": programs(metadata, metadata.parts("method_links"), link_name),
        "cross_references": cross_references(metadata, "annotation_publications", without=known),
    }


def known_method(metadata: Fields) -> str | None:
    """How the annotation was made, where that is one of the words of the model, which are the portal's."""
    word = metadata.text("method_type")
    if word is not None and word not in vocabulary().properties["method"].values:
        metadata.dropped("method_type", word)
        return None
    return word


def lay_over(mask: SegmentationMask, volume: Tomogram | None) -> None:
    """Give a mask the voxels of its tomogram, if that is known."""
    if volume is not None:
        mask.width, mask.height, mask.depth = volume.width, volume.height, volume.depth
        mask.voxel_size = volume.voxel_size


def fraction(percent: float | None) -> float | None:
    """A part of 1, of percent."""
    return None if percent is None else rounded(percent / 100)


def programs(metadata: Fields, links: Iterable[Fields], name: str) -> list[Software]:
    """The programs, with the addresses of their code where a link's name begins with theirs.

    Args:
        metadata: what has the `annotation_software`.
        links: to documentation, code and models, each with `link` and `link_type`.
        name: what the name of a link is called.
    """
    found = software(metadata.text("annotation_software"))
    for link in links:
        program = _linked(found, link, name)
        if program is not None:
            program.url = link.text("link")
            link.take("link_type")
    return found


def _linked(programs: list[Software], link: Fields, name: str) -> Software | None:
    kind, called = link.peek("link_type"), str(link.peek(name) or "").casefold()
    return next(
        (
            program
            for program in programs
            if kind in _CODE and program.url is None and called.startswith(str(program.name).casefold())
        ),
        None,
    )
