"""What the daemon knows of the telephone, and the picture of it. Frozen and pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from siaga.kernel.types import RegionId
from siaga.telephony import names
from siaga.telephony.live.picture import LiveCall, LivePicture, LivePosition, PositionState
from siaga.telephony.types import CallState, Device, PhonePlan

WRAP_UP = "wrap-up"
"""The reason of a pause that we ourselves have asked for after a call."""
Place = tuple[RegionId, int]


@dataclass(frozen=True, slots=True)
class House:
    """Which endpoint is whose, from the plans."""

    plans: Mapping[RegionId, PhonePlan]
    endpoints: Mapping[str, tuple[RegionId, int | None]]

    @classmethod
    def of(cls, plans: Iterable[PhonePlan]) -> House:
        """Every position, desk phone, reserve and trunk of these regions."""
        known = {plan.region: plan for plan in plans}
        endpoints: dict[str, tuple[RegionId, int | None]] = {}
        for region, plan in known.items():
            endpoints[names.trunk(region)] = region, None
            for number in range(1, plan.positions + 1):
                for one in (names.position, names.desk, names.spare):
                    endpoints[one(region, number)] = region, number
            for number in range(1, len(plan.overflow.reserve) + 1):
                endpoints[names.reserve(region, number)] = region, None
        return cls(known, endpoints)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One channel of Asterisk."""

    unique_id: str
    linked_id: str
    channel: str
    region: RegionId | None = None
    position: int | None = None
    bridge: str = ""
    was_bridged: bool = False

    @property
    def endpoint(self) -> str:
        """`<region>-p3` for `PJSIP/<region>-p3-0000001a`."""
        return self.channel.removeprefix("PJSIP/").rpartition("-")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A phone in the queue."""

    endpoint: str
    number: int
    paused: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """Whom we have rung into a call. Asterisk itself gives such a leg another linkedid."""

    who: str
    linked_id: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """What supervisors have switched for all callers of a region."""

    overflow: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallMemo:
    """A call as it is shown, and what only we need of it."""

    region: RegionId
    live: LiveCall
    joined_at: datetime | None = None
    room: str = ""
    third_came: bool = False
    """Somebody besides caller and position has been in the conference."""
    alone_since: datetime | None = None
    key: str = ""
    key_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionMemo:
    """How a position was seen last; `last_call` is what it wraps up."""

    state: PositionState
    since: datetime | None
    last_call: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything. Mappings are replaced, never changed."""

    house: House
    connected: bool = False
    at: datetime | None = None
    legs: Mapping[str, Leg] = field(default_factory=dict)
    calls: Mapping[str, CallMemo] = field(default_factory=dict)
    members: Mapping[Place, Member] = field(default_factory=dict)
    seats: Mapping[Place, str] = field(default_factory=dict)
    reachable: frozenset[str] = frozenset()
    switches: Mapping[RegionId, Switch] = field(default_factory=dict)
    seen: Mapping[Place, PositionMemo] = field(default_factory=dict)
    spies: Mapping[str, str] = field(default_factory=dict)
    """Who listens to which leg, by unique ids."""
    invited: Mapping[str, Invite] = field(default_factory=dict)
    """By the unique id of the leg."""
    web_seen_at: datetime | None = None
    asked: Mapping[str, datetime] = field(default_factory=dict)
    """What the core has asked of Asterisk by itself, lest it ask on every tick."""

    def legs_of(self, linked_id: str) -> list[Leg]:
        """Every channel of a call."""
        return [leg for leg in self.legs.values() if leg.linked_id == linked_id]

    def legs_at(self, place: Place) -> list[Leg]:
        """Every channel of a position."""
        return [
            leg for leg in self.legs.values() if leg.position == place[1] and leg.region == place[0]
        ]

    def caller(self, linked_id: str) -> Leg | None:
        """The citizen's channel: the first one, or in a call-back the one of no position."""
        first = self.legs.get(linked_id)
        if first is not None and first.position is None:
            return first
        others = (leg for leg in self.legs_of(linked_id) if leg.position is None)
        return next((leg for leg in others if leg.unique_id not in self.invited), None)

    def endpoint_at(self, place: Place) -> str:
        """With what a position is served now; empty when nobody has taken it."""
        member = self.members.get(place)
        return self.seats.get(place) or (member.endpoint if member else "")


