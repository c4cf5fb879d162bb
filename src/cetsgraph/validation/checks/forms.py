"""Checks on texts that have a form: symmetries, values in JSON, names of programs, placeholders."""

import json
import re
from collections.abc import Iterator

from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import Annotation as AnyAnnotation
from cetsgraph.model import (
    DataObject,
    DataSet,
    Map,
    PointAttribute,
    ProcessingCheck,
    ProcessingParameter,
    Software,
)
from cetsgraph.validation.checks.registry import Fault, check

__all__ = [
    "programs_have_names",
    "symmetry_is_a_group",
    "texts_are_written",
    "threshold_is_a_fraction",
    "values_are_json",
    "values_are_of_one_type",
]

_SHORT = re.compile(r"[CDTOI]?\s?\d*\s?[CDTOIH]?\d?", re.IGNORECASE)
_GROUP = re.compile(r"[CD][1-9]\d*[hv]?|D[1-9]\d*d|T[hd]?|O|Oh|I[1-5]?h?", re.IGNORECASE)
_MIRRORED = re.compile(r"(\d+)\s?([CD])", re.IGNORECASE)
_FSC = re.compile(r"\bFSC\s*(?:[=@:]|at)?\s*(\d+(?:\.\d+)?)(?!\s*%|\d)", re.IGNORECASE)
_VERSION = re.compile(r"v?\d+(?:\.\d+)+\S*", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z][A-Za-z ]{2,}.*")
_UNWRITTEN = re.compile(
    r"\s*(?:to ?do\b|tbd\b|tba\b|fixme\b|xxx+\b|lorem ipsum\b|placeholder\b|fill (?:me )?in\b|"
    r"(?:insert|enter|add|your) (?:\w+ )?(?:description|text|name|comment)s?(?: here)?\b)",
    re.IGNORECASE,
)


@check("text-form", Map, given="symmetry")
def symmetry_is_a_group(place: Place, placement: Placement) -> Iterator[Fault]:
    """A symmetry of a few letters and digits is a point group: C or D with a number, T, O or I."""
    text = "".join(place.entity.__dict__["symmetry"].split())
    if not text or not _SHORT.fullmatch(text) or _GROUP.fullmatch(text):
        return
    turned = _MIRRORED.fullmatch(text)
    yield Fault(
        "symmetry",
        found=text,
        expected="a point group, such as C1, C6, D7, T, O or I",
        message=f"{text} is no point group",
        hint=f"Write {turned[2].upper()}{turned[1]}, if that is meant." if turned else None,
    )


@check("text-form", Map, given="resolution_method")
def threshold_is_a_fraction(place: Place, placement: Placement) -> Iterator[Fault]:
    """The threshold of a Fourier shell correlation is below 1."""
    text: str = place.entity.__dict__["resolution_method"]
    threshold = _FSC.search(text)
    if threshold is not None and 1 < float(threshold[1]) < 1000:
        yield Fault(
            "resolution_method",
            found=text,
            expected="a threshold below 1, such as FSC 0.143",
            message=f"a Fourier shell correlation is never {threshold[1]}",
            hint="Write FSC 0.143 or FSC 0.5, whichever was used.",
        )


@check("text-form", PointAttribute, given="values")
def values_are_of_one_type(place: Place, placement: Placement) -> Iterator[Fault]:
    """The values of a column are numbers, or texts, but not both: the first that differs from most."""
    values = place.entity.__dict__["values"]
    texts = [index for index, value in enumerate(values) if isinstance(value, str)]
    if 0 < len(texts) < len(values) / 2 and any(isinstance(value, float | int) for value in values):
        yield Fault(
            "values",
            found=values[texts[0]],
            expected="a number, as of the other points",
            message="a value of this column is a text, and the others are numbers",
            hint="Write it without quotes, or null if there is none.",
            index=texts[0],
        )


@check("text-form", ProcessingParameter, ProcessingCheck, given="value_json")
@check("text-form", ProcessingCheck, given="expected_json")
def values_are_json(place: Place, placement: Placement) -> Iterator[Fault]:
    """The value of a setting is in JSON, so that numbers, texts and lists can be told apart."""
    for field in ("value_json", "expected_json"):
        text = place.entity.__dict__.get(field)
        if text is not None and not _is_json(text):
            yield Fault(
                field,
                found=text,
                expected="a value in JSON",
                message=f"this is no JSON: {text}",
                hint=f"Write texts in quotes, as {json.dumps(text)}, and close all brackets.",
            )


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


@check("text-form", Software, given="name")
def programs_have_names(place: Place, placement: Placement) -> Iterator[Fault]:
    """The name of a program is no number of a version, whose place is beside it."""
    name, version = place.entity.name or "", place.entity.__dict__["version"] or ""
    if not name.strip():
        yield Fault("name", name, "the name of the program", "this program has no name")
    if _VERSION.fullmatch(name.strip()):
        swapped = _WORD.fullmatch(version.strip())
        yield Fault(
            "name",
            found=name,
            expected="the name of the program",
            message="name and version of this program are swapped"
            if swapped
            else "this is the version of a program, and not its name",
            hint=f"Write {version} as its name, and {name} as its version." if swapped else None,
        )


@check("text-form", DataObject, AnyAnnotation, given="description")
def texts_are_written(place: Place, placement: Placement) -> Iterator[Fault]:
    """A description is not what stands for one that is still to be written."""
    text = place.entity.__dict__["description"]
    if isinstance(place.entity, DataSet) or not isinstance(text, str) or not _UNWRITTEN.match(text):
        return
    yield Fault(
        "description",
        found=text,
        expected="a description",
        message="this stands for a description that is still to be written",
        hint="Write the description, or take it out.",
    )
