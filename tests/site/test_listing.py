"""The first page and the list of data sets: what is found, and how it is narrowed."""

import re
from html import unescape

import pytest
from pages import fetch, page, query

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
        ({"voxel_min": "wide", "page": "x", "has": "nothing known"}, ALL),
    ],
)  # fmt: skip
def test_data_sets_are_narrowed(site: str, given: dict[str, object], expected: set[str]) -> None:
    assert found(site, **given) == expected


def test_each_value_that_is_offered_gives_as_many_data_sets_as_it_says(site: str) -> None:
    shown = page(f"{site}/datasets")
    offered = [(one["name"], one["value"]) for one in shown.all("input", type="checkbox")]
    facets = {"organism", "object", "sample", "method", "microscope", "detector", "licence"}
    assert {name for name, _ in offered} == {"has", *facets}
    text = fetch(f"{site}/datasets")[2]
    counts = re.findall(r'type="checkbox" name="(.+?)" value="(.+?)">.*?>(\d+)<', text)
    assert [(name, unescape(value)) for name, value, _ in counts] == offered
    for name, value, count in counts:
        chosen = {name: unescape(value)}
        assert len(found(site, **chosen)) == int(count)
        (box,) = page(f"{site}/datasets?{query(**chosen)}").all("input", name=name, value=chosen[name])
        assert "checked" in box


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
        ("defocusU", "/ontology#defocusU"),
        ("cets:defocusU", "/ontology#defocusU"),
        ("defocus larger", "/ontology#defocusU"),
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
