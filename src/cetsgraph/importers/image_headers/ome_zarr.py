"""OME-Zarr 0.4 and 0.5: what describes the image and its array of full size, never the chunks.

https://ngff.openmicroscopy.org/0.5/: axes, and by level the factor from array to space along each of them.
"""

import math
from pathlib import Path

from cetsgraph.errors import DocumentError
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.image_headers.claims import array_description, image_path
from cetsgraph.importers.image_headers.header import Along, ImageHeader
from cetsgraph.importers.numbers import rounded
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.units import converted

__all__ = ["ome_zarr_header"]


def ome_zarr_header(session: ImportSession, path: Path) -> ImageHeader:
    """What the description of an OME-Zarr image says, with the sizes of its array.

    Raises:
        DocumentError: a description cannot be read, or has no image.
    """
    image = _image(session, path)
    levels, axes = image.parts("datasets"), image.parts("axes")
    names = [axis.text("name") or "" for axis in axes]
    if not levels or not {"x", "y"} <= set(names):
        raise DocumentError(
            "this describes no image in space", path=path, line=1, found=names, expected="axes x and y"
        )
    shape = _shape(session, path, levels[0], len(axes))
    scale = [a * b for a, b in zip(_scale(image, len(axes)), _scale(levels[0], len(axes)), strict=True)]
    sizes = {name: shape[number] for number, name in enumerate(names)}
    spacing = {
        name: _angstroms(session, axis, factor)
        for name, axis, factor in zip(names, axes, scale, strict=True)
        if name in ("x", "y", "z") and factor
    }
    return ImageHeader(
        session.shown(image_path(path)),
        image.place(),
        "volume" if sizes.get("z", 1) != 1 else "image",
        Along(sizes.get("x"), sizes.get("y"), sizes.get("z")),
        Along(spacing.get("x"), spacing.get("y"), spacing.get("z")),
    )


def _image(session: ImportSession, path: Path) -> Fields:
    """The image that is described first."""
    root = session.json(path)
    root.take("zarr_format", "node_type")
    group = root.part("attributes").part("ome") if "attributes" in root else root
    group.take("version")
    image = next(iter(group.parts("multiscales")), None)
    if image is None:
        raise DocumentError("this describes no image", path=path, line=1, expected="multiscales")
    image.take("version", "name")
    return image


def _shape(session: ImportSession, path: Path, level: Fields, count: int) -> list[int | None]:
    """Sizes of the array along its axes; None for each where it is not described."""
    (written,) = level.take("path")
    file = array_description(path, written)
    unknown: list[int | None] = [None] * count
    if file is None:
        level.wrong("path", written, "the path of an array in the group")
        return unknown
    if not session.has(file):
        session.tally.part_missing(file.parent.name, level.place("path"))
        return unknown
    array = session.json(file)
    array.take("zarr_format", "node_type")
    shape = array.numbers("shape", count)
    return unknown if shape is None else [int(size) or None for size in shape]


def _scale(fields: Fields, count: int) -> list[float]:
    """Factors along the axes; 1 where none is stated."""
    for one in fields.parts("coordinateTransformations"):
        if one.peek("type") == "scale" and "scale" in one:
            one.take("type")
            return one.numbers("scale", count) or [1.0] * count
    return [1.0] * count


def _angstroms(session: ImportSession, axis: Fields, factor: float) -> float | None:
    """Å from voxel to voxel; without a unit the factor is taken for these, as tomography has it."""
    if axis.peek("type") == "space":
        axis.take("type")
    unit = axis.text("unit")
    if unit is None:
        session.tally.assumed("factors of axes without a unit are Å", axis.place("name"))
    found = converted(factor, unit or "Å", "Å")
    if found is None or not 0 < found < math.inf:
        axis.wrong("unit", f"{factor} {unit or 'Å'}", "a length above zero")
        return None
    return rounded(found)
