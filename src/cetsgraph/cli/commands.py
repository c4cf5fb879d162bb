"""The commands: arguments in, library calls, printing out.

Modules are imported where they are used, so that help and completion are quick.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from cetsgraph.cli.completion import complete_data_sets, complete_profiles, complete_questions
from cetsgraph.cli.output import (
    OutputNotTaken,
    output,
    print_rows,
    progress_bar,
    say,
    say_passed_over,
    write_output,
)
from cetsgraph.errors import DataSetNotFound
from cetsgraph.versions import __version__

if TYPE_CHECKING:
    from cetsgraph.archive import Put
    from cetsgraph.documents import Document
    from cetsgraph.findings import Finding
    from cetsgraph.store import Store

__all__ = ["cetsgraph"]

_SAID = 10  # warnings of one data set
_TARGETS = ("cetsgraph", "tomobabel", "cets-data-model", "turtle", "trig", "nquads", "jsonld")

store_option = click.option(
    "--store", "location", metavar="DIR|URL", required=True, envvar="CETSGRAPH_STORE", show_envvar=True,
    help="The store: a directory, or the URL of a SPARQL endpoint.",
)  # fmt: skip
update_option = click.option(
    "--update-url", metavar="URL", help="Address for updates, if the endpoint has another one for them."
)
format_option = click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True,
    help="How rows are printed.",
)  # fmt: skip
target_option = click.option(
    "--to", "target", type=click.Choice(_TARGETS), required=True, metavar="FORM",
    help=f"What to write: {', '.join(_TARGETS)}.",
)  # fmt: skip
out_option = click.option(
    "-o", "--out", metavar="OUT", default="-", help="File to write; - is standard output, the default."
)


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


def checked_archive(_: click.Context, __: click.Parameter, archive: str | None) -> str | None:
    """The value of --archive, if an IRI can be made of it."""
    from cetsgraph.iris import slug

    if archive is not None and not slug(archive):
        raise click.BadParameter(f"{archive!r} has no letter or digit to make an IRI of")
    return archive


class _Commands(click.Group):
    """The commands. Click would exit with status 1 where a reader of the output has gone away."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise OutputNotTaken from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.version_option(__version__, prog_name="cetsgraph")
def cetsgraph() -> None:
    """Cryo-electron tomography metadata (CETS) as one knowledge graph.

    Exit status: 0 ok, 1 the data is invalid, 2 usage, 3 a store or the program failed.
    """


@cetsgraph.command()
@store_option
@update_option
@click.option("--as", "name", metavar="NAME", help="Name of the data set, from which its IRI is made.")
@click.option(
    "--archive", metavar="NAME", callback=checked_archive,
    help="Name of the archive; fixed when the store is created.",
)  # fmt: skip
@click.option(
    "--base", metavar="IRI", callback=checked_base,
    help="Start of the IRIs of data sets; fixed when the store is created.",
)  # fmt: skip
@click.option(
    "--validate", "profile", metavar="PROFILE", shell_complete=complete_profiles,
    help="Load only what conforms to a profile: core, deposition or best-practice.",
)  # fmt: skip
@click.option(
    "--lenient", is_flag=True,
    help="Load what can be represented; the rest is kept as written, and goes back to the same dialect.",
)  # fmt: skip
@click.option("--keep", is_flag=True, help="Refuse what would replace a data set, instead of replacing it.")
@click.option("--dry-run", is_flag=True, help="Only say what would be added or replaced.")
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
def load(
    location: str,
    update_url: str | None,
    name: str | None,
    archive: str | None,
    base: str | None,
    profile: str | None,
    lenient: bool,
    keep: bool,
    dry_run: bool,
    files: tuple[str, ...],
) -> int:
    """Load documents into a store.

    FILE is a document (.json, .yaml, .json.gz) of any dialect, RDF in the terms of the ontology (.nq, .trig,
    .ttl, .jsonld; .gz too), a folder of these, or - for standard input. A data set of the same name is
    replaced, and its source and size are said; --keep refuses that.
    """
    from cetsgraph import archive as library

    if "-" in files and name is None:
        raise click.UsageError("standard input has no name; give one with --as NAME.")
    if name is not None and len(files) != 1:
        raise click.UsageError("--as names one data set; give one FILE.")
    accept = None if profile is None else _conforming(profile)
    say_put = partial(_say_put, dry_run=dry_run)
    with _loaded_into(location, dry_run, base=base, archive=archive, update_url=update_url) as store:
        sources = (sys.stdin.buffer if file == "-" else file for file in files)
        with progress_bar("Loading") as progress:
            committed = say_put if progress is None else None
            loading = library.load(
                store, *sources, name=name, accept=accept, committed=committed, progress=progress,
                lenient=lenient, keep=keep, dry_run=dry_run,
            )  # fmt: skip
    if progress is not None or dry_run:
        for done in loading.data_sets:
            say_put(done)
    for finding in loading.kept_aside:
        say(f"kept aside  {finding}")
    for failure in loading.failures:
        say(f"not loaded  {failure}")
    say_passed_over(loading.passed_over)
    if loading.failures:
        say(f"{len(loading.data_sets)} data sets loaded, {len(loading.failures)} documents not")
    return loading.exit_code


