"""Questions about tomograms, against rows worked out from the documents."""

import pytest
from queries.example_documents import (
    CELL,
    CELL_SERIES,
    CELL_SWAPPED,
    CELL_TOMOGRAM,
    CURATED,
    CURATED_IMAGING,
    HIV,
    HIV_SERIES,
    HIV_TOMOGRAMS,
    MAP,
    MAP_TOMOGRAM,
    ONCE,
    RUN,
    RUN_SERIES,
    RUN_TOMOGRAMS,
    TWICE,
    VLP,
    VLP_SERIES,
    VLP_TOMOGRAM,
    Row,
    tuples,
)

from cetsgraph import queries
from cetsgraph.store import LocalStore

PORTAL = "https://files.cryoetdataportal.cziscience.com/10445/TS_105_5/Reconstructions"
EMPIAR = "https://ftp.ebi.ac.uk/empiar/world_availability/12104/data/Control"
OTHER_VLP_TOMOGRAM = VLP_TOMOGRAM.replace("region/~0", "region/~2")

# tomogram, name, path
FACTS = {
    facts[0]: facts
    for facts in (
        (VLP_TOMOGRAM, None, "tomograms/TS_01_bin8.mrc"),
        (OTHER_VLP_TOMOGRAM, None, "tomograms/TS_43_bin8.mrc"),
        (CELL_TOMOGRAM, "Control_TS_006_tomogram", f"{EMPIAR}/tomograms/TS_006_aretomo.mrc"),
        (CELL_SWAPPED, "Control_TS_006_swapped", "tomograms/TS_006_zyx.mrc"),
        (MAP_TOMOGRAM, "TS_01_unbinned", "tomograms/TS_01.mrc"),
        (f"{HIV_TOMOGRAMS}/TS_01_10.8A", "TS_01_10.8A", "Reconstructions/VoxelSpacing10.800/TS_01.mrc"),
        (f"{HIV_TOMOGRAMS}/TS_01_5.4A", "TS_01_5.4A", "Reconstructions/VoxelSpacing5.400/TS_01.mrc"),
        (f"{RUN_TOMOGRAMS}/18954", "18954", f"{PORTAL}/VoxelSpacing10.012/Tomograms/102/TS_105_5.mrc"),
        (f"{RUN_TOMOGRAMS}/18955", "18955", f"{PORTAL}/VoxelSpacing10.012/Tomograms/103/TS_105_5.mrc"),
        (f"{RUN_TOMOGRAMS}/18956", "18956", f"{PORTAL}/VoxelSpacing4.990/Tomograms/100/TS_105_5.mrc"),
        (f"{RUN_TOMOGRAMS}/18957", "18957", f"{PORTAL}/VoxelSpacing4.990/Tomograms/101/TS_105_5.mrc"),
        (f"{CURATED_IMAGING}/tomogram-set/~0/tomogram/small", "small", "small.mrc"),
        (f"{CURATED_IMAGING}/tomogram-set/~0/tomogram/again", "again", "again.mrc"),
    )
}
HIV_COARSE, HIV_FINE = (FACTS[f"{HIV_TOMOGRAMS}/TS_01_{size}"] for size in ("10.8A", "5.4A"))
RUN_FACTS = [FACTS[f"{RUN_TOMOGRAMS}/{id_}"] for id_ in (18954, 18955, 18956, 18957)]
SMALL, AGAIN = (FACTS[f"{CURATED_IMAGING}/tomogram-set/~0/tomogram/{id_}"] for id_ in ("small", "again"))


MEMBRANES = [(RUN, *RUN_FACTS[2], 1, 0), (HIV, *HIV_COARSE, 1, 0)]
GAG = [(MAP, *FACTS[MAP_TOMOGRAM], 4, 2), (HIV, *HIV_COARSE, 2, 4)]  # a set of 4; points and a map


@pytest.mark.parametrize(
    ("object_", "expected"),
    [
        ("membrane", MEMBRANES),
        ("MEMBRANE", MEMBRANES),
        ("GO:0016020", MEMBRANES),
        ("go:0016020", MEMBRANES),
        ("http://purl.obolibrary.org/obo/GO_0016020", MEMBRANES),
        ("https://purl.obolibrary.org/obo/go_0016020", MEMBRANES),
        ("GO:001602", []),
        ("Gag polyprotein", GAG),
        ("UniProtKB:P04591", GAG),
        (["Gag polyprotein", "UniProtKB:P04591"], GAG),
        ("ice", [(HIV, *HIV_COARSE, 1, 0)]),  # a label of a mask; the ice of CELL is in no tomogram
        ("ice crystal", [(VLP, *FACTS[OTHER_VLP_TOMOGRAM], 1, 0)]),
        (
            "capsid hexamers",
            [
                (MAP, *FACTS[MAP_TOMOGRAM], 4, 2),
                (VLP, *FACTS[VLP_TOMOGRAM], 5, 3),
                (HIV, *HIV_COARSE, 1, 4),
            ],
        ),
        ("hexamer", [(VLP, *FACTS[VLP_TOMOGRAM], 3, 3)]),
        ("virus-like particles", [(VLP, *FACTS[VLP_TOMOGRAM], 4, 3)]),
        ("virus-like particle", [(VLP, *FACTS[VLP_TOMOGRAM], 2, 2), (HIV, *HIV_COARSE, 1, 1)]),
        ("virus-like particle 1", [(HIV, *HIV_COARSE, 4, 1)]),
        (["ferritin complex", "beta-amylase"], [(RUN, *RUN_FACTS[2], 3, 6)]),
        ("EMD-3782", [(MAP, *FACTS[MAP_TOMOGRAM], 1, 0), (HIV, *HIV_COARSE, 1, 0)]),
        ("ribosomes", [(CELL, *FACTS[CELL_TOMOGRAM], 1, 4), (CURATED, *SMALL, 2, 4)]),
        ("ATP synthases", [(CELL, *FACTS[CELL_TOMOGRAM], 1, 3)]),
        ("vesicles", [(CELL, *FACTS[CELL_TOMOGRAM], 1, 0)]),
        ("fiducials", []),  # marked in no tomogram
        ("", []),
    ],
)
def test_tomograms_by_annotated_object(
    everything: LocalStore, object_: str | list[str], expected: list[Row]
) -> None:
    assert tuples(queries.tomograms_by_annotated_object(everything, object=object_)) == expected


