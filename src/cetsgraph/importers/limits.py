"""How much a series may have; more is a mistake, or meant to take all memory."""

from cetsgraph.errors import DocumentError
from cetsgraph.importers.tally import SourcePlace

__all__ = ["MAX_IMAGES", "check_images"]

MAX_IMAGES = 10_000
"""Images of a tilt series."""


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
