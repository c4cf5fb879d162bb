"""`cetsgraph search`: one question to many archives."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cetsgraph.cli.completion import complete_questions
from cetsgraph.cli.help import example
from cetsgraph.cli.options import format_option
from cetsgraph.cli.output import print_rows, say

if TYPE_CHECKING:
    from cetsgraph.federation import Answer

__all__ = ["search"]

_FAILED = ("timeout", "refused", "http-error", "bad-answer")
"""States of a source that gave nothing, though it may have something."""


@click.command(epilog=example("search tilt_schemes --source mine=my-store --source lab=lab-store"))
@click.option("--source", "given", metavar="NAME=LOCATION", multiple=True,
              help="An archive: a directory or the URL of an endpoint; repeat it for each.")  # fmt: skip
@click.option("--sources", "file", metavar="FILE", type=click.Path(path_type=Path),
              help="A TOML file with a table [sources] of names and locations.")  # fmt: skip
@click.option("-p", "--parameter", "parameters", metavar="KEY=VALUE", multiple=True,
              help="A parameter of the question; repeat it for a list.")  # fmt: skip
@click.option("--timeout", metavar="SECONDS", type=click.FloatRange(min=0.01), default=30.0,
              show_default=True,
              help="Seconds after which sources that have not answered are left out.")  # fmt: skip
@format_option
@click.option("--strict", is_flag=True, help="Fail unless every source gave all that it has.")
@click.option("--merge", is_flag=True, help="Add the specimen of each row, and merge equal rows.")
@click.option("--select", is_flag=True, help="Skip sources that hold nothing of what the question is about.")
@click.option("--kinds-of", is_flag=True,
              help="Ask for all kinds and parts of the object too, by each source's ontologies.")  # fmt: skip
@click.argument("question", shell_complete=complete_questions)
def search(
    given: tuple[str, ...],
    file: Path | None,
    parameters: tuple[str, ...],
    timeout: float,
    form: str,
    strict: bool,
    merge: bool,
    select: bool,
    kinds_of: bool,
    question: str,
) -> int:
    """Ask several archives one question.

    QUESTION is a name, words to look for, or a query of your own (FILE.rq). The state of each source is
    printed on standard error, and with --format json beside the rows. If a source fails, the rows of the
    others are printed, unless --strict is given. Exit status 3: no source could be asked.
    """
    from cetsgraph.cli.query import key_and_value
    from cetsgraph.federation import Federation
    from cetsgraph.federation.federation import values_of
    from cetsgraph.federation.sources import from_file, from_text

    sources = [*(from_file(file) if file is not None else ()), *map(from_text, given)]
    asked: str | Path = Path(question) if question.endswith(".rq") else question
    values = values_of(asked, [key_and_value(text) for text in parameters])
    found = Federation(sources).search(
        asked, values, timeout=timeout, strict=strict, merge=merge, select=select, kinds_of=kinds_of
    )
    _print(found.rows, found.answers, form, merge)
    return 3 if found.answers and all(answer.state in _FAILED for answer in found.answers) else 0


def _print(rows: Sequence[Mapping[str, Any]], answers: Sequence["Answer"], form: str, merge: bool) -> None:
    states = [answer.summary() for answer in answers]
    if form == "json":
        click.echo(json.dumps({"rows": rows, "sources": states}, ensure_ascii=False, indent=2))
        return
    columns = ["source", *(["specimen"] if merge else []), *_columns(answers)]
    print_rows([{name: row.get(name) for name in columns} for row in rows], columns, form)
    for state in states:
        detail = f"  {state['detail']}" if state["detail"] else ""
        say(f"{state['name']}: {state['state']}, {state['rows']} rows, {state['seconds']} s{detail}")


def _columns(answers: Iterable["Answer"]) -> list[str]:
    names: dict[str, None] = {}
    for answer in answers:
        names.update({"row_source" if name == "source" else name: None for name in answer.columns})
    return list(names)
