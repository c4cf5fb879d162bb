"""`cetsgraph serve`: a store as a public SPARQL endpoint."""

from pathlib import Path

import click

from cetsgraph.cli.help import example
from cetsgraph.cli.options import directory_option
from cetsgraph.cli.output import say

__all__ = ["serve"]


@click.command(epilog=example("serve --store my-store --port 7878"))
@directory_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=7878, show_default=True, help="0 takes any.")
@click.option("--workers", metavar="N", type=click.IntRange(min=1), help="Web workers; one per processor.")
@click.option("--timeout", metavar="SECONDS", type=click.FloatRange(min=0.1), default=30.0, show_default=True,
              help="Seconds that a query may take.")  # fmt: skip
@click.option("--memory", metavar="MB", type=click.IntRange(min=16), default=1024, show_default=True,
              help="Megabytes that a query may take.")  # fmt: skip
@click.option("--max-rows", metavar="N", type=click.IntRange(min=1), default=100_000, show_default=True,
              help="Rows of an answer.")  # fmt: skip
@click.option("--max-bytes", metavar="N", type=click.IntRange(min=1000), default=2**26, show_default=True,
              help="Bytes of an answer.")  # fmt: skip
@click.option("--writable", is_flag=True, help="Take updates from holders of a token.")
@click.option("--token-file", metavar="FILE", type=click.Path(path_type=Path),
              help="Tokens that may write, one a line; goes with --writable.")  # fmt: skip
@click.option("--base-url", metavar="URL",
              help="Address that clients reach the server by, if it stands behind another.")  # fmt: skip
@click.option("--sources", metavar="FILE", type=click.Path(path_type=Path),
              help="Other archives that /archives asks: a TOML file of names and URLs.")  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="No line on standard error for each request.")
def serve(
    directory: Path,
    host: str,
    port: int,
    workers: int | None,
    timeout: float,
    memory: int,
    max_rows: int,
    max_bytes: int,
    writable: bool,
    token_file: Path | None,
    base_url: str | None,
    sources: Path | None,
    quiet: bool,
) -> None:
    """Serve a store: pages, and a SPARQL endpoint.

    It runs until it is interrupted, and only reads unless --writable is given. A `cetsgraph load` may run
    beside it; new data appear by themselves. Queries go to /sparql; /health and
    /metrics say how the server does.
    """
    from cetsgraph import system
    from cetsgraph.server.limits import Limits
    from cetsgraph.server.service import Service

    if writable != (token_file is not None):
        raise click.UsageError("--writable and --token-file go together.")
    service = Service(
        directory,
        Limits(seconds=timeout, memory=memory * 2**20, rows=max_rows, bytes=max_bytes),
        host=host,
        port=port,
        workers=workers or max(2, system.cpu_count()),
        access_log=not quiet,
        token_file=token_file,
        base_url=base_url,
        sources=sources,
    )
    service.run(lambda address: say(f"Serving {directory} at {address}/sparql"))
