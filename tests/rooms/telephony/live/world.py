"""A small Asterisk to play with: one region, a queue, people who do as they please.

It knows nothing of the core but what it tells it and what it is told by it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from siaga.kernel.types import RegionId
from siaga.telephony import names
from siaga.telephony.live import happening as h
from siaga.telephony.live.actions import Action
from siaga.telephony.live.picture import PositionState
from siaga.telephony.live.state import WRAP_UP, Leg, Member, Switch
from siaga.telephony.names import Mark
from siaga.telephony.types import Greeting, Overflow, PhonePlan

HERE = RegionId("utara")
START = datetime(2026, 11, 22, tzinfo=UTC)
RING_SECONDS, QUEUE_SECONDS, LEFT_ALONE_SECONDS, PROMPT_SECONDS = 15.0, 45.0, 2.0, 8.0
ROUNDS = 2
TURN = 0.5
PLAN = PhonePlan(
    region=HERE,
    did=("112",),
    trunk_addresses=("127.0.0.10",),
    positions=3,
    language="id",
    timezone="Asia/Jakarta",
    greetings=(Greeting(starts=time(0), text="Selamat datang."),),
    press_one="",
    hours=(),
    holidays=(),
    overflow=Overflow(reserve=(), neighbor="", mobile=""),
    dial_allowed=("08", "113"),
)


@dataclass
class WorldCall:
    """A caller, and where the dialplan has them."""

    key: str
    number: str
    began: float
    phase: str = "offered"  # offered queued ringing talking ladder room
    priority: int = 10
    joined: float = 0.0
    phase_at: float = 0.0
    rounds: int = 1
    position: int | None = None
    leg: str = ""
    third: str = ""
    third_came: bool = False
    room: str = ""
    silent: bool = False
    patience: float = 60.0
    talk_until: float = 0.0


@dataclass
class WorldMember:
    """A position in the queue."""

    number: int
    paused: bool = False
    reason: str = ""
    reachable: bool = True
    free_at: float = 0.0
    answers_after: float = 1.0
    paused_at: float = 0.0

    @property
    def endpoint(self) -> str:
        return names.position(HERE, self.number)


@dataclass
class World:
    """Time, calls, members; `told` is what Asterisk has said since it was last read."""

    chance: random.Random
    now: float = 0.0
    calls: dict[str, WorldCall] = field(default_factory=dict)
    members: dict[int, WorldMember] = field(default_factory=dict)
    told: list[h.Happening] = field(default_factory=list)
    offered: int = 0
    ended: int = 0
    overflow: str = ""
    legs: int = 0

    def __post_init__(self) -> None:
        for number in range(1, PLAN.positions + 1):
            self.members[number] = WorldMember(number)

    @property
    def at(self) -> datetime:
        """The moment as the core knows it."""
        return START + timedelta(seconds=self.now)

    # -- what people do -------------------------------------------------------------------------

    def turn(self) -> None:
        """Half a second passes."""
        self.now += TURN
        if self.chance.random() < 0.12:
            self.offer()
        for call in list(self.calls.values()):
            self._live(call)
        self._ring()

    def offer(self) -> None:
        """The telephone rings."""
        self.offered += 1
        key = f"s-{self.offered}.0"
        call = WorldCall(key, f"0812{self.offered:04d}", self.now, phase_at=self.now)
        call.patience = self.chance.choice((1.0, 5.0, 30.0, 90.0, 200.0))
        self.calls[key] = call
        self._say(h.LegBegan, unique_id=key, linked_id=key, channel=f"PJSIP/trunk-{HERE}-{key}")
        given = {"region": HERE, "number": call.number, "did": "112", "test": ""}
        self._mark(call, Mark.OFFERED, given)
        self._mark(call, Mark.GREETED, {"part": "0000"})
        self._queue(call)

    def _live(self, call: WorldCall) -> None:
        waited = self.now - call.phase_at
        if call.phase in ("queued", "ringing", "ladder") and self.now - call.began > call.patience:
            self.hang_up(call)
        elif call.phase == "queued" and self.chance.random() < 0.02 and not call.silent:
            call.silent, call.priority = True, 20
            self._mark(call, Mark.CANNOT_SPEAK, {"where": "queue"})
            self._queue(call)
        elif call.phase == "queued" and self.now - call.joined > QUEUE_SECONDS:
            call.phase, call.phase_at = "ladder", self.now
            self._mark(call, Mark.OVERFLOW, {"step": "instruction"})
        elif call.phase == "ladder" and waited > PROMPT_SECONDS:
            if call.rounds >= ROUNDS:
                self.hang_up(call)
            else:
                call.rounds, call.priority = call.rounds + 1, max(call.priority, 15)
                self._queue(call)
        elif call.phase == "ringing" and call.position is not None:
            self._rings(call, self.members[call.position], waited)
        elif call.phase == "talking" and self.now > call.talk_until:
            self._talked(call)
        elif call.phase == "room" and self.chance.random() < 0.1:
            self._in_room(call)

    def _rings(self, call: WorldCall, member: WorldMember, waited: float) -> None:
        if waited > min(RING_SECONDS, member.answers_after):
            if member.answers_after > RING_SECONDS:
                self._leg_gone(call)
                call.phase, call.phase_at = "queued", self.now
                return
            call.phase, call.phase_at = "talking", self.now
            call.talk_until = self.now + self.chance.uniform(1, 30)
            self._bridge(call.key, call.key, f"b{call.leg}")
            self._bridge(call.leg, call.key, f"b{call.leg}")

    def _talked(self, call: WorldCall) -> None:
        how = self.chance.random()
        if how < 0.4:
            self.hang_up(call)
        elif how < 0.8:
            self._leg_gone(call)
            self.hang_up(call)
        else:
            lost = call.position
            self._leg_gone(call)
            self._mark(call, Mark.POSITION_LOST, {"position": str(lost), "cause": "44"})
            call.priority = 30
            self._queue(call)

    def _in_room(self, call: WorldCall) -> None:
        how = self.chance.random()
        if call.third and not call.third_came and how < 0.5:
            call.third_came = True
            self._bridge(call.third, call.third, f"r{call.room}")
        elif call.third and how < 0.6:
            self._gone(call.third)
            call.third = ""
        elif call.leg and how < 0.8:
            self._leg_gone(call)
        elif how > 0.95:
            self.hang_up(call)

    def hang_up(self, call: WorldCall) -> None:
        """The caller's channel ends, and every leg with it."""
        del self.calls[call.key]
        self.ended += 1
        self._mark(call, Mark.ENDED, {"reason": "abandoned"})
        self._gone(call.key)
        if call.leg:
            self._leg_gone(call)
        if call.third:
            self._gone(call.third)

    # -- what Asterisk does ---------------------------------------------------------------------

    def line(self) -> list[WorldCall]:
        """Who waits, in order."""
        waiting = [one for one in self.calls.values() if one.phase in ("queued", "ringing")]
        return sorted(waiting, key=lambda one: (-one.priority, one.joined, one.key))

    def _ring(self) -> None:
        free = [one for one in self.members.values() if self._is_free(one)]
        for call in self.line():
            if call.phase != "queued" or not free:
                continue
            member = free.pop(0)
            member.answers_after = self.chance.choice((0.4, 1.0, 3.0, 20.0))
            self.legs += 1
            call.leg, call.position = f"s-{self.offered}.leg{self.legs}", member.number
            call.phase, call.phase_at = "ringing", self.now
            self._say(
                h.LegBegan,
                unique_id=call.leg,
                linked_id=call.key,
                channel=f"PJSIP/{member.endpoint}-{self.legs:08x}",
            )

    def _is_free(self, member: WorldMember) -> bool:
        busy = any(one.leg and one.position == member.number for one in self.calls.values())
        return not busy and not member.paused and member.reachable and self.now >= member.free_at

    def _queue(self, call: WorldCall) -> None:
        call.phase, call.joined, call.phase_at = "queued", self.now, self.now
        call.room = ""
        self._mark(call, Mark.QUEUED, {"priority": str(call.priority)})

    def _leg_gone(self, call: WorldCall) -> None:
        if call.position is not None and call.phase in ("talking", "room"):
            self.members[call.position].free_at = self.now + LEFT_ALONE_SECONDS
        self._gone(call.leg)
        call.leg, call.position = "", None

    def _gone(self, unique_id: str) -> None:
        self._say(h.LegEnded, unique_id=unique_id)

    def _bridge(self, unique_id: str, linked_id: str, bridge: str) -> None:
        self._say(h.Bridged, unique_id=unique_id, linked_id=linked_id, bridge=bridge)

    def _mark(self, call: WorldCall, mark: Mark, given: dict[str, str]) -> None:
        self._say(h.Marked, unique_id=call.key, linked_id=call.key, mark=mark, details=given)

    def _say(self, kind: type[h.Happening], **fields: object) -> None:
        self.told.append(kind(at=self.at, **fields))

    # -- what it is told ------------------------------------------------------------------------

    def do(self, action: Action) -> None:
        """Carry out an action of the core or of a command."""
        given = dict(action.fields)
        match action.name:
            case "QueuePause":
                self._pause(given)
            case "Hangup":
                self._end(given["Channel"])
            case "Redirect" if "ExtraChannel" in given:
                self._to_room(given)
            case "Redirect":
                call = self._call_of(given["Channel"])
                if call is not None:
                    call.priority = 30
                    self._queue(call)
            case "Originate":
                self._invite(given)
            case "QueueChangePriorityCaller":
                call = self._call_of(given["Caller"])
                if call is not None:
                    call.priority, call.joined = int(given["Priority"]), self.now

    def _pause(self, given: dict[str, str]) -> None:
        endpoint = given["Interface"].removeprefix("PJSIP/")
        member = next(one for one in self.members.values() if one.endpoint == endpoint)
        member.paused = given["Paused"] == "true"
        member.reason = given["Reason"] if member.paused else ""
        member.paused_at = self.now
        self.say_member(member)

    def say_member(self, member: WorldMember) -> None:
        """Asterisk tells of a member."""
        self._say(h.MemberSeen, region=HERE, member=_as_member(member))

    def _end(self, channel: str) -> None:
        call = self._call_of(channel)
        if call is not None:
            self.hang_up(call)
            return
        for one in self.calls.values():
            if one.leg and channel.endswith(f"-{int(one.leg.partition('leg')[2]):08x}"):
                self._leg_gone(one)
                return
            if one.third and channel == f"PJSIP/trunk-{HERE}-{one.third}":
                self._gone(one.third)
                one.third = ""
                return

    def _to_room(self, given: dict[str, str]) -> None:
        call = self._call_of(given["Channel"])
        if call is None or call.phase != "talking":
            return
        call.phase, call.room, call.phase_at = "room", given["Exten"], self.now
        for leg in (call.leg, call.key):
            self._say(h.Unbridged, unique_id=leg)
        self._mark(call, Mark.CONFERENCE, {"room": call.room})
        for leg in (call.leg, call.key):
            self._bridge(leg, call.key, f"r{call.room}")

    def _invite(self, given: dict[str, str]) -> None:
        call = next((one for one in self.calls.values() if one.room == given["Exten"]), None)
        if call is None or call.third:
            return
        call.third, call.third_came = given["ChannelId"], False
        channel = f"PJSIP/trunk-{HERE}-{call.third}"
        self._say(h.LegBegan, unique_id=call.third, linked_id=call.third, channel=channel)

    def _call_of(self, channel: str) -> WorldCall | None:
        return self.calls.get(channel.removeprefix(f"PJSIP/trunk-{HERE}-"))

    # -- what it answers when it is asked for everything ------------------------------------------

    def everything(self) -> h.Rebuilt:
        """The lists that a daemon asks for when it comes."""
        return h.Rebuilt(
            at=self.at,
            legs=tuple(self._all_legs()),
            calls=tuple(self._found(one) for one in self.calls.values()),
            members=tuple((HERE, _as_member(one)) for one in self.members.values()),
            reachable=frozenset(one.endpoint for one in self.members.values() if one.reachable),
            switches={HERE: Switch(overflow=self.overflow)},
            invited={one.third: ("113", one.key) for one in self.calls.values() if one.third},
        )

    def _all_legs(self) -> Iterator[Leg]:
        for call in self.calls.values():
            together = call.phase in ("talking", "room")
            bridge = (f"r{call.room}" if call.room else f"b{call.leg}") if together else ""
            trunk = f"PJSIP/trunk-{HERE}-"
            yield Leg(
                unique_id=call.key, linked_id=call.key, channel=f"{trunk}{call.key}", bridge=bridge
            )
            if call.leg and call.position is not None:
                endpoint = names.position(HERE, call.position)
                yield Leg(
                    unique_id=call.leg,
                    linked_id=call.key,
                    channel=f"PJSIP/{endpoint}-{int(call.leg.partition('leg')[2]):08x}",
                    bridge=bridge,
                )
            if call.third:
                yield Leg(
                    unique_id=call.third,
                    linked_id=call.third,
                    channel=f"{trunk}{call.third}",
                    bridge=bridge if call.third_came else "",
                )

    def _found(self, call: WorldCall) -> h.CallFound:
        context = {"ladder": "overflow", "room": "room"}.get(call.phase, "queue")
        return h.CallFound(
            at=self.at,
            linked_id=call.key,
            region=HERE,
            number=call.number,
            priority=call.priority,
            cannot_speak=call.silent,
            context=context,
            room=call.room,
            seconds=self.now - call.began,
            place=self.line().index(call) + 1 if call.phase in ("queued", "ringing") else None,
        )

    def doing(self, member: WorldMember) -> PositionState:
        """What a screen should show of a position."""
        for call in self.calls.values():
            if call.leg and call.position == member.number:
                return PositionState.RINGING if call.phase == "ringing" else PositionState.TALKING
        if member.paused:
            wraps = member.reason == WRAP_UP
            return PositionState.WRAP_UP if wraps else PositionState.PAUSED
        return PositionState.READY if member.reachable else PositionState.UNREACHABLE


def _as_member(member: WorldMember) -> Member:
    return Member(
        endpoint=member.endpoint,
        number=member.number,
        paused=member.paused,
        reason=member.reason if member.paused else "",
    )
