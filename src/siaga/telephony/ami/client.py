"""One connection to Asterisk that comes back by itself.

Events arrive in order with the moment they came. An action is answered by its ActionID, and is
never sent again: after a lost connection nobody knows whether it ran, so its giver is told.
"""

import asyncio
import itertools
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from siaga.kernel import clock
from siaga.telephony.ami.wire import END, MESSAGE_BYTES_MAX, Fields, Message, decode, encode, one

ANSWER_SECONDS = 5.0
BOOT_SECONDS = 60.0
PING_SECONDS = 5.0
PAUSE_FIRST_SECONDS = 0.2
PAUSE_MAX_SECONDS = 5.0
GOOD_SESSION_SECONDS = 10.0
LOST = "the line was lost; whether the action ran is unknown"
_BANNER = b"Asterisk Call Manager/"
_FINE = {"Success", "Goodbye", "Follows", "Pong"}
_log = logging.getLogger("siaga.ami")


class AmiError(Exception):
    """Asterisk refused an action, or is not there to hear it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Where the manager listens, and as whom we come."""

    host: str
    port: int
    username: str
    secret: str = field(repr=False)


@dataclass(slots=True)
class _Asked:
    answer: "asyncio.Future[list[Message]]"
    is_list: bool
    items: list[Message] = field(default_factory=list)


class AmiClient:
    """`run()` until cancelled; meanwhile `act()` and `ask()` from the same loop."""

    def __init__(
        self,
        login: Login,
        *,
        on_event: Callable[[Message, datetime], None],
        on_ready: Callable[[], Awaitable[None]],
    ) -> None:
        """`on_event` gets each event and when it came; `on_ready` rebuilds after each login."""
        self._login, self._on_event, self._on_ready = login, on_event, on_ready
        self._writer: asyncio.StreamWriter | None = None
        self._asked: dict[str, _Asked] = {}
        # Answers to a former process of ours must not be taken for answers to this one.
        self._ids = (f"{secrets.token_hex(4)}-{number}" for number in itertools.count(1))
        self._booted = asyncio.Event()
        self.online = asyncio.Event()

    async def act(self, action: str, **fields: str | int | list[str]) -> Message:
        """Give one action and await its answer. Raises AmiError, BadField."""
        return (await self._send(action, fields, is_list=False))[0]

    async def ask(self, action: str, **fields: str | int | list[str]) -> list[Message]:
        """An action that is answered by a list of events. Raises AmiError, BadField."""
        return await self._send(action, fields, is_list=True)

    async def run(self) -> None:
        """Stay connected; pauses between attempts grow to five seconds."""
        pause = PAUSE_FIRST_SECONDS
        while True:
            began = time.monotonic()
            try:
                await self._session()
            except (OSError, AmiError, asyncio.IncompleteReadError, TimeoutError) as error:
                _log.warning("ami_lost reason=%s %s", type(error).__name__, error)
            except asyncio.LimitOverrunError:
                _log.error("ami_lost reason=message_too_long")
            if time.monotonic() - began > GOOD_SESSION_SECONDS:
                pause = PAUSE_FIRST_SECONDS
            await asyncio.sleep(pause)
            pause = min(pause * 2, PAUSE_MAX_SECONDS)

    async def _send(self, action: str, fields: Fields, *, is_list: bool) -> list[Message]:
        if self._writer is None:
            raise AmiError("not connected")
        action_id = next(self._ids)
        data = encode(action, action_id, fields)
        asked = _Asked(asyncio.get_running_loop().create_future(), is_list)
        self._asked[action_id] = asked
        try:
            self._writer.write(data)
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._writer.drain()
                return await asked.answer
        except TimeoutError:
            raise AmiError(f"no answer to {action}") from None
        except ConnectionError:
            raise AmiError(LOST) from None
        finally:
            del self._asked[action_id]

    async def _session(self) -> None:
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection(
                self._login.host, self._login.port, limit=MESSAGE_BYTES_MAX
            )
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                if not (await reader.readline()).startswith(_BANNER):
                    raise AmiError("this is no Asterisk manager")
            self._writer = writer
            await self._live(reader)
        finally:
            self._writer = None
            self._booted.clear()
            self.online.clear()
            self._call_off()
            writer.close()

    async def _live(self, reader: asyncio.StreamReader) -> None:
        """Ends with the error of whichever of the two ends first."""
        reading = asyncio.create_task(self._read(reader))
        greeting = asyncio.create_task(self._greet_and_ping())
        try:
            done, _ = await asyncio.wait({reading, greeting}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in (reading, greeting):
                task.cancel()
            await asyncio.gather(reading, greeting, return_exceptions=True)

    async def _greet_and_ping(self) -> None:
        await self.act("Login", Username=self._login.username, Secret=self._login.secret)
        # The door opens before the last module is there; what is rebuilt then would be half.
        async with asyncio.timeout(BOOT_SECONDS):
            await self._booted.wait()
        await self._on_ready()
        self.online.set()
        while True:
            await asyncio.sleep(PING_SECONDS)
            # An open line on which nobody answers is a dead one.
            await self.act("Ping")

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while True:
            block = await reader.readuntil(END)
            self._take(decode(block[: -len(END)]), clock.now())

    def _take(self, message: Message, at: datetime) -> None:
        asked = self._asked.get(one(message, "ActionID"))
        if asked is not None and not asked.answer.done() and _settles(asked, message):
            return
        if one(message, "Event") == "FullyBooted":
            self._booted.set()
        elif "Event" in message:
            try:
                self._on_event(message, at)
            except Exception:
                # One event that nobody understands must not end the picture.
                _log.exception("event_failed event=%s", one(message, "Event"))

    def _call_off(self) -> None:
        for asked in self._asked.values():
            if not asked.answer.done():
                asked.answer.set_exception(AmiError(LOST))


def _settles(asked: _Asked, message: Message) -> bool:
    """Whether the message belongs to the answer; sets the answer when it is whole."""
    if "Response" in message:
        if one(message, "Response") not in _FINE:
            asked.answer.set_exception(AmiError(one(message, "Message") or "refused"))
        elif not asked.is_list:
            asked.answer.set_result([message])
        elif one(message, "EventList") == "cancelled":
            asked.answer.set_result(asked.items)
        return True
    if not asked.is_list:
        return False
    if one(message, "EventList") in ("Complete", "cancelled"):
        asked.answer.set_result(asked.items)
    else:
        asked.items.append(message)
    return True
