"""One object of a source, with an account of which of its values were taken."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

from cetsgraph.importers.numbers import finite
from cetsgraph.importers.tally import SourcePlace, Tally
from cetsgraph.pointers import child_pointer
from cetsgraph.texts import has_unrepresentable

__all__ = ["Fields", "in_stated_order"]

_PRIVATE = re.compile(
    r"e-?mail|phone|fax|street|address|zip|postal|town|contact|corresponding_?author(?!_status)|principal_?investigator",
    re.IGNORECASE,
)
"""Names of values that are never shown, nor what stands below them."""

_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Fields:
    """Values by name: a section of a text, a row, a JSON object. What is not taken is reported at the end.

    >>> tally = Tally()
    >>> values = {"TiltAngle": "3.0", "StageZ": "163.8", "Dose": "nan"}
    >>> section = Fields(values, tally, SourcePlace("a.mdoc", 7))
    >>> section.number("TiltAngle"), section.number("Dose"), section.text("Label")
    (3.0, None, None)
    >>> section.report()
    >>> [finding.rule for finding in tally.findings()]
    ['value-type', 'import-dropped']
    """

    __slots__ = ("_lines", "_parts", "_place", "_placeholder", "_taken", "_tally", "_values", "label")

    def __init__(
        self,
        values: Mapping[str, object],
        tally: Tally,
        place: SourcePlace,
        lines: Mapping[str, int] | None = None,
        label: str = "",
        placeholder: re.Pattern[str] | None = None,
    ) -> None:
        self.label = label
        """Names that lead to the object in its document, for findings: `datasets/*/metadata/`."""
        self._values = values
        self._tally = tally
        self._place = place
        self._lines = lines or {}
        self._placeholder = placeholder
        self._taken: set[str] = set()
        self._parts: dict[str, list[Fields]] = {}

    def __contains__(self, key: str) -> bool:
        return self._values.get(key) is not None

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def place(self, key: str = "") -> SourcePlace:
        """Where a value stands, or the object."""
        if not key:
            return self._place
        pointer = (
            child_pointer(self._place.pointer, key) if self._place.pointer or not self._place.line else ""
        )
        return SourcePlace(self._place.file, self._lines.get(key, self._place.line), pointer)

    def take(self, *keys: str) -> list[Any]:
        """The values as they stand, None for each that is not there; they count as taken.

        A placeholder is no value, and reported.
        """
        self._taken.update(keys)
        return [self._value(key) for key in keys]

    def peek(self, key: str) -> Any:
        """A value as it stands, without taking it."""
        return self._values.get(key)

    def _value(self, key: str) -> Any:
        value = self._values.get(key)
        if self._placeholder and isinstance(value, str) and self._placeholder.search(value):
            self._tally.template(f"{self.label}{key}", self.place(key), found=value)
            return None
        return value

    def leave(self, *keys: str) -> None:
        """Count values as not taken after all, since nothing became of them."""
        self._taken.difference_update(keys)

    def text(self, key: str) -> str | None:
        """A text; None if there is none, or only white space."""
        (value,) = self.take(key)
        no_text = isinstance(value, dict | list | bool) or (isinstance(value, float) and not isfinite(value))
        if no_text or has_unrepresentable(str(value)):
            self.wrong(key, value, "a text that a graph can hold")
            return None
        return None if value is None else str(value).strip() or None

    def number(self, key: str) -> float | None:
        """A finite number; None if there is none. Other words are a finding."""
        (value,) = self.take(key)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        number = None if isinstance(value, bool | dict | list) else finite(str(value))
        if number is None:
            self.wrong(key, value, "a finite number")
        return number

    def integer(self, key: str) -> int | None:
        """A whole number; None if there is none."""
        number = self.number(key)
        if number is not None and not number.is_integer():
            self.wrong(key, number, "a whole number")
            return None
        return None if number is None else int(number)

    def date(self, key: str) -> dt.date | None:
        """The day that a text begins with, as YYYY-MM-DD; None if there is none, and other words are left."""
        text = self.text(key)
        try:
            return None if text is None else dt.date.fromisoformat(text[:10])
        except ValueError:
            self.leave(key)
            return None

    def truth(self, key: str) -> bool | None:
        """True or false, also as a word or digit; None if there is none."""
        (value,) = self.take(key)
        if value is None or isinstance(value, bool):
            return value
        if not str(value).strip():
            return None
        found = _TRUTH.get(str(value).strip().casefold())
        if found is None:
            self.wrong(key, value, "true or false")
        return found

    def numbers(self, key: str, *counts: int, commas: bool = False) -> list[float] | None:
        """Finite numbers that stand beside each other; None if there are none.

        Args:
            key: name of the value.
            counts: how many there may be; any number if not given.
            commas: whether commas stand between them, too, as IMOD allows it.
        """
        (value,) = self.take(key)
        if value is None:
            return None
        text = str(value).replace(",", " ") if commas else str(value)
        words = value if isinstance(value, list) else text.split()
        found = [finite(str(word)) for word in words]
        numbers = [number for number in found if number is not None]
        if len(numbers) < len(found) or (counts and len(numbers) not in counts):
            self.wrong(key, value, f"{' or '.join(map(str, counts)) or 'finite'} numbers")
            return None
        return numbers

    def words(self, key: str) -> list[str]:
        """The texts and numbers of a list, or the only one, as text; none if it is not there."""
        (value,) = self.take(key)
        items = value if isinstance(value, list) else [value]
        if any(isinstance(item, dict | list) for item in items):
            self.leave(key)
        return [str(item) for item in items if isinstance(item, str | int | float)]

    def part(self, key: str, *, text: str | None = None) -> "Fields":
        """The object that a value is, the same one each time; an empty one if it is not there.

        Args:
            key: its name.
            text: name that a text without attributes gets in the object, as of XML; else it is no object.
        """
        if not self._parts.get(key):
            (value,) = self.take(key)
            value = _as_object(value, text)
            if value is not None and not isinstance(value, dict):
                self.wrong(key, value, "an object")
                value = None
            self._parts[key] = [self._below(value or {}, self.place(key).pointer, f"{self.label}{key}/")]
        return self._parts[key][0]

    def parts(self, key: str, *, text: str | None = None) -> "list[Fields]":
        """The objects of a list, the same ones each time; none if it is not there.

        One object stands for a list of one, as in XML; `text` is that of `part`.
        """
        if key not in self._parts:
            (value,) = self.take(key)
            value = _as_object(value, text)
            one = isinstance(value, dict)
            self._parts[key] = [self.part(key, text=text)] if one else self._items(key, value, text)
        return self._parts[key]

    def _items(self, key: str, value: object, text: str | None) -> "list[Fields]":
        if value is not None and not isinstance(value, list):
            self.wrong(key, value, "a list")
        pointer, label = self.place(key).pointer, f"{self.label}{key}/*/"
        found = []
        items = [_as_object(item, text) for item in value] if isinstance(value, list) else []
        for number, item in enumerate(items):
            if item is None:
                continue
            if isinstance(item, dict):
                found.append(self._below(item, f"{pointer}/{number}", label))
            else:
                place = SourcePlace(self._place.file, None, f"{pointer}/{number}")
                self._tally.wrong(label[:-1], place, found=item, expected="an object")
        return found

    def dropped(self, key: str, found: object) -> None:
        """Say that a part of a value that was taken has no field."""
        self._tally.dropped(f"{self.label}{key}", self.place(key), found=found)

    def wrong(self, key: str, found: object, expected: str) -> None:
        """Say that a value is not what it has to be."""
        self._tally.wrong(f"{self.label}{key}", self.place(key), found=found, expected=expected)

    def report(self) -> None:
        """Say what was not taken, of this object and of those taken from it."""
        for key, value in self._values.items():
            if key not in self._taken:
                self._drop(f"{self.label}{key}", value, self.place(key))
        for part in (part for parts in self._parts.values() for part in parts):
            part.report()

    def _below(self, values: Mapping[str, object], pointer: str, label: str) -> "Fields":
        place = SourcePlace(self._place.file, None, pointer)
        return Fields(values, self._tally, place, label=label, placeholder=self._placeholder)

    def _drop(self, label: str, value: object, place: SourcePlace) -> None:
        """Report each value below one that was not taken; where nothing is said, nothing is lost."""
        if isinstance(value, Mapping):
            for key, item in value.items():
                self._drop(
                    f"{label}/{key}",
                    item,
                    SourcePlace(place.file, place.line, child_pointer(place.pointer, key)),
                )
        elif isinstance(value, Sequence) and not isinstance(value, str):
            for number, item in enumerate(value):
                self._drop(
                    f"{label}/*", item, SourcePlace(place.file, place.line, f"{place.pointer}/{number}")
                )
        elif value not in (None, ""):
            self._tally.dropped(label, place, found=None if _PRIVATE.search(label) else value)


def in_stated_order(several: Sequence[Fields], key: str) -> list[Fields]:
    """Objects by the places that they state for themselves, those that state none last; a place is taken
    where there are several."""
    if len(several) < 2:
        return list(several)
    places = [one.integer(key) for one in several]
    order = sorted(range(len(several)), key=lambda at: (places[at] is None, places[at] or 0))
    return [several[at] for at in order]


def _as_object(value: Any, text: str | None) -> Any:
    """A value with its text by a name; nothing for an empty list, or an element of XML without content."""
    if value in ("", []):
        return None
    return {text: value} if text is not None and isinstance(value, str | int | float) else value
