"""Checks that names agree with the terms, taxa and entries that stand beside them."""

import re
from collections import defaultdict
from collections.abc import Iterator

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import Annotation, CrossReference, DataSet, FitMap, Map, MaskLabel, OntologyTerm
from cetsgraph.texts import nearest
from cetsgraph.validation.checks.file_names import name_of
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.validation.prefixes import spelling_of
from cetsgraph.validation.usual_terms import UsualTerm, is_part_of, plain, usual_term, usual_term_called

__all__ = [
    "archive_is_no_entry",
    "files_are_of_their_entry",
    "organism_is_its_taxon",
    "terms_have_their_names",
    "terms_have_their_usual_names",
]

_TERM, _NAME = "annotated_object", "annotated_object_name"
_EMDB = re.compile(r"(?<![A-Za-z])emd[-_ ]?(\d{4,5})(?!\d)", re.IGNORECASE)
_TAXON = "NCBITaxon"
_CLOSE = 0.88
_LETTERS = 2  # by which a mistyped name is longer or shorter


@check("names-agree", Annotation, MaskLabel, given=_TERM)
@check("names-agree", OntologyTerm, given="id")
def terms_have_their_usual_names(place: Place, placement: Placement) -> Iterator[Fault]:
    """The name beside a term is not that of another term of the same vocabulary."""
    fields = ("id", "name") if isinstance(place.entity, OntologyTerm) else (_TERM, _NAME)
    term, name = (place.entity.__dict__[field] for field in fields)
    spelling = spelling_of(term) if name else None
    stated = usual_term((spelling and spelling.usual) or term)
    if stated is None or not name:
        return
    meant = usual_term_called(name, stated.id.partition(":")[0])
    if meant is None and (near := _mistyped(name, stated)):
        message = f"{name} is nearly {near}, the name of {term}"
        yield Fault(fields[1], name, near, message, hint=f"Write {near}, if it is meant.")
    if meant is None or any(is_part_of(one, other) for one in stated.names for other in meant.names):
        return
    yield Fault(
        fields[0],
        found=term,
        expected=f"{meant.id}, which is {meant.name}",
        message=f"{term} is {stated.name}, and the name beside it is {name}",
        hint=f"Write {meant.id}, if {name} is meant, or name it {stated.name}.",
    )


def _mistyped(name: str, term: UsualTerm) -> str | None:
    """The name of a term whose letters a name has in another order; names in other languages have others."""
    letters = sorted(plain(name))
    return next((one for one in term.names if len(one) > _SHORT and sorted(plain(one)) == letters), None)


_SHORT = 5  # letters


@check("names-agree", DataSet)
def terms_have_their_names(place: Place, placement: Placement) -> Iterator[Fault]:
    """A term is not called by a name that has a term of its own in the data set, unlike elsewhere."""
    stated = [
        (there.entity, there.entity.__dict__[_TERM], there.entity.__dict__[_NAME])
        for there in placement.of(Annotation, MaskLabel)
        if there.entity.__dict__[_TERM] and there.entity.__dict__[_NAME]
    ]
    names: dict[str, dict[str, str]] = defaultdict(dict)
    terms: dict[str, set[str]] = defaultdict(set)
    for _, term, name in stated:
        names[term][plain(name)] = name
        terms[plain(name)].add(term)
    for entity, term, name in stated:
        others = [other for other in names[term] if other != plain(name)]
        elsewhere = sorted(terms[plain(name)] - {term})
        if not others or not elsewhere or any({*other.split()} & {*plain(name).split()} for other in others):
            continue
        if len(names[elsewhere[0]]) == 1:  # which is called so alone
            own = names[term][others[0]]
            yield Fault(
                _TERM,
                found=term,
                expected=f"{elsewhere[0]}, as other annotations of {name} have",
                message=f"{term} is {own} elsewhere in the data set, and {name} here",
                hint=f"Write {elsewhere[0]}, if {name} is meant.",
                entity=entity,
            )


@check("names-agree", DataSet, given="organism")
def organism_is_its_taxon(place: Place, placement: Placement) -> Iterator[Fault]:
    """The name of an organism is that of its taxon, where both are known."""
    organism, number = (place.entity.__dict__[field] for field in ("organism", "organism_taxid"))
    if not any(map(str.isalpha, organism)):
        expected, hint = "the name of an organism", "Write the name here, and the number as organism_taxid."
        yield Fault("organism", organism, expected, f"{organism} is not the name of an organism", hint=hint)
    stated = usual_term(f"{_TAXON}:{number}")
    named = usual_term_called(organism, _TAXON)
    if stated is None or number is None:
        return
    if named is not None and not is_part_of(stated.name, named.name):
        yield Fault(
            "organism_taxid",
            found=number,
            expected=f"{named.id.partition(':')[2]}, which is {named.name}",
            message=f"the taxon {number} is {stated.name}, and the organism is said to be {organism}",
            hint=f"Write {named.id.partition(':')[2]} for {named.name}, or {stated.name} as the organism.",
        )
        return
    meant = nearest(organism.strip(), [stated.name], count=1, cutoff=_CLOSE)
    written = organism.strip().casefold() in map(str.casefold, stated.names)
    if meant and not written and abs(len(meant[0]) - len(organism)) <= _LETTERS:
        yield Fault(
            "organism",
            found=organism,
            expected=meant[0],
            message=f"{organism} is nearly {meant[0]}, the name of the taxon {number}",
            hint=f"Write {meant[0]}, if it is meant.",
        )


@check("names-agree", CrossReference, given="database")
def archive_is_no_entry(place: Place, placement: Placement) -> Iterator[Fault]:
    """The name of an archive is not that of an entry whose accession is the archive."""
    database, accession = (str(place.entity.__dict__[field] or "") for field in ("database", "accession"))
    if re.search(r"\d{4}", database) and accession and not re.search(r"\d", accession):
        yield Fault(
            "database",
            found=database,
            expected=accession,
            message="archive and accession of this entry are swapped",
            hint=f"Write {accession} as the archive, and {database} as the accession.",
        )


@check("names-agree", Map, FitMap, given="path")
def files_are_of_their_entry(place: Place, placement: Placement) -> Iterator[Fault]:
    """The number of EMDB in the name of a map's file is that in its id, its name, its halves or its entry."""
    values = place.entity.__dict__
    number = _EMDB.search(name_of(values["path"]))
    texts = [values.get(field) or "" for field in ("id", "name", "even_path", "odd_path")]
    entries = [one.accession or "" for one in values.get("cross_references", ())]
    others = {found for text in (*map(name_of, texts), *entries) for found in _EMDB.findall(text)}
    if number is not None and others and number[1] not in others:
        yield Fault(
            "path",
            found=values["path"],
            expected=f"the file of EMD-{min(others)}",
            message=f"by its name, this is the file of EMD-{number[1]}, and the map is said to be "
            f"EMD-{min(others)}",
            hint="Name the file of this entry, or correct the number of the entry.",
        )
