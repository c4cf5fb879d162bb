"""The structural shapes: cardinality, types, bounds and the hierarchy as SHACL, for any graph of our terms.

Graphs name the class of an object and few superclasses, and validators need not infer. So each class has one
shape for its own fields, which targets by name every class that inherits them. Every shape that can be
violated has an IRI: `shape:Raster-width` (a field), `shape:Map-sourceRegionId` (an id that dangles),
`shape:Map-parent` (the tree), `shape:Map-closed` (unknown fields), `shape:hasMap-position` (place in a list).

The shapes hold as well where superclasses have been inferred: nothing that a class is refused is allowed to a
class below it.

A document as it is read is a tree with the model's types, so it cannot break most of them. Those that it can
are a file of their own, which is ready in a quarter of the time.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cetsgraph.derive.ontology import DERIVED_NOTE, RANGES
from cetsgraph.derive.turtle_text import PredicateObjects, block, collection, document, number, text
from cetsgraph.graph.links import LABEL, LINKS
from cetsgraph.namespaces import prefixes
from cetsgraph.vocabulary import DERIVED, ClassTerm, Kind, Property, Vocabulary

__all__ = ["shapes", "shapes_of_documents"]

_PREFIXES = prefixes("cets", "owl", "rdf", "rdfs", "xsd", "sh", "shape", "rule")
_BESIDE = ("rdf:type", "owl:sameAs", *(f"<{iri}>" for iri in sorted({LABEL, *LINKS})))
"""What every object may have beside its fields."""
_WORDS = {"a", "rule:rule", "sh:path", "sh:name", "sh:severity"}
_MET = {"sh:maxCount", "sh:datatype", "sh:nodeKind", "sh:class", "sh:or", "sh:uniqueLang"}
"""What property shapes ask that every data set of the model meets: types and numbers of values."""


class _Shape(NamedTuple):
    """A shape by its name, and what is said of it."""

    name: str
    says: list[PredicateObjects]

    def of_documents(self) -> Iterator["_Shape"]:
        """The property shape with what a document can break of it, if that is anything."""
        if _rule("reference-resolves") in self.says:
            yield self
            return
        says = [statement for statement in self.says if statement[0] not in _MET]
        if not {predicate for predicate, _ in says} <= _WORDS and _path("position") not in says:
            yield _Shape(self.name, says)

    def __str__(self) -> str:
        return block(f"shape:{self.name}", self.says)


def shapes(words: Vocabulary) -> bytes:
    """The structural shapes in Turtle."""
    blocks = (
        *(part for term in words.classes.values() for part in _class(words, term)),
        *(_parent(words, term) for term in words.concrete()),
        _data_set_of_indexed(words),
        *(_position(prop) for prop in words.properties.values() if prop.kind is Kind.PART and prop.many),
        *(_closed(term) for term in words.concrete() if words.subclasses(term.name) == (term.name,)),
    )
    return document(DERIVED_NOTE, _PREFIXES, map(str, blocks))


def shapes_of_documents(words: Vocabulary) -> bytes:
    """The structural shapes that a document as it is read can break, in Turtle.

    They ask for fields that have to be there, bounds, words, and objects that references lead to. Positions
    in lists are not written of documents.
    """
    blocks = (part for term in words.classes.values() for part in _class(words, term, only_of_documents=True))
    return document(DERIVED_NOTE, _PREFIXES, map(str, blocks))


def _class(words: Vocabulary, term: ClassTerm, *, only_of_documents: bool = False) -> Iterator[_Shape]:
    """A node shape for the fields that the class declares, and a property shape for each of them."""
    own = [*words.own(term.name), *(prop for prop in DERIVED if term.name in prop.domains)]
    fields = [shape for prop in own for shape in _field(words, term, prop)]
    if only_of_documents:
        fields = [asked for shape in fields for asked in shape.of_documents()]
    if fields:
        yield _Shape(
            term.name,
            [
                ("a", ["sh:NodeShape"]),
                ("sh:targetClass", _cets(words.subclasses(term.name))),
                ("sh:property", [f"shape:{shape.name}" for shape in fields]),
            ],
        )
        yield from fields


def _field(words: Vocabulary, term: ClassTerm, prop: Property) -> Iterator[_Shape]:
    """The shapes of a field: of its values, of ids that dangle, and of the order of references."""
    yield _property_shape(term, prop.name, prop.label, _values(words, prop))
    if prop.dangling is not None:
        only_resolved = [_at_most(0), _rule("reference-resolves")]
        yield _property_shape(term, prop.dangling, f"{prop.label} id", only_resolved)
    if prop.order is not None:
        one_list: list[PredicateObjects] = [_at_most(1), ("sh:datatype", [RANGES[Kind.ARRAY]])]
        yield _property_shape(term, prop.order, f"{prop.label} order", one_list)


def _property_shape(term: ClassTerm, name: str, label: str, more: Iterable[PredicateObjects]) -> _Shape:
    return _Shape(
        f"{term.name}-{name}",
        [
            ("a", ["sh:PropertyShape"]),
            _path(name),
            ("sh:name", [text(label, "en")]),
            *more,
            ("sh:severity", ["sh:Violation"]),
        ],
    )


def _values(words: Vocabulary, prop: Property) -> Iterator[PredicateObjects]:
    """How many values, of which type, within which bounds."""
    facts = prop.facts
    if facts.required:
        yield "sh:minCount", ["1"]
    if prop.kind is Kind.LANGUAGE_TEXT:
        yield "sh:uniqueLang", ["true"]
        yield "sh:or", [collection(f"[ sh:datatype {datatype} ]" for datatype in _TEXTS)]
        return
    if not prop.many:
        yield _at_most(1)
    if prop.range is not None:
        yield "sh:nodeKind", ["sh:IRI"]
        elsewhere = prop.kind is Kind.REFERENCE or prop.name == "annotates"
        yield _instance_of(words, words.subclasses(prop.range), prop.range, elsewhere)
        return
    yield "sh:datatype", [RANGES[prop.kind]]
    double = prop.kind is Kind.DOUBLE
    for constraint, bound in (
        ("sh:minInclusive", facts.minimum),
        ("sh:maxInclusive", facts.maximum),
        ("sh:minExclusive", facts.above),
    ):
        if bound is not None:
            yield constraint, [number(bound, double)]
    if prop.values:
        values = (str(value) if isinstance(value, int) else text(value) for value in prop.values)
        yield "sh:in", [collection(values)]


def _path(name: str) -> PredicateObjects:
    return "sh:path", [f"cets:{name}"]


def _at_most(count: int) -> PredicateObjects:
    return "sh:maxCount", [str(count)]


def _rule(identifier: str) -> PredicateObjects:
    """The rule that a shape speaks for, where the kind of constraint does not say."""
    return "rule:rule", [f"rule:{identifier}"]


def _instance_of(words: Vocabulary, names: tuple[str, ...], range_: str, elsewhere: bool) -> PredicateObjects:
    """`sh:class`, or alternatives where no type that all the classes are written with says it.

    What is `elsewhere`, in another data set, has no type in this one.
    """
    if len(names) == 1 or words.classes[range_].model.asserted:
        kinds = [names[0] if len(names) == 1 else range_]
    else:
        # Engines stop at the first that holds: the widest first, which is cets:Image where images are among
        # them.
        seen = {_widest(words, name, set(names)) for name in names}
        kinds = sorted(seen, key=lambda name: (-len(words.subclasses(name)), name))
    if len(kinds) == 1 and not elsewhere:
        return "sh:class", [f"cets:{kinds[0]}"]
    others = [_UNTYPED] if elsewhere else []
    return "sh:or", [collection([*(f"[ sh:class cets:{name} ]" for name in kinds), *others])]


_TEXTS = ("xsd:string", "rdf:langString")
_UNTYPED = "[ sh:path rdf:type ; sh:maxCount 0 ]"


def _widest(words: Vocabulary, name: str, allowed: set[str]) -> str:
    """The widest type that instances of the class are written with and that only allowed classes share."""
    types = [other for other in words.classes[name].asserted if set(words.subclasses(other)) <= allowed]
    return max(types, key=lambda other: len(words.subclasses(other)))


def _parent(words: Vocabulary, term: ClassTerm) -> _Shape:
    """Everything has exactly one parent, by one of the relations that may hold it; a data set has none."""
    holding = [prop for prop in words.properties.values() if prop.kind is Kind.PART]
    kinds = set(words.subclasses(term.name))
    inverses = [prop for prop in holding if kinds & set(words.subclasses(prop.range or ""))]
    root = not inverses
    paths = [f"[ sh:inversePath cets:{prop.name} ]" for prop in inverses or holding]
    path = paths[0] if len(paths) == 1 else f"[ sh:alternativePath {collection(paths)} ]"
    return _Shape(
        f"{term.name}-parent",
        [
            ("a", ["sh:PropertyShape"]),
            ("sh:targetClass", [f"cets:{term.name}"]),
            ("sh:path", [path]),
            ("sh:name", [text("parent", "en")]),
            ("sh:minCount", [] if root else ["1"]),
            _at_most(0 if root else 1),
            ("sh:severity", ["sh:Violation"]),
            _rule("hierarchy-parent"),
        ],
    )


def _position(prop: Property) -> _Shape:
    """Objects in a list say their place in it."""
    return _Shape(
        f"{prop.name}-position",
        [
            ("a", ["sh:PropertyShape"]),
            ("sh:targetObjectsOf", [f"cets:{prop.name}"]),
            ("sh:path", ["cets:position"]),
            ("sh:name", [text("position", "en")]),
            ("sh:minCount", ["1"]),
            ("sh:severity", ["sh:Violation"]),
            _rule("position-complete"),
        ],
    )


def _data_set_of_indexed(words: Vocabulary) -> _Shape:
    """Objects that questions start from say which data set they belong to."""
    indexed = [term.name for term in words.concrete() if term.model.indexed]
    return _Shape(
        "inDataSet-given",
        [
            ("a", ["sh:PropertyShape"]),
            ("sh:targetClass", _cets(indexed)),
            ("sh:path", ["cets:inDataSet"]),
            ("sh:name", [text("in data set", "en")]),
            ("sh:minCount", ["1"]),
            ("sh:severity", ["sh:Violation"]),
        ],
    )


def _closed(term: ClassTerm) -> _Shape:
    """No property but those of the class; only for classes without subclasses."""
    lineage = {term.name, *term.ancestors}
    known = [*term.properties, *(prop for prop in DERIVED if lineage & set(prop.domains))]
    return _Shape(
        f"{term.name}-closed",
        [
            ("a", ["sh:NodeShape"]),
            ("sh:targetClass", [f"cets:{term.name}"]),
            ("sh:closed", ["true"]),
            ("sh:ignoredProperties", [collection([*_BESIDE, *_cets(sorted(_names(known)))])]),
            ("sh:severity", ["sh:Violation"]),
            _rule("unknown-field"),
        ],
    )


def _names(properties: Iterable[Property]) -> list[str]:
    """Local names of the properties, and of those that keep ids that dangle and the order of references."""
    return [
        name for prop in properties for name in (prop.name, prop.dangling, prop.order) if name is not None
    ]


def _cets(names: Iterable[str]) -> list[str]:
    return [f"cets:{name}" for name in names]
