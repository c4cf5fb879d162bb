"""What a file is that is no text, by its first bytes."""

__all__ = ["binary_kind"]

_ARCHIVES = {
    b"PK\x03\x04": "a ZIP archive",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"BZh": "a bzip2 archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
}
_OTHERS = {
    b"%PDF-": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an Office document",
    b"\x89HDF\r\n": "an HDF5 file",
    b"\x89PNG\r\n": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"II*\x00": "a TIFF image",
    b"MM\x00*": "a TIFF image",
}
_PLACED = {(208, b"MAP "): "an MRC image or volume", (257, b"ustar"): "a tar archive"}
"""What stands further on, from the place where it begins."""
_UNPACK = "Unpack it, and give the documents in it one by one."
_DESCRIBE = "Give the document that describes it."


def binary_kind(data: bytes) -> tuple[str, str] | None:
    """What a file is and what to do instead; None if its first bytes are those of no known kind.

    >>> binary_kind(b"%PDF-1.7 ...")
    ('a PDF document', 'Give the document that describes it.')
    >>> binary_kind(b"{}")
    """
    found = [kind for start, kind in (_ARCHIVES | _OTHERS).items() if data.startswith(start)]
    found += [kind for (place, mark), kind in _PLACED.items() if data.startswith(mark, place)]
    return (found[0], _UNPACK if found[0].endswith("archive") else _DESCRIBE) if found else None
