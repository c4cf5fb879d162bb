"""A store's directory: who may open it when, and what happens where it cannot be."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cetsgraph.errors import InvalidIRI, StoreError, StoreLocked, StoreNotFound
from cetsgraph.iris import DEFAULT_BASE
from cetsgraph.store import LocalStore, Settings
from cetsgraph.versions import ONTOLOGY_VERSION

EX = "http://example.org/"
P = f"<{EX}p>"


def numbered(graph: str, count: int) -> bytes:
    return "".join(f'<{graph}/{n}> {P} "{n}" <{graph}> .\n' for n in range(count)).encode()


def put(directory: Path, graph: str, count: int = 10) -> None:
    with LocalStore.open(directory, "w") as store, store.writing() as writing:
        writing.add(numbered(graph, count))


def sizes(store: LocalStore) -> dict[str, int]:
    rows = store.select("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    return {row["g"].value: int(row["n"].value) for row in rows}


def files(directory: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in directory.rglob("*") if file.is_file()}


def script(text: str, *arguments: object) -> subprocess.Popen[str]:
    """Another process, which has said `ready`."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(text), *map(str, arguments)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    if process.stdout.readline() != "ready\n":
        process.kill()
        process.communicate()
        pytest.fail("the process has not said that it is ready")
    return process


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def other_writer(directory: Path) -> Iterator[subprocess.Popen[str]]:
    process = script(
        """
        import sys
        from cetsgraph.store import LocalStore
        store = LocalStore.open(sys.argv[1], "w")
        print("ready", flush=True)
        sys.stdin.read()
        """,
        directory,
    )
    yield process
    process.kill()
    process.communicate()


# What is committed, and who sees it


def test_what_was_committed_is_there_when_opened_again(directory: Path) -> None:
    put(directory, f"{EX}a")
    put(directory, f"{EX}b", 20_000)
    with LocalStore.open(directory) as reader:
        assert sizes(reader) == {f"{EX}a": 10, f"{EX}b": 20_000}
    with LocalStore.open(directory, "w") as writer:
        assert sizes(writer) == {f"{EX}a": 10, f"{EX}b": 20_000}


def test_readers_see_commits_and_nothing_else(directory: Path) -> None:
    with LocalStore.open(directory, "w") as writer:
        with LocalStore.open(directory) as before, writer.writing() as writing:
            writing.add(numbered(f"{EX}a", 10))
            assert sizes(writer) == {f"{EX}a": 10}
            with LocalStore.open(directory) as reader:
                assert sizes(reader) == {}
            writing.commit()
            writing.add(numbered(f"{EX}b", 10))
            with LocalStore.open(directory) as reader:
                assert sizes(reader) == {f"{EX}a": 10}
        with LocalStore.open(directory) as reader:
            assert sizes(reader) == {f"{EX}a": 10, f"{EX}b": 10}
        with pytest.raises(StoreError, match="closed"):
            sizes(before)


def test_a_failed_change_keeps_what_was_committed_in_it(directory: Path) -> None:
    with LocalStore.open(directory, "w") as writer:
        with pytest.raises(KeyError), writer.writing() as writing:
            writing.add(numbered(f"{EX}a", 10))
            writing.commit()
            writing.add(numbered(f"{EX}b", 50_000))
            sizes(writer)  # has the engine write them
            writing.remove(f"{EX}a")
            raise KeyError
        assert sizes(writer) == {f"{EX}a": 10}
    with LocalStore.open(directory) as reader:
        assert sizes(reader) == {f"{EX}a": 10}


def test_an_iterator_survives_the_end_of_its_change(directory: Path) -> None:
    put(directory, f"{EX}a", 50)
    with LocalStore.open(directory, "w") as writer:
        quads = writer.quads(f"{EX}a")
        next(quads)
        with pytest.raises(KeyError), writer.writing() as writing:
            writing.remove(f"{EX}a")
            raise KeyError
        assert sum(1 for _ in quads) == 49
    with LocalStore.open(directory, "w") as writer:
        assert sizes(writer) == {f"{EX}a": 50}


