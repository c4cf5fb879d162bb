"""Checks on what is said of files: format, half and size, and that each is listed once."""

import re
from collections.abc import Iterator
from math import prod

from cetsgraph.graph.placement import Place, Placement, PlaceOf
from cetsgraph.model import (
    Alignment,
    DataFile,
    DataSet,
    Map,
    ProbabilityMap,
    Raster2D,
    Raster3D,
    Region,
    SegmentationMask,
    TiltSeriesMicrographStack,
    Tomogram,
)
from cetsgraph.validation.checks.file_names import name_of
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import again
from cetsgraph.validation.checks.surroundings import series_of
from cetsgraph.validation.checks.views import near, sampling, sides, stated_sampling

__all__ = [
    "collections_have_the_format_of_their_files",
    "file_holds_all_voxels",
    "files_are_listed_once",
    "format_is_that_of_the_name",
    "half_is_that_of_the_name",
    "media_type_is_that_of_the_name",
    "other_files_hold_no_volume",
    "tomograms_are_named_as_their_series",
    "voxels_are_as_the_path_says",
]

_ENDS = {
    "mrc": ("mrc", "mrcs", "rec", "st", "ali", "map", "ccp4"),
    "tiff": ("tif", "tiff"),
    "zarr": ("zarr",),
    "eer": ("eer",),
    "hdf5": ("h5", "hdf", "hdf5"),
    "dm4": ("dm3", "dm4"),
    "png": ("png",),
    "jpeg": ("jpg", "jpeg"),
}
"""Formats of images, and how names of such files end."""
_LEAST = 0.5  # bytes for each voxel: two share one in mode 101


@check("file-facts", DataFile, given="file_format")
def format_is_that_of_the_name(place: PlaceOf[DataFile], placement: Placement) -> Iterator[Fault]:
    """A file is not in one format by its name, and in another by what is said of it."""
    file = place.entity
    stated, named = _format(f".{file.file_format}".replace("-", ".")), _format(file.path or "")
    if stated is not None and named is not None and stated != named:
        yield Fault(
            "file_format",
            found=file.file_format,
            expected=named.upper(),
            message=f"by its name, this file is in {named.upper()}",
        )


@check("file-facts", DataFile, given="media_type")
def media_type_is_that_of_the_name(place: PlaceOf[DataFile], placement: Placement) -> Iterator[Fault]:
    """A file is not of one media type by its name, and of another by what is said of it."""
    file = place.entity
    stated = _MEDIA_TYPES.get((file.media_type or "").partition(";")[0].strip().lower())
    named = _format(file.path or "")
    if stated is not None and named is not None and stated != named:
        yield Fault(
            "media_type",
            found=file.media_type,
            expected=f"the media type of {named.upper()}",
            message=f"by its name, this file is in {named.upper()}",
            hint="Correct the media type, or name the file that has it.",
        )


_MEDIA_TYPES = {
    **dict.fromkeys(("image/mrc", "image/x-mrc", "application/mrc", "application/x-mrc"), "mrc"),
    **dict.fromkeys(("application/vnd.zarr", "application/x-zarr", "application/zarr"), "zarr"),
    **dict.fromkeys(("application/x-hdf", "application/x-hdf5", "application/vnd.hdf5"), "hdf5"),
    **{"image/tiff": "tiff", "image/png": "png", "image/jpeg": "jpeg"},
    **{"text/plain": "text", "text/csv": "text", "application/pdf": "pdf"},
}
"""Media types, and the formats that they are of."""


@check("file-facts", Tomogram, Map, SegmentationMask, ProbabilityMap, given="path")
def voxels_are_as_the_path_says(place: Place, placement: Placement) -> Iterator[Fault]:
    """A volume has voxels of the size that its path has, as programs and archives write it."""
    path, size = place.entity.__dict__["path"], sampling(place.entity)
    named = [float(one or other) for one, other in _VOXELS.findall(path)]
    if size is not None and named and not any(near(number / size, _SAME) for number in named):
        yield Fault(
            stated_sampling(place.entity),
            found=size,
            expected=f"{named[-1]:.10g} Å, as its path says",
            message=f"the voxels are {size:.10g} Å, and by its path {named[-1]:.10g} Å",
            hint="Correct the size of the voxels, or name the file that has them.",
        )


_VOXELS = re.compile(
    r"voxelspacing(\d+(?:\.\d+)?)|(?<![\d.])(\d+\.\d+)[-_ ]?(?:apx|a[-_]?per[-_]?px|angpix)(?![a-z])",
    re.IGNORECASE,
)
"""The size of voxels in paths of the CryoET Data Portal, and in names that Warp and others write."""
_SAME = 0.02  # of a size


@check("file-facts", TiltSeriesMicrographStack, given="collection_metadata_path")
@check("file-facts", Alignment, given="path")
@check("file-facts", DataSet, given="thumbnail")
def other_files_hold_no_volume(place: Place, placement: Placement) -> Iterator[Fault]:
    """What a microscope or alignment noted is in no file of images, nor a thumbnail in one of volumes."""
    for field, meant in _NO_IMAGES.items():
        path = place.entity.__dict__.get(field)
        if path and (field != "path" or isinstance(place.entity, Alignment)) and _format(path) in _VOLUMES:
            yield Fault(
                field,
                found=path,
                expected=meant,
                message=f"by its name, this file holds images in {(_format(path) or '').upper()}, and is no "
                f"{meant.partition(',')[0]}",
                hint=f"Name {meant}.",
            )


