"""What annotations and labels of masks mark, as it is searched for: whatever its case, whatever its form."""

import re
from collections.abc import Iterator

from cetsgraph.model import Annotation, Entity, MaskLabel

__all__ = ["object_keys"]

_OBO = re.compile(r"https?://purl\.obolibrary\.org/obo/([A-Za-z]+)_", re.IGNORECASE)
_LONGEST = 200  # characters; a longer description is no name


def object_keys(entity: Entity) -> Iterator[str]:
    """Term (as CURIE), name of the object, own name and short description, each once, in lower case.

    >>> ribosomes = Annotation(annotated_object="http://purl.obolibrary.org/obo/GO_0005840", name="Ribosomes")
    >>> list(object_keys(ribosomes))
    ['go:0005840', 'ribosomes']
    """
    if not isinstance(entity, Annotation | MaskLabel):
        return
    said = (entity.annotated_object, entity.annotated_object_name, entity.name, entity.description)
    keys = (_OBO.sub(r"\1:", text).lower() for text in said if text and len(text) <= _LONGEST)
    yield from dict.fromkeys(keys)
