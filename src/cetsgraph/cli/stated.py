"""Options of `cetsgraph import` for what no file states."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cetsgraph.cli.measures import ABOVE_ZERO

if TYPE_CHECKING:
    from cetsgraph.importers import Options

__all__ = ["stated_options"]


_OPTIONS = (
    click.option(
        "--pixel-size", metavar="Å", type=ABOVE_ZERO,
        help="Size of a pixel of the tilt images, for files that do not state one.",
    ),
    click.option(
        "--dose-per-tilt", metavar="E/Å²", type=ABOVE_ZERO,
        help="Dose of each exposure, for files that do not state one.",
    ),
    click.option(
        "--tomogram", metavar="NAME|FILE.mrc",
        help="Tomogram that points are of, for files that name none; its MRC file says its size, too.",
    ),
    click.option(
        "--voxel-size", metavar="Å", type=ABOVE_ZERO,
        help="Size of a voxel of the tomograms that points are of.",
    ),
    click.option(
        "--unit", type=click.Choice(("pixel", "angstrom")),
        help="Unit of coordinates that do not state one; pixels are voxels of the tomogram.",
    ),
    click.option(
        "--size", metavar="X Y Z", nargs=3, type=click.IntRange(min=1),
        help="Voxels of the tomograms that points are of.",
    ),
    click.option(
        "--alignment", type=click.Choice(("imod", "aretomo", "warp")),
        help="Program whose alignment counts where several have aligned a series; the others are kept, too.",
    ),
    click.option(
        "--frames", is_flag=True,
        help="Read the frames of movies, too, from the files of MotionCorr that RELION's tables name.",
    ),
    click.option("--object", "marked", metavar="NAME|TERM", help="What points mark that do not say it."),
)  # fmt: skip


def stated_options(command: Callable[..., int]) -> Callable[..., int]:
    """The options for what no file states, which the command gets as `options`."""

    @wraps(command)
    def with_options(
        *arguments: Any,
        pixel_size: float | None,
        dose_per_tilt: float | None,
        tomogram: str | None,
        voxel_size: float | None,
        unit: str | None,
        size: tuple[int, int, int] | None,
        marked: str | None,
        alignment: str | None,
        frames: bool,
        **others: Any,
    ) -> int:
        from cetsgraph.importers import Options

        options = Options(
            pixel_size, dose_per_tilt, voxel_size, unit, tomogram, size, marked, alignment, frames
        )
        if tomogram is not None and Path(tomogram).is_file():
            options = _with_header(options, Path(tomogram))
        return command(*arguments, options=options, **others)

    for option in reversed(_OPTIONS):
        with_options = option(with_options)
    return with_options


def _with_header(options: "Options", path: Path) -> "Options":
    """The options, with what the header of a tomogram says that they do not."""
    from cetsgraph.importers.picks.tomograms import tomogram_of_file

    found = tomogram_of_file(path)
    side = None if found.voxel is None else found.voxel[0]
    return replace(
        options,
        tomogram=path.name,
        size=options.size or found.size,
        voxel_size=options.voxel_size or side,
    )
