"""Many connections that each send the next signed webhook as soon as the last is answered.

A process of its own and no more than sockets and epoll, for what it spends is missing elsewhere.
"""

import gc
import hashlib
import hmac
import json
import os
import select
import socket
import sys
import time
from typing import Any
from urllib.parse import urlsplit

REGION = "banyuwangi"
SECRET = "bench-app-secret"
BODY_BYTES = 680
# As many as could be answered in the time, so that none is sent twice.
PER_SECOND_MAX = 15_000
GIVE_UP_SECONDS = 30.0


def signed_request(host: str, number: int) -> bytes:
    """A whole POST with a body of its own, signed."""
    start = b'{"object":"whatsapp_business_account","entry":[{"id":"%d-%d","changes":[{"x":"' % (
        os.getpid(),
        number,
    )
    body = start + b"y" * (BODY_BYTES - len(start) - 6) + b'"}]}]}'
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = (
        f"POST /in/whatsapp/{REGION} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def drive(url: str, clients: int, seconds: float) -> dict[str, Any]:
    """Send for so many seconds; what was answered, and how quickly."""
    place = urlsplit(url)
    requests = [
        signed_request(place.netloc, number) for number in range(int(seconds * PER_SECOND_MAX))
    ]
    gc.freeze()
    poll = select.epoll()
    sockets: dict[int, socket.socket] = {}
    for _ in range(clients):
        one = socket.create_connection((place.hostname or "", place.port or 0))
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sockets[one.fileno()] = one
        poll.register(one, select.EPOLLIN)
    return _send_all(poll, sockets, requests, seconds)


def _send_all(
    poll: select.epoll, sockets: dict[int, socket.socket], requests: list[bytes], seconds: float
) -> dict[str, Any]:
    sent_at: dict[int, float] = {}
    answers = dict.fromkeys(sockets, b"")
    took: list[float] = []
    refused = 0
    began = now = time.perf_counter()
    until = began + seconds
    for number, one in sockets.items():
        sent_at[number] = now
        one.sendall(requests.pop())
    waiting = len(sockets)
    while waiting:
        ready = poll.poll(GIVE_UP_SECONDS)
        if not ready:
            raise TimeoutError(f"{waiting} requests were never answered")
        for number, _ in ready:
            one = sockets[number]
            answers[number] += one.recv(4_096)
            head, blank, body = answers[number].partition(b"\r\n\r\n")
            # Ours always say their length; a sentence ends with a line feed.
            if not blank or not body.endswith(b"\n"):
                continue
            answers[number] = b""
            now = time.perf_counter()
            if head.startswith(b"HTTP/1.1 200 "):
                took.append(now - sent_at[number])
            else:
                refused += 1
            if now >= until or not requests:
                poll.unregister(number)
                waiting -= 1
                continue
            sent_at[number] = now
            one.sendall(requests.pop())
    return _summary(took, refused, now - began, ran_out=not requests)


def _summary(took: list[float], refused: int, seconds: float, *, ran_out: bool) -> dict[str, Any]:
    ordered = sorted(took)
    return {
        "answered": len(ordered),
        "refused": refused,
        "per_second": len(ordered) / seconds,
        "p50": ordered[len(ordered) // 2] * 1000,
        "p99": ordered[int(len(ordered) * 0.99)] * 1000,
        "ran_out": ran_out,
    }


if __name__ == "__main__":
    print(json.dumps(drive(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))))
