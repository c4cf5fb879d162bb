"""What is committed is what it is derived from says."""

from pathlib import Path

from cetsgraph import derive

ROOT = Path(__file__).resolve().parents[2]
MADE = derive.outputs(ROOT)


def test_nothing_has_drifted() -> None:
    assert derive.drift(ROOT, MADE, whole=derive.WHOLE) == [], "run: make derive"


def test_deriving_twice_gives_the_same_bytes() -> None:
    assert derive.outputs(ROOT) == MADE


def test_write_brings_a_folder_up_to_date_and_touches_no_more(tmp_path: Path) -> None:
    assert derive.write(tmp_path, MADE) == list(MADE)
    edited, gone = Path("ontology/cets.ttl"), derive.WHOLE[0] / "no-such-rule.md"
    (tmp_path / edited).write_text("edited by hand", encoding="utf-8")
    (tmp_path / gone).write_text("about nothing", encoding="utf-8")
    assert derive.drift(tmp_path, MADE) == [edited]
    assert derive.write(tmp_path, MADE, whole=derive.WHOLE) == [edited, gone]
    assert not (tmp_path / gone).exists()
    assert derive.write(tmp_path, MADE, whole=derive.WHOLE) == []
