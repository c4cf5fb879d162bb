"""Positions, matrices and angles in the conventions of the field, and from one to another.

Everything goes through one form: positions in Å from the centre of the tomogram, which is voxel ⌊N/2⌋,
rotation matrices that take the reference into the tomogram, for column vectors, and projections that take the
tomogram into a tilt image.

Positions and rotations are arrays: using them raises ExtraNotInstalled where the packages of the extra
`frames` are missing. `cetsgraph.geometry.projections` and `alignments` need none.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cetsgraph.extras import importing_extras
from cetsgraph.geometry.projections import Projection, angles_of_matrix

if TYPE_CHECKING:
    from cetsgraph.geometry.positions import (
        POSITIONS,
        Grid,
        PositionFrame,
        convert_matrices,
        convert_positions,
    )
    from cetsgraph.geometry.rotations import ANGLES, angles_of, matrices_of

__all__ = [
    "ANGLES",
    "POSITIONS",
    "PositionFrame",
    "Projection",
    "Grid",
    "angles_of",
    "angles_of_matrix",
    "convert_matrices",
    "convert_positions",
    "matrices_of",
]

_HOMES = {
    "ANGLES": "rotations",
    "angles_of": "rotations",
    "matrices_of": "rotations",
    "POSITIONS": "positions",
    "PositionFrame": "positions",
    "Grid": "positions",
    "convert_matrices": "positions",
    "convert_positions": "positions",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'cetsgraph.geometry' has no attribute {name!r}")
    with importing_extras():
        return getattr(import_module(f"cetsgraph.geometry.{_HOMES[name]}"), name)
