"""One way in and one way out: paths, bytes and streams; dialects and RDF."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from cetsgraph.cli import options
from cetsgraph.documents import (
    DIALECTS,
    RDF_FORMATS,
    TARGETS,
    convert,
    files_below,
    is_rdf,
    named,
    read,
    read_all,
    read_graphs,
    write,
)
from cetsgraph.errors import CetsGraphError, DocumentError
from cetsgraph.model import DataSet, Region
from cetsgraph.namespaces import CETS, RDF_TYPE

DATASET = DataSet(name="EMPIAR-12104", regions=[Region(id="TS_01")])
EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.*.*"))
SUFFIXES = {"turtle": ".ttl", "jsonld": ".jsonld", "nquads": ".nq", "trig": ".trig"}


@pytest.mark.parametrize("target", [*RDF_FORMATS, "cetsgraph"])
def test_what_is_written_is_read_from_a_path_bytes_and_a_stream(target: str, tmp_path: Path) -> None:
    data = bytes(write(DATASET, target))
    name = f"a{SUFFIXES.get(target, '.json')}"
    for suffix, content in (("", data), (".gz", gzip.compress(data, mtime=0))):
        path = tmp_path / f"{name}{suffix}"
        path.write_bytes(content)
        for document in (
            read(path),
            read(str(path)),
            read(content, path=path.name),
            read(io.BytesIO(content), path=path.name),
            read(content, dialect=target),
        ):
            assert document.dataset == DATASET


@pytest.mark.parametrize("form", RDF_FORMATS)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_rdf_that_was_written_of_an_example_is_read_as_the_same_data_set(example: Path, form: str) -> None:
    dataset = read(example).dataset
    assert read(bytes(write(dataset, form)), dialect=form).dataset == dataset


@pytest.mark.parametrize("name", ["a.json", "a.json.gz", "A.JSON", "a.ttl", "a.jsonld.gz", "a.nq", "a.trig"])
def test_a_file_is_written_in_the_format_of_its_name(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    write(DATASET, path)
    assert path.read_bytes().startswith(b"\x1f\x8b") is name.endswith(".gz")
    assert read(path).dataset == DATASET


def test_a_json_file_is_canonical_unless_a_dialect_is_named(tmp_path: Path) -> None:
    for dialect in DIALECTS:
        write(DATASET, tmp_path / f"{dialect}.json", dialect=dialect)
        assert read(tmp_path / f"{dialect}.json", dialect=dialect).dialect == dialect
    write(DATASET, tmp_path / "a.json")
    assert "$schema" in json.loads((tmp_path / "a.json").read_bytes())


@pytest.mark.parametrize("target", ["turtel", "a.yaml", "a.nt", "a.mrc", ""])
def test_what_cannot_be_written_is_refused_with_what_can(target: str, tmp_path: Path) -> None:
    with pytest.raises(CetsGraphError, match=r"nothing can be written as .*expected cetsgraph, tomobabel"):
        write(DATASET, target)


def test_a_slip_in_the_name_of_a_target_gets_a_hint() -> None:
    with pytest.raises(CetsGraphError, match="Did you mean 'turtle'"):
        write(DATASET, "turtel")


def test_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(CetsGraphError, match=r"a\.json: the file cannot be written"):
        write(DATASET, tmp_path / "gone" / "a.json")


def test_rdf_needs_a_name_or_an_iri() -> None:
    with pytest.raises(DocumentError, match="no name to make an IRI of"):
        write(DataSet(), "turtle")
    with pytest.raises(DocumentError, match="no letter or digit"):
        write(DataSet(name="…"), "turtle")
    assert b"<https://example.org/x>" in bytes(write(DataSet(), "turtle", iri="https://example.org/x"))


def test_the_name_of_a_document_is_its_data_sets_or_its_files(tmp_path: Path) -> None:
    path = tmp_path / "TS_01.tar.json"
    path.write_bytes(b'{"regions": [{"id": "r", "tilt_series": []}]}')
    assert named(read(path)) == "TS_01"
    assert named(read(b'{"name": "n", "regions": [{"id": "r", "tilt_series": []}]}')) == "n"


def test_a_file_of_several_data_sets_is_read_as_a_list() -> None:
    data = b"".join(
        bytes(write(DataSet(id=name), "nquads", iri=f"https://example.org/{name}")) for name in "ab"
    )
    documents = read_all(data, path="a.nq")
    assert [document.dataset.id for document in documents] == ["a", "b"]
    assert [document.path for document in documents] == ["a.nq#a", "a.nq#b"]
    with pytest.raises(DocumentError, match=r"several data sets \(found 2: a, b.*\n.*read_all"):
        read(data, path="a.nq")
    assert len(read_graphs(data, path="a.nq")) == 2


def test_large_graphs_of_a_file_are_read_again_and_again_in_their_order() -> None:
    lines = [f'<urn:{number}> <urn:says> "{number}" <urn:{"ab"[number % 2]}> .\n' for number in range(60_000)]
    lines += [f"<urn:{name}> <{RDF_TYPE}> <{CETS}DataSet> <urn:{name}> .\n" for name in "ab"]
    graphs = read_graphs("".join(lines).encode(), path="a.nq")
    for name, graph in zip("ab", graphs, strict=True):
        expected = [line for line in lines if line.endswith(f"<urn:{name}> .\n")]
        for _ in range(2):
            assert [f"{quad} .\n" for quad in graph] == expected


@pytest.mark.parametrize("order", [("@type", "@id", "name"), ("name", "@id", "@type")])
def test_json_ld_is_read_in_any_order(order: tuple[str, ...]) -> None:
    node = json.loads(bytes(write(DataSet(name="A"), "jsonld")))
    assert list(node)[:3] == ["@context", "@type", "@id"]
    given = {key: node[key] for key in (*order, "@context")}
    assert read(json.dumps(given).encode(), path="a.jsonld").dataset == DataSet(name="A")


def test_json_ld_whose_context_is_there_twice_is_refused() -> None:
    data = bytes(write(DataSet(name="A"), "jsonld")).replace(b"{", b'{"@context": {},', 1)
    with pytest.raises(DocumentError) as error:
        read(data, path="a.jsonld")
    assert error.value.found == "@context is defined twice"


@pytest.mark.parametrize("container", ['"@graph"', '["@index", "@graph"]'])
@pytest.mark.parametrize("value", ['{"@list": []}', '{"@set" : 1}'])
def test_json_ld_that_ends_its_parser_is_refused(container: str, value: str) -> None:
    term = f'"p": {{"@id": "http://a/p", "@container": {container}}}'
    with pytest.raises(DocumentError, match="lists and sets beside terms"):
        read(f'{{"@context": {{{term}}}, "@id": "http://a/s", "p": {value}}}'.encode(), path="a.jsonld")


@pytest.mark.parametrize(("form", "ending"), RDF_FORMATS.items())
def test_rdf_may_begin_with_a_byte_order_mark(form: str, ending: str) -> None:
    data = b"\xef\xbb\xbf" + bytes(write(DATASET, form))
    assert read(data, path=f"a{ending}").dataset == DATASET


def test_rdf_without_a_data_set_is_refused() -> None:
    with pytest.raises(DocumentError, match="no data set in this file"):
        read(b"<http://a/s> <http://a/p> <http://a/o> .", path="a.nt")
    with pytest.raises(DocumentError, match="this is not RDF"):
        read_graphs(b"{}", path="a.json")


def test_a_format_is_known_by_the_end_of_the_name() -> None:
    assert [is_rdf(name) for name in ("a.ttl", "a.NQ.gz", "a.json", "a.ttl.json", "ttl")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_documents_in_a_folder_come_in_order_of_their_paths(tmp_path: Path) -> None:
    for name in ("b.json", "a/z.ttl", "a/y.nq.gz", "c/d/e.yaml", "notes.txt", "c.mrc"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = [str(path.relative_to(tmp_path).as_posix()) for path in files_below(tmp_path)]
    assert found == ["a/y.nq.gz", "a/z.ttl", "b.json", "c/d/e.yaml"]
    assert list(files_below(tmp_path / "notes.txt")) == [tmp_path / "notes.txt"]


def test_targets_are_dialects_and_formats_of_rdf() -> None:
    assert set(TARGETS) == set(options.TARGETS) == {*DIALECTS, "turtle", "jsonld", "nquads", "trig"}


def test_a_document_with_parts_that_cannot_be_represented_is_not_converted() -> None:
    source = b'{"regions": [{"id": "r", "tilt_series": [], "tomogram": 1}]}'
    with pytest.raises(DocumentError, match="cannot be represented") as refused:
        convert(source, "cetsgraph")
    assert [finding.pointer for finding in refused.value.findings] == ["/regions/0/tomogram"]
    assert convert(b'{"regions": [{"id": "r", "tilt_series": []}]}', "cetsgraph").data["regions"] == [
        {"id": "r"}
    ]


def test_a_document_is_shown_in_one_line_and_in_notebooks_as_a_table() -> None:
    document = read(b'{"regions": [{"id": "r", "tilt_series": [], "<b>": 1}]}', path="a.json")
    assert len(repr(document)) < 300 and "\n" not in repr(document)
    assert "a.json" in repr(document) and "1 finding" in repr(document)
    assert "&lt;b&gt;" in document._repr_html_() and "<b>" not in document._repr_html_()


@pytest.mark.parametrize("source", [{1}, [b"{}"], 3, None], ids=repr)
def test_what_is_no_source_of_bytes_is_a_type_error(source: Any) -> None:
    with pytest.raises(TypeError, match=f"binary stream, not {type(source).__name__}"):
        read(source)
