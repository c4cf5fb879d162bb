"""Documents of tomobabel, as its published classes describe them."""

from hypothesis import strategies as st
from strategies.values import JSON, Fields, few, number, objects, text, whole, words


def _typed(kind: str, required: Fields, optional: Fields | None = None) -> st.SearchStrategy[dict[str, JSON]]:
    return objects({"type": st.just(kind), **required}, {"description": text, **(optional or {})})


def _annotated(required: Fields, optional: Fields) -> st.SearchStrategy[dict[str, JSON]]:
    return objects(required, {"annotations": few(_tomobabel_annotation), **optional})


_leaf_annotation = st.builds(lambda text: {"type": "text", "description": text}, text)
_coords = objects(
    {"x": number, "y": number}, {"z": number, "description": text, "annotations": few(_leaf_annotation)}
)
_transformation = objects(
    {},
    {
        "transform_type": st.sampled_from(["identity", "flip", "translation", "scale", "rotate", "affine"]),
        "trans_matrix": st.lists(st.lists(number, min_size=2, max_size=4), min_size=2, max_size=4),
        "annotations": few(_leaf_annotation),
    },
)
_vector = _typed("vector", {"start": _coords, "end": _coords})
_particle = _typed(
    "particle_coodinate",
    {"coords": _coords},
    {"fom": number, "alignment_transformations": few(_transformation)},
)
_solid = st.one_of(
    _typed("sphere", {"center": _coords, "radius": number}),
    _typed("cuboid", {"v1": _vector, "v2": _vector}),
    _typed("cylinder", {"vector": _vector, "radius": number}),
    _typed("cone", {"vector": _vector, "start_radius": number}, {"end_radius": number}),
    _typed("ovoid", {"vector": _vector, "waist_radius": number}, {"waist_point": _coords}),
)
_primitive = st.one_of(
    _leaf_annotation,
    _typed("point", {"coords": _coords}),
    _particle,
    _vector,
    _solid,
    _typed("shell", {"base": _solid, "cut_outs": st.lists(_solid, min_size=1, max_size=2)}),
    _typed("spline", {"points": st.lists(_coords, min_size=3, max_size=3)}),
    _typed("fit_map", {}, {"center": _coords, "file": text, "transformation": _transformation}),
)
_tomobabel_annotation = st.recursive(
    _primitive,
    lambda inner: st.one_of(
        objects({"annotations": st.lists(inner, min_size=1, max_size=2)}, {"name": words}),
        objects(
            {"type": st.just("particle_coordinates"), "annotations": st.lists(inner, min_size=1, max_size=2)},
            {"name": words, "particles": few(_particle)},
        ),
    ),
    max_leaves=3,
)

_size: Fields = {"width": whole, "height": whole}
_ctf = _annotated(
    {},
    {
        "defocus_u": number,
        "defocus_v": number,
        "defocus_angle": number,
        "defocus_handedness": st.sampled_from([-1, 1]),
    },
)
_correction = _annotated(
    {}, {**_size, "pixel_size": number, "path": text, "transformations": few(_transformation)}
)
_frame = _annotated(
    {},
    {
        **_size,
        "pixel_size": number,
        "path": text,
        "section": whole,
        "nominal_tilt_angle": number,
        "accumulated_dose": number,
        "ctf_metadata": _ctf,
        "motion_correction_transformations": few(_transformation),
    },
)
_movie_stack = _annotated({"frame_images": few(_frame)}, {"path": text})
_map = _annotated({"file": words}, {"pixel_size": number})
_sub_tomogram = _annotated(
    {},
    {
        **_size,
        "depth": whole,
        "voxel_size": number,
        "alignment_transformation": _transformation,
        "ctf_metadata": _ctf,
        "coordinates": _coords,
    },
)
_sub_tomogram_set = _annotated({}, {"Subtomograms": few(_sub_tomogram), "maps": few(_map)})
_tomogram = _annotated(
    {},
    {
        **_size,
        "depth": whole,
        "voxel_size": number,
        "file": text,
        "subtomograms": few(_sub_tomogram_set),
    },
)
_tomogram_set = _annotated({}, {"tomograms": few(_tomogram)})
_micrograph = _annotated(
    {},
    {
        **_size,
        "pixel_size": number,
        "path": text,
        "ctf_metadata": _ctf,
        "total_accumulated_dose": number,
        "nominal_tilt_angle": number,
        "refined_tilt_angle": number,
        "alignment_transformations": _annotated(
            {}, {"translation": _transformation, "x_tilt": number, "y_tilt": number, "z_rot": number}
        ),
    },
)
_tilt_series = _annotated(
    {}, {"micrographs": few(_micrograph), "Tomograms": few(_tomogram_set), "path": text}
)
_movie_stack_set = _annotated(
    {},
    {
        "movie_stacks": few(_movie_stack),
        "gain_file": _correction,
        "defect_file": _correction,
        "tilt_series": few(_tilt_series),
    },
)
_imaging_parameters = _annotated(
    {
        "imaging": objects(
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
                    number,
                ),
                "accelerating_voltage": whole,
                "nominal_magnification": whole,
            },
        ),
        "detector": _annotated({}, {"detective_quantum_efficiency": number, "mode": words}),
    },
    {},
)
_sample_creation = _annotated(
    {},
    {
        "sample_support": _annotated(
            {},
            {"film_material": words, "grid_material": words, "grid_mesh_size": whole, "pretreatment": words},
        ),
        "vitrification": _annotated(
            {},
            {
                **dict.fromkeys(("cryogen_name", "instrument", "method"), words),
                **dict.fromkeys(("humidity", "temp", "chamber_temperature"), number),
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
    _annotated({"pixel_size": number}, _size),
    _annotated({}, {**_size, "depth": whole, "voxel_size": number}),
)
_region = _annotated(
    {},
    {
        "tomo_imaging": few(_image_set),
        "non_tomo_imaging": few(_annotated({}, {"images": few(_other_image)})),
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
    "TiltSeriesSet": _annotated({}, {"tilt_series": few(_tilt_series)}),
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
    st.tuples(st.just("DataSet"), _annotated({"regions": few(_region)}, {"name": text})),
    *(st.tuples(st.just(form), _recognisable(form)) for form in _signs),
    *(
        st.tuples(st.just(f"{form} by name"), _by_name(form))
        for form in ("MovieStackSet", "TiltSeriesMicrographStack")
    ),
)
"""Documents of dialect A with the form of their root."""
