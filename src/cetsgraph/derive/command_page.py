"""The page of commands: the help of each, in Markdown."""

import click

from cetsgraph.cli import cetsgraph

__all__ = ["command_page"]

_HEAD = """\
# Commands

Data goes to standard output, everything else to standard error. Exit status: 0 ok, 1 the data is invalid,
2 usage, 3 a store or the program failed; of several failures the highest. A conversion that leaves something
out, and says so, ends with 0.

`-h` shows the help of any command. Completion for bash, zsh and fish comes from click; for bash, put this
into `~/.bashrc`:

```
eval "$(_CETSGRAPH_COMPLETE=bash_source cetsgraph)"
```
"""


def command_page() -> bytes:
    """The page, with the help of each command."""
    group = click.Context(
        cetsgraph,
        info_name="cetsgraph",
        terminal_width=100,
        max_content_width=100,
        **cetsgraph.context_settings,
    )
    sections = (_section(name, command, group) for name, command in cetsgraph.commands.items())
    return "\n".join([_HEAD, *sections]).encode()


def _section(name: str, command: click.Command, group: click.Context) -> str:
    context = click.Context(command, group, info_name=name)
    return f"## cetsgraph {name}\n\n```text\n{command.get_help(context)}\n```\n"
