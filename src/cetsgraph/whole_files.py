"""Files that are there whole or not at all: written under another name beside, and renamed."""

import gzip
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from cetsgraph.errors import CetsGraphError, StrPath
from cetsgraph.texts import shown_path

__all__ = ["make_folder", "whole_file", "written_to"]


@contextmanager
def whole_file(path: Path, *, compressed: bool | None = None, level: int = 9) -> Iterator[IO[bytes]]:
    """What to write a file to, which takes its name when all is written; a name with .gz is compressed.

    If the block fails, a file that was there before stays as it was, and none is left behind. What is
    no file, such as a pipe or /dev/null, is written to directly.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with whole_file(Path(folder) / "a.json") as file:
    ...         _ = file.write(b"{}")
    ...     [path.name for path in Path(folder).iterdir()]
    ['a.json']

    Args:
        path: name of the file.
        compressed: whether by gzip; by the name if not given.
        level: of compression, from 1 to 9.

    Raises:
        OSError: it cannot be written.
    """
    target = Path(os.path.realpath(path))
    level = level if compressed or (compressed is None and target.suffix.casefold() == ".gz") else 0
    if target.exists() and not target.is_file():
        with target.open("wb") as file, _compressed(file, level) as written:
            yield written
        return
    part = target.with_name(f".{target.name[-100:]}.{secrets.token_hex(4)}.part")
    try:
        with part.open("xb") as file, _compressed(file, level) as written:
            yield written
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    except OSError as error:
        error.filename = os.fspath(path)
        raise
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def written_to(path: StrPath) -> Iterator[None]:
    """What fails in the block is that a file, or a folder of files, cannot be written.

    Raises:
        CetsGraphError: it says which, and why.
    """
    try:
        yield
    except OSError as error:
        raise CetsGraphError(
            f"the file cannot be written: {(error.strerror or type(error).__name__).lower()}",
            where=shown_path(path),
            hint=_advice(error, Path(path)),
        ) from error


def make_folder(folder: Path) -> None:
    """Make a folder for files, with those above it.

    Raises:
        CetsGraphError: it cannot be made.
    """
    with written_to(folder):
        folder.mkdir(parents=True, exist_ok=True)


def _advice(error: OSError, path: Path) -> str | None:
    if isinstance(error, FileNotFoundError):
        return f"There is no folder {path.parent}; make it, or name another."
    if isinstance(error, IsADirectoryError | FileExistsError | NotADirectoryError | PermissionError):
        return "Give another name, or check the permissions."
    return None


@contextmanager
def _compressed(file: IO[bytes], level: int) -> Iterator[IO[bytes]]:
    if not level:
        yield file
        return
    with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0, compresslevel=level) as compressed:
        yield cast(IO[bytes], compressed)
