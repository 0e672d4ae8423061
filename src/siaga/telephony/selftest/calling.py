"""The call itself: Asterisk calls its own trunk, over AMI, and its marks are watched."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connections

from siaga.telephony import names
from siaga.telephony.ami.client import AmiClient, AmiError, Login
from siaga.telephony.ami.wire import BadField, Message, one
from siaga.telephony.names import Mark, Variable
from siaga.telephony.selftest.types import Observed
from siaga.telephony.types import PhonePlan

REACH_SECONDS = 5.0
CALL_SECONDS_MAX = 45.0
LINGER_SECONDS = 3.0
"""So long a position rings; who answers hears what it is."""
STEP_SECONDS = 0.2
ANSWER_MS = "15000"


@dataclass
class _Call:
    """What is known of it so far."""

    linked_id: str
    marks: list[str] = field(default_factory=list)
    channel: str = ""
    answered: bool = False
    over: bool = False

    def hear(self, message: Message, _at: datetime) -> None:
        """An event; those of other calls say nothing here."""
        if one(message, "Uniqueid") == self.linked_id and one(message, "Event") == "Newchannel":
            self.channel = one(message, "Channel")
        if one(message, "Linkedid") != self.linked_id:
            return
        event = one(message, "Event")
        if event == "UserEvent" and one(message, "UserEvent") == names.USER_EVENT:
            self.marks.append(one(message, "Mark"))
        elif event == "AgentConnect":
            self.answered = True
        elif event == "Hangup" and one(message, "Uniqueid") == self.linked_id:
            self.over = True


def call_ourselves(
    login: Login, plan: PhonePlan, prompt: str, in_picture: Callable[[str], bool]
) -> Observed:
    """One marked call through the whole path; ends by itself within a minute. Never raises."""
    return asyncio.run(_called(login, plan, prompt, in_picture))


async def _called(
    login: Login, plan: PhonePlan, prompt: str, in_picture: Callable[[str], bool]
) -> Observed:
    call = _Call(f"siaga{secrets.token_hex(4)}.1")
    client = AmiClient(login, on_event=call.hear, on_ready=_nothing)
    line = asyncio.create_task(client.run())
    # One thread, so that one connection to the tables serves all looks.
    tables = ThreadPoolExecutor(1, thread_name_prefix="self-test")
    try:
        async with asyncio.timeout(REACH_SECONDS):
            await client.online.wait()
        await _originate(client, plan, prompt, call.linked_id)
        seen = await _watched(client, call, in_picture, tables)
    except TimeoutError:
        return Observed(problem="Asterisk's manager does not answer")
    except (AmiError, BadField, OSError) as failure:
        return Observed(problem=str(failure) or type(failure).__name__)
    finally:
        line.cancel()
        await asyncio.gather(line, return_exceptions=True)
        tables.submit(connections.close_all)
        tables.shutdown()
    return Observed(linked_id=call.linked_id, marks=tuple(call.marks), in_picture=seen)


async def _nothing() -> None:
    pass


async def _originate(client: AmiClient, plan: PhonePlan, prompt: str, linked_id: str) -> None:
    await client.act(
        "Originate",
        Channel=f"Local/{plan.did[0]}@{names.context('trunk', plan.region)}/n",
        ChannelId=linked_id,
        OtherChannelId=f"{linked_id}9",
        Application="Playback",
        Data=prompt,
        CallerID="<>",
        Timeout=ANSWER_MS,
        Async="true",
        Variable=[f"__{Variable.SELF_TEST}=1"],
    )


async def _watched(
    client: AmiClient, call: _Call, in_picture: Callable[[str], bool], tables: ThreadPoolExecutor
) -> bool:
    """Until it is over; a call that nobody answers is ended once its place has been rung."""
    loop = asyncio.get_running_loop()
    began, queued, seen = loop.time(), 0.0, False
    while not call.over and loop.time() - began < CALL_SECONDS_MAX:
        await asyncio.sleep(STEP_SECONDS)
        if not seen:
            seen = await loop.run_in_executor(tables, in_picture, call.linked_id)
        if Mark.QUEUED in call.marks:
            queued = queued or loop.time()
        waited_out = queued and loop.time() - queued > LINGER_SECONDS
        if waited_out and not call.answered and call.channel:
            await _hang_up(client, call.channel)
            call.channel = ""
    if not call.over and call.channel:
        await _hang_up(client, call.channel)
    return seen


async def _hang_up(client: AmiClient, channel: str) -> None:
    try:
        await client.act("Hangup", Channel=channel, Cause="16")
    except AmiError:
        pass  # it has gone by itself
