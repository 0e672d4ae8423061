"""Assignments: sent once, answered, declined with a reason, escalated when silent."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
import pytest

from siaga.dispatch import queries, services
from siaga.dispatch.errors import (
    AlreadyAnswered,
    NotCleared,
    NothingToSend,
    ReasonMissing,
    UnknownAgency,
)
from siaga.dispatch.services.sending import Order
from siaga.dispatch.types import AssignmentId, AssignmentState
from siaga.intake.types import Place
from siaga.journal.models import Deadline
from siaga.kernel.errors import NotFound
from siaga.kernel.types import RegionId, Urgency
from siaga.regions import services as regions
from siaga.regions.types import AckClock, Profile
from siaga.triage import queries as triage_queries
from siaga.triage import services as triage
from siaga.triage.errors import PlaceUnknown
from siaga.triage.types import IncidentId, IncidentStatus, Verdict
from tests import cast
from tests.rooms.test_path import PLACE, incident_on, report_on, write


@pytest.fixture
def fire(in_banyuwangi: RegionId, now: datetime) -> IncidentId:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    return incident_on(sari, now)


def send(incident_id: IncidentId, now: datetime, *agencies: str) -> list[AssignmentId]:
    ratna = cast.enter("ratna", now)
    return services.send(
        incident_id,
        [Order(agency_code=code) for code in agencies],
        region_id=cast.BANYUWANGI,
        by=ratna.actor,
        now=now,
    )


def test_an_agency_that_has_it_already_is_left_in_peace(fire: IncidentId, now: datetime) -> None:
    first = send(fire, now, "damkar")
    assert services.send(
        fire,
        [Order(agency_code="damkar"), Order(agency_code="psc119", role="support")],
        region_id=cast.BANYUWANGI,
        by=cast_actor(),
        now=now,
    )
    sent = queries.assignments(cast.BANYUWANGI, fire)
    assert [item.agency_code for item in sent] == ["damkar", "psc119"]
    assert sent[0].id == first[0]


def cast_actor() -> object:
    from siaga.journal.types import Actor

    return Actor.system("test")


def test_wrong_orders_are_refused_with_their_reason(fire: IncidentId, now: datetime) -> None:
    with pytest.raises(UnknownAgency):
        send(fire, now, "pasukan-berkuda")
    with pytest.raises(NothingToSend):
        services.send(fire, [], region_id=cast.BANYUWANGI, by=cast_actor(), now=now)


def test_without_a_place_nobody_can_be_sent(in_banyuwangi: RegionId, now: datetime) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "kebakaran", now)
    report_id = report_on(sari, now, type_code="KBK-BANGUNAN", place=Place())
    incident_id = triage.open_incident(
        report_id,
        Verdict(type_code="KBK-BANGUNAN", urgency=Urgency.P1, place=Place()),
        region_id=in_banyuwangi,
        by=sari.actor,
        now=now,
    )
    with pytest.raises(PlaceUnknown):
        send(incident_id, now, "damkar")


def test_a_confidential_case_goes_only_to_a_cleared_agency(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari = cast.enter("sari", now)
    write(in_banyuwangi, "suami memukuli saya", now)
    incident_id = incident_on(sari, now, type_code="KDRT")
    with pytest.raises(NotCleared):
        send(incident_id, now, "damkar")


def test_when_a_case_turns_out_confidential_only_cleared_agencies_keep_seeing_it(
    in_banyuwangi: RegionId, now: datetime
) -> None:
    sari, bima, made = (cast.enter(name, now) for name in ("sari", "bima", "made"))
    write(in_banyuwangi, "ribut di rumah tetangga", now)
    incident_id = incident_on(sari, now, type_code="KBK-BANGUNAN")
    fire, police = send(incident_id, now, "damkar", "polresta")
    officer = replace(made, agency_code="polresta")
    assert queries.assignment_for(made, fire).id == fire
    triage.correct(
        incident_id,
        Verdict(type_code="KDRT", urgency=Urgency.P1, place=PLACE),
        region_id=in_banyuwangi,
        by=bima.actor,
        now=now,
    )
    assert queries.assignment_for(officer, police).id == police
    with pytest.raises(NotFound):
        queries.assignment_for(made, fire)
    # Whoever set it right, and whoever opened it, are named.
    named = triage_queries.incident(in_banyuwangi, incident_id)
    assert named is not None
    assert {sari.person_id, bima.person_id} <= set(named.named_people)


def test_declining_needs_a_reason_and_brings_the_incident_back(
    fire: IncidentId, now: datetime
) -> None:
    (sent,) = send(fire, now, "damkar")
    made = cast.enter("made", now)
    step = {"region_id": cast.BANYUWANGI, "by": made.actor, "now": now}
    with pytest.raises(ReasonMissing):
        services.decline(sent, reason=" ", **step)
    services.decline(sent, reason="armada rusak", **step)
    services.decline(sent, reason="dua kali dikirim", **step)
    incident = triage_queries.incident(cast.BANYUWANGI, fire)
    assert incident is not None
    assert incident.status is IncidentStatus.IN_TRIAGE
    assert Deadline.objects.filter(subject_id=sent, finished_at=None).count() == 0


def test_the_same_answer_twice_is_harmless_and_a_late_one_counts(
    fire: IncidentId, now: datetime
) -> None:
    (sent,) = send(fire, now, "damkar")
    made, late = cast.enter("made", now), now + timedelta(hours=1)
    for _ in range(2):
        services.acknowledge(sent, region_id=cast.BANYUWANGI, by=made.actor, now=late)
    view = queries.assignment(cast.BANYUWANGI, sent)
    assert view is not None
    assert view.acknowledged_at == late


def test_a_crew_at_the_scene_may_skip_taps_but_not_go_back(fire: IncidentId, now: datetime) -> None:
    (sent,) = send(fire, now, "damkar")
    made = cast.enter("made", now)
    step = {"region_id": cast.BANYUWANGI, "by": made.actor, "now": now}
    services.advance(sent, AssignmentState.ON_SCENE, **step)
    with pytest.raises(AlreadyAnswered):
        services.advance(sent, AssignmentState.EN_ROUTE, **step)
    view = queries.assignment(cast.BANYUWANGI, sent)
    assert view is not None
    assert view.acknowledged_at == now


def test_a_stale_step_of_the_escalation_goes_home(fire: IncidentId, now: datetime) -> None:
    (sent,) = send(fire, now, "damkar")
    due = Deadline.objects.get(subject_id=sent, finished_at=None)
    made = cast.enter("made", now)
    services.acknowledge(sent, region_id=cast.BANYUWANGI, by=made.actor, now=now)
    services.run_step(sent, UUID(due.data["token"]), region_id=cast.BANYUWANGI, now=due.due_at)
    assert queries.alarms(cast.BANYUWANGI) == []
    assert queries.overdue_steps(cast.BANYUWANGI, now + timedelta(days=1)) == []


def test_the_plan_is_frozen_with_the_version_of_the_profile(
    fire: IncidentId, now: datetime
) -> None:
    (sent,) = send(fire, now, "damkar")
    plan = queries.plan(cast.BANYUWANGI, sent)
    assert plan is not None
    assert (plan.urgency, plan.acknowledge_within_seconds) == ("P1", 60)
    assert [step.action for step in plan.steps][-1] == "alarm_supervisor"


def test_a_profile_edited_after_sending_changes_no_plan_that_runs(
    fire: IncidentId, now: datetime
) -> None:
    (sent,) = send(fire, now, "damkar")
    promised = queries.plan(cast.BANYUWANGI, sent)
    regions.change_profile(cast.BANYUWANGI, patient, by=cast_actor(), now=now)
    assert queries.plan(cast.BANYUWANGI, sent) == promised
    while due := Deadline.objects.filter(subject_id=sent, finished_at=None).first():
        Deadline.objects.filter(id=due.id).update(finished_at=due.due_at)
        token = UUID(due.data["token"])
        services.run_step(sent, token, region_id=cast.BANYUWANGI, now=due.due_at)
    (silent,) = queries.alarms(cast.BANYUWANGI)
    assert silent.alarmed_at == now + timedelta(minutes=2)
    (later,) = services.send(
        fire, [Order(agency_code="psc119")], region_id=cast.BANYUWANGI, by=cast_actor(), now=now
    )
    edited = queries.plan(cast.BANYUWANGI, later)
    assert edited is not None
    assert edited.steps[-1].after_seconds == 1200


def patient(profile: Profile) -> Profile:
    """Every clock runs ten times as slowly."""
    return msgspec.structs.replace(profile, clocks=tuple(slower(clock) for clock in profile.clocks))


def slower(clock: AckClock) -> AckClock:
    steps = tuple(
        msgspec.structs.replace(step, after_seconds=step.after_seconds * 10) for step in clock.steps
    )
    within = clock.within_seconds and clock.within_seconds * 10
    return msgspec.structs.replace(clock, within_seconds=within, steps=steps)


def test_the_auditor_sees_a_step_that_left_no_trace(fire: IncidentId, now: datetime) -> None:
    (sent,) = send(fire, now, "damkar")
    found = queries.overdue_steps(cast.BANYUWANGI, now + timedelta(minutes=10))
    assert [item.assignment_id for item in found] == [sent]
