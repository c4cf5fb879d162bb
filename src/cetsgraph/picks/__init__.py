"""Picks for analysts: every point of point sets, sets of particles and single points, one row each.

Positions come in Å from the centre of the tomogram and in voxels, however the annotation gives them;
rotations as matrices or as the angles of a program. They are read piece by piece, so that millions fit.

Raises ExtraNotInstalled on import where the packages of the extra `frames` are missing.
"""

from cetsgraph.extras import importing_extras

with importing_extras():
    from cetsgraph.picks.files import FORMS, write_picks
    from cetsgraph.picks.picks import Picks, read_picks

__all__ = ["FORMS", "Picks", "read_picks", "write_picks"]
