"""What the page of importers says is taken is not reported as dropped."""

from pathlib import Path

import pytest

from cetsgraph.importers import import_from, importers

SAMPLES = {
    "mdoc": "mdoc/TS_001.mdoc",
    "imod": "imod",
    "aretomo": "aretomo",
    "warp": "warp/TS_1.xml",
    "relion": "relion/emp10164/CtfRefine",
    "osc-em": "osc-em/example_valid_cellular_tomo.yaml",
    "eman2": "eman2",
    "mrc": "mrc",
    "empiar": "empiar/EMPIAR-99999_entry_constructed.json",
    "emdb": "emdb/EMD-25107.json",
}


@pytest.mark.parametrize("kind", SAMPLES)
def test_what_is_said_to_be_taken_is_taken(kind: str, shared_data: Path) -> None:
    imported = import_from(shared_data / "import" / SAMPLES[kind], lenient=True)
    mapped = {name for one in importers() for name in one.mapped if one.name == kind}
    dropped = {
        finding.message.partition(": ")[0].removeprefix("EMPIAR-99999/")
        for document in imported.documents
        for finding in document.findings
        if finding.rule == "import-dropped"
    }
    assert mapped
    assert not mapped & dropped
