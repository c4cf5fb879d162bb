"""One writer at a time, in whatever process."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from numbered import EX, put, script, sizes

from cetsgraph.errors import StoreLocked
from cetsgraph.store import LocalStore


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
