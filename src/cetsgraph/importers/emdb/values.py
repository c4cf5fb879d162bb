"""Values of EMDB's two forms: elements with attributes in XML, and in JSON objects with `valueOf_`."""

from cetsgraph.importers.fields import Fields
from cetsgraph.importers.units import converted

__all__ = ["attribute", "content", "listed", "measure", "text"]

_TEXT = "#text"
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
    """A number in a unit of the model; None if there is none. A unit that is not known is reported."""
    value = fields.part(key, text=_TEXT)
    number = value.number("valueOf_" if "valueOf_" in value else _TEXT)
    stated = attribute(value, "units") or _USUAL.get(unit, unit)
    found = None if number is None else converted(number, stated, unit)
    if number is not None and found is None:
        fields.dropped(key, f"{number} {stated}")
    return found
