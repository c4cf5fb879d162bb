"""An archive: the data sets of a store, and all that is done to them as wholes."""

from cetsgraph.archive.datasets import (
    CATALOGUE,
    Change,
    Put,
    Record,
    get,
    iri_of,
    put,
    put_all,
    record,
    records,
    remove,
    write_again,
)
from cetsgraph.archive.datasets import records as list

__all__ = [
    "CATALOGUE",
    "Change",
    "Put",
    "Record",
    "get",
    "iri_of",
    "list",
    "put",
    "put_all",
    "record",
    "records",
    "remove",
    "write_again",
]
