"""What is committed is what it is derived from says."""

from pathlib import Path

import pytest

from cetsgraph import derive

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def made() -> dict[Path, bytes]:
    return derive.outputs(ROOT)


def test_nothing_has_drifted(made: dict[Path, bytes]) -> None:
    assert derive.drift(ROOT, made, whole=derive.WHOLE) == [], "run: make derive"


def test_deriving_twice_gives_the_same_bytes(made: dict[Path, bytes]) -> None:
    assert derive.outputs(ROOT) == made


def test_write_brings_a_folder_up_to_date_and_touches_no_more(
    made: dict[Path, bytes], tmp_path: Path
) -> None:
    assert derive.write(tmp_path, made) == list(made)
    edited, gone = Path("ontology/cets.ttl"), derive.WHOLE[0] / "no-such-rule.md"
    (tmp_path / edited).write_text("edited by hand", encoding="utf-8")
    (tmp_path / gone).write_text("about nothing", encoding="utf-8")
    assert derive.drift(tmp_path, made) == [edited]
    assert derive.write(tmp_path, made, whole=derive.WHOLE) == [edited, gone]
    assert not (tmp_path / gone).exists()
    assert derive.write(tmp_path, made, whole=derive.WHOLE) == []
