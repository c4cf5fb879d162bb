"""Entries of archives that give each at an address of its own: EMPIAR and EMDB."""

import json
from pathlib import Path

from cetsgraph.errors import CetsGraphError, EndpointAnswer, EntryNotFound
from cetsgraph.importers.archives.accessions import Archive
from cetsgraph.importers.archives.kept_tables import json_in, write_text
from cetsgraph.importers.archives.session import Session, read_json, status_error
from cetsgraph.whole_files import whole_file

__all__ = ["EntryHarvest"]

_CONDITIONS = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}


class EntryHarvest:
    """Entries of an archive, each in a file as the archive answers.

    Args:
        session: by which it is asked.
        archive: which one.
        url: address of its interface, in which `{}` stands for the number.
        folder: where they go.
        names: of the data sets.
        refresh: whether entries that are kept are asked for again, and fetched where they have changed.
    """

    def __init__(
        self,
        session: Session,
        archive: Archive,
        url: str,
        folder: Path,
        names: list[str],
        *,
        refresh: bool = False,
    ) -> None:
        self.session = session
        self.absent: list[CetsGraphError] = []
        self._archive = archive
        self._url = url
        self._folder = folder
        self._names = names
        self._to_ask = set(names) if refresh else set()

    def entries(self) -> list[str]:
        """The entries that are wanted."""
        return self._names

    def label(self, entry: str) -> str:
        """Its name."""
        return entry

    def address(self, entry: str) -> str:
        """Where the archive gives an entry."""
        number = entry.removeprefix(self._archive.prefix)
        return self._url.replace("{}", entry if self._archive.name == "emdb" else number)

    def place(self, entry: str) -> Path:
        """The file of an entry."""
        return self._folder / f"{entry}.json"

    def is_kept(self, entry: str) -> bool:
        """Whether it was fetched before, and need not be asked for again."""
        return entry not in self._to_ask and self.place(entry).exists()

    def fetch(self, entry: str) -> Path:
        """Fetch an entry.

        Raises:
            EntryNotFound: the archive does not have it.
            EndpointError: the archive does not answer, or with something else.
            OSError: the file cannot be written.
        """
        url = self.address(entry)
        response = self.session.get(url, self._conditions(entry))
        self._to_ask.discard(entry)
        if response.status == 304:
            return self.place(entry)
        if response.status == 404:
            raise EntryNotFound(entry, where=url)
        if response.status != 200:
            raise status_error(response)
        answer = read_json(response)
        if not isinstance(answer, dict) or (entry not in answer and answer.get("emdb_id") != entry):
            raise EndpointAnswer("the answer is not this entry", url=url, expected=entry)
        self._folder.mkdir(parents=True, exist_ok=True)
        with whole_file(self.place(entry)) as file:
            file.write(response.body)
        stated = {name: response.headers[name] for name in _CONDITIONS if name in response.headers}
        write_text(self._version(entry), json.dumps(stated))
        return self.place(entry)

    def _version(self, entry: str) -> Path:
        """The file with what the archive calls the version that is kept."""
        return self._folder / f".{entry}.version"

    def _conditions(self, entry: str) -> dict[str, str]:
        """The headers by which an archive answers only if an entry is another than the one that is kept."""
        stated = json_in(self._version(entry)) if self.place(entry).exists() else None
        known = stated if isinstance(stated, dict) else {}
        return {_CONDITIONS[name]: str(known[name]) for name in _CONDITIONS if name in known}

    def foresee(self, entries: list[str]) -> list[tuple[str, int | None]]:
        """The addresses that would be asked."""
        return [(self.address(entry), None) for entry in entries]
