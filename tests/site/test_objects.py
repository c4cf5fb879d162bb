"""Pages of objects: a data set with its series, tomograms and annotations, a tilt series, and any other."""

import csv
import io
import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from browsers import opened
from pages import Page, fetch, page, query
from playwright.sync_api import Browser, expect
from serving import serving

from cetsgraph import DataSet, LocalStore, archive, read
from cetsgraph.model import Axis, CoordinateSystem, PointSet, Region, Tomogram, TomogramSet, TomoImageSet
from cetsgraph.server.site.objects import object_page
from cetsgraph.server.site.picked import VIEWS, picture_of

ROOT = Path(__file__).resolve().parents[2]
DATA = "/data/local"


def document(name: str) -> Any:
    return json.loads((ROOT / "examples" / name).read_text(encoding="utf-8"))


def titles(text: str, caption: str) -> list[str]:
    """What the marks of a plot say."""
    picture = text.split(f"<figcaption>{caption}")[0].rsplit("<svg", 1)[1]
    return re.findall("<title>(.*?)</title>", picture)


def test_the_tilt_scheme_of_a_series_is_that_of_its_document(site: str) -> None:
    (series,) = document("empiar-12104.cets-data-model.json")["regions"][0]["tilt_series"]
    stated = [image["nominal_tilt_angle"] for image in series["images"]]
    text = fetch(f"{site}{DATA}/EMPIAR-12104")[2]
    shown = Page(text)
    assert f"{len(stated)} images, -64° to 40°; in the order of exposure by dose." in shown.text
    said = titles(text, "Tilt scheme")
    assert sorted(float(re.search(r"([-\d.]+)°", one)[1]) for one in said) == sorted(stated)  # type: ignore[index]
    assert [int(re.search(r"exposure (\d+)", one)[1]) for one in said] == [*range(1, len(stated) + 1)]  # type: ignore[index]
    doses = [float(re.search(r"([\d.]+) e", one)[1]) for one in said]  # type: ignore[index]
    assert doses == sorted(doses) and doses[-1] == pytest.approx(112.746, abs=1e-3)
    (numbers,) = [one for one in shown.all("div", role="region") if "Images of" in str(one["aria-label"])]
    assert numbers["tabindex"] == "0"


def test_a_data_set_shows_what_it_holds(site: str) -> None:
    shown = page(f"{site}{DATA}/CryoET-Data-Portal-10445")
    tables = [[cell.strip() for cell in cells] for cells in shown.cells]
    assert [
        "Beta-amylase",
        "UniProtKB:P10537",
        "point set",
        "hybrid",
        "yes",
        "1",
        "2",
        "beta-amylase-1",
    ] in tables
    tomograms = [cells for cells in tables if cells[:1] and cells[0] in ("18954", "18955", "18956", "18957")]
    assert [cells[1:3] for cells in tomograms] == [["10.012", "630 × 630 × 184"]] * 2 + [
        ["4.99", "1260 × 1260 × 368"]
    ] * 2
    assert f"{DATA}/CryoET-Data-Portal-10445/region/17687" in shown.links
    assert "source checksum" in shown.text


def test_any_object_has_its_iri_and_its_forms(site: str) -> None:
    start = page(f"{site}{DATA}/HIV-1-VLP-annotations")
    seen, waiting = set[str](), list(start.links)
    while waiting:
        path = waiting.pop(0).partition("#")[0]
        if path in seen or not path.startswith(f"{DATA}/HIV") or "?" in path:
            continue
        seen.add(path)
        shown = page(site + path)
        waiting += shown.links
        assert f"https://w3id.org/cetsgraph{path}" in shown.text
        for form in ("turtle", "jsonld"):
            assert f"?format={form}" in shown.links
    assert len(seen) > 30
    assert len(page(f"{site}{DATA}/EMPIAR-12104").all("svg", role="img")) == 4


def test_series_and_tomograms_without_names_are_told_apart(site: str) -> None:
    cells = [[cell.strip() for cell in cells] for cells in page(f"{site}{DATA}/EMPIAR-10164").cells]
    series = {one[0]: one[1:] for one in cells if len(one) == 7 and one[0].startswith("TS_")}
    assert [*series] == ["TS_01", "TS_03", "TS_43", "TS_45", "TS_54"]
    assert {one[5] for one in series.values()} == {"3.87–3.90", "not stated", "1.53–1.56"}
    assert {one[0] for one in cells if one[1:2] == ["10.8"]} == {"TS_01_bin8", "TS_43_bin8"}


