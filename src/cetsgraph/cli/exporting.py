"""`cetsgraph export`: alignments and points as the files of programs."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cetsgraph.cli.output import say

if TYPE_CHECKING:
    from cetsgraph.exporters import PointOptions
    from cetsgraph.model import DataSet

__all__ = ["write_files"]


def write_files(dataset: "DataSet", program: str, out: str, options: "PointOptions") -> None:
    """Write the alignments and points of a data set into a folder.

    Raises:
        UsageError: no folder is given.
        DocumentError: the data set has no alignment that is a projection, and no points.
        CetsGraphError: a file cannot be written.
    """
    from cetsgraph.errors import DocumentError
    from cetsgraph.exporters import export

    if out == "-":
        raise click.UsageError(f"files of {program} go into a folder; give -o FOLDER.")
    exported = export(dataset, program, options)
    for finding in exported.findings:
        say(f"{finding.severity}: {finding}")
    if not exported.files:
        name = dataset.name or "data set"
        if exported.findings:
            raise DocumentError(f"nothing is left to write for {program}; the warnings say why", path=name)
        raise DocumentError(
            f"the data set has no alignment and no points that {program} has a place for",
            path=name,
            expected="projections from the tomogram to the image, or points of tomograms",
        )
    exported.save(Path(out))
    for name in exported.files:
        say(f"written  {Path(out) / name}")
