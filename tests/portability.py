"""A system that lacks what Linux has: processes with `environment()` run on one."""

import os
from pathlib import Path

__all__ = ["environment"]

# Python runs this before anything else, in child processes too.
_TAKEN_AWAY = """
import os, sys

for module in ("fcntl", "resource", "pwd", "grp"):
    sys.modules[module] = None
for name in (
    "sched_getaffinity", "fork", "forkpty", "link", "register_at_fork", "pread", "pwrite",
    "getpriority", "setpriority", "nice", "O_DIRECTORY",
):
    if hasattr(os, name):
        delattr(os, name)
"""


def environment(folder: Path) -> dict[str, str]:
    """Environment variables of a process to which these are missing; `folder` keeps what does it."""
    (folder / "sitecustomize.py").write_text(_TAKEN_AWAY)
    return os.environ | {"PYTHONPATH": str(folder)}
