"""What the model has no place for: kept by its place in the document, and written back there."""

import copy
from collections.abc import Mapping
from typing import Any

from cetsgraph.documents.dialects.mapping.session import ABSENT
from cetsgraph.pointers import child_pointer, held_at

__all__ = ["difference", "with_remainder"]


def with_remainder(written: Any, remainder: Mapping[str, Any]) -> Any:
    """The document with what was kept of it, where what held that is still there.

    >>> with_remainder({"a": [{}]}, {"/a/0/b": 1, "/c/d": 2})
    {'a': [{'b': 1}]}
    """
    whole = [written]
    for pointer, found in sorted(remainder.items(), key=lambda item: item[0].count("/")):
        holder, last = held_at(whole, f"/0{pointer}")
        if isinstance(holder, dict):
            if found == ABSENT:
                holder.pop(last, None)
            else:
                holder[last] = copy.deepcopy(found)
        elif isinstance(holder, list) and last.isdecimal() and found != ABSENT:
            _put(holder, int(last), copy.deepcopy(found))
    return whole[0]


def difference(written: Any, source: Any, pointer: str = "") -> dict[str, Any]:
    """What is to be kept so that what is written becomes the source again, nulls and empty lists aside.

    >>> difference({"a": 1, "b": 2}, {"a": 1, "c": 3})
    {'/b': '\\x00absent', '/c': 3}
    """
    if isinstance(written, dict) and isinstance(source, dict):
        kept: dict[str, Any] = {}
        for key in dict.fromkeys((*written, *source)):
            place = child_pointer(pointer, key)
            if source.get(key) in (None, []) and written.get(key) in (None, []):
                continue
            if source.get(key) is None:
                kept[place] = ABSENT
            elif key not in written:
                kept[place] = source[key]
            else:
                kept.update(difference(written[key], source[key], place))
        return kept
    if isinstance(written, list) and isinstance(source, list) and len(written) == len(source):
        together: dict[str, Any] = {}
        for index, (now, before) in enumerate(zip(written, source, strict=True)):
            together.update(difference(now, before, f"{pointer}/{index}"))
        return together
    return {} if written == source else {pointer: source}


def _put(holder: list[Any], index: int, found: Any) -> None:
    if index < len(holder):
        holder[index] = found
    else:
        holder.append(found)
