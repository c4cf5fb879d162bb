"""What an importer is: a name, the number of its mapping, and three functions."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cetsgraph.importers.claim import Claim, Recognised, RecognisedFile, Sample
from cetsgraph.importers.session import ImportSession, Options
from cetsgraph.model import DataSet, Region

__all__ = ["Importer", "Options"]


@dataclass(frozen=True, slots=True)
class Importer:
    """One kind of source: what is recognised as its own, and how that becomes a data set."""

    name: str
    mapping: int
    """Number of the mapping: it is raised whenever the same files give another data set than before."""
    evidence: str
    """What a file is recognised by, in words."""
    recognise: Callable[[Sample], Recognised | None]
    """Whether the beginning of a file is of this kind."""
    gather: Callable[[str, Sequence[RecognisedFile]], Iterable[Claim]]
    """Claims for the recognised files: `each_file`, `per_folder`, or by what one file says of others."""
    dataset: Callable[[ImportSession], DataSet] = lambda session: DataSet()
    """The data set of a claim, and what is to be said about it.

    It reads the claim's files through the session, which keeps account of what is taken of them. Raises
    DocumentError for files that are no such thing after all.
    """
    regions: Callable[[ImportSession], Iterator[Region]] | None = None
    """Further regions of the data set, one at a time, however many there are; asked after `dataset`.

    What is read for one is opened in `session.part()`, and none refers to anything in another.
    """

    family: str = ""
    """Importers of one family are about the same things: `gather` gets what all of them recognised."""
    partners: tuple[str, ...] = ()
    """Importers of its family that are asked too where this one is named."""

    asked_for: Callable[[Claim, Options], Iterable[Path]] | None = None
    """Further files of a claim that are read only where options ask for them."""

    completed_by: tuple[str, ...] = ()
    """Importers of which `gather` gets the files, too, and may take those that are about its own."""
    mapped: Mapping[str, str] = field(default_factory=dict)
    """What the importer takes, by its name in the source, and the field that it becomes: `Class.field`."""
    whole: bool = False
    """Whether files of a claim belong together: where one is broken, the others are not imported either."""
    last: bool = False
    """Whether it has only what lies in folders where no other importer claims a file."""

    @property
    def version(self) -> str:
        """Name and number of the mapping: `relion/1`."""
        return f"{self.name}/{self.mapping}"
