"""Rules of place: objects that the source lists on one object, and that the model has further down.

The region of a dialect may list its tilt series, which the model has in sets, and these in an image set:

    "tilt_series": Within(
        TILT_SERIES, "tomo_image_sets", TomoImageSet, "tilt_series_sets", TiltSeriesSet, "tilt_series"
    )
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cetsgraph.documents.dialects.mapping.rules import Table, read_list, write_list
from cetsgraph.documents.dialects.mapping.session import ReadSession, WriteSession
from cetsgraph.model import Entity

__all__ = ["SeveralWithin", "SoleWithin", "Within"]


class Within:
    """A list of the source that stands further down in the model.

    Reading makes the objects on the way where they are missing. The outermost of them is shared by all rules
    that begin with its field, and comes from where the source object is; the others come from the list.
    Writing takes the objects of all of them, in order, and reports what else the objects on the way hold:
    of the outermost, the table of the source object reports that, since several rules share it.

    Args:
        table: of the objects in the list.
        way: field and class in turn, from the source object's down to the field that holds the list.
        inherited: fields of the innermost object on the way that its parts take over where they have none.
        covers: fields of the model of which this is the spelling.
    """

    def __init__(
        self,
        table: Table,
        *way: str | type[Entity],
        inherited: Sequence[str] = (),
        covers: tuple[str, ...] = (),
    ) -> None:
        self.table = table
        self.fields = [step for step in way if isinstance(step, str)]
        self.classes = [step for step in way if not isinstance(step, str)]
        self.inherited = tuple(inherited)
        self.covers = covers

    def read(self, reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
        self.place(read_list(reading, self.table, found, pointer), pointer, values)

    def place(self, entities: list[Entity], pointer: str, values: dict[str, Any]) -> None:
        """Put objects that were read at a pointer to where the model has them."""
        if not entities:
            return
        came_from = pointer.rpartition("/")[0]
        for name, cls in zip(self.fields, self.classes, strict=False):
            holders: list[Entity] = values.setdefault(name, [])
            if not holders:
                holders.append(cls().came_from(came_from))
            values, came_from = holders[0].__dict__, pointer
        values[self.fields[-1]].extend(entities)

    def write(self, writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        """Write the objects of all inner lists as one; what their holders have beside them is reported."""
        holders = list(self.holders(writing, values, pointer))
        if len(holders) > len(values[self.fields[0]]):
            message = f"several {self.classes[-1].__name__} become one list"
            writing.report_normalised(pointer, message, found=len(holders))
        return [
            written
            for holder, place in holders
            for written in write_list(writing, self.table, self._parts(holder), f"{place}/{self.fields[-1]}")
        ]

    def holders(
        self, writing: WriteSession, values: Mapping[str, Any], pointer: str
    ) -> Iterator[tuple[Entity, str]]:
        """The objects that hold the lists, with their places; what else they hold is reported."""
        for holder, place in _members(values, self.fields[:-1], pointer):
            if len(self.classes) > 1:
                writing.report_others(holder, place, self.fields[-1], *self.inherited)
            yield holder, place

    def _parts(self, holder: Entity) -> list[Entity]:
        parts: list[Entity] = getattr(holder, self.fields[-1])
        return [self._with_inherited(part, holder) for part in parts]

    def _with_inherited(self, part: Entity, holder: Entity) -> Entity:
        update = {
            name: found
            for name in self.inherited
            if (found := getattr(holder, name)) is not None and getattr(part, name) is None
        }
        return part.model_copy(update=update) if update else part


class SoleWithin(Within):
    """The only object of what the model has as a list; nothing is written where there are several."""

    def read(self, reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
        entity = self.table.read(reading, found, pointer)
        self.place([] if entity is None else [entity], pointer, values)

    def write(self, writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        return super().write(writing, values, pointer)[0] if self.count(values) == 1 else None

    def count(self, values: Mapping[str, Any]) -> int:
        """How many objects there are to write."""
        holders = _members(values, self.fields[:-1], "")
        return sum(len(getattr(holder, self.fields[-1])) for holder, _ in holders)


class SeveralWithin(SoleWithin):
    """The list for what `SoleWithin` cannot write; reading reports that it is older.

    Args:
        older: says what the source has now.
    """

    def __init__(self, table: Table, *way: str | type[Entity], older: str) -> None:
        super().__init__(table, *way)
        self.older = older

    def read(self, reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
        reading.report_older(pointer, self.older)
        Within.read(self, reading, found, pointer, values)

    def write(self, writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        return Within.write(self, writing, values, pointer) if self.count(values) > 1 else None


def _members(values: Mapping[str, Any], way: Sequence[str], pointer: str) -> Iterator[tuple[Entity, str]]:
    """The objects at the end of a way through lists, with their places."""
    name, *rest = way
    for index, entity in enumerate(values[name]):
        place = f"{pointer}/{name}/{index}"
        if rest:
            yield from _members(entity.__dict__, rest, place)
        else:
            yield entity, place
