"""`cetsgraph validate`: a report that a depositor can act on, and an exit status for pipelines."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from cetsgraph.cli.completion import complete_profiles
from cetsgraph.cli.help import example
from cetsgraph.cli.measures import ABOVE_ZERO
from cetsgraph.cli.options import REPORTS, checked_location, cluster_option, out_option
from cetsgraph.cli.output import print_rows, refuse_over, say, say_passed_over, write_output
from cetsgraph.cli.stores import reading
from cetsgraph.collector import lasting
from cetsgraph.texts import counted

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from cetsgraph.validation import Report, Validator

__all__ = ["validate"]


def _reasons(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """Rule → why it is skipped."""
    reasons = {rule.strip(): why.strip() for rule, _, why in (one.partition("=") for one in given)}
    for rule, why in reasons.items():
        if not why:
            raise click.BadParameter(f"{rule!r} needs a reason: {rule}='…'")
    return reasons


@click.command(
    epilog=example(
        "validate EMPIAR-12104.json", "validate --profile deposition --format html -o report.html folder/"
    )
)
@click.option(
    "--profile", metavar="NAME", default="core", show_default=True, shell_complete=complete_profiles,
    help="What is asked: core, deposition or best-practice.",
)  # fmt: skip
@click.option(
    "--skip", metavar="RULE=REASON", multiple=True, callback=_reasons,
    help="Do not ask a rule; the report says so, and why. May be repeated.",
)  # fmt: skip
@click.option(
    "--files", "files_too", is_flag=True,
    help="Look also for the files that a document names, in its own folder: whether they are there, and have "
    "the size, checksum and MRC header that it states.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(REPORTS), default="text", show_default=True,
    help="Form of the report.",
)  # fmt: skip
@out_option
@click.option(
    "--fail-on", type=click.Choice(["violation", "warning"]), default="violation", show_default=True,
    help="The least that makes the exit status 1.",
)  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="In text, leave out documents without findings.")
@click.option(
    "--store", "location", metavar="DIR|URL", envvar="CETSGRAPH_STORE", show_envvar=True,
    callback=checked_location,
    help="Validate data sets of a store; FILE is then the name or IRI of one, or nothing for all. If the "
    "variable names the store, what is on disk is read from there.",
)  # fmt: skip
@click.option(
    "--shapes", metavar="FILE", type=click.Path(path_type=Path), help="Further SHACL shapes, in Turtle."
)
@click.option(
    "--engine", metavar="NAME", help="SHACL engine: shacl or pyshacl; the fastest there is if not given."
)
@click.option(
    "--limit", metavar="N", type=click.IntRange(min=1), default=100, show_default=True,
    help="Findings of one rule that are listed; the others are counted.",
)  # fmt: skip
@click.option(
    "--processes", metavar="N", type=click.IntRange(min=1),
    help="Documents at once; one per processor if not given.",
)  # fmt: skip
@cluster_option
@click.option(
    "--timeout", "seconds", metavar="SECONDS", type=ABOVE_ZERO, default=300,
    show_default=True, help="With --shapes: how long one document may take.",
)  # fmt: skip
@click.option(
    "--coverage", "standard", metavar="STANDARD",
    help="Instead of a report: which items of STANDARD (mmcif) one FILE can fill; as text or json.",
)  # fmt: skip
@click.argument("files", metavar="FILE…", nargs=-1)
@click.pass_context
def validate(
    context: click.Context,
    profile: str,
    skip: Mapping[str, str],
    files_too: bool,
    form: str,
    out: str,
    fail_on: str,
    quiet: bool,
    location: str | None,
    shapes: Path | None,
    engine: str | None,
    limit: int,
    processes: int | None,
    cluster: str | None,
    seconds: float,
    standard: str | None,
    files: tuple[str, ...],
) -> int:
    """Say what is wrong with documents, where, and what to do.

    FILE is a document of any dialect, an RDF file, what an importer knows, a folder of these, or - for
    standard input. Exit status: 0 everything conforms, 1 something does not, 3 it could not be judged.
    """
    with lasting():
        from cetsgraph.findings import Severity
        from cetsgraph.validation import Validator

    if not files and location is None:
        raise click.UsageError("give a FILE, or --store DIR.")
    refuse_over(files, out)
    if standard is not None:
        return _coverage(files, standard, form)
    validator = Validator(profile, engine, shapes, limit, form == "turtle", files_too, skip)
    _say_note(validator)
    stored = context.get_parameter_source("location") is ParameterSource.COMMANDLINE
    on_disk, others = _sorted_out(files, stored)
    with _executor(shapes, processes, cluster, seconds) as executor:
        reports = [*_in_files(on_disk, validator, processes, executor)]
        if location is not None and (others or not files):
            reports += _in_store(location, others, validator, executor)
    _write(reports, form, out, quiet)
    failed = any(report.fails(Severity(fail_on)) for report in reports)
    return 3 if location is None and _missing(others) else int(failed)


def _write(reports: "Sequence[Report]", form: str, out: str, quiet: bool) -> None:
    """Write reports, and say of a file how many conform."""
    from cetsgraph.validation import render
    from cetsgraph.validation.render.text import wants_colour

    coloured = out == "-" and wants_colour(sys.stdout)
    write_output(render(reports, form, colour=coloured, quiet=quiet).encode(), out)
    if out != "-":
        conforming = sum(report.conforms for report in reports)
        say(f"written  {out}: {conforming:,} of {counted(len(reports), 'document')} conform")


def _say_note(validator: "Validator") -> None:
    """Say what is to be known of the engine, such as that a faster one can be installed."""
    note = replace(validator, shapes=None).judge.engine.note
    if note is not None:
        say(note)


def _missing(files: list[str]) -> bool:
    """Whether there are files that are not there; each is said."""
    for file in files:
        say(f"cetsgraph: {file}: no such file or folder")
    return bool(files)


def _sorted_out(files: tuple[str, ...], stored: bool) -> tuple[list[str], list[str]]:
    """What is on disk, or standard input, and what can only be in a store, if all of it is not there."""
    on_disk = [file for file in files if not stored and (file == "-" or Path(file).exists())]
    return on_disk, [file for file in files if file not in on_disk]


def _executor(
    shapes: Path | None, processes: int | None, cluster: str | None, seconds: float
) -> "AbstractContextManager[Executor | None]":
    """A cluster, or what runs shapes of a user's own, which may ask an engine for anything."""
    from cetsgraph.executors import executor_of
    from cetsgraph.system import cpu_count

    if shapes is None:
        return executor_of(None, cluster)
    if cluster is not None:
        raise click.UsageError("--shapes are judged in processes of this machine, without --cluster.")
    from cetsgraph.validation.killable import KillableProcesses

    return KillableProcesses(processes or cpu_count(), seconds=seconds)


