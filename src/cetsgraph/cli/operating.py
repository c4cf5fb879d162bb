"""`cetsgraph backup`, `restore`, `compact` and `stats`: looking after a store."""

import json
from pathlib import Path

import click

from cetsgraph.cli.commands import store_option

__all__ = ["backup", "compact", "restore", "stats"]

directory_option = click.option(
    "--store", "directory", metavar="DIR", required=True, type=click.Path(path_type=Path),
    help="The store: a directory.",
)  # fmt: skip


@click.command()
@store_option
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
def backup(location: str, file: Path) -> None:
    """Copy a store to FILE: N-Quads, compressed by gzip. Loading may go on beside."""
    from cetsgraph.operations import backup as run
    from cetsgraph.store import open_store

    with open_store(location) as store:
        done = run(store, file)
    click.echo(f"{done.quads} quads, {done.bytes} bytes  {done.path}", err=True)


@click.command()
@directory_option
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
def restore(directory: Path, file: Path) -> None:
    """Make a new store of a backup."""
    from cetsgraph.operations import restore as run

    click.echo(f"{run(file, directory)} quads  {directory}", err=True)


@click.command()
@directory_option
def compact(directory: Path) -> None:
    """Rewrite what changes have scattered in a store."""
    from cetsgraph.operations import compact as run

    before, after = run(directory)
    click.echo(f"{before} bytes before, {after} after", err=True)


@click.command()
@store_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="How it is printed.")  # fmt: skip
def stats(location: str, form: str) -> None:
    """Say what a store holds: data sets, quads, objects by class, bytes."""
    from dataclasses import asdict

    from cetsgraph.operations import statistics
    from cetsgraph.store import open_store

    with open_store(location) as store:
        found = asdict(statistics(store))
    if form == "json":
        click.echo(json.dumps(found, indent=2))
        return
    for name in ("data_sets", "quads", "bytes"):
        click.echo(f"{name.replace('_', ' '):<24} {found[name]}")
    click.echo(f"{'ontology':<24} {', '.join(found['ontologies'])}")
    for name, count in found["objects"].items():
        click.echo(f"  {name:<28} {count}")
