"""Questions about data sets as wholes, against rows worked out from the documents."""

from typing import Any

import pytest
from archive_entries import CALLED, SPELLINGS
from queries.example_documents import (
    CURATED,
    CURATED_IMAGING,
    HIV,
    HIV_TOMOGRAM,
    MAP,
    MAP_TOMOGRAM,
    RUN,
    RUN_SERIES,
    RUN_TOMOGRAMS,
    SERIES,
    TOMOGRAM,
    TWICE,
    VLP,
    D,
    Row,
    store_of,
    tuples,
)

from cetsgraph import queries
from cetsgraph.archive import put
from cetsgraph.documents import read_data
from cetsgraph.store import LocalStore


def test_software_used(examples: LocalStore, curated: LocalStore) -> None:
    # kind, software, version, objects
    assert tuples(queries.software_used(examples)) == [
        (RUN, "Alignment", "AreTomo3", "2.0.10", 1),
        (RUN, "Annotation", "Octopi", None, 1),
        (RUN, "Annotation", "membrain-seg", "0.0.1", 1),
        (RUN, "Tomogram", "AreTomo3", "2.0.10", 4),
        (MAP, "Tomogram", "NovaCTF", None, 1),
        (HIV, "Alignment", "IMOD", "4.11", 1),
        (HIV, "Annotation", "pytom-match-pick", "0.6.0", 1),
        (HIV, "Tomogram", "IMOD", "4.11", 1),
    ]
    assert tuples(queries.software_used(curated)) == [
        (CURATED, "Alignment", "AreTomo", "1.3", 1),
        (CURATED, "Alignment", "IMOD", None, 1),
    ]


def test_versions_of_software_count_apart() -> None:
    def by(*software: tuple[str, str | None]) -> dict[str, Any]:
        return {"software": [{"name": name, "version": version} for name, version in software]}

    tomograms = [
        by(("IMOD", "4.11")),
        by(("IMOD", "4.11"), ("IMOD", None)),
        by(("IMOD", "4.12"), ("IMOD", "4.12")),
        {"annotations": [{"type": kind, **by(("IMOD", None))} for kind in ("Text", "FitMap")]},
        {"map_sets": [{"maps": [by(("RELION", "5"))]}]},
    ]
    series = {"tilt_series_sets": [{"tilt_series": [by(("MotionCor3", None))]}]}
    with store_of(tomogram_sets=[{"tomograms": tomograms}], **series) as store:
        rows = queries.software_used(store)
    assert [row[1:] for row in tuples(rows)] == [
        ("Annotation", "IMOD", None, 2),
        ("Map", "RELION", "5", 1),
        ("TiltSeriesMicrographStack", "MotionCor3", None, 1),
        ("Tomogram", "IMOD", None, 1),
        ("Tomogram", "IMOD", "4.11", 2),
        ("Tomogram", "IMOD", "4.12", 1),
    ]


def test_inconsistent_pixel_sizes(examples: LocalStore, curated: LocalStore) -> None:
    # change, size before, size after, factor, tomogram
    change = (RUN, RUN_SERIES, "TS_105_5", "tilt image to tomogram", 1.54)
    assert tuples(queries.inconsistent_pixel_sizes(examples)) == [
        (*change, size, pytest.approx(size / 1.54, rel=1e-12), f"{RUN_TOMOGRAMS}/{name}")
        for size, name in ((4.99, "18956"), (4.99, "18957"), (10.012, "18954"), (10.012, "18955"))
    ]
    again = f"{CURATED_IMAGING}/tomogram-set/~0/tomogram/again"
    assert tuples(queries.inconsistent_pixel_sizes(curated)) == [
        (CURATED, TWICE, "twice", "movie to tilt image", 0.5, 1.25, 2.5, None),
        (CURATED, TWICE, "twice", "tilt image to tomogram", 1.25, 4.0, pytest.approx(3.2, rel=1e-12), again),
    ]


