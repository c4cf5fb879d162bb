"""Some hundred terms, in every format: objects are found by any name and id, with kinds and parts."""

from collections.abc import Callable
from unicodedata import normalize

import pytest
from ontologies import components

from cetsgraph import LocalStore, load, ontologies, queries

FORMATS: dict[str, Callable[[], bytes]] = {
    "components.obo": components.obo,
    "components.json": components.obo_graph,
    "curies.json": lambda: components.obo_graph(curies=True),
    "components.ttl": components.owl,
}


@pytest.fixture(scope="module", params=FORMATS)
def store(request: pytest.FixtureRequest) -> LocalStore:
    made = LocalStore.memory()
    assert not load(made, components.annotated(), lenient=False).failures
    added = ontologies.add(made, FORMATS[request.param](), path=request.param)
    assert added.terms >= 150
    return made


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("spellings", components.FOUND, ids=lambda spellings: spellings[0].strip())
def test_every_spelling_finds_the_object_its_kinds_and_its_parts(
    store: LocalStore, spellings: tuple[str, ...], form: str
) -> None:
    for spelling in spellings:
        asked = normalize(form, spelling)  # type: ignore[arg-type]
        rows = queries.tomograms_by_annotated_object(store, object=asked, kinds_of=True)
        found: dict[str | None, set[str]] = {}
        for row in rows:
            found.setdefault(row.term_label, set()).add(row.name or "")
        assert found == components.FOUND[spellings], spelling
