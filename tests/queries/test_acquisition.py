"""Questions about how tilt series were taken and aligned, against rows worked out from the documents."""

from collections.abc import Iterator
from typing import Any

import pytest
from queries.example_documents import (
    CELL,
    CELL_SERIES,
    CURATED,
    CURATED_IMAGING,
    HIV,
    HIV_SERIES,
    ONCE,
    RUN,
    RUN_SERIES,
    TWICE,
    VLP,
    VLP_SERIES,
    Row,
    all_series,
    image_iri,
    tuples,
)

from cetsgraph import queries
from cetsgraph.store import LocalStore

# data set, tilt series, name, path
CELL_FACTS = (
    CELL,
    CELL_SERIES,
    "Control_TS_006_tilt_series",
    "https://ftp.ebi.ac.uk/empiar/world_availability/12104/data/Control/metadata/TS_006.st",
)
HIV_FACTS = (HIV, HIV_SERIES, "TS_01", "TiltSeries/TS_01.mrc")
RUN_FACTS = (
    RUN,
    RUN_SERIES,
    "TS_105_5",
    "https://files.cryoetdataportal.cziscience.com/10445/TS_105_5/TiltSeries/100/TS_105_5.mrc",
)
VLP_FACTS = [
    (VLP, iri, None, f"tilt_series/TS_{number}.star")
    for iri, number in zip(VLP_SERIES, ("01", "03", "43", "45", "54"), strict=True)
]
TWICE_FACTS, ONCE_FACTS = (CURATED, TWICE, "twice", "twice.mrc"), (CURATED, ONCE, "once", "once.mrc")


def test_dose_symmetric_series(examples: LocalStore, curated: LocalStore) -> None:
    """Sorted by dose, every example goes 0, 3, -3, -6, 6 or 0, 2, -2, 4, -4; `once` goes from -6 to 6."""
    assert tuples(queries.dose_symmetric_series(examples)) == [
        (*RUN_FACTS, 31, -45.0, 45.0),
        *((*facts, 41, -60.0, 60.0) for facts in VLP_FACTS),
        (*CELL_FACTS, 50, -64.0, 40.0),
        (*HIV_FACTS, 5, -6.0, 6.0),
    ]
    assert tuples(queries.dose_symmetric_series(curated)) == [(*TWICE_FACTS, 5, -6.0, 6.0)]


def image_rows(series: str, name: str | None, images: list[dict[str, Any]], *, without: str) -> Iterator[Row]:
    """Rows of the images that lack a field and are not excluded."""
    for index, image in enumerate(images):
        if without not in image and not image.get("excluded"):
            yield (
                series.split("/region/")[0],
                series,
                name,
                image_iri(series, index, image),
                index,
                image.get("id"),
                image.get("path"),
                image["nominal_tilt_angle"],
                image.get("excluded"),
            )


NAMES = {facts[1]: facts[2] for facts in (CELL_FACTS, HIV_FACTS, RUN_FACTS)}


def test_images_without_ctf(examples: LocalStore, curated: LocalStore) -> None:
    expected = [
        row
        for iri, images in sorted(all_series().items())
        for row in image_rows(iri, NAMES.get(iri), images, without="ctf_metadata")
    ]
    assert len(expected) == 31 + 0 + 41 + 41 + 41 + 36 + 45
    assert tuples(queries.images_without_ctf(examples)) == expected
    assert tuples(queries.images_without_ctf(curated)) == [
        (CURATED, ONCE, "once", f"{ONCE}/micrograph/o{n}", n, f"o{n}", None, angle, None)
        for n, angle in enumerate((-6, -3, 0, 3, 6))
    ]


def test_unaligned_tilt_images(examples: LocalStore, curated: LocalStore) -> None:
    """Three images of VLP have an alignment of their own; RUN has one without images, for all of them."""
    aligned = {f"Control_TS_006_00{n}" for n in range(2)} | {f"TS_01_0{n}" for n in range(4)}
    expected = [
        row
        for iri, images in sorted(all_series().items())
        if iri != RUN_SERIES
        for row in image_rows(iri, NAMES.get(iri), images, without="alignment_transformations")
        if row[5] not in aligned
    ]
    assert len(expected) == 38 + 4 * 41 + 48
    assert tuples(queries.unaligned_tilt_images(examples)) == expected
    assert tuples(queries.unaligned_tilt_images(curated)) == [
        (CURATED, ONCE, "once", f"{ONCE}/micrograph/o4", 4, "o4", None, 6.0, None)
    ]


