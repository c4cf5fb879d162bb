"""Objects at their own addresses, as linked data.

An object's IRI is the store's base and a path; the server has the object at `/data/` and the same path,
percent-encoded in the same way. Large arrays are links: `?property=coordinates` gives one as JSON. The
ontology is at `/ontology`, and each version of it at `/ontology/0.1.0` and so on.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from cetsgraph.iris import is_web_address
from cetsgraph.namespaces import CETS, DCTERMS, RDF_JSON, RDFS, SKOS
from cetsgraph.queries import describe
from cetsgraph.resources import folder
from cetsgraph.store import Settings
from cetsgraph.versions import ONTOLOGY_VERSION

__all__ = [
    "address_of",
    "array_address",
    "iri_at",
    "is_large",
    "ontology_file",
    "released_terms",
    "triples_of",
    "viewer_of",
]

_LARGE = 4_000
"""Characters of an array that is linked to."""


def iri_at(settings: Settings, path: str) -> str:
    """The IRI of the object that the server has at `/data/` and this path, percent-encoded as it was sent.

    >>> iri_at(Settings("https://example.org/data", "local"), "local/a%2Fb")
    'https://example.org/data/local/a%2Fb'
    """
    return f"{_base(settings)}{path}"


def address_of(settings: Settings, iri: str) -> str | None:
    """The address to which a page links for an IRI; None if a link to it could do harm.

    >>> address_of(Settings("https://example.org/data", "local"), "https://example.org/data/local/a")
    '/data/local/a'
    """
    base = _base(settings)
    if iri.startswith(base):
        return f"/data/{iri.removeprefix(base)}"
    if iri.startswith(CETS):
        return f"/ontology#{iri.removeprefix(CETS)}"
    return iri if is_web_address(iri) else None


def viewer_of(path: str) -> str | None:
    """The address of a viewer for a volume on the web, which only a person opens; None for other files.

    >>> viewer_of("https://example.org/TS_01.zarr")[:46]
    'https://neuroglancer-demo.appspot.com/#!%7B%22'
    >>> viewer_of("tomograms/TS_01.mrc")
    """
    if not path.startswith("https://") or not path.rstrip("/").endswith(".zarr"):
        return None
    layer = {"type": "image", "source": f"zarr://{path}", "name": path.rstrip("/").rpartition("/")[2]}
    return f"https://neuroglancer-demo.appspot.com/#!{quote(json.dumps({'layers': [layer]}))}"


def triples_of(store: describe.Queryable, iri: str, address: str) -> list[ox.Triple]:
    """Statements about an object and those that refer to it, with links in place of large arrays.

    Args:
        store: where the object is.
        iri: the object.
        address: where the server has it.

    Raises:
        ValueError: `iri` is not an IRI.
    """
    found = [*describe.statements(store, iri), *describe.references(store, iri)]
    return [linked for triple in found for linked in _linked(triple, address)]


def is_large(term: object) -> bool:
    """Whether a value is an array that is linked to."""
    return isinstance(term, ox.Literal) and term.datatype.value == RDF_JSON and len(term.value) > _LARGE


def array_address(address: str, predicate: str) -> str:
    """The address of an array: that of its object, with the property by name."""
    return f"{address}?property={predicate.removeprefix(CETS)}"


def ontology_file(version: str = ONTOLOGY_VERSION) -> Path | None:
    """The file, in Turtle, of a version of the ontology; None if there is no such version.

    >>> path = ontology_file("0.1.0")
    >>> path is not None and path.name
    '0.1.0.ttl'
    """
    if version == ONTOLOGY_VERSION:
        return folder("ontology") / "cets.ttl"
    released = {path.stem: path for path in (folder("ontology") / "releases").glob("*.ttl")}
    return released.get(version)


def released_terms(version: str) -> dict[str, str]:
    """Names and definitions of the terms of a released version.

    >>> released_terms("0.1.0")["Tomogram"]
    'A volume reconstructed from a tilt series.'
    """
    path = ontology_file(version)
    if path is None:
        return {}
    return {
        quad.subject.value.removeprefix(CETS): quad.object.value
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        if quad.predicate.value == f"{SKOS}definition"
        and isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.Literal)
    }


def _linked(triple: ox.Triple, address: str) -> Iterator[ox.Triple]:
    """The triple; in place of a large array, triples that say where it is and in which format."""
    if not is_large(triple.object):
        yield triple
        return
    link = ox.NamedNode(array_address(address, triple.predicate.value))
    yield ox.Triple(triple.subject, ox.NamedNode(f"{RDFS}seeAlso"), link)
    yield ox.Triple(link, ox.NamedNode(f"{DCTERMS}subject"), triple.predicate)
    yield ox.Triple(link, ox.NamedNode(f"{DCTERMS}format"), ox.Literal("application/json"))


def _base(settings: Settings) -> str:
    return f"{settings.base.rstrip('/')}/"
