"""One question to the portal, EMPIAR and EMDB, of which each knows its own side of a specimen."""

import csv
import json
from collections import defaultdict
from pathlib import Path

import pytest
from commands import ok, run

pytestmark = pytest.mark.real_data


CONFIGURATIONS = ("10000", "10437", "10446", "10475", "10476", "deposition_10319", "deposition_10351")


def recorded(source: Path, target: Path, renamed: dict[str, str]) -> Path:
    """What an archive answered, for an entry of another number: those that are shared have none in common."""
    text = source.read_text(encoding="utf-8")
    for old, new in renamed.items():
        text = text.replace(old, new)
    target.write_text(text, encoding="utf-8")
    return target


@pytest.fixture(scope="module")
def sources(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that names a store of each archive."""
    folder, imported = tmp_path_factory.mktemp("field"), shared_data / "import"
    empiar = recorded(
        imported / "empiar/EMPIAR-10943_imageset.json",
        folder / "EMPIAR-10988.json",
        {"EMPIAR-10943": "EMPIAR-10988"},
    )
    emdb = recorded(imported / "emdb/EMD-25107.json", folder / "EMD-24181.json", {"25107": "24181"})
    configurations = [imported / f"portal-configs/{name}.yaml" for name in CONFIGURATIONS]
    for archive, paths in {
        "portal": [*configurations, imported / "portal-api/10445"],
        "empiar": [empiar, imported / "empiar/10934.xml"],
        "emdb": [emdb],
    }.items():
        ok("import", *paths, "--store", folder / f"{archive}.store", "--archive", archive)
    stores = [f'{name} = "{name}.store"' for name in ("portal", "empiar", "emdb")]
    (folder / "sources.toml").write_text("\n".join(["[sources]", *stores]))
    return folder / "sources.toml"


def test_specimens_are_the_same_across_archives(sources: Path) -> None:
    ended = run("search", "dataset_summary", "--sources", sources, "--merge", "--format", "csv")
    together = defaultdict(set)
    for row in csv.DictReader(ended.stdout.splitlines()):
        together[row["specimen"]].add((row["source"], row["name"]))
    assert together["EMPIAR:10988"] == {
        ("portal", "CryoET-Data-Portal-10000"),
        ("portal", "CryoET-Data-Portal-CZCDP-10351"),
        ("empiar", "EMPIAR-10988"),
    }
    pair = {("portal", f"CryoET-Data-Portal-{number}") for number in (10475, 10476)}
    assert together["EMPIAR:13145"] == pair
    # A deposition of annotations on several data sets does not make them one.
    assert {("portal", "CryoET-Data-Portal-10446"), ("emdb", "EMD-24181")} in together.values()
    assert {("portal", "CryoET-Data-Portal-10445")} in together.values()
    assert together["PORTAL:czcdp-10319"] == {("portal", "CryoET-Data-Portal-CZCDP-10319")}
    assert together["EMPIAR:10934"] == {("empiar", "EMPIAR-10934")}


def test_what_each_archive_gave_is_said(sources: Path) -> None:
    found = json.loads(
        ok("search", "tomograms_by_annotated_object", "-p", "object=GO:0016020", "--sources", sources,
           "--merge", "--format", "json")
    )  # fmt: skip
    assert {source["name"]: source["state"] for source in found["sources"]} == {
        "portal": "ok",
        "empiar": "empty",
        "emdb": "empty",
    }
    assert {row["source"] for row in found["rows"]} == {"portal"} and found["rows"][0]["specimen"]
