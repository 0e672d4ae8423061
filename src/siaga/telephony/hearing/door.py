"""Where Asterisk brings a caller's voice: AudioSocket on loopback, one connection a listening."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Protocol
from uuid import UUID

import structlog

from siaga.telephony.asterisk.site import LOOPBACK
from siaga.telephony.hearing.choosing import Desk
from siaga.telephony.hearing.wire import GOODBYE, BadFrame, Frame, Kind, Reader, name_of

NAME_SECONDS = 2.0
LONGEST_SECONDS = 60.0
"""A desk ends a listening long before; this is for the day it does not."""
STRANGERS_MAX = 8
"""Connections beyond those we have asked for that may wait to be turned away."""
_READ_BYTES = 8192
_log = structlog.get_logger(__name__)


class Hears(Protocol):
    """A detector, as `detector.Detector` is one."""

    def likelihoods(self, audio: bytes) -> Iterable[float]:
        """Of each further window."""

    def forget(self) -> None:
        """Another stream comes next."""


class Door:
    """`open()`, then `port` is what Asterisk is told; `close()` ends every connection."""

    def __init__(self, desk: Desk, make: Callable[[], Hears]) -> None:
        self._desk, self._make = desk, make
        self._free: list[Hears] = []
        self._open: dict[UUID, asyncio.StreamWriter] = {}
        self._server: asyncio.Server | None = None
        self._inside = 0
        self.port = 0

    async def open(self) -> None:
        """Listen on loopback, on whichever port is free."""
        self._server = await asyncio.start_server(self._comes, LOOPBACK, 0, limit=_READ_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Nobody is listened to any more; Asterisk takes its helper legs away."""
        if self._server is not None:
            self._server.close()
        for name in list(self._open):
            self.drop(name)

    def drop(self, name: UUID) -> None:
        """End one connection; the desk has forgotten it already."""
        writer = self._open.pop(name, None)
        if writer is not None and not writer.is_closing():
            writer.write(GOODBYE)
            writer.close()

    async def _comes(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._inside += 1
        try:
            if self._inside <= self._desk.at_once + STRANGERS_MAX:
                async with asyncio.timeout(LONGEST_SECONDS):
                    await self._serve(reader, writer)
            else:
                _log.warning("voice_refused", reason="too many connections")
        except BadFrame as bad:
            _log.warning("voice_refused", reason=str(bad))
        except TimeoutError:
            _log.warning("voice_refused", reason="too long")
        except (OSError, asyncio.CancelledError):
            # It is over. asyncio in Python 3.11 tells of a cancelled connection as of a fault.
            pass
        finally:
            self._inside -= 1
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        frames = _frames(reader)
        async with asyncio.timeout(NAME_SECONDS):
            first = await anext(frames, None)
        if first is None:
            return
        name = name_of(first)
        if not self._desk.begins(name, asyncio.get_running_loop().time()):
            raise BadFrame("nobody asked for it")
        self._open[name] = writer
        try:
            await self._listen(name, frames)
        finally:
            self._open.pop(name, None)
            self._desk.ends(name)

    async def _listen(self, name: UUID, frames: AsyncIterator[Frame]) -> None:
        """Until either side ends it. The sound is judged and gone."""
        hears = self._free.pop() if self._free else await asyncio.to_thread(self._make)
        try:
            async for frame in frames:
                if frame.kind in (Kind.HANGUP, Kind.ERROR):
                    return
                if frame.kind is Kind.AUDIO:
                    for likelihood in hears.likelihoods(frame.content):
                        self._desk.judged(name, likelihood)
        finally:
            hears.forget()
            self._free.append(hears)


async def _frames(reader: asyncio.StreamReader) -> AsyncIterator[Frame]:
    """Raises BadFrame."""
    held = Reader()
    while data := await reader.read(_READ_BYTES):
        for frame in held.feed(data):
            yield frame
