"""Edges of questions about acquisition."""

from typing import Any

import pytest
from queries.example_documents import SERIES, D, store_of, tilt_series, tuples

from cetsgraph import queries


def signed(*signs: int | None, **fields: Any) -> dict[str, Any]:
    """A tilt series of images with these signs of handedness."""
    return {"micrographs": [{"ctf_metadata": {"defocus_handedness": sign}} for sign in signs], **fields}


SESSIONS = {
    "acquisition_sessions": [{"id": "says", "handedness": "left_handed"}, {"id": "silent"}],
}


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        # state, handedness of the session, images, images with +1, with -1
        ([signed()], [("unknown", None, 0, 0, 0)]),
        ([signed(None, None)], [("unknown", None, 2, 0, 0)]),
        ([signed(1, None)], []),
        ([signed(-1, -1)], []),
        ([signed(-1, 1, None, 1)], [("conflicting", None, 4, 2, 1)]),
        ([signed(None, acquisition_session_id="says")], []),
        ([signed(None, acquisition_session_id="silent")], [("unknown", None, 1, 0, 0)]),
        ([signed(None, acquisition_session_id="gone")], [("unknown", None, 1, 0, 0)]),
        ([signed(-1, 1, acquisition_session_id="says")], [("conflicting", "left_handed", 2, 1, 1)]),
        (
            [signed(sign, acquisition_session_id="silent") for sign in (1, -1, None)],
            [
                ("conflicting", None, 1, 1, 0),
                ("conflicting", None, 1, 0, 1),
                ("conflicting", None, 1, 0, 0),
            ],
        ),
        ([signed(1), signed(-1)], []),  # of no session, so of no common one
        ([signed(1, acquisition_session_id="says"), signed(-1, acquisition_session_id="silent")], []),
    ],
)
def test_unknown_handedness(series: list[dict[str, Any]], expected: list[tuple[Any, ...]]) -> None:
    with store_of(SESSIONS, **tilt_series(*series)) as store:
        rows = tuples(queries.unknown_handedness(store))
    assert [row[4:] for row in rows] == expected


MOVIE = {"id": "m", "path": "m.tif"}


def collection(*movies: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "movie_stack_collections": [
            {"movie_stack_series": [{"id": "s", "movie_stacks": list(movies)}], **fields}
        ]
    }


def shifted(shift: float) -> dict[str, Any]:
    return {"ctf_metadata": {"phase_shift": shift}}


BY_IMAGE = tilt_series({"micrographs": [{"id": "i", "movie_stack_id": "m"}, {"id": "j"}]})


BY_SERIES = tilt_series({"movie_stack_series_id": "s", "micrographs": [{"id": "i"}, {"id": "j"}]})


@pytest.mark.parametrize(
    ("imaging", "expected"),
    [
        # id, phase plate, phase shift
        (collection(MOVIE) | BY_IMAGE, []),
        (
            collection(MOVIE, imaging={"phase_plate": "Volta"}) | BY_IMAGE,
            [("m", "Volta", None), ("i", "Volta", None)],
        ),
        (
            collection(MOVIE, imaging={"phase_plate": "Volta"}) | BY_SERIES,
            [("m", "Volta", None), ("i", "Volta", None), ("j", "Volta", None)],
        ),
        (collection(MOVIE, imaging={"phase_plate": "None"}) | BY_SERIES, []),
        (collection(MOVIE, imaging={"phase_plate": ""}) | BY_SERIES, []),
        (collection(MOVIE | shifted(0)), []),
        (collection(MOVIE | shifted(90)) | BY_SERIES, [("m", None, 90.0)]),
        (collection(MOVIE | {"frames": [shifted(88), shifted(92)]}) | BY_SERIES, [("m", None, 92.0)]),
        (collection(MOVIE | {"frames": [shifted(0)]}), []),
        (
            tilt_series({"micrographs": [{"id": "i"} | shifted(0.5), {"id": "j"} | shifted(0)]}),
            [("i", None, 0.5)],
        ),
        (
            BY_IMAGE
            | {"imaging": {"phase_plate": "Zernike"}}
            | collection(MOVIE, imaging={"phase_plate": "Volta"}),
            [
                ("m", "Volta", None),
                ("m", "Zernike", None),
                ("i", "Volta", None),
                ("i", "Zernike", None),
                ("j", "Zernike", None),
            ],
        ),
    ],
)
def test_phase_plate_data(imaging: dict[str, Any], expected: list[tuple[Any, ...]]) -> None:
    with store_of(**imaging) as store:
        rows = queries.phase_plate_data(store)
    assert [(row.name, row.phase_plate, row.phase_shift) for row in rows] == expected


