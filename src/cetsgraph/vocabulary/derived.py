"""Terms that no field of the model stands for: those written for queries, and those withdrawn."""

from dataclasses import dataclass
from typing import Any

from cetsgraph.model.base import TermFacts
from cetsgraph.model.units import ANGSTROM, ELECTRON_PER_SQUARE_ANGSTROM, PIXELS
from cetsgraph.vocabulary.terms import Kind, Property, words_of

__all__ = ["DERIVED", "WITHDRAWN", "Withdrawn"]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A property that older versions of the ontology had, and what came in its place."""

    name: str
    successor: str
    definition: str
    domain: str

    @property
    def label(self) -> str:
        """English label."""
        return words_of(self.name)


WITHDRAWN = (
    Withdrawn(
        "specimenTemperature",
        "cryogenTemperature",
        "Temperature of the specimen before freezing. Documents gave that of the coolant under this name.",
        "Vitrification",
    ),
)
"""Properties that are no longer written; they stay in the ontology, marked as deprecated."""


def _derived(name: str, kind: Kind, definition: str, *domains: str, **more: Any) -> Property:
    return Property(name=name, field=name, kind=kind, definition=definition, domains=domains, **more)


def _extent(name: str, which: str, axis: str, centred: bool) -> Property:
    frame = (
        "in angstrom from the centre of the annotated tomogram"
        if centred
        else "as the annotation gives its numbers"
    )
    unit = ANGSTROM if centred else None
    return _derived(name, Kind.DOUBLE, f"{which} {axis} of the positions, {frame}.", "Annotation", unit=unit)


def _of_images(name: str, kind: Kind, what: str, **more: Any) -> Property:
    definition = f"{what} that images of the tilt series state, each that occurs."
    return _derived(f"image{name}", kind, definition, "TiltSeriesMicrographStack", many=True, **more)


DERIVED: tuple[Property, ...] = (
    _derived("inDataSet", Kind.IRI, "Data set that the object belongs to.", "Entity", range="DataSet"),
    _derived("inRegion", Kind.IRI, "Region that the object belongs to.", "Entity", range="Region"),
    _derived(
        "annotates",
        Kind.IRI,
        "Data object that the annotation is about.",
        "Annotation",
        range="DataObject",
        many=True,
    ),
    _derived(
        "position",
        Kind.INTEGER,
        "Place of the object in the list of the document that holds it, counted from 0; no place in space.",
        "Entity",
        facts=TermFacts(minimum=0),
        own_label="position in list",
    ),
    _derived(
        "unresolvedId", Kind.TEXT, "Id, as written, of an object that the data set does not have.", "Entity"
    ),
    _derived(
        "pointCount",
        Kind.INTEGER,
        "Number of positions that the annotation gives or, where it lists none, states.",
        "Geometry",
        facts=TermFacts(minimum=0),
    ),
    *(
        _extent(f"{prefix}{axis.upper()}", which, axis, centred=False)
        for prefix, which in (("min", "Smallest"), ("max", "Largest"))
        for axis in "xyz"
    ),
    *(
        _extent(f"centred{prefix}{axis.upper()}", which, axis, centred=True)
        for prefix, which in (("Min", "Smallest"), ("Max", "Largest"))
        for axis in "xyz"
    ),
    *(
        _derived(
            f"outside{axis.upper()}",
            Kind.DOUBLE,
            f"How far positions of the annotation are outside of its tomogram along {axis}, where they are.",
            "Annotation",
            unit=ANGSTROM,
        )
        for axis in "xyz"
    ),
    _of_images("PixelSize", Kind.DOUBLE, "Pixel size", unit=ANGSTROM),
    _of_images("Width", Kind.INTEGER, "Width", unit=PIXELS),
    _of_images("Height", Kind.INTEGER, "Height", unit=PIXELS),
    _derived(
        "imageDose",
        Kind.DOUBLE,
        "Largest accumulated dose that images of the tilt series state.",
        "TiltSeriesMicrographStack",
        unit=ELECTRON_PER_SQUARE_ANGSTROM,
    ),
    _derived(
        "statedHandedness",
        Kind.INTEGER,
        "Handedness of the defocus that the tilt series or images of it state, each that occurs.",
        "TiltSeriesMicrographStack",
        many=True,
    ),
    _derived(
        "framePixelSize",
        Kind.DOUBLE,
        "Pixel size that frames of the movie state, each that occurs.",
        "MovieStack",
        unit=ANGSTROM,
        many=True,
    ),
    _derived(
        "objectKey",
        Kind.TEXT,
        "What the annotation or label marks, as it is searched for, in normal form (NFKC, case folded): its "
        "term as a CURIE, the name of its object, its name, or its description of up to 200 characters.",
        "Annotation",
        "MaskLabel",
        many=True,
    ),
    _derived(
        "termKey",
        Kind.TEXT,
        "What names a term of an ontology kept beside the data, or a kind of it, in the normal form of "
        "objectKey: its CURIE, ids merged into it, label, exact and narrow synonyms.",
        many=True,
    ),
    _derived(
        "relatedKey",
        Kind.TEXT,
        "Broader or related synonym of a term of an ontology kept beside the data, in the normal form of "
        "objectKey.",
        many=True,
    ),
    _derived(
        "searchText",
        Kind.TEXT,
        "Name, description, annotated object and path in normal form (NFKC, case folded), one a line, where "
        "lower case alone does not give it.",
        "Entity",
    ),
    _derived(
        "textsOfObjects",
        Kind.TEXT,
        "Texts of objects of the data set that searchText is of, in that form: those of each object stand "
        "together, in one of some pieces.",
        "DataSet",
        many=True,
    ),
    _derived(
        "placementMatrices",
        Kind.ARRAY,
        "Where the map is: a 4×4 matrix per placement, for column vectors, that takes positions of the map "
        "into the tomogram, in the unit and from the origin of the annotation.",
        "FitMap",
        shape="N×4×4",
    ),
    _derived("archiveName", Kind.TEXT, "Name of the archive that the data set is kept in.", "DataSet"),
    _derived("dialect", Kind.TEXT, "Dialect of CETS in which the document was written.", "DataSet"),
    _derived("rootForm", Kind.TEXT, "What the root of the document was, in its dialect.", "DataSet"),
    _derived(
        "documentRemainder",
        Kind.TEXT,
        "What the document had that the model has no place for, and the files beside it, as JSON text.",
        "DataSet",
    ),
    _derived("sourceChecksum", Kind.TEXT, "SHA-256 of the document's file, in hexadecimal.", "DataSet"),
    _derived(
        "importer",
        Kind.TEXT,
        "Importer that made the data set of other files: name and number of its mapping, and its options.",
        "DataSet",
    ),
    _derived(
        "importedFrom",
        Kind.TEXT,
        "File or address that contributed to a data set that was imported.",
        "DataSet",
        many=True,
    ),
    _derived(
        "retrieved",
        Kind.TEXT,
        "When a data set was fetched from the archive that it is imported from.",
        "DataSet",
    ),
    _derived(
        "sourceModified",
        Kind.TEXT,
        "Day on which the archive that a data set is imported from last changed it.",
        "DataSet",
    ),
    _derived(
        "contentChecksum",
        Kind.TEXT,
        "SHA-256 of the data set's quads, sorted, and of the ontology version, in hexadecimal.",
        "DataSet",
    ),
    _derived("softwareVersion", Kind.TEXT, "Version of cetsgraph that wrote the data set.", "DataSet"),
    _derived(
        "ontologyVersion", Kind.TEXT, "Version of the ontology that the data set was written in.", "DataSet"
    ),
)
"""Properties that follow from a document and are written for queries; reading the graph passes over them."""
