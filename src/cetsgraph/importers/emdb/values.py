"""Values of EMDB's two forms: elements with attributes in XML, and in JSON objects with `valueOf_`."""

import unicodedata

from cetsgraph.importers.fields import Fields
from cetsgraph.importers.numbers import rounded

__all__ = ["attribute", "content", "listed", "measure", "text"]

_TEXT = "#text"
_FACTORS = {
    "nm": {"nm": 1.0, "μm": 1000.0, "Å": 0.1},
    "μm": {"μm": 1.0, "nm": 0.001},
    "Å": {"Å": 1.0, "nm": 10.0},
    "kV": {"kV": 1.0, "V": 0.001},
    "mm": {"mm": 1.0, "μm": 0.001},
    "K": {"K": 1.0},
    "%": {"percentage": 1.0, "%": 1.0},
    "deg": {"deg": 1.0, "degrees": 1.0},
}
"""For each unit of the model, what a value in another one is multiplied by."""
_USUAL = {"nm": "μm"}
"""The unit in which EMDB states what the model has in another."""


def listed(fields: Fields, name: str) -> list[Fields]:
    """The objects of a list: in JSON all have one name, in XML each has that of its class before it.

    `tomography_microscopy` and `microscopy` are both listed as `microscopy`.
    """
    keys = [key for key in fields if key == name or key.endswith(f"_{name}")]
    return [one for key in keys for one in fields.parts(key, text=_TEXT)]


def content(fields: Fields) -> str | None:
    """The text of an element."""
    return fields.text(_TEXT) or fields.text("valueOf_")


def text(fields: Fields, key: str) -> str | None:
    """A text, with or without attributes."""
    return content(fields.part(key, text=_TEXT))


def attribute(fields: Fields, name: str) -> str | None:
    """A text that is an attribute in XML; in JSON its name may end in `_`."""
    return fields.text(f"@{name}") or fields.text(name) or fields.text(f"{name}_")


def measure(fields: Fields, key: str, unit: str) -> float | None:
    """A number in a unit of the model; None if there is none. A unit that is not known is reported.

    Units are compared in their canonical form: Å is U+00C5 in JSON and U+212B in XML.
    """
    value = fields.part(key, text=_TEXT)
    number = value.number("valueOf_" if "valueOf_" in value else _TEXT)
    stated = attribute(value, "units") or _USUAL.get(unit, unit)
    factor = _FACTORS[unit].get(unicodedata.normalize("NFKC", stated))
    if number is None:
        return None
    if factor is None:
        fields.dropped(key, f"{number} {stated}")
        return None
    return number if factor == 1 else rounded(number * factor)
