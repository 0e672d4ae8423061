"""uvicorn, with what a bare socket on a hostile network needs.

A connection that does not finish a request's head in time is closed, an endless head is refused,
a stuck receiver can be torn away, and at the end the live streams are closed first.
"""

import asyncio
import contextlib
import socket
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0
HEAD_BYTES_MAX = 32 * 1024
STREAM_BUFFER_BYTES = 64 * 1024


class EdgeProtocol(HttpToolsProtocol):
    """HTTP/1.1 with a limit on the time and the size of a request's head."""

    _head_timer: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _in_head = True

    def connection_made(self, transport: Any) -> None:
        """A new connection: its first head is due."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone, whoever ended it."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Let uvicorn read; a head that is still not whole then starts the clock."""
        super().data_received(data)
        if not self._in_head or self._is_closing():
            return
        self._head_bytes += len(data)
        if self._head_bytes > HEAD_BYTES_MAX:
            self.send_400_response("The request's head is too large.")
        elif self._head_timer is None:
            self._expect_head()

    def on_message_begin(self) -> None:
        """A head begins; also for the second of two requests in one packet."""
        super().on_message_begin()
        extended: dict[str, Any] = cast(dict[str, Any], self.scope)
        extended["extensions"] = {"siaga.connection": self}
        self._in_head = True
        self._head_bytes = 0

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._in_head = False
        self._stop_timer()
        super().on_headers_complete()

    def body_is_here(self) -> bool:
        """Whether the whole body of the present request has been received already."""
        return not self.cycle.more_body

    def begin_stream(self) -> None:
        """What follows is small and endless: whoever does not read it should be noticed soon."""
        if self._is_closing():
            return  # The client has gone meanwhile; its descriptor is nobody's, or another's.
        found = self.transport.get_extra_info("socket")
        if found is not None:
            with contextlib.suppress(OSError):
                found.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, STREAM_BUFFER_BYTES)

    def tear(self) -> None:
        """Cut the connection without waiting for what is still to be sent."""
        self.transport.abort()

    def _is_closing(self) -> bool:
        return self.transport is None or self.transport.is_closing()

    def _expect_head(self) -> None:
        self._stop_timer()
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._head_is_late)

    def _stop_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _head_is_late(self) -> None:
        self._head_timer = None
        if not self._is_closing():
            self.transport.close()


class EdgeServer(uvicorn.Server):
    """Ends the live streams before it waits for the connections to close."""

    async def shutdown(self, sockets: Any = None) -> None:
        """Tell the application first; streams never end by themselves."""
        close_streams = getattr(self.config.loaded_app, "close_streams", None)
        if close_streams is not None:
            close_streams()
        await super().shutdown(sockets)
