"""Images by their headers as a data set: a region for each name, and maps beside them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cetsgraph.importers.claim import sample_of, stem
from cetsgraph.importers.image_headers.claims import MRC, recognise
from cetsgraph.importers.image_headers.header import ImageHeader
from cetsgraph.importers.image_headers.mrc import mrc_header
from cetsgraph.importers.image_headers.ome_zarr import ome_zarr_header
from cetsgraph.importers.numbers import rounded
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tilt_series.bundles import series_stem
from cetsgraph.model import (
    DataSet,
    Image2D,
    Map,
    MapSet,
    NonTomoImageSet,
    Region,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
)

__all__ = ["dataset"]

_ASSUMED = {
    "volume": "a volume is taken for a tomogram",
    "map": "a volume whose name ends in .map is taken for a map",
    "stack": "a stack of images is taken for a tilt series",
}
_CUBIC = 1e-3  # of the size of a voxel, by which sides of a cube may differ


def dataset(session: ImportSession) -> DataSet:
    """The images of a claim.

    Raises:
        DocumentError: a file cannot be read, or is no header.
    """
    regions: dict[str, list[ImageHeader]] = defaultdict(list)
    for path in session.claim.files:
        with session.attempt():
            if (one := _header(session, path)) is not None:
                regions["" if one.kind == "map" else series_stem(Path(one.path))].append(one)
    maps = [Map(**_volume(one), id=stem(Path(one.path))) for one in regions.pop("", [])]
    return DataSet(
        regions=[_region(name, images) for name, images in regions.items()],
        map_sets=[MapSet(maps=maps)] if maps else [],
    )


def _header(session: ImportSession, path: Path) -> ImageHeader | None:
    """What a file says of its image; None if it describes an array, which is read with its group."""
    known = recognise(sample_of(path))
    if known is None:
        return None
    one = mrc_header(session, path) if known.kind == MRC else ome_zarr_header(session, path)
    if one.kind in _ASSUMED:
        session.tally.assumed(_ASSUMED[one.kind], one.place)
    return one


def _region(name: str, images: Sequence[ImageHeader]) -> Region:
    """The images of one name: tilt series, tomograms and others."""
    found = Region(id=name, name=name)
    ids = _ids(name, images)
    series = [_series(one, ids[one.path]) for one in images if one.kind == "stack"]
    volumes = [Tomogram(**_volume(one), id=ids[one.path]) for one in images if one.kind == "volume"]
    others = [Image2D(**_plane(one), id=ids[one.path]) for one in images if one.kind == "image"]
    if series or volumes:
        found.tomo_image_sets = [
            TomoImageSet(
                tilt_series_sets=[TiltSeriesSet(tilt_series=series)] if series else [],
                tomogram_sets=[TomogramSet(tomograms=volumes)] if volumes else [],
            )
        ]
    if others:
        found.non_tomo_image_sets = [NonTomoImageSet(images=list(others))]
    return found


def _ids(name: str, images: Sequence[ImageHeader]) -> dict[str, str]:
    """An id for each image: the name of the only one, else that of its file."""
    return {one.path: name if len(images) == 1 else Path(one.path).name for one in images}


def _series(one: ImageHeader, identifier: str) -> TiltSeriesMicrographStack:
    return TiltSeriesMicrographStack(**_plane(one), id=identifier, tilt_count=one.size.z)


def _plane(one: ImageHeader) -> dict[str, Any]:
    """Path, width, height and pixel size."""
    sides = {"pixel_size_x": one.spacing.x, "pixel_size_y": one.spacing.y}
    return {"path": one.path, "width": one.size.x, "height": one.size.y, **_size("pixel_size", sides)}


def _volume(one: ImageHeader) -> dict[str, Any]:
    """Path, width, height, depth and voxel size."""
    sides = {f"voxel_size_{axis}": size for axis, size in one.spacing._asdict().items()}
    sizes = {"width": one.size.x, "height": one.size.y, "depth": one.size.z}
    return {"path": one.path, **sizes, **_size("voxel_size", sides)}


def _size(whole: str, sides: Mapping[str, float | None]) -> dict[str, float]:
    """The size of a pixel or voxel: one number if its sides are equal, else each side that is known."""
    known = {name: rounded(size) for name, size in sides.items() if size is not None}
    if len(known) == len(sides) and max(known.values()) <= min(known.values()) * (1 + _CUBIC):
        return {whole: next(iter(known.values()))}
    return known
