"""The canonical dialect: the model's own names as JSON, with a `$schema`, and `type` where kinds differ.

The tables are read off the model, so that a field added there is read and written without a word here.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from cetsgraph.documents.dialects.canonical_values import (
    date_time,
    files_of_their_own,
    in_languages,
    references,
)
from cetsgraph.documents.dialects.mapping import (
    Choice,
    Dialect,
    FieldRule,
    Moved,
    ObjectMap,
    ReadSession,
    Table,
    WriteSession,
    many,
    nothing,
    one,
    same,
    structural,
)
from cetsgraph.findings import Severity
from cetsgraph.model import DataSet, Entity, Raster, Region, TomoImageSet
from cetsgraph.vocabulary import Kind, Property, vocabulary

__all__ = ["CANONICAL", "SCHEMA", "names_schema"]

SCHEMA = "https://w3id.org/cetsgraph/schema/cets.json"

RENAMED = {"specimen_temperature": "cryogen_temperature"}
"""Fields of older versions of the model."""

MISSPELT = {"Movieframe": "MovieFrame", "SubTomgramSet": "SubTomogramSet"}


def read_data_set(reading: ReadSession, source: Any, form: str) -> DataSet:
    """The data set, without its `$schema`."""
    dataset = table(DataSet).read(reading, source, "", tag="$schema" if names_schema(source) else None)
    assert isinstance(dataset, DataSet)
    return dataset


def write_data_set(writing: WriteSession, dataset: DataSet, form: str) -> dict[str, Any]:
    """The data set as JSON that says what it is."""
    written = table(DataSet).write(writing, dataset, "") or {}
    return {"$schema": SCHEMA, **written}


def names_schema(source: Any) -> bool:
    """Whether the document says itself that it is canonical."""
    return isinstance(source, dict) and source.get("$schema") == SCHEMA


def recognise(source: Any) -> str | None:
    """`DataSet` if the document names the schema, or has a field that only the whole has."""
    if not isinstance(source, dict):
        return None
    return "DataSet" if names_schema(source) or {"regions", "map_sets"} & source.keys() else None


@cache
def table(cls: type[Entity]) -> ObjectMap:
    """The table of a class of the model: every field under its own name."""
    term = vocabulary().classes[cls.__name__]
    fields = {known.field: _rule(cls, known) for known in term.properties}
    fields["type"] = structural(_check_kind(cls), nothing)
    older = {old: new for old, new in RENAMED.items() if new in fields}
    moves = files_of_their_own(cls) if issubclass(cls, Raster) else _MOVES.get(cls)
    return ObjectMap(cls, cls.__name__, fields, modernise=moves, keep_empty=True, older=older)


def _rule(cls: type[Entity], term: Property) -> FieldRule:
    if term.kind is Kind.REFERENCE and term.many:
        return references(term.field)
    if term.kind is Kind.DATETIME:
        return date_time(term.field)
    if term.kind is Kind.LANGUAGE_TEXT:
        return in_languages(term.field)
    if term.kind is not Kind.PART or term.range is None:
        return same
    return (many if term.many else one)(term.field, _table_of_parts(cls, term.range))


def _table_of_parts(cls: type[Entity], range_: str) -> Table:
    kinds = vocabulary().subclasses(range_)
    if kinds == (range_,) and range_ != cls.__name__:
        return table(Entity.kinds[range_])
    return Choice(
        "type",
        lambda: {kind: table(Entity.kinds[kind]) for kind in kinds},
        choose=(lambda source: range_) if range_ in kinds else None,
        older=MISSPELT,
        untagged=kinds if kinds == (range_,) else (),
    )


def _check_kind(cls: type[Entity]) -> Callable[[ReadSession, Any, str, dict[str, Any]], None]:
    """Objects whose place says what they are may say it too."""

    def check(reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
        """Report a type that is misspelt, or is not that of the class."""
        if isinstance(found, str) and MISSPELT.get(found) == cls.__name__:
            reading.report_older(pointer, "this is misspelt", found=found, expected=cls.__name__)
        elif found != cls.__name__:
            reading.report_not_one_of(pointer, found, [cls.__name__], what="type")

    return check


def _lift_tilt_series_sets(reading: ReadSession, source: dict[str, Any], pointer: str) -> dict[str, Any]:
    """Tilt series sets that hang on a collection of movies belong beside it."""
    collections = source.get("movie_stack_collections")
    if not _any_holds(collections, "tilt_series_sets"):
        return source
    lifted: list[Any] = list(source.get("tilt_series_sets") or [])
    kept = []
    for index, collection in enumerate(collections or []):
        place = f"{pointer}/movie_stack_collections/{index}"
        if _any_holds([collection], "tilt_series_sets"):
            lifted += _moved(
                reading, collection["tilt_series_sets"], f"{place}/tilt_series_sets", TomoImageSet
            )
            rest = {name: found for name, found in collection.items() if name != "tilt_series_sets"}
            collection = Moved(rest, place)
        kept.append(collection)
    return {**source, "movie_stack_collections": kept, "tilt_series_sets": lifted}


def _lower_tomogram_sets(reading: ReadSession, source: dict[str, Any], pointer: str) -> dict[str, Any]:
    """Tomogram sets that hang on a region belong in its tomographic imaging: the only one, or a new one."""
    if not _any_holds([source], "tomogram_sets"):
        return source
    moved = _moved(reading, source["tomogram_sets"], f"{pointer}/tomogram_sets", TomoImageSet)
    image_sets = list(source.get("tomo_image_sets") or [])
    if len(image_sets) == 1 and isinstance(image_sets[0], dict):
        own = image_sets[0]
        together = {**own, "tomogram_sets": [*(own.get("tomogram_sets") or []), *moved]}
        image_sets = [Moved(together, f"{pointer}/tomo_image_sets/0")]
    else:
        image_sets.append(Moved({"tomogram_sets": moved}, pointer))
    rest = {name: found for name, found in source.items() if name != "tomogram_sets"}
    return Moved({**rest, "tomo_image_sets": image_sets}, pointer)


def _any_holds(sources: Any, name: str) -> bool:
    return isinstance(sources, list) and any(
        isinstance(source, dict) and isinstance(source.get(name), list) and source[name] for source in sources
    )


def _moved(reading: ReadSession, items: list[Any], pointer: str, owner: type[Entity]) -> list[Any]:
    reading.report(
        "hierarchy-parent",
        pointer,
        f"these belong to a {owner.__name__} and were taken there",
        severity=Severity.INFO,
    )
    return [
        Moved(item, f"{pointer}/{index}") if isinstance(item, dict) else item
        for index, item in enumerate(items)
    ]


_MOVES: Mapping[type[Entity], Callable[[ReadSession, dict[str, Any], str], dict[str, Any]]] = {
    TomoImageSet: _lift_tilt_series_sets,
    Region: _lower_tomogram_sets,
}

CANONICAL = Dialect("cetsgraph", recognise, read_data_set, write_data_set, root=lambda: table(DataSet))
