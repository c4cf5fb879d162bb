"""What shapes, checks and readers say of one document, as findings at its places, in the words of rules."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pyoxigraph as ox

from cetsgraph.documents import Document
from cetsgraph.documents.file_sets import COMPANION
from cetsgraph.errors import DocumentError
from cetsgraph.findings import Finding, Severity
from cetsgraph.graph.placement import Place
from cetsgraph.model import DataSet, Entity
from cetsgraph.namespaces import CETS, RULE, SH, SHAPES
from cetsgraph.rdf import python_value
from cetsgraph.validation.checks import Check, Fault
from cetsgraph.validation.dialect_words import DialectWords, canonical
from cetsgraph.validation.engines import Result
from cetsgraph.validation.known_ids import KnownIds
from cetsgraph.validation.pointing import pointer_to, spelled
from cetsgraph.validation.rules import RuleBook
from cetsgraph.validation.wording import Wording, brief, filled
from cetsgraph.vocabulary import vocabulary

__all__ = ["FILE", "UNREADABLE", "Verdict", "Verdicts", "findings_of", "of_graph", "of_reader"]

FILE = "urn:file"
"""IRI of what a file holds that could not be read."""
UNREADABLE = "readable"
"""The rule that is broken where nothing could be read, so that nothing else was judged."""

_MISSING = f"{SH}MinCountConstraintComponent"
_SPARQL = f"{SH}SPARQLConstraintComponent"
_NO_WORDS = "this does not meet the shape"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A finding, and the same as a result of SHACL."""

    finding: Finding
    result: Result
    missing: str | None = None
    """The field that is not there, as the document would spell it, where that is what is wrong."""


@dataclass(frozen=True, slots=True)
class _Words:
    """What a finding says: its rule's wording, and values in place of the rule's own where they are given."""

    wording: Wording
    severity: Severity
    pointer: str
    field: str | None = None
    found: object = None
    value: object = None
    message: str | None = None
    expected: object = None
    hint: str | None = None


class Verdicts:
    """Verdicts on the objects of one document, at the places where the document has them.

    Args:
        book: the rules.
        document: the document, as its dialect spells it.
        places: objects of the document by their IRIs in the graph.
    """

    def __init__(self, book: RuleBook, document: Document, places: Mapping[str, Place]) -> None:
        self._book = book
        self._document = document
        self._places = places
        self._words = DialectWords(
            document.dialect, document.revision, companion=COMPANION in document.beside
        )
        self._ids = KnownIds()

    def of_result(self, result: Result) -> Verdict:
        """The verdict of a shape."""
        wording = self._book.wording(result.shape, result.component, result.path)
        place, value = self._about(result)
        field = _FIELDS.get((wording.field or result.path or "").removeprefix(CETS))
        found = self._as_json(value)
        if place is None:
            return Verdict(self._of_no_place(wording, result, field, found), result)
        if result.component == _MISSING:
            return self._of_missing(wording, result, place, field, found)
        stated = self._stated(place, field) if field and (found is None or wording.field) else found
        words = _Words(
            wording,
            result.severity,
            pointer_to(self._document, place, field),
            field,
            found=stated,
            value=found,
            message=wording.message or result.message,
            expected=_bounds(wording, place, field),
            hint=self._of_reference(wording, place, field, stated) or _of_range(wording, field, found),
        )
        return Verdict(self._finding(place, words), result)

    def of_fault(self, check: Check, fault: Fault, place: Place) -> Verdict:
        """The verdict of a check on the object at a place."""
        rule = self._book.rules[check.rule]
        wording = rule.wording
        if check.shape is not None:
            wording = self._book.wording(SHAPES + check.shape, "", None)
        place = self._places.get(place.iri, place)
        words = _Words(
            wording,
            fault.severity or rule.severity,
            pointer_to(self._document, place, fault.field, fault.index),
            fault.field,
            found=brief(fault.found),
            message=fault.message or wording.message,
            expected=brief(fault.expected),
            hint=fault.hint,
        )
        path = _PROPERTIES.get(fault.field or "")
        shape = RULE + check.rule if check.shape is None else SHAPES + check.shape
        result = Result(place.iri, shape, f"{RULE}check", words.severity, path=path)
        return Verdict(self._finding(place, words), result)

    def _of_missing(
        self, wording: Wording, result: Result, place: Place, field: str | None, found: object
    ) -> Verdict:
        missing = spelled(place.entity, field) if field else None
        words = _Words(
            wording,
            result.severity,
            pointer_to(self._document, place),
            field,
            found=found,
            value=found,
            message=wording.message or result.message,
            expected=None if wording.expected else missing,
            hint=_of_required(wording, place, field, missing),
        )
        return Verdict(self._finding(place, words), result, missing)

    def _of_reference(self, wording: Wording, place: Place, field: str | None, found: object) -> str | None:
        """What to do about an id that leads nowhere: also which one is meant."""
        if field is None or wording.rule != "reference-resolves":
            return None
        return " ".join(filter(None, (self._ids.hint(place, field, found), wording.hint)))

    def _about(self, result: Result) -> tuple[Place | None, ox.NamedNode | ox.Literal | None]:
        """The object that a result is about, and its value there, if that is not the object itself."""
        value = result.value
        if isinstance(value, ox.NamedNode):
            if result.component == _SPARQL and value.value in self._places:
                return self._places[value.value], None
            if value.value == result.focus:
                value = None
        return self._places.get(result.focus), value

    def _stated(self, place: Place, field: str) -> object:
        return brief(place.entity.__dict__.get(field))

    def _as_json(self, value: ox.NamedNode | ox.Literal | None) -> object:
        """A value as JSON has it; an object by its id."""
        if isinstance(value, ox.NamedNode):
            place = self._places.get(value.value)
            return value.value.removeprefix(CETS) if place is None else place.entity.id or place.pointer
        return None if value is None else brief(_python(value))

    def _finding(self, place: Place, words: _Words) -> Finding:
        entity = place.entity
        kind = type(entity).__name__
        said = self._words.wording(words.wording, type(entity))
        texts = (said.expected, words.message, said.hint)
        values = self._values(entity, words) if any(text and "{" in text for text in texts) else {}
        expected = filled(said.expected, values) if words.expected is None else words.expected
        return Finding(
            rule=words.wording.rule,
            severity=words.severity,
            pointer=words.pointer,
            message=filled(words.message, values) or _NO_WORDS,
            hint=words.hint or filled(said.hint, values),
            found=words.found,
            expected=expected,
            kind=kind,
            id=entity.id,
        )

    def _values(self, entity: Entity, words: _Words) -> dict[str, object]:
        """What stands in the slots of texts."""
        return {
            **entity.__dict__,
            "found": words.found,
            "value": words.found if words.value is None else words.value,
            "kind": self._words.kind(type(entity)),
            "id": entity.id,
            "field": None if words.field is None else spelled(entity, words.field),
        }

    def _of_no_place(self, wording: Wording, result: Result, field: str | None, found: object) -> Finding:
        """A finding about what is not in the data set's tree."""
        wording = self._words.wording(wording, None)
        values = {"found": found, "value": found, "kind": "object", "field": field}
        return Finding(
            rule=wording.rule,
            severity=result.severity,
            pointer="",
            message=filled(wording.message or result.message, values) or _NO_WORDS,
            hint=filled(wording.hint, values),
            found=result.focus if found is None else found,
            expected=wording.expected,
        )


