"""The ontology: every class, property and unit of the model as OWL 2, in Turtle."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from cetsgraph.derive.turtle_text import PredicateObjects, block, collection, document, text
from cetsgraph.mappings import CETMD, term_matches
from cetsgraph.model import UNITS, Unit
from cetsgraph.model.base import PARTHOOD
from cetsgraph.namespaces import CETS, ONTOLOGY, prefixes
from cetsgraph.versions import ONTOLOGY_VERSION
from cetsgraph.vocabulary import WITHDRAWN, ClassTerm, Kind, Property, Vocabulary, Withdrawn

__all__ = ["DERIVED_NOTE", "RANGES", "ontology", "unit_name"]

_PREFIXES = prefixes(
    "cets", "dcat", "dcterms", "owl", "prov", "qudt", "rdf", "rdfs", "schema", "skos", "unit", "vann", "xsd"
) | {"bibo": "http://purl.org/ontology/bibo/"}

DERIVED_NOTE = "Derived from the model by `make derive`; edit the model instead."

CREATED = "2026-11-23"
MODIFIED = "2026-11-26"
PRIOR = "0.2.0"

_HOME = "https://w3id.org/cetsgraph"
_SOURCE = "https://github.com/cetsgraph/cetsgraph"
_MAINTAINERS = "The cetsgraph maintainers"

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
    ("dcat:Distribution", "owl:Class"),
    ("dcterms:creator", "owl:ObjectProperty"),
    ("dcterms:hasPart", "owl:ObjectProperty"),
    ("dcterms:isPartOf", "owl:ObjectProperty"),
    ("dcterms:relation", "owl:ObjectProperty"),
    ("prov:Activity", "owl:Class"),
    ("prov:Organization", "owl:Class"),
    ("prov:wasDerivedFrom", "owl:ObjectProperty"),
    ("prov:wasGeneratedBy", "owl:ObjectProperty"),
    ("qudt:Unit", "owl:Class"),
    ("skos:Concept", "owl:Class"),
    ("skos:ConceptScheme", "owl:Class"),
    *(
        (name, "owl:AnnotationProperty")
        for name in (
            "bibo:status",
            "dcterms:bibliographicCitation",
            "dcterms:contributor",
            "dcterms:created",
            "dcterms:description",
            "dcterms:isReplacedBy",
            "dcterms:issued",
            "dcterms:license",
            "dcterms:modified",
            "dcterms:publisher",
            "dcterms:source",
            "dcterms:title",
            "qudt:hasUnit",
            "qudt:symbol",
            "qudt:ucumCode",
            "schema:codeRepository",
            "skos:altLabel",
            "skos:definition",
            "skos:exactMatch",
            "skos:inScheme",
            "skos:notation",
            "vann:preferredNamespacePrefix",
            "vann:preferredNamespaceUri",
        )
    ),
)

RANGES = {
    Kind.TEXT: "xsd:string",
    Kind.LANGUAGE_TEXT: "rdf:PlainLiteral",
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
        block(f"<{_HOME}>", [("a", ["prov:Organization"]), ("rdfs:label", [text(_MAINTAINERS, "en")])]),
        *(block(name, [("a", [kind])]) for name, kind in _FOREIGN),
        *(_class(term, exact) for term in words.classes.values()),
        *_disjoint(words),
        *(part for prop in words.properties.values() for part in _property(prop, exact)),
        *(_withdrawn(term) for term in WITHDRAWN),
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
            ("owl:priorVersion", [f"<{ONTOLOGY}/{PRIOR}>"]),
            ("dcterms:title", [text("CETS ontology", "en")]),
            ("dcterms:description", [text(_DESCRIPTION, "en")]),
            ("dcterms:license", ["<https://creativecommons.org/licenses/by/4.0/>"]),
            ("dcterms:creator", [f"<{_HOME}>"]),
            ("dcterms:publisher", [f"<{_HOME}>"]),
            ("dcterms:contributor", [text("cetsgraph contributors")]),
            ("dcterms:created", [f'"{CREATED}"^^xsd:date']),
            ("dcterms:issued", [f'"{MODIFIED}"^^xsd:date']),
            ("dcterms:modified", [f'"{MODIFIED}"^^xsd:date']),
            ("dcterms:source", [f"<{CETMD}>"]),
            ("dcterms:bibliographicCitation", [text(_citation())]),
            ("bibo:status", ["<http://purl.org/ontology/bibo/status/draft>"]),
            ("schema:codeRepository", [f"<{_SOURCE}>"]),
            ("rdfs:seeAlso", [f"<{_HOME}/mappings>", f"<{_HOME}/context.jsonld>", f"<{_HOME}/shapes>"]),
            ("vann:preferredNamespacePrefix", [text("cets")]),
            ("vann:preferredNamespaceUri", [text(CETS)]),
            ("rdfs:comment", [text(_VERSION_POLICY, "en")]),
        ],
    )


def _citation() -> str:
    year, version = MODIFIED[:4], f"{ONTOLOGY}/{ONTOLOGY_VERSION}"
    return f"{_MAINTAINERS} ({year}). CETS ontology, version {ONTOLOGY_VERSION}. {version}"


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
        ("rdfs:subClassOf", _superclasses(term)),
        ("skos:altLabel", _alternatives(term.model.labels, term.label)),
        ("skos:exactMatch", exact.get(term.name, ())),
    )


def _superclasses(term: ClassTerm) -> list[str]:
    """The classes above, one of several where an object is of one of them, and one of another vocabulary."""
    found = [f"cets:{name}" for name in term.superclasses]
    if term.model.one_of:
        found.append(_union(term.model.one_of))
    return found + ([term.model.kind_of] if term.model.kind_of is not None else [])


def _alternatives(labels: Iterable[str], label: str) -> list[str]:
    return [text(other, "en") for other in labels if other != label]


def _property(prop: Property, exact: dict[str, list[str]]) -> Iterator[str]:
    """The property, and what goes with it: inverse, ids that dangle, order, meanings of its values."""
    relation = prop.range is not None
    yield _term(
        prop.name,
        "owl:ObjectProperty" if relation else "owl:DatatypeProperty",
        prop.label,
        prop.definition,
        ("rdfs:subPropertyOf", [prop.facts.relation] if prop.facts.relation else []),
        ("rdfs:domain", [_union(prop.domains)]),
        ("rdfs:range", [f"cets:{prop.range}" if relation else _data_range(prop)]),
        ("qudt:hasUnit", [unit_name(prop.unit)] if prop.unit else []),
        ("skos:altLabel", _alternatives(prop.facts.labels, prop.label)),
        ("skos:exactMatch", exact.get(prop.name, ())),
        ("rdfs:seeAlso", [f"cets:{_scheme(prop)}"] if prop.meanings else []),
    )
    yield from _inverse(prop)
    yield from _of_references(prop)
    if prop.meanings:
        yield from _meanings(prop)


def _inverse(prop: Property) -> Iterator[str]:
    if prop.inverse is None:
        return
    noun = prop.label.removeprefix("has ")
    yield _term(
        prop.inverse,
        "owl:ObjectProperty",
        f"is {noun} of",
        f"Object that holds this one, by the relation “{prop.label}”, of which it is the inverse.",
        ("owl:inverseOf", [f"cets:{prop.name}"]),
        ("rdfs:subPropertyOf", ["dcterms:isPartOf"] if prop.facts.relation == PARTHOOD else []),
        ("rdfs:domain", [f"cets:{prop.range}"]),
        ("rdfs:range", [_union(prop.domains)]),
    )


def _of_references(prop: Property) -> Iterator[str]:
    """What keeps ids that lead nowhere, and the order of several."""
    domain = ("rdfs:domain", [_union(prop.domains)])
    if prop.dangling is not None:
        yield _term(
            prop.dangling,
            "owl:DatatypeProperty",
            f"{prop.label} id",
            f"Id, as written, for the relation “{prop.label}”, of an object that the data set does not have.",
            ("rdfs:subPropertyOf", ["cets:unresolvedId"]),
            domain,
            ("rdfs:range", ["xsd:string"]),
        )
    if prop.order is not None:
        yield _term(
            prop.order,
            "owl:DatatypeProperty",
            f"{prop.label} order",
            f"Ids, as written, in order, for the relation “{prop.label}”, where links do not tell it.",
            domain,
            ("rdfs:range", [RANGES[Kind.ARRAY]]),
        )


def _scheme(prop: Property) -> str:
    return f"{prop.name}Values"


def _meanings(prop: Property) -> Iterator[str]:
    """What each value of an enumeration means, as a concept of a scheme."""
    scheme = _scheme(prop)
    yield _term(
        scheme,
        "owl:NamedIndividual, skos:ConceptScheme",
        f"values of {prop.label}",
        f"What the values of the property “{prop.label}” mean.",
    )
    for value, meaning in prop.meanings:
        number = isinstance(value, int)
        yield _term(
            f"{prop.name}_{str(value).replace('-', 'minus')}",
            "owl:NamedIndividual, skos:Concept",
            str(value).replace("_", " "),
            meaning,
            ("skos:inScheme", [f"cets:{scheme}"]),
            ("skos:notation", [str(value) if number else text(str(value))]),
        )


def _withdrawn(term: Withdrawn) -> str:
    return _term(
        term.name,
        "owl:DatatypeProperty",
        term.label,
        term.definition,
        ("owl:deprecated", ["true"]),
        ("dcterms:isReplacedBy", [f"cets:{term.successor}"]),
        ("rdfs:domain", [f"cets:{term.domain}"]),
        ("rdfs:range", [RANGES[Kind.DOUBLE]]),
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
    written: list[set[str]] = []
    for parent in words.classes:
        apart: list[str] = []
        for child in words.children(parent):
            below = _surely_below(words, child)
            if all(below.isdisjoint(_surely_below(words, other)) for other in apart):
                apart.append(child)
        if len(apart) > 1 and not any(set(apart) <= other for other in written):
            written.append(set(apart))
            members = collection(f"cets:{name}" for name in apart)
            yield block("[]", [("a", ["owl:AllDisjointClasses"]), ("owl:members", [members])])


def _surely_below(words: Vocabulary, name: str) -> set[str]:
    """Classes whose objects are all of the class; not those of which only some are."""
    return {below for below in words.subclasses(name) if name not in words.classes[below].model.one_of}
