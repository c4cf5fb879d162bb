"""Parsers: against the field's own readers on real files, and what they make of odd ones."""

import struct
import warnings
from pathlib import Path

import mrcfile
import pytest
import starfile

from cetsgraph.importers.formats import aln, columns, commands, edf, mrc, star


def numbered(text: str) -> list[tuple[int, str]]:
    return list(enumerate(text.split("\n"), 1))


def test_star_is_read_as_starfile_reads_it(shared_data: Path) -> None:
    samples = [
        path for path in sorted((shared_data / "import").rglob("*.*star")) if path.suffix != ".tomostar"
    ]
    assert len(samples) > 25
    for path in [*samples, *(shared_data / "import").rglob("*.tomostar")]:
        found = star.parse(numbered(path.read_text()))
        assert found.odds == []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = starfile.read(path, always_dict=True, parse_as_string=_names(found))
        assert [name for name, _ in found.tables()] == list(expected)
        for (_, table), read in zip(found.tables(), expected.values(), strict=True):
            rows = [list(read.values())] if isinstance(read, dict) else read.values.tolist()
            assert table.columns == list(read)
            assert table.rows == [[str(value) for value in row] for row in rows]


def _names(found: star.Star) -> list[str]:
    return [name for _, table in found.tables() for name in table.columns]


STAR = {
    "a row with a value too few": ("loop_\n_a #1\n_b #2\n1 2\n3\n5 6", [["1", "2"], ["5", "6"]], [6]),
    "a row with a value too many": ("loop_\n_a #1\n_b #2\n1 2 3", [], [5]),
    "a name as a block would have it": ("loop_\n_a #1\n_b #2\ndata_1 2", [["data_1", "2"]], []),
    "a value with a line below": ("loop_\n_a #1\n_b #2\n_x 2", [["_x", "2"]], []),
    "columns without numbers": ("loop_\n_a\n_b\n\n1 2", [["1", "2"]], []),
    "quotes": ("loop_\n_a #1\n_b #2\n'a b' \"c's\"", [["a b", "c's"]], []),
    "a quote in a word": ("loop_\n_a #1\n_b #2\nit's 'open", [["it's", "'open"]], []),
    "nothing in quotes": ("loop_\n_a #1\n_b #2\n\"\" ''", [["", ""]], []),
    "a comment behind": ("loop_\n_a #1\n_b #2\n1 2 # 3", [["1", "2"]], []),
    "a hash in a word": ("loop_\n_a #1\n_b #2\na#1 2", [["a#1", "2"]], []),
    "tabs": ("loop_\n_a\t#1\n_b\t#2\n'x y'\t2", [["x y", "2"]], []),
    "a column twice": ("loop_\n_a #1\n_a #2\n1 2", [["1", "2"]], [4]),
    "pairs": ("_a 1\n_b 'x y'", [["1", "x y"]], []),
    "a pair without a value": ("_a\n_b 2", [["", "2"]], []),
    "a pair of two values": ("_a 1 2", [["1"]], [2]),
    "text over lines": ("_a\n;one\ntwo\n;\n_b 2", [["one\ntwo", "2"]], []),
    "words": ("some words", None, [2]),
    "a loop without columns": ("loop_\n1 2", [], [3]),
}


@pytest.mark.parametrize("case", STAR)
def test_odd_star(case: str) -> None:
    text, rows, odd = STAR[case]
    found = star.parse(numbered(f"data_\n{text}"))
    tables = [table.rows for _, table in found.tables()]
    assert tables == ([] if rows is None else [rows])
    assert [one.line for one in found.odds] == odd


def test_star_of_several_blocks_and_what_follows_a_loop() -> None:
    text = "words\ndata_a\nloop_\n_x #1\n_y #2\n_v #3\n1 2 3\n_z 3\n\ndata_a\n_x 4"
    found = star.parse(numbered(text))
    assert [(name, table.columns, table.rows, table.lines) for name, table in found.tables()] == [
        ("a", ["x", "y", "v"], [["1", "2", "3"]], [7]),
        ("a", ["z"], [["3"]], [8]),
        ("a", ["x"], [["4"]], [11]),
    ]
    assert [one.line for one in found.odds] == [1]


ALN = {"global_and_local.aln": (37, 14, 592, "1910"), "test.aln": (4, 4, 6, None)}


@pytest.mark.parametrize("name", ALN)
def test_aln(name: str, shared_data: Path) -> None:
    found = aln.parse(numbered((shared_data / "import/aretomo" / name).read_text()))
    thickness = found.head.get("Thickness")
    assert (len(found.rows), len(found.dark), len(found.local), thickness) == ALN[name]
    assert found.columns == aln.COLUMNS
    assert " ".join(found.remarks[0].values).startswith("AreTomo Alignment")


def test_command_files_and_properties_of_imod(shared_data: Path) -> None:
    folder = shared_data / "import/imod"
    (tilt,) = commands.parse(numbered((folder / "mka/tilt.com").read_text()))
    (newstack,) = commands.parse(numbered((folder / "mka/newst.com").read_text()))
    assert (tilt.program, newstack.program) == ("tilt", "newstack")
    assert (8, "THICKNESS", "2000") in tilt.entries
    assert "BinByFactor" in [name for _, name, _ in newstack.entries]
    assert not [name for _, name, _ in newstack.entries if name.startswith("#")]
    values, lines = edf.parse(numbered((folder / "etomo/TS_001.edf").read_text()))
    assert values["Setup.PixelSize"] == "0.6192"
    assert values["Setup.AxisA.ExcludeProjections"] == "40"
    assert lines["Setup.DataSource"] == 2


def test_rows_of_numbers(shared_data: Path) -> None:
    text = (shared_data / "import/imod/ts03/TS_03.tlt").read_text()
    rows, _ = columns.parse(numbered(text))
    assert len(rows) == 40
    assert rows[0].values[0].startswith("-57")


@pytest.mark.parametrize("name", ["mrc/EMD-3197.map", "mrc/EMD-3001_header.map", "imod/etomo/TS_001.st"])
def test_mrc_headers_are_read_as_mrcfile_reads_them(name: str, shared_data: Path) -> None:
    path = shared_data / "import" / name
    found = mrc.parse(path.read_bytes()[: mrc.LENGTH])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with mrcfile.open(path, header_only=True, permissive=True) as file:
            header, voxel = file.header, file.voxel_size.tolist()
    assert found is not None and found.mode == header.mode
    assert found.axes == (header.mapc, header.mapr, header.maps)
    sizes = dict(zip(found.axes, (header.nx, header.ny, header.nz), strict=True))
    assert found.size == tuple(sizes[axis] for axis in (1, 2, 3))
    assert [one or 0 for one in found.spacing] == pytest.approx(voxel)


def test_mrc_headers_of_the_other_byte_order_and_of_no_image() -> None:
    values = [4, 5, 6, 2, 0, 0, 0, 4, 5, 6]
    for order, stamp in (("<", b"\x44\x44"), (">", b"\x11\x11")):
        header = bytearray(1024)
        struct.pack_into(f"{order}10i3f", header, 0, *values, 8.0, 10.0, float("nan"))
        header[208:214] = b"MAP " + stamp
        assert mrc.parse(bytes(header)) == mrc.MrcHeader((4, 5, 6), (2.0, 2.0, None), 2)
    assert mrc.parse(bytes(1024)) is None
    assert mrc.parse(b"MAP ") is None
