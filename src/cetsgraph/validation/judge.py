"""One data set against the rules of a profile: what shapes, checks and the reader say, as findings.

Shapes run on the graph with numbered nodes, since nothing that they ask depends on an IRI; results are turned
into findings in the words of the rule, at the place in the depositor's own file.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from cetsgraph.documents import Document, read_data, write
from cetsgraph.errors import DocumentError
from cetsgraph.findings import Finding, Severity
from cetsgraph.graph import decode, triples
from cetsgraph.graph.placement import Place, Placement
from cetsgraph.model import DataSet, Entity
from cetsgraph.namespaces import CETS, RULE, SH
from cetsgraph.rdf import python_value
from cetsgraph.texts import shortened
from cetsgraph.validation.checks import CHECKS, Check, Fault
from cetsgraph.validation.checks.structure import broken_lists
from cetsgraph.validation.engines import Engine, Result
from cetsgraph.validation.pointing import pointer_to, spelled
from cetsgraph.validation.rules import RuleBook, Wording
from cetsgraph.vocabulary import vocabulary

__all__ = ["Judge", "Judged"]

_SLOT = re.compile(r"\{(\w+)\}")
_LONGEST = 200
_FILE = "urn:file"
_MISSING = f"{SH}MinCountConstraintComponent"
_SPARQL = f"{SH}SPARQLConstraintComponent"


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding, and the same as a result of SHACL."""

    finding: Finding
    result: Result
    missing: str | None = None
    """The field that is not there, as the document would spell it, where that is what is wrong."""


