"""`cetsgraph export`: a data set of a store as a document, or as the files of a program."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cetsgraph.cli.completion import complete_data_sets
from cetsgraph.cli.help import example
from cetsgraph.cli.measures import ABOVE_ZERO
from cetsgraph.cli.options import PROGRAMS, TARGETS, out_option, revision_option, store_option
from cetsgraph.cli.output import output, say, say_findings, write_output
from cetsgraph.cli.stores import reading

if TYPE_CHECKING:
    from cetsgraph.exporters import PointOptions
    from cetsgraph.model import DataSet

__all__ = ["export"]


@click.command(
    epilog=example(
        "export --store my-store EMPIAR-12104 --to turtle -o data.ttl.gz",
        "export --store my-store EMPIAR-12104 --to relion -o relion/",
    )
)
@store_option
@click.option(
    "--to", "target", type=click.Choice((*TARGETS, *PROGRAMS)), required=True, metavar="FORM",
    help=f"What to write: {', '.join(TARGETS)}; or the files of a program: {', '.join(PROGRAMS)}.",
)  # fmt: skip
@out_option
@revision_option
@click.option(
    "--tomogram", "tomograms", metavar="NAME", multiple=True,
    help="Write the points of this tomogram alone, by its name or id; may be given several times.",
)  # fmt: skip
@click.option(
    "--voxel-size", metavar="Å", type=ABOVE_ZERO,
    help="Size of a voxel of tomograms that state none.",
)  # fmt: skip
@click.option(
    "--size", metavar="X Y Z", nargs=3, type=click.IntRange(min=1),
    help="Voxels of tomograms that state no size.",
)  # fmt: skip
@click.option(
    "--pixel-size", metavar="Å", type=ABOVE_ZERO,
    help="Size of the pixels that Warp is to count positions in; voxels of the tomogram if not given.",
)  # fmt: skip
@click.option(
    "--names", type=click.Choice(("series", "file")), default="series", show_default=True,
    help="What tomograms are called by: their tilt series, or the stem of their files.",
)  # fmt: skip
@click.argument("dataset", metavar="DATASET", shell_complete=complete_data_sets)
def export(
    location: str,
    target: str,
    out: str,
    revision: str | None,
    tomograms: tuple[str, ...],
    voxel_size: float | None,
    size: tuple[int, int, int] | None,
    pixel_size: float | None,
    names: str,
    dataset: str,
) -> None:
    """Write a data set of a store as a document or for a program.

    DATASET is a name or an IRI. A document is of a dialect of CETS, or RDF. For a program its alignments and
    points are written, into the folder OUT.
    """
    from cetsgraph import archive
    from cetsgraph.documents import RDF_FORMATS, write
    from cetsgraph.documents.file_sets import save_beside

    with reading(location) as store:
        kept = archive.record(store, dataset)
        document = archive.get(store, kept.dataset)
    if target in PROGRAMS:
        from cetsgraph.exporters import PointOptions

        options = PointOptions(voxel_size, size, pixel_size, names, tomograms)
        _write_files(document.dataset, target, out, options)
        return
    if tomograms or voxel_size or size or pixel_size:
        raise click.UsageError("sizes and tomograms are for the points that a program's files have.")
    if target in RDF_FORMATS and revision is None:
        from cetsgraph.documents.rdf_source import write_rdf
        from cetsgraph.graph import encoded

        with output(out) as file:  # in pieces, so that a large data set takes little memory
            write_rdf(encoded(document.dataset, kept.dataset), RDF_FORMATS[target], file)
        return
    written = write(document, target, iri=kept.dataset, revision=revision)
    write_output(bytes(written), out)
    if out != "-":
        save_beside(Path(out), written.beside)
    say_findings(written.findings)


def _write_files(dataset: "DataSet", program: str, out: str, options: "PointOptions") -> None:
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
