"""The one function of the live picture: state and happening in, state and actions out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from siaga.kernel.types import RegionId
from siaga.telephony import names
from siaga.telephony.live import happening as h
from siaga.telephony.live.picture import LiveCall, PositionState
from siaga.telephony.live.rebuilding import rebuild
from siaga.telephony.live.state import (
    WRAP_UP,
    CallMemo,
    Invite,
    Leg,
    Place,
    PositionMemo,
    State,
    Switch,
    seen_states,
)
from siaga.telephony.names import Mark
from siaga.telephony.types import CallState

WEB_DEAD = timedelta(seconds=90)
"""After so long without a console nobody is left in wrap-up."""
ALONE = timedelta(seconds=5)
ALONE_LONG = timedelta(seconds=20)
ASK_AGAIN = timedelta(seconds=30)
TWO_KEYS = timedelta(seconds=3)
LOST_PRIORITY = 30

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Action:
    """Something to tell Asterisk; it is told once."""

    name: str
    fields: tuple[tuple[str, str], ...]
    may_fail: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What came of a happening."""

    state: State
    actions: tuple[Action, ...] = ()
    touched: frozenset[RegionId] = frozenset()


def action(name: str, /, **fields: str) -> Action:
    """An action in few words."""
    return Action(name, tuple(fields.items()))


def lenient(name: str, /, **fields: str) -> Action:
    """An action that may meet what is gone already."""
    return Action(name, tuple(fields.items()), may_fail=True)


def pause(region: RegionId, endpoint: str, reason: str | None) -> Action:
    """Pause a member with a reason; None lets it work again."""
    fields = {
        "Queue": names.queue(region),
        "Interface": names.channel(endpoint),
        "Paused": "false" if reason is None else "true",
        "Reason": reason or "",
    }
    return action("QueuePause", **fields)


def step(state: State, told: h.Happening) -> Step:
    """The next state; whatever happens, in whatever order, it never fails."""
    before = state
    state, actions = _apply(replace(state, at=told.at), told)
    state = _look_at_positions(state, told.at)
    return Step(state, actions, _touched(before, state))


def _apply(state: State, told: h.Happening) -> tuple[State, tuple[Action, ...]]:
    match told:
        case h.LegBegan():
            return _leg_began(state, told), ()
        case h.LegEnded():
            return _leg_ended(state, told)
        case h.Bridged():
            return _bridged(state, told), ()
        case h.Unbridged(unique_id=unique_id) if unique_id in state.legs:
            leg = replace(state.legs[unique_id], bridge="")
            return replace(state, legs=_with(state.legs, unique_id, leg)), ()
        case h.Marked():
            return _marked(state, told), ()
        case h.HoldSwitched() | h.Spoke() | h.Keyed():
            return _heard(state, told), ()
        case h.SpyBegan(spy=spy, target=target):
            return replace(state, spies=_with(state.spies, spy, target)), ()
        case h.SpyEnded(spy=spy):
            return replace(state, spies=_without(state.spies, spy)), ()
        case h.MemberSeen(region=region, member=member):
            place = (region, member.number)
            return replace(state, members=_with(state.members, place, member)), ()
        case h.MemberGone():
            return _member_gone(state, told), ()
        case h.Tick():
            return _tick(state, told.at)
        case h.Rebuilt():
            return rebuild(state, told), ()
        case _:
            return _noted(state, told), ()


