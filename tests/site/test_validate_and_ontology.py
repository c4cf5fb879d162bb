"""Documents judged on a page or by a program, and the page of the ontology."""

import gzip
import http.client
import json
import re
import secrets
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from commands import run
from pages import BROWSER, Page, fetch, page, query

from cetsgraph.mappings import term_matches
from cetsgraph.vocabulary import vocabulary

ROOT = Path(__file__).resolve().parents[2]
INVALID = sorted(
    path
    for path in (ROOT / "tests/data/invalid").rglob("*")
    if path.suffix in (".json", ".yaml") and not path.name.endswith(".expected.json")
)

ALIASES = b"a: &a [x, x]\n" + b"".join(
    b"%c: &%c [*%c, *%c, *%c, *%c]\n" % (one + 1, one + 1, one, one, one, one) for one in range(97, 120)
)
"""Grows fourfold with each line."""


def post(url: str, data: bytes, media_type: str, accept: str = "*/*") -> tuple[int, dict[str, str], str]:
    return fetch(url, accept, data, media_type)


def form(**fields: str | tuple[str, bytes]) -> tuple[bytes, str]:
    """Fields, and files by name and content, as a browser sends them."""
    border, parts = secrets.token_hex(8), []
    for name, value in fields.items():
        file, data = value if isinstance(value, tuple) else (None, value.encode())
        named = f'; filename="{file}"' if file is not None else ""
        parts.append(f'--{border}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode())
        parts.append(data + b"\r\n")
    return b"".join([*parts, f"--{border}--\r\n".encode()]), f"multipart/form-data; boundary={border}"


@pytest.mark.parametrize("path", INVALID[::32], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_program_gets_the_report_of_the_command(site: str, path: Path) -> None:
    sent = form(document=(path.name, path.read_bytes()), profile="deposition")
    status, headers, text = post(f"{site}/validate", *sent)
    assert (status, headers["content-type"]) == (200, "application/json"), text
    told = json.loads(run("validate", path, "--profile", "deposition", "--format", "json").stdout)
    for report in (told, found := json.loads(text)):
        for document in report["documents"]:
            document["file"] = Path(document["file"]).name
            document.pop("checksum", None)
    assert found["documents"][0]["findings"] == told["documents"][0]["findings"]
    assert found["conforms"] == told["conforms"]


def test_a_person_sees_what_is_wrong_and_what_to_do(site: str) -> None:
    document = json.loads((ROOT / "examples/emd-3782.cetsgraph.json").read_text(encoding="utf-8"))
    document["regions"][0]["tilt_serie"] = []
    for sent in (form(document=("d.json", json.dumps(document).encode())), form(text=json.dumps(document))):
        status, headers, text = post(f"{site}/validate", *sent, BROWSER)
        assert status == 200 and headers["cache-control"] == "no-store"
        shown = Page(text)
        assert "It does not conform to core: 1 violation" in " ".join(shown.text.split())
        assert "/rules#unknown-field" in shown.links and "/regions/0/tilt_serie" in shown.text
    _, _, text = post(f"{site}/validate", *form(text="name: A\nregions: []\n"), BROWSER)
    assert "It conforms to core" in Page(text).text


def test_what_is_wrong_alike_is_said_once_with_its_places(site: str) -> None:
    document = json.loads((ROOT / "examples/empiar-12104.cets-data-model.json").read_text(encoding="utf-8"))
    (series,) = document["regions"][0]["tilt_series"]
    for image in series["images"]:
        del image["id"]
    _, _, text = post(f"{site}/validate", *form(document=("d.json", json.dumps(document).encode())), BROWSER)
    assert text.count("TiltImage has no id, which is required") == 1 and "45 more places" in text
    for place in range(len(series["images"])):
        assert f"<code>/regions/0/tilt_series/0/images/{place}</code>" in text


def test_reports_come_in_the_forms_that_are_asked_for(site: str) -> None:
    data = (ROOT / "examples/emd-3782.cetsgraph.json").read_bytes()
    sarif = post(f"{site}/validate", data, "application/json", "application/sarif+json")[2]
    assert json.loads(sarif)["version"] == "2.1.0"
    assert post(f"{site}/validate", data, "application/json", "text/plain")[2].startswith("document.json")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400),
        (b"{", 200),
        (b"[" * 100_000, 200),
        (gzip.compress(b" " * 10_000_000), 200),
        (ALIASES, 200),
        (b"\xff\xfe\x00", 200),
    ],
    ids=["empty", "cut", "deep", "gzip", "aliases", "not text"],
)  # fmt: skip
def test_hostile_documents_get_an_answer(site: str, data: bytes, status: int) -> None:
    found, _, text = post(f"{site}/validate", data, "application/yaml")
    assert found in (status, 422), text[:300]
    if found == 200:
        assert json.loads(text)["conforms"] is False
    assert fetch(f"{site}/health", "*/*")[0] == 200


