"""`cetsgraph mcp`: a store as tools for programs that work with language models."""

import click

from cetsgraph.cli.commands import store_option

__all__ = ["mcp"]


@click.command()
@store_option
@click.option("--timeout", metavar="S", type=click.FloatRange(min=0.1), default=30.0, show_default=True,
              help="Seconds that a call may take.")  # fmt: skip
def mcp(location: str, timeout: float) -> None:
    """Offer a store as tools of the Model Context Protocol, on standard input and output.

    A client starts this command, and can then list and ask questions, run SPARQL, describe objects, find
    terms and validate documents. Nothing is changed.
    """
    from cetsgraph.mcp.service import serve
    from cetsgraph.store import open_store

    open_store(location).close()
    serve(location, timeout)
