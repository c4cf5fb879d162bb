"""No value vanishes: with another one the data set is another, or something else is said."""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial, reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest
import yaml
from portal_tables import in_every_column

from cetsgraph.errors import DocumentError
from cetsgraph.importers import claims, read

LINES = ("tilt_series.mdoc", "TS_001.mdoc", "tomo5_constructed.mdoc", "frame_set_single.mdoc",
         "frame_set_multiple.mdoc", "TS_value_types.mdoc")  # fmt: skip
CONFIGURATIONS = ("10000", "deposition_10301")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
LISTS = {
    "picks/stopgap_star.star": (22, None),
    "picks/t_complex.tbl": (0, None),
    "picks/tardis.csv": (3, ","),
    "picks/peet_constructed_MOTL.csv": (1, ","),
    "picks/portal_point_constructed.ndjson": (1, "json"),
    "../cryoet-data-portal/annotations/175505_OrientedPoint.first4.ndjson": (1, "json"),
}
"""Lists of points: a line of each, from 0, and what stands between its values."""
ENTRIES = (
    *("picks/copick.json", "picks/copick_config_constructed.json"),
    *("empiar/EMPIAR-99999_entry_constructed.json", "empiar/working_example.json", "emdb/EMD-25107.json"),
    "eman2/TS_01_info_constructed.json",
)
DOCUMENTS = ("example_valid_cellular_tomo", "example_valid_general")
as_yaml = partial(yaml.dump, Dumper=yaml.CSafeDumper)
PRIVATE = re.compile(r"email|telephone|SI$|address|_root$|corresponding_author/|principal_investigator/")
"""What is not shown in findings, either."""


def test_of_tables_of_the_portal(shared_data: Path, tmp_path: Path) -> None:
    tables = in_every_column(shared_data)
    for name, rows in tables.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(rows))
    for name, rows in tables.items():
        check_each(json.dumps(rows), tmp_path / f"{name}.json", json.dumps, folder=tmp_path)
        (tmp_path / f"{name}.json").write_text(json.dumps(rows))


def result(path: Path) -> tuple[str, list[tuple[str, object]]]:
    (claim,) = claims([path]).claims
    try:
        document = read(claim)
    except DocumentError as error:
        return str(error), []
    return document.dataset.model_dump_json(), [(one.message, one.found) for one in document.findings]


@pytest.mark.parametrize("name", LINES)
def test_of_an_mdoc(name: str, shared_data: Path, tmp_path: Path) -> None:
    lines = (shared_data / "import" / "mdoc" / name).read_text().splitlines()
    path = tmp_path / name
    path.write_text("\n".join(lines))
    whole = result(path)
    keys = {line.partition(" = ")[0]: number for number, line in reversed([*enumerate(lines)])}
    for key, number in keys.items():
        _, equals, value = lines[number].partition(" = ")
        if not equals or key.startswith("["):
            continue
        other = " ".join(str(changed(word)) for word in value.split())
        path.write_text("\n".join([*lines[:number], f"{key} = {other}", *lines[number + 1 :]]))
        assert result(path) != whole, f"nothing became of {lines[number]}"


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_of_a_configuration(name: str, shared_data: Path, tmp_path: Path) -> None:
    text = (shared_data / "import" / "portal-configs" / f"{name}.yaml").read_text()
    # As JSON it is without anchors, by which values are repeated.
    check_each(json.dumps(yaml.safe_load(text)), tmp_path / f"{name}.json", json.dumps)


@pytest.mark.parametrize("name", LISTS)
def test_of_a_list_of_points(name: str, shared_data: Path, tmp_path: Path) -> None:
    place, between = LISTS[name]
    lines = (shared_data / "import" / name).read_text().splitlines()
    path = tmp_path / Path(name).name
    path.write_text("\n".join(lines))
    whole = result(path)
    for number, other in enumerate(others(lines[place], between)):
        path.write_text("\n".join([*lines[:place], other, *lines[place + 1 :]]))
        assert result(path) != whole, f"nothing became of value {number} of {lines[place]}"


def others(line: str, between: str | None) -> Iterator[str]:
    """The line with another value in each of its places."""
    if between == "json":
        for _, place in leaves(json.loads(line)):
            data = json.loads(line)
            holder = reduce(getitem, place[:-1], data)
            holder[place[-1]] = changed(holder[place[-1]])
            yield json.dumps(data)
        return
    values = line.split(between)
    for place, value in enumerate(values):
        yield (between or " ").join([*values[:place], changed(value), *values[place + 1 :]])


@pytest.mark.parametrize("name", ENTRIES)
def test_of_an_entry(name: str, shared_data: Path, tmp_path: Path) -> None:
    check_each((shared_data / "import" / name).read_text(), tmp_path / "entry.json", json.dumps)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_of_a_session(name: str, shared_data: Path, tmp_path: Path) -> None:
    data = yaml.safe_load((shared_data / "import" / "osc-em" / f"{name}.yaml").read_text())
    check_each(json.dumps(data), tmp_path / "session.yaml", as_yaml)


def check_each(text: str, path: Path, write: Callable[[Any], str], *, folder: Path | None = None) -> None:
    """With another value of any kind, another thing becomes of the file, or of its folder."""
    path.write_text(write(json.loads(text)))
    whole = result(folder or path)
    for kind, place in dict(reversed([*leaves(json.loads(text))])).items():  # the first of each kind
        data = json.loads(text)
        holder = reduce(getitem, place[:-1], data)
        if PRIVATE.search(kind) or holder[place[-1]] in (None, ""):
            continue
        holder[place[-1]] = changed(holder[place[-1]])
        path.write_text(write(data))
        assert result(folder or path) != whole, f"nothing became of {kind}"


def changed(value: Any) -> Any:
    """Another value of the same type, and for text that is a number another number."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value * 3 + 7
    return str(float(value) * 3 + 7) if NUMBER.fullmatch(value) else f"x7{value}x7"


def leaves(data: Any, kind: str = "", place: tuple[Any, ...] = ()) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Every value that is no object or list, with its kind: its place without the numbers of lists."""
    if not isinstance(data, dict | list):
        yield kind, place
        return
    for key, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield from leaves(value, f"{kind}/{'*' if isinstance(data, list) else key}", (*place, key))
