"""One data set against the rules of a profile: what shapes, checks and the reader say of it.

Shapes run on the graph with numbered nodes, since nothing that they ask depends on an IRI; results are turned
into findings in the words of the rule, at the place in the depositor's own file.
"""

import gc
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain, starmap
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from cetsgraph.collector import without_collector
from cetsgraph.documents import Document, read_data, write
from cetsgraph.documents.file_sets import COMPANION
from cetsgraph.errors import DocumentError
from cetsgraph.findings import Finding, Severity
from cetsgraph.graph import decode, triples
from cetsgraph.graph.placement import Place, Placement, PlaceOf, Scope
from cetsgraph.model import Entity, Raster2D, Raster3D
from cetsgraph.namespaces import CETS
from cetsgraph.validation.checks import CHECKS, Check, Fault
from cetsgraph.validation.checks.structure import broken_lists
from cetsgraph.validation.companions import faults_of_companion
from cetsgraph.validation.engines import Engine, Result, Results
from cetsgraph.validation.files_beside import faults_beside
from cetsgraph.validation.graph_parts import GraphPart, parts_of
from cetsgraph.validation.judgement import Judgement, judgement_of
from cetsgraph.validation.rules import RuleBook
from cetsgraph.validation.verdicts import FILE, Verdict, Verdicts, findings_of, of_graph, of_reader
from cetsgraph.vocabulary import vocabulary

__all__ = ["Judge"]

_PART = 100_000


