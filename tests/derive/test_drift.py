"""What is committed is what the model says."""

from pathlib import Path

from cetsgraph import derive

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_has_drifted() -> None:
    assert derive.drift(ROOT) == [], "run: cetsgraph derive"


def test_deriving_twice_gives_the_same_bytes() -> None:
    assert derive.outputs() == derive.outputs()


def test_write_brings_a_folder_up_to_date_and_touches_no_more(tmp_path: Path) -> None:
    assert derive.write(tmp_path) == list(derive.outputs())
    edited = Path("ontology/cets.ttl")
    (tmp_path / edited).write_text("edited by hand", encoding="utf-8")
    assert derive.drift(tmp_path) == [edited]
    assert derive.write(tmp_path) == [edited]
    assert derive.write(tmp_path) == []
