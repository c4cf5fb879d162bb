"""The commands as a user runs them: what they print where, and how they end."""

import csv
import gzip
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from commands import ok, run

from cetsgraph.cli import cetsgraph

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
EMPIAR = EXAMPLES / "empiar-12104.cets-data-model.json"
IRI = "https://w3id.org/cetsgraph/data/local/EMPIAR-12104"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("cli") / "store"
    ok("load", "--store", directory, EXAMPLES)
    return directory


def test_datasets_are_listed_as_json_with_plain_values(store: Path) -> None:
    rows = json.loads(ok("datasets", "--store", store, "--format", "json"))
    assert len(rows) == 5
    (row,) = [row for row in rows if row["name"] == "EMPIAR-12104"]
    assert list(row) == ["dataset", "name", "dialect", "importer", "source", "triples", "loaded"]
    assert (row["dataset"], row["dialect"], row["source"]) == (IRI, "cets-data-model", EMPIAR.name)
    assert isinstance(row["triples"], int)


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_a_question_gives_its_rows_in_each_form(store: Path, form: str) -> None:
    text = ok("query", "tomograms_by_voxel_size", "--store", store, "-p", "minimum=13", "-p", "maximum=14",
              "--format", form)  # fmt: skip
    if form == "json":
        assert [row["voxel_size_x"] for row in json.loads(text)] == [13.7]
    elif form == "csv":
        assert [row["voxel_size_x"] for row in csv.DictReader(text.splitlines())] == ["13.7"]
    else:
        assert "13.7" in text and "voxel_size_x (Å)" in text and "1 row" not in text


@pytest.mark.parametrize(
    "command",
    [
        ["query", "tomograms_by_annotated_object", "-p", "object=ribosome"],
        ["picks", "--object", "ribosome", "--format", "csv"],
    ],
)
def test_an_object_that_nothing_is_called_leads_to_the_list_of_objects(
    store: Path, command: list[str]
) -> None:
    found = run(*command, "--store", store)
    assert found.returncode == 0
    assert found.stderr.startswith("0 ")
    assert "`cetsgraph query annotated_objects`" in found.stderr
    named = run(*(part.replace("ribosome", "ribosomes") for part in command), "--store", store)
    assert "annotated_objects" not in named.stderr


