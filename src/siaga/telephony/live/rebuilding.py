"""The state made anew from what Asterisk itself says, keeping what only we remember. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from siaga.telephony.live import happening as h
from siaga.telephony.live.picture import LiveCall
from siaga.telephony.live.state import CallMemo, Invite, Leg, State
from siaga.telephony.types import CallState

PLACE_STEP, PLACES_MAX = timedelta(milliseconds=1), 1000


def rebuild(state: State, found: h.Rebuilt) -> State:
    """Asterisk is right about what there is; of calls we knew, their moments stay."""
    legs = {leg.unique_id: _placed(state, leg) for leg in found.legs}
    invited = _invited(found, legs)
    for unique_id, invite in invited.items():
        legs[unique_id] = replace(legs[unique_id], linked_id=invite.linked_id)
    fresh = replace(
        state,
        connected=True,
        legs=legs,
        members={(region, member.number): member for region, member in found.members},
        reachable=found.reachable,
        switches=dict(found.switches),
        spies={spy: target for spy, target in state.spies.items() if spy in legs},
        invited=invited,
        calls={},
    )
    calls = {
        one.linked_id: _call(fresh, one, state.calls.get(one.linked_id), found.at)
        for one in found.calls
        if one.region in state.house.plans
    }
    return replace(fresh, calls=calls)


def _invited(found: h.Rebuilt, legs: dict[str, Leg]) -> dict[str, Invite]:
    """Legs that we had originated into conferences; they carry whom they ring, and for which."""
    return {
        unique_id: Invite(who=who, linked_id=linked_id, at=found.at)
        for unique_id, (who, linked_id) in found.invited.items()
        if unique_id in legs
    }


def _placed(state: State, leg: Leg) -> Leg:
    region, position = state.house.endpoints.get(leg.endpoint, (None, None))
    known = state.legs.get(leg.unique_id)
    was = bool(leg.bridge) or (known is not None and known.was_bridged)
    return replace(leg, region=region, position=position, was_bridged=was)


def _call(state: State, found: h.CallFound, known: CallMemo | None, at: datetime) -> CallMemo:
    began = at - timedelta(seconds=found.seconds)
    legs = state.legs_of(found.linked_id)
    positions = [leg for leg in legs if leg.position is not None]
    bridged = [leg for leg in legs if leg.bridge]
    overflow = known.live.overflow if known else ""
    if len(bridged) >= 2 or found.room:
        phase, position = CallState.ANSWERED, _position(bridged)
    elif found.is_callback:
        phase, position = CallState.RINGING, _position(positions)
    elif positions:
        phase, position = CallState.RINGING, positions[0].position
    elif found.context in ("queue", "keys", "overflow"):
        phase, position = CallState.QUEUED, None
        overflow = (overflow or "reserve") if found.context == "overflow" else ""
    elif found.context == "closed":
        phase, position, overflow = CallState.GREETED, None, "closed"
    else:
        phase, position = CallState.GREETED, None
    queued = phase in (CallState.QUEUED, CallState.RINGING) and not found.is_callback
    old = known.live if known else None
    live = LiveCall(
        linked_id=found.linked_id,
        number=found.number,
        state=phase,
        presented_at=old.presented_at if old else began,
        queued_at=(old.queued_at if old else None) or (began if queued else None),
        answered_at=((old.answered_at if old else None) or at)
        if phase is CallState.ANSWERED
        else None,
        priority=found.priority,
        position=position,
        overflow=overflow,
        is_callback=found.is_callback,
        contact=found.contact,
        cannot_speak=found.cannot_speak or bool(old and old.cannot_speak),
        held=found.context == "held",
        on_hold=bool(old and old.on_hold),
        has_spoken=bool(old and old.has_spoken),
        voice=found.voice,
        is_test=found.is_test,
    )
    joined = known.joined_at if known else began if queued else None
    if found.place is not None:
        # Whoever joins from now on comes behind all of these.
        joined = at - PLACE_STEP * (PLACES_MAX - min(found.place, PLACES_MAX))
    third = known.third_came if known else len(bridged) > 2
    return CallMemo(
        region=found.region, live=live, joined_at=joined, room=found.room, third_came=third
    )


def _position(legs: list[Leg]) -> int | None:
    return next((leg.position for leg in legs if leg.position is not None), None)
