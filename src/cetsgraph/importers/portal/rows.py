"""What rows of all tables have alike: addresses that are given twice, terms, people, files in two formats."""

from collections.abc import Sequence

from cetsgraph.importers.fields import Fields, in_stated_order
from cetsgraph.importers.portal_entries import FILES_URL, curie, stated
from cetsgraph.model import Coordinates, DataFile, OntologyTerm, Person

__all__ = ["coordinates", "data_files", "list_of_people", "mirrored", "same", "term"]

_BUCKET = "s3://cryoet-data-portal-public/"


def mirrored(row: Fields, https: str, s3: str) -> str | None:
    """An address; that of the same file in the bucket says no more, and is taken with it, or in its place."""
    address, key = row.text(https), row.peek(s3)
    if address is None:
        return row.text(s3)
    if isinstance(address, str) and isinstance(key, str):
        same(row, s3, address.replace(FILES_URL, _BUCKET))
    return address


def same(row: Fields, column: str, known: object) -> None:
    """Take a value that is known already."""
    if row.peek(column) == known:
        row.take(column)


def term(row: Fields, name: str, identifier: str) -> OntologyTerm | None:
    """A term by its name and CURIE; None if nothing is known."""
    called, number = stated(row.text(name)), curie(stated(row.text(identifier)))
    return OntologyTerm(name=called, id=number) if called or number else None


def list_of_people(rows: Sequence[Fields]) -> list[Person]:
    """Authors in the order of the list, by name, ORCID and affiliation, and nothing else of them."""
    ordered = in_stated_order(rows, "author_list_order")
    return [_person(name, row) for row in ordered if (name := row.text("name"))]


def _person(name: str, row: Fields) -> Person:
    orcid = row.text("orcid")
    return Person(
        name=name,
        orcid=orcid and orcid.removeprefix("https://orcid.org/"),
        affiliation=row.text("affiliation_name"),
    )


def data_files(row: Fields) -> list[DataFile]:
    """The files of an image: MRC first, and OME-Zarr where there is one, with their sizes."""
    mrc = mirrored(row, "https_mrc_file", "s3_mrc_file")
    zarr = mirrored(row, "https_omezarr_dir", "s3_omezarr_dir")
    found = [
        DataFile(path=path, file_format=file_format, file_size=row.integer(size))
        for path, file_format, size in (
            (mrc, "MRC", "file_size_mrc"),
            (zarr, "OME-Zarr", "file_size_omezarr"),
        )
        if path is not None
    ]
    return found


def coordinates(row: Fields, pattern: str) -> Coordinates | None:
    """Lengths along the three axes, by the pattern of their columns; None if not all three are there.

    A length of 0 along all of them says nothing.
    """
    columns = [pattern.format(axis) for axis in "xyz"]
    x, y, z = (row.number(column) for column in columns)
    if x is None or y is None or z is None:
        row.leave(*columns)
        return None
    return Coordinates(x=x, y=y, z=z) if any((x, y, z)) else None
