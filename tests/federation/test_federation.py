"""Many sources, some of which fail: all rows of the others come in time, and every state is right."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from archive_entries import CALLED, SPELLINGS
from commands import run
from endpoints import free_port
from federation_servers import hang, rows, send, serving_answers, web_page
from serving import EXAMPLES, load, serving

from cetsgraph import LocalStore, ontologies
from cetsgraph.errors import ParameterError, SearchIncomplete, SourceError
from cetsgraph.federation import Federation, Source, State
from cetsgraph.federation.specimens import entry_called, entry_of, merged, specimens

QUESTION = "dataset_summary"


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("federated") / "store"
    load(store, *EXAMPLES)
    return store


@pytest.fixture(scope="module")
def endpoint(directory: Path) -> Iterator[str]:
    with serving(directory, "--workers", "1") as address:
        yield f"{address}/sparql"


def test_rows_of_the_living_come_in_time_and_every_state_is_right(directory: Path, endpoint: str) -> None:
    def truncating(handler: object, before: int) -> None:
        send(handler, 200, "application/sparql-results+json", rows(["dataset"], 100))  # type: ignore[arg-type]

    with (
        serving_answers(hang) as hanging,
        serving_answers(web_page) as page,
        serving_answers(truncating) as cutting,
    ):
        federation = Federation(
            [
                Source("directory", str(directory)),
                Source("endpoint", endpoint),
                Source("down", f"http://127.0.0.1:{free_port()}/sparql"),
                Source("hanging", hanging),
                Source("page", page),
                Source("cutting", cutting),
                Source("nowhere", str(directory / "nowhere")),
            ]
        )
        started = time.monotonic()
        found = federation.search(QUESTION, timeout=4)
        assert time.monotonic() - started < 5.5
    states = {answer.source: answer.state for answer in found.answers}
    assert states.pop("cutting") in (State.TRUNCATED, State.OK)
    assert states == {
        "directory": State.OK,
        "endpoint": State.OK,
        "down": State.REFUSED,
        "hanging": State.TIMEOUT,
        "page": State.BAD_ANSWER,
        "nowhere": State.REFUSED,
    }
    for name in ("directory", "endpoint"):
        assert sum(row["source"] == name for row in found.rows) == len(EXAMPLES)
    assert not found.complete


def test_answers_come_as_sources_give_them(directory: Path) -> None:
    with serving_answers(hang) as hanging:
        federation = Federation([Source("slow", hanging), Source("quick", str(directory))])
        started = time.monotonic()
        first = next(federation.ask(QUESTION, timeout=3))
        assert first.source == "quick" and time.monotonic() - started < 2


def test_what_is_worth_it_is_tried_again_when_the_server_says(endpoint: str) -> None:
    def busy(handler: object, before: int) -> None:
        if before < 2:
            send(handler, 503, "text/plain", "busy", Retry_After="0")  # type: ignore[arg-type]
        else:
            send(handler, 200, "application/sparql-results+json", rows(["dataset"], 0))  # type: ignore[arg-type]

    with serving_answers(busy) as url:
        (answer,) = Federation([Source("busy", url)]).ask(QUESTION, timeout=10)
    assert answer.state is State.EMPTY and answer.attempts == 3


@pytest.mark.parametrize(
    ("status", "state"), [(404, State.HTTP_ERROR), (500, State.HTTP_ERROR), (403, State.REFUSED)]
)
def test_what_is_not_worth_it_is_not_tried_again(status: int, state: State) -> None:
    with serving_answers(lambda handler, before: send(handler, status, "text/plain", "no")) as url:
        (answer,) = Federation([Source("one", url)]).ask(QUESTION, timeout=5)
    assert answer.state is state and answer.attempts == 1 and str(status) in (answer.detail or "")


def test_strict_fails_where_a_source_does(directory: Path) -> None:
    federation = Federation([Source("here", str(directory)), Source("gone", str(directory / "gone"))])
    with pytest.raises(SearchIncomplete, match="gone"):
        federation.search(QUESTION, strict=True)


def test_kinds_are_those_that_each_source_knows(directory: Path, tmp_path: Path) -> None:
    terms = "[Term]\nid: X:1\nname: lattice\n\n[Term]\nid: X:2\nname: Gag polyprotein\nis_a: X:1\n"
    load(tmp_path / "knowing", *EXAMPLES)
    with LocalStore.open(tmp_path / "knowing", "w") as store:
        ontologies.add(store, f"ontology: x\n\n{terms}".encode())
    sources = {"knowing": tmp_path / "knowing", "plain": directory, "no": tmp_path / "nowhere"}
    federation = Federation(Source(name, str(path)) for name, path in sources.items())
    asked = {"object": ["lattice", "nucleus of no cell"]}
    found = federation.search("tomograms_by_annotated_object", asked, kinds_of=True)
    assert {(row["source"], row["term"], row["term_label"]) for row in found.rows} == {
        ("knowing", "X:2", "Gag polyprotein")
    }
    ended = {answer.source: (answer.state, answer.columns[-2:]) for answer in found.answers}
    assert ended["knowing"] == (State.OK, ("term", "term_label"))
    assert ended["plain"] == (State.EMPTY, ("term", "term_label"))
    assert ended["no"][0] is State.REFUSED
    with pytest.raises(ParameterError, match="about no object"):
        federation.search("tilt_schemes", kinds_of=True)


def test_the_same_specimen_in_two_archives(directory: Path, tmp_path: Path) -> None:
    load(tmp_path / "other", *EXAMPLES)
    federation = Federation([Source("one", str(directory)), Source("two", str(tmp_path / "other"))])
    found = federation.search(QUESTION, merge=True)
    assert len(found.rows) == len(EXAMPLES)
    assert {row["source"] for row in found.rows} == {"one, two"} or {row["source"] for row in found.rows} == {
        "two, one"
    }
    of_hiv = {row["dataset"].rpartition("/")[2] for row in found.rows if row["specimen"] == "EMPIAR:10164"}
    assert of_hiv == {"EMPIAR-10164", "EMD-3782", "HIV-1-VLP-annotations"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("grid/", "grid"),
        (None, "None"),
        (1.5, "1.5"),
        (1, "1"),
        (1, 1.0),
        (1, True),
        ([1], "[1]"),
        ("http: the text", "https: the text"),
        ("", None),
    ],
)
def test_values_of_different_kinds_are_not_merged(one: object, other: object) -> None:
    rows = [{"source": "a", "value": one}, {"source": "b", "value": other}]
    assert [row["value"] for row in merged(rows, {})] == [one, other]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.org/a/", "https://example.org/a"),
        ("text", "text"),
        (None, None),
        (1.5, 1.5),
        (float("nan"), float("nan")),
        ([1, 2], [1, 2]),
    ],
)
def test_equal_values_are_merged(one: object, other: object) -> None:
    rows = [{"source": "a", "value": one}, {"source": "b", "value": other}]
    (row,) = merged(rows, {})
    assert row["source"] == "a, b"


@pytest.mark.parametrize(
    ("database", "accession", "entry"), [("EMDB", "emd-3782", "EMDB:3782"), ("ArrayExpress", "E-1", None)]
)
def test_entries_of_other_archives(database: str, accession: str, entry: str | None) -> None:
    assert entry_of(database, accession) == entry


@pytest.mark.parametrize(("database", "accession", "other_database", "other_accession", "same"), SPELLINGS)
def test_entries_are_joined_as_within_a_store(
    database: str, accession: str, other_database: str, other_accession: str, same: bool
) -> None:
    rows = [
        {"dataset": "https://example.org/a", "database": database, "accession": accession},
        {"dataset": "https://example.org/b", "database": other_database, "accession": other_accession},
    ]
    named = specimens([("one", rows[0]), ("two", rows[1])])
    assert (named["https://example.org/a"] == named["https://example.org/b"]) == same


@pytest.mark.parametrize(("name", "database", "accession"), CALLED)
def test_a_data_set_called_as_an_entry_is_that_entry(name: str, database: str, accession: str) -> None:
    assert entry_called(name) == entry_of(database, accession) is not None


def test_sources_of_a_file_and_words_to_look_for(directory: Path, tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(f'[sources]\nhere = "{directory}"\n')
    federation = Federation.from_file(tmp_path / "sources.toml")
    found = federation.search("gag lattice")
    assert found.answers[0].state in (State.OK, State.EMPTY)


@pytest.mark.parametrize("text", ["", "[sources]\n", "[sources]\na = 1\n", "sources = 3\n", "[[["])
def test_bad_files_are_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(text)
    with pytest.raises(SourceError):
        Federation.from_file(tmp_path / "sources.toml")


def test_sources_that_cannot_know_are_skipped_and_that_is_kept(
    directory: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    document = {"$schema": "https://w3id.org/cetsgraph/schema/cets.json", "name": "empty", "regions": []}
    (tmp_path / "empty.json").write_text(json.dumps(document))
    load(tmp_path / "bare", tmp_path / "empty.json")
    federation = Federation([Source("bare", str(tmp_path / "bare")), Source("full", str(directory))])
    for _ in range(2):
        found = federation.search("tomograms_with_fitmap", select=True)
        states = {answer.source: answer.state for answer in found.answers}
        assert states == {"bare": State.SKIPPED, "full": State.OK}
    kept = json.loads((tmp_path / "cache/cetsgraph/sources.json").read_text())
    assert kept[str(directory)]["FitMap"][0] is True and kept[str(tmp_path / "bare")]["FitMap"][0] is False


def test_the_command_gives_rows_and_states(directory: Path) -> None:
    sources = ("--source", f"here={directory}", "--source", f"gone={directory / 'gone'}")
    ended = run("search", QUESTION, *sources, "--format", "json")
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert {row["source"] for row in found["rows"]} == {"here"}
    assert {source["name"]: source["state"] for source in found["sources"]} == {
        "here": "ok",
        "gone": "refused",
    }
    assert set(found["sources"][0]) == {"name", "state", "rows", "seconds", "attempts", "detail"}
    assert run("search", QUESTION, *sources, "--strict").returncode == 3
    assert run("search", QUESTION).returncode == 2
    assert run("search", "no_such_question", *sources).returncode == 2
    assert "here: ok" in run("search", QUESTION, *sources).stderr
