"""The data set of some metadata files: its head, and a region for each run."""

from collections.abc import Iterator

from cetsgraph.importers.portal_entries import FILES_URL, data_set_entry, preparation
from cetsgraph.importers.portal_files.layout import DEPOSITION, data_set_file, run_files
from cetsgraph.importers.portal_files.runs import Run
from cetsgraph.importers.portal_metadata import data_set, deposition
from cetsgraph.importers.session import ImportSession
from cetsgraph.model import DataSet, Region, SamplePreparation

__all__ = ["dataset", "regions"]


def dataset(session: ImportSession) -> DataSet:
    """The head of the data set of a claim, or a deposition.

    Raises:
        DocumentError: a file cannot be read.
    """
    return session.once(_Entry).dataset


def regions(session: ImportSession) -> Iterator[Region]:
    """A region for each run, by the names of their folders."""
    entry = session.once(_Entry)
    for files in run_files(session.claim):
        with session.part():
            found = Run(session, files, entry.dataset.cross_references, entry.deposition).region()
            _prepare(found, entry.prepared)
            yield found


class _Entry:
    """A data set, with what its runs need of it."""

    def __init__(self, session: ImportSession) -> None:
        self.deposition: int | None = None
        self.prepared: SamplePreparation | None = None
        self.dataset = self._read(session)
        session.modified = self.dataset.last_modified_date

    def _read(self, session: ImportSession) -> DataSet:
        found = data_set_file(session.claim)
        if found is None:
            return _by_folder(session.claim.folder.resolve().name)
        path, kind = found
        head = session.json(path)
        if kind == DEPOSITION:
            head.take("deposition_id")  # its own number once more
            return deposition(head, head.integer("deposition_identifier") or 0)
        number = head.integer("dataset_identifier") or 0
        self.deposition = head.integer("deposition_id")
        self.prepared = preparation(head)
        made = data_set(head, number)
        made.base_address = f"{FILES_URL}{number}/"
        picture = head.part("key_photos").text("thumbnail")
        made.thumbnail = None if picture is None else f"{FILES_URL}{picture}"
        return made


def _by_folder(name: str) -> DataSet:
    """A data set of which only the name of its folder is known, which is its number on the portal."""
    if not name.isdecimal():
        return DataSet(license="CC0-1.0")
    number = int(name)
    return DataSet(
        name=f"CryoET-Data-Portal-{number}", license="CC0-1.0", cross_references=[data_set_entry(number)]
    )


def _prepare(region: Region, prepared: SamplePreparation | None) -> None:
    for images in region.tomo_image_sets[:1]:
        images.sample_preparation = prepared
