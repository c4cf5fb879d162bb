"""What documents, images and annotations have in common: people, programs, files, provenance, statements."""

from typing import Annotated, Literal

from pydantic import SerializeAsAny

from cetsgraph.model.base import Entity, Meanings, Reference, Texts, array, part, parts, reference, term
from cetsgraph.model.units import Bytes
from cetsgraph.model.values import DateTime, References

__all__ = [
    "Annotation",
    "AnnotationMethod",
    "CrossReference",
    "DataFile",
    "DataObject",
    "Half",
    "Person",
    "ProcessingCheck",
    "ProcessingParameter",
    "Provenance",
    "Software",
]


AnnotationMethod = Annotated[
    Literal["manual", "automated", "hybrid", "simulated"],
    Meanings(
        manual="A person made the annotation.",
        automated="A program made the annotation, and nobody corrected it.",
        hybrid="A program and a person made the annotation together.",
        simulated="The annotated data were computed, and the annotation is what went into the computation.",
    ),
]
"""How an annotation was made."""

Half = Annotated[
    Literal["even", "odd"],
    Meanings(
        even="The half made from frames, images or particles with even numbers.",
        odd="The half made from frames, images or particles with odd numbers.",
    ),
]
"""Which half of the data something was made from."""


class Person(Entity):
    """Someone who contributed to a data set or an annotation."""

    orcid: str | None = term("ORCID of the person, as four groups of four characters.")
    affiliation: str | None = term("Organisation that the person works for.")


class Software(Entity):
    """A program that made or changed data."""

    version: str | None = term("Version of the software.")
    url: str | None = term("Address where the thing described can be found.")


class CrossReference(Entity):
    """An entry in another archive about the same specimen, data or result."""

    database: str | None = term(
        "Archive that holds the entry: EMPIAR, EMDB, PDB, CryoET Data Portal, DOI.", required=True
    )
    accession: str | None = term("Identifier of the entry in its archive.", required=True)
    url: str | None = term("Address where the thing described can be found.")


class DataFile(Entity):
    """One file, or one address, that holds data: of several for the same image, each in its format."""

    labels = ("distribution",)
    kind_of = "dcat:Distribution"

    path: str | None = term("Path or address of the file.", labels=("file",))
    file_size: Bytes | None = term("Size of the file, or of all files together.", minimum=0)
    checksum: str | None = term("Checksum of the file: algorithm, colon, hexadecimal digits.")
    media_type: str | None = term("Media type of the file, such as image/mrc.")
    file_format: str | None = term("Format of the file, such as MRC, OME-Zarr or TIFF.")
    half: Half | None = term("Half of the data that the file was made from, where it is not the whole.")
    role: str | None = term("What the file is for, such as alignment parameters.")


class ProcessingParameter(Entity):
    """One setting with which a program was run."""

    value_json: str | None = term("Value, as JSON text.")
    source: str | None = term("Where the value comes from: microscope log, refinement, program.")


class ProcessingCheck(Entity):
    """One test that a program made of what it read or wrote."""

    passed: bool | None = term("Whether the processing or test succeeded.")
    value_json: str | None = term("Value, as JSON text.")
    expected_json: str | None = term("Value that was expected, as JSON text.")


class Provenance(Entity):
    """How an object was made: programs, settings, files, and what was warned of or left out."""

    kind_of = "prov:Activity"

    software: list[Software] = parts("Software that made the object.", "software", relation=None)
    command: str | None = term("Command or step that was run.")
    profile_version: str | None = term("Profile whose conventions the object follows, with its version.")
    start_time: DateTime | None = term("When it began.")
    end_time: DateTime | None = term("When it ended.")
    passed: bool | None = term("Whether the processing or test succeeded.")
    parameters: list[ProcessingParameter] = parts("Setting that a program was run with.", "parameter")
    checks: list[ProcessingCheck] = parts("Test that a program made of what it read or wrote.", "check")
    artifacts: list[DataFile] = parts("File that the processing used or wrote.", "artifact")
    warnings: Texts | None = array("What the program warned of.")
    hints: Texts | None = array("What the program advised.")
    error: str | None = term("Why the processing failed.")
    dropped_information: Texts | None = array("What the source states and the result has no place for.")


class Annotation(Entity):
    """A statement about a data object: a text, a shape, points, a mask, a fitted map, or a set of these."""

    abstract = True
    asserted = True
    indexed = True

    annotated_object: str | None = term("Ontology term (CURIE or IRI) of what the annotation marks.")
    annotated_object_name: str | None = term("Name of what the annotation marks.")
    annotated_object_state: str | None = term(
        "State of what the annotation marks, for instance open or closed."
    )
    method: AnnotationMethod | None = term("How the annotation was made.")
    method_description: str | None = term("Free text about how the annotation was made.")
    ground_truth: bool | None = term("Whether the annotation is held to be ground truth.")
    curator_recommended: bool | None = term("Whether the archive's curators recommend the annotation.")
    confidence: float | None = term("Confidence in the annotation, from 0 to 1.", minimum=0, maximum=1)
    precision: float | None = term(
        "Part of what the annotation marks that is truly there, from 0 to 1.", minimum=0, maximum=1
    )
    recall: float | None = term(
        "Part of what is truly there that the annotation marks, from 0 to 1.", minimum=0, maximum=1
    )
    target_id: Reference | None = reference(
        "Object that the statement or transformation is about, if not its owner.", "DataObject"
    )
    source_region_id: Reference | None = reference(
        "Region in which the source annotation is found.", "Region", scope="DataSet"
    )
    source_tomogram_id: References = reference("Tomogram in which the annotation was made.", "Tomogram")
    authors: list[Person] = parts("Person who made the object.", "author", relation="dcterms:creator")
    software: list[Software] = parts("Software that made the object.", "software", relation=None)
    provenance: Provenance | None = part(
        "How the object was made.", "provenance", relation="prov:wasGeneratedBy"
    )
    cross_references: list[CrossReference] = parts(
        "Entry in another archive.", "cross-reference", relation="dcterms:relation"
    )


class DataObject(Entity):
    """Anything that can be annotated."""

    abstract = True

    annotations: list[SerializeAsAny[Annotation]] = parts("Statement about the object.", "annotation")
