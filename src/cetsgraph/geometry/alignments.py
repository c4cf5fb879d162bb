"""Alignments of tilt series as programs write them, and from one program to another.

Each program has a row per tilt image; `from_…` makes a `Projection` of it, `to_…` a row of a projection.
RELION 5 needs no functions: rlnTomoXTilt, YTilt, ZRot, XShiftAngst and YShiftAngst are the numbers of one.

Shifts in pixels are of the stack that was aligned, not of the tomogram. Without its pixel size a projection
has no shift, and a projection without a shift is written with zeros.

Sources: RELION 5 (tomogram.cpp, align_tiltseries_runner.cpp), the manual pages of IMOD's tilt and xf,
AreTomo2 (CSaveXF.cpp), WarpTools, the schema of the CryoET Data Portal, EMAN2 (transform.cpp).
"""

from collections.abc import Sequence
from math import atan2, cos, degrees, radians, sin, sqrt
from typing import NamedTuple

from cetsgraph.geometry.projections import Projection, Vector, angles_of_matrix

__all__ = [
    "AreTomoTilt",
    "Eman2Tilt",
    "ImodTransform",
    "ImodView",
    "PortalSection",
    "RelionMatrix",
    "WarpTilt",
    "from_aretomo",
    "from_eman2",
    "from_imod",
    "from_portal",
    "from_relion4",
    "from_warp",
    "to_aretomo",
    "to_eman2",
    "to_imod",
    "to_portal",
    "to_relion4",
    "to_warp",
]

Pair = tuple[float, float]


class ImodTransform(NamedTuple):
    """A line of an .xf file, which takes the image as it was taken to the aligned one; lengths in pixels.

    Without numbers, it changes nothing.
    """

    a11: float = 1.0
    a12: float = 0.0
    a21: float = 0.0
    a22: float = 1.0
    dx: float = 0.0
    dy: float = 0.0

    @property
    def magnification(self) -> float:
        """By how much the transform enlarges the image, √|det A|; 1 for a rotation."""
        return sqrt(abs(self.a11 * self.a22 - self.a12 * self.a21))


class ImodView(NamedTuple):
    """One tilt image in IMOD's files: .xf, .tlt and .xtilt."""

    transform: ImodTransform
    tilt: float
    x_tilt: float = 0.0


class AreTomoTilt(NamedTuple):
    """ROT, TX, TY and TILT of a row of an .aln file; degrees and pixels."""

    rot: float
    tx: float
    ty: float
    tilt: float


class WarpTilt(NamedTuple):
    """Angle, AxisAngle, AxisOffsetX and Y of a tilt in Warp's XML or tomostar; degrees and Å."""

    angle: float
    axis_angle: float
    axis_offset_x: float = 0.0
    axis_offset_y: float = 0.0


class RelionMatrix(NamedTuple):
    """rlnTomoProjX, Y and Z of RELION 4 and WarpTools: rows of four, pixels from corner to corner."""

    x: Sequence[float]
    y: Sequence[float]
    z: Sequence[float]


class PortalSection(NamedTuple):
    """Per-section alignment parameters of the CryoET Data Portal; degrees, and offsets in pixels."""

    tilt_angle: float
    volume_x_rotation: float
    in_plane_rotation: tuple[Pair, Pair]
    x_offset: float
    y_offset: float


class Eman2Tilt(NamedTuple):
    """A row of tlt_params of EMAN2; unbinned pixels and degrees."""

    tx: float
    ty: float
    z: float
    y: float
    x: float