@cetsgraph.command()
@store_option
@format_option
def datasets(location: str, form: str) -> None:
    """List the data sets of a store."""
    from cetsgraph import archive

    columns = ("dataset", "name", "dialect", "source", "triples", "loaded")
    with reading(location) as store:
        rows = [
            {column: getattr(kept, column) for column in columns} | {"loaded": kept.loaded.isoformat()}
            for kept in archive.records(store)
        ]
    print_rows(rows, columns, form)


@cetsgraph.command()
@store_option
@format_option
@click.argument("name", metavar="NAME|IRI", shell_complete=complete_data_sets)
def show(location: str, form: str, name: str) -> None:
    """Show the statements about one object of a store: a data set by its NAME, or any object by its IRI."""
    from cetsgraph.queries.describe import describe

    with reading(location) as store:
        rows = describe(store, named_iri(store, name))
    print_rows([{"property": row.property, "value": row.value} for row in rows], ("property", "value"), form)


@cetsgraph.command()
@format_option
@click.argument("name", required=False, shell_complete=complete_questions)
def queries(form: str, name: str | None) -> None:
    """List the questions, or show one: what it means, its parameters, and its SPARQL.

    A question is shown as its file: SPARQL with the kinds and units of parameters and columns in comments,
    ready to send or to change. With --format json its parts are shown.
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


@cetsgraph.command()
@target_option
@out_option
@click.option(
    "--from", "dialect", type=click.Choice(_TARGETS[:3]), help="Dialect of FILE; recognised if not given."
)
@click.option("--base", metavar="IRI", callback=checked_base, help="Start of the data set's IRI, in RDF.")
@click.option(
    "--archive", metavar="NAME", default="local", show_default=True, callback=checked_archive,
    help="Name of the archive in the data set's IRI, in RDF.",
)  # fmt: skip
@revision_option
@click.argument("file", metavar="FILE")
def convert(
    target: str,
    out: str,
    dialect: str | None,
    base: str | None,
    archive: str,
    revision: str | None,
    file: str,
) -> None:
    """Write a document in another dialect, or as RDF."""
    from cetsgraph import documents

    source = sys.stdin.buffer if file == "-" else file
    path = "standard input" if file == "-" else None
    written = documents.convert(
        source, target, path=path, dialect=dialect, revision=revision, base=base, archive=archive
    )
    write_output(bytes(written), out)
    _say_findings(written.findings)


@cetsgraph.command()
@click.option(
    "--dialect", type=click.Choice(_TARGETS[:3]), default="cetsgraph", show_default=True,
    help="Dialect of the document.",
)  # fmt: skip
@revision_option
@out_option
def new(dialect: str, revision: str | None, out: str) -> None:
    """Write a small document to begin a new one with; its values are to be replaced."""
    from cetsgraph.documents import template

    write_output(bytes(template(dialect, revision=revision)), out)


@cetsgraph.command()
@store_option
@target_option
@out_option
@revision_option
@click.argument("dataset", metavar="DATASET", shell_complete=complete_data_sets)
def export(location: str, target: str, out: str, revision: str | None, dataset: str) -> None:
    """Write a data set of a store in a dialect, or as RDF. DATASET is a name or an IRI."""
    from cetsgraph import archive
    from cetsgraph.documents import RDF_FORMATS, write
    from cetsgraph.documents.file_sets import save_beside

    with reading(location) as store:
        kept = archive.record(store, dataset)
        document = archive.get(store, kept.dataset)
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
    _say_findings(written.findings)


@cetsgraph.command()
@store_option
@update_option
@click.argument("datasets", metavar="DATASET…", nargs=-1, required=True, shell_complete=complete_data_sets)
def remove(location: str, update_url: str | None, datasets: tuple[str, ...]) -> None:
    """Remove data sets from a store. DATASET is a name or an IRI; if one is not there, none is removed."""
    from cetsgraph import archive
    from cetsgraph.store import open_store

    open_store(location, update_url=update_url).close()  # to remove from a store does not make one
    with open_store(location, "w", update_url=update_url) as store:
        for kept in [archive.record(store, dataset) for dataset in dict.fromkeys(datasets)]:
            archive.remove(store, kept.dataset)
            say(f"removed  {kept.name}  {kept.dataset}")


def _conforming(profile: str) -> "Callable[[Document], None]":
    from cetsgraph.validation import Validator

    validator = Validator(profile)
    validator.judge  # noqa: B018  an unknown profile is said before a store is made
    return lambda document: validator.document(document).raise_for_violations()


def named_iri(store: "Store", name: str) -> str:
    """The IRI of the data set of this name; what is an IRI stays."""
    from cetsgraph import archive
    from cetsgraph.iris import is_iri

    if "://" in name and is_iri(name):
        return name
    try:
        return archive.iri_of(store, name)
    except DataSetNotFound:
        if is_iri(name):
            return name
        raise


@contextmanager
def reading(location: str) -> "Iterator[Store]":
    """A store that is open for reading until the block ends."""
    from cetsgraph.store import open_store

    with open_store(location) as store:
        yield store


def _say_put(done: "Put", *, dry_run: bool = False) -> None:
    kept, old = done.record, done.old
    line = f"{done.change:<9}  {kept.name}  {kept.triples} triples  {done.path}"
    if old is not None and done.change == "replaced":
        line += f"  (before: {old.triples} triples from {old.source})"
    say(f"would be {line}" if dry_run else line)
    for finding in done.left_out[:_SAID]:
        say(f"  warning: {finding.pointer}: {finding.message}")
    if (more := len(done.left_out) - _SAID) > 0:
        say(f"  and {more} more warnings")


@contextmanager
def _loaded_into(
    location: str, dry_run: bool, *, base: str | None, archive: str | None, update_url: str | None
) -> "Iterator[Store]":
    """The store to load into; for a dry run the one that is there, or an empty one."""
    from cetsgraph.errors import StoreNotFound
    from cetsgraph.store import LocalStore, open_store

    mode: Literal["r", "w"] = "r" if dry_run else "w"
    try:
        opened = open_store(location, mode, base=base, archive=archive, update_url=update_url)
    except StoreNotFound:
        opened = LocalStore.memory(base=base, archive=archive)
    with opened as store:
        yield store


def _say_findings(findings: "Iterable[Finding]") -> None:
    for finding in findings:
        say(f"{finding.severity}: {finding}")
