"""The first page and the list of data sets: what is found, and how it is narrowed."""

import csv
import io
import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from pages import Page, fetch, page, query

from cetsgraph import DataSet, LocalStore, archive
from cetsgraph.model import PointSet, Region
from cetsgraph.server.site.listing import listing_page

PORTAL, AVERAGE, VLP = "CryoET-Data-Portal-10445", "EMD-3782", "HIV-1-VLP-annotations"
ALL = {PORTAL, AVERAGE, VLP, "EMPIAR-10164", "EMPIAR-12104"}


def found(site: str, **given: object) -> set[str]:
    links = page(f"{site}/datasets?{query(**given)}").links
    return {link.removeprefix("/data/local/") for link in links if link.startswith("/data/")}


def test_the_first_page_counts_what_is_there(site: str) -> None:
    shown = page(site)
    counts = [line.strip() for line in shown.text.splitlines()]
    assert f"{len(ALL)} data sets" in counts and "9 regions" in counts and "8 tilt series" in counts
    assert "/queries/tomograms_with_fitmap" in shown.links


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ALL),
        ({"q": "empiar-1"}, {"EMPIAR-10164", "EMPIAR-12104", VLP}),
        ({"q": "GAG POLY"}, {AVERAGE, VLP}),
        ({"q": "particles hiv-1 Gag"}, {VLP}),
        ({"organism": "Human immunodeficiency virus 1"}, {AVERAGE, VLP}),
        ({"object": "membrane"}, {PORTAL, VLP}),
        ({"object": ["membrane", "Gag polyprotein"]}, {VLP}),
        ({"q": "gag", "object": "ferritin complex"}, set()),
        ({"q": 'no " such } thing'}, set()),
        ({"voxel_min": "10", "voxel_max": "10.5"}, {PORTAL}),
        ({"has": "ground truth"}, {PORTAL, VLP}),
        ({"has": ["even and odd halves", "ground truth"]}, {VLP}),
        ({"has": "even and odd halves"}, {VLP, AVERAGE, "EMPIAR-12104"}),
        ({"dialect": "cetsgraph", "q": "empiar-1"}, {VLP}),
        ({"voxel_min": "wide", "page": "x", "has": "nothing known"}, ALL),
    ],
)  # fmt: skip
def test_data_sets_are_narrowed(site: str, given: dict[str, object], expected: set[str]) -> None:
    assert found(site, **given) == expected


def test_each_value_that_is_offered_gives_as_many_data_sets_as_it_says(site: str) -> None:
    shown = page(f"{site}/datasets")
    offered = [(one["name"], one["value"]) for one in shown.all("input", type="checkbox")]
    facets = {"organism", "object", "sample", "method", "microscope", "detector", "licence", "dialect"}
    assert {name for name, _ in offered} == {"has", *facets}
    text = fetch(f"{site}/datasets")[2]
    counts = re.findall(r'type="checkbox" name="(.+?)" value="(.+?)">.*?>(\d+)<', text)
    assert [(name, unescape(value)) for name, value, _ in counts] == offered
    for name, value, count in counts:
        chosen = {name: unescape(value)}
        assert len(found(site, **chosen)) == int(count)
        (box,) = page(f"{site}/datasets?{query(**chosen)}").all("input", name=name, value=chosen[name])
        assert "checked" in box


@pytest.mark.parametrize("given", [{}, {"q": "hiv"}, {"has": "tomograms", "sort": "newest"}])
def test_programs_get_the_same_list(site: str, given: dict[str, object]) -> None:
    shown = page(f"{site}/datasets?{query(**given)}")
    (address,) = (link for link in shown.links if link.endswith("format=csv"))
    _, headers, text = fetch(site + address)
    rows = list(csv.DictReader(io.StringIO(text)))
    listed = [link for link in shown.links if link.startswith("/data/")]
    assert headers["content-type"].startswith("text/csv")
    assert [row["dataset"].replace("https://w3id.org/cetsgraph", "") for row in rows] == listed
    for row, link in zip(rows, listed, strict=True):
        document = json.loads(fetch(f"{site}{link}?format=cets")[2])
        assert int(row["regions"]) == len(document.get("regions", [])), row["name"]
    (sparql,) = (link for link in shown.links if link.startswith("/sparql?draft="))
    asked = page(site + sparql).all("textarea", id="query") and parse_qs(urlsplit(sparql).query)["draft"][0]
    answer = json.loads(fetch(f"{site}/sparql?{query(query=asked)}", "application/json")[2])
    assert {row["g"]["value"] for row in answer["results"]["bindings"]} == {row["dataset"] for row in rows}


