"""Values of canonical JSON that it has no type for, and the forms in which they are met."""

from collections.abc import Callable, Mapping
from typing import Any

from cetsgraph.documents.dialects.mapping import (
    FieldRule,
    Moved,
    ReadSession,
    WriteSession,
    structural,
    value,
)
from cetsgraph.findings import Severity
from cetsgraph.model import Entity
from cetsgraph.model.values import language_tag, moment, moment_text

__all__ = ["date_time", "files_of_their_own", "in_languages", "references"]

Values = dict[str, Any]

_WRITTEN = "Nothing needs to be done; `cetsgraph convert --to cetsgraph` writes it so."


def references(target: str) -> FieldRule:
    """Ids of objects: one alone, or a list of several."""

    def read(reading: ReadSession, found: Any, pointer: str, values: Values) -> None:
        """Take an id or a list of ids."""
        if isinstance(found, str | list):
            values[target] = found
        else:
            _wrong_type(reading, pointer, found, "an id, or a list of ids")

    def write(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        found = values[target]
        return found[0] if found is not None and len(found) == 1 else found

    return structural(read, write, target)


def date_time(target: str) -> FieldRule:
    """A moment; spellings that mean the same are read, and said."""

    def read(reading: ReadSession, found: Any, pointer: str, values: Values) -> None:
        """Take a moment; report one that is none, or is spelt in another way."""
        try:
            values[target] = moment(found if isinstance(found, str) else "")
        except ValueError:
            _wrong_type(reading, pointer, found, "a date and time: YYYY-MM-DDThh:mm:ssZ")
        else:
            _say_spelling(reading, pointer, found, moment_text(values[target]))

    def write(writing: WriteSession, values: Mapping[str, Any], pointer: str) -> Any:
        found = values[target]
        return None if found is None else moment_text(found)

    return structural(read, write, target)


def in_languages(target: str) -> FieldRule:
    """A text, or one in each of several languages."""

    def read(reading: ReadSession, found: Any, pointer: str, values: Values) -> None:
        """Take a text, or an object with a text for each language."""
        if not isinstance(found, dict):
            values[target] = found
            return
        texts: dict[str, str] = {}
        for language, text in found.items():
            place = f"{pointer}/{language}"
            try:
                usual = language_tag(language)
            except ValueError:
                _wrong_type(reading, place, language, "a language tag such as en or pt-BR")
                continue
            if not isinstance(text, str):
                _wrong_type(reading, place, text, "text")
            elif usual in texts:
                _wrong_type(reading, place, language, f"one text in {usual}")
            else:
                texts[usual] = text
                _say_spelling(reading, place, language, usual)
        values[target] = texts

    return structural(read, value(target).write, target)


def files_of_their_own(cls: type[Entity]) -> Callable[[ReadSession, Values, str], Values]:
    """What turns several paths of an image, and facts about its file, into an object for each file."""
    of_a_file = {"file_size", "checksum", "media_type"} - cls.model_fields.keys()

    def modernise(reading: ReadSession, source: Values, pointer: str) -> Values:
        """Move paths, and what is said of a file, into the list of files."""
        paths = source.get("path")
        facts = {name: found for name, found in source.items() if name in of_a_file and found is not None}
        several = isinstance(paths, list) and bool(paths) and all(isinstance(path, str) for path in paths)
        if not several and not facts:
            return source
        listed = paths if isinstance(paths, list) and several else [paths]
        made = [Moved({} if path is None else {"path": path}, f"{pointer}/path") for path in listed]
        made[0].update(facts)
        message = "files, and what is known of them, are objects of their own; the first path stays"
        reading.report(
            "value-type", pointer, message, severity=Severity.INFO, expected="files", hint=_WRITTEN
        )
        rest = {name: found for name, found in source.items() if name not in facts}
        return Moved({**rest, "path": listed[0], "files": [*(source.get("files") or []), *made]}, pointer)

    return modernise


def _say_spelling(reading: ReadSession, pointer: str, found: str, usual: str) -> None:
    if found != usual:
        message = "this is read, and written in the usual spelling"
        reading.report(
            "value-type", pointer, message, severity=Severity.INFO, found=found, expected=usual, hint=_WRITTEN
        )


def _wrong_type(reading: ReadSession, pointer: str, found: Any, expected: str) -> None:
    shown = found if isinstance(found, str | int | float) else type(found).__name__
    reading.report("value-type", pointer, "this is not what belongs here", found=shown, expected=expected)
