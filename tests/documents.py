"""When two JSON documents say the same: numbers as doubles; nulls, empty lists and defaults aside."""

import struct
from typing import Any

__all__ = ["meaning", "without_nothing"]


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
