"""What all sources of the CryoET Data Portal write alike: entries, people, programs, terms.

https://github.com/chanzuckerberg/cryoet-data-portal-backend, schema/core
"""

import re
from collections.abc import Collection

from cetsgraph.importers.fields import Fields
from cetsgraph.importers.numbers import rounded
from cetsgraph.model import (
    CrossReference,
    Grant,
    OntologyTerm,
    Person,
    SamplePreparation,
    SampleSupport,
    Software,
    Vitrification,
)

__all__ = [
    "FILES_URL",
    "cross_references",
    "curie",
    "data_set_entry",
    "deposition_entry",
    "grants",
    "joined",
    "kilovolts",
    "made_with",
    "ontology_term",
    "pairs",
    "people",
    "preparation",
    "sample_support",
    "software",
    "stated",
    "vitrification",
    "words",
]

FILES_URL = "https://files.cryoetdataportal.cziscience.com/"
"""Address of the portal's files, each below the number of its data set."""

_ENTRIES = {
    "EMPIAR": re.compile(r"EMPIAR-\d+", re.IGNORECASE),
    "EMDB": re.compile(r"EMD-\d+", re.IGNORECASE),
    "PDB": re.compile(r"PDB-(\w{4})", re.IGNORECASE),
    "DOI": re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi: ?)?(10\.\d{4,9}/\S+)", re.IGNORECASE),
    "CryoET Data Portal": re.compile(r"(?:DS|CZCDP)-\d+", re.IGNORECASE),
}
_PAIRS = re.compile(r"\w+: [^,]*(?:, \w+: [^,]*)*")
_SEPARATORS = re.compile(r"[,;]\s*|\s+(?!10\.)")
_UNKNOWN = ("unknown", "not reported", "not_reported")


def stated(text: str | None) -> str | None:
    """The text, unless it says that nothing is known.

    >>> stated("K3"), stated("unknown")
    ('K3', None)
    """
    return None if text is None or text.casefold() in _UNKNOWN else text


def words(text: str | None) -> str | None:
    """A word of the portal's vocabulary as words.

    >>> words("in_vitro")
    'in vitro'
    """
    return None if text is None else text.replace("_", " ")


def joined(fields: Fields, *keys: str) -> str | None:
    """Texts one after the other, such as maker and model; None if nothing is known."""
    return " ".join(word for word in (stated(fields.text(key)) for key in keys) if word) or None


def kilovolts(volts: float | None) -> float | None:
    """The voltage in kV, in which a few people state it themselves."""
    return None if volts is None else rounded(volts / 1000) if volts >= 10_000 else volts


def cross_references(
    fields: Fields, key: str, *, without: Collection[CrossReference] = ()
) -> list[CrossReference]:
    """The entries that a text lists, each once; what is no entry of a known archive is reported.

    Args:
        fields: what has the text.
        key: its name.
        without: entries that are stated elsewhere.
    """
    listed = fields.text(key)
    known = {(entry.database, entry.accession) for entry in without}
    found: list[CrossReference] = []
    for word in _SEPARATORS.split(listed or ""):
        entry = _entry(word.strip().rstrip("."))
        if entry is None and word.strip():
            fields.dropped(key, word)
        elif entry is not None and (entry.database, entry.accession) not in known:
            known.add((entry.database, entry.accession))
            found.append(entry)
    return found


def _entry(word: str) -> CrossReference | None:
    for database, pattern in _ENTRIES.items():
        if found := pattern.fullmatch(word):
            accession = found[1] if found.groups() else found[0]
            return CrossReference(
                database=database, accession=accession if database == "DOI" else accession.upper()
            )
    return None


def data_set_entry(number: int) -> CrossReference:
    """The entry of a data set of the portal."""
    return CrossReference(
        database="CryoET Data Portal",
        accession=f"DS-{number}",
        url=f"https://cryoetdataportal.czscience.com/datasets/{number}",
    )


def deposition_entry(fields: Fields, known: int | None) -> list[CrossReference]:
    """The deposition by which something came to a data set that is of another one, `known`; else nothing."""
    number = fields.integer("deposition_id")
    if number is None or number == known:
        return []
    return [CrossReference(database="CryoET Data Portal", accession=f"CZCDP-{number}")]


