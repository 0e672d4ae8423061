"""Thousands of evenings at the desk, each told by its seed alone.

The core hears what happens and asks for pauses; console and daemon die when they like.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from siaga.telephony.live import happening as h
from siaga.telephony.live.acting import Order, Refused, plan_of
from siaga.telephony.live.picture import PositionState
from siaga.telephony.live.state import WRAP_UP, House, State, picture
from siaga.telephony.live.step import step
from siaga.telephony.live.upkeep import ASK_AGAIN, WEB_DEAD
from siaga.telephony.types import CallState, CommandKind
from tests.rooms.telephony.live.world import HERE, PLAN, START, TURN, World

SEEDS = int(os.environ.get("SIAGA_SEEDS", "2000"))
CHUNK = 25
EVENING_SECONDS = 150
WRAP_UP_MAX = WEB_DEAD + ASK_AGAIN + timedelta(seconds=5)
HOUSE = House.of([PLAN])
STATES = {
    "queued": CallState.QUEUED,
    "ladder": CallState.QUEUED,
    "ringing": CallState.RINGING,
    "talking": CallState.ANSWERED,
    "room": CallState.ANSWERED,
}


@dataclass
class Evening:
    """A world, the core that watches it, and everything the core was told."""

    seed: int
    chance: random.Random = field(init=False)
    world: World = field(init=False)
    state: State = field(default_factory=lambda: State(house=HOUSE))
    told: list[h.Happening] = field(default_factory=list)
    web_alive_until: float = 0.0
    web_dead_until: float = 0.0
    daemon_dead_until: float = 0.0
    orders: int = 0

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.world = World(self.chance)

    def live(self) -> None:
        """All of it; AssertionError where a call is lost or a picture is wrong."""
        self.tell(self.world.everything())
        turns = 0
        while self.world.now < EVENING_SECONDS:
            turns += 1
            self.world.turn()
            self._fate()
            if self.world.now < self.daemon_dead_until:
                self.world.told.clear()
                continue
            self._hear()
            if self.world.now >= self.web_dead_until:
                if turns % 10 == 0:
                    self.tell(h.WebSeen(at=self.world.at))
                self._people()
            if turns % 2 == 0:
                self.tell(h.Tick(at=self.world.at))
                self._hear()
                self._compare()

    def tell(self, told: h.Happening) -> None:
        """One step; what the core wants is done at once."""
        self.told.append(told)
        done = step(self.state, told)
        self.state = done.state
        for action in done.actions:
            self.world.do(action)

    def _hear(self) -> None:
        while self.world.told:
            self.tell(self.world.told.pop(0))

    def _fate(self) -> None:
        if self.chance.random() < 0.004:
            self.web_dead_until = self.world.now + self.chance.uniform(5, 140)
        if self.chance.random() < 0.006 and self.world.now >= self.daemon_dead_until:
            self.daemon_dead_until = self.world.now + self.chance.uniform(0.5, 10)
            # The next one begins with nothing but what Asterisk says.
            self.state = State(house=HOUSE)
            self.told.clear()
        elif 0 < self.daemon_dead_until <= self.world.now and not self.state.connected:
            self.world.told.clear()
            self.tell(self.world.everything())

    def _people(self) -> None:
        """Who is at the console: ends wrap-ups, takes breaks, brings third parties in."""
        for member in self.world.members.values():
            if member.paused and self.chance.random() < 0.15:
                wraps = member.reason == WRAP_UP
                self._ask("wrap_up_done" if wraps else "ready", number=member.number)
            elif not member.paused and self.chance.random() < 0.004:
                self._ask("pause", number=member.number, reason="ibadah")
        for call in list(self.world.calls.values()):
            if call.phase == "talking" and self.chance.random() < 0.02:
                self._ask("conference", call=call.key, phone="113")
            elif call.phase == "queued" and self.chance.random() < 0.01:
                self._ask("move_up", call=call.key)

    def _ask(self, kind: str, **payload: object) -> None:
        self.orders += 1
        order = Order(
            region=HERE,
            kind=CommandKind(kind),
            payload=payload,
            at=self.world.at,
            leg_id=f"x{self.orders}",
        )
        try:
            wanted = plan_of(self.state, order)
        except Refused:
            return
        for told in wanted.then:
            if isinstance(told, h.Invited):
                self.tell(told)
        for action in wanted.actions:
            self.world.do(action)
        for told in wanted.then:
            if not isinstance(told, h.Invited):
                self.tell(told)
        self._hear()

    def _compare(self) -> None:
        """The picture is the world."""
        world, seen = self.world, picture(self.state, HERE)
        assert {one.linked_id for one in seen.calls} == set(world.calls), self._where()
        for shown in seen.calls:
            call = world.calls[shown.linked_id]
            assert shown.state is STATES[call.phase], (self._where(), shown, call)
            assert shown.cannot_speak == call.silent
            if call.phase in ("ringing", "talking"):
                assert shown.position == call.position, (self._where(), shown, call)
        assert list(seen.waiting) == [one.key for one in world.line()], self._where()
        for member in world.members.values():
            shown_state = seen.positions[member.number - 1].state
            assert shown_state is world.doing(member), (self._where(), member)
            if member.paused and member.reason == WRAP_UP and world.now >= self.daemon_dead_until:
                since = max(member.paused_at, self.daemon_dead_until)
                assert timedelta(seconds=world.now - since) < WRAP_UP_MAX, self._where()

    def _where(self) -> str:
        return f"seed {self.seed} at {self.world.now}"


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_no_call_is_lost_and_nobody_is_left_out_of_the_queue(first: int) -> None:
    for seed in range(first, first + CHUNK):
        evening = Evening(seed)
        evening.live()
        world = evening.world
        assert world.offered == world.ended + len(world.calls)


@pytest.mark.parametrize("seed", range(20))
def test_the_same_happenings_lead_to_the_same_state(seed: int) -> None:
    evening = Evening(seed)
    evening.live()
    again = State(house=HOUSE)
    for told in evening.told:
        again = step(again, told).state
    assert again == evening.state


@pytest.mark.parametrize("seed", range(20, 60))
def test_a_daemon_that_comes_late_sees_what_one_sees_that_was_there(seed: int) -> None:
    evening = Evening(seed)
    evening.live()
    fresh = step(State(house=HOUSE), evening.world.everything()).state
    old, new = picture(evening.state, HERE), picture(fresh, HERE)
    assert [(one.linked_id, one.state, one.position, one.priority) for one in new.calls] == [
        (one.linked_id, one.state, one.position, one.priority) for one in old.calls
    ]
    assert [one.state for one in new.positions] == [one.state for one in old.positions]
    assert [one.parties for one in new.calls] == [one.parties for one in old.calls]


def test_without_a_console_nobody_stays_in_wrap_up() -> None:
    evening = Evening(7)
    evening.tell(evening.world.everything())
    member = evening.world.members[1]
    member.paused, member.reason = True, WRAP_UP
    evening.world.say_member(member)
    evening._hear()
    for _ in range(int(WRAP_UP_MAX.total_seconds() / TURN)):
        evening.world.now += TURN
        evening.tell(h.Tick(at=evening.world.at))
        evening._hear()
    assert not member.paused
    assert evening.state.seen[HERE, 1].state is PositionState.READY
    assert evening.world.at > START
