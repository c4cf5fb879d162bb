"""The importer of AreTomo's files."""

from cetsgraph.importers.importer import Importer
from cetsgraph.importers.tilt_series import FAMILY
from cetsgraph.importers.tilt_series.aretomo import ARETOMO
from cetsgraph.importers.tilt_series.bundles import gather
from cetsgraph.importers.tilt_series.regions import regions

__all__ = ["IMPORTER"]

IMPORTER = Importer(
    name="aretomo",
    mapping=1,
    evidence="a first line # AreTomo Alignment, or # Columns: #1 micrograph number in a file _CTF.txt",
    recognise=ARETOMO.recognise,
    gather=gather,
    regions=regions,
    family=FAMILY,
    partners=("imod", "mdoc"),
    mapped={
        "ROT": "ProjectionAlignment.z_rotation",
        "TX": "ProjectionAlignment.shift",
        "TILT": "ProjectionAlignment.y_tilt",
        "AlphaOffset": "Alignment.tilt_offset",
        "BetaOffset": "Alignment.x_rotation_offset",
        "Thickness": "Alignment.specimen_thickness",
        "DarkFrame": "TiltSeriesMicrograph.excluded",
        "_CTF.txt, defocus": "CTFMetadata.defocus_u",
        "_CTF.txt, phase": "CTFMetadata.phase_shift",
        "_TLT.txt, order": "TiltSeriesMicrograph.acquisition_order",
        "TiltSeries_Metrics.csv, Pix_Size(A)": "TiltSeriesMicrograph.pixel_size",
        "_Vol.mrc": "Tomogram.path",
    },
)
