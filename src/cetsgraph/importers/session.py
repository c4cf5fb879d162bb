"""One import: its files are read here, and here is kept what was taken of them and what is to be said."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from cetsgraph.documents import Document, Origin
from cetsgraph.documents.content import Content
from cetsgraph.documents.limits import MAX_DEPTH, too_deep
from cetsgraph.documents.source import source_from_content
from cetsgraph.errors import DocumentError
from cetsgraph.importers.claim import Claim, checksum, place_below, sample_of
from cetsgraph.importers.decoding import ForeignText, decoded, read_foreign
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.formats.star import Odd
from cetsgraph.importers.formats.xml import parse as parse_xml
from cetsgraph.importers.tables import SourceTable
from cetsgraph.importers.tally import LinesOf, SourcePlace, Tally
from cetsgraph.model import DataSet
from cetsgraph.texts import shown_path

__all__ = ["ImportSession", "Options"]

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Options:
    """What a user states that no file does; all are optional."""

    pixel_size: float | None = None
    """Size of a pixel of the tilt images, in Å."""
    dose_per_tilt: float | None = None
    """Dose of each exposure, in e/Å²."""
    voxel_size: float | None = None
    """Size of a voxel of the tomograms that points are of, in Å."""
    unit: str | None = None
    """Unit of positions: "pixel" or "angstrom"."""
    tomogram: str | None = None
    """Name of the tomogram that points are of, or of its file."""
    size: tuple[int, int, int] | None = None
    """Voxels of the tomograms that points are of, along X, Y and Z."""
    object: str | None = None
    """Name of what points mark, or its ontology term."""
    alignment: str | None = None
    """Program whose alignment counts where several have aligned a series: `imod`, `aretomo`, `warp`."""
    frames: bool = False
    """Whether the frames of movies are read, too, from the files that RELION's tables name."""

    def __str__(self) -> str:
        """The options that change what an import gives, as on a command line."""
        given = {field.name.replace("_", "-"): getattr(self, field.name) for field in fields(self)}
        stated = {name: value for name, value in given.items() if value not in (None, False)}
        words = {
            name: () if value is True else value if isinstance(value, tuple) else (value,)
            for name, value in stated.items()
        }
        return "".join(f" {word}" for name, several in words.items() for word in (f"--{name}", *several))