def seen_states(state: State) -> dict[Place, tuple[PositionState, str]]:
    """What every position is doing, and the linkedid of the call it is about."""
    at: dict[Place, list[Leg]] = {}
    for leg in state.legs.values():
        if leg.region is not None and leg.position is not None:
            at.setdefault((leg.region, leg.position), []).append(leg)
    places = (
        (region, number)
        for region, plan in state.house.plans.items()
        for number in range(1, plan.positions + 1)
    )
    return {place: _seen_state(state, place, at.get(place, [])) for place in places}


def seen_state(state: State, place: Place) -> tuple[PositionState, str]:
    """What one position is doing, and the linkedid of the call it is about."""
    return _seen_state(state, place, state.legs_at(place))


def _seen_state(state: State, place: Place, legs: list[Leg]) -> tuple[PositionState, str]:
    busy = [leg for leg in legs if leg.unique_id not in state.spies]
    for leg in busy:
        if leg.bridge or leg.was_bridged or _calls_out(state, leg):
            return PositionState.TALKING, leg.linked_id
    if busy:
        return PositionState.RINGING, busy[0].linked_id
    member = state.members.get(place)
    if member is None:
        return PositionState.EMPTY, ""
    if member.paused:
        if member.reason == WRAP_UP:
            memo = state.seen.get(place)
            return PositionState.WRAP_UP, memo.last_call if memo else ""
        return PositionState.PAUSED, ""
    if member.endpoint not in state.reachable:
        return PositionState.UNREACHABLE, ""
    return PositionState.READY, ""


def _calls_out(state: State, leg: Leg) -> bool:
    """Whether the position itself has dialled."""
    memo = state.calls.get(leg.linked_id)
    return memo is not None and memo.live.is_callback


def waiting(calls: Iterable[CallMemo]) -> tuple[str, ...]:
    """Linkedids of those who wait for a position, in Asterisk's order."""
    queued = [
        memo
        for memo in calls
        if memo.live.state in (CallState.QUEUED, CallState.RINGING)
        and not memo.live.overflow
        and not memo.live.is_callback
        and memo.joined_at is not None
    ]
    queued.sort(key=lambda memo: (-memo.live.priority, memo.joined_at, memo.live.linked_id))
    return tuple(memo.live.linked_id for memo in queued)


def picture(state: State, region: RegionId) -> LivePicture:
    """What the screens of a region show."""
    own = [memo for memo in state.calls.values() if memo.region == region]
    switch = state.switches.get(region, Switch())
    return LivePicture(
        connected=state.connected,
        at=state.at,
        calls=tuple(
            sorted(
                (_shown(state, memo) for memo in own),
                key=lambda call: (call.presented_at, call.linked_id),
            )
        ),
        positions=tuple(
            _position(state, (region, number + 1))
            for number in range(state.house.plans[region].positions)
        ),
        waiting=waiting(own),
        overflow=switch.overflow,
        notice=switch.notice,
    )


def _shown(state: State, memo: CallMemo) -> LiveCall:
    legs = state.legs_of(memo.live.linked_id)
    heard = {
        spy.position
        for spy_id, target in state.spies.items()
        if (spy := state.legs.get(spy_id)) is not None
        and spy.position is not None
        and any(leg.unique_id == target for leg in legs)
    }
    others = (
        state.invited[leg.unique_id].who
        for leg in legs
        if leg.bridge and leg.unique_id in state.invited
    )
    return replace(
        memo.live,
        heard_by=tuple(sorted(heard)),
        in_conference=bool(memo.room),
        parties=tuple(sorted(others)),
    )


def _position(state: State, place: Place) -> LivePosition:
    doing, call = seen_state(state, place)
    memo, member = state.seen.get(place), state.members.get(place)
    endpoint = state.endpoint_at(place)
    desk = names.desk(*place)
    return LivePosition(
        number=place[1],
        state=doing,
        since=memo.since if memo else None,
        reason=member.reason if member and member.paused else "",
        call=call,
        device=(Device.DESK if endpoint == desk else Device.BROWSER).value if endpoint else "",
        registered=endpoint in state.reachable,
    )
