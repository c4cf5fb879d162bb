"""A small document of each dialect to begin a new one with: usual fields, with values to be replaced."""

from cetsgraph.documents.dialects import write_dataset
from cetsgraph.documents.document import Written
from cetsgraph.model import (
    Alignment,
    CTFMetadata,
    DataSet,
    Detector,
    ImagingParameters,
    MovieFrame,
    MovieStack,
    MovieStackCollection,
    MovieStackSeries,
    PointSet,
    ProjectionAlignment,
    Region,
    SamplePreparation,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
    Transformation,
    Vitrification,
)

__all__ = ["template"]

_TILTS = (0.0, 3.0, -3.0)  # in the order in which they were taken
_DOSE = 3.0  # e⁻/Å² per image
_PIXEL, _SIZE = 1.5, 4000
_BINNED = 4
_OLDEST = "2025-12"


def template(dialect: str, *, revision: str | None = None) -> Written:
    """A document of a dialect with one tilt series, its movies, alignment, tomogram and picked points.

    >>> [series["id"] for series in template("cets-data-model").data["regions"][0]["tilt_series"]]
    ['TS_01']

    Args:
        dialect: one of `DIALECTS`.
        revision: revision of cets-data-model; `main` if not given.

    Raises:
        CetsGraphError: there is no such dialect or revision.
    """
    dataset = _data_set()
    if revision == _OLDEST:  # which tells neither what an alignment aligns nor where points are
        region = dataset.regions[0]
        region.annotations = []
        region.tomo_image_sets[0].alignments = []
    return write_dataset(dataset, dialect, revision=revision)


def _data_set() -> DataSet:
    imaging = TomoImageSet(
        imaging=ImagingParameters(
            microscope_model="MODEL",
            accelerating_voltage=300.0,
            spherical_aberration=2.7,
            detector=Detector(detector_mode="COUNTING"),
        ),
        sample_preparation=SamplePreparation(vitrification=Vitrification(cryogen_name="ETHANE")),
        movie_stack_collections=[MovieStackCollection(movie_stack_series=[_movies()])],
        tilt_series_sets=[TiltSeriesSet(tilt_series=[_tilt_series()])],
        alignments=[_alignment()],
        tomogram_sets=[TomogramSet(tomograms=[_tomogram()])],
    )
    picked = PointSet(
        id="TS_01_ribosomes",
        name="ribosomes",
        source_tomogram_id=["TS_01_tomogram"],
        unit="angstrom",
        origin="centre",
        dimension=3,
        coordinates=[[120.0, -340.5, 60.0], [-810.0, 95.25, -30.0]],
    )
    return DataSet(
        name="NAME-OF-THE-DATA-SET",
        regions=[Region(id="TS_01_region", tomo_image_sets=[imaging], annotations=[picked])],
    )


def _movies() -> MovieStackSeries:
    stacks = [
        MovieStack(
            id=f"TS_01_{index}",
            path=f"frames/TS_01_{index}.mrc",
            frames=[
                MovieFrame(section=section, width=_SIZE, height=_SIZE, pixel_size=_PIXEL)
                for section in range(2)
            ],
        )
        for index in range(len(_TILTS))
    ]
    return MovieStackSeries(id="TS_01_movies", movie_stacks=stacks)


def _tilt_series() -> TiltSeriesMicrographStack:
    images = [
        TiltSeriesMicrograph(
            id=f"TS_01_image_{section}",
            movie_stack_id=f"TS_01_{taken}",
            section=section,
            width=_SIZE,
            height=_SIZE,
            pixel_size=_PIXEL,
            nominal_tilt_angle=angle,
            acquisition_order=taken,
            exposure_dose=_DOSE,
            accumulated_dose=taken * _DOSE,
            dose_convention="before",
            ctf_metadata=CTFMetadata(
                defocus_u=35_000.0, defocus_v=34_500.0, defocus_angle=20.0, defocus_handedness=-1
            ),
        )
        for section, (angle, taken) in enumerate(sorted((angle, taken) for taken, angle in enumerate(_TILTS)))
    ]
    return TiltSeriesMicrographStack(
        id="TS_01", path="TS_01.mrc", micrographs=images, movie_stack_series_id="TS_01_movies",
        accelerating_voltage=300.0, spherical_aberration=2.7, tilt_axis_angle=85.0,
    )  # fmt: skip


def _alignment() -> Alignment:
    rows = [
        ProjectionAlignment(
            id=f"TS_01_alignment_{section}",
            name="tomogram_to_projection",
            tilt_image_id=f"TS_01_image_{section}",
            sequence=[Transformation(transformation_type="translation", translation=[4.5, -3.0, 0.0])],
        )
        for section in range(len(_TILTS))
    ]
    return Alignment(id="TS_01_alignment", tilt_series_id="TS_01", projection_alignments=rows)


def _tomogram() -> Tomogram:
    return Tomogram(
        id="TS_01_tomogram", path="TS_01.rec", tilt_series_id=["TS_01"], voxel_size=_BINNED * _PIXEL,
        width=_SIZE // _BINNED, height=_SIZE // _BINNED, depth=300, ctf_corrected=True,
    )  # fmt: skip
