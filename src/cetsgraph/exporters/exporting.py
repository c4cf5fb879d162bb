"""From a data set to the files of a program."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cetsgraph.documents.file_sets import save
from cetsgraph.errors import CetsGraphError, did_you_mean, nearest
from cetsgraph.exporters import aretomo, imod, relion, warp
from cetsgraph.exporters.aligned import AlignedSeries, Left, aligned_series
from cetsgraph.extras import not_installed
from cetsgraph.findings import Finding
from cetsgraph.model import DataSet, PointSet

__all__ = ["EXPORTERS", "Exported", "export"]

_Files = Callable[[Sequence[AlignedSeries], Left], Iterable[tuple[str, str]]]

_WRITERS: Mapping[str, _Files] = {
    "relion": relion.files,
    "imod": imod.files,
    "aretomo": aretomo.files,
    "warp": warp.files,
}

EXPORTERS = tuple(_WRITERS)
"""Names of the programs whose files are written."""


@dataclass(frozen=True, slots=True)
class Exported:
    """Files of a program, and what they have no place for."""

    files: Mapping[str, str]
    """Their texts by paths, which are relative and have `/` between folders."""
    findings: tuple[Finding, ...] = ()

    def save(self, folder: Path) -> None:
        """Write the files below a folder.

        Raises:
            CetsGraphError: one of them cannot be written.
        """
        for name, text in self.files.items():
            path = folder.joinpath(*name.split("/"))
            path.parent.mkdir(parents=True, exist_ok=True)
            save(path, text.encode())


def export(dataset: DataSet, program: str) -> Exported:
    """The alignments of a data set as the files of a program, and for RELION the points of its tomograms.

    Args:
        dataset: the data set.
        program: one of `EXPORTERS`.

    Raises:
        CetsGraphError: no such program is known.
        ExtraNotInstalled: there are points, and the packages of the extra `frames` are missing.
    """
    if program not in _WRITERS:
        raise CetsGraphError(
            f"files of {program!r} are not written",
            expected=", ".join(EXPORTERS),
            hint=did_you_mean(nearest(program, EXPORTERS)),
        )
    left = Left()
    given = aligned_series(dataset, left)
    files = dict(_WRITERS[program](given, left))
    if program == "relion":
        files |= _particles(dataset, left)
    return Exported(files, tuple(left.findings))


def _particles(dataset: DataSet, left: Left) -> Mapping[str, str]:
    """The table of particles, which needs NumPy where there are any.

    Raises:
        ExtraNotInstalled: the packages of the extra `frames` are missing.
    """
    if not any(isinstance(one, PointSet) for one in dataset.walk()):
        return {}
    try:
        from cetsgraph.exporters import particles
    except ModuleNotFoundError as error:
        if (missing := not_installed(error)) is None:
            raise
        raise missing from error
    return dict(particles.files(dataset, left))
