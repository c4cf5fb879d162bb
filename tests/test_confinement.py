"""Limits of a process, where the system has them and where it does not; and what a process uses."""

import os
import subprocess
import sys
import time

from cetsgraph import confinement

LIMITED = """
from cetsgraph import confinement
limited = confinement.limit_data(2**28)
try:
    len(bytearray(2**29))
    print(limited, "enough")
except MemoryError:
    print(limited, "refused")
"""


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_memory_is_limited_or_false_is_returned() -> None:
    assert run(LIMITED) in ("True refused\n", "False enough\n")
    assert run("import sys; sys.modules['resource'] = None\n" + LIMITED) == "False enough\n"


def test_nothing_is_forbidden_where_the_system_has_no_filter() -> None:
    code = "from cetsgraph import confinement\nimport socket\nprint(confinement.forbid_network())\n"
    assert run(f"import sys; sys.platform = 'darwin'\n{code}socket.socket().close()") == "False\n"


def test_processor_time_of_a_process_grows() -> None:
    used = confinement.cpu_seconds(os.getpid())
    if sys.platform != "linux":
        assert used is None
        return
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass
    assert used is not None and (confinement.cpu_seconds(os.getpid()) or 0) >= used + 0.1


def test_a_stack_that_may_grow_takes_deeper_calls() -> None:
    if sys.platform != "linux":
        assert not confinement.extend_stack(2**26)
        return
    deep = (
        "import pyoxigraph, sys\nfrom cetsgraph.confinement import extend_stack\n"
        "print(extend_stack(2**26) if sys.argv[1:] else '')\n"
        "pyoxigraph.Store().query('ASK { FILTER(' + '!' * 30_000 + 'true) }')"
    )
    limited = f"import resource\nresource.setrlimit(resource.RLIMIT_STACK, (2**20, 2**26))\n{deep}"
    command = [sys.executable, "-c", limited]
    assert subprocess.run(command, capture_output=True, timeout=60).returncode < 0
    assert subprocess.run([*command, "more"], capture_output=True, timeout=60).returncode == 0


def test_the_module_imports_next_to_nothing() -> None:
    code = """
import sys
import cetsgraph
before = set(sys.modules)
import cetsgraph.confinement
print(*sorted(set(sys.modules) - before))
"""
    assert set(run(code).split()) <= {"cetsgraph.confinement", "struct", "_struct"}
