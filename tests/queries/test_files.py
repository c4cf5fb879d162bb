"""Files that documents name."""

from collections import Counter

import pytest
from queries.example_documents import (
    CELL,
    CELL_FILES,
    CURATED,
    HIV,
    MAP,
    PORTAL,
    RUN,
    VLP,
    D,
    Row,
    store_of,
    tuples,
    vlp,
)

from cetsgraph import queries
from cetsgraph.archive import get
from cetsgraph.namespaces import DCAT
from cetsgraph.store import LocalStore


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
