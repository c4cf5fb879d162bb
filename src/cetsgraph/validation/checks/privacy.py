"""Checks on what a published document should not say: paths of one computer, addresses, people."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

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
_SUSPICIOUS = re.compile(r"[\\@+(~]|\.\.|/(?:home|Users|root)/|[A-Za-z]:/(?!/)")
_WORDS = re.compile(r"tel|phone|fax|mobile|patient|birth|d\.o\.b", re.IGNORECASE)


@check("private-data", DataSet)
def texts_are_public(place: Place, placement: Placement) -> Iterator[Fault]:
    """No text holds a home folder, a drive, a way up, an e-mail address, a telephone number or a patient."""
    for there in placement.places:
        values = there.entity.__dict__
        for field in _free_texts()[type(there.entity)]:
            value = values[field]
            if value is None:
                continue
            for text in (value,) if type(value) is str else _texts(value):
                if _may_be_private(text) and (found := _ANY.search(text)):
                    yield Fault(
                        field,
                        found=found[0].strip() or text,
                        message=f"the {field.replace('_', ' ')} holds {_KINDS[(found.lastindex or 1) - 1]}",
                        entity=there.entity,
                    )
                    break


@cache
def _free_texts() -> dict[type[Entity], tuple[str, ...]]:
    """Fields of each class that hold texts that depositors choose; arrays may hold texts."""
    return {
        term.model: tuple(prop.field for prop in term.properties if prop.kind in _TEXTUAL and not prop.values)
        for term in vocabulary().concrete()
    }


_TEXTUAL = {Kind.TEXT, Kind.LANGUAGE_TEXT, Kind.REFERENCE, Kind.IRI, Kind.ARRAY}


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        return [text for text in value.values() if isinstance(text, str)]
    return value if isinstance(value, list) and value and isinstance(value[0], str) else ()


def _may_be_private(text: str) -> bool:
    """Whether a text is worth a closer look: words only tell in texts of several."""
    return bool(_SUSPICIOUS.search(text) or (" " in text and _WORDS.search(text)))
