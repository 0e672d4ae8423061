"""A line of its own to Asterisk: who talks, whose voice is brought here, what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID, uuid4

import structlog

from siaga.kernel.tasks import run_together
from siaga.kernel.types import RegionId
from siaga.telephony import names
from siaga.telephony.ami.client import AmiClient, AmiError, Login
from siaga.telephony.ami.wire import BadField, Message, one
from siaga.telephony.asterisk.site import LOOPBACK
from siaga.telephony.hearing.choosing import Caller, Desk, Listen, Order, Stop, Tell
from siaga.telephony.hearing.door import Door, Hears
from siaga.telephony.hearing.judging import Verdict
from siaga.telephony.names import Mark, Variable, details

TICK_SECONDS = 0.1
CONNECT_MS = "3000"
_CALLBACK = "callback"
_UNSET = "(null)"
_log = structlog.get_logger(__name__)


class VoiceLine:
    """`run()` until cancelled. Nothing here stands in a call's way; only hints come of it."""

    def __init__(self, login: Login, at_once: int, make: Callable[[], Hears]) -> None:
        self._client = AmiClient(login, on_event=self._on_event, on_ready=self._rebuild)
        self.desk = Desk(at_once)
        self._door = Door(self.desk, make)
        self._held: list[Message] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether Asterisk is there and has told everything."""
        return self._client.online.is_set()

    async def run(self) -> None:
        """Stay connected, listen, tell."""
        await self._door.open()
        try:
            await run_together(self._client.run(), self._turn())
        finally:
            self._door.close()

    async def _turn(self) -> None:
        fresh = iter(uuid4, None)
        now = asyncio.get_running_loop().time
        while True:
            await asyncio.sleep(TICK_SECONDS)
            if not self._client.online.is_set():
                continue
            for order in self.desk.orders(now(), fresh):
                try:
                    await self._do(order)
                except (AmiError, BadField) as problem:
                    _log.warning(
                        "voice_order_failed", order=type(order).__name__, problem=str(problem)
                    )

    async def _do(self, order: Order) -> None:
        match order:
            case Listen(caller=caller, name=name):
                await self._client.act("Originate", **_request(caller, name, self._door.port))
            case Stop(name=name):
                self._door.drop(name)
            case Tell(caller=caller, verdict=verdict):
                await self._client.act("UserEvent", **_news(caller, verdict))
                # For a picture that is made anew later.
                kept = {"Variable": Variable.VOICE, "Value": verdict}
                await self._client.act("Setvar", Channel=caller.channel, **kept)

    def _on_event(self, message: Message, _at: datetime) -> None:
        if self._held is not None:
            self._held.append(message)
            return
        hear(self.desk, message)

    async def _rebuild(self) -> None:
        """Asterisk tells who is there; what happens meanwhile is heard afterwards, in order."""
        self._held = []
        try:
            variables = ",".join((Variable.REGION, Variable.REASON, Variable.VOICE))
            channels = await self._client.ask("CoreShowChannels")
            told = await self._client.ask("Status", Variables=variables)
            self.desk.found(callers(channels, told))
        finally:
            held, self._held = self._held or [], None
        for message in held:
            hear(self.desk, message)


def hear(desk: Desk, message: Message) -> None:
    """What an event of Asterisk means for the desk; most mean nothing."""
    unique_id = one(message, "Uniqueid")
    match one(message, "Event"):
        case "UserEvent" if one(message, "UserEvent") == names.USER_EVENT:
            if one(message, "Mark") == Mark.OFFERED:
                desk.arrived(_caller(message, details(one(message, "Details")).get("region", "")))
        case "BridgeEnter":
            desk.talks(unique_id)
        case "BridgeLeave":
            desk.waits(unique_id)
        case "ChannelTalkingStart":
            desk.sounds(unique_id)
        case "Hangup":
            desk.gone(unique_id)


def callers(channels: Iterable[Message], told: Iterable[Message]) -> Iterable[Caller]:
    """The citizens among all channels: the first of a call that somebody began from outside."""
    known = {one(item, "Uniqueid"): _variables(item) for item in told}
    for item in channels:
        unique_id = one(item, "Uniqueid")
        said = known.get(unique_id, {})
        region = said.get(Variable.REGION, "")
        is_first = unique_id == one(item, "Linkedid")
        if not region or not is_first or said.get(Variable.REASON) == _CALLBACK:
            continue
        voice = said.get(Variable.VOICE, "")
        yield _caller(
            item,
            region,
            talks=bool(one(item, "BridgeId")),
            verdict=Verdict(voice) if voice in set(Verdict) else None,
        )


def _caller(
    message: Message, region: str, *, talks: bool = False, verdict: Verdict | None = None
) -> Caller:
    return Caller(
        unique_id=one(message, "Uniqueid"),
        linked_id=one(message, "Linkedid"),
        channel=one(message, "Channel"),
        region=RegionId(region),
        talks=talks,
        verdict=verdict,
    )


def _variables(item: Message) -> dict[str, str]:
    pairs = (text.partition("=") for text in item.get("Variable", []))
    return {name: value for name, _, value in pairs if value != _UNSET}


def _request(caller: Caller, name: UUID, port: int) -> dict[str, str]:
    """A leg of its own that hears the caller alone; nobody hears it, it is no call of a region."""
    return {
        "Channel": f"AudioSocket/{LOOPBACK}:{port}/{name}",
        "Context": names.context("listen", caller.region),
        "Exten": "voice",
        "Priority": "1",
        "Timeout": CONNECT_MS,
        "Async": "true",
        "Variable": f"{Variable.TARGET}={caller.unique_id}",
    }


def _news(caller: Caller, verdict: Verdict) -> dict[str, str]:
    """As a mark of the dialplan would come, so that whoever reads marks reads it too."""
    return {
        "UserEvent": names.USER_EVENT,
        "Uniqueid": caller.unique_id,
        "Linkedid": caller.linked_id,
        "Mark": names.VOICE_MARK,
        "Details": f"heard={verdict}",
    }
