"""From the socket to a WSGI application and back, with nothing believed and nothing held up."""

import asyncio
import io
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from siaga.edge import bridge as bridge_module
from siaga.edge.bridge import Bridge
from siaga.edge.config import EdgeConfig
from siaga.edge.rules import parse_networks

CONFIG = EdgeConfig(
    threads=2,
    requests_waiting_max=3,
    page_body_bytes_max=3_000_000,
    page_patience_seconds=0.3,
    trusted_proxies=parse_networks(["10.0.0.0/8"]),
)
Environ = dict[str, Any]
Start = Callable[..., Any]


def _scope(**more: Any) -> dict[str, Any]:
    return {
        "type": "http", "method": "POST", "raw_path": b"/a%20b/%C3%A9", "query_string": b"q=1",
        "scheme": "http", "http_version": "1.1", "server": ("127.0.0.1", 80),
        "client": ("203.0.113.9", 1234), "headers": [(b"host", b"siaga.test")], **more,
    }  # fmt: skip


class Wire:
    """Plays the server's part: hands out the body, takes the answer."""

    def __init__(self, *body: bytes, stall: bool = False, leave: bool = False) -> None:
        self._body = list(body) or [b""]
        self._stall = stall
        self._leave = leave
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        """The next piece, then whatever was asked for."""
        if self._body:
            piece = self._body.pop(0)
            more = bool(self._body) or self._stall or self._leave
            return {"type": "http.request", "body": piece, "more_body": more}
        if self._leave:
            return {"type": "http.disconnect"}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(self, message: Any) -> None:
        """Take a piece of the answer."""
        self.sent.append(dict(message))

    @property
    def status(self) -> int:
        """The answer's status."""
        return int(self.sent[0]["status"])

    @property
    def body(self) -> bytes:
        """The answer's body."""
        return b"".join(message.get("body", b"") for message in self.sent[1:])


def _serve(app: Any, wire: Wire, config: EdgeConfig = CONFIG, **scope: Any) -> Wire:
    async def main() -> None:
        with ThreadPoolExecutor(config.threads) as threads:
            await Bridge(app, config, threads)(_scope(**scope), wire.receive, wire.send)

    asyncio.run(main())
    return wire


class Echo:
    """An application that remembers what it was called with."""

    def __init__(self, answer: Callable[[Environ], Iterable[bytes]] | None = None) -> None:
        self._answer = answer
        self.environ: Environ = {}
        self.body = b""

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Read everything, answer 200."""
        self.environ = environ
        self.body = environ["wsgi.input"].read()
        start("200 OK", [("Content-Type", "text/plain"), ("Connection", "close")])
        return self._answer(environ) if self._answer else [b"fine"]


def test_the_application_sees_the_request_as_it_was() -> None:
    app = Echo()
    wire = _serve(app, Wire(b"hel", b"lo"))
    assert (wire.status, wire.body, app.body) == (200, b"fine", b"hello")
    assert app.environ["PATH_INFO"] == "/a b/é".encode().decode("latin-1")
    assert app.environ["CONTENT_LENGTH"] == "5"
    assert app.environ["QUERY_STRING"] == "q=1"
    assert app.environ["HTTP_HOST"] == "siaga.test"
    # What concerns the connection is the server's to say.
    assert all(name != b"connection" for name, _ in wire.sent[0]["headers"])


def test_a_caller_cannot_forge_what_the_edge_knows() -> None:
    app = Echo()
    forged = [
        (b"host", b"siaga.test"),
        (b"x-forwarded-for", b"127.0.0.1"),
        (b"x-forwarded-proto", b"https"),
        (b"x-forwarded-host", b"evil.test"),
        (b"x_request_id", b"with-an-underscore"),
        (b"proxy", b"http://evil.test"),
        (b"content-length", b"999"),
        (b"transfer-encoding", b"chunked"),
    ]
    _serve(app, Wire(b"abc"), headers=forged)
    assert app.environ["REMOTE_ADDR"] == "203.0.113.9"
    assert app.environ["wsgi.url_scheme"] == app.environ["HTTP_X_FORWARDED_PROTO"] == "http"
    assert app.environ["CONTENT_LENGTH"] == "3"
    assert len(app.environ["HTTP_X_REQUEST_ID"]) == 36
    for absent in ("HTTP_PROXY", "HTTP_X_FORWARDED_HOST", "HTTP_TRANSFER_ENCODING"):
        assert absent not in app.environ


def test_a_trusted_proxy_is_believed() -> None:
    app = Echo()
    told = [
        (b"host", b"siaga.test"),
        (b"x-forwarded-for", b"203.0.113.9"),
        (b"x-forwarded-proto", b"https"),
        (b"x-request-id", b"from-the-proxy-1"),
    ]
    _serve(app, Wire(), headers=told, client=("10.1.1.1", 5))
    assert app.environ["REMOTE_ADDR"] == "203.0.113.9"
    assert app.environ["wsgi.url_scheme"] == "https"
    assert app.environ["HTTP_X_REQUEST_ID"] == "from-the-proxy-1"


def test_cookies_in_two_lines_are_one_and_two_hosts_are_an_attack() -> None:
    app = Echo()
    _serve(app, Wire(), headers=[(b"cookie", b"a=1"), (b"cookie", b"b=2")])
    assert app.environ["HTTP_COOKIE"] == "a=1; b=2"
    twice = [(b"host", b"siaga.test"), (b"host", b"evil.test")]
    assert _serve(Echo(), Wire(), headers=twice).status == 400


def test_a_large_body_goes_through_the_disk() -> None:
    app = Echo()
    pieces = [bytes([number]) * 100_000 for number in range(25)]
    assert _serve(app, Wire(*pieces)).status == 200
    assert app.body == b"".join(pieces)


def test_a_body_beyond_the_limit_is_refused() -> None:
    assert _serve(Echo(), Wire(*[b"x" * 1_000_000] * 4)).status == 413
    declared = [(b"content-length", b"3000001")]
    assert _serve(Echo(), Wire(), headers=declared).status == 413


def test_a_refusal_speaks_the_language_of_the_reader() -> None:
    declared = [(b"content-length", b"3000001")]
    assert b"terlalu besar" in _serve(Echo(), Wire(), headers=declared).body
    english = [*declared, (b"accept-language", b"en-GB,en;q=0.9")]
    assert b"too large" in _serve(Echo(), Wire(), headers=english).body


def test_a_body_that_stalls_is_given_up() -> None:
    app = Echo()
    assert _serve(app, Wire(b"abc", stall=True)).status == 408
    assert app.environ == {}


def test_a_sender_that_leaves_reaches_nobody() -> None:
    app = Echo()
    assert _serve(app, Wire(b"abc", leave=True)).sent == []
    assert app.environ == {}


def test_a_disk_that_is_full_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(bridge_module.tempfile, "SpooledTemporaryFile", lambda **_: Full())
    assert _serve(Echo(), Wire(b"abc")).status == 507


class Streaming:
    """A long answer that is made while it is sent."""

    streaming = True

    def __init__(self, pieces: int) -> None:
        self._pieces = pieces
        self.closed = False
        self.made = 0

    def __iter__(self) -> Iterator[bytes]:
        for number in range(self._pieces):
            self.made += 1
            yield b"%07d\n" % number * 4_096

    def close(self) -> None:
        """WSGI's end."""
        self.closed = True