def test_a_large_document_is_refused_by_its_head(site: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=20)
    connection.putrequest("POST", "/validate")
    connection.putheader("Content-Length", str(17 * 2**20))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_wrong_forms_are_refused(site: str) -> None:
    assert post(f"{site}/validate?profile=none", b"{}", "application/json")[0] == 400
    assert post(f"{site}/validate", b"nothing", "multipart/form-data; boundary=x")[0] == 400
    many = form(**{f"field{number}": "x" for number in range(9)})
    assert post(f"{site}/validate", *many)[0] == 400


def test_the_use_of_terms_is_counted(site: str) -> None:
    shown = page(f"{site}/ontology/use")
    cells = {row[0]: row for row in shown.cells if len(row) == 3}
    for pattern, name in (("a cets:Tomogram", "cets:Tomogram"), ("cets:defocusU ?v", "cets:defocusU")):
        asked = f"SELECT (COUNT(?s) AS ?n) {{ GRAPH ?g {{ ?s {pattern} }} }}"
        rows = json.loads(fetch(f"{site}/sparql?{query(query=asked)}", "application/json")[2])
        assert cells[name][1] == rows["results"]["bindings"][0]["n"]["value"]
    assert "/ontology#defocusU" in shown.links and len(cells) > 200


def test_a_term_is_found_by_its_words(site: str) -> None:
    found = [link for link in page(f"{site}/ontology?term=larger+DEFOCI").links if "#" in link]
    assert found == ["#main", "/ontology#defocusU"]
    shown = page(f"{site}/ontology?{query(term='dose angstrom <b>')}")
    assert "0 terms" in shown.text and not shown.all("b")
    assert 'id="defocusU"' in fetch(f"{site}/ontology?term=cets:defocusU")[2]


def test_changes_mappings_and_metadata_of_the_ontology_are_published(site: str) -> None:
    shown = page(f"{site}/ontology/changes")
    assert "/ontology/0.1.0" in shown.links and "specimenTemperature" in shown.text
    status, headers, text = fetch(f"{site}/ontology/mappings.sssom.tsv", "*/*")
    assert status == 200 and headers["content-type"].startswith("text/tab-separated-values")
    assert text == (ROOT / "ontology/mappings.sssom.tsv").read_text(encoding="utf-8")
    page_text = fetch(f"{site}/ontology")[2]
    (said,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page_text, re.DOTALL)
    about = json.loads(said)
    assert about["@type"] == "DefinedTermSet" and about["creditText"] in unescape(page_text)


def test_every_term_has_its_place_on_the_page_of_the_ontology(site: str) -> None:
    text = fetch(f"{site}/ontology")[2]
    shown, terms = page(f"{site}/ontology"), vocabulary()
    assert len(text.encode()) < 150_000
    places = [one["id"] for one in shown.all("section")]
    assert sorted(places) == sorted([*terms.classes, *terms.properties])  # type: ignore[type-var]
    words = " ".join(shown.text.split())
    for term in (*terms.classes.values(), *terms.properties.values()):
        assert " ".join(term.definition.split()) in words
    assert {match.target for match in term_matches()} <= {*shown.links}
    assert {link[1:] for link in shown.links if link.startswith("#")} <= {*places, "main"}
    (section,) = re.findall('<section id="defocusU">.*?</section>', text, re.DOTALL)
    assert "Å" in section and '<a href="#CTFMetadata">' in section
