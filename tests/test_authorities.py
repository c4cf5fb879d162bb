"""What a text names has the IRI of its authority, however it is written; what is uncertain has none."""

import pytest

from cetsgraph.authorities import (
    doi_iri,
    entry_iri,
    file_iri,
    licence_iri,
    person_iri,
    taxon_iri,
    term_iri,
)

OBO = "http://purl.obolibrary.org/obo"
TERMS = {
    f"{OBO}/GO_0005840": """GO:0005840 go:0005840 GO_0005840 obo:GO_0005840 https://identifiers.org/GO:0005840/
        identifiers.org/go/GO:0005840 https://bioregistry.io/go:0005840 http://amigo.geneontology.org/amigo/term/GO:0005840
        https://www.ebi.ac.uk/QuickGO/term/GO:0005840 https://purl.obolibrary.org/obo/GO_0005840
        http://purl.obolibrary.org/obo/GO_0005840/ GO:0005840. <http://purl.obolibrary.org/obo/GO_0005840>
        https://www.ebi.ac.uk/ols4/ontologies/go/classes/http%253A%252F%252Fpurl.obolibrary.org%252Fobo%252FGO_0005840?lang=en
        https://www.ebi.ac.uk/ols/ontologies/go/terms?iri=http%3A%2F%2Fpurl.obolibrary.org%2Fobo%2FGO_0005840&viewMode=All
        https://bioportal.bioontology.org/ontologies/GO/?p=classes&conceptid=http%3A%2F%2Fpurl.obolibrary.org%2Fobo%2FGO_0005840
        https://ontobee.org/ontology/GO?iri=http://purl.obolibrary.org/obo/GO_0005840""",
    f"{OBO}/NCBITaxon_9606": """NCBITaxon:9606 NCBITaxon_9606 taxonomy:9606
        https://www.ncbi.nlm.nih.gov/Taxonomy/Browser/wwwtax.cgi?id=9606
        https://www.ncbi.nlm.nih.gov/Taxonomy/Browser/wwwtax.cgi?mode=Info&id=9606
        https://www.ncbi.nlm.nih.gov/datasets/taxonomy/9606/""",
    f"{OBO}/CHEBI_15377": """CHEBI:15377 CHEBI:CHEBI:15377 https://www.ebi.ac.uk/chebi/CHEBI:15377
        https://www.ebi.ac.uk/chebi/searchId.do?chebiId=CHEBI:15377""",
    "http://www.wikidata.org/entity/Q42": "Wikidata:Q42 https://www.wikidata.org/wiki/Q42#sitelinks-wikipedia",
    "https://www.ebi.ac.uk/ols4/ontologies/go": "https://www.ebi.ac.uk/ols4/ontologies/go",
    "http://purl.uniprot.org/uniprot/P04591": """UniProtKB:P04591 https://www.uniprot.org/uniprotkb/P04591
        https://rest.uniprot.org/uniprotkb/P04591 https://www.uniprot.org/uniprotkb/P04591/entry#sequences
        uniprot:p04591 https://www.uniprot.org/uniprotkb/P04591/entry""",
    "https://www.rcsb.org/structure/6VXX": "PDB:6vxx https://www.rcsb.org/structure/6vxx",
    "https://example.org/terms#a": "https://example.org/terms#a",
    None: "GO:58 GO:000584\u0660 ribosome http:// http://[ javascript:alert(1) file:///etc a:b GO:0005840>",
}
PEOPLE = {
    "https://orcid.org/0000-0002-1825-0097": """0000-0002-1825-0097 https://orcid.org/0000-0002-1825-0097
        http://www.orcid.org/0000-0002-1825-0097/ orcid.org/0000-0002-1825-0097 ORCID:0000-0002-1825-0097
        0000000218250097 0000-0002-1825-0097. https://orcid.org/0000-0002-1825-0097?lang=en
        <https://orcid.org/0000-0002-1825-0097> https://identifiers.org/orcid:0000-0002-1825-0097
        0000\u20110002\u20111825\u20110097""",
    "https://orcid.org/0000-0002-1694-233X": "0000-0002-1694-233x",
    None: "0000-0002-1825-0098 \u0660\u0660\u0660\u0660-0002-1825-0097 http://example.org/0000-0002-1825-0097",
}
LICENCES = {
    "https://creativecommons.org/licenses/by/4.0/": """CC-BY-4.0 cc-by-4.0 http://creativecommons.org/licenses/by/4.0
        https://creativecommons.org/licenses/by/4.0/legalcode creativecommons.org/licenses/by/4.0/deed.en
        https://spdx.org/licenses/CC-BY-4.0.html""",
    "https://creativecommons.org/publicdomain/zero/1.0/": """CC0 CC0-1.0
        http://creativecommons.org/publicdomain/zero/1.0/""",
    "https://spdx.org/licenses/Apache-2.0": "Apache-2.0 apache-2.0 https://spdx.org/licenses/Apache-2.0",
    "https://spdx.org/licenses/MIT": "MIT mit",
    "https://example.org/terms-of-use": "https://example.org/terms-of-use",
    None: "EMPIAR-10164 covid-19 CC-BY-9.9 LicenseRef-ours none proprietary http://",
}
DOIS = {
    "https://doi.org/10.1126/science.aaf9620": """10.1126/science.aaf9620 doi:10.1126/science.aaf9620
        doi.org/10.1126/science.aaf9620 http://dx.doi.org/10.1126/science.aaf9620/
        info:doi/10.1126/science.aaf9620 10.1126/science.aaf9620. <https://doi.org/10.1126/science.aaf9620> https://doi.org/10.1126/science.aaf9620?cookieSet=1#abstract""",
    "https://doi.org/10.1002/(SICI)1097(199823)43:4%3C338::AID-JBM16%3E3.0.CO;2-B": """
        10.1002/(SICI)1097(199823)43:4<338::AID-JBM16>3.0.CO;2-B
        https://doi.org/10.1002/(SICI)1097(199823)43:4%3C338::AID-JBM16%3E3.0.CO;2-B""",
    "https://doi.org/10.1000/a%23b": "10.1000/a#b",
    None: "science.aaf9620 10.1000/ 10.1/x",
}
ENTRIES = {
    "https://www.ebi.ac.uk/empiar/EMPIAR-10164/": [
        *("EMPIAR|EMPIAR-10164", "empiar|10164", "EMPIAR|EMPIAR 10164", "EMPIAR|10.6019/EMPIAR-10164"),
        *("EMPIAR|https://www.ebi.ac.uk/empiar/EMPIAR-10164", "EMPIAR|https://doi.org/10.6019/EMPIAR-10164"),
        "EMPIAR|http://www.ebi.ac.uk/pdbe/emdb/empiar/entry/10164/",
        *(
            "EMPIAR|<https://www.ebi.ac.uk/empiar/EMPIAR-10164/>",
            "EMPIAR|https://www.ebi.ac.uk/empiar/EMPIAR-10164/#",
        ),
    ],
    "https://www.ebi.ac.uk/emdb/EMD-3782": [
        *("EMDB|EMD-3782", "EMD|emd_3782", "EMDB|EMDB:EMD-3782", "emdb|3782"),
        *("EMDB|EMD-3782.", "EMDB|EMD 3782", "EMDB|https://www.ebi.ac.uk/emdb/EMD-3782?tab=overview"),
        *("EMDB|https://www.ebi.ac.uk/emdb/EMD-3782", "EMDB|www.ebi.ac.uk/pdbe/entry/emdb/EMD-3782"),
    ],
    "https://www.rcsb.org/structure/6VXX": [
        *("PDB|6vxx", "wwPDB|pdb_00006vxx", "RCSB PDB|PDB-6VXX", "PDB|10.2210/pdb6vxx/pdb"),
        *("PDBe|https://www.ebi.ac.uk/pdbe/entry/pdb/6vxx", "PDB|https://www.rcsb.org/structure/6VXX/"),
        *(
            "PDB|PDB ID 6VXX",
            "PDB|https://www.rcsb.org/structure/pdb_00006vxx",
            "PDB|pdbj.org/mine/summary/6vxx",
        ),
    ],
    "https://doi.org/10.2210/pdb_10001xyz/pdb": ["PDB|pdb_10001xyz", "PDB|PDB_10001XYZ"],
    "https://ror.org/04d836q62": ["ROR|04d836q62", "ROR|https://ror.org/04d836q62", "ROR|ror.org/04d836q62/"],
    "https://pubmed.ncbi.nlm.nih.gov/12345678/": [
        *("PubMed|12345678", "pubmed|PMID:12345678", "PMID|https://www.ncbi.nlm.nih.gov/pubmed/12345678"),
    ],
    "https://cryoetdataportal.czscience.com/datasets/10445": [
        *("CryoET Data Portal|DS-10445", "CZ CryoET Data Portal|10445"),
        "CryoET Data Portal|https://cryoetdataportal.czscience.com/datasets/10445/",
        "CryoET Data Portal|https://cryoetdataportal.czscience.com/datasets/10445?object=ribosome",
    ],
    "https://doi.org/10.1126/science.aaf9620": [
        *("DOI|https://dx.doi.org/10.1126/science.aaf9620", "bioRxiv|10.1126/science.aaf9620"),
    ],
    "https://scicrunch.org/resolver/RRID:AB_2556542": ["RRID|RRID: AB_2556542"],
    None: [
        *("EMPIAR|EMPIAR-1", "EMDB|EMD-123456", "EMDB|EMD-3782, EMD-3783", "PDB|6VXX 6VYB", "PDB|VXX6", "|"),
        *("EMPIAR|https://www.ebi.ac.uk/emdb/EMD-3782", "unheard of|1"),
    ],
}