class Judge:
    """The rules of a profile, ready to judge data sets.

    Args:
        book: the rules.
        engine: the shapes of the same book, made ready.
    """

    def __init__(self, book: RuleBook, engine: Engine) -> None:
        self.book = book
        self.engine = engine
        self._checks = _by_class(
            check for check in CHECKS if check.rule in book.rules and check.profile in (None, book.profile)
        )

    def document(self, document: Document, iri: str | None = None) -> list[Judged]:
        """All that is wrong with a document, in its order.

        Args:
            document: what was read.
            iri: the data set's IRI, if results are to name objects by theirs.
        """
        placement = Placement(document.dataset, iri or "", numbered=iri is None)
        try:
            results = self.engine.validate(triples(placement))
        except DocumentError as error:
            unwritable = [finding for finding in error.findings if isinstance(finding, Finding)]
            return [self._as_read(finding, placement.root.iri) for finding in unwritable]
        said = [self._as_read(finding, placement.root.iri) for finding in document.findings]
        found = list(self._judged(results, placement, placement, document))
        return _in_order([*said, *_without_consequences(found, document.findings)])

    def graph(self, quads: Sequence[ox.Quad], iri: str, dialect: str, form: str) -> list[Judged]:
        """All that is wrong with a named graph that holds a data set.

        Places are those in the document as the writer of its dialect gives it.
        """
        lines = (quad.triple for quad in quads)
        results = self.engine.validate((ox.serialize(lines, format=ox.RdfFormat.N_TRIPLES) or b"").decode())
        try:
            document = Document(decode(quads, iri), dialect, form)
        except DocumentError as error:
            undecoded = [_without_pointer(judged) for judged in self.unreadable(error, iri)]
            return _in_order([*undecoded, *self._without_places(results)])
        placement = Placement(document.dataset, iri)
        broken = list(broken_lists(quads)) if "position-complete" in self.book.rules else []
        found = list(self._judged(results, placement, placement, document))
        if found or broken:
            written = read_data(write(document, dialect).data, dialect=dialect)
            spelling = Placement(written.dataset, iri)
            found = list(self._judged(results, placement, spelling, written))
            found += self._disordered(broken, spelling, written)
        return _in_order(found)

    def unreadable(self, error: DocumentError, iri: str = _FILE) -> list[Judged]:
        """What is said of a file, or graph of that IRI, of which nothing could be read."""
        findings = [finding for finding in error.findings if isinstance(finding, Finding)] or [
            Finding(
                rule="readable",
                severity=Severity.VIOLATION,
                pointer=error.pointer or "",
                message=error.what,
                hint=error.hint,
                found=_brief(error.found),
                expected=_brief(error.expected),
                line=error.line,
            )
        ]
        beginning = 1 if iri == _FILE else None
        return [self._as_read(replace(finding, line=finding.line or beginning), iri) for finding in findings]

    def _judged(
        self, results: Sequence[Result], placement: Placement, spelling: Placement, document: Document
    ) -> Iterator[Judged]:
        """What shapes and checks say; `spelling` has the places as the document spells them."""
        needed = results or spelling is not placement
        by_iri = {place.iri: place for place in spelling.places} if needed else {}
        for result in results:
            yield self._from_shape(result, by_iri, document)
        for place in placement.places:
            for check in self._checks.get(type(place.entity), ()):
                for fault in check.function(place, placement):
                    wrong = place if fault.entity is None else placement.place_of(fault.entity)
                    there = by_iri.get(wrong.iri, wrong)
                    yield self._from_check(check, fault, there, document)

    def _from_shape(self, result: Result, places: Mapping[str, Place], document: Document) -> Judged:
        wording = self.book.wording(result.shape, result.component, result.path)
        place, value = places.get(result.focus), result.value
        if result.component == _SPARQL and isinstance(value, ox.NamedNode) and value.value in places:
            place, value = places[value.value], None
        elif isinstance(value, ox.NamedNode) and value.value == result.focus:
            value = None  # the object as a whole
        field = _field(wording.field or result.path)
        reported = found = _python(value, places)
        if place is None:
            return Judged(_about_nothing_known(wording, result, field, found), result)
        missing = result.component == _MISSING
        if field is not None and not missing and (found is None or wording.field is not None):
            found = _brief(place.entity.__dict__.get(field))
        return Judged(
            self._finding(
                wording,
                place,
                document,
                severity=result.severity,
                field=field,
                pointer=pointer_to(document, place, None if missing else field),
                found=found,
                value=reported,
                message=wording.message or result.message,
                expected=spelled(place.entity, field) if missing and field and not wording.expected else None,
            ),
            result,
            spelled(place.entity, field) if missing and field else None,
        )

    def _from_check(self, check: Check, fault: Fault, place: Place, document: Document) -> Judged:
        rule = self.book.rules[check.rule]
        finding = self._finding(
            rule.wording,
            place,
            document,
            severity=fault.severity or rule.severity,
            field=fault.field,
            pointer=pointer_to(document, place, fault.field, fault.index),
            found=_brief(fault.found),
            message=fault.message or rule.wording.message,
            expected=_brief(fault.expected),
        )
        prop = _PROPERTY.get(fault.field or "")
        result = Result(place.iri, RULE + check.rule, f"{RULE}check", finding.severity, path=prop)
        return Judged(finding, result)

    def _disordered(
        self, broken: Iterable[tuple[str, str, str]], spelling: Placement, document: Document
    ) -> Iterator[Judged]:
        """Lists whose positions have gaps or repeats: holder, field, positions."""
        check = Check("position-complete", (), lambda place, placement: iter(()))
        places = {place.iri: place for place in spelling.places}
        for holder, field, positions in broken:
            yield self._from_check(check, Fault(field, found=positions), places[holder], document)

    def _finding(
        self,
        wording: Wording,
        place: Place,
        document: Document,
        *,
        severity: Severity,
        field: str | None,
        pointer: str,
        found: object,
        message: str | None,
        expected: object,
        value: object = None,
    ) -> Finding:
        entity = place.entity
        kind = type(entity).__name__
        words: dict[str, object] = {
            **entity.__dict__,
            "found": found,
            "value": found if value is None else value,
            "kind": kind,
            "id": entity.id,
            "field": None if field is None else spelled(entity, field),
        }
        return Finding(
            rule=wording.rule,
            severity=severity,
            pointer=pointer,
            message=_worded(message, words) or _NO_WORDS,
            hint=_worded(wording.hint, words),
            found=found,
            expected=_worded(wording.expected, words) if expected is None else expected,
            kind=kind,
            id=entity.id,
        )

    def _as_read(self, finding: Finding, root: str) -> Judged:
        """What the reader said of a document whose IRI is `root`, with the rule's hint where it gave none."""
        rule = self.book.rules.get(finding.rule)
        if finding.hint is None and rule is not None and rule.wording.hint is not None:
            words: dict[str, object] = {"found": finding.found, "kind": finding.kind, "id": finding.id}
            finding = replace(finding, hint=_worded(rule.wording.hint, words))
        result = Result(root, RULE + finding.rule, f"{RULE}reader", finding.severity)
        return Judged(finding, result)

    def _without_places(self, results: Iterable[Result]) -> Iterator[Judged]:
        document = Document(DataSet(), "cetsgraph", "DataSet")
        for result in results:
            yield self._from_shape(result, {}, document)


