"""Dialect A (`tomobabel`): nested objects without ids; coordinates in angstrom from the image centre.

A `MovieStackSet` holds the movies of one tilt series, gain and defect file, and the tilt series made from
them, which hold their tomograms. The model has these side by side, joined by references; so what is told by
nesting here is a reference to a place there (`#/regions/0/…`), and back. Facts: the classes published in
TomoBabel/TomoBabel, `src/tomobabel/models`.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cetsgraph.documents.dialects.mapping import (
    Choice,
    Dialect,
    Moved,
    ObjectMap,
    Reading,
    Rule,
    Writing,
    coded,
    ignore,
    many,
    nothing,
    one,
    read_list,
    same,
    structural,
    value,
)
from cetsgraph.errors import CetsGraphError
from cetsgraph.findings import Severity
from cetsgraph.model import (
    AnnotationSet,
    Cone,
    Coordinates,
    CTFMetadata,
    Cuboid,
    Cylinder,
    DataSet,
    DefectFile,
    Detector,
    Entity,
    FitMap,
    GainFile,
    Image2D,
    Image3D,
    ImagingParameters,
    Map,
    MapSet,
    MovieFrame,
    MovieStack,
    MovieStackCollection,
    MovieStackSeries,
    NonTomoImageSet,
    Ovoid,
    Particle,
    ParticleSet,
    Point,
    ProjectionAlignment,
    Region,
    SamplePreparation,
    SampleSupport,
    Shell,
    Sphere,
    Spline,
    SubTomogram,
    SubTomogramSet,
    Text,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
    Transformation,
    Vector,
    Vitrification,
)
from cetsgraph.pointers import escape_token

__all__ = ["TOMOBABEL"]

_elsewhere = structural(ignore, nothing)


def text(target: str) -> Rule:
    """Text for which the dialect writes "" where there is none."""
    return value(target, absent="")


def words(*names: str) -> dict[str, Rule]:
    """Fields that have the same name in the model."""
    return dict.fromkeys(names, same)


# --- annotations -----------------------------------------------------------------------------------------


def _kind_of_annotation(source: dict[str, Any]) -> str:
    return "annotations" if "annotations" in source else "text"


def _kind_of_solid(source: dict[str, Any]) -> str | None:
    """A shell's parts are told apart by their fields where they do not say their type."""
    signs = {"center": "sphere", "v1": "cuboid", "start_radius": "cone", "waist_radius": "ovoid"}
    return next((kind for sign, kind in signs.items() if sign in source), "cylinder")


ANNOTATION = Choice("type", lambda: ANNOTATIONS, choose=_kind_of_annotation, untagged={"annotations"})
ANNOTATED: dict[str, Rule] = {"annotations": many("annotations", ANNOTATION)}


def _untyped(reading: Reading, source: dict[str, Any], pointer: str) -> dict[str, Any]:
    """Coordinates were points in an older revision, and said so."""
    if "type" not in source:
        return source
    reading.older(f"{pointer}/type", "coordinates have no type now", found=source["type"])
    return Moved({name: found for name, found in source.items() if name != "type"}, pointer)


def _with_coords(reading: Reading, source: dict[str, Any], pointer: str) -> dict[str, Any]:
    """Points had their coordinates as fields of their own in an older revision."""
    flat = {name: found for name, found in source.items() if name in ("x", "y", "z", "annotations")}
    if not flat or source.get("coords") is not None:
        return source
    reading.older(pointer, "the coordinates of a point stand under coords now", found=", ".join(flat))
    rest = {name: found for name, found in source.items() if name not in flat}
    return Moved({**rest, "coords": Moved(flat, pointer)}, pointer)


COORDINATES = ObjectMap(
    Coordinates,
    "CoordsLogical",
    {**words("x", "y", "z"), "description": text("description"), **ANNOTATED},
    required=("x", "y"),
    modernise=_untyped,
)

TRANSFORMATION = ObjectMap(
    Transformation,
    "Transformation",
    {
        "transform_type": coded(
            "transformation_type",
            {
                "identity": "identity",
                "flip": "flip",
                "translation": "translation",
                "scale": "scale",
                "rotate": "rotation",
                "affine": "affine",
            },
        ),
        "trans_matrix": value("matrix"),
        **ANNOTATED,
    },
)


def _frame(values: Mapping[str, Any]) -> dict[str, Any]:
    """Unit, origin and dimension of a shape: the dialect has one unit and one origin."""
    implied: dict[str, Any] = {"unit": "angstrom", "origin": "centre"}
    position = _first_position(values)
    return implied if position is None else {**implied, "dimension": 2 if position.z is None else 3}


def _first_position(values: Mapping[str, Any]) -> Coordinates | None:
    for name in ("location", "center", "start", "end", "points", "v1", "v2", "vector", "base"):
        found = values.get(name)
        found = found[0] if isinstance(found, list) and found else found
        if isinstance(found, Coordinates):
            return found
        if isinstance(found, Entity) and (inner := _first_position(found.__dict__)) is not None:
            return inner
    return None


