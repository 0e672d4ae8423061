"""Nights told by their seeds: agencies answer, dawdle or keep silent, and the clock itself dies.

No urgent matter is left unanswered beyond the plan that was promised when it was sent.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

import msgspec
import pytest

from siaga.dispatch import services as dispatch
from siaga.dispatch.models import Assignment, EscalationRun
from siaga.dispatch.rules import AUDITOR_GRACE_SECONDS
from siaga.dispatch.services.sending import Order
from siaga.dispatch.types import AssignmentState, EscalationPlan
from siaga.followup import queries as followup
from siaga.journal import deadlines
from siaga.journal import queries as journal
from siaga.kernel.types import RegionId, Urgency
from siaga.regions.types import EscalationAction
from tests import cast
from tests.rooms.replaying import replay
from tests.rooms.test_path import incident_on, write

SEEDS = int(os.environ.get("SIAGA_NIGHTS", "4"))
TICK = timedelta(seconds=5)
NIGHT = timedelta(minutes=25)
EVERY = timedelta(minutes=3)
URGENT = (Urgency.P1, Urgency.P2)
AGENCIES = ("damkar", "bpbd", "psc119")


@dataclass
class Night:
    """One seed drives when matters arise, how agencies are, and when the clock is dead."""

    region_id: RegionId
    now: datetime
    seed: int
    chance: Random = field(init=False)
    answers_at: dict[UUID, datetime | None] = field(default_factory=dict)
    dead_until: datetime = field(init=False)
    slack: dict[UUID, timedelta] = field(default_factory=dict)
    """By assignment: how long the clock has been dead since it was sent."""

    def __post_init__(self) -> None:
        self.chance, self.dead_until = Random(self.seed), self.now
        self.sari, self.made = cast.enter("sari", self.now), cast.enter("made", self.now)

    def pass_by(self) -> None:
        """All of it."""
        began, arises = self.now, self.now
        while self.now - began < NIGHT:
            if self.now >= arises:
                self._matter()
                arises = self.now + EVERY * self.chance.uniform(0.4, 1.6)
            self._agencies()
            if self.chance.random() < 0.01:
                self.dead_until = self.now + timedelta(seconds=self.chance.uniform(10, 60))
            if self.now >= self.dead_until:
                deadlines.run_due(self.now)
                self.look()
            else:
                self.slack = {key: value + TICK for key, value in self.slack.items()}
            self.now += TICK

    def look(self) -> None:
        """Each step of each plan was done in its time, and none after the answer."""
        for run in EscalationRun.objects.select_related("assignment"):
            plan = msgspec.convert(run.plan, EscalationPlan)
            until = run.stopped_at or self.now
            due = [run.started_at + timedelta(seconds=one.after_seconds) for one in plan.steps]
            told = sorted(notice.at for notice in run.assignment.notices.all())
            slack = self.slack[run.assignment_id] + TICK
            where = f"seed {self.seed} at {self.now}, assignment {run.assignment_id}"
            assert len(told) >= sum(one + slack <= until for one in due), where
            assert len(told) <= sum(one <= until for one in due), where
            assert all(at - one <= slack for at, one in zip(told, due, strict=False)), where

    def _matter(self) -> None:
        number = len(self.answers_at)
        write(self.region_id, "tolong", self.now, sender=f"62813{number:05d}", n=number)
        urgency = self.chance.choice(URGENT)
        incident_id = incident_on(self.sari, self.now, urgency=urgency)
        codes = self.chance.sample(AGENCIES, self.chance.randint(1, 2))
        sent = dispatch.send(
            incident_id,
            [Order(agency_code=code) for code in codes],
            region_id=self.region_id,
            by=self.sari.actor,
            now=self.now,
        )
        for assignment_id in sent:
            wait = self.chance.choice((None, None, 20, 90, 200, 500))
            at = None if wait is None else self.now + timedelta(seconds=wait)
            self.answers_at[assignment_id], self.slack[assignment_id] = at, timedelta(0)

    def _agencies(self) -> None:
        step = {"region_id": self.region_id, "by": self.made.actor, "now": self.now}
        for assignment_id, at in self.answers_at.items():
            if at is None or self.now < at:
                continue
            self.answers_at[assignment_id] = None
            if self.chance.random() < 0.3:
                dispatch.decline(assignment_id, reason="unit rusak", **step)
            else:
                dispatch.acknowledge(assignment_id, **step)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_nothing_urgent_is_unanswered_beyond_its_plan(
    in_banyuwangi: RegionId, now: datetime, seed: int
) -> None:
    night = Night(in_banyuwangi, now, seed)
    night.pass_by()
    night.now = max(night.now, night.dead_until)
    deadlines.run_due(night.now)
    grace = timedelta(seconds=AUDITOR_GRACE_SECONDS)
    assert followup.orphans(in_banyuwangi, night.now) == []
    for assignment in Assignment.objects.filter(state=AssignmentState.SENT):
        run = EscalationRun.objects.get(assignment=assignment)
        alarms = [
            one.after_seconds
            for one in msgspec.convert(run.plan, EscalationPlan).steps
            if one.action == EscalationAction.ALARM_SUPERVISOR
        ]
        assert alarms, "an urgent plan ends with a person who is told"
        promised = timedelta(seconds=alarms[0]) + night.slack[assignment.id] + TICK + grace
        if night.now - run.started_at > promised:
            assert assignment.alarmed_at is not None, f"seed {seed}: {assignment.id}"
            assert assignment.alarmed_at - run.started_at <= promised
    told = replay(journal.entries(in_banyuwangi, limit=10_000)[::-1])
    assert told.assignments == dict(Assignment.objects.values_list("id", "state"))