_NO_WORDS = "this does not meet the shape"
_PROPERTY = {prop.field: prop.iri for prop in vocabulary().properties.values()}


def _about_nothing_known(wording: Wording, result: Result, field: str | None, found: object) -> Finding:
    """A result about what is not in the data set's tree."""
    words = {"found": found, "value": found, "kind": "object", "field": field}
    return Finding(
        rule=wording.rule,
        severity=result.severity,
        pointer="",
        message=_worded(wording.message or result.message, words) or _NO_WORDS,
        hint=_worded(wording.hint, words),
        found=result.focus if found is None else found,
        expected=wording.expected,
    )


def _without_pointer(judged: Judged) -> Judged:
    """What decoding says, which names an object by its IRI."""
    finding = judged.finding
    return replace(judged, finding=replace(finding, pointer="", found=finding.found or finding.pointer))


def _by_class(checks: Iterable[Check]) -> dict[type[Entity], tuple[Check, ...]]:
    known = tuple(checks)
    return {
        term.model: found
        for term in vocabulary().concrete()
        if (found := tuple(check for check in known if issubclass(term.model, check.classes)))
    }


def _without_consequences(found: Iterable[Judged], said: Iterable[Finding]) -> Iterator[Judged]:
    """Leave out that a field is missing where the reader said why it could not take it."""
    violations = [finding for finding in said if finding.severity is Severity.VIOLATION]
    refused = {finding.pointer for finding in violations if finding.rule != "required-field"}
    known = {finding.pointer for finding in violations}
    for judged in found:
        finding = judged.finding
        if judged.missing is not None and f"{finding.pointer}/{judged.missing}" in known:
            continue
        if finding.pointer not in refused:
            yield judged


def _in_order(judged: Iterable[Judged]) -> list[Judged]:
    """In document order, of equal findings only the most severe."""
    unique: dict[tuple[str, str, str], Judged] = {}
    for one in judged:
        finding = one.finding
        said = finding.message if finding.found is None else str(finding.found)
        key = (finding.rule, finding.pointer, said)
        known = unique.get(key)
        if known is None or known.finding.severity < finding.severity:
            unique[key] = one
    return sorted(unique.values(), key=lambda one: (_natural(one.finding.pointer), one.finding.rule))


def _natural(pointer: str) -> list[tuple[bool, int, str]]:
    return [
        (step.isdecimal(), int(step) if step.isdecimal() and len(step) < 20 else 0, step)
        for step in pointer.split("/")
    ]


def _field(iri: str | None) -> str | None:
    """The model's field of a property, also of one that keeps ids that dangle."""
    if iri is None:
        return None
    name = iri.removeprefix(CETS)
    return _FIELDS.get(name)


_FIELDS = {
    name: prop.field
    for prop in vocabulary().properties.values()
    for name in (prop.name, prop.dangling)
    if name is not None
}


def _worded(template: str | None, words: Mapping[str, object]) -> str | None:
    """Fill in what a rule's text names; what is not there reads as nothing known."""
    if template is None:
        return None
    return _SLOT.sub(lambda slot: _as_text(words.get(slot[1])), template)


def _as_text(value: object) -> str:
    if value is None:
        return "not given"
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(_brief(value))


def _python(value: ox.NamedNode | ox.Literal | None, places: Mapping[str, Place]) -> object:
    """A value as JSON has it; an object by its id."""
    if isinstance(value, ox.NamedNode):
        place = places.get(value.value)
        return value.value.removeprefix(CETS) if place is None else place.entity.id or place.pointer
    if value is None:
        return None
    try:
        return _brief(python_value(value))
    except ValueError:
        return _brief(value.value)


def _brief(value: object) -> object:
    """A JSON value of bounded size."""
    if value is None or isinstance(value, bool | int | float):
        return value
    return shortened(str(value), _LONGEST)
