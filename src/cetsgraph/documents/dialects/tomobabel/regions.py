"""The tree of dialect A: data sets, regions and their image sets."""

from collections.abc import Mapping
from typing import Any

from cetsgraph.documents.dialects.mapping import (
    NULL,
    Choice,
    ObjectMap,
    ReadSession,
    WriteSession,
    many,
    nothing,
    one,
    read_list,
    structural,
)
from cetsgraph.documents.dialects.tomobabel.annotations import ANNOTATED, ANNOTATION, text
from cetsgraph.documents.dialects.tomobabel.arrays import has_rows
from cetsgraph.documents.dialects.tomobabel.frames import annotated
from cetsgraph.documents.dialects.tomobabel.images import COLLECTION, IMAGE_2D, IMAGE_3D
from cetsgraph.documents.dialects.tomobabel.imaging import IMAGING, SAMPLE_PREPARATION
from cetsgraph.documents.dialects.tomobabel.nesting import Nesting, read_movie_stack_set
from cetsgraph.model import (
    Annotation,
    DataSet,
    Entity,
    Image2D,
    Image3D,
    NonTomoImageSet,
    Region,
    Tomogram,
    TomoImageSet,
)

__all__ = ["DATA_SET", "IMAGE_SET", "REGION", "write_image_set"]


IMAGE_SET = ObjectMap(
    TomoImageSet,
    "TomoImageSet",
    {
        "raw_movies": structural(read_movie_stack_set, nothing, table=COLLECTION),
        "imaging_parameters": one("imaging", IMAGING),
        "sample_creation": one("sample_preparation", SAMPLE_PREPARATION),
        **ANNOTATED,
    },
    beside=("movie_stack_collections", "tilt_series_sets", "tomogram_sets"),
)


def write_image_set(writing: WriteSession, nesting: Nesting, image_set: TomoImageSet) -> list[dict[str, Any]]:
    """The source's TomoImageSets, one for each MovieStackSet."""
    place = nesting.places[id(image_set)]
    written = IMAGE_SET.write(writing, image_set, place) or {}
    for tilt_series_set in image_set.tilt_series_sets:
        writing.report_others(tilt_series_set, nesting.places[id(tilt_series_set)], "tilt_series")
    if len(image_set.tilt_series_sets) > 1:
        writing.report_normalised(place, "tilt series sets become one")
    sets = nesting.movie_stack_sets(image_set)
    if len(sets) > 1:
        writing.report_normalised(place, "one TomoImageSet is written for each series of movies")
    first = [{**written, "raw_movies": raw} for raw in sets[:1]] or [written]
    shared = {name: found for name, found in written.items() if name != "annotations"}
    return [*first, *({**shared, "raw_movies": raw} for raw in sets[1:])]


def _read_image_sets(reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
    values["tomo_image_sets"] = read_list(reading, IMAGE_SET, found, pointer)


def _write_image_sets(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
    nesting = Nesting(writing, values["tomo_image_sets"], f"{pointer}/tomo_image_sets")
    nesting.leave_orphans()
    if not nesting.image_sets and not values["non_tomo_image_sets"]:
        return NULL  # by which the region is known as one of the dialect
    return [item for image_set in nesting.image_sets for item in write_image_set(writing, nesting, image_set)]


def _kind_of_image(source: dict[str, Any]) -> str:
    flat = "pixel_size" in source and not {"depth", "voxel_size"} & source.keys()
    return "Image2D" if flat else "Image3D"


def _read_images(reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
    values["images"] = read_list(reading, IMAGE, found, pointer)


def _write_images(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
    items = []
    for index, image in enumerate(values["images"]):
        item = IMAGE.write(writing, image, f"{pointer}/images/{index}")
        if item is not None and isinstance(image, Image2D):
            item.setdefault("pixel_size", None)  # tells it from an image of three dimensions
        items.append(item)
    return [item for item in items if item is not None]


IMAGE = Choice(
    None,
    {"Image2D": ObjectMap(Image2D, "Image2D", IMAGE_2D), "Image3D": ObjectMap(Image3D, "Image3D", IMAGE_3D)},
    choose=_kind_of_image,
)
NON_TOMO_IMAGE_SET = ObjectMap(
    NonTomoImageSet,
    "NonTomoImageSet",
    {"images": structural(_read_images, _write_images, "images", table=IMAGE, many=True), **ANNOTATED},
)


def _to_tomograms(writing: WriteSession, entity: Entity, values: dict[str, Any], pointer: str) -> None:
    """Put annotations of the region onto the tomograms that they name, where the dialect has them."""
    targets = annotated(writing)
    of_tomogram: dict[int, list[Annotation]] = {}
    kept: list[Annotation] = []
    for index, annotation in enumerate(values["annotations"]):
        target = targets.get(id(annotation))
        held = ANNOTATION.holds(annotation) or has_rows(annotation)
        if not isinstance(target, Tomogram) or not held:
            kept.append(annotation)
            writing.moved_from(annotation, f"{pointer}/annotations/{index}")
            continue
        message = "the annotation stands on its tomogram here"
        writing.report_normalised(f"{pointer}/annotations/{index}", message, kind=type(annotation).__name__)
        moved = annotation.model_copy(update={"source_tomogram_id": None, "target_id": None})
        targets[id(moved)] = target
        writing.moved_from(moved, f"{pointer}/annotations/{index}")
        of_tomogram.setdefault(id(target), []).append(moved)
    if of_tomogram:
        values["annotations"] = kept
        values["tomo_image_sets"] = [_with_annotations(one, of_tomogram) for one in values["tomo_image_sets"]]


def _with_annotations(image_set: TomoImageSet, found: Mapping[int, list[Annotation]]) -> TomoImageSet:
    """A copy whose tomograms have these annotations besides."""
    sets = [
        held.model_copy(
            update={
                "tomograms": [
                    one.model_copy(update={"annotations": [*one.annotations, *found.get(id(one), [])]})
                    for one in held.tomograms
                ]
            }
        )
        for held in image_set.tomogram_sets
    ]
    return image_set.model_copy(update={"tomogram_sets": sets})


REGION = ObjectMap(
    Region,
    "Region",
    {
        "tomo_imaging": structural(
            _read_image_sets, _write_image_sets, "tomo_image_sets", table=IMAGE_SET, many=True
        ),
        "non_tomo_imaging": many("non_tomo_image_sets", NON_TOMO_IMAGE_SET),
        **ANNOTATED,
    },
    prepare=_to_tomograms,
)
DATA_SET = ObjectMap(
    DataSet, "DataSet", {"name": text("name"), "regions": many("regions", REGION), **ANNOTATED}
)
