"""What the headers of images say, where nothing else says more: sizes, and Å from voxel to voxel."""

from cetsgraph.importers.image_headers.claims import gather, recognise
from cetsgraph.importers.image_headers.dataset import dataset

__all__ = ["dataset", "gather", "recognise"]
