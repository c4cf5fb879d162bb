"""How EMPIAR spells names and codes: `image_width` and `imageWidth`, `('T9', '')` and `tilt series`."""

import html
import re

from cetsgraph.importers.fields import Fields

__all__ = ["CATEGORIES", "FORMATS", "TEXT", "VOXEL_TYPES", "decoded", "named", "text"]

TEXT = "#text"
"""Name of the text of an element of XML."""

CATEGORIES = (
    *("micrographs - single frame", "micrographs - multiframe", "micrographs - focal pairs - unprocessed"),
    *("micrographs - focal pairs - contrast inverted", "picked particles - single frame - unprocessed"),
    *("picked particles - multiframe - unprocessed", "picked particles - single frame - processed"),
    *("picked particles - multiframe - processed", "tilt series", "class averages", "stitched maps"),
    *("diffraction images", "reconstructed volumes", "subtomograms"),
)
"""Kinds of image sets, T1 first (empiar_deposition.schema.json, as the two below)."""

FORMATS = (
    *("MRC", "MRCS", "TIFF", "IMAGIC", "DM3", "DM4", "SPIDER", "BIG DATA VIEWER HDF5", "EER", "PNG"),
    *("JPEG", "SMV", "EM", "TPX3"),
)
"""Formats of data, T1 first; of headers T8 is XML."""

VOXEL_TYPES = (
    *("UNSIGNED BYTE", "SIGNED BYTE", "UNSIGNED 16 BIT INTEGER", "SIGNED 16 BIT INTEGER"),
    *("UNSIGNED 32 BIT INTEGER", "SIGNED 32 BIT INTEGER", "32 BIT FLOAT", "BIT", "4 BIT INTEGER"),
)
"""Types of pixels, T1 first."""

_CODE = re.compile(r"\(\s*'(?:T(\d+)|OT)'\s*,\s*'(.*)'\s*\)")


def named(fields: Fields, name: str) -> str:
    """The name of a value as its file spells it: that of JSON, or in XML the same in camel case."""
    first, *words = name.split("_")
    camel = first + "".join(word.capitalize() for word in words)
    return camel if camel in fields else name


def text(fields: Fields, name: str) -> str | None:
    """A text, without the entities that EMPIAR escapes twice."""
    found = fields.text(named(fields, name))
    return None if found is None else html.unescape(found)


def decoded(code: str | None, words: tuple[str, ...]) -> str | None:
    """What a code of a deposition stands for; other text as it is.

    >>> decoded("('T9', '')", CATEGORIES), decoded("('OT', 'CBED')", CATEGORIES), decoded("MRC", FORMATS)
    ('tilt series', 'CBED', 'MRC')
    """
    found = _CODE.fullmatch(code or "")
    if found is None:
        return code
    number = int(found[1] or 0)
    return words[number - 1] if 0 < number <= len(words) else found[2] or code
