"""Entries of archives that give each at an address of its own: EMPIAR and EMDB."""

from pathlib import Path

from cetsgraph.errors import CetsGraphError, EndpointAnswer, EntryNotFound
from cetsgraph.importers.archives.accessions import Archive
from cetsgraph.importers.archives.session import Session, read_json, status_error
from cetsgraph.whole_files import whole_file

__all__ = ["EntryHarvest"]


class EntryHarvest:
    """Entries of an archive, each in a file as the archive answers.

    Args:
        session: by which it is asked.
        archive: which one.
        url: address of its interface, in which `{}` stands for the number.
        folder: where they go.
        names: of the data sets.
    """

    def __init__(self, session: Session, archive: Archive, url: str, folder: Path, names: list[str]) -> None:
        self.session = session
        self.absent: list[CetsGraphError] = []
        self._archive = archive
        self._url = url
        self._folder = folder
        self._names = names

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
        """Whether it was fetched before."""
        return self.place(entry).exists()

    def fetch(self, entry: str) -> Path:
        """Fetch an entry.

        Raises:
            EntryNotFound: the archive does not have it.
            EndpointError: the archive does not answer, or with something else.
            OSError: the file cannot be written.
        """
        url = self.address(entry)
        response = self.session.get(url)
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
        return self.place(entry)

    def foresee(self, entries: list[str]) -> list[tuple[str, int | None]]:
        """The addresses that would be asked."""
        return [(self.address(entry), None) for entry in entries]
