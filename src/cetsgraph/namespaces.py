"""IRIs of the catalogue, and of other vocabularies that the graph is written with."""

__all__ = [
    "CATALOGUE",
    "DCTERMS",
    "OWL",
    "PROV",
    "RDFS",
    "RDF_JSON",
    "RDF_TYPE",
    "SH",
    "SKOS",
    "VOID",
    "XSD",
]

CATALOGUE = "https://w3id.org/cetsgraph/catalogue"
"""The graph that says of each data set of a store where it came from."""

XSD = "http://www.w3.org/2001/XMLSchema#"
DCTERMS = "http://purl.org/dc/terms/"
OWL = "http://www.w3.org/2002/07/owl#"
PROV = "http://www.w3.org/ns/prov#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SD = "http://www.w3.org/ns/sparql-service-description#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
VOID = "http://rdfs.org/ns/void#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDF_JSON = "http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON"
