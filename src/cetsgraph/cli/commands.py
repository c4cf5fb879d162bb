"""The commands: arguments in, library calls, printing out.

Modules are imported where they are used, so that help and completion are quick.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cetsgraph.cli.completion import complete_data_sets, complete_questions
from cetsgraph.cli.help import example
from cetsgraph.cli.measures import ABOVE_ZERO
from cetsgraph.cli.output import (
    OutputNotTaken,
    output,
    print_rows,
    say,
    write_output,
)
from cetsgraph.versions import __version__

if TYPE_CHECKING:
    from cetsgraph.findings import Finding
    from cetsgraph.store import Store

__all__ = [
    "TARGETS",
    "archive_option",
    "base_option",
    "cetsgraph",
    "checked_base",
    "checked_location",
    "checked_name",
    "cluster_option",
    "directory_option",
    "format_option",
    "name_option",
    "out_option",
    "processes_option",
    "reading",
    "revision_option",
    "say_findings",
    "store_option",
    "target_option",
    "update_option",
]

TARGETS = ("cetsgraph", "tomobabel", "cets-data-model", "turtle", "trig", "nquads", "jsonld")
PROGRAMS = ("relion", "imod", "aretomo", "warp", "dynamo", "stopgap", "ndjson", "copick")


def checked_location(_: click.Context, __: click.Parameter, location: str | None) -> str | None:
    """The value of --store; one that is empty, as of a variable that is not set, is none."""
    if location is not None and not location.strip():
        raise click.BadParameter("the name is empty; give a directory, or the URL of an endpoint")
    return location


def checked_directory(context: click.Context, parameter: click.Parameter, location: str) -> Path:
    """The value of --store where only a directory will do."""
    if "://" in location:
        raise click.BadParameter(f"{location!r} is a URL; give the directory of a store")
    checked_location(context, parameter, location)
    return Path(location)


store_option = click.option(
    "--store", "location", metavar="DIR|URL", required=True, envvar="CETSGRAPH_STORE", show_envvar=True,
    callback=checked_location,
    help="The store: a directory, or the URL of a SPARQL endpoint.",
)  # fmt: skip
directory_option = click.option(
    "--store", "directory", metavar="DIR", required=True, callback=checked_directory,
    envvar="CETSGRAPH_STORE", show_envvar=True,
    help="The store: a directory.",
)  # fmt: skip
update_option = click.option(
    "--update-url", metavar="URL", help="Address for updates, if the endpoint has another one for them."
)
format_option = click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv", "tsv"]), default="table",
    show_default=True, help="How rows are printed.",
)  # fmt: skip
target_option = click.option(
    "--to", "target", type=click.Choice(TARGETS), required=True, metavar="FORM",
    help=f"What to write: {', '.join(TARGETS)}.",
)  # fmt: skip
out_option = click.option(
    "-o", "--out", metavar="OUT", default="-", help="File to write; - is standard output, the default."
)


processes_option = click.option(
    "--processes", metavar="N", type=click.IntRange(min=1),
    help="Processes that read files; this one alone if not given.",
)  # fmt: skip
cluster_option = click.option(
    "--cluster", metavar="ADDRESS",
    help="Dask scheduler, such as tcp://head:8786, whose workers read the files, at the same places.",
)  # fmt: skip
revision_option = click.option(
    "--revision", metavar="NAME",
    help="Revision of cets-data-model to write: main, pr33, pr34, pr35, nonrigid, 2026-02 or 2025-12. "
    "A document goes back in its own; others become main.",
)  # fmt: skip


def checked_base(_: click.Context, __: click.Parameter, base: str | None) -> str | None:
    """The value of --base, if it is the start of an IRI."""
    from cetsgraph.iris import DEFAULT_BASE, is_base

    if base is not None and not is_base(base):
        raise click.BadParameter(f"{base!r} is not an absolute IRI such as {DEFAULT_BASE}")
    return base


def checked_name(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    """The value of --archive or --as, if an IRI can be made of it."""
    from cetsgraph.iris import slug

    if name is not None and not slug(name):
        raise click.BadParameter(f"{name!r} has no letter or digit to make an IRI of")
    return name


name_option = click.option(
    "--as", "name", metavar="NAME", callback=checked_name,
    help="Name of the data set, from which its IRI is made.",
)  # fmt: skip


archive_option = click.option(
    "--archive", metavar="NAME", callback=checked_name,
    help="Name of the archive; fixed when the store is created.",
)  # fmt: skip
base_option = click.option(
    "--base", metavar="IRI", callback=checked_base,
    help="Start of the IRIs of data sets; fixed when the store is created.",
)  # fmt: skip


@contextmanager
def _said_if_not_taken() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError as error:
        raise OutputNotTaken from error


class _Commands(click.Group):
    """The commands. Click would exit with status 1 where a reader of the output has gone away."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with _said_if_not_taken():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        with _said_if_not_taken():
            return super().invoke(ctx)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.version_option(__version__, prog_name="cetsgraph")