def _noted(state: State, told: h.Happening) -> State:
    """What only has to be remembered."""
    match told:
        case h.DeviceSeen(endpoint=endpoint, reachable=reachable):
            rest = state.reachable - {endpoint}
            return replace(state, reachable=rest | {endpoint} if reachable else rest)
        case h.Switched(region=region):
            old = state.switches.get(region, Switch())
            new = Switch(
                overflow=old.overflow if told.overflow is None else told.overflow,
                notice=old.notice if told.notice is None else told.notice,
            )
            return replace(state, switches=_with(state.switches, region, new))
        case h.SeatKnown(region=region, number=number, endpoint=endpoint):
            place = (region, number)
            seats = (
                _with(state.seats, place, endpoint) if endpoint else _without(state.seats, place)
            )
            return replace(state, seats=seats)
        case h.Prioritized(linked_id=linked_id, priority=priority):
            memo = state.calls.get(linked_id)
            if memo is None:
                return state
            # Asterisk puts it behind those who had this priority before.
            return _change(state, replace(memo, joined_at=told.at), priority=priority)
        case h.Invited(unique_id=unique_id, who=who, linked_id=linked_id):
            invite = Invite(who=who, linked_id=linked_id, at=told.at)
            return replace(state, invited=_with(state.invited, unique_id, invite))
        case h.WebSeen():
            return replace(state, web_seen_at=told.at)
        case h.LineLost():
            return replace(state, connected=False)
    return state


def _leg_began(state: State, told: h.LegBegan) -> State:
    invite = state.invited.get(told.unique_id)
    linked_id = invite.linked_id if invite else told.linked_id
    leg = Leg(unique_id=told.unique_id, linked_id=linked_id, channel=told.channel)
    region, position = state.house.endpoints.get(leg.endpoint, (None, None))
    leg = replace(leg, region=region, position=position)
    state = replace(state, legs=_with(state.legs, leg.unique_id, leg))
    memo = state.calls.get(leg.linked_id)
    rings = position is not None and leg.unique_id != leg.linked_id
    if memo is None or not rings or memo.live.is_callback or memo.room:
        return state
    if memo.live.state not in (CallState.OFFERED, CallState.GREETED, CallState.QUEUED):
        return state
    return _change(state, memo, state=CallState.RINGING, position=position)


def _leg_ended(state: State, told: h.LegEnded) -> tuple[State, tuple[Action, ...]]:
    leg = state.legs.get(told.unique_id)
    if leg is None:
        return state, ()
    state = replace(
        state,
        legs=_without(state.legs, leg.unique_id),
        spies=_without(state.spies, leg.unique_id),
        invited=_without(state.invited, leg.unique_id),
    )
    actions = _wrap_up(state, leg)
    memo = state.calls.get(leg.linked_id)
    if memo is None:
        return state, actions
    if not state.legs_of(leg.linked_id):
        return replace(state, calls=_without(state.calls, leg.linked_id)), actions
    live = memo.live
    if memo.room and live.position == leg.position is not None:
        return _change(state, memo, position=None), actions
    rang = live.state is CallState.RINGING and live.position == leg.position
    if (
        rang
        and not live.is_callback
        and not any(one.position for one in state.legs_of(leg.linked_id))
    ):
        state = _change(state, memo, state=CallState.QUEUED, position=None)
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


def _bridged(state: State, told: h.Bridged) -> State:
    leg = state.legs.get(told.unique_id)
    if leg is None:
        return state
    former = leg.linked_id
    linked_id = former if leg.unique_id in state.invited else told.linked_id
    leg = replace(leg, linked_id=linked_id, bridge=told.bridge, was_bridged=True)
    state = replace(state, legs=_with(state.legs, leg.unique_id, leg))
    if former != leg.linked_id and not state.legs_of(former):
        state = replace(state, calls=_without(state.calls, former))
    memo = state.calls.get(leg.linked_id)
    if memo is None:
        return state
    together = [one for one in state.legs_of(leg.linked_id) if one.bridge == told.bridge]
    if len(together) < 2:
        return state
    position = next((one.position for one in together if one.position is not None), None)
    third = memo.third_came or any(one.unique_id in state.invited for one in together)
    memo = replace(memo, third_came=third, alone_since=None)
    return _change(
        replace(state, calls=_with(state.calls, leg.linked_id, memo)),
        memo,
        state=CallState.ANSWERED,
        answered_at=memo.live.answered_at or told.at,
        position=position if position is not None else memo.live.position if memo.room else None,
    )


