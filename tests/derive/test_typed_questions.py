"""Typed functions are written from the headers of query files, and are what the package has."""

import dataclasses
import inspect
import subprocess
import sys
import typing
from collections.abc import Sequence
from pathlib import Path

import pytest

from cetsgraph import queries
from cetsgraph.derive.typed_questions import FOLDER, modules
from cetsgraph.queries import Query, parse

ROOT = Path(__file__).resolve().parents[2]

QUERY = """# title: Series by defocus
# description: Tilt series within a range of defocus. Underfocus is positive.
# theme: acquisition
# scope: data set
# param least: number, Å, smallest defocus
# param word: list of text, -, words that must all occur
# row SeriesByDefocus: A tilt series and its defocus.
# column series: iri, -, series
# column angles: optional array N×M, °, tilt angles
# column known: optional boolean, -, whether it is known
SELECT ?series ?angles ?known WHERE { VALUES ?least { 12000 } VALUES ?word { "a" "b" } }
"""

MODULE = '''
@dataclass(frozen=True, slots=True)
class SeriesByDefocus:
    """A tilt series and its defocus.

    Attributes:
        series: series.
        angles: tilt angles, in °.
        known: whether it is known.
    """

    series: str
    angles: list[list[float]] | None
    known: bool | None


def series_by_defocus(
    store: Store, *, least: float, word: str | Sequence[str], **page: Unpack[ScopedPage]
) -> Rows[SeriesByDefocus]:
    """Tilt series within a range of defocus.

    Underfocus is positive.

    >>> series_by_defocus(store, least=12000, word=["a", "b"])
    <Rows: ... × (series, angles in °, known)>

    Args:
        store: the store to query.
        least: smallest defocus, in Å.
        word: words that must all occur.
    """
    return run_typed(store, "series_by_defocus", SeriesByDefocus, page, least=least, word=word)
'''


def question(name: str = "series_by_defocus", *replaced: tuple[str, str]) -> Query:
    text = QUERY
    for found, other in replaced:
        assert found in text
        text = text.replace(found, other)
    return parse(text, Path(f"{name}.rq"))


def test_a_module_has_what_the_header_says() -> None:
    written = modules([question()])
    assert set(written) == {FOLDER / "acquisition_queries.py", FOLDER / "__init__.py"}
    text = written[FOLDER / "acquisition_queries.py"].decode()
    assert text.endswith(f"\n{MODULE}")
    assert "from collections.abc import Sequence\n" in text
    assert '__all__ = ["SeriesByDefocus", "series_by_defocus"]\n' in text


def test_two_questions_share_a_row_that_they_describe_alike() -> None:
    text = modules([question(), question("others")])[FOLDER / "acquisition_queries.py"].decode()
    assert text.count("class SeriesByDefocus") == 1 and text.count(") -> Rows[SeriesByDefocus]") == 2
    with pytest.raises(ValueError, match=r"others\.rq and series_by_defocus\.rq describe SeriesByDefocus"):
        modules([question(), question("others", ("°, tilt", "rad, tilt"))])


@pytest.mark.parametrize(
    "replaced",
    [
        ("# theme: acquisition\n", ""),
        ("# scope: data set\n", ""),
        ("acquisition", "elsewhere"),
        ("# row SeriesByDefocus: A tilt series and its defocus.\n", ""),
    ],
)
def test_a_question_that_ships_has_a_theme_and_a_row(replaced: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=r"series_by_defocus\.rq: a theme"):
        modules([question("series_by_defocus", replaced)])


def test_no_module_is_long() -> None:
    for path in (ROOT / FOLDER).glob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path.name


def test_the_package_has_the_functions_and_rows_with_their_types() -> None:
    """One of each sort of parameter and column, as type checkers and users see them."""
    hints = typing.get_type_hints(queries.tomograms_by_point_count)
    assert hints["object"] == (str | Sequence[str] | None) and hints["minimum"] == (int | None)
    assert hints["return"] == queries.Rows[queries.TomogramByPointCount]
    assert typing.get_type_hints(queries.tilt_series_by_dose)["maximum"] is float
    given = inspect.signature(queries.tilt_images).parameters
    assert list(given) == ["store", "tilt_series", "page"] and given["tilt_series"].default is None
    assert {field.name: field.type for field in dataclasses.fields(queries.TomogramWithFitMap)}[
        "rotations"
    ] == (list[list[list[float]]] | None)


def test_names_are_shown_before_they_are_imported() -> None:
    program = (
        "import sys; from cetsgraph import queries\n"
        "shown = set(queries.__all__) <= set(dir(queries))\n"
        "early = [name for name in sys.modules if name.endswith('_queries')]\n"
        "from cetsgraph.queries import *\n"
        "print(shown, early, TiltScheme.__name__, tilt_schemes.__name__, hasattr(queries, 'no_question'))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.split() == ["True", "[]", "TiltScheme", "tilt_schemes", "False"]