def test_a_reader_keeps_its_state_through_any_number_of_commits(directory: Path) -> None:
    """The engine opens files as it needs them, 16 at first: they must stay."""
    with LocalStore.open(directory, "w") as writer:
        for n in range(12):
            with writer.writing() as writing:
                writing.add(numbered(f"{EX}old/{n}", 8_000))
        assert len(list((directory / "snapshots").glob("*/*.sst"))) > 16
        with LocalStore.open(directory) as reader:
            for n in range(12):
                with writer.writing() as writing:
                    writing.remove(f"{EX}old/{n}")
                    writing.add(numbered(f"{EX}new/{n}", 10))
            assert sizes(reader) == {f"{EX}old/{n}": 8_000 for n in range(12)}
        with LocalStore.open(directory) as reader:
            assert sizes(reader) == {f"{EX}new/{n}": 10 for n in range(12)}


def test_two_snapshots_are_kept_and_what_is_being_read(directory: Path) -> None:
    put(directory, f"{EX}a")
    kept = lambda: sorted(int(snapshot.name) for snapshot in (directory / "snapshots").iterdir())  # noqa: E731
    with LocalStore.open(directory):
        leased = json.loads((directory / "format.json").read_text())["snapshot"]
        for n in range(3):
            put(directory, f"{EX}{n}")
        assert kept() == [leased, leased + 2, leased + 3]
    put(directory, f"{EX}b")
    assert kept() == [leased + 3, leased + 4]
    assert not (directory / "db").exists()


def test_a_change_that_does_nothing_commits_nothing(directory: Path) -> None:
    put(directory, f"{EX}a")
    before = files(directory)
    with LocalStore.open(directory, "w") as writer, writer.writing() as writing:
        writing.remove(f"{EX}absent")
    lock = str(directory / "lock")
    assert {**files(directory), lock: b""} == {**before, lock: b""}


def test_a_copy_of_a_store_is_a_store(directory: Path, tmp_path: Path) -> None:
    put(directory, f"{EX}a")
    shutil.copytree(directory, tmp_path / "copy")
    put(tmp_path / "copy", f"{EX}b")
    with LocalStore.open(tmp_path / "copy") as copy, LocalStore.open(directory) as original:
        assert sizes(copy) == {f"{EX}a": 10, f"{EX}b": 10}
        assert sizes(original) == {f"{EX}a": 10}


# One writer


def test_another_process_that_writes_is_named(directory: Path, other_writer: subprocess.Popen[str]) -> None:
    with pytest.raises(StoreLocked) as caught:
        LocalStore.open(directory, "w")
    assert f"process {other_writer.pid} on" in str(caught.value)
    assert "Wait until it ends" in str(caught.value)
    assert caught.value.location == str(directory)
    LocalStore.open(directory).close()
    other_writer.kill()
    other_writer.wait()
    put(directory, f"{EX}a")


def test_one_process_has_one_writer_too(directory: Path) -> None:
    with LocalStore.open(directory, "w"), pytest.raises(StoreLocked, match=f"process {os.getpid()}"):
        LocalStore.open(directory, "w")
    LocalStore.open(directory, "w").close()


def test_a_forgotten_writer_does_not_keep_the_store(directory: Path) -> None:
    LocalStore.open(directory, "w")
    LocalStore.open(directory, "w").close()


def test_children_of_a_killed_writer_do_not_keep_the_store(directory: Path) -> None:
    parent = script(
        """
        import os, sys, time
        from cetsgraph.store import LocalStore
        store = LocalStore.open(sys.argv[1], "w")
        print("ready", flush=True)
        if os.fork() == 0:
            store.close()  # the parent's working copy must stay
            print(os.getpid(), flush=True)
            time.sleep(60)
        with store.writing() as writing:
            writing.add(b"<ex:s> <ex:p> <ex:o> <ex:a> .")
        print("written", flush=True)
        time.sleep(60)
        """,
        directory,
    )
    assert parent.stdout is not None
    said = {parent.stdout.readline().strip(), parent.stdout.readline().strip()}
    child = int((said - {"written"}).pop())
    with pytest.raises(StoreLocked):
        LocalStore.open(directory, "w")
    parent.kill()
    parent.wait()
    try:
        os.kill(child, 0)
        with LocalStore.open(directory, "w") as writer:
            assert sizes(writer) == {"ex:a": 1}
    finally:
        os.kill(child, 9)
        parent.communicate()


