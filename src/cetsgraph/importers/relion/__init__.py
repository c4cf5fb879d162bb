"""STAR files of RELION 3, 4 and 5 and of WarpTools: tilt series, tomograms, particles, optimisation sets."""

from cetsgraph.importers.importer import Importer
from cetsgraph.importers.relion.projects import frame_files, gather, recognise
from cetsgraph.importers.relion.regions import regions

__all__ = ["IMPORTER"]

IMPORTER = Importer(
    name="relion",
    mapping=1,
    evidence="a STAR column such as _rlnTomoTiltSeriesStarFile, _rlnTomoYTilt or _rlnCoordinateZ",
    recognise=recognise,
    gather=gather,
    regions=regions,
    asked_for=frame_files,
    partners=("mdoc",),
    completed_by=("mdoc", "imod", "aretomo", "warp", "ctffind"),
    mapped={
        "rlnTomoName": "Region.id",
        "rlnVoltage": "TiltSeriesMicrographStack.accelerating_voltage",
        "rlnSphericalAberration": "TiltSeriesMicrographStack.spherical_aberration",
        "rlnAmplitudeContrast": "TiltSeriesMicrographStack.amplitude_contrast",
        "rlnTomoTiltSeriesPixelSize": "TiltSeriesMicrograph.pixel_size",
        "rlnTomoHand": "CTFMetadata.defocus_handedness",
        "rlnTomoSizeX": "Tomogram.width",
        "rlnTomoTomogramBinning": "Tomogram.voxel_size",
        "rlnTomoReconstructedTomogram": "Tomogram.path",
        "rlnMicrographMovieName": "MovieStack.path",
        "rlnMicrographShiftX": "MovieFrame.motion_correction_transformations",
        "rlnMicrographGainName": "GainFile.path",
        "rlnMicrographName": "TiltSeriesMicrograph.path",
        "rlnTomoNominalStageTiltAngle": "TiltSeriesMicrograph.nominal_tilt_angle",
        "rlnTomoNominalTiltAxisAngle": "TiltSeriesMicrographStack.tilt_axis_angle",
        "rlnMicrographPreExposure": "TiltSeriesMicrograph.accumulated_dose",
        "rlnDefocusU": "CTFMetadata.defocus_u",
        "rlnDefocusAngle": "CTFMetadata.defocus_angle",
        "rlnPhaseShift": "CTFMetadata.phase_shift",
        "rlnTomoXTilt": "ProjectionAlignment.x_tilt",
        "rlnTomoYTilt": "ProjectionAlignment.y_tilt",
        "rlnTomoZRot": "ProjectionAlignment.z_rotation",
        "rlnTomoXShiftAngst": "ProjectionAlignment.shift",
        "rlnCenteredCoordinateXAngst": "PointSet.coordinates",
        "rlnCoordinateX": "PointSet.coordinates",
        "rlnAngleRot": "PointSet.rotations",
        "rlnTomoParticleName": "PointSet.point_ids",
        "rlnClassNumber": "PointSet.point_attributes",
    },
)
