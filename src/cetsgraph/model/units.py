"""Units as types: a field says its unit by its annotation, and the ontology takes it from there.

`Angstrom` is `float` to Python and carries a `Unit` for everything that is derived from the model.
"""

from dataclasses import dataclass
from typing import Annotated

from cetsgraph.model.base import Array

__all__ = [
    "UNITS",
    "Angstrom",
    "Bytes",
    "Degree",
    "ElectronPerPixelPerSecond",
    "ElectronPerSquareAngstrom",
    "ElectronPerSquareAngstromPerSecond",
    "Fraction",
    "Kelvin",
    "KiloVolt",
    "MicroMetre",
    "MicroMetres",
    "MilliMetre",
    "NanoMetre",
    "Percent",
    "Pixels",
    "Second",
    "Unit",
]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measurement: its name, symbol, UCUM code and, where QUDT has one, its QUDT local name."""

    name: str
    symbol: str
    ucum: str
    qudt: str | None = None


ANGSTROM = Unit("angstrom", "Å", "Ao", "ANGSTROM")
NANOMETRE = Unit("nanometre", "nm", "nm", "NanoM")
MICROMETRE = Unit("micrometre", "µm", "um", "MicroM")
MILLIMETRE = Unit("millimetre", "mm", "mm", "MilliM")
DEGREE = Unit("degree", "°", "deg", "DEG")
KILOVOLT = Unit("kilovolt", "kV", "kV", "KiloV")
KELVIN = Unit("kelvin", "K", "K", "K")
SECOND = Unit("second", "s", "s", "SEC")
PERCENT = Unit("percent", "%", "%", "PERCENT")
FRACTION = Unit("fraction", "1", "1", "UNITLESS")
PIXELS = Unit("number of pixels", "pixels", "{pixel}", "NUM")
BYTES = Unit("byte", "bytes", "By", "BYTE")
ELECTRON_PER_SQUARE_ANGSTROM = Unit("electron per square angstrom", "e⁻/Å²", "{electron}/Ao2")
ELECTRON_PER_SQUARE_ANGSTROM_PER_SECOND = Unit(
    "electron per square angstrom per second", "e⁻/Å²/s", "{electron}/Ao2/s"
)
ELECTRON_PER_PIXEL_PER_SECOND = Unit("electron per pixel per second", "e⁻/pixel/s", "{electron}/{pixel}/s")

UNITS: tuple[Unit, ...] = (
    ANGSTROM,
    NANOMETRE,
    MICROMETRE,
    MILLIMETRE,
    DEGREE,
    KILOVOLT,
    KELVIN,
    SECOND,
    PERCENT,
    FRACTION,
    PIXELS,
    BYTES,
    ELECTRON_PER_SQUARE_ANGSTROM,
    ELECTRON_PER_SQUARE_ANGSTROM_PER_SECOND,
    ELECTRON_PER_PIXEL_PER_SECOND,
)

Angstrom = Annotated[float, ANGSTROM]
NanoMetre = Annotated[float, NANOMETRE]
MicroMetre = Annotated[float, MICROMETRE]
MilliMetre = Annotated[float, MILLIMETRE]
Degree = Annotated[float, DEGREE]
KiloVolt = Annotated[float, KILOVOLT]
Kelvin = Annotated[float, KELVIN]
Second = Annotated[float, SECOND]
Percent = Annotated[float, PERCENT]
Fraction = Annotated[float, FRACTION]
Pixels = Annotated[int, PIXELS]
Bytes = Annotated[int, BYTES]
MicroMetres = Annotated[list[float], Array("N"), MICROMETRE]
ElectronPerSquareAngstrom = Annotated[float, ELECTRON_PER_SQUARE_ANGSTROM]
ElectronPerSquareAngstromPerSecond = Annotated[float, ELECTRON_PER_SQUARE_ANGSTROM_PER_SECOND]
ElectronPerPixelPerSecond = Annotated[float, ELECTRON_PER_PIXEL_PER_SECOND]
