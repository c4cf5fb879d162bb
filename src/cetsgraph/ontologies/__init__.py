"""Other people's ontologies beside the data (GO, CL, UBERON, NCBITaxon …), and the kinds of objects by them.

Each is a named graph of its own, by the ontology's IRI: labels, definitions, synonyms, subclasses and parts.
"""

from cetsgraph.ontologies.keeping import add, kept, remove
from cetsgraph.ontologies.kinds import ObjectKind, kinds_of
from cetsgraph.ontologies.lookup import KnownTerm, look_up
from cetsgraph.ontologies.terms import Ontology, Synonym, SynonymScope, Term

__all__ = [
    "KnownTerm",
    "ObjectKind",
    "Ontology",
    "SynonymScope",
    "Synonym",
    "Term",
    "add",
    "kept",
    "kinds_of",
    "look_up",
    "remove",
]
