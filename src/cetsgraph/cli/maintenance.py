"""`cetsgraph backup`, `restore`, `migrate`, `compact` and `stats`: looking after a store."""

import json
from pathlib import Path

import click

from cetsgraph.cli.help import example
from cetsgraph.cli.options import directory_option, store_option
from cetsgraph.cli.output import say
from cetsgraph.cli.stores import reading

__all__ = ["backup", "compact", "migrate", "restore", "stats"]


def _named_file(_: click.Context, __: click.Parameter, file: Path) -> Path:
    if str(file) == "-":
        raise click.BadParameter("a backup is a file; give its name")
    return file


@click.command(epilog=example("backup --store my-store my-store.nq.gz"))
@store_option
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path), callback=_named_file)
def backup(location: str, file: Path) -> None:
    """Copy a store to a file.

    FILE has N-Quads, compressed by gzip. Loading may continue meanwhile.
    """
    from cetsgraph.archive.maintenance import backup as run

    with reading(location) as store:
        done = run(store, file)
    say(f"{done.quads} quads, {done.bytes} bytes  {done.path}")


@click.command(epilog=example("restore --store new-store my-store.nq.gz"))
@directory_option
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path), callback=_named_file)
def restore(directory: Path, file: Path) -> None:
    """Create a store from a backup."""
    from cetsgraph.archive.maintenance import restore as run

    say(f"{run(file, directory)} quads  {directory}")


@click.command(epilog=example("migrate --store my-store"))
@directory_option
def migrate(directory: Path) -> int:
    """Bring an older store up to date.

    Its format and the version of its ontology become those of now. It happens as a whole or not at all, so
    it may be interrupted; readers may continue meanwhile. A store that is up to date stays as it is. Exit
    status 1: a data set cannot be read, since other software changed its graph; it stays as it is until it
    is loaded again or removed.
    """
    from cetsgraph.archive.maintenance import migrate as run
    from cetsgraph.store.record import FORMAT
    from cetsgraph.versions import ONTOLOGY_VERSION

    done = run(directory)
    if done is None:
        say(f"nothing to do: format {FORMAT}, ontology {ONTOLOGY_VERSION}  {directory}")
        return 0
    for failure in done.failures:
        say(f"left as it was  {failure}")
    was = f"format {done.format}" + (f", ontology {done.ontology}" if done.ontology else "")
    say(f"{done.data_sets} data sets written again  {directory}")
    say(f"{was}  →  format {FORMAT}, ontology {ONTOLOGY_VERSION}")
    return max((failure.exit_code for failure in done.failures), default=0)


@click.command(epilog=example("compact --store my-store"))
@directory_option
def compact(directory: Path) -> None:
    """Make the files of a store smaller after many changes."""
    from cetsgraph.archive.maintenance import compact as run

    before, after = run(directory)
    say(f"{before} bytes before, {after} after")


@click.command(epilog=example("stats --store my-store --format json"))
@store_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="How it is printed.")  # fmt: skip
def stats(location: str, form: str) -> None:
    """Show what a store holds.

    Data sets, quads, objects by class, bytes.
    """
    from dataclasses import asdict

    from cetsgraph.archive.counts import statistics

    with reading(location) as store:
        found = asdict(statistics(store))
    if form == "json":
        click.echo(json.dumps(found, indent=2))
        return
    for name in ("data_sets", "quads", "bytes"):
        click.echo(f"{name.replace('_', ' '):<24} {found[name]}")
    click.echo(f"{'ontology':<24} {', '.join(found['ontologies'])}")
    for name, count in found["objects"].items():
        click.echo(f"  {name:<28} {count}")
