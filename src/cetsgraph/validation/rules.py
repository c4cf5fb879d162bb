"""What the files in `shapes/` say about rules: their meaning, their words, and which shapes speak for them.

`profiles.ttl` says which files each profile has (`owl:imports`). Rules and shapes are data: a shape names its
rule, and a rule names the constraints of the structural shapes that are its own. `profiles/` repeats all of
them for other programs, and is not read here.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import pyoxigraph as ox

from cetsgraph import resources
from cetsgraph.documents.content import read_content
from cetsgraph.errors import CetsGraphError, DocumentError, StoreError, UnknownProfile
from cetsgraph.findings import Severity
from cetsgraph.graph import AskedTerms
from cetsgraph.namespaces import DCTERMS, OWL, RDF_TYPE, RDFS, RULE, SH, SHAPES, SKOS
from cetsgraph.texts import nearest
from cetsgraph.validation.shape_terms import asked_by_shapes, named_in
from cetsgraph.validation.wording import Wording

__all__ = ["PROFILES", "Rule", "RuleBook", "rule_book", "shape_files"]

_SHAPES = "https://w3id.org/cetsgraph/shapes/"
_PAGES = "https://w3id.org/cetsgraph/rules/"

_STRUCTURE = "structure"
"""The file of structural shapes, the first of each profile."""

_LARGEST = 16 * 2**20  # bytes of shapes

PROFILES = ("core", "deposition", "best-practice")
"""Names of the profiles; each asks all that those before it ask."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it asks, why, and where that comes from."""

    id: str
    title: str
    definition: str
    scope: str | None
    sources: tuple[str, ...]
    severity: Severity
    """The worst that a finding of it can be."""
    said_by: tuple[str, ...]
    """Of `shapes`, `check`, `reader`, `files`."""
    wording: Wording
    file: str
    """File of `shapes/` that declares it, without its ending: `rules/images`."""
    components: frozenset[str] = frozenset()
    paths: frozenset[str] = frozenset()

    @property
    def page(self) -> str:
        """Address of the page about the rule."""
        return _PAGES + self.id


@dataclass(frozen=True)
class RuleBook:
    """The rules of a profile, and the shapes that speak for them."""

    profile: str
    rules: Mapping[str, Rule]
    texts: tuple[str, ...] = field(repr=False)
    """The shapes graph, in Turtle, in several parts."""
    own: bool
    """Whether some of the shapes are a user's own."""
    checked: frozenset[str]
    """Shapes for other programs: a check finds what they would."""
    _wordings: Mapping[str, Wording] = field(repr=False)
    _by_constraint: Mapping[tuple[str, str | None], Rule] = field(repr=False)

    @property
    def texts_of_graphs(self) -> tuple[str, ...]:
        """The shapes graph without what checks find."""
        return (*self.texts, "\n".join(f"<{shape}> <{SH}deactivated> true ." for shape in self.checked))

    @property
    def texts_of_documents(self) -> tuple[str, ...]:
        """That of graphs without structural shapes that no document as it is read can break."""
        return (_text("documents"), *self.texts_of_graphs[1:])

    @cached_property
    def asked(self) -> AskedTerms | None:
        """What shapes ask documents for; None for all."""
        if self.own:
            return None
        rules = frozenset().union(*(asked_by_shapes(text, self.checked) for text in self.texts[1:]))
        return AskedTerms(rules, rules | named_in(_text("documents")))

    @cached_property
    def _wordings_of_structure(self) -> Mapping[str, Wording]:
        """How results of structural shapes are worded that name their rule; read when there are any."""
        return _over(dict(_wordings(_nodes(self.texts[0], _STRUCTURE))), self.rules)

    def wording(self, shape: str, component: str, path: str | None) -> Wording:
        """How a result of a shape is worded; a shape that no rule is known for is a rule by its own name."""
        named = self._wordings.get(shape)
        if named is None and shape.startswith(SHAPES):
            named = self._wordings_of_structure.get(shape)
        if named is not None:
            return named
        if shape.startswith(SHAPES):
            rule = self._by_constraint.get((component, path)) or self._by_constraint.get((component, None))
            if rule is not None:
                return rule.wording
        return Wording(rule=_local(shape))


