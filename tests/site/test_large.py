"""Pages of a large data set: they say what the questions say, part by part, and cost little."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from pages import Page
from serving import load

from cetsgraph import DataSet, LocalStore, archive, queries
from cetsgraph.model import (
    Region,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    TomoImageSet,
)
from cetsgraph.server.site.dataset import series_of
from cetsgraph.server.site.front import front_page
from cetsgraph.server.site.listing import listing_page
from cetsgraph.server.site.objects import object_page
from cetsgraph.server.site.page_queries import Part, counts_of, objects_of
from cetsgraph.server.site.search import search_page
from cetsgraph.store import QueryAnswer

ROOT = Path(__file__).resolve().parents[2]
BASE = "https://w3id.org/cetsgraph/data/local"
SERIES, PAGE = 60, 25
KIND = "TiltSeriesMicrographStack"


@pytest.fixture(scope="module")
def large(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStore]:
    """The examples, and a data set with as many regions as there are to be series."""
    document = yaml.safe_load((ROOT / "examples/portal-10445.cetsgraph.yaml").read_text(encoding="utf-8"))
    (region,) = document["regions"]
    document |= {"name": "Large", "regions": [{**region, "id": f"r{n}"} for n in range(SERIES)]}
    folder = tmp_path_factory.mktemp("large")
    (folder / "large.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
    load(folder / "store", folder / "large.yaml", *sorted((ROOT / "examples").glob("*.json")))
    with LocalStore.open(folder / "store") as opened:
        yield opened


def series_in(store: LocalStore, dataset: str) -> list[str]:
    """The tilt series of a first page."""
    counts = counts_of(store, dataset, [KIND])
    return objects_of(store, dataset, counts, [Part(KIND, 1, PAGE)])[KIND]


def test_all_series_and_tomograms_are_reached_in_pages(large: LocalStore) -> None:
    address, seen = f"{BASE}/Large", set[str]()
    for number in (1, 2, 3):
        text = object_page(large, address, "/data/local/Large", series=number, tomograms=number)
        assert text is not None
        shown = Page(text)
        found = {link for link in shown.links if link.endswith("/tilt-series/17489")}
        assert len(found) == min(PAGE, SERIES - len(seen)) and not found & seen
        seen |= found
        assert (f"?series={number + 1}" in shown.links) == (number < 3)
    assert len(seen) == SERIES


@pytest.mark.parametrize("name", ["EMPIAR-12104", "EMPIAR-10164", "CryoET-Data-Portal-10445"])
def test_series_of_a_page_are_as_the_questions_have_them(large: LocalStore, name: str) -> None:
    dataset = f"{BASE}/{name}" if name != "CryoET-Data-Portal-10445" else f"{BASE}/Large"
    chosen = series_in(large, dataset)
    found = {row["tilt_series"]: row for row in series_of(large, dataset, chosen)}
    asked = [
        ("tilt_schemes", {}, {"tilts": "tilts", "minimum": "minimum", "maximum": "maximum", "step": "step"}),
        ("tilt_series_by_dose", {"maximum": 1e12}, {"dose": "dose"}),
        ("defocus_ranges", {}, {"minimum": "least", "maximum": "most"}),
    ]
    for question, parameters, columns in asked:
        for row in queries.run(large, question, parameters, dataset=dataset):
            if row["tilt_series"] in found:
                page_row = found[row["tilt_series"]]
                given = {column: page_row[ours] for column, ours in columns.items()}
                assert given == {column: pytest.approx(row[column]) for column in columns}, question


@pytest.mark.parametrize(
    ("images", "dose"),
    [
        ([{"accumulated_dose": 3.0}, {}], 3.0),
        ([{}, {"total_accumulated_dose": 7.0}, {"accumulated_dose": 5.0}], 7.0),
        ([{"exposure_dose": 2.0}, {}, {"exposure_dose": 2.5}], 4.5),
        ([{"accumulated_dose": 3.0, "exposure_dose": 2.0, "dose_convention": "before"}, {}], 5.0),
        ([{"accumulated_dose": 3.0, "exposure_dose": 2.0, "dose_convention": "including"}], 3.0),
        ([{"accumulated_dose": 0.0}], 0.0),
        ([{}, {}], None),
    ],
)
def test_the_dose_of_a_series_is_known_where_some_images_state_none(
    images: list[dict[str, Any]], dose: float | None
) -> None:
    micrographs = [TiltSeriesMicrograph(id=f"i{place}", **given) for place, given in enumerate(images)]
    series = TiltSeriesMicrographStack(id="s", micrographs=micrographs)
    held = TomoImageSet(tilt_series_sets=[TiltSeriesSet(tilt_series=[series])])
    with LocalStore.memory() as store:
        dataset = archive.put(store, DataSet(name="D", regions=[Region(id="r", tomo_image_sets=[held])]))
        iri = dataset.record.dataset
        (stack,) = series_in(store, iri)
        (row,) = series_of(store, iri, [stack])
        assert row["dose"] == dose and row["tilts"] == len(images)
        asked = queries.run(store, "tilt_series_by_dose", {"maximum": 1e9}, dataset=iri)
        assert [one["dose"] for one in asked] == ([] if dose is None else [dose])


def test_a_large_data_set_costs_little_more_than_a_small_one(large: LocalStore) -> None:
    """Of the first page, against that of a data set of five series, with as many images each."""

    def cost(name: str) -> float:
        def once() -> float:
            started = time.process_time()
            assert object_page(large, f"{BASE}/{name}", f"/data/local/{name}")
            return time.process_time() - started

        return min(once() for _ in range(4))

    assert cost("Large") < 8 * cost("EMPIAR-10164")


def test_a_page_asks_few_queries(large: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of data sets, of an object of each class in them, and of what lists them."""
    chosen = {row["class"].value: row["one"].value for row in large.select("SELECT * { ?one a ?class }")}
    chosen |= {name: f"{BASE}/{name}" for name in ("Large", "EMPIAR-10164", "HIV-1-VLP-annotations")}
    asked: list[str] = []
    answer = LocalStore.query

    def noted(store: LocalStore, sparql: str, **how: Any) -> QueryAnswer:
        asked.append(sparql)
        return answer(store, sparql, **how)

    monkeypatch.setattr(LocalStore, "query", noted)
    pages: list[Callable[[], object]] = [
        lambda: front_page(large),
        lambda: listing_page(large, [("q", "hiv gag"), ("has", "tomograms")]),
        lambda: search_page(large, "gag"),
        *(partial(object_page, large, iri, "/data/x") for iri in chosen.values()),
    ]
    for make in pages:
        asked.clear()
        assert make() is not None
        assert 0 < len(asked) <= 8, asked
