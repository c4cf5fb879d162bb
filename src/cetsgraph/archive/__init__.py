"""An archive: the data sets of a store, and what can be done with each as a whole.

`put`, `get` and `remove` take one data set; `load` takes files and folders. `records` lists what is there,
and is called `archive.list` too, as the others are called; that name is no part of `from … import *`.
"""

from cetsgraph.archive.catalogue import CATALOGUE, Record, record, records
from cetsgraph.archive.changes import Change, Put, write_again
from cetsgraph.archive.counts import GraphCounts, Statistics, graph_counts, statistics
from cetsgraph.archive.datasets import get, put, put_all, remove
from cetsgraph.archive.loading import Loading, load
from cetsgraph.archive.maintenance import Backup, Migration, backup, compact, migrate, restore
from cetsgraph.queries.scope import iri_of

__all__ = [
    "CATALOGUE",
    "Backup",
    "Change",
    "GraphCounts",
    "Loading",
    "Migration",
    "Put",
    "Record",
    "Statistics",
    "backup",
    "compact",
    "get",
    "graph_counts",
    "iri_of",
    "load",
    "migrate",
    "put",
    "put_all",
    "record",
    "records",
    "remove",
    "restore",
    "statistics",
    "write_again",
]

list = records
