"""Hypothesis strategies: data sets over the whole model, and documents of the published dialects.

`datasets()` reaches every class and field of the model. Documents are described from the dialects' published
classes, not from the tables of the readers.
"""

import datetime as dt
import types
from collections.abc import Callable
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st

from cetsgraph.model import DataSet, Entity
from cetsgraph.model.base import facts_of

__all__ = [
    "JSON",
    "cets_data_model_documents",
    "concrete_kinds",
    "dataset_with",
    "datasets",
    "entities",
    "filled",
    "numbers",
    "tomobabel_documents",
    "words",
]

JSON = Any

numbers = st.one_of(
    st.sampled_from([0.0, -0.0, 0.1, 5e-324, -1.7976931348623157e308, 2.0**53 + 2]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(2**53), 2**53).map(float),
)

integers = st.one_of(st.integers(-3, 5), st.integers(-(2**63), 2**63 - 1))

words = st.one_of(
    st.sampled_from(["a", "TS_01", "Å/µ ~1", "#/regions/0", "\t\r\n", "\U0001f9ca", 'say "x\\y"']),
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff"),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from("aÅ").map(lambda letter: letter * 70_000),
)
"""Texts that a graph can hold; not empty, which some dialects take for absent."""

ids = st.sampled_from(["a", "a", "b", "TS 1/é", "~0", "..", "#/regions/0"])
"""Few, so that equal ids and references that resolve are common."""

references = st.one_of(
    ids,
    st.sampled_from(["#/regions/0", "#/regions/0/tomo_image_sets/0", "#/regions/99", "gone"]),
    st.sampled_from(
        ["https://example.org/data/other/set/region/r", "https://example.org/data/archive/set/x"]
    ),
)

moments = st.one_of(
    st.datetimes(),
    st.builds(
        lambda moment, minutes: moment.replace(tzinfo=dt.timezone(dt.timedelta(minutes=minutes))),
        st.datetimes(),
        st.sampled_from([0, 60, -570, 840, -840]),
    ),
)

languages = st.dictionaries(
    st.sampled_from(["en", "ja", "en-GB", "zh-Hant", "sr-Latn-RS", "es-419", "de-CH-1996"]), words, max_size=3
)


def concrete_kinds() -> list[type[Entity]]:
    """Classes of the model that have instances."""
    return [kind for kind in Entity.kinds.values() if not kind.abstract]


@cache
def _options(cls: type[Entity], name: str) -> tuple[Any, ...]:
    """Types that a field may have, without None and annotations."""
    return tuple(_bare(cls.model_fields[name].annotation))


def _bare(kind: Any) -> list[Any]:
    if hasattr(kind, "__metadata__"):
        return _bare(kind.__origin__)
    if get_origin(kind) in (Union, types.UnionType):
        return [option for part in get_args(kind) if part is not type(None) for option in _bare(part)]
    return [kind]


@cache
def _parts_of(cls: type[Entity], name: str) -> tuple[type[Entity] | None, bool]:
    """The class of a field's contained objects, and whether there can be several."""
    kind = _options(cls, name)[0]
    many = get_origin(kind) is list
    inner = _bare(get_args(kind)[0])[0] if many else kind
    return (inner, many) if isinstance(inner, type) and issubclass(inner, Entity) else (None, many)


@cache
def _kinds_of(base: type[Entity]) -> list[type[Entity]]:
    return [kind for kind in concrete_kinds() if issubclass(kind, base)]


