"""Checks on what a published document should not say: paths of one computer, addresses, people."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import DataSet, Entity
from cetsgraph.validation.checks.registry import Fault, check
from cetsgraph.vocabulary import Kind, vocabulary

__all__ = ["texts_are_public"]


class _Private(NamedTuple):
    """A kind of private text: it has one of the marks, in small letters, where it is.

    Words are marks in texts of several words only.
    """

    what: str
    pattern: re.Pattern[str]
    marks: tuple[str, ...]
    words: tuple[str, ...] = ()
    is_path: bool = False

    def may_be_in(self, small: str) -> bool:
        """Whether a text in small letters has one of the marks."""
        return any(mark in small for mark in (*self.marks, *(self.words if " " in small else ())))


_PRIVATE = (
    _Private(
        "a folder of one person",
        re.compile(
            r"(?:^|[\s\"'=:(]|file://)/(?:(?:[\w.-]+/){0,3}(?:homes?|[Uu]sers)|root)/"
            r"|(?:^|[\s\"'=])~/|^~[a-z_][\w-]*/"
        ),
        ("/home", "/users/", "/root/", "~"),
        is_path=True,
    ),
    _Private(
        "a path of one computer",
        re.compile(r"(?:^|[\s\"'=(])[A-Za-z]:[\\/](?!/)|^\\\\[^\\]|\b(?:smb|afp|nfs|cifs)://"),
        (":/", "\\", "smb", "afp", "nfs", "cifs"),
        is_path=True,
    ),
    _Private(
        "a path that leads out of the deposition",
        re.compile(r"(?:^|[\\/])\.\.(?:[\\/]|$)"),
        ("..",),
        is_path=True,
    ),
    _Private(
        "an e-mail address",
        # `001@stack.mrcs`, an image of a stack, `git@github.com` and `relion@5.0.beta` are none.
        re.compile(
            r"(?<![\w.+-])(?!git@)[\w.+-]+@(?!v?\d+\.\d)(?:[\w-]+\.)+(?!(?:mrcs?|st|ali|rec|eer|tiff?|hdf|spi|img|zarr)\b)"
            r"[A-Za-z]{2,}"
        ),
        ("@",),
    ),
    _Private(
        "a telephone number",
        re.compile(
            r"(?:^|[\s:(])\+\d{1,3}(?![\d ()/-]* -\d)[ ()/-]*\d[\d ()/-]{6,}\d|\(\d{3}\) ?\d{3}-\d{4}"
            r"|(?i:\b(?:tel|phone|telephone|mobile|fax)\b[.: ]*[+(]?\d[\d ()/.-]{5,}\d)"
        ),
        ("+", "("),
        ("tel", "phone", "fax", "mobile"),
    ),
    _Private(
        "the name of a patient",
        re.compile(
            r"(?i:\bpatient(?:'s)?(?: name)?[ :=,-]+(?:mr|mrs|ms|dr)?\.? ?)[A-Z][^\W\d_]+[ ,]+[A-Z]"
            r"|(?i:\bdate of birth\b|\bd\.o\.b\.)"
        ),
        (),
        ("patient", "birth", "d.o.b"),
    ),
)


@check("private-data", DataSet)
def texts_are_public(place: Place, placement: Placement) -> Iterator[Fault]:
    """No text holds a home folder, a drive, a way up, an e-mail address, a telephone number or a patient."""
    whole = "\n".join(_all_texts(placement)).replace("://", "").lower()
    kinds = [kind for kind in _PRIVATE if kind.may_be_in(whole)]
    for entity, field, texts in _of_fields(placement) if kinds else ():
        found = next((found for text in texts if (found := _private(text, kinds))), None)
        if found is not None:
            kind, match = found
            yield Fault(
                field,
                found=match[0].strip() or match.string,
                hint=_instead(match.string) if kind.is_path else None,
                message=f"the {field.replace('_', ' ')} holds {kind.what}",
                entity=entity,
            )


def _instead(path: str) -> str | None:
    """What to write instead of a path."""
    name = re.split(r"[\\/]", path.rstrip("\\/"))[-1]
    if " " in path or not name or name == "..":
        return None
    return f"Write the path as it is in the deposition, from its top folder: {name}, if it is there."


def _private(text: str, kinds: Sequence[_Private]) -> tuple[_Private, re.Match[str]] | None:
    """What comes first of all that is private in a text."""
    small = text.lower()
    found = ((kind, kind.pattern.search(text)) for kind in kinds if kind.may_be_in(small))
    matches = [(kind, match) for kind, match in found if match is not None]
    return min(matches, key=lambda one: one[1].start(), default=None)


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
