"""The IRIs of objects.

An object's IRI is its parent's IRI, the noun of the relation, and its percent-encoded id, or `~index`
where it has none:

    …/data/local/EMPIAR-12104/region/Control_TS_006/tomo-image-set/~0
"""

import re
import unicodedata
from urllib.parse import quote

__all__ = [
    "DEFAULT_BASE",
    "child_iri",
    "data_set_iri",
    "is_base",
    "is_iri",
    "is_web_address",
    "segment",
    "slug",
]

DEFAULT_BASE = "https://w3id.org/cetsgraph/data/"

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+")
_PLAIN = re.compile(r"[A-Za-z0-9_-]+").fullmatch


def is_web_address(text: str) -> bool:
    """Whether a text begins as an address of the web, to which a page may link.

    >>> is_web_address("https://example.org/a"), is_web_address("javascript:a"), is_web_address("a.mrc")
    (True, False, False)
    """
    return text.startswith(("https://", "http://"))


def is_iri(text: str) -> bool:
    """Whether the text is an absolute IRI that can stand in N-Quads as it is (RFC 3987).

    >>> is_iri("https://example.org/a"), is_iri("https://example.org/a b"), is_iri("http://[::1")
    (True, False, False)
    """
    import pyoxigraph  # the judge of what can stand there

    if _IRI.fullmatch(text) is None:
        return False
    try:
        pyoxigraph.NamedNode(text)
    except ValueError:
        return False
    return True


def is_base(text: str) -> bool:
    """Whether IRIs of data sets can start with the text: an absolute IRI without query and fragment.

    >>> is_base("https://example.org/data/"), is_base("https://example.org/?id="), is_base("")
    (True, False, False)
    """
    return is_iri(text) and "?" not in text and "#" not in text


def segment(text: str) -> str:
    """One path segment of an IRI: percent-encoded, never `.`, `..` or starting with `~`.

    >>> segment("tilt 1/é"), segment(".."), segment("~0")
    ('tilt%201%2F%C3%A9', '%2E%2E', '%7E0')
    """
    if _PLAIN(text):
        return text
    encoded = quote(text, safe="", errors="surrogatepass")
    if encoded.startswith("~"):
        return f"%7E{encoded[1:]}"
    return encoded.replace(".", "%2E") if encoded.strip(".") == "" else encoded


def child_iri(parent: str, noun: str, identifier: str | None, index: int, taken: set[str]) -> str:
    """The IRI of an object in its parent, different from all that are `taken`, to which it is added.

    The second of two equal ids gets `~index` appended, and again as long as another object has that IRI.

    >>> taken = set()
    >>> [child_iri("d:x", "region", id, index, taken) for index, id in enumerate(["a", "a~2", "a"])]
    ['d:x/region/a', 'd:x/region/a~2', 'd:x/region/a~2~2']
    """
    iri = f"{parent}/{noun}/{segment(identifier)}" if identifier else f"{parent}/{noun}/~{index}"
    while iri in taken:
        iri = f"{iri}~{index}"
    taken.add(iri)
    return iri


def slug(name: str) -> str:
    """A name as one readable path segment: letters of any script, digits, `.`, `_` and `-`.

    >>> slug("EMPIAR-12104"), slug("HIV-1 VLPs (TS_01)"), slug("Zelle Ä/2"), slug("…")
    ('EMPIAR-12104', 'HIV-1-VLPs-TS_01', 'Zelle-%C3%84-2', '')
    """
    words = re.findall(r"[\w.-]+", unicodedata.normalize("NFC", name))
    return segment("-".join(words).strip("-."))


def data_set_iri(base: str, archive: str, name: str) -> str:
    """The IRI of a data set: base, archive and slug of its name.

    >>> data_set_iri(DEFAULT_BASE, "empiar", "EMPIAR-12104")
    'https://w3id.org/cetsgraph/data/empiar/EMPIAR-12104'

    Raises:
        ValueError: the name has no letter or digit.
    """
    if not (end := slug(name)):
        raise ValueError(
            f"the name {name!r} has no letter or digit to make an IRI of; give another with --as"
        )
    return f"{base.rstrip('/')}/{slug(archive)}/{end}"
