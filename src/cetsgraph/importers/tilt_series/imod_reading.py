"""One tilt series in IMOD's files."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from cetsgraph.geometry.alignments import ImodTransform, ImodView, from_imod
from cetsgraph.geometry.projections import Projection
from cetsgraph.importers.formats import mrc
from cetsgraph.importers.numbers import rounded
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.importers.tilt_series.imod_ctf import defocus_by_view
from cetsgraph.importers.tilt_series.imod_lines import by_view, lines_of
from cetsgraph.importers.tilt_series.imod_setup import EtomoSetup, TiltCommands
from cetsgraph.importers.tilt_series.statements import ImageFacts, SeriesFacts
from cetsgraph.model import Alignment, Software, Tomogram

__all__ = ["ImodReading"]

_TRANSFORM = ("A11", "A12", "A21", "A22", "DX", "DY")
_LINES = {
    "transforms": _TRANSFORM,
    "tilts": ("tilt angle", "dose"),
    "tilts about X": ("tilt about X",),
    "stage tilts": ("tilt angle",),
}
"""Files with a line for each view, by kind, and what stands on a line."""
_MAGNIFIED = 1e-4  # by which a transform may enlarge the image without a word
_DEFAULT_SPACING = 1.0  # what IMOD writes where it knows none
_MAX_VIEWS = 10_000


class ImodReading:
    """The files of one series, as they were read."""

    def __init__(
        self,
        session: ImportSession,
        files: Mapping[str, Path],
        setup: EtomoSetup,
        commands: TiltCommands | None,
    ) -> None:
        self._session = session
        self._files = files
        self._setup = setup
        self._commands = commands or TiltCommands()
        self._excluded = setup.excluded | self._commands.excluded
        stack = files.get("stack")
        self._header = None if stack is None else mrc.parse(session.head(stack, mrc.LENGTH))
        self._defocus = defocus_by_view(session, files.get("defocus"))
        lines = {kind: lines_of(session, files.get(kind), names) for kind, names in _LINES.items()}
        self._count = self._number_of_views(max(map(len, lines.values())))
        self._lines = {
            kind: by_view(session, found, self._count, self._excluded) for kind, found in lines.items()
        }

    @property
    def pixel_size(self) -> float | None:
        """Of the stack: its header's, unless that is what IMOD writes where it knows none; else etomo's."""
        spacing = None if self._header is None else self._header.spacing[0]
        known = spacing is not None and spacing != _DEFAULT_SPACING
        return rounded(spacing) if spacing is not None and known else self._setup.pixel_size

    def facts(self, pixel_size: float | None) -> SeriesFacts:
        """What the files say, by the pixel size of the stack."""
        images = [self._image(view, pixel_size) for view in range(self._count)]
        facts = SeriesFacts("imod", self._place(), images, self._values())
        if any(image.projection is not None for image in images):
            facts.alignment = self._alignment()
        facts.tomograms = list(self._tomograms(pixel_size))
        self._say_assumptions(pixel_size)
        return facts

    def _place(self) -> SourcePlace:
        first = next(iter(self._files.values()), None)
        return self._commands.place if first is None else SourcePlace(self._session.shown(first))

    def _number_of_views(self, lines: int) -> int:
        """Sections of the stack, else lines of the file that has most, else views with a defocus."""
        if self._header is not None and 1 < self._header.size[2] <= _MAX_VIEWS:
            return self._header.size[2]
        return lines or (max(self._defocus) + 1 if self._defocus else 0)

    def _image(self, view: int, pixel_size: float | None) -> ImageFacts:
        values: dict[str, Any] = {"ctf_metadata": self._defocus.get(view)}
        if view in self._excluded:
            values |= {"excluded": True, "exclusion_reason": "not reconstructed"}
        values["nominal_tilt_angle"] = self._number("stage tilts", view)
        if (dose := self._number("tilts", view, 1)) is not None:
            values |= {"accumulated_dose": dose, "dose_convention": "unknown"}
        projection = self._projection(view, pixel_size)
        if projection is not None:
            values["refined_tilt_angle"] = rounded(projection.y_tilt)
        lines = [found[view] for found in self._lines.values() if view in found]
        place = lines[0].place if lines else self._place()
        return ImageFacts(
            place, view, values, projection=projection if view in self._lines["transforms"] else None
        )

    def _number(self, kind: str, view: int, place: int = 0) -> float | None:
        line = self._lines[kind].get(view)
        return None if line is None or place >= len(line.numbers) else line.numbers[place]

    def _projection(self, view: int, pixel_size: float | None) -> Projection | None:
        """The projection of a view; without a transform it has the tilt alone."""
        tilt = self._number("tilts" if self._lines["tilts"] else "stage tilts", view)
        line = self._lines["transforms"].get(view)
        numbers = [] if line is None else [number for number in line.numbers if number is not None]
        transform = ImodTransform(*numbers) if len(numbers) == len(_TRANSFORM) else None
        left_out = view in self._excluded and transform == ImodTransform()
        if tilt is None or left_out or (not self._lines["tilts"] and line is None):
            return None
        if transform is not None and line is not None and abs(transform.magnification - 1) > _MAGNIFIED:
            found = rounded(transform.magnification)
            self._session.tally.dropped("magnification of the transform", line.place, found=found)
        return from_imod(
            ImodView(transform or ImodTransform(), tilt, self._number("tilts about X", view) or 0.0),
            None if transform is None else pixel_size,
            offset=self._commands.offset,
            x_axis_tilt=self._commands.x_axis_tilt,
            volume_shift=self._commands.volume_shift,
        )

    def _say_assumptions(self, pixel_size: float | None) -> None:
        transforms = self._lines["transforms"]
        if not transforms:
            return
        place = next(iter(transforms.values())).place
        if pixel_size is None:
            what = "shifts of the transforms are left out, since no file states the pixel size of the stack"
            self._session.tally.assumed(what, place, option="--pixel-size")
        if not self._lines["tilts"] and self._lines["stage tilts"]:
            self._session.tally.assumed(
                "the images are aligned with the tilts of the stage: no .tlt is there", place
            )
        elif not self._lines["tilts"]:
            what = "transforms are left out, since no file states the tilts"
            self._session.tally.dropped(what, place, count=len(transforms))

    def _alignment(self) -> Alignment:
        path = self._files.get("transforms") or self._files.get("tilts")
        return Alignment(
            alignment_method=self._setup.method,
            alignment_type="global",
            path=None if path is None else self._session.shown(path),
            software=[Software(name="IMOD", version=self._setup.version)],
        )

    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = {"tilt_axis_angle": self._setup.tilt_axis_angle}
        if self._header is not None:
            width, height, _ = self._header.size
            path = self._session.shown(self._files["stack"])
            values |= {"path": path, "width": width, "height": height}
        return values

    def _tomograms(self, pixel_size: float | None) -> Iterator[Tomogram]:
        """The tomogram that tilt.com makes."""
        if self._commands.volume is None and self._commands.output is None:
            return
        found = Tomogram(path=self._commands.output, reconstruction_method="weighted back-projection")
        binning = self._commands.binning
        if self._commands.volume is not None and binning > 0:
            x, y, z = (max(1, int(size / binning)) for size in self._commands.volume)
            found.width, found.height, found.depth = x, y, z
            found.voxel_size = None if pixel_size is None else rounded(pixel_size * binning)
        found.software = [Software(name="IMOD", version=self._setup.version)]
        yield found
