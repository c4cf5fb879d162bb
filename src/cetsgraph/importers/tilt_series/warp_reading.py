"""One tilt series in Warp's files."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cetsgraph.geometry.alignments import WarpTilt, from_warp
from cetsgraph.importers.ctf import ctf_metadata
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.formats import star
from cetsgraph.importers.limits import check_images
from cetsgraph.importers.numbers import rounded
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tables import SourceTable
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.importers.tilt_series.joining import joined
from cetsgraph.importers.tilt_series.statements import ImageFacts, SeriesFacts
from cetsgraph.importers.tilt_series.warp_xml import (
    drop_the_rest,
    elements,
    grid_by_tilt,
    parameters,
    vector,
    words,
)
from cetsgraph.model import Alignment, MovieStack, Software

__all__ = ["WarpReading"]

_VECTORS = ("Angles", "AxisAngle", "AxisOffsetX", "AxisOffsetY", "Dose", "MoviePath", "UseTilt")
_GRIDS = ("GridCTF", "GridCTFDefocusDelta", "GridCTFDefocusAngle", "GridCTFPhase")
_MICROMETRE = 1e4  # Å
_HALF_TURN = 180.0  # degrees, in whose unit Warp has phases


class WarpReading:
    """The files of one series, as they were read."""

    def __init__(self, session: ImportSession, files: Mapping[str, Path]) -> None:
        self._place = SourcePlace(session.shown(next(iter(files.values()))))
        self._values: dict[str, Any] = {}
        self._alignment = Alignment(software=[Software(name="Warp")])
        self.pixel_size: float | None = None
        """That the contrast transfer function was fitted with."""
        listed = self._tomostar(session, files["tomostar"]) if "tomostar" in files else []
        self._images = self._xml(session, files["tilt series"]) if "tilt series" in files else listed
        if self._images is not listed:
            _complete(self._images, listed)

    def facts(self, pixel_size: float | None) -> SeriesFacts:
        """What the files say; Warp's shifts are in Å already."""
        return SeriesFacts(
            "warp", self._place, self._images, self._values, self._alignment, counts_other_way=True
        )

    def _xml(self, session: ImportSession, path: Path) -> list[ImageFacts]:
        root = session.xml(path)
        angles = vector(root, "Angles")
        check_images(len(angles), root.place("Angles"))
        self._place = root.place()
        self._alignment.path = session.shown(path)
        inverted = root.truth("@AreAnglesInverted")
        if inverted is not None:
            self._values |= {"angles_inverted": inverted, "defocus_handedness": -1 if inverted else 1}
        functions = self._functions(session, root, len(angles), self._values.get("defocus_handedness"))
        images = [
            ImageFacts(root.place(), values={"ctf_metadata": ctf})
            for ctf in functions or [None] * len(angles)
        ]
        self._add_projections(root, images, angles)
        _add_states(root, images)
        drop_the_rest(session, root, _VECTORS if functions is None else (*_VECTORS, "CTF", *_GRIDS))
        return images

    def _add_projections(
        self, root: Fields, images: Sequence[ImageFacts], angles: Sequence[float | None]
    ) -> None:
        level_x, level_y = root.number("@LevelAngleX") or 0.0, root.number("@LevelAngleY") or 0.0
        self._alignment.x_rotation_offset, self._alignment.tilt_offset = level_x, -level_y + 0.0
        names = ("AxisAngle", "AxisOffsetX", "AxisOffsetY")
        axes, xs, ys = (vector(root, name, len(angles)) or [0.0] * len(angles) for name in names)
        for image, angle, axis, x, y in zip(images, angles, axes, xs, ys, strict=True):
            if angle is not None:
                image.values["nominal_tilt_angle"] = rounded(-angle)
            if angle is not None and axis is not None and x is not None and y is not None:
                image.projection = from_warp(WarpTilt(angle, axis, x, y), level_x=level_x, level_y=level_y)
                image.values["refined_tilt_angle"] = rounded(image.projection.y_tilt)

    def _functions(
        self, session: ImportSession, root: Fields, count: int, handedness: int | None
    ) -> list[Any] | None:
        """The contrast transfer function of each tilt; None where none was fitted."""
        if not _is_fitted(root):
            return None
        defocus, delta, angle, phase = (grid_by_tilt(session, root, name, count) for name in _GRIDS)
        if defocus is None:
            return None
        said = parameters(session, root, "CTF")
        self.pixel_size = said.number("CTF/PixelSize")
        self._values |= {
            "accelerating_voltage": said.number("CTF/Voltage"),
            "spherical_aberration": said.number("CTF/Cs"),
            "amplitude_contrast": said.number("CTF/Amplitude"),
            "ctf_pixel_size": self.pixel_size,
        }
        none = [0.0] * count
        return [
            ctf_metadata(
                (_MICROMETRE * (middle + wide / 2), _MICROMETRE * (middle - wide / 2)),
                turned,
                phase_shift=_HALF_TURN * shift,
                handedness=handedness,
                tally=session.tally,
                place=root.place(),
            )
            for middle, wide, turned, shift in zip(
                defocus, delta or none, angle or none, phase or none, strict=True
            )
        ]

    def _tomostar(self, session: ImportSession, path: Path) -> list[ImageFacts]:
        found = star.parse(session.text(path).lines())
        session.odd(path, found.odds)
        self._alignment.path = session.shown(path)
        images: list[ImageFacts] = []
        for _, rows in found.tables():
            columns = {name: [row[place] for row in rows.rows] for place, name in enumerate(rows.columns)}
            table = session.table(columns, path, lines=rows.lines)
            check_images(len(table), SourcePlace(session.shown(path), rows.line))
            images += _listed_images(table)
            axes = [axis for axis in table.numbers("wrpAxisAngle") if axis is not None]
            if axes and max(axes) - min(axes) < 1:
                self._values["tilt_axis_angle"] = axes[0]
        return images


