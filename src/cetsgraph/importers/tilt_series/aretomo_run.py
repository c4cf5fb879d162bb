"""What AreTomo says of a whole run: its session and the metrics of its series."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cetsgraph.importers.session import ImportSession
from cetsgraph.importers.tilt_series.bundles import series_stem
from cetsgraph.model import Software

__all__ = ["AreTomoRun", "aretomo_run"]


@dataclass(slots=True)
class AreTomoRun:
    """What holds for all series of a run; None where no file says it."""

    software: Software = field(default_factory=lambda: Software(name="AreTomo"))
    pixel_size: float | None = None
    accelerating_voltage: float | None = None
    spherical_aberration: float | None = None
    pixel_sizes: Mapping[str, float] = field(default_factory=dict)
    """By the names of series."""


def aretomo_run(session: ImportSession, sessions: Sequence[Path], metrics: Sequence[Path]) -> AreTomoRun:
    """What the session and the metrics of a folder say.

    Raises:
        DocumentError: a file cannot be read.
    """
    run = AreTomoRun()
    for path in sessions:
        said = session.json(path)
        program, given = said.part("software"), said.part("input")
        run.software = Software(name=program.text("name") or "AreTomo", version=program.text("version"))
        run.pixel_size = given.number("PixSize") or None
        run.accelerating_voltage = given.number("kV") or None
        run.spherical_aberration = given.number("Cs") or None
    run.pixel_sizes = {name: size for path in metrics for name, size in _pixel_sizes(session, path).items()}
    return run


def _pixel_sizes(session: ImportSession, path: Path) -> dict[str, float]:
    """Pixel sizes by series. Columns are known by name, since AreTomo has written them in two orders."""
    numbered = [(number, line) for number, line in session.text(path).lines() if line.strip()]
    names, *rows = csv.reader((line for _, line in numbered), skipinitialspace=True)
    whole = [
        (number, row) for (number, _), row in zip(numbered[1:], rows, strict=True) if len(row) == len(names)
    ]
    columns = {name: [row[place] for _, row in whole] for place, name in enumerate(names)}
    table = session.table(columns, path, lines=[number for number, _ in whole])
    sizes = zip(table.texts("Tilt_Series"), table.numbers("Pix_Size(A)"), strict=True)
    return {series_stem(Path(name)): size for name, size in sizes if name is not None and size}
