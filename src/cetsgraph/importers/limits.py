"""How much a data set may have; more is a mistake, or meant to take all memory."""

from cetsgraph.errors import DocumentError
from cetsgraph.importers.tally import SourcePlace

__all__ = ["MAX_IMAGES", "MAX_SERIES", "check_images", "check_series"]

MAX_IMAGES = 10_000
"""Images of a tilt series."""


MAX_SERIES = 20_000
"""Tilt series of a data set."""


def check_series(count: int, path: str) -> None:
    """Refuse a folder with more tilt series than a data set has.

    Raises:
        DocumentError: there are more.
    """
    if count > MAX_SERIES:
        raise DocumentError(
            "these are more tilt series than one data set can have",
            path=path,
            found=f"{count:,} tilt series",
            expected=f"at most {MAX_SERIES:,}",
            hint="Import the folders one at a time, or put the files into several.",
        )


def check_images(count: int, place: SourcePlace) -> None:
    """Refuse a file with more images than a series has.

    Raises:
        DocumentError: there are more.
    """
    if count > MAX_IMAGES:
        raise DocumentError(
            "the file has more images than a tilt series can have",
            path=place.file,
            line=place.line,
            found=f"{count:,} images",
            expected=f"at most {MAX_IMAGES:,}",
        )