class ImportSession:
    """What an importer reads its claim with."""

    def __init__(self, claim: Claim, options: Options, version: str) -> None:
        self.claim = claim
        self._files = frozenset(claim.files)
        self.options = options
        self.version = version
        """Name and number of the importer, and its options."""
        self.tally = Tally()
        self.broken: list[DocumentError] = []
        """Why files cannot be read; then the claim is read again without them."""
        self.modified: dt.date | None = None
        """Day on which the archive last changed its entry, if it says so."""
        self.retrieved: dt.datetime | None = None
        """When the files were fetched, if they were."""
        self._accounts: list[Fields | SourceTable] = []
        self._lines: dict[str, LinesOf] = {}
        self._made: dict[object, Any] = {}

    def has(self, path: Path) -> bool:
        """Whether a file is one of the claim's."""
        return path in self._files

    def once(self, make: "Callable[[ImportSession], Made]") -> "Made":
        """What a function or class makes of the session, made once, for the data set and its regions."""
        if make not in self._made:
            self._made[make] = make(self)
        made: Made = self._made[make]
        return made

    def text(self, path: Path) -> ForeignText:
        """The text of one of the claim's files.

        Raises:
            DocumentError: it cannot be read, is too large, or is not text.
        """
        return decoded(self._content(path))

    def data(self, path: Path) -> bytes:
        """The bytes of one of the claim's files.

        Raises:
            DocumentError: it cannot be read, or is too large.
        """
        return self._content(path).data

    def head(self, path: Path, length: int) -> bytes:
        """The first bytes of one of the claim's files, of which no more is read.

        Raises:
            DocumentError: it cannot be read.
        """
        return sample_of(path).head[:length]

    def json(self, path: Path, *, placeholder: re.Pattern[str] | None = None) -> Fields:
        """One of the claim's files as JSON or YAML: an account of its outermost object.

        Args:
            path: the file.
            placeholder: what texts are found by that stand where a value belongs.

        Raises:
            DocumentError: it cannot be read, is too large, or is not one object.
        """
        source = source_from_content(self._content(path))
        if not isinstance(source.data, dict):
            found = type(source.data).__name__
            raise DocumentError("an object belongs here", path=source.path, line=1, found=found)
        return self._tree(path, source.data, source.lines, placeholder)

    def json_value(self, path: Path) -> Any:
        """One of the claim's files as JSON or YAML: its value, of which `fields` make accounts.

        Nothing of it is kept here; lines are looked up in the file once more.

        Raises:
            DocumentError: it cannot be read, or is too large.
        """

        def lines(pointers: Iterable[str]) -> Mapping[str, int]:
            return source_from_content(self._content(path)).lines(pointers)

        self._lines[self.shown(path)] = lines
        return source_from_content(self._content(path)).data

    def xml(self, path: Path) -> Fields:
        """One of the claim's files as XML: an account of its outermost element; see `formats/xml.py`.

        Raises:
            DocumentError: it cannot be read, is too large, is not well-formed, or could expand without end.
        """
        content = self._content(path)
        element = parse_xml(decoded(content).text, content.name)
        data = element.data if isinstance(element.data, dict) else {"#text": element.data}
        return self._tree(path, data, element.lines)

    def _tree(
        self,
        path: Path,
        data: Mapping[str, object],
        lines: LinesOf,
        placeholder: re.Pattern[str] | None = None,
    ) -> Fields:
        file = self.shown(path)
        _check_depth(data, path)
        self._lines[file] = lines
        account = Fields(data, self.tally, SourcePlace(file), placeholder=placeholder)
        self._accounts.append(account)
        return account

    def table(
        self,
        columns: Mapping[str, Sequence[str]],
        path: Path,
        *,
        lines: Sequence[int | None],
        label: str = "",
        pointer: str = "",
    ) -> SourceTable:
        """An account of a table of one of the claim's files, by its columns.

        Args:
            columns: values by names of columns, all of the same length.
            path: the file.
            lines: the line of each row; None where rows have none, or their places have.
            label: what stands before names of columns in findings, where the file has several tables.
            pointer: JSON pointer of the list whose items are the rows.
        """
        shown = self.shown(path)
        account = SourceTable(columns, self.tally, shown, lines=lines, label=label, pointer=pointer)
        self._accounts.append(account)
        return account

    def fields(
        self,
        values: Mapping[str, object],
        place: SourcePlace,
        *,
        lines: Mapping[str, int] | None = None,
        label: str = "",
    ) -> Fields:
        """An account of one object of a file: what is never taken of it is reported when the import ends.

        Args:
            values: by their names in the source.
            place: where the object stands.
            lines: lines of its values, where they differ from the object's.
            label: what stands before names of values in findings, where there are several kinds of objects.
        """
        account = Fields(values, self.tally, place, lines or {}, label)
        self._accounts.append(account)
        return account

    def odd(self, path: Path, odds: Iterable[Odd]) -> None:
        """Say which lines of one of the claim's files are none of its format."""
        for one in odds:
            place = SourcePlace(self.shown(path), one.line)
            self.tally.wrong("this line", place, found=one.found, expected=one.expected)

    def named(self, name: str, place: SourcePlace, *, what: str | None = None) -> Path | None:
        """The claim's file that another one names; None, and a finding, if it is not among them.

        Only what lies below the claim's base is followed: no absolute path, none with `..`. If `what` says
        what files these are, those that are not there are one finding.
        """
        found = place_below(self.claim.base, name)
        if found is None or found not in self._files:
            self.tally.part_missing(what or name, place, found=what and name)
            return None
        return found

    def shown(self, path: Path) -> str:
        """A file's path relative to the claim's folder, as findings and data have it."""
        return self.claim.shown(path)

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A file that is broken ends the block and is noted, so that all of them are found at once."""
        try:
            yield
        except DocumentError as error:
            self.broken.append(error)

    @contextmanager
    def part(self) -> Iterator[None]:
        """An attempt; what is opened in it is settled at its end, and forgotten: memory stays flat."""
        around = self._accounts, self._lines
        self._accounts, self._lines = [], {}
        try:
            with self.attempt():
                yield
                self._settle()
        finally:
            self._accounts, self._lines = around

    def document(self, dataset: DataSet) -> Document:
        """The document that the import gives."""
        states_name = bool(dataset.name)
        dataset.name = dataset.name or self.claim.name
        self._settle()
        return Document(
            dataset,
            "cetsgraph",
            "DataSet",
            findings=self.tally.findings(),
            path=self.claim.path,
            checksum=checksum(self.claim),
            origin=Origin(
                self.version,
                tuple(self.shown(path) for path in self.claim.files),
                self.modified,
                self.retrieved,
                states_name,
            ),
        )

    def _settle(self) -> None:
        """Say what was not taken of what was opened, and forget that: tables of particles are large."""
        for account in self._accounts:
            account.report()
        self._accounts.clear()
        self.tally.locate(self._lines)

    def _content(self, path: Path) -> Content:
        if not self.has(path):
            raise ValueError(f"{path} is no file of the claim")
        return read_foreign(path)


def _check_depth(data: object, path: Path) -> None:
    """Refuse what is nested so deeply that going down would end the program.

    Raises:
        DocumentError: it is.
    """
    level, depth = [data], 0
    while level := [one for one in level if isinstance(one, dict | list)]:
        if depth > MAX_DEPTH:
            raise too_deep(shown_path(path), line=1)
        level = [item for one in level for item in (one.values() if isinstance(one, dict) else one)]
        depth += 1
