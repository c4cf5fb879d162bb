"""Documents judged on a page or by a program, and the page of the ontology."""

import gzip
import http.client
import json
import os
import re
import secrets
import shutil
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
from commands import run
from folders import files
from pages import BROWSER, Page, fetch, page, query

from cetsgraph.mappings import term_matches
from cetsgraph.namespaces import CETS, XSD
from cetsgraph.server.query_process import PIECE, Output
from cetsgraph.server.site.validating import write_report
from cetsgraph.server.sparql.negotiation import HTML
from cetsgraph.store import Settings
from cetsgraph.vocabulary import vocabulary

ROOT = Path(__file__).resolve().parents[2]
INVALID = sorted(
    path
    for path in (ROOT / "tests/data/invalid").rglob("*")
    if path.is_file() and not path.name.endswith(".expected.json")
    if path.parent.name != "companion-agrees"  # needs two files
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


@pytest.fixture(scope="module")
def told() -> dict[Path, Any]:
    """What the command says of each document, without where it found it."""
    said = run("validate", *INVALID, "--profile", "best-practice", "--format", "json").stdout
    return {Path(one["file"]).resolve(): one["findings"] for one in json.loads(said)["documents"]}


def reported(path: Path, media_type: str) -> str:
    """The report of a query process."""
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb") as answer:
        output, task = Output(theirs), (path, "best-practice", media_type, "http://here")
        write_report(ox.Store(), output, Settings(), *task)
        threading.Thread(target=output.send, args=(output.last,)).start()
        _, size = PIECE.unpack(answer.read(PIECE.size))
        return answer.read(size).decode().partition("\n")[2]


def test_reports_have_the_findings_of_the_command(told: dict[Path, Any]) -> None:
    assert len(told) == len(INVALID) > 200
    for path in INVALID:
        (document,) = json.loads(reported(path, "application/json"))["documents"]
        assert document["findings"] == told[path], path
    for path in INVALID[::5]:
        shown = " ".join(Page(reported(path, HTML)).text.split())
        for one in told[path]:
            line = f"line {one['line']:,}" if one["line"] else "whole document"
            said = (one["rule"], " ".join(one["message"].split()), one["pointer"] or line)
            assert all(words in shown for words in said), (path, one)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("paper.pdf", b"%PDF-1.7\n%\xe2\xe3\n", "a PDF document"),
        ("all.zip", b"PK\x03\x04\x14\x00", "Unpack it"),
        ("a.ttl", b"<urn:a> <urn:b> .", "not well-formed RDF"),
        ("a.txt", b"Hello.", "not JSON"),
    ],
)
def test_what_is_no_document_is_called_by_its_name(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    (document,) = json.loads(reported(tmp_path / name, "application/json"))["documents"]
    assert document["file"] == name and said in json.dumps(document["findings"])


@pytest.mark.parametrize("path", INVALID[::32], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_program_gets_the_report_of_the_command(site: str, path: Path, told: dict[Path, Any]) -> None:
    sent = form(document=(path.name, path.read_bytes()), profile="best-practice")
    status, headers, text = post(f"{site}/validate", *sent)
    assert (status, headers["content-type"]) == (200, "application/json"), text
    report = json.loads(text)
    assert report["documents"][0]["findings"] == told[path]
    assert report["conforms"] is all(one["severity"] != "violation" for one in told[path])


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


@pytest.mark.parametrize("packed", [False, True])
def test_lines_of_the_document_are_shown_where_something_is_wrong(site: str, packed: bool) -> None:
    text = (ROOT / "examples/emd-3782.cetsgraph.json").read_text(encoding="utf-8")
    lines = text.replace('"regions"', '"<b>regionz"').splitlines()
    place = next(number for number, line in enumerate(lines, start=1) if "regionz" in line)
    data = "\n".join(lines).encode()
    sent = form(document=("d.json.gz", gzip.compress(data)) if packed else ("d.json", data))
    answer = post(f"{site}/validate", *sent, BROWSER)[2]
    assert f"#L{place}" in Page(answer).links
    (source,) = re.findall(r'<pre class="source".*?>\n(.*?)</pre>', answer, re.DOTALL)
    shown = unescape(re.sub("<[^>]*>", "", source)).splitlines()
    near = [f"{number} {lines[number - 1]}" for number in range(place - 2, place + 3)]
    assert "\n".join(near) in "\n".join(shown)
    assert f'<b id="L{place}">' in source and "&lt;b&gt;regionz" in source


def test_reports_come_in_the_forms_that_are_asked_for(site: str) -> None:
    data = (ROOT / "examples/emd-3782.cetsgraph.json").read_bytes()
    sarif = post(f"{site}/validate", data, "application/json", "application/sarif+json")[2]
    assert json.loads(sarif)["version"] == "2.1.0"
    assert post(f"{site}/validate", data, "application/json", "text/plain")[2].startswith("document.json")


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        (b"", 400, "choose a file"),
        (b"{", 422, "this is not YAML"),
        (b"[" * 100_000, 422, "nested too deeply"),
        (b"- " * 100_000, 422, "nested too deeply"),
        (gzip.compress(b" " * 10_000_000, 1), 422, "empty"),
        (gzip.compress(b" " * 80_000_000, 1), 422, "expands suspiciously"),
        (ALIASES, 422, "aliases make the document too large"),
        (b"\xff\xfe\x00", 422, "UTF-16"),
        (b"[" + b" " * 17 * 2**20, 413, "16 MB at most"),
    ],
    ids=["empty", "cut", "deep", "deep YAML", "gzip", "bomb", "aliases", "not text", "17 MB"],
)  # fmt: skip
def test_hostile_documents_get_an_answer(site: str, data: bytes, status: int, says: str) -> None:
    started = time.monotonic()
    for accept in (BROWSER, "application/json"):
        found, media_type, text = sent_whole(f"{site}/validate", data, accept)
        assert found == status and says in text, text[:300]
        assert media_type.startswith("text/html") == (accept == BROWSER)
        if found == 422 and accept != BROWSER:
            assert json.loads(text)["conforms"] is False
    assert time.monotonic() - started < 20
    assert fetch(f"{site}/health", "*/*")[0] == 200


