"""Small documents of the dialects, and when two JSON documents say the same: numbers as doubles; nulls, empty
lists and defaults aside."""

import struct
from typing import Any

from cetsgraph.documents import Document, read_data
from cetsgraph.model import TomoImageSet

__all__ = ["annotations", "image_set", "meaning", "region", "without_nothing"]


def annotations(*sources: Any) -> Any:
    """A document of dialect A with these annotations."""
    return read_data({"regions": [], "annotations": list(sources)}, dialect="tomobabel")


def region(**fields: Any) -> Document:
    """A document of dialect B with one region."""
    return read_data({"regions": [{"id": "r", **fields}]}, dialect="cets-data-model")


def image_set(document: Document) -> TomoImageSet:
    """The only one of its first region."""
    (found,) = document.dataset.regions[0].tomo_image_sets
    return found


def meaning(document: Any) -> Any:
    """The document with numbers as the bits of their doubles, without nulls, empty lists and ""."""
    if isinstance(document, dict):
        kept = {key: meaning(found) for key, found in document.items()}
        return {key: found for key, found in kept.items() if found is not None and found not in ([], "")}
    if isinstance(document, list):
        return [meaning(item) for item in document]
    if isinstance(document, bool) or not isinstance(document, int | float):
        return document
    return struct.pack("<d", document)


def without_nothing(document: Any) -> Any:
    """The document without nulls, empty lists and ""."""
    if isinstance(document, dict):
        kept = {key: without_nothing(found) for key, found in document.items()}
        return {key: found for key, found in kept.items() if found is not None and found not in ([], "")}
    return [without_nothing(item) for item in document] if isinstance(document, list) else document
