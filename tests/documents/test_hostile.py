"""Hostile and unlucky input: no document hangs, exhausts memory or ends in a traceback."""

import gzip
import io
import os
import time
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from cetsgraph.documents import Document, Readable, files_below, read, read_all, read_data, write
from cetsgraph.documents.limits import MAX_BYTES, MAX_BYTES_VARIABLE
from cetsgraph.errors import CetsGraphError, DocumentError
from cetsgraph.model import AnnotationSet, DataSet, Text

GOOD = b'{"regions": [{"id": "r", "tilt_series": [{"id": "t"}]}]}'
BOMB = gzip.compress(b" " * 80_000_000, 1, mtime=0)
SLOW = 5.0  # seconds; what is not linear takes minutes


def broken(data: bytes) -> bytes:
    """A gzip file with four bytes of its deflate stream replaced."""
    whole = gzip.compress(data, mtime=0)
    middle = len(whole) // 2
    return whole[:middle] + bytes(byte ^ 0xFF for byte in whole[middle : middle + 4]) + whole[middle + 4 :]


# --- what is no regular file -----------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "a.json"
    os.mkfifo(pipe)
    for path in (pipe, *files_below(tmp_path)):
        with pytest.raises(DocumentError, match="not a regular file") as refused:
            read(path)
        assert "standard input" in str(refused.value)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no devices here")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom", "/dev/null"])
def test_a_device_is_not_read(device: str) -> None:
    with pytest.raises(DocumentError, match="not a regular file"):
        read(device)


def test_a_sparse_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    begin = perf_counter()
    with pytest.raises(DocumentError, match=f"too large.*{MAX_BYTES + 1} bytes") as refused:
        read(path)
    assert perf_counter() - begin < SLOW
    assert MAX_BYTES_VARIABLE in str(refused.value)


def test_names_that_no_file_can_have() -> None:
    with pytest.raises(DocumentError, match="no file can have this name"):
        read("a\0b.json")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="this is a folder"):
        read(tmp_path)


def link(path: Path, target: Path) -> None:
    try:
        path.symlink_to(target, target_is_directory=True)
    except OSError:
        pytest.skip("links cannot be made here")


