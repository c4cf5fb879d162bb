"""Help, and commands that lack something."""

import re
import resource
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from commands import EMPIAR, ROOT

from cetsgraph.cli import cetsgraph


def test_help_starts_quickly() -> None:
    """At most 1.5 times the processor time that importing pydantic, click and pyoxigraph takes."""

    def seconds(*arguments: str) -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    pairs = [
        (seconds("-m", "cetsgraph", "--help"), seconds("-c", "import pydantic, click, pyoxigraph"))
        for _ in range(7)
    ]
    ours, theirs = (min(times) for times in zip(*pairs, strict=True))
    assert ours <= 1.5 * theirs


def test_every_command_is_documented() -> None:
    reference = (ROOT / "docs" / "reference" / "commands.md").read_text()
    for name, command in cetsgraph.commands.items():
        assert f"## cetsgraph {name}" in reference
        for parameter in command.params:
            for option in parameter.opts:
                assert option.lstrip("-") in reference or parameter.param_type_name == "argument"


def commands_of(group: click.Group, way: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """All commands that do something, by what calls them."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands_of(command, (*way, name))
        else:
            yield " ".join((*way, name)), command


COMMANDS = dict(commands_of(cetsgraph))


@pytest.mark.parametrize("name", COMMANDS)
def test_help_fits_a_terminal_and_ends_with_examples_that_can_be_typed(name: str) -> None:
    command = COMMANDS[name]
    group = click.Context(cetsgraph, info_name="cetsgraph", terminal_width=80, **cetsgraph.context_settings)
    shown = command.get_help(click.Context(command, group, info_name=name))
    assert max(map(len, shown.splitlines())) <= 80
    examples = re.findall(rf"(?m)^  cetsgraph {name}(?: (.*))?$", command.epilog or "")
    assert examples
    for example in examples:
        command.make_context(name, shlex.split(example), group)


def test_the_list_of_commands_says_of_each_a_whole_sentence() -> None:
    group = click.Context(cetsgraph, info_name="cetsgraph", terminal_width=80, **cetsgraph.context_settings)
    shown = cetsgraph.get_help(group)
    assert "..." not in shown.partition("Commands:")[2]


WITHOUT = """
import sys
for name in sys.argv.pop(1).split(","):
    sys.modules[name] = None  # as if it were not installed
from cetsgraph.cli import main
main()
"""


@pytest.mark.parametrize(
    ("packages", "extra", "arguments"),
    [
        ("shacl,pyshacl", "validate", ["validate", "{example}"]),
        ("starlette", "server", ["serve", "--store", "{store}", "--port", "0"]),
        ("granian", "server", ["serve", "--store", "{store}", "--port", "0"]),
        ("httpx", "remote", ["datasets", "--store", "http://127.0.0.1:9/sparql"]),
        ("httpx", "remote", ["search", "tilt_schemes", "--source", "a=http://127.0.0.1:9/sparql"]),
        ("SPARQLWrapper", "remote", ["search", "tilt_schemes", "--source", "a=http://127.0.0.1:9/sparql"]),
    ],
)
def test_a_command_says_which_extra_it_needs(
    store: Path, packages: str, extra: str, arguments: list[str]
) -> None:
    filled = [part.format(example=EMPIAR, store=store) for part in arguments]
    command = [sys.executable, "-c", WITHOUT, packages, *filled]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 3
    assert f"pip install 'cetsgraph[{extra}]'" in done.stderr
    assert "Traceback" not in done.stderr