@pytest.mark.parametrize(
    ("before", "after", "inconsistent"),
    [
        ((1.0, None, None), (1.0, None, None), False),
        ((1.0, None, None), (2.0, None, None), False),
        ((1.0, None, None), (1.99, None, None), False),
        ((1.0, None, None), (1.97, None, None), True),
        ((1.0, None, None), (2.5, None, None), True),
        ((1.0, None, None), (8.0, None, None), False),
        ((1.0, None, None), (0.5, None, None), True),
        ((1.0, 4000, 4000), (2.5, 1600, 1600), False),  # cropped in Fourier space
        ((1.0, 4000, 4000), (2.5, 1550, 1550), False),  # 3% less
        ((1.0, 4000, 4000), (2.5, 1400, 1400), True),
        ((1.0, 4000, 3000), (2.5, 1600, 1200), False),
        ((1.0, 4000, 3000), (2.5, 1200, 1600), False),  # turned by 90°
        ((1.0, 4000, 3000), (2.5, None, 1200), False),
        ((1.0, 4000, 3000), (2.5, 1000, 1000), True),
        ((1.0, 4000, 4000), (2.5, 1600, 800), True),  # one side is not the field of view
        ((1.0, 4000, None), (2.5, None, 1600), False),
        ((1.0, 4000, 4000), (2.0, 100, 100), False),
        ((1.0, 4000, 4000), (2.0, 4000, 4000), True),  # a binned size, and all the pixels
        ((1.0, 4000, 3000), (2.0, 3000, 4000), True),
        ((1.0, 4092, 5760), (4.0, 4080, 5744), True),
        ((1.0, 4000, 3000), (2.0, 2000, 1500), False),
        ((1.0, 4000, 3000), (2.0, 1500, 1500), False),  # cut
        ((1.0, 3838, 3710), (10.0, 440, 600), False),  # a volume with room around it
        ((1.0, 4000, 3000), (1.0, 3900, 2900), False),
        ((None, 4000, 4000), (2.5, 100, 100), False),
        ((1.0, 4000, 4000), (None, 100, 100), False),
    ],
)
def test_reasons_for_another_pixel_size(before: Row, after: Row, inconsistent: bool) -> None:
    def image(facts: Row, size: str = "pixel_size") -> dict[str, Any]:
        return dict(zip((size, "width", "height"), facts, strict=True))

    movies = [{"movie_stack_series": [{"id": "m", "movie_stacks": [{"frames": [image(before)]}]}]}]
    series = [
        {"id": "a", "movie_stack_series_id": "m", "micrographs": [image(after)]},
        {"id": "b", "micrographs": [image(before)]},
    ]
    tomograms = [{"id": "t", "tilt_series_id": "b", **image(after, "voxel_size")}]
    with store_of(
        movie_stack_collections=movies,
        tilt_series_sets=[{"tilt_series": series}],
        tomogram_sets=[{"tomograms": tomograms}],
    ) as store:
        rows = queries.inconsistent_pixel_sizes(store)
    expected = [
        (D, f"{SERIES}/a", "a", "movie to tilt image", before[0], after[0], None),
        (D, f"{SERIES}/b", "b", "tilt image to tomogram", before[0], after[0], f"{TOMOGRAM}/t"),
    ]
    assert [(*row[:6], row[7]) for row in tuples(rows)] == (expected if inconsistent else [])
    assert all(row.factor == row.after / row.before for row in rows)


@pytest.mark.parametrize(
    ("width", "height", "found"),
    [(4000, 3000, False), (2000, 1500, True), (1500, 2000, True), (1000, 750, True), (3000, 3000, False)],
)
def test_tilt_images_with_fewer_pixels_of_the_size_of_their_movies(
    width: int, height: int, found: bool
) -> None:
    frame, image = {"width": 4000, "height": 3000}, {"width": width, "height": height}
    stack = {"id": "x", "frames": [{**frame, "pixel_size": 1.35}]}
    with store_of(
        movie_stack_collections=[{"movie_stack_series": [{"id": "m", "movie_stacks": [stack]}]}],
        tilt_series_sets=[
            {"tilt_series": [{"micrographs": [{"movie_stack_id": "x", "pixel_size": 1.35, **image}]}]}
        ],
    ) as store:
        rows = queries.inconsistent_pixel_sizes(store)
    assert [(row.change, row.factor) for row in rows] == [("movie to tilt image", 1.0)] * found