def test_a_long_answer_is_sent_in_order_while_it_is_made() -> None:
    streaming = Streaming(40)
    wire = _serve(Echo(lambda _: streaming), Wire())
    assert wire.body == b"".join(b"%07d\n" % number * 4_096 for number in range(40))
    assert len(wire.sent) > 10
    assert streaming.closed


def test_a_long_answer_ends_when_nobody_listens_any_more() -> None:
    streaming = Streaming(10_000)
    wire = Wire(b"")
    receive = wire.receive

    async def leave() -> dict[str, Any]:
        return await receive() if not wire.sent else {"type": "http.disconnect"}

    wire.receive = leave  # type: ignore[method-assign]
    _serve(Echo(lambda _: streaming), wire)
    assert streaming.closed
    assert streaming.made < 1_000


def test_a_file_is_read_piece_by_piece_and_closed() -> None:
    content = bytes(range(256)) * 4_000
    file = io.BytesIO(content)
    app = Echo(lambda environ: environ["wsgi.file_wrapper"](file))
    wire = _serve(app, Wire(), method="GET")
    assert wire.body == content
    assert len(wire.sent) > 3
    assert file.closed


def test_a_small_file_is_sent_at_once() -> None:
    file = io.BytesIO(b"small")
    wire = _serve(Echo(lambda environ: environ["wsgi.file_wrapper"](file)), Wire(), method="GET")
    assert [message.get("body") for message in wire.sent[1:]] == [b"small"]
    assert file.closed


def test_beyond_what_may_wait_one_is_told_to_come_again() -> None:
    gate = threading.Event()

    def slow(environ: Environ, start: Start) -> Iterable[bytes]:
        gate.wait(10)
        start("200 OK", [])
        return [b""]

    async def main() -> list[int]:
        config = replace(CONFIG, requests_waiting_max=3)
        with ThreadPoolExecutor(2) as threads:
            bridge = Bridge(slow, config, threads)
            wires = [Wire() for _ in range(5)]
            tasks = [
                asyncio.create_task(bridge(_scope(), wire.receive, wire.send)) for wire in wires
            ]
            while sum(task.done() for task in tasks) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0)
            gate.set()
            await asyncio.gather(*tasks)
        return sorted(wire.status for wire in wires)

    assert asyncio.run(main()) == [200, 200, 200, 503, 503]