def sent_whole(url: str, data: bytes, accept: str) -> tuple[int, str, str]:
    """Status, media type and text, which may come before all was sent."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.request("POST", parts.path, data, {"Accept": accept, "Content-Type": "application/yaml"})
    response = connection.getresponse()
    found = response.status, response.headers["content-type"], response.read().decode()
    connection.close()
    return found


NAMING = {
    "TS_01.mrc.mdoc": "PixelSpacing = 5.4\nImageFile = {0}\n\n[ZValue = 0]\nTiltAngle = 0\n"
    "SubFramePath = {0}\n",
    "tables.star": "data_global\n\nloop_\n_rlnTomoName\n_rlnTomoTiltSeriesStarFile\nTS_01 {0}\n",
    "stacks.star": "data_\n\nloop_\n_rlnTomoName\n_rlnTomoTiltSeriesName\n_rlnTomoProjX\n"
    "TS_01 {0} [1,0,0,0]\n",
    "set.star": "data_\n\n_rlnTomoTomogramsFile {0}\n_rlnTomoParticlesFile {0}\n",
    "TS_01.star": "data_TS_01\n\nloop_\n_rlnMicrographName\n_rlnMicrographMetadata\n"
    "_rlnTomoNominalStageTiltAngle\n{0} {0} 0.0\n",
    ".zattrs": '{{"multiscales": [{{"axes": [], "datasets": [{{"path": "{0}"}}]}}]}}',
    "TS_01.xml": '<!DOCTYPE a [<!ENTITY it SYSTEM "{0}">]>\n<TiltSeries Name="&it;"/>',
    "TS_01.yaml": "datasets:\n- metadata:\n    dataset_identifier: 1\nruns:\n- sources:\n  - source_glob:\n"
    "      list_glob: '{0}'\n",
}
"""Files of programs that name another one."""


def test_files_that_are_named_are_not_looked_for(tmp_path: Path) -> None:
    """What names another file is judged alike whether it is there or not, and nothing says where it was."""
    secret, pipe, own = tmp_path / "secret.star", tmp_path / "pipe.mrc", tmp_path / "own"
    names = [
        *(f"../{one.name}" for one in (secret, pipe)),
        *(name for one in (secret, pipe) for name in (str(one), str(one).lstrip("/"))),
        *("./../own/../secret.star", "..\\secret.star", "/etc/passwd", "etc/passwd", "/dev/zero", "dev/zero"),
        *("~/.profile", "/proc/self/environ", "file:///etc/passwd", "http://127.0.0.1:9/secret.star"),
    ]

    def reports() -> list[str]:
        return [report_on(file, text.format(name)) for file, text in NAMING.items() for name in names]

    def report_on(file: str, text: str) -> str:
        own.mkdir()
        (own / file).write_text(text, encoding="utf-8")
        report = reported(own / file, "application/json")
        shutil.rmtree(own)
        return report

    absent = reports()
    secret.write_text("data_\n\nloop_\n_rlnTomoName\n_rlnTomoProjX\nSECRET [1,0,0,0]\n", encoding="utf-8")
    os.mkfifo(pipe)
    assert reports() == absent
    for text in absent:
        assert all(one["file"] in NAMING for one in json.loads(text)["documents"]), text
        assert "SECRET" not in text and "root:" not in text and str(own) not in text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../up.json", "up.json"),
        ("C:\\Users\\me\\up.json", "up.json"),
        ("..", "document.json"),
        ("/", "document.json"),
        ("x" * 900 + ".json", "x" * 55 + ".json"),
        ("a<b>|c?.json", "a_b__c_.json"),
        ("\u202e\u65e5" * 100 + ".json", "\u65e5" + "\u202e\u65e5" * 27 + ".json"),
    ],
)
def test_any_name_of_a_file_will_do(site: str, given: str, shown: str) -> None:
    sent = form(document=(given, b'{"name": "A", "regions": []}'))
    status, _, text = post(f"{site}/validate", *sent)
    assert status == 200 and json.loads(text)["documents"][0]["file"] == shown


def test_what_nobody_waits_for_is_gone_too(site: str, store: Path) -> None:
    """The process that judges it is killed."""
    images = [{"id": f"i{number}", "nominal_tilt_angle": 0.0} for number in range(60_000)]
    document = {"name": "A", "regions": [{"id": "r", "tilt_series": [{"id": "t", "images": images}]}]}
    before = files(store.parent).keys()
    connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=20)
    connection.request("POST", "/validate", json.dumps(document), {"Content-Type": "application/json"})
    assert becomes(lambda: files(store.parent).keys() != before)
    connection.close()
    assert becomes(lambda: files(store.parent).keys() == before)


def becomes(so: Callable[[], bool]) -> bool:
    """Whether something is so within ten seconds."""
    end = time.monotonic() + 10
    while not so() and time.monotonic() < end:
        time.sleep(0.01)
    return so()


def test_nothing_of_a_document_is_kept(site: str, store: Path) -> None:
    """Neither in the folder of the store nor in that for temporary files, which is beside it."""

    before, mark = files(store.parent), secrets.token_hex()
    long = json.dumps({"name": mark, "regions": [], "description": mark * 50_000}).encode()
    for sent in (form(document=("d.json", long)), form(text=f"name: {mark}"), (long, "application/json")):
        assert post(f"{site}/validate", *sent, BROWSER)[0] == 200
    assert files(store.parent).keys() == before.keys()
    assert not [path for path, content in files(store.parent).items() if mark.encode() in content]


def test_wrong_forms_are_refused(site: str) -> None:
    assert post(f"{site}/validate?profile=none", b"{}", "application/json")[0] == 400
    assert post(f"{site}/validate", b"nothing", "multipart/form-data; boundary=x")[0] == 400
    many = form(**{f"field{number}": "x" for number in range(9)})
    assert post(f"{site}/validate", *many)[0] == 400


def test_the_use_of_terms_is_counted(site: str) -> None:
    shown = page(f"{site}/ontology/use")
    cells = {row[0]: row for row in shown.cells if len(row) == 2}
    for pattern, name in (("a cets:Tomogram", "cets:Tomogram"), ("cets:defocusU ?v", "cets:defocusU")):
        asked = f"SELECT (COUNT(?s) AS ?n) {{ GRAPH ?g {{ ?s {pattern} }} }}"
        rows = json.loads(fetch(f"{site}/sparql?{query(query=asked)}", "application/json")[2])
        assert cells[name][1] == rows["results"]["bindings"][0]["n"]["value"]
    assert "use/defocusU" in shown.links and len(cells) > 200


def test_a_term_has_an_example_and_the_rules_that_speak_of_it(site: str) -> None:
    def parts(name: str) -> tuple[str, str, str, list[str]]:
        text = fetch(f"{site}/ontology/use/{name}")[2]
        turtle, json_text = (
            unescape(re.findall(f'aria-label="Example in {form}">(.*?)</pre>', text, re.DOTALL)[0])
            for form in ("Turtle", "JSON")
        )
        links = Page(text).links
        return text, turtle, json_text, [one.removeprefix("/rules#") for one in links if "/rules#" in one]

    text, turtle, json_text, rules = parts("defocusU")
    assert "angstrom (Å)" in text and "/ontology#defocusU" in text and rules == ["defocus-order"]
    (example,) = json.loads(json_text).items()
    stated = ox.parse(f"PREFIX cets: <{CETS}> PREFIX xsd: <{XSD}> {turtle}", format=ox.RdfFormat.TURTLE)
    values = {quad.object.value for quad in stated if quad.predicate.value == f"{CETS}defocusU"}
    assert example[0] == "defocus_u" and {float(value) for value in values} == {example[1]}
    _, turtle, json_text, rules = parts("FitMap")
    assert "a cets:Annotation , cets:FitMap" in turtle and "fitmap-complete" in rules
    assert {*json.loads(json_text)} <= {one.field for one in vocabulary().classes["FitMap"].properties}
    page(f"{site}/ontology/use/nothing", 404)


def test_a_term_says_its_fields_its_unit_and_its_names_elsewhere(site: str) -> None:
    shown = page(f"{site}/ontology/use/FitMap")
    fields = {cells[0].strip(): [cell.strip() for cell in cells] for cells in shown.cells if len(cells) == 4}
    known = vocabulary().classes["FitMap"].properties
    assert {*fields} == {"field", *(one.name for one in known)}
    assert fields["resolution"][2:] == ["Å", "FitMap"] and "Raster3D" in fields["voxelSize"][3]
    assert "In cets-data-model: DensityMap" in shown.text and "/ontology#Raster3D" in shown.links
    shown = page(f"{site}/ontology/use/defocusU")
    assert "Double, in angstrom (Å); of CTFMetadata." in shown.text
    assert "https://w3id.org/cetmd/imageentities/defocus_u" in shown.links


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
    assert len(text.encode()) < 120_000
    places = [one["id"] for one in shown.all("h3") if "id" in one]
    assert sorted(places) == sorted([*terms.classes, *terms.properties])  # type: ignore[type-var]
    words = " ".join(shown.text.split())
    for term in (*terms.classes.values(), *terms.properties.values()):
        assert " ".join(term.definition.split()) in words
    assert {match.target for match in term_matches()} <= {*shown.links}
    assert {link[1:] for link in shown.links if link.startswith("#")} <= {*places, "main"}
    sections = dict(re.findall('<h3 id="(.+?)">(.*?)(?=<h[23]|</main>)', text, re.DOTALL))
    for one in terms.properties.values():
        section = unescape(sections[str(one.name)])
        assert one.unit is None or f"in {one.unit.name} ({one.unit.symbol})" in section
        assert all(f'<a href="#{name}">' in section for name in (*one.domains, one.range) if name)
    for match in term_matches():
        assert f'href="{match.target}"' in unescape(sections[match.name])
