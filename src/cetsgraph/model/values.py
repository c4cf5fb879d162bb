"""Types of values that JSON has no type for: moments, text in several languages, references to objects."""

import datetime as dt
import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer
from pydantic_core import PydanticCustomError

__all__ = ["Date", "DateTime", "LanguageText", "References"]

Date = Annotated[dt.date, Field(strict=False)]
"""A day, in JSON as YYYY-MM-DD."""

# Compiled when they are first needed, since most documents have no moments and languages.
_MOMENT = r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?:(:\d\d)(\.\d{1,6})?)?(Z|[+-]\d\d(?::?\d\d)?)?"
_FARTHEST = dt.timedelta(hours=14)  # from UTC, in XML Schema
_TAG = r"([a-z]{2,3})(?:-([a-z]{4}))?(?:-([a-z]{2}|[0-9]{3}))?((?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)"


def moment(text: str) -> dt.datetime:
    """A date and time of XML Schema or ISO 8601, with or without a time zone.

    >>> moment("2025-02-01T10:00:00.5Z")
    datetime.datetime(2025, 2, 1, 10, 0, 0, 500000, tzinfo=datetime.timezone.utc)

    Raises:
        ValueError: it is not one, or finer than a microsecond.
    """
    found = re.fullmatch(_MOMENT, text, re.ASCII)
    if found is None:
        raise ValueError(f"not a date and time: {text!r}")
    day, time, seconds, fraction, zone = found.groups("")
    fraction = fraction and fraction.ljust(7, "0")
    read = dt.datetime.fromisoformat(f"{day}T{time}{seconds or ':00'}{fraction}{zone}")
    if (offset := read.utcoffset()) is not None and abs(offset) > _FARTHEST:
        raise ValueError(f"no time zone is that far from UTC: {text!r}")
    return read


def moment_text(value: dt.datetime) -> str:
    """A date and time as documents and graphs have it; `moment` reads it back.

    >>> moment_text(moment("2025-02-01 10:00:00.500+00:00")), moment_text(moment("2025-02-01T10:00:00+01:00"))
    ('2025-02-01T10:00:00.5Z', '2025-02-01T10:00:00+01:00')
    """
    text = value.isoformat()
    time, zone = (text[:-6], text[-6:]) if value.utcoffset() is not None else (text, "")
    time = time.rstrip("0") if "." in time else time
    return time + ("Z" if zone == "+00:00" else zone)


def _as_moment(value: object) -> object:
    if not isinstance(value, str | dt.datetime):
        return value
    try:
        return moment(value if isinstance(value, str) else value.isoformat())
    except ValueError:
        raise PydanticCustomError("date_time", "not a date and time: YYYY-MM-DDThh:mm:ssZ") from None


DateTime = Annotated[
    dt.datetime, BeforeValidator(_as_moment), PlainSerializer(moment_text, return_type=str, when_used="json")
]
"""A moment, in JSON as YYYY-MM-DDThh:mm:ss with the time zone where it is known."""


def language_tag(text: str) -> str:
    """A tag of language, script, region and variants, as RFC 5646 spells it (section 2.1.1).

    >>> language_tag("EN-gb"), language_tag("zh-hant-TW")
    ('en-GB', 'zh-Hant-TW')

    Raises:
        ValueError: the text is no language tag.
    """
    found = re.fullmatch(_TAG, text.lower()) if text.isascii() else None
    if found is None:
        raise ValueError(f"not a language tag: {text!r}")
    language, script, region, variants = found.groups("")
    return "-".join(filter(None, (language, script.title(), region.upper()))) + variants


class InLanguages:
    """Marks a text that may be given in several languages."""


def _languages(value: str | dict[str, str]) -> str | dict[str, str]:
    for tag in value if isinstance(value, dict) else ():
        try:
            usual = language_tag(tag)
        except ValueError:
            usual = None
        if usual != tag:
            raise PydanticCustomError("language", "not a language tag as RFC 5646 spells it, such as en-GB")
    return dict(sorted(value.items())) if isinstance(value, dict) else value


def _said(value: object) -> object:
    return None if value == {} else value


LanguageText = Annotated[
    str | dict[str, str] | None, AfterValidator(_languages), BeforeValidator(_said), InLanguages()
]
"""A text, or one in each of several languages: `{"en": "Bacteria", "ja": "細菌"}`."""


def _listed(value: object) -> object:
    if isinstance(value, str):
        return [value]
    return None if value == [] else value


def _alone(value: list[str] | None) -> str | list[str] | None:
    return value[0] if value is not None and len(value) == 1 else value


References = Annotated[
    list[str] | None, BeforeValidator(_listed), PlainSerializer(_alone, when_used="json-unless-none")
]
"""Ids of objects, in order; a single one may be given without the list."""