def people(fields: Fields, key: str = "authors") -> list[Person]:
    """People by name, ORCID and affiliation, and nothing else of them."""
    found = []
    for person in fields.parts(key):
        name, orcid = person.text("name"), person.text("ORCID")
        if name is not None:
            orcid = orcid and orcid.removeprefix("https://orcid.org/")
            found.append(Person(name=name, orcid=orcid, affiliation=person.text("affiliation_name")))
    return found


def grants(fields: Fields, key: str = "funding") -> list[Grant]:
    """Grants by agency and number."""
    stated_ones = [(one.text("funding_agency_name"), one.text("grant_id")) for one in fields.parts(key)]
    return [Grant(agency=agency, grant=grant) for agency, grant in stated_ones if agency or grant]


def ontology_term(fields: Fields, key: str) -> OntologyTerm | None:
    """A term by its name and CURIE; None if nothing is known."""
    term = fields.part(key)
    name, identifier = stated(term.text("name")), stated(term.text("id"))
    return OntologyTerm(name=name, id=curie(identifier)) if name or identifier else None


def curie(identifier: str | None) -> str | None:
    """An identifier as a CURIE.

    >>> curie("PDB-5SOA"), curie("GO:0005840"), curie("CVCL_4388")
    ('PDB:5SOA', 'GO:0005840', 'Cellosaurus:CVCL_4388')
    """
    if identifier is None:
        return None
    identifier = re.sub(r"^PDB-(?=\w{4}$)", "PDB:", identifier)
    return re.sub(r"^(?=CVCL_\w+$)", "Cellosaurus:", identifier)


def software(text: str | None) -> list[Software]:
    """The programs that a text names.

    >>> [(one.name, one.version) for one in software("AreTomo3 v2.0.10 + copick-live")]
    [('AreTomo3', '2.0.10'), ('copick-live', None)]
    """
    found = []
    for name in re.split(r"\s*\+\s*|,\s+", stated(text) or ""):
        version = re.fullmatch(r"(.*\S)\s+v?(\d[\w.-]*)", name)
        if name:
            found.append(Software(name=version[1], version=version[2]) if version else Software(name=name))
    return found


def made_with(fields: Fields) -> list[Software]:
    """The programs that a tomogram was made with: reconstructed, then processed."""
    keys = ("reconstruction_software", "processing_software")
    return [one for key in keys for one in software(fields.text(key))]


def pairs(text: str | None) -> dict[str, str]:
    """The values by name of a text that EMDB wrote; empty for words of people.

    >>> pairs("buffer_ph: 7.0, vitrification_cryogen_name: ETHANE"), pairs("Grown in LB: over night")
    ({'buffer_ph': '7.0', 'vitrification_cryogen_name': 'ETHANE'}, {})
    """
    if text is None or not _PAIRS.fullmatch(text):
        return {}
    found = (pair.partition(": ") for pair in text.split(", "))
    return {name.strip(): value.strip() for name, _, value in found if "_" in name or name in _PLAIN_NAMES}


_PLAIN_NAMES = ("model", "material", "mesh")


def vitrification(values: dict[str, str]) -> Vitrification | None:
    """How the specimen was frozen, as `pairs` of a preparation say it."""
    cryogen, instrument = values.get("vitrification_cryogen_name"), values.get("vitrification_instrument")
    if not (cryogen or instrument):
        return None
    return Vitrification(cryogen_name=cryogen, vitrification_instrument=instrument)


def sample_support(values: dict[str, str]) -> SampleSupport | None:
    """The grid, as `pairs` of its preparation say it."""
    mesh = values.get("mesh", "")
    found = {
        "name": values.get("model"),
        "grid_material": values.get("material"),
        "film_material": values.get("support_film_film_material"),
        "pretreatment": values.get("pretreatment_type_"),
        "grid_mesh_size": int(mesh) if mesh.isdecimal() and 0 < int(mesh) < 10_000 else None,
    }
    return SampleSupport.model_validate(found) if any(found.values()) else None


def preparation(head: Fields) -> SamplePreparation | None:
    """How the sample was prepared: in words, and frozen and on which grid where EMDB wrote them."""
    text = head.text("sample_preparation")
    frozen, support = vitrification(pairs(text)), sample_support(pairs(head.text("grid_preparation")))
    if not (text or frozen or support):
        return None
    return SamplePreparation(description=text, vitrification=frozen, sample_support=support)