def test_cross_archive_links(examples: LocalStore, curated: LocalStore) -> None:
    picks, hexamers = f"{RUN_TOMOGRAMS}/18956/annotation", f"{HIV_TOMOGRAM}/annotation"
    emdb, empiar = "https://www.ebi.ac.uk/emdb/EMD-3782", "https://www.ebi.ac.uk/empiar/EMPIAR-10164/"
    of_run = (RUN, RUN, "DataSet", "CryoET-Data-Portal-10445")
    of_map, of_hiv = (MAP, MAP, "DataSet", "EMD-3782"), (HIV, HIV, "DataSet", "HIV-1 VLP annotations")
    fitted = f"{MAP_TOMOGRAM}/annotation/emd-3782-fitted"
    portal = "https://cryoetdataportal.czscience.com/datasets/10445"
    # object, kind, name, database, accession, address
    assert tuples(queries.cross_archive_links(examples)) == [
        (*of_run, "CryoET Data Portal", "DS-10445", portal),
        (*of_run, "DOI", "10.1101/2024.11.04.621686", None),
        (RUN, f"{picks}/69545", "SegmentationMask", "membrane-1", "DOI", "10.1101/2024.01.05.574336", None),
        (RUN, f"{picks}/69546", "PointSet", "ferritin-complex-1", "EMDB", "EMD-41923", None),
        (RUN, f"{picks}/69547", "PointSet", "beta-amylase-1", "EMDB", "EMD-30405", None),
        (*of_map, "DOI", "10.1016/j.jsb.2017.07.007", "https://doi.org/10.1016/j.jsb.2017.07.007"),
        (*of_map, "EMDB", "EMD-3782", emdb),
        (*of_map, "EMPIAR", "EMPIAR-10164", empiar),
        (MAP, fitted, "FitMap", "EMD-3782", "EMDB", "EMD-3782", None),
        (*of_hiv, "DOI", "10.1126/science.aaf9620", None),
        (*of_hiv, "EMDB", "EMD-3782", emdb),
        (*of_hiv, "EMPIAR", "EMPIAR-10164", empiar),
        (*of_hiv, "PDB", "5L93", "https://www.ebi.ac.uk/pdbe/entry/pdb/5l93"),
        (HIV, f"{hexamers}/fitted-map", "FitMap", "EMD-3782", "EMDB", "EMD-3782", None),
        (HIV, f"{hexamers}/fitted-map", "FitMap", "EMD-3782", "PDB", "5L93", None),
        (HIV, f"{hexamers}/hexamers", "PointSet", "capsid hexamers", "EMDB", "EMD-3782", None),
    ]
    of_curated = (CURATED, CURATED, "DataSet", "To be curated")
    assert tuples(queries.cross_archive_links(curated)) == [
        (*of_curated, "DOI", "https://doi.org/10.1126/SCIENCE.aaf9620", None),
        (*of_curated, "PDB", "pdb-5l93", None),
        (*of_curated, "empiar", "https://doi.org/10.6019/EMPIAR-10164", None),
    ]


@pytest.mark.parametrize("kind", ["Text", "ParticleSet", "AnnotationSet", "Point"])
def test_links_of_an_annotation(kind: str) -> None:
    entry = {"database": "PDB", "accession": "1ABC"}
    location = {"location": {"x": 0.0, "y": 0.0}} if kind == "Point" else {}
    annotation = {"type": kind, "id": "a", "cross_references": [entry, entry], **location}
    with store_of(tomogram_sets=[{"tomograms": [{"id": "t", "annotations": [annotation]}]}]) as store:
        rows = queries.cross_archive_links(store)
    assert tuples(rows) == [(D, f"{TOMOGRAM}/t/annotation/a", kind, "a", "PDB", "1ABC", None)]


