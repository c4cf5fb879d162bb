"""The tomogram of a series, as far as positions in it need it."""

from dataclasses import dataclass

__all__ = ["VolumeGrid"]


@dataclass(frozen=True, slots=True)
class VolumeGrid:
    """Size of a tomogram."""

    size: tuple[int, int, int]
    """In voxels."""
    voxel_size: float
    """In Å."""

    @property
    def centre(self) -> tuple[float, float, float]:
        """Position of voxel ⌊N/2⌋ in Å from the first voxel.

        >>> VolumeGrid((100, 81, 40), 2.0).centre
        (100.0, 80.0, 40.0)
        """
        x, y, z = (size // 2 * self.voxel_size for size in self.size)
        return x, y, z
