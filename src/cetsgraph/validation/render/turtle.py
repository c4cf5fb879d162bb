"""A report for RDF tools: sh:ValidationReport (W3C SHACL, 2017) in Turtle."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pyoxigraph as ox

from cetsgraph.findings import Finding
from cetsgraph.iris import is_iri
from cetsgraph.namespaces import RDF_TYPE, RULE, SH, prefixes
from cetsgraph.validation.phrases import plain
from cetsgraph.validation.render.rule_findings import known_rules

if TYPE_CHECKING:
    from cetsgraph.validation.engines import Result
    from cetsgraph.validation.report import Report

__all__ = ["render"]

_PREFIXES = prefixes("cets", "rule", "sh", "shape", "xsd")


def render(reports: "Sequence[Report]") -> str:
    """A sh:ValidationReport for each report.

    As SHACL has it, `sh:conforms` is false where there is any result, be it a warning. The rule, and the
    pointer and line in the document, stand beside the terms of SHACL as `rule:rule`, `rule:pointer` and
    `rule:line`; `rule:omitted` says how many results are not listed, and
    `rule:uncounted` names the rules of which there are more than were counted, and `rule:skipped` those that
    were not asked, with a `rule:reason`.
    """
    triples = (triple for number, report in enumerate(reports) for triple in _report(report, number))
    return (ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=_PREFIXES) or b"\n").decode()


def _report(report: "Report", number: int) -> Iterator[ox.Triple]:
    node = ox.BlankNode(f"r{number}")
    yield _is(node, "ValidationReport")
    yield ox.Triple(node, _sh("conforms"), ox.Literal(not report.counts))
    yield ox.Triple(node, _rule("file"), _text(report.file))
    yield ox.Triple(node, _rule("profile"), _text(report.profile))
    if report.omitted:
        yield ox.Triple(node, _rule("omitted"), ox.Literal(report.omitted))
    for rule in sorted(report.uncounted):
        yield ox.Triple(node, _rule("uncounted"), _text(rule))
    for index, (rule, why) in enumerate(report.skipped.items()):
        skipped = ox.BlankNode(f"r{number}s{index}")
        yield ox.Triple(node, _rule("skipped"), skipped)
        yield ox.Triple(skipped, _rule("rule"), _rule(rule))
        yield ox.Triple(skipped, _rule("reason"), _text(why))
    known = known_rules(report)
    nodes = [ox.BlankNode(f"r{number}f{index}") for index in range(len(report.findings))]
    for said in nodes:
        yield ox.Triple(node, _sh("result"), said)
    for said, finding, result in zip(nodes, report.findings, report.results, strict=True):
        yield from _result(said, finding, result)
        if finding.rule in known:
            yield ox.Triple(said, _rule("rule"), _rule(finding.rule))


def _result(said: ox.BlankNode, finding: Finding, result: "Result") -> Iterator[ox.Triple]:
    yield _is(said, "ValidationResult")
    yield ox.Triple(said, _sh("focusNode"), _node(result.focus))
    if result.path is not None:
        yield ox.Triple(said, _sh("resultPath"), ox.NamedNode(result.path))
    if result.value is not None:
        yield ox.Triple(said, _sh("value"), result.value)
    yield ox.Triple(said, _sh("sourceShape"), _node(result.shape))
    yield ox.Triple(said, _sh("sourceConstraintComponent"), ox.NamedNode(result.component))
    yield ox.Triple(said, _sh("resultSeverity"), ox.NamedNode(finding.severity.iri))
    yield ox.Triple(said, _sh("resultMessage"), _text(finding.message))
    yield ox.Triple(said, _rule("pointer"), _text(finding.pointer))
    if finding.line is not None:
        yield ox.Triple(said, _rule("line"), ox.Literal(finding.line))
    if finding.hint is not None:
        yield ox.Triple(said, _rule("hint"), _text(finding.hint))


def _is(node: ox.BlankNode, name: str) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(RDF_TYPE), _sh(name))


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(SH + name)


def _rule(name: str) -> ox.NamedNode:
    return ox.NamedNode(RULE + name)


def _node(name: str) -> ox.NamedNode | ox.Literal:
    """The node of an IRI; the name of what has none, such as a blank node or a literal."""
    return ox.NamedNode(name) if is_iri(name) else _text(name)


def _text(text: str) -> ox.Literal:
    return ox.Literal(str(plain(text)))
