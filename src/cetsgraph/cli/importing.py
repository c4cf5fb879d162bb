"""`cetsgraph import`: what programs and archives wrote, as CETS or into a store."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cetsgraph.cli.archives import ArchiveOptions, archive_entry_options
from cetsgraph.cli.help import example
from cetsgraph.cli.load import say_imported, say_put
from cetsgraph.cli.options import (
    TARGETS,
    archive_option,
    base_option,
    checked_location,
    cluster_option,
    name_option,
    processes_option,
    update_option,
)
from cetsgraph.cli.output import (
    is_folder,
    print_rows,
    progress_bar,
    refuse_over,
    say,
    say_findings,
    say_passed_over,
    write_output,
)
from cetsgraph.cli.stated import stated_options
from cetsgraph.cli.stores import loaded_into
from cetsgraph.texts import listed

if TYPE_CHECKING:
    from cetsgraph.archive import Loading
    from cetsgraph.documents import Document
    from cetsgraph.findings import Finding
    from cetsgraph.importers import Options
    from cetsgraph.importers.reading import Imports

__all__ = ["import_command"]

_COLUMNS = (
    *("data_set", "file", "line", "pointer", "severity", "rule"),
    *("message", "found", "expected", "hint"),
)
"""Of the report on an import."""


@click.command(
    "import", epilog=example("import my-session/ -o session.json", "import portal 10000 --store my-store")
)
@click.option(
    "--store", "location", metavar="DIR|URL", callback=checked_location,
    help="Load into this store, instead of writing documents.",
)  # fmt: skip
@update_option
@click.option(
    "--to", "target", type=click.Choice(TARGETS), default="cetsgraph", show_default=True, metavar="FORM",
    help=f"What to write: {', '.join(TARGETS)}.",
)  # fmt: skip
@click.option(
    "-o", "--out", metavar="OUT", default="-",
    help="File to write, or a folder for several data sets; - is standard output, the default.",
)  # fmt: skip
@name_option
@stated_options
@click.option(
    "--lenient", is_flag=True, help="Take files with values that are not valid, without these values."
)
@click.option("--report", metavar="FILE", help="Write all findings to a file, .json or .csv.")
@click.option("--dry-run", is_flag=True, help="Only say what would be read, or fetched.")
@click.option("--list", "list_them", is_flag=True, help="List the kinds, and what files are known by.")
@archive_entry_options
@archive_option
@base_option
@processes_option
@cluster_option
@click.argument("sources", metavar="KIND|PATH…", nargs=-1)
def import_command(
    location: str | None,
    update_url: str | None,
    target: str,
    out: str,
    name: str | None,
    lenient: bool,
    report: str | None,
    dry_run: bool,
    list_them: bool,
    archive: str | None,
    base: str | None,
    options: "Options",
    entries: ArchiveOptions,
    processes: int | None,
    cluster: str | None,
    sources: tuple[str, ...],
) -> int:
    """Import files of programs, and entries of archives.

    PATH is a file or a folder. Each file is recognised by what stands in it; with a KIND before the paths
    only that importer is asked. Entries of portal, empiar and emdb are fetched: `import portal 10000`, or
    all. Without --store the data set is written as CETS, to be read, corrected and loaded.
    """
    from cetsgraph import archive as library
    from cetsgraph.executors import executor_of
    from cetsgraph.importers import import_from

    if list_them:
        return _list()
    refuse_over(sources, out, report or "-")

    def import_files(importer: str | None, paths: Sequence[str]) -> int:
        if location is None and dry_run:
            return _foresee(paths, importer, options)
        with executor_of(processes, cluster) as executor:
            how: dict[str, Any] = {"name": name, "options": options, "lenient": lenient}
            how |= {"importer": importer, "executor": executor}
            if location is None:
                return _write(import_from(*paths, **how), target, out, report)
            into = {"base": base, "archive": archive, "update_url": update_url}
            with loaded_into(location, dry_run, **into) as store, progress_bar("Importing") as progress:
                loading = library.load(store, *paths, progress=progress, dry_run=dry_run, **how)
        return _say_loaded(loading, report, dry_run=dry_run)

    return _import_sources(sources, entries, dry_run, location is None and out == "-", import_files)


def _import_sources(
    sources: Sequence[str],
    entries: ArchiveOptions,
    dry_run: bool,
    takes_one: bool,
    import_files: Callable[[str | None, Sequence[str]], int],
) -> int:
    """Import files, or entries of an archive once they are there; several that go nowhere are only kept."""
    importer, words = _kind(sources)
    names = _names(importer, words)
    if importer is None or names is None:
        if entries.is_given:
            raise click.UsageError("name entries of an archive: portal 10000, empiar 10164, emdb 3197.")
        return import_files(importer, _existing(words, sources))
    entries.check(importer)
    if dry_run and entries.source is None:
        return entries.say_foreseen(importer, names)
    only_kept = takes_one and len(names) != 1
    if only_kept and entries.keep is None:
        raise click.UsageError("these are several data sets; give --store DIR, -o FOLDER/, or --keep DIR.")
    with entries.files(importer, names) as (paths, status):
        return max(status, import_files(importer, paths) if paths and not only_kept else 0)


def _say_loaded(loading: "Loading", report: str | None, *, dry_run: bool) -> int:
    """Say what a load did; its exit status."""
    for done in loading.data_sets:
        say_put(done, dry_run=dry_run)
    for failure in loading.failures:
        say(f"not loaded  {failure}")
    said = [(done.record.name, finding) for done in loading.data_sets for finding in done.imported]
    say_imported([finding for _, finding in said], report)
    _report(said, report)
    say_passed_over(loading.passed_over)
    return loading.exit_code


def _kind(sources: Sequence[str]) -> tuple[str | None, Sequence[str]]:
    """The importer that is named before the paths, and the paths."""
    from cetsgraph.importers import IMPORTERS

    named = bool(sources) and sources[0] in IMPORTERS and (len(sources) > 1 or not Path(sources[0]).exists())
    importer, words = (sources[0], sources[1:]) if named else (None, sources)
    if not words:
        raise click.UsageError("give a PATH; --list says what can be imported.")
    return importer, words


def _names(importer: str | None, words: Sequence[str]) -> list[str] | None:
    """The data sets that the words mean, where they are entries of an archive and no files."""
    from cetsgraph.importers.archives import ARCHIVES, accessions

    if importer not in ARCHIVES or all(Path(word).exists() for word in words):
        return None
    return accessions(importer, words)


def _existing(paths: Sequence[str], sources: Sequence[str]) -> Sequence[str]:
    from cetsgraph.importers import IMPORTERS

    for path in paths:
        if not Path(path).exists():
            known = f"; kinds are {', '.join(IMPORTERS)}" if path == sources[0] else ""
            raise click.UsageError(f"{path}: no such file or folder{known}.")
    return paths


def _list() -> int:
    from cetsgraph.importers import importers

    rows = [{"kind": one.name, "mapping": one.version, "recognised by": one.evidence} for one in importers()]
    print_rows(rows, ("kind", "mapping", "recognised by"), "table")
    return 0


def _foresee(paths: Sequence[str], importer: str | None, options: "Options") -> int:
    from cetsgraph.errors import DocumentError
    from cetsgraph.importers import claims, name_of

    found = claims(paths, importer=importer, options=options)
    rows: list[dict[str, object]] = []
    refused = [*found.refused]
    for claim in found.claims:
        try:
            name = name_of(claim)
        except DocumentError as error:
            refused.append(error)
        else:
            row = {"kind": claim.importer, "data set": name, "files": len(claim.files)}
            rows.append({**row, "first": claim.files[0]})
    print_rows(rows, ("kind", "data set", "files", "first"), "table")
    for failure in refused:
        say(f"cannot be read  {failure}")
    say_passed_over(found.others)
    return 1 if refused else 0


def _write(found: "Imports", target: str, out: str, report: str | None) -> int:
    """Write what was imported; the exit status of importing it."""
    folder = Path(out) if is_folder(out) else None
    if folder is None and len(found.documents) > 1:
        names = listed(str(document.dataset.name) for document in found.documents)
        raise click.UsageError(
            f"these are {len(found.documents)} data sets ({names}); give -o FOLDER/ or --store DIR."
        )
    for document in found.documents:
        _write_one(document, target, out if folder is None else str(_place(folder, document, target)))
    for failure in found.failures:
        say(f"not imported  {failure}")
    said = [(document.dataset.name or "", one) for document in found.documents for one in document.findings]
    say_imported([finding for _, finding in said], report)
    _report(said, report)
    say_passed_over(found.passed_over)
    return found.exit_code


def _write_one(document: "Document", target: str, out: str) -> None:
    from cetsgraph.documents import write

    written = write(document, target)
    write_output(bytes(written), out)
    say_findings(written.findings)


def _place(folder: Path, document: "Document", target: str) -> Path:
    from cetsgraph.documents import target_suffix
    from cetsgraph.iris import slug
    from cetsgraph.whole_files import make_folder

    make_folder(folder)
    return folder / f"{slug(document.dataset.name or 'data-set')}{target_suffix(target)}"


def _report(said: Sequence[tuple[str, "Finding"]], report: str | None) -> None:
    if report is None:
        return
    rows = [
        {"data_set": name, **{column: getattr(finding, column) for column in _COLUMNS[1:]}}
        for name, finding in said
    ]
    print_rows(rows, _COLUMNS, "csv" if report.endswith(".csv") else "json", out=report)
