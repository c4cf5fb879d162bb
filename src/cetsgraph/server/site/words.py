"""Words of people for classes, properties and columns, whose names are those of programs."""

import re
from urllib.parse import unquote

from cetsgraph.queries.describe import Named

__all__ = ["called", "called_apart", "in_words", "is_unnamed", "kind_in_words"]

_WORDS = {
    "center": "centre",
    "ctf": "CTF",
    "dataset": "data set",
    "datasets": "data sets",
    "fitmap": "fitted map",
    "id": "ID",
    "ids": "IDs",
    "license": "licence",
    "taxid": "taxonomy ID",
    "uri": "URI",
    "url": "URL",
    "x": "X",
    "y": "Y",
    "z": "Z",
}
_KINDS = {
    "fit map": "fitted map",
    "movie stack": "movie",
    "movie stack collection": "movies",
    "movie stack series": "series of movies",
    "tilt series micrograph": "tilt image",
    "tilt series micrograph stack": "tilt series",
}
"""Labels of classes that nobody says."""


def in_words(name: str) -> str:
    """The name of a property or column as people write it.

    >>> in_words("ctf_corrected"), in_words("organism taxid"), in_words("dataset")
    ('CTF corrected', 'organism taxonomy ID', 'data set')
    """
    return " ".join(_WORDS.get(word, word) for word in re.split("[_ ]", name))


def kind_in_words(label: str) -> str:
    """The label of a class as people say it.

    >>> kind_in_words("tilt series micrograph stack"), kind_in_words("tomogram")
    ('tilt series', 'tomogram')
    """
    return _KINDS.get(label, label)


def is_unnamed(known: Named) -> bool:
    """Whether an object is called by its class alone, or with its place in a list."""
    if not known.kind or not known.title.startswith(known.kind):
        return False
    rest = known.title.removeprefix(known.kind).strip()
    return rest == "" or rest.isdecimal()


def called(known: Named) -> str:
    """What people call an object; a data set that has no name by the end of its IRI.

    >>> called(Named("https://example.org/data/TS_01", "data set", "data set"))
    'TS_01'
    >>> called(Named("urn:a", "tilt series micrograph stack 0", "tilt series micrograph stack"))
    'tilt series 0'
    >>> called(Named("urn:a", "10445", "data set"))
    '10445'
    """
    if not is_unnamed(known):
        return known.title
    if known.title == "data set":
        return unquote(known.iri.rpartition("/")[2])
    return kind_in_words(known.kind) + known.title.removeprefix(known.kind)


def called_apart(known: Named) -> str:
    """The same among objects of several regions: one that has no name with the region that it is in.

    >>> called_apart(Named("https://example.org/data/A/region/~2/tomogram/~0", "tomogram 0", "tomogram"))
    'tomogram 0 of region 2'
    """
    region, _, inside = known.iri.partition("/region/")[2].partition("/")
    if not inside or not is_unnamed(known):
        return called(known)
    return f"{called(known)} of {unquote(region.replace('~', 'region '))}"
