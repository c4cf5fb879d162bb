"""Finds the folders that ship with the package: ontology, shapes, queries and examples.

A wheel carries them as ``cetsgraph/_data/…``; in a checkout they lie beside ``src``.
"""

from pathlib import Path
from typing import Literal

__all__ = ["Folder", "checkout", "folder"]

Folder = Literal["ontology", "shapes", "queries", "examples"]

_PACKAGE = Path(__file__).resolve().parent


def folder(name: Folder) -> Path:
    """Return the folder of that name, from the wheel if there is one, else from the checkout.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    shipped = _PACKAGE / "_data" / name
    if shipped.is_dir():
        return shipped
    root = checkout()
    if root is not None and (root / name).is_dir():
        return root / name
    raise FileNotFoundError(f"{shipped}: this folder of cetsgraph is missing. Install cetsgraph again.")


def checkout() -> Path | None:
    """Return the root of the source tree that the package runs from, or None when it is installed."""
    root = _PACKAGE.parent.parent
    return root if (root / "pyproject.toml").is_file() and _PACKAGE.parent.name == "src" else None
