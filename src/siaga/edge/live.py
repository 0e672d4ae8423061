"""`/live/<region>`: server-sent events from the journal, with catch-up after any absence.

The stream says that something happened and to what; pages fetch what they show. Events:

* unnamed: a hint `{"name", "subjects", "at"}`
* `open`: the stream stands; its id is the place to come back to
* `resync`: more was missed than is worth replaying: load the page anew
* `signed-out`: the session or the role has ended: do not come back
"""

import asyncio
import random
import re
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

import psycopg
import structlog
from django.conf import settings
from django.db import Error as DjangoDatabaseError

from siaga.edge.config import EdgeConfig
from siaga.edge.http import answer_text, text_header
from siaga.edge.rules import caller
from siaga.edge.streams import (
    HEARTBEAT,
    Client,
    Streams,
    encode_for_ticket,
    encode_hint,
    encode_phone,
    event,
)
from siaga.edge.types import Headers, Receive, Scope, Send
from siaga.edge.viewers import (
    CODE_CHARS_MAX,
    SESSION_KEY_CHARS_MAX,
    Pass,
    Permit,
    Refusal,
    examine,
    register_ticket_resolver,
)
from siaga.journal.following import Follower, Hint, Mark, TooFarBehind
from siaga.kernel import clock
from siaga.kernel.types import RegionId
from siaga.telephony.services.live import CHANNEL as PHONE_CHANNEL

__all__ = ["LiveDoor", "register_ticket_resolver"]

RETRY_MILLISECONDS = (500, 2_500)
RECHECKS_PER_SECOND_MAX = 50
TICK_SECONDS = 1.0
COOKIE_CHARS_MAX = 16_384

_REGION = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_HEADERS: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    # nginx would collect the events and deliver them late.
    (b"x-accel-buffering", b"no"),
]
_LATER: Headers = [(b"retry-after", b"5")]
_WHY = {
    401: "Sign in first.\n",
    403: "You hold no role in this region.\n",
    404: "Not found.\n",
}

_log = structlog.get_logger(__name__)