@pytest.mark.parametrize(
    ("imaging", "expected"),
    [
        # images, images with a movie, movies
        (collection(MOVIE), []),
        (collection(MOVIE) | tilt_series({"micrographs": [{}]}), []),
        (collection({"id": "m"}) | BY_IMAGE, []),
        (collection({"id": "m", "path": ""}) | BY_IMAGE, []),
        (collection({"id": "m", "frames": [{"path": "f.tif"}, {"path": "g.tif"}]}) | BY_IMAGE, [(2, 1, 1)]),
        (collection(MOVIE, {"id": "n"}) | BY_SERIES, [(2, 0, 1)]),
        (collection(MOVIE, {"path": "n.tif"}) | BY_IMAGE, [(2, 1, 1)]),
        (
            collection(MOVIE, {"path": "n.tif"})
            | tilt_series({"movie_stack_series_id": "s", "micrographs": [{"movie_stack_id": "m"}] * 2}),
            [(2, 2, 2)],
        ),
        (collection(MOVIE) | tilt_series({"movie_stack_series_id": "s"}), [(0, 0, 1)]),
        (collection(MOVIE) | tilt_series({"micrographs": [{"movie_stack_id": "gone"}]}), []),
    ],
)
def test_tilt_series_with_movies(imaging: dict[str, Any], expected: list[tuple[int, ...]]) -> None:
    with store_of(**imaging) as store:
        rows = queries.tilt_series_with_movies(store)
    assert [(row.images, row.images_with_movie, row.movies) for row in rows] == expected


@pytest.mark.parametrize("imaging", [BY_IMAGE, BY_SERIES])
def test_imaging_of_movies_is_that_of_their_tilt_series(imaging: dict[str, Any]) -> None:
    with store_of(**imaging, **collection(MOVIE, imaging={"accelerating_voltage": 200.0})) as store:
        (row,) = queries.acquisitions_by_instrument(store, microscope="", voltage=200, detector="")
    assert (row.kind, row.microscope_model, row.tilt_series) == ("ImagingParameters", None, 1)


INSTRUMENTS = {
    "instruments": [
        {"id": "full", "microscope_model": "Krios", "accelerating_voltage": 300.0, "detector_model": "K3"},
        {"id": "bare"},
    ],
    "acquisition_sessions": [
        {"id": "a", "instrument_id": "full"},
        {"id": "b", "instrument_id": "bare"},
        {"id": "c", "instrument_id": "gone"},
    ],
}


@pytest.mark.parametrize(
    ("microscope", "voltage", "detector", "expected"),
    [
        ("", 0, "", {"a": 2, "b": 1, "c": 0}),
        ("KRIOS", 0, "", {"a": 2}),
        ("", 300, "", {"a": 2}),
        ("", 0, "k3", {"a": 2}),
        ("", 0, "k2", {}),
        ("", -300, "", {}),
        (" ", 0, "", {}),
        ('"', 0, "\\", {}),
    ],
)
def test_sessions_by_instrument(
    microscope: str, voltage: float, detector: str, expected: dict[str, int]
) -> None:
    imaging = tilt_series(*({"acquisition_session_id": session} for session in ("a", "a", "b", "gone")))
    with store_of(INSTRUMENTS, **imaging) as store:
        rows = queries.acquisitions_by_instrument(
            store, microscope=microscope, voltage=voltage, detector=detector
        )
    assert [(row.acquisition.rsplit("/")[-1], row.tilt_series) for row in rows] == list(expected.items())


def alignment(*images: str, **fields: Any) -> dict[str, Any]:
    return {
        "tilt_series_id": "a",
        "projection_alignments": [{"tilt_image_id": id_} for id_ in images],
        **fields,
    }


@pytest.mark.parametrize(
    ("alignments", "unaligned", "listed"),
    [
        ([], ["i", "j"], []),
        ([alignment()], [], []),
        ([alignment("i")], ["j"], []),
        ([alignment("i"), alignment("j")], [], [1, 1]),
        ([alignment("i"), alignment("i", "i", "j")], [], [1, 2]),
        ([alignment("i"), alignment("gone")], ["j"], [1, 1]),
        ([alignment("gone")], ["i", "j"], []),
        ([alignment("i"), alignment(tilt_series_id="b")], ["j"], []),
        ([alignment(tilt_series_id="gone")] * 2, ["i", "j"], []),
    ],
)
def test_alignments(alignments: list[dict[str, Any]], unaligned: list[str], listed: list[int]) -> None:
    series = [{"id": "a", "micrographs": [{"id": "i"}, {"id": "j"}]}, {"id": "b"}]
    with store_of(**tilt_series(*series), alignments=alignments) as store:
        assert [row.name for row in queries.unaligned_tilt_images(store)] == unaligned
        rows = queries.series_with_several_alignments(store)
    assert [row.images for row in rows] == listed
    assert {row.alignments for row in rows} <= {len(alignments)}


@pytest.mark.parametrize(
    ("ctf", "found"),
    [
        (None, True),
        ({}, True),
        ({"defocus_angle": 10.0, "defocus_handedness": -1}, True),
        ({"defocus_u": 20000.0}, False),
        ({"defocus_v": 20000.0}, False),
        ({"defocus_u": 0.0}, False),
    ],
)
def test_images_without_ctf(ctf: dict[str, Any] | None, found: bool) -> None:
    with store_of(**tilt_series({"micrographs": [{"ctf_metadata": ctf}]})) as store:
        assert len(queries.images_without_ctf(store)) == found


