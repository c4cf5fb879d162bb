"""Forms of dialect A that a data set may have, and those that it does not fit."""

from typing import Any

import pytest
from documents import annotations

from cetsgraph.documents import Document, read_data, write
from cetsgraph.errors import CetsGraphError
from cetsgraph.model import DataSet, Image2D, Image3D, Region, Shell, TomoImageSet


def test_the_canonical_parts_that_have_no_place_are_listed() -> None:
    dataset = DataSet(
        title="left out",
        regions=[Region(id="r1", tomo_image_sets=[TomoImageSet(name="one")])],
    )
    written = write(dataset, "tomobabel")
    assert sorted(finding.pointer for finding in written.findings) == [
        "/regions/0/id",
        "/regions/0/tomo_image_sets/0/name",
        "/title",
    ]
    assert {finding.rule for finding in written.findings} == {"not-representable"}


def test_several_series_of_movies_become_several_image_sets() -> None:
    document = read_data(
        {
            "$schema": "https://w3id.org/cetsgraph/schema/cets.json",
            "regions": [
                {
                    "tomo_image_sets": [
                        {
                            "movie_stack_collections": [
                                {
                                    "gain_file": {"path": "gain.mrc"},
                                    "movie_stack_series": [{"movie_stacks": [{"path": "1"}]}, {"id": "s2"}],
                                }
                            ],
                            "tilt_series_sets": [
                                {
                                    "tilt_series": [
                                        {"path": "b", "movie_stack_series_id": "s2"},
                                        {"path": "alone"},
                                    ]
                                }
                            ],
                        }
                    ]
                }
            ],
        }
    )
    written = write(document, "tomobabel")
    assert [image_set["raw_movies"] for image_set in written.data["regions"][0]["tomo_imaging"]] == [
        {"gain_file": {"path": "gain.mrc"}, "movie_stacks": [{"frame_images": [], "path": "1"}]},
        {"gain_file": {"path": "gain.mrc"}, "tilt_series": [{"path": "b"}]},
        {"tilt_series": [{"path": "alone"}]},
    ]
    assert "normalised" in {finding.rule for finding in written.findings}


def canonical(**image_set: Any) -> Document:
    schema = "https://w3id.org/cetsgraph/schema/cets.json"
    return read_data({"$schema": schema, "regions": [{"tomo_image_sets": [image_set]}]})


def test_map_sets_of_one_set_of_sub_tomograms_become_one() -> None:
    tomogram = {
        "tilt_series_id": "t",
        "sub_tomogram_sets": [{"id": "s"}],
        "map_sets": [
            {"sub_tomogram_set_id": "s", "maps": [{"path": "a.mrc"}]},
            {"sub_tomogram_set_id": "s", "maps": [{"path": "b.mrc"}]},
            {"sub_tomogram_set_id": "gone", "maps": [{"path": "c.mrc"}]},
        ],
    }
    document = canonical(
        tilt_series_sets=[{"tilt_series": [{"id": "t"}]}], tomogram_sets=[{"tomograms": [tomogram]}]
    )
    written = write(document, "tomobabel")
    (image_set,) = written.data["regions"][0]["tomo_imaging"]
    (made,) = image_set["raw_movies"]["tilt_series"][0]["Tomograms"][0]["tomograms"]
    assert made["subtomograms"] == [{"maps": [{"file": "a.mrc"}, {"file": "b.mrc"}]}]
    place = "/regions/0/tomo_image_sets/0/tomogram_sets/0/tomograms/0/map_sets"
    said = {(finding.rule, finding.pointer) for finding in written.findings}
    assert {("normalised", f"{place}/1"), ("not-representable", f"{place}/2")} <= said


