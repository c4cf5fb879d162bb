"""Whoever drives the loop does its work, and nobody waits for work that takes long."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cetsgraph.server.driving import Drivers, Job

T = TypeVar("T")
LONG = 0.4  # seconds


class Call(Job):
    """A job whose result can be awaited."""

    def __init__(self, called: Callable[[], Any]) -> None:
        super().__init__()
        self.called = called
        self.result: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def work(self) -> Any:
        return self.called()

    def done(self, result: Any, error: Exception | None) -> None:
        assert asyncio.get_running_loop() is self.result.get_loop()
        if error is None:
            self.result.set_result(result)
        else:
            self.result.set_exception(error)


def driven(main: Callable[[Drivers], Awaitable[T]], most: int = 4) -> T:
    """The result of a coroutine in a loop that has drivers."""
    drivers = Drivers(asyncio.new_event_loop(), most, stack=2**20)
    outcome: Future[T] = Future()

    async def whole() -> None:
        try:
            outcome.set_result(await main(drivers))
        except BaseException as error:
            outcome.set_exception(error)

    drivers.start(whole())
    return outcome.result(20)


def begun(drivers: Drivers, called: Callable[[], T]) -> "asyncio.Future[T]":
    call = Call(called)
    drivers.add(call)
    return call.result


def test_short_work_is_done_by_who_drives_the_loop() -> None:
    async def main(drivers: Drivers) -> list[int]:
        here = threading.get_native_id()
        return [await begun(drivers, threading.get_native_id) - here for _ in range(100)]

    assert driven(main) == [0] * 100


def test_the_loop_goes_on_during_long_work() -> None:
    async def main(drivers: Drivers) -> tuple[bool, float, bool]:
        before = threading.get_native_id()
        long = begun(drivers, lambda: time.sleep(LONG) or threading.get_native_id())
        started = time.monotonic()
        for _ in range(20):
            await begun(drivers, lambda: None)
            await asyncio.sleep(0)
        seconds, unfinished = time.monotonic() - started, not long.done()
        return unfinished, seconds, await long == before != threading.get_native_id()

    unfinished, seconds, changed = driven(main)
    assert unfinished and seconds < LONG / 2
    assert changed


def test_no_more_work_is_begun_while_as_much_as_may_be_takes_long() -> None:
    async def main(drivers: Drivers) -> tuple[bool, str]:
        for _ in range(2):
            begun(drivers, lambda: time.sleep(LONG))
        await asyncio.sleep(LONG / 4)
        short = begun(drivers, lambda: "done")
        await asyncio.sleep(LONG / 4)
        return short.done(), await short

    assert driven(main, most=2) == (False, "done")


def test_work_that_is_left_alone_makes_place_for_other_work() -> None:
    async def main(drivers: Drivers) -> tuple[bool, bool]:
        long = Call(lambda: time.sleep(LONG))
        drivers.add(long)
        await asyncio.sleep(LONG / 4)
        short = begun(drivers, lambda: None)
        await asyncio.sleep(LONG / 8)
        before = short.done()
        drivers.leave_alone(long, 5)
        await short
        return before, long.result.done()

    assert driven(main, most=1) == (False, False)


def test_an_error_is_told_to_whoever_waits() -> None:
    async def main(drivers: Drivers) -> str:
        with pytest.raises(ZeroDivisionError):
            await begun(drivers, lambda: 1 / 0)
        return await begun(drivers, lambda: "goes on")

    assert driven(main) == "goes on"


def test_what_nobody_waits_for_is_not_begun() -> None:
    async def main(drivers: Drivers) -> tuple[list[str], str]:
        done: list[str] = []
        unwanted = Call(lambda: done.append("unwanted"))
        drivers.add(unwanted)
        unwanted.wanted = False
        return done, await begun(drivers, lambda: "next")

    assert driven(main) == ([], "next")


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([0, 0, 0, 0.0005, 0.004, 0.006, 0.02]), max_size=40))
def test_each_job_is_done_once_and_the_loop_has_one_driver(durations: list[float]) -> None:
    async def main(drivers: Drivers) -> list[int]:
        inside = 0

        async def one(number: int, seconds: float) -> int:
            nonlocal inside
            found = await begun(drivers, lambda: time.sleep(seconds) or number)
            inside += 1
            assert inside == 1
            inside -= 1
            return found

        return await asyncio.gather(*(one(*each) for each in enumerate(durations)))

    assert driven(main) == list(range(len(durations)))
