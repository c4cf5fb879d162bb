"""What objects are searched by: what annotations and labels mark, and texts in normal form.

Both are written so that a search finds them in any case and Unicode form: the queries
bring what they search for into the same form.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from cetsgraph.model import Annotation, Entity, MaskLabel
from cetsgraph.normal_forms import folded, object_key

__all__ = ["SEARCHED", "object_keys", "search_text"]

SEARCHED = ("name", "description", "annotated_object", "annotated_object_name", "path")
"""Fields whose texts are searched by words."""
_LONGEST = 200  # characters; a longer description is no name


def object_keys(entity: Entity) -> Iterator[str]:
    """Term (as CURIE), name of the object, own name and short description, each once, in normal form.

    >>> ribosomes = Annotation(annotated_object="http://purl.obolibrary.org/obo/GO_0005840", name="Ribosomes")
    >>> list(object_keys(ribosomes))
    ['go:0005840', 'ribosomes']
    """
    if not isinstance(entity, Annotation | MaskLabel):
        return
    said = (entity.annotated_object, entity.annotated_object_name, entity.name, entity.description)
    yield from dict.fromkeys(object_key(text) for text in said if text and len(text) <= _LONGEST)


def search_text(values: dict[str, Any], fields: Iterable[str]) -> tuple[str, bool]:
    r"""The texts of an object in normal form, one a line, and whether lower case alone gives that.

    >>> search_text({"name": "Ju\u0308rgen", "path": "a.mrc"}, ("name", "path"))
    ('jürgen\na.mrc', False)
    >>> search_text({"name": "Jürgen", "path": "A.mrc"}, ("name", "path"))
    ('jürgen\na.mrc', True)
    """
    texts = [text for field in fields for text in _texts(values[field])]
    normal = [folded(text) for text in texts]
    return "\n".join(normal), normal == [text.lower() for text in texts]


def _texts(value: str | dict[str, str] | None) -> Iterable[str]:
    if isinstance(value, dict):
        return value.values()
    return () if value is None else (value,)
