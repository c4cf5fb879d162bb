"""Every way to lock, where the system has it and where it does not, between processes that are killed too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cetsgraph import system

# Windows locks ranges of bytes, per process, as lockf does here; the names are those of its module.
WINDOWS_LOCKS = """
import fcntl, sys, types
msvcrt = types.ModuleType("msvcrt")
msvcrt.LK_NBLCK = 1
def locking(descriptor, mode, size):
    fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, size, 0, 1)
msvcrt.locking = locking
sys.modules["msvcrt"] = msvcrt
"""
WITHOUT_FCNTL = "import sys; sys.modules['fcntl'] = None\n"
SYSTEMS = {
    "Linux and macOS": "",
    "Windows": WINDOWS_LOCKS + WITHOUT_FCNTL,
    "neither": WITHOUT_FCNTL,
}
HOLD = """
import sys
from pathlib import Path
from cetsgraph import system
held = system.lock(Path(sys.argv[1]), shared=sys.argv[2] == "shared")
print(held is not None, flush=True)
for line in sys.stdin:
    break
if held is not None:
    held.release()
    print("released", flush=True)
sys.stdin.read()
"""


class Other:
    """Another process, which tries to take a lock and keeps it."""

    def __init__(self, kind: str, path: Path, mode: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SYSTEMS[kind] + HOLD, str(path), mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.holds = self._process.stdout.readline() == "True\n"

    def release(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "released\n"

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture(params=SYSTEMS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["file", "folder"])
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "locked"
    path.mkdir() if request.param == "folder" else path.touch()
    return path


def others(kind: str, path: Path, *modes: str) -> list[Other]:
    return [Other(kind, path, mode) for mode in modes]


@pytest.mark.parametrize(
    ("modes", "hold"),
    [
        (("alone", "alone"), [True, False]),
        (("alone", "shared"), [True, False]),
        (("shared", "alone"), [True, False]),
        (("shared", "shared", "alone"), [True, True, False]),
    ],
    ids=["two alone", "alone and shared", "shared and alone", "two shared and one alone"],
)
def test_a_lock_keeps_out_those_it_is_not_shared_with(
    kind: str, path: Path, modes: tuple[str, ...], hold: list[bool]
) -> None:
    processes = others(kind, path, *modes)
    assert [process.holds for process in processes] == hold
    for process in processes:
        process.end()


@pytest.mark.parametrize("kind", SYSTEMS)
def test_what_is_not_there_is_neither_locked_nor_made(kind: str, tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from cetsgraph import system
try:
    system.lock(Path({str(tmp_path / "absent")!r}), shared=True)
except FileNotFoundError:
    print("absent")
"""
    assert run(SYSTEMS[kind] + code) == "absent\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["release", "end"])
def test_a_lock_ends_when_it_is_released_and_with_its_process(kind: str, path: Path, ending: str) -> None:
    first = Other(kind, path, "alone")
    getattr(first, ending)()
    second = Other(kind, path, "alone")
    assert (first.holds, second.holds) == (True, True)
    first.end()
    second.end()


def test_of_many_at_once_one_at_most_holds_a_lock(kind: str, path: Path) -> None:
    start = [
        subprocess.Popen(
            [sys.executable, "-c", SYSTEMS[kind] + HOLD, str(path), "alone"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(8)
    ]
    held = [process.stdout.readline() for process in start if process.stdout is not None]
    for process in start:
        process.kill()
        process.communicate()
    assert held.count("True\n") <= 1


def test_a_second_name_is_a_link(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("data")
    system.link_or_copy(tmp_path / "one", tmp_path / "two")
    assert (tmp_path / "one").stat().st_nlink == 2


def test_where_there_are_no_links_there_is_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "link", raising=False)
    (tmp_path / "one").write_text("data")
    system.link_or_copy(tmp_path / "one", tmp_path / "two")
    assert (tmp_path / "two").read_text() == "data"
    assert not (tmp_path / "one").samefile(tmp_path / "two")


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_a_process_is_made_less_urgent_or_it_is_said_that_it_is_not() -> None:
    code = """
import os
from cetsgraph import system
before = os.getpriority(os.PRIO_PROCESS, 0)
assert system.lower_priority(by=5) and os.getpriority(os.PRIO_PROCESS, 0) == min(before + 5, 19)
del os.setpriority
print(system.lower_priority())
"""
    assert run(code) == "False\n"


def test_processors_are_counted_where_the_system_cannot_say_which_are_ours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert system.cpu_count() == os.cpu_count()
