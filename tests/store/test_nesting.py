"""Queries and updates that are nested without end are refused; long ones that are flat are answered."""

import subprocess
import sys
from pathlib import Path

import pytest

from cetsgraph.errors import QueryError, QuerySyntaxError
from cetsgraph.store import LocalStore

DEEP = 100_000
NESTED = {
    "brackets": "SELECT * { FILTER(" + "(" * DEEP + "1" + ")" * DEEP + ") }",
    "braces": "SELECT * " + "{" * DEEP + "}" * DEEP,
    "behind a comparison": "PREFIX : <x:> SELECT * { FILTER(1<2) FILTER("
    + "(" * DEEP
    + "1"
    + ")" * DEEP
    + ") }",
    "negations": "SELECT * { FILTER(" + "!" * DEEP + "1) }",
    "signs": "SELECT * { FILTER(" + "-" * DEEP + "1) }",
    "sums": "SELECT (1" + "+1" * DEEP + " AS ?x) {}",
    "conjunctions": "SELECT * { FILTER(1" + "&&1" * DEEP + ") }",
    "triple terms": "SELECT * { ?s ?p " + "<<(?s ?p " * DEEP + "?o" + ")>>" * DEEP + " }",
}


@pytest.mark.parametrize("name", NESTED)
def test_a_query_that_is_nested_without_end_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "deep.rq").write_text(NESTED[name])
    code = """
import sys
from pathlib import Path
from cetsgraph.errors import QueryError
from cetsgraph.store import LocalStore
try:
    list(LocalStore.memory().query(Path(sys.argv[1]).read_text()))
except QueryError as error:
    print(type(error).__name__)
"""
    done = subprocess.run([sys.executable, "-c", code, tmp_path / "deep.rq"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout in ("QueryError\n", "QuerySyntaxError\n")


def test_an_update_that_is_nested_without_end_is_refused() -> None:
    update = "INSERT { ?s ?p ?o } WHERE " + "{" * DEEP + "}" * DEEP
    with LocalStore.memory() as store, store.writing() as writing:
        with pytest.raises(QueryError, match="the update is nested too deeply"):
            writing.update(update)
        assert store.graphs() == []


def test_long_flat_queries_are_answered() -> None:
    rows = " ".join(f"(<http://example.org/{n}> {n})" for n in range(20_000))
    with LocalStore.memory() as store:
        assert sum(1 for _ in store.select(f"SELECT * {{ VALUES (?a ?b) {{ {rows} }} }}")) == 20_000
        numbers = ", ".join(map(str, range(20_000)))
        assert store.ask(f"ASK {{ FILTER(19999 IN ({numbers})) }}")


def test_long_texts_that_are_no_queries_are_said_to_be_none() -> None:
    with LocalStore.memory() as store, pytest.raises(QuerySyntaxError):
        store.query("SELECT * { " + "( " * 1_500)