def test_a_query_of_ones_own(store: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.rq"
    file.write_text("SELECT (COUNT(*) AS ?count) { ?s a <https://w3id.org/cetsgraph/ontology#DataSet> }")
    assert json.loads(ok("query", "--file", file, "--store", store, "--format", "json")) == [{"count": 5}]
    file.write_text("ASK { ?s ?p ?o }")
    assert json.loads(ok("query", "--file", file, "--store", store, "--format", "json")) == [{"answer": True}]


def test_an_object_is_shown_by_its_iri(store: Path) -> None:
    rows = json.loads(ok("show", "--store", store, IRI, "--format", "json"))
    assert {"property": "cets:name", "value": "EMPIAR-12104"} in rows
    assert run("show", "--store", store, f"{IRI}/nothing").returncode == 2


def test_questions_are_listed_and_shown() -> None:
    names = [row["name"] for row in json.loads(ok("queries", "--format", "json"))]
    assert names == sorted(path.stem for path in (ROOT / "queries").glob("*.rq"))
    for name in names:
        assert ok("queries", name) == (ROOT / "queries" / f"{name}.rq").read_text()


def test_a_question_as_json_has_its_parts() -> None:
    (maximum,) = json.loads(ok("queries", "tilt_series_by_dose", "--format", "json"))["parameters"]
    assert (maximum["name"], maximum["kind"], maximum["unit"]) == ("maximum", "number", "e⁻/Å²")


def test_pages_of_rows(store: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.rq"
    own.write_text((ROOT / "queries" / "tilt_schemes.rq").read_text())
    for question in (["tilt_schemes"], ["--file", own]):
        whole = json.loads(ok("query", *question, "--store", store, "--format", "json"))
        page = ok("query", *question, "--store", store, "--format", "json", "--limit", "2", "--offset", "3")
        assert json.loads(page) == whole[3:5]
    own.write_text("SELECT * { ?s ?p ?o } LIMIT 1")
    done = run("query", "--file", own, "--store", store, "--limit", "2")
    assert done.returncode == 2
    assert "LIMIT or OFFSET of its own" in done.stderr
    assert run("query", "tilt_schemes", "--store", store, "--limit", "-1").returncode == 2


def test_export_gives_the_document_back(store: Path, tmp_path: Path) -> None:
    assert json.loads(
        ok("export", "--store", store, "EMPIAR-12104", "--to", "cets-data-model")
    ) == json.loads(EMPIAR.read_text())
    out = tmp_path / "out.ttl"
    assert ok("export", "--store", store, IRI, "--to", "turtle", "-o", out) == ""
    assert "cets:DataSet" in out.read_text()


@pytest.mark.parametrize(("form", "suffix"), [("nquads", "nq"), ("turtle", "ttl")])
def test_rdf_that_was_written_loads_again_as_the_same_data_set(
    store: Path, tmp_path: Path, form: str, suffix: str
) -> None:
    ok("export", "--store", store, "EMPIAR-10164", "--to", form, "-o", tmp_path / f"a.{suffix}")
    ok("load", "--store", tmp_path / "again", tmp_path / f"a.{suffix}")
    quads = [
        sorted(ok("export", "--store", where, "EMPIAR-10164", "--to", "nquads").splitlines())
        for where in (store, tmp_path / "again")
    ]
    assert quads[0] == quads[1]


@pytest.mark.parametrize("target", ["cetsgraph", "tomobabel", "cets-data-model", "turtle", "nquads"])
def test_convert_writes_to_standard_output(target: str) -> None:
    done = run("convert", EMPIAR, "--to", target)
    assert done.returncode == 0
    assert done.stdout
    if target == "tomobabel":
        assert "not-representable" in done.stderr
    assert run("convert", "-", "--to", target, stdin=EMPIAR.read_bytes()).stdout


def test_a_folder_that_is_one_document_goes_to_standard_output(tmp_path: Path) -> None:
    """That of a deposition, and an array store."""
    deposition, image = tmp_path / "deposit", tmp_path / "TS_01.zarr"
    deposition.mkdir()
    (deposition / "EMPIAR-12104.cets.json").write_bytes(EMPIAR.read_bytes())
    (image / "0").mkdir(parents=True)
    axes = [{"name": name, "type": "space", "unit": "angstrom"} for name in "zyx"]
    scale = [{"type": "scale", "scale": [10, 10, 10]}]
    levels = {"version": "0.4", "axes": axes, "datasets": [{"path": "0", "coordinateTransformations": scale}]}
    (image / ".zattrs").write_text(json.dumps({"multiscales": [levels]}))
    (image / "0/.zarray").write_text('{"zarr_format": 2, "shape": [4, 5, 6], "chunks": [4, 5, 6]}')
    for folder, name in ((deposition, "EMPIAR-12104"), (image, "TS_01")):
        assert json.loads(ok("convert", "--to", "cetsgraph", folder))["name"] == name
    several = run("convert", "--to", "cetsgraph", EXAMPLES, EMPIAR)
    assert (several.returncode, several.stdout) == (2, "") and "-o OUT/" in several.stderr


def test_what_a_dialect_leaves_out_of_many_images_is_one_line_with_a_count(tmp_path: Path) -> None:
    images = [{"id": f"i{number}", "section": number} for number in range(41)]
    series = {"id": "s", "path": "s.mrc", "tilt_axis_angle": 85.0, "micrographs": images}
    tilt_series_sets = {"tilt_series_sets": [{"tilt_series": [series]}]}
    file = tmp_path / "a.json"
    file.write_text(
        json.dumps({"name": "a", "regions": [{"id": "r", "tomo_image_sets": [tilt_series_sets]}]})
    )
    said = run("convert", file, "--to", "tomobabel").stderr
    (sections,) = [line for line in said.splitlines() if "TiltSeriesMicrograph.section" in line]
    assert "/micrographs/0/section" in sections and sections.endswith("(and 40 more like this)")
    (angle,) = [line for line in said.splitlines() if "tilt_axis_angle" in line]
    assert "more like this" not in angle


def test_points_that_a_program_cannot_hold_are_not_called_absent(tmp_path: Path) -> None:
    (tmp_path / "TS_01.csv").write_text("x,y,z\n1,2,3\n")
    ok("import", "picks", tmp_path / "TS_01.csv", "--store", tmp_path / "s", "--as", "picked")
    said = run("export", "picked", "--store", tmp_path / "s", "--to", "relion", "-o", tmp_path / "out")
    assert said.returncode == 1
    assert "--size X Y Z" in said.stderr
    assert "nothing is left to write for relion; the warnings say why" in said.stderr


def test_remove_takes_a_data_set_out(tmp_path: Path) -> None:
    ok("load", "--store", tmp_path / "s", EMPIAR)
    ok("remove", "--store", tmp_path / "s", "EMPIAR-12104")
    assert json.loads(ok("datasets", "--store", tmp_path / "s", "--format", "json")) == []
    done = run("remove", "--store", tmp_path / "s", "EMPIAR-12104")
    assert (done.returncode, done.stdout) == (2, "")


def test_loading_says_what_it_changed(tmp_path: Path) -> None:
    for word in ("added", "unchanged"):
        done = run("load", "--store", tmp_path / "s", EMPIAR)
        assert done.returncode == 0
        assert done.stdout == ""
        assert done.stderr.startswith(word)
    changed = tmp_path / "changed.json"
    changed.write_text(EMPIAR.read_text().replace("13.7", "13.8"))
    assert run("load", "--store", tmp_path / "s", changed).stderr.startswith("replaced")


def test_files_may_be_gzipped_yaml_folders_or_standard_input(tmp_path: Path) -> None:
    folder = tmp_path / "folder" / "below"
    folder.mkdir(parents=True)
    (folder / "a.json.gz").write_bytes(gzip.compress(EMPIAR.read_bytes()))
    (folder / "README.md").write_text("not a document")
    (folder / "b.yaml").write_text("regions:\n- id: r\n  tomograms: []\n  tilt_series: []\n")
    ok("load", "--store", tmp_path / "s", tmp_path / "folder")
    ok("load", "--store", tmp_path / "s", "--as", "piped", "-", stdin=EMPIAR.read_bytes())
    names = [row["name"] for row in json.loads(ok("datasets", "--store", tmp_path / "s", "--format", "json"))]
    assert sorted(names) == ["EMPIAR-12104", "b", "piped"]


def test_base_and_archive_are_kept_with_the_store(tmp_path: Path) -> None:
    ok("load", "--store", tmp_path / "s", "--base", "https://example.org/d/", "--archive", "EMPIAR", EMPIAR)
    ok("load", "--store", tmp_path / "s", "--as", "x", EMPIAR)
    rows = json.loads(ok("datasets", "--store", tmp_path / "s", "--format", "json"))
    assert [row["dataset"] for row in rows] == [
        f"https://example.org/d/EMPIAR/{name}" for name in ("EMPIAR-12104", "x")
    ]


@pytest.mark.parametrize(
    "base", ["", "no iri", "http://a b/", "http://[::1", "http://x/%zz/", "http://x/?q="]
)
def test_a_base_that_is_no_iri_is_refused_before_a_store_is_made(tmp_path: Path, base: str) -> None:
    done = run("load", "--store", tmp_path / "s", "--base", base, EMPIAR)
    assert done.returncode == 2
    assert "--base" in done.stderr
    assert not (tmp_path / "s").exists()


BAD = {
    "empty.json": b"",
    "truncated.json": b'{"name": "x", "regions": [',
    "nan.json": b'{"name": "x", "regions": [{"id": "r", "tomograms": [{"id": "t", "width": NaN}]}]}',
    "unknown.json": b'{"name": "x", "regions": [{"id": "r", "tomograms": [], "tilt_serie": []}]}',
    "binary.json": bytes(range(256)),
    "bad.ttl": b"@prefix",
}
OTHERS = {"root.json": b'{"a": 1}', "other.nq": b"<http://a/s> <http://a/p> <http://a/o> .\n"}


def test_the_good_files_of_a_folder_are_loaded_and_the_bad_ones_listed(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "good.json").write_bytes(EMPIAR.read_bytes())
    for name, data in (BAD | OTHERS).items():
        (folder / name).write_bytes(data)
    done = run("load", "--store", tmp_path / "s", folder)
    said = done.stderr
    assert done.returncode == 1
    assert "Traceback" not in said
    assert [name for name in BAD if f"{folder / name}" not in said] == []
    assert "passed over 2 other files: other.nq, root.json" in said
    assert f"1 data set loaded, {len(BAD)} documents not" in said
    assert "tilt_series" in said  # the nearest known name
    assert len(json.loads(ok("datasets", "--store", tmp_path / "s", "--format", "json"))) == 1


def test_of_many_documents_only_those_to_be_mended_are_said(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    ok("new", "-o", good)
    bad.write_bytes(BAD["unknown.json"])
    loaded = run("load", "--quiet", "--store", tmp_path / "s", tmp_path)
    assert loaded.returncode == 1
    assert str(good) not in loaded.stderr and str(bad) in loaded.stderr
    assert "1 data set loaded, 1 document not" in loaded.stderr
    judged = run("validate", "--quiet", tmp_path)
    assert judged.returncode == 1
    assert str(good) not in judged.stdout and str(bad) in judged.stdout
    assert "1 of 2 files conforms" in judged.stdout


def test_two_files_that_claim_one_iri_are_an_error_that_names_both(tmp_path: Path) -> None:
    files = [tmp_path / "one.json", tmp_path / "two.json"]
    for file in files:
        file.write_bytes(EMPIAR.read_bytes())
    done = run("load", "--store", tmp_path / "s", *files)
    assert done.returncode == 1
    assert all(str(file) in done.stderr for file in files)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["nonsense"], 2),
        (["load"], 2),
        (["load", "--store", "{tmp}/s", "-"], 2),
        (["load", "--store", "{tmp}/s", "{tmp}/absent.json"], 3),
        (["load", "--store", "{tmp}/s", "--as", "…", "{example}"], 2),
        (["load", "--store", "{example}", "{example}"], 3),
        (["load", "--store", "{tmp}/s", "--archive", "…", "{example}"], 2),
        (["convert", "{example}", "--to", "turtle", "--base", "no iri"], 2),
        (["datasets", "--store", "{tmp}/absent"], 3),
        (["remove", "--store", "{tmp}/absent", "x"], 3),
        (["query", "--store", "{store}"], 2),
        (["query", "no_such_question", "--store", "{store}"], 2),
        (["query", "tomograms_by_voxel_size", "--store", "{store}", "-p", "minimum"], 2),
        (["query", "tomograms_by_voxel_size", "--store", "{store}", "-p", "minimum=many"], 2),
        (["query", "tomograms_by_voxel_size", "--store", "{store}", "-p", "other=1"], 2),
        (["query", "dataset_summary", "--store", "{store}", "--columns", "nothing"], 2),
        (["query", "--file", "{tmp}/absent.rq", "--store", "{store}"], 3),
        (["query", "--file", "{example}", "--store", "{store}"], 2),
        (["picks", "--store", "{store}", "--format", "dynamo"], 2),
        (["show", "--store", "{store}", "no iri"], 2),
        (["export", "--store", "{store}", "EMPIAR-12140", "--to", "turtle"], 2),
        (["export", "--store", "{store}", "EMPIAR-12104", "--to", "docx"], 2),
        (["export", "--store", "{store}", "EMPIAR-12104", "--to", "turtle", "-o", "{tmp}/no/such/dir"], 3),
        (["convert", "{tmp}/absent.json", "--to", "turtle"], 3),
        (["convert", "{tmp}", "--to", "turtle"], 3),
        (["query", "{example}", "--store", "{store}"], 2),
        (["restore", "{tmp}/absent", "--store", "{tmp}/s"], 3),
        (["compact", "--store", "{tmp}/absent"], 3),
        (["queries", "no_such_question"], 2),
        (["datasets", "--store", ""], 2),
        (["compact", "--store", "http://localhost/"], 2),
        (["backup", "--store", "{store}", "-"], 2),
        (["picks", "--store", "{store}", "--format", "parquet", "no iri"], 2),
        (["ontologies", "remove", "--store", "{store}", "go"], 2),
        (["new", "--dialect", "cets-data-model", "--revision", "pr99"], 2),
    ],
)
def test_failures_say_why_without_a_traceback(
    store: Path, tmp_path: Path, arguments: list[str], status: int
) -> None:
    filled = [part.format(tmp=tmp_path, example=EMPIAR, store=store) for part in arguments]
    done = run(*filled)
    assert done.returncode == status, done.stderr
    assert done.stdout == ""
    assert done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [["load"], ["import"]])
