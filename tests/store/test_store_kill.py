"""Writers that are killed, and readers that go on while others write."""

import random
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from cetsgraph.store import LocalStore

EX = "http://example.org/"
KILLS = 12
SIZES = (40, 7_000, 12_000)
"""Quads of the three data sets of a group: loaded as a transaction, or in bulk."""

WRITER = f"""
    import sys
    from cetsgraph.store import LocalStore

    def data_set(group, size):
        graph = f"{EX}{{group}}/{{size}}"
        lines = [f'<{{graph}}/{{n}}> <{EX}p> "{{n}}" <{{graph}}> .\\n' for n in range(size)]
        record = f'<{{graph}}> <{EX}quads> "{{size}}" <{EX}catalogue> .\\n'
        return "".join([*lines, record]).encode()

    with LocalStore.open(sys.argv[1], "w") as store:
        first = len(store.graphs()) // {len(SIZES)}
        for group in range(first, first + int(sys.argv[2])):
            with store.writing() as writing:
                for size in {SIZES}:
                    writing.add(data_set(group, size))
                    if group % 3 == 0:
                        store.graphs()  # has the engine write each data set by itself
                if group % 4 == 3:
                    writing.remove(f"{EX}{{group - 3}}/{SIZES[0]}")
                    writing.add(data_set(group - 3, {SIZES[0]}))
            print(group, flush=True)
"""

READER = f"""
    import sys
    import time
    from cetsgraph.store import LocalStore

    COUNT = "SELECT ?g (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s <{EX}p> ?o }} }} GROUP BY ?g"
    RECORDS = "SELECT ?g ?n {{ GRAPH <{EX}catalogue> {{ ?g <{EX}quads> ?n }} }}"

    def state(store):
        counted, recorded = (
            {{row["g"].value: int(row["n"].value) for row in store.select(query)}}
            for query in (COUNT, RECORDS)
        )
        assert counted == recorded, (counted, recorded)
        return counted

    opened, seen, largest = 0, set(), 0
    kept = LocalStore.open(sys.argv[1])
    at_first = state(kept)
    print("ready", flush=True)
    while largest < int(sys.argv[2]):
        with LocalStore.open(sys.argv[1]) as store:
            now = len(state(store))
        assert now >= largest, (now, largest)
        opened, largest = opened + 1, now
        seen.add(now)
        assert state(kept) == at_first
        time.sleep(0.02)
    print(opened, len(seen))
"""


def start(program: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def groups(store: LocalStore) -> int:
    """How many groups there are, each checked to be whole and recorded."""
    rows = store.select(f"SELECT ?g (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s <{EX}p> ?o }} }} GROUP BY ?g")
    counted = {row["g"].value: int(row["n"].value) for row in rows}
    rows = store.select(f"SELECT ?g ?n {{ GRAPH <{EX}catalogue> {{ ?g <{EX}quads> ?n }} }}")
    recorded = {row["g"].value: int(row["n"].value) for row in rows}
    count = len(counted) // len(SIZES)
    assert counted == recorded == {f"{EX}{group}/{size}": size for group in range(count) for size in SIZES}
    return count


def test_a_killed_writer_leaves_exactly_what_was_committed(tmp_path: Path) -> None:
    """Killed at any moment: while it starts, loads, commits or closes."""
    directory = tmp_path / "store"
    LocalStore.open(directory, "w").close()
    chance = random.Random(20240501)
    committed = 0
    interrupted = 0
    for kill in range(KILLS):
        writer = start(WRITER, directory, 4)
        time.sleep(chance.uniform(0.05, 0.6))
        writer.kill()
        output, error = writer.communicate()
        assert not error, error
        interrupted += writer.returncode == -9
        reported = int(output.split()[-1]) + 1 if output else committed
        with LocalStore.open(directory) as reader:
            found = groups(reader)
        assert found in (reported, reported + 1), kill  # killed after the commit, before it was reported
        committed = found
        if committed > 12:  # keep counting cheap
            with LocalStore.open(directory, "w") as store:
                assert groups(store) == committed
                with store.writing() as writing:
                    for graph in store.graphs():
                        writing.remove(graph)
            committed = 0
    assert interrupted >= KILLS // 2
    with LocalStore.open(directory, "w") as store:
        assert groups(store) == committed
    writer = start(WRITER, directory, 1)
    _, error = writer.communicate()
    assert not error, error
    with LocalStore.open(directory) as reader:
        assert groups(reader) == committed + 1


def test_readers_never_fail_and_see_whole_data_sets_through_a_long_load(tmp_path: Path) -> None:
    directory = tmp_path / "store"
    _, error = start(WRITER, directory, 3).communicate()
    assert not error, error
    count = 10
    reader = start(READER, directory, count * len(SIZES))
    assert reader.stdout is not None
    assert reader.stdout.readline() == "ready\n"
    writer = start(WRITER, directory, count - 3)
    _, error = writer.communicate()
    assert not error, error
    output, error = reader.communicate()
    assert not error, error
    opened, states = map(int, output.split())
    assert opened >= states > 3
