"""Normal forms of texts that are compared: of letters, and of the names of ontology terms.

Letters are compared as Unicode's caseless matching has it: compatibility characters are taken apart and put
together again (NFKC), and case is folded ("Unicode Standard", section 3.13).
"""

import re
from unicodedata import normalize

__all__ = ["HYPHENS", "folded", "object_key"]

_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.)?(?:"
    r"(?:purl\.obolibrary\.org/obo/|obo:)(?P<obo>[a-z]+_)|(?:identifiers\.org|bioregistry\.io)/(?P<prefix>[a-z][\w.]*[/:])"
    r")(?P<rest>\S+)"
)
_WITH_UNDERSCORE = re.compile(r"([a-z]+)_(\d{4,})")
HYPHENS = re.compile("[\u2010-\u2015\u2212]")
_TWICE = re.compile(r"([a-z][\w.]*):(\1:)")


def folded(text: str) -> str:
    r"""The text in its normal form: NFKC, with case folded.

    >>> folded("Ju\u0308rgen") == folded("J\u00fcrgen"), folded("STRASSE") == folded("Straße"), folded("2 µm")
    (True, True, '2 μm')
    """
    if text.isascii():
        return text.lower()
    return normalize("NFKC", normalize("NFKC", text).casefold())


def object_key(text: str) -> str:
    """The name or term of an object in its normal form; a term is a CURIE, however it was written.

    >>> [object_key(term) for term in ("GO:0005840", "GO_0005840", "http://purl.obolibrary.org/obo/GO_0005840")]
    ['go:0005840', 'go:0005840', 'go:0005840']
    >>> [object_key(term) for term in ("https://identifiers.org/GO:0005840", "identifiers.org/go/GO:0005840")]
    ['go:0005840', 'go:0005840']
    >>> object_key(" Membrane  (inner)"), object_key("COPI\u2011coated vesicle")
    ('membrane (inner)', 'copi-coated vesicle')
    """
    key = " ".join(HYPHENS.sub("-", folded(text)).split())
    if found := _ADDRESS.fullmatch(key):
        key = f"{found['obo'] or found['prefix']}"[:-1] + f":{found['rest']}"
    if found := _WITH_UNDERSCORE.fullmatch(key):
        key = f"{found[1]}:{found[2]}"
    return _TWICE.sub(r"\2", key)
