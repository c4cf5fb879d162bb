"""Pages of documents that others have made: their plots and tables have the numbers of the files."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from pages import Page
from serving import ROOT

from cetsgraph import LocalStore, archive
from cetsgraph.documents import read_all
from cetsgraph.server.site.objects import object_page

NUMBER = r"(-?[\d.]+(?:e-?\d+)?)"


def page_of(path: Path) -> str:
    """The page of the only data set of a file."""
    with LocalStore.memory() as store:
        (document,) = read_all(path)
        iri = archive.put(store, document).record.dataset
        text = object_page(store, iri, "/data/x")
    assert text is not None
    return text


def said_by_marks(text: str, caption: str, numbers: str) -> list[Any]:
    """Numbers that each mark of a plot says, in the order in which they are drawn."""
    picture = text.split(f"<figcaption>{caption}")[0].rsplit("<svg", 1)[1]
    said = [re.search(numbers, title) for title in re.findall("<title>(.*?)</title>", picture)]
    return [tuple(map(float, one.groups())) for one in said if one is not None]


def test_each_mark_and_row_of_a_tilt_series_says_the_number_of_the_document(shared_data: Path) -> None:
    path = shared_data / "cets-data-model/EMPIAR-12104.json"
    (series,) = json.loads(path.read_text(encoding="utf-8"))["regions"][0]["tilt_series"]
    stated = [(image["nominal_tilt_angle"], image["accumulated_dose"]) for image in series["images"]]
    text = page_of(path)
    angles = sorted(angle for angle, _ in stated)
    assert (len(stated), angles[0], angles[-1], max(stated)[1]) == (50, -64.004, 39.9862, 81.1042)
    by_dose = sorted(stated, key=lambda one: one[1])
    for caption in ("Tilt scheme", "Angle by exposure", "Dose by angle"):
        assert said_by_marks(text, caption, f"{NUMBER}°, {NUMBER} e⁻/Å²") == by_dose, caption
    assert by_dose[-1][1] == 112.7542
    shown = Page(text)
    assert "50 images, -64.004° to 39.9862°; in the order of exposure by dose." in shown.text
    assert "Total dose: 112.754" in shown.text
    (head,) = [place for place, cells in enumerate(shown.cells) if cells[:1] == ["section"]]
    assert shown.cells[head][1:3] == ["nominal angle °", "dose e⁻/Å²"]
    rows = [(float(cells[1]), float(cells[2])) for cells in shown.cells[head + 1 :][:50]]
    assert rows == [(pytest.approx(angle, rel=1e-5), pytest.approx(dose, rel=1e-5)) for angle, dose in stated]
    assert shown.cells[head + 51][0] == "tomogram", "the table ends here"
    plot = "Dose by angle: 50 marks, 3.95635 to 112.754, dose (e⁻/Å²)."
    assert plot in {one["aria-label"] for one in shown.all("svg", role="img")}


def test_each_mark_of_a_defocus_says_its_own_number(shared_data: Path) -> None:
    path = shared_data / "tomobabel/ctf_all_tilt_series.json"
    first = json.loads(path.read_text(encoding="utf-8"))["TS_01"]["micrographs"]
    stated = [image["ctf_metadata"][name] for image in first for name in ("defocus_u", "defocus_v")]
    assert said_by_marks(page_of(path), "Defocus by angle", rf"{NUMBER} Å") == [(one,) for one in stated]


def defoci(series: dict[str, Any]) -> str:
    """The range of the defoci of a series in micrometres, as the document has them in Å."""
    known = [image["ctf_metadata"] for image in series["micrographs"] if image.get("ctf_metadata")]
    values = [one[name] / 10_000 for one in known for name in ("defocus_u", "defocus_v")]
    return f"{min(values):.2f}–{max(values):.2f}" if values else "not stated"


def shown_defoci(text: str) -> dict[str, str]:
    """Of each tilt series in the table of a page."""
    rows = [[cell.strip() for cell in cells] for cells in Page(text).cells]
    (head,) = [cells for cells in rows if cells[:2] == ["tilt series", "images"]]
    shown = {one[0]: one[head.index("defocus µm")] for one in rows if len(one) == len(head)}
    return {name: range for name, range in shown.items() if name.startswith("TS_")}


@pytest.mark.parametrize("file", ["import_all_tilt_series.json", "ctf_all_tilt_series.json"])
def test_each_series_has_the_defoci_of_the_document(shared_data: Path, file: str) -> None:
    path = shared_data / "tomobabel" / file
    stated = json.loads(path.read_text(encoding="utf-8"))
    shown = shown_defoci(page_of(path))
    assert shown == {name: defoci(series) for name, series in stated.items()} and len(shown) == 5


def test_series_without_defoci_say_so() -> None:
    shown, none = shown_defoci(page_of(ROOT / "examples/empiar-10164.tomobabel.json")), "not stated"
    expected = {"TS_01": "3.87–3.90", "TS_03": none, "TS_43": none, "TS_45": none, "TS_54": "1.53–1.56"}
    assert shown == expected
