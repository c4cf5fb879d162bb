"""A client of the official SDK starts `cetsgraph mcp` and uses its tools."""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import CallToolResult

import cetsgraph

ROOT = Path(__file__).resolve().parents[1]
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("mcp") / "store"
    with cetsgraph.open_store(directory, "w") as made:
        cetsgraph.load(made, ROOT / "examples")
        cetsgraph.ontologies.add(made, ROOT / "tests/data/ontologies/cells.obo")
    return directory


def in_session(store: Path, use: Callable[[ClientSession], Awaitable[Any]], *options: str) -> Any:
    arguments = ["-m", "cetsgraph", "mcp", "--store", str(store), *options]

    async def run() -> Any:
        async with (
            stdio_client(StdioServerParameters(command=sys.executable, args=arguments)) as streams,
            ClientSession(*streams) as session,
        ):
            await session.initialize()
            return await use(session)

    return asyncio.run(run())


def call_all(store: Path, *calls: tuple[str, dict[str, Any]], options: tuple[str, ...] = ()) -> list[Any]:
    async def use(session: ClientSession) -> list[CallToolResult]:
        return [await session.call_tool(name, arguments) for name, arguments in calls]

    return list(in_session(store, use, *options))


def given(result: CallToolResult) -> Any:
    assert not result.isError, result.content
    assert json.loads(result.content[0].text) == result.structuredContent  # type: ignore[union-attr]
    return result.structuredContent


def test_a_client_lists_the_tools_and_their_arguments(store: Path) -> None:
    async def use(session: ClientSession) -> Any:
        return (await session.list_tools()).tools

    tools = {tool.name: tool for tool in in_session(store, use)}
    required = {name: tool.inputSchema.get("required", []) for name, tool in tools.items()}
    assert required == {
        "list_questions": [],
        "ask_question": ["name"],
        "run_sparql": ["query"],
        "describe_object": ["object"],
        "find_term": ["text"],
        "validate_document": ["text"],
    }
    assert all(tool.description and tool.annotations.readOnlyHint for tool in tools.values())


def test_what_the_tools_give_is_what_the_library_gives(store: Path) -> None:
    asked = {"name": "tomograms_by_voxel_size", "parameters": {"minimum": 1, "maximum": 100}}
    listed, rows, page, triples, described, terms, report = map(
        given,
        call_all(
            store,
            ("list_questions", {}),
            ("ask_question", asked),
            ("ask_question", {**asked, "limit": 1, "offset": 1}),
            ("run_sparql", {"query": "CONSTRUCT WHERE { ?t a cets:Tomogram }", "limit": 2}),
            ("describe_object", {"object": "EMD-3782"}),
            ("find_term", {"text": "Palade granules"}),
            ("validate_document", {"text": '{"name": "A", "regions": 3}', "profile": "core"}),
        ),
    )
    with cetsgraph.open_store(store) as opened:
        expected = cetsgraph.queries.run(opened, asked["name"], asked["parameters"])  # type: ignore[arg-type]
        iri = cetsgraph.archive.iri_of(opened, "EMD-3782")
    assert {one["name"] for one in listed["questions"]} == set(cetsgraph.queries.names())
    assert rows["rows"] == list(expected) and rows["cut"] is None and len(expected) > 2
    assert rows["units"]["voxel_size_x"] == "Å"
    assert page["rows"] == expected[1:2] and page["cut"] == "there are more than 1 rows"
    assert len(triples["rows"]) == 2 and triples["cut"]
    assert described["iri"] == iri and described["rows"][0]["property"] == "a"
    assert (terms["rows"][0]["term"], terms["rows"][0]["label"]) == ("GO:0005840", "ribosome")
    assert [one["conforms"] for one in report["documents"]] == [False]


def test_an_error_is_the_librarys_own(store: Path) -> None:
    said = {
        "tilt_schemes": ("ask_question", {"name": "tilt_scheme"}),
        "limit": ("ask_question", {"name": "tilt_schemes", "limit": 0}),
        "minimum": ("ask_question", {"name": "tomograms_by_voxel_size", "parameters": {"minimum": "x"}}),
        "1:17": ("run_sparql", {"query": "SELECT * { ?s ?p"}),
        "1:1": ("run_sparql", {"query": "DELETE WHERE { ?s ?p ?o }"}),
        "SERVICE": ("run_sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"}),
        "EMD-1": ("describe_object", {"object": "EMD-1"}),
        "core": ("validate_document", {"text": "{}", "profile": "cor"}),
        "find_term": ("find_terms", {}),
    }
    for words, result in zip(said, call_all(store, *said.values()), strict=True):
        assert result.isError and words in result.content[0].text, result


def test_a_call_that_takes_too_long_is_killed_and_the_next_is_answered(store: Path) -> None:
    endless, next_one = call_all(
        store,
        ("run_sparql", {"query": CROSS}),
        ("run_sparql", {"query": "SELECT (1 AS ?one) {}"}),
        options=("--timeout", "2"),
    )
    assert endless.isError and "no result within 2 s" in endless.content[0].text
    assert given(next_one)["rows"] == [{"one": 1}]