def rule_book(profile: str = "core", shapes: Path | None = None) -> RuleBook:
    """The rules of a profile, with those of a shapes file of the user's own.

    >>> "unknown-field" in rule_book("core").rules
    True

    Raises:
        UnknownProfile: there is no such profile.
        CetsGraphError: the shapes file cannot be read or is not Turtle.
    """
    if profile not in PROFILES:
        raise UnknownProfile(profile, known=PROFILES, suggestions=nearest(profile, PROFILES))
    return _book(profile, None if shapes is None else shapes.resolve())


@cache
def _book(profile: str, own: Path | None) -> RuleBook:
    texts = {name: _text(name) for name in shape_files(profile)}
    rules: dict[str, Rule] = {}
    wordings: dict[str, Wording] = {}
    checked: set[str] = set()
    for name, text in texts.items():
        if name == _STRUCTURE:
            continue
        nodes = _nodes(text, name)
        rules.update((rule.id, rule) for rule in _rules(nodes, name))
        wordings.update(_wordings(nodes))
        checked.update(iri for iri, node in nodes.items() if _is_checked(node))
    if own is not None:
        texts["own"] = text = _read(own)
        _complain_of_shapes(text, str(own))
        wordings.update(_own_wordings(_nodes(text, str(own))))
    return RuleBook(
        profile=profile,
        rules=rules,
        texts=tuple(texts.values()),
        own=own is not None,
        checked=frozenset(checked),
        _wordings=_over(wordings, rules),
        _by_constraint={
            (component, path): rule
            for rule in rules.values()
            for component in rule.components
            for path in (rule.paths or (None,))
        },
    )


def _over(wordings: Mapping[str, Wording], rules: Mapping[str, Rule]) -> Mapping[str, Wording]:
    """The words of shapes, and those of their rules where they have none."""
    return {
        shape: wording.over(rules[wording.rule].wording) if wording.rule in rules else wording
        for shape, wording in wordings.items()
    }


def shape_files(profile: str) -> list[str]:
    """The files of `shapes/` that make a profile, without their ending, in their order.

    >>> shape_files("core")[:2]
    ['structure', 'rules/structure']
    """
    nodes = _nodes(_text("profiles"), "profiles")
    files: list[str] = []
    for iri in nodes[f"{_SHAPES}profiles/{profile}"][f"{OWL}imports"]:
        name = iri.removeprefix(_SHAPES)
        files += shape_files(name.removeprefix("profiles/")) if name.startswith("profiles/") else [name]
    return files


def _text(name: str) -> str:
    return (resources.folder("shapes") / f"{name}.ttl").read_text(encoding="utf-8")


def _complain_of_shapes(text: str, name: str) -> None:
    """Refuse a file in which no shape has anything to ask, and property shapes without a path."""
    quads = list(_parse(text, name))
    said: dict[str, set[str]] = defaultdict(set)
    properties: set[str] = set()
    for quad in quads:
        predicate, subject = quad.predicate.value, str(quad.subject)
        said[subject].add(predicate)
        if predicate == f"{SH}property":
            properties.add(str(quad.object))
        elif predicate == RDF_TYPE and str(quad.object) == f"<{SH}PropertyShape>":
            properties.add(subject)
    shapes = {subject for subject, predicates in said.items() if predicates & _TARGETS}
    types = {str(quad.object) for quad in quads if quad.predicate.value == RDF_TYPE}
    if not shapes and not types & _SHAPES_TYPES:
        raise CetsGraphError(
            "there is no shape in this file",
            where=name,
            expected="a sh:NodeShape or sh:PropertyShape with a target",
            hint="Without shapes nothing would be checked.",
        )
    for shape in sorted(properties):
        if said[shape] and f"{SH}path" not in said[shape]:
            raise CetsGraphError(
                "a property shape has no path", where=name, found=shape, expected="one sh:path in it"
            )


