"""The ontology: every class, property and unit of the model as OWL 2, in Turtle."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from cetsgraph.derive.turtle_text import PredicateObjects, block, collection, document, text
from cetsgraph.mappings import CETMD, term_matches
from cetsgraph.model import UNITS, Unit
from cetsgraph.namespaces import CETS, ONTOLOGY, prefixes
from cetsgraph.versions import ONTOLOGY_VERSION
from cetsgraph.vocabulary import ClassTerm, Kind, Property, Vocabulary

__all__ = ["DERIVED_NOTE", "RANGES", "ontology", "unit_name"]

_PREFIXES = prefixes("cets", "dcterms", "owl", "qudt", "rdf", "rdfs", "skos", "unit", "vann", "xsd")

DERIVED_NOTE = "Derived from the model by `make derive`; edit the model instead."

CREATED = MODIFIED = "2026-11-23"

_DESCRIPTION = (
    "Terms for what a cryo-electron tomography experiment produced: images, how they were aligned and "
    "reconstructed, and what people marked in them, after the Cryo-Electron Tomography Standard (CETS)."
)
_VERSION_POLICY = (
    "Versions are MAJOR.MINOR.PATCH. A term keeps its IRI and its meaning: MAJOR grows when a term is "
    "withdrawn or its meaning, range or unit changes, MINOR when terms are added, PATCH when only labels, "
    "definitions or mappings are worded better; before 1.0.0, MINOR may do what MAJOR does later. A "
    "withdrawn term stays, marked owl:deprecated, with dcterms:isReplacedBy where it has a successor. The "
    "ontology IRI leads to the newest version, a version IRI to that version for good."
)

_FOREIGN = (
    ("dcterms:hasPart", "owl:ObjectProperty"),
    ("dcterms:isPartOf", "owl:ObjectProperty"),
    ("qudt:Unit", "owl:Class"),
    *(
        (name, "owl:AnnotationProperty")
        for name in (
            "dcterms:created",
            "dcterms:creator",
            "dcterms:description",
            "dcterms:license",
            "dcterms:modified",
            "dcterms:title",
            "qudt:hasUnit",
            "qudt:symbol",
            "qudt:ucumCode",
            "skos:altLabel",
            "skos:definition",
            "skos:exactMatch",
            "vann:preferredNamespacePrefix",
            "vann:preferredNamespaceUri",
        )
    ),
)

RANGES = {
    Kind.TEXT: "xsd:string",
    Kind.INTEGER: "xsd:integer",
    Kind.DOUBLE: "xsd:double",
    Kind.BOOLEAN: "xsd:boolean",
    Kind.DATE: "xsd:date",
    Kind.DATETIME: "xsd:dateTime",
    Kind.ARRAY: "rdf:JSON",
}


def ontology(words: Vocabulary) -> bytes:
    """The ontology in Turtle, with the exact matches among the terms of cets-data-model."""
    exact = _exact_matches()
    blocks = (
        _header(),
        *(block(name, [("a", [kind])]) for name, kind in _FOREIGN),
        *(_class(term, exact) for term in words.classes.values()),
        *_disjoint(words),
        *(part for prop in words.properties.values() for part in _property(prop, exact)),
        *(_unit(unit) for unit in UNITS if unit.qudt is None),
    )
    return document(DERIVED_NOTE, _PREFIXES, blocks)


def unit_name(unit: Unit) -> str:
    """A unit as a prefixed name: QUDT's, or ours where QUDT has none."""
    own = "".join(word.capitalize() for word in unit.name.split())
    return f"unit:{unit.qudt}" if unit.qudt else f"cets:{own}"


def _exact_matches() -> dict[str, list[str]]:
    """IRIs of the terms of cets-data-model by the local name of ours."""
    found: dict[str, list[str]] = defaultdict(list)
    for match in term_matches():
        if match.predicate == "skos:exactMatch" and match.target.startswith(CETMD):
            found[match.name].append(f"<{match.target}>")
    return found


def _header() -> str:
    return block(
        f"<{ONTOLOGY}>",
        [
            ("a", ["owl:Ontology"]),
            ("owl:versionIRI", [f"<{ONTOLOGY}/{ONTOLOGY_VERSION}>"]),
            ("owl:versionInfo", [text(ONTOLOGY_VERSION)]),
            ("dcterms:title", [text("CETS ontology", "en")]),
            ("dcterms:description", [text(_DESCRIPTION, "en")]),
            ("dcterms:license", ["<https://creativecommons.org/licenses/by/4.0/>"]),
            ("dcterms:creator", [text("cetsgraph contributors")]),
            ("dcterms:created", [f'"{CREATED}"^^xsd:date']),
            ("dcterms:modified", [f'"{MODIFIED}"^^xsd:date']),
            ("vann:preferredNamespacePrefix", [text("cets")]),
            ("vann:preferredNamespaceUri", [text(CETS)]),
            ("rdfs:comment", [text(_VERSION_POLICY, "en")]),
        ],
    )