_NO_IMAGES = {
    "collection_metadata_path": "file of the microscope's program, such as mdoc",
    "path": "file of the alignment, such as .aln, .xf or .tlt",
    "thumbnail": "picture for pages, such as PNG or JPEG",
}
_VOLUMES = ("mrc", "eer", "dm4", "zarr")


@check("file-facts", Region, given="image_collections")
def collections_have_the_format_of_their_files(
    place: PlaceOf[Region], placement: Placement
) -> Iterator[Fault]:
    """A set of images is in the format of the movies that are listed in its folder."""
    region = place.entity
    held = [movies for images in region.tomo_image_sets for movies in images.movie_stack_collections]
    series = [one for collection in held for one in collection.movie_stack_series]
    paths = [movie.path for one in series for movie in one.movie_stacks if movie.path]
    for collection in region.image_collections:
        stated = _format(f".{collection.file_format or ''}".replace("-", "."))
        inside = {_format(path) for path in paths if collection.path and path.startswith(collection.path)}
        if stated is not None and len(inside) == 1 and None not in inside and stated not in inside:
            named = (inside.pop() or "").upper()
            yield Fault(
                "file_format",
                found=collection.file_format,
                expected=named,
                message=f"by their names, the movies in this folder are in {named}",
                entity=collection,
            )


@check("file-facts", DataFile, given="half")
def half_is_that_of_the_name(place: Place, placement: Placement) -> Iterator[Fault]:
    """By its name, the file of the even images is not that of the odd ones, nor the other way round."""
    half, name = place.entity.__dict__["half"], name_of(place.entity.__dict__["path"] or "")
    words = re.findall(r"[a-z]+", name.lower())
    if {"even": "odd", "odd": "even"}[half] in words and half not in words:
        yield Fault(
            "half",
            found=half,
            expected="the half that the name says",
            message="by its name, this file is of the other half",
            hint="Write the other half, or name the file of this one.",
        )


@check("file-facts", Raster2D, Raster3D, given="files")
def files_are_listed_once(place: Place, placement: Placement) -> Iterator[Fault]:
    """No two files of an image are one."""
    for file in again((file.path, file) for file in place.entity.__dict__["files"] if file.path):
        yield Fault(
            "path",
            found=file.path,
            expected="a file of its own",
            message="this file is listed already",
            hint="Take it out, or name the file that is meant.",
            entity=file,
        )


@check("file-facts", Raster2D, Raster3D, given="files")
def file_holds_all_voxels(place: Place, placement: Placement) -> Iterator[Fault]:
    """A file in MRC is as large as its pixels are at least."""
    pixels = prod(sides(place.entity)) if len(sides(place.entity)) > 1 else 0
    for file in place.entity.__dict__["files"]:
        size = file.file_size
        if size is not None and size < _LEAST * pixels and _format(file.path or "") == "mrc":
            yield Fault(
                "file_size",
                found=size,
                expected=f"at least {_LEAST * pixels:.0f} bytes, half of one for each of {pixels} voxels",
                message=f"a file of {size} bytes does not hold what it is said to",
                hint="Write the size in bytes, as the system lists it.",
                entity=file,
            )


def _format(path: str) -> str | None:
    """The format that the end of a name stands for.

    >>> _format("rec/TS_01.zarr/"), _format("rec/TS_01.REC"), _format("rec/TS_01.mrc.gz")
    ('zarr', 'mrc', None)
    """
    end = path.rstrip("/").rpartition(".")[2].lower()
    return next((name for name, ends in _ENDS.items() if end in ends), None)


@check("file-facts", Tomogram, given="path")
def tomograms_are_named_as_their_series(place: Place, placement: Placement) -> Iterator[Fault]:
    """The file of a tomogram is not named by another number than its series and region both have."""
    region, path = place.scope.region, place.entity.__dict__["path"]
    for series in series_of(place, placement):
        names = (name_of(series.entity.__dict__["path"] or ""), region.entity.id if region else None)
        usual, other = (_numbered(name or "") for name in names)
        own = _numbered(name_of(path))
        for word, numbers in usual.items():
            if numbers == other.get(word) and own.get(word, numbers).isdisjoint(numbers):
                yield Fault(
                    "path",
                    found=path,
                    expected=f"{word} {min(numbers)}, as its tilt series and region have",
                    message="by its name, this file is of another tilt series",
                    hint="Name the file of this tomogram, or correct its tilt series.",
                )
                return


def _numbered(text: str) -> dict[str, set[int]]:
    """The numbers that follow words in a name."""
    found: dict[str, set[int]] = {}
    for word, number in re.findall(r"([A-Za-z]{2,})[_-]?(\d{1,6})(?!\d)", text):
        found.setdefault(word.casefold(), set()).add(int(number))
    return found