def test_one_name_for_several_data_sets_is_refused_before_any_is_loaded(
    arguments: list[str], tmp_path: Path
) -> None:
    for folder in ("monday", "tuesday"):
        (tmp_path / "all" / folder).mkdir(parents=True)
        file = tmp_path / "all" / folder / "TS_01.mdoc"
        file.write_text("PixelSpacing = 1\n[ZValue = 0]\nTiltAngle = 0\n")
    done = run(*arguments, "--as", "x", "--store", tmp_path / "s", tmp_path / "all")
    assert done.returncode == 2
    assert "found 2: monday-TS_01, tuesday-TS_01" in done.stderr
    assert ok("datasets", "--store", tmp_path / "s", "--format", "json").strip() == "[]"


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_goes_away_is_no_failure(store: Path, unbuffered: str) -> None:
    environment = {**os.environ, "PYTHONUNBUFFERED": unbuffered}
    command = f"{sys.executable} -m cetsgraph export --store {store} EMPIAR-12104 --to nquads | head -1"
    shell = ["bash", "-o", "pipefail", "-c", command]
    done = subprocess.run(shell, capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["convert", "--to", "tomobabel", "{file}", "-o", "{file}"],
        ["convert", "--to", "tomobabel", "{folder}", "-o", "{folder}/"],
        ["validate", "{file}", "-o", "{folder}/link.json"],
        ["import", "{file}", "-o", "{file}"],
        ["new", "-o", "{file}"],
    ],
)
def test_nothing_is_written_over_what_is_read(arguments: list[str], tmp_path: Path) -> None:
    (folder := tmp_path / "all").mkdir()
    (file := folder / "TS_01.json").write_bytes(EMPIAR.read_bytes())
    if "{folder}/link.json" in arguments:
        (folder / "link.json").symlink_to(file)
    done = run(*(part.format(file=file, folder=folder) for part in arguments))
    assert done.returncode == 2, done.stderr
    assert file.read_bytes() == EMPIAR.read_bytes()


