"""Limits of a process (memory, stack, no network) and the processor time that it uses.

Only Linux has all of them; elsewhere a function that has nothing to do returns False or None. The standard
library is enough, so that a process which imports this starts at once.
"""

import os
import struct
import sys
from collections.abc import Callable

__all__ = ["confine", "cpu_seconds", "extend_stack", "forbid_network", "limit_data", "with_stack"]

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # EACCES
_X32 = 0x40000000  # calls of the other ABI of x86-64
_IO_URING_SETUP = 425
# Architecture as the kernel names it, and the numbers of socket, connect and socketpair.
_ARCHITECTURES = {"x86_64": (0xC000003E, (41, 42, 53)), "aarch64": (0xC00000B7, (198, 203, 199))}


def confine(more: int) -> None:
    """Take from this process and its copies the network, and all but `more` bytes beside those that it has.

    It does not end with what runs in a terminal, and says nothing there: the engine would, of missing memory.
    """
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    limit_data(more)
    forbid_network()


def forbid_network() -> bool:
    """Have the kernel refuse new sockets to this thread and those that it starts, for good (seccomp).

    Returns:
        False where there is no such filter: macOS, Windows, other processors than x86-64 and ARM64.
    """
    known = _ARCHITECTURES.get(os.uname().machine) if sys.platform == "linux" else None
    if known is None:
        return False
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    code = _filter(*known)
    instructions = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HL", len(code) // 8, ctypes.addressof(instructions))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.c_char_p(program), 0, 0) == 0)


def _filter(architecture: int, calls: tuple[int, ...]) -> bytes:
    """Instructions for the kernel: refuse these calls, and all of another architecture."""
    refused = (*calls, _IO_URING_SETUP)
    code = [
        (_LOAD, 0, 0, 4),
        (_JUMP_IF_EQUAL, 0, len(refused) + 3, architecture),
        (_LOAD, 0, 0, 0),
        (_JUMP_IF_AT_LEAST, len(refused) + 1, 0, _X32),
        *((_JUMP_IF_EQUAL, len(refused) - place, 0, call) for place, call in enumerate(refused)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in code)


def limit_data(more: int) -> bool:
    """Have the system refuse this process more than `more` bytes beside those that it has.

    A crash of the process leaves no core file.

    Returns:
        False if the system cannot do it.
    """
    try:
        import resource

        used = int(_read("/proc/self/statm").split()[5]) * os.sysconf("SC_PAGE_SIZE")
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        allowed = used + more if most == resource.RLIM_INFINITY else min(used + more, most)
        resource.setrlimit(resource.RLIMIT_DATA, (allowed, allowed))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        return False
    return True


def extend_stack(most: int) -> bool:
    """Let the stack of the main thread grow to `most` bytes.

    Returns:
        False if the system cannot do it while the process runs.
    """
    if sys.platform != "linux":
        return False
    import resource

    _, allowed = resource.getrlimit(resource.RLIMIT_STACK)
    if allowed != resource.RLIM_INFINITY and allowed < most:
        return False
    resource.setrlimit(resource.RLIMIT_STACK, (most, allowed))
    return True


def with_stack(most: int, act: Callable[[], None]) -> None:
    """Call a function with a stack of `most` bytes.

    On Linux the main thread calls it. A second thread would have the system wait, as long as others keep its
    processors busy, when a process that was made less urgent is killed.
    """
    if extend_stack(most):
        act()
        return
    import threading

    threading.stack_size(most)
    acting = threading.Thread(target=act, daemon=True)
    acting.start()
    acting.join()


def cpu_seconds(process: int) -> float | None:
    """Processor time of a process in seconds; None if it has ended, or the system does not say.

    >>> cpu_seconds(2**31 - 1) is None
    True
    """
    try:
        threads = os.listdir(f"/proc/{process}/task")
        return sum(int(_read(f"/proc/{process}/task/{one}/schedstat").split()[0]) for one in threads) / 1e9
    except (OSError, IndexError, ValueError):
        return None


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
