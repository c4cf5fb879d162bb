"""Questions about annotations, against rows worked out from the documents."""

from typing import Any

import pytest
from queries.example_documents import (
    CELL,
    CELL_SWAPPED,
    CELL_TOMOGRAM,
    CURATED,
    CURATED_IMAGING,
    HIV,
    HIV_TOMOGRAMS,
    IMAGING,
    MAP,
    MAP_TOMOGRAM,
    RUN,
    RUN_TOMOGRAMS,
    TOMOGRAM,
    VLP,
    VLP_TOMOGRAM,
    D,
    Row,
    cell,
    hiv,
    store_of,
    tilt_series,
    tuples,
)

from cetsgraph import queries
from cetsgraph.store import LocalStore

CELL_REGION = f"{CELL}/region/Control_TS_006"
PORTAL = "https://files.cryoetdataportal.cziscience.com/10445/TS_105_5"
CELL_FILES = "https://ftp.ebi.ac.uk/empiar/world_availability/12104/data/Control"
HIV_TOMOGRAM, RUN_TOMOGRAM = f"{HIV_TOMOGRAMS}/TS_01_10.8A", f"{RUN_TOMOGRAMS}/18956"
SMALL = f"{CURATED_IMAGING}/tomogram-set/~0/tomogram/small"
GAG, FERRITIN = ("UniProtKB:P04591", "Gag polyprotein"), ("GO:0070288", "ferritin complex")
AMYLASE, MEMBRANE = ("UniProtKB:P10537", "Beta-amylase"), ("GO:0016020", "membrane")
NOTHING = (None, None)

T = f"{TOMOGRAM}/t"


