"""The error tree, its exit codes and its messages."""

import importlib
import pickle
import pkgutil
from types import SimpleNamespace

import pytest

import cetsgraph
from cetsgraph import errors
from cetsgraph.errors import (
    CetsGraphError,
    DataSetNotFound,
    DocumentError,
    EndpointStatus,
    EndpointTimeout,
    EndpointUnreachable,
    ExtraNotInstalled,
    InvalidDeposition,
    ObjectNotFound,
    ParameterError,
    QuerySyntaxError,
    StoreLocked,
    StoreNotFound,
    StoreOutdated,
    StoreReadOnly,
    Unbridgeable,
    UnknownQuery,
)
from cetsgraph.findings import Finding, Severity
from cetsgraph.texts import did_you_mean, nearest

UNKNOWN_FIELD = Finding(
    rule="unknown-field",
    severity=Severity.VIOLATION,
    pointer="/regions/0/tilt_serie",
    message="Region has no such field",
    hint="Did you mean 'tilt_series'?",
    line=4,
)
URL = "https://example.org/sparql"

CASES = [
    (
        DocumentError(
            "is not JSON", path="a.json", line=3, column=7, found="'}'", expected="a value", hint="Mend it."
        ),
        1,
        "a.json:3:7: is not JSON (found '}', expected a value)\nMend it.",
    ),
    (
        DocumentError("has parts that cannot be represented", path="a.json", findings=[UNKNOWN_FIELD]),
        1,
        "a.json: has parts that cannot be represented\n"
        "  /regions/0/tilt_serie (line 4): Region has no such field [unknown-field]. "
        "Did you mean 'tilt_series'?",
    ),
    (
        DocumentError("holds NaN", path="a.json", pointer="/x/1"),
        1,
        "a.json at /x/1: holds NaN",
    ),
    (
        DataSetNotFound("EMPIAR-1210", suggestions=["EMPIAR-12104"], where="store"),
        2,
        "store: there is no data set 'EMPIAR-1210'\nDid you mean 'EMPIAR-12104'?",
    ),
    (
        InvalidDeposition(
            "1 violation of core", report=SimpleNamespace(findings=[UNKNOWN_FIELD]), where="a.json"
        ),
        1,
        "a.json: 1 violation of core\n"
        "  /regions/0/tilt_serie (line 4): Region has no such field [unknown-field]. "
        "Did you mean 'tilt_series'?",
    ),
    (
        ExtraNotInstalled(package="pyshacl", extra="validate"),
        3,
        "this needs the package pyshacl, which is not installed\n"
        "Install it with `pip install 'cetsgraph[validate]'`.",
    ),
    (
        ObjectNotFound("there is no statement about <a:b>", iri="a:b", where="store"),
        2,
        "store: there is no statement about <a:b>\n`cetsgraph datasets` lists the IRIs to start from.",
    ),
    (
        Unbridgeable(["cets:a", "cets:b"]),
        2,
        "the endpoint's vocabulary has no counterpart (found cets:a, cets:b)",
    ),
    (UnknownQuery("x"), 2, "there is no query 'x'\n`cetsgraph queries` lists them all."),
    (
        ParameterError(
            "is not a number", query="by_angle", parameter="minimum", found="'x'", expected="degrees"
        ),
        2,
        "query by_angle, parameter minimum: is not a number (found 'x', expected degrees)",
    ),
    (
        QuerySyntaxError("expected a variable", line=2, column=1, where="q.rq"),
        2,
        "q.rq:2:1: expected a variable",
    ),
    (
        StoreLocked(location="store"),
        3,
        "store: another process is writing to this store\n"
        "Wait until it ends, or write to another store. Reading is possible meanwhile.",
    ),
    (StoreReadOnly(location="store", hint=None), 3, "store: the store can only be read"),
    (
        StoreNotFound(location="store"),
        3,
        "store: there is no store here\n`cetsgraph load --store DIR FILE` makes one.",
    ),
    (
        StoreOutdated("the store has an older format", location="my store", found=1, expected=2),
        3,
        "my store: the store has an older format (found 1, expected 2)\n"
        "`cetsgraph migrate --store 'my store'` brings it up to date.",
    ),
    (
        EndpointUnreachable(url=URL, found="connection refused", hint=None),
        3,
        f"{URL}: the endpoint cannot be reached (found connection refused)",
    ),
    (EndpointTimeout(url=URL, seconds=1.5, hint=None), 3, f"{URL}: no whole answer within 1.5 s"),
    (
        EndpointStatus(url=URL, status=503, found="try later"),
        3,
        f"{URL}: the endpoint answered with HTTP status 503 (found try later)",
    ),
]


@pytest.mark.parametrize(("error", "exit_code", "message"), CASES, ids=lambda value: type(value).__name__)
def test_messages_and_exit_codes(error: CetsGraphError, exit_code: int, message: str) -> None:
    assert error.exit_code == exit_code
    assert str(error) == message


@pytest.mark.parametrize("error", [case[0] for case in CASES], ids=lambda error: type(error).__name__)
def test_errors_cross_process_boundaries(error: CetsGraphError) -> None:
    arrived = pickle.loads(pickle.dumps(error))
    assert type(arrived) is type(error)
    assert vars(arrived) == vars(error)
    assert str(arrived) == str(error)


def drawn(tree: str) -> dict[str, str]:
    """Each class of the drawing, and the class that it hangs from."""
    parents, branch = {}, {}
    for line in tree.splitlines():
        name = next((word for word in line.split() if word[0].isupper()), None)
        if name is not None:
            column = line.index(name)
            parents[name] = branch.get(column - 3, "Exception")
            branch[column] = name
    return parents


def test_the_docstring_draws_the_tree_as_it_is() -> None:
    classes = {
        name: getattr(errors, name)
        for name in errors.__all__
        if isinstance(getattr(errors, name), type)
        and issubclass(getattr(errors, name), Exception)
        and not issubclass(getattr(errors, name), Warning)
    }
    tree = (errors.__doc__ or "").split("```")[1]
    assert drawn(tree) == {name: error.__base__.__name__ for name, error in classes.items()}


def test_severities_are_ordered() -> None:
    assert sorted(Severity) == [Severity.INFO, Severity.WARNING, Severity.VIOLATION]
    assert max(Severity) is Severity.VIOLATION
    assert Severity("warning") is Severity.WARNING


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("tilt_serie", ["tilt_series", "tilt_images", "path"], "tilt_series"),
        ("Tomograms", ["tomograms", "path"], "tomograms"),
        ("movieframe", ["MovieFrame", "MovieStack"], "MovieFrame"),
    ],
)
def test_the_nearest_name_comes_first(name: str, known: list[str], expected: str) -> None:
    assert nearest(name, known)[0] == expected


def test_what_is_unlike_is_not_suggested() -> None:
    assert nearest("zzz", ["path", "tilt_series"]) == ()
    assert did_you_mean(()) is None


def classes_below(root: type[Exception]) -> set[type[Exception]]:
    return {root}.union(*map(classes_below, root.__subclasses__()))


def test_all_errors_that_users_see_are_in_one_file() -> None:
    for module in pkgutil.walk_packages(cetsgraph.__path__, "cetsgraph."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    assert {error.__module__ for error in classes_below(CetsGraphError)} == {"cetsgraph.errors"}
    assert {error.__name__ for error in classes_below(CetsGraphError)} <= set(errors.__all__)
