"""One import: its files are read here, and here is kept what was taken of them and what is to be said."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from cetsgraph.documents import Document
from cetsgraph.documents.content import Content, read_content
from cetsgraph.documents.source import SourceText, source_from_content
from cetsgraph.errors import DocumentError, shown_path
from cetsgraph.importers.claims import Claim
from cetsgraph.importers.decoding import MAX_BYTES, ForeignText, decoded
from cetsgraph.importers.fields import Fields
from cetsgraph.importers.tally import Place, Tally
from cetsgraph.model import DataSet

__all__ = ["ImportSession", "Options"]


@dataclass(frozen=True, slots=True)
class Options:
    """What a user states that no file does; all are optional."""

    name: str | None = None
    """Name of the data set."""
    pixel_size: float | None = None
    """Size of a pixel of the tilt images, in Å."""
    dose_per_tilt: float | None = None
    """Dose of each exposure, in e/Å²."""


class ImportSession:
    """What an importer reads its claim with."""

    def __init__(self, claim: Claim, options: Options | None = None) -> None:
        self.claim = claim
        self.options = options or Options()
        self.tally = Tally()
        self._checksums: dict[Path, str] = {}
        self._accounts: list[Fields] = []

    def text(self, path: Path) -> ForeignText:
        """The text of one of the claim's files.

        Raises:
            DocumentError: it cannot be read, is too large, or is not text.
        """
        return decoded(self._content(path))

    def source(self, path: Path) -> SourceText:
        """One of the claim's files as JSON or YAML, with lines.

        Raises:
            DocumentError: it cannot be read, is too large, or is not one document.
        """
        return source_from_content(self._content(path))

    def fields(
        self, values: Mapping[str, object], place: Place, *, lines: Mapping[str, int] | None = None
    ) -> Fields:
        """An account of one object of a file: what is never taken of it is reported when the import ends.

        Args:
            values: by their names in the source.
            place: where the object stands.
            lines: lines of its values, where they differ from the object's.
        """
        account = Fields(values, self.tally, place, lines or {})
        self._accounts.append(account)
        return account

    def named(self, name: str, place: Place) -> Path | None:
        """The claim's file that another one names; None, and a finding, if it is not among them.

        Only what lies below the claim's folder is followed: no absolute path, none with `..`.
        """
        written = PureWindowsPath(name) if "\\" in name else PurePosixPath(name)
        found = self.claim.folder.joinpath(*written.parts)
        if written.anchor or ".." in written.parts or found not in self.claim.files:
            self.tally.part_missing(name, place)
            return None
        return found

    def shown(self, path: Path) -> str:
        """A file's path relative to the claim's folder, as findings and data have it."""
        inside = path.relative_to(self.claim.folder) if path.is_relative_to(self.claim.folder) else path
        return shown_path(inside.as_posix())

    def document(self, dataset: DataSet) -> Document:
        """The document that the import gives."""
        dataset.name = self.options.name or dataset.name or self.claim.name
        for account in self._accounts:
            account.report()
        return Document(
            dataset,
            "cetsgraph",
            "DataSet",
            findings=self.tally.findings(),
            path=shown_path(self.claim.files[0] if len(self.claim.files) == 1 else self.claim.folder),
            checksum=self._checksum(),
        )

    def _content(self, path: Path) -> Content:
        if path not in self.claim.files:
            raise ValueError(f"{path} is no file of the claim")
        content = read_content(path, max_bytes=MAX_BYTES)
        self._checksums[path] = content.checksum
        return content

    def _checksum(self) -> str:
        """The file's checksum; of several, that of the lines `checksum  path`, sorted."""
        if len(self._checksums) == 1:
            return next(iter(self._checksums.values()))
        lines = sorted(f"{checksum}  {self.shown(path)}\n" for path, checksum in self._checksums.items())
        return hashlib.sha256("".join(lines).encode()).hexdigest()


def refused(claim: Claim, what: str, *, line: int | None = None, hint: str | None = None) -> DocumentError:
    """The error for a file that is recognised and that no data set can be made of."""
    return DocumentError(what, path=claim.files[0], line=line, hint=hint)
