"""Identifiers of points, which tell one from the others; or else what several have alike."""

from collections.abc import Sequence

from cetsgraph.importers.numbers import finite, number_or_text
from cetsgraph.model import PointAttribute, PointSet

__all__ = ["identify"]


def identify(points: PointSet, column: str, identifiers: Sequence[str | None]) -> None:
    """Give points the identifiers of a column.

    Where points have the same one, as those of a filament or copies by symmetry do, or some have none, the
    column is an attribute.

    >>> filament = PointSet()
    >>> identify(filament, "IDs", ["0", "0.0", "1"])
    >>> filament.point_ids, filament.point_attributes[0].values
    (None, [0, 0, 1])
    """
    texts = [None if text is None else _identifier(text) for text in identifiers]
    given = [text for text in texts if text is not None]
    if len(set(given)) == len(texts):
        points.point_ids = given
    elif given:
        points.point_attributes.append(PointAttribute(name=column, values=list(map(number_or_text, texts))))


def _identifier(text: str) -> str:
    """An identifier; one that is a whole number, without a point.

    >>> _identifier("2.0000"), _identifier("TS_01/12")
    ('2', 'TS_01/12')
    """
    number = finite(text)
    return text if number is None or not number.is_integer() else str(int(number))