def _shape(
    cls: type[Entity],
    source: str,
    fields: dict[str, Rule],
    *optional: str,
    modernise: Callable[[Reading, dict[str, Any], str], dict[str, Any]] | None = None,
) -> ObjectMap:
    return ObjectMap(
        cls,
        source,
        {"description": text("description"), **fields},
        required=[name for name in fields if name not in optional],
        implied=_frame,
        modernise=modernise,
    )


POINT = _shape(Point, "Point", {"coords": one("location", COORDINATES)}, modernise=_with_coords)
PARTICLE = _shape(
    Particle,
    "Particle",
    {
        "coords": one("location", COORDINATES),
        "fom": value("figure_of_merit"),
        "alignment_transformations": many("alignment_transformations", TRANSFORMATION),
    },
    "fom",
    "alignment_transformations",
    modernise=_with_coords,
)
VECTOR = _shape(Vector, "Vector", {"start": one("start", COORDINATES), "end": one("end", COORDINATES)})
A_VECTOR = Choice("type", {"vector": VECTOR}, choose=lambda source: "vector")
A_PARTICLE = Choice("type", {"particle_coodinate": PARTICLE}, choose=lambda source: "particle_coodinate")
SOLIDS = {
    "sphere": _shape(Sphere, "Sphere", {"center": one("center", COORDINATES), "radius": same}),
    "cuboid": _shape(Cuboid, "Cuboid", {"v1": one("v1", A_VECTOR), "v2": one("v2", A_VECTOR)}),
    "cylinder": _shape(Cylinder, "Cylinder", {"vector": one("vector", A_VECTOR), "radius": same}),
    "cone": _shape(
        Cone, "Cone", {"vector": one("vector", A_VECTOR), **words("start_radius", "end_radius")}, "end_radius"
    ),
    "ovoid": _shape(
        Ovoid,
        "Ovoid",
        {
            "vector": one("vector", A_VECTOR),
            "waist_radius": same,
            "waist_point": one("waist_point", COORDINATES),
        },
        "waist_point",
    ),
}
SOLID = Choice("type", SOLIDS, choose=_kind_of_solid)

# The members of a set stand under the name that other objects have for statements about them.
MEMBERS: dict[str, Rule] = {"name": text("name"), "annotations": many("members", ANNOTATION)}

ANNOTATIONS: dict[str, ObjectMap] = {
    "text": ObjectMap(Text, "Annotation", {"description": text("description")}),
    "point": POINT,
    "particle_coodinate": PARTICLE,
    "vector": VECTOR,
    **SOLIDS,
    "shell": _shape(Shell, "Shell", {"base": one("base", SOLID), "cut_outs": many("cut_outs", SOLID)}),
    "spline": _shape(Spline, "Spline", {"points": many("points", COORDINATES)}),
    # The published code writes neither file nor centre of the maps that an object holds.
    "fit_map": _shape(
        FitMap,
        "FitMap",
        {
            "center": one("center", COORDINATES),
            "file": text("path"),
            "transformation": one("transformation", TRANSFORMATION),
        },
        "center",
        "file",
        "transformation",
    ),
    "annotations": ObjectMap(AnnotationSet, "AnnotationSet", MEMBERS, required=("annotations",)),
    "particle_coordinates": ObjectMap(
        ParticleSet,
        "ParticleCoordinatesSet",
        {**MEMBERS, "particles": many("particles", A_PARTICLE)},
        required=("annotations",),
    ),
}


# --- images ----------------------------------------------------------------------------------------------

IMAGE_2D: dict[str, Rule] = {**words("width", "height", "pixel_size"), **ANNOTATED}
IMAGE_3D: dict[str, Rule] = {**words("width", "height", "depth", "voxel_size"), **ANNOTATED}

CTF = ObjectMap(
    CTFMetadata,
    "CTFMetadata",
    {**words("defocus_u", "defocus_v", "defocus_angle", "defocus_handedness"), **ANNOTATED},
)
CORRECTION: dict[str, Rule] = {
    **IMAGE_2D,
    "path": text("path"),
    "transformations": many("transformations", TRANSFORMATION),
}
GAIN_FILE = ObjectMap(GainFile, "GainFile", CORRECTION)
DEFECT_FILE = ObjectMap(DefectFile, "DefectFile", CORRECTION)

MOVIE_FRAME = ObjectMap(
    MovieFrame,
    "MovieFrame",
    {
        **IMAGE_2D,
        "path": text("path"),
        **words("section", "nominal_tilt_angle", "accumulated_dose"),
        "ctf_metadata": one("ctf_metadata", CTF),
        "motion_correction_transformations": many("motion_correction_transformations", TRANSFORMATION),
    },
)
MOVIE_STACK = ObjectMap(
    MovieStack,
    "MovieStack",
    {"frame_images": many("frames", MOVIE_FRAME), "path": text("path"), **ANNOTATED},
    required=("frame_images",),
)

