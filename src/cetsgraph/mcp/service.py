"""The tools on standard input and output, as a client of the protocol starts them.

Each call runs in a process that is killed when it takes too long or too much memory.
"""

import asyncio
import json
from typing import Any

from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.types import TextContent, Tool, ToolAnnotations
from pydantic import ValidationError

from cetsgraph.errors import QueryError
from cetsgraph.mcp.answers import JSON
from cetsgraph.mcp.tools import TOOLS, answer
from cetsgraph.texts import did_you_mean, nearest
from cetsgraph.validation.killable import KillableProcesses
from cetsgraph.versions import __version__

__all__ = ["serve"]

_PROCESSES = 2
_MEMORY = 1024 * 2**20  # bytes of one call
_READS = ToolAnnotations(readOnlyHint=True, destructiveHint=False, idempotentHint=True, openWorldHint=False)


def serve(location: str, seconds: float) -> None:
    """Answer a client on standard input and output until it closes them.

    Args:
        location: directory or URL of the store.
        seconds: how long a call may take.
    """
    asyncio.run(_serve(location, seconds))


async def _serve(location: str, seconds: float) -> None:
    processes = KillableProcesses(_PROCESSES, seconds=seconds, memory=_MEMORY)
    server = _server(location, processes)
    try:
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())
    finally:
        processes.shutdown(wait=False, cancel_futures=True)


def _server(location: str, processes: KillableProcesses) -> Server[Any, Any]:
    server: Server[Any, Any] = Server("cetsgraph", __version__)

    @server.list_tools()  # type: ignore[no-untyped-call,untyped-decorator]
    async def list_tools() -> list[Tool]:
        return [
            Tool(
                name=name,
                description=tool.__doc__,
                inputSchema=tool.model_json_schema(),
                annotations=_READS,
            )
            for name, tool in TOOLS.items()
        ]

    @server.call_tool(validate_input=False)  # type: ignore[untyped-decorator]
    async def call_tool(name: str, arguments: JSON) -> tuple[list[TextContent], JSON]:
        given = await asyncio.wrap_future(processes.submit(answer, location, _call(name, arguments)))
        return [TextContent(type="text", text=json.dumps(given, ensure_ascii=False))], given

    return server


def _call(name: str, arguments: JSON) -> Any:
    """The call of a tool, from its name and arguments.

    Raises:
        QueryError: there is no such tool, or the arguments are not its own.
    """
    if name not in TOOLS:
        hint = did_you_mean(nearest(name, TOOLS)) or f"The tools are {', '.join(TOOLS)}."
        raise QueryError(f"there is no tool {name!r}", hint=hint)
    try:
        return TOOLS[name].model_validate(arguments)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise QueryError(f"an argument of {name} is wrong", where=where, expected=first["msg"]) from error
