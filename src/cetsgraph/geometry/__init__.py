"""Positions, matrices and angles in the conventions of the field, and from one to another.

Everything goes through one form: positions in Å from the centre of the tomogram, which is voxel ⌊N/2⌋, and
rotation matrices that take the reference into the tomogram, for column vectors.

Raises ExtraNotInstalled on import where the packages of the extra `frames` are missing.
"""

from cetsgraph.extras import not_installed

try:
    from cetsgraph.geometry.positions import (
        POSITIONS,
        Grid,
        PositionFrame,
        convert_matrices,
        convert_positions,
    )
    from cetsgraph.geometry.rotations import ANGLES, angles_of, matrices_of
except ModuleNotFoundError as error:
    if (missing := not_installed(error)) is None:
        raise
    raise missing from error

__all__ = [
    "ANGLES",
    "POSITIONS",
    "PositionFrame",
    "Grid",
    "angles_of",
    "convert_matrices",
    "convert_positions",
    "matrices_of",
]
