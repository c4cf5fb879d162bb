"""Words of people for classes, properties and columns, whose names are those of programs."""

import re

__all__ = ["in_words", "kind_in_words"]

_WORDS = {
    "center": "centre",
    "ctf": "CTF",
    "dataset": "data set",
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
    "movie stack series": "movies of a tilt series",
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
