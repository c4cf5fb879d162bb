"""The formats of RDF that data sets are read and written in, by their names and by the endings of files."""

from cetsgraph.errors import StrPath
from cetsgraph.texts import shown_path

__all__ = ["RDF_FORMATS", "RDF_SUFFIXES", "rdf_suffix", "target_suffix"]

RDF_FORMATS = {"nquads": ".nq", "trig": ".trig", "turtle": ".ttl", "jsonld": ".jsonld"}
"""Formats in which data sets are written, by the names of the commands, and the endings of their files."""

RDF_SUFFIXES = (*RDF_FORMATS.values(), ".nt")
"""Endings of RDF files, without the one of gzip."""


def target_suffix(target: str) -> str:
    """The ending of files that are written in a format of RDF, or in a dialect.

    >>> target_suffix("turtle"), target_suffix("tomobabel")
    ('.ttl', '.json')
    """
    return RDF_FORMATS.get(target, ".json")


def rdf_suffix(path: StrPath) -> str | None:
    """Which of `RDF_SUFFIXES` the name of a file has; None if it is no RDF.

    >>> rdf_suffix("EMPIAR-12104.ttl.gz"), rdf_suffix("EMPIAR-12104.json")
    ('.ttl', None)
    """
    name = shown_path(path).casefold().removesuffix(".gz")
    return next((suffix for suffix in RDF_SUFFIXES if name.endswith(suffix)), None)
