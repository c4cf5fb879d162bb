"""Every kind of store, each really there: the same tests run on all of them.

A store is added by an entry in `STORES`: a context manager that starts what is needed in a folder, and gives
a function that opens the store for writing. Servers live as long as the session.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest
from endpoints import Endpoint, MissingServer, own_server, oxigraph_server, virtuoso_server
from missing_parts import missing

from cetsgraph import archive
from cetsgraph.errors import EndpointWarning
from cetsgraph.store import LocalStore, Store, open_store

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
TO_BE_CURATED = Path(__file__).resolve().parents[1] / "data" / "questions" / "to-be-curated.cetsgraph.json"
# What Virtuoso has from the beginning.
SYSTEM = ("http://localuriqaserver/", "http://www.openlinksw.com/", "http://www.w3.org/")

Open = Callable[[], Store]


@contextmanager
def memory(folder: Path) -> Iterator[Open]:
    kept = LocalStore.memory()
    yield lambda: kept


@contextmanager
def directory(folder: Path) -> Iterator[Open]:
    yield partial(LocalStore.open, folder / "store", "w")


@contextmanager
def endpoint(start: Callable[[Path], AbstractContextManager[Endpoint]], folder: Path) -> Iterator[Open]:
    with start(folder) as at:
        yield partial(open_store, at.url, "w", update_url=at.update_url)


def oxigraph(folder: Path) -> AbstractContextManager[Endpoint]:
    return oxigraph_server(folder, "--union-default-graph")


@contextmanager
def served(folder: Path) -> Iterator[Open]:
    token = "of-the-tests"
    with own_server(folder, token) as at, pytest.MonkeyPatch.context() as environment:

        def open_() -> Store:
            environment.setenv("CETSGRAPH_TOKEN", token)
            try:
                return open_store(at.url, "w")
            finally:
                environment.delenv("CETSGRAPH_TOKEN")

        yield open_


STORES: dict[str, Callable[[Path], AbstractContextManager[Open]]] = {
    "memory": memory,
    "directory": directory,
    "served": served,
    "oxigraph": partial(endpoint, oxigraph),
    "oxigraph-without-union": partial(endpoint, oxigraph_server),
    "virtuoso": partial(endpoint, virtuoso_server),
}


class Kind:
    """One kind of store; what it holds is made only where it is another already."""

    def __init__(self, name: str, open_: Open) -> None:
        self.name = name
        self._open = open_
        self._holds: str | None = None

    @contextmanager
    def holding(self, what: str, fill: Callable[[Store], None] = lambda store: None) -> Iterator[Store]:
        """The store, open, with just this in it. What is called nothing can be changed."""
        store = self._open()
        try:
            if self._holds != what:
                self._holds = None
                with store.writing() as writing:
                    for graph in store.graphs():
                        if not graph.startswith(SYSTEM):
                            writing.remove(graph)
                fill(store)
            self._holds = what if what != "nothing" else None
            yield store
        finally:
            if self.name != "memory":
                store.close()


def load_examples(store: Store) -> None:
    """The examples, and a data set with all that a curator looks for."""
    loading = archive.load(store, EXAMPLES, TO_BE_CURATED)
    assert len(loading.data_sets) == 6
    assert not loading.failures


@pytest.fixture(scope="session")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Kind]]:
    """Kinds of store by name, started when they are first asked for and ended with the session."""
    started: dict[str, Kind] = {}
    with ExitStack() as servers:

        def kind(name: str) -> Kind:
            if name not in started:
                folder = tmp_path_factory.mktemp(name)
                started[name] = Kind(name, servers.enter_context(STORES[name](folder)))
            return started[name]

        yield kind


@pytest.fixture(params=STORES)
def kind(request: pytest.FixtureRequest, kinds: Callable[[str], Kind]) -> Kind:
    try:
        return kinds(request.param)
    except MissingServer as error:
        missing(str(error))


@pytest.fixture(autouse=True)
def quiet_without_union(request: pytest.FixtureRequest) -> Iterator[None]:
    """The warning has a test of its own."""
    with warnings.catch_warnings():
        if "kind" in request.fixturenames and "without-union" in request.getfixturevalue("kind").name:
            warnings.simplefilter("ignore", EndpointWarning)
        yield


@pytest.fixture
def empty(kind: Kind) -> Iterator[Store]:
    """An empty store, to be changed."""
    with kind.holding("nothing") as store:
        yield store


@pytest.fixture
def examples(kind: Kind) -> Iterator[Store]:
    """A store with the examples, to be read."""
    with kind.holding("examples", load_examples) as store:
        yield store