def test_same_specimen(examples: LocalStore, curated: LocalStore) -> None:
    # name, other data set, its name, database, accession
    assert tuples(queries.same_specimen(examples)) == [
        (MAP, "EMD-3782", VLP, "EMPIAR-10164", "EMPIAR", "EMPIAR-10164"),
        (MAP, "EMD-3782", HIV, "HIV-1 VLP annotations", "EMDB", "EMD-3782"),
        (MAP, "EMD-3782", HIV, "HIV-1 VLP annotations", "EMPIAR", "EMPIAR-10164"),
        (VLP, "EMPIAR-10164", HIV, "HIV-1 VLP annotations", "EMPIAR", "EMPIAR-10164"),
    ]
    assert tuples(queries.same_specimen(curated)) == []


def test_the_specimen_of_the_data_set_to_be_curated(everything: LocalStore) -> None:
    rows = queries.same_specimen(everything)
    assert [row for row in tuples(rows) if CURATED in (row[0], row[2])] == [
        (MAP, "EMD-3782", CURATED, "To be curated", "EMPIAR", "EMPIAR-10164"),
        (VLP, "EMPIAR-10164", CURATED, "To be curated", "EMPIAR", "EMPIAR-10164"),
        *(
            (HIV, "HIV-1 VLP annotations", CURATED, "To be curated", database, accession)
            for database, accession in (
                ("EMPIAR", "EMPIAR-10164"),
                ("PDB", "5L93"),
            )
        ),
    ]


@pytest.mark.parametrize(("database", "accession", "other_database", "other_accession", "same"), SPELLINGS)
def test_spellings_of_an_entry(
    database: str, accession: str, other_database: str, other_accession: str, same: bool
) -> None:
    with LocalStore.memory() as store:
        for name, entry in (("a", (database, accession)), ("b", (other_database, other_accession))):
            references = [dict(zip(("database", "accession"), entry, strict=True))]
            put(store, read_data(of_canonical(name, cross_references=references)))
        rows = queries.same_specimen(store)
    assert [(row.name, row.other_name, row.accession) for row in rows] == (
        [("a", "b", accession)] if same else []
    )
    assert {row.database for row in rows} <= {database.upper()}


@pytest.mark.parametrize(
    ("doi", "other_doi", "same"),
    [
        ("10.1126/science.aaf9620", "doi:10.1126/SCIENCE.aaf9620", True),
        ("10.1126/science.aaf9620", "https://doi.org/10.1126/science.aaf9620/", True),
        ("10.1126/science.aaf9620", "DOI: 10.1126/science.aaf9620", True),
        ("10.1126/science.aaf9620", "https://www.doi.org/10.1126/science.aaf9620", True),
        ("10.1126/science.aaf9620", "http://dx.doi.org/10.1126/science.aaf9620", True),
        ("10.1126/science.aaf9620", "doi.org/10.1126/science.aaf9620.", True),
        ("10.1126/science.aaf9620", "<https://doi.org/10.1126/science.aaf9620?cookieSet=1>", True),
        ("10.1126/science.aaf9620", "info:doi/10.1126/science.aaf9620", True),
        ("10.1000/a#b", "doi:10.1000/A#B", True),
        ("10.1126/science.aaf9620", "10.1016/science.aaf9620", False),
        ("10.6019/EMPIAR-10164", "10.6019/EMPIAR-10164", False),  # an entry, no paper
        ("10.2210/pdb5l93/pdb", "10.2210/pdb5l93/pdb", False),
    ],
)
def test_data_sets_that_share_a_paper(doi: str, other_doi: str, same: bool) -> None:
    with LocalStore.memory() as store:
        for name, written in (("a", doi), ("b", other_doi), ("c", "10.1000/other")):
            references = [{"database": "doi", "accession": written}]
            put(store, read_data(of_canonical(name, cross_references=references)))
        rows = queries.shares_a_paper(store)
    assert [(row.name, row.other_name, row.doi) for row in rows] == [("a", "b", doi)] * same


