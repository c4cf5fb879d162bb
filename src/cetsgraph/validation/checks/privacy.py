"""Checks on what a published document should not say: paths of one computer, addresses, people."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from operator import itemgetter

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import DataSet, Entity
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.vocabulary import Kind, vocabulary

__all__ = ["texts_are_public"]

_PRIVATE = {
    "a folder of one person": r"(?:^|[\s\"'=:(]|file://)/(?:home|Users|root)/|(?:^|[\s\"'=])~/",
    "a path of one computer": r"(?:^|[\s\"'=(])[A-Za-z]:[\\/](?!/)|^\\\\[^\\]",
    "a path that leads out of the deposition": r"(?:^|[\\/])\.\.(?:[\\/]|$)",
    "an e-mail address": r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}",
    "a telephone number": r"(?:^|[\s:(])\+\d{1,3}[ ()/-]*\d[\d ()/-]{6,}\d|\(\d{3}\) ?\d{3}-\d{4}"
    r"|(?i:\b(?:tel|phone|telephone|mobile|fax)\b[.: ]*[+(]?\d[\d ()/.-]{5,}\d)",
    "the name of a patient": r"(?i:\bpatient(?:'s)?(?: name)?[ :=,-]+(?:mr|mrs|ms|dr)?\.? ?)"
    r"[A-Z][a-z]+[ ,]+[A-Z]"
    r"|(?i:\bdate of birth\b|\bd\.o\.b\.)",
}
_ANY = re.compile("|".join(f"({pattern})" for pattern in _PRIVATE.values()))
_KINDS = tuple(_PRIVATE)
_WORDS = ("tel", "phone", "fax", "mobile", "patient", "birth", "d.o.b")
_MARKS = ("\\", "@", "+", "(", "~", "..", "/home/", "/users/", "/root/", ":/", *_WORDS)
"""Of which a private text has one, in small letters; words only tell in texts of several."""


@check("private-data", DataSet)
def texts_are_public(place: Place, placement: Placement) -> Iterator[Fault]:
    """No text holds a home folder, a drive, a way up, an e-mail address, a telephone number or a patient."""
    whole = "\n".join(_all_texts(placement)).replace("://", "").lower()
    marks = [mark for mark in _MARKS if mark in whole]
    for entity, field, texts in _of_fields(placement) if marks else ():
        found = next((found for text in texts if (found := _private(text, marks))), None)
        if found is not None:
            yield Fault(
                field,
                found=found[0].strip() or found.string,
                hint=_instead(found.string, (found.lastindex or 1) - 1),
                message=f"the {field.replace('_', ' ')} holds {_KINDS[(found.lastindex or 1) - 1]}",
                entity=entity,
            )


def _instead(text: str, kind: int) -> str | None:
    """What to write instead of a path."""
    name = re.split(r"[\\/]", text.rstrip("\\/"))[-1]
    if kind >= _PATHS or " " in text or not name or name == "..":
        return None
    return f"Write the path as it is in the deposition, from its top folder: {name}, if it is there."


_PATHS = 3
"""Kinds that are paths, the first ones."""


def _private(text: str, marks: Sequence[str]) -> re.Match[str] | None:
    """What is private in a text, which has one of these marks where it is."""
    small = text.lower()
    if any(mark in small for mark in marks if mark not in _WORDS or " " in text):
        return _ANY.search(text)
    return None


def _all_texts(placement: Placement) -> Iterator[str]:
    """The texts of all objects, which are many; those of few are looked at again, field by field."""
    for cls, places in placement.by_class.items():
        values_of = itemgetter(*_free_texts()[cls])
        for value in filter(None, chain.from_iterable(values_of(place.entity.__dict__) for place in places)):
            if type(value) is str:
                yield value
            else:
                yield from _texts(value)


def _of_fields(placement: Placement) -> Iterator[tuple[Entity, str, Sequence[str]]]:
    """Objects and their fields with texts."""
    for place in placement.places:
        values = place.entity.__dict__
        for field in _free_texts()[type(place.entity)]:
            if texts := _texts(values[field]):
                yield place.entity, field, texts


@cache
def _free_texts() -> dict[type[Entity], tuple[str, ...]]:
    """Fields of each class that hold texts that depositors choose; arrays may hold texts."""
    return {
        term.model: tuple(prop.field for prop in term.properties if prop.kind in _TEXTUAL and not prop.values)
        for term in vocabulary().concrete()
    }


_TEXTUAL = {Kind.TEXT, Kind.LANGUAGE_TEXT, Kind.REFERENCE, Kind.IRI, Kind.ARRAY}


def _texts(value: object) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for text in value.values() if isinstance(text, str)]
    if isinstance(value, list) and value and isinstance(value[0], str):
        return [text for text in value if isinstance(text, str)]
    return ()
