"""The .aln file of a series: images that were aligned, and dark ones."""

from pathlib import Path

from cetsgraph.geometry.alignments import AreTomoTilt, from_aretomo
from cetsgraph.importers.formats import aln
from cetsgraph.importers.numbers import rounded
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.importers.tilt_series.aretomo_sections import sections_of
from cetsgraph.importers.tilt_series.row_tables import row_table
from cetsgraph.importers.tilt_series.statements import ImageFacts
from cetsgraph.model import Alignment

__all__ = ["AlignedImages"]

_TAKEN = ("ROT", "TX", "TY", "TILT")
_DARK = ("dark frame", "second number of a dark frame", "angle of a dark frame")


class AlignedImages:
    """An .aln file, as it was read."""

    def __init__(self, session: ImportSession, path: Path) -> None:
        found = aln.parse(session.text(path).lines())
        self._session = session
        self._path = session.shown(path)
        self._head = session.fields(found.head, SourcePlace(self._path, 1), lines=found.lines)
        self._rows = row_table(session, path, found.columns, found.rows)
        self._dark = row_table(session, path, _DARK, found.dark)
        self._offset = self._head.number("AlphaOffset")
        raw = self._head.numbers("RawSize", 3) or [0.0, 0.0, 0.0]
        self.size = tuple(int(side) or None for side in raw[:2])
        """Width and height of the stack, in pixels."""
        self._sections = self._numbered(int(raw[2]))
        if found.local:
            place, values = SourcePlace(self._path, found.local[0].line), " ".join(found.local[0].values)
            session.tally.dropped("local alignment", place, found=values, count=len(found.local))

    def images(self, pixel_size: float | None) -> list[ImageFacts]:
        """The images that were aligned, and the dark ones; in order of sections where these are known."""
        numbers = {name: self._rows.numbers(name) for name in _TAKEN}
        found = [
            self._image(row, {name: numbers[name][row] for name in _TAKEN}, pixel_size)
            for row in range(len(self._rows))
        ]
        angles = self._dark.numbers(_DARK[2])
        for row, angle in enumerate(angles):
            values = {"nominal_tilt_angle": angle, "excluded": True, "exclusion_reason": "dark image"}
            section = None if self._sections is None else self._sections[1][row]
            found.append(ImageFacts(self._dark.place(row), section, values))
        if pixel_size is None and found:
            what = "shifts are left out, since no file states the pixel size of the stack"
            self._session.tally.assumed(what, found[0].place, option="--pixel-size")
        return sorted(found, key=lambda image: -1 if image.section is None else image.section)

    def alignment(self, pixel_size: float | None) -> Alignment:
        """The alignment, without its projections."""
        patches, thickness = self._head.integer("NumPatches"), self._head.number("Thickness")
        known = thickness is not None and thickness > 0 and pixel_size is not None
        if thickness and not known:
            self._session.tally.dropped("Thickness", self._head.place("Thickness"), found=thickness)
        return Alignment(
            alignment_type="local" if patches else "global",
            alignment_method="projection_matching",
            tilt_offset=self._offset,
            x_rotation_offset=self._head.number("BetaOffset"),
            specimen_thickness=rounded((thickness or 0.0) * (pixel_size or 0.0)) if known else None,
            path=self._path,
        )

    def _numbered(self, count: int) -> tuple[list[int], list[int]] | None:
        """Sections of rows and dark frames; none, and a finding, if they are not those of the stack."""
        rows, dark = self._rows.integers("SEC"), self._dark.integers(_DARK[0])
        self._dark.take(_DARK[1])
        numbers, darkened = [one for one in rows if one is not None], [one for one in dark if one is not None]
        found = None
        if len(numbers) == len(rows) and len(darkened) == len(dark):
            found = sections_of(numbers, darkened, count)
        if found is None:
            other = f"{len(rows)} rows and {len(dark)} dark frames"
            what = "the number of images, so that their sections are not known"
            self._session.tally.conflict(
                what, self._head.place("RawSize"), kept=f"{count} in RawSize", other=other
            )
        return found

    def _image(self, row: int, numbers: dict[str, float | None], pixel_size: float | None) -> ImageFacts:
        section = None if self._sections is None else self._sections[0][row]
        image = ImageFacts(self._rows.place(row), section)
        rot, tx, ty, tilt = (numbers[name] for name in _TAKEN)
        if rot is not None and tx is not None and ty is not None and tilt is not None:
            image.projection = from_aretomo(AreTomoTilt(rot, tx, ty, tilt), pixel_size)
            image.values["refined_tilt_angle"] = tilt
        return image

    def derived_angle(self, image: ImageFacts) -> float | None:
        """The tilt of the stage of an aligned image: its tilt without the offset."""
        tilt: float | None = image.values.get("refined_tilt_angle")
        return None if tilt is None else rounded(tilt - (self._offset or 0.0))
