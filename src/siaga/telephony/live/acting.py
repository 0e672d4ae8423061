"""What a command of the console means for Asterisk, as the picture stands. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from siaga.kernel.types import RegionId
from siaga.telephony import names
from siaga.telephony.live import happening as h
from siaga.telephony.live.actions import Action, action, lenient, pause
from siaga.telephony.live.state import WRAP_UP, CallMemo, Leg, Place, State
from siaga.telephony.names import Variable
from siaga.telephony.types import CommandKind, PhonePlan

HEAD_PRIORITY = 40
"""A waiting call that a supervisor has moved up goes before all others."""
RING_MS = "30000"
CONFERENCE_RING_MS = "45000"
CALLS_OUT_MAX = 20
GRADES = ("later", "ask")


class Refused(Exception):
    """It cannot be done as things stand; the text says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to tell Asterisk, and what is true once it has agreed."""

    actions: tuple[Action, ...]
    then: tuple[h.Happening, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command, with a name for the leg it may originate."""

    region: RegionId
    kind: CommandKind
    payload: Mapping[str, Any]
    at: datetime
    leg_id: str = ""

    def text(self, name: str) -> str:
        """A field of the payload. Raises Refused when it is missing."""
        value = self.payload.get(name)
        if value in (None, ""):
            raise Refused(f"{name} is missing")
        return str(value)

    def place(self, name: str = "number") -> Place:
        """A position of the payload."""
        value = self.text(name)
        if not value.isdigit():
            raise Refused(f"{name} is no number")
        return self.region, int(value)


def plan_of(state: State, order: Order) -> Plan:
    """Raises Refused."""
    house_plan = state.house.plans.get(order.region)
    if house_plan is None:
        raise Refused("this region has no telephone")
    return _DOERS[order.kind](state, order)


def dialled(plan: PhonePlan, phone: str) -> str | None:
    """How a number is dialled from this region, if its list allows it."""
    digits = national(phone)
    allowed = any(
        digits == prefix if len(prefix) <= 4 and not prefix.startswith("0") else
        digits.startswith(prefix) and len(prefix) + 4 <= len(digits) <= 15
        for prefix in plan.dial_allowed
    )  # fmt: skip
    return digits if allowed else None


def national(phone: str) -> str:
    """The digits of a number as they are dialled inside the country."""
    digits = "".join(sign for sign in phone if sign.isdigit())
    return f"0{digits[2:]}" if phone.startswith("+62") else digits


def room_of(linked_id: str) -> str:
    """The extension of a call's conference."""
    return "".join(sign for sign in linked_id.rpartition("-")[2] if sign.isdigit())


def _seat_open(state: State, order: Order) -> Plan:
    place, username = order.place(), order.text("username")
    if state.house.endpoints.get(username) != place:
        raise Refused("no such position")
    password = {
        "auth_type": "md5",
        "username": username,
        "realm": names.REALM,
        "md5_cred": order.text("digest"),
    }
    put = action(
        "DBPut", Family=names.seat_family(), Key=username, Val=json.dumps(password, sort_keys=True)
    )
    known = h.SeatKnown(at=order.at, region=order.region, number=place[1], endpoint=username)
    member = state.members.get(place)
    others = (
        [_removed(order.region, member.endpoint)]
        if member is not None and member.endpoint != username
        else []
    )
    return Plan((put, *others), (known,))


def _seat_close(state: State, order: Order) -> Plan:
    place = order.place()
    endpoint = names.seat(order.region, place[1], order.text("device"))
    gone = h.SeatKnown(at=order.at, region=order.region, number=place[1], endpoint="")
    forget = lenient("DBDel", Family=names.seat_family(), Key=endpoint)
    return Plan((forget, _removed(order.region, endpoint)), (gone,))


def _ready(state: State, order: Order) -> Plan:
    place = order.place()
    endpoint, member = _endpoint(state, place), state.members.get(place)
    if member is not None and member.endpoint == endpoint:
        return Plan((pause(order.region, endpoint, None),))
    former = [_removed(order.region, member.endpoint)] if member is not None else []
    return Plan((*former, _added(order.region, place[1], endpoint, paused=False)))


def _pause(state: State, order: Order) -> Plan:
    place, reason = order.place(), order.text("reason")
    endpoint, member = _endpoint(state, place), state.members.get(place)
    halt = pause(order.region, endpoint, reason[:80])
    if member is not None and member.endpoint == endpoint:
        return Plan((halt,))
    return Plan((_added(order.region, place[1], endpoint, paused=True), halt))


