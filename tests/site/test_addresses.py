"""Addresses of pages and what is published at them, whatever is asked."""

import json
import random
import re
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import jsonschema
import pyoxigraph as ox
from commands import ok
from pages import BROWSER, Page, fetch, page
from serving import serving

from cetsgraph import DataSet, LocalStore, archive, queries
from cetsgraph.resources import folder


def test_an_error_is_a_page_for_people(site: str) -> None:
    shown = page(f"{site}/data/local/nothing", 404)
    assert "Nothing is known" in shown.text and "/" in shown.links
    status, headers, _ = fetch(f"{site}/nowhere", "*/*")
    assert (status, headers["content-type"]) == (404, "text/plain; charset=utf-8")


def test_openapi_describes_the_addresses(site: str) -> None:
    described = json.loads(fetch(f"{site}/openapi.json")[2])
    assert described["openapi"] == "3.1.0" and described["servers"] == [{"url": site}]
    questions = {
        path.removeprefix("/queries/") for path in described["paths"] if path.startswith("/queries/")
    }
    assert questions == {*queries.names()}
    schema = described["paths"]["/queries/tilt_images"]["get"]["responses"]["200"]["content"]
    rows = json.loads(fetch(f"{site}/queries/tilt_images?format=json&limit=20")[2])
    jsonschema.Draft202012Validator(schema["application/json"]["schema"]).validate(rows)
    for path in ("/rules", "/examples", "/health", "/ontology", "/.well-known/void"):
        assert path in described["paths"] and fetch(site + path, "*/*")[0] == 200
    report = described["paths"]["/validate"]["post"]["responses"]["200"]["content"]
    for form in report:
        assert fetch(f"{site}/validate", form, b'{"regions": []}', "application/json")[0] == 200


def test_rules_shapes_and_schemas_are_published(site: str) -> None:
    rules = json.loads(fetch(f"{site}/rules?format=json")[2])
    told = json.loads(ok("rules", "--format", "json"))
    assert [one["rule"] for one in rules] == [one["rule"] for one in told]
    assert {f"#{one['rule']}" for one in rules} <= {
        f"#{id}" for _, given in page(f"{site}/rules").elements if (id := given.get("id"))
    }
    shapes = page(f"{site}/shapes").links
    for profile in ("core", "deposition", "best-practice"):
        assert f"/shapes/{profile}" in shapes
        text = fetch(f"{site}/shapes/{profile}", "text/turtle")[2]
        assert text == (folder("shapes") / "profiles" / f"{profile}.ttl").read_text(encoding="utf-8")
        assert [
            *ox.parse(
                fetch(f"{site}/shapes/{profile}", "application/ld+json")[2].encode(),
                format=ox.RdfFormat.JSON_LD,
            )
        ]
    for link in [link for link in page(f"{site}/schema").links if link.startswith("/schema/")]:
        assert json.loads(fetch(site + link, "*/*")[2])
    assert fetch(f"{site}/examples", "text/turtle")[2].count("SPARQLExecutable") >= len(queries.names())
    assert fetch(f"{site}/shapes/none", "*/*")[0] == fetch(f"{site}/schema/..%2Fcets.ttl", "*/*")[0] == 404


def test_links_of_pages_lead_somewhere(site: str) -> None:
    seen, waiting = (
        set[str](),
        ["/", "/queries", "/sparql", "/rules", "/shapes", "/schema", "/api", "/ontology"],
    )
    while waiting and len(seen) < 200:
        path = waiting.pop(0).partition("#")[0]
        if path in seen or not path.startswith("/"):
            continue
        seen.add(path)
        status, headers, text = fetch(site + path, BROWSER)
        assert status == 200, (path, text[:300])
        if headers["content-type"].startswith("text/html") and len(seen) < 40:
            waiting += Page(text).links
    assert len(seen) > 60


PATHS = [
    "/",
    "/archives",
    "/datasets",
    "/queries",
    "/queries/tilt_images",
    "/queries/tomograms_by_annotated_object",
    "/sparql",
    "/data/local/EMPIAR-12104",
    "/data/local/x",
    "/validate",
    "/rules",
    "/ontology",
    "/ontology/use",
    "/shapes/core",
    "/schema/x",
    "/examples",
    "/api",
    "/openapi.json",
]


NAMES = [
    "q",
    "question",
    "has",
    "organism",
    "object",
    "voxel_min",
    "page",
    "dataset",
    "limit",
    "offset",
    "format",
    "kinds_of",
    "query",
    "draft",
    "default-graph-uri",
    "part",
    "series",
    "property",
    "tilt_series",
]


VALUES = [
    "",
    "1",
    "-1",
    "1e999",
    "nan",
    '"',
    "\\",
    "}",
    "<urn:a>",
    "ASK{}",
    "\x00",
    "😀",
    "%",
    "a" * 5000,
    "json",
    "html",
    "csv",
    "EMPIAR-12104",
    "urn:x y",
    "javascript:alert(1)",
    "\u202e",
    "e\u0301",
    "\r\nX: y",
    "# x",
]


ACCEPTED = [BROWSER, "*/*", "text/csv", "application/json", "x"]


def test_no_address_makes_the_server_fail(site: str) -> None:
    chosen = random.Random(5)
    for _ in range(400):
        given = [(chosen.choice(NAMES), chosen.choice(VALUES)) for _ in range(chosen.randrange(4))]
        address = f"{site}{chosen.choice(PATHS)}?{urlencode(given)}"
        status, headers, text = fetch(address, chosen.choice(ACCEPTED))
        assert status in (200, 400, 404, 406), (address, text[:300])
        if headers["content-type"].startswith("text/html"):
            assert not Page(text).foreign_scripts


def test_names_of_objects_are_suggested_and_several_can_be_written(site: str) -> None:
    _, _, text = fetch(f"{site}/queries/tomograms_with_fitmap?object=Gag+polyprotein&object=membrane")
    suggested = re.findall(r'<datalist id="object-list">(.*?)</datalist>', text)[0]
    rows = json.loads(fetch(f"{site}/queries/annotated_objects?format=json")[2])
    names = {row["annotated_object_name"] for row in rows} - {None}
    found = {unescape(one) for one in re.findall("<option>(.*?)</option>", suggested)}
    assert {"Gag polyprotein", "membrane", "Beta-amylase"} <= found <= names
    written = Page(text).all("input", name="object", list="object-list")
    assert [one["value"] for one in written] == ["Gag polyprotein", "membrane", ""]


def test_of_many_data_sets_one_is_named(tmp_path: Path) -> None:
    with LocalStore.open(tmp_path / "store", "w") as store:
        archive.put_all(store, (DataSet(name=f"D{number:02}") for number in range(60)))
    with serving(tmp_path / "store", "--workers", "1") as address:
        shown = page(f"{address}/queries/tilt_schemes?dataset=D07")
        (field,) = shown.all("input", name="dataset", list="dataset-list")
        assert field["value"] == "D07" and len(shown.all("option")) == 60 and not shown.all("select")
        assert "0 rows" in shown.text or "Nothing was found" in shown.text
        assert "Nothing was found" in page(f"{address}/queries/tilt_schemes?dataset=D59").text
        assert "D99" in page(f"{address}/queries/tilt_schemes?dataset=D99").text