def test_a_data_set_is_had_as_its_document(site: str) -> None:
    for name, file in (
        ("EMPIAR-12104", "empiar-12104.cets-data-model.json"),
        ("EMPIAR-10164", "empiar-10164.tomobabel.json"),
    ):
        status, headers, text = fetch(f"{site}{DATA}/{name}?format=cets", "*/*")
        assert (status, headers["content-type"]) == (200, "application/json")
        assert read(text.encode(), path=file).dataset == read(ROOT / "examples" / file).dataset
    assert fetch(f"{site}{DATA}/nothing?format=cets", "*/*")[0] == 404


def test_tables_of_a_data_set_are_had_whole_and_exact(site: str) -> None:
    (region,) = document("empiar-12104.cets-data-model.json")["regions"]
    (series,) = json.loads(fetch(f"{site}{DATA}/EMPIAR-12104?table=tilt-series&format=json", "*/*")[2])
    angles = [image["nominal_tilt_angle"] for image in region["tilt_series"][0]["images"]]
    assert (series["tilts"], series["minimum"], series["maximum"]) == (50, min(angles), max(angles))
    status, headers, text = fetch(f"{site}{DATA}/EMPIAR-12104?table=tomograms&format=csv", "*/*")
    assert (status, headers["content-type"].partition(";")[0]) == (200, "text/csv")
    rows = [*csv.DictReader(io.StringIO(text))]
    stated = [one["path"] for one in region["tomograms"]]
    assert sorted(row["path"] for row in rows) == sorted(stated)
    annotations = json.loads(fetch(f"{site}{DATA}/EMPIAR-12104?table=annotations&format=json", "*/*")[2])
    assert sum(row["annotations"] for row in annotations if row["kind"] == "point set") == 6
    for address in ("EMPIAR-12104?table=none", "nothing?table=tomograms"):
        assert fetch(f"{site}{DATA}/{address}&format=csv", "*/*")[0] == 404


def test_a_region_leads_to_its_tilt_series_and_tomograms(site: str) -> None:
    (region,) = document("portal-hiv-1-vlp.cetsgraph.json")["regions"]
    (images,) = region["tomo_image_sets"]
    names = [one["id"] for some in images["tilt_series_sets"] for one in some["tilt_series"]]
    names += [one["id"] for some in images["tomogram_sets"] for one in some["tomograms"]]
    links = page(f"{site}{DATA}/HIV-1-VLP-annotations/region/TS_01").links
    assert {*names} <= {link.rpartition("/")[2] for link in links}


def test_a_data_set_says_how_it_is_cited(site: str) -> None:
    stated = document("portal-hiv-1-vlp.cetsgraph.json")
    names, year = ", ".join(one["name"] for one in stated["authors"]), stated["release_date"][:4]
    shown = page(f"{site}{DATA}/HIV-1-VLP-annotations")
    said = f"{names} ({year}). {stated['title']}. {stated['name']}. https://w3id.org/cetsgraph{DATA}/HIV-1"
    assert said in shown.text and f"  year = {{{year}}},\n" in shown.text
    assert (
        "EMPIAR-12104. https://www.ebi.ac.uk/empiar/EMPIAR-12104" in page(f"{site}{DATA}/EMPIAR-12104").text
    )
    assert "https://www.ebi.ac.uk/empiar/EMPIAR-12104/" in page(f"{site}/datasets").links


def test_picks_that_are_drawn_are_had_as_numbers(site: str) -> None:
    tomogram = (
        f"{DATA}/HIV-1-VLP-annotations/region/TS_01/tomo-image-set/~0/tomogram-set/~0/tomogram/TS_01_10.8A"
    )
    links = page(f"{site}{tomogram}/annotation/hexamers").links
    (link,) = (one for one in links if "point_coordinates" in one and one.endswith("format=json"))
    (row,) = json.loads(fetch(site + link, "*/*")[2])
    assert row["coordinates"][0] == [287.5, 200.5, 80.6] and len(row["coordinates"]) == 4


def test_a_fitted_map_says_where_it_is_and_what_it_shows(site: str) -> None:
    region = f"{DATA}/HIV-1-VLP-annotations/region/TS_01"
    tomogram = f"{region}/tomo-image-set/~0/tomogram-set/~0/tomogram/TS_01_10.8A"
    shown = page(f"{site}{tomogram}/annotation/fitted-map")
    cells = [[cell.strip() for cell in cells] for cells in shown.cells]
    assert ["0.866025", "-0.5", "0", "512.5"] in cells and ["0", "0", "1", "61"] in cells
    for link in (
        "https://www.ebi.ac.uk/emdb/EMD-3782",
        "https://www.rcsb.org/structure/5L93",
        "http://purl.uniprot.org/uniprot/P04591",
        "/queries/tomograms_with_fitmap?object=Gag+polyprotein",
        tomogram,
    ):
        assert link in shown.links
    assert "download" in shown.text.casefold()


