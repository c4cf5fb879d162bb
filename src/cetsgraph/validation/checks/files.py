"""Checks on what is said of files: format, half and size, and that each is listed once."""

import re
from collections.abc import Iterator
from math import prod

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import DataFile, Raster2D, Raster3D
from cetsgraph.validation.checks.file_names import name_of
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.checks.siblings import again
from cetsgraph.validation.checks.views import sides

__all__ = [
    "file_holds_all_voxels",
    "files_are_listed_once",
    "format_is_that_of_the_name",
    "half_is_that_of_the_name",
]

_ENDS = {
    "mrc": ("mrc", "mrcs", "rec", "st", "ali", "map", "ccp4"),
    "tiff": ("tif", "tiff"),
    "zarr": ("zarr",),
    "eer": ("eer",),
    "hdf5": ("h5", "hdf", "hdf5"),
    "dm4": ("dm3", "dm4"),
}
"""Formats of images, and how names of such files end."""
_LEAST = 0.5  # bytes for each voxel: two share one in mode 101


@check("file-facts", DataFile, given="file_format")
def format_is_that_of_the_name(place: Place, placement: Placement) -> Iterator[Fault]:
    """A file is not in one format by its name, and in another by what is said of it."""
    file = place.entity
    assert isinstance(file, DataFile)
    stated, named = _format(f".{file.file_format}".replace("-", ".")), _format(file.path or "")
    if stated is not None and named is not None and stated != named:
        yield Fault(
            "file_format",
            found=file.file_format,
            expected=named.upper(),
            message=f"by its name, this file is in {named.upper()}",
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
