"""The one function of the live picture: state and happening in, state and actions out. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from siaga.kernel.types import RegionId
from siaga.telephony.live import happening as h
from siaga.telephony.live.actions import Action
from siaga.telephony.live.changing import change, with_, without
from siaga.telephony.live.legs import bridged, leg_began, leg_ended
from siaga.telephony.live.marks import heard, marked
from siaga.telephony.live.rebuilding import rebuild
from siaga.telephony.live.state import Invite, Place, PositionMemo, State, Switch, seen_states
from siaga.telephony.live.touched import touched
from siaga.telephony.live.upkeep import tick


@dataclass(frozen=True, slots=True)
class Step:
    """What came of a happening."""

    state: State
    actions: tuple[Action, ...] = ()
    touched: frozenset[RegionId] = frozenset()


def step(state: State, told: h.Happening) -> Step:
    """The next state; whatever happens, in whatever order, it never fails."""
    before = state
    state, actions = _apply(replace(state, at=told.at), told)
    state = _look_at_positions(state, told.at)
    return Step(state, actions, touched(before, state))


def _apply(state: State, told: h.Happening) -> tuple[State, tuple[Action, ...]]:
    match told:
        case h.LegBegan():
            return leg_began(state, told), ()
        case h.LegEnded():
            return leg_ended(state, told)
        case h.Bridged():
            return bridged(state, told), ()
        case h.Unbridged(unique_id=unique_id) if unique_id in state.legs:
            leg = replace(state.legs[unique_id], bridge="")
            return replace(state, legs=with_(state.legs, unique_id, leg)), ()
        case h.Marked():
            return marked(state, told), ()
        case h.HoldSwitched() | h.Spoke() | h.Keyed():
            return heard(state, told), ()
        case h.SpyBegan(spy=spy, target=target):
            return replace(state, spies=with_(state.spies, spy, target)), ()
        case h.SpyEnded(spy=spy):
            return replace(state, spies=without(state.spies, spy)), ()
        case h.MemberSeen(region=region, member=member):
            place = (region, member.number)
            return replace(state, members=with_(state.members, place, member)), ()
        case h.MemberGone():
            return _member_gone(state, told), ()
        case h.Tick():
            return tick(state, told.at)
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
            return replace(state, switches=with_(state.switches, region, new))
        case h.SeatKnown(region=region, number=number, endpoint=endpoint):
            place = (region, number)
            seats = with_(state.seats, place, endpoint) if endpoint else without(state.seats, place)
            return replace(state, seats=seats)
        case h.Prioritized(linked_id=linked_id, priority=priority):
            memo = state.calls.get(linked_id)
            if memo is None:
                return state
            # Asterisk puts it behind those who had this priority before.
            return change(state, replace(memo, joined_at=told.at), priority=priority)
        case h.Invited(unique_id=unique_id, who=who, linked_id=linked_id):
            invite = Invite(who=who, linked_id=linked_id, at=told.at)
            return replace(state, invited=with_(state.invited, unique_id, invite))
        case h.WebSeen():
            return replace(state, web_seen_at=told.at)
        case h.LineLost():
            return replace(state, connected=False)
    return state


def _member_gone(state: State, told: h.MemberGone) -> State:
    _, number = state.house.endpoints.get(told.endpoint, (None, None))
    if number is None:
        return state
    place = (told.region, number)
    member = state.members.get(place)
    # With another device at the same position the later word counts.
    if member is None or member.endpoint != told.endpoint:
        return state
    return replace(state, members=without(state.members, place))


def _look_at_positions(state: State, at: datetime) -> State:
    """Since when each position does what it does."""
    fresh: dict[Place, PositionMemo] = {}
    for place, (doing, call) in seen_states(state).items():
        memo = state.seen.get(place)
        kept = memo.last_call if memo else ""
        if memo is None or memo.state is not doing or (call and call != kept):
            fresh[place] = PositionMemo(state=doing, since=at, last_call=call or kept)
    return replace(state, seen={**state.seen, **fresh}) if fresh else state
