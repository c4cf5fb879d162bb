"""Rules of nesting: objects that the source holds in those that they belong to, and the model beside these.

In the source, a set of sub-tomograms holds the maps made from it. The model has sets of maps beside the sets
of sub-tomograms, which they refer to:

    "subtomograms": Joined(
        SUB_TOMOGRAM_SET, "sub_tomogram_sets", MAP_SET, "map_sets", key="maps", by="sub_tomogram_set_id",
        merged="map sets of one set of sub-tomograms become one",
    )
"""

from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any

from cetsgraph.documents.dialects.mapping.rules import read_list
from cetsgraph.documents.dialects.mapping.session import Moved, ReadSession, WriteSession
from cetsgraph.documents.dialects.mapping.table import ObjectMap

__all__ = ["Joined", "read_items"]


@dataclass(frozen=True, slots=True)
class Joined:
    """A list whose objects hold what the model has beside them, and joins by reference."""

    holder: ObjectMap
    """Table of the objects in the list; it passes over the field `key`."""
    holders: str
    """Field of the model that has the list."""
    group: ObjectMap
    """Table of what one of them holds under `key`."""
    groups: str
    """Field of the model that has all of these."""
    _: KW_ONLY
    key: str
    """Source field of an object in the list, and of the table `group`."""
    by: str
    """The reference of a group to its holder."""
    merged: str
    """What is reported where several groups of one holder become one."""

    @property
    def covers(self) -> tuple[str, ...]:
        return self.holders, self.groups

    def read(self, reading: ReadSession, found: Any, pointer: str, values: dict[str, Any]) -> None:
        """Read the holders and, into a list of their own, what they hold."""
        values[self.holders] = holders = []
        values[self.groups] = groups = []
        for place, source, holder in read_items(reading, self.holder, found, pointer):
            holders.append(holder)
            if held := source.get(self.key):
                parts: dict[str, Any] = {}
                self.group.fields[self.key].read(reading, held, f"{place}/{self.key}", parts)
                group = self.group.build(reading, source, place, parts)
                reading.link(group, self.by, holder)
                groups.append(group)

    def write(self, writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        """Write each group into the holder that it refers to."""
        written: list[dict[str, Any]] = []
        known: dict[str, dict[str, Any]] = {}
        for index, holder in enumerate(values[self.holders]):
            place = f"{pointer}/{self.holders}/{index}"
            written.append(self.holder.write(writing, holder, place) or {})
            known.setdefault(f"#{place}", written[-1])
            known.setdefault(holder.id or f"#{place}", written[-1])
        for index, group in enumerate(values[self.groups]):
            place = f"{pointer}/{self.groups}/{index}"
            item = known.get(getattr(group, self.by) or "")
            if item is None:
                writing.report_left_out(group, place)
                continue
            if self.key in item:
                writing.report_normalised(place, self.merged)
            parts = (self.group.write(writing, group, place) or {}).get(self.key, [])
            item.setdefault(self.key, []).extend(parts)
        return written


def read_items(
    reading: ReadSession, table: ObjectMap, found: Any, pointer: str
) -> Iterator[tuple[str, dict[str, Any], Any]]:
    """Objects of a list with their places and sources, for tables that leave fields to their holder."""
    if not isinstance(found, list):
        read_list(reading, table, found, pointer)  # reports what is wrong
        return
    for index, source in enumerate(found):
        place = source.pointer if isinstance(source, Moved) else f"{pointer}/{index}"
        if (entity := table.read(reading, source, place)) is not None:
            yield place, source, entity