def test_links_to_folders_are_followed_once(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.json").write_bytes(GOOD)
    for name in ("l1", "l2", "l3"):
        link(folder / name, folder)
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.json").write_bytes(GOOD)
    link(folder / "l4", other)
    assert [path.name for path in files_below(folder)] == ["a.json", "b.json"]


def test_a_link_that_leads_nowhere_is_reported(tmp_path: Path) -> None:
    link(tmp_path / "a.json", tmp_path / "gone")
    (found,) = files_below(tmp_path)
    with pytest.raises(DocumentError, match="cannot be read"):
        read(found)


@pytest.mark.skipif(os.name != "posix", reason="file names are Unicode here")
def test_a_name_that_is_no_utf_8_is_shown_escaped(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/TS_\xe9.json"))
    try:
        path.write_bytes(GOOD)
    except OSError:
        pytest.skip("the file system takes only UTF-8")
    document = read(path)
    assert document.path.endswith(r"TS_\udce9.json") and document.path.encode()
    path.write_bytes(b"{")
    with pytest.raises(DocumentError) as refused:
        read(path)
    assert str(refused.value).encode() and refused.value.path.endswith(r"TS_\udce9.json")


# --- size ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("source", [GOOD, io.BytesIO(GOOD), gzip.compress(GOOD, mtime=0)])
def test_the_limit_holds_for_bytes_streams_and_what_is_decompressed(source: Readable) -> None:
    with pytest.raises(DocumentError, match="too large"):
        read(source, max_bytes=len(GOOD) - 1)


def test_the_limit_can_be_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(GOOD)
    monkeypatch.setenv(MAX_BYTES_VARIABLE, "10")
    with pytest.raises(DocumentError, match="at most 10 bytes"):
        read(path)
    assert read(path, max_bytes=1000).representable
    monkeypatch.setenv(MAX_BYTES_VARIABLE, "1000")
    assert read(path).representable


@pytest.mark.parametrize("limit", ["", "1e9", "-1", "much", "9" * 50, "١"])
def test_a_limit_that_is_no_number_is_refused(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MAX_BYTES_VARIABLE, limit)
    with pytest.raises(CetsGraphError, match="not a number of bytes"):
        read(GOOD)


class Endless:
    """A stream that never ends, as a device or a hostile program gives it."""

    given = 0

    def read(self, size: int, /) -> bytes:
        self.given += size
        return b" " * size


def test_a_stream_without_end_is_read_to_the_limit() -> None:
    stream = Endless()
    with pytest.raises(DocumentError, match="too large"):
        read(stream, max_bytes=5_000_000)
    assert stream.given == 5_000_001


class Failing:
    def read(self, size: int, /) -> bytes:
        raise OSError(5, "Input/output error")


def test_a_stream_that_fails_is_reported() -> None:
    with pytest.raises(DocumentError, match="Input/output error"):
        read(Failing(), path="standard input")


# --- gzip ------------------------------------------------------------------------------------------------

GZIP = (
    (BOMB, "suspicious"),
    (broken(GOOD * 20), "broken"),
    (gzip.compress(GOOD, mtime=0)[:-6], "broken"),
    (gzip.compress(GOOD, mtime=0) + b"rest", "broken"),
    (b"\x1f\x8b", "broken"),
    (b"\x1f\x8b\x08\xff" + b"\x00" * 50, "broken"),
)


@pytest.mark.parametrize(("data", "what"), GZIP)
def test_gzip_is_judged_alike_from_a_file_a_stream_and_bytes(data: bytes, what: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json.gz"
    path.write_bytes(data)
    for source in (path, io.BytesIO(data), data):
        with pytest.raises(DocumentError, match=what):
            read(source)


@pytest.mark.parametrize("data", [GOOD, gzip.compress(GOOD, mtime=0)])
def test_the_checksum_is_that_of_the_file_wherever_it_comes_from(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(data)
    assert len({read(source).checksum for source in (path, io.BytesIO(data), data)}) == 1


# --- keys and characters ---------------------------------------------------------------------------------

KEYS = (
    (r'{"regions": [], "\u0000": {"\u0000": "\u0000", "b": ["\ud800"]}}', [""]),
    (
        r'{"regions": [{"id": "\u0000", "\u0000": 1, "\ufffe": 2}]}',
        ["/regions/0/id", "/regions/0", "/regions/0"],
    ),
    (r'{"regions": [], "a/~b\u0000": 1}', [""]),
)


@pytest.mark.parametrize(("text", "pointers"), KEYS)
@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_keys_that_no_graph_can_hold_are_left_out(text: str, pointers: list[str], name: str) -> None:
    if name == "a.yaml":
        text = text.replace(r"\ud800", r"\uffff")  # YAML has no surrogates
    document = read(text.encode(), path=name, dialect="tomobabel")
    found = [finding.pointer for finding in document.findings if finding.rule == "value-type"]
    assert sorted(found) == sorted(pointers)
    assert not any(ord(character) < 32 for finding in document.findings for character in str(finding))


def test_a_repeated_key_that_no_graph_can_hold_is_told_by_its_holder() -> None:
    with pytest.raises(DocumentError, match="twice") as refused:
        read(rb'{"regions": [{"\u0000": 1, "\u0000": 2}]}')
    assert (refused.value.pointer, refused.value.found) == ("/regions/0", r"'\x00'")


@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_very_many_keys_of_which_one_is_there_twice(name: str) -> None:
    fields = "".join(f'"k{number}": 1, ' for number in range(40_000))
    begin = perf_counter()
    with pytest.raises(DocumentError, match="twice") as refused:
        read(f'{{{fields}"k39999": 2}}'.encode(), path=name)
    assert refused.value.pointer == "/k39999"
    assert perf_counter() - begin < 4 * SLOW


@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_very_many_unknown_fields_are_a_finding_each(name: str) -> None:
    fields = ",\n".join(f'"unknown{number}": 1' for number in range(6_000))
    begin = perf_counter()
    document = read(f'{{"regions": [],\n{fields}}}'.encode(), path=name, dialect="tomobabel")
    assert perf_counter() - begin < 4 * SLOW
    assert [finding.line for finding in document.findings] == list(range(2, 6_002))


def test_very_many_objects_without_the_id_that_a_dialect_demands() -> None:
    regions = [{"tilt_series": []}] * 20_000
    document = read_data({"regions": regions}, dialect="cets-data-model")
    begin = perf_counter()
    written = write(document, "cets-data-model")
    assert perf_counter() - begin < 4 * SLOW
    assert sum(finding.rule == "minted-id" for finding in written.findings) == len(regions)


def test_a_surrogate_cannot_be_written_to_a_file() -> None:
    written = write(DataSet(name="\ud800"), "cetsgraph")
    with pytest.raises(DocumentError, match="no file can hold"):
        bytes(written)


# --- depth -----------------------------------------------------------------------------------------------

DEEP = (
    "[" * 399 + "x" + "]" * 399,
    "[{a: " * 5_000,
    "\n".join(" " * depth + "a:" for depth in range(3_000)),
    "a: [" + "[" * 2_000,
    "- " * 300 + "[" * 300,
)


@pytest.mark.parametrize("text", DEEP[1:])
def test_yaml_that_is_too_deep_is_told_from_other_faults(text: str) -> None:
    with pytest.raises(DocumentError, match="too deeply") as refused:
        read(text.encode(), path="a.yaml")
    assert refused.value.line is not None


def test_yaml_that_is_deep_enough_or_has_many_brackets_is_not_too_deep() -> None:
    with pytest.raises(DocumentError, match="not a CETS document"):
        read(DEEP[0].encode(), path="a.yaml")
    with pytest.raises(DocumentError, match="not YAML"):
        read(("[" + "[]," * 2_000 + "}").encode(), path="a.yaml")


def test_a_data_set_that_is_too_deep_to_be_written() -> None:
    annotation: Any = Text(description="innermost")
    for _ in range(3_000):
        outer = AnnotationSet()
        outer.members.append(annotation)
        annotation = outer
    dataset = DataSet()
    dataset.annotations.append(annotation)
    with pytest.raises(CetsGraphError, match="too deeply"):
        write(dataset, "cetsgraph")


# --- RDF -------------------------------------------------------------------------------------------------

PREFIXES = b"""@prefix cets: <https://w3id.org/cetsgraph/ontology#> .
@prefix d: <https://example.org/data/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def turtle(text: str) -> Document:
    return read(PREFIXES + text.encode(), path="a.ttl")


REGION = "d:x a cets:DataSet ; cets:hasRegion d:r . d:r a cets:Region ; cets:position"
POINTS = "d:x a cets:DataSet ; cets:hasAnnotation d:a . d:a a cets:PointSet ;"
UNREADABLE = (
    ("d:x a cets:DataSet ; cets:name _:b .", "name is _:b"),
    ('d:x a cets:DataSet ; cets:hasRegion "r" .', 'hasRegion is "r", not an object'),
    ("d:x a cets:DataSet ; cets:hasRegion <<( d:a d:b d:c )>> .", "not an object"),
    (f'{REGION} "first" .', "not a number of 64 bits"),
    (f"{REGION} {'9' * 30} .", "not a number of 64 bits"),
    (f"{REGION} {'9' * 5_000} .", "not a number of 64 bits"),
    (f'{REGION} "²" .', "not a number of 64 bits"),
    (f"{REGION} d:p .", "not a number of 64 bits"),
    (f"{REGION} 1.5 .", "not a number of 64 bits"),
    (rf'{POINTS} cets:pointIds "[\"\\u0000\"]" .', "not array"),
    (f'{POINTS} cets:coordinates "{"[" * 100_000}" .', "not array"),
    (f'{POINTS} cets:coordinates "[[{"9" * 5_000}]]" .', "not array"),
    (f'{POINTS} cets:coordinates "[[NaN]]" .', "finite"),
    (r'd:x a cets:DataSet ; cets:name "a\u0000b" .', "not text"),
    (r'd:x a cets:DataSet ; cets:name "a\uFFFFb" .', "not text"),
    ("d:x a cets:DataSet, cets:Region .", "no class of the ontology, or several"),
    ("d:x a cets:DataSet ; cets:hasRegion d:x .", "more than one parent"),
    ("d:x a cets:DataSet ; cets:hasAnnotation d:a . d:a a cets:Text ; cets:target _:q .", "not here"),
    (
        "d:x a cets:DataSet ; cets:hasAnnotation d:0 . d:3000 a cets:Text . "
        + " ".join(f"d:{n} a cets:AnnotationSet ; cets:hasMember d:{n + 1} ." for n in range(3_000)),
        "levels deep",
    ),
)


@pytest.mark.parametrize(("text", "what"), UNREADABLE, ids=[what for _, what in UNREADABLE])
def test_rdf_that_is_no_data_set_is_a_finding(text: str, what: str) -> None:
    with pytest.raises(DocumentError) as refused:
        turtle(text)
    assert what in "\n".join(map(str, refused.value.findings))
    assert max(len(str(finding)) for finding in refused.value.findings) < 1_000


KEPT_OUT = (
    ('d:x a cets:DataSet ; cets:name "a"@en .', "the language of name is not kept: en"),
    ("d:x a cets:DataSet, <https://schema.org/Dataset> .", "https://schema.org/Dataset is not kept"),
)


@pytest.mark.parametrize(("text", "what"), KEPT_OUT)
def test_what_the_model_does_not_keep_of_rdf_is_said(text: str, what: str) -> None:
    document = turtle(text)
    assert document.representable
    assert [(finding.rule, finding.severity) for finding in document.findings] == [
        ("unknown-field", "warning")
    ]
    assert what in document.findings[0].message


def test_blank_nodes_can_stand_for_objects() -> None:
    document = turtle(
        '[] a cets:DataSet ; cets:hasRegion [ a cets:Region ; cets:position 0 ; cets:id "r" ] .'
    )
    assert [region.id for region in document.dataset.regions] == ["r"]


# text, line, column
ILL_FORMED = (
    ("a.ttl", b"<http://a/s> <http://a/p> .\n", 1, 27),
    ("a.ttl", b'<http://a/s>\n<http://a/p> "a', 2, None),
    ("a.nq", b"\n<http://a/s> <http://a/p> <b> .\n", 2, None),
    ("a.jsonld", b'{"@id":\n x}', 2, 2),
    ("a.jsonld", b'{"@id": 3}', None, None),
    ("a.jsonld", b'{"@context": "http://localhost:1/remote"}', None, None),
    ("a.trig", b"\xff\xfe", 1, 1),
)


@pytest.mark.parametrize(("name", "data", "line", "column"), ILL_FORMED)
def test_rdf_that_is_not_well_formed_is_refused_at_its_place(
    name: str, data: bytes, line: int | None, column: int | None
) -> None:
    with pytest.raises(DocumentError, match="not well-formed RDF") as refused:
        read(data, path=name)
    assert refused.value.line == line
    assert column is None or refused.value.column == column


@pytest.mark.parametrize("target", ["turtle", "jsonld", "trig", "nquads"])
def test_a_literal_beyond_the_parsers_buffer_is_written_and_read(target: str) -> None:
    dataset = DataSet(name="large", description="x" * (17 * 2**20))
    written = bytes(write(dataset, target))
    (document,) = read_all(written, dialect=target)
    assert document.dataset == dataset


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "<a" + ":a" * 500_000),
        ("a.json", "\n" * 1_000_000 + "a"),
        ("a.jsonld", '"@container":[ ' * 100_000),
    ],
    ids=["like Turtle", "empty lines", "open lists"],
)
def test_how_a_file_begins_is_seen_at_once(name: str, text: str) -> None:
    started = time.process_time()
    with pytest.raises(DocumentError):
        read(text.encode(), path=name)
    assert time.process_time() - started < 5  # to try each place takes hours
