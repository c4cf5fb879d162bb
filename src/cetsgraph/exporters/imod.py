"""Alignments as files of IMOD: .xf, .tlt, .xtilt, .rawtlt, and tilt.com where views are left out."""

from collections.abc import Iterator, Sequence

from cetsgraph.exporters.aligned import AlignedSeries
from cetsgraph.exporters.losses import Losses
from cetsgraph.exporters.texts import columns, number
from cetsgraph.geometry.alignments import ImodTransform, ImodView, to_imod

__all__ = ["files"]

_DIGITS = 10  # of matrix entries; IMOD itself writes 7, and reads any


def files(given: Sequence[AlignedSeries], losses: Losses) -> Iterator[tuple[str, str]]:
    """Paths and texts of the files, a folder for each series and a line for each image."""
    for one in given:
        pixel = _pixel_size(one, losses)
        views = [
            ImodView(ImodTransform(), image.image.nominal_tilt_angle or 0.0)
            if image.projection is None
            else to_imod(image.projection, pixel)
            for image in one.images
        ]
        stem = f"{one.name}/{one.name}"
        yield f"{stem}.xf", columns([[number(value, _DIGITS) for value in view.transform] for view in views])
        yield f"{stem}.tlt", columns([[number(view.tilt)] for view in views])
        if any(view.x_tilt for view in views):
            yield f"{stem}.xtilt", columns([[number(view.x_tilt)] for view in views])
        angles = [image.image.nominal_tilt_angle for image in one.images]
        if all(angle is not None for angle in angles):
            yield f"{stem}.rawtlt", columns([[number(angle or 0.0)] for angle in angles])
        if left_out := [n for n, image in enumerate(one.images, start=1) if image.projection is None]:
            yield f"{one.name}/tilt.com", _commands(one.name, left_out)


def _pixel_size(one: AlignedSeries, losses: Losses) -> float:
    """Pixel size for shifts in pixels; without one, shifts are in Å, and that is said."""
    if one.pixel_size is None and any(projection.shift for _, projection in one.aligned):
        losses.add(one.pointer, "shifts are written in Å, since no pixel size is stated")
    return one.pixel_size or 1.0


def _commands(name: str, left_out: Sequence[int]) -> str:
    return (
        f"$tilt -StandardInput\nInputProjections {name}_ali.mrc\nTILTFILE {name}.tlt\n"
        f"EXCLUDELIST {','.join(map(str, left_out))}\n"
    )