MICROGRAPH_ALIGNMENT = ObjectMap(
    ProjectionAlignment,
    "TiltSeriesMicrographAlignment",
    {
        "translation": one("shift", TRANSFORMATION),
        **words("x_tilt", "y_tilt"),
        "z_rot": value("z_rotation"),
        **ANNOTATED,
    },
)
MICROGRAPH = ObjectMap(
    TiltSeriesMicrograph,
    "TiltSeriesMicrograph",
    {
        **IMAGE_2D,
        "path": text("path"),
        "ctf_metadata": one("ctf_metadata", CTF),
        **words("total_accumulated_dose", "nominal_tilt_angle", "refined_tilt_angle"),
        "alignment_transformations": one("projection_alignment", MICROGRAPH_ALIGNMENT),
    },
)

SUB_TOMOGRAM = ObjectMap(
    SubTomogram,
    "SubTomogram",
    {
        **IMAGE_3D,
        "alignment_transformation": one("alignment_transformation", TRANSFORMATION),
        "ctf_metadata": one("ctf_metadata", CTF),
        "coordinates": one("location", COORDINATES),
    },
)
MAP = ObjectMap(
    Map, "Map", {"file": text("path"), "pixel_size": value("voxel_size"), **ANNOTATED}, required=("file",)
)
MAP_SET = ObjectMap(MapSet, "SubTomogramSet", {"maps": many("maps", MAP)}, beside=("sub_tomogram_set_id",))
SUB_TOMOGRAM_SET = ObjectMap(
    SubTomogramSet,
    "SubTomogramSet",
    {"Subtomograms": many("sub_tomograms", SUB_TOMOGRAM), "maps": _elsewhere, **ANNOTATED},
)


def _read_sub_tomogram_sets(reading: Reading, found: Any, pointer: str, values: dict[str, Any]) -> None:
    """Sets of sub-tomograms hold the maps made from them; the tomogram holds both."""
    values["sub_tomogram_sets"] = sets = []
    values["map_sets"] = map_sets = []
    for place, source, entity in _read_items(reading, SUB_TOMOGRAM_SET, found, pointer):
        sets.append(entity)
        if source.get("maps"):
            map_set = MAP_SET.build(
                reading, source, place, {"maps": read_list(reading, MAP, source["maps"], f"{place}/maps")}
            )
            reading.link(map_set, "sub_tomogram_set_id", entity)
            map_sets.append(map_set)