def _term(name: str, kind: str, label: str, definition: str, *more: PredicateObjects) -> str:
    return block(
        f"cets:{name}",
        [
            ("a", [kind]),
            ("rdfs:label", [text(label, "en")]),
            ("skos:definition", [text(definition, "en")]),
            ("rdfs:comment", [text(definition, "en")]),
            ("rdfs:isDefinedBy", [f"<{ONTOLOGY}>"]),
            *more,
        ],
    )


def _class(term: ClassTerm, exact: dict[str, list[str]]) -> str:
    return _term(
        term.name,
        "owl:Class",
        term.label,
        term.definition,
        ("rdfs:subClassOf", [f"cets:{parent}" for parent in term.parents]),
        ("skos:altLabel", _alternatives(term.model.labels, term.label)),
        ("skos:exactMatch", exact.get(term.name, ())),
    )


def _alternatives(labels: Iterable[str], label: str) -> list[str]:
    return [text(other, "en") for other in labels if other != label]


def _property(prop: Property, exact: dict[str, list[str]]) -> Iterator[str]:
    """The property, and what goes with it: an inverse, or the property for ids that dangle."""
    relation = prop.range is not None
    contains = prop.kind is Kind.PART
    yield _term(
        prop.name,
        "owl:ObjectProperty" if relation else "owl:DatatypeProperty",
        prop.label,
        prop.definition,
        ("rdfs:subPropertyOf", ["dcterms:hasPart"] if contains else []),
        ("rdfs:domain", [_union(prop.domains)]),
        ("rdfs:range", [f"cets:{prop.range}" if relation else _data_range(prop)]),
        ("qudt:hasUnit", [unit_name(prop.unit)] if prop.unit else []),
        ("skos:altLabel", _alternatives(prop.facts.labels, prop.label)),
        ("skos:exactMatch", exact.get(prop.name, ())),
    )
    if prop.inverse is not None:
        noun = prop.label.removeprefix("has ")
        yield _term(
            prop.inverse,
            "owl:ObjectProperty",
            f"is {noun} of",
            f"Object that this one is a part of, by the relation “{prop.label}”, of which it is the inverse.",
            ("owl:inverseOf", [f"cets:{prop.name}"]),
            ("rdfs:subPropertyOf", ["dcterms:isPartOf"]),
            ("rdfs:domain", [f"cets:{prop.range}"]),
            ("rdfs:range", [_union(prop.domains)]),
        )
    if prop.dangling is not None:
        yield _term(
            prop.dangling,
            "owl:DatatypeProperty",
            f"{prop.label} id",
            f"Id, as written, for the relation “{prop.label}”, of an object that the data set does not have.",
            ("rdfs:subPropertyOf", ["cets:unresolvedId"]),
            ("rdfs:domain", [_union(prop.domains)]),
            ("rdfs:range", ["xsd:string"]),
        )


def _union(names: Iterable[str]) -> str:
    classes = [f"cets:{name}" for name in names]
    return classes[0] if len(classes) == 1 else f"[ a owl:Class ; owl:unionOf {collection(classes)} ]"


def _data_range(prop: Property) -> str:
    if not prop.values:
        return RANGES[prop.kind]
    values = (str(value) if isinstance(value, int) else text(value) for value in prop.values)
    return f"[ a rdfs:Datatype ; owl:oneOf {collection(values)} ]"


def _unit(unit: Unit) -> str:
    return _term(
        unit_name(unit).removeprefix("cets:"),
        "owl:NamedIndividual, qudt:Unit",
        unit.name,
        f"Unit of measurement {unit.symbol}, which QUDT does not have.",
        ("qudt:symbol", [text(unit.symbol)]),
        ("qudt:ucumCode", [text(unit.ucum)]),
    )


def _disjoint(words: Vocabulary) -> Iterator[str]:
    """For each class, those of its subclasses of which no object can have two."""
    children: dict[str, list[str]] = defaultdict(list)
    for term in words.classes.values():
        for parent in term.parents:
            children[parent].append(term.name)
    written: list[set[str]] = []
    for parent in words.classes:
        apart: list[str] = []
        for child in children[parent]:
            below = set(words.subclasses(child))
            if all(below.isdisjoint(words.subclasses(other)) for other in apart):
                apart.append(child)
        if len(apart) > 1 and not any(set(apart) <= other for other in written):
            written.append(set(apart))
            members = collection(f"cets:{name}" for name in apart)
            yield block("[]", [("a", ["owl:AllDisjointClasses"]), ("owl:members", [members])])
