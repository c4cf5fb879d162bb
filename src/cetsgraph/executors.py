"""What runs calls beside each other: processes of this machine, or the workers of a Dask cluster.

with processes(4) as executor:
    loading = cetsgraph.load("store", "deposits", executor=executor)

Calls go out with the names of files: the workers of a cluster have the same files at the same places.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TypeVar

from cetsgraph.errors import CetsGraphError
from cetsgraph.versions import __version__

__all__ = ["WAITING", "cluster", "executor_of", "in_order", "processes"]

WAITING = 100
"""Calls handed to an executor before their results are taken."""

_PATIENCE = 5  # seconds until a scheduler answers
_PROTOCOLS = ("tcp", "tls", "ws", "wss")
_TRIES = 3  # of a call whose workers end

Given = TypeVar("Given")
Result = TypeVar("Result")


def executor_of(number: int | None, address: str | None) -> AbstractContextManager[Executor | None]:
    """Processes or a cluster, where one of them is named; None for this process."""
    if address is not None:
        return cluster(address)
    return nullcontext() if number in (None, 1) else processes(number)


@contextmanager
def processes(number: int | None = None) -> Iterator[Executor]:
    """So many processes of this machine; one for each processor if not given.

    >>> with processes(2) as executor:
    ...     list(in_order(executor, abs, [-1, -2]))
    [1, 2]

    Raises:
        CetsGraphError: the system ended one of them.
    """
    import multiprocessing  # a load or a validation without processes begins sooner
    from concurrent.futures import ProcessPoolExecutor

    # New ones, not copies of this process: what has a store open cannot be copied.
    with ProcessPoolExecutor(number, multiprocessing.get_context("spawn")) as pool:
        try:
            yield pool
        except BrokenExecutor as error:
            raise CetsGraphError(
                "a process was ended by the system",
                hint="Memory may have run out; take fewer processes. What is done is kept.",
            ) from error


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The workers of a Dask cluster. A call whose worker ends is made again by another.

    Args:
        address: where the scheduler is, such as `tcp://head:8786`.

    Raises:
        CetsGraphError: no scheduler answers there, workers have another version of this package, or a call
            ended several workers.
        ExtraNotInstalled: the extra `cluster` is not installed.
    """
    import distributed

    try:
        _knock(address)
        client = distributed.Client(  # type: ignore[no-untyped-call]
            address, timeout=_PATIENCE, set_as_default=False
        )
    except (OSError, TimeoutError, ValueError) as error:
        hint = "Start one with `dask scheduler`, and workers with `dask worker ADDRESS`."
        raise CetsGraphError(
            "no Dask scheduler answers", where=address, found=str(error) or "nothing", hint=hint
        ) from error
    with client:
        others = set(client.run(_version).values()) - {__version__}
        if others:
            found, hint = ", ".join(sorted(others)), "Install the same version for all."
            what = "workers have another version of cetsgraph"
            raise CetsGraphError(what, where=address, found=found, expected=__version__, hint=hint)
        try:
            yield client.get_executor(pure=False, retries=_TRIES)  # type: ignore[no-untyped-call]
        except distributed.KilledWorker as error:
            hint = "Give the workers more memory. What is done is kept."
            raise CetsGraphError("a call ended several workers", where=address, hint=hint) from error


def _knock(address: str) -> None:
    """See that a scheduler answers: where none does, its client can wait without end.

    Raises:
        ValueError: the address is none of a scheduler.
        OSError: nothing answers there, or something else.
    """
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    from distributed.comm.addressing import parse_address, parse_host_port
    from distributed.comm.core import connect
    from distributed.security import Security

    protocol, place = parse_address(address)
    if protocol not in _PROTOCOLS:
        raise ValueError(f"{protocol}:// is none of {', '.join(_PROTOCOLS)}")
    parse_host_port(place)

    async def shake_hands() -> None:
        options = Security().get_connection_args("client")  # type: ignore[no-untyped-call]
        answer = connect(address, timeout=_PATIENCE, **options)  # type: ignore[no-untyped-call]
        await (await asyncio.wait_for(answer, _PATIENCE)).close()

    with ThreadPoolExecutor(1) as pool:  # a notebook has a loop of its own in this thread
        try:
            pool.submit(asyncio.run, shake_hands()).result()
        except MemoryError as error:  # what is no scheduler says how much it will send, as it seems
            raise OSError("what answers is no scheduler") from error


def in_order(
    executor: Executor, call: Callable[[Given], Result], given: Iterable[Given], waiting: int = WAITING
) -> Iterator[Result]:
    """Results in the order of what they are of, with few calls under way at any time."""
    under_way: deque[Future[Result]] = deque()
    try:
        for one in given:
            under_way.append(executor.submit(call, one))
            if len(under_way) >= waiting:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
    finally:
        for future in under_way:
            future.cancel()


def _version() -> str:
    return __version__
