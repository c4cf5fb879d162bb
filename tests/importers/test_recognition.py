"""Each sample is one importer's own, or nobody's."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cetsgraph import resources
from cetsgraph.importers import claims, importers
from cetsgraph.importers.claim import Sample, sample_of
from cetsgraph.importers.json_kinds import JSON_IMPORTERS, importers_of_json
from cetsgraph.importers.registry import importer_called

OWNERS = {"mdoc": {"mdoc"}, "portal-api": {"portal"}, "portal-configs": {"portal-config"},
          "relion": {"relion"}, "eman2": {"eman2"}, "osc-em": {"osc-em"}}  # fmt: skip
"""Importers that know the files of a folder of samples, where all are of one kind."""


def test_every_sample_is_known_to_one_importer_at_most(shared_data: Path) -> None:
    folder = shared_data / "import"
    first = [one for one in importers() if not one.last]
    known: dict[str, set[str]] = {}
    for path in (path for path in folder.rglob("*") if path.is_file()):
        sample = sample_of(path)
        names = [one.name for one in first if one.recognise(sample) is not None]
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


JSON = {
    '{"EMPIAR-10164": {"title": "HIV-1"}}': "empiar",
    '{"title": "HIV-1", "experiment_type": "3", "imagesets": [{}]}': "empiar",
    '{"category": "(\'T2\', \'\')", "num_images_or_tilt_series": 5}': "empiar",
    '{"emdb_id": "EMD-3197", "admin": {}, "map": {}}': "emdb",
    '{"instrument": {}, "acquisition": {}, "organizational": {}}': "osc-em",
    '{"apix_unbin": 2.62, "boxes_3d": [], "tlt_params": [[0, 0, 85, 3, 0]]}': "eman2",
    '[{"id": 17687, "dataset_id": 10445, "name": "TS_1", "https_prefix": "https://a/"}]': "portal",
    '{"data": {"frames": [{"id": 1, "runId": 2, "httpsFramePath": "https://a/b.eer"}]}}': "portal",
    '{"data": {"frames": []}}': "portal",
    '{"frames": [{"acquisition_order": 0, "exposure_dose": 1.9}]}': "portal-files",
    '{"run_name": "TS_026"}': "portal-files",
    '{"run_name": "TS_026", "points": []}': None,
    '{"location": {"x": 1, "y": 2, "z": 3}, "xyz_rotation_matrix": [[1]], "type": "orientedPoint"}': "picks",
    '{"annotations": [{"type": "point", "origin3D": [1, 2, 3]}], "regions": []}': None,
    '{"regions": [], "cross_references": [{"database_name": "EMPIAR", "id": "EMPIAR-10164"}]}': None,
}


@pytest.mark.parametrize("text", JSON)
def test_json_is_one_importers_own_or_nobodys(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file.json"
    path.write_text(text, encoding="utf-8")
    names = [name for name in JSON_IMPORTERS if importer_called(name).recognise(Sample(path, text.encode()))]
    assert names == [one for one in [JSON[text]] if one] == importers_of_json(text)
    assert [claim.importer for claim in claims([path]).claims] == names


ENDS = {"mdoc": "mdoc/tilt_series.mdoc", "imod": "imod/ts03", "relion": "relion/cylindra"}


@pytest.mark.parametrize("end", ["\r", "\r\n"])
@pytest.mark.parametrize("importer", ENDS)
def test_lines_may_end_as_on_any_system(importer: str, end: str, shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "import" / ENDS[importer]
    for path in [source] if source.is_file() else filter(Path.is_file, source.rglob("*")):
        copy = tmp_path / path.relative_to(source.parent)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", end.encode()))
    found, as_it_was = claims([tmp_path]), claims([source])
    assert [[path.name for path in claim.files] for claim in found.claims] == [
        [path.name for path in claim.files] for claim in as_it_was.claims
    ]
    assert found.claims and not found.refused


@pytest.mark.parametrize("importer", ENDS)
def test_backups_that_programs_keep_are_no_files_of_a_folder(
    importer: str, shared_data: Path, tmp_path: Path
) -> None:
    """IMOD and SerialEM keep what a file was as its name with ~."""
    source = shared_data / "import" / ENDS[importer]
    shutil.copytree(source if source.is_dir() else source.parent, tmp_path / "all")
    as_it_was = claims([tmp_path / "all"])
    for path in [path for path in (tmp_path / "all").rglob("*") if path.is_file()]:
        shutil.copy(path, f"{path}~")
    assert claims([tmp_path / "all"]) == as_it_was


@pytest.mark.parametrize("example", ["portal-10445.cetsgraph.yaml", "empiar-12104.cets-data-model.json"])
def test_cets_documents_are_read_without_importers(example: str) -> None:
    path = resources.folder("examples") / example
    script = (
        f"import sys; from cetsgraph.importers import read_any; read_any({str(path)!r}); print(*sys.modules)"
    )
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert "cetsgraph.importers.session" not in loaded.stdout.split()


YAML = {"$schema: https://w3id.org/cetsgraph/schema/cets.json\nname: A\n": True, "name: A\nregions:\n": True,
        "tomograms:\n- metadata: {regions: 1}\n": False, "datasets:\n  regions: 1\n": False}  # fmt: skip


@pytest.mark.parametrize("text", YAML)
def test_yaml_shows_that_it_is_cets(text: str) -> None:
    assert Sample(Path("a.yaml"), text.encode()).is_cets is YAML[text]
    assert not Sample(Path("a.mdoc"), text.encode()).is_cets
