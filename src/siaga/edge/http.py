"""Reading a request and writing a short answer, with every limit in one place."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

from siaga.edge.rules import patience_seconds
from siaga.edge.types import Headers, Receive, Scope, Send

_COMMON: Headers = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]
_DIGITS_MAX = 18
SWALLOW_BYTES_MAX = 64 * 1024
SWALLOW_SECONDS = 1.0


class BodyRefused(Exception):
    """The request's body cannot be accepted; `status` says why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Disconnected(Exception):
    """The sender went away before the body was whole."""


def header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of this (lower-case) name."""
    for key, value in scope["headers"]:
        if key == name:
            found: bytes = value
            return found
    return None


def text_header(scope: Scope, name: bytes) -> str | None:
    """The header as text, or None."""
    found = header(scope, name)
    return None if found is None else found.decode("latin-1")


def declared_length(scope: Scope, *, limit: int) -> int | None:
    """Content-Length, None if chunked. BodyRefused 413 beyond the limit, 400 if it is nonsense."""
    declared = header(scope, b"content-length")
    if declared is None:
        return None
    if not declared.isdigit() or len(declared) > _DIGITS_MAX:
        raise BodyRefused(400, "bad_length")
    if int(declared) > limit:
        raise BodyRefused(413, "too_large")
    return int(declared)


async def chunks(
    receive: Receive, *, limit: int, patience: float, bytes_per_second: int
) -> AsyncIterator[bytes]:
    """The body as it comes. BodyRefused 413 beyond `limit`, 408 when it dawdles; Disconnected."""
    began = asyncio.get_running_loop().time()
    received = 0
    while True:
        allowed = patience_seconds(received, least=patience, bytes_per_second=bytes_per_second)
        try:
            async with asyncio.timeout_at(began + allowed):
                message = await receive()
        except TimeoutError:
            raise BodyRefused(408, "slow") from None
        if message["type"] == "http.disconnect":
            raise Disconnected
        chunk: bytes = message.get("body", b"")
        received += len(chunk)
        if received > limit:
            raise BodyRefused(413, "too_large")
        if chunk:
            yield chunk
        if not message.get("more_body"):
            return


async def swallow(receive: Receive) -> None:
    """Take a short body that nobody wants, so that hanging up does not cut off the answer to it."""
    wanted = chunks(
        receive,
        limit=SWALLOW_BYTES_MAX,
        patience=SWALLOW_SECONDS,
        bytes_per_second=SWALLOW_BYTES_MAX,
    )
    with contextlib.suppress(BodyRefused, Disconnected):
        async for _ in wanted:
            pass


async def answer(
    send: Send, status: int, body: bytes, headers: Headers | None = None, *, kind: bytes
) -> None:
    """A whole short answer."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", kind),
                (b"content-length", str(len(body)).encode()),
                *_COMMON,
                *(headers or []),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})


async def answer_text(send: Send, status: int, text: str, headers: Headers | None = None) -> None:
    """A short plain sentence."""
    await answer(send, status, text.encode(), headers, kind=b"text/plain; charset=utf-8")


async def answer_json(send: Send, status: int, value: Any, headers: Headers | None = None) -> None:
    """A small JSON object."""
    body = json.dumps(value, ensure_ascii=False).encode()
    await answer(send, status, body, headers, kind=b"application/json")
