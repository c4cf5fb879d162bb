"""A claim: which importer reads which files as one data set."""

import gzip
import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PureWindowsPath
from typing import BinaryIO

from cetsgraph.documents.content import reading
from cetsgraph.errors import DocumentError, SeveralDataSets
from cetsgraph.importers.decoding import MAX_BYTES, encoding_by_mark
from cetsgraph.importers.formats import mrc
from cetsgraph.texts import shown_path

__all__ = [
    "HEAD",
    "Claim",
    "Claims",
    "RecognisedFile",
    "Recognised",
    "Sample",
    "base_name",
    "checksum",
    "each_file",
    "per_folder",
    "place_below",
    "sample_of",
    "stem",
]

HEAD = 64 * 2**10
"""Bytes of a file by which it is recognised."""


_CETS = re.compile(
    rb"^(?:\xef\xbb\xbf)?(?:\$schema:\s+['\"]?https://w3id\.org/cetsgraph/|regions:\s)", re.MULTILINE
)
_CETS_JSON = re.compile(rb'"(?:regions|micrographs|frame_images)"\s*:\s*\[')
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\{|\[\s*[\[{\"\d\]-])")


@dataclass(frozen=True)
class Sample:
    """The beginning of a file, for recognising what it is."""

    path: Path
    head: bytes = field(repr=False)
    """The first `HEAD` bytes, decompressed."""

    @cached_property
    def text(self) -> str:
        """The beginning as text, of any encoding; a last line may be cut."""
        text = self.head.decode(encoding_by_mark(self.head) or "utf-8", "replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    @property
    def is_json(self) -> bool:
        """Whether it begins as JSON does: with an object, or a list of values."""
        return _JSON.match(self.head) is not None

    @property
    def is_cets(self) -> bool:
        """Whether it has a field of CETS, or is YAML that names its schema."""
        if self.is_json:
            return _CETS_JSON.search(self.head) is not None
        return self.suffix in (".yaml", ".yml") and _CETS.search(self.head) is not None

    @property
    def suffix(self) -> str:
        """Ending of the name, in lower case and without `.gz`."""
        return Path(self.path.name.casefold().removesuffix(".gz")).suffix


def sample_of(path: Path) -> Sample:
    """The beginning of a file.

    Raises:
        DocumentError: it cannot be read.
    """
    with reading(shown_path(path)), open(path, "rb") as file:
        return Sample(path, _head(file))


def _head(file: BinaryIO) -> bytes:
    packed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    if not packed:
        return file.read(HEAD)
    with gzip.open(file) as unpacked:
        return unpacked.read(HEAD)


@dataclass(frozen=True, slots=True)
class Recognised:
    """That a file is an importer's own."""

    kind: str
    """What the file is, in the importer's words: `tilt series`, `particles`."""
    weak: bool = False
    """Whether only the ending and the form of the lines speak for it: then it needs a partner, or the
    importer has to be named."""
    alone: bool = False
    """Whether it belongs to nothing else: then it can be refused, and others are not."""


@dataclass(frozen=True, slots=True)
class RecognisedFile:
    """A file that an importer recognised, and as what."""

    path: Path
    recognised: Recognised
    importer: str = ""
    """Name of the importer."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The files that one importer reads as one data set."""

    importer: str
    """Name of the importer."""
    name: str
    """Name of the data set, where its files do not state one."""
    files: tuple[Path, ...]
    """All files that contribute, the one that stands for them first; no other one is read."""
    folder: Path
    """Folder of all files, to which their paths are relative."""
    companions: tuple[Path, ...] = ()
    """Files beside these that say more of them: they are read too, unless another importer claims them."""
    project: Path | None = None
    """Folder that names in the files are relative to, where that is not `folder` but one in it."""

    @property
    def path(self) -> str:
        """The file, or the folder of several, as the source of the data set."""
        return shown_path(self.files[0] if len(self.files) == 1 else self.folder)

    @property
    def base(self) -> Path:
        """Folder that names in the files are relative to, and below which they are followed."""
        return self.project or self.folder

    def shown(self, path: Path) -> str:
        """A file's path relative to the folder, as findings and data have it."""
        inside = path.relative_to(self.folder) if path.is_relative_to(self.folder) else path
        return shown_path(inside.as_posix())


@dataclass(frozen=True, slots=True)
class Claims:
    """What importers recognised among files."""

    claims: tuple[Claim, ...]
    others: tuple[Path, ...] = ()
    """Files that no importer knows."""
    refused: tuple[DocumentError, ...] = ()
    """Why a file is in no claim though importers know it: two of them do, or it cannot be read."""

    @property
    def files(self) -> frozenset[Path]:
        """All files that importers know, also those that are refused."""
        claimed = (path for claim in self.claims for path in claim.files)
        return frozenset((*claimed, *(Path(error.path) for error in self.refused)))

    def check_name(self, name: str | None) -> None:
        """Raise SeveralDataSets if one name is given and there are several claims."""
        if name is not None and len(self.claims) > 1:
            raise SeveralDataSets(claim.name for claim in self.claims)


def checksum(claim: Claim) -> str:
    """SHA-256 of the file; of several, that of the lines `checksum  path`, sorted, in which paths are
    relative to the claim's folder.

    Raises:
        DocumentError: a file cannot be read.
    """
    sums = {path: _sha256(path) for path in claim.files}
    if len(sums) == 1:
        return next(iter(sums.values()))
    lines = sorted(
        f"{digest}  {path.relative_to(claim.folder).as_posix()}\n" for path, digest in sums.items()
    )
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def _sha256(path: Path) -> str:
    """SHA-256 of a file; of an image, or one that is too large to be read, of its beginning and its size."""
    with reading(shown_path(path)), open(path, "rb") as file:
        size, head = os.fstat(file.fileno()).st_size, file.read(HEAD)
        if size > MAX_BYTES or mrc.parse(head) is not None:
            return hashlib.sha256(head + str(size).encode()).hexdigest()
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()


def each_file(importer: str, found: Sequence[RecognisedFile]) -> Iterator[Claim]:
    """Each file is a data set of its own, named by its stem; weak evidence alone is none."""
    for one in found:
        if not one.recognised.weak:
            yield Claim(importer, stem(one.path), (one.path,), one.path.parent)


def per_folder(importer: str, found: Sequence[RecognisedFile]) -> Iterator[Claim]:
    """The files of a folder are one data set, named by the folder, or by its file if there is only one."""
    folders: dict[Path, list[Path]] = defaultdict(list)
    for one in found:
        if not one.recognised.weak:
            folders[one.path.parent].append(one.path)
    for folder, files in folders.items():
        name = stem(files[0]) if len(files) == 1 else folder.resolve().name
        yield Claim(importer, name, tuple(sorted(files)), folder)


def place_below(folder: Path, name: str) -> Path | None:
    r"""The file that another one names; None for an absolute path, and one with `..`.

    >>> place_below(Path("project"), r"tilt_series\TS_01.star").as_posix()
    'project/tilt_series/TS_01.star'
    >>> [place_below(Path("project"), name) for name in ("../TS_01.star", "/TS_01.star", "C:TS_01.star")]
    [None, None, None]
    """
    written = PureWindowsPath(name)  # it splits at both kinds of slash
    return None if written.anchor or ".." in written.parts else folder.joinpath(*written.parts)


def base_name(path: str) -> str:
    r"""The name of a file as a program wrote it, without the folders of its computer.

    >>> base_name(r"D:\DATA\user\frames\TS_01_000_0.0.mrc"), base_name("frames/TS_01.tif")
    ('TS_01_000_0.0.mrc', 'TS_01.tif')
    """
    return PureWindowsPath(path).name or path  # it splits at both kinds of slash


def stem(path: Path) -> str:
    """The name of a file, as it is shown, without the endings that programs put one after the other.

    >>> stem(Path("TS_01.mrc.mdoc")), stem(Path("run1_ts.1.st.mdoc")), stem(Path("TS_01.xml.gz"))
    ('TS_01', 'run1_ts.1', 'TS_01')
    """
    name = path.name
    while (ending := Path(name).suffix.casefold()) in _ENDINGS:
        name = name[: -len(ending)]
    return shown_path(name or path.name)


_ENDINGS = frozenset(
    f".{ending}"
    for ending in (
        *("gz", "mdoc", "mrc", "mrcs", "st", "ali", "rec", "tif", "tiff", "eer", "star", "tomostar", "xml"),
        *("aln", "xf", "tlt", "rawtlt", "xtilt", "defocus", "edf", "com", "mod", "yaml", "yml", "json"),
        *("ndjson", "jsonl", "csv", "tbl", "txt", "map", "ome", "zarr"),
    )
)