def from_imod(
    view: ImodView,
    pixel_size: float | None = None,
    *,
    offset: float = 0.0,
    x_axis_tilt: float = 0.0,
    volume_shift: Pair = (0.0, 0.0),
) -> Projection:
    """The projection of a view of IMOD.

    >>> from_imod(ImodView(ImodTransform(0.0, 1.0, -1.0, 0.0, 2.0, 3.0), -60.0), 10.0)
    Projection(x_tilt=0.0, y_tilt=-60.0, z_rotation=90.0, shift=(30.0, -20.0))

    Args:
        view: the view.
        pixel_size: of the stack that was aligned, in Å.
        offset: OFFSET of tilt.com, in degrees.
        x_axis_tilt: XAXISTILT of tilt.com, in degrees.
        volume_shift: SHIFT of tilt.com, X and Z, in pixels of the stack that was aligned.
    """
    a11, a12, a21, a22, dx, dy = view.transform
    turned = Projection(view.x_tilt + x_axis_tilt, view.tilt + offset, degrees(atan2(-a21, a11)))
    determinant = a11 * a22 - a12 * a21
    if pixel_size is None or determinant == 0:
        return turned
    x, y = (a12 * dy - a22 * dx) / determinant, (a21 * dx - a11 * dy) / determinant
    moved_x, moved_y = _seen_volume_shift(turned, volume_shift)
    return _shifted(turned, (x - moved_x, y - moved_y), pixel_size)


def to_imod(
    projection: Projection,
    pixel_size: float,
    *,
    offset: float = 0.0,
    x_axis_tilt: float = 0.0,
    volume_shift: Pair = (0.0, 0.0),
) -> ImodView:
    """The view of IMOD that a projection is; arguments as in `from_imod`."""
    x, y = _pixels(projection, pixel_size)
    moved_x, moved_y = _seen_volume_shift(projection, volume_shift)
    x, y = x + moved_x, y + moved_y
    c, s = cos(radians(projection.z_rotation)), sin(radians(projection.z_rotation))
    transform = ImodTransform(c, s, -s, c, -(c * x + s * y), s * x - c * y)
    return ImodView(transform, projection.y_tilt - offset, projection.x_tilt - x_axis_tilt)


def from_aretomo(tilt: AreTomoTilt, pixel_size: float | None = None) -> Projection:
    """The projection of a row of an .aln file.

    AlphaOffset is already in TILT, and BetaOffset does not turn the tomogram.

    >>> from_aretomo(AreTomoTilt(-96.3, -16.0, 20.0, -45.0), 1.5)
    Projection(x_tilt=0.0, y_tilt=-45.0, z_rotation=-96.3, shift=(-24.0, 30.0))
    """
    return _shifted(Projection(0.0, tilt.tilt, tilt.rot), (tilt.tx, tilt.ty), pixel_size)


def to_aretomo(projection: Projection, pixel_size: float) -> AreTomoTilt:
    """The row of an .aln file that a projection is; AreTomo has no rotation about X, which is left out."""
    return AreTomoTilt(projection.z_rotation, *_pixels(projection, pixel_size), projection.y_tilt)


def from_warp(tilt: WarpTilt, *, level_x: float = 0.0, level_y: float = 0.0) -> Projection:
    """The projection of a tilt of Warp, without what its grids of movement and angles add.

    Warp tilts the other way than other programs: 45 is a tilt of −45°.

    >>> from_warp(WarpTilt(45.0, 83.9, 2.0, 1.0), level_y=-5.0)
    Projection(x_tilt=0.0, y_tilt=-40.0, z_rotation=83.9, shift=(2.0, 1.0))

    Args:
        tilt: the tilt.
        level_x: LevelAngleX of the series, in degrees.
        level_y: LevelAngleY of the series, in degrees.
    """
    shift = (tilt.axis_offset_x, tilt.axis_offset_y)
    return Projection(level_x, -(tilt.angle + level_y) + 0.0, tilt.axis_angle, shift)


def to_warp(projection: Projection, *, level_y: float = 0.0) -> WarpTilt:
    """The tilt of Warp that a projection is; its rotation about X is LevelAngleX of the series."""
    shift = projection.shift or (0.0, 0.0)
    return WarpTilt(-projection.y_tilt - level_y + 0.0, projection.z_rotation, *shift)


