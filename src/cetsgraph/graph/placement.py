"""Where every object of a data set stands: its IRI, its parent, and what its references lead to."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import count
from typing import Any, Generic, TypeVar, cast

from cetsgraph.collector import without_collector
from cetsgraph.iris import child_iri, is_iri
from cetsgraph.model import (
    Alignment,
    Annotation,
    AnnotationSet,
    DataSet,
    Entity,
    MovieAlignment,
    MovieFrame,
    MovieStack,
    TiltSeriesMicrograph,
    TiltSeriesMicrographStack,
)
from cetsgraph.pointers import child_pointer, follow
from cetsgraph.vocabulary import ClassTerm, Kind, Property, vocabulary

__all__ = ["SAY_WHERE", "Place", "PlaceOf", "Placement", "Scope", "reference_of"]

_Found = TypeVar("_Found")
_Kind = TypeVar("_Kind", bound=Entity)
_Held = TypeVar("_Held", bound=Entity, covariant=True)


class PlaceOf(Generic[_Held]):
    """One object of a class in its data set.

    `field` and `index` say where its parent holds it; `index` is None where the parent holds just one.
    """

    __slots__ = ("entity", "field", "index", "iri", "parent", "scope")

    def __init__(
        self, entity: _Held, iri: str, parent: "Place | None", field: str, index: int | None, scope: "Scope"
    ) -> None:
        self.entity = entity
        self.iri = iri
        self.parent = parent
        self.field = field
        self.index = index
        self.scope = scope

    @property
    def pointer(self) -> str:
        """JSON pointer of the object in the canonical form of its data set."""
        if self.parent is None:
            return ""
        steps = (self.field,) if self.index is None else (self.field, self.index)
        return child_pointer(self.parent.pointer, *steps)

    def holder(self, cls: type[_Kind]) -> "PlaceOf[_Kind] | None":
        """The nearest object of a class that holds this one."""
        held = self.parent
        while held is not None and not isinstance(held.entity, cls):
            held = held.parent
        return cast("PlaceOf[_Kind] | None", held)


Place = PlaceOf[Entity]
"""An object of any class in its data set."""


@dataclass(slots=True, eq=False)
class Scope:
    """The objects among which an id is looked up, by class and id; the first of two equal ids is found.

    The scope of a region has that `region`, and the scope of the `whole` data set above it. Tilt series and
    movies have scopes of their own for their images and frames, with the region's as the `outer` one; there,
    an id that images of several series have, or frames of several movies, leads to none of them.
    """

    whole: "Scope | None" = None
    region: Place | None = None
    outer: "Scope | None" = None
    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    ambiguous: set[tuple[str, str]] = field(default_factory=set)

    def add(self, place: Place, kinds: tuple[str, ...], identifier: str) -> None:
        """Enter an object by its id under each of its kinds; the first of an id stays."""
        for kind in kinds:
            key = (kind, identifier)
            self.places.setdefault(key, place)
            if self.outer is not None:
                self.outer.add_inner(place, key)
            if self.whole is not None:
                self.whole.places.setdefault(key, place)

    def add_inner(self, place: Place, key: tuple[str, str]) -> None:
        """Add what stands in a scope within this one."""
        known = self.places.setdefault(key, place)
        if known.scope is not place.scope and type(known.entity) is type(place.entity) in _WITHIN:
            self.ambiguous.add(key)

    def ids(self, kind: str) -> list[str]:
        """The ids of a kind here, in the order of the document."""
        return [identifier for known, identifier in self.places if known == kind]

    def find(self, key: tuple[str, str]) -> Place | None:
        """What has the id here, else in the outer scope."""
        found = self.places.get(key)
        if found is None and self.outer is not None:
            return self.outer.find(key)
        return None if key in self.ambiguous else found


_WITHIN: dict[type[Entity], type[Entity]] = {
    TiltSeriesMicrograph: TiltSeriesMicrographStack,
    MovieFrame: MovieStack,
}
"""Objects whose ids are unique within something smaller than a region, as cets-data-models has it."""

_NAMED_OWNERS: dict[str, tuple[type[Entity], str]] = {
    "TiltSeriesMicrograph": (Alignment, "tilt_series_id"),
    "MovieFrame": (MovieAlignment, "movie_stack_id"),
}
"""For the kind that a reference leads to: what names the series or movie in which it is looked up."""

SAY_WHERE = frozenset({"source_region_id", *(name for _, name in _NAMED_OWNERS.values())})
"""References that say where others are looked up."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """What placing needs to know of a class."""

    parts: tuple[tuple[str, str, bool], ...]
    target_kinds: tuple[str, ...]
    opens_scope: bool
    source_region: Property | None


class Placement:
    """All objects of a data set in document order, parents before their parts."""

    def __init__(
        self,
        dataset: DataSet,
        iri: str = "",
        *,
        numbered: bool = False,
        first_region: int = 0,
        taken: Iterable[str] = (),
    ) -> None:
        """Place a data set.

        Args:
            dataset: the data set.
            iri: its IRI.
            numbered: whether IRIs are `n:0`, `n:1` … in the order of the objects: short names for a graph
                that nobody keeps.
            first_region: number of the first region, where others that are not here come before.
            taken: IRIs of those.
        """
        self._first_region = first_region
        self._taken = set(taken)
        self.numbered = numbered
        self.whole = Scope()
        self.base_address = dataset.base_address
        self.root: Place = PlaceOf(dataset, iri, None, "", None, self.whole)
        with without_collector():
            self.places = list(self._place())
        self._owners: dict[Place, Place | None] = {}
        self._about: dict[Place, Place | None] = {}
        self._known: dict[Hashable, Any] = {}

    def _place(self) -> Iterator[Place]:
        taken = self._taken
        layouts = _layouts()
        stack = [self.root]
        for number in count():
            if not stack:
                return
            place = stack.pop()
            if self.numbered:
                place.iri = f"n:{number}"
            entity = place.entity
            layout = layouts[type(entity)]
            if entity.id is not None and place.parent is not None:
                place.parent.scope.add(place, layout.target_kinds, entity.id)
            yield place
            values = entity.__dict__
            below: list[Place] = []
            for name, noun, many in layout.parts:
                value = values[name]
                if not value:
                    continue
                start = self._first_region if name == "regions" else 0
                for index, child in enumerate(value, start) if many else ((None, value),):
                    iri = "" if self.numbered else child_iri(place.iri, noun, child.id, index or 0, taken)
                    below.append(PlaceOf(child, iri, place, name, index, place.scope))
            for child_place in below:
                if layouts[type(child_place.entity)].opens_scope:
                    child_place.scope = self._opened(child_place)
            stack.extend(reversed(below))

    def around_regions(self) -> tuple[list[Place], list[Place]]:
        """The objects up to the last of the last region, and those that come after regions."""
        names = [name for name, _, _ in _layouts()[DataSet].parts]
        later = set(names[names.index("regions") + 1 :])
        for number, place in enumerate(self.places):
            if place.parent is self.root and place.field in later:
                return self.places[:number], self.places[number:]
        return self.places, []

    def _opened(self, place: Place) -> Scope:
        """The scope of a region, or that of a tilt series or movie within the scope around it."""
        if place.entity.__class__ in _WITHIN.values():
            return Scope(self.whole, place.scope.region, place.scope)
        return Scope(self.whole, place)

    def resolve(self, place: Place, reference: Property, value: str) -> Place | None:
        """The object that a reference leads to, or None if the data set has no such object.

        The id of a tilt image is looked up in the series that the alignment names, that of a frame in the
        movie, and then in all of the region, where it must be the only one; others in the region
        that the object's `source_region_id` names, else in its own region, or in the whole data set where the
        field says so. `#/…` is a place in the document, and leads only to what no id leads to, so that every
        reference can be written in one way.
        """
        found = self._by_id(place, reference, value)
        if found is None and value.startswith("#/"):
            there = self._at(value[1:], reference)
            if there is not None and self._by_id(place, reference, there.entity.id) is not there:
                return there
        return found

    def target(self, place: Place, reference: Property, value: str) -> str | None:
        """The IRI that a reference leads to, here or in another data set; None if it leads nowhere."""
        found = self._found(place, reference, value)
        return found.iri if isinstance(found, PlaceOf) else found

    def is_elsewhere(self, value: str) -> bool:
        """Whether the value of a reference is the IRI of an object of another data set."""
        own = self.root.iri
        return "://" in value and value != own and not value.startswith(f"{own}/") and is_iri(value)

    def in_order(self, place: Place, reference: Property, values: Iterable[str]) -> list[str]:
        """Values of a reference as a graph gives them: in document order, then IRIs, then other ids."""
        numbers = self._numbers

        def key(value: str) -> tuple[int, int, str]:
            """The place of what a value refers to; what is elsewhere comes after, what is nowhere last."""
            found = self.resolve(place, reference, value)
            if found is not None:
                return 0, numbers[id(found)], ""
            return 1 if self.is_elsewhere(value) else 2, 0, value

        return sorted(dict.fromkeys(values), key=key)

    def reference_to(self, place: Place, reference: Property, target: Place) -> str:
        """The value by which `place` refers to `target`: its id, or `#/…` where no id leads there."""
        identifier = target.entity.id
        if identifier is not None and self._by_id(place, reference, identifier) is target:
            return identifier
        return f"#{target.pointer}"

    def _by_id(self, place: Place, reference: Property, identifier: str | None) -> Place | None:
        if identifier is None or reference.range is None:
            return None
        key = (reference.range, identifier)
        owner = self._named_owner(place, reference.range)
        found = None if owner is None else owner.scope.places.get(key)
        return found or self._scope(place, reference).find(key)

    def _named_owner(self, place: Place, kind: str) -> Place | None:
        """The series or movie that is named where an alignment refers to an image or frame."""
        if kind not in _NAMED_OWNERS:
            return None
        cls, name = _NAMED_OWNERS[kind]
        holder = place if isinstance(place.entity, cls) else place.holder(cls)
        if holder is None:
            return None
        if holder not in self._owners:  # of all rows of an alignment
            value = holder.entity.__dict__[name]
            self._owners[holder] = self.resolve(holder, reference_of(cls, name), value) if value else None
        return self._owners[holder]

    def _scope(self, place: Place, reference: Property) -> Scope:
        if reference.field == "source_region_id":
            return self.whole
        source_region = _layouts()[type(place.entity)].source_region
        value = place.entity.__dict__["source_region_id"] if source_region else None
        region = self.resolve(place, source_region, value) if source_region and value else None
        if region is not None:
            return region.scope
        return self.whole if reference.facts.scope == "DataSet" else place.scope

    def _at(self, pointer: str, reference: Property) -> Place | None:
        """The object at a place of the canonical document, if the reference can lead to its kind."""
        found = follow(self.root.entity, pointer)
        return self.place_of(found) if isinstance(found, Entity.kinds[reference.range or ""]) else None

    def subjects(self, place: Place) -> list[Place | str]:
        """What an annotation is about: the objects or tomograms that it names, else its owner.

        Objects of other data sets are given by their IRI. Members of a set are about what the set is about;
        the geometry inside a shape is a part of it and about nothing by itself.
        """
        if not isinstance(place.entity, Annotation):
            return []
        for reference in _named_targets():
            value = place.entity.__dict__[reference.field]
            values = [] if value is None else value if isinstance(value, list) else [value]
            found = dict.fromkeys(self._found(place, reference, one) for one in values)
            if named := [one for one in found if one is not None]:
                return named
        if place.parent is None:
            return []
        if place.field == "annotations":
            return [place.parent]
        return self.subjects(place.parent) if isinstance(place.parent.entity, AnnotationSet) else []

    def _found(self, place: Place, reference: Property, value: str) -> Place | str | None:
        """The object that a reference leads to, or the IRI of one of another data set."""
        return self.resolve(place, reference, value) or (value if self.is_elsewhere(value) else None)

    def about(self, place: Place) -> Place | None:
        """The one object of the data set that an annotation is about, if it is one."""
        if place not in self._about:  # many checks ask
            found = self.subjects(place)
            self._about[place] = found[0] if len(found) == 1 and isinstance(found[0], PlaceOf) else None
        return self._about[place]

    def once(self, key: Hashable, work_out: Callable[[], _Found]) -> _Found:
        """What is worked out for one question about the data set, and serves others that have this key."""
        if key not in self._known:
            self._known[key] = work_out()
        found: _Found = self._known[key]
        return found

    @cached_property
    def by_class(self) -> Mapping[type[Entity], Sequence[Place]]:
        """Where the objects of each class stand."""
        places: dict[type[Entity], list[Place]] = {}
        for place in self.places:
            places.setdefault(type(place.entity), []).append(place)
        return places

    def of(self, *classes: type[_Kind]) -> "Iterator[PlaceOf[_Kind]]":
        """Where the objects of some classes stand, class by class."""
        for cls, places in self.by_class.items():
            if issubclass(cls, classes):
                yield from cast(Sequence[PlaceOf[_Kind]], places)

    def place_of(self, entity: _Kind) -> "PlaceOf[_Kind]":
        """Where an object of the data set stands."""
        return cast(PlaceOf[_Kind], self._by_entity[id(entity)])

    @cached_property
    def _by_entity(self) -> Mapping[int, Place]:
        return {id(place.entity): place for place in self.places}

    @cached_property
    def _numbers(self) -> Mapping[int, int]:
        """The places of objects in document order."""
        return {id(place): number for number, place in enumerate(self.places)}


@cache
def reference_of(model: type[Entity], field: str) -> Property:
    """The property of a class that its objects refer by in a field."""
    return next(prop for prop in vocabulary().classes[model.__name__].properties if prop.field == field)


@cache
def _named_targets() -> tuple[Property, ...]:
    """References of an annotation that say what it is about, the first that resolves."""
    properties = {prop.field: prop for prop in vocabulary().classes["Annotation"].properties}
    return properties["target_id"], properties["source_tomogram_id"]


@cache
def _layouts() -> dict[type[Entity], _Layout]:
    terms = vocabulary()
    targets = {prop.range for prop in terms.properties.values() if prop.kind is Kind.REFERENCE and prop.range}
    return {term.model: _layout(term, targets) for term in terms.classes.values()}


def _layout(term: ClassTerm, targets: set[str]) -> _Layout:
    parts = tuple(
        (prop.field, prop.facts.name or prop.field, prop.many)
        for prop in term.properties
        if prop.kind is Kind.PART
    )
    if len({noun for _, noun, _ in parts}) < len(parts):
        raise TypeError(f"two parts of {term.name} have the same noun")
    return _Layout(
        parts=parts,
        target_kinds=tuple(name for name in (term.name, *term.ancestors) if name in targets),
        opens_scope=term.name == "Region" or term.model in _WITHIN.values(),
        source_region=next((prop for prop in term.properties if prop.field == "source_region_id"), None),
    )
