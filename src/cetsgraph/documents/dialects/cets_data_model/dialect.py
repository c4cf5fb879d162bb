"""Dialect B (`cets-data-model`): a region holds everything side by side, joined by ids.

The model has the parts of a region in a TomoImageSet, its tilt series and tomograms in sets; the dialect has
none of these three, and keeps annotations on the region only. Sampling is a Scale between two systems.
Facts: the LinkML schema published in TomoBabel/cets-data-models, `schema/linkml`, and its older revisions.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from cetsgraph.documents.dialects.cets_data_model import (
    alignments,
    annotations,
    coordinates,
    images,
    particles,
)
from cetsgraph.documents.dialects.cets_data_model.alignments import ALIGNMENT
from cetsgraph.documents.dialects.cets_data_model.annotations import ANNOTATION, tag_of
from cetsgraph.documents.dialects.cets_data_model.fragments import (
    form_of,
    guessed_form,
    read_fragment,
    write_fragment,
)
from cetsgraph.documents.dialects.cets_data_model.images import (
    MOVIE_STACK_COLLECTION,
    PARTICLE_MAP,
    TILT_SERIES,
    TOMOGRAM,
)
from cetsgraph.documents.dialects.cets_data_model.references import mint, reference
from cetsgraph.documents.dialects.cets_data_model.revisions import REVISIONS, b_table
from cetsgraph.documents.dialects.cets_data_model.rows import in_arrays
from cetsgraph.documents.dialects.mapping import (
    Dialect,
    ReadSession,
    SeveralWithin,
    SoleWithin,
    Within,
    WriteSession,
    formerly,
    many,
    same,
    tables_in,
    value,
    words,
)
from cetsgraph.model import (
    AcquisitionSession,
    DataSet,
    Entity,
    Instrument,
    MapSet,
    Region,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
)

__all__ = ["CETS_DATA_MODEL"]

AVERAGE = b_table(
    MapSet,
    "Average",
    {
        "name": same,
        "particle_maps": many("maps", PARTICLE_MAP),
        "annotations": many("annotations", ANNOTATION, older="annotations stand on regions now"),
        "id": formerly("id"),
    },
)


def _prepare_region(writing: WriteSession, entity: Entity, values: dict[str, Any], pointer: str) -> None:
    """What tomograms hold in annotations goes to the region; what image sets hold besides has no place."""
    if (count := len(values["tomo_image_sets"])) > 1:
        writing.report_normalised(pointer, "several TomoImageSet become one", found=count, kind="Region")
    moved: list[Entity] = []
    for set_number, image_set in enumerate(values["tomo_image_sets"]):
        place = f"{pointer}/tomo_image_sets/{set_number}"
        writing.report_others(
            image_set, place,
            "movie_stack_collections", "alignments", "tilt_series_sets", "tomogram_sets",
        )  # fmt: skip
        for set_index, held in enumerate(image_set.tomogram_sets):
            for index, tomogram in enumerate(held.tomograms):
                at = f"{place}/tomogram_sets/{set_index}/tomograms/{index}"
                moved += _moved_to_region(writing, tomogram, at)
    own = [
        made
        for index, annotation in enumerate(values["annotations"])
        for made in in_arrays(writing, annotation, f"{pointer}/annotations/{index}")
    ]
    values["annotations"] = [*own, *moved]


def _moved_to_region(writing: WriteSession, tomogram: Tomogram, pointer: str) -> Iterator[Entity]:
    for index, annotation in enumerate(tomogram.annotations):
        place = f"{pointer}/annotations/{index}"
        made = [*in_arrays(writing, annotation, place)]
        held = [one for one in made if tag_of(one) is not None]
        if not held:
            continue  # reported where the tomogram is written
        message = "the dialect keeps annotations on the region; it names its tomogram there"
        writing.report_normalised(place, message, kind=type(annotation).__name__)
        writing.moved.add(id(annotation))
        for one in made:
            updates: dict[str, Any] = {}
            if one.source_tomogram_id is None:
                updates["source_tomogram_id"] = [tomogram.id or mint(writing, tomogram, pointer)]
            moved = one.model_copy(update=updates)
            writing.moved_from(moved, writing.place_of(one, place))
            yield moved


class _Collections(SoleWithin):
    """The one collection of movies; several become one in revisions that have a place for one."""

    def write(self, writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        """Write the collections as one, and report what differs between them."""
        if _has_list(writing) or self.count(values) < 2:
            return super().write(writing, values, pointer)
        first, *others = Within.write(self, writing, values, pointer)
        for other in others:
            first.setdefault("movie_stacks", []).extend(other.pop("movie_stacks", []))
            lost = [name for name, found in other.items() if found != first.get(name)]
            if lost:
                message = "collections of movies become one; what the first has is kept"
                writing.report("not-representable", pointer, message, found=", ".join(lost), kind="Region")
        writing.report_normalised(pointer, "collections of movies become one", kind="Region")
        return first


class _ListOfCollections(SeveralWithin):
    """The list of them, in revisions that have it."""

    def write(self, writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        return super().write(writing, values, pointer) if _has_list(writing) else None


def _has_list(writing: WriteSession) -> bool:
    revision = REVISIONS.by_name.get(writing.revision or "")
    return revision is None or revision.has("Region", "movie_stack_collections")


_MOVIES = ("tomo_image_sets", TomoImageSet, "movie_stack_collections")
REGION = b_table(
    Region,
    "Region",
    {
        "id": same,
        "movie_stack_collection": _Collections(MOVIE_STACK_COLLECTION, *_MOVIES, covers=("tomo_image_sets",)),
        "movie_stack_collections": _ListOfCollections(
            MOVIE_STACK_COLLECTION, *_MOVIES, older="a region has one movie_stack_collection now"
        ),
        "tilt_series": Within(
            TILT_SERIES, "tomo_image_sets", TomoImageSet, "tilt_series_sets", TiltSeriesSet, "tilt_series"
        ),
        "alignments": Within(ALIGNMENT, "tomo_image_sets", TomoImageSet, "alignments"),
        "tomograms": Within(
            TOMOGRAM,
            "tomo_image_sets",
            TomoImageSet,
            "tomogram_sets",
            TomogramSet,
            "tomograms",
            inherited=("tilt_series_id",),
        ),
        "annotations": many("annotations", ANNOTATION),
        "name": formerly("name"),
    },
    required=("id",),
    prepare=_prepare_region,
)
INSTRUMENT = b_table(
    Instrument,
    "Instrument",
    {
        **words("id", "name", "microscope_model"),
        "voltage": value("accelerating_voltage"),
        **words("electron_source", "detector_model"),
    },
)
ACQUISITION_SESSION = b_table(
    AcquisitionSession,
    "AcquisitionSession",
    {
        **words("id", "name"),
        "instrument_id": reference("instrument_id"),
        **words("dose_rate", "detector_dose_rate", "amplitude_contrast", "spherical_aberration"),
        **words("tilt_axis_angle", "handedness"),
    },
)
DATA_SET = b_table(
    DataSet,
    "Dataset",
    {
        "name": same,
        "regions": many("regions", REGION),
        "averages": many("map_sets", AVERAGE),
        "id": formerly("id"),
        "instruments": many("instruments", INSTRUMENT),
        "acquisition_sessions": many("acquisition_sessions", ACQUISITION_SESSION),
    },
)


_OF_A_REGION = frozenset(REGION.fields) - {"id", "name", "annotations"}


def recognise(data: Any) -> str | None:
    """The form of the root if the document shows the dialect: by what it holds, or what its regions hold."""
    if not isinstance(data, dict) or not ({"regions", "averages"} & data.keys() or "id" in data):
        return form_of(data)
    if "regions" in data or "averages" in data:
        regions = data.get("regions")
        held = [item for item in regions if isinstance(item, dict)] if isinstance(regions, list) else []
        fits = not held or any(
            item.keys() <= set(REGION.fields) or item.keys() & _OF_A_REGION for item in held
        )
        return "DataSet" if fits else None
    if "id" in data and data.keys() & _OF_A_REGION:
        return "Region"
    return form_of(data)


def read_root(reading: ReadSession, data: Any, form: str) -> DataSet:
    """The data set of a whole document, or one that holds nothing but the region."""
    if form == "DataSet":
        whole = DATA_SET.read(reading, data, "")
        assert isinstance(whole, DataSet)
        return whole
    if form == "Region":
        return DataSet(regions=[REGION.read(reading, data, "")]).came_from("")  # type: ignore[list-item]
    return read_fragment(reading, data, form)


def write_root(writing: WriteSession, dataset: DataSet, form: str) -> Any:
    """A whole document, or the only region of the data set."""
    writing.mint = mint
    if form not in ("DataSet", "Region"):
        return write_fragment(writing, dataset, form)
    if form == "Region" and len(dataset.regions) == 1:
        return _recognisable(REGION.write(writing, dataset.regions[0], "/regions/0"), "tilt_series")
    return _recognisable(DATA_SET.write(writing, dataset, ""), "regions")


def _recognisable(root: dict[str, Any] | None, field: str) -> dict[str, Any]:
    """A root that shows what it is, also where it holds nothing."""
    written = root or {}
    return written if recognise(written) is not None else {**written, field: []}


_SCALE = (
    "The size of a pixel or voxel is a scale among the `coordinate_transformations`: "
    '{"transformation_type": "scale", "scale": [X, Y]} for images, [X, Y, Z] for volumes, in Å.'
)
_UNIT = "The unit is the `axis_unit` of each axis of a coordinate system, in `coordinate_systems`."
_INSTEAD = {"pixel_size": _SCALE, "voxel_size": _SCALE, "unit": _UNIT}

CETS_DATA_MODEL = Dialect(
    "cets-data-model",
    recognise,
    read_root,
    write_root,
    guess=guessed_form,
    root=lambda: DATA_SET,
    tables=lambda: (
        DATA_SET,
        REGION,
        INSTRUMENT,
        ACQUISITION_SESSION,
        *tables_in(images, alignments, annotations, coordinates, particles),
    ),
    instead=_INSTEAD,
    revisions=REVISIONS,
)