def _coverage(files: tuple[str, ...], standard: str, form: str) -> int:
    from cetsgraph.documents import read_all
    from cetsgraph.validation.coverage import coverage

    if len(files) != 1 or form not in ("text", "json"):
        raise click.UsageError("--coverage takes one FILE, and gives text or json.")
    columns = ("item", "mandatory", "state", "value", "fields")
    rows = [
        {column: getattr(item, column) for column in columns}
        for document in read_all(files[0])
        for item in coverage(document.dataset, standard)
    ]
    print_rows(rows, columns, "table" if form == "text" else "json")
    counts = Counter(str(row["state"]) for row in rows)
    say(", ".join(f"{state}: {count}" for state, count in counts.most_common()))
    return 0


def _in_store(
    location: str, names: list[str], validator: "Validator", executor: "Executor | None"
) -> "Iterator[Report]":
    """Reports on data sets of a store: those that are named, or all."""
    from cetsgraph.validation import validate_store

    with reading(location) as store:
        wanted: list[str | None] = [*names] or [None]
        for name in wanted:
            yield from validate_store(store, name, validator, executor=executor)


def _in_files(
    files: list[str], validator: "Validator", processes: int | None, executor: "Executor | None"
) -> "Iterator[Report]":
    """Reports on files, folders, and `-`, which is standard input."""
    from cetsgraph.validation import validate_files

    paths = [file for file in files if file != "-"]
    if len(paths) < len(files):
        yield from _standard_input(validator, executor)
    others: list[Path] = []
    yield from validate_files(
        paths, validator, processes=processes, executor=executor, passed_over=others.append
    )
    say_passed_over(others)


def _standard_input(validator: "Validator", executor: "Executor | None") -> "list[Report]":
    from cetsgraph.documents import limits

    name, stream = "standard input", sys.stdin.buffer
    if executor is None:
        return validator.bytes(stream, name)
    return executor.submit(validator.bytes, stream.read(limits.max_bytes() + 1), name).result()