@pytest.mark.parametrize("parent", ["r", "w", "closed"])
@pytest.mark.parametrize("child", ["its own", "the parent's"])
def test_a_child_that_is_forked_reads_and_says_that_it_cannot_write(
    directory: Path, tmp_path: Path, parent: str, child: str
) -> None:
    """The engine's threads are not in the child, which would wait for them for ever."""
    if child == "the parent's" and parent == "closed":
        child = "its own"
    put(directory, f"{EX}a")
    process = script(
        """
        import os, signal, sys
        from cetsgraph.errors import StoreError
        from cetsgraph.store import LocalStore
        directory, new, parent, child = sys.argv[1:]
        store = LocalStore.open(directory, "r" if parent == "r" else "w")
        if parent == "closed":
            store.close()
        print("ready", flush=True)
        if os.fork() == 0:
            signal.alarm(20)
            with LocalStore.open(directory) as reader:
                print(len(reader.graphs()), flush=True)
            try:
                opened = store if child == "the parent's" else LocalStore.open(new, "w")
                with opened.writing() as writing:
                    writing.add(b"<ex:s> <ex:p> <ex:o> <ex:a> .")
            except StoreError as error:
                print(error, flush=True)
            os._exit(0)
        os.wait()
        """,
        directory,
        tmp_path / "new",
        parent,
        child,
    )
    output, _ = process.communicate()
    count, *said = output.splitlines()
    assert count == "1"
    expected = "opened for reading" if (parent, child) == ("r", "the parent's") else "was forked from one"
    assert expected in said[0]


def test_a_child_forked_before_the_first_store_writes(directory: Path) -> None:
    process = script(
        """
        import os, sys
        from cetsgraph.store import LocalStore
        print("ready", flush=True)
        if os.fork() == 0:
            with LocalStore.open(sys.argv[1], "w") as store, store.writing() as writing:
                writing.add(b"<ex:s> <ex:p> <ex:o> <ex:a> .")
            os._exit(0)
        os.wait()
        """,
        directory,
    )
    process.communicate()
    with LocalStore.open(directory) as reader:
        assert reader.graphs() == ["ex:a"]


# What the store keeps of itself


def test_base_and_archive_are_kept(directory: Path) -> None:
    with LocalStore.open(directory, "w", base="https://example.org/", archive="empiar") as writer:
        assert writer.settings == Settings("https://example.org/", "empiar")
    with LocalStore.open(directory, archive="empiar") as reader:
        assert reader.settings == Settings("https://example.org/", "empiar")
    with pytest.raises(StoreError, match=r"another archive \(found emdb, expected empiar\)"):
        LocalStore.open(directory, "w", archive="emdb")
    LocalStore.open(directory, "w").close()


def test_the_defaults_are_kept_too(directory: Path) -> None:
    LocalStore.open(directory, "w").close()
    with pytest.raises(StoreError, match="another base"):
        LocalStore.open(directory, "w", base="https://example.org/")
    with LocalStore.open(directory) as reader, LocalStore.memory() as memory:
        assert reader.settings == memory.settings == Settings(DEFAULT_BASE, "local")


@pytest.mark.parametrize("base", ["", "no iri", "http://a b/", "http://[::1", "http://x/%zz/", "relative/"])
def test_a_base_that_is_no_iri_is_refused_before_anything_is_made(directory: Path, base: str) -> None:
    for opened in (
        lambda: LocalStore.open(directory, "w", base=base),
        lambda: LocalStore.open(directory, "r", base=base),
        lambda: LocalStore.memory(base=base),
    ):
        with pytest.raises(InvalidIRI, match="base of IRIs") as caught:
            opened()
        assert caught.value.exit_code == 2
    with pytest.raises(InvalidIRI, match="no name"):
        LocalStore.open(directory, "w", archive=" ")
    assert not directory.exists()


# What is no store


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ('{"format": 3, "base": "b", "archive": "a"}', "newer format .found 3, expected 2.*Update cetsgraph"),
        ('{"format": 1, "base": "b", "archive": "a"}', "older format .found 1, expected 2.*migrate --store"),
        ('{"format": 0, "base": "b", "archive": "a"}', "never was a format 0"),
        ('{"format": "1"}', "no format version"),
        ('{"format": 1, "base": "b"}', "lacks base or archive"),
        ('{"format": 2, "base": "b", "archive": "a", "snapshot": 1}', "lacks ontology"),
        ('{"format": 2, "base": "b", "archive": "a", "ontology": "0.1.0"}', "lacks ontology or snapshot"),
        (
            '{"format": 2, "base": "b", "archive": "a", "ontology": "new", "snapshot": 1}',
            "'new' is not MAJOR",
        ),
        (
            '{"format": 2, "base": "b", "archive": "a", "ontology": "0.1.0", "snapshot": 1, "files": []}',
            "does not say which files",
        ),
        ("[]", "no format version"),
        ("{", "is not JSON"),
    ],
)
def test_other_formats_and_damage_are_told_apart(directory: Path, record: str, message: str) -> None:
    put(directory, f"{EX}a")
    (directory / "format.json").write_text(record)
    for mode in ("r", "w"):
        with pytest.raises(StoreError, match=f"(?s){message}"):
            LocalStore.open(directory, mode)


