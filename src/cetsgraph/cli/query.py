"""`cetsgraph query`: a question by its name, or SPARQL, asked of one store."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cetsgraph.cli.completion import complete_data_sets, complete_questions
from cetsgraph.cli.help import example
from cetsgraph.cli.options import out_option, store_option
from cetsgraph.cli.output import print_rows, refuse_over, say_how_objects_are_named, write_output
from cetsgraph.cli.stores import reading
from cetsgraph.texts import did_you_mean, nearest

if TYPE_CHECKING:
    from cetsgraph.queries import Query, ScopedPage
    from cetsgraph.store import Store

__all__ = ["key_and_value", "query"]


@click.command(
    epilog=example(
        "query --store my-store tilt_series_by_dose -p maximum=120",
        "query --store my-store 'SELECT ?t { ?t a cets:Tomogram }'",
    )
)
@store_option
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv", "tsv", "turtle"]), default="table",
    show_default=True, help="How rows are printed; turtle is for the triples of a CONSTRUCT or DESCRIBE.",
)  # fmt: skip
@out_option
@click.option(
    "-p", "--parameter", "parameters", metavar="KEY=VALUE", multiple=True,
    help="A parameter of the question; repeat it for a list. An object is named by IRI, name or id.",
)  # fmt: skip
@click.option(
    "--dataset", "datasets", metavar="NAME", multiple=True, shell_complete=complete_data_sets,
    help="Ask only the data set of this name or IRI; repeat it for several.",
)  # fmt: skip
@click.option(
    "--kinds-of", is_flag=True,
    help="Ask for all kinds and parts of the object too, by the ontologies of the store.",
)  # fmt: skip
@click.option("--columns", "chosen", metavar="A,B,…", help="Columns to print; all if not given.")
@click.option(
    "--file", "file", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True),
    help="A query of your own (.rq); - is standard input.",
)  # fmt: skip
@click.option("--limit", type=click.IntRange(0), metavar="N", help="Print at most N rows.")
@click.option("--offset", type=click.IntRange(0), metavar="N", help="Skip the first N rows.")
@click.argument("name", metavar="[NAME|SPARQL]", required=False, shell_complete=complete_questions)
def query(
    location: str,
    form: str,
    out: str,
    parameters: tuple[str, ...],
    datasets: tuple[str, ...],
    kinds_of: bool,
    chosen: str | None,
    file: Path | None,
    limit: int | None,
    offset: int | None,
    name: str | None,
) -> None:
    """Ask a question by its name, or in SPARQL.

    NAME is one of `cetsgraph queries`. SPARQL is typed, or comes from --file. The usual prefixes (cets, rdf,
    rdfs, xsd, dcterms, prov, void …) need no declaration.
    """
    if (name is None) == (file is None):
        raise click.UsageError("give the NAME of a question, SPARQL, or --file.")
    refuse_over([] if file is None else [file], out)
    given = [key_and_value(text) for text in parameters]
    asked = _asked(name, file, given)
    page: ScopedPage = {"limit": limit, "offset": offset, "dataset": datasets or None, "kinds_of": kinds_of}
    with reading(location) as store:
        if isinstance(asked, str):
            text = _paged(asked, page, file)
            if form == "turtle":
                write_output(_turtle(store, text, datasets), out)
                return
            if kinds_of:
                raise click.UsageError("--kinds-of is for questions; SPARQL follows ontologies by itself.")
            columns, rows, units = _own(store, text, datasets)
        elif form == "turtle":
            raise click.UsageError("--format turtle is for SPARQL that constructs triples.")
        else:
            columns, rows, units = _question(store, asked, given, page)
    print_rows(rows, _chosen(columns, chosen), form, units=units, out=out)
    if not rows and any(key == "object" for key, _ in given):
        say_how_objects_are_named()


_Table = tuple[Sequence[str], list[dict[str, Any]], dict[str, str]]


def _asked(name: str | None, file: Path | None, given: Sequence[tuple[str, str]]) -> "str | Query":
    """A question, or plain SPARQL where no parameters are given."""
    from cetsgraph import queries
    from cetsgraph.queries.own import is_sparql

    if name is not None and not is_sparql(name):
        if name not in queries.names() and Path(name).is_file():
            raise click.UsageError(f"{name} is a file: if it holds SPARQL, `--file {name}` asks it.")
        return queries.load(name)
    text = name if name is not None else _text_of(file)
    return queries.parse(text, file or Path("query")) if given else text


def _paged(text: str, page: "ScopedPage", file: Path | None) -> str:
    from cetsgraph.queries import paged

    return paged(text, page, query=str(file or "query"))


def _own(store: "Store", text: str, datasets: Sequence[str]) -> _Table:
    from cetsgraph.queries.rows import run_sparql

    columns, rows = run_sparql(store, text, dataset=datasets or None)
    return columns, list(rows), {}


def _question(
    store: "Store",
    question: "Query",
    given: Sequence[tuple[str, str]],
    page: "ScopedPage",
) -> _Table:
    from cetsgraph import queries

    rows = queries.run(store, question, question.values(given), **page)
    units = {column.name: column.unit for column in rows.columns if column.unit}
    return [column.name for column in rows.columns], rows, units


def _turtle(store: "Store", text: str, datasets: Sequence[str]) -> bytes:
    import pyoxigraph as ox

    from cetsgraph.namespaces import PREFIXES
    from cetsgraph.queries.scope import graphs_of
    from cetsgraph.store import Triples

    found = store.query(text, default_graph=graphs_of(store, datasets) if datasets else None)
    if not isinstance(found, Triples):
        raise click.UsageError("--format turtle is for SPARQL that constructs triples.")
    used = {name: iri for name, iri in PREFIXES.items() if f"{name}:" in text}
    return ox.serialize(found, format=ox.RdfFormat.TURTLE, prefixes=used) or b""


def key_and_value(text: str) -> tuple[str, str]:
    """The two sides of `KEY=VALUE`."""
    key, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"-p takes KEY=VALUE, not {text!r}.")
    return key, value


def _chosen(columns: Sequence[str], chosen: str | None) -> Sequence[str]:
    if chosen is None:
        return columns
    wanted = [name.strip() for name in chosen.split(",")]
    for name in wanted:
        if name not in columns:
            guess = did_you_mean(nearest(name, columns)) or f"There are {', '.join(columns)}."
            raise click.UsageError(f"there is no column {name!r}. {guess}")
    return wanted


def _text_of(file: Path | None) -> str:
    from cetsgraph.documents.content import read_text

    return read_text(sys.stdin.buffer if str(file) == "-" else str(file), path=str(file or "query"))
