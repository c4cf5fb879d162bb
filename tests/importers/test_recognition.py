"""Each sample is one importer's own, or nobody's."""

from pathlib import Path

from cetsgraph.importers import claims, importers
from cetsgraph.importers.claims import sample_of
from cetsgraph.importers.registry import importers_of_json

OWNERS = {"mdoc": {"mdoc"}, "portal-configs": {"portal-config"}, "relion": {"relion"}}
"""Importers that know the files of a folder of samples, where all are of one kind."""


def test_every_sample_is_known_to_one_importer_at_most(shared_data: Path) -> None:
    folder = shared_data / "import"
    known: dict[str, set[str]] = {}
    for path in (path for path in folder.rglob("*") if path.is_file()):
        sample = sample_of(path)
        asked = importers_of_json(sample.text) if sample.is_json else importers()
        names = [one.name for one in asked if one.recognise(sample) is not None]
        assert len(names) <= 1, f"{path} is known to {names}"
        known.setdefault(path.relative_to(folder).parts[0], set()).update(names)
    assert {name: known[name] for name in OWNERS} == OWNERS


def test_every_file_is_in_one_claim_or_in_none(shared_data: Path) -> None:
    found = claims([shared_data / "import"])
    claimed = [path for claim in found.claims for path in claim.files]
    assert len(claimed) == len(set(claimed)) and not set(claimed) & set(found.others)
    assert found.refused == ()


def test_the_order_of_files_makes_no_difference(shared_data: Path) -> None:
    paths = sorted((shared_data / "import" / "mdoc").iterdir())
    assert claims(paths) == claims(reversed(paths))