def _marked(state: State, told: h.Marked) -> State:
    memo, given = state.calls.get(told.linked_id), told.details
    if memo is None:
        return _new_call(state, told)
    match told.mark:
        case Mark.GREETED if memo.live.state is CallState.OFFERED:
            return _change(state, memo, state=CallState.GREETED)
        case Mark.QUEUED:
            back = replace(memo, joined_at=told.at, room="")
            return _change(
                replace(state, calls=_with(state.calls, told.linked_id, back)),
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
            return _change(state, memo, cannot_speak=True)
        case Mark.POSITION_LOST:
            return _change(
                state, memo, state=CallState.QUEUED, position=None, answered_at=None, on_hold=False
            )
        case Mark.OVERFLOW:
            return _change(state, memo, overflow=given.get("step", "overflow"))
        case Mark.CLOSED:
            return _change(state, memo, overflow="closed")
        case Mark.HELD:
            return _change(state, memo, held=given.get("step") == "asked")
        case Mark.CONFERENCE:
            joined = replace(memo, room=given.get("room", ""))
            return replace(state, calls=_with(state.calls, told.linked_id, joined))
        case names.VOICE_MARK:
            return _change(state, memo, voice=given.get("heard") == "yes")
        case Mark.ENDED:
            return _change(state, memo, state=CallState.ENDED)
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
        state, calls=_with(state.calls, told.linked_id, CallMemo(region=region, live=live))
    )


def _heard(state: State, told: h.HoldSwitched | h.Spoke | h.Keyed) -> State:
    leg = state.legs.get(told.unique_id)
    memo = state.calls.get(leg.linked_id) if leg else None
    if leg is None or memo is None:
        return state
    if isinstance(told, h.HoldSwitched):
        return _change(state, memo, on_hold=told.on) if leg.position is not None else state
    if leg.position is not None or leg.unique_id in state.invited:
        return state
    if isinstance(told, h.Spoke):
        return state if memo.live.has_spoken else _change(state, memo, has_spoken=True)
    twice = (
        told.digit == memo.key == "5"
        and memo.key_at is not None
        and told.at - memo.key_at <= TWO_KEYS
        and memo.live.state is CallState.ANSWERED
    )
    memo = replace(memo, key=told.digit, key_at=told.at)
    state = replace(state, calls=_with(state.calls, leg.linked_id, memo))
    return _change(state, memo, cannot_speak=True) if twice else state


def _member_gone(state: State, told: h.MemberGone) -> State:
    _, number = state.house.endpoints.get(told.endpoint, (None, None))
    if number is None:
        return state
    place = (told.region, number)
    member = state.members.get(place)
    # With another device at the same position the later word counts.
    if member is None or member.endpoint != told.endpoint:
        return state
    return replace(state, members=_without(state.members, place))


def _tick(state: State, at: datetime) -> tuple[State, tuple[Action, ...]]:
    asked = {key: when for key, when in state.asked.items() if at - when < ASK_AGAIN}
    with_legs = {leg.linked_id for leg in state.legs.values()}
    calls = {key: memo for key, memo in state.calls.items() if key in with_legs}
    invited = {
        key: invite
        for key, invite in state.invited.items()
        if key in state.legs or at - invite.at < ALONE
    }
    state = replace(state, asked=asked, calls=calls, invited=invited)
    state, freed = _free_from_wrap_up(state, at)
    state, saved = _save_the_lonely(state, at)
    return state, (*freed, *saved)


def _free_from_wrap_up(state: State, at: datetime) -> tuple[State, tuple[Action, ...]]:
    """Without a console nobody can say that a wrap-up is over: then time says it."""
    if state.web_seen_at is not None and at - state.web_seen_at < WEB_DEAD:
        return state, ()
    actions = []
    for place, memo in state.seen.items():
        key = f"wrap-up {place[0]} {place[1]}"
        late = memo.since is not None and at - memo.since >= WEB_DEAD
        if memo.state is PositionState.WRAP_UP and late and key not in state.asked:
            actions.append(pause(place[0], state.members[place].endpoint, None))
            state = replace(state, asked=_with(state.asked, key, at))
    return state, tuple(actions)


