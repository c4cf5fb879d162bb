"""Model to graph and back: nothing is lost, whatever order the triples come in."""

import random
from collections import Counter

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import datasets

from cetsgraph.errors import DocumentError
from cetsgraph.graph import decode, encode, encoded
from cetsgraph.graph.placement import Placement
from cetsgraph.model import (
    Annotation,
    AnnotationSet,
    Coordinates,
    DataSet,
    Map,
    MapSet,
    MovieStack,
    MovieStackCollection,
    MovieStackSeries,
    Point,
    PointSet,
    ProbabilityMap,
    Region,
    SegmentationMask,
    Text,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
    TiltSeriesSet,
    Tomogram,
    TomogramSet,
    TomoImageSet,
)
from cetsgraph.namespaces import CETS
from cetsgraph.vocabulary import vocabulary

IRI = "https://example.org/data/archive/set"


def quads(dataset: DataSet) -> list[ox.Quad]:
    return list(ox.parse(encode(dataset, IRI), format=ox.RdfFormat.N_QUADS))


def values(dataset: DataSet, subject: str, name: str) -> list[str]:
    return [
        quad.object.value
        for quad in quads(dataset)
        if quad.subject.value == IRI + subject and quad.predicate.value == CETS + name
    ]


def same(one: DataSet, other: DataSet) -> bool:
    """Equal with numbers compared as doubles, −0.0 and 0.0 apart."""
    return one == other and repr(one.model_dump()) == repr(other.model_dump())


@given(datasets(), st.randoms())
def test_a_data_set_comes_back_unchanged_in_whatever_order_its_triples_come(
    dataset: DataSet, order: random.Random
) -> None:
    triples = quads(dataset)
    order.shuffle(triples)
    assert same(decode(triples), dataset)


@given(datasets())
def test_a_data_set_comes_back_unchanged_from_a_store(dataset: DataSet) -> None:
    store = ox.Store()
    store.bulk_load(encode(dataset, IRI), format=ox.RdfFormat.N_QUADS)
    assert same(decode(store.quads_for_pattern(None, None, None, ox.NamedNode(IRI)), IRI), dataset)


@given(datasets())
def test_the_graph_has_no_blank_nodes_and_only_declared_terms(dataset: DataSet) -> None:
    terms = vocabulary()
    known = {f"{CETS}{name}" for name in (*terms.classes, *terms.properties)}
    known |= {f"{CETS}{prop.dangling}" for prop in terms.properties.values() if prop.dangling}
    known |= {f"{CETS}{prop.order}" for prop in terms.properties.values() if prop.order}
    for quad in quads(dataset):
        assert isinstance(quad.subject, ox.NamedNode)
        assert not isinstance(quad.object, ox.BlankNode)
        assert quad.graph_name == ox.NamedNode(IRI)
        used = [quad.predicate.value, quad.object.value if isinstance(quad.object, ox.NamedNode) else ""]
        assert not [iri for iri in used if iri.startswith(CETS) and iri not in known]


@given(datasets())
def test_every_object_is_there_once(dataset: DataSet) -> None:
    expected = Counter(type(entity).__name__ for entity in dataset.walk())
    types = Counter(
        quad.object.value.removeprefix(CETS)
        for quad in quads(dataset)
        if quad.predicate.value.endswith("#type")
    )
    concrete = {term.name for term in vocabulary().concrete() if not term.model.asserted}
    assert {name: count for name, count in types.items() if name in concrete} == {
        name: count for name, count in expected.items() if name in concrete
    }


def test_regions_that_come_one_at_a_time_are_written_as_those_of_a_list() -> None:
    def region(name: str | None) -> Region:
        image = TiltSeriesMicrograph(id="0")
        series = TiltSeriesMicrographStack(id="TS", micrographs=[image])
        tomogram = Tomogram(id="t", tilt_series_id=["TS"], annotations=[Text(source_tomogram_id=["t"])])
        sets = [TiltSeriesSet(tilt_series=[series])], [TomogramSet(tomograms=[tomogram])]
        images = TomoImageSet(tilt_series_sets=sets[0], tomogram_sets=sets[1])
        return Region(id=name, tomo_image_sets=[images])

    regions = [region(name) for name in ("a", "b", None, "a", "a~3", "", "b")]
    whole = DataSet(name="set", regions=regions, map_sets=[MapSet(maps=[Map(id="m")])])
    for count in range(len(regions) + 1):
        head = whole.model_copy(update={"regions": regions[:count]})
        assert b"".join(encoded(head, IRI, iter(regions[count:]))) == encode(whole, IRI)


def test_equal_ids_do_not_merge() -> None:
    dataset = DataSet(regions=[Region(id="a", name="first"), Region(id="a", name="second"), Region(id="~0")])
    regions = {quad.object.value for quad in quads(dataset) if quad.predicate.value == f"{CETS}hasRegion"}
    assert regions == {f"{IRI}/region/a", f"{IRI}/region/a~1", f"{IRI}/region/%7E0"}
    assert same(decode(quads(dataset)), dataset)


def in_region(
    *, series: list[TiltSeriesMicrographStack], tomograms: list[Tomogram], **region: object
) -> Region:
    imaging = TomoImageSet(
        movie_stack_collections=[
            MovieStackCollection(movie_stack_series=[MovieStackSeries(movie_stacks=[MovieStack(id="movie")])])
        ],
        tilt_series_sets=[TiltSeriesSet(tilt_series=series)],
        tomogram_sets=[TomogramSet(tomograms=tomograms)],
    )
    return Region.model_validate({"tomo_image_sets": [imaging], **region})


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
