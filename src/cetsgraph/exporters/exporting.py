"""From a data set to the files of a program."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cetsgraph.documents.file_sets import save
from cetsgraph.errors import CetsGraphError, did_you_mean, nearest
from cetsgraph.exporters import aretomo, imod, relion, warp
from cetsgraph.exporters.aligned import AlignedSeries, Left, aligned_series
from cetsgraph.findings import Finding
from cetsgraph.model import DataSet

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
    """The alignments of a data set as the files of a program.

    Args:
        dataset: the data set.
        program: one of `EXPORTERS`.

    Raises:
        CetsGraphError: no such program is known.
    """
    if program not in _WRITERS:
        raise CetsGraphError(
            f"files of {program!r} are not written",
            expected=", ".join(EXPORTERS),
            hint=did_you_mean(nearest(program, EXPORTERS)),
        )
    left = Left()
    given = aligned_series(dataset, left)
    return Exported(dict(_WRITERS[program](given, left)), tuple(left.findings))
