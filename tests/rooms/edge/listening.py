"""A browser's end of the live stream, for tests."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import auth

from siaga.accounts import services as accounts
from siaga.accounts.types import Viewer
from siaga.journal.types import Actor
from siaga.kernel import clock
from siaga.web.accounts.desk import SESSION_KEY
from tests.waiting import until


@dataclass
class Listener:
    """One open stream and what it has said so far."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    status: int = 0
    events: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    comments: int = 0
    closed: bool = False

    @property
    def last_id(self) -> str:
        """Where a browser would come back to."""
        return self.events[-1][0]

    def heard(self, name: str | None = None) -> list[UUID]:
        """The first subject of each hint, in order."""
        return [
            UUID(data["subjects"][0])
            for _, kind, data in self.events
            if kind == "message" and name in (None, data["name"])
        ]

    def kinds(self) -> list[str]:
        """The kinds of all events, in order."""
        return [kind for _, kind, _ in self.events]

    async def read(self) -> None:
        """Parse until the other side closes."""
        identifier, kind = "", "message"
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while line := await self.reader.readline():
                word, _, value = line.decode().rstrip("\n").partition(": ")
                if word == "id":
                    identifier = value
                elif word == "event":
                    kind = value
                elif word == "data":
                    self.events.append((identifier, kind, json.loads(value)))
                    kind = "message"
                elif line.startswith(b": "):
                    self.comments += 1
        self.closed = True


@contextlib.asynccontextmanager
async def listen(
    port: int, path: str, *, cookie: str = "", last_id: str = ""
) -> AsyncIterator[Listener]:
    """Open a stream; inside, it has answered (and opened, if it was let in)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    lines = [f"GET {path} HTTP/1.0", "Host: x"]
    lines += [f"Cookie: a=b; {settings.SESSION_COOKIE_NAME}={cookie}"] if cookie else []
    lines += [f"Last-Event-ID: {last_id}"] if last_id else []
    writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
    listener = Listener(reader, writer)
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    listener.status = int(head.split(b" ")[1])
    reading = asyncio.create_task(listener.read())
    try:
        if listener.status == 200:
            await until(lambda: listener.events or listener.closed)
        yield listener
    finally:
        reading.cancel()
        writer.transport.abort()
        await asyncio.gather(reading, return_exceptions=True)


def session_of(viewer: Viewer) -> tuple[str, UUID]:
    """A session as the sign-in page leaves it: the cookie's value, and the sign-in's id."""
    person: Any = auth.get_user_model().objects.get(pk=viewer.person_id)
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore()
    store.create()
    sign_in_id = accounts.open_session(
        person_id=viewer.person_id,
        session_key=store.session_key,
        methods=("password",),
        ip="127.0.0.1",
        device="a test",
        by=Actor.person(viewer.person_id),
        now=clock.now(),
    )
    store[auth.SESSION_KEY] = str(person.pk)
    store[auth.BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[auth.HASH_SESSION_KEY] = person.get_session_auth_hash()
    store[SESSION_KEY] = str(sign_in_id)
    store.save()
    return store.session_key, sign_in_id
