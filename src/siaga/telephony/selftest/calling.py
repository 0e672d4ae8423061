"""The call itself: Asterisk calls its own trunk, over AMI, and its marks are watched."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connections

from siaga.kernel import clock
from siaga.telephony import names
from siaga.telephony.ami.client import AmiClient, AmiError, Login
from siaga.telephony.ami.wire import BadField, Message, one
from siaga.telephony.asterisk.config.dialplan.arriving import own_numbers
from siaga.telephony.live.acting import national
from siaga.telephony.names import Mark, Variable
from siaga.telephony.selftest.types import Observed, Way
from siaga.telephony.types import PhonePlan

REACH_SECONDS = 5.0
CALL_SECONDS_MAX = 45.0
LINGER_SECONDS = 3.0
"""So long a position rings; who answers hears what it is."""
STEP_SECONDS = 0.2
ANSWER_MS = "15000"
NOT_BACK = "the call left by the trunk and did not come back"


@dataclass
class _Call:
    """What is known of it so far."""

    leg_id: str
    """Of the leg that we ring."""
    region: str
    own: frozenset[str] = frozenset()
    """By which numbers it comes back from the trunk; empty for a call that never leaves."""
    linked_id: str = ""
    """Of the call as it came in; Asterisk names it when it comes by the trunk."""
    marks: list[str] = field(default_factory=list)
    channel: str = ""
    answered: bool = False
    over: bool = False

    def hear(self, message: Message, _at: datetime) -> None:
        """An event; those of other calls say nothing here."""
        event, leg_id = one(message, "Event"), one(message, "Uniqueid")
        if leg_id == self.leg_id and event == "Newchannel":
            self.channel = one(message, "Channel")
        if leg_id == self.leg_id and event == "Hangup":
            self.over = True
        marked = event == "UserEvent" and one(message, "UserEvent") == names.USER_EVENT
        if marked and not self.linked_id and self._came_back(message):
            self.linked_id = one(message, "Linkedid")
        if not self.linked_id or one(message, "Linkedid") != self.linked_id:
            return
        if marked:
            self.marks.append(one(message, "Mark"))
        elif event == "AgentConnect":
            self.answered = True

    def _came_back(self, message: Message) -> bool:
        told = names.details(one(message, "Details"))
        digits = "".join(sign for sign in told.get("number", "") if sign.isdigit())
        ours = (told.get("region"), told.get("test")) == (self.region, "1")
        return one(message, "Mark") == Mark.OFFERED and ours and digits in self.own


def call_ourselves(
    login: Login, plan: PhonePlan, prompt: str, in_picture: Callable[[str], bool]
) -> Observed:
    """One marked call through the whole path; ends by itself within a minute. Never raises."""
    return asyncio.run(_called(login, plan, prompt, in_picture))


async def _called(
    login: Login, plan: PhonePlan, prompt: str, in_picture: Callable[[str], bool]
) -> Observed:
    leg_id = f"siaga{secrets.token_hex(4)}.1"
    if plan.self_test_number:
        call = _Call(leg_id, plan.region, own=frozenset(own_numbers(plan)))
    else:
        call = _Call(leg_id, plan.region, linked_id=leg_id)
    client = AmiClient(login, on_event=call.hear, on_ready=_nothing)
    line = asyncio.create_task(client.run())
    # One thread, so that one connection to the tables serves all looks.
    tables = ThreadPoolExecutor(1, thread_name_prefix="self-test")
    try:
        async with asyncio.timeout(REACH_SECONDS):
            await client.online.wait()
        await _originate(client, plan, prompt, call)
        seen = await _watched(client, call, in_picture, tables)
        await _await_no_more(client, plan)
    except TimeoutError:
        return Observed(problem="Asterisk's manager does not answer")
    except (AmiError, BadField, OSError) as failure:
        return Observed(problem=str(failure) or type(failure).__name__)
    finally:
        line.cancel()
        await asyncio.gather(line, return_exceptions=True)
        tables.submit(connections.close_all)
        tables.shutdown()
    return Observed(
        linked_id=call.linked_id,
        marks=tuple(call.marks),
        in_picture=seen,
        path=Way.TRUNK if call.own else Way.INSIDE,
        problem="" if call.linked_id else NOT_BACK,
    )


async def _nothing() -> None:
    pass


async def _originate(client: AmiClient, plan: PhonePlan, prompt: str, call: _Call) -> None:
    if call.own:
        until = int(clock.now().timestamp() + CALL_SECONDS_MAX)
        family = names.switch_family(plan.region)
        await client.act("DBPut", Family=family, Key=names.SELF_TEST_KEY, Val=str(until))
        number = national(plan.self_test_number)
        way = {"Channel": f"PJSIP/{number}@{names.trunk(plan.region)}", "CallerID": "<>"}
    else:
        way = {
            "Channel": f"Local/{plan.did[0]}@{names.context('trunk', plan.region)}/n",
            "OtherChannelId": f"{call.leg_id}9",
            "CallerID": "<>",
        }
    await client.act(
        "Originate",
        **way,
        ChannelId=call.leg_id,
        Application="Playback",
        Data=prompt,
        Timeout=ANSWER_MS,
        Async="true",
        Variable=[] if call.own else [f"__{Variable.SELF_TEST}=1"],
    )


async def _await_no_more(client: AmiClient, plan: PhonePlan) -> None:
    """What has not come back by now is not awaited any more."""
    if plan.self_test_number:
        family = names.switch_family(plan.region)
        try:
            await client.act("DBDel", Family=family, Key=names.SELF_TEST_KEY)
        except AmiError:
            pass  # the call itself took it out


async def _watched(
    client: AmiClient, call: _Call, in_picture: Callable[[str], bool], tables: ThreadPoolExecutor
) -> bool:
    """Until it is over; a call that nobody answers is ended once its place has been rung."""
    loop = asyncio.get_running_loop()
    began, queued, seen = loop.time(), 0.0, False
    while not call.over and loop.time() - began < CALL_SECONDS_MAX:
        await asyncio.sleep(STEP_SECONDS)
        if not seen and call.linked_id:
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
