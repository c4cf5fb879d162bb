"""Objects at their own addresses: every form says the same, and no literal does harm."""

import json
import re
from html.parser import HTMLParser

import pytest

from cetsgraph.namespaces import CETS, RDF_JSON, XSD
from cetsgraph.queries import describe
from cetsgraph.server.site import linked_data
from cetsgraph.server.site.objects import object_page
from cetsgraph.server.site.views import View, view_of
from cetsgraph.server.sparql.negotiation import best
from cetsgraph.store import LocalStore

BASE = "https://w3id.org/cetsgraph/data/"


def in_memory(nquads: str, base: str = BASE) -> LocalStore:
    store = LocalStore.memory(base=base)
    with store.writing() as writing:
        writing.add(nquads.encode())
    return store


def view(store: LocalStore, iri: str, address: str, part: int = 1) -> View:
    found = view_of(store, iri, address, part)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("base", "raw", "iri"),
    [
        (BASE, "local/a", f"{BASE}local/a"),
        ("https://example.org/cets", "local/a", "https://example.org/cets/local/a"),
        (BASE, "local/a%2Fb/~0", f"{BASE}local/a%2Fb/~0"),
    ],
)
def test_the_rule_of_addresses_goes_both_ways(base: str, raw: str, iri: str) -> None:
    store = LocalStore.memory(base=base)
    assert linked_data.iri_at(store.settings, raw) == iri
    assert linked_data.address_of(store.settings, iri) == f"/data/{raw}"


@pytest.mark.parametrize(
    ("iri", "address"),
    [
        ("https://example.org/x", "https://example.org/x"),
        (f"{CETS}Tomogram", "/ontology#Tomogram"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("urn:x", None),
    ],
)
def test_a_page_links_only_to_the_web(iri: str, address: str | None) -> None:
    assert linked_data.address_of(LocalStore.memory().settings, iri) == address


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += attrs


HOSTILE = [
    "<script>alert(1)</script>",
    '\\"><img src=x onerror=alert(1)>',
    "</style><svg onload=x>",
    "'&lt;b",
]


def said_of_an_object(predicate: str, text: str) -> str:
    iri = f"{BASE}local/a"
    store = in_memory(
        f'<{iri}> <{predicate}> "{text}" <urn:g> .\n'
        f"<{iri}> <{CETS}annotates> <javascript:alert(1)> <urn:g> .\n"
    )
    return object_page(store, iri, "/data/local/a") or ""


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("predicate", [f"{CETS}name", "urn:%3Cscript%3E'onload=x"])
def test_hostile_literals_stay_text(text: str, predicate: str) -> None:
    shown = said_of_an_object(predicate, text)
    page = Tags(shown)
    harmless = Tags(said_of_an_object(predicate, "harmless")).names
    breaks = {"wbr"}  # names may go to the next line after their signs
    assert page.names - breaks == harmless - breaks
    assert not page.names & {"img", "svg", "iframe", "object", "base"}
    assert all(link.startswith("/static/") for link in re.findall('<link rel="[a-z]+" href="(.*?)"', shown))
    assert shown.count("<link") == 2  # the style sheet and the icon
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    (script,) = [value for name, value in page.attributes if name == "src"]
    assert (script or "").startswith("/static/site.js?")
    assert not [link for name, link in page.attributes if name == "href" and "javascript" in (link or "")]


def test_many_parts_come_in_pages() -> None:
    iri = f"{BASE}local/a"
    lines = [f"<{iri}> <{CETS}hasRegion> <{iri}/region/r{i}> <urn:g> .\n" for i in range(120)]
    lines += [f'<{iri}/region/r{i}> <{CETS}position> "{i}"^^<{XSD}integer> <urn:g> .\n' for i in range(120)]
    lines += [f"<{iri}/region/r{i}> <{CETS}inDataSet> <{iri}> <urn:g> .\n" for i in range(120)]
    store = in_memory("".join(lines))
    seen = []
    for number in (1, 2, 3):
        shown = view(store, iri, "/data/local/a", part=number)
        assert shown.parts.total == 120 and not shown.referrers.mentions
        assert (f"?part={number + 1}" in (object_page(store, iri, "/data/local/a", number) or "")) == (
            number < 3
        )
        seen += [str(mention.address).rpartition("/")[2] for mention in shown.parts.mentions]
    assert seen == [f"r{i}" for i in range(120)]
    child = view(store, f"{iri}/region/r7", "")
    assert [above.address for above in child.above] == ["/data/local/a"]


def test_a_property_with_many_values_is_cut_on_the_page_only() -> None:
    iri = f"{BASE}local/a"
    store = in_memory("".join(f"<{iri}> <{CETS}target> <{BASE}b/{i}> <urn:g> .\n" for i in range(3000)))
    (fact,) = view(store, iri, "/data/local/a").facts
    assert len(fact.cells) == 50 and fact.more == "and 2,950 more"
    assert len(linked_data.triples_of(store, iri, "http://x/data/local/a")) == 3000


def test_parts_in_a_circle_have_an_end() -> None:
    one, other = f"{BASE}a", f"{BASE}b"
    store = in_memory(
        f"<{one}> <{CETS}hasMap> <{other}> <urn:g> .\n<{other}> <{CETS}hasMap> <{one}> <urn:g> .\n"
    )
    assert len(view(store, one, "").above) < 25


def test_an_array_is_given_whole_and_nothing_else_is() -> None:
    iri = f"{BASE}local/a"
    array = json.dumps([[0.1 * i, 1e-300, -0.0] for i in range(2000)])
    store = in_memory(
        f'<{iri}> <{CETS}coordinates> "{array}"^^<{RDF_JSON}> <urn:g> .\n<{iri}> <{CETS}name> "x" <urn:g> .\n'
    )
    assert describe.array(store, iri, "coordinates") == array
    for name in ("name", "nothing", "coordinates> ?x"):
        assert describe.array(store, iri, name) is None
    said = linked_data.triples_of(store, iri, "http://x/data/local/a")
    link = "http://x/data/local/a?property=coordinates"
    assert link in {getattr(one.object, "value", None) for one in said}
    assert max(len(str(one.object)) for one in said) < 1000
    assert re.search(
        r'href="[^"]*\?property=coordinates"',
        object_page(store, iri, "/data/local/a") or "",
    )


OFFERS = ["text/turtle", "text/html", "application/ld+json"]


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, "text/turtle"),
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        ("text/*;q=0.5, application/ld+json;q=0.6", "application/ld+json"),
        ("text/turtle;q=0, */*", "text/html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("TEXT/HTML", "text/html"),
        ("text/html;level=1;q=0.3, application/*;q=0.2", "text/html"),
        ("text/turtle;q=junk, application/ld+json;q=0.1", "application/ld+json"),
        ("image/png", None),
        ("*/*;q=0", None),
        (",,;;,q=1", None),
    ],
)
def test_what_a_client_prefers(accept: str | None, chosen: str | None) -> None:
    assert best(accept, OFFERS) == chosen