def test_a_value_that_few_data_sets_have_can_be_written_and_stays() -> None:
    with LocalStore.memory() as store:
        for number in range(30):
            picks = PointSet(annotated_object_name=f"object {number:02}", coordinates=[[1, 2, 3]])
            region = Region(id="r", annotations=[picks])
            archive.put(store, DataSet(name=f"D{number:02}", regions=[region]))
        shown = Page(listing_page(store, []))
        boxes = [one["value"] for one in shown.all("input", type="checkbox", name="object")]
        assert boxes == [f"object {number:02}" for number in range(12)]
        assert shown.all("input", list="object-list")
        written = [one["value"] for one in shown.all("option") if "object" in (one["value"] or "")]
        assert written == [f"object {number:02}" for number in range(12, 30)]
        narrowed = Page(listing_page(store, [("object", "object 29"), ("object", "")]))
        (box,) = narrowed.all("input", name="object", type="checkbox")
        assert box["value"] == "object 29" and "checked" in box
        assert [link for link in narrowed.links if link.startswith("/data/")] == ["/data/local/D29"]


def test_what_narrows_can_be_taken_away(site: str) -> None:
    shown = page(f"{site}/datasets?q=hiv&object=membrane&voxel_max=20")
    for one in ("/datasets?object=membrane&voxel_max=20.0", "/datasets?q=hiv&voxel_max=20.0"):
        assert one in shown.links


def test_the_newest_may_come_first(site: str) -> None:
    shown = page(f"{site}/datasets?sort=newest&q=empiar-1")
    listed = [link for link in shown.links if link.startswith("/data/")]
    front = [link for link in page(site).links if link in listed]
    assert listed == front and ["selected" in one for one in shown.all("option", value="newest")] == [True]


def test_a_page_that_is_not_there_is_the_last_one(site: str) -> None:
    assert f"1–{len(ALL)} of {len(ALL)} data sets" in page(f"{site}/datasets?page=9999").text


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("defocusU", "/ontology/use/defocusU"),
        ("cets:defocusU", "/ontology/use/defocusU"),
        ("defocus larger", "/ontology/use/defocusU"),
        ("fitted maps", "/queries/tomograms_with_fitmap"),
        ("unknown-field", "/rules#unknown-field"),
        ("does not conform", "/validate"),
        ("immature HIV-1", f"/data/local/{VLP}"),
        ("empiar-12104", "/data/local/EMPIAR-12104"),
        ("gag", "/queries/tomograms_by_annotated_object?object=Gag+polyprotein"),
    ],
)
def test_what_has_a_page_is_found_by_words(site: str, words: str, address: str) -> None:
    assert page(f"{site}/search?{query(q=words)}").links.index(address) < 40


@pytest.mark.parametrize("words", ["", "zzz", "\x00", '"> } <b>', "é" * 5000])
def test_words_that_nothing_has_find_nothing(site: str, words: str) -> None:
    shown = page(f"{site}/search?{query(q=words)}")
    assert not shown.all("ul", **{"class": "entries"}) and not shown.all("b")


def test_words_that_are_nowhere_together_are_offered_one_by_one(site: str) -> None:
    shown = page(f"{site}/search?q=defocus+hiv+qqqq")
    assert "Nothing has all of these words" in shown.text
    assert {"/search?q=defocus", "/search?q=hiv"} <= {*shown.links} and "/search?q=qqqq" not in shown.links
