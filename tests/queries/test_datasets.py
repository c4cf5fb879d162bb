"""Questions about data sets as a whole, against rows worked out from the documents."""

from collections import Counter
from typing import Any

import pytest
from archive_entries import CALLED, SPELLINGS
from queries.example_documents import (
    CELL,
    CURATED,
    CURATED_IMAGING,
    HIV,
    HIV_TOMOGRAMS,
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
    vlp,
)

from cetsgraph import queries
from cetsgraph.archive import get, put
from cetsgraph.documents import read_data
from cetsgraph.namespaces import DCAT
from cetsgraph.store import LocalStore

CELL_FILES = "https://ftp.ebi.ac.uk/empiar/world_availability/12104/data/Control"
PORTAL = "https://files.cryoetdataportal.cziscience.com/10445/TS_105_5"
HIV_TOMOGRAM = f"{HIV_TOMOGRAMS}/TS_01_10.8A"


def files(*kinds: tuple[str, str, str | tuple[str, ...]]) -> list[Row]:
    """Rows of a manifest for files that one object names."""
    return [
        (kind, part, path, 1)
        for kind, part, paths in kinds
        for path in ([paths] if isinstance(paths, str) else paths)
    ]


def vlp_files() -> list[Row]:
    (imaging,) = vlp["regions"][0]["tomo_imaging"]
    frames = Counter(
        frame["path"] for stack in imaging["raw_movies"]["movie_stacks"] for frame in stack["frame_images"]
    )
    images = [
        image["path"]
        for region in vlp["regions"]
        for series in region["tomo_imaging"][0]["raw_movies"]["tilt_series"]
        for image in series["micrographs"]
    ]
    assert len(set(images)) == len(images) == 5 * 41
    return [
        *files(
            ("DefectFile", "whole", "gain/defects.txt"),
            ("FitMap", "whole", "emd_3782.map"),
            ("GainFile", "whole", "gain/CountRef.mrc"),
            ("Map", "whole", "averages/TS_01_hexamer_average.mrc"),
        ),
        *(("MovieFrame", "whole", path, count) for path, count in sorted(frames.items())),
        *files(
            ("MovieStack", "whole", tuple(sorted(frames))),
            ("TiltSeriesMicrograph", "whole", tuple(sorted(images))),
            (
                "TiltSeriesMicrographStack",
                "whole",
                tuple(f"tilt_series/TS_{name}.star" for name in ("01", "03", "43", "45", "54")),
            ),
            ("Tomogram", "whole", ("tomograms/TS_01_bin8.mrc", "tomograms/TS_43_bin8.mrc")),
        ),
    ]


CELL_MOVIES = tuple(
    f"{CELL_FILES}/frames/TS_006_{name}.tif" for name in ("00001_0.0", "00002_2.0", "00003_-2.0")
)
TOMOGRAM_FILES = tuple(
    f"{PORTAL}/Reconstructions/VoxelSpacing{path}/TS_105_5.mrc"
    for path in ("10.012/Tomograms/102", "10.012/Tomograms/103", "4.990/Tomograms/100", "4.990/Tomograms/101")
)
EMD = "https://ftp.ebi.ac.uk/pub/databases/emdb/structures/EMD-3782/map/emd_3782.map.gz"

