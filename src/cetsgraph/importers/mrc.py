"""The importer of headers of images: MRC files, and OME-Zarr."""

from cetsgraph.importers.image_headers import dataset, gather, recognise
from cetsgraph.importers.importer import Importer

__all__ = ["IMPORTER"]

IMPORTER = Importer(
    name="mrc",
    mapping=1,
    evidence="MAP at byte 208; multiscales in .zattrs or zarr.json; not where another kind is beside it",
    recognise=recognise,
    gather=gather,
    dataset=dataset,
    last=True,
    mapped={
        "nx": "Tomogram.width",
        "ny": "Tomogram.height",
        "nz": "Tomogram.depth",
        "nz of a stack": "TiltSeriesMicrographStack.tilt_count",
        "cella_x": "Tomogram.voxel_size",
        "multiscales/*/datasets/0/coordinateTransformations": "Tomogram.voxel_size",
        "shape": "Tomogram.width",
    },
)
