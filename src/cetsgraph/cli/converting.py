"""`cetsgraph convert`: documents in another dialect or as RDF."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cetsgraph.cli.help import example
from cetsgraph.cli.options import (
    TARGETS,
    checked_base,
    checked_name,
    cluster_option,
    out_option,
    processes_option,
    revision_option,
    target_option,
)
from cetsgraph.cli.output import is_folder, refuse_over, say, say_findings, say_passed_over, write_output
from cetsgraph.errors import CetsGraphError, DocumentError, ForeignDocument

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from cetsgraph.documents import Document, Written
    from cetsgraph.findings import Finding

__all__ = ["convert"]

_Result = tuple[bytes, Sequence["Finding"]] | CetsGraphError
"""Content of a file, and findings; or why there is none."""


@click.command(epilog=example("convert EMPIAR-12104.json --to turtle -o data.ttl"))
@target_option
@out_option
@click.option(
    "--from", "dialect", type=click.Choice(TARGETS[:3]), help="Dialect of FILE; recognised if not given."
)
@click.option("--base", metavar="IRI", callback=checked_base, help="Start of the data set's IRI, in RDF.")
@click.option(
    "--archive", metavar="NAME", default="local", show_default=True, callback=checked_name,
    help="Name of the archive in the data set's IRI, in RDF.",
)  # fmt: skip
@revision_option
@processes_option
@cluster_option
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
def convert(
    target: str,
    out: str,
    dialect: str | None,
    base: str | None,
    archive: str,
    revision: str | None,
    processes: int | None,
    cluster: str | None,
    files: tuple[str, ...],
) -> int:
    """Write documents in another dialect or as RDF.

    FILE is a document, what an importer knows, or - for standard input. Several, or those of a folder, go
    into a folder, -o OUT/, each with the name that it has.
    """
    conversion = _Conversion(target, dialect, revision, base, archive)
    into_folder = is_folder(out)
    if len(files) == 1 and not into_folder:
        refuse_over(files, out)
        written = conversion.written(files[0])
        write_output(bytes(written), out)
        say_findings(written.findings)
        return 0
    if not into_folder or "-" in files:
        raise click.UsageError("several documents go from files into a folder; give -o OUT/.")
    from cetsgraph.executors import executor_of

    with executor_of(processes, cluster) as executor:
        return _convert_all(conversion, files, Path(out), executor)


@dataclass(frozen=True, slots=True)
class _Conversion:
    """What documents are converted to. It can go to another process."""

    target: str
    dialect: str | None
    revision: str | None
    base: str | None
    archive: str

    def written(self, file: str) -> "Written":
        """A document in its new form."""
        try:
            return self._converted(sys.stdin.buffer if file == "-" else file)
        except DocumentError:
            imported = None if file == "-" or self.dialect is not None else _imported(file)
            if imported is None:
                raise
            return self._converted(imported)

    def attempted(self, file: Path) -> _Result:
        """The content of a document's file in its new form, with findings; or what is wrong with it."""
        try:
            written = self.written(str(file))
            return bytes(written), written.findings
        except CetsGraphError as error:
            return error

    def _converted(self, source: object) -> "Written":
        from cetsgraph import documents

        return documents.convert(
            source,  # type: ignore[arg-type]
            self.target,
            path="standard input" if source is sys.stdin.buffer else None,
            dialect=self.dialect,
            revision=self.revision,
            base=self.base,
            archive=self.archive,
        )


def _imported(file: str) -> "Document | None":
    """What importers make of a file, if one knows it."""
    from cetsgraph.importers import claims, read

    found = claims([file]).claims
    return read(found[0]) if found else None


def _convert_all(
    conversion: _Conversion, files: Sequence[str], folder: Path, executor: "Executor | None"
) -> int:
    from cetsgraph.documents.folders import no_document
    from cetsgraph.executors import in_order
    from cetsgraph.whole_files import make_folder

    others: list[Path] = []
    places = dict(_places(files, conversion.target, others))
    refuse_over(places, *(str(folder / place) for place in places.values()))
    attempted = conversion.attempted
    results = map(attempted, places) if executor is None else in_order(executor, attempted, places)
    status = 0
    for (file, place), result in zip(places.items(), results, strict=True):
        if isinstance(result, ForeignDocument) and str(file) not in files:
            others.append(file)
        elif isinstance(result, CetsGraphError):
            say(f"not converted  {result}")
            status = max(status, result.exit_code)
        else:
            content, findings = result
            make_folder((folder / place).parent)
            write_output(content, str(folder / place))
            say(f"written  {folder / place}")
            say_findings(findings)
    if others and set(places) <= set(others):
        raise no_document(files[0], len(others))
    say_passed_over(others)
    return status


def _places(files: Sequence[str], target: str, others: list[Path]) -> Iterator[tuple[Path, Path]]:
    """Each document, and where it goes below the folder: where it was, with the ending of its new form.

    Raises:
        UsageError: two go to one place.
    """
    from cetsgraph.documents import files_below, target_suffix
    from cetsgraph.documents.folders import given_path

    taken: dict[Path, Path] = {}
    for top in map(given_path, files):
        for file in files_below(top, others.append):
            relative = Path(file.name) if file == top else file.relative_to(top)
            place = relative.with_name(f"{_stem(file)}{target_suffix(target)}")
            if taken.setdefault(place, file) != file:
                raise click.UsageError(f"{taken[place]} and {file} would both become {place}.")
            yield file, place


def _stem(file: Path) -> str:
    """The name without what says the form: `EMPIAR-10164.cets.json.gz` is `EMPIAR-10164.cets`."""
    name = file.name.removesuffix(".gz")
    return Path(name).stem
