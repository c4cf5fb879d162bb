"""The group of commands, and those that are one library call each.

Modules are imported where they are used, so that help and completion are quick.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from cetsgraph.cli.completion import complete_data_sets, complete_questions
from cetsgraph.cli.help import example
from cetsgraph.cli.options import (
    TARGETS,
    format_option,
    out_option,
    revision_option,
    store_option,
    update_option,
)
from cetsgraph.cli.output import OutputNotTaken, print_rows, say, write_output
from cetsgraph.cli.stores import changing, reading
from cetsgraph.versions import __version__

__all__ = ["cetsgraph"]


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


@cetsgraph.command(epilog=example("remove --store my-store EMPIAR-12104"))
@store_option
@update_option
@click.argument("datasets", metavar="DATASET…", nargs=-1, required=True, shell_complete=complete_data_sets)
def remove(location: str, update_url: str | None, datasets: tuple[str, ...]) -> None:
    """Remove data sets from a store.

    DATASET is a name or an IRI. If one is not there, none is removed.
    """
    from cetsgraph import archive

    with changing(location, update_url) as store:
        for kept in [archive.record(store, dataset) for dataset in dict.fromkeys(datasets)]:
            archive.remove(store, kept.dataset)
            say(f"removed  {kept.name}  {kept.dataset}")