def test_phase_plate_data(examples: LocalStore, curated: LocalStore) -> None:
    """RUN says `none`, the examples' phase shifts are 0."""
    assert queries.phase_plate_data(examples) == []
    movie = f"{CURATED_IMAGING}/movie-stack-collection/~0/movie-stack-series/movies/movie-stack/m0"
    plate = "VOLTA PHASE PLATE"
    images = [(ONCE, f"o{n}", None) for n in range(5)]
    images += [(TWICE, f"t{n}", 90.0 if n == 1 else None) for n in range(5)]
    assert tuples(queries.phase_plate_data(curated)) == [
        (CURATED, movie, "MovieStack", "m0", "frames/0.tif", plate, None),
        *(
            (CURATED, f"{series}/micrograph/{id_}", "TiltSeriesMicrograph", id_, None, plate, shift)
            for series, id_, shift in images
        ),
    ]


def test_unknown_handedness(examples: LocalStore, curated: LocalStore) -> None:
    """TS_01, TS_54 and CELL give -1 with the defocus; HIV gives it, and its session."""
    assert tuples(queries.unknown_handedness(examples)) == [
        (*RUN_FACTS, "unknown", None, 31, 0, 0),
        *((*facts, "unknown", None, 41, 0, 0) for facts in VLP_FACTS[1:4]),
    ]
    assert tuples(queries.unknown_handedness(curated)) == [
        (*ONCE_FACTS, "unknown", None, 5, 0, 0),
        (*TWICE_FACTS, "conflicting", None, 5, 3, 2),
    ]


KRIOS = "FEI TITAN KRIOS"
RUN_ACQUISITION = (
    RUN,
    f"{RUN}/region/17687/tomo-image-set/~0/movie-stack-collection/~0/imaging/~0",
    "ImagingParameters",
    f"{RUN}/region/17687",
    None,
    300.0,
    None,
    "electron-event representation",
    1,
)
VLP_ACQUISITIONS = [
    (
        VLP,
        f"{VLP}/region/~{n}/tomo-image-set/~0/imaging/~0",
        "ImagingParameters",
        f"{VLP}/region/~{n}",
        KRIOS,
        300.0,
        None,
        "SUPER-RESOLUTION",
        1,
    )
    for n in range(5)
]
HIV_ACQUISITION = (
    HIV,
    f"{HIV}/acquisition-session/session-1",
    "AcquisitionSession",
    None,
    KRIOS,
    300.0,
    "GATAN K2 SUMMIT (4k x 4k)",
    None,
    1,
)
CURATED_ACQUISITION = (
    CURATED,
    f"{CURATED_IMAGING}/imaging/~0",
    "ImagingParameters",
    f"{CURATED}/region/R1",
    "JEOL CRYO ARM 300",
    300.0,
    None,
    None,
    2,
)


@pytest.mark.parametrize(
    ("microscope", "voltage", "detector", "expected"),
    [
        ("", 0, "", [RUN_ACQUISITION, *VLP_ACQUISITIONS, HIV_ACQUISITION, CURATED_ACQUISITION]),
        ("", 300.0001, "", [RUN_ACQUISITION, *VLP_ACQUISITIONS, HIV_ACQUISITION, CURATED_ACQUISITION]),
        ("", 200, "", []),
        ("krios", 300, "", [*VLP_ACQUISITIONS, HIV_ACQUISITION]),
        ("Titan", 0, "", [*VLP_ACQUISITIONS, HIV_ACQUISITION]),
        ("krios", 0, "k2", [HIV_ACQUISITION]),
        ("", 0, "(4K X 4K)", [HIV_ACQUISITION]),
        ("", 0, "super-resolution", VLP_ACQUISITIONS),
        ("", 0, "Event", [RUN_ACQUISITION]),
        ("arm", 300, "", [CURATED_ACQUISITION]),
        ("arm", 300, "k2", []),
        ("polara", 0, "", []),
    ],
)
def test_acquisitions_by_instrument(
    everything: LocalStore, microscope: str, voltage: float, detector: str, expected: list[Row]
) -> None:
    rows = queries.acquisitions_by_instrument(
        everything, microscope=microscope, voltage=voltage, detector=detector
    )
    assert tuples(rows) == sorted(expected, key=lambda row: row[:2])


def test_tilt_series_with_movies(examples: LocalStore, curated: LocalStore) -> None:
    # images, images that name a movie, movies
    assert tuples(queries.tilt_series_with_movies(examples)) == [
        (*RUN_FACTS, 31, 31, 31),
        (*VLP_FACTS[0], 41, 0, 3),
        (*CELL_FACTS, 50, 3, 3),
    ]
    assert tuples(queries.tilt_series_with_movies(curated)) == [(*TWICE_FACTS, 5, 0, 1)]


def test_series_with_several_alignments(examples: LocalStore, curated: LocalStore) -> None:
    assert queries.series_with_several_alignments(examples) == []
    alignment = f"{CURATED_IMAGING}/alignment"
    assert tuples(queries.series_with_several_alignments(curated)) == [
        (CURATED, TWICE, "twice", 2, f"{alignment}/global", "global", "patch tracking", "twice.xf", 0),
        (CURATED, TWICE, "twice", 2, f"{alignment}/local", "local", None, None, 2),
    ]