def test_sets_of_tomograms_are_divided_by_what_they_were_made_from() -> None:
    document = canonical(
        tilt_series_sets=[{"tilt_series": [{"id": "a", "path": "a"}]}, {"tilt_series": [{"id": "b"}]}],
        tomogram_sets=[
            {
                "tilt_series_id": "gone",
                "tomograms": [{"path": "1", "tilt_series_id": "a"}, {"path": "2", "tilt_series_id": "b"}],
            },
            {"tilt_series_id": "a", "annotations": [{"type": "Text", "description": "empty"}]},
            {"tomograms": [{"path": "3"}]},
        ],
    )
    written = write(document, "tomobabel")
    (image_set,) = written.data["regions"][0]["tomo_imaging"]
    files = [
        [[tomogram["file"] for tomogram in held.get("tomograms", ())] for held in series["Tomograms"]]
        for series in image_set["raw_movies"]["tilt_series"]
    ]
    assert files == [[["1"], []], [["2"]]]
    sets = "/regions/0/tomo_image_sets/0/tomogram_sets"
    said = {(finding.rule, finding.pointer) for finding in written.findings}
    assert {
        ("normalised", f"{sets}/0"),
        ("not-representable", f"{sets}/0/tilt_series_id"),
        ("not-representable", f"{sets}/2/tomograms/0"),
        ("normalised", "/regions/0/tomo_image_sets/0"),
    } <= said


def test_movies_without_a_series_are_a_set_of_their_own() -> None:
    document = canonical(movie_stack_collections=[{"gain_file": {"path": "g"}}])
    (image_set,) = write(document, "tomobabel").data["regions"][0]["tomo_imaging"]
    assert image_set == {"raw_movies": {"gain_file": {"path": "g"}}}


def test_images_without_a_size_of_pixel_are_told_from_volumes() -> None:
    images = {"regions": [{"non_tomo_imaging": [{"images": [{"pixel_size": None}, {"depth": 3}]}]}]}
    document = read_data(images)
    kinds = [type(image) for image in document.dataset.regions[0].non_tomo_image_sets[0].images]
    assert kinds == [Image2D, Image3D]
    assert write(document, "tomobabel").data == images


def test_imaging_that_is_no_object_is_said_and_the_detector_kept() -> None:
    source = {"imaging_parameters": {"imaging": "Titan", "detector": {"mode": "counting"}}}
    document = read_data(source)
    assert [(finding.rule, finding.pointer) for finding in document.findings] == [
        ("value-type", "/imaging_parameters/imaging")
    ]
    imaging = document.dataset.regions[0].tomo_image_sets[0].imaging
    assert (
        imaging is not None and imaging.detector is not None and imaging.detector.detector_mode == "counting"
    )


def test_a_tomogram_alone_does_not_say_what_it_was_made_from() -> None:
    document = canonical(
        tilt_series_sets=[{"tilt_series": [{"id": "t"}]}],
        tomogram_sets=[{"tomograms": [{"path": "1", "tilt_series_id": "t"}]}],
    )
    written = write(document, "tomobabel", form="Tomogram")
    assert written.data["file"] == "1"
    place = "/regions/0/tomo_image_sets/0"
    assert {finding.pointer for finding in written.findings} == {
        f"{place}/tilt_series_sets",
        f"{place}/tomogram_sets/0/tomograms/0/tilt_series_id",
    }


# a form that the data set does not fit, and what is said
MISFITS = (
    ("Particle", "has no Particle"),
    ("TiltSeriesSet", "found 0 of them"),
    ("MovieStackSet by name", "without a name, or with the same one"),
)


@pytest.mark.parametrize(("form", "what"), MISFITS)
def test_a_form_that_a_data_set_does_not_fit_is_refused(form: str, what: str) -> None:
    with pytest.raises(CetsGraphError, match=what):
        write(canonical(), "tomobabel", form=form)


def test_solids_of_a_shell_are_told_by_their_fields() -> None:
    point = {"x": 0, "y": 0, "z": 0}
    vector = {"start": point, "end": point}
    cut_outs = [
        {"vector": vector, "radius": 1},
        {"vector": vector, "start_radius": 1, "end_radius": 2},
        {"vector": vector, "waist_radius": 1},
        {"v1": vector, "v2": vector},
    ]
    document = annotations({"type": "shell", "base": {"center": point, "radius": 1}, "cut_outs": cut_outs})
    (shell,) = document.dataset.annotations
    assert document.findings == () and isinstance(shell, Shell)
    assert [type(solid).__name__ for solid in (shell.base, *shell.cut_outs)] == [
        "Sphere",
        "Cylinder",
        "Cone",
        "Ovoid",
        "Cuboid",
    ]
