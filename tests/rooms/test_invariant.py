"""Whatever people do in whatever order: nobody who came in is without an outcome or an owner."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest

from siaga.accounts.types import Viewer
from siaga.dispatch import services as dispatch
from siaga.dispatch.models import Assignment
from siaga.dispatch.services.sending import Order
from siaga.dispatch.types import AssignmentState
from siaga.followup import queries as followup_queries
from siaga.followup import services as followup
from siaga.intake import queries as intake_queries
from siaga.intake import services as intake
from siaga.intake.models import Contact, Report
from siaga.intake.services.rows import SILENT_HOLD, WAITING_ALARM
from siaga.intake.types import ContactDisposition, ContactState, ReportState, Telling
from siaga.journal import queries as journal_queries
from siaga.journal.models import Deadline
from siaga.journal.types import Actor
from siaga.kernel.errors import SiagaError
from siaga.kernel.types import RegionId, Urgency
from siaga.triage import services as triage
from siaga.triage.models import Assessment, Incident
from siaga.triage.types import IncidentDisposition, Verdict
from tests import cast
from tests.rooms.replaying import replay
from tests.rooms.test_path import PLACE, write

STEPS = 45
STEP_SECONDS = 8  # all of it stays within the patience of the house


class NothingThere(Exception):
    """The deed has nobody and nothing to be done to; another one is drawn."""


class Shift:
    """A busy hour of two call takers, drawn from one seed."""

    def __init__(self, seed: int, region_id: RegionId, now: datetime) -> None:
        self.chance, self.region_id, self.now, self.written = Random(seed), region_id, now, 0
        self.people = [cast.enter("sari", now), cast.enter("dewi", now)]
        self.done: list[str] = []

    def work(self) -> None:
        deeds = [self.citizen_writes, self.citizen_writes, self.claim, self.claim, self.release]
        deeds += [self.dispose, self.undo, self.file, self.file, self.refuse, self.open, self.open]
        deeds += [self.join, self.unjoin, self.send, self.send, self.answer, self.answer]
        deeds += [self.close, self.reopen, self.object]
        while len(self.done) < STEPS:
            deed = self.chance.choice(deeds)
            try:
                deed()
            except NothingThere:
                continue
            except SiagaError as refused:
                self.done.append(f"{deed.__name__} ({refused.code})")
            else:
                self.done.append(deed.__name__)
            self.look()
            self.now += timedelta(seconds=STEP_SECONDS)

    def look(self) -> None:
        told = f"after {self.done}"
        assert followup_queries.orphans(self.region_id, self.now) == [], told
        for contact in Contact.objects.all():
            assert self.accounted_for(contact), f"{contact.state} {told}"
        since, until = self.now - timedelta(days=1), self.now + timedelta(days=1)
        came = intake_queries.funnel(self.region_id, since=since, until=until, with_tests=True)
        assert sum(came.values()) == Contact.objects.count(), told
        for incident in Incident.objects.all():
            assert incident.report_count == incident.assessments.count(), told

    def accounted_for(self, contact: Contact) -> bool:
        running = Deadline.objects.filter(subject_id=contact.id, finished_at=None)
        clocks = sorted(running.values_list("name", flat=True))
        wanted = [WAITING_ALARM] if contact.waiting_since is not None else []
        wanted += [SILENT_HOLD] if contact.state == ContactState.CLAIMED else []
        if clocks != sorted(wanted):
            return False
        report = Report.objects.filter(contact=contact).first()
        match ContactState(contact.state):
            case ContactState.WAITING:
                return contact.waiting_since is not None
            case ContactState.CLAIMED:
                return contact.claimed_by is not None
            case ContactState.DISPOSED:
                return bool(contact.disposition) and (report is None or bool(report.answered_at))
            case ContactState.REPORTED:
                return report is not None and report.state != ReportState.RECEIVED

    # -- deeds -------------------------------------------------------------------------------------
    @property
    def somebody(self) -> Viewer:
        return self.chance.choice(self.people)

    def step(self) -> dict[str, object]:
        return {"region_id": self.region_id, "by": self.somebody.actor, "now": self.now}

    def one(self, rows: object) -> object:
        found = list(rows.order_by("pk"))
        if not found:
            raise NothingThere
        return self.chance.choice(found)

    def verdict(self) -> Verdict:
        code, urgency = self.chance.choice([("KBK-BANGUNAN", Urgency.P1), ("JALAN", Urgency.P4)])
        return Verdict(type_code=code, urgency=urgency, place=PLACE)

    def citizen_writes(self) -> None:
        self.written += 1
        who = f"62812{self.chance.randrange(4)}"
        write(self.region_id, "halo", self.now, sender=who, n=self.written)

    def claim(self) -> None:
        contact = self.one(Contact.objects.filter(waiting_since__isnull=False))
        intake.claim(contact.id, **self.step())

    def release(self) -> None:
        contact = self.one(Contact.objects.filter(state=ContactState.CLAIMED))
        intake.release(contact.id, reason="break", **self.step())

    def dispose(self) -> None:
        kind = self.chance.choice(list(ContactDisposition))
        intake.dispose(self.one(Contact.objects.all()).id, kind, **self.step())

    def undo(self) -> None:
        ended = self.one(Contact.objects.filter(state=ContactState.DISPOSED))
        intake.undo_disposition(ended.id, **self.step())

    def file(self) -> None:
        contact = self.one(Contact.objects.filter(state=ContactState.CLAIMED))
        step = self.step() | {"by": Actor.person(contact.claimed_by)}
        telling = Telling(narrative="x", type_code="JALAN", place=PLACE)
        intake.file_report(contact.id, telling, **step)

    def refuse(self) -> None:
        intake.refuse(self.one(Report.objects.all()).id, reason="bukan", **self.step())

    def open(self) -> None:
        report = self.one(Report.objects.filter(state=ReportState.IN_TRIAGE))
        triage.open_incident(report.id, self.verdict(), **self.step())

    def join(self) -> None:
        report = self.one(Report.objects.filter(state=ReportState.IN_TRIAGE))
        triage.join(report.id, self.one(Incident.objects.all()).id, **self.step())

    def unjoin(self) -> None:
        joined = self.one(Assessment.objects.exclude(incident=None))
        triage.unjoin(joined.report_id, **self.step())

    def send(self) -> None:
        order = Order(agency_code=self.chance.choice(["damkar", "bpbd", "psc119"]))
        dispatch.send(self.one(Incident.objects.all()).id, [order], **self.step())

    def answer(self) -> None:
        sent = self.one(Assignment.objects.all()).id
        answers: list[Callable[[], object]] = [
            lambda: dispatch.acknowledge(sent, **self.step()),
            lambda: dispatch.advance(sent, AssignmentState.ON_SCENE, **self.step()),
            lambda: dispatch.decline(sent, reason="jauh", **self.step()),
            lambda: dispatch.finish(sent, note="selesai", **self.step()),
            lambda: dispatch.withdraw(sent, reason="keliru", **self.step()),
        ]
        self.chance.choice(answers)()

    def close(self) -> None:
        incident = self.one(Incident.objects.all())
        followup.close(incident.id, IncidentDisposition.HANDLED, **self.step())

    def reopen(self) -> None:
        followup.reopen(self.one(Incident.objects.all()).id, reason="lagi", **self.step())

    def object(self) -> None:
        row = self.one(Report.objects.all())
        report = intake_queries.report(self.region_id, row.id)
        assert report is not None
        followup.object_to(report, "belum", by=Actor.citizen(row.id), now=self.now)


@pytest.mark.parametrize("seed", range(6))
def test_nobody_is_forgotten_whatever_happens(
    in_banyuwangi: RegionId, now: datetime, seed: int
) -> None:
    Shift(seed, in_banyuwangi, now).work()


@pytest.mark.parametrize("seed", range(6, 12))
def test_the_journal_alone_tells_how_everything_stands(
    in_banyuwangi: RegionId, now: datetime, seed: int
) -> None:
    shift = Shift(seed, in_banyuwangi, now)
    shift.work()
    told = replay(journal_queries.entries(in_banyuwangi, limit=10_000)[::-1])
    assert told.contacts == dict(Contact.objects.values_list("id", "state")), shift.done
    assert told.incidents == dict(Incident.objects.values_list("id", "status")), shift.done
    assert told.assignments == dict(Assignment.objects.values_list("id", "state")), shift.done
