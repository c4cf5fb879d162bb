"""What a process may do: how much memory it gets, and no network. Standard library only: it starts at once.

Each function says whether the system could do it. Without a network filter (macOS, Windows, other
processors), only the reading of the text keeps a query from opening connections.
"""

import os
import struct
import sys

__all__ = ["cpu_seconds", "forbid_network", "limit_data", "resident_bytes"]

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # EACCES
_X32 = 0x40000000  # calls of the other ABI of x86-64
_IO_URING_SETUP = 425
# Architecture as the kernel names it, and the numbers of socket, connect and socketpair.
_ARCHITECTURES = {"x86_64": (0xC000003E, (41, 42, 53)), "aarch64": (0xC00000B7, (198, 203, 199))}


def forbid_network() -> bool:
    """From now on no thread that this one starts, nor itself, opens a socket; for good."""
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
    """Instructions for the kernel (seccomp): refuse these calls, and all of another architecture."""
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
    """Have the system refuse this process more than so many bytes beside those that it has."""
    try:
        import resource

        used = int(_read("/proc/self/statm").split()[5]) * os.sysconf("SC_PAGE_SIZE")
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        allowed = used + more if most == resource.RLIM_INFINITY else min(used + more, most)
        resource.setrlimit(resource.RLIMIT_DATA, (allowed, allowed))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash is expected, and leaves nothing
    except (ImportError, OSError, ValueError):
        return False
    return True


def resident_bytes(process: int) -> int | None:
    """Memory that a process holds; None where the system does not say, or the process has ended."""
    try:
        return int(_read(f"/proc/{process}/statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return None


def cpu_seconds(process: int) -> float | None:
    """Processor time of a process; None where the system does not say, or the process has ended."""
    try:
        fields = _read(f"/proc/{process}/stat").rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, IndexError, ValueError):
        return None


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()