def _is_fitted(root: Fields) -> bool:
    """Whether Warp has fitted defoci: before that, a file has a grid of one zero, and default parameters."""
    (grid,) = root.take("GridCTF")
    values = [node.get("@Value") for node in elements(grid.get("Node") if isinstance(grid, dict) else None)]
    return any(value not in ("0", "0.0", None) for value in values)


def _add_states(root: Fields, images: Sequence[ImageFacts]) -> None:
    """Doses, movies, and which tilts are used."""
    count = len(images)
    for image, dose in zip(images, vector(root, "Dose", count), strict=False):
        if dose is not None:
            image.values |= {"accumulated_dose": dose, "dose_convention": "before"}
    for image, path in zip(images, words(root, "MoviePath", count), strict=False):
        image.movie = MovieStack(path=path)
    for image, used in zip(images, words(root, "UseTilt", count), strict=False):
        if used.casefold() == "false":
            image.values |= {"excluded": True, "exclusion_reason": "deselected"}


def _listed_images(table: SourceTable) -> Iterator[ImageFacts]:
    """The images of a tomostar."""
    movies, angles = table.texts("wrpMovieName"), table.numbers("wrpAngleTilt")
    axes, doses = table.numbers("wrpAxisAngle"), table.numbers("wrpDose")
    xs, ys = table.numbers("wrpAxisOffsetX"), table.numbers("wrpAxisOffsetY")
    for row, (movie, angle, axis, dose, x, y) in enumerate(
        zip(movies, angles, axes, doses, xs, ys, strict=True)
    ):
        image = ImageFacts(table.place(row), movie=None if movie is None else MovieStack(path=movie))
        if dose is not None:
            image.values |= {"accumulated_dose": dose, "dose_convention": "before"}
        if angle is not None:
            image.values["nominal_tilt_angle"] = rounded(-angle)
        if angle is not None and axis is not None:
            image.projection = from_warp(WarpTilt(angle, axis, x or 0.0, y or 0.0))
            image.values["refined_tilt_angle"] = rounded(image.projection.y_tilt)
        yield image


def _complete(images: Sequence[ImageFacts], listed: Sequence[ImageFacts]) -> None:
    """Give the images of the XML what only the tomostar says."""
    for image, place in zip(images, joined(images, listed) or [], strict=False):
        if place is not None:
            said = {name: value for name, value in image.values.items() if value is not None}
            image.values = {**listed[place].values, **said}
            image.movie = image.movie or listed[place].movie