@pytest.mark.parametrize(
    "command", [["load", "--store", "{tmp}/s"], ["validate"], ["convert", "--to", "trig"]]
)
def test_a_folder_without_a_document_is_a_failure(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "all").mkdir()
    (tmp_path / "all" / "package.json").write_text('{"name": "x"}')
    output = ["-o", f"{tmp_path}/out/"] if command[0] == "convert" else []
    done = run(*(part.format(tmp=tmp_path) for part in command), tmp_path / "all", *output)
    assert done.returncode == 1
    assert "there is no document in this folder (found 1 other file)" in done.stderr


def test_a_locked_store_ends_with_3(tmp_path: Path) -> None:
    from cetsgraph.store import LocalStore

    with LocalStore.open(tmp_path / "s", "w"):
        done = run("load", "--store", tmp_path / "s", EMPIAR)
    assert done.returncode == 3
    assert str(os.getpid()) in done.stderr


def test_help_starts_quickly() -> None:
    """At most 1.5 times what importing pydantic, click and pyoxigraph takes."""

    def seconds(*arguments: str) -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
        return time.perf_counter() - start

    pairs = [
        (seconds("-m", "cetsgraph", "--help"), seconds("-c", "import pydantic, click, pyoxigraph"))
        for _ in range(7)
    ]
    # Other work on the machine makes a run longer, and none shorter.
    ours, theirs = (min(times) for times in zip(*pairs, strict=True))
    assert ours <= 1.5 * theirs