MANIFESTS = {
    VLP: vlp_files(),
    CELL: [
        *files(
            ("DefectFile", "whole", f"{CELL_FILES}/defects.txt"),
            ("FitMap", "whole", "maps/ribosome_13.7A.mrc"),
            ("GainFile", "whole", f"{CELL_FILES}/gain.tif"),
            ("Map", "whole", "averages/ribosome.mrc"),
        ),
        *(("MovieFrame", "whole", path, 2) for path in CELL_MOVIES),
        *files(
            ("MovieStack", "whole", CELL_MOVIES),
            ("ProbabilityMap", "whole", ("masks/TS_006_ice.mrc", "masks/TS_006_ribosome_scores.mrc")),
            ("SegmentationMask", "whole", ("masks/TS_006_carbon.mrc", "masks/TS_006_mitochondria.mrc")),
            ("TiltSeriesMicrographStack", "even", "even/TS_006.st"),
            ("TiltSeriesMicrographStack", "odd", "odd/TS_006.st"),
            ("TiltSeriesMicrographStack", "whole", f"{CELL_FILES}/metadata/TS_006.st"),
            ("Tomogram", "even", "even/TS_006_aretomo.mrc"),
            ("Tomogram", "odd", "odd/TS_006_aretomo.mrc"),
            (
                "Tomogram",
                "whole",
                (f"{CELL_FILES}/tomograms/TS_006_aretomo.mrc", "tomograms/TS_006_zyx.mrc"),
            ),
        ),
    ],
    MAP: files(
        ("FitMap", "whole", "emd_3782.map"),
        ("Map", "even", "emd_3782_half_map_1.map"),
        ("Map", "odd", "emd_3782_half_map_2.map"),
        ("Map", "whole", ("averages/TS_01.mrc", "emd_3782.map")),
        ("SubTomogram", "whole", "boxes/1.mrc"),
        ("Tomogram", "whole", "tomograms/TS_01.mrc"),
    ),
    HIV: files(
        ("Alignment", "whole", "Alignments/TS_01.aln"),
        ("FitMap", "whole", EMD),
        ("SegmentationMask", "whole", "Annotations/membrane.mrc"),
        ("Surface", "whole", "Annotations/particle-1.stl"),
        ("TiltSeriesMicrographStack", "whole", "TiltSeries/TS_01.mrc"),
        ("Tomogram", "even", "Reconstructions/VoxelSpacing5.400/TS_01_even.mrc"),
        ("Tomogram", "odd", "Reconstructions/VoxelSpacing5.400/TS_01_odd.mrc"),
        (
            "Tomogram",
            "whole",
            ("Reconstructions/VoxelSpacing10.800/TS_01.mrc", "Reconstructions/VoxelSpacing5.400/TS_01.mrc"),
        ),
    ),
    RUN: files(
        (
            "MovieStack",
            "whole",
            tuple(f"{PORTAL}/Frames/24mar08a_Position_105_5_{index:03}.eer" for index in range(1, 32)),
        ),
        (
            "SegmentationMask",
            "whole",
            f"{PORTAL}/Reconstructions/VoxelSpacing4.990/Annotations/100/membrane-1.0_segmentationmask.mrc",
        ),
        ("TiltSeriesMicrographStack", "whole", f"{PORTAL}/TiltSeries/100/TS_105_5.mrc"),
        ("Tomogram", "whole", TOMOGRAM_FILES),
    ),
}


@pytest.mark.parametrize("asked", [[VLP], [CELL], [MAP], [HIV], [RUN], [RUN, CELL]])
def test_file_manifest(examples: LocalStore, asked: list[str]) -> None:
    expected = [
        (dataset, *row, row[2] if row[2].startswith("https://") else None)
        for dataset in sorted(asked)
        for row in MANIFESTS.get(dataset, [])
    ]
    assert tuples(queries.file_manifest(examples, dataset=asked)) == expected


def test_file_manifest_to_be_curated(curated: LocalStore) -> None:
    expected = files(
        ("Alignment", "whole", "twice.xf"),
        ("MovieFrame", "whole", "frames/0.tif"),
        ("MovieStack", "whole", "frames/0.tif"),
        ("TiltSeriesMicrographStack", "even", "twice_even.mrc"),
        ("TiltSeriesMicrographStack", "odd", "twice_odd.mrc"),
        ("TiltSeriesMicrographStack", "whole", ("once.mrc", "twice.mrc")),
        ("Tomogram", "whole", ("again.mrc", "small.mrc")),
    )
    addresses = [f"https://ftp.example.org/to be curated/{row[2]}".replace(" ", "%20") for row in expected]
    assert tuples(queries.file_manifest(curated, dataset=CURATED)) == [
        (CURATED, *row, address) for row, address in zip(expected, addresses, strict=True)
    ]