def _values(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a type that is not an object of the model."""
    if hasattr(kind, "__metadata__"):
        return _values(kind.__origin__)
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) is list:
        return st.lists(_values(get_args(kind)[0]), max_size=3)
    if get_origin(kind) is dict:
        return languages
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of(*map(_values, get_args(kind)))
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: words,
        float: numbers,
        int: integers,
        bool: st.booleans(),
        dt.date: st.dates(),
        dt.datetime: moments,
        type(None): st.none(),
    }
    return simple[kind]


@cache
def _field_values(cls: type[Entity], name: str, depth: int) -> st.SearchStrategy[Any]:
    inner, many = _parts_of(cls, name)
    if inner is not None:
        one = st.one_of([entities(kind, depth - 1) for kind in _kinds_of(inner)])
        if not many:
            return one
        several = st.lists(one, max_size=2)
        twice = one.map(lambda entity: [entity, entity.model_copy(deep=True)])
        return st.one_of(several, several, twice)
    if facts_of(cls.model_fields[name].json_schema_extra).target is not None:
        return st.lists(references, max_size=4) if many else references
    if name == "id":
        return ids
    return st.one_of([_values(option) for option in _options(cls, name)])


@st.composite
def entities(draw: Callable[[st.SearchStrategy[Any]], Any], cls: type[Entity], depth: int = 2) -> Entity:
    """An object of one class with up to twelve of its fields; `depth` levels of objects below it."""
    names = [name for name in cls.model_fields if depth > 0 or _parts_of(cls, name)[0] is None]
    chosen = draw(st.lists(st.sampled_from(sorted(names)), max_size=12, unique=True))
    return cls(**{name: draw(_field_values(cls, name, depth)) for name in chosen})


@cache
def _way_to(cls: type[Entity]) -> tuple[tuple[type[Entity], str], ...]:
    """The shortest way from a DataSet down to a class, as (class, field) steps."""
    ways: dict[type[Entity], tuple[tuple[type[Entity], str], ...]] = {DataSet: ()}
    queue: list[type[Entity]] = [DataSet]
    for holder in queue:
        for name in holder.model_fields:
            inner, _ = _parts_of(holder, name)
            for kind in _kinds_of(inner) if inner is not None else ():
                if kind not in ways:
                    ways[kind] = (*ways[holder], (holder, name))
                    queue.append(kind)
    return ways[cls]


def _put(holder: Entity, name: str, entity: Entity) -> None:
    if _parts_of(type(holder), name)[1]:
        getattr(holder, name).append(entity)
    else:
        setattr(holder, name, entity)


def filled(cls: type[Entity], depth: int = 2) -> Entity:
    """The same object each time, with every field set that fits into `depth` levels of objects."""
    values: dict[str, Any] = {}
    for name in cls.model_fields:
        inner, many = _parts_of(cls, name)
        if inner is None:
            values[name] = _example_of(cls, name)
        elif depth > 0:
            kinds = _kinds_of(inner) if many else _kinds_of(inner)[:1]
            objects = [filled(kind, depth - 1) for kind in kinds]
            values[name] = objects if many else objects[0]
    return cls(**values)


@cache
def _example_of(cls: type[Entity], name: str) -> Any:
    return f"{cls.__name__}.{name}" if name == "id" else _example(_options(cls, name)[0])


def _example(kind: Any) -> Any:
    if hasattr(kind, "__metadata__"):
        return _example(kind.__origin__)
    if get_origin(kind) is Literal:
        return get_args(kind)[-1]
    if get_origin(kind) is list:
        return [_example(get_args(kind)[0]), _example(get_args(kind)[0])]
    if get_origin(kind) in (Union, types.UnionType):
        return _example(get_args(kind)[0])
    simple: dict[Any, Any] = {str: "Å 1", float: -0.5, int: 3, bool: False, dt.date: dt.date(2024, 2, 29)}
    simple[dt.datetime] = dt.datetime(2024, 2, 29, 12, 30, 0, 250000, tzinfo=dt.UTC)
    return simple[kind]


def dataset_with(entity: Entity) -> DataSet:
    """A data set that holds nothing but the object, and what must be around it."""
    for holder, name in reversed(_way_to(type(entity))):
        outer = holder()
        _put(outer, name, entity)
        entity = outer
    assert isinstance(entity, DataSet)
    return entity


@st.composite
def datasets(draw: Callable[[st.SearchStrategy[Any]], Any]) -> DataSet:
    """A data set that holds objects of up to three classes, wherever in the tree these can be."""
    dataset = draw(entities(DataSet, 1))
    assert isinstance(dataset, DataSet)
    for cls in draw(st.lists(st.sampled_from([*concrete_kinds()]), min_size=1, max_size=3)):
        if cls is DataSet:
            continue
        entity = draw(entities(cls))
        for holder, name in reversed(_way_to(cls)[1:]):
            outer = draw(entities(holder, 0))
            _put(outer, name, entity)
            entity = outer
        _put(dataset, _way_to(cls)[0][1], entity)
    return dataset


# --- documents of tomobabel ------------------------------------------------------------------------------

Fields = dict[str, st.SearchStrategy[Any]]


def _object(required: Fields, optional: Fields) -> st.SearchStrategy[dict[str, JSON]]:
    """An object with some of its optional fields, some of them null."""
    may_be_null = {name: st.one_of(found, found, found, st.none()) for name, found in optional.items()}
    return st.fixed_dictionaries(required).flatmap(
        lambda has: st.lists(st.sampled_from(sorted(may_be_null)), max_size=5, unique=True).flatmap(
            lambda names: st.fixed_dictionaries(
                {
                    **{name: st.just(found) for name, found in has.items()},
                    **{n: may_be_null[n] for n in names},
                }
            )
        )
    )


def _few(strategy: st.SearchStrategy[JSON]) -> st.SearchStrategy[list[JSON]]:
    return st.lists(strategy, max_size=2)


def _typed(kind: str, required: Fields, optional: Fields | None = None) -> st.SearchStrategy[dict[str, JSON]]:
    return _object({"type": st.just(kind), **required}, {"description": _text, **(optional or {})})


_text = st.one_of(words, st.just(""))
_whole = st.integers(0, 8192)
_number = st.one_of(numbers, st.integers(-5, 5))


def _annotated(required: Fields, optional: Fields) -> st.SearchStrategy[dict[str, JSON]]:
    return _object(required, {"annotations": _few(_tomobabel_annotation), **optional})


_leaf_annotation = st.builds(lambda text: {"type": "text", "description": text}, _text)
_coords = _object(
    {"x": _number, "y": _number}, {"z": _number, "description": _text, "annotations": _few(_leaf_annotation)}
)
_transformation = _object(
    {},
    {
        "transform_type": st.sampled_from(["identity", "flip", "translation", "scale", "rotate", "affine"]),
        "trans_matrix": st.lists(st.lists(_number, min_size=2, max_size=4), min_size=2, max_size=4),
        "annotations": _few(_leaf_annotation),
    },
)
_vector = _typed("vector", {"start": _coords, "end": _coords})
_particle = _typed(
    "particle_coodinate",
    {"coords": _coords},
    {"fom": _number, "alignment_transformations": _few(_transformation)},
)
_solid = st.one_of(
    _typed("sphere", {"center": _coords, "radius": _number}),
    _typed("cuboid", {"v1": _vector, "v2": _vector}),
    _typed("cylinder", {"vector": _vector, "radius": _number}),
    _typed("cone", {"vector": _vector, "start_radius": _number}, {"end_radius": _number}),
    _typed("ovoid", {"vector": _vector, "waist_radius": _number}, {"waist_point": _coords}),
)
_primitive = st.one_of(
    _leaf_annotation,
    _typed("point", {"coords": _coords}),
    _particle,
    _vector,
    _solid,
    _typed("shell", {"base": _solid, "cut_outs": st.lists(_solid, min_size=1, max_size=2)}),
    _typed("spline", {"points": st.lists(_coords, min_size=3, max_size=3)}),
    _typed("fit_map", {}, {"center": _coords, "file": _text, "transformation": _transformation}),
)
_tomobabel_annotation = st.recursive(
    _primitive,
    lambda inner: st.one_of(
        _object({"annotations": st.lists(inner, min_size=1, max_size=2)}, {"name": words}),
        _object(
            {"type": st.just("particle_coordinates"), "annotations": st.lists(inner, min_size=1, max_size=2)},
            {"name": words, "particles": _few(_particle)},
        ),
    ),
    max_leaves=3,
)

_size: Fields = {"width": _whole, "height": _whole}
_ctf = _annotated(
    {},
    {
        "defocus_u": _number,
        "defocus_v": _number,
        "defocus_angle": _number,
        "defocus_handedness": st.sampled_from([-1, 1]),
    },
)
_correction = _annotated(
    {}, {**_size, "pixel_size": _number, "path": _text, "transformations": _few(_transformation)}
)
_frame = _annotated(
    {},
    {
        **_size,
        "pixel_size": _number,
        "path": _text,
        "section": _whole,
        "nominal_tilt_angle": _number,
        "accumulated_dose": _number,
        "ctf_metadata": _ctf,
        "motion_correction_transformations": _few(_transformation),
    },
)
_movie_stack = _annotated({"frame_images": _few(_frame)}, {"path": _text})
_map = _annotated({"file": words}, {"pixel_size": _number})
_sub_tomogram = _annotated(
    {},
    {
        **_size,
        "depth": _whole,
        "voxel_size": _number,
        "alignment_transformation": _transformation,
        "ctf_metadata": _ctf,
        "coordinates": _coords,
    },
)
_sub_tomogram_set = _annotated({}, {"Subtomograms": _few(_sub_tomogram), "maps": _few(_map)})
_tomogram = _annotated(
    {},
    {
        **_size,
        "depth": _whole,
        "voxel_size": _number,
        "file": _text,
        "subtomograms": _few(_sub_tomogram_set),
    },
)
_tomogram_set = _annotated({}, {"tomograms": _few(_tomogram)})
_micrograph = _annotated(
    {},
    {
        **_size,
        "pixel_size": _number,
        "path": _text,
        "ctf_metadata": _ctf,
        "total_accumulated_dose": _number,
        "nominal_tilt_angle": _number,
        "refined_tilt_angle": _number,
        "alignment_transformations": _annotated(
            {}, {"translation": _transformation, "x_tilt": _number, "y_tilt": _number, "z_rot": _number}
        ),
    },
)
_tilt_series = _annotated(
    {}, {"micrographs": _few(_micrograph), "Tomograms": _few(_tomogram_set), "path": _text}
)
_movie_stack_set = _annotated(
    {},
    {
        "movie_stacks": _few(_movie_stack),
        "gain_file": _correction,
        "defect_file": _correction,
        "tilt_series": _few(_tilt_series),
    },
)
_imaging_parameters = _annotated(
    {
        "imaging": _object(
            {},
            {
                **dict.fromkeys(
                    (
                        "microscope_model",
                        "specimen_holder_type",
                        "specimen_holder_model",
                        "illumination_mode",
                        "mode",
                        "electron_source",
                        "alignment_procedure",
                        "cryogen",
                        "microscope_serial_number",
                    ),
                    words,
                ),
                **dict.fromkeys(
                    (
                        "nominal_cs",
                        "nominal_defocus_min",
                        "nominal_defocus_max",
                        "temperature",
                        "detector_distance",
                        "c2_aperture_diameter",
                        "objective_aperture",
                    ),
                    _number,
                ),
                "accelerating_voltage": _whole,
                "nominal_magnification": _whole,
            },
        ),
        "detector": _annotated({}, {"detective_quantum_efficiency": _number, "mode": words}),
    },
    {},
)
_sample_creation = _annotated(
    {},
    {
        "sample_support": _annotated(
            {},
            {"film_material": words, "grid_material": words, "grid_mesh_size": _whole, "pretreatment": words},
        ),
        "vitrification": _annotated(
            {},
            {
                **dict.fromkeys(("cryogen_name", "instrument", "method"), words),
                **dict.fromkeys(("humidity", "temp", "chamber_temperature"), _number),
            },
        ),
    },
)
_image_set = _annotated(
    {},
    {
        "raw_movies": _movie_stack_set,
        "imaging_parameters": _imaging_parameters,
        "sample_creation": _sample_creation,
    },
)
_other_image = st.one_of(
    _annotated({"pixel_size": _number}, _size),
    _annotated({}, {**_size, "depth": _whole, "voxel_size": _number}),
)
_region = _annotated(
    {},
    {
        "tomo_imaging": _few(_image_set),
        "non_tomo_imaging": _few(_annotated({}, {"images": _few(_other_image)})),
    },
)

_signs = {
    "Region": "tomo_imaging",
    "TomoImageSet": "raw_movies",
    "MovieStackSet": "movie_stacks",
    "TiltSeriesMicrographStack": "micrographs",
    "TiltSeriesSet": "tilt_series",
    "TomogramSet": "tomograms",
    "Tomogram": "subtomograms",
}
_fragments: dict[str, st.SearchStrategy[dict[str, JSON]]] = {
    "Region": _region,
    "TomoImageSet": _image_set,
    "MovieStackSet": _movie_stack_set,
    "TiltSeriesMicrographStack": _tilt_series,
    "TiltSeriesSet": _annotated({}, {"tilt_series": _few(_tilt_series)}),
    "TomogramSet": _tomogram_set,
    "Tomogram": _tomogram,
}


def _recognisable(form: str) -> st.SearchStrategy[dict[str, JSON]]:
    """A fragment that has the field by which it is known, as the published code writes all fields."""
    sign = _signs[form]
    empty = {} if form == "TomoImageSet" else []
    return _fragments[form].map(
        lambda found: {sign: empty, **found} | ({} if found.get(sign) else {sign: empty})
    )


def _by_name(form: str) -> st.SearchStrategy[dict[str, JSON]]:
    return st.dictionaries(
        st.sampled_from(["TS_01", "TS/03", "~1", ""]), _recognisable(form), min_size=1, max_size=2
    )


tomobabel_documents: st.SearchStrategy[tuple[str, dict[str, JSON]]] = st.one_of(
    st.tuples(st.just("DataSet"), _annotated({"regions": _few(_region)}, {"name": _text})),
    *(st.tuples(st.just(form), _recognisable(form)) for form in _signs),
    *(
        st.tuples(st.just(f"{form} by name"), _by_name(form))
        for form in ("MovieStackSet", "TiltSeriesMicrographStack")
    ),
)
"""Documents of dialect A with the form of their root."""


# --- documents of cets-data-model ------------------------------------------------------------------------


_local_ids = ids.filter(lambda text: not text.startswith("#"))  # no places of the canonical form


def _rows(width: int) -> st.SearchStrategy[list[list[float]]]:
    return st.lists(st.lists(_number, min_size=width, max_size=width), min_size=1, max_size=3)


def _square(width: int) -> st.SearchStrategy[list[list[float]]]:
    return st.lists(st.lists(_number, min_size=width, max_size=width), min_size=width, max_size=width)


def _transformation_of(kind: str, fields: Fields) -> st.SearchStrategy[dict[str, JSON]]:
    return _object(
        {"transformation_type": st.just(kind)}, {"name": words, "input": words, "output": words, **fields}
    )


_axis = _object(
    {"name": st.sampled_from("xyz")},
    {"axis_unit": st.sampled_from(["angstrom", "pixel"]), "axis_type": st.sampled_from(["space", "array"])},
)
_system = st.fixed_dictionaries({"name": words, "axes": st.lists(_axis, min_size=1, max_size=3)})
_affine = _transformation_of("affine", {"affine": _square(3)})
_translation = _transformation_of("translation", {"translation": st.lists(_number, max_size=3)})
_simple_transformation = st.one_of(
    _affine,
    _translation,
    _transformation_of("identity", {}),
    _transformation_of("scale", {"scale": st.lists(_number, min_size=1, max_size=3)}),
    _transformation_of(
        "map_axis", {"map_axis": _few(_object({}, {"axis1_name": words, "axis2_name": words}))}
    ),
)
_any_transformation = st.one_of(
    _simple_transformation, _transformation_of("sequence", {"sequence": _few(_simple_transformation)})
)
_placed: Fields = {
    "coordinate_systems": _few(_system),
    "coordinate_transformations": _few(_any_transformation),
}
_flat: Fields = {"width": _whole, "height": _whole, **_placed}
_solid_image: Fields = {**_flat, "depth": _whole}
_exposed: Fields = {
    **_flat,
    "nominal_tilt_angle": _number,
    "accumulated_dose": _number,
    "ctf_metadata": _object(
        {},
        {
            **dict.fromkeys(("defocus_u", "defocus_v", "defocus_angle", "phase_shift"), _number),
            "defocus_handedness": st.sampled_from([-1, 1]),
        },
    ),
    "path": words,
    "section": _whole,
}
_identified: Fields = {"id": _local_ids}
_collection = _object(
    {},
    {
        "movie_stacks": _few(
            _object(
                _identified,
                {
                    "stacks": _few(
                        _object(_identified, {"path": words, "images": _few(_object({}, _exposed))})
                    )
                },
            )
        ),
        "gain_file": _object({}, {**_flat, "path": words}),
        "defect_file": _object({}, {**_flat, "path": words}),
    },
)
_made: Fields = {"path": words, "ctf_corrected": st.booleans(), "even_path": words, "odd_path": words}
_series = _object(
    _identified,
    {
        **_made,
        "images": _few(_object(_identified, {**_exposed, "movie_stack_id": _local_ids})),
        "movie_stack_series_id": _local_ids,
    },
)
_projection_alignment = _object(
    {"transformation_type": st.just("projection_alignment"), **_identified},
    {
        **dict.fromkeys(("name", "input", "output"), words),
        "tilt_image_id": _local_ids,
        "sequence": _few(st.one_of(_affine, _translation)),
    },
)
_alignment = _object({}, {"tilt_series_id": _local_ids, "projection_alignments": _few(_projection_alignment)})
_region_tomogram = _object(_identified, {**_solid_image, **_made, "tilt_series_id": _local_ids})
_radii = st.lists(_number, min_size=1, max_size=3)
_matrices_3d, _matrices_2d = (st.lists(_square(width), min_size=1, max_size=2) for width in (3, 2))
_annotation_fields: dict[str, Fields] = {
    "point_set_2D": {"origin2D": _rows(2)},
    "point_set_3D": {"origin3D": _rows(3)},
    "point_vector_set_2D": {"origin2D": _rows(2), "vector2D": _rows(2)},
    "point_vector_set_3D": {"origin3D": _rows(3), "vector3D": _rows(3)},
    "point_matrix_set_2D": {"origin2D": _rows(2), "matrix2D": _matrices_2d},
    "point_matrix_set_3D": {"origin3D": _rows(3), "matrix3D": _matrices_3d},
    "sphere_set": {"origin3D": _rows(3), "radii": _radii},
    "circle_set": {"origin2D": _rows(2), "radii": _radii},
    "cylinder_set": {"vector3D": _rows(3), "radii": _radii},
    "cuboid_set": {"origin3D": _rows(3), "matrix3D": _matrices_3d, "dimensions3D": _rows(3)},
    "box_set": {"origin2D": _rows(2), "matrix2D": _matrices_2d, "dimensions2D": _rows(2)},
    "spline_2D": {"origin2D": _rows(2)},
    "spline_3D": {"origin3D": _rows(3)},
    "tri_mesh": {},
    "segmentation_mask_2D": {**_flat, "path": words},
    "segmentation_mask_3D": {**_solid_image, "path": words},
    "probability_map_2D": {**_flat, "path": words},
    "probability_map_3D": {**_solid_image, "path": words},
    "density_map": {**_solid_image, "path": words, "matrix3D": _matrices_3d},
}
_region_annotation = st.one_of(
    [
        _object(
            {"annotation_type": st.just(kind), **_identified},
            {"name": words, "source_tomogram_id": _local_ids, **_placed, **fields},
        )
        for kind, fields in _annotation_fields.items()
    ]
)
_particle_map = _object(
    {},
    {
        **_solid_image,
        "path": words,
        "source_region_id": _local_ids,
        "source_annotation_id": _local_ids,
        "coord_index": _whole,
    },
)
_whole_region: Fields = {
    "movie_stack_collection": _collection,
    "alignments": _few(_alignment),
    "tomograms": _few(_region_tomogram),
    "annotations": _few(_region_annotation),
}
cets_data_model_documents: st.SearchStrategy[tuple[str, dict[str, JSON]]] = st.one_of(
    st.tuples(
        st.just("DataSet"),
        _object(
            {"regions": _few(_object(_identified, {**_whole_region, "tilt_series": _few(_series)}))},
            {
                "name": words,
                "averages": _few(_object({}, {"name": words, "particle_maps": _few(_particle_map)})),
            },
        ),
    ),
    st.tuples(st.just("Region"), _object({**_identified, "tilt_series": _few(_series)}, _whole_region)),
)
"""Documents of dialect B, as its published schema (`schema-main.json`) has them, with their root's form."""
