"""What the dialplan and the callers themselves tell of a call. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from siaga.kernel.types import RegionId
from siaga.telephony import names
from siaga.telephony.live import happening as h
from siaga.telephony.live.changing import change, with_
from siaga.telephony.live.picture import LiveCall
from siaga.telephony.live.state import CallMemo, State
from siaga.telephony.names import Mark
from siaga.telephony.types import CallState

TWO_KEYS = timedelta(seconds=3)


def marked(state: State, told: h.Marked) -> State:
    """The dialplan has said where a call is."""
    memo, given = state.calls.get(told.linked_id), told.details
    if memo is None:
        return _new_call(state, told)
    match told.mark:
        case Mark.GREETED if memo.live.state is CallState.OFFERED:
            return change(state, memo, state=CallState.GREETED)
        case Mark.QUEUED:
            back = replace(memo, joined_at=told.at, room="")
            return change(
                replace(state, calls=with_(state.calls, told.linked_id, back)),
                back,
                state=CallState.QUEUED,
                queued_at=memo.live.queued_at or told.at,
                priority=_number(given.get("priority", "")),
                overflow="",
                position=None,
                answered_at=None,
                on_hold=False,
            )
        case Mark.CANNOT_SPEAK:
            return change(state, memo, cannot_speak=True)
        case Mark.POSITION_LOST:
            return change(
                state, memo, state=CallState.QUEUED, position=None, answered_at=None, on_hold=False
            )
        case Mark.OVERFLOW:
            return change(state, memo, overflow=given.get("step", "overflow"))
        case Mark.CLOSED:
            return change(state, memo, overflow="closed")
        case Mark.HELD:
            return change(state, memo, held=given.get("step") == "asked")
        case Mark.CONFERENCE:
            joined = replace(memo, room=given.get("room", ""))
            return replace(state, calls=with_(state.calls, told.linked_id, joined))
        case names.VOICE_MARK:
            return change(state, memo, voice=given.get("heard") == "yes")
        case Mark.ENDED:
            return change(state, memo, state=CallState.ENDED)
    return state


def _new_call(state: State, told: h.Marked) -> State:
    region = RegionId(told.details.get("region", ""))
    if told.mark not in (Mark.OFFERED, Mark.CALLBACK) or region not in state.house.plans:
        return state
    out = told.mark == Mark.CALLBACK
    live = LiveCall(
        linked_id=told.linked_id,
        number=told.details.get("number", ""),
        state=CallState.RINGING if out else CallState.OFFERED,
        presented_at=told.at,
        is_callback=out,
        contact=told.details.get("contact", ""),
        position=_number(told.details.get("position", "")) or None,
        is_test=told.details.get("test") == "1",
    )
    return replace(
        state, calls=with_(state.calls, told.linked_id, CallMemo(region=region, live=live))
    )


def heard(state: State, told: h.HoldSwitched | h.Spoke | h.Keyed) -> State:
    """Somebody has put on hold, spoken, or pressed a key; 5 5 while talking is a cry."""
    leg = state.legs.get(told.unique_id)
    memo = state.calls.get(leg.linked_id) if leg else None
    if leg is None or memo is None:
        return state
    if isinstance(told, h.HoldSwitched):
        return change(state, memo, on_hold=told.on) if leg.position is not None else state
    if leg.position is not None or leg.unique_id in state.invited:
        return state
    if isinstance(told, h.Spoke):
        return state if memo.live.has_spoken else change(state, memo, has_spoken=True)
    twice = (
        told.digit == memo.key == "5"
        and memo.key_at is not None
        and told.at - memo.key_at <= TWO_KEYS
        and memo.live.state is CallState.ANSWERED
    )
    memo = replace(memo, key=told.digit, key_at=told.at)
    state = replace(state, calls=with_(state.calls, leg.linked_id, memo))
    return change(state, memo, cannot_speak=True) if twice else state


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
