"""`validate --files`: what lies beside a document is there and as it says, and nothing else is looked at."""

import hashlib
import json
import struct
from pathlib import Path
from typing import Any

import pytest

from cetsgraph.validation import validate

TOMOGRAM = "/regions/0/tomo_image_sets/0/tomogram_sets/0/tomograms/0"


def mrc(width: int, height: int, depth: int, sampling: float, order: str = "<") -> bytes:
    """An MRC2014 file without data: byte offsets as the specification has them."""
    header = bytearray(1024)
    struct.pack_into(f"{order}3i", header, 0, width, height, depth)
    struct.pack_into(f"{order}3i", header, 28, width, height, depth)
    struct.pack_into(f"{order}3f", header, 40, width * sampling, height * sampling, depth * sampling)
    header[208:212] = b"MAP "
    header[212:216] = b"\x44\x44\0\0" if order == "<" else b"\x11\x11\0\0"
    return bytes(header)


def said(folder: Path, **tomogram: Any) -> list[tuple[str, object]]:
    """Places of findings about the files of a tomogram, within it, and what was found."""
    whole = {
        "$schema": "https://w3id.org/cetsgraph/schema/cets.json",
        "name": "EMD-3782",
        "regions": [
            {"id": "r", "tomo_image_sets": [{"tomogram_sets": [{"tomograms": [{"id": "t", **tomogram}]}]}]}
        ],
    }
    document = folder / "deposition.json"
    document.write_text(json.dumps(whole), encoding="utf-8")
    findings = validate(document, files=True).findings
    assert validate(document).counts.get("files-agree") is None
    return [(one.pointer.removeprefix(TOMOGRAM), one.found) for one in findings if one.rule == "files-agree"]


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_header_is_as_the_document_says(tmp_path: Path, order: str) -> None:
    (tmp_path / "tomo").mkdir()
    (tmp_path / "tomo/t.mrc").write_bytes(mrc(480, 464, 150, 10.8, order))
    right = {"path": "tomo/t.mrc", "width": 480, "height": 464, "depth": 150, "voxel_size": 10.8}
    assert said(tmp_path, **right) == []
    assert said(tmp_path, **{**right, "path": "tomo\\t.mrc"}) == []
    assert said(tmp_path, **{**right, "width": 464}) == [("/width", 464)]
    assert said(tmp_path, **{**right, "voxel_size": 5.4}) == [("/voxel_size", 5.4)]


def test_size_and_checksum_are_as_the_document_says(tmp_path: Path) -> None:
    (tmp_path / "t.aln").write_bytes(b"# AreTomo")
    digest = hashlib.sha256(b"# AreTomo").hexdigest()
    right = {"path": "t.aln", "file_size": 9, "checksum": f"sha256:{digest}"}
    assert said(tmp_path, path="t.aln", files=[right]) == []
    wrong = {**right, "file_size": 10, "checksum": f"sha256:{'0' * 64}"}
    assert [place for place, _ in said(tmp_path, path="t.aln", files=[wrong])] == [
        "/files/0/checksum",
        "/files/0/file_size",
    ]


def test_a_file_that_is_not_there_or_is_no_mrc_file(tmp_path: Path) -> None:
    (tmp_path / "t.mrc").write_bytes(b"PK")
    assert said(tmp_path, path="t.mrc") == [("/path", "t.mrc")]
    assert said(tmp_path, path="u.mrc", even_path="e.mrc") == [("/even_path", "e.mrc"), ("/path", "u.mrc")]


@pytest.mark.parametrize(
    "path", ["https://example.org/t.mrc", "/data/t.mrc", "../t.mrc", "C:\\data\\t.mrc", "s3://bucket/t.mrc"]
)
def test_nothing_outside_the_folder_is_looked_for(tmp_path: Path, path: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "t.mrc").write_bytes(b"PK")
    assert said(tmp_path / "in", path=path) == []


def test_links_are_not_followed_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "t.mrc").write_bytes(mrc(9, 9, 9, 1.0))
    (tmp_path / "in/own.mrc").write_bytes(mrc(480, 464, 150, 10.8))
    try:
        (tmp_path / "in/out.mrc").symlink_to(tmp_path / "t.mrc")
        (tmp_path / "in/folder").symlink_to(tmp_path)
        (tmp_path / "in/loop.mrc").symlink_to(tmp_path / "in/loop.mrc")
        (tmp_path / "in/link.mrc").symlink_to("own.mrc")
    except OSError:  # a system where users may not make links has none to follow
        return
    for path in ("out.mrc", "folder/t.mrc", "loop.mrc"):
        assert said(tmp_path / "in", path=path, width=480) == [("/path", path)]
    assert said(tmp_path / "in", path="link.mrc", width=480) == []


def test_sections_are_in_the_stack(tmp_path: Path) -> None:
    (tmp_path / "ts.st").write_bytes(mrc(3838, 3710, 2, 1.35))
    images = [{"id": f"t{section}", "section": section} for section in range(3)]
    whole = {
        "name": "EMPIAR-10164",
        "regions": [{"id": "r", "tilt_series": [{"id": "ts", "path": "ts.st", "images": images}]}],
    }
    (tmp_path / "d.json").write_text(json.dumps(whole), encoding="utf-8")
    (finding,) = [
        one for one in validate(tmp_path / "d.json", files=True).findings if one.rule == "files-agree"
    ]
    assert (finding.pointer, finding.found) == ("/regions/0/tilt_series/0/images/2/section", 2)
