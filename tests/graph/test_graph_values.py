"""Values of a graph: what is worked out, and what is refused."""

import pyoxigraph as ox
import pytest
from encoded_sets import IRI, in_region, quads, same, values
from hypothesis import given
from hypothesis import strategies as st

from cetsgraph.errors import DocumentError
from cetsgraph.graph import decode, encode
from cetsgraph.graph.placement import Placement
from cetsgraph.model import (
    Annotation,
    DataSet,
    PointSet,
    ProbabilityMap,
    Region,
    SegmentationMask,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    Tomogram,
    TomogramSet,
    TomoImageSet,
)
from cetsgraph.namespaces import CETS


@pytest.mark.parametrize(
    ("mask", "dimensions"),
    [
        (SegmentationMask(voxel_size=10.0), ["Raster3D"]),
        (SegmentationMask(dimension=2), ["Raster2D"]),
        (ProbabilityMap(pixel_size_x=2.0), ["Raster2D"]),
        (ProbabilityMap(depth=64, width=64), ["Raster3D"]),
        (SegmentationMask(width=64), []),
        (SegmentationMask(dimension=2, depth=64), []),
    ],
)
def test_a_mask_is_flat_or_a_volume_by_what_it_has(mask: Annotation, dimensions: list[str]) -> None:
    types = {
        quad.object.value.removeprefix(CETS)
        for quad in quads(DataSet(annotations=[mask]))
        if quad.subject.value == f"{IRI}/annotation/~0" and quad.predicate.value.endswith("#type")
    }
    assert types == {type(mask).__name__, "Annotation", *dimensions}


@pytest.mark.parametrize(
    ("points", "counted"),
    [
        (PointSet(path="picks.star", point_count=1200), ["1200"]),
        (PointSet(coordinates=[[1.0, 2.0]], point_count=1200), ["1"]),
        (PointSet(path="picks.star"), []),
    ],
)
def test_points_are_counted_or_their_number_is_taken_as_stated(points: PointSet, counted: list[str]) -> None:
    dataset = DataSet(annotations=[points])
    assert values(dataset, "/annotation/~0", "pointCount") == counted
    assert same(decode(quads(dataset)), dataset)


def test_the_box_of_points_is_given_as_written_and_in_angstrom_from_the_centre() -> None:
    points = PointSet(
        source_tomogram_id="t",
        unit="pixel",
        origin="corner",
        coordinates=[[0.0, 0.0, 7.0], [100.0, 51.0, 3.0]],
    )
    tomogram = Tomogram(id="t", width=100, height=101, depth=9, voxel_size=2.5)
    dataset = DataSet(regions=[in_region(id="r", series=[], tomograms=[tomogram], annotations=[points])])
    subject = "/region/r/annotation/~0"
    assert values(dataset, subject, "pointCount") == ["2"]
    boxes = {
        name: float(values(dataset, subject, name)[0])
        for name in (
            "minX",
            "maxX",
            "minZ",
            "maxZ",
            "centredMinX",
            "centredMaxX",
            "centredMaxY",
            "centredMinZ",
        )
    }
    assert boxes == {
        "minX": 0.0,
        "maxX": 100.0,
        "minZ": 3.0,
        "maxZ": 7.0,
        "centredMinX": -125.0,  # (0 − ⌊100/2⌋) × 2.5
        "centredMaxX": 125.0,
        "centredMaxY": 2.5,  # (51 − ⌊101/2⌋) × 2.5
        "centredMinZ": -2.5,  # (3 − ⌊9/2⌋) × 2.5
    }


@pytest.mark.parametrize("text", ["a\0b", "\ud800", "\ufffe", "\uffff"])
def test_what_no_tool_carries_is_refused_with_its_place(text: str) -> None:
    dataset = DataSet.model_construct(**{**DataSet().__dict__, "regions": [Region()]})
    dataset.regions[0].__dict__["name"] = text
    with pytest.raises(DocumentError) as caught:
        encode(dataset, IRI)
    assert [finding.pointer for finding in caught.value.findings] == ["/regions/0/name"]


@pytest.mark.parametrize("iri", ["", "no-scheme", "http://a b", "http://a>b", "http://a\nb"])
def test_a_data_set_needs_an_absolute_iri(iri: str) -> None:
    with pytest.raises(ValueError, match="IRI"):
        encode(DataSet(), iri)


PREFIX = f"@prefix : <{CETS}> . @prefix x: <http://example.org/> ."


