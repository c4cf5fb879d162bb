"""Links of a graph: references that resolve, regions, series and annotations."""

import pytest
from encoded_sets import IRI, in_region, quads, same, values

from cetsgraph.graph import decode
from cetsgraph.model import (
    AnnotationSet,
    Coordinates,
    DataSet,
    Map,
    MapSet,
    Point,
    PointSet,
    Region,
    Text,
    TiltSeriesMicrographStack,
    Tomogram,
)
from cetsgraph.namespaces import CETS

SERIES = "/tomo-image-set/~0/tilt-series-set/~0/tilt-series"


TOMOGRAM = "/tomo-image-set/~0/tomogram-set/~0/tomogram"


@pytest.mark.parametrize(
    ("tilt_series_id", "resolved", "dangling"),
    [
        ("TS_1", [f"{IRI}/region/r{SERIES}/TS_1"], []),
        ("TS_9", [], ["TS_9"]),
        ("t", [], ["t"]),  # there is such an id, but it is no tilt series
        (
            "#/regions/0/tomo_image_sets/0/tilt_series_sets/0/tilt_series/1",
            [f"{IRI}/region/r{SERIES}/~1"],
            [],
        ),
        ("#/regions/0/tomo_image_sets/0/tilt_series_sets/0/tilt_series/2", [], None),
        ("#/regions/0/tomo_image_sets/0/tilt_series_sets/0/tilt_series/0", [], None),  # it has an id
        ("#/regions/0", [], ["#/regions/0"]),
        ("#/nonsense/~2", [], ["#/nonsense/~2"]),
    ],
)
def test_references_resolve_or_are_kept_as_written(
    tilt_series_id: str, resolved: list[str], dangling: list[str] | None
) -> None:
    series = [TiltSeriesMicrographStack(id="TS_1"), TiltSeriesMicrographStack()]
    tomogram = Tomogram(id="t", tilt_series_id=tilt_series_id)
    dataset = DataSet(regions=[in_region(id="r", series=series, tomograms=[tomogram])])
    subject = f"/region/r{TOMOGRAM}/t"
    assert values(dataset, subject, "tiltSeries") == resolved
    kept = [tilt_series_id] if dangling is None else dangling
    assert values(dataset, subject, "tiltSeriesId") == kept
    assert values(dataset, subject, "unresolvedId") == kept
    assert same(decode(quads(dataset)), dataset)


def test_ids_are_looked_up_in_their_own_region_first() -> None:
    regions = [
        in_region(
            id=name, series=[TiltSeriesMicrographStack(id="TS")], tomograms=[Tomogram(tilt_series_id="TS")]
        )
        for name in ("one", "two")
    ]
    dataset = DataSet(regions=regions)
    for name in ("one", "two"):
        assert values(dataset, f"/region/{name}{TOMOGRAM}/~0", "tiltSeries") == [
            f"{IRI}/region/{name}{SERIES}/TS"
        ]


def test_objects_that_questions_start_from_say_their_region_and_data_set() -> None:
    tomogram = Tomogram(id="t", annotations=[Text()])
    dataset = DataSet(regions=[in_region(id="r", series=[], tomograms=[tomogram])], annotations=[Text()])
    for subject in (f"/region/r{TOMOGRAM}/t", f"/region/r{TOMOGRAM}/t/annotation/~0"):
        assert values(dataset, subject, "inRegion") == [f"{IRI}/region/r"]
        assert values(dataset, subject, "inDataSet") == [IRI]
    assert values(dataset, "/region/r", "inRegion") == []
    assert values(dataset, "/annotation/~0", "inRegion") == []


@pytest.mark.parametrize(("name", "source_region_id"), [("two", "two"), (None, "#/regions/1")])
def test_a_map_finds_its_annotation_in_the_region_that_it_names(
    name: str | None, source_region_id: str
) -> None:
    regions = [Region(id=given, annotations=[PointSet(id="picks")]) for given in ("one", name)]
    maps = [Map(source_region_id=source_region_id, source_annotation_id="picks")]
    dataset = DataSet(regions=regions, map_sets=[MapSet(maps=maps)])
    picks = f"{IRI}/region/{name or '~1'}/annotation/picks"
    assert values(dataset, "/map-set/~0/map/~0", "sourceAnnotation") == [picks]
    assert same(decode(quads(dataset)), dataset)


