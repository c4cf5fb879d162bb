"""`cetsgraph load`: documents, and what importers know, into a store."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

import click

from cetsgraph.cli.completion import complete_profiles
from cetsgraph.cli.help import example
from cetsgraph.cli.options import (
    archive_option,
    base_option,
    cluster_option,
    name_option,
    processes_option,
    store_option,
    update_option,
)
from cetsgraph.cli.output import progress_bar, say, say_passed_over
from cetsgraph.cli.stores import loaded_into
from cetsgraph.texts import counted

if TYPE_CHECKING:
    from cetsgraph.archive import Loading, Put
    from cetsgraph.documents import Document
    from cetsgraph.findings import Finding
    from cetsgraph.validation import Validator

__all__ = ["load", "say_imported", "say_put"]

_SAID = 10  # warnings of one data set


@click.command(epilog=example("load --store my-store EMPIAR-12104.json more-documents/"))
@store_option
@update_option
@name_option
@archive_option
@base_option
@click.option(
    "--validate", "profile", metavar="PROFILE", shell_complete=complete_profiles,
    help="Load only what conforms to a profile: core, deposition or best-practice.",
)  # fmt: skip
@click.option(
    "--lenient", is_flag=True,
    help="Load what can be represented; the rest is kept as written, and goes back to the same dialect.",
)  # fmt: skip
@click.option("--keep", is_flag=True, help="Refuse what would replace a data set, instead of replacing it.")
@click.option("--dry-run", is_flag=True, help="Only say what would be added or replaced.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what is not loaded, and how many are.")
@processes_option
@cluster_option
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
def load(
    location: str,
    update_url: str | None,
    name: str | None,
    archive: str | None,
    base: str | None,
    profile: str | None,
    lenient: bool,
    keep: bool,
    dry_run: bool,
    quiet: bool,
    processes: int | None,
    cluster: str | None,
    files: tuple[str, ...],
) -> int:
    """Load documents into a store.

    FILE is a document (.json, .yaml, .json.gz) of any dialect, RDF in the terms of the ontology (.nq, .trig,
    .ttl, .jsonld; .gz too), what an importer knows (`cetsgraph import --list`), a folder of these, or - for
    standard input. A data set of the same name is replaced, and its source and size are said; --keep refuses
    that.
    """
    from cetsgraph import archive as library
    from cetsgraph.executors import executor_of

    if "-" in files and name is None:
        raise click.UsageError("standard input has no name; give one with --as NAME.")
    if name is not None and len(files) != 1:
        raise click.UsageError("--as names one data set; give one FILE.")
    accept = None if profile is None else _conforming(profile)
    say_done = partial(say_put, dry_run=dry_run)
    with (
        executor_of(processes, cluster) as executor,
        loaded_into(location, dry_run, base=base, archive=archive, update_url=update_url) as store,
    ):
        sources = (sys.stdin.buffer if file == "-" else file for file in files)
        with progress_bar("Loading") as progress:
            committed = say_done if progress is None and not quiet else None
            loading = library.load(
                store, *sources, name=name, accept=accept, committed=committed, progress=progress,
                lenient=lenient, keep=keep, dry_run=dry_run, executor=executor,
            )  # fmt: skip
    if (progress is not None or dry_run) and not quiet:
        for done in loading.data_sets:
            say_done(done)
    _say_rest(loading, quiet, dry_run)
    return loading.exit_code


def _say_rest(loading: "Loading", quiet: bool, dry_run: bool) -> None:
    """Say what importing said, what was kept aside, and what was not loaded; `quiet` only the last."""
    if not quiet:
        say_imported(finding for done in loading.data_sets for finding in done.imported)
        for finding in loading.kept_aside:
            say(f"kept aside  {finding}")
    for failure in loading.failures:
        say(f"not loaded  {failure}")
    say_passed_over(loading.passed_over)
    if loading.failures or quiet:
        data_sets, documents = len(loading.data_sets), len(loading.failures)
        loaded = "would be loaded" if dry_run else "loaded"
        say(f"{counted(data_sets, 'data set')} {loaded}, {counted(documents, 'document')} not")


def _conforming(profile: str) -> "Callable[[Document], None]":
    from cetsgraph.validation import Validator

    validator = Validator(profile)
    validator.judge  # noqa: B018  an unknown profile is said before a store is made
    return partial(_refuse_violations, validator)


def _refuse_violations(validator: "Validator", document: "Document") -> None:
    validator.document(document).raise_for_violations()


def say_put(done: "Put", *, dry_run: bool = False) -> None:
    """Say what a data set's load did."""
    kept, old = done.record, done.old
    line = f"{done.change:<9}  {kept.name}  {kept.triples} triples  {done.path}"
    if old is not None and done.change == "replaced":
        line += f"  (before: {old.triples} triples from {old.source})"
    say(f"would be {line}" if dry_run else line)
    for finding in done.left_out[:_SAID]:
        say(f"  warning: {finding.pointer}: {finding.message}")
    if (more := len(done.left_out) - _SAID) > 0:
        say(f"  and {more} more warnings")


def say_imported(findings: Iterable["Finding"], report: str | None = None) -> None:
    """Say how much importing had to say, one line for each rule; violations one by one."""
    findings = list(findings)
    for finding in findings:
        if finding.severity == "violation":
            say(f"violation: {finding}")
    counts = Counter(finding.rule for finding in findings if finding.severity != "violation")
    for rule, count in sorted(counts.items()):
        say(f"  {rule:<20} {count:,}")
    if counts and report is None:
        say("  `--report FILE` of `cetsgraph import` lists them.")
