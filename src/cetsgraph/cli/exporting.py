"""`cetsgraph export`: alignments as the files of programs."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cetsgraph.cli.output import say

if TYPE_CHECKING:
    from cetsgraph.model import DataSet

__all__ = ["write_alignments"]


def write_alignments(dataset: "DataSet", program: str, out: str) -> None:
    """Write the alignments of a data set into a folder.

    Raises:
        UsageError: no folder is given.
        DocumentError: the data set has no alignment that is a projection.
        CetsGraphError: a file cannot be written.
    """
    from cetsgraph.errors import DocumentError
    from cetsgraph.exporters import export

    if out == "-":
        raise click.UsageError(f"files of {program} go into a folder; give -o FOLDER.")
    exported = export(dataset, program)
    for finding in exported.findings:
        say(f"{finding.severity}: {finding}")
    if not exported.files:
        raise DocumentError(
            f"the data set has no alignment that {program} has a place for",
            path=dataset.name or "data set",
            expected="projections from the tomogram to the image, by three angles and a shift",
        )
    exported.save(Path(out))
    for name in exported.files:
        say(f"written  {Path(out) / name}")
