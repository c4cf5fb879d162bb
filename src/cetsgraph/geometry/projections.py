"""How one tilt image shows the tomogram: three angles and a shift, the form that all alignments go through.

A point r of the tomogram is seen in the image at

    shift + rows x and y of Rz(z_rotation) · Ry(y_tilt) · Rx(x_tilt) · r

with right-handed rotations in degrees, lengths in Å, and both origins in the centre, voxel or pixel ⌊N/2⌋
(RELION 5: jaz/tomography/tomogram.cpp; its columns are these numbers). The tilt axis in the image is
Rz(z_rotation) · y: its angle counts from the Y axis of the image, counter-clockwise.

Programs turn images about different points, (N−1)/2, ⌊N/2⌋ or N/2: they differ by at most one unbinned pixel,
which none of them corrects, and which is not corrected here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin

__all__ = ["Projection", "angles_of_matrix", "between_lines"]

Vector = tuple[float, float, float]
Rows = tuple[Vector, Vector, Vector]

_POLE = 1e-9  # below this cosine of the tilt, the other two angles turn about one axis


@dataclass(frozen=True, slots=True)
class Projection:
    """How one tilt image shows the tomogram."""

    x_tilt: float = 0.0
    """Rotation about X, the first, in degrees."""
    y_tilt: float = 0.0
    """Rotation about Y, the tilt, in degrees."""
    z_rotation: float = 0.0
    """Rotation about Z, in the image, in degrees."""
    shift: tuple[float, float] | None = None
    """Where the centre of the tomogram is seen, in Å from the centre of the image; None if not known."""

    @property
    def matrix(self) -> Rows:
        """The rotation (3×3, row by row) that takes the tomogram into the image, for column vectors.

        >>> [[round(value) for value in row] for row in Projection(z_rotation=90).matrix]
        [[0, -1, 0], [1, 0, 0], [0, 0, 1]]
        """
        (cx, sx), (cy, sy), (cz, sz) = map(_cos_sin, (self.x_tilt, self.y_tilt, self.z_rotation))
        return (
            (cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx),
            (sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx),
            (-sy, cy * sx, cy * cx),
        )

    def seen(self, point: Sequence[float]) -> tuple[float, float]:
        """Where a point of the tomogram (x, y, z) is seen in the image, both in Å from the centre.

        >>> Projection(y_tilt=30.0, shift=(5.0, 0.0)).seen((0.0, 7.0, 10.0))
        (10.0, 7.0)
        """
        x, y = self.shift or (0.0, 0.0)
        first, second = (sum(a * b for a, b in zip(row, point, strict=True)) for row in self.matrix[:2])
        return round(x + first, 9), round(y + second, 9)


def angles_of_matrix(matrix: Sequence[Sequence[float]]) -> Projection:
    """The angles of a rotation (the first three columns of three rows), without a shift.

    Where the tilt is 90°, `x_tilt` is 0. A matrix that is scaled as a whole gives the same angles.

    >>> angles_of_matrix(Projection(0.0, 60.0, 90.0).matrix)
    Projection(x_tilt=0.0, y_tilt=60.0, z_rotation=90.0, shift=None)
    """
    (m11, m12, *_), (m21, m22, *_), (m31, m32, m33, *_) = matrix
    level = hypot(m32, m33)
    y_tilt = degrees(atan2(-m31, level))
    if level < _POLE * hypot(m31, level):
        return _rounded(0.0, y_tilt, degrees(atan2(-m12, m22)))
    return _rounded(degrees(atan2(m32, m33)), y_tilt, degrees(atan2(m21, m11)))


def _rounded(x_tilt: float, y_tilt: float, z_rotation: float) -> Projection:
    """Angles without the last bits, which differ from one machine's mathematics to another's."""
    return Projection(round(x_tilt, 12) + 0.0, round(y_tilt, 12) + 0.0, round(z_rotation, 12) + 0.0)


def _cos_sin(angle: float) -> tuple[float, float]:
    return cos(radians(angle)), sin(radians(angle))


def between_lines(one: float, other: float) -> float:
    """Degrees between two lines in a plane, such as tilt axes, which have no direction.

    >>> between_lines(84.3, -95.7), between_lines(-85.3, 85.3)
    (0.0, 9.4...)
    """
    difference = (one - other) % 180
    return min(difference, 180 - difference)
