"""Documents of cets-data-model, as its published classes describe them."""

from hypothesis import strategies as st
from strategies.values import JSON, Fields, few, ids, number, objects, whole, words

_local_ids = ids.filter(lambda text: not text.startswith("#"))  # no places of the canonical form


def _rows(width: int) -> st.SearchStrategy[list[list[float]]]:
    return st.lists(st.lists(number, min_size=width, max_size=width), min_size=1, max_size=3)


def _square(width: int) -> st.SearchStrategy[list[list[float]]]:
    return st.lists(st.lists(number, min_size=width, max_size=width), min_size=width, max_size=width)


def _transformation_of(kind: str, fields: Fields) -> st.SearchStrategy[dict[str, JSON]]:
    return objects(
        {"transformation_type": st.just(kind)}, {"name": words, "input": words, "output": words, **fields}
    )


_axis = objects(
    {"name": st.sampled_from("xyz")},
    {"axis_unit": st.sampled_from(["angstrom", "pixel"]), "axis_type": st.sampled_from(["space", "array"])},
)
_system = st.fixed_dictionaries({"name": words, "axes": st.lists(_axis, min_size=1, max_size=3)})
_affine = _transformation_of("affine", {"affine": _square(3)})
_translation = _transformation_of("translation", {"translation": st.lists(number, max_size=3)})
_simple_transformation = st.one_of(
    _affine,
    _translation,
    _transformation_of("identity", {}),
    _transformation_of("scale", {"scale": st.lists(number, min_size=1, max_size=3)}),
    _transformation_of(
        "map_axis", {"map_axis": few(objects({}, {"axis1_name": words, "axis2_name": words}))}
    ),
)
_any_transformation = st.one_of(
    _simple_transformation, _transformation_of("sequence", {"sequence": few(_simple_transformation)})
)
_placed: Fields = {
    "coordinate_systems": few(_system),
    "coordinate_transformations": few(_any_transformation),
}
_flat: Fields = {"width": whole, "height": whole, **_placed}
_solid_image: Fields = {**_flat, "depth": whole}
_exposed: Fields = {
    **_flat,
    "nominal_tilt_angle": number,
    "accumulated_dose": number,
    "ctf_metadata": objects(
        {},
        {
            **dict.fromkeys(("defocus_u", "defocus_v", "defocus_angle", "phase_shift"), number),
            "defocus_handedness": st.sampled_from([-1, 1]),
        },
    ),
    "path": words,
    "section": whole,
}
_identified: Fields = {"id": _local_ids}
_collection = objects(
    {},
    {
        "movie_stacks": few(
            objects(
                _identified,
                {"stacks": few(objects(_identified, {"path": words, "images": few(objects({}, _exposed))}))},
            )
        ),
        "gain_file": objects({}, {**_flat, "path": words}),
        "defect_file": objects({}, {**_flat, "path": words}),
    },
)
_made: Fields = {"path": words, "ctf_corrected": st.booleans(), "even_path": words, "odd_path": words}
_series = objects(
    _identified,
    {
        **_made,
        "images": few(objects(_identified, {**_exposed, "movie_stack_id": _local_ids})),
        "movie_stack_series_id": _local_ids,
    },
)
_projection_alignment = objects(
    {"transformation_type": st.just("projection_alignment"), **_identified},
    {
        **dict.fromkeys(("name", "input", "output"), words),
        "tilt_image_id": _local_ids,
        "sequence": few(st.one_of(_affine, _translation)),
    },
)
_alignment = objects({}, {"tilt_series_id": _local_ids, "projection_alignments": few(_projection_alignment)})
_region_tomogram = objects(_identified, {**_solid_image, **_made, "tilt_series_id": _local_ids})
_radii = st.lists(number, min_size=1, max_size=3)
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
        objects(
            {"annotation_type": st.just(kind), **_identified},
            {"name": words, "source_tomogram_id": _local_ids, **_placed, **fields},
        )
        for kind, fields in _annotation_fields.items()
    ]
)
_particle_map = objects(
    {},
    {
        **_solid_image,
        "path": words,
        "source_region_id": _local_ids,
        "source_annotation_id": _local_ids,
        "coord_index": whole,
    },
)
_whole_region: Fields = {
    "movie_stack_collection": _collection,
    "alignments": few(_alignment),
    "tomograms": few(_region_tomogram),
    "annotations": few(_region_annotation),
}
cets_data_model_documents: st.SearchStrategy[tuple[str, dict[str, JSON]]] = st.one_of(
    st.tuples(
        st.just("DataSet"),
        objects(
            {"regions": few(objects(_identified, {**_whole_region, "tilt_series": few(_series)}))},
            {
                "name": words,
                "averages": few(objects({}, {"name": words, "particle_maps": few(_particle_map)})),
            },
        ),
    ),
    st.tuples(st.just("Region"), objects({**_identified, "tilt_series": few(_series)}, _whole_region)),
)
"""Documents of dialect B, as its published schema (`schema-main.json`) has them, with their root's form."""
