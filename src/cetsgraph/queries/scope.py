"""The graphs that a question is asked of: one data set, some, or all of a store."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from cetsgraph.errors import DataSetNotFound, ObjectNotFound, ParameterError
from cetsgraph.iris import is_iri
from cetsgraph.namespaces import CATALOGUE, CETS, DCTERMS, VOID
from cetsgraph.queries.order import Terms, in_order
from cetsgraph.queries.pages import RowPage, checked, with_page
from cetsgraph.queries.question import Query, Scope
from cetsgraph.queries.terms import Value, ValueKind, serialize
from cetsgraph.store import Store
from cetsgraph.texts import did_you_mean, has_unrepresentable, nearest

__all__ = ["ScopedPage", "graphs_of", "iri_of", "object_iri", "solutions"]

_HEADER = re.compile(r"\A(?:#[^\n]*\n)+")
_SHOWN = 3  # objects of one name that a message has
_SAMPLED = 25
"""After so many data sets each, it is looked how many have to be asked for a page of rows."""
_MOST = 600
"""Where these are more, or more than half of the store, all are asked at once."""


class ScopedPage(RowPage, total=False):
    """Which rows of an answer whose rows belong to one data set each.

    dataset: name or IRI of the data set, or several; all if not given.
    kinds_of: whether kinds and parts of the object that is asked about count, by the store's ontologies.
    """

    dataset: str | Sequence[str] | None
    kinds_of: bool


def solutions(
    store: Store, question: Query, values: Mapping[str, Value], page: ScopedPage
) -> Iterable[Terms]:
    """The rows of a question for these values of its parameters, in the order of its ORDER BY.

    Raises:
        DataSetNotFound: the store has no data set of this name.
        ParameterError: a value is not of its parameter's kind, the question is asked across data sets, or
            the page is none.
    """
    dataset = page.get("dataset")
    numbers = checked(question.text, page, query=question.name)
    graphs = None if dataset is None else graphs_of(store, dataset)
    values = _with_iris(store, question, values, graphs)
    sparql = _bound(question, values)
    if graphs is None and store.in_process and question.scope is Scope.DATA_SET:
        graphs = _homes(store, question, values)
    if graphs is not None:
        if question.scope is Scope.ACROSS:
            raise ParameterError(
                "the question is asked across data sets",
                query=question.name,
                parameter="dataset",
                hint="Leave out the data set.",
            )
        return _asked(store, question, sparql, numbers, graphs)
    if store.in_process and question.by_data_set and numbers.get("limit"):
        first = _first_rows(store, question, values, numbers.get("offset", 0) + numbers["limit"])
        if first is not None:
            return first[numbers.get("offset", 0) :]
    return _asked(store, question, sparql, numbers)


def _bound(question: Query, values: Mapping[str, Value]) -> str:
    """The SPARQL without its header, whose words of the language cost the engine a second look."""
    return _HEADER.sub("", question.bind(**values))


def _asked(
    store: Store,
    question: Query,
    sparql: str,
    numbers: Mapping[str, int],
    data_sets: Sequence[str] | None = None,
) -> Iterable[Terms]:
    """The rows of a page, in the order of the question; from the graphs of some data sets, or from all."""
    columns = tuple(column.name for column in question.columns)
    catalogue = [CATALOGUE] if question.reads_catalogue else []
    graphs = None if data_sets is None else [*data_sets, *catalogue]

    def select(text: str, names: Sequence[str]) -> Iterator[Terms]:
        found = store.select(text, default_graph=graphs)
        if found.variables == names:
            return map(tuple, found)
        return (tuple(row[name] for name in names) for row in found)

    if not store.in_process or question.has_arrays:
        return select(with_page(sparql, numbers), columns)
    start, limit = numbers.get("offset", 0), numbers.get("limit")
    return islice(in_order(select, sparql, columns), start, None if limit is None else start + limit)


def graphs_of(store: Store, dataset: str | Sequence[str]) -> list[str]:
    """The named graphs of data sets by their names or IRIs.

    Raises:
        DataSetNotFound: the store has no data set of this name.
    """
    return [iri_of(store, name) for name in ([dataset] if isinstance(dataset, str) else dataset)]


def iri_of(store: Store, dataset: str) -> str:
    """The IRI of a data set. `dataset` is its name or IRI.

    >>> from cetsgraph import DataSet, LocalStore, archive
    >>> store = LocalStore.memory()
    >>> done = archive.put(store, DataSet(name="EMPIAR-12104"))
    >>> iri_of(store, "EMPIAR-12104")
    'https://w3id.org/cetsgraph/data/local/EMPIAR-12104'

    Raises:
        DataSetNotFound: the store has no such data set, or several of that name.
    """
    if is_iri(dataset) and dataset != CATALOGUE and store.has_graph(dataset):
        return dataset
    found = _titled(store, dataset)
    if len(found) == 1:
        return found[0]
    raise DataSetNotFound(dataset, suggestions=found or _like(store, dataset), where=store.location)


def object_iri(store: Store, name: str, graphs: Sequence[str] | None = None) -> str:
    """The IRI of an object. `name` is the IRI itself, or the name or id of a data set or another object.

    `graphs` are the data sets where other objects are looked for; all if not given.

    Raises:
        ObjectNotFound: no object is called so, or several are.
    """
    if "://" in name and is_iri(name):
        return name
    try:
        return iri_of(store, name)
    except DataSetNotFound as error:
        if is_iri(name):
            return name
        found, like = _called(store, name, graphs), error.suggestions
    if len(found) == 1:
        return found[0]
    several = f"{len(found)} objects are called {name!r}"
    what = several if found else f"{name!r} is neither an IRI nor the name of an object"
    hint = did_you_mean(found[:_SHOWN] or like)
    raise ObjectNotFound(what, iri=name, where=store.location, hint=hint)


def _called(store: Store, name: str, graphs: Sequence[str] | None) -> list[str]:
    """IRIs of the objects of a name or id, sorted."""
    if has_unrepresentable(name):
        return []
    called = f"VALUES ?p {{ <{CETS}name> <{CETS}id> }} ?one ?p {serialize(ValueKind.TEXT, name)}"
    rows = store.select(f"SELECT DISTINCT ?one {{ {called} }}", default_graph=graphs)
    return sorted(row["one"].value for row in rows)


def _with_iris(
    store: Store, question: Query, values: Mapping[str, Value], graphs: Sequence[str] | None
) -> Mapping[str, Value]:
    """The values, with the IRIs of objects that are given by their names."""
    kinds = {parameter.name: parameter.kind for parameter in question.parameters}

    def known(name: str, value: Any) -> Any:
        if isinstance(value, list | tuple):
            return [known(name, one) for one in value]
        if kinds.get(name) is not ValueKind.IRI or not isinstance(value, str):
            return value
        try:
            return object_iri(store, value, graphs)
        except ObjectNotFound as error:
            raise ParameterError(
                "the value is of the wrong kind",
                query=question.name,
                parameter=name,
                found=repr(value),
                expected="an absolute IRI, or the name of one object",
                hint=error.hint,
            ) from error

    return {name: known(name, value) for name, value in values.items()}


def _homes(store: Store, question: Query, values: Mapping[str, Value]) -> list[str] | None:
    """The data sets of the objects that are asked about; None if one is in none."""
    objects = {
        iri
        for parameter in question.parameters
        if parameter.kind is ValueKind.IRI
        for iri in _listed(values.get(parameter.name))
    }
    if not objects:
        return None
    asked = " ".join(serialize(ValueKind.IRI, iri) for iri in sorted(objects))
    itself = f"GRAPH <{CATALOGUE}> {{ ?one a <{VOID}Dataset> }} BIND(?one AS ?dataset)"
    inside = f"GRAPH ?dataset {{ ?one <{CETS}inDataSet> ?dataset }}"
    rows = store.select(
        f"SELECT ?one ?dataset {{ VALUES ?one {{ {asked} }} {{ {inside} }} UNION {{ {itself} }} }}"
    )
    homes = [(row["one"].value, row["dataset"].value) for row in rows]
    return sorted({home for _, home in homes}) if {one for one, _ in homes} == objects else None


def _listed(value: Value | None) -> list[str]:
    """The IRIs that a parameter is given."""
    if isinstance(value, str):
        return [value]
    return [str(iri) for iri in value] if isinstance(value, Sequence) else []


def _first_rows(store: Store, question: Query, values: Mapping[str, Value], count: int) -> list[Terms] | None:
    """So many rows, if there are, from one data set that has what the question needs after the other.

    None where so many would have to be asked that all cost less at once, or a graph is not one data set, so
    that the union says what the order is.
    """
    sparql, graphs = _bound(question, values), _data_sets(store)
    most = min(_MOST, len(graphs) / 2)
    needs = question.data_sets_with_needs(**values)
    if needs is not None:
        having = {getattr(row["dataset"], "value", None) for row in store.select(needs)}
        graphs = [graph for graph in graphs if graph in having]
    home = [column.name for column in question.columns].index("dataset")
    rows: list[Terms] = []
    for asked, graph in enumerate(graphs):
        if asked % _SAMPLED == 0 < asked and len(graphs) > most and len(rows) * most < count * asked:
            return None
        found = list(_asked(store, question, sparql, {"limit": count - len(rows)}, [graph]))
        if any(getattr(row[home], "value", None) != graph for row in found):
            return None
        rows += found
        if len(rows) == count:
            break
    return rows


def _data_sets(store: Store) -> list[str]:
    """The named graphs that may be data sets, in the order in which SPARQL sorts their IRIs."""
    return [graph for graph in store.graphs() if graph != CATALOGUE]


def _titled(store: Store, name: str) -> list[str]:
    """IRIs of the data sets of this name that the catalogue has."""
    if has_unrepresentable(name):
        return []
    return store.subjects(CATALOGUE, f"{DCTERMS}title", name)


def _like(store: Store, dataset: str) -> Sequence[str]:
    """Names and IRIs that resemble this one."""
    query = f"SELECT ?dataset ?name {{ GRAPH <{CATALOGUE}> {{ ?dataset <{DCTERMS}title> ?name }} }}"
    known = sorted((row["name"].value, row["dataset"].value) for row in store.select(query))
    return nearest(dataset, [text for pair in known for text in pair])
