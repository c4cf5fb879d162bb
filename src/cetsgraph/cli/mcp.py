"""`cetsgraph mcp`: a store as tools for programs that work with language models."""

import click

from cetsgraph.cli.help import example
from cetsgraph.cli.options import store_option

__all__ = ["mcp"]


@click.command(epilog=example("mcp --store my-store"))
@store_option
@click.option("--timeout", metavar="SECONDS", type=click.FloatRange(min=0.1), default=30.0, show_default=True,
              help="Seconds that a call may take.")  # fmt: skip
def mcp(location: str, timeout: float) -> None:
    """Let an assistant use a store (Model Context Protocol).

    The protocol runs over standard input and output. A client starts this command, and can then list and ask
    questions, run SPARQL, describe objects, find terms and validate documents. Nothing is changed.
    """
    from cetsgraph.mcp.service import serve
    from cetsgraph.store import open_store

    open_store(location).close()
    serve(location, timeout)