def test_the_format_record_is_what_it_says(directory: Path) -> None:
    LocalStore.open(directory, "w", archive="empiar").close()
    record = json.loads((directory / "format.json").read_text())
    assert record == {
        "format": 2,
        "engine": "oxigraph",
        "base": DEFAULT_BASE,
        "archive": "empiar",
        "ontology": ONTOLOGY_VERSION,
        "snapshot": 1,
        "files": {
            "sizes": {file.name: file.stat().st_size for file in (directory / "snapshots" / "1").iterdir()},
            "sha256": record["files"]["sha256"],
        },
    }


def test_where_nothing_is_nothing_is_read_or_made(directory: Path) -> None:
    with pytest.raises(StoreNotFound, match=r"there is no store here\n.*cetsgraph load"):
        LocalStore.open(directory)
    assert not directory.exists()


def test_a_folder_of_other_files_is_left_alone(directory: Path) -> None:
    directory.mkdir()
    (directory / "notes.txt").write_text("mine")
    (directory / "scans").mkdir()
    with pytest.raises(StoreNotFound, match=r"found a folder without format\.json"):
        LocalStore.open(directory)
    with pytest.raises(StoreError, match=r"notes\.txt and 1 more"):
        LocalStore.open(directory, "w")
    assert sorted(path.name for path in directory.iterdir()) == ["notes.txt", "scans"]


def test_a_file_is_no_store(directory: Path) -> None:
    directory.write_text("mine")
    with pytest.raises(StoreNotFound, match="found a file, expected a folder"):
        LocalStore.open(directory)
    with pytest.raises(StoreError, match="found a file"):
        LocalStore.open(directory, "w")
    with pytest.raises(StoreError, match="Not a directory"):
        LocalStore.open(directory / "below", "w")


def test_an_empty_folder_and_a_link_to_a_folder_become_stores(directory: Path, tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    directory.symlink_to(tmp_path / "target")
    put(directory, f"{EX}a")
    with LocalStore.open(tmp_path / "target") as reader:
        assert sizes(reader) == {f"{EX}a": 10}


def test_a_dangling_link_is_an_error_that_names_it(directory: Path, tmp_path: Path) -> None:
    directory.symlink_to(tmp_path / "nowhere")
    with pytest.raises(StoreNotFound):
        LocalStore.open(directory)
    with pytest.raises(StoreError, match=r"store: .*File exists"):
        LocalStore.open(directory, "w")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda store: (store / "format.json").write_text("{"), "format.json is not JSON"),
        (lambda store: shutil.rmtree(store / "snapshots"), "snapshot 2 is missing"),
        (lambda store: (store / "snapshots" / "2" / "CURRENT").unlink(), "CURRENT is missing"),
        (
            lambda store: change(largest(store), lambda data: data[:-1]),
            r"sst has [\d,]+ bytes, and was written",
        ),
        (lambda store: change(largest(store), lambda data: data + b"\0"), r"sst has [\d,]+ bytes, and was"),
        (lambda store: change(largest(store), lambda data: data[:-30] + b"?" + data[-29:]), "have changed"),
        (lambda store: change(store / "snapshots/2/CURRENT", lambda data: data[::-1]), "have changed"),
    ],
    ids=["record", "snapshots", "missing", "shorter", "longer", "end changed", "small file changed"],
)
def test_a_damaged_store_is_an_error_and_no_endless_loop(
    directory: Path, damage: object, message: str
) -> None:
    put(directory, f"{EX}a")
    assert callable(damage)
    damage(directory)
    for mode in ("r", "w"):
        with pytest.raises(StoreError, match=message):
            LocalStore.open(directory, mode)


def largest(store: Path) -> Path:
    return max((store / "snapshots" / "2").glob("*.sst"), key=lambda file: file.stat().st_size)


def change(file: Path, changed: Callable[[bytes], bytes]) -> None:
    """Write other bytes, into a new file: the old one has a second name in the snapshot before."""
    data = changed(file.read_bytes())
    file.unlink()
    file.write_bytes(data)


