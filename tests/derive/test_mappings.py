"""The mappings are well-formed SSSOM, from our terms to vocabularies that are known."""

import csv
from pathlib import Path

import pytest
import yaml

from cetsgraph.namespaces import CETS, PROV
from cetsgraph.versions import ONTOLOGY_VERSION
from cetsgraph.vocabulary import vocabulary

ROOT = Path(__file__).resolve().parents[2]
LINES = (ROOT / "ontology/mappings.sssom.tsv").read_text(encoding="utf-8").splitlines()
HEAD = yaml.safe_load("\n".join(line[1:] for line in LINES if line.startswith("#")))
ROWS = list(csv.DictReader((line for line in LINES if not line.startswith("#")), delimiter="\t"))

FOREIGN = Path(__file__).with_name("foreign_terms.tsv")
"""Terms of the mapped vocabularies, read in their own files: IRI, label, source."""

SKOS = {f"skos:{kind}Match" for kind in ("exact", "close", "broad", "narrow", "related")}
SCHEMAS = (
    "alignment",
    "annotation",
    "common",
    "coord_transforms",
    "coordinate_systems",
    "entities",
    "image",
    "imageentities",
)
CETMD = {f"https://w3id.org/cetmd/{schema}/" for schema in SCHEMAS}
OTHERS = {
    "http://edamontology.org/",
    "http://purl.obolibrary.org/obo/CHMO_",
    "http://purl.obolibrary.org/obo/FBbi_",
    "http://purl.obolibrary.org/obo/OBI_",
    "http://purl.org/dc/terms/",
    "http://scipion.i2pc.es/ontology/CRYOEM_",
    "http://www.w3.org/ns/dcat#",
    "http://www.w3.org/ns/prov#",
    "https://purls.helmholtz-metadaten.de/emg/EMG_",
}


def namespace(curie: str) -> str:
    return str(HEAD["curie_map"][curie.partition(":")[0]])


def test_the_header_names_the_set_its_licence_and_every_prefix() -> None:
    assert HEAD["mapping_set_id"].startswith("https://")
    assert HEAD["license"].startswith("https://")
    for row in ROWS:
        for column in ("subject_id", "predicate_id", "object_id", "mapping_justification"):
            assert namespace(row[column]), row


def test_the_versions_are_those_of_the_ontology() -> None:
    assert (HEAD["mapping_set_version"], HEAD["subject_source_version"]) == (ONTOLOGY_VERSION,) * 2


def labels() -> dict[str, str]:
    """The label of each term of a vocabulary that is mapped to."""
    with FOREIGN.open(encoding="utf-8") as file:
        return {row["iri"]: row["label"] for row in csv.DictReader(file, delimiter="\t")}


def mapped() -> dict[str, str]:
    """The label, as the mappings give it, of each term that is mapped to."""
    iris = (namespace(row["object_id"]) + row["object_id"].partition(":")[2] for row in ROWS)
    return {iri: row["object_label"] for iri, row in zip(iris, ROWS, strict=True)}


def test_every_mapped_term_is_one_of_its_vocabulary() -> None:
    known = labels()
    assert mapped() == {iri: known.get(iri) for iri in mapped()}


def test_every_term_of_the_main_revision_of_dialect_b_is_mapped() -> None:
    unmapped = {iri for iri in labels() if iri.rpartition("/")[0] + "/" in CETMD} - mapped().keys()
    assert unmapped == {"https://w3id.org/cetmd/coordinate_systems/AxisType"}  # an enumeration


def test_no_term_is_an_activity_and_an_entity() -> None:
    """The two are disjoint in PROV-O; what is said of a class holds for those below it."""
    said = {
        row["subject_id"].removeprefix("cets:"): row["object_id"]
        for row in ROWS
        if namespace(row["object_id"]) == PROV
        and row["predicate_id"] in ("skos:broadMatch", "skos:exactMatch")
    }
    for term in vocabulary().classes.values():
        kinds = {said.get(name) for name in (term.name, *term.ancestors)}
        kinds |= {kind.__dict__.get("kind_of") for kind in term.model.__mro__}
        assert not {"prov:Activity", "prov:Entity"} <= kinds, term.name


def test_rows_are_complete_sorted_and_said_once() -> None:
    keys = [(row["subject_id"], row["predicate_id"], row["object_id"]) for row in ROWS]
    assert keys == sorted(set(keys))
    assert len({key[::2] for key in keys}) == len(keys), "two relations between the same terms"
    assert all(None not in row and None not in row.values() for row in ROWS)


def test_mappings_are_from_terms_of_ours_to_known_vocabularies() -> None:
    words = vocabulary()
    for row in ROWS:
        prefix, name = row["subject_id"].split(":")
        term = words.classes.get(name) or words.properties[name]
        assert HEAD["curie_map"][prefix] == CETS
        assert row["subject_label"] == term.label
        assert row["predicate_id"] in SKOS
        assert row["mapping_justification"] == "semapv:ManualMappingCuration"
        assert namespace(row["object_id"]) in CETMD | OTHERS


@pytest.mark.parametrize(
    ("schema", "classes"),
    [
        ("entities", {"Dataset", "Region", "MovieStackCollection", "Average"}),
        ("imageentities", {"MovieStackSeries", "MovieStack", "MovieFrame", "GainFile", "DefectFile"}),
        ("imageentities", {"TiltSeries", "TiltImage", "Tomogram", "ParticleMap", "CTFMetadata"}),
        ("alignment", {"Alignment", "ProjectionAlignment"}),
        ("annotation", {"DensityMap", "PointSet2D", "PointSet3D", "SegmentationMask3D", "TriMesh"}),
        ("coord_transforms", {"CoordinateTransformation", "Affine", "AxisNameMapping"}),
        ("coordinate_systems", {"CoordinateSystem", "Axis"}),
        ("image", {"Image2D", "Image3D"}),
    ],
)
def test_classes_of_dialect_b_are_mapped_in_the_namespace_of_their_schema(
    schema: str, classes: set[str]
) -> None:
    mapped = {row["object_label"] for row in ROWS if row["object_id"].startswith(f"cetmd_{schema}:")}
    assert classes <= mapped


def test_exact_matches_with_dialect_b_stand_in_the_ontology_too() -> None:
    ontology = (ROOT / "ontology/cets.ttl").read_text(encoding="utf-8")
    exact = [
        namespace(row["object_id"]) + row["object_id"].partition(":")[2]
        for row in ROWS
        if row["predicate_id"] == "skos:exactMatch" and namespace(row["object_id"]) in CETMD
    ]
    assert len(exact) > 50
    assert [iri for iri in exact if ontology.count(f"<{iri}>") != 1] == []
