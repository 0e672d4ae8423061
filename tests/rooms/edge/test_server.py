"""The bare socket: heads that never end, heads that are too large, streams at the end."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from siaga.edge import server
from siaga.edge.server import HEAD_BYTES_MAX, EdgeProtocol, EdgeServer
from tests.rooms.edge.doors import raw
from tests.waiting import wait_until


class Toy:
    """Answers at once, or streams until told to stop."""

    def __init__(self) -> None:
        self.streams = 0
        self.waiting = 0
        self.stop: asyncio.Event | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """ASGI."""
        head = {"type": "http.response.start", "status": 200, "headers": []}
        if scope["path"] == "/late":
            await self._begin_too_late(scope["extensions"]["siaga.connection"], receive)
            return
        if scope["path"] != "/stream":
            await send({**head, "headers": [(b"content-length", b"2")]})
            await send({"type": "http.response.body", "body": b"ok"})
            return
        self.stop = self.stop or asyncio.Event()
        await send(head)
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        self.streams += 1
        await self.stop.wait()
        await send({"type": "http.response.body", "body": b"ended"})

    async def _begin_too_late(self, connection: Any, receive: Any) -> None:
        self.waiting += 1
        while (await receive())["type"] != "http.disconnect":
            pass
        connection.begin_stream()
        connection.tear()
        self.streams += 1

    def close_streams(self) -> None:
        """What the server calls first of all."""
        if self.stop is not None:
            self.stop.set()


class Running:
    """A server in a thread."""

    def __init__(self) -> None:
        self.app = Toy()
        self.server = EdgeServer(
            uvicorn.Config(
                self.app, port=0, http=EdgeProtocol, loop="uvloop", ws="none", lifespan="off",
                log_config=None, access_log=False, proxy_headers=False,
                timeout_graceful_shutdown=20,
            )
        )  # fmt: skip
        self._thread = threading.Thread(target=self.server.run)
        self._thread.start()
        wait_until(lambda: self.server.started)
        self.port: int = self.server.servers[0].sockets[0].getsockname()[1]

    def end(self) -> None:
        """An orderly end."""
        self.server.should_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()


@pytest.fixture
def running(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A server with little patience."""
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.3)
    running = Running()
    yield running
    running.end()


def test_whoever_says_nothing_is_not_kept(running: Running) -> None:
    assert asyncio.run(raw(running.port)) == b""


def test_a_head_that_is_never_finished_is_given_up(running: Running) -> None:
    assert asyncio.run(raw(running.port, b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")) == b""


def test_the_second_head_of_a_connection_is_watched_too(running: Running) -> None:
    whole = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = asyncio.run(raw(running.port, whole, b"GET / HTT"))
    assert answer.count(b"HTTP/1.1 200 ") == 1


def test_an_endless_head_is_refused(running: Running) -> None:
    line = b"X-Long: " + b"a" * 1_000 + b"\r\n"
    count = HEAD_BYTES_MAX // len(line) + 2
    answer = asyncio.run(raw(running.port, b"GET / HTTP/1.1\r\n" + line * count))
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")


def test_requests_in_one_packet_are_all_answered(running: Running) -> None:
    one = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = asyncio.run(raw(running.port, one * 3 + last))
    assert answer.count(b"HTTP/1.1 200 ") == 4


def test_an_orderly_end_does_not_wait_for_streams(running: Running) -> None:
    heard: list[bytes] = []
    request = b"GET /stream HTTP/1.0\r\n\r\n"
    reading = threading.Thread(target=lambda: heard.append(asyncio.run(raw(running.port, request))))
    reading.start()
    wait_until(lambda: running.app.streams)
    running.end()
    reading.join(10)
    assert b"ended" in heard[0]


def test_a_stream_for_a_client_that_has_gone_begins_and_ends_quietly(running: Running) -> None:
    with socket.create_connection(("127.0.0.1", running.port)) as client:
        client.sendall(b"GET /late HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_until(lambda: running.app.waiting)
    wait_until(lambda: running.app.streams)
