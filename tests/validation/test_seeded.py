"""Real documents with one mistake each: it is found under its rule, at its place and line.

`seeded.tsv` has the document, the place that is changed, its new value in JSON (`null` takes it out), the
rule, and the place that the finding has to name.
"""

import copy
import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cetsgraph.validation import Validator

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "shared" / "data"
with (HERE / "seeded.tsv").open(encoding="utf-8", newline="") as file:
    SEEDED = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the real documents are not at {DATA}"),
]


@cache
def document(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@cache
def findings_before(name: str) -> frozenset[tuple[str, str]]:
    (report,) = Validator("core").file(DATA / name)
    return frozenset((finding.rule, finding.pointer) for finding in report.findings)


def spoilt(seed: dict[str, str]) -> Any:
    whole = copy.deepcopy(document(seed["document"]))
    *steps, last = seed["place"].split("/")[1:]
    holder = whole
    for step in steps:
        holder = holder[int(step)] if isinstance(holder, list) else holder[step]
    value = json.loads(seed["value"])
    if isinstance(holder, list):
        holder[int(last) : int(last) + 1] = [] if value is None else [value]
    elif value is None:
        del holder[last]
    else:
        holder[last] = value
    return whole


def line_of(text: str, pointer: str) -> int:
    """Line of what the pointer leads to, in a document that has each value on a line of its own."""
    path: list[str] = []
    counts: list[int] = []
    wanted = pointer.split("/")[1:]
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.strip()
        if content[0] in "]}":
            counts.pop()
            path = path[: len(counts)]
            continue
        if counts:
            counts[-1] += 1
            key = json.JSONDecoder().raw_decode(content)[0] if '": ' in content else str(counts[-1] - 1)
            path = [*path[: len(counts) - 1], key]
        if path == wanted:
            return number
        if content[-1] in "[{":
            counts.append(0)
    raise LookupError(pointer)


def title(seed: dict[str, str]) -> str:
    return f"{seed['rule']} {Path(seed['document']).stem}{seed['place']}"


@pytest.mark.parametrize("seed", SEEDED, ids=title)
def test_the_mistake_is_found(seed: dict[str, str], tmp_path: Path) -> None:
    text = json.dumps(spoilt(seed), indent=1)
    path = tmp_path / Path(seed["document"]).name
    path.write_text(text, encoding="utf-8")
    (report,) = Validator("core").file(path)
    found = {(finding.rule, finding.pointer): finding.line for finding in report.findings}
    assert (seed["rule"], seed["pointer"]) in found
    assert found[seed["rule"], seed["pointer"]] == line_of(text, seed["pointer"])
