"""Where the ids of references are looked up: as the reference check of cets-data-models does."""

from typing import Any

import pyoxigraph as ox
import pytest

from cetsgraph.documents import read_data
from cetsgraph.graph import decode, encode
from cetsgraph.graph.placement import Placement
from cetsgraph.model import Alignment, DataSet, MovieAlignment
from cetsgraph.vocabulary import vocabulary


def two_series(*alignments: dict[str, Any]) -> DataSet:
    """Two tilt series of one region that number their images alike."""
    series = [
        {"id": "A", "images": [{"id": "im0", "nominal_tilt_angle": 0.0}]},
        {"id": "B", "images": [{"id": "im0", "nominal_tilt_angle": 40.0}, {"id": "im1"}]},
    ]
    region = {"id": "r", "tilt_series": series, "alignments": list(alignments)}
    return read_data({"regions": [region]}, dialect="cets-data-model").dataset


def alignment(series: str | None, image: str) -> dict[str, Any]:
    step = {"id": "p", "tilt_image_id": image, "transformation_type": "projection_alignment"}
    return {"tilt_series_id": series, "projection_alignments": [step]}


SERIES = "/regions/0/tomo_image_sets/0/tilt_series_sets/0/tilt_series"


@pytest.mark.parametrize(
    ("series", "image", "leads_to"),
    [
        ("A", "im0", f"{SERIES}/0/micrographs/0"),
        ("B", "im0", f"{SERIES}/1/micrographs/0"),
        ("B", "im1", f"{SERIES}/1/micrographs/1"),
        ("A", "im1", f"{SERIES}/1/micrographs/1"),  # of the other series, which rules then report
        (None, "im1", f"{SERIES}/1/micrographs/1"),
        (None, "im0", None),  # nothing says of which series
        ("gone", "im1", f"{SERIES}/1/micrographs/1"),
    ],
)
def test_the_image_of_an_alignment_is_one_of_its_tilt_series(
    series: str | None, image: str, leads_to: str | None
) -> None:
    dataset = two_series(alignment(series, image))
    placement = Placement(dataset, "urn:a")
    held = dataset.regions[0].tomo_image_sets[0].alignments[0]
    assert isinstance(held, Alignment)
    place = placement.place_of(held.projection_alignments[0])
    reference = vocabulary().properties["tiltImage"]
    found = placement.resolve(place, reference, image)
    assert (None if found is None else found.pointer) == leads_to
    triples = ox.parse(encode(dataset, "urn:a"), format=ox.RdfFormat.N_QUADS)
    assert decode(triples, "urn:a") == dataset


def test_the_frame_of_a_movie_alignment_is_one_of_its_movie() -> None:
    movies: list[dict[str, Any]] = [
        {
            "frames": [{"id": "f0"}],
            "id": name,
            "movie_alignments": [{"movie_stack_id": name, "frame_alignments": [{"frame_id": "f0"}]}],
        }
        for name in ("m", "n")
    ]
    series = {"movie_stack_collections": [{"movie_stack_series": [{"movie_stacks": movies}]}]}
    document = read_data({"regions": [{"id": "r", "tomo_image_sets": [series]}]}, dialect="cetsgraph")
    dataset = document.dataset
    placement = Placement(dataset, "urn:a")
    stacks = (
        dataset.regions[0].tomo_image_sets[0].movie_stack_collections[0].movie_stack_series[0].movie_stacks
    )
    for index, stack in enumerate(stacks):
        (held,) = stack.movie_alignments
        assert isinstance(held, MovieAlignment)
        place = placement.place_of(held.frame_alignments[0])
        found = placement.resolve(place, vocabulary().properties["frame"], "f0")
        assert found is not None
        assert found.pointer.endswith(f"/movie_stacks/{index}/frames/0")
