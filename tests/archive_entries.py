"""How people write the entries of other archives, for what joins data sets by them."""

__all__ = ["CALLED", "SPELLINGS"]

# database and accession of one data set, those of another, and whether they are the same entry
SPELLINGS = [
    ("EMPIAR", "EMPIAR-10164", "empiar", "10164", True),
    ("EMPIAR", "EMPIAR-10164", "EMPIAR", "10.6019/EMPIAR-10164", True),
    ("EMPIAR", "EMPIAR-10164", "EMPIAR", "empiar:10164", True),
    ("EMPIAR", "10164", "EMPIAR", "https://www.ebi.ac.uk/empiar/EMPIAR-10164/", True),
    ("EMPIAR", "EMPIAR-10164", "EMPIAR", "EMPIAR-1016", False),
    ("EMPIAR", "3782", "EMDB", "3782", False),
    ("EMDB", "EMD-3782", "EMDB", "emd-3782", True),
    ("EMDB", "EMD-3782", "EMDB", "EMD_3782", True),
    ("EMDB", "EMD-3782", "EMDB", "https://www.ebi.ac.uk/emdb/EMD-3782/", True),
    ("PDB", "5L93", "PDB", "pdb_00005l93", True),
    ("PDB", "5L93", "pdb", "https://www.ebi.ac.uk/pdbe/entry/pdb/5l93", True),
    ("EMDB", "EMD-3782", "EMD", "EMDB:EMD-3782", True),
    ("EMDB", "EMD 3782.", "EMDB", "https://www.ebi.ac.uk/emdb/EMD-3782?tab=overview", True),
    ("EMDB", "EMD-3782", "EMPIAR", "3782", False),
    ("EMPIAR", "EMPIAR_10164", "empiar", "<https://www.ebi.ac.uk/empiar/EMPIAR-10164/#>", True),
    ("EMPIAR", "10164", "DOI", "info:doi/10.6019/EMPIAR-10164", True),
    ("PDB", "5L93", "RCSB PDB", "PDB ID 5L93", True),
    ("wwPDB", "pdb_00005l93", "PDBe", "https://www.ebi.ac.uk/pdbe/entry/pdb/5l93", True),
    ("DOI", "10.6019/EMPIAR-10164", "EMPIAR", "EMPIAR-10164", True),
    ("DOI", "https://doi.org/10.2210/pdb5l93/pdb", "PDB", "5L93", True),
    ("DOI", "10.1126/science.aaf9620", "DOI", "10.1126/science.aaf9620", False),  # a paper
    ("CryoET Data Portal", "DS-10445", "cryoet data portal", "10445", True),
    (
        "CryoET Data Portal",
        "10445",
        "CryoET Data Portal",
        "https://cryoetdataportal.czscience.com/datasets/10445",
        True,
    ),
    (
        "CryoET Data Portal",
        "10445",
        "CryoET Data Portal",
        "https://cryoetdataportal.czscience.com/runs/10445",
        False,
    ),
]

# a data set's name, and the database and accession of the entry that it is
CALLED = [
    ("EMPIAR-10164", "EMPIAR", "10164"),
    ("EMD-3782", "EMDB", "EMD-3782"),
    ("DS-10445", "CryoET Data Portal", "DS-10445"),
    ("CryoET-Data-Portal-10445", "CryoET Data Portal", "10445"),
    ("CryoET Data Portal DS-10445", "CryoET Data Portal", "10445"),
]
