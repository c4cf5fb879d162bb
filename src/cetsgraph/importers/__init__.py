"""Importers: files of programs and archives in, the same `Document` out that CETS files give.

for claim in claims(["frames/"]).claims:
    document = read(claim)

An importer is one module with one `Importer`, named in `registry.py`. It says which files are its own (by
their content) and maps them to the model; everything else is done here, once: decoding and its limits, the
account of what was taken of each file, findings, checksums.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cetsgraph.importers.any_file import read_any
    from cetsgraph.importers.claim import (
        Claim,
        Claims,
        RecognisedFile,
        Sample,
        checksum,
        each_file,
        per_folder,
    )
    from cetsgraph.importers.importer import Importer, Options
    from cetsgraph.importers.reading import Imports, import_from, name_of, read, read_each, version
    from cetsgraph.importers.recognition import claims
    from cetsgraph.importers.registry import IMPORTERS, importer_called, importers

__all__ = [
    "IMPORTERS",
    "Claim",
    "Claims",
    "RecognisedFile",
    "Importer",
    "Imports",
    "Options",
    "Sample",
    "checksum",
    "claims",
    "each_file",
    "import_from",
    "importer_called",
    "importers",
    "name_of",
    "per_folder",
    "read",
    "read_any",
    "read_each",
    "version",
]

_HOMES = {
    "read_any": "any_file",
    "claims": "recognition",
    **dict.fromkeys(("Importer", "Options"), "importer"),
    **dict.fromkeys(("Imports", "import_from", "name_of", "read", "read_each", "version"), "reading"),
    **dict.fromkeys(("IMPORTERS", "importer_called", "importers"), "registry"),
}


def __getattr__(name: str) -> Any:
    """Import what is asked for: CETS documents are read without importers."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES.get(name, 'claim')}"), name)