def with_tomogram(*annotations: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Imaging with one tomogram, `t`."""
    return {"tomogram_sets": [{"tomograms": [{"id": "t", "annotations": list(annotations), **fields}]}]}


def test_annotated_objects(examples: LocalStore) -> None:
    # term, name, data sets, tomograms, points
    assert tuples(queries.annotated_objects(examples)) == [
        (*GAG, 2, 2, 4 + 2),  # a fitted map beside the points of one, particles in the other
        (*MEMBRANE, 2, 2, 0),
        (None, "ribosomes", 1, 1, 4),
        (*FERRITIN, 1, 1, 2 + 2),
        (None, "ATP synthases", 1, 1, 3),
        (None, "capsid hexamers", 1, 1, 3),
        (None, "virus-like particles", 1, 1, 3),
        (None, "membrane proteins", 1, 1, 2),
        (*AMYLASE, 1, 1, 2),
        (None, "virus-like particle", 1, 1, 1),
        (None, "virus-like particle 1", 1, 1, 1),  # a set, with the point that is one of its members
        *(
            (None, name, 1, 1, 0)
            for name in (
                "EMD-3782",
                "actin filament",
                "envelope",
                "figure legend",
                "fitted ribosome",
            )
        ),
        (None, "ice", 2, 1, 0),  # a label of a mask in one, a map of the whole region in the other
        *(
            (None, name, 1, 1, 0)
            for name in (
                "lumen",
                "microtubules",
                "mitochondria",
                "outer mitochondrial membrane",
                "ribosome scores",
                "training boxes",
                "vesicles",
            )
        ),
        (None, "fiducials", 1, 0, 2),  # in no tomogram
        (None, "drift", 1, 0, 1),
        (None, "lattice", 1, 0, 1),
        *((None, name, 1, 0, 0) for name in ("carbon", "grid bar", "holes", "picked squares")),
    ]


def test_annotated_objects_to_be_curated(curated: LocalStore) -> None:
    assert tuples(queries.annotated_objects(curated)) == [(None, "ribosomes", 1, 1, 2 + 2)]


POINTS_OF_CELL = {"name": "cells", "type": "PointSet", "coordinates": [[0.0, 0.0, 0.0]] * 3}
POINT = {"type": "Point", "location": {"x": 1.0, "y": 2.0, "z": 3.0}}


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (POINTS_OF_CELL, [(None, "cells", 3)]),
        ({**POINTS_OF_CELL, "annotated_object": "CL:1"}, [("CL:1", None, 3)]),
        ({**POINTS_OF_CELL, "annotated_object_name": "cell"}, [(None, "cell", 3)]),
        ({**POINTS_OF_CELL, "coordinates": []}, [(None, "cells", 0)]),
        (POINT, []),
        ({"type": "AnnotationSet", "name": "picks", "members": [POINT, POINT]}, [(None, "picks", 2)]),
        (
            {"type": "ParticleSet", "name": "picks", "particles": [{"location": POINT["location"]}]},
            [(None, "picks", 1)],
        ),
        (
            {
                "type": "SegmentationMask",
                "mask_labels": [
                    {"value": 1, "annotated_object": "GO:1", "annotated_object_name": "one"},
                    {"value": 2, "annotated_object": "GO:2"},
                    {"value": 3, "name": "three"},
                ],
            },
            [(None, "three", 0), ("GO:1", "one", 0), ("GO:2", None, 0)],
        ),
    ],
)
def test_what_tells_the_annotated_object(annotation: dict[str, Any], expected: list[Row]) -> None:
    with store_of(**with_tomogram(annotation)) as store:
        rows = queries.annotated_objects(store)
    assert tuples(rows) == [(term, name, 1, 1, points) for term, name, points in expected]


def test_annotations_by_method(examples: LocalStore, curated: LocalStore) -> None:
    # name, method, ground truth, annotations, tomograms
    of_vlp = 1 + 5 + 1 + 2 + 7 + 7  # of the data set, regions, other images, CTF of two frames, tomograms
    assert tuples(queries.annotations_by_method(examples)) == [
        (RUN, "CryoET-Data-Portal-10445", "automated", False, 2, 1),
        (RUN, "CryoET-Data-Portal-10445", "hybrid", True, 2, 1),
        (MAP, "EMD-3782", None, None, 1, 1),
        (MAP, "EMD-3782", "hybrid", None, 1, 1),
        (VLP, "EMPIAR-10164", None, None, of_vlp, 2),
        (CELL, "EMPIAR-12104", None, None, 19, 1),
        (HIV, "HIV-1 VLP annotations", None, None, 3, 1),  # a text, a set, a fitted map
        (HIV, "HIV-1 VLP annotations", "automated", False, 1, 1),
        (HIV, "HIV-1 VLP annotations", "manual", True, 1, 1),
    ]
    assert tuples(queries.annotations_by_method(curated)) == [
        (CURATED, "To be curated", None, None, 2, 1),
        (CURATED, "To be curated", "manual", True, 1, 1),
    ]


def test_a_member_that_states_its_method_counts_beside_its_set() -> None:
    members = [POINT, {**POINT, "method": "manual"}, {**POINT, "ground_truth": False}]
    with store_of(
        **with_tomogram({"type": "AnnotationSet", "method": "hybrid", "members": members})
    ) as store:
        rows = queries.annotations_by_method(store)
    assert [row[2:] for row in tuples(rows)] == [
        (None, False, 1, 1),
        ("hybrid", None, 1, 1),
        ("manual", None, 1, 1),
    ]


MASK_OF_HIV = (
    HIV,
    f"{HIV_TOMOGRAM}/annotation/membrane",
    "membrane",
    "Annotations/membrane.mrc",
    HIV_TOMOGRAM,
    *MEMBRANE,
    True,
    *[10.8] * 3,
)
MASK_OF_RUN = (
    RUN,
    f"{RUN_TOMOGRAM}/annotation/69545",
    "membrane-1",
    f"{PORTAL}/Reconstructions/VoxelSpacing4.990/Annotations/100/membrane-1.0_segmentationmask.mrc",
    RUN_TOMOGRAM,
    *MEMBRANE,
    False,
    *[4.99] * 3,
)
MASK_OF_CELL = (
    CELL,
    f"{CELL_REGION}/annotation/mitochondria",
    "mitochondria",
    "masks/TS_006_mitochondria.mrc",
    CELL_TOMOGRAM,
    *NOTHING,
    None,
    *[13.7] * 3,
)


@pytest.mark.parametrize(
    ("minimum", "maximum", "expected"),
    [
        (0, 1e6, [MASK_OF_RUN, MASK_OF_CELL, MASK_OF_HIV]),  # by data set; carbon is a flat mask
        (4.99, 4.99, [MASK_OF_RUN]),
        (4.99 * (1 + 5e-7), 10.8 * (1 - 5e-7), [MASK_OF_RUN, MASK_OF_HIV]),
        (4.99 * (1 + 2e-6), 10.8 * (1 - 2e-6), []),
        (10.9, 1e6, [MASK_OF_CELL]),
        (1, 1.37, []),
        (14, 13, []),
    ],
)
def test_masks_by_voxel_size(
    examples: LocalStore, minimum: float, maximum: float, expected: list[Row]
) -> None:
    assert tuples(queries.masks_by_voxel_size(examples, minimum=minimum, maximum=maximum)) == expected


@pytest.mark.parametrize(
    ("mask", "tomogram", "expected"),
    [
        ({"voxel_size": 5.0}, {"voxel_size": 10.0}, (5.0, 5.0, 5.0)),
        ({}, {"voxel_size": 10.0}, (10.0, 10.0, 10.0)),
        ({}, {"voxel_size_x": 10.0, "voxel_size_y": 11.0, "voxel_size_z": 12.0}, (10.0, 11.0, 12.0)),
        (
            {"voxel_size_x": 5.0, "voxel_size_y": 6.0, "voxel_size_z": 7.0},
            {"voxel_size": 10.0},
            (5.0, 6.0, 7.0),
        ),
        ({"voxel_size_x": 5.0, "voxel_size_y": 5.0}, {"voxel_size": 10.0}, None),
        ({"voxel_size_y": 5.0}, {"voxel_size": 10.0}, None),
        ({"voxel_size_z": 5.0}, {"voxel_size": 10.0}, None),
        ({"pixel_size": 5.0}, {"voxel_size": 10.0}, None),
        ({"pixel_size_y": 5.0}, {"voxel_size": 10.0}, None),
        ({"voxel_size": 5.0, "voxel_size_z": 500.0}, {}, None),
        ({}, {}, None),
    ],
)
def test_voxel_size_of_a_mask(
    mask: dict[str, float], tomogram: dict[str, float], expected: Row | None
) -> None:
    masks = [{"type": kind, **mask} for kind in ("SegmentationMask", "ProbabilityMap")]
    with store_of(**with_tomogram(*masks, **tomogram)) as store:
        rows = queries.masks_by_voxel_size(store, minimum=1, maximum=100)
    assert [row[-3:] for row in tuples(rows)] == ([expected] if expected else [])


def test_true_masks_come_first_then_small_voxels() -> None:
    masks = [
        {"type": "SegmentationMask", "id": name, "voxel_size": size, **truth}
        for name, size, truth in (
            ("unknown", 2.0, {}),
            ("false", 1.0, {"ground_truth": False}),
            ("coarse", 9.0, {"ground_truth": True}),
            ("fine", 8.0, {"ground_truth": True}),
            ("beside", 8.0, {"ground_truth": True}),
        )
    ]
    with store_of(**with_tomogram(*masks)) as store:
        rows = queries.masks_by_voxel_size(store, minimum=0, maximum=10)
    assert [row.name for row in rows] == ["beside", "fine", "coarse", "false", "unknown"]


def test_oriented_particles(examples: LocalStore, curated: LocalStore) -> None:
    # name, target, object, orientation, points
    assert tuples(queries.oriented_particles(examples)) == [
        (
            RUN,
            f"{RUN_TOMOGRAM}/annotation/175505",
            "apo-ferritin-octopi-1",
            RUN_TOMOGRAM,
            *FERRITIN,
            "rotations",
            2,
        ),
        (
            MAP,
            f"{MAP_TOMOGRAM}/annotation/hexamers",
            "capsid hexamers",
            MAP_TOMOGRAM,
            *GAG,
            "transformations",
            1,  # of two
        ),
        (
            VLP,
            f"{VLP_TOMOGRAM}/annotation/~6",
            "capsid hexamers",
            VLP_TOMOGRAM,
            *NOTHING,
            "transformations",
            2,  # of three
        ),
        *(
            (CELL, f"{CELL_REGION}/annotation/{name}", name.replace("_", " "), target, *NOTHING, how, points)
            for name, target, how, points in (
                ("ATP_synthases", CELL_TOMOGRAM, "rotations", 3),
                ("drift", CELL_REGION, "directions", 1),
                ("lattice", CELL_REGION, "rotations", 1),
                ("membrane_proteins", CELL_TOMOGRAM, "directions", 2),
            )
        ),
        (
            HIV,
            f"{HIV_TOMOGRAM}/annotation/hexamers",
            "capsid hexamers",
            HIV_TOMOGRAM,
            *GAG,
            "rotations",
            4,
        ),
    ]
    assert tuples(queries.oriented_particles(curated)) == []


IDENTITY = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
TURN = {"transformation_type": "rotation", "matrix": IDENTITY}
SHIFT = {"transformation_type": "translation", "translation": [1.0, 0.0, 0.0]}


def particle(*transformations: dict[str, Any], **position: float) -> dict[str, Any]:
    location = position or {"x": 1.0, "y": 2.0, "z": 3.0}
    return {"location": location, "alignment_transformations": list(transformations)}


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        ({"type": "PointSet", "coordinates": [[0.0] * 3]}, None),
        ({"type": "PointSet", "coordinates": [[0.0] * 3], "rotations": [IDENTITY]}, ("rotations", 1)),
        (
            {
                "type": "PointSet",
                "coordinates": [[0.0] * 3],
                "rotations": [IDENTITY],
                "vectors": [[0.0, 0.0, 1.0]],
            },
            ("rotations", 1),
        ),
        ({"type": "PointSet", "coordinates": [], "rotations": []}, None),
        ({"type": "ParticleSet", "particles": [particle(), particle()]}, None),
        (
            {"type": "ParticleSet", "particles": [particle(TURN), particle(), particle(TURN, SHIFT)]},
            ("transformations", 2),
        ),
        (
            {
                "type": "ParticleSet",
                "particles": [particle(TURN)],
                "members": [{"type": "Particle", **particle(TURN)}],
            },
            ("transformations", 2),
        ),
        (
            {"type": "AnnotationSet", "members": [{"type": "Particle", **particle(TURN)}]},
            ("transformations", 1),
        ),
        ({"type": "Particle", **particle(TURN)}, None),  # no set
        ({"type": "CuboidSet", "coordinates": [[0.0] * 3], "rotations": [IDENTITY]}, None),
    ],
)
def test_what_carries_orientations(annotation: dict[str, Any], expected: tuple[str, int] | None) -> None:
    with store_of(**with_tomogram(annotation)) as store:
        rows = queries.oriented_particles(store)
    assert [row[-2:] for row in tuples(rows)] == ([expected] if expected else [])


def test_unannotated(examples: LocalStore, curated: LocalStore) -> None:
    assert tuples(queries.unannotated(examples)) == [
        *(
            (
                RUN,
                f"{RUN_TOMOGRAMS}/{name}",
                "Tomogram",
                name,
                f"{PORTAL}/Reconstructions/{path}",
                "annotations",
            )
            for name, path in (
                ("18954", "VoxelSpacing10.012/Tomograms/102/TS_105_5.mrc"),
                ("18955", "VoxelSpacing10.012/Tomograms/103/TS_105_5.mrc"),
                ("18957", "VoxelSpacing4.990/Tomograms/101/TS_105_5.mrc"),
            )
        ),
        (
            CELL,
            CELL_SWAPPED,
            "Tomogram",
            "Control_TS_006_swapped",
            "tomograms/TS_006_zyx.mrc",
            "annotations",
        ),
        *(
            (CELL, f"{CELL_REGION}/annotation/{id_}", kind, id_.replace("_", " "), path, "target")
            for id_, kind, path in (
                ("carbon", "SegmentationMask", "masks/TS_006_carbon.mrc"),
                ("drift", "PointSet", None),
                ("fiducials", "PointSet", None),
                ("grid_bar", "Spline", None),
                ("holes", "SphereSet", None),
                ("ice", "ProbabilityMap", "masks/TS_006_ice.mrc"),
                ("lattice", "PointSet", None),
                ("picked_squares", "CuboidSet", None),
            )
        ),
        (
            HIV,
            f"{HIV_TOMOGRAMS}/TS_01_5.4A",
            "Tomogram",
            "TS_01_5.4A",
            "Reconstructions/VoxelSpacing5.400/TS_01.mrc",
            "annotations",
        ),
    ]
    again = f"{CURATED_IMAGING}/tomogram-set/~0/tomogram/again"
    assert tuples(queries.unannotated(curated)) == [
        (CURATED, again, "Tomogram", "again", "again.mrc", "annotations"),
        (CURATED, f"{SMALL}/annotation/lost", "PointSet", "lost", None, "target"),
    ]


@pytest.mark.parametrize(
    ("annotation", "on_region", "expected"),
    [
        ({"type": "Text"}, True, []),
        (POINT, True, [("Point", "a")]),
        (POINT, False, []),
        ({**POINT, "source_tomogram_id": "t"}, True, []),
        ({**POINT, "source_tomogram_id": "gone"}, True, [("Point", "a")]),
        ({**POINT, "target_id": "gone"}, False, [("Point", "a")]),
        ({**POINT, "target_id": "gone", "source_tomogram_id": "t"}, True, [("Point", "a")]),
        ({"type": "Text", "target_id": "gone"}, False, [("Text", "a")]),
        ({"type": "AnnotationSet", "members": [POINT, {"type": "Text"}]}, True, [("Point", None)]),
        ({"type": "ParticleSet", "particles": [particle()]}, True, [("Particle", None)]),
        ({"type": "ParticleSet", "target_id": "gone"}, False, [("ParticleSet", "a")]),
    ],
)
def test_what_lacks_a_target(annotation: dict[str, Any], on_region: bool, expected: list[Row]) -> None:
    named = {"id": "a", **annotation}
    imaging = with_tomogram({"type": "Text"}, *([] if on_region else [named]))
    region = {"id": "r", "annotations": [named] if on_region else [], "tomo_image_sets": [imaging]}
    with store_of({"regions": [region]}) as store:
        rows = queries.unannotated(store)
    assert [(row.kind, row.name) for row in rows] == expected
    assert {row.missing for row in rows} <= {"target"}


def test_map_provenance(examples: LocalStore, curated: LocalStore) -> None:
    # name, path, picks, their name, points, index, tomogram, its path
    boxes = f"{MAP_TOMOGRAM}/sub-tomogram-set/hexamer-boxes"
    assert tuples(queries.map_provenance(examples)) == [
        (
            MAP,
            f"{MAP}/map-set/~0/map/emd_3782",
            "emd_3782",
            "emd_3782.map",
            f"{MAP_TOMOGRAM}/annotation/hexamers",
            "capsid hexamers",
            2,
            None,
            MAP_TOMOGRAM,
            "tomograms/TS_01.mrc",
        ),
        (
            MAP,
            f"{MAP_TOMOGRAM}/map-set/~0/map/~0",
            "average of this tomogram",
            "averages/TS_01.mrc",
            boxes,
            "hexamer-boxes",
            1,
            None,
            MAP_TOMOGRAM,
            "tomograms/TS_01.mrc",
        ),
        (
            VLP,
            f"{VLP_TOMOGRAM}/map-set/~0/map/~0",
            None,
            "averages/TS_01_hexamer_average.mrc",
            f"{VLP_TOMOGRAM}/sub-tomogram-set/~0",
            None,
            2,
            None,
            VLP_TOMOGRAM,
            "tomograms/TS_01_bin8.mrc",
        ),
        (
            CELL,
            f"{CELL}/map-set/~0/map/~0",
            "ribosome average",
            "averages/ribosome.mrc",
            f"{CELL_REGION}/annotation/ribosomes",
            "ribosomes",
            4,
            0,
            CELL_TOMOGRAM,
            f"{CELL_FILES}/tomograms/TS_006_aretomo.mrc",
        ),
    ]
    assert tuples(queries.map_provenance(curated)) == []


PICKS = {"type": "PointSet", "id": "picks", "coordinates": [[0.0] * 3] * 3}
BOXES = {"sub_tomogram_sets": [{"id": "boxes", "sub_tomograms": [{}, {}]}]}


@pytest.mark.parametrize(
    ("annotation", "map_set", "expected"),
    [
        (PICKS, {"maps": [{"source_annotation_id": "picks"}]}, [("annotation/picks", 3)]),
        (
            {
                "type": "ParticleSet",
                "id": "picks",
                "particles": [particle()] * 2,
                "members": [{"type": "Text"}],
            },
            {"maps": [{"source_annotation_id": "picks"}]},
            [("annotation/picks", 2)],
        ),
        (
            {"type": "AnnotationSet", "id": "picks", "members": [POINT, POINT, {"type": "Text"}]},
            {"maps": [{"source_annotation_id": "picks"}]},
            [("annotation/picks", 2)],
        ),
        (PICKS, {"sub_tomogram_set_id": "boxes", "maps": [{}]}, [("sub-tomogram-set/boxes", 2)]),
        (
            PICKS,
            {"sub_tomogram_set_id": "boxes", "maps": [{"source_annotation_id": "picks"}]},
            [("annotation/picks", 3), ("sub-tomogram-set/boxes", 2)],
        ),
        (PICKS, {"maps": [{}]}, [(None, None)]),
        (PICKS, {"maps": [{"source_annotation_id": "gone"}]}, []),
        (PICKS, {"sub_tomogram_set_id": "gone", "maps": [{}]}, []),
    ],
)
def test_where_a_map_of_a_tomogram_came_from(
    annotation: dict[str, Any], map_set: dict[str, Any], expected: list[Row]
) -> None:
    with store_of(**with_tomogram(annotation, **BOXES, map_sets=[map_set])) as store:
        rows = queries.map_provenance(store)
    assert [(row.picks, row.points) for row in rows] == [
        (picks and f"{T}/{picks}", points) for picks, points in expected
    ]
    assert {row.tomogram for row in rows} <= {T}


def test_a_map_of_the_data_set_that_names_nothing_has_no_provenance() -> None:
    with store_of({"map_sets": [{"maps": [{"path": "a.mrc"}]}]}) as store:
        assert queries.map_provenance(store) == []


def test_a_map_of_picks_in_no_tomogram() -> None:
    region = {"id": "r", "annotations": [PICKS], "tomo_image_sets": [with_tomogram(path="t.mrc")]}
    map_sets = [{"maps": [{"source_annotation_id": "picks"}]}]
    with store_of({"regions": [region], "map_sets": map_sets}) as store:
        rows = queries.map_provenance(store)
    picks = f"{D}/region/r/annotation/picks"
    assert tuples(rows) == [(D, f"{D}/map-set/~0/map/~0", None, None, picks, "picks", 3, None, None, None)]


def test_a_map_of_sub_tomograms_in_a_region() -> None:
    map_sets = [{"sub_tomogram_set_id": "boxes", "maps": [{"path": "a.mrc"}]}]
    imaging = with_tomogram(path="t.mrc", **BOXES)
    with store_of({"map_sets": map_sets}, **imaging) as store:
        rows = queries.map_provenance(store)
    picks = f"{T}/sub-tomogram-set/boxes"
    assert tuples(rows) == [(D, f"{D}/map-set/~0/map/~0", None, "a.mrc", picks, "boxes", 2, None, T, "t.mrc")]


def coordinates_of(store: LocalStore, *annotations: str) -> list[Row]:
    return tuples(queries.point_coordinates(store, annotation=annotations))


def test_coordinates_of_several_annotations(examples: LocalStore) -> None:
    region = cell["regions"][0]
    ribosomes, fiducials, proteins, _, synthases, lattice = region["annotations"][:6]
    of_hiv = hiv["regions"][0]["tomo_image_sets"][0]["tomogram_sets"][0]["tomograms"][0]["annotations"][0]
    of_cell, of_hiv_tomogram = [13.7] * 6, [10.8] * 6
    # object, position, coordinates, rotations, vectors, unit, origin, target, Å of the unit, voxel size
    expected = [
        *(
            (
                f"{CELL_REGION}/annotation/{each['id']}",
                position,
                each.get("origin3D") or each["origin2D"],
                each.get("matrix3D") or each.get("matrix2D"),
                each.get("vector3D"),
                "pixel",
                "corner",
                *where,
            )
            for position, each, where in (
                (4, synthases, (CELL_TOMOGRAM, *of_cell)),
                (1, fiducials, (CELL_REGION, *[None] * 6)),
                (5, lattice, (CELL_REGION, *[None] * 6)),
                (2, proteins, (CELL_TOMOGRAM, *of_cell)),
                (0, ribosomes, (CELL_TOMOGRAM, *of_cell)),
            )
        ),
        (
            f"{HIV_TOMOGRAM}/annotation/hexamers",
            0,
            of_hiv["coordinates"],
            of_hiv["rotations"],
            None,
            "pixel",
            "corner",
            HIV_TOMOGRAM,
            *of_hiv_tomogram,
        ),
    ]
    asked = [row[0] for row in expected]
    assert coordinates_of(examples, *reversed(asked)) == [(row[0], *row) for row in expected]


TURNED = (
    [0.866025404, -0.5, 0.0, 0.0],
    [0.5, 0.866025404, 0.0, 0.0],
    [0.0, 0.0, 1.0, 0.0],
    [0.0, 0.0, 0.0, 1.0],
)
TURNED_MORE = (
    [0.743144825, -0.669130606, 0.0, 0.0],
    [0.669130606, 0.743144825, 0.0, 0.0],
    [0.0, 0.0, 1.0, 0.0],
    [0.0, 0.0, 0.0, 1.0],
)
PARTICLES = f"{VLP_TOMOGRAM}/annotation/~6"
VLPS = f"{VLP_TOMOGRAM}/annotation/~5"
OF_VLP = (None, "angstrom", "centre", VLP_TOMOGRAM, 1.0, 1.0, 1.0, 10.8, 10.8, 10.8)


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (
            PARTICLES,
            [
                (f"{PARTICLES}/particle/~0", 0, [[512.5, -340.2, 61.0]], [list(TURNED)], *OF_VLP),
                (f"{PARTICLES}/particle/~1", 1, [[548.1, -402.7, 74.6]], [list(TURNED_MORE)], *OF_VLP),
                (f"{PARTICLES}/particle/~2", 2, [[590.9, -310.4, 32.8]], None, *OF_VLP),
            ],
        ),
        (
            f"{PARTICLES}/particle/~1",
            [(f"{PARTICLES}/particle/~1", 1, [[548.1, -402.7, 74.6]], [list(TURNED_MORE)], *OF_VLP)],
        ),
        (
            VLPS,
            [
                (f"{VLPS}/member/~0", 0, [[430.0, -290.0, 20.0]], None, *OF_VLP),
                (f"{VLPS}/member/~1", 1, [[-1150.0, 760.0, -35.0]], None, *OF_VLP),
                (f"{VLPS}/member/~2", 2, [[2510.0, 1930.0, 12.0]], None, *OF_VLP),
            ],
        ),
        (
            f"{VLP_TOMOGRAM}/annotation/~4",
            [(f"{VLP_TOMOGRAM}/annotation/~4", 4, [[-1203.4, 880.1, 310.5]], None, *OF_VLP)],
        ),
        (
            f"{HIV_TOMOGRAM}/annotation/particle-1",
            [
                (
                    f"{HIV_TOMOGRAM}/annotation/particle-1/member/centre",
                    2,
                    [[43.0, -29.0, 2.0]],
                    None,
                    None,
                    "nanometre",
                    "centre",
                    HIV_TOMOGRAM,
                    *[10.0] * 3,
                    *[10.8] * 3,
                )
            ],
        ),
        (f"{VLP_TOMOGRAM}/annotation/~2", []),  # a sphere
        (f"{D}/nowhere", []),
    ],
)
def test_coordinates_of_points_and_particles(
    examples: LocalStore, annotation: str, expected: list[Row]
) -> None:
    assert coordinates_of(examples, annotation) == [(annotation, *row) for row in expected]


def test_coordinates_to_be_curated(curated: LocalStore) -> None:
    def row(position: int, name: str, coordinates: list[list[float]], unit: str, angstrom: float) -> Row:
        iri = f"{SMALL}/annotation/{name}"
        where = (unit, "corner", SMALL, *[angstrom] * 3, *[10.0] * 3)
        return (iri, iri, position, coordinates, None, None, *where)

    names = [f"{SMALL}/annotation/{name}" for name in ("outside", "lost", "inside")]
    assert coordinates_of(curated, *names) == [
        row(1, "inside", [[10.0] * 3, [990.0, 790.0, 490.0]], "angstrom", 1.0),
        row(2, "lost", [[1.0] * 3], "pixel", 10.0),
        row(0, "outside", [[50.0, 40.0, 25.0], [130.0, 40.0, 60.0]], "pixel", 10.0),
    ]


@pytest.mark.parametrize(
    ("unit", "tomogram", "angstrom"),
    [
        ("angstrom", {"voxel_size": 8.0}, (1.0, 1.0, 1.0)),
        ("angstrom", {}, (1.0, 1.0, 1.0)),
        ("nanometre", {}, (10.0, 10.0, 10.0)),
        ("pixel", {"voxel_size": 8.0}, (8.0, 8.0, 8.0)),
        ("pixel", {"voxel_size_x": 8.0, "voxel_size_z": 9.0}, (8.0, None, 9.0)),
        ("pixel", {}, (None, None, None)),
        (None, {"voxel_size": 8.0}, (None, None, None)),
    ],
)
def test_length_of_the_unit(unit: str | None, tomogram: dict[str, float], angstrom: Row) -> None:
    points = {"type": "PointSet", "id": "a", "unit": unit, "coordinates": [[1.0, 2.0, 3.0]]}
    with store_of(**with_tomogram(points, {**POINT, "id": "b", "unit": unit}, **tomogram)) as store:
        rows = queries.point_coordinates(store, annotation=[f"{T}/annotation/{name}" for name in "ab"])
    assert [(row.angstrom_x, row.angstrom_y, row.angstrom_z) for row in rows] == [angstrom] * 2


@pytest.mark.parametrize(
    ("image", "angstrom"),
    [
        ({"pixel_size": 1.25}, (1.25, 1.25, None)),
        ({"pixel_size_x": 1.25, "pixel_size_y": 1.5}, (1.25, 1.5, None)),
        ({}, (None, None, None)),
    ],
)
def test_points_of_a_tilt_image(image: dict[str, float], angstrom: Row) -> None:
    annotations = [
        {"type": "PointSet", "id": "a", "unit": "pixel", "dimension": 2, "coordinates": [[1.0, 2.5]]},
        {"type": "Point", "id": "b", "unit": "pixel", "dimension": 2, "location": {"x": -1.5, "y": 2e-7}},
    ]
    series = {"id": "s", "micrographs": [{"id": "i", **image, "annotations": annotations}]}
    with store_of(**tilt_series(series)) as store:
        iri = f"{IMAGING}/tilt-series-set/~0/tilt-series/s/micrograph/i"
        rows = queries.point_coordinates(store, annotation=[f"{iri}/annotation/{name}" for name in "ab"])
    assert [row.coordinates for row in rows] == [[[1.0, 2.5]], [[-1.5, 2e-7]]]
    for row in rows:
        assert (row.angstrom_x, row.angstrom_y, row.angstrom_z) == angstrom
        assert (row.target, row.voxel_size_x, row.voxel_size_y) == (iri, None, None)


def test_a_sub_tomogram_is_no_point() -> None:
    boxes = [{"id": "boxes", "sub_tomograms": [{"id": "box", "location": POINT["location"]}]}]
    with store_of(**with_tomogram(voxel_size=8.0, sub_tomogram_sets=boxes)) as store:
        assert coordinates_of(store, f"{T}/sub-tomogram-set/boxes/sub-tomogram/box") == []


def test_two_transformations_are_no_rotation() -> None:
    particles = [{"id": "two", **particle(TURN, SHIFT)}, {"id": "shift", **particle(SHIFT)}]
    with store_of(**with_tomogram({"type": "ParticleSet", "id": "a", "particles": particles})) as store:
        rows = queries.point_coordinates(store, annotation=f"{T}/annotation/a")
    assert [(row.position, row.rotations) for row in rows] == [(0, None), (1, None)]


def test_points_outside_tomogram(examples: LocalStore, curated: LocalStore) -> None:
    assert tuples(queries.points_outside_tomogram(examples)) == []
    outside = f"{SMALL}/annotation/outside"
    # 130 pixels of 10 Å from the corner of 100, and 60 of 50
    assert tuples(queries.points_outside_tomogram(curated)) == [
        (CURATED, outside, "ribosomes", 2, SMALL, "X", 0.0, 800.0, 500.0, 300.0),
        (CURATED, outside, "ribosomes", 2, SMALL, "Z", 0.0, 350.0, 250.0, 100.0),
    ]


SIZES = {"width": 100, "height": 60, "depth": 40, "voxel_size": 10.0}


@pytest.mark.parametrize(
    ("unit", "origin", "point", "expected"),
    [
        ("angstrom", "centre", (500.0, -300.0, 200.0), []),  # at the border
        ("angstrom", "centre", (510.0, -310.0, -210.0), []),  # by one voxel
        ("angstrom", "centre", (510.1, 0.0, 0.0), [("X", 510.1, 10.1)]),
        ("angstrom", "centre", (-510.1, 0.0, 0.0), [("X", -510.1, 10.1)]),
        (
            "angstrom",
            "centre",
            (0.0, -311.0, 220.0),
            [("Y", -311.0, 11.0), ("Z", 220.0, 20.0)],
        ),
        ("nanometre", "centre", (51.0, 31.0, 21.0), []),
        ("nanometre", "centre", (52.0, 0.0, 0.0), [("X", 520.0, 20.0)]),
        ("pixel", "centre", (50.0, -31.0, 21.0), []),
        ("pixel", "centre", (0.0, 0.0, 22.0), [("Z", 220.0, 20.0)]),
        ("pixel", "corner", (0.0, 60.0, -1.0), []),
        ("pixel", "corner", (101.0, 61.0, 41.0), []),
        (
            "pixel",
            "corner",
            (102.0, -2.0, 0.0),
            [("X", 520.0, 20.0), ("Y", -320.0, 20.0)],
        ),
        ("angstrom", "corner", (1000.0, 0.0, -10.0), []),
        ("angstrom", "corner", (1020.0, 0.0, 0.0), [("X", 520.0, 20.0)]),
        ("nanometre", "corner", (0.0, 62.0, 0.0), [("Y", 320.0, 20.0)]),
        ("pixel", "centre", (0.0, 40.0), [("Y", 400.0, 100.0)]),  # of a slice
        (None, "centre", (1e6, 0.0, 0.0), []),
        ("pixel", None, (1e6, 0.0, 0.0), []),
    ],
)
def test_where_a_point_is_outside(
    unit: str | None, origin: str | None, point: tuple[float, ...], expected: list[tuple[str, float, float]]
) -> None:
    inside = [25.0] * len(point) if origin == "corner" else [0.0] * len(point)
    points = {"type": "PointSet", "unit": unit, "origin": origin, "coordinates": [list(point), inside]}
    with store_of(**with_tomogram(points, **SIZES)) as store:
        rows = queries.points_outside_tomogram(store)
    assert [(row.axis, row.points, row.half_length) for row in rows] == [
        (axis, 2, {"X": 500.0, "Y": 300.0, "Z": 200.0}[axis]) for axis, _, _ in expected
    ]
    for row, (_, farthest, outside) in zip(rows, expected, strict=True):
        assert max(row.smallest, row.largest, key=abs) == farthest
        assert row.outside == pytest.approx(outside, rel=1e-9)


@pytest.mark.parametrize("size", [13.7, 10.012, 4.99, 1.35])
@pytest.mark.parametrize("count", [100, 101, 630])
def test_one_voxel_outside_is_not_outside_for_rounding(size: float, count: int) -> None:
    points = {"type": "PointSet", "unit": "pixel", "origin": "corner"}
    both = [{**points, "id": name, "coordinates": [[at] * 3]} for name, at in (("a", -1), ("b", -2))]
    sizes = {"width": count, "height": count, "depth": count, "voxel_size": size}
    with store_of(**with_tomogram(*both, **sizes)) as store:
        rows = queries.points_outside_tomogram(store)
    assert [(row.name, row.axis) for row in rows] == [("b", axis) for axis in "XYZ"]


@pytest.mark.parametrize(
    ("tomogram", "axes"),
    [
        ({"width": 10, "height": 10, "depth": 10, "voxel_size": 1.0}, "XYZ"),
        ({"width": 10, "height": 10, "depth": 10}, ""),
        ({"width": 10, "depth": 10, "voxel_size": 1.0}, "XZ"),
        ({"width": 10, "height": 10, "depth": 10, "voxel_size_x": 1.0, "voxel_size_z": 1.0}, "XZ"),
        ({"width": 10, "height": 500, "depth": 10, "voxel_size_x": 1.0, "voxel_size_y": 1.0}, "X"),
        ({"voxel_size": 1.0}, ""),
    ],
)
def test_axes_along_which_a_tomogram_has_an_end(tomogram: dict[str, float], axes: str) -> None:
    for kind in ("PointSet", "SphereSet"):
        points = {"type": kind, "unit": "angstrom", "origin": "centre", "coordinates": [[99.0] * 3]}
        with store_of(**with_tomogram(points, **tomogram)) as store:
            rows = queries.points_outside_tomogram(store)
        assert [row.axis for row in rows] == list(axes)