@pytest.mark.parametrize(
    ("turtle", "rule"),
    [
        ("x:d a :DataSet ; :nam 'a' .", "unknown-field"),
        ("x:d a :DataSet ; :name 'a', 'b' .", "value-type"),
        ("x:d a :DataSet ; :organismTaxid 'many' .", "value-type"),
        ("x:d a :DataSet ; :organismTaxid '3055' .", "value-type"),  # text, though of digits
        ("x:d a :DataSet ; :name 10164 .", "value-type"),
        ("x:d a :DataSet . x:r a :Region .", "hierarchy-root"),
        ("x:d a :DataSet ; :hasRegion x:r .", "hierarchy-parent"),
        ("x:d a :DataSet, :Region .", "hierarchy-parent"),
        (
            "x:d a :DataSet ; :hasRegion x:r, x:s . x:r a :Region ; :hasAnnotation x:t . "
            "x:s a :Region ; :hasAnnotation x:t . x:t a :Text .",
            "hierarchy-parent",
        ),
        ("x:d a :DataSet ; :hasRegion x:d .", "hierarchy-parent"),
        (
            "x:d a :DataSet ; :hasMapSet x:m . x:m a :MapSet ; :hasMap x:n . "
            "x:n a :Map ; :sourceRegion <http://example.org/d/region/q> .",
            "reference-resolves",
        ),
    ],
)
def test_a_graph_that_is_no_data_set_is_refused(turtle: str, rule: str) -> None:
    triples = ox.parse(f"{PREFIX} {turtle}", format=ox.RdfFormat.TURTLE)
    with pytest.raises(DocumentError) as caught:
        decode(triples)
    assert rule in {finding.rule for finding in caught.value.findings}


def test_turtle_written_by_hand_is_read() -> None:
    turtle = f"""{PREFIX}
        [] a :DataSet ; :name "by hand" ; :hasRegion [ a :Region ; :hasTomoImageSet [
            a :TomoImageSet ; :hasTomogramSet [ a :TomogramSet ; :hasTomogram [
                a :Tomogram ; :voxelSize 13.7 ; :width 1022 ] ] ] ] ."""
    dataset = decode(ox.parse(turtle, format=ox.RdfFormat.TURTLE))
    tomogram = dataset.regions[0].tomo_image_sets[0].tomogram_sets[0].tomograms[0]
    assert (dataset.name, tomogram.voxel_size, tomogram.width) == ("by hand", 13.7, 1022)


def test_a_tilt_image_keeps_its_numbers_exactly() -> None:
    numbers = [0.1, -0.0, 5e-324, 1.7976931348623157e308, 13.699999809265137]
    images = [TiltSeriesMicrograph(nominal_tilt_angle=number) for number in numbers]
    dataset = DataSet(
        regions=[in_region(series=[TiltSeriesMicrographStack(micrographs=images)], tomograms=[])]
    )
    back = decode(quads(dataset)).regions[0].tomo_image_sets[0].tilt_series_sets[0].tilt_series[0].micrographs
    assert [repr(image.nominal_tilt_angle) for image in back] == [repr(number) for number in numbers]


hostile_ids = st.lists(
    st.one_of(st.none(), st.sampled_from(["a", "a~1", "a~2", "a~2~2", "~0", "~1", "%7E0", "", "a/region/b"])),
    max_size=8,
)


@given(hostile_ids, hostile_ids)
def test_no_two_objects_share_an_iri_whatever_their_ids(
    regions: list[str | None], images: list[str | None]
) -> None:
    tomograms = [Tomogram(id=identifier) for identifier in images]
    held = [TomoImageSet(tomogram_sets=[TomogramSet(tomograms=tomograms)])]
    dataset = DataSet(regions=[Region(id=identifier, tomo_image_sets=held) for identifier in regions])
    iris = [place.iri for place in Placement(dataset, IRI).places]
    assert len(set(iris)) == len(iris)
    assert same(decode(quads(dataset)), dataset)


def test_an_id_that_is_no_text_of_unicode_is_refused_with_its_place() -> None:
    with pytest.raises(DocumentError) as caught:
        encode(DataSet(regions=[Region(id="\ud800")]), IRI)
    assert [finding.pointer for finding in caught.value.findings] == ["/regions/0/id"]


@pytest.mark.parametrize("iri", ["", "no iri", "http://a b/", "http://[::1", "http://x/%zz/"])
def test_an_iri_that_is_none_is_refused(iri: str) -> None:
    with pytest.raises(ValueError, match="not an absolute IRI"):
        encode(DataSet(), iri)