def _write_sub_tomogram_sets(writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
    written = []
    places: dict[str, dict[str, Any]] = {}
    for index, entity in enumerate(values["sub_tomogram_sets"]):
        place = f"{pointer}/sub_tomogram_sets/{index}"
        item = SUB_TOMOGRAM_SET.write(writing, entity, place) or {}
        written.append(item)
        places.setdefault(f"#{place}", item)
        places.setdefault(entity.id or f"#{place}", item)
    for index, entity in enumerate(values["map_sets"]):
        place = f"{pointer}/map_sets/{index}"
        holder = places.get(entity.sub_tomogram_set_id or "")
        if holder is None:
            writing.left_out(entity, place)
            continue
        if "maps" in holder:
            _say_normalised(writing, place, "map sets of one set of sub-tomograms become one")
        maps = (MAP_SET.write(writing, entity, place) or {}).get("maps", [])
        holder.setdefault("maps", []).extend(maps)
    return written


TOMOGRAM = ObjectMap(
    Tomogram,
    "Tomogram",
    {
        **IMAGE_3D,
        "file": text("path"),
        "subtomograms": structural(
            _read_sub_tomogram_sets, _write_sub_tomogram_sets, "sub_tomogram_sets", "map_sets"
        ),
    },
    beside=("tilt_series_id",),
)
TOMOGRAM_SET = ObjectMap(
    TomogramSet,
    "TomogramSet",
    {"tomograms": many("tomograms", TOMOGRAM), **ANNOTATED},
    beside=("tilt_series_id",),
)
TILT_SERIES = ObjectMap(
    TiltSeriesMicrographStack,
    "TiltSeriesMicrographStack",
    {
        "micrographs": many("micrographs", MICROGRAPH),
        "Tomograms": _elsewhere,
        "path": text("path"),
        **ANNOTATED,
    },
    beside=("movie_stack_series_id", "name"),
)
TILT_SERIES_SET = ObjectMap(
    TiltSeriesSet, "TiltSeriesSet", {"tilt_series": _elsewhere, **ANNOTATED}, beside=("tilt_series",)
)
SERIES = ObjectMap(
    MovieStackSeries,
    "MovieStackSet",
    {"movie_stacks": many("movie_stacks", MOVIE_STACK)},
    beside=("name",),
)
COLLECTION = ObjectMap(
    MovieStackCollection,
    "MovieStackSet",
    {
        "movie_stacks": _elsewhere,
        "gain_file": one("gain_file", GAIN_FILE),
        "defect_file": one("defect_file", DEFECT_FILE),
        "tilt_series": _elsewhere,
        **ANNOTATED,
    },
    beside=("movie_stack_series",),
)


# --- imaging ---------------------------------------------------------------------------------------------

_EM_IMAGING: dict[str, Rule] = {
    **words(
        "microscope_model",
        "specimen_holder_type",
        "specimen_holder_model",
        "accelerating_voltage",
        "illumination_mode",
    ),
    "mode": value("imaging_mode"),
    "nominal_cs": value("spherical_aberration"),
    **words(
        "nominal_defocus_min",
        "nominal_defocus_max",
        "nominal_magnification",
        "electron_source",
        "temperature",
        "detector_distance",
        "alignment_procedure",
        "c2_aperture_diameter",
        "cryogen",
        "objective_aperture",
        "microscope_serial_number",
    ),
}
EM_IMAGING = ObjectMap(ImagingParameters, "EmImagingParameters", {**_EM_IMAGING, **ANNOTATED})
DETECTOR = ObjectMap(
    Detector,
    "EmDetector",
    {"detective_quantum_efficiency": same, "mode": value("detector_mode"), **ANNOTATED},
)


def _read_em_imaging(reading: Reading, found: Any, pointer: str, values: dict[str, Any]) -> None:
    entity = EM_IMAGING.read(reading, found, pointer)
    if entity is None:
        return
    set_here = {name: field for name, field in entity.__dict__.items() if field not in (None, [])}
    if own := set_here.pop("annotations", None):
        reading.say(
            "hierarchy-parent",
            f"{pointer}/annotations",
            "these are kept with the annotations of imaging_parameters",
            severity=Severity.INFO,
        )
        values["annotations"] = [*values.get("annotations", []), *own]
    values.update(set_here)


def _write_em_imaging(writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
    written = {
        key: rule.write(writing, values, pointer)
        for key, rule in EM_IMAGING.fields.items()
        if key in _EM_IMAGING
    }
    return {key: found for key, found in written.items() if found is not None}


IMAGING = ObjectMap(
    ImagingParameters,
    "EmImaging",
    {
        **ANNOTATED,
        "imaging": structural(
            _read_em_imaging,
            _write_em_imaging,
            *(name for rule in EM_IMAGING.fields.values() for name in rule.covers if name != "annotations"),
        ),
        "detector": one("detector", DETECTOR),
    },
    required=("imaging", "detector"),
)
SAMPLE_SUPPORT = ObjectMap(
    SampleSupport,
    "SampleSupport",
    {**words("film_material", "grid_material", "grid_mesh_size", "pretreatment"), **ANNOTATED},
)
VITRIFICATION = ObjectMap(
    Vitrification,
    "EmVitrification",
    {
        **words("cryogen_name", "humidity"),
        "temp": value("specimen_temperature"),
        "chamber_temperature": same,
        "instrument": value("vitrification_instrument"),
        "method": value("vitrification_method"),
        **ANNOTATED,
    },
)
SAMPLE_PREPARATION = ObjectMap(
    SamplePreparation,
    "EmSampleCreation",
    {
        "sample_support": one("sample_support", SAMPLE_SUPPORT),
        "vitrification": one("vitrification", VITRIFICATION),
        **ANNOTATED,
    },
)


# --- the tree, reading -----------------------------------------------------------------------------------


def _read_items(
    reading: Reading, table: ObjectMap, found: Any, pointer: str
) -> Iterable[tuple[str, dict[str, Any], Any]]:
    """Objects of a list with their places and sources, for tables that leave fields to their holder."""
    if not isinstance(found, list):
        read_list(reading, table, found, pointer)  # says what is wrong
        return
    for index, source in enumerate(found):
        place = source.pointer if isinstance(source, Moved) else f"{pointer}/{index}"
        if (entity := table.read(reading, source, place)) is not None:
            yield place, source, entity


def _read_movie_stack_set(reading: Reading, found: Any, pointer: str, values: dict[str, Any]) -> None:
    """One MovieStackSet is a collection with one series, its tilt series, and their tomograms."""
    collection = COLLECTION.read(reading, found, pointer)
    if not isinstance(collection, MovieStackCollection):
        return
    stacks = found.get("movie_stacks")
    series = SERIES.build(
        reading,
        found,
        pointer,
        {
            "movie_stacks": read_list(
                reading, MOVIE_STACK, [] if stacks is None else stacks, f"{pointer}/movie_stacks"
            )
        },
    )
    collection.movie_stack_series.append(series)  # type: ignore[arg-type]
    values["movie_stack_collections"] = [collection]
    if (tilt_series := found.get("tilt_series")) not in (None, []):
        _read_tilt_series(reading, tilt_series, f"{pointer}/tilt_series", values)
        for made in values["tilt_series_sets"][0].tilt_series:
            reading.link(made, "movie_stack_series_id", series)


def _read_tilt_series(reading: Reading, found: Any, pointer: str, values: dict[str, Any]) -> None:
    tilt_series_set = TiltSeriesSet().came_from(pointer)
    values["tilt_series_sets"] = [tilt_series_set]
    values["tomogram_sets"] = []
    for place, source, tilt_series in _read_items(reading, TILT_SERIES, found, pointer):
        tilt_series_set.tilt_series.append(tilt_series)
        if (tomograms := source.get("Tomograms")) is not None:
            _read_tomogram_sets(reading, tomograms, f"{place}/Tomograms", tilt_series, values)


def _read_tomogram_sets(
    reading: Reading, found: Any, pointer: str, tilt_series: Entity, values: dict[str, Any]
) -> None:
    for tomogram_set in read_list(reading, TOMOGRAM_SET, found, pointer):
        reading.link(tomogram_set, "tilt_series_id", tilt_series)
        for tomogram in tomogram_set.tomograms:
            reading.link(tomogram, "tilt_series_id", tilt_series)
        values["tomogram_sets"].append(tomogram_set)


IMAGE_SET = ObjectMap(
    TomoImageSet,
    "TomoImageSet",
    {
        "raw_movies": structural(_read_movie_stack_set, nothing),
        "imaging_parameters": one("imaging", IMAGING),
        "sample_creation": one("sample_preparation", SAMPLE_PREPARATION),
        **ANNOTATED,
    },
    beside=("movie_stack_collections", "tilt_series_sets", "tomogram_sets"),
)


# --- the tree, writing -----------------------------------------------------------------------------------


def _say_normalised(writing: Writing, pointer: str, message: str) -> None:
    writing.say("normalised", pointer, message, severity=Severity.INFO)


class Nesting:
    """What of one region goes into what: series of movies hold tilt series, and these tomograms."""

    def __init__(
        self,
        writing: Writing,
        image_sets: Iterable[TomoImageSet],
        pointer: str,
        *,
        named: type[Entity] | None = None,
    ) -> None:
        """Find the places; objects of the class `named` are called as their image set is."""
        self.writing = writing
        self.named = named
        self.implied_names: dict[int, str | None] = {}
        self.image_sets = list(image_sets)
        self.places: dict[int, str] = {}
        self.known: dict[tuple[type[Entity], str], Entity] = {}
        for index, image_set in enumerate(self.image_sets):
            self._find(image_set, f"{pointer}/{index}")
        self.tilt_series_of: dict[int | None, list[TiltSeriesMicrographStack]] = {}
        self.tomogram_sets_of: dict[int, list[tuple[TomogramSet, str]]] = {}
        self.orphans: list[Entity] = []
        for image_set in self.image_sets:
            self._nest(image_set)

    def leave_orphans(self) -> None:
        """Say that tomograms of no known tilt series are left out."""
        for entity in self.orphans:
            self.writing.left_out(entity, self.places[id(entity)])

    def movie_stack_sets(self, image_set: TomoImageSet) -> list[dict[str, Any]]:
        """The source's MovieStackSets: one per series of movies, and one for tilt series without movies."""
        written = [
            self._movie_stack_set(collection, series)
            for collection in image_set.movie_stack_collections
            for series in (*collection.movie_stack_series,) or (None,)
        ]
        alone = [
            self.tilt_series(tilt_series)
            for tilt_series_set in image_set.tilt_series_sets
            for tilt_series in tilt_series_set.tilt_series
            if self._movies_of(tilt_series) is None
        ]
        if alone:
            place = self.places[id(image_set)]
            _say_normalised(self.writing, place, "tilt series without movies are put under empty raw_movies")
            written.append({"tilt_series": alone})
        return written

    def tilt_series(self, entity: TiltSeriesMicrographStack) -> dict[str, Any]:
        """A tilt series with its tomograms."""
        written = self._write(TILT_SERIES, entity)
        sets = [
            TOMOGRAM_SET.write(self.writing, tomogram_set, place) or {}
            for tomogram_set, place in self.tomogram_sets_of.get(id(entity), [])
        ]
        return {**written, "Tomograms": sets} if sets else written

    def _movie_stack_set(
        self, collection: MovieStackCollection, series: MovieStackSeries | None
    ) -> dict[str, Any]:
        written = COLLECTION.write(self.writing, collection, self.places[id(collection)]) or {}
        if series is None:
            return written
        written.update(self._write(SERIES, series))
        made = [self.tilt_series(item) for item in self.tilt_series_of.get(id(series), [])]
        return {**written, "tilt_series": made} if made else written

    def _write(self, table: ObjectMap, entity: Entity) -> dict[str, Any]:
        place = self.places[id(entity)]
        if entity.name is not None and entity.name != self.implied_names.get(id(entity)):
            self.writing.left_out(entity, place, "name")
        return table.write(self.writing, entity, place) or {}

    def _find(self, image_set: TomoImageSet, pointer: str) -> None:
        stack: list[tuple[str, Entity]] = [(pointer, image_set)]
        while stack:
            place, entity = stack.pop()
            self.places[id(entity)] = place
            if type(entity) is self.named:
                self.implied_names[id(entity)] = image_set.name
            if isinstance(entity, MovieStackSeries | TiltSeriesMicrographStack):
                self.known.setdefault((type(entity), f"#{place}"), entity)
                if entity.id is not None:
                    self.known.setdefault((type(entity), entity.id), entity)
            elif isinstance(entity, TomoImageSet | MovieStackCollection | TiltSeriesSet | TomogramSet):
                stack += [
                    (f"{place}/{name}" if index is None else f"{place}/{name}/{index}", child)
                    for name, index, child in reversed([*entity.children()])
                ]

    def _movies_of(self, tilt_series: TiltSeriesMicrographStack) -> Entity | None:
        return self.known.get((MovieStackSeries, tilt_series.movie_stack_series_id or ""))

    def _nest(self, image_set: TomoImageSet) -> None:
        for tilt_series_set in image_set.tilt_series_sets:
            for tilt_series in tilt_series_set.tilt_series:
                if (movies := self._movies_of(tilt_series)) is not None:
                    self.tilt_series_of.setdefault(id(movies), []).append(tilt_series)
                elif tilt_series.movie_stack_series_id is not None:
                    self.writing.left_out(tilt_series, self.places[id(tilt_series)], "movie_stack_series_id")
        for tomogram_set in image_set.tomogram_sets:
            self._nest_tomograms(tomogram_set)

    def _nest_tomograms(self, tomogram_set: TomogramSet) -> None:
        """Tomograms go where they say they were made from; a set that names several is divided."""
        place = self.places[id(tomogram_set)]
        shares: dict[int, tuple[Entity | None, list[Tomogram]]] = {}
        for tomogram in tomogram_set.tomograms:
            owner = self._made_from(tomogram.tilt_series_id or tomogram_set.tilt_series_id)
            shares.setdefault(id(owner), (owner, []))[1].append(tomogram)
        if not tomogram_set.tomograms:
            owner = self._made_from(tomogram_set.tilt_series_id)
            shares[id(owner)] = (owner, [])
        if (
            tomogram_set.tilt_series_id is not None
            and id(self._made_from(tomogram_set.tilt_series_id)) not in shares
        ):
            self.writing.left_out(tomogram_set, place, "tilt_series_id")
        if len(shares) > 1:
            _say_normalised(self.writing, place, "the set is divided by the tilt series of its tomograms")
        rest = tomogram_set
        for owner, tomograms in shares.values():
            if owner is None:
                self.orphans += (*tomograms,) or (tomogram_set,)
                continue
            share = rest.model_copy(update={"tomograms": tomograms})
            self.tomogram_sets_of.setdefault(id(owner), []).append((share, place))
            rest = TomogramSet()

    def _made_from(self, reference: str | None) -> Entity | None:
        return self.known.get((TiltSeriesMicrographStack, reference or ""))


def _write_image_set(writing: Writing, nesting: Nesting, image_set: TomoImageSet) -> list[dict[str, Any]]:
    """The source's TomoImageSets, one for each MovieStackSet."""
    place = nesting.places[id(image_set)]
    written = IMAGE_SET.write(writing, image_set, place) or {}
    for tilt_series_set in image_set.tilt_series_sets:
        _nothing_beside(writing, tilt_series_set, nesting.places[id(tilt_series_set)], "tilt_series")
    if len(image_set.tilt_series_sets) > 1:
        _say_normalised(writing, place, "tilt series sets become one")
    sets = nesting.movie_stack_sets(image_set)
    if len(sets) > 1:
        _say_normalised(writing, place, "one TomoImageSet is written for each series of movies")
    first = [{**written, "raw_movies": raw} for raw in sets[:1]] or [written]
    shared = {name: found for name, found in written.items() if name != "annotations"}
    return [*first, *({**shared, "raw_movies": raw} for raw in sets[1:])]


def _read_image_sets(reading: Reading, found: Any, pointer: str, values: dict[str, Any]) -> None:
    values["tomo_image_sets"] = read_list(reading, IMAGE_SET, found, pointer)


def _write_image_sets(writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
    nesting = Nesting(writing, values["tomo_image_sets"], f"{pointer}/tomo_image_sets")
    nesting.leave_orphans()
    return [
        item for image_set in nesting.image_sets for item in _write_image_set(writing, nesting, image_set)
    ]


def _kind_of_image(source: dict[str, Any]) -> str:
    flat = "pixel_size" in source and not {"depth", "voxel_size"} & source.keys()
    return "Image2D" if flat else "Image3D"


def _read_images(reading: Reading, found: Any, pointer: str, values: dict[str, Any]) -> None:
    values["images"] = read_list(reading, IMAGE, found, pointer)


def _write_images(writing: Writing, values: Mapping[str, Any], pointer: str) -> Any:
    items = []
    for index, image in enumerate(values["images"]):
        item = IMAGE.write(writing, image, f"{pointer}/images/{index}")
        if item is not None and isinstance(image, Image2D):
            item.setdefault("pixel_size", None)  # tells it from an image of three dimensions
        items.append(item)
    return [item for item in items if item is not None]


IMAGE = Choice(
    None,
    {"Image2D": ObjectMap(Image2D, "Image2D", IMAGE_2D), "Image3D": ObjectMap(Image3D, "Image3D", IMAGE_3D)},
    choose=_kind_of_image,
)
NON_TOMO_IMAGE_SET = ObjectMap(
    NonTomoImageSet,
    "NonTomoImageSet",
    {"images": structural(_read_images, _write_images, "images"), **ANNOTATED},
)
REGION = ObjectMap(
    Region,
    "Region",
    {
        "tomo_imaging": structural(_read_image_sets, _write_image_sets, "tomo_image_sets"),
        "non_tomo_imaging": many("non_tomo_image_sets", NON_TOMO_IMAGE_SET),
        **ANNOTATED,
    },
)
DATA_SET = ObjectMap(
    DataSet, "DataSet", {"name": text("name"), "regions": many("regions", REGION), **ANNOTATED}
)


# --- fragments -------------------------------------------------------------------------------------------

BY_NAME = " by name"

_SIGNS: tuple[tuple[str, frozenset[str]], ...] = (
    ("DataSet", frozenset({"regions"})),
    ("Region", frozenset({"tomo_imaging", "non_tomo_imaging"})),
    ("TomoImageSet", frozenset({"raw_movies", "imaging_parameters", "sample_creation"})),
    ("MovieStackSet", frozenset({"movie_stacks"})),
    ("TiltSeriesMicrographStack", frozenset({"micrographs", "Tomograms"})),
    ("Tomogram", frozenset({"subtomograms"})),
)
_WHOLE: tuple[tuple[str, frozenset[str]], ...] = (
    ("MovieStackSet", frozenset({"gain_file", "defect_file", "tilt_series", "annotations"})),
    ("TiltSeriesSet", frozenset({"tilt_series", "annotations"})),
    ("TomogramSet", frozenset({"tomograms", "annotations"})),
    ("Tomogram", frozenset({"width", "height", "depth", "voxel_size", "file", "annotations"})),
)
_ROOT_FIELD = {
    "DataSet": "regions",
    "Region": "tomo_imaging",
    "TomoImageSet": "raw_movies",
    "MovieStackSet": "movie_stacks",
    "TiltSeriesMicrographStack": "micrographs",
    "TiltSeriesSet": "tilt_series",
    "TomogramSet": "tomograms",
    "Tomogram": "subtomograms",
}
_NAMED: dict[str, type[Entity]] = {
    "MovieStackSet": MovieStackSeries,
    "TiltSeriesMicrographStack": TiltSeriesMicrographStack,
}


def recognise(source: Any) -> str | None:
    """The form of the root, told by fields that only it has, or by fields that no other has together."""
    if not isinstance(source, dict):
        return None
    if (form := _form_of(source)) is not None:
        return form
    forms = {_form_of(item) for item in source.values() if isinstance(item, dict)}
    named = [form for form in _NAMED if form in forms]
    all_objects = all(isinstance(item, dict) for item in source.values())
    return named[0] + BY_NAME if named and all_objects else None


def _form_of(source: dict[str, Any]) -> str | None:
    if "id" in source or any(_has_ids(items) for items in source.values()):
        return None if "regions" not in source else "DataSet"
    for form, signs in _SIGNS:
        if signs & source.keys():
            return form
    telling = source.keys() - {"annotations"}
    for form, fields in reversed(_WHOLE):
        if telling and source.keys() <= fields:
            return form
    return None


def _has_ids(items: Any) -> bool:
    """Whether a list holds objects of another dialect: this one has no ids."""
    return isinstance(items, list) and any(isinstance(item, dict) and "id" in item for item in items)


def read_root(reading: Reading, source: Any, form: str) -> DataSet:
    """The data set of a whole document, or one that holds nothing but the fragment."""
    if form == "DataSet":
        whole = DATA_SET.read(reading, source, "")
        assert isinstance(whole, DataSet)
        return whole
    if form == "Region":
        return DataSet(regions=[REGION.read(reading, source, "")]).came_from("")  # type: ignore[list-item]
    kind = form.removesuffix(BY_NAME)
    if form == kind:
        image_sets = [_image_set_of(reading, kind, source, "", None)]
    else:
        image_sets = [
            _image_set_of(reading, kind, item, f"/{escape_token(name)}", name)
            for name, item in source.items()
        ]
    region = Region(tomo_image_sets=[item for item in image_sets if item is not None]).came_from("")
    return DataSet(regions=[region]).came_from("")


def _image_set_of(
    reading: Reading, kind: str, source: Any, pointer: str, name: str | None
) -> TomoImageSet | None:
    """The TomoImageSet that holds a fragment; the name of a fragment is its and its series' name."""
    if kind == "TomoImageSet":
        return IMAGE_SET.read(reading, source, pointer)  # type: ignore[return-value]
    values: dict[str, Any] = {}
    named: list[Entity] = []
    if kind == "MovieStackSet":
        _read_movie_stack_set(reading, source, pointer, values)
        named = [
            series
            for collection in values.get("movie_stack_collections", [])
            for series in collection.movie_stack_series
        ]
    elif kind == "TiltSeriesMicrographStack":
        _read_tilt_series(
            reading, [Moved(source, pointer)] if isinstance(source, dict) else [source], pointer, values
        )
        named = values["tilt_series_sets"][0].tilt_series
    elif kind == "TiltSeriesSet":
        _read_tilt_series_set(reading, source, pointer, values)
    elif kind == "TomogramSet":
        values["tomogram_sets"] = [TOMOGRAM_SET.read(reading, source, pointer)]
    else:
        values["tomogram_sets"] = [TomogramSet(tomograms=[TOMOGRAM.read(reading, source, pointer)])]  # type: ignore[list-item]
    if name is not None:
        values["name"] = name
        for entity in named:
            entity.name = name
    return IMAGE_SET.build(reading, {}, pointer, values)  # type: ignore[return-value]


def _read_tilt_series_set(reading: Reading, source: Any, pointer: str, values: dict[str, Any]) -> None:
    owner = TILT_SERIES_SET.read(reading, source, pointer)
    assert isinstance(owner, TiltSeriesSet)
    found = source.get("tilt_series")
    _read_tilt_series(reading, [] if found is None else found, f"{pointer}/tilt_series", values)
    owner.tilt_series.extend(values["tilt_series_sets"][0].tilt_series)
    values["tilt_series_sets"] = [owner]


def write_root(writing: Writing, dataset: DataSet, form: str) -> Any:
    """A whole document, or the fragment that the data set holds.

    Raises:
        CetsGraphError: the data set does not hold exactly one such fragment.
    """
    written = _write_form(writing, dataset, form)
    kind = form.removesuffix(BY_NAME)
    # Without anything in it, a root would not show what it is.
    for root in (written,) if kind == form else written.values():
        if _form_of(root) != kind:
            root[_ROOT_FIELD[kind]] = {} if kind == "TomoImageSet" else []
    return written


def _write_form(writing: Writing, dataset: DataSet, form: str) -> Any:
    if form == "DataSet":
        return DATA_SET.write(writing, dataset, "")
    region = _only(writing, form, dataset, "", "regions")
    if form == "Region":
        return REGION.write(writing, region, "/regions/0")
    kind = form.removesuffix(BY_NAME)
    nesting = Nesting(
        writing,
        region.tomo_image_sets,
        "/regions/0/tomo_image_sets",
        named=None if kind == form else _NAMED[kind],
    )
    if kind not in ("TomogramSet", "Tomogram"):
        nesting.leave_orphans()
    if kind == form:
        image_set = _only(writing, form, region, "/regions/0", "tomo_image_sets")
        return _fragment(writing, nesting, kind, form, image_set)
    _nothing_beside(writing, region, "/regions/0", "tomo_image_sets")
    names = [image_set.name for image_set in nesting.image_sets]
    if None in names or len(set(names)) < len(names):
        raise _not_in_form(writing, form, "image sets without a name, or with the same one")
    return {item.name: _fragment(writing, nesting, kind, form, item) for item in nesting.image_sets}


def _fragment(writing: Writing, nesting: Nesting, kind: str, form: str, image_set: TomoImageSet) -> Any:
    if kind == "TomoImageSet":
        return _sole(writing, form, _write_image_set(writing, nesting, image_set))
    place = nesting.places[id(image_set)]
    name = [] if kind == form else ["name"]
    if kind == "MovieStackSet":
        _nothing_beside(
            writing, image_set, place, "movie_stack_collections", "tilt_series_sets", "tomogram_sets", *name
        )
        return _sole(writing, form, nesting.movie_stack_sets(image_set))
    if kind in ("TiltSeriesMicrographStack", "TiltSeriesSet"):
        tilt_series_set = _only(writing, form, image_set, place, "tilt_series_sets", "tomogram_sets", *name)
        made = [nesting.tilt_series(item) for item in tilt_series_set.tilt_series]
        if kind == "TiltSeriesMicrographStack":
            _nothing_beside(writing, tilt_series_set, nesting.places[id(tilt_series_set)], "tilt_series")
            return _sole(writing, form, made)
        written = TILT_SERIES_SET.write(writing, tilt_series_set, nesting.places[id(tilt_series_set)]) or {}
        return {**written, "tilt_series": made}
    tomogram_set = _only(writing, form, image_set, place, "tomogram_sets")
    for entity in (tomogram_set, *tomogram_set.tomograms):
        if entity.tilt_series_id is not None:
            writing.left_out(entity, nesting.places[id(entity)], "tilt_series_id")
    if kind == "TomogramSet":
        return TOMOGRAM_SET.write(writing, tomogram_set, nesting.places[id(tomogram_set)])
    tomogram = _only(writing, form, tomogram_set, nesting.places[id(tomogram_set)], "tomograms")
    return TOMOGRAM.write(writing, tomogram, nesting.places[id(tomogram)])


def _only(writing: Writing, form: str, owner: Entity, pointer: str, name: str, *kept: str) -> Any:
    """The one object of a list; what else its owner holds has no place in the fragment."""
    _nothing_beside(writing, owner, pointer, name, *kept)
    return _sole(writing, form, getattr(owner, name))


def _sole(writing: Writing, form: str, items: list[Any]) -> Any:
    if len(items) != 1:
        raise _not_in_form(writing, form, f"{len(items)} of them")
    return items[0]


def _not_in_form(writing: Writing, form: str, found: str) -> CetsGraphError:
    return CetsGraphError(
        f"the data set cannot be written as {form} of {writing.dialect}",
        found=found,
        expected="exactly one" if BY_NAME not in form else "image sets with different names",
        hint="Write it as DataSet.",
    )


def _nothing_beside(writing: Writing, owner: Entity, pointer: str, *kept: str) -> None:
    """Say what of an object is left out, beside the fields that are kept."""
    others = [name for name, found in owner.__dict__.items() if name not in kept and found not in (None, [])]
    if others:
        writing.left_out(owner, pointer, *others)


TOMOBABEL = Dialect("tomobabel", recognise, read_root, write_root, root=lambda: DATA_SET)
