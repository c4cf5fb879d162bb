"""Data files of etomo (.edf): Java properties, `Setup.AxisA.ExcludeProjections=40`."""

from collections.abc import Iterable

__all__ = ["parse"]


def parse(lines: Iterable[tuple[int, str]]) -> tuple[dict[str, str], dict[str, int]]:
    """Values by key, and the line of each; lines that begin with # are comments.

    >>> parse(enumerate(["#Wed May 07", "Setup.DatasetName=TS_001", "Setup.Binning = 1.0"], 1))
    ({'Setup.DatasetName': 'TS_001', 'Setup.Binning': '1.0'}, {'Setup.DatasetName': 2, 'Setup.Binning': 3})
    """
    values: dict[str, str] = {}
    places: dict[str, int] = {}
    for number, line in lines:
        key, equals, value = line.partition("=")
        if equals and not key.lstrip().startswith(("#", "!")):
            values[key.strip()] = value.strip()
            places[key.strip()] = number
    return values, places
