"""Many open live streams in a process of their own; tells when each heard of what."""

import asyncio
import json
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import uvloop


class _Console(asyncio.Protocol):
    """One open stream; notes when it hears of each tick."""

    def __init__(
        self, request: bytes, heard: dict[bytes, list[float]], opened: list[bytes]
    ) -> None:
        self._request = request
        self._heard = heard
        self._opened = opened
        self._rest = b""

    def connection_made(self, transport: Any) -> None:
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        now = time.monotonic()
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            if line.startswith(b"data: {"):
                # Read later: what is spent here is missing at the next console.
                self._heard.setdefault(line, []).append(now)
            elif line.startswith((b"HTTP/1.1 ", b"event: open")):
                self._opened.append(line)


def _ticks(heard: dict[bytes, list[float]]) -> dict[str, list[float]]:
    """When each console heard of each tick, by the tick's id."""
    hints = [(json.loads(line[6:]), times) for line, times in heard.items()]
    return {
        hint["subjects"][0]: times for hint, times in hints if hint.get("name") == "bench.ticked"
    }


async def _listen(url: str, cookie: str, clients: int) -> None:
    place = urlsplit(url)
    request = (
        f"GET /live/banyuwangi HTTP/1.1\r\nHost: {place.netloc}\r\n"
        f"Cookie: sessionid={cookie}\r\nAccept: text/event-stream\r\n\r\n"
    ).encode()
    heard: dict[bytes, list[float]] = {}
    opened: list[bytes] = []
    loop = asyncio.get_running_loop()
    for number in range(clients):
        await loop.create_connection(
            lambda: _Console(request, heard, opened), place.hostname or "", place.port or 0
        )
        if number % 25 == 0:
            await asyncio.sleep(0.02)
    deadline = loop.time() + 60
    while opened.count(b"event: open") < clients:
        if loop.time() > deadline:
            print(f"{opened.count(b'event: open')} of {clients}: {set(opened)}", flush=True)
            return
        await asyncio.sleep(0.05)
    print("ready", flush=True)
    await loop.run_in_executor(None, sys.stdin.readline)
    print(json.dumps(_ticks(heard)), flush=True)


if __name__ == "__main__":
    uvloop.run(_listen(sys.argv[1], sys.argv[2], int(sys.argv[3])))
