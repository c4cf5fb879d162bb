"""One tilt series in AreTomo's files."""

from collections.abc import Iterator, Mapping
from math import degrees
from pathlib import Path
from typing import Any

from cetsgraph.importers.ctf import ctf_metadata
from cetsgraph.importers.formats import columns, mrc
from cetsgraph.importers.numbers import rounded
from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tables import SourceTable
from cetsgraph.importers.tally import SourcePlace
from cetsgraph.importers.tilt_series.aretomo_aligned import AlignedImages
from cetsgraph.importers.tilt_series.aretomo_run import AreTomoRun
from cetsgraph.importers.tilt_series.row_tables import row_table
from cetsgraph.importers.tilt_series.statements import ImageFacts, SeriesFacts
from cetsgraph.model import Tomogram

__all__ = ["AreTomoReading"]

_CTF = ("micrograph", "defocus 1", "defocus 2", "azimuth", "phase shift", "correlation", "spacing", "dfHand")
_TLT = ("tilt angle", "order", "third column")
_VOLUMES = {"volume": "tomogram", "second volume": "tomogram-2nd"}


class AreTomoReading:
    """The files of one series, as they were read."""

    def __init__(self, session: ImportSession, name: str, files: Mapping[str, Path], run: AreTomoRun) -> None:
        self._session = session
        self._files = files
        self._run = run
        self.pixel_size = run.pixel_sizes.get(name, run.pixel_size)
        """Of the stack, as the metrics or the session say."""
        self._aligned = AlignedImages(session, files["alignment"]) if "alignment" in files else None
        self._ctf = self._table("fitted defocus", _CTF)
        self._order = self._table("tilt order", _TLT)

    def facts(self, pixel_size: float | None) -> SeriesFacts:
        """What the files say, by the pixel size of the stack."""
        first = next(iter(self._files.values()))
        facts = SeriesFacts("aretomo", SourcePlace(self._session.shown(first)), [], self._values())
        if self._aligned is not None:
            facts.images = self._aligned.images(pixel_size)
            facts.alignment = self._aligned.alignment(pixel_size)
            facts.alignment.software = [self._run.software]
        if self._order is not None:
            self._add(facts.images, self._order, list(self._orders(self._order)))
        if self._ctf is not None:
            self._add(facts.images, self._ctf, list(self._fitted(self._ctf)))
        self._derive_angles(facts.images)
        facts.tomograms = list(self._tomograms())
        return facts

    def _table(self, kind: str, names: tuple[str, ...]) -> SourceTable | None:
        path = self._files.get(kind)
        if path is None:
            return None
        rows, _ = columns.parse(self._session.text(path).lines())
        return row_table(self._session, path, columns.headings(names, rows), rows)

    def _values(self) -> dict[str, Any]:
        width, height = (None, None) if self._aligned is None else self._aligned.size
        return {
            "accelerating_voltage": self._run.accelerating_voltage,
            "spherical_aberration": self._run.spherical_aberration,
            "width": width,
            "height": height,
        }

    def _add(self, images: list[ImageFacts], table: SourceTable, values: list[dict[str, Any]]) -> None:
        """Add what a table says of every image of the stack, dark ones included, or of those aligned."""
        if not images:
            images += [ImageFacts(table.place(row), row, found) for row, found in enumerate(values)]
            return
        every = [image for image in images if image.section is not None]
        aligned = [image for image in images if image.projection is not None]
        chosen = next((some for some in (every, aligned) if len(some) == len(values)), None)
        if chosen is None:
            what = "the number of images, so that this file is not joined"
            self._session.tally.conflict(what, table.place(0), kept=len(images), other=len(values))
            return
        for image, found in zip(chosen, values, strict=True):
            image.values |= found

    def _orders(self, table: SourceTable) -> Iterator[dict[str, Any]]:
        for angle, order in zip(table.numbers(_TLT[0]), table.integers(_TLT[1]), strict=True):
            counted = None if order is None or order < 1 else order - 1
            yield {"nominal_tilt_angle": angle, "acquisition_order": counted}

    def _fitted(self, table: SourceTable) -> Iterator[dict[str, Any]]:
        table.take(_CTF[0])
        numbers = zip(*(table.numbers(name) for name in _CTF[1:]), strict=True)
        for row, (first, second, azimuth, phase, score, spacing, hand) in enumerate(numbers):
            ctf = ctf_metadata(
                (first, second),
                azimuth,
                phase_shift=None if phase is None else degrees(phase),
                handedness=None if hand is None else int(hand),
                score=score,
                resolution=spacing,
                tally=self._session.tally,
                place=table.place(row),
            )
            yield {"ctf_metadata": ctf}

    def _derive_angles(self, images: list[ImageFacts]) -> None:
        """The tilt of the stage, where no file states it, is the one aligned with, without its offset."""
        for image in images if self._aligned is not None else ():
            if image.values.get("nominal_tilt_angle") is None and self._aligned is not None:
                image.values["nominal_tilt_angle"] = self._aligned.derived_angle(image)
                what = "the tilt of the stage is TILT without AlphaOffset"
                self._session.tally.derived(what, image.place)

    def _tomograms(self) -> Iterator[Tomogram]:
        for kind, noun in _VOLUMES.items():
            if (path := self._files.get(kind)) is None:
                continue
            found = Tomogram(id=noun, path=self._session.shown(path), software=[self._run.software])
            header = mrc.parse(self._session.head(path, mrc.LENGTH))
            if header is not None:
                found.width, found.height, found.depth = header.size
                found.voxel_size = None if header.spacing[0] is None else rounded(header.spacing[0])
            if kind == "volume":
                found.even_path, found.odd_path = (
                    self._shown(half) for half in ("even volume", "odd volume")
                )
            yield found

    def _shown(self, kind: str) -> str | None:
        path = self._files.get(kind)
        return None if path is None else self._session.shown(path)
