"""What is not a document is refused with its place, whatever it is."""

import gzip
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cetsgraph.documents import DIALECTS, read, read_data, write
from cetsgraph.documents.content import read_content
from cetsgraph.documents.source import SourceText, source_from_content
from cetsgraph.errors import CetsGraphError, DocumentError


def parsed(text: str, name: str) -> SourceText:
    return source_from_content(read_content(text.encode(), path=name))


DEEP = 10_000
BOMB = 'a: &a ["x","x","x","x","x","x","x","x","x"]\n' + "".join(
    f"{new}: &{new} [{','.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)

# name, bytes, what the message says, line, column, pointer
REFUSED: tuple[tuple[str, bytes | str, str, int | None, int | None, str | None], ...] = (
    ("empty.json", b"", "empty", None, None, None),
    ("blank.json", b" \n\t ", "empty", None, None, None),
    ("text.json", b"hello", "not JSON", 1, 1, None),
    ("truncated.json", b'{"regions": [\n  {"id": "r1"', "ends in the middle", 2, None, None),
    ("truncated-text.json", b'{"regions": [\n  {"id": "r', "ends in the middle", 2, 10, None),
    ("comma.json", b'{"regions": [],\n}', "not JSON", 2, 1, None),
    ("two.json", b'{"regions": []}\n{"regions": []}', "goes on after its end", 2, 1, None),
    ("twice.json", b'{"regions": [\n {"id": "a",\n "id": "b"}]}', "twice", 3, None, "/regions/0/id"),
    ("control.json", b'{"name": "a\nb"}', "not JSON", 1, 12, None),
    ("latin-1.json", '{"name":\n "Å"}'.encode("latin-1"), "not UTF-8", 2, 3, None),
    ("utf-16.json", '{"regions": []}'.encode("utf-16"), "UTF-16", 1, None, None),
    ("volume.mrc", b"\x00\x02\x00\x00" * 256, "binary", 1, None, None),
    ("paper.json", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "a PDF document", None, None, None),
    ("all.zip", b"PK\x03\x04\x14\x00\x08\x00", "a ZIP archive", None, None, None),
    ("deep.json", b"[" * DEEP + b"]" * DEEP, "too deep", 1, None, None),
    ("deep-objects.json", b'{"regions":' * DEEP + b"1" + b"}" * DEEP, "too deep", 1, None, None),
    ("digits.json", b'{"regions": ' + b"9" * 10_000 + b"}", "digits", 1, None, None),
    ("digits.yaml", b"regions: []\nitem: " + b"9" * 10_000, "digits", 2, 7, None),
    ("broken.json.gz", gzip.compress(b'{"regions": []}', mtime=0)[:-6], "broken", None, None, None),
    ("header.json.gz", b"\x1f\x8bnot gzip at all", "broken", None, None, None),
    ("bomb.json.gz", gzip.compress(b" " * 80_000_000, 1, mtime=0), "suspicious", None, None, None),
    ("list.yaml", b"a: [1, 2\nb: 3", "not YAML", 2, None, None),
    ("twice.yaml", b"regions: []\nname: a\nname: b\n", "twice", 3, 1, "/name"),
    ("two.yaml", b"regions: []\n---\nregions: []\n", "several documents", 2, 1, None),
    ("tag.yaml", b"name: !!python/object/apply:os.system ['true']\n", "tags", 1, 7, None),
    ("key.yaml", b"[1, 2]: 3\n", "key must be text", 1, 1, None),
    ("alias.yaml", b"name: *gone\n", "alias", 1, 7, None),
    ("cycle.yaml", b"a: &a [*a]\n", "alias", 1, 8, None),
    ("bomb.yaml", BOMB.encode(), "too large", 7, None, None),
    ("deep.yaml", b"[" * DEEP + b"]" * DEEP, "too deep", 1, 401, None),
    ("deep-blocks.yaml", b"- " * DEEP, "too deep", 1, None, None),
    ("tab.yaml", b"a:\n\t- b\n", "not YAML", 2, None, None),
    ("control.yaml", b"a: \x07\n", "not allowed in YAML", 1, None, None),
    ("number.json", b"42", "not a CETS document", None, None, None),
    ("list.json", b"[]", "not a CETS document", None, None, None),
    ("nothing.json", b"{}", "not a CETS document", None, None, None),
    ("other.json", b'{"type": "FeatureCollection", "features": []}', "not a CETS document", None, None, None),
)


# name, text, what the hint says to do
SLIPS = (
    ("turtle.json", "@prefix cets: <https://w3id.org/cetsgraph/ontology#> .\n", "named .ttl"),
    ("sparql-turtle.json", "PREFIX cets: <https://w3id.org/cetsgraph/ontology#>\n", "named .ttl"),
    ("triples.json", "<https://example.org/a> <https://example.org/b> 1 .", "named .ttl"),
    ("commented.json", "# of EMPIAR\n@prefix cets: <https://w3id.org/cetsgraph/ontology#> .\n", "named .ttl"),
    ("quads.json", '<https://example.org/a> <https://example.org/b> "c" <https://example.org/d> .', ".nq"),
    ("turtle.yaml", "@prefix cets: <https://w3id.org/cetsgraph/ontology#> .\n", "named .ttl"),
    ("turtle.nq", "@prefix cets: <https://w3id.org/cetsgraph/ontology#> .\n", "named .ttl"),
    ("linked.ttl", '{"@context": {}, "@graph": []}', ".jsonld"),
    ("remote.jsonld", '{"@context": "https://example.org/c"}', "Write the context itself"),
    ("yaml.jsonld", "name: A\n", "named .yaml"),
    ("base.json", "base: 3\nprefix: A\n", "named .yaml"),
    ("schema.json", "$schema: https://w3id.org/cetsgraph/schema\n", "named .yaml"),
    ("dash.json", "tilt-series: []\n", "named .yaml"),
    ("yaml.json", "# a data set\nname: A\nregions: []\n", "named .yaml"),
    ("linked.json", '{"@context": {}, "@graph": []}', "named .jsonld"),
    ("expanded.json", '[{"@id": "https://example.org/a"}]', "named .jsonld"),
    ("star.json", "data_particles\n\nloop_\n", "cetsgraph import"),
    ("single.json", "{'name': 'a'}", "straight double quotes"),
    ("curly.json", '{"name": “a”}', "straight double quotes"),
    ("comment.json", '{\n // a name\n "name": "a"}', "no comments"),
    ("none.json", '{"name": None}', "Write null."),
    ("true.json", '{"regions": [], "excluded": True}', "in small letters"),
    ("last-comma.json", '{"regions": [],\n}', "comma"),
    ("two-commas.json", '{"name": "a",, "regions": []}', "Take out the comma before it."),
    ("decimal-comma.json", '{"pixel_size": 1,52, "regions": []}', "1.52, and not 1,52"),
    ("zeros.json", '{"id": 007}', "identifiers in quotes"),
    ("plus.json", '{"tilt": +3.0}', "without +"),
    ("bare-name.json", '{"name": "a", regions: []}', "name of the field in double quotes"),
    ("windows.json", '{"path": "data\\x.mrc"}', "backslash"),
    ("no-comma.json", '{"name": "a"\n "regions": []}', "Put a comma before it."),
    ("tab.yaml", "a:\n\t- b\n", "by spaces"),
    ("colon.yaml", "name: Ribosomes: a study\n", "colon in quotes"),
)


@pytest.mark.parametrize(("name", "text", "hint"), SLIPS, ids=[row[0] for row in SLIPS])
def test_the_hint_says_what_to_write_there(name: str, text: str, hint: str) -> None:
    with pytest.raises(DocumentError) as error:
        read(text.encode(), path=name)
    assert hint in str(error.value.hint)


@pytest.mark.parametrize(
    ("name", "data", "what", "line", "column", "pointer"), REFUSED, ids=[row[0] for row in REFUSED]
)
def test_what_is_not_a_document_is_refused(
    name: str,
    data: bytes,
    what: str,
    line: int | None,
    column: int | None,
    pointer: str | None,
    tmp_path: Path,
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(DocumentError) as refused:
        read(path)
    error = refused.value
    assert what in str(error) and str(path) in str(error)
    assert (error.path, error.line, error.pointer) == (str(path), line, pointer)
    assert column is None or error.column == column
    assert len(str(error)) < 2_000


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "missing.json"):
        with pytest.raises(DocumentError, match="cannot be read"):
            read(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read anything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.json"
    path.write_text("{}")
    path.chmod(0)
    with pytest.raises(DocumentError, match="permission"):
        read(path)


def test_a_root_that_is_nearly_right_gets_a_hint() -> None:
    with pytest.raises(DocumentError, match="Did you mean 'movie_stacks'"):
        read(b'{"movie_stack": []}')


# Values that are well-formed JSON or nearly so, and that no graph can hold: the rest of the document is kept.
UNWRITABLE = (
    ('"name": NaN', "/name"),
    ('"regions": [], "annotations": [{"type": "Text", "confidence": NaN}]', "/annotations/0/confidence"),
    ('"annotations": [{"type": "Text", "confidence": 1e400}]', "/annotations/0/confidence"),
    ('"annotations": [{"type": "Text", "confidence": -Infinity}]', "/annotations/0/confidence"),
    ('"annotations": [{"type": "Text", "confidence": 1' + "0" * 400 + "}]", "/annotations/0/confidence"),
    ('"organism_taxid": 1' + "0" * 400, "/organism_taxid"),
    ('"annotations": [{"type": "PointSet", "coordinates": [[0, 1e999]]}]', "/annotations/0/coordinates/0/1"),
    ('"name": "a\\u0000b"', "/name"),
    ('"name": "\\ud800"', "/name"),
    ('"name": "\\uFFFE"', "/name"),
    ('"name": "\uffff"', "/name"),
    ('"annotations": [{"type": "PointSet", "point_ids": ["a", "\\udfff"]}]', "/annotations/0/point_ids/1"),
)


@pytest.mark.parametrize(("fields", "pointer"), UNWRITABLE)
def test_what_no_graph_can_hold_is_said_and_left_out(fields: str, pointer: str) -> None:
    text = f'{{"$schema": "https://w3id.org/cetsgraph/schema/cets.json",\n"title": "kept",\n{fields}}}'
    document = read(text.encode())
    assert document.dataset.title == "kept"
    assert {(finding.rule, finding.pointer) for finding in document.findings} == {("value-type", pointer)}
    assert document.findings[0].line == 3
    assert not document.representable


def test_a_field_whose_name_no_graph_can_hold() -> None:
    document = read(b'{"regions": [], "\\u0000": 1}', dialect="tomobabel")
    assert [(finding.rule, finding.pointer) for finding in document.findings] == [("value-type", "")]


@pytest.mark.parametrize(
    "text", ['{"name": "\\ud83e\\uddca", "regions": []}', '{"name": "🧊", "regions": []}']
)
def test_surrogates_in_pairs_are_one_character(text: str) -> None:
    document = read(text.encode(), dialect="tomobabel")
    assert (document.dataset.name, document.findings) == ("🧊", ())


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("d.json", b'\xef\xbb\xbf{"name": "a", "regions": []}'),
        ("d.json.gz", gzip.compress(b'{"name": "a", "regions": []}', mtime=0)),
        ("D.YAML", b"name: a\nregions: []\n"),
        ("d.yml", b"---\n{name: a, regions: []}\n"),
        ("d.yml", b"name: a\nregions: []\n---\n# done\n---\n"),
        ("d.yaml.gz", gzip.compress(b"name: a\nregions: []\n", mtime=0)),
        ("d", b"name: a\nregions: []\n"),
        ("d", b'{"name": "a", "regions": []}'),
    ],
)
def test_files_that_are_documents(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    document = read(path, dialect="tomobabel")
    assert (document.dataset.name, document.findings, document.path) == ("a", (), str(path))


YAML = (
    ("no", "no"),
    ("yes", "yes"),
    ("on", "on"),
    ("true", True),
    ("FALSE", False),
    ("~", None),
    ("", None),
    ("null", None),
    ("2024-05-01", "2024-05-01"),
    ("1:30", "1:30"),
    ("0o17", "0o17"),
    ("010", 10),
    ("-3", -3),
    ("1e3", 1000.0),
    (".5", 0.5),
    ("-0.0", -0.0),
    ("1_000", "1_000"),
    ("'1'", "1"),
    ('"\\u00c5"', "Å"),
    ("!!str 1", "1"),
    ("TS_01", "TS_01"),
    ("|\n  a\n  b\n", "a\nb\n"),
)


@pytest.mark.parametrize(("text", "value"), YAML)
def test_yaml_scalars(text: str, value: Any) -> None:
    found = parsed(f"a: {text}", "d.yaml").data["a"]
    assert (type(found), repr(found)) == (type(value), repr(value))


def test_yaml_aliases_are_followed() -> None:
    source = parsed("a: &x {b: 1}\nc: [*x, *x]\n", "d.yaml")
    assert source.data == {"a": {"b": 1}, "c": [{"b": 1}, {"b": 1}]}


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ("<<: *a, x: 0", {"x": 0, "y": 1}),
        ("x: 0, <<: *a", {"x": 0, "y": 1}),
        ("<<: [*a, *b]", {"x": 1, "y": 1, "z": 2}),
        ("'<<': 1", {"<<": 1}),
    ],
)
def test_yaml_mappings_are_merged(fields: str, value: dict[str, int]) -> None:
    source = parsed(f"[&a {{x: 1, y: 1}}, &b {{y: 2, z: 2}}, {{{fields}}}]", "d.yaml")
    assert source.data[2] == value


