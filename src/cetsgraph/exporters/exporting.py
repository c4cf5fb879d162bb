"""From a data set to the files of a program."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path

from cetsgraph.documents.file_sets import save
from cetsgraph.errors import CetsGraphError, UnknownName
from cetsgraph.exporters import aretomo, imod, relion, warp
from cetsgraph.exporters.aligned import AlignedSeries, aligned_series
from cetsgraph.exporters.losses import Losses
from cetsgraph.exporters.options import PointOptions
from cetsgraph.extras import importing_extras
from cetsgraph.findings import Finding
from cetsgraph.model import DataSet, Point, PointSet
from cetsgraph.texts import did_you_mean, nearest
from cetsgraph.whole_files import make_folder

__all__ = ["EXPORTERS", "Exported", "export"]

_Files = Callable[[Sequence[AlignedSeries], Losses], Iterable[tuple[str, str]]]

_ALIGNMENTS: Mapping[str, _Files] = {
    "relion": relion.files,
    "imod": imod.files,
    "aretomo": aretomo.files,
    "warp": warp.files,
}
_POINTS = {
    "relion": "particles.relion",
    "imod": "imod_models.imod",
    "warp": "particles.warp",
    "dynamo": "dynamo.dynamo",
    "stopgap": "particles.stopgap",
    "ndjson": "portal.portal",
    "copick": "copick.copick",
}
"""By program the function that writes points, in a module that is loaded where there are some."""

EXPORTERS = tuple(dict.fromkeys((*_ALIGNMENTS, *_POINTS)))
"""Names of the programs whose files are written."""


@dataclass(frozen=True, slots=True)
class Exported:
    """Files of a program, and what they have no place for."""

    files: Mapping[str, str | bytes]
    """What they hold by their paths, which are relative and have `/` between folders."""
    findings: tuple[Finding, ...] = ()

    def save(self, folder: Path) -> None:
        """Write the files below a folder.

        Raises:
            CetsGraphError: one of them cannot be written, or would lie elsewhere; then none is written.
        """
        for name in self.files:
            if {"", ".", ".."} & set(name.split("/")) or not set(":\\\0").isdisjoint(name):
                raise CetsGraphError("the file would not lie in the folder", where=folder, found=name)
        for name, content in self.files.items():
            path = folder.joinpath(*name.split("/"))
            make_folder(path.parent)
            save(path, content.encode() if isinstance(content, str) else content)


def export(dataset: DataSet, program: str, options: PointOptions | None = None) -> Exported:
    """The alignments of a data set and the points of its tomograms as the files of a program.

    Args:
        dataset: the data set.
        program: one of `EXPORTERS`; AreTomo has no points, the last four have no alignments.
        options: what is stated of points.

    Raises:
        UnknownName: no such program is known, or there are no points of a tomogram that is asked for.
        ExtraNotInstalled: there are points, and the packages of the extra `frames` are missing.
    """
    if program not in EXPORTERS:
        raise UnknownName(
            f"files of {program!r} are not written",
            expected=", ".join(EXPORTERS),
            hint=did_you_mean(nearest(program, EXPORTERS)),
        )
    losses = Losses()
    files: dict[str, str | bytes] = {}
    if program in _ALIGNMENTS:
        files |= _ALIGNMENTS[program](aligned_series(dataset, losses), losses)
    if program in _POINTS:
        files |= _points(dataset, program, losses, options or PointOptions())
    return Exported(files, tuple(_counted(losses.findings)))


def _counted(findings: Iterable[Finding]) -> Iterator[Finding]:
    """What is said, each message once with its first place and how often."""
    alike: dict[str, list[Finding]] = {}
    for finding in findings:
        alike.setdefault(finding.message, []).append(finding)
    for message, several in alike.items():
        times = f" ({len(several)} times)" if len(several) > 1 else ""
        yield replace(several[0], message=f"{message}{times}")


def _points(
    dataset: DataSet, program: str, losses: Losses, options: PointOptions
) -> Mapping[str, str | bytes]:
    """The files of points, which need NumPy where there are any.

    Raises:
        ExtraNotInstalled: the packages of the extra `frames` are missing.
    """
    if not any(isinstance(one, PointSet | Point) for one in dataset.walk()):
        return {}
    module, function = _POINTS[program].split(".")
    with importing_extras():
        placed = import_module("cetsgraph.exporters.points").placed_points(dataset, losses, options)
        write = getattr(import_module(f"cetsgraph.exporters.{module}"), function)
    return dict(write(placed, losses, options))
