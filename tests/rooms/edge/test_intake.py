"""The webhook door, over real sockets: what is refused, and how."""

import asyncio
import hashlib

import pytest

from siaga.messaging.whatsapp.webhook import WEBHOOK_BODY_BYTES_MAX
from tests.databases import TestDatabase
from tests.rooms.edge.doors import VERIFY, Door, raw, signature, stored

BODY = b'{"object":"whatsapp_business_account","entry":[]}'
PATH = "/in/whatsapp/banyuwangi"


def _head(length: int | str, body: bytes = BODY, more: str = "") -> bytes:
    return (
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nX-Hub-Signature-256: {signature(body)}\r\n"
        f"Content-Length: {length}\r\n{more}\r\n"
    ).encode()


def test_a_signed_body_is_on_disk_when_it_is_answered(edge: Door, edge_db: TestDatabase) -> None:
    body = b'{"any":"bytes, even \xff\x00 ones"}'
    answer = edge.deliver(body, **{"X-Request-ID": "from-the-provider-1"})
    assert (answer.status_code, answer.text) == (200, "OK\n")
    assert answer.headers["x-request-id"] == "from-the-provider-1"
    assert (hashlib.sha256(body).hexdigest(), body) in stored(edge_db.owner_url)


def test_a_retry_is_answered_and_stored_once(edge: Door, edge_db: TestDatabase) -> None:
    before = len(stored(edge_db.owner_url))
    assert [edge.deliver(b'{"again":1}').status_code for _ in range(3)] == [200, 200, 200]
    assert len(stored(edge_db.owner_url)) == before + 1


@pytest.mark.parametrize("offered", ["short", "x" * 65, "has space 12", "<script>alert(1)"])
def test_an_odd_request_id_is_replaced(edge: Door, offered: str) -> None:
    answer = edge.deliver(b'{"odd":1}', **{"X-Request-ID": offered})
    assert answer.status_code == 200
    assert answer.headers["x-request-id"] != offered
    assert len(answer.headers["x-request-id"]) == 36


def test_what_is_not_signed_with_our_secret_leaves_nothing(
    edge: Door, edge_db: TestDatabase
) -> None:
    before = len(stored(edge_db.owner_url))
    for header in (None, "", "sha256=", "sha1=abc", signature(BODY, "another"), signature(b"x")):
        headers = {} if header is None else {"X-Hub-Signature-256": header}
        answer = edge_post(edge, BODY, headers)
        assert answer == 401, header
    assert len(stored(edge_db.owner_url)) == before


def edge_post(edge: Door, body: bytes, headers: dict[str, str]) -> int:
    """The status of a POST with exactly these headers."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
    answer = asyncio.run(raw(edge.port, f"{head}Connection: close\r\n{lines}\r\n".encode(), body))
    return int(answer.split(b" ")[1])


@pytest.mark.parametrize("region", ["nowhere", "", "../etc", "banyuwangi/more", "%00", "x" * 500])
def test_an_unknown_door_is_the_same_for_all(edge: Door, region: str) -> None:
    answer = edge.deliver(BODY, region=region)
    assert (answer.status_code, answer.text) == (404, "Not found.\n")


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
def test_other_methods_are_refused(edge: Door, method: str) -> None:
    head = f"{method} {PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    answer = asyncio.run(raw(edge.port, head))
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert b"\r\nallow: GET, POST\r\n" in answer


def test_a_body_declared_too_large_is_refused_unread(edge: Door) -> None:
    answer = asyncio.run(raw(edge.port, _head(WEBHOOK_BODY_BYTES_MAX + 1)))
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_body_that_grows_too_large_is_refused_while_reading(edge: Door) -> None:
    head = (
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
        f"X-Hub-Signature-256: {signature(BODY)}\r\n\r\n"
    ).encode()
    piece = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
    count = WEBHOOK_BODY_BYTES_MAX // 0x10000 + 1
    answer = asyncio.run(_flood(edge.port, head, piece, count))
    assert answer.startswith(b"HTTP/1.1 413 ")


async def _flood(port: int, head: bytes, piece: bytes, count: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(head)
    try:
        for _ in range(count):
            writer.write(piece)
            await writer.drain()
    except ConnectionError:
        pass  # it hung up on us: the answer is there all the same
    answer = await asyncio.wait_for(reader.read(1_000), 10)
    writer.close()
    return answer


def test_a_body_that_dawdles_is_given_up(edge: Door) -> None:
    answer = asyncio.run(raw(edge.port, _head(len(BODY)), BODY[:10]))
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"\r\nconnection: close\r\n" in answer


def test_a_sender_that_leaves_in_the_middle_is_forgotten(edge: Door, edge_db: TestDatabase) -> None:
    before = len(stored(edge_db.owner_url))

    async def leave() -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", edge.port)
        writer.write(_head(len(BODY)) + BODY[:10])
        await writer.drain()
        writer.transport.abort()

    asyncio.run(leave())
    assert edge.get("/healthz").status_code == 200
    assert len(stored(edge_db.owner_url)) == before


@pytest.mark.parametrize("length", ["-1", "1e3", "+5", "0x10", "9" * 40])
def test_a_nonsensical_length_is_a_bad_request(edge: Door, length: str) -> None:
    answer = asyncio.run(raw(edge.port, _head(length), b"x"))
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 413 "))


def test_two_lengths_are_one_too_many(edge: Door) -> None:
    answer = asyncio.run(raw(edge.port, _head(3, more="Content-Length: 5\r\n"), b"abcde"))
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_a_length_and_chunks_together_are_refused(edge: Door) -> None:
    smuggled = b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = asyncio.run(
        raw(edge.port, _head(len(smuggled), more="Transfer-Encoding: chunked\r\n"), smuggled)
    )
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1") == 1


def test_the_handshake_echoes_only_for_the_right_token(edge: Door) -> None:
    asked = f"{PATH}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token="
    assert edge.get(asked + VERIFY).text == "1158201444"
    assert edge.get(asked + "wrong").status_code == 403
    assert edge.get(PATH).status_code == 403
