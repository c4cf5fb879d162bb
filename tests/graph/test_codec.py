"""Model to graph and back: nothing is lost, whatever order the triples come in."""

import random
from collections import Counter

import pyoxigraph as ox
from encoded_sets import IRI, quads, same
from hypothesis import given
from hypothesis import strategies as st
from strategies import datasets

from cetsgraph.graph import decode, encode, encoded
from cetsgraph.model import (
    DataSet,
    Map,
    MapSet,
    Region,
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
