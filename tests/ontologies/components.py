"""An ontology of some hundred cellular components, in each format as the files of GO and its kin write it.

Ids of ribosomes are those of GO; the rest is made up, with as many levels as GO has. Beside it, names of
objects in data, and what has to be found of them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

IRI = "http://purl.obolibrary.org/obo/components.owl"
_OBO = "http://purl.obolibrary.org/obo/"
_IN_OWL = "http://www.geneontology.org/formats/oboInOwl#"


@dataclass(frozen=True)
class Component:
    """A term; relations and successors are ids, divided by spaces, synonyms are divided by `|`."""

    id: str
    name: str
    is_a: str = ""
    part_of: str = ""
    alt: str = ""
    exact: str = ""
    narrow: str = ""
    related: str = ""
    replaced_by: str = ""
    consider: str = ""
    obsolete: bool = False

    @property
    def synonyms(self) -> Iterator[tuple[str, str]]:
        for scope in ("exact", "narrow", "related"):
            yield from ((scope, text) for text in getattr(self, scope).split("|") if text)


_WRITTEN = [
    Component("GO:0005840", "ribosome", alt="GO:0033279", narrow="free ribosome", related="ribosomal RNA"),
    Component("GO:0000313", "organellar ribosome", is_a="GO:0005840"),
    Component(
        "GO:0022626",
        "cytosolic ribosome",
        is_a="GO:0005840",
        part_of="GO:0005829",
        alt="GO:0005830 GO:0009281",
        exact="70S ribosome",
    ),
    Component(
        "GO:0005761", "mitochondrial ribosome", is_a="GO:0000313", part_of="GO:0005739", exact="mitoribosome"
    ),
    Component("GO:0009547", "plastid ribosome", is_a="GO:0000313", narrow="chloroplast ribosome"),
    Component("GO:0015934", "large ribosomal subunit", part_of="GO:0005840", exact="50S-subunit"),
    Component("GO:0005739", "mitochondrion", exact="mitochondria"),
    Component("GO:0005829", "cytosol"),
    Component(
        "GO:0030529",
        "obsolete intracellular ribonucleoprotein complex",
        replaced_by="GO:0044445",
        obsolete=True,
    ),
    Component("GO:0044445", "obsolete cytosolic part", replaced_by="GO:0022626", obsolete=True),
    Component("GO:0000005", "obsolete particle of Palade", consider="GO:0005840 GO:0005739", obsolete=True),
    Component("GO:0030136", "clathrin-coated vesicle", is_a="GO:0030135"),
    Component("GO:0030135", "coated vesicle", exact="clathrin/COPI vesicle"),
    Component("GO:0019028", "viral capsid", exact="virus capsid|capsid of the virus", related="nucleocapsid"),
    Component("GO:0098003", "viral body", exact="Körperchen|virus"),
    Component("GO:0000502", "proteasome complex", exact="26S proteasome"),
    Component("GO:0005814", "crista"),
    Component("GO:0005634", "nucleus"),
    Component("GO:0005874", "microtubule", exact="γ-tubule"),
]
_LEVELS = [
    Component(f"GO:1{level:06}", f"filament of level {level}", is_a=f"GO:1{level - 1:06}" if level else "")
    for level in range(40)
]
_OTHERS = [
    Component(f"GO:2{number:06}", f"complex number {number}", is_a="GO:0000502", exact=f"cpx-{number}")
    for number in range(100)
]
COMPONENTS = [*_WRITTEN, *_LEVELS, *_OTHERS]


def obo() -> bytes:
    lines = ["format-version: 1.2", "data-version: releases/2025-02-06", "ontology: components"]
    for one in COMPONENTS:
        lines += ["", "[Term]", f"id: {one.id}", f"name: {one.name}"]
        lines += [f"alt_id: {other}" for other in one.alt.split()]
        lines += [f'synonym: "{text}" {scope.upper()} []' for scope, text in one.synonyms]
        lines += [f"is_a: {other} ! above" for other in one.is_a.split()]
        lines += [f"relationship: part_of {other}" for other in one.part_of.split()]
        lines += ["is_obsolete: true"] * one.obsolete
        lines += [f"replaced_by: {other}" for other in one.replaced_by.split()]
        lines += [f"consider: {other}" for other in one.consider.split()]
    return ("\n".join(lines) + "\n\n[Typedef]\nid: part_of\nname: part of\nxref: BFO:0000050\n").encode()


def obo_graph(*, curies: bool = False) -> bytes:
    """As GO writes it; with CURIEs in place of IRIs, which the form allows."""

    def iri(identifier: str) -> str:
        return identifier if curies else _iri(identifier)

    def values(one: Component) -> Iterator[dict[str, str]]:
        for other in one.alt.split():
            yield {"pred": f"{_IN_OWL}hasAlternativeId", "val": other}
        for other in one.replaced_by.split():
            yield {"pred": f"{_OBO}IAO_0100001", "val": iri(other)}
        for other in one.consider.split():
            yield {"pred": f"{_IN_OWL}consider", "val": other}

    nodes = [
        {
            "id": iri(one.id),
            "lbl": one.name,
            "type": "CLASS",
            "meta": {
                "synonyms": [
                    {"pred": f"has{scope.capitalize()}Synonym", "val": text} for scope, text in one.synonyms
                ],
                "basicPropertyValues": [*values(one)],
                **({"deprecated": True} if one.obsolete else {}),
            },
        }
        for one in COMPONENTS
    ]
    part = "BFO:0000050" if curies else f"{_OBO}BFO_0000050"
    edges = [
        {"sub": iri(one.id), "pred": relation, "obj": iri(other)}
        for one in COMPONENTS
        for relation, others in (("is_a", one.is_a), (part, one.part_of))
        for other in others.split()
    ]
    meta = {"version": "releases/2025-02-06"}
    return json.dumps({"graphs": [{"id": IRI, "meta": meta, "nodes": nodes, "edges": edges}]}).encode()


def owl() -> bytes:
    """Merged terms are deprecated classes, and successors are texts or IRIs, as releases have had it."""
    some = "owl:Restriction ; owl:onProperty obo:BFO_0000050 ; owl:someValuesFrom"
    lines = [
        f"@prefix obo: <{_OBO}> .",
        f"@prefix in: <{_IN_OWL}> .",
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .",
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .",
        f'<{IRI}> a owl:Ontology ; owl:versionInfo "releases/2025-02-06" .',
    ]
    for one in COMPONENTS:
        subject = _prefixed(one.id)
        said = chain(
            [f'a owl:Class ; rdfs:label "{one.name}"'],
            (f'in:hasAlternativeId "{other}"' for other in one.alt.split()),
            (f'in:has{scope.capitalize()}Synonym "{text}"' for scope, text in one.synonyms),
            (f"rdfs:subClassOf {_prefixed(other)}" for other in one.is_a.split()),
            (f"rdfs:subClassOf [ a {some} {_prefixed(other)} ]" for other in one.part_of.split()),
            ["owl:deprecated true"] * one.obsolete,
            (f'obo:IAO_0100001 "{other}"' for other in one.replaced_by.split()),
            (f"in:consider {_prefixed(other)}" for other in one.consider.split()),
        )
        lines += [f"{subject} {' ; '.join(said)} ."]
        lines += [
            f"{_prefixed(other)} a owl:Class ; owl:deprecated true ; obo:IAO_0100001 {subject} ."
            for other in one.alt.split()
        ]
    return ("\n".join(lines) + "\n").encode()


def _iri(identifier: str) -> str:
    return _OBO + identifier.replace(":", "_")


def _prefixed(identifier: str) -> str:
    return f"obo:{identifier.replace(':', '_')}"


CYTOSOLIC = {"GO:0022626", "GO:0009281", "GO_0030529", "intracellular ribonucleoprotein complex"}
MITOCHONDRIAL = {"Mitochondrial Ribosomes", "mitoribosome"}
PLASTID = {"chloroplast  ribosome"}
SUBUNITS = {"50s-subunits"}
RIBOSOMES = {"GO:0033279", "http://purl.obolibrary.org/obo/GO_0005840", "GO:0000005"}
VIRUSES = {"viruses", "KÖRPERCHEN"}
VESICLES = {"Clathrin-coated vesicles", "clathrin\u2011coated vesicle"}
PROTEASOMES = {"proteasome complexes"}
OTHERS = {"60S", "virus capsids", "mitochondria", "cristae", "nuclei", "cpx-7", "filament of level 39"}
ANNOTATED = [
    *(CYTOSOLIC | MITOCHONDRIAL | PLASTID | SUBUNITS | RIBOSOMES | VIRUSES | VESICLES | PROTEASOMES | OTHERS),
    "\u03b3-Tubules",
]

EVERY_RIBOSOME = {
    "cytosolic ribosome": CYTOSOLIC,
    "mitochondrial ribosome": MITOCHONDRIAL,
    "plastid ribosome": PLASTID,
    "large ribosomal subunit": SUBUNITS,
    "ribosome": RIBOSOMES,
}
FOUND: dict[tuple[str, ...], dict[str | None, set[str]]] = {
    (
        "GO:0005840",
        "go:0005840",
        " GO_0005840 ",
        "obo:GO_0005840",
        "https://purl.obolibrary.org/obo/GO_0005840",
    ): {**EVERY_RIBOSOME},
    ("ribosome", "RIBOSOMES", "Free  Ribosome", "GO:0033279", "ribosomal RNA"): {**EVERY_RIBOSOME},
    ("GO:0000005", "particle of Palade", "obsolete particle of Palade"): {
        **EVERY_RIBOSOME,
        "mitochondrion": {"mitochondria", "GO:0000005"},
    },
    ("GO:0022626", "cytosolic ribosomes", "70s RIBOSOME", "GO:0005830", "GO:0044445", "GO_0030529"): {
        "cytosolic ribosome": CYTOSOLIC
    },
    ("organellar ribosome",): {"mitochondrial ribosome": MITOCHONDRIAL, "plastid ribosome": PLASTID},
    ("mitochondria", "Mitochondrion"): {
        "mitochondrial ribosome": MITOCHONDRIAL,
        "mitochondrion": {"mitochondria", "GO:0000005"},
    },
    ("virus", "Viruses", "viral bodies", "körperchen"): {"viral body": VIRUSES},
    ("coated vesicle", "clathrin-coated vesicles", "Clathrin\u2010coated vesicle"): {
        "clathrin-coated vesicle": VESICLES
    },
    ("cristae", "Crista"): {"crista": {"cristae"}},
    ("nuclei", "nucleus"): {"nucleus": {"nuclei"}},
    ("capsid of the virus", "nucleocapsids"): {"viral capsid": {"virus capsids"}},
    ("26S proteasomes",): {"complex number 7": {"cpx-7"}, "proteasome complex": PROTEASOMES},
    ("filament of level 0",): {"filament of level 39": {"filament of level 39"}},
    ("\u0393-TUBULE", "microtubules"): {"microtubule": {"\u03b3-Tubules"}},
    ("60s",): {None: {"60S"}},
}
"""By spellings of what is asked for: names in the data by the label of the term that they are of."""


def annotated() -> bytes:
    """A tomogram for each name of an object, called by it; names are composed."""
    tomograms = [
        {
            "id": text,
            "annotations": [{"type": "PointSet", "id": "a", _field(text): text, "coordinates": [[1, 2, 3]]}],
        }
        for text in ANNOTATED
    ]
    sets = [{"tomogram_sets": [{"tomograms": tomograms}]}]
    return json.dumps({"name": "cells", "regions": [{"id": "r", "tomo_image_sets": sets}]}).encode()


def _field(text: str) -> str:
    return "annotated_object" if text.startswith(("GO", "http")) else "annotated_object_name"
