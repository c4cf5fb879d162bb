"""What the columns of each format of points are: a layout for each, read by one reader."""

from dataclasses import dataclass, replace

__all__ = [
    "COPICK",
    "DYNAMO",
    "DYNAMO_COLUMNS",
    "IMOD",
    "MOTL_COLUMNS",
    "PEET",
    "PORTAL",
    "STOPGAP",
    "TOM",
    "Layout",
]

Names = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Names of columns by what they say."""

    convention: str
    """How positions are counted, of `geometry.POSITIONS`."""
    position: Names
    scale: float = 1.0
    """How many units of the convention the unit of positions is."""
    shift: Names | None = None
    """What is added to the position, in the same unit."""
    angles: Names | None = None
    program: str = ""
    """Whose angles these are, of `geometry.ANGLES`."""
    matrix: tuple[str, ...] = ()
    """Nine columns, row by row."""
    identifier: str | None = None
    attributes: tuple[str, ...] = ()
    tomogram: str | None = None
    """Number or name of the tomogram."""
    zero_is_nothing: bool = False
    """Whether a column of zeros says nothing."""


def _matrix(name: str) -> tuple[str, ...]:
    return tuple(f"{name}/{row}/{column}" for row in range(3) for column in range(3))


_LOCATION = ("location/x", "location/y", "location/z")

PORTAL = Layout(convention="portal", position=_LOCATION, identifier="instance_id", tomogram="tomogram")
"""Points of the CryoET Data Portal: voxels, the first is 0."""

PORTAL_ORIENTED = replace(PORTAL, matrix=_matrix("xyz_rotation_matrix"))
"""Its oriented points."""

COPICK = Layout(
    convention="corner",
    position=_LOCATION,
    shift=("transformation_/0/3", "transformation_/1/3", "transformation_/2/3"),
    matrix=_matrix("transformation_"),
    identifier="instance_id",
    attributes=("score",),
)
"""Points of copick: Å from the first voxel."""

DYNAMO_COLUMNS = (
    *("tag", "aligned", "averaged", "dx", "dy", "dz", "tdrot", "tilt", "narot", "cc", "cc2", "cpu", "ftype"),
    *("ymintilt", "ymaxtilt", "xmintilt", "xmaxtilt", "fs1", "fs2", "tomo", "reg", "class", "annotation"),
    *("x", "y", "z", "dshift", "daxis", "dnarot", "dcc", "otag", "npar", "33", "ref", "sref", "apix", "def"),
    *("38", "39", "40", "eig1", "eig2"),
)
"""Columns of a table of Dynamo, whose lines may end earlier or go on.

https://www.dynamo-em.org/w/index.php?title=Table_convention
"""

DYNAMO = Layout(
    convention="dynamo",
    position=("x", "y", "z"),
    shift=("dx", "dy", "dz"),
    angles=("tdrot", "tilt", "narot"),
    program="dynamo",
    identifier="tag",
    attributes=("cc", "reg", "class", "annotation"),
    tomogram="tomo",
    zero_is_nothing=True,
)
"""Tables of Dynamo: voxels, the first is 1."""

STOPGAP = Layout(
    convention="stopgap",
    position=("orig_x", "orig_y", "orig_z"),
    shift=("x_shift", "y_shift", "z_shift"),
    angles=("phi", "psi", "the"),
    program="stopgap",
    identifier="motl_idx",
    attributes=("subtomo_num", "object", "halfset", "score", "class"),
    tomogram="tomo_num",
)
"""Motivelists of STOPGAP."""

MOTL_COLUMNS = tuple(str(row) for row in range(1, 21))
"""The 20 rows of a motivelist of TOM, AV3 and PEET."""

TOM = Layout(
    convention="dynamo",
    position=("8", "9", "10"),
    shift=("11", "12", "13"),
    angles=("17", "18", "19"),
    program="stopgap",
    identifier="4",
    attributes=("1", "6", "20"),
    tomogram="5",
    zero_is_nothing=True,
)
"""Motivelists of TOM and AV3: voxels, the first is 1; angles are phi, psi, theta as STOPGAP has them."""

PEET = Layout(
    convention="imod",
    position=("x", "y", "z"),
    shift=("11", "12", "13"),
    angles=("17", "18", "19"),
    program="stopgap",
    identifier="4",
    attributes=("1", "20"),
    zero_is_nothing=True,
)
"""Motivelists of PEET, whose positions are the points of a model of IMOD."""

IMOD = Layout(
    convention="imod",
    position=("x", "y", "z"),
    angles=("slicer x", "slicer y", "slicer z"),
    program="imod",
    attributes=("contour", "sphere_radius"),
)
"""Points of a model of IMOD, with the angles of the slicer where it has them."""
