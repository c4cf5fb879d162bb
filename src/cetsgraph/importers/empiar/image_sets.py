"""An image set of EMPIAR as a region: its images as a whole, and the sets that they belong to."""

from pathlib import PureWindowsPath

from cetsgraph.importers.empiar.spelling import CATEGORIES, FORMATS, VOXEL_TYPES, decoded, named, text
from cetsgraph.importers.fields import Fields
from cetsgraph.model import (
    ImageCollection,
    MovieStackCollection,
    Region,
    TiltSeriesSet,
    TomogramSet,
    TomoImageSet,
)

__all__ = ["regions"]

_TILT_SERIES = "tilt series"
_MOVIES = "micrographs - multiframe"
_VOLUMES = "reconstructed volumes"


def regions(sets: list[Fields]) -> list[Region]:
    """A region for each image set, in their order.

    Movies are those of tilt series if the entry has tilt series.
    """
    collections = [_collection(one) for one in sets]
    tomographic = any(one.category == _TILT_SERIES for one in collections)
    return [
        Region(
            id=f"imageset-{number}",
            name=one.name,
            description=one.description,
            image_collections=[one],
            tomo_image_sets=_tomo_image_sets(one, tomographic),
        )
        for number, one in enumerate(collections)
    ]


def _collection(fields: Fields) -> ImageCollection:
    size = fields.part("dimensions") if "dimensions" in fields else fields
    width, height = (size.number(named(size, name)) for name in ("pixel_width", "pixel_height"))
    square = width == height
    data_format = decoded(text(fields, "data_format"), FORMATS)
    _take_header_format(fields, data_format)
    return ImageCollection(
        name=text(fields, "name"),
        description=text(fields, "details"),
        path=_folder(fields),
        category=decoded(text(fields, "category"), CATEGORIES),
        item_count=fields.integer(named(fields, "num_images_or_tilt_series")),
        images_per_item=fields.integer(named(fields, "frames_per_image")),
        width=size.integer(named(size, "image_width")) or None,
        height=size.integer(named(size, "image_height")) or None,
        pixel_size=(width or None) if square else None,
        pixel_size_x=None if square else width or None,
        pixel_size_y=None if square else height or None,
        file_format=data_format,
        data_format=decoded(text(fields, "voxel_type"), VOXEL_TYPES),
    )


def _take_header_format(fields: Fields, data_format: str | None) -> None:
    """Take the format of the headers where it is that of the data."""
    key = named(fields, "header_format")
    if decoded(fields.text(key), FORMATS) != data_format:
        fields.leave(key)


def _folder(fields: Fields) -> str | None:
    """The folder below that of the entry."""
    directory = text(fields, "directory")
    if directory is not None and ".." in PureWindowsPath(directory).parts:
        fields.wrong("directory", directory, "a folder of the entry")
        return None
    return None if directory is None else directory.strip("/") or None


def _tomo_image_sets(images: ImageCollection, tomographic: bool) -> list[TomoImageSet]:
    said = {"name": images.name, "description": images.description}
    if images.category == _TILT_SERIES:
        return [TomoImageSet(tilt_series_sets=[TiltSeriesSet.model_validate(said)])]
    if images.category == _VOLUMES:
        return [TomoImageSet(tomogram_sets=[TomogramSet.model_validate(said)])]
    if images.category == _MOVIES and tomographic:
        return [TomoImageSet(movie_stack_collections=[MovieStackCollection.model_validate(said)])]
    return []
