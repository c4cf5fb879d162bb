"""Data sets over the whole model: every class and field is reached."""

import datetime as dt
import types
from collections.abc import Callable
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from strategies.values import (
    ids,
    integers,
    languages,
    moments,
    numbers,
    references,
    words,
)

from cetsgraph.model import DataSet, Entity
from cetsgraph.model.base import facts_of


def concrete_kinds() -> list[type[Entity]]:
    """Classes of the model that have instances."""
    return [kind for kind in Entity.kinds.values() if not kind.abstract]


@cache
def _options(cls: type[Entity], name: str) -> tuple[Any, ...]:
    """Types that a field may have, without None and annotations."""
    return tuple(_bare(cls.model_fields[name].annotation))


def _bare(kind: Any) -> list[Any]:
    if hasattr(kind, "__metadata__"):
        return _bare(kind.__origin__)
    if get_origin(kind) in (Union, types.UnionType):
        return [option for part in get_args(kind) if part is not type(None) for option in _bare(part)]
    return [kind]


@cache
def _parts_of(cls: type[Entity], name: str) -> tuple[type[Entity] | None, bool]:
    """The class of a field's contained objects, and whether there can be several."""
    kind = _options(cls, name)[0]
    many = get_origin(kind) is list
    inner = _bare(get_args(kind)[0])[0] if many else kind
    return (inner, many) if isinstance(inner, type) and issubclass(inner, Entity) else (None, many)


@cache
def _kinds_of(base: type[Entity]) -> list[type[Entity]]:
    return [kind for kind in concrete_kinds() if issubclass(kind, base)]


def _values(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a type that is not an object of the model."""
    if hasattr(kind, "__metadata__"):
        return _values(kind.__origin__)
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) is list:
        return st.lists(_values(get_args(kind)[0]), max_size=3)
    if get_origin(kind) is dict:
        return languages
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of(*map(_values, get_args(kind)))
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: words,
        float: numbers,
        int: integers,
        bool: st.booleans(),
        dt.date: st.dates(),
        dt.datetime: moments,
        type(None): st.none(),
    }
    return simple[kind]


@cache
def _field_values(cls: type[Entity], name: str, depth: int) -> st.SearchStrategy[Any]:
    inner, many = _parts_of(cls, name)
    if inner is not None:
        one = st.one_of([entities(kind, depth - 1) for kind in _kinds_of(inner)])
        if not many:
            return one
        several = st.lists(one, max_size=2)
        twice = one.map(lambda entity: [entity, entity.model_copy(deep=True)])
        return st.one_of(several, several, twice)
    if facts_of(cls.model_fields[name].json_schema_extra).target is not None:
        return st.lists(references, max_size=4) if many else references
    if name == "id":
        return ids
    return st.one_of([_values(option) for option in _options(cls, name)])


@st.composite
def entities(draw: Callable[[st.SearchStrategy[Any]], Any], cls: type[Entity], depth: int = 2) -> Entity:
    """An object of one class with up to twelve of its fields; `depth` levels of objects below it."""
    names = [name for name in cls.model_fields if depth > 0 or _parts_of(cls, name)[0] is None]
    chosen = draw(st.lists(st.sampled_from(sorted(names)), max_size=12, unique=True))
    return cls(**{name: draw(_field_values(cls, name, depth)) for name in chosen})


@cache
def _way_to(cls: type[Entity]) -> tuple[tuple[type[Entity], str], ...]:
    """The shortest way from a DataSet down to a class, as (class, field) steps."""
    ways: dict[type[Entity], tuple[tuple[type[Entity], str], ...]] = {DataSet: ()}
    queue: list[type[Entity]] = [DataSet]
    for holder in queue:
        for name in holder.model_fields:
            inner, _ = _parts_of(holder, name)
            for kind in _kinds_of(inner) if inner is not None else ():
                if kind not in ways:
                    ways[kind] = (*ways[holder], (holder, name))
                    queue.append(kind)
    return ways[cls]


def _put(holder: Entity, name: str, entity: Entity) -> None:
    if _parts_of(type(holder), name)[1]:
        getattr(holder, name).append(entity)
    else:
        setattr(holder, name, entity)


def filled(cls: type[Entity], depth: int = 2) -> Entity:
    """The same object each time, with every field set that fits into `depth` levels of objects."""
    values: dict[str, Any] = {}
    for name in cls.model_fields:
        inner, many = _parts_of(cls, name)
        if inner is None:
            values[name] = _example_of(cls, name)
        elif depth > 0:
            kinds = _kinds_of(inner) if many else _kinds_of(inner)[:1]
            objects = [filled(kind, depth - 1) for kind in kinds]
            values[name] = objects if many else objects[0]
    return cls(**values)


@cache
def _example_of(cls: type[Entity], name: str) -> Any:
    return f"{cls.__name__}.{name}" if name == "id" else _example(_options(cls, name)[0])


def _example(kind: Any) -> Any:
    if hasattr(kind, "__metadata__"):
        return _example(kind.__origin__)
    if get_origin(kind) is Literal:
        return get_args(kind)[-1]
    if get_origin(kind) is list:
        return [_example(get_args(kind)[0]), _example(get_args(kind)[0])]
    if get_origin(kind) in (Union, types.UnionType):
        return _example(get_args(kind)[0])
    simple: dict[Any, Any] = {str: "Å 1", float: -0.5, int: 3, bool: False, dt.date: dt.date(2024, 2, 29)}
    simple[dt.datetime] = dt.datetime(2024, 2, 29, 12, 30, 0, 250000, tzinfo=dt.UTC)
    return simple[kind]


def dataset_with(entity: Entity) -> DataSet:
    """A data set that holds nothing but the object, and what must be around it."""
    for holder, name in reversed(_way_to(type(entity))):
        outer = holder()
        _put(outer, name, entity)
        entity = outer
    assert isinstance(entity, DataSet)
    return entity


@st.composite
def datasets(draw: Callable[[st.SearchStrategy[Any]], Any]) -> DataSet:
    """A data set that holds objects of up to three classes, wherever in the tree these can be."""
    dataset = draw(entities(DataSet, 1))
    assert isinstance(dataset, DataSet)
    for cls in draw(st.lists(st.sampled_from([*concrete_kinds()]), min_size=1, max_size=3)):
        if cls is DataSet:
            continue
        entity = draw(entities(cls))
        for holder, name in reversed(_way_to(cls)[1:]):
            outer = draw(entities(holder, 0))
            _put(outer, name, entity)
            entity = outer
        _put(dataset, _way_to(cls)[0][1], entity)
    return dataset
