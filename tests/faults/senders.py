"""Senders of signed webhooks that do as the provider does: no 200, then the same again later."""

import asyncio
import hashlib
import hmac
import random
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

ANSWER_SECONDS_MAX = 20.0
MOMENT_SECONDS = 0.1
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
    under_way: int = 0

    async def run(self, connections: int) -> None:
        """Returns when nothing is left to send."""
        async with asyncio.TaskGroup() as group:
            for _ in range(connections):
                group.create_task(self._keep_sending())

    @property
    def finished(self) -> bool:
        """Nothing waits to be sent, and nothing under way can come back."""
        return not self.postings and not self.under_way

    def may_send(self) -> bool:
        """There is something, and nobody is held back."""
        return bool(self.postings) and len(self.acknowledged) < self.limit

    async def _keep_sending(self) -> None:
        address = urlsplit(self.url)
        while not self.finished:
            if not self.may_send():
                await a_moment()
                continue
            try:
                reader, writer = await asyncio.open_connection(address.hostname, address.port)
            except OSError:
                self.answers[0] += 1
                await a_moment()
                continue
            try:
                while self.may_send():
                    await self._one(reader, writer)
            except (OSError, asyncio.IncompleteReadError, TimeoutError):
                self.answers[0] += 1
            finally:
                writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        posting = self.postings.popleft()
        self.under_way += 1
        status = 0
        try:
            writer.write(posting.request())
            async with asyncio.timeout(ANSWER_SECONDS_MAX):
                status = await _status(reader)
            self.answers[status] += 1
            if status == 200:
                self.acknowledged.append(posting)
        finally:
            if status != 200 or self.chance.random() < REPLAYED:
                self.postings.append(posting)
            self.under_way -= 1
        if status != 200:
            await a_moment()


async def _status(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r")[0])
    await reader.readexactly(length)
    status = int(head.split(b" ")[1])
    assert status != 503 or b"retry-after: " in head.lower()
    return status


async def a_moment() -> None:
    """The provider waits much longer; a closed door must only not make a busy loop."""
    with suppress(TimeoutError):
        async with asyncio.timeout(MOMENT_SECONDS):
            await asyncio.Event().wait()
