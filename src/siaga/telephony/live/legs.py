"""Channels begin, end, and are bridged. Pure."""

from __future__ import annotations

from dataclasses import replace

from siaga.telephony.live import happening as h
from siaga.telephony.live.actions import Action, pause
from siaga.telephony.live.changing import change, with_, without
from siaga.telephony.live.state import WRAP_UP, Leg, State
from siaga.telephony.types import CallState


def leg_began(state: State, told: h.LegBegan) -> State:
    """A channel is there; at a position it may be the ringing of a call."""
    invite = state.invited.get(told.unique_id)
    linked_id = invite.linked_id if invite else told.linked_id
    leg = Leg(unique_id=told.unique_id, linked_id=linked_id, channel=told.channel)
    region, position = state.house.endpoints.get(leg.endpoint, (None, None))
    leg = replace(leg, region=region, position=position)
    state = replace(state, legs=with_(state.legs, leg.unique_id, leg))
    memo = state.calls.get(leg.linked_id)
    rings = position is not None and leg.unique_id != leg.linked_id
    if memo is None or not rings or memo.live.is_callback or memo.room:
        return state
    if memo.live.state not in (CallState.OFFERED, CallState.GREETED, CallState.QUEUED):
        return state
    return change(state, memo, state=CallState.RINGING, position=position)


def leg_ended(state: State, told: h.LegEnded) -> tuple[State, tuple[Action, ...]]:
    """A channel is gone, with the last one its call; who has talked comes into wrap-up."""
    leg = state.legs.get(told.unique_id)
    if leg is None:
        return state, ()
    state = replace(
        state,
        legs=without(state.legs, leg.unique_id),
        spies=without(state.spies, leg.unique_id),
        invited=without(state.invited, leg.unique_id),
    )
    actions = _wrap_up(state, leg)
    memo = state.calls.get(leg.linked_id)
    if memo is None:
        return state, actions
    if not state.legs_of(leg.linked_id):
        return replace(state, calls=without(state.calls, leg.linked_id)), actions
    live = memo.live
    if memo.room and live.position == leg.position is not None:
        return change(state, memo, position=None), actions
    rang = live.state is CallState.RINGING and live.position == leg.position
    if (
        rang
        and not live.is_callback
        and not any(one.position for one in state.legs_of(leg.linked_id))
    ):
        state = change(state, memo, state=CallState.QUEUED, position=None)
    return state, actions


def _wrap_up(state: State, leg: Leg) -> tuple[Action, ...]:
    """Who has just talked is not rung at once; the queue itself waits two seconds for this."""
    if leg.region is None or leg.position is None or not leg.was_bridged:
        return ()
    place = (leg.region, leg.position)
    member = state.members.get(place)
    if member is None or member.paused or state.legs_at(place):
        return ()
    if leg.linked_id not in state.calls or leg.unique_id in state.spies:
        return ()
    return (pause(leg.region, member.endpoint, WRAP_UP),)


def bridged(state: State, told: h.Bridged) -> State:
    """A channel hears others; with two of one call together, the call is answered."""
    leg = state.legs.get(told.unique_id)
    if leg is None:
        return state
    former = leg.linked_id
    linked_id = former if leg.unique_id in state.invited else told.linked_id
    leg = replace(leg, linked_id=linked_id, bridge=told.bridge, was_bridged=True)
    state = replace(state, legs=with_(state.legs, leg.unique_id, leg))
    if former != leg.linked_id and not state.legs_of(former):
        state = replace(state, calls=without(state.calls, former))
    memo = state.calls.get(leg.linked_id)
    if memo is None:
        return state
    together = [one for one in state.legs_of(leg.linked_id) if one.bridge == told.bridge]
    if len(together) < 2:
        return state
    position = next((one.position for one in together if one.position is not None), None)
    third = memo.third_came or any(one.unique_id in state.invited for one in together)
    memo = replace(memo, third_came=third, alone_since=None)
    return change(
        replace(state, calls=with_(state.calls, leg.linked_id, memo)),
        memo,
        state=CallState.ANSWERED,
        answered_at=memo.live.answered_at or told.at,
        position=position if position is not None else memo.live.position if memo.room else None,
    )