def test_yaml_merges_mappings_only() -> None:
    with pytest.raises(DocumentError, match=r"only a mapping.*can be merged"):
        parsed("a: {<<: 1}\n", "d.yaml")


@pytest.mark.parametrize(
    ("syntax", "text"),
    [
        ("json", '{"a": [1,\n {"b/c": 2,\n\n"d": [\n3]}],\n"e": "x\\ny"}'),
        ("yaml", "a:\n- 'b/c': 2\n  d:\n  - 3\ne: x\n"),
    ],
)
def test_lines_of_pointers(syntax: str, text: str) -> None:
    source = parsed(text, f"d.{syntax}")
    index = 1 if syntax == "json" else 0
    pointers = ["", "/a", f"/a/{index}/b~1c", f"/a/{index}/d/0", "/e", f"/a/{index}/gone/deeper"]
    lines = source.lines(pointers)
    expected = [1, 1, 2, 5, 6, 2] if syntax == "json" else [1, 1, 2, 4, 5, 2]
    assert [lines[pointer] for pointer in pointers] == expected


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=10,
)


@given(
    st.one_of(
        json_values,
        st.dictionaries(
            st.sampled_from(
                ["regions", "annotations", "micrographs", "movie_stacks", "tilt_series", "id", "name"]
            ),
            json_values,
        ),
    ),
    st.sampled_from([None, *DIALECTS]),
)
def test_any_json_is_read_or_refused_and_what_is_read_can_be_written(data: Any, dialect: str | None) -> None:
    try:
        document = read_data(data, dialect=dialect)
    except DocumentError as error:
        assert str(error)
        return
    write(document, document.dialect)
    for target in DIALECTS:
        write(document.dataset, target)


@pytest.mark.parametrize("data", [{1: 2}, {"regions": (1,)}, {"regions": b""}, {"regions": {1}}, object()])
def test_objects_that_are_not_json(data: Any) -> None:
    with pytest.raises(DocumentError, match="not a JSON value"):
        read_data(data)


def test_an_unknown_dialect_is_refused_with_the_known_ones() -> None:
    with pytest.raises(CetsGraphError, match="Did you mean 'tomobabel'"):
        read(b"{}", dialect="tomobable")


def test_a_shape_that_the_data_set_has_not() -> None:
    document = read(b'{"regions": []}', dialect="tomobabel")
    with pytest.raises(CetsGraphError, match="cannot be written as Region"):
        write(document, "tomobabel", form="Region")