_TARGETS = {f"{SH}{kind}" for kind in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")}
_SHAPES_TYPES = {f"<{SH}NodeShape>", f"<{SH}PropertyShape>"}


def _read(path: Path) -> str:
    try:
        return read_content(path, max_bytes=_LARGEST).data.decode()
    except DocumentError as error:
        raise CetsGraphError(
            "the shapes cannot be read", where=path, found=error.found or error.what, expected=error.expected
        ) from error
    except UnicodeDecodeError as error:
        raise CetsGraphError("the shapes cannot be read", where=path, found=str(error)) from error


def _parse(text: str, name: str) -> Iterator[ox.Quad]:
    try:
        yield from ox.parse(text, format=ox.RdfFormat.TURTLE)
    except SyntaxError as error:
        raise CetsGraphError("the shapes are not well-formed Turtle", where=name, found=str(error)) from error


_Node = dict[str, list[str]]


def _nodes(text: str, name: str) -> dict[str, _Node]:
    """What is said of each IRI that a rule or wording is about, by predicate."""
    nodes: dict[str, _Node] = defaultdict(lambda: defaultdict(list))
    for quad in _parse(text, name):
        subject, value = quad.subject, quad.object
        if isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
            nodes[subject.value][quad.predicate.value].append(value.value)
    return nodes


def _rules(nodes: Mapping[str, _Node], file: str) -> Iterator[Rule]:
    for iri, node in nodes.items():
        if f"{RULE}Rule" not in node[RDF_TYPE]:
            continue
        identifier = iri.removeprefix(RULE)
        try:
            yield Rule(
                id=identifier,
                title=node[f"{RDFS}label"][0],
                definition=node[f"{SKOS}definition"][0],
                scope=_first(node[f"{SKOS}scopeNote"]),
                sources=tuple(node[f"{DCTERMS}source"]),
                severity=max(Severity.from_iri(severity) for severity in node[f"{RULE}severity"]),
                said_by=tuple(sorted(said.removeprefix(RULE) for said in node[f"{RULE}saidBy"])),
                wording=_wording(identifier, node),
                file=file,
                components=frozenset(node[f"{RULE}component"]),
                paths=frozenset(node[f"{RULE}path"]),
            )
        except (IndexError, KeyError, ValueError) as error:
            raise StoreError(f"the rule {identifier} is not whole", location=file) from error


def _is_checked(node: _Node) -> bool:
    """Whether a shape is for other programs, since a check finds what it would."""
    return f"{RULE}rule" in node and f"{RULE}check" in node[f"{RULE}saidBy"]


def _wordings(nodes: Mapping[str, _Node]) -> Iterator[tuple[str, Wording]]:
    for iri, node in nodes.items():
        for rule in node.get(f"{RULE}rule", ()):
            yield iri, _wording(rule.removeprefix(RULE), node)


def _own_wordings(nodes: Mapping[str, _Node]) -> Iterator[tuple[str, Wording]]:
    """What a user's own shapes say, each a rule by its own name unless it names one."""
    yield from _wordings(nodes)
    for iri, node in nodes.items():
        if f"{SH}message" in node and f"{RULE}rule" not in node:
            yield iri, Wording(rule=_local(iri), message=node[f"{SH}message"][0])


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


def _wording(rule: str, node: _Node) -> Wording:
    return Wording(
        rule=rule,
        message=_first(node[f"{RULE}message"]),
        expected=_first(node[f"{RULE}expected"]),
        hint=_first(node[f"{RULE}hint"]),
        field=_first(node[f"{RULE}field"]),
        otherwise=_first(node[f"{RULE}otherwise"]),
    )


def _first(values: Iterable[str]) -> str | None:
    return next(iter(values), None)