def from_relion4(
    matrix: RelionMatrix, pixel_size: float | None = None, *, volume: Vector, image: Pair | None = None
) -> Projection:
    """The projection of a matrix of RELION 4.

    >>> matrix = RelionMatrix((1.0, 0.0, 0.0, -36.0), (0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0))
    >>> from_relion4(matrix, 2.0, volume=(100.0, 100.0, 50.0), image=(20.0, 100.0))
    Projection(x_tilt=0.0, y_tilt=0.0, z_rotation=0.0, shift=(8.0, 0.0))

    Args:
        matrix: the rows.
        pixel_size: of the tilt images, in Å.
        volume: rlnTomoSizeX, Y and Z, in pixels of the tilt images.
        image: width and height of the tilt images, in pixels; without them there is no shift.
    """
    turned = angles_of_matrix(matrix)
    if image is None:
        return turned
    x, y = (_recentred(row, volume, size) for row, size in zip(matrix[:2], image, strict=True))
    return _shifted(turned, (x, y), pixel_size)


def to_relion4(projection: Projection, pixel_size: float, *, volume: Vector, image: Pair) -> RelionMatrix:
    """The matrix of RELION 4 that a projection is; arguments as in `from_relion4`."""
    shift = (*_pixels(projection, pixel_size), 0.0)
    rows = []
    for row, size, moved in zip(projection.matrix, (*image, volume[2]), shift, strict=True):
        rows.append((*row, moved - _recentred((*row, 0.0), volume, size)))
    return RelionMatrix(*rows)


def from_portal(section: PortalSection, pixel_size: float | None = None) -> Projection:
    """The projection of a section of the portal, by the pixel size of its tilt series.

    >>> from_portal(PortalSection(30.0, 0.0, ((0.0, -1.0), (1.0, 0.0)), 4.0, -2.0), 1.5)
    Projection(x_tilt=0.0, y_tilt=30.0, z_rotation=90.0, shift=(6.0, -3.0))
    """
    (m11, _), (m21, _) = section.in_plane_rotation
    turned = Projection(section.volume_x_rotation, section.tilt_angle, degrees(atan2(m21, m11)))
    return _shifted(turned, (section.x_offset, section.y_offset), pixel_size)


def to_portal(projection: Projection, pixel_size: float) -> PortalSection:
    """The section of the portal that a projection is."""
    c, s = cos(radians(projection.z_rotation)), sin(radians(projection.z_rotation))
    offsets = _pixels(projection, pixel_size)
    return PortalSection(projection.y_tilt, projection.x_tilt, ((c, -s), (s, c)), *offsets)


def from_eman2(tilt: Eman2Tilt, pixel_size: float | None = None) -> Projection:
    """The projection of a row of EMAN2, by the unbinned pixel size (apix_unbin).

    >>> from_eman2(Eman2Tilt(3.0, 4.0, 85.0, -30.0, 1.0), 2.0)
    Projection(x_tilt=-1.0, y_tilt=30.0, z_rotation=-85.0, shift=(6.0, 8.0))
    """
    return _shifted(Projection(-tilt.x, -tilt.y, -tilt.z), (tilt.tx, tilt.ty), pixel_size)


def to_eman2(projection: Projection, pixel_size: float) -> Eman2Tilt:
    """The row of EMAN2 that a projection is."""
    angles = (-projection.z_rotation, -projection.y_tilt, -projection.x_tilt)
    return Eman2Tilt(*_pixels(projection, pixel_size), *angles)


def _shifted(turned: Projection, pixels: Pair, pixel_size: float | None) -> Projection:
    """A projection with its shift in Å, if the pixel size is known."""
    if pixel_size is None:
        return turned
    x, y = pixels
    return Projection(turned.x_tilt, turned.y_tilt, turned.z_rotation, (x * pixel_size, y * pixel_size))


def _pixels(projection: Projection, pixel_size: float) -> Pair:
    """The shift in pixels."""
    x, y = projection.shift or (0.0, 0.0)
    return x / pixel_size, y / pixel_size


def _seen_volume_shift(projection: Projection, volume_shift: Pair) -> Pair:
    """How a shift of IMOD's volume along X and Z is seen in the image, in the same unit."""
    x, z = volume_shift
    (m11, _, m13), (m21, _, m23), _ = projection.matrix
    return m11 * x + m13 * z, m21 * x + m23 * z


def _recentred(row: Sequence[float], volume: Vector, size: float) -> float:
    """The shift along one axis, in pixels, between the centres of volume and image."""
    return sum(a * n / 2 for a, n in zip(row, volume, strict=False)) + row[3] - size // 2