def test_a_paper_that_two_examples_cite(everything: LocalStore) -> None:
    assert [row for row in tuples(queries.shares_a_paper(everything)) if CURATED in (row[0], row[2])] == [
        (HIV, "HIV-1 VLP annotations", CURATED, "To be curated", "10.1126/science.aaf9620")
    ]


@pytest.mark.parametrize(("name", "database", "accession"), CALLED)
def test_a_data_set_that_is_called_as_an_entry_is_that_entry(
    name: str, database: str, accession: str
) -> None:
    with LocalStore.memory() as store:
        put(store, read_data(of_canonical(name)))
        reference = {"database": database, "accession": accession}
        put(store, read_data(of_canonical("other", cross_references=[reference])))
        (row,) = queries.same_specimen(store)
    assert {row.name, row.other_name} == {name, "other"}


def test_an_entry_of_empiar_is_its_doi() -> None:
    with LocalStore.memory() as store:
        for name, database, accession in (
            ("EMPIAR-10164", "EMDB", "EMD-3782"),
            ("b", "DOI", "https://doi.org/10.6019/EMPIAR-10164"),
        ):
            put(
                store,
                read_data(
                    of_canonical(name, cross_references=[{"database": database, "accession": accession}])
                ),
            )
        (row,) = queries.same_specimen(store)
    assert {row.name, row.other_name} == {"EMPIAR-10164", "b"}


def test_an_image_is_compared_with_its_own_movie() -> None:
    sizes = {"a": 1.0, "b": 1.5}
    stacks = [{"id": name, "frames": [{"pixel_size": size}]} for name, size in sizes.items()]
    images = [{"movie_stack_id": name, "pixel_size": size} for name, size in sizes.items()]
    with store_of(
        movie_stack_collections=[{"movie_stack_series": [{"id": "m", "movie_stacks": stacks}]}],
        tilt_series_sets=[{"tilt_series": [{"movie_stack_series_id": "m", "micrographs": images}]}],
    ) as store:
        assert queries.inconsistent_pixel_sizes(store) == []


def of_canonical(name: str, **fields: Any) -> dict[str, Any]:
    return {"$schema": "https://w3id.org/cetsgraph/schema/cets.json", "name": name, **fields}


def test_dangling_references(curated: LocalStore) -> None:
    tomograms = f"{CURATED_IMAGING}/tomogram-set/~0/tomogram"
    assert tuples(queries.dangling_references(curated)) == [
        (CURATED, f"{tomograms}/again", "tiltSeries", "gone"),
        (CURATED, f"{tomograms}/small/annotation/lost", "target", "nowhere"),
    ]


def test_references_that_dangle_beside_each_other() -> None:
    lost = {"type": "Text", "id": "a", "target_id": "x", "source_tomogram_id": "x", "source_region_id": "y"}
    members = {"type": "AnnotationSet", "id": "s", "relations": [{"subject_id": "a", "object_id": "z"}]}
    for name in ("d", "d2"):
        with store_of({"name": name}, tomogram_sets=[{"annotations": [lost, members]}]) as store:
            rows = queries.dangling_references(store)
        dataset = f"{D.removesuffix('d')}{name}"
        set_ = f"{dataset}/region/r/tomo-image-set/~0/tomogram-set/~0/annotation"
        assert tuples(rows) == [
            (dataset, f"{set_}/a", "sourceRegion", "y"),
            (dataset, f"{set_}/a", "sourceTomogram", "x"),
            (dataset, f"{set_}/a", "target", "x"),
            (dataset, f"{set_}/s/relation/~0", "object", "z"),
        ]