def test_tomograms_by_ctf_correction(everything: LocalStore) -> None:
    """Those of VLP, the swapped one of CELL, and `again` do not say."""
    assert tuples(queries.tomograms_by_ctf_correction(everything, corrected=True)) == [
        *(
            (RUN, *facts, True, "WBP", processing)
            for facts, processing in zip(
                RUN_FACTS, ("denoised", "filtered", "denoised", "filtered"), strict=True
            )
        ),
        (MAP, *FACTS[MAP_TOMOGRAM], True, "WBP", None),
        (CELL, *FACTS[CELL_TOMOGRAM], True, None, None),
        (HIV, *HIV_COARSE, True, "WBP", "denoised"),
    ]
    assert tuples(queries.tomograms_by_ctf_correction(everything, corrected=False)) == [
        (HIV, *HIV_FINE, False, None, "raw"),
        (CURATED, *SMALL, False, None, None),
    ]


def test_even_odd_pairs(everything: LocalStore) -> None:
    """Halves of the map of MAP are neither of a tilt series nor of a tomogram."""
    series, tomogram = "TiltSeriesMicrographStack", "Tomogram"
    assert tuples(queries.even_odd_pairs(everything)) == [
        (
            CELL,
            CELL_SERIES,
            series,
            "Control_TS_006_tilt_series",
            f"{EMPIAR}/metadata/TS_006.st",
            "even/TS_006.st",
            "odd/TS_006.st",
        ),
        (
            CELL,
            CELL_TOMOGRAM,
            tomogram,
            *FACTS[CELL_TOMOGRAM][1:],
            "even/TS_006_aretomo.mrc",
            "odd/TS_006_aretomo.mrc",
        ),
        (
            HIV,
            HIV_FINE[0],
            tomogram,
            *HIV_FINE[1:],
            "Reconstructions/VoxelSpacing5.400/TS_01_even.mrc",
            "Reconstructions/VoxelSpacing5.400/TS_01_odd.mrc",
        ),
        (CURATED, TWICE, series, "twice", "twice.mrc", "twice_even.mrc", "twice_odd.mrc"),
    ]


def reconstruction(
    facts: Row, voxel_size: float, corrected: bool | None, method: str | None, processing: str | None
) -> Row:
    return (*facts, voxel_size, voxel_size, voxel_size, corrected, method, processing)


OF_RUN = [
    (RUN_SERIES, *reconstruction(RUN_FACTS[2], 4.99, True, "WBP", "denoised")),
    (RUN_SERIES, *reconstruction(RUN_FACTS[3], 4.99, True, "WBP", "filtered")),
    (RUN_SERIES, *reconstruction(RUN_FACTS[0], 10.012, True, "WBP", "denoised")),
    (RUN_SERIES, *reconstruction(RUN_FACTS[1], 10.012, True, "WBP", "filtered")),
]
OF_HIV = [
    (HIV_SERIES, *reconstruction(HIV_FINE, 5.4, False, None, "raw")),
    (HIV_SERIES, *reconstruction(HIV_COARSE, 10.8, True, "WBP", "denoised")),
]
OF_VLP = [
    (VLP_SERIES[n], *reconstruction(FACTS[tomogram], 10.8, None, None, None))
    for n, tomogram in ((0, VLP_TOMOGRAM), (2, OTHER_VLP_TOMOGRAM))
]
OF_CELL = [
    (CELL_SERIES, *reconstruction(FACTS[CELL_TOMOGRAM], 13.7, True, None, None)),
    (CELL_SERIES, *reconstruction(FACTS[CELL_SWAPPED], 27.4, None, None, None)),
]
OF_TWICE = [
    (TWICE, *reconstruction(AGAIN, 4.0, None, None, None)),
    (TWICE, *reconstruction(SMALL, 10.0, False, None, None)),
]


@pytest.mark.parametrize(
    ("tilt_series", "expected"),
    [
        (RUN_SERIES, OF_RUN),
        ([HIV_SERIES, RUN_SERIES], OF_RUN + OF_HIV),
        (VLP_SERIES, OF_VLP),
        ([CELL_SERIES, CELL_SERIES], OF_CELL),
        (TWICE, OF_TWICE),  # their set names the series
        (ONCE, []),
        (VLP_TOMOGRAM, []),
    ],
)
def test_reconstructions_of_series(
    everything: LocalStore, tilt_series: str | list[str], expected: list[Row]
) -> None:
    assert tuples(queries.reconstructions_of_series(everything, tilt_series=tilt_series)) == expected