def _wrap_up_done(state: State, order: Order) -> Plan:
    member = state.members.get(order.place())
    if member is None or not member.paused or member.reason != WRAP_UP:
        return Plan(())
    return Plan((pause(order.region, member.endpoint, None),))


def _hangup(state: State, order: Order) -> Plan:
    if "call" in order.payload:
        memo = _call(state, order)
        legs = state.legs_of(memo.live.linked_id)
    else:
        legs = state.legs_at(order.place("position"))
    if not legs:
        raise Refused("nobody is talking")
    return Plan(tuple(_hung_up(leg) for leg in legs))


def _call_back(state: State, order: Order) -> Plan:
    place, phone = order.place("position"), order.text("number")
    plan = state.house.plans[order.region]
    number = dialled(plan, phone)
    if number is None:
        raise Refused("calls to this number are not allowed")
    variables = {
        Variable.CONTACT: str(order.payload.get("contact") or ""),
        f"PJSIP_HEADER(add,{names.PURPOSE_HEADER})": "callback",
        f"PJSIP_HEADER(add,{names.NUMBER_HEADER})": number,
    }
    target = ("callback", number)
    return Plan((_ring(state, order, place, target, shown=number, variables=variables),))


def _listen(state: State, order: Order) -> Plan:
    memo, place = _call(state, order), order.place("position")
    caller = state.caller(memo.live.linked_id)
    if caller is None:
        raise Refused("the call has ended")
    mode, spied = order.kind.value, caller
    if order.kind is CommandKind.WHISPER:
        # What is whispered goes to the channel that is spied on, and to nobody behind it.
        ours = [leg for leg in state.legs_of(memo.live.linked_id) if leg.position is not None]
        if not ours:
            raise Refused("nobody of ours talks with this caller")
        spied = ours[0]
    variables = {
        Variable.TARGET: spied.unique_id,
        f"PJSIP_HEADER(add,{names.PURPOSE_HEADER})": mode,
        f"PJSIP_HEADER(add,{names.NUMBER_HEADER})": memo.live.number,
    }
    return Plan(
        (_ring(state, order, place, ("listen", mode), shown=memo.live.number, variables=variables),)
    )


def _conference(state: State, order: Order) -> Plan:
    memo = _call(state, order)
    number = dialled(state.house.plans[order.region], order.text("phone"))
    if number is None:
        raise Refused("calls to this number are not allowed")
    if len(state.invited) >= CALLS_OUT_MAX:
        raise Refused("too many calls go out already")
    linked_id, room = memo.live.linked_id, memo.room or room_of(memo.live.linked_id)
    context = names.context("room", order.region)
    moved: list[Action] = []
    if not memo.room:
        caller = state.caller(linked_id)
        ours = [leg for leg in state.legs_of(linked_id) if leg.position is not None and leg.bridge]
        if caller is None or not caller.bridge or not ours:
            raise Refused("nobody talks with this caller")
        place = {"Context": context, "Exten": room, "Priority": "1"}
        both = {f"Extra{name}": value for name, value in place.items()}
        moved = [
            action(
                "Redirect", Channel=caller.channel, ExtraChannel=ours[0].channel, **place, **both
            )
        ]
    carried = {Variable.NUMBER: order.text("phone"), Variable.TARGET: linked_id}
    invite = Action(
        "Originate",
        (
            ("Channel", f"PJSIP/{number}@{names.trunk(order.region)}"),
            ("ChannelId", order.leg_id),
            ("Context", context),
            ("Exten", room),
            ("Priority", "1"),
            ("Timeout", CONFERENCE_RING_MS),
            ("Async", "true"),
            *(("Variable", f"{name}={value}") for name, value in carried.items()),
        ),
    )
    phone = order.text("phone")
    invited = h.Invited(at=order.at, unique_id=order.leg_id, who=phone, linked_id=linked_id)
    return Plan((*moved, invite), (invited,))


def _leave_conference(state: State, order: Order) -> Plan:
    memo, place = _call(state, order), order.place("position")
    legs = [leg for leg in state.legs_at(place) if leg.linked_id == memo.live.linked_id]
    if not memo.room or not legs:
        raise Refused("this position is in no conference with the call")
    return Plan(tuple(_hung_up(leg) for leg in legs))


def _move_up(state: State, order: Order) -> Plan:
    memo = _call(state, order)
    caller = state.caller(memo.live.linked_id)
    if caller is None or memo.joined_at is None:
        raise Refused("this call does not wait")
    queue = {"Queue": names.queue(order.region), "Caller": caller.channel}
    raised = action(
        "QueueChangePriorityCaller", **queue, Priority=str(HEAD_PRIORITY), Immediate="true"
    )
    then = h.Prioritized(at=order.at, linked_id=memo.live.linked_id, priority=HEAD_PRIORITY)
    return Plan((raised,), (then,))