def _save_the_lonely(state: State, at: datetime) -> tuple[State, tuple[Action, ...]]:
    """Alone in a conference: back to the head of the queue, or it is over after a while."""
    actions: list[Action] = []
    for linked_id, memo in state.calls.items():
        if not memo.room:
            continue
        caller = state.caller(linked_id)
        others = [leg for leg in state.legs_of(linked_id) if leg is not caller]
        alone = caller is not None and not any(leg.bridge for leg in others)
        since = (memo.alone_since or at) if alone else None
        if since != memo.alone_since:
            kept = replace(memo, alone_since=since)
            state = replace(state, calls=_with(state.calls, linked_id, kept))
        if caller is None or since is None or f"alone {linked_id}" in state.asked:
            continue
        # A third party that still rings is company; the wait is longer then.
        patience = ALONE_LONG if memo.third_came or others else ALONE
        if at - since >= patience:
            actions += _rescue(memo, caller, others)
            state = replace(state, asked=_with(state.asked, f"alone {linked_id}", at))
    return state, tuple(actions)


def _rescue(memo: CallMemo, caller: Leg, others: list[Leg]) -> list[Action]:
    ended = [lenient("Hangup", Channel=leg.channel, Cause="16") for leg in others]
    if memo.third_came or memo.live.is_callback:
        return [*ended, lenient("Hangup", Channel=caller.channel, Cause="16")]
    priority = {"Variable": "QUEUE_PRIO", "Value": str(LOST_PRIORITY)}
    place = {"Context": names.context("queue", memo.region), "Exten": "s", "Priority": "1"}
    return [
        lenient("Setvar", Channel=caller.channel, **priority),
        lenient("Redirect", Channel=caller.channel, **place),
        *ended,
    ]


def _look_at_positions(state: State, at: datetime) -> State:
    """Since when each position does what it does."""
    fresh: dict[Place, PositionMemo] = {}
    for place, (doing, call) in seen_states(state).items():
        memo = state.seen.get(place)
        kept = memo.last_call if memo else ""
        if memo is None or memo.state is not doing or (call and call != kept):
            fresh[place] = PositionMemo(state=doing, since=at, last_call=call or kept)
    return replace(state, seen={**state.seen, **fresh}) if fresh else state


def _touched(before: State, after: State) -> frozenset[RegionId]:
    regions: set[RegionId] = set()
    if before.connected != after.connected:
        return frozenset(after.house.plans)
    for name in ("calls", "members", "switches", "seen", "seats"):
        old, new = getattr(before, name), getattr(after, name)
        if old is new:
            continue
        for key in old.keys() | new.keys():
            if old.get(key) != new.get(key):
                regions.add(_region_of(name, key, before, after))
    if before.reachable is not after.reachable or before.legs is not after.legs:
        changed = before.reachable ^ after.reachable
        regions |= {
            after.house.endpoints[one][0] for one in changed if one in after.house.endpoints
        }
        regions |= _regions_of_legs(before, after)
    if before.spies != after.spies or before.invited != after.invited:
        regions |= {memo.region for memo in after.calls.values()}
    return frozenset(regions)


def _region_of(name: str, key: object, before: State, after: State) -> RegionId:
    if name == "calls":
        memo = after.calls.get(str(key)) or before.calls[str(key)]
        return memo.region
    return key[0] if isinstance(key, tuple) else RegionId(str(key))


def _regions_of_legs(before: State, after: State) -> set[RegionId]:
    found = set()
    for unique_id in before.legs.keys() | after.legs.keys():
        old, new = before.legs.get(unique_id), after.legs.get(unique_id)
        if old is not new:
            leg = new or old
            memo = after.calls.get(leg.linked_id) if leg else None
            if memo is not None and memo.room:
                found.add(memo.region)
    return found


def _change(state: State, memo: CallMemo, /, **fields: object) -> State:
    live: LiveCall = replace(memo.live, **fields)  # type: ignore[arg-type]
    changed = replace(memo, live=live)
    return replace(state, calls=_with(state.calls, live.linked_id, changed))


def _with(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return {**mapping, key: value}


def _without(mapping: Mapping[K, V], key: K) -> Mapping[K, V]:
    if key not in mapping:
        return mapping
    return {one: value for one, value in mapping.items() if one != key}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