def test_a_tilt_series_has_plots(site: str) -> None:
    series = [
        link
        for link in page(f"{site}{DATA}/EMPIAR-10164").links
        if link.startswith(DATA) and "tilt-series" in link
    ]
    assert series
    shown = page(site + series[0])
    assert len(shown.all("svg")) >= 2 and shown.all("svg", role="img")[0]["aria-label"]


def places(text: str, size: tuple[float, float, float]) -> list[list[tuple[float, float]]]:
    """Where the points of each projection are, in voxels, as the pictures have them."""
    found = []
    pictures = re.findall(r'<svg [^>]*class="plot".*?</svg>', text)
    for picture, (wide, high) in zip(pictures, ((0, 1), (0, 2), (1, 2)), strict=False):
        scale = float(re.search(r'width="([\d.]+)"', picture)[1]) / size[wide]  # type: ignore[index]
        dots = re.findall(r"M([\d.]+) ([\d.]+)h0", picture)
        found.append([((float(x) - 10) / scale, size[high] - (float(y) - 10) / scale) for x, y in dots])
    return found


@pytest.mark.parametrize("way", ["voxels from the corner", "Å from the centre"])
def test_picks_lie_where_their_document_has_them(way: str) -> None:
    size, voxel = (400, 300, 101), 12.5
    stated = [[10.0, 20.0, 30.0], [399.0, 0.0, 50.0], [200.5, 150.0, 100.0]]
    points: dict[str, Any] = {"unit": "pixel", "origin": "corner", "coordinates": stated}
    if way == "Å from the centre":
        centre = [length // 2 for length in size]
        moved = [[(one - at) * voxel for one, at in zip(point, centre, strict=True)] for point in stated]
        points: dict[str, Any] = {"unit": "angstrom", "origin": "centre", "coordinates": moved}
    picks = PointSet(id="p", dimension=3, **points)
    tomogram = Tomogram(
        id="t", width=size[0], height=size[1], depth=size[2], voxel_size=voxel, annotations=[picks]
    )
    images = TomoImageSet(tomogram_sets=[TomogramSet(tomograms=[tomogram])])
    dataset = DataSet(name="D", regions=[Region(id="r", tomo_image_sets=[images])])
    with LocalStore.memory() as store:
        archive.put(store, dataset)
        (found,) = subjects(store, "PointSet")
        text = object_page(store, found, "") or ""
    drawn = places(text, size)
    for seen, (across, up) in zip(drawn, ((0, 1), (0, 2), (1, 2)), strict=True):
        for (x, y), point in zip(seen, stated, strict=True):
            assert (x, y) == (pytest.approx(point[across], abs=0.5), pytest.approx(point[up], abs=0.5))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("HIV-1-VLP-annotations", [1, 5, 2, 5, 8]),
        ("EMPIAR-12104", [1, 50, 2, 11, 2]),
    ],
)
def test_what_a_section_shows_can_be_asked_in_sparql(site: str, path: str, expected: list[int]) -> None:
    """Series, images of the first of them, tomograms, annotations that differ, and contents."""
    links = [one for one in page(f"{site}{DATA}/{path}").links if one.startswith("/sparql?draft=")]
    found = []
    for link in links:
        _, _, text = fetch(site + link)
        (draft,) = re.findall(r"<textarea.*?>\n(.*?)</textarea>", text, re.DOTALL)
        (graph,) = re.findall(r'<option value="([^"]*)" selected>', text) or [""]
        asked = {"query": unescape(draft)} | ({"default-graph-uri": graph} if graph else {})
        answer = fetch(f"{site}/sparql?{query(**asked)}", "application/json")[2]
        found.append(len(json.loads(answer)["results"]["bindings"]))
    assert sorted(found) == sorted(expected)


def test_an_object_can_be_asked_for_in_sparql(site: str) -> None:
    links = page(f"{site}{DATA}/EMPIAR-12104/region/Control_TS_006").links
    (link,) = (one for one in links if one.startswith("/sparql?draft=SELECT"))
    assert "?property ?value" in fetch(site + link)[2]
    assert fetch(f"{site}/sparql?draft=images&of=%3E%20x")[0] == 200
    assert fetch(f"{site}/sparql?draft=nothing")[0] in (400, 404)


def test_pages_say_what_a_person_looks_for_first(site: str) -> None:
    """The size of a volume, who made a data set, the entry that it is called as, a file by its name."""
    tomogram = "region/TS_01/tomo-image-set/~0/tomogram-set/~0/tomogram/TS_01_10.8A"
    shown = page(f"{site}{DATA}/HIV-1-VLP-annotations/{tomogram}")
    assert "tomogram, 480 × 464 × 150 voxels of 10.8 Å, 518.4 × 501.12 × 162 nm" in shown.text
    authors = [one["name"] for one in document("portal-hiv-1-vlp.cetsgraph.json")["authors"]]
    assert f"By {', '.join(authors)}." in page(f"{site}{DATA}/HIV-1-VLP-annotations").text
    assert "https://www.ebi.ac.uk/empiar/EMPIAR-12104/" in page(f"{site}{DATA}/EMPIAR-12104").links
    fits = page(f"{site}/queries/tomograms_with_fitmap?dataset=EMPIAR-12104")
    (path,) = (one for one in fits.links if one.endswith("TS_006_aretomo.mrc"))
    assert (
        path.startswith("https://ftp.ebi.ac.uk/empiar/") and "ftp.ebi.ac.uk/…/TS_006_aretomo.mrc" in fits.text
    )
    assert "Annotated tomograms of immature HIV-1 virus-like particles" in page(site).text