class LiveDoor:
    """Lets watchers in, keeps their streams alive, and looks at their passes again."""

    def __init__(self, config: EdgeConfig, threads: Executor) -> None:
        self._config = config
        self._threads = threads
        self.streams = Streams()
        self.follower = Follower(self.streams.deliver, {PHONE_CHANNEL: self._phone_changed})

    async def __call__(self, scope: Scope, receive: Receive, send: Send, *, region: str) -> None:
        """Serve one stream until either side ends it."""
        if scope["method"] != "GET":
            await answer_text(send, 405, "Only GET.\n", [(b"allow", b"GET")])
            return
        query = _query(scope)
        shown = self._pass(scope, region, query.get("track"))
        if isinstance(shown, Refusal):
            await answer_text(send, shown.status, _WHY[shown.status])
            return
        holder = self._holder(scope, shown)
        if self._is_full(holder):
            await answer_text(send, 503, "Too many streams are open.\n", _LATER)
            return
        try:
            permit = await self._examine(shown)
            await self.follower.ready()
        except (DjangoDatabaseError, psycopg.Error, TimeoutError):
            await answer_text(send, 503, "Come again later.\n", _LATER)
            return
        if isinstance(permit, Refusal):
            await answer_text(send, permit.status, _WHY[permit.status])
            return
        if self._is_full(holder):  # others were let in meanwhile
            await answer_text(send, 503, "Too many streams are open.\n", _LATER)
            return
        after = Mark.parse(text_header(scope, b"last-event-id")) or Mark.parse(query.get("after"))
        queue_max = self._config.live_queue_max
        client = Client(shown, permit, holder, queue_max=queue_max, now=self._loop_time())
        client.on_end = _tearing(scope)
        await self._serve(client, after, receive, send)

    def _phone_changed(self, region: str) -> None:
        """The telephone's picture is no fact of the journal: nobody catches up on it."""
        self.streams.tell_staff(RegionId(region), encode_phone(clock.now()))

    async def tick(self) -> None:
        """Every second until cancelled: signs of life, and a second look at passes."""
        while True:
            now = self._loop_time()
            for client in self.streams:
                if now - client.touched_at >= self._config.heartbeat_seconds:
                    client.offer(HEARTBEAT, now)
            try:
                await self._recheck(now)
            except (DjangoDatabaseError, psycopg.Error) as error:
                # Nobody is thrown out because the database is away; they are asked next time.
                _log.warning("live_recheck_failed", error=type(error).__name__)
            await asyncio.sleep(TICK_SECONDS)

    async def _serve(
        self, client: Client, after: Mark | None, receive: Receive, send: Send
    ) -> None:
        self.streams.add(client)
        leaving = asyncio.ensure_future(_until_gone(receive))
        leaving.add_done_callback(lambda _: client.end("gone"))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            pause = random.randint(*RETRY_MILLISECONDS)  # noqa: S311 - only to spread them out
            await _write(send, f"retry: {pause}\n\n".encode())
            await _write(send, await self._catch_up(client, after))
            while (chunk := await client.take()) is not None:
                await _write(send, chunk)
            if client.ended in {"closing", "signed_out", "held_too_long"}:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            leaving.cancel()
            self.streams.remove(client)

    async def _catch_up(self, client: Client, after: Mark | None) -> bytes:
        """What was missed, then what came meanwhile; nothing twice, nothing left out."""
        position = self.follower.position
        if after is None:
            missed: list[Hint] = []
            opening = event("open", position)
        else:
            try:
                missed = await self.follower.since(
                    client.shown.region_id, after, limit=self._config.live_replay_max
                )
                opening = event("open", after)
            except (TooFarBehind, psycopg.Error):
                missed = []
                position = self.follower.position
                opening = event("resync", position)
        last = missed[-1].mark if missed else min(after or position, position)
        fresh = client.release(last)
        return opening + b"".join(_written(client, [*missed, *fresh]))

    async def _recheck(self, now: float) -> None:
        due = [
            client
            for client in self.streams
            if client.recheck_wanted or now - client.checked_at >= self._config.recheck_seconds
        ]
        by_pass: dict[Pass, list[Client]] = {}
        for client in due:
            by_pass.setdefault(client.shown, []).append(client)
        for shown, clients in list(by_pass.items())[:RECHECKS_PER_SECOND_MAX]:
            for client in clients:
                client.recheck_wanted = False
                client.checked_at = now
            permit = await self._examine(shown)
            for client in clients:
                self._apply(client, permit)

    def _apply(self, client: Client, permit: Permit | Refusal) -> None:
        if isinstance(permit, Refusal):
            client.offer(event("signed-out", self.follower.position), self._loop_time())
            client.end("signed_out")
        elif permit != client.permit:
            self.streams.update(client, permit)

    async def _examine(self, shown: Pass) -> Permit | Refusal:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(examine, shown, clock.now()))

    def _pass(self, scope: Scope, region: str, track: str | None) -> Pass | Refusal:
        if _REGION.fullmatch(region) is None:
            return Refusal(404)
        region_id = RegionId(region)
        if track is not None:
            if len(track) > CODE_CHARS_MAX:
                return Refusal(404)
            return Pass(kind="ticket", region_id=region_id, key=track)
        key = _session_key(scope)
        return Pass(kind="person", region_id=region_id, key=key) if key else Refusal(401)

    def _holder(self, scope: Scope, shown: Pass) -> str:
        if shown.kind == "person":
            return shown.key
        peer = (scope.get("client") or ("",))[0]
        trusted = self._config.trusted_proxies
        return caller(peer, scope["scheme"], scope["headers"], trusted).address

    def _is_full(self, holder: str) -> bool:
        return (
            len(self.streams) >= self._config.live_clients_max
            or self.streams.held_by(holder) >= self._config.live_clients_per_holder_max
        )

    @staticmethod
    def _loop_time() -> float:
        return asyncio.get_running_loop().time()


def _written(client: Client, hints: list[Hint]) -> list[bytes]:
    subjects = client.permit.subjects
    if subjects is None:
        return [encode_hint(hint) for hint in hints]
    return [
        encode_for_ticket(hint, subjects)
        for hint in hints
        if not subjects.isdisjoint(hint.subjects)
    ]


def _query(scope: Scope) -> dict[str, str]:
    try:
        fields = parse_qs(scope["query_string"].decode("latin-1"), max_num_fields=8)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}


def _session_key(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"cookie" and len(value) <= COOKIE_CHARS_MAX:
            try:
                found = SimpleCookie(value.decode("latin-1")).get(settings.SESSION_COOKIE_NAME)
            except CookieError:
                continue
            if found is not None and 0 < len(found.value) <= SESSION_KEY_CHARS_MAX:
                return found.value
    return None


async def _write(send: Send, chunk: bytes) -> None:
    await send({"type": "http.response.body", "body": chunk, "more_body": True})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _tearing(scope: Scope) -> Callable[[], None] | None:
    """How to tear away a sender that is stuck: cut the socket, or else cancel the task."""
    connection = scope.get("extensions", {}).get("siaga.connection")
    if connection is not None:
        connection.begin_stream()
        tear: Callable[[], None] = connection.tear
        return tear
    task = asyncio.current_task()

    def cancel() -> None:
        if task is not None:
            task.cancel()

    return cancel
