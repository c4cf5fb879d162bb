"""Mistakes in the companion of a document: each is found at the object of the document that it is about.

`companions.tsv` has the place in the companion, its new value in JSON (empty takes it out), the place of the
finding in the document, and a part of its words; where these are empty, nothing is said.
"""

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from cetsgraph.pointers import follow
from cetsgraph.validation import validate

NAMES = {
    "series": "/tilt_series/TS_105_5",
    "image": "/tilt_series/TS_105_5/images/TS_105_5_4",
    "tomogram": "/tomograms/TS_105_5_tomo_18954",
    "points": "/annotations/TS_105_5_tomo_18956_ann_69546_point",
}
with (Path(__file__).parent / "companions.tsv").open(encoding="utf-8", newline="") as file:
    MISTAKES = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def changed(companion: Any, pointer: str, value: str) -> Any:
    way, _, last = pointer.rpartition("/")
    holder = follow(companion, way)
    key: Any = int(last) if isinstance(holder, list) else last
    if value:
        holder[key] = json.loads(value)
    else:
        del holder[key]
    return companion


@pytest.mark.parametrize("row", MISTAKES, ids=lambda row: f"{row['place']} {row['value']}")
def test_the_mistake_is_found_where_it_belongs(
    row: dict[str, str], shared_data: Path, tmp_path: Path
) -> None:
    given = shared_data / "cets-converters" / "portal-profile"
    companion = json.loads((given / "10445.cets-companion.json").read_bytes())
    changed(companion, row["place"].format_map(NAMES), row["value"])
    (tmp_path / "10445.cets.json").write_bytes((given / "10445.cets.json").read_bytes())
    (tmp_path / "10445.cets-companion.json").write_text(json.dumps(companion), encoding="utf-8")
    found = [one for one in validate(tmp_path / "10445.cets.json").findings if one.rule == "companion-agrees"]
    if row["said"]:
        assert [one.pointer for one in found] == [row["pointer"]]
        assert row["said"] in f"{found[0].message}. {found[0].hint}"
    else:
        assert found == []


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("voltage-cs", "has no field for this: it is `amplitude_contrast` in the companion of the document."),
        ("licence", "has no field for this: `cetsgraph convert --to cetsgraph` writes the document"),
    ],
)
def test_hints_name_the_companion_where_that_has_the_field(rule: str, said: str, shared_data: Path) -> None:
    report = validate(shared_data / "cets-converters/portal-profile/10445.cets.json", "best-practice")
    assert [said in str(one.hint) for one in report.findings if one.rule == rule] == [True]
