"""`cetsgraph picks`: every pick of point sets, one row each, into a file."""

from pathlib import Path

import click

from cetsgraph.cli.completion import complete_data_sets
from cetsgraph.cli.help import example
from cetsgraph.cli.options import out_option, store_option
from cetsgraph.cli.output import output, say, say_how_objects_are_named
from cetsgraph.cli.stores import reading
from cetsgraph.texts import counted

__all__ = ["picks"]


@click.command(epilog=example("picks --store my-store --object ribosome -o ribosomes.parquet"))
@store_option
@click.option(
    "--dataset", metavar="NAME", shell_complete=complete_data_sets,
    help="Picks of this data set alone, by name or IRI.",
)  # fmt: skip
@click.option("--object", "wanted", metavar="OBJECT", help="Picks of this object alone, by name or term.")
@click.option(
    "--angles", type=click.Choice(("relion", "warp", "dynamo", "stopgap", "imod")), metavar="PROGRAM",
    help="Angles of relion, warp, dynamo, stopgap or imod in place of rotation matrices.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(("parquet", "csv", "ndjson")), metavar="FORM",
    help="parquet, csv or ndjson, that of the CryoET Data Portal, if the file's ending does not tell.",
)  # fmt: skip
@out_option
@click.argument("annotations", metavar="[ANNOTATION]…", nargs=-1)
def picks(
    location: str,
    dataset: str | None,
    wanted: str | None,
    angles: str | None,
    form: str | None,
    out: str,
    annotations: tuple[str, ...],
) -> None:
    """Write picks as a table.

    A row has the position, in Å from the centre and in voxels, the rotation, the id and attributes.
    ANNOTATION is a point set, a set of particles or a point, by IRI, name or id; all if none is given.
    `cetsgraph export DATASET --to PROGRAM` writes the files of RELION, Dynamo and other programs.
    """
    from cetsgraph.picks import FORMS, read_picks, write_picks

    ending = form or Path(out).suffix.removeprefix(".")
    if ending not in FORMS:
        raise click.UsageError(
            f"give --format, one of {', '.join(FORMS)}, or a file with such an ending. For the files of a "
            "program, such as RELION or Dynamo: `cetsgraph export DATASET --to PROGRAM -o FOLDER`."
        )
    with reading(location) as store:
        chosen = read_picks(store, annotations, dataset=dataset, object=wanted, angles=angles)
        with output(out) as file:
            count = write_picks(chosen, file, ending)
    say(counted(count, "pick"))
    if not count and annotations:
        say("ANNOTATION is a set of points, or a point; --dataset NAME takes those of a data set.")
    if not count and wanted is not None:
        say_how_objects_are_named()
