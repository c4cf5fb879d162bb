"""What is in a folder."""

from pathlib import Path

__all__ = ["files"]


def files(folder: Path) -> dict[str, bytes]:
    """The files in it and below, by their paths from there."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