def cetsgraph() -> None:
    """Cryo-electron tomography metadata (CETS) as one knowledge graph.

    Begin with `cetsgraph load --store my-store FILE…`, `datasets` and `queries`. Each command shows its
    options and an example with -h. CETSGRAPH_STORE stands for --store.

    Exit status: 0 ok, 1 the data is invalid, 2 usage, 3 a store or the program failed.
    """


@cetsgraph.command(epilog=example("datasets --store my-store"))
@store_option
@format_option
def datasets(location: str, form: str) -> None:
    """List the data sets of a store."""
    from cetsgraph import archive

    columns = ("dataset", "name", "dialect", "importer", "source", "triples", "loaded")
    with reading(location) as store:
        rows = [
            {column: getattr(kept, column) for column in columns} | {"loaded": kept.loaded.isoformat()}
            for kept in archive.records(store)
        ]
    print_rows(rows, columns, form)


@cetsgraph.command(epilog=example("show --store my-store EMPIAR-12104"))
@store_option
@format_option
@click.argument("name", metavar="OBJECT", shell_complete=complete_data_sets)
def show(location: str, form: str, name: str) -> None:
    """Show what a store states about one object.

    OBJECT is the IRI of any object, or the name or id of one that no other object has.
    """
    from cetsgraph.queries.describe import describe

    with reading(location) as store:
        rows = describe(store, name)
    print_rows([{"property": row.property, "value": row.value} for row in rows], ("property", "value"), form)


@cetsgraph.command(epilog=example("queries", "queries tilt_series_by_dose"))
@format_option
@click.argument("name", required=False, shell_complete=complete_questions)
def queries(form: str, name: str | None) -> None:
    """List the questions, or show one.

    A question is shown as its file: SPARQL that can be sent or changed, with the meaning, kinds and units of
    parameters and columns in comments. With --format json its parts are shown.
    """
    from cetsgraph import queries as library

    if name is not None:
        question = library.load(name)
        text = question.text if form != "json" else json.dumps(asdict(question), ensure_ascii=False, indent=2)
        click.echo(text, nl=form == "json")
        return
    rows = []
    for known in library.names():
        question = library.load(known)
        parameters = ", ".join(parameter.name for parameter in question.parameters)
        rows.append({"name": known, "title": question.title, "parameters": parameters})
    print_rows(rows, ("name", "title", "parameters"), form)


@cetsgraph.command(epilog=example("new --dialect tomobabel -o mine.json"))
@click.option(
    "--dialect", type=click.Choice(TARGETS[:3]), default="cetsgraph", show_default=True,
    help="Dialect of the document.",
)  # fmt: skip
@revision_option
@out_option
def new(dialect: str, revision: str | None, out: str) -> None:
    """Write a small document to begin a new one with.

    It conforms to the core profile; replace its values. A file that is there stays as it is.
    """
    from cetsgraph.documents import template

    if out != "-" and Path(out).exists():
        raise click.UsageError(f"{out} is there already; give -o another file.")
    write_output(bytes(template(dialect, revision=revision)), out)


@cetsgraph.command(
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
        from cetsgraph.cli.exporting import write_files
        from cetsgraph.exporters import PointOptions

        options = PointOptions(voxel_size, size, pixel_size, names, tomograms)
        write_files(document.dataset, target, out, options)
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


@cetsgraph.command(epilog=example("remove --store my-store EMPIAR-12104"))
@store_option
@update_option
@click.argument("datasets", metavar="DATASET…", nargs=-1, required=True, shell_complete=complete_data_sets)
def remove(location: str, update_url: str | None, datasets: tuple[str, ...]) -> None:
    """Remove data sets from a store.

    DATASET is a name or an IRI. If one is not there, none is removed.
    """
    from cetsgraph import archive
    from cetsgraph.store import open_store

    open_store(location, update_url=update_url).close()  # to remove from a store does not make one
    with open_store(location, "w", update_url=update_url) as store:
        for kept in [archive.record(store, dataset) for dataset in dict.fromkeys(datasets)]:
            archive.remove(store, kept.dataset)
            say(f"removed  {kept.name}  {kept.dataset}")


@contextmanager
def reading(location: str) -> "Iterator[Store]":
    """A store that is open for reading until the block ends."""
    from cetsgraph.store import open_store

    with open_store(location) as store:
        yield store


def say_findings(findings: "Iterable[Finding]") -> None:
    """Print findings; those that say the same of several places in one line, with the first place."""
    alike: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        alike.setdefault((finding.severity, finding.rule, finding.message), []).append(finding)
    for first, *others in alike.values():
        more = f" (and {len(others):,} more like this)" if others else ""
        say(f"{first.severity}: {first}{more}")
