"""From ASGI to Django's WSGI handler: one hop into a fixed pool of threads per request.

Django's own ASGI handler makes and joins threads for every request and reached a fraction of this.
The whole body is here before Django sees the request (large ones on disk), so that a slow sender
costs no thread; a file going out is read piece by piece, so that a slow receiver costs none either.
"""

import asyncio
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from functools import partial
from typing import IO, Any

import structlog
from django.utils import translation
from django.utils.translation import gettext_noop

from siaga.edge.config import EdgeConfig
from siaga.edge.environ import BadRequest, environ_for
from siaga.edge.http import (
    BodyRefused,
    Disconnected,
    answer_text,
    chunks,
    declared_length,
    text_header,
)
from siaga.edge.types import Headers, Receive, Scope, Send
from siaga.edge.wsgi import FILE_CHUNK_BYTES, FileParts, Reply, run
from siaga.kernel.observability.metrics import bridge_refused, bridge_waiting

RETRY_AFTER_SECONDS = 2
SEND_SECONDS_MAX = 60.0

_CLOSE: Headers = [(b"connection", b"close")]
_LATER: Headers = [(b"retry-after", str(RETRY_AFTER_SECONDS).encode())]
_SENTENCES = {
    400: gettext_noop("The request is malformed."),
    408: gettext_noop("Sending took too long. Please try again where the signal is better."),
    413: gettext_noop("What you are sending is too large. Please send fewer or smaller files."),
    503: gettext_noop(
        "Siaga is very busy. Please try again in a moment; in an emergency call 112."
    ),
    507: gettext_noop("There is no room to store this. In an emergency call 112."),
}

_log = structlog.get_logger(__name__)

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Bridge:
    """Serves everything that is not the edge's own."""

    def __init__(self, app: WsgiApp, config: EdgeConfig, threads: Executor) -> None:
        self._app = app
        self._config = config
        self._threads = threads
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request through Django."""
        if self._waiting >= self._config.requests_waiting_max:
            await self._refuse(scope, send, 503, "busy", headers=[*_CLOSE, *_LATER])
            return
        with tempfile.SpooledTemporaryFile(
            max_size=self._config.page_body_memory_bytes, prefix="siaga-upload-"
        ) as body:
            try:
                length = await self._spool(scope, receive, body)
                environ = environ_for(scope, body, length, self._config.trusted_proxies)
            except Disconnected:
                bridge_refused.labels("disconnected").inc()
                return
            except (BodyRefused, BadRequest) as refused:
                await self._refuse(scope, send, refused.status, refused.reason)
                return
            except OSError as error:
                _log.error("upload_not_spooled", error=error.strerror)
                await self._refuse(scope, send, 507, "disk")
                return
            await self._serve(environ, receive, send)

    async def _serve(self, environ: dict[str, Any], receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        pipe = _Pipe(loop, receive, send)
        self._waiting += 1
        bridge_waiting.set(self._waiting)
        try:
            reply = await loop.run_in_executor(
                self._threads, partial(run, self._app, environ, pipe)
            )
        except (ReaderGone, TimeoutError):
            bridge_refused.labels("slow_reader").inc()
            return
        finally:
            self._waiting -= 1
            bridge_waiting.set(self._waiting)
            pipe.close()
        if isinstance(reply, Reply):
            await send(reply.start())
            await send({"type": "http.response.body", "body": reply.body})
        elif isinstance(reply, FileParts):
            await self._send_file(reply, receive, send)

    async def _send_file(self, parts: FileParts, receive: Receive, send: Send) -> None:
        """Piece by piece, holding no thread while the receiver is slow."""
        loop = asyncio.get_running_loop()
        leaving = asyncio.ensure_future(_until_gone(receive))
        try:
            await send(parts.start())
            chunk = parts.first
            while chunk and not leaving.done():
                async with asyncio.timeout(SEND_SECONDS_MAX):
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                chunk = await loop.run_in_executor(None, parts.read, FILE_CHUNK_BYTES)
            if not leaving.done():
                await send({"type": "http.response.body", "body": b""})
        except TimeoutError:
            bridge_refused.labels("slow_reader").inc()
        finally:
            leaving.cancel()
            await loop.run_in_executor(None, parts.close)

    async def _spool(self, scope: Scope, receive: Receive, body: IO[bytes]) -> int:
        """The body into `body`, rewound; its length. Raises BodyRefused, Disconnected, OSError."""
        limit = self._config.page_body_bytes_max
        declared_length(scope, limit=limit)
        loop = asyncio.get_running_loop()
        length = 0
        async for chunk in chunks(
            receive,
            limit=limit,
            patience=self._config.page_patience_seconds,
            bytes_per_second=self._config.page_bytes_per_second_min,
        ):
            length += len(chunk)
            if length > self._config.page_body_memory_bytes:
                await loop.run_in_executor(None, body.write, chunk)
            else:
                body.write(chunk)
        body.seek(0)
        return length

    async def _refuse(
        self, scope: Scope, send: Send, status: int, reason: str, *, headers: Headers = _CLOSE
    ) -> None:
        bridge_refused.labels(reason).inc()
        with translation.override(_language(scope)):
            sentence = translation.gettext(_SENTENCES[status])
        await answer_text(send, status, sentence + "\n", headers)


def _language(scope: Scope) -> str:
    """English for those whose browser asks for it first, Indonesian for everybody else."""
    asked = text_header(scope, b"accept-language") or ""
    return "en" if asked.lower().startswith("en") else "id"


class ReaderGone(Exception):
    """Whoever asked for the stream has left; there is no use in going on."""


class _Pipe:
    """What a thread writes a streamed response into; waits for a slow receiver, up to a limit."""

    def __init__(self, loop: asyncio.AbstractEventLoop, receive: Receive, send: Send) -> None:
        self._loop = loop
        self._receive = receive
        self._send = send
        self._leaving: asyncio.Future[None] | None = None

    def __call__(self, message: dict[str, Any]) -> None:
        """Send from the thread. Raises TimeoutError when nobody reads, ReaderGone when all left."""
        sending = asyncio.run_coroutine_threadsafe(self._forward(message), self._loop)
        sending.result(SEND_SECONDS_MAX)

    def close(self) -> None:
        """Stop watching the receiver."""
        if self._leaving is not None:
            self._leaving.cancel()

    async def _forward(self, message: dict[str, Any]) -> None:
        if self._leaving is None:
            self._leaving = asyncio.ensure_future(_until_gone(self._receive))
        if self._leaving.done():
            raise ReaderGone
        await self._send(message)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