def test_every_command_is_documented() -> None:
    reference = (ROOT / "docs" / "reference" / "commands.md").read_text()
    for name, command in cetsgraph.commands.items():
        assert f"## cetsgraph {name}" in reference
        for parameter in command.params:
            for option in parameter.opts:
                assert option.lstrip("-") in reference or parameter.param_type_name == "argument"


def commands_of(group: click.Group, way: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """All commands that do something, by what calls them."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands_of(command, (*way, name))
        else:
            yield " ".join((*way, name)), command


COMMANDS = dict(commands_of(cetsgraph))


@pytest.mark.parametrize("name", COMMANDS)
def test_help_fits_a_terminal_and_ends_with_examples_that_can_be_typed(name: str) -> None:
    command = COMMANDS[name]
    shown = command.get_help(click.Context(command, info_name=f"cetsgraph {name}", terminal_width=80))
    assert max(map(len, shown.splitlines())) <= 80
    examples = re.findall(rf"(?m)^  cetsgraph {name}(?: (.*))?$", command.epilog or "")
    assert examples
    for example in examples:
        command.make_context(name, shlex.split(example), terminal_width=80)


def test_the_list_of_commands_says_of_each_a_whole_sentence() -> None:
    shown = cetsgraph.get_help(click.Context(cetsgraph, info_name="cetsgraph", terminal_width=80))
    assert "..." not in shown.partition("Commands:")[2]


WITHOUT = """
import sys
for name in sys.argv.pop(1).split(","):
    sys.modules[name] = None  # as if it were not installed
from cetsgraph.cli import main
main()
"""


@pytest.mark.parametrize(
    ("packages", "extra", "arguments"),
    [
        ("shacl,pyshacl", "validate", ["validate", "{example}"]),
        ("starlette", "server", ["serve", "--store", "{store}", "--port", "0"]),
        ("granian", "server", ["serve", "--store", "{store}", "--port", "0"]),
        ("httpx", "remote", ["datasets", "--store", "http://127.0.0.1:9/sparql"]),
        ("httpx", "remote", ["search", "tilt_schemes", "--source", "a=http://127.0.0.1:9/sparql"]),
        ("SPARQLWrapper", "remote", ["search", "tilt_schemes", "--source", "a=http://127.0.0.1:9/sparql"]),
    ],
)
def test_a_command_says_which_extra_it_needs(
    store: Path, packages: str, extra: str, arguments: list[str]
) -> None:
    filled = [part.format(example=EMPIAR, store=store) for part in arguments]
    command = [sys.executable, "-c", WITHOUT, packages, *filled]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 3
    assert f"pip install 'cetsgraph[{extra}]'" in done.stderr
    assert "Traceback" not in done.stderr


def in_shell(script: str, cwd: Path, **paths: Path) -> "subprocess.CompletedProcess[str]":
    """Run a script in which `cetsgraph` is the command; paths may have this word in them, too."""
    filled = script.replace("cetsgraph", "{python} -m cetsgraph").format(python=sys.executable, **paths)
    command = ["bash", "-c", filled]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd, timeout=60)


UNLUCKY = {
    "closed output": ("cetsgraph datasets --store {store} >&-", "Bad file descriptor"),
    "full output": ("cetsgraph datasets --store {store} >/dev/full", "No space left"),
    "deleted working directory": (
        "mkdir gone && cd gone && rmdir ../gone && cetsgraph load --store s .",
        "",
    ),
    "full disk": ("ulimit -f 20; cetsgraph load --store s {example}", ""),
    "few open files": ("ulimit -n 12; cetsgraph load --store s {example}", ""),
}


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
@pytest.mark.parametrize("case", UNLUCKY)
def test_what_cannot_be_written_is_said_in_one_line(store: Path, tmp_path: Path, case: str) -> None:
    script, reason = UNLUCKY[case]
    done = in_shell(script, tmp_path, store=store, example=EMPIAR)
    assert done.returncode == 3, done.stderr
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
    assert "added" not in done.stderr


def test_what_a_document_says_does_not_steer_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"name": "evil\x1b[2Jset", "regions": [{"id": "r", "tilt_series": []}]}))
    done = run("load", "--store", tmp_path / "s", file)
    assert "\x1b" not in done.stderr
    assert r"evil\x1b[2Jset" in done.stderr
    assert "\x1b" not in ok("datasets", "--store", tmp_path / "s")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_files_whose_names_are_no_utf_8_are_loaded(tmp_path: Path) -> None:
    file = os.path.join(os.fsencode(tmp_path), b"TS\xff_01.json")
    with open(file, "w") as opened:
        opened.write('{"regions": [{"id": "r", "tilt_series": []}]}')
    ok("load", "--store", tmp_path / "s", os.fsdecode(file))
    (row,) = json.loads(ok("datasets", "--store", tmp_path / "s", "--format", "json"))
    assert row["name"] == r"TS\udcff_01"


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_a_table_fits_the_terminal_and_loses_nothing(store: Path) -> None:
    lines = on_terminal(60, "show", "--store", store, IRI)
    assert max(map(len, lines)) <= 60
    start = lines[1].rindex("  ") + 2
    whole = "".join("".join(line[start:] for line in lines).split())
    rows = json.loads(ok("show", "--store", store, IRI, "--format", "json"))
    assert rows
    values = [str(row["value"]) for row in rows]
    assert [value for value in values if "".join(value.split()) not in whole] == []


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_rows_with_more_columns_than_fit_stand_below_one_another(store: Path) -> None:
    command = ["query", "tomograms_by_voxel_size", "--store", store, "-p", "minimum=13", "-p", "maximum=14"]
    values = json.loads(ok(*command, "--format", "json"))
    lines = on_terminal(80, *command)
    assert values
    assert max(map(len, lines)) <= 80
    shown = [line.split() for line in lines]
    assert [words[1] for words in shown if words[:1] == ["name"]] == [row["name"] for row in values]


def on_terminal(columns: int, *arguments: object) -> list[str]:
    """What a command writes to a terminal of this width."""
    outer, inner = os.openpty()
    command = [sys.executable, "-m", "cetsgraph", *map(str, arguments)]
    with subprocess.Popen(command, stdout=inner, env={**os.environ, "COLUMNS": str(columns)}):
        os.close(inner)
        shown = ""
        while chunk := read_terminal(outer):
            shown += chunk.decode()
    os.close(outer)
    return shown.replace("\r", "").splitlines()


def read_terminal(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 65536)
    except OSError:  # Linux says so that the other end is closed
        return b""
