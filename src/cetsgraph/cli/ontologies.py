"""`cetsgraph ontologies`: other people's ontologies beside the data of a store."""

from dataclasses import asdict

import click

from cetsgraph.cli.help import example
from cetsgraph.cli.options import format_option, store_option, update_option
from cetsgraph.cli.output import print_rows, say
from cetsgraph.cli.stores import changing, reading

__all__ = ["ontologies"]


@click.group()
def ontologies() -> None:
    """Keep ontologies (GO, CL, UBERON …) beside the data.

    `query --kinds-of` follows them to all kinds and parts of an object.
    """


@ontologies.command(epilog=example("ontologies add --store my-store go.obo"))
@store_option
@update_option
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
def add(location: str, update_url: str | None, files: tuple[str, ...]) -> None:
    """Keep ontologies from files.

    FILE is in OBO, OBO Graph JSON or OWL, compressed by gzip or not. A version that is there already is
    replaced. What the file imports is not fetched.
    """
    from cetsgraph.ontologies import add as keep

    with changing(location, update_url) as store:
        for file in files:
            ontology = keep(store, file)
            say(f"added  {ontology.iri}  {ontology.terms} terms, version {ontology.version or 'not stated'}")


@ontologies.command("list", epilog=example("ontologies list --store my-store"))
@store_option
@format_option
def listed(location: str, form: str) -> None:
    """List the ontologies of a store, with version and licence."""
    from cetsgraph.ontologies import kept

    with reading(location) as store:
        rows = [asdict(ontology) for ontology in kept(store)]
    print_rows(rows, ("iri", "title", "version", "licence", "terms"), form)


@ontologies.command(epilog=example("ontologies remove --store my-store go"))
@store_option
@update_option
@click.argument("name")
def remove(location: str, update_url: str | None, name: str) -> None:
    """Take an ontology out of a store.

    NAME is its IRI, or the last part of that, such as go.
    """
    from cetsgraph.ontologies import remove as take_out

    with changing(location, update_url) as store:
        say(f"removed  {take_out(store, name).iri}")