def test_a_changed_block_of_data_is_an_error_when_it_is_read(directory: Path) -> None:
    put(directory, f"{EX}a", 20_000)

    def changed(data: bytes) -> bytes:
        middle = bytes(byte ^ 1 if n % 500 == 0 else byte for n, byte in enumerate(data[:-64]))
        return middle + data[-64:]

    for file in (directory / "snapshots" / "2").glob("*.sst"):
        change(file, changed)
    with pytest.raises(StoreError, match="the store failed") as caught, LocalStore.open(directory) as store:
        list(store.quads())
    assert "estore a backup" in str(caught.value)


def test_a_store_that_does_not_say_its_files_opens(directory: Path) -> None:
    """As version 0.1.0 wrote it."""
    put(directory, f"{EX}a")
    record = json.loads((directory / "format.json").read_text())
    del record["files"]
    (directory / "format.json").write_text(json.dumps(record))
    with LocalStore.open(directory) as reader:
        assert sizes(reader) == {f"{EX}a": 10}
    put(directory, f"{EX}b")
    assert "files" in json.loads((directory / "format.json").read_text())


def test_making_a_store_can_be_interrupted(directory: Path) -> None:
    """Killed after the first snapshot was written, before the record that names it."""
    LocalStore.open(directory, "w").close()
    (directory / "format.json").rename(directory / "format.json.new")
    with pytest.raises(StoreNotFound, match="without format"):
        LocalStore.open(directory)
    put(directory, f"{EX}a")
    with LocalStore.open(directory) as reader:
        assert sizes(reader) == {f"{EX}a": 10}


# Disks and permissions

AS_NOBODY = """
import os, sys
from cetsgraph.store import LocalStore
from cetsgraph.errors import StoreReadOnly
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
print("ready", flush=True)
with LocalStore.open(sys.argv[1]) as reader:
    print(len(reader.graphs()))
for directory in sys.argv[1:]:
    try:
        LocalStore.open(directory, "w")
    except StoreReadOnly as error:
        print(error)
"""


def test_a_directory_without_write_permission_can_be_read() -> None:
    with tempfile.TemporaryDirectory() as parent:
        directory, new = Path(parent) / "store", Path(parent) / "new"
        put(directory, f"{EX}a")
        Path(parent).chmod(0o555)
        read_only = [directory, *(path for path in directory.rglob("*") if path.is_dir())]
        for path in read_only:
            path.chmod(0o555)
        (directory / "lock").chmod(0o444)
        try:
            output, _ = script(AS_NOBODY, directory, new).communicate()
        finally:
            for path in [Path(parent), *read_only]:
                path.chmod(0o755)
    count, *messages = output.splitlines()
    assert count == "1"
    refusal = "the store cannot be written to (Permission denied)"
    assert [f"{directory}: {refusal}", f"{new}: {refusal}"] == [line for line in messages if refusal in line]


def test_a_full_disk_ends_the_change_and_leaves_the_store(directory: Path) -> None:
    """A limit on the size of files stands in for the disk; the operating system refuses all the same."""
    put(directory, f"{EX}a")
    process = script(
        """
        import resource, sys
        from cetsgraph.errors import StoreError
        from cetsgraph.store import LocalStore
        print("ready", flush=True)
        line = '<http://example.org/{0}/{1}> <http://example.org/p> "{1}" <http://example.org/{0}> .\\n'
        with LocalStore.open(sys.argv[1], "w") as store:
            limit = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limit[1]))
            try:
                with store.writing() as writing:
                    for name in "bcd":
                        writing.add("".join(line.format(name, n) for n in range(60_000)).encode())
            except StoreError as error:
                print(error.exit_code, error)
            print(store.graphs())
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
            with store.writing() as writing:
                writing.add(line.format("z", 1).encode())
        """,
        directory,
    )
    output, _ = process.communicate()
    assert process.returncode == 0
    first, advice, graphs = output.splitlines()
    assert first.startswith(f"3 {directory}: the store failed")
    assert "File too large" in first
    assert advice == "Make room on the disk and try again. The store is as it was before."
    assert graphs == f"['{EX}a']"
    with LocalStore.open(directory) as reader:
        assert sizes(reader) == {f"{EX}a": 10, f"{EX}z": 1}


@pytest.mark.parametrize("mode", ["x", "rw", "a", ""])
def test_a_mode_that_is_none_makes_no_store(mode: Any, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"no such mode .*expected 'r' or 'w'"):
        LocalStore.open(tmp_path / "s", mode)
    assert not (tmp_path / "s").exists()