class Judge:
    """The rules of a profile, ready to judge data sets.

    Args:
        book: the rules.
        load: makes shapes ready.
        limit: how many verdicts of one rule are kept.
        skipped: rules that are not asked.
    """

    def __init__(
        self,
        book: RuleBook,
        load: Callable[[Sequence[str]], Engine],
        limit: int,
        skipped: frozenset[str] = frozenset(),
    ) -> None:
        self.book = book
        self.engine = load(book.texts_of_graphs if book.own else book.texts_of_documents)
        """The shapes for documents as they are read."""
        self._load = load
        self.limit = limit
        self.skipped = skipped
        self.part_size = _PART
        """Triples of a part of a stored graph, which is decoded by itself."""
        asked = book.rules.keys() - skipped
        self._checks = _by_class(
            check for check in CHECKS if check.rule in asked and check.profile in (None, book.profile)
        )

    @cached_property
    def engine_of_graphs(self) -> Engine:
        """The shapes for graphs, which may have any structure."""
        return self.engine if self.book.own else self._load(self.book.texts_of_graphs)

    @without_collector()
    def document(
        self,
        document: Document,
        iri: str | None = None,
        quads: Iterable[ox.Quad] = (),
        folder: Path | None = None,
    ) -> Judgement:
        """All that is wrong with a document.

        Args:
            document: what was read.
            iri: the data set's IRI, if results are to name objects by theirs.
            quads: the graph that the document was read from, if it came as one.
            folder: where files are looked for that the document names; nowhere if not given.
        """
        placement = Placement(document.dataset, iri or "", numbered=iri is None)
        try:
            asked = None if document.source is None else self.book.asked
            results = _validated(self.engine, triples(placement, asked))
        except DocumentError as error:  # a text that no graph holds
            return self._judgement(self._of_reader(findings_of(error), placement.root.iri))
        read = self._of_reader(document.findings, placement.root.iri)
        around = _around(document, placement)
        verdicts = Verdicts(self.book, document, {place.iri: place for place in placement.places})
        by_iri = {place.entity.pointer or place.iri: place for place in placement.places} if quads else {}
        faults = chain(
            self._faults(placement),
            self._disordered(quads, by_iri, placement),
            _beside(placement, folder),
            _of_companion(placement, document),
        )
        judged = (one for one in _within(document, placement, results.found) if one.focus not in around)
        true = (one for one in faults if one[2].iri not in around)
        found = chain(map(verdicts.of_result, judged), starmap(verdicts.of_fault, true))
        return self._judgement(
            chain(read, _without_consequences(found, () if document.origin else document.findings)),
            results.uncounted,
        )

    def graph(self, path: Path, iri: str, dialect: str, form: str) -> Judgement:
        """All that is wrong with a graph in a file of N-Triples, which is read several times.

        Places are those in the document as the writer of its dialect gives it.
        """
        results = self.engine_of_graphs.validate(path)
        found = tuple(results.found)
        parts = parts_of(path, iri, self.part_size) if dialect == "cetsgraph" else []
        try:
            if parts:
                return self._judgement(self._of_parts(parts, iri, form, found), results.uncounted)
        except DocumentError:  # what cannot be decoded is said of the whole
            pass
        try:
            return self._judgement(self._of_graph(path, iri, dialect, form, found), results.uncounted)
        except DocumentError as error:
            undecoded = self._of_reader(map(_without_pointer, findings_of(error)), iri)
            return self._judgement(chain(undecoded, of_graph(self.book, found)), results.uncounted)

    def _of_parts(
        self, parts: Iterable[GraphPart], iri: str, form: str, found: Sequence[Result]
    ) -> Iterator[Verdict]:
        """What is said of the parts of a graph, at the places of the whole."""
        for part in parts:
            results = [result for result in found if all(map(part.holds, _objects(result)))]
            for verdict in self._of_graph(part.path, iri, "cetsgraph", form, results, whole=False):
                pointer = part.pointer(verdict.finding.pointer)
                yield replace(verdict, finding=replace(verdict.finding, pointer=pointer))
            gc.collect()  # objects and their places refer to each other, and the collector is off

    def _of_graph(
        self, path: Path, iri: str, dialect: str, form: str, found: Sequence[Result], *, whole: bool = True
    ) -> Iterator[Verdict]:
        """What is said of a graph, or of a part that has not all regions of its data set.

        Raises:
            DocumentError: it cannot be decoded.
        """
        notes: list[Finding] = []
        document = Document(decode(_quads(path), iri, notes=notes), dialect, form)
        faults = self._faults_of_graph(path, document, iri, whole=whole)
        read = self._of_reader(map(_without_pointer, notes), iri)
        if not found and not faults:
            return read
        data = write(document, dialect).data
        del document  # which would be in memory beside its copy
        written = read_data(data, dialect=dialect)
        placement = Placement(written.dataset, iri)
        verdicts = Verdicts(self.book, written, {place.iri: place for place in placement.places})
        judged = _within(written, placement, found)
        return chain(read, map(verdicts.of_result, judged), starmap(verdicts.of_fault, faults))

    def _faults_of_graph(
        self, path: Path, document: Document, iri: str, *, whole: bool
    ) -> list[tuple[Check, Fault, Place]]:
        """What checks find in a graph, at objects that hold no others, so that these can be forgotten."""
        placement = Placement(document.dataset, iri)
        by_iri = {place.iri: place for place in placement.places}
        disordered = self._disordered(_quads(path), by_iri, placement)
        lists = (one for one in disordered if whole or one[1].field != "regions")
        found = chain(self._faults(placement), lists)
        return [(check, replace(fault, entity=None), _alone(place)) for check, fault, place in found]

    def refused(self, quads: Iterable[ox.Quad], error: DocumentError) -> Judgement:
        """All that is said of a graph that cannot be loaded: why, and which objects have no parent."""
        lines = (quad.triple for quad in quads)
        results = self.engine_of_graphs.validate(
            (ox.serialize(lines, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
        )
        orphans = (
            replace(one, finding=replace(one.finding, pointer=one.result.focus, found=None))
            for one in of_graph(self.book, results.found)
            if one.finding.rule == "hierarchy-parent"
        )
        return self._judgement(chain(self._of_reader(findings_of(error), FILE), orphans), results.uncounted)

    def unreadable(self, error: DocumentError) -> Judgement:
        """What is said of a file of which nothing could be read."""
        findings = (replace(finding, line=finding.line or 1) for finding in findings_of(error))
        return self._judgement(self._of_reader(findings, FILE))

    def _judgement(self, verdicts: Iterable[Verdict], uncounted: Container[str] = ()) -> Judgement:
        asked = (verdict for verdict in verdicts if verdict.finding.rule not in self.skipped)
        with without_collector():
            return judgement_of(asked, self.limit, uncounted)

    def _of_reader(self, findings: Iterable[Finding], root: str) -> Iterator[Verdict]:
        return (of_reader(self.book, finding, root) for finding in findings)

    def _faults(self, placement: Placement) -> Iterator[tuple[Check, Fault, Place]]:
        """What checks find at the objects of a data set."""
        for place in placement.places:
            values = place.entity.__dict__
            for field, checks in self._checks.get(type(place.entity), ()):
                if field is not None and ((value := values[field]) is None or value == []):
                    continue
                for check in checks:
                    for fault in check.function(place, placement):
                        wrong = place if fault.entity is None else placement.place_of(fault.entity)
                        yield check, fault, wrong

    def _disordered(
        self, quads: Iterable[ox.Quad], places: Mapping[str, Place], placement: Placement
    ) -> Iterator[tuple[Check, Fault, Place]]:
        """Lists whose positions have gaps or repeats."""
        if not quads or _POSITIONS.rule not in self.book.rules:
            return
        for holder, field, positions in broken_lists(quads):
            yield _POSITIONS, Fault(field, found=positions), places.get(holder, placement.root)


def _validated(engine: Engine, pieces: Iterator[str]) -> Results:
    """Results for N-Triples: what is more than one piece goes through a file, to be in memory only once."""
    first, second = next(pieces, ""), next(pieces, None)
    if second is None:
        return engine.validate(first)
    from tempfile import TemporaryDirectory  # few documents are so large

    with TemporaryDirectory() as folder:
        path = Path(folder, "graph.nt")
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(chain((first, second), pieces))
        return engine.validate(path)


def _quads(path: Path) -> Iterator[ox.Quad]:
    return ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES)


_POSITIONS = Check("position-complete", (), lambda place, placement: iter(()))
"""The check on graphs that need not have come from a document: `broken_lists`."""
_FILES = Check("files-agree", (), lambda place, placement: iter(()))
"""The check on files in the folder of a document: `faults_beside`."""
_COMPANION = Check("companion-agrees", (), lambda place, placement: iter(()))
"""The check on the companion of a document: `faults_of_companion`."""


def _beside(placement: Placement, folder: Path | None) -> Iterator[tuple[Check, Fault, Place]]:
    """What is wrong with the files that a data set names."""
    for fault, place in () if folder is None else faults_beside(placement, folder):
        yield _FILES, fault, place if fault.entity is None else placement.place_of(fault.entity)


def _of_companion(placement: Placement, document: Document) -> Iterator[tuple[Check, Fault, Place]]:
    """What is wrong with the companion of a document."""
    companion = document.beside.get(COMPANION)
    for fault, place in () if companion is None else faults_of_companion(placement, companion):
        yield _COMPANION, fault, place


def _around(document: Document, placement: Placement) -> frozenset[str]:
    """Images and volumes that the model has around a document of less: nothing is asked of them."""
    if document.form == "DataSet":
        return frozenset()
    return frozenset(
        place.iri
        for place in placement.places
        if isinstance(place.entity, Raster2D | Raster3D) and not place.entity.spellings
    )


def _within(document: Document, placement: Placement, results: Iterable[Result]) -> Iterable[Result]:
    """Results, but those on ids of objects of which a document of a region, or of less, has none.

    These are in other documents.
    """
    if document.form == "DataSet":
        return results
    if document.form == "Region":
        return (result for result in results if result.path not in _IDS_OF_A_DATA_SET)
    held = {type(place.entity) for place in placement.places if place.entity.spellings}
    elsewhere = {
        iri
        for iri, kind in _KINDS_BY_ID.items()
        if not any(issubclass(cls, Entity.kinds[kind]) for cls in held)
    }
    return (result for result in results if result.path not in elsewhere)


_KINDS_BY_ID = {
    f"{CETS}{prop.dangling}": prop.range
    for prop in vocabulary().properties.values()
    if prop.dangling is not None and prop.range is not None
}
"""For the property that keeps ids which lead nowhere: the kind of objects that have these ids."""
_IDS_OF_A_DATA_SET = frozenset(
    f"{CETS}{prop.dangling}"
    for prop in vocabulary().properties.values()
    if prop.dangling is not None and prop.facts.scope == "DataSet"
)
"""Such properties for ids of objects that may stand outside of a region."""


def _alone(place: Place) -> Place:
    """An object at its place, without what holds it and what it holds."""
    nothing: dict[str, Any] = {
        name: None if index is None else [] for name, index, _ in place.entity.children()
    }
    bare = place.entity.model_copy(update=nothing)
    return PlaceOf(bare, place.iri, None, place.field, place.index, Scope())


def _objects(result: Result) -> Iterator[str]:
    """The objects that a result is about, by their IRIs."""
    yield result.focus
    if isinstance(result.value, ox.NamedNode):
        yield result.value.value


def _without_pointer(finding: Finding) -> Finding:
    """What decoding says, which names an object by its IRI."""
    return replace(finding, pointer="", found=finding.found or finding.pointer)


_ByField = Sequence[tuple[str | None, Sequence[Check]]]
"""Checks by the field that must be given."""


def _by_class(checks: Iterable[Check]) -> dict[type[Entity], _ByField]:
    known = tuple(checks)
    return {
        term.model: _by_field(check for check in known if issubclass(term.model, check.classes))
        for term in vocabulary().concrete()
    }


def _by_field(checks: Iterable[Check]) -> _ByField:
    found: dict[str | None, list[Check]] = {}
    for check in checks:
        found.setdefault(check.given, []).append(check)
    return tuple(found.items())


def _without_consequences(verdicts: Iterable[Verdict], read: Iterable[Finding]) -> Iterator[Verdict]:
    """Leave out that a field is missing where the reader said why it could not take it."""
    violations = [finding for finding in read if finding.severity is Severity.VIOLATION]
    refused = {finding.pointer for finding in violations if finding.rule != "required-field"}
    known = {finding.pointer for finding in violations}
    for verdict in verdicts:
        pointer = verdict.finding.pointer
        if verdict.missing is not None and f"{pointer}/{verdict.missing}" in known:
            continue
        if pointer not in refused:
            yield verdict
