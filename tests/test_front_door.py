"""What `import cetsgraph` shows, and how objects look on a screen and in a notebook."""

import doctest
import importlib
import inspect
import io
import json
import subprocess
import sys
import types
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

import cetsgraph
from cetsgraph import archive, queries
from cetsgraph.derive.python_page import MODULES
from cetsgraph.model import DataSet, Region
from cetsgraph.store import LocalStore

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
EMPIAR = EXAMPLES / "empiar-12104.cets-data-model.json"
EVIL = "<script>alert('\x1b')</script>\n" * 200


def test_all_names_are_there_and_shown() -> None:
    assert dir(cetsgraph) == sorted(cetsgraph.__all__)
    for name in cetsgraph.__all__:
        assert getattr(cetsgraph, name) is not None
    with pytest.raises(AttributeError, match="nothing_such"):
        cetsgraph.nothing_such  # noqa: B018


def test_importing_imports_nothing_that_is_not_used() -> None:
    script = "import sys, cetsgraph; print([name for name in sys.modules if name.startswith('cetsgraph.')])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['cetsgraph.versions']"


@pytest.mark.parametrize("kind", ["path", "bytes", "stream"])
def test_documents_and_rdf_are_read_from_paths_bytes_and_streams(tmp_path: Path, kind: str) -> None:
    turtle = tmp_path / "out.ttl"
    cetsgraph.convert(EMPIAR, turtle)
    for path in (EMPIAR, turtle):
        given = {"path": path, "bytes": path.read_bytes(), "stream": io.BytesIO(path.read_bytes())}[kind]
        more = {} if kind == "path" else {"path": path.name}
        document = cetsgraph.read(given, **more)  # type: ignore[arg-type]
        assert document.dataset == cetsgraph.read(EMPIAR).dataset


def test_the_ways_in_work_together(tmp_path: Path) -> None:
    loading = cetsgraph.load(tmp_path / "store", EMPIAR)
    assert [str(put.change) for put in loading.data_sets] == ["added"]
    iri = loading.data_sets[0].record.dataset
    with cetsgraph.open_store(tmp_path / "store") as store:
        values = {one.property: one.value for one in cetsgraph.describe(store, iri)}
        assert values["cets:name"] == "EMPIAR-12104"
        again = archive.get(store, iri)
    assert cetsgraph.write(again, "cets-data-model").data == json.loads(EMPIAR.read_text())
    assert cetsgraph.validate(EMPIAR).conforms
    found = cetsgraph.search("tomograms_with_fitmap", {"mine": tmp_path / "store"})
    assert found.complete
    assert len(found.rows) == 1


def objects(folder: Path) -> Iterator[object]:
    """One of each that people look at, with texts and numbers as bad as they come."""
    regions = [Region(id=f"{EVIL}{index}") for index in range(500)]
    dataset = DataSet(name=EVIL, description=EVIL, regions=regions)
    document = cetsgraph.read(b'{"name": "<b>", "regions": [{"id": 3}], "<i>": 1}', path=f"{EVIL}.json")
    yield from (dataset, regions[0], document, cetsgraph.validate(document))
    store = LocalStore.open(folder / ("s" * 200), "w")
    archive.put_all(store, (DataSet(name=f"<{index}> {'x' * 50}") for index in range(30)))
    yield from (store, archive.list(store), queries.run(store, "dataset_summary"))
    yield from (store.query("SELECT * { ?s ?p ?o }"), store.query("DESCRIBE <urn:a>"))
    yield from (cetsgraph.write(document, form) for form in ("cetsgraph", "turtle"))


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.add(tag)


def test_objects_are_one_short_line_on_a_screen_and_a_table_in_a_notebook(tmp_path: Path) -> None:
    with_html = []
    for thing in objects(tmp_path):
        line = repr(thing)
        assert len(line) <= 300
        assert line.isprintable()
        if hasattr(thing, "_repr_html_"):
            html = thing._repr_html_()
            tags = Tags()
            tags.feed(html)
            assert tags.found <= {"table", "thead", "tbody", "tr", "th", "td", "p"}
            assert len(html) < 40_000
            with_html.append(type(thing).__name__)
    assert with_html == ["DataSet", "Region", "Document", "Report", "LocalStore", "Records", "Rows"]


def test_a_store_in_a_notebook_lists_its_data_sets() -> None:
    store = LocalStore.memory()
    archive.put_all(store, (DataSet(name=f"<{number}>") for number in range(30)))
    html = store._repr_html_()
    assert html is not None
    assert html.count("&lt;") == 20
    assert html.endswith("<p>30 data sets, the first 20 shown</p>")
    store.close()
    assert store._repr_html_() is None


def test_json_that_was_parsed_elsewhere_is_read_too() -> None:
    whole = {"name": "A", "regions": [{"id": "TS_01", "tilt_series": []}]}
    assert cetsgraph.read(whole).dataset == cetsgraph.read(json.dumps(whole).encode()).dataset


def test_a_path_is_not_put_but_read() -> None:
    with pytest.raises(TypeError, match=r"not str: `cetsgraph\.read`"):
        archive.put(LocalStore.memory(), "a.json")  # type: ignore[arg-type]


def test_arguments_that_choose_no_rows_are_refused() -> None:
    store = LocalStore.memory()
    for ask in (queries.tilt_schemes, lambda store, **page: queries.run(store, "SELECT * {}", **page)):
        with pytest.raises(TypeError, match="limit, offset, not limt"):
            ask(store, limt=3)
    with pytest.raises(TypeError, match="question as a mapping"):
        queries.run(store, "tilt_series_by_dose", maximum=120)  # type: ignore[call-arg]


@pytest.mark.parametrize(("module", "name"), [(cetsgraph, "validat"), (queries, "tilt_scheme")])
def test_python_can_say_which_name_is_nearest(module: types.ModuleType, name: str) -> None:
    with pytest.raises(AttributeError) as raised:
        getattr(module, name)
    assert (raised.value.name, raised.value.obj) == (name, module)


def test_rows_in_a_notebook_have_units_and_a_count(tmp_path: Path) -> None:
    cetsgraph.load(tmp_path / "store", EMPIAR)
    with cetsgraph.open_store(tmp_path / "store") as store:
        html = queries.tomograms_by_voxel_size(store, minimum=13, maximum=14)._repr_html_()
    assert "voxel_size_x (Å)" in html
    assert "<p>1 row</p>" in html


def public_functions() -> Iterator[tuple[str, types.FunctionType]]:
    for name in MODULES:
        module = importlib.import_module(f"cetsgraph.{name}" if name else "cetsgraph")
        for public in module.__all__:
            if isinstance(thing := getattr(module, public), types.FunctionType):
                yield f"{module.__name__}.{public}", thing


def test_every_public_function_has_an_example() -> None:
    examples = doctest.DocTestParser().get_examples
    without = [
        name
        for name, function in public_functions()
        if function.__module__ != "cetsgraph.errors" and not examples(inspect.getdoc(function) or "")
    ]
    assert without == []


def test_the_reference_pages_describe_all_that_is_public() -> None:
    reference = Path(__file__).resolve().parents[1] / "docs" / "reference"
    pages = "".join((reference / name).read_text() for name in ("python.md", "python-modules.md"))
    questions = set(queries.typed.__all__)
    for name, _ in public_functions():
        assert name.rpartition(".")[2] in questions or f"### {name.rpartition('.')[2]}\n" in pages