@pytest.mark.parametrize(
    ("make", "table"),
    [(term_iri, TERMS), (person_iri, PEOPLE), (licence_iri, LICENCES), (doi_iri, DOIS)],
)
def test_every_spelling_has_the_iri_of_the_authority(make: object, table: dict[str | None, str]) -> None:
    assert callable(make)
    for expected, spellings in table.items():
        found = {spelling: make(f" {spelling}\n") for spelling in spellings.split()}
        assert found == dict.fromkeys(found, expected)


@pytest.mark.parametrize(
    ("licence", "iri"),
    [
        ("CC BY-NC-SA 4.0", "https://creativecommons.org/licenses/by-nc-sa/4.0/"),
        ("CC0 1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("Creative Commons Zero v1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/"),
        (
            "Creative Commons Attribution-NonCommercial 4.0 International.",
            "https://creativecommons.org/licenses/by-nc/4.0/",
        ),
        ("Apache 2.0", "https://spdx.org/licenses/Apache-2.0"),
        ("Apache License, Version 2.0", "https://spdx.org/licenses/Apache-2.0"),
        ("The MIT License", "https://spdx.org/licenses/MIT"),
        ("SPDX:MIT", "https://spdx.org/licenses/MIT"),
        ("MIT OR Apache-2.0", None),
        ("all rights reserved", None),
    ],
)
def test_licences_are_known_with_spaces(licence: str, iri: str | None) -> None:
    assert licence_iri(licence) == iri


def test_every_spelling_of_an_entry_has_the_iri_of_its_archive() -> None:
    for expected, entries in ENTRIES.items():
        found = {entry: entry_iri(*entry.split("|")) for entry in entries}
        assert found == dict.fromkeys(found, expected)


def test_taxa_have_numbers_above_zero() -> None:
    assert [taxon_iri(number) for number in (9606, 0, -1)] == [f"{OBO}/NCBITaxon_9606", None, None]


def test_an_address_of_a_file_has_a_host() -> None:
    assert [file_iri(path) for path in ("https://", "ftp:///a.mrc", "HTTPS://example.org/a.mrc")] == [
        *(None, None),
        "HTTPS://example.org/a.mrc",
    ]


def test_a_long_text_is_no_term_and_costs_little() -> None:
    """Judged by each of its beginnings, this one would take an hour."""
    assert term_iri("x" * 5_000_000) is None
