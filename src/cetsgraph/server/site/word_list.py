"""What the editor of queries completes: prefixes, and terms with label, unit and definition, as JSON."""

import json
from collections.abc import Iterator
from functools import cache

import pyoxigraph as ox

from cetsgraph.namespaces import CETS, PREFIXES
from cetsgraph.server.site.linked_data import ontology_file
from cetsgraph.vocabulary import vocabulary

__all__ = ["word_list"]


@cache
def word_list() -> str:
    """Classes and properties as lists of name, label, definition and unit; other terms by their names.

    >>> next(one for one in json.loads(word_list())["properties"] if one[0] == "cets:defocusU")[1::2]
    ['defocus u', 'Å']
    """
    terms = vocabulary()
    known = {*terms.classes, *terms.properties}
    words = {
        "prefixes": PREFIXES,
        "classes": [[f"cets:{one.name}", one.label, one.definition, ""] for one in terms.classes.values()],
        "properties": [
            [f"cets:{one.name}", one.label, one.definition, one.unit.symbol if one.unit else ""]
            for one in terms.properties.values()
        ],
        "others": sorted(f"cets:{name}" for name in _defined() if name not in known),
    }
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def _defined() -> Iterator[str]:
    """Local names of all that the ontology says something about."""
    path = ontology_file()
    assert path is not None
    subjects = {quad.subject for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)}
    named = (one.value for one in subjects if isinstance(one, ox.NamedNode))
    return (iri.removeprefix(CETS) for iri in named if iri.startswith(CETS))
