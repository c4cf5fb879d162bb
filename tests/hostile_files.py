"""Small files of every importer, and hostile ones made of each: encodings, bombs, numbers that are none."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path

__all__ = ["SAMPLES", "hostile", "write"]

SAMPLES = {
    "mdoc": ("TS_01.mdoc", "PixelSpacing = 5\n[ZValue = 0]\nTiltAngle = 3.5\n"),
    "aln": ("TS_01.aln", "# AreTomo Alignment\n# RawSize = 4 4 1\n1 85 1 3 2 1 1 1 0 3.5\n"),
    "warp": ("TS_01.xml", "<TiltSeries>\n<Angles>3.5\n2</Angles>\n</TiltSeries>\n"),
    "tomostar": ("TS_01.tomostar", "data_\n\nloop_\n_wrpMovieName #1\n_wrpAngleTilt #2\na.tif 3.5\n"),
    "edf": ("TS_01.edf", "Setup.DatasetName=TS_01\nSetup.PixelSize=3.5\n"),
    "series": ("TS_01.star", "data_TS_01\n\nloop_\n_rlnTomoYTilt #1\n3.5\n"),
    "particles": (
        "TS_01.star",
        "data_\n\nloop_\n_rlnTomoName #1\n_rlnCoordinateX #2\n_rlnCoordinateY #3\n_rlnCoordinateZ #4\n"
        "TS_01 3.5 1 1\n",
    ),
    "portal-config": (
        "10000.yaml",
        "datasets:\n- metadata:\n    dataset_identifier: 10000\n    dataset_title: A\n"
        "tomograms:\n- metadata:\n    voxel_spacing: 3.5\nversion: 1.0.0\n",
    ),
    "empiar": (
        "EMPIAR-1.json",
        '{"EMPIAR-1": {\n"title": "A", "status": "REL",\n"imagesets": [{\n"pixel_width": 3.5}]}}\n',
    ),
    "empiar-xml": (
        "EMPIAR-2.xml",
        '<entry xmlns="http://pdbe.org/empiar" accessionCode="EMPIAR-2">\n<admin><title>A</title></admin>\n'
        "<imageSet>\n<dimensions><pixelWidth>3.5</pixelWidth></dimensions></imageSet>\n</entry>\n",
    ),
    "emdb": (
        "EMD-1.json",
        '{"emdb_id": "EMD-1",\n"admin": {},\n"map": {"pixel_spacing":\n{"x": {"valueOf_": 3.5}}}}\n',
    ),
    "emdb-xml": (
        "EMD-2.xml",
        '<emd emdb_id="EMD-2" version="3.0">\n<admin><title>A</title></admin>\n'
        '<map><pixel_spacing>\n<x units="Å">3.5</x></pixel_spacing></map>\n</emd>\n',
    ),
    "osc-em": (
        "session.yaml",
        "instrument:\n  microscope: {model: Krios}\nacquisition:\n  tilt_axis_angle: 3.5\norganizational:\n"
        "  authors: []\n",
    ),
    "osc-em-json": (
        "session.json",
        '{"instrument": {},\n"acquisition": {\n"tilt_axis_angle": 3.5},\n"organizational": {}}\n',
    ),
    "eman2": ("TS_01_info.json", '{"apix_unbin": 3.5,\n"tlt_params": [[0, 0, 85, 3, 0]]}\n'),
}
"""By kind: the name of a file and what is in it; 3.5 is a number that the data set has."""

Mutation = Callable[[bytes], bytes | None]

_ENTITIES = b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n'


def _only(begins: bytes, change: Mutation) -> Mutation:
    return lambda data: change(data) if data.startswith(begins) else None


MUTATIONS: dict[str, Mutation] = {
    "no-number": lambda data: data.replace(b"3.5", b"nan"),
    "infinite": lambda data: data.replace(b"3.5", b"1e999"),
    "beyond": lambda data: data.replace(b"3.5", b"1e308"),
    "digits": lambda data: data.replace(b"3.5", b"9" * 5000),
    "utf-16": lambda data: data.decode().encode("utf-16")[:-1],
    "binary": lambda data: data + b"\n\x00\x01",
    "long": lambda data: data + b"x" * (2**20 + 1),
    "cut": lambda data: data[: data.index(b"3.5")] if data[:1] in b"{<" else None,
    "entities": _only(b"<", lambda data: _ENTITIES + data),
    "deep": _only(b"{", lambda data: data.rstrip()[:-1] + b',\n"x": ' + b"[" * 10**5 + b"]" * 10**5 + b"}"),
    "gz": lambda data: gzip.compress(data, mtime=0)[:-9],
}
"""By name: what makes a file hostile; None where that makes no sense for it."""

SPARSE = "gigabytes"


def hostile(content: str) -> Iterator[tuple[str, bytes]]:
    """The hostile files made of one, by the names of what was done."""
    for name, change in MUTATIONS.items():
        changed = change(content.encode())
        if changed is not None:
            yield name, changed


def write(kind: str, folder: Path) -> set[str]:
    """A good file of a kind in a folder, and all hostile ones beside it: the names of these."""
    name, content = SAMPLES[kind]
    folder.mkdir(parents=True)
    (folder / name).write_text(content, encoding="utf-8")
    bad: set[str] = set()
    for what, data in hostile(content):
        ending = ".gz" if what == "gz" else ""
        (folder / f"{what}-{name}{ending}").write_bytes(data)
        bad.add(f"{what}-{name}{ending}")
    with (folder / f"{SPARSE}-{name}").open("wb") as file:
        file.write(content.encode())
        file.truncate(2**31)  # takes no space on disk
    return bad | {f"{SPARSE}-{name}"}