def test_every_file_that_a_document_names() -> None:
    tomogram = {
        "path": "f",
        "even_path": "f",
        "odd_path": "g",
        "annotations": [
            {"type": "FitMap", "path": "f"},
            {"type": "Volume", "path": "f", "surface": {"path": "f"}},
            {"type": "AnnotationSet", "members": [{"type": "Surface", "path": "f"}]},
        ],
        "map_sets": [{"maps": [{"path": "f", "even_path": "f"}]}],
        "sub_tomogram_sets": [{"sub_tomograms": [{"path": "f"}, {"path": "f"}, {}]}],
    }
    stack = {"path": "f", "frames": [{"path": "f"}, {"path": "f"}, {"path": "g"}]}
    imaging = {
        "movie_stack_collections": [
            {
                "gain_file": {"path": "f"},
                "defect_file": {"path": "f"},
                "movie_stack_series": [{"movie_stacks": [stack]}],
            }
        ],
        "tilt_series_sets": [{"tilt_series": [{"path": "f", "micrographs": [{"path": "f"}, {"path": "f"}]}]}],
        "alignments": [{"path": "f"}],
        "tomogram_sets": [{"tomograms": [tomogram]}],
    }
    images = [{"type": "Image2D", "path": "f"}, {"type": "Image3D", "path": "f"}]
    region = {
        "id": "r",
        "tomo_image_sets": [imaging],
        "non_tomo_image_sets": [{"images": images}],
    }
    with store_of({"regions": [region], "map_sets": [{"maps": [{"path": "f"}]}]}) as store:
        rows = queries.file_manifest(store, dataset=D)
    assert [row[1:-1] for row in tuples(rows)] == [
        ("Alignment", "whole", "f", 1),
        ("DefectFile", "whole", "f", 1),
        ("FitMap", "whole", "f", 1),
        ("GainFile", "whole", "f", 1),
        ("Image2D", "whole", "f", 1),
        ("Image3D", "whole", "f", 1),
        ("Map", "even", "f", 1),
        ("Map", "whole", "f", 2),
        ("MovieFrame", "whole", "f", 2),
        ("MovieFrame", "whole", "g", 1),
        ("MovieStack", "whole", "f", 1),
        ("SubTomogram", "whole", "f", 2),
        ("Surface", "whole", "f", 2),
        ("TiltSeriesMicrograph", "whole", "f", 2),
        ("TiltSeriesMicrographStack", "whole", "f", 1),
        ("Tomogram", "even", "f", 1),
        ("Tomogram", "odd", "g", 1),
        ("Tomogram", "whole", "f", 1),
        ("Volume", "whole", "f", 1),
    ]


@pytest.mark.parametrize(
    ("base", "path", "address"),
    [
        ("https://example.org/set/", "frames/a 1.tif", "https://example.org/set/frames/a%201.tif"),
        ("s3://bucket", "./001@stack#2?.mrcs", "s3://bucket/stack%232%3F.mrcs"),
        ("https://example.org", "ä/100%.mrc", "https://example.org/%C3%A4/100%25.mrc"),
        ("https://example.org", "..a/.b", "https://example.org/..a/.b"),
        ("https://example.org", "ftp://elsewhere.org/a.mrc", "ftp://elsewhere.org/a.mrc"),
        (None, "https://elsewhere.org/a.mrc", "https://elsewhere.org/a.mrc"),
        ("/data/somebody", "a.mrc", None),
        ("https://example.org/?folder=1", "a.mrc", None),
        *(
            ("https://example.org", path, None)
            for path in ("/a", "~/a", "../a", "a/../b", "a/.", "C:/a", "a\\b")
        ),
        (None, "a.mrc", None),
    ],
)
def test_where_files_are(base: str | None, path: str, address: str | None) -> None:
    """The manifest and the links of the graph say the same, and the document comes back as it was."""
    written = {"path": path, "name": "map"}
    document = {"map_sets": [{"maps": [written]}], **({} if base is None else {"base_address": base})}
    with store_of(document) as store:
        assert [row.address for row in queries.file_manifest(store)] == [address]
        linked = [
            row["link"].value for row in store.select(f"SELECT ?link {{ ?map <{DCAT}downloadURL> ?link }}")
        ]
        assert linked == [address][: address is not None]
        back = get(store, D).dataset
        assert (back.base_address, back.map_sets[0].maps[0].path) == (base, path)


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
