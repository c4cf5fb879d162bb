"""Options that several commands have, and what their values have to be."""

from pathlib import Path

import click

__all__ = [
    "PROGRAMS",
    "REPORTS",
    "TARGETS",
    "archive_option",
    "base_option",
    "checked_base",
    "checked_location",
    "checked_name",
    "cluster_option",
    "directory_option",
    "format_option",
    "name_option",
    "out_option",
    "processes_option",
    "revision_option",
    "store_option",
    "target_option",
    "update_option",
]

TARGETS = ("cetsgraph", "tomobabel", "cets-data-model", "turtle", "trig", "nquads", "jsonld")
REPORTS = ("text", "json", "sarif", "html", "junit", "turtle")
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
