"""Units of sources: what a number in one of them is in a unit of the model."""

import unicodedata

from cetsgraph.importers.numbers import rounded

__all__ = ["converted"]

_FACTORS = {
    "Å": {"Å": 1.0, "A": 1.0, "angstrom": 1.0, "nm": 10.0, "nanometer": 10.0, "nanometre": 10.0,
          "μm": 1e4, "um": 1e4, "micrometer": 1e4, "micrometre": 1e4, "m": 1e10, "meter": 1e10},
    "nm": {"nm": 1.0, "μm": 1000.0, "um": 1000.0, "Å": 0.1},
    "μm": {"μm": 1.0, "um": 1.0, "nm": 0.001},
    "mm": {"mm": 1.0, "μm": 0.001, "um": 0.001},
    "kV": {"kV": 1.0, "V": 0.001},
    "K": {"K": 1.0},
    "%": {"percentage": 1.0, "%": 1.0},
    "deg": {"deg": 1.0, "degrees": 1.0, "°": 1.0},
    "s": {"s": 1.0, "ms": 0.001},
    "e/Å²": {"1/Å2": 1.0, "1/Å^2": 1.0, "e/Å2": 1.0, "e/Å^2": 1.0, "e-/Å2": 1.0, "e-/Å^2": 1.0},
}  # fmt: skip
"""For each unit of the model, what a value in another one is multiplied by."""


def converted(number: float, stated: str, unit: str) -> float | None:
    """A number in a unit of the model; None where the stated unit is no such unit.

    Units are compared in their canonical form: Å is U+00C5 in one file and U+212B in another.

    >>> converted(-4, "µm", "nm"), converted(300, "kV", "kV"), converted(3, "furlong", "Å")
    (-4000.0, 300, None)
    """
    factor = _FACTORS[unit].get(unicodedata.normalize("NFKC", stated.strip()))
    if factor is None:
        return None
    return number if factor == 1 else rounded(number * factor)
