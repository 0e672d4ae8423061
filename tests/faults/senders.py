"""Senders of signed webhooks that do as the provider does: no 200, then the same again later."""

import asyncio
import hashlib
import hmac
import random
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.waiting import until

ANSWER_SECONDS_MAX = 20.0
MOMENT_SECONDS = 0.1
HELD_SECONDS_MAX = 120.0
REPLAYED = 0.05


@dataclass(frozen=True)
class Posting:
    """One webhook body with the signature of its region's account."""

    region: str
    body: bytes
    secret: bytes

    def request(self) -> bytes:
        """The bytes on the wire."""
        signature = hmac.new(self.secret, self.body, hashlib.sha256).hexdigest()
        return (
            b"POST /in/whatsapp/%s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n"
            b"X-Hub-Signature-256: sha256=%s\r\n\r\n%s"
            % (self.region.encode(), len(self.body), signature.encode(), self.body)
        )


@dataclass
class Senders:
    """Several connections at once, until every posting has been answered 200."""

    url: str
    postings: deque[Posting]
    chance: random.Random
    acknowledged: list[Posting] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    # Nobody runs so far ahead that the next to be killed dies without being under load.
    limit: int = 0

    async def run(self, connections: int) -> None:
        """Returns when nothing is left to send."""
        async with asyncio.TaskGroup() as group:
            for _ in range(connections):
                group.create_task(self._keep_sending())

    async def _keep_sending(self) -> None:
        address = urlsplit(self.url)
        while self.postings:
            try:
                reader, writer = await asyncio.open_connection(address.hostname, address.port)
            except OSError:
                self.answers[0] += 1
                await _a_moment()
                continue
            try:
                await self._over(reader, writer)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                self.answers[0] += 1
            finally:
                writer.close()

    async def _over(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while self.postings:
            await until(lambda: len(self.acknowledged) < self.limit, HELD_SECONDS_MAX)
            if not self.postings:
                return
            posting = self.postings.popleft()
            try:
                writer.write(posting.request())
                async with asyncio.timeout(ANSWER_SECONDS_MAX):
                    status = await _status(reader)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                self.postings.append(posting)
                raise
            self.answers[status] += 1
            if status == 200:
                self.acknowledged.append(posting)
            if status != 200 or self.chance.random() < REPLAYED:
                self.postings.append(posting)


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r")[0])
    await reader.readexactly(length)
    status = int(head.split(b" ")[1])
    if status == 503:
        assert b"retry-after: " in head.lower()
        await _a_moment()
    return status


async def _a_moment() -> None:
    """The provider waits much longer; a closed door must only not make a busy loop."""
    with suppress(TimeoutError):
        async with asyncio.timeout(MOMENT_SECONDS):
            await asyncio.Event().wait()
