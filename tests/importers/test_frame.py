"""The frame of importers: recognition, accounts of what was taken, text and its limits."""

from pathlib import Path

import pytest

from cetsgraph.errors import DocumentError
from cetsgraph.importers import claims, read


def written(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


SECTION = b"[ZValue = 0]\nTiltAngle = 3\nStageZ = 163.8\n"


def test_every_value_is_in_the_data_set_or_in_a_finding(tmp_path: Path) -> None:
    (claim,) = claims([written(tmp_path / "TS_01.mdoc", SECTION)]).claims
    document = read(claim)
    (series,) = document.dataset.regions[0].tomo_image_sets[0].tilt_series_sets[0].tilt_series
    assert [image.nominal_tilt_angle for image in series.micrographs] == [3]
    assert [(one.rule, one.file, one.line, one.found) for one in document.findings] == [
        ("import-dropped", "TS_01.mdoc", 3, "163.8")
    ]


REFUSED = {
    "UTF-16": (SECTION.decode().encode("utf-16"), 1),
    "binary": (SECTION + b"\x00\x01", 4),
    "a line without end": (SECTION + b"A = " + b"x" * 2**20, 4),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_text_is_refused_with_its_line_and_nothing_else_is_lost(case: str, tmp_path: Path) -> None:
    data, line = REFUSED[case]
    bad = written(tmp_path / "bad" / "TS_02.mdoc", b"[ZValue = 0]\n" if case == "UTF-16" else data)
    written(tmp_path / "good" / "TS_01.mdoc", SECTION)
    written(tmp_path / "good" / "notes.txt", b"nothing")
    found = claims([tmp_path])
    assert [claim.name for claim in found.claims] == ["TS_02", "TS_01"]
    assert [path.name for path in found.others] == ["notes.txt"]
    bad.write_bytes(data)
    with pytest.raises(DocumentError) as refused:
        read(found.claims[0])
    assert refused.value.line == line
    assert read(found.claims[1]).dataset.name == "TS_01"


@pytest.mark.parametrize("text", ["nan", "inf", "1_000", "1e999", "fast"])
def test_what_is_no_finite_number_is_a_violation_with_its_place(text: str, tmp_path: Path) -> None:
    mdoc = written(tmp_path / "TS_01.mdoc", f"[ZValue = 0]\nTiltAngle = {text}\n".encode())
    document = read(claims([mdoc]).claims[0])
    assert [(one.rule, one.line, one.found) for one in document.skipped] == [("value-type", 2, text)]