def test_annotations_are_about_their_owner_or_the_tomogram_they_name() -> None:
    members = [Text(description="a"), AnnotationSet(members=[Point(location=Coordinates(x=1.0, y=2.0))])]
    annotations = [
        Text(),
        PointSet(source_tomogram_id="t"),
        AnnotationSet(source_tomogram_id="t", members=members),
    ]
    region = in_region(
        id="r", series=[], tomograms=[Tomogram(id="t", annotations=[Text()])], annotations=annotations
    )
    dataset = DataSet(regions=[region])
    tomogram = f"{IRI}/region/r{TOMOGRAM}/t"
    expected = {
        "/region/r/annotation/~0": f"{IRI}/region/r",
        "/region/r/annotation/~1": tomogram,
        "/region/r/annotation/~2": tomogram,
        "/region/r/annotation/~2/member/~0": tomogram,
        "/region/r/annotation/~2/member/~1": tomogram,
        "/region/r/annotation/~2/member/~1/member/~0": tomogram,
        f"/region/r{TOMOGRAM}/t/annotation/~0": tomogram,
    }
    found = {
        quad.subject.value.removeprefix(IRI): quad.object.value
        for quad in quads(dataset)
        if quad.predicate.value == f"{CETS}annotates"
    }
    assert found == expected


def test_a_tomogram_of_several_series_leads_to_each() -> None:
    series = [TiltSeriesMicrographStack(id="a"), TiltSeriesMicrographStack(id="b")]
    elsewhere = "https://example.org/data/other/set/tilt-series/c"
    tomograms = [
        Tomogram(id="t", tilt_series_id=["a", "b"]),
        Tomogram(id="u", tilt_series_id=["b", "gone", elsewhere, "a"]),
    ]
    dataset = DataSet(regions=[in_region(id="r", series=series, tomograms=tomograms)])
    both = {f"{IRI}/region/r{SERIES}/a", f"{IRI}/region/r{SERIES}/b"}
    for tomogram, named, dangling, order in (
        ("t", both, [], []),
        ("u", {*both, elsewhere}, ["gone"], [f'["b","gone","{elsewhere}","a"]']),
    ):
        subject = f"/region/r{TOMOGRAM}/{tomogram}"
        assert set(values(dataset, subject, "tiltSeries")) == named
        assert values(dataset, subject, "tiltSeriesId") == dangling
        assert values(dataset, subject, "tiltSeriesOrder") == order
    assert same(decode(quads(dataset)), dataset)


def test_an_iri_of_the_data_set_itself_is_no_object_of_another() -> None:
    dataset = DataSet(
        regions=[in_region(series=[], tomograms=[Tomogram(tilt_series_id=[f"{IRI}/region/x"])])]
    )
    subject = f"/region/~0{TOMOGRAM}/~0"
    assert values(dataset, subject, "tiltSeries") == []
    assert values(dataset, subject, "tiltSeriesId") == [f"{IRI}/region/x"]
    assert same(decode(quads(dataset)), dataset)


def test_an_annotation_of_several_tomograms_is_about_each_and_has_no_box_in_one() -> None:
    elsewhere = "https://example.org/data/other/set/tomogram/v"
    points = PointSet(
        source_tomogram_id=["t", "u", elsewhere], unit="pixel", origin="centre", coordinates=[[1.0, 2.0, 3.0]]
    )
    tomograms = [Tomogram(id="t", voxel_size=2.0), Tomogram(id="u", voxel_size=4.0)]
    region = in_region(id="r", series=[], tomograms=tomograms, annotations=[points])
    dataset, subject = DataSet(regions=[region]), "/region/r/annotation/~0"
    here = {f"{IRI}/region/r{TOMOGRAM}/{name}" for name in ("t", "u")}
    assert set(values(dataset, subject, "annotates")) == {*here, elsewhere}
    assert values(dataset, subject, "minX") == ["1.0"]
    assert values(dataset, subject, "centredMinX") == []