def _overflow(state: State, order: Order) -> Plan:
    closes = order.kind is CommandKind.OVERFLOW_CLOSE
    reason = order.text("reason")[:200] if closes else ""
    then = h.Switched(at=order.at, region=order.region, overflow=reason)
    return Plan((_switched(order.region, "overflow", reason),), (then,))


def _notice(state: State, order: Order) -> Plan:
    """The prompt has been spoken before; its name is what the dialplan plays."""
    gives = order.kind is CommandKind.NOTICE_ON
    words, prompt = (order.text("text"), order.text("prompt")) if gives else ("", "")
    then = h.Switched(at=order.at, region=order.region, notice=words)
    texts = _switched(order.region, "notice-text", words[:500])
    return Plan((texts, _switched(order.region, "notice", prompt)), (then,))


def _grade(state: State, order: Order) -> Plan:
    family, phone = names.held_family(order.region), order.text("phone")
    if order.kind is CommandKind.UNGRADE:
        return Plan((lenient("DBDel", Family=family, Key=phone),))
    how, until = order.text("how"), order.text("until")
    if how not in GRADES or not until.isdigit():
        raise Refused("no such grade")
    return Plan((action("DBPut", Family=family, Key=phone, Val=f"{how}:{until}"),))


_DOERS: Mapping[CommandKind, Callable[[State, Order], Plan]] = {
    CommandKind.SEAT_OPEN: _seat_open,
    CommandKind.SEAT_CLOSE: _seat_close,
    CommandKind.READY: _ready,
    CommandKind.PAUSE: _pause,
    CommandKind.WRAP_UP_DONE: _wrap_up_done,
    CommandKind.HANGUP: _hangup,
    CommandKind.CALL_BACK: _call_back,
    CommandKind.CONFERENCE: _conference,
    CommandKind.LEAVE_CONFERENCE: _leave_conference,
    CommandKind.LISTEN: _listen,
    CommandKind.WHISPER: _listen,
    CommandKind.BARGE: _listen,
    CommandKind.MOVE_UP: _move_up,
    CommandKind.OVERFLOW_CLOSE: _overflow,
    CommandKind.OVERFLOW_OPEN: _overflow,
    CommandKind.GRADE: _grade,
    CommandKind.UNGRADE: _grade,
    CommandKind.NOTICE_ON: _notice,
    CommandKind.NOTICE_OFF: _notice,
}


def _ring(
    state: State,
    order: Order,
    place: Place,
    target: tuple[str, str],
    *,
    shown: str,
    variables: Mapping[str, str],
) -> Action:
    """Ring a position's own phone and go on from there."""
    endpoint = _endpoint(state, place)
    if state.legs_at(place):
        raise Refused("this position is talking already")
    return Action(
        "Originate",
        (
            ("Channel", names.channel(endpoint)),
            ("Context", names.context(target[0], order.region)),
            ("Exten", target[1]),
            ("Priority", "1"),
            ("Timeout", RING_MS),
            ("CallerID", f"<{shown}>"),
            ("Async", "true"),
            *(("Variable", f"{name}={value}") for name, value in variables.items()),
        ),
    )


def _endpoint(state: State, place: Place) -> str:
    endpoint = state.endpoint_at(place)
    if not endpoint:
        raise Refused("nobody has taken this position")
    return endpoint


def _call(state: State, order: Order) -> CallMemo:
    memo = state.calls.get(order.text("call"))
    if memo is None or memo.region != order.region:
        raise Refused("there is no such call any more")
    return memo


def _added(region: RegionId, number: int, endpoint: str, *, paused: bool) -> Action:
    return action(
        "QueueAdd",
        Queue=names.queue(region),
        Interface=names.channel(endpoint),
        MemberName=names.position(region, number),
        Penalty="0",
        Paused="true" if paused else "false",
    )


def _removed(region: RegionId, endpoint: str) -> Action:
    where = {"Queue": names.queue(region), "Interface": names.channel(endpoint)}
    return lenient("QueueRemove", **where)


def _hung_up(leg: Leg) -> Action:
    return lenient("Hangup", Channel=leg.channel, Cause="16")


def _switched(region: RegionId, key: str, value: str) -> Action:
    family = names.switch_family(region)
    if value:
        return action("DBPut", Family=family, Key=key, Val=value)
    return lenient("DBDel", Family=family, Key=key)