def accumulated(*values: float, own: float | None = 3.0, **fields: Any) -> list[dict[str, Any]]:
    exposure = {} if own is None else {"exposure_dose": own}
    return [{"accumulated_dose": value, **exposure, **fields} for value in values]


BEFORE, INCLUDING = {"dose_convention": "before"}, {"dose_convention": "including"}


@pytest.mark.parametrize(
    ("images", "stated", "dose"),
    [
        (accumulated(0.0, 3.0, 6.0, **BEFORE), None, 9.0),
        (accumulated(6.0, 0.0, 3.0, **BEFORE), None, 9.0),  # in any order
        (accumulated(0.0, 3.0, 6.0, own=None, **BEFORE), None, 6.0),  # how much the last got is not known
        (accumulated(3.0, 6.0, 9.0, **INCLUDING), None, 9.0),
        (accumulated(3.0, 6.0, 9.0), None, 9.0),
        (accumulated(3.0, 6.0, 9.0, dose_convention="unknown"), None, 9.0),
        (accumulated(0.0, 3.0, 6.0, **BEFORE), 50.0, 9.0),  # what the images say goes before
        ([{"exposure_dose": 3.0}, {"exposure_dose": 3.0}, {"exposure_dose": 4.5}], None, 10.5),
        ([{"exposure_dose": 3.0, "excluded": True}, {"exposure_dose": 3.0}], None, 6.0),
        ([{"exposure_dose": 3.0}, {"accumulated_dose": 12.0}], None, 12.0),
        ([{"total_accumulated_dose": 3.0}, {"total_accumulated_dose": 6.5}], None, 6.5),
        ([{"total_accumulated_dose": 0.0, "exposure_dose": 0.0}], None, 0.0),
        ([], 120.5, 120.5),
        ([{"nominal_tilt_angle": 3.0}], 120.5, 120.5),
        ([{"nominal_tilt_angle": 3.0}], None, None),
        ([], None, None),
    ],
)
def test_total_dose(images: list[dict[str, Any]], stated: float | None, dose: float | None) -> None:
    facts = {} if stated is None else {"total_dose": stated}
    with store_of(**tilt_series({"id": "a", "micrographs": images, **facts})) as store:
        rows = queries.tilt_series_by_dose(store, maximum=200)
        assert dose is None or queries.tilt_series_by_dose(store, maximum=dose - 0.1) == []
    assert [row.dose for row in rows] == ([] if dose is None else [pytest.approx(dose, abs=1e-9)])


@pytest.mark.parametrize(
    ("scheme", "found"),
    [("dose-symmetric", True), ("Dose Symmetric (Hagen)", True), ("bidirectional", False), (None, False)],
)
def test_a_scheme_that_a_series_without_images_states(scheme: str | None, found: bool) -> None:
    facts = {"tilt_scheme": scheme, "tilt_range_min": -60.0, "tilt_range_max": 60.0, "tilt_count": 41}
    with store_of(**tilt_series({"id": "a", **facts})) as store:
        rows = tuples(queries.dose_symmetric_series(store))
    assert rows == [(D, f"{SERIES}/a", "a", None, 41, -60.0, 60.0)] * found


def test_excluded_images_are_not_asked_for_what_they_lack() -> None:
    used = {"id": "used", "nominal_tilt_angle": 3.0, "ctf_metadata": {"defocus_u": 2e4, "defocus_v": 1e4}}
    dark = {"id": "dark", "excluded": True, "ctf_metadata": {"defocus_u": 9e4}}
    bare = {"id": "bare", "excluded": True}
    left_out = {"id": "left", "nominal_tilt_angle": 6.0}
    alignment = {
        "tilt_series_id": "a",
        "projection_alignments": [{"tilt_image_id": "used"}],
        "exclusions": [{"tilt_image_id": "left", "exclusion_reason": "drift"}],
    }
    images = [used, dark, bare, left_out]
    with store_of(**tilt_series({"id": "a", "micrographs": images}), alignments=[alignment]) as store:
        assert [row.name for row in queries.images_without_ctf(store)] == ["left"]
        assert queries.unaligned_tilt_images(store) == []
        (row,) = queries.defocus_ranges(store)
    assert (row.images, row.images_with_ctf, row.minimum, row.maximum) == (2, 1, 1e4, 2e4)


def test_an_observed_angle_is_no_alignment() -> None:
    alignment = {
        "tilt_series_id": "a",
        "projection_alignments": [{"tilt_image_id": "x"}],
        "tilt_angle_observations": [{"tilt_image_id": "y", "tilt_angle": 3.1}],
    }
    images = [{"id": "x"}, {"id": "y"}]
    with store_of(**tilt_series({"id": "a", "micrographs": images}), alignments=[alignment]) as store:
        assert [row.name for row in queries.unaligned_tilt_images(store)] == ["y"]
