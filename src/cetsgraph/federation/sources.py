"""The archives that are asked: a name and a directory or URL each, from a TOML file or the command line."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cetsgraph.errors import SourceError, StrPath

__all__ = ["Source", "distinct", "from_file", "from_text"]

_NAME = re.compile(r"[\w.-]+")
_URL = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Source:
    """An archive to ask.

    `location` is a directory, or the http or https URL of a SPARQL 1.1 endpoint.
    """

    name: str
    location: str
    vocabulary: str = "cets"
    """`cets`, or `cetmd` for an endpoint that speaks the terms of cets-data-model."""
    stays: bool = field(default=False, repr=False)
    """Whether a redirect of the endpoint to another server is refused."""
    max_bytes: int = field(default=256 * 2**20, repr=False)
    """How large an answer of the endpoint may be, decompressed."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise SourceError(
                "this is no name of a source", found=repr(self.name), expected="letters, digits, . _ -"
            )
        if not self.location:
            raise SourceError(f"the source {self.name} has no location", expected="a directory or a URL")
        if self.vocabulary not in ("cets", "cetmd"):
            raise SourceError(
                f"the vocabulary of {self.name} is not known", found=self.vocabulary, expected="cets or cetmd"
            )

    @property
    def remote(self) -> bool:
        """Whether it is an endpoint."""
        return _URL.match(self.location) is not None

    @property
    def host(self) -> str:
        """The host that is asked; empty for a directory."""
        return urlsplit(self.location).netloc.rpartition("@")[2].lower() if self.remote else ""


def from_text(text: str) -> Source:
    """A source as the command line has it: NAME=LOCATION.

    >>> from_text("empiar=https://example.org/sparql")
    Source(name='empiar', location='https://example.org/sparql', vocabulary='cets')

    Raises:
        SourceError: it is not of that form.
    """
    name, equals, location = text.partition("=")
    if not equals:
        raise SourceError("a source is written NAME=LOCATION", found=repr(text))
    return Source(name.strip(), location.strip())


def from_file(path: StrPath) -> list[Source]:
    """The sources of a TOML file: a table `[sources]` of names and locations.

    A location that is not absolute is beside the file. A table instead of a location may have the
    `vocabulary` too.

    Raises:
        SourceError: the file cannot be read, or is not of that form.
    """
    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError("the sources cannot be read", where=path, found=str(error)) from error
    table = data.get("sources")
    if not isinstance(table, dict) or not table:
        raise SourceError("there is no table [sources]", where=path, expected='name = "directory or URL"')
    return [_source(name, value, Path(path)) for name, value in table.items()]


def _source(name: str, value: Any, path: Path) -> Source:
    table = value if isinstance(value, dict) else {"location": value}
    if not all(isinstance(text, str) for text in table.values()) or not table.keys() <= {
        "location",
        "vocabulary",
    }:
        raise SourceError(f"the source {name} is not described as one", where=path, found=repr(value))
    source = Source(name, **table) if "location" in table else Source(name, "")
    return source if source.remote else replace(source, location=str(path.parent / source.location))


def distinct(sources: Iterable[Source]) -> tuple[Source, ...]:
    """The sources, each of another name.

    Raises:
        SourceError: there is none, or two have one name.
    """
    found: dict[str, Source] = {}
    for source in sources:
        if source.name in found:
            raise SourceError(f"two sources have the name {source.name!r}")
        found[source.name] = source
    if not found:
        raise SourceError("there is no source to ask", hint="Give --source NAME=LOCATION, or --sources FILE.")
    return tuple(found.values())
