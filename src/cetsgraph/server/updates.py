"""Changes from holders of a token: each made by a process of its own, whole or not at all."""

import asyncio
import hmac
import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException

from cetsgraph.errors import CetsGraphError
from cetsgraph.server.child import Child
from cetsgraph.server.frames import DATA, END, ERROR, GO, READY, frame, json_frame
from cetsgraph.server.limits import Limits

__all__ = ["Tokens", "Updates"]

_LOOK = 0.05  # seconds between looks at a process
_IDLE = 64 * 2**20  # bytes that a process holds before it begins
_COMMIT = 60.0  # seconds in which a change that was made is committed, at the longest


class Tokens:
    """The tokens of a file, one a line, that may write. The file is read anew for each write."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def known(self) -> list[bytes]:
        """All of them.

        Raises:
            CetsGraphError: the file cannot be read, or has no token.
        """
        try:
            lines = self._path.read_text(encoding="utf-8").split()
        except (OSError, UnicodeDecodeError) as error:
            raise CetsGraphError("the tokens cannot be read", where=self._path, found=str(error)) from error
        if not lines:
            raise CetsGraphError(
                "there is no token", where=self._path, hint="Write one into the file, on a line."
            )
        return [line.encode() for line in lines]

    def allow(self, authorization: str | None) -> bool:
        """Whether an Authorization header has one of the tokens, found in a time that tells nothing."""
        scheme, _, token = (authorization or "").partition(" ")
        try:
            known = self.known()
        except CetsGraphError:
            return False
        matches = [hmac.compare_digest(token.strip().encode(), one) for one in known]
        return scheme.lower() == "bearer" and any(matches)


class Updates:
    """Makes changes of a store, one after the other; a change that takes too much is given up."""

    def __init__(self, directory: Path, limits: Limits) -> None:
        self._directory = directory
        self._limits = limits
        self._turn = asyncio.Lock()

    async def make(self, change: Mapping[str, Any], body: bytes) -> None:
        """Make a change; when this returns, the next query sees it.

        Args:
            change: as an update process takes it; see :mod:`cetsgraph.server.update_process`.
            body: the text of an update, or a graph.

        Raises:
            HTTPException: it was not made; or, where the text says so, it may have been.
        """
        until = time.monotonic() + self._limits.seconds
        try:
            async with asyncio.timeout(self._limits.seconds):
                await self._turn.acquire()
        except TimeoutError as error:
            raise HTTPException(503, "Others write; nothing was changed. Try again later.") from error
        try:
            await _Change(self._directory, self._limits).make(change, body, until)
        finally:
            self._turn.release()


class _Change:
    """One change and its process."""

    def __init__(self, directory: Path, limits: Limits) -> None:
        self._settings = {"directory": str(directory), "memory": limits.memory}
        self._limits = limits
        self._said: asyncio.Queue[tuple[bytes, bytes]] = asyncio.Queue()

    async def make(self, change: Mapping[str, Any], body: bytes, until: float) -> None:
        """Make the change in a process of its own, and commit it unless `until` passes first."""
        child = await Child.start("cetsgraph.server.update_process", self._settings)
        child.receive = self._receive
        child.idle_bytes = _IDLE
        child.ended.add_done_callback(lambda _: self._receive(b"", b""))
        try:
            child.send(json_frame(DATA, change) + frame(DATA, body))
            await self._expect(READY, child, until)
            child.send(frame(GO))
            await asyncio.shield(self._committed(child))
        finally:
            child.kill()

    def _receive(self, kind: bytes, content: bytes) -> None:
        self._said.put_nowait((kind, content))

    async def _committed(self, child: Child) -> None:
        try:
            async with asyncio.timeout(_COMMIT):
                kind, content = await self._said.get()
        except TimeoutError:
            kind, content = b"", b""
        if kind == ERROR:
            self._refuse(content)
        if kind != END:
            raise HTTPException(500, "The change was made, but whether it was kept is not known: look.")

    async def _expect(self, expected: bytes, child: Child, until: float) -> None:
        while True:
            try:
                async with asyncio.timeout(_LOOK):
                    kind, content = await self._said.get()
                break
            except TimeoutError:
                self._look(child, until)
        if kind == ERROR:
            self._refuse(content)
        if kind != expected:
            raise HTTPException(503, "The change took too much; nothing was changed.")

    def _look(self, child: Child, until: float) -> None:
        if time.monotonic() > until:
            seconds = f"{self._limits.seconds:g} s"
            raise HTTPException(503, f"The change took longer than {seconds}; nothing was changed.")
        if child.holds_more(self._limits.memory):
            most = f"{self._limits.memory // 2**20} MB"
            raise HTTPException(503, f"The change took more than {most} of memory; nothing was changed.")

    def _refuse(self, content: bytes) -> None:
        said = json.loads(content)
        raise HTTPException(said["status"], said["text"])