@pytest.mark.parametrize("voxel", [1e308, 1e-308])
def test_a_volume_of_any_size_has_a_page(voxel: float) -> None:
    tomogram = Tomogram(id="t", width=2**62, height=1, depth=1, voxel_size=voxel)
    images = TomoImageSet(tomogram_sets=[TomogramSet(tomograms=[tomogram])])
    with LocalStore.memory() as store:
        archive.put(store, DataSet(name="D", regions=[Region(id="r", tomo_image_sets=[images])]))
        (found,) = subjects(store, "Tomogram")
        assert "voxels of" in (object_page(store, found, "") or "")


def subjects(store: LocalStore, name: str) -> list[str]:
    rows = store.select(f"SELECT ?s {{ ?s a <https://w3id.org/cetsgraph/ontology#{name}> }}")
    return [row["s"].value for row in rows]


def crowded(number: int) -> DataSet:
    """So many points on a diagonal of a volume, their columns along Z, Y and X."""
    system = CoordinateSystem(name="array", axes=[Axis(name=name) for name in "zyx"])
    along = [round(99.0 * place / number, 3) for place in range(number)]
    picks = PointSet(
        id="p",
        unit="pixel",
        origin="corner",
        coordinates=[[10.0, one / 2, one] for one in along],
        coordinate_systems=[system],
    )
    tomogram = Tomogram(id="t", width=100, height=50, depth=20, voxel_size=10, annotations=[picks])
    images = TomoImageSet(tomogram_sets=[TomogramSet(tomograms=[tomogram])])
    return DataSet(name="Crowded", regions=[Region(id="r", tomo_image_sets=[images])])


@pytest.mark.parametrize(("number", "drawn"), [(1500, "dots"), (40_000, "mark")])
def test_pictures_of_many_picks_are_beside_the_page(number: int, drawn: str) -> None:
    with LocalStore.memory() as store:
        archive.put(store, crowded(number))
        for name in ("PointSet", "Tomogram"):
            (found,) = subjects(store, name)
            text = object_page(store, found, "") or ""
            shown = Page(text)
            assert [one["src"] for one in shown.all("img", loading="lazy")] == [
                "?plot=xy",
                "?plot=xz",
                "?plot=yz",
            ]
            assert f"{number:,} points in a volume of 100 × 50 × 20 voxels" in str(shown.all("img")[0]["alt"])
            assert len(text) < 12_000 and not places(text, (100, 50, 20))
            pictures = [picture_of(store, found, view) or "" for view in VIEWS]
            assert all(f'class="{drawn}"' in one and len(one) < 120_000 for one in pictures)
    if drawn == "dots":
        for x, y in places(pictures[0], (100, 50, 20))[0]:
            assert y == pytest.approx(x / 2, abs=0.5)


def test_a_picture_beside_a_page_is_seen_and_has_a_policy_of_its_own(
    tmp_path: Path, browser: Browser
) -> None:
    with LocalStore.open(tmp_path / "store", "w") as store:
        archive.put(store, crowded(3000))
        (found,) = subjects(store, "PointSet")
    address = f"/data/{found.partition('/data/')[2]}"
    with serving(tmp_path / "store", "--workers", "1") as server:
        wrong: list[str] = []
        shown = opened(browser, server + address, wrong)
        pictures = shown.locator("img")
        expect(pictures).to_have_count(3)
        for picture in pictures.all():
            picture.scroll_into_view_if_needed()
            expect(picture).not_to_have_js_property("naturalWidth", 0)
        shown.goto(f"{server}{address}?plot=xz")
        for scheme, colour in (("light", "rgb(23, 105, 170)"), ("dark", "rgb(108, 176, 240)")):
            shown.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert shown.evaluate("getComputedStyle(document.querySelector('.mark')).fill") == colour
        assert not wrong
        status, headers, _ = fetch(f"{server}{address}?plot=xy")
        assert (status, headers["content-type"]) == (200, "image/svg+xml")
        assert "unsafe" not in headers["content-security-policy"] and "etag" in headers
        assert (
            fetch(f"{server}{address}?plot=zz")[0] == fetch(f"{server}/data/local/Crowded?plot=xy")[0] == 404
        )