def _of_required(wording: Wording, place: Place, field: str | None, missing: str | None) -> str | None:
    """What to add where a field is missing that a class requires."""
    if field is None or wording.rule != "required-field":
        return None
    return f"Add `{missing}`: {type(place.entity).model_fields[field].description}"


def _of_range(wording: Wording, field: str | None, found: object) -> str | None:
    """What to write for a number that is in bounds in another unit."""
    if wording.rule != "value-range" or field is None or not isinstance(found, int | float):
        return None
    if field.endswith("temperature") and found > -_KELVIN:
        return f"Write {found + _KELVIN:.10g}, if it is {found:.10g} °C."
    if field.endswith(_FRACTIONS) and 1 < found <= _PERCENT:
        return f"Write {found / _PERCENT:.10g}, if it is {found:.10g} %."
    return None


_KELVIN, _PERCENT = 273.15, 100.0
_FRACTIONS = ("contrast", "efficiency", "confidence", "precision", "recall", "fraction")


def _bounds(wording: Wording, place: Place, field: str | None) -> str | None:
    """The numbers that a field may hold, where a rule about bounds names none."""
    if wording.expected is not None or wording.rule != "value-range" or field is None:
        return None
    properties = vocabulary().classes[type(place.entity).__name__].properties
    prop = next((one for one in properties if one.field == field), None)
    if prop is None:
        return None
    facts = prop.facts
    low = None if facts.minimum is None else f"at least {facts.minimum:g}"
    above = None if facts.above is None else f"above {facts.above:g}"
    high = None if facts.maximum is None else f"at most {facts.maximum:g}"
    return " and ".join(filter(None, (low, above, high))) or None


def of_reader(book: RuleBook, finding: Finding, root: str) -> Verdict:
    """The reader's verdict on a document whose IRI is `root`, with the rule's hint where it gave none."""
    rule = book.rules.get(finding.rule)
    if finding.hint is None and rule is not None:
        values = {"found": finding.found, "kind": finding.kind, "id": finding.id}
        finding = replace(finding, hint=filled(canonical(rule.wording.hint), values))
    return Verdict(finding, Result(root, RULE + finding.rule, f"{RULE}reader", finding.severity))


def of_graph(book: RuleBook, results: Iterable[Result]) -> Iterator[Verdict]:
    """The verdicts of shapes on a graph that is no data set, so that nothing in it has a place."""
    nowhere = Verdicts(book, Document(DataSet(), "cetsgraph", "DataSet"), {})
    return map(nowhere.of_result, results)


def findings_of(error: DocumentError) -> list[Finding]:
    """What an error says of a document of which nothing could be read."""
    return [finding for finding in error.findings if isinstance(finding, Finding)] or [
        Finding(
            rule=UNREADABLE,
            severity=Severity.VIOLATION,
            pointer=error.pointer or "",
            message=error.what,
            hint=error.hint,
            found=brief(error.found),
            expected=brief(error.expected),
            line=error.line,
        )
    ]


_PROPERTIES = {prop.field: prop.iri for prop in vocabulary().properties.values()}
_FIELDS = {
    name: prop.field
    for prop in vocabulary().properties.values()
    for name in (prop.name, prop.dangling)  # the second keeps ids that dangle
    if name is not None
}


def _python(value: ox.Literal) -> object:
    try:
        return python_value(value)
    except ValueError:
        return value.value
