"""Search in all that has a page: data sets, terms of the ontology, questions, rules, and other pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from cetsgraph.server.site.catalogue import annotated
from cetsgraph.server.site.data_set_filter import DataSetFilter
from cetsgraph.server.site.listing import Entry, matching
from cetsgraph.server.site.questions import all_questions
from cetsgraph.server.site.rendering import page
from cetsgraph.server.site.terms import matching_terms, unit_of
from cetsgraph.store import Store
from cetsgraph.texts import counted, has_unrepresentable
from cetsgraph.validation import PROFILES, rule_book

__all__ = ["search_page"]

_MOST = 8  # of a kind
_WORDS = 5  # that are looked for one by one
_PAGES = (
    ("/sparql", "SPARQL", "query editor of the graph, endpoint for programs"),
    ("/validate", "Validate a document", "check a CETS file, whether and why it does not conform, report"),
    ("/rules", "Rules", "what documents are judged by: requirements, errors, warnings, conformance"),
    ("/shapes", "Shapes", "SHACL shapes graphs of the profiles"),
    ("/schema", "Schemas", "JSON Schema and JSON-LD context of each dialect"),
    ("/ontology", "CETS ontology", "vocabulary: classes, properties, units, definitions, licence, citation"),
    ("/ontology/changes", "Changes of the CETS ontology", "what each version added, changed and withdrew"),
    ("/ontology/use", "Terms that are used here", "how often, with examples"),
    ("/ontology/mappings.sssom.tsv", "Mappings (SSSOM)", "to terms of other vocabularies"),
    ("/archives", "Archives", "one question to several archives, federated search"),
    ("/api", "API", "addresses for programs: curl, Python, R, OpenAPI, limits, formats, download"),
    ("/.well-known/void", "VoID description", "statistics of the graph, service description"),
)
"""Address and title of pages, and words that lead there."""


@dataclass(frozen=True, slots=True)
class _Hit:
    address: str
    title: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What was found of a kind: the first hits, their number, and the address of all."""

    title: str
    hits: Sequence[_Hit]
    total: int
    everything: str


def search_page(store: Store, text: str) -> str:
    """What has all words of a text; an exact name first. Where nothing has, the words that some have."""
    words = [] if has_unrepresentable(text) else text.casefold().removeprefix("cets:").split()
    found = _kinds(store, words) if words else []
    apart = [*dict.fromkeys(words)][:_WORDS] if len(words) > 1 and not found else []
    parts = [(word, sum(kind.total for kind in _kinds(store, [word]))) for word in apart]
    title = f"Search for “{text}”" if words else "Search"
    parts = [(word, count) for word, count in parts if count]
    return page("search", store.settings.archive, title, text=text, kinds=found, parts=parts)


def _kinds(store: Store, words: Sequence[str]) -> list[_Kind]:
    """What is found of each kind of which anything is."""
    kinds = (
        _data_sets(store, " ".join(words)),
        _objects(store, words),
        _terms(words),
        _questions(words),
        _rules(words),
        _pages(words),
    )
    return [kind for kind in kinds if kind.total]


def _data_sets(store: Store, text: str) -> _Kind:
    wanted = DataSetFilter(q=text)
    entries, total = matching(store, wanted, _MOST)
    hits = [
        _Hit(one.address or "#", one.title or one.name, " · ".join([*_name_beside(one), *one.held]))
        for one in entries
    ]
    return _Kind("Data sets", hits, total, wanted.address())


def _name_beside(entry: Entry) -> list[str]:
    """The name of a data set that has a title of its own."""
    return [entry.name] if entry.title not in ("", entry.name) else []


def _objects(store: Store, words: Sequence[str]) -> _Kind:
    """What is annotated, each with the question for its tomograms."""
    found = annotated(store, words)
    hits = [
        _Hit(
            f"/queries/tomograms_by_annotated_object?{urlencode({'object': name})}",
            name,
            f"tomograms in which it is annotated; {counted(count, 'annotation')}",
        )
        for name, count in found[:_MOST]
    ]
    return _Kind("Annotated objects", hits, len(found), "/queries/annotated_objects")


def _terms(words: Sequence[str]) -> _Kind:
    terms = matching_terms(words)
    hits = [
        _Hit(f"/ontology/use/{one.name}", f"cets:{one.name}", f"{one.definition} {_in_unit(unit_of(one))}")
        for one in terms[:_MOST]
    ]
    everything = f"/ontology?{urlencode({'term': ' '.join(words)})}"
    return _Kind("Terms of the ontology", hits, len(terms), everything)


def _in_unit(unit: str) -> str:
    return f"In {unit}." if unit else ""


def _questions(words: Sequence[str]) -> _Kind:
    said = ((_Hit(f"/queries/{one.name}", one.title, one.description), one.name) for one in all_questions())
    return _kind("Questions", said, words, "/queries")


def _rules(words: Sequence[str]) -> _Kind:
    rules = rule_book(PROFILES[-1]).rules.values()
    said = ((_Hit(f"/rules#{one.id}", one.id, f"{one.title}."), str(one.severity)) for one in rules)
    return _kind("Rules", said, words, "/rules")


def _pages(words: Sequence[str]) -> _Kind:
    return _kind("Pages", ((_Hit(*one), "") for one in _PAGES), words, "/")


def _kind(title: str, said: Iterable[tuple[_Hit, str]], words: Sequence[str], everything: str) -> _Kind:
    """The hits that have all words, in title, description or other words of them; those by title first."""
    found = []
    for hit, others in said:
        name, rest = hit.title.casefold(), f"{hit.said} {others}".casefold()
        if _all_in(words, f"{name} {rest}"):
            found.append((not _all_in(words, name), hit))
    hits = [hit for _, hit in sorted(found, key=lambda one: one[0])]
    return _Kind(title, hits[:_MOST], len(hits), everything)


def _all_in(words: Iterable[str], text: str) -> bool:
    """Whether a text has all words."""
    return all(word in text for word in words)
