"""Every namespace and prefix that the graph, its ontology and its shapes are written with."""

__all__ = [
    "CATALOGUE",
    "CETS",
    "DCAT",
    "DCTERMS",
    "OBO",
    "ONTOLOGY",
    "OWL",
    "PREFIXES",
    "PROV",
    "QUDT",
    "RDF",
    "RDFS",
    "RDF_JSON",
    "RDF_TYPE",
    "RULE",
    "SCHEMA_ORG",
    "SD",
    "SH",
    "SHAPES",
    "SKOS",
    "UNIT",
    "VANN",
    "VOID",
    "XSD",
    "compact",
    "prefixes",
]

ONTOLOGY = "https://w3id.org/cetsgraph/ontology"
"""The IRI of the ontology."""
CETS = f"{ONTOLOGY}#"
"""The namespace of its terms."""
CATALOGUE = "https://w3id.org/cetsgraph/catalogue"
"""The graph that says of each data set of a store where it came from."""
SHAPES = "https://w3id.org/cetsgraph/shapes#"
"""The namespace of the shapes that are derived from the model."""
RULE = "https://w3id.org/cetsgraph/rules#"
"""The namespace of the rules that depositions are judged by."""

DCAT = "http://www.w3.org/ns/dcat#"
DCTERMS = "http://purl.org/dc/terms/"
OBO = "http://purl.obolibrary.org/obo/"
OWL = "http://www.w3.org/2002/07/owl#"
PROV = "http://www.w3.org/ns/prov#"
QUDT = "http://qudt.org/schema/qudt/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA_ORG = "https://schema.org/"
SD = "http://www.w3.org/ns/sparql-service-description#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
UNIT = "http://qudt.org/vocab/unit/"
VANN = "http://purl.org/vocab/vann/"
VOID = "http://rdfs.org/ns/void#"
XSD = "http://www.w3.org/2001/XMLSchema#"

RDF_TYPE = f"{RDF}type"
RDF_JSON = f"{RDF}JSON"

PREFIXES = {
    "cets": CETS,
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "owl": OWL,
    "prov": PROV,
    "qudt": QUDT,
    "rdf": RDF,
    "rdfs": RDFS,
    "rule": RULE,
    "schema": SCHEMA_ORG,
    "sd": SD,
    "sh": SH,
    "shape": SHAPES,
    "skos": SKOS,
    "unit": UNIT,
    "vann": VANN,
    "void": VOID,
    "xsd": XSD,
}
"""The prefix of each namespace, the same in every file that is written."""


def prefixes(*names: str) -> dict[str, str]:
    """Some of the prefixes, in the order given.

    >>> prefixes("xsd")
    {'xsd': 'http://www.w3.org/2001/XMLSchema#'}
    """
    return {name: PREFIXES[name] for name in names}


def compact(iri: str) -> str:
    """An IRI as a prefixed name, if it is in one of the namespaces.

    >>> compact("https://w3id.org/cetsgraph/ontology#name"), compact("https://example.org/name")
    ('cets:name', 'https://example.org/name')
    """
    for name, namespace in PREFIXES.items():
        if iri.startswith(namespace):
            return f"{name}:{iri.removeprefix(namespace)}"
    return iri
